"""The versions that documents have had: routes for them, and what an earlier one said."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from index import statements, versions
from index.database import DocumentEntry
from index.versions import Moment, Version
from qa.errors import UnknownDocument
from qa.pipeline import Answerer
from qa.service import earlier
from qa.service.document_page import Asked
from qa.service.earlier import Earlier
from qa.service.live import Live
from qa.service.schemas import Problem

HASH = r"^[0-9a-fA-F]{8,64}$"
_NOT_READY: dict[str, Any] = {"model": Problem, "description": "No index is loaded, or not yet."}
_UNKNOWN: dict[str, Any] = {"model": Problem, "description": "There is no such document."}


class Versions:
    """What is kept of earlier versions in one data folder."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def text(self, id: str, sha256: str) -> str | None:
        """The text of an earlier version, by its hash or the first digits of it; None where it is
        not kept."""
        found = versions.find(self._data, id, sha256)
        return None if found is None else versions.text_of(self._data, found)

    def all_of(self, entry: DocumentEntry, live: Moment) -> list[Version]:
        """Every version of a document, newest first; the first is the one that it has now."""
        known = versions.of(self._data, entry.id)
        mine = next((one for one in known if one.sha256 == entry.sha256), None)
        first = mine.first if mine else live
        now = Version(entry.sha256, entry.file_sha256, entry.title, first)
        past = [one for one in known if one.sha256 != entry.sha256 and one.last is not None]
        return [now, *sorted(past, key=lambda one: one.last or one.first, reverse=True)]

    def cited(self, entry: DocumentEntry, text: str, asked: Asked) -> Earlier | None:
        """What the words that an address cites were in an earlier version, and what they are now;
        None where it is of the version of now, or of one that is not kept."""
        if asked.sha256 is None or asked.start is None or asked.end is None:
            return None
        if entry.sha256.startswith(asked.sha256.lower()):
            return None
        found = versions.find(self._data, entry.id, asked.sha256)
        before = versions.text_of(self._data, found) if found else None
        if found is None or before is None or not 0 <= asked.start < asked.end <= len(before):
            return None
        if asked.words and statements.fingerprint(before[asked.start : asked.end]) != asked.words:
            return None  # the address says something else than it is of
        until = (found.last or found.first).at
        return earlier.compared(before, asked.start, asked.end, text, until)


class MomentOut(BaseModel):
    """A generation, and when it was made."""

    model_config = ConfigDict(frozen=True)

    generation: str
    at: str = Field(description="In UTC, as ISO 8601 has it.")

    @classmethod
    def of(cls, moment: Moment) -> MomentOut:
        """The moment as JSON has it."""
        return cls(generation=moment.generation, at=moment.at)


class VersionOut(BaseModel):
    """A text that a document has, or had."""

    model_config = ConfigDict(frozen=True)

    sha256: str
    file_sha256: str
    title: str
    current: bool
    first: MomentOut = Field(description="The first index that had it.")
    last: MomentOut | None = Field(description="The last one; null for the version of now.")


class VersionsResponse(BaseModel):
    """The versions of a document, newest first."""

    model_config = ConfigDict(frozen=True)

    versions: list[VersionOut]


router = APIRouter()


def _answerer(request: Request) -> Answerer:
    live: Live = request.app.state.live
    return live.answerer()


@router.get("/v1/documents/{id}/versions", responses={503: _NOT_READY, 404: _UNKNOWN})
def list_versions(
    id: str, request: Request, answerer: Annotated[Answerer, Depends(_answerer)]
) -> VersionsResponse:
    """The versions that a document has had. `.../text?sha256=` gives the text of each."""
    kept: Versions = request.app.state.versions
    opened = answerer.generation
    entry = opened.database.document(id)
    if entry is None:
        raise UnknownDocument(id)
    live = Moment(opened.name, opened.manifest.created)
    return VersionsResponse(
        versions=[
            VersionOut(
                sha256=one.sha256,
                file_sha256=one.file_sha256,
                title=one.title,
                current=one.last is None,
                first=MomentOut.of(one.first),
                last=MomentOut.of(one.last) if one.last else None,
            )
            for one in kept.all_of(entry, live)
        ]
    )
