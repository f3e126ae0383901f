"""The page of one document, with its headings set apart and the cited range marked.

The text of its article is the canonical text, character for character: headings and the mark
are elements around spans of it, so that what is read here is what the offsets count in.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from html import escape
from pathlib import PurePosixPath
from urllib.parse import quote

from index import layout
from index.catalogue import DocumentEntry
from index.records import BlockKind

_MARKDOWN = {".md", ".markdown"}
_LARGE = 2_000_000
"""Characters above which headings are not looked for: that would hold up other requests."""

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
<body class="document">
<header class="top">
<a class="wordmark" href="/">Attest</a>
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
def _headings(text: str, markdown: bool) -> tuple[tuple[int, int, int], ...]:
    """Start, end and level of each heading, in order; levels count from the page's own."""
    if len(text) > _LARGE:
        return ()
    blocks = layout.markdown_blocks(text) if markdown else layout.text_blocks(text)
    return tuple(
        (one.start, one.end, min(one.level + 1, 6))
        for one in blocks
        if one.kind is BlockKind.HEADING
    )


def _span(text: str, start: int, end: int, headings: tuple[tuple[int, int, int], ...]) -> str:
    """``text[start:end]`` in HTML, with the parts of headings that lie in it."""
    return "".join(_pieces(text, start, end, headings))


def _pieces(
    text: str, start: int, end: int, headings: tuple[tuple[int, int, int], ...]
) -> Iterator[str]:
    for first, last, level in headings:
        opens, closes = max(first, start), min(last, end)
        if opens >= closes:
            continue
        yield _escape(text[start:opens])
        # Not h2: a block of its own would add line breaks that the text does not have.
        yield f'<strong class="heading" role="heading" aria-level="{level}">'
        yield f"{_escape(text[opens:closes])}</strong>"
        start = closes
    yield _escape(text[start:end])


def _escape(text: str) -> str:
    """Escaped; a carriage return as a reference, since a parser would make it a line feed."""
    return escape(text, quote=False).replace("\r", "&#13;")
