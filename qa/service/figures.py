"""The printed pages of what is marked in a document, for its own page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote

from index.boxes import Box
from index.database import Database, DocumentEntry, PrintedPage
from qa.service.document_page import Figure, Mark, Rectangle
from qa.service.printed import has_pictures

_MOST_PAGES = 3
"""Pages that are shown of a range that goes over more."""
_SHORT = 16


def of(database: Database, entry: DocumentEntry) -> Callable[[Sequence[Mark]], list[Figure]]:
    """Gives, for what is marked in a document, the pages on which the cited words are printed."""

    def figures(marks: Sequence[Mark]) -> list[Figure]:
        pages = {one.number: one for one in database.pages_of(entry.id)}
        if not has_pictures(entry, list(pages.values())):
            return []
        printed = [
            (box, mark.cited)
            for mark in sorted(marks, key=lambda one: one.cited)
            for box in database.boxes_of(entry.id, mark.start, mark.end)
        ]
        shown = sorted({box.page for box, cited in printed if cited} & pages.keys())[:_MOST_PAGES]
        return [
            _figure(entry, pages[number], len(pages), printed)
            for number in shown
            if pages[number].width and pages[number].height
        ]

    return figures


def name(page: PrintedPage, of: int) -> str:
    """What a page is called: its place, and its own number where that is another."""
    place = f"page {page.number} of {of}"
    own = page.label.partition("/")[0] not in ("", str(page.number))
    return f"{place} (numbered {page.label})" if own else place


def _figure(
    entry: DocumentEntry, page: PrintedPage, of: int, printed: Sequence[tuple[Box, bool]]
) -> Figure:
    picture = f"/v1/documents/{quote(entry.id, safe='')}/pages/{page.number}.png"
    return Figure(
        name(page, of),
        f"{picture}?file_sha256={entry.file_sha256[:_SHORT]}",
        page.width,
        page.height,
        [
            Rectangle(box.x0, box.y0, round(box.x1 - box.x0, 1), round(box.y1 - box.y0, 1), cited)
            for box, cited in printed
            if box.page == page.number
        ],
    )
