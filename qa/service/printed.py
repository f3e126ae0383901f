"""Documents as they came: their files, and pictures of their pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from index import originals
from index.database import DocumentEntry, PrintedPage
from qa.errors import (
    DocumentChanged,
    FileNotKept,
    NoPages,
    UnknownPage,
)
from qa.service import filenames, renderer, routes
from qa.service.renderer import Renderer
from qa.service.routes import Ready
from qa.service.schemas import BoxOut

_SCALE = 1.5
"""Pixels for a point, where no width is asked for."""
_LEAST, _MOST = 100, 3000
_PLAIN_WIDTH = 900
_MOST_CHARACTERS = 100_000
_UNTIL_ASKED = "no-cache"
_FOR_GOOD = "private, max-age=31536000, immutable"
_RANGE = re.compile(rb"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))", re.ASCII)
_OFFICE = "application/vnd.openxmlformats-officedocument"
_TYPES = {
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "pptx": f"{_OFFICE}.presentationml.presentation",
}
"""Of files, by their loaders: what a browser runs, such as HTML, is not among them."""
_NO_TYPE = "application/octet-stream"
_ALONE = "default-src 'none'; sandbox"
_NO_PICTURE = "There is no such document, it has no printed pages or not this one, its file is not "
_NO_PICTURE += "kept, or it is another than `file_sha256` says."

router = APIRouter()


class PageOut(BaseModel):
    """A page of a document."""

    model_config = ConfigDict(frozen=True)

    page: int = Field(description="From 1: what `page` of a citation counts.")
    label: str = Field(description="Its number as it is printed on it; empty where there is none.")
    width: float = Field(description="In points, as it is shown; 0 where that is not known.")
    height: float

    @classmethod
    def of(cls, page: PrintedPage) -> PageOut:
        """The page as JSON has it."""
        return cls(page=page.number, label=page.label, width=page.width, height=page.height)


class PagesResponse(BaseModel):
    """The pages of a document."""

    model_config = ConfigDict(frozen=True)

    sha256: str = Field(description="Of its text, which boxes belong to.")
    file_sha256: str = Field(description="Of its file, which pictures are made of.")
    pictures: bool = Field(description="Whether its pages can be had as pictures.")
    pages: list[PageOut]


class BoxesResponse(BaseModel):
    """Where a range of a document is printed, line by line."""

    model_config = ConfigDict(frozen=True)

    sha256: str = Field(description="Of the text that the range was counted in.")
    boxes: list[BoxOut]


@router.get(
    "/v1/documents/{id}/pages",
    responses={**routes.NOT_READY, **routes.UNKNOWN},
)
def pages(id: str, answerer: Ready) -> PagesResponse:
    """The pages of a document with their sizes; none for one without pages."""
    entry = routes.entry_of(answerer, id)
    found = answerer.generation.database.pages_of(id)
    return PagesResponse(
        sha256=entry.sha256,
        file_sha256=entry.file_sha256,
        pictures=has_pictures(entry, found),
        pages=list(map(PageOut.of, found)),
    )


@router.get(
    "/v1/documents/{id}/boxes",
    responses={**routes.INVALID, **routes.NOT_READY, **routes.UNKNOWN},
)
def boxes(
    id: str,
    answerer: Ready,
    start: Annotated[int, Query(ge=0, le=2**53, description="First character.")],
    end: Annotated[
        int,
        Query(
            ge=0,
            le=2**53,
            description=f"The one after the last. {_MOST_CHARACTERS:,} at most are looked up.",
        ),
    ],
) -> BoxesResponse:
    """Where a range of a document is printed; nowhere where that is not known."""
    entry = routes.entry_of(answerer, id)
    last = min(end, start + _MOST_CHARACTERS)
    found = answerer.generation.database.boxes_of(id, start, last)
    return BoxesResponse(sha256=entry.sha256, boxes=list(map(BoxOut.of, found)))


@router.get(
    "/v1/documents/{id}/pages/{page}.png",
    response_class=Response,
    responses={
        200: {"content": {"image/png": {}}, "description": "The picture."},
        **routes.problem(404, _NO_PICTURE),
        **routes.problem(422, "A field is not as it must be, or the page cannot be drawn."),
        **routes.problem(503, "No index is loaded, or too many pages are to be drawn at once."),
    },
)
def picture(
    id: str,
    page: Annotated[int, InPath(ge=1, le=2**31, description="From 1.")],
    answerer: Ready,
    request: Request,
    width: Annotated[
        int | None,
        Query(
            ge=_LEAST,
            le=_MOST,
            description=f"In pixels; {_SCALE} for a point where it is left out. A page of huge "
            "size is drawn smaller.",
        ),
    ] = None,
    file_sha256: Annotated[
        str | None,
        Query(
            pattern="^[0-9a-f]{8,64}$",
            description="First digits of the hash of the file that is meant: the picture can then "
            "be kept for good.",
        ),
    ] = None,
) -> Response:
    """A page of a PDF as it is printed."""
    entry = routes.entry_of(answerer, id)
    found = answerer.generation.database.pages_of(id)
    if file_sha256 is not None and not entry.file_sha256.startswith(file_sha256):
        raise DocumentChanged
    if not has_pictures(entry, found):
        raise NoPages
    if page > len(found):
        raise UnknownPage(page, len(found))
    pixels = width or _width(found[page - 1])
    tag = f'"{entry.file_sha256[:32]}-{page}-{pixels}-{renderer.VERSION}"'
    headers = {"ETag": tag, "Cache-Control": _UNTIL_ASKED if file_sha256 is None else _FOR_GOOD}
    if _is_known(request, tag):
        return Response(status_code=304, headers=headers)
    drawing: Renderer = request.app.state.renderer
    content = drawing.picture(entry.file_sha256, page, pixels)
    return Response(content, headers=headers, media_type="image/png")


@router.get(
    "/v1/documents/{id}/file",
    response_class=Response,
    responses={
        200: {"content": {_NO_TYPE: {}}, "description": "The file."},
        **routes.problem(404, "There is no such document, or its file is not kept."),
        **routes.problem(416, "The file has no such part."),
        **routes.NOT_READY,
    },
)
def file(id: str, answerer: Ready, request: Request) -> Response:
    """The file of a document, byte for byte as it came, to be saved; a part of it by `Range`."""
    entry = routes.entry_of(answerer, id)
    live: Path = request.app.state.live.data
    path = originals.path_of(live, entry.file_sha256)
    headers = {
        "ETag": f'"{entry.file_sha256}"',
        "Cache-Control": _UNTIL_ASKED,
        "Content-Disposition": filenames.attachment(entry.source),
        "Content-Security-Policy": _ALONE,
    }
    if not path.is_file():
        raise FileNotKept
    if _is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return _Kept(path, headers=headers, media_type=_TYPES.get(entry.loader, _NO_TYPE))


class _Kept(FileResponse):
    """A file, or one part of it. A range that cannot be read counts nothing, as RFC 9110 has it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = [value for name, value in scope["headers"] if name == b"range"]
        found = _RANGE.fullmatch(asked[0].strip()) if len(asked) == 1 else None
        if asked and (found is None or (found[2] and int(found[2]) < int(found[1]))):
            others = [one for one in scope["headers"] if one[0] != b"range"]
            scope = {**scope, "headers": others}
        elif found is not None:
            size = Path(self.path).stat().st_size
            if int(found[1] or 0) >= size or found[3] == b"0":
                headers = {"Content-Range": f"bytes */{size}"}
                raise HTTPException(416, f"the file has {size} bytes, and no such part", headers)
        await super().__call__(scope, receive, send)


def has_pictures(entry: DocumentEntry, found: list[PrintedPage]) -> bool:
    """Whether pages of a document can be had as pictures."""
    return bool(found) and entry.loader in renderer.DRAWN


def _width(page: PrintedPage) -> int:
    """Pixels of a page's width, where none are asked for."""
    return min(max(round(page.width * _SCALE), _LEAST), _MOST) if page.width else _PLAIN_WIDTH


def _is_known(request: Request, tag: str) -> bool:
    """Whether who asks has it already."""
    known = request.headers.get("if-none-match", "").split(",")
    return not {"*", tag}.isdisjoint(one.strip().removeprefix("W/") for one in known)
