"""The page of one document, with its headings set apart and the cited ranges marked.

The text of its article is the canonical text, character for character: headings and marks
are elements around spans of it, so that what is read here is what the offsets count in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from markupsafe import Markup

from index import language_detection, statements
from index.database import DocumentEntry, Heading
from qa.service import pages
from qa.service.earlier import Earlier

_MAX_SOUGHT = 1_000_000
"""Characters that are gone through to find what is cited beside the cited words."""
_SHORT = 12
"""Digits of a document's hash that an address carries."""
_HASH = re.compile(r"[0-9a-fA-F]{8,64}")
_WORDS = statements.FINGERPRINT
_RANGE = re.compile(rf"(\d{{1,9}})-(\d{{1,9}})(?:\.(?P<words>{_WORDS.pattern}))?", re.ASCII)
_MOVED = "This document has changed since; the words now stand here."
_GONE = "This document has changed since, and the cited words are gone. Nothing is marked."
_CHANGED = (
    "This document has changed since, and the address does not say which words it cites. "
    "Nothing is marked."
)
_DAMAGED = (
    "The address is damaged: what it says of the document or of the words cannot be read, so the "
    "words cannot be checked. Nothing is marked."
)
_OUTSIDE = (
    "The address asks for a range that this document does not have; it has {length:,} characters. "
    "Nothing is marked."
)


class Asked(NamedTuple):
    """What an address asks to be marked."""

    start: int | None = None
    end: int | None = None
    also: Sequence[str] = ()
    """Ranges that are cited beside it: ``120-180``, or ``120-180.`` and their fingerprint."""
    sha256: str | None = None
    """First digits of the hash of the document that the ranges were taken from."""
    words: str | None = None
    """Fingerprint of what stood in the range (see ``index.statements``)."""


class Mark(NamedTuple):
    """A range that is marked."""

    start: int
    end: int
    cited: bool
    """Whether it is the range that was asked for, not one cited beside it."""


class Rectangle(NamedTuple):
    """A stretch of a printed line that is marked, in points from the top left of its page."""

    x: float
    y: float
    width: float
    height: float
    cited: bool


class Figure(NamedTuple):
    """A printed page on which something is marked."""

    name: str
    """Such as "page 3 of 24"."""
    address: str
    """Of its picture."""
    width: float
    height: float
    """In points."""
    marks: list[Rectangle]


class _Steps(NamedTuple):
    """The way from the cited mark to the others."""

    number: int
    of: int
    previous: str
    """Address of it; empty where there is none."""
    next: str


class _Section(NamedTuple):
    start: int
    level: int
    """Depth below the outermost of the document, 0 to 3."""
    line: str


def address(entry: DocumentEntry, start: int, end: int, text: str) -> str:
    """Address of a range within this service. ``text`` is what stands in it: by that and by the
    document's hash, the words are known again after the document has changed."""
    words = statements.fingerprint(text)
    known = f"&sha256={entry.sha256[:_SHORT]}" + (f"&words={words}" if words else "")
    return f"/documents/{quote(entry.id, safe='')}?start={start}&end={end}{known}"


def render(
    entry: DocumentEntry,
    text: str,
    asked: Asked,
    headings: Sequence[Heading] = (),
    figures_of: Callable[[Sequence[Mark]], Sequence[Figure]] = lambda _: (),
    earlier: Earlier | None = None,
) -> str:
    """HTML of the document; every character of ``text`` enters it escaped.

    ``headings`` are those of the document, in order; ``figures_of`` gives the printed pages of what
    is marked. What is marked is what was cited, or nothing: the page says which, and why. Of an
    ``earlier`` version, it shows what was cited.
    """
    marks, notice = _marked(entry, text, asked)
    language = language_detection.name(entry.language)
    length = f"{len(text):,} characters"
    parts = [entry.publisher, entry.date, language, entry.source, length]
    return pages.render(
        "document.html",
        title=entry.title,
        id=quote(entry.id, safe=""),
        about=" · ".join(part for part in parts if part),
        published=entry.url if entry.url.startswith(("http://", "https://")) else "",
        notice=notice,
        earlier=earlier,
        ocr_pages=entry.ocr_pages,
        place=next(((one.start, one.end) for one in marks if one.cited), None),
        steps=_steps(entry, text, marks),
        figures=figures_of(marks),
        sections=_sections(text, headings),
        text=_article(text, marks, headings),
        language=entry.language,
    )


def _marked(entry: DocumentEntry, text: str, asked: Asked) -> tuple[list[Mark], str]:
    """What to mark, in order, and what to say of it."""
    start, end, words = asked.start, asked.end, asked.words
    if start is None and end is None:
        return [], ""
    if _damaged(asked):
        return [], _DAMAGED
    outside = _OUTSIDE.format(length=len(text))
    if start is None or end is None or not 0 <= start < end:
        return [], outside
    same = None if asked.sha256 is None else entry.sha256.startswith(asked.sha256.lower())
    place = _standing(text, start, end, words, same)
    if place is None:
        exact = same or (same is None and words is None)
        return [], outside if exact else (_GONE if words else _CHANGED)
    marks = _with_others(text, Mark(*place, True), asked, same)
    return marks, _MOVED if same is False or place != (start, end) else ""


def _damaged(asked: Asked) -> bool:
    return any(
        value is not None and form.fullmatch(value) is None
        for value, form in [(asked.sha256, _HASH), (asked.words, _WORDS)]
    )


def _standing(
    text: str, start: int, end: int, words: str | None, same: bool | None
) -> tuple[int, int] | None:
    """Where the words that were cited at a range stand now; None where they do not, or where
    that cannot be told. ``same`` is whether this is the document that they were cited from, None
    where the address does not say.

    The words are sought in the whole text even where the range seems to hold them: it may cut
    words in two, and "lawful" is not what "unlawful" says.
    """
    if same or (same is None and words is None):
        return (start, end) if end <= len(text) else None
    found = None if words is None else statements.find(words, text, start)
    if found is None:
        return None
    inside = start <= found[0] and found[1] <= end <= len(text)
    return (start, end) if inside and statements.fingerprint(text[start:end]) == words else found


def _with_others(text: str, cited: Mark, asked: Asked, same: bool | None) -> list[Mark]:
    """The ranges to mark, in order. What overlaps another is left out, and what is not found."""
    marks, left = [cited], _MAX_SOUGHT
    for one in dict.fromkeys(asked.also):
        match = _RANGE.fullmatch(one)
        if match is None:
            continue
        start, end, words = int(match[1]), int(match[2]), match[3]
        if start >= end or (start, end) == (asked.start, asked.end):
            continue
        if words and not same:
            left -= len(text)
            if left < 0:
                continue
        place = _standing(text, start, end, words, same)
        if place and all(place[1] <= mark.start or mark.end <= place[0] for mark in marks):
            marks.append(Mark(*place, False))
    return sorted(marks)


def _steps(entry: DocumentEntry, text: str, marks: list[Mark]) -> _Steps | None:
    """The way to the other citations in this document, where there are any."""
    if len(marks) < 2:
        return None
    place = next(number for number, one in enumerate(marks) if one.cited)
    before = [_step(entry, text, marks, one) for one in marks[:place][-1:]]
    after = [_step(entry, text, marks, one) for one in marks[place + 1 :][:1]]
    return _Steps(place + 1, len(marks), "".join(before), "".join(after))


def _step(entry: DocumentEntry, text: str, marks: list[Mark], there: Mark) -> str:
    """The address at which another of the marks is the cited one."""
    rest = [
        f"&also={one.start}-{one.end}" + (f".{words}" if words else "")
        for one in marks
        if one is not there
        for words in [statements.fingerprint(text[one.start : one.end])]
    ]
    place = address(entry, there.start, there.end, text[there.start : there.end])
    return f"{place}{''.join(rest)}#cited"


def _sections(text: str, found: Sequence[Heading]) -> list[_Section]:
    outermost = min((one.level for one in found), default=0)
    return [_Section(one.start, min(one.level - outermost, 3), _line(text, one)) for one in found]


def _line(text: str, heading: Heading) -> str:
    return " ".join(text[heading.start : heading.end].strip("#*_ \t").split())


def _article(text: str, marks: list[Mark], found: Sequence[Heading]) -> Markup:
    # Not a template: every character between two elements belongs to the text.
    parts, position = [], 0
    for one in marks:
        opening = '<mark id="cited">' if one.cited else '<mark class="also">'
        inside = _span(text, one.start, one.end, found)
        parts += [_span(text, position, one.start, found), opening, inside, "</mark>"]
        position = one.end
    return Markup("".join([*parts, _span(text, position, len(text), found)]))


def _span(text: str, start: int, end: int, found: Sequence[Heading]) -> str:
    """``text[start:end]`` in HTML, with those parts of headings that lie in it."""
    parts = []
    blanks = len(text) - len(text.lstrip())
    if start == 0 < blanks < end:
        # Kept, but not shown: what a file starts with would push its first words down.
        parts.append(f"<span hidden>{_escape(text[:blanks])}</span>")
        start = blanks
    for one in found:
        opens, closes = max(one.start, start), min(one.end, end)
        if opens >= closes:
            continue
        # Not h2: a block of its own would add line breaks that the text does not have.
        name = f' id="s{one.start}"' if opens == one.start else ""
        parts += [
            _escape(text[start:opens]),
            f'<strong class="heading" role="heading" aria-level="{min(one.level + 1, 6)}"{name}>',
            f"{_escape(text[opens:closes])}</strong>",
        ]
        start = closes
    return "".join([*parts, _escape(text[start:end])])


def _escape(text: str) -> str:
    """Escaped; a carriage return as a reference, since a parser would make it a line feed."""
    return escape(text, quote=False).replace("\r", "&#13;")
