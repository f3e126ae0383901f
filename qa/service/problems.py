"""The one place where errors become HTTP: RFC 9457 problems with stable codes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from qa.errors import (
    DocumentChanged,
    FeedbackNotStored,
    FileNotKept,
    MalformedUpload,
    NoPages,
    NoRoom,
    NotAForm,
    NotAllowed,
    NotAsItMustBe,
    NotReady,
    PageNotDrawn,
    QAError,
    RendererBusy,
    TooLarge,
    TooManyFiles,
    UnknownBuild,
    UnknownDocument,
    UnknownFile,
    UnknownPage,
    UnknownVersion,
)
from qa.service import pages
from qa.service.schemas import FieldError, Problem

log = logging.getLogger("attest")

MEDIA_TYPE = "application/problem+json"

_STATUS: dict[type[QAError], HTTPStatus] = {
    NotReady: HTTPStatus.SERVICE_UNAVAILABLE,
    UnknownDocument: HTTPStatus.NOT_FOUND,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    FeedbackNotStored: HTTPStatus.INSUFFICIENT_STORAGE,
    UnknownFile: HTTPStatus.NOT_FOUND,
    UnknownVersion: HTTPStatus.NOT_FOUND,
    UnknownBuild: HTTPStatus.NOT_FOUND,
    NoRoom: HTTPStatus.INSUFFICIENT_STORAGE,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotAForm: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    MalformedUpload: HTTPStatus.BAD_REQUEST,
    TooManyFiles: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    NotAsItMustBe: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnknownPage: HTTPStatus.NOT_FOUND,
    NoPages: HTTPStatus.NOT_FOUND,
    FileNotKept: HTTPStatus.NOT_FOUND,
    DocumentChanged: HTTPStatus.NOT_FOUND,
    PageNotDrawn: HTTPStatus.UNPROCESSABLE_ENTITY,
    RendererBusy: HTTPStatus.SERVICE_UNAVAILABLE,
}


def problem(
    status: int, code: str, detail: str, errors: list[FieldError] | None = None
) -> Response:
    """A problem response."""
    body = Problem(
        type=f"urn:attest:problem:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        errors=errors or [],
    )
    headers = {"Retry-After": "1"} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return Response(body.model_dump_json(), status, headers, MEDIA_TYPE)


def of_error(error: QAError) -> Response:
    """The problem for an error of the family."""
    named = error.fields if isinstance(error, NotAsItMustBe) else ()
    errors = [FieldError(field=name, message=message) for name, message in named]
    return problem(_status(error), error.code, str(error), errors)


def _status(error: QAError) -> HTTPStatus:
    return _STATUS.get(type(error), HTTPStatus.BAD_REQUEST)


def _is_page(request: Request) -> bool:
    """Whether a person opened the address in a browser, rather than a program."""
    program = request.url.path.startswith(("/v1/", "/static/"))
    return not program and "text/html" in request.headers.get("accept", "")


def _page(status: int, code: str, detail: str, whole: str = "") -> Response:
    title = HTTPStatus(status).phrase
    headers = {"Retry-After": "1"} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return HTMLResponse(pages.error(status, code, title, detail, whole), status, headers)


def install(app: FastAPI) -> None:
    """Give every failure of ``app`` this one shape; a person who followed a link gets it as
    a page."""

    @app.exception_handler(QAError)
    async def known(request: Request, error: QAError) -> Response:
        if _is_page(request):
            return _page(_status(error), error.code, str(error))
        return of_error(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        errors = [
            FieldError(field=_field(one["type"], one["loc"]), message=str(one["msg"]))
            for one in error.errors()
        ]
        named = ", ".join(dict.fromkeys(one.field for one in errors))
        detail = f"the request is not valid: {named}"
        if _is_page(request):
            whole = quote(request.url.path)
            return _page(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_request", detail, whole)
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_request", detail, errors)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        status = HTTPStatus(error.status_code)
        code = _CODES.get(status) or status.phrase.lower().replace(" ", "_")
        detail = _DETAILS.get(status, str(error.detail))
        made = _page if _is_page(request) else problem
        response = made(status, code, detail)
        response.headers.update(error.headers or {})
        return response


def describe(app: FastAPI) -> None:
    """Let the OpenAPI document say what the errors are: FastAPI would call them JSON of its
    own, and give them the media type of the answers that they stand in for."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        for operations in document["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    if status >= "400":
                        schema = {"$ref": "#/components/schemas/Problem"}
                        response["content"] = {MEDIA_TYPE: {"schema": schema}}
        for unused in ("HTTPValidationError", "ValidationError"):
            document["components"]["schemas"].pop(unused, None)
        return document

    # The way that FastAPI documents for this; to mypy, a method is not to be assigned.
    app.openapi = openapi  # type: ignore[method-assign]


def unexpected(error: Exception, method: str, path: str) -> Response:
    """The problem for an error that nobody foresaw; the log has all of it."""
    log.error("%s %s failed", method, path, exc_info=error)
    detail = "something went wrong here; the log of the service says what"
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", detail)


def _field(kind: str, place: Sequence[str | int]) -> str:
    """Where a field stands in a request, such as ``history.0.question``."""
    # What follows "body" for JSON that cannot be read is a position, not a field.
    within = () if kind == "json_invalid" else place[1:]
    return ".".join(map(str, within)) or str(place[0])


_CODES = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TooLarge.code,
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: "range_not_satisfiable",
}
_DETAILS = {
    HTTPStatus.BAD_REQUEST: "the body of the request cannot be read as JSON in UTF-8",
    HTTPStatus.NOT_FOUND: "there is nothing at this address; /openapi.json lists what there is",
    HTTPStatus.METHOD_NOT_ALLOWED: "this address does not take this method",
}
