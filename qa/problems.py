"""The one place where errors become HTTP: RFC 9457 problems with stable codes."""

from __future__ import annotations

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from qa.errors import InvalidSpan, NotReady, QAError, TooLarge, UnknownDocument
from qa.schemas import FieldError, Problem

log = logging.getLogger("attest")

MEDIA_TYPE = "application/problem+json"

_STATUS: dict[type[QAError], HTTPStatus] = {
    NotReady: HTTPStatus.SERVICE_UNAVAILABLE,
    UnknownDocument: HTTPStatus.NOT_FOUND,
    InvalidSpan: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
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
    return problem(_STATUS.get(type(error), HTTPStatus.BAD_REQUEST), error.code, str(error))


def install(app: FastAPI) -> None:
    """Give every failure of ``app`` this one shape."""

    @app.exception_handler(QAError)
    async def known(_: Request, error: QAError) -> Response:
        return of_error(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        errors = [
            FieldError(
                field=".".join(str(part) for part in one["loc"][1:]) or str(one["loc"][0]),
                message=str(one["msg"]),
            )
            for one in error.errors()
        ]
        named = ", ".join(dict.fromkeys(one.field for one in errors))
        detail = f"the request is not valid: {named}"
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_request", detail, errors)

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> Response:
        status = HTTPStatus(error.status_code)
        code = _CODES.get(status) or status.phrase.lower().replace(" ", "_")
        response = problem(status, code, _DETAILS.get(status, str(error.detail)))
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> Response:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        detail = "something went wrong here; the log of the service says what"
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", detail)


_CODES = {HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TooLarge.code}
_DETAILS = {
    HTTPStatus.BAD_REQUEST: "the body of the request cannot be read as JSON in UTF-8",
    HTTPStatus.NOT_FOUND: "there is nothing at this address; /openapi.json lists what there is",
    HTTPStatus.METHOD_NOT_ALLOWED: "this address does not take this method",
}
