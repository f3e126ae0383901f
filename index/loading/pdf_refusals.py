"""Why a file that should be a PDF cannot be read, in words."""

from __future__ import annotations

import re

import pypdfium2 as pdfium
from pypdfium2 import raw

from index.conventions import Conventions
from index.errors import UnreadableDocument
from index.loading.pdf_faces import Face

_START = 1024
_HTML = re.compile(
    rb"\s*(?:<!doctype\s+html|<html|<head|<\?xml[^>]*>\s*<(?:!doctype\s+)?html)", re.I
)
_MARK = b"%PDF-"
_END = b"%%EOF"
_FOREIGN = 0.3
"""Share of characters without a meaning from which a text is gibberish."""
_WORTH_SAYING = 0.01
_SHORT = 1500
_MOST_PAGES = 2


def check_start(data: bytes) -> None:
    """Refuses what is no PDF at all."""
    if not data.strip():
        raise UnreadableDocument("is empty")
    start = data[:_START].removeprefix(b"\xef\xbb\xbf")
    if _HTML.match(start):
        raise UnreadableDocument("is an HTML page saved as a PDF, perhaps an error page")
    if _MARK not in start:
        raise UnreadableDocument("is no PDF, whatever its ending says")


def opened(data: bytes) -> pdfium.PdfDocument:
    """The document of a file."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise UnreadableDocument("is encrypted; save it without a password") from error
        if _END not in data[-_START * 2 :]:
            raise UnreadableDocument("is truncated: its end is missing") from error
        raise UnreadableDocument("is damaged: no PDF can be made out of it") from error
    if not len(document):
        document.close()
        raise UnreadableDocument("is damaged: it has no pages")
    return document


def check_text(faces: list[Face]) -> None:
    """Refuses a document without a text that can be read."""
    count = len(faces)
    read, lost = sum(one.letters for one in faces), sum(one.unmapped for one in faces)
    if lost > _FOREIGN * (read + lost):
        raise UnreadableDocument(
            "is gibberish: its fonts do not say which characters they draw; OCR is needed"
        )
    if not read:
        pages = "1 page" if count == 1 else f"{count} pages"
        raise UnreadableDocument(f"{pages} without text: a scan; OCR is needed")


def check_error(faces: list[Face], text: str, known: Conventions) -> None:
    """Refuses what is only the page of an error, which a server gave in place of the document."""
    short = len(faces) <= _MOST_PAGES and len(text) < _SHORT
    if short and known.language.patterns.error_page.search(" ".join(text.split())):
        raise UnreadableDocument(
            "is only the page of an error, not the document that was asked for"
        )


def notices(faces: list[Face]) -> tuple[str, ...]:
    """What could not be read of a document that can."""
    found = []
    silent = sum(not one.letters for one in faces)
    if silent:
        found.append(f"{silent} of {len(faces)} pages have no text")
    lost, read = sum(one.unmapped for one in faces), sum(one.letters for one in faces)
    if lost > _WORTH_SAYING * (read + lost):
        found.append(f"{lost} characters have no meaning that its fonts tell")
    if any(one.cut for one in faces):
        found.append("a page has more characters than are read")
    return tuple(found)
