"""The routes by which a collection comes and goes: files added and taken away, builds, states."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from index.config import IndexSettings
from index.loading import SUFFIXES
from qa.errors import NoRoom, NotAllowed, NotReady, QAError, UnknownBuild
from qa.service import collection_schemas as schemas
from qa.service import permissions, receiving
from qa.service.builder import COMMAND, Builder
from qa.service.builds import Build, Builds
from qa.service.changes import Changes
from qa.service.collection_view import CollectionView
from qa.service.live import Live
from qa.service.metrics import Metrics
from qa.service.receiving import FIELD, Limits
from qa.service.schemas import Problem
from qa.settings import ServiceSettings

_Responses = dict[int | str, dict[str, Any]]
_PROBLEM: dict[str, Any] = {"model": Problem}
_FORBIDDEN: _Responses = {403: {**_PROBLEM, "description": "This request may change nothing."}}
_UNKNOWN: _Responses = {404: {**_PROBLEM, "description": "There is no such thing."}}
_INVALID: _Responses = {
    422: {**_PROBLEM, "description": "A field is not as it must be; `errors` says which."}
}
_NO_ROOM: _Responses = {507: {**_PROBLEM, "description": "It cannot be written."}}
_NOT_READY: _Responses = {503: {**_PROBLEM, "description": "What was said cannot be read."}}
_BODY: _Responses = {
    400: {**_PROBLEM, "description": "The body cannot be read."},
    413: {**_PROBLEM, "description": "The body is over the limit, or brings too many files."},
}
_CHANGING: _Responses = {**_FORBIDDEN, **_NO_ROOM, **_NOT_READY}
_NOTHING: _Responses = {200: {"model": schemas.ChangeResponse, "description": "Nothing to build."}}
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "properties": {
                        FIELD: {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "string", "format": "binary"},
                        }
                    },
                }
            }
        },
    }
}


@dataclass(frozen=True, slots=True)
class Collection:
    """What changes and shows the collection of one service."""

    settings: ServiceSettings
    index: IndexSettings
    changes: Changes
    builder: Builder
    builds: Builds
    view: CollectionView
    metrics: Metrics

    @classmethod
    def of(
        cls,
        settings: ServiceSettings,
        index: IndexSettings,
        live: Live,
        metrics: Metrics,
        command: tuple[str, ...] = COMMAND,
    ) -> Collection:
        """All of it, around what is ``live``."""
        builds = Builds(index.data)
        builder = Builder(index, builds, live, metrics.built, command)
        changes = Changes(index.data, live, builds, builder)
        view = CollectionView(index.data, builds, builder)
        return cls(settings, index, changes, builder, builds, view, metrics)

    def start(self) -> None:
        """Begin to build what waits."""
        self.changes.start()
        self.builder.start()

    def stop(self) -> None:
        """Stop building; what is not done goes on at the next start."""
        self.builder.stop()
        self.changes.stop()

    def permit(self, request: Request) -> None:
        """Raises ``NotAllowed`` for a request that may not change the collection."""
        permissions.check(request.headers, self.settings)

    @property
    def limits(self) -> Limits:
        """What one request may bring."""
        return Limits(self.settings.max_upload_files, int(self.index.max_file_mb * 2**20))


router = APIRouter()


def _of(request: Request) -> Collection:
    found: Collection = request.app.state.collection
    return found


@router.post(
    "/v1/documents",
    status_code=202,
    response_model=schemas.UploadResponse,
    responses={
        200: {"model": schemas.UploadResponse, "description": "Every file is here already."},
        415: {**_PROBLEM, "description": "The body is no form."},
        **_CHANGING,
        **_BODY,
        **_INVALID,
    },
    openapi_extra=_FORM,
)
async def add(request: Request) -> Response:
    """Add files to the collection: a form, each file a part named `files`. When this is answered,
    they are on the disk. A file with the name of one that was added is its new version."""
    collection = _of(request)
    try:
        collection.permit(request)
        announced = request.headers.get("content-length", "")
        await run_in_threadpool(_make_sure_of_room, collection.index.data, announced)
        collection.builder.expect()
        return await _take(request, collection)
    except ClientDisconnect:
        return Response(status_code=400)  # nobody is there to read it
    except QAError:
        # Else who is still sending would see the line go dead, and no reason.
        await _drain(request)
        raise


async def _take(request: Request, collection: Collection) -> Response:
    content_type = request.headers.get("content-type", "")
    batch = collection.changes.batch()
    try:
        with batch:
            received = await receiving.receive(
                content_type, request.stream(), batch, collection.limits
            )
            build, outcomes = await run_in_threadpool(collection.changes.add, batch, received)
    except OSError as error:
        raise NoRoom("the files could not be written; nothing of them is kept") from error
    collection.metrics.uploaded([(one.state, one.bytes) for one in outcomes])
    body = schemas.UploadResponse(build=build, documents=[*map(schemas.UploadedOut.of, outcomes)])
    return _answer(body, build)


def _make_sure_of_room(data: Path, announced: str) -> None:
    """Raises ``NoRoom`` where what is announced cannot fit, before it is sent."""
    with suppress(OSError):
        free = shutil.disk_usage(data).free
        if announced.isdigit() and int(announced) > free:
            raise NoRoom("the disk has no room for so much; nothing of it is kept")


async def _drain(request: Request) -> None:
    with suppress(HTTPException, ClientDisconnect, RuntimeError):
        async for _ in request.stream():
            await asyncio.sleep(0)


@router.delete(
    "/v1/documents/{id}",
    status_code=202,
    response_model=schemas.ChangeResponse,
    responses={**_NOTHING, **_CHANGING, **_UNKNOWN},
)
def remove(id: str, request: Request) -> Response:
    """Take a document away. One that was uploaded is deleted; one that comes from a folder is
    hidden, and its file is left alone. Nothing is answered from it from now on."""
    collection = _of(request)
    collection.permit(request)
    return _changed(schemas.ChangeResponse.of(collection.changes.remove(id)))


@router.patch(
    "/v1/documents/{id}",
    status_code=202,
    response_model=schemas.ChangeResponse,
    responses={**_NOTHING, **_CHANGING, **_UNKNOWN, **_INVALID, **_BODY},
)
def describe(id: str, body: schemas.DescribeRequest, request: Request) -> Response:
    """Set right what is said of a document. It outlives every build, and is said over what the
    catalog and the document say."""
    collection = _of(request)
    collection.permit(request)
    return _changed(schemas.ChangeResponse.of(collection.changes.describe(id, body.fields_given())))


@router.post(
    "/v1/documents/{id}/restore",
    status_code=202,
    response_model=schemas.ChangeResponse,
    responses={**_NOTHING, **_CHANGING, **_UNKNOWN},
)
def restore(id: str, request: Request) -> Response:
    """Show a document again that was hidden."""
    collection = _of(request)
    collection.permit(request)
    return _changed(schemas.ChangeResponse.of(collection.changes.restore(id)))


@router.delete(
    "/v1/uploads/{name}",
    status_code=202,
    response_model=schemas.ChangeResponse,
    responses={**_CHANGING, **_UNKNOWN},
)
def remove_file(name: str, request: Request) -> Response:
    """Take an uploaded file away by its name: also one that waits or could not be read, and so is
    no document."""
    collection = _of(request)
    collection.permit(request)
    return _changed(schemas.ChangeResponse.of(collection.changes.remove_file(name)))


@router.get("/v1/builds")
def list_builds(request: Request) -> schemas.BuildsResponse:
    """The builds that wait, that are under way, and the last that are done."""
    collection = _of(request)
    newest = reversed(collection.builds.all())
    return schemas.BuildsResponse(builds=[_shown(one, collection) for one in newest])


@router.post(
    "/v1/builds",
    status_code=202,
    response_model=schemas.BuildAsked,
    responses=_CHANGING,
)
def rebuild(request: Request) -> Response:
    """Build now, of the same folders and files as they are today; such as after a failure."""
    collection = _of(request)
    collection.permit(request)
    build = collection.changes.rebuild()
    return _answer(schemas.BuildAsked(build=build), build)


@router.get("/v1/builds/{id}", responses=_UNKNOWN)
def one_build(id: str, request: Request) -> schemas.BuildOut:
    """A build: how far it is, and what came of it."""
    collection = _of(request)
    build = collection.builds.get(id)
    if build is None:
        raise UnknownBuild(id)
    return _shown(build, collection)


@router.get("/v1/collection")
def overview(request: Request) -> schemas.CollectionResponse:
    """The collection as a whole, and whether this request could add to it."""
    collection = _of(request)
    live: Live = request.app.state.live
    refused: NotAllowed | None = None
    try:
        collection.permit(request)
    except NotAllowed as error:
        refused = error
    name, documents, passages = None, 0, 0
    with suppress(NotReady):
        opened = live.answerer().generation
        listed = opened.database.documents()
        name, documents = opened.name, len(listed)
        passages = sum(one.passages for one in listed)
    undone = (one.id for one in collection.builds.all() if not one.done)
    limits = collection.limits
    return schemas.CollectionResponse(
        generation=name,
        documents=documents,
        passages=passages,
        folders=[one.name for one in collection.view.folders()],
        uploads=schemas.UploadsOut(
            allowed=refused is None,
            code=refused.code if refused else None,
            reason=str(refused) if refused else "",
            max_request_bytes=int(collection.settings.max_upload_mb * 2**20),
            max_file_bytes=limits.file_bytes,
            max_files=limits.files,
            kinds=sorted(SUFFIXES),
        ),
        building=next(undone, None),
    )


@router.get("/v1/collection/files")
def list_files(request: Request) -> schemas.FilesResponse:
    """Every file of the collection with its state: read, skipped and why, waiting, hidden."""
    files = _of(request).view.files()
    return schemas.FilesResponse(files=[*map(schemas.FileOut.of, files)])


def _shown(build: Build, collection: Collection) -> schemas.BuildOut:
    progress = collection.builder.progress(build.id)
    return schemas.BuildOut.of(build, progress, collection.view)


def _changed(body: schemas.ChangeResponse) -> Response:
    return _answer(body, body.build)


def _answer(body: BaseModel, build: str | None) -> Response:
    """Accepted, with the address of the build; or done, where there is nothing to build."""
    headers = {"Location": f"/v1/builds/{build}"} if build else None
    status = 202 if build else 200
    return Response(body.model_dump_json(), status, headers, "application/json")
