"""Checks citations against the documents as they are indexed now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from index.database import Database

Earlier = Callable[[str, str], str | None]
"""The text of an earlier version of a document, by its id and the hash of the text."""

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
    version: Literal["current", "earlier"] | None = None
    """Which version of the document the claim is of; None where that is not said, or not known."""
    stood: bool | None = None
    """Whether the text stands at its place in that version; None where that is not known."""


def verify(
    claim: Claim, database: Database, earlier: Earlier = lambda _id, _sha256: None
) -> Verdict:
    """``verified`` where the text stands at its place, ``moved`` with the nearest other place
    where it stands in the same document, ``changed`` where it stands nowhere in it: all of the
    document as it is now, of whatever version the claim is."""
    verdict = _now(claim, database)
    if verdict.document_changed is False:
        return replace(verdict, version="current", stood=verdict.status == "verified")
    if verdict.status == "unknown_document" or claim.document_sha256 is None:
        return verdict
    text = earlier(claim.document_id, claim.document_sha256)
    if text is None:
        return verdict
    return replace(verdict, version="earlier", stood=text[claim.start : claim.end] == claim.text)


def _now(claim: Claim, database: Database) -> Verdict:
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
