"""The page of one document, with its headings set apart and the cited ranges marked.

The text of its article is the canonical text, character for character: headings and marks
are elements around spans of it, so that what is read here is what the offsets count in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import quote, urlencode

from index import layout
from index.catalogue import DocumentEntry
from index.records import BlockKind
from qa import markup

_MARKDOWN = {".md", ".markdown"}
_MAX_CHARACTERS = 1_000_000
_MAX_LINES = 20_000
"""Headings are not looked for in longer texts: that would hold up other requests."""
_RANGE = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)
_HEAD = (
    '<link rel="stylesheet" href="/static/document.css">\n'
    '<script type="module" src="/static/document.js"></script>\n'
)
_BODY = """<header class="top">
<a class="wordmark" href="/" id="back">Attest</a>
<a class="here" href="#top" dir="auto" title="To the top">{title}</a>
{citations}<nav aria-label="Document"><a href="/v1/documents/{id}/text">Plain text</a></nav>
</header>
<main>
<h1 dir="auto">{title}</h1>
<p class="about" dir="auto">{about}</p>
{notice}
{contents}<article class="text" lang="">{text}</article>
</main>"""


class Heading(NamedTuple):
    """A heading of a document."""

    start: int
    end: int
    level: int
    """Depth, 1 outermost."""


class _Mark(NamedTuple):
    start: int
    end: int
    cited: bool
    """Whether it is the range that was asked for, not one cited beside it."""


def render(
    entry: DocumentEntry, text: str, start: int | None, end: int | None, also: Sequence[str] = ()
) -> str:
    """HTML of the document; every character of ``text`` enters it escaped.

    A range that the document does not have marks nothing, and the page says so. ``also`` are
    further ranges that are cited, such as ``120-180``: those that can be are marked, too.
    """
    found = headings(entry, text)
    marks: list[_Mark] = []
    notice = ""
    if start is not None and end is not None and 0 <= start < end <= len(text):
        marks = _marks(start, end, also, len(text))
        notice = (
            '<p class="about"><a href="#cited">Go to the cited words</a> '
            f"(characters {start:,} to {end:,})</p>"
        )
    elif start is not None or end is not None:
        notice = (
            '<p class="notice" role="status">The address asks for a range that this '
            f"document does not have; it has {len(text):,} characters. Nothing is marked.</p>"
        )
    parts = [entry.publisher, entry.date, entry.source, f"{len(text):,} characters"]
    body = _BODY.format(
        title=escape(entry.title),
        id=quote(entry.id, safe=""),
        about=" · ".join(escape(part) for part in parts if part),
        notice=notice,
        citations=_citations(entry.id, marks),
        contents=_contents(text, found),
        text=_article(text, marks, found),
    )
    return markup.frame(entry.title, "document", body, _HEAD)


def headings(entry: DocumentEntry, text: str) -> tuple[Heading, ...]:
    """The headings of a document in order; none for a text that is very long."""
    return _headings(text, PurePosixPath(entry.source).suffix.lower() in _MARKDOWN)


@lru_cache(maxsize=8)
def _headings(text: str, markdown: bool) -> tuple[Heading, ...]:
    if len(text) > _MAX_CHARACTERS or text.count("\n") > _MAX_LINES:
        return ()
    blocks = layout.markdown_blocks(text) if markdown else layout.text_blocks(text)
    return tuple(
        Heading(one.start, one.end, one.level) for one in blocks if one.kind is BlockKind.HEADING
    )


def _marks(start: int, end: int, also: Sequence[str], length: int) -> list[_Mark]:
    """The ranges to mark, in order. What overlaps another is left out."""
    marks = [_Mark(start, end, True)]
    for one in also:
        match = _RANGE.fullmatch(one)
        if match is None:
            continue
        first, last = int(match[1]), int(match[2])
        apart = all(last <= mark.start or mark.end <= first for mark in marks)
        if first < last <= length and apart:
            marks.append(_Mark(first, last, False))
    return sorted(marks)


def _citations(id: str, marks: list[_Mark]) -> str:
    """The way to the other citations in this document, where there are any."""
    if len(marks) < 2:
        return ""
    place = next(number for number, one in enumerate(marks) if one.cited)
    links = [
        _step(id, marks, number, name, arrow)
        for number, name, arrow in [(place - 1, "prev", "Previous"), (place + 1, "next", "Next")]
    ]
    count = f"<span>Citation {place + 1} of {len(marks)}</span>"
    return f'<nav class="citations" aria-label="Citations">{links[0]}{count}{links[1]}</nav>\n'


def _step(id: str, marks: list[_Mark], number: int, relation: str, name: str) -> str:
    if not 0 <= number < len(marks):
        return ""
    there = marks[number]
    rest = [f"{one.start}-{one.end}" for one in marks if one is not there]
    query = urlencode([("start", there.start), ("end", there.end), *(("also", r) for r in rest)])
    address = escape(f"/documents/{quote(id, safe='')}?{query}#cited")
    return f'<a rel="{relation}" href="{address}">{name}</a>'


def _contents(text: str, found: tuple[Heading, ...]) -> str:
    """The sections, as links to their headings."""
    if len(found) < 2:
        return ""
    outermost = min(one.level for one in found)
    items = [
        f'<li class="level{min(one.level - outermost, 3)}">'
        f'<a href="#s{one.start}" dir="auto">{escape(_line(text, one))}</a></li>'
        for one in found
    ]
    listed = "".join(items)
    return (
        f'<details class="contents"><summary>Sections ({len(found)})</summary>'
        f'<nav aria-label="Sections"><ol role="list">{listed}</ol></nav></details>\n'
    )


def _line(text: str, heading: Heading) -> str:
    return " ".join(text[heading.start : heading.end].strip("#*_ \t").split())


def _article(text: str, marks: list[_Mark], found: tuple[Heading, ...]) -> str:
    parts, position = [], 0
    for one in marks:
        opening = '<mark id="cited">' if one.cited else '<mark class="also">'
        inside = _span(text, one.start, one.end, found)
        parts += [_span(text, position, one.start, found), opening, inside, "</mark>"]
        position = one.end
    return "".join([*parts, _span(text, position, len(text), found)])


def _span(text: str, start: int, end: int, found: tuple[Heading, ...]) -> str:
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
