"""Checks citations against the documents as they are indexed now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.database import Database

Status = Literal["verified", "moved", "changed", "unknown_document"]


@dataclass(frozen=True, slots=True)
class Claim:
    """That ``text`` stands at a place of a document."""

    document_id: str
    start: int
    end: int
    text: str
    document_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is true of a claim; ``start`` and ``end`` are where the text stands now."""

    status: Status
    start: int | None = None
    end: int | None = None
    document_changed: bool | None = None


def verify(claim: Claim, database: Database) -> Verdict:
    """``verified`` where the text stands at its place, ``moved`` with the nearest other place
    where it stands in the same document, ``changed`` where it stands nowhere in it."""
    entry = database.document(claim.document_id)
    text = database.text(claim.document_id)
    if entry is None or text is None:
        return Verdict("unknown_document")
    changed = None if claim.document_sha256 is None else claim.document_sha256 != entry.sha256
    if text[claim.start : claim.end] == claim.text:
        return Verdict("verified", claim.start, claim.end, changed)
    place = _nearest(text, claim.text, claim.start)
    if place is None:
        return Verdict("changed", document_changed=changed)
    return Verdict("moved", place, place + len(claim.text), changed)


def _nearest(text: str, wanted: str, start: int) -> int | None:
    before = text.rfind(wanted, 0, start + len(wanted))
    after = text.find(wanted, start)
    found = [place for place in (before, after) if place >= 0]
    return min(found, key=lambda place: abs(place - start), default=None)
