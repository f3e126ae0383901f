"""Draws a page of a PDF as a picture: what the process does that ``renderer.py`` starts.

Nothing of a file runs: pdfium is built without JavaScript, and forms are drawn as they were saved,
without its engine for forms.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import pypdfium2 as pdfium

from qa.service import png

_MOST_PIXELS = 8_000_000
"""Of a picture; a page that would need more is drawn smaller."""
_MOST_SIDE = 16_000
_DAMAGED = b"it is damaged"
_NO_SUCH_PAGE = b"the file has no such page"


class _Drawer:
    """Holds the document of the last page open: the next page is most often of the same."""

    def __init__(self) -> None:
        self._path = ""
        self._document: pdfium.PdfDocument | None = None

    def answer(self, request: bytes) -> bytes:
        """A PNG of a page, or why there is none, in words. The request is in JSON: the path of a
        file, the number of a page from 1, the width in pixels."""
        path, number, width = json.loads(request)
        try:
            document = self._opened(path)
            if not 1 <= number <= len(document):
                return _NO_SUCH_PAGE
            return _picture(document, number - 1, width)
        except (pdfium.PdfiumError, OSError):
            return _DAMAGED

    def _opened(self, path: str) -> pdfium.PdfDocument:
        if self._document is None or path != self._path:
            if self._document is not None:
                self._document.close()
            self._document, self._path = None, path
            self._document = pdfium.PdfDocument(Path(path))
        return self._document


def _picture(document: pdfium.PdfDocument, index: int, width: int) -> bytes:
    page = document[index]
    try:
        across, down = page.get_size()
        if not (across > 0 and down > 0):
            return _DAMAGED
        bitmap = page.render(
            scale=_scale(across, down, width), may_draw_forms=False, prefer_bgrx=True
        )
        try:
            return png.encode(bitmap.to_numpy())
        finally:
            bitmap.close()
    finally:
        page.close()


def _scale(across: float, down: float, width: int) -> float:
    """Pixels for a point of a page of this size, so that it is ``width`` pixels wide, or less."""
    fits = math.sqrt(_MOST_PIXELS / (across * down))
    return min(width / across, fits, _MOST_SIDE / max(across, down))


def prepare() -> None:
    """What is needed was imported with this module."""


answer = _Drawer().answer
