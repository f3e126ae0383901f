"""The collection at a glance, and each document as Attest sees it: its facts, what people have said
of it, and what every part of its text was taken for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from index.database import DocumentEntry
from index.errors import IndexingError
from index.identity import Identities
from index.records import Block, Page
from index.remarks import Remark, Remarks
from qa.errors import NotReady, UnknownDocument
from qa.pipeline import Answerer
from qa.service import as_read
from qa.service.live import Live
from qa.service.schemas import Problem

_STATIC = Path(__file__).parent.parent / "static"
_UNKNOWN: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "The collection has no such document."}
}
_NOT_READY: dict[int | str, dict[str, Any]] = {
    503: {"model": Problem, "description": "No index is loaded, or not yet."}
}
_SAID = ("title", "publisher", "date", "url", "symbol", "language")

router, pages = APIRouter(), APIRouter()


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class FactsOut(_Out):
    """What is known of a document."""

    id: str
    title: str
    source: str
    symbol: str = Field(description="What its publisher calls it, such as `S/2025/496`.")
    body: str
    session: str
    publisher: str
    date: str
    url: str
    language: str
    domain: str
    loader: str
    pages: int = Field(description="0 for a format without pages.")
    passages: int
    characters: int
    sha256: str
    file_sha256: str
    said: dict[str, str] = Field(
        description="What people have said of it, by field; a build brings it into the rest."
    )

    @classmethod
    def of(cls, entry: DocumentEntry, said: Remark) -> FactsOut:
        """The facts of a document's entry in the index."""
        others = [name for name in cls.model_fields if name != "said"]
        named = {name: getattr(said, name) for name in _SAID}
        return cls(
            **{name: getattr(entry, name) for name in others},
            said={name: value for name, value in named.items() if value},
        )


class AllFactsResponse(_Out):
    """The documents that can be asked."""

    documents: list[FactsOut]


class BlockOut(_Out):
    """A run of a document's text, and what it was taken for."""

    kind: Literal["heading", "item", "paragraph", "row", "caption", "footnote", "chrome"] = Field(
        description="`chrome` is the furniture of a page: running heads, page numbers, navigation."
    )
    start_char_index: int
    end_char_index: int
    level: int = Field(description="Depth of a heading, 1 outermost.")
    mark: str = Field(description="What stands before it and numbers it.")
    heads: list[str] = Field(description="Of a row, what heads each of its cells.")
    cells: list[tuple[int, int]] = Field(description="Of a row, where each cell stands.")
    caption: str = Field(description="Of a row, that of its table.")

    @classmethod
    def of(cls, one: Block) -> BlockOut:
        """The block as JSON has it."""
        return cls(
            kind=one.kind.value,
            start_char_index=one.start,
            end_char_index=one.end,
            level=one.level,
            mark=one.mark,
            heads=list(one.heads),
            cells=list(one.cells),
            caption=one.caption,
        )


class SpanOut(_Out):
    """A page, and where its text stands."""

    page: int
    label: str = Field(description="Its number as it is printed on it.")
    start_char_index: int
    end_char_index: int


class BlocksResponse(_Out):
    """A document as it was read."""

    sha256: str = Field(description="Of the text that it counts in.")
    complete: bool = Field(
        description="False where the reading of the file is not kept; only headings are known then."
    )
    blocks: list[BlockOut]
    pages: list[SpanOut]

    @classmethod
    def of(
        cls, sha256: str, complete: bool, blocks: Iterable[Block], pages: Iterable[Page]
    ) -> BlocksResponse:
        """All of it as JSON has it."""
        spans = [
            SpanOut(
                page=number,
                label=one.label,
                start_char_index=one.start,
                end_char_index=one.end,
            )
            for number, one in enumerate(pages, start=1)
        ]
        found = [*map(BlockOut.of, blocks)]
        return cls(sha256=sha256, complete=complete, blocks=found, pages=spans)


@router.get("/v1/collection/documents")
def all_facts(request: Request) -> AllFactsResponse:
    """The documents that can be asked, with more of what is known of each; none where there is no
    index."""
    try:
        answerer = _answerer(request)
    except NotReady:
        return AllFactsResponse(documents=[])
    said, entries = _Said(_live(request).data), answerer.generation.database.documents()
    facts = [FactsOut.of(one, said.of(one.id)) for one in entries]
    return AllFactsResponse(documents=facts)


@router.get("/v1/collection/documents/{id}", responses={**_UNKNOWN, **_NOT_READY})
def facts(id: str, request: Request) -> FactsOut:
    """The same of one document."""
    answerer = _answerer(request)
    said = _Said(_live(request).data).of(id)
    return FactsOut.of(_entry(answerer, id), said)


@router.get("/v1/documents/{id}/blocks", responses={**_UNKNOWN, **_NOT_READY})
def blocks(id: str, request: Request) -> BlocksResponse:
    """What each run of a document's text was taken for: headings, rows of tables, footnotes, the
    furniture of its pages."""
    answerer = _answerer(request)
    entry, generation = _entry(answerer, id), answerer.generation
    content = as_read.content_of(_live(request).data, generation, entry)
    if content is None:
        found = as_read.headings_of(generation, entry)
        return BlocksResponse.of(entry.sha256, False, found, [])
    return BlocksResponse.of(entry.sha256, True, content.blocks, content.pages)


@pages.get("/collection", include_in_schema=False)
def collection_page() -> FileResponse:
    """The page of the collection."""
    return _page("collection.html")


@pages.get("/collection/{id}", include_in_schema=False)
def record_page(id: str, request: Request) -> FileResponse:
    """The page of one document, as Attest sees it."""
    try:
        _entry(_answerer(request), id)
    except NotReady:
        pass  # it may be a document all the same: the page says how things stand
    except UnknownDocument:
        if Identities.open(_live(request).data).place_of(id) is None:
            raise
    return _page("record.html")


class _Said:
    """What people have said of documents, by id; a file of it that is damaged says nothing here:
    builds and changes tell of it."""

    def __init__(self, data: Path) -> None:
        self._register = Identities.open(data)
        try:
            self._remarks = Remarks.open(data)
        except IndexingError:
            self._remarks = Remarks()

    def of(self, id: str) -> Remark:
        where = self._register.place_of(id)
        return Remark() if where is None else self._remarks.of(where)


def _live(request: Request) -> Live:
    live: Live = request.app.state.live
    return live


def _answerer(request: Request) -> Answerer:
    return _live(request).answerer()


def _entry(answerer: Answerer, id: str) -> DocumentEntry:
    entry = answerer.generation.database.document(id)
    if entry is None:
        raise UnknownDocument(id)
    return entry


def _page(name: str) -> FileResponse:
    return FileResponse(_STATIC / name, headers={"Cache-Control": "no-cache"})
