"""The page of one document, with its headings set apart and the cited range marked.

The text of its article is the canonical text, character for character: headings and the mark
are elements around spans of it, so that what is read here is what the offsets count in.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import quote

from index import layout
from index.catalogue import DocumentEntry
from index.records import BlockKind

_MARKDOWN = {".md", ".markdown"}
_MAX_CHARACTERS = 1_000_000
_MAX_LINES = 20_000
"""Headings are not looked for in longer texts: that would hold up other requests."""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · Attest</title>
<link rel="icon" href="/static/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/style.css">
</head>
<body class="document" id="top">
<header class="top">
<a class="wordmark" href="/">Attest</a>
<a class="here" href="#top" dir="auto" title="To the top">{title}</a>
<nav aria-label="Document"><a href="/v1/documents/{id}/text">Plain text</a></nav>
</header>
<main>
<h1 dir="auto">{title}</h1>
<p class="about" dir="auto">{about}</p>
{notice}
<article class="text" lang="">{text}</article>
</main>
</body>
</html>
"""


class _Heading(NamedTuple):
    start: int
    end: int
    level: int


def render(entry: DocumentEntry, text: str, start: int | None, end: int | None) -> str:
    """HTML of the document; every character of ``text`` enters it escaped.

    A range that the document does not have marks nothing, and the page says so.
    """
    headings = _headings(text, PurePosixPath(entry.source).suffix.lower() in _MARKDOWN)
    notice = ""
    if start is None and end is None:
        body = _span(text, 0, len(text), headings)
    elif start is not None and end is not None and 0 <= start < end <= len(text):
        notice = (
            '<p class="about"><a href="#cited">Go to the cited words</a> '
            f"(characters {start:,} to {end:,})</p>"
        )
        cited = f'<mark id="cited">{_span(text, start, end, headings)}</mark>'
        body = _span(text, 0, start, headings) + cited + _span(text, end, len(text), headings)
    else:
        notice = (
            '<p class="notice" role="status">The address asks for a range that this '
            f"document does not have; it has {len(text):,} characters. Nothing is marked.</p>"
        )
        body = _span(text, 0, len(text), headings)
    parts = [entry.publisher, entry.date, entry.source, f"{len(text):,} characters"]
    return _PAGE.format(
        title=escape(entry.title),
        id=quote(entry.id, safe=""),
        about=" · ".join(escape(part) for part in parts if part),
        notice=notice,
        text=body,
    )


@lru_cache(maxsize=8)
def _headings(text: str, markdown: bool) -> tuple[_Heading, ...]:
    """The headings of ``text`` in order; their levels count from the page's own."""
    if len(text) > _MAX_CHARACTERS or text.count("\n") > _MAX_LINES:
        return ()
    blocks = layout.markdown_blocks(text) if markdown else layout.text_blocks(text)
    return tuple(
        _Heading(one.start, one.end, min(one.level + 1, 6))
        for one in blocks
        if one.kind is BlockKind.HEADING
    )


def _span(text: str, start: int, end: int, headings: tuple[_Heading, ...]) -> str:
    """``text[start:end]`` in HTML, with those parts of headings that lie in it."""
    parts = []
    blanks = len(text) - len(text.lstrip())
    if start == 0 < blanks < end:
        # Kept, but not shown: what a file starts with would push its first words down.
        parts.append(f"<span hidden>{_escape(text[:blanks])}</span>")
        start = blanks
    for one in headings:
        opens, closes = max(one.start, start), min(one.end, end)
        if opens >= closes:
            continue
        # Not h2: a block of its own would add line breaks that the text does not have.
        parts += [
            _escape(text[start:opens]),
            f'<strong class="heading" role="heading" aria-level="{one.level}">',
            f"{_escape(text[opens:closes])}</strong>",
        ]
        start = closes
    return "".join([*parts, _escape(text[start:end])])


def _escape(text: str) -> str:
    """Escaped; a carriage return as a reference, since a parser would make it a line feed."""
    return escape(text, quote=False).replace("\r", "&#13;")
