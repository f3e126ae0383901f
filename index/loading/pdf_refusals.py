"""Why a file that should be a PDF cannot be read, in words."""

from __future__ import annotations

import re

import pypdfium2 as pdfium
from pypdfium2 import raw

from index.conventions import Conventions
from index.errors import UnreadableDocument
from index.loading import pdf_pictures, tesseract
from index.loading.pdf_faces import Face
from index.loading.pdf_pictures import Reading

_START = 1024
_HTML = re.compile(
    rb"\s*(?:<!doctype\s+html|<html|<head|<\?xml[^>]*>\s*<(?:!doctype\s+)?html)", re.I
)
_MARK = b"%PDF-"
_END = b"%%EOF"
_WORTH_SAYING = 0.01
_SHORT = 1500
_MOST_PAGES = 2
_UNSURE = 0.8
"""How surely OCR must have read a document for nothing to be said of it."""
_SHOWN = 3
"""Pages that could not be read of which it is said why."""


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


def check_text(faces: list[Face], reading: Reading) -> None:
    """Refuses a document without a text that can be read."""
    if pdf_pictures.is_gibberish(faces):
        reason = "is gibberish: its fonts do not say which characters they draw"
    elif not any(one.letters for one in faces):
        reason = f"{_pages(len(faces))} without text"
    else:
        return
    raise UnreadableDocument(f"{reason}; {_cure(faces, reading)}")


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"


def _cure(faces: list[Face], reading: Reading) -> str:
    """What would help, or has not helped, to read a document that has no text."""
    if not any(one.drawn for one in faces):
        return "nothing is drawn on them"
    if reading.failures:
        return "; ".join(_failures(reading))
    return "OCR finds none either" if reading.by else tesseract.advice(len(faces))


def check_error(faces: list[Face], text: str, known: Conventions) -> None:
    """Refuses what is only the page of an error, which a server gave in place of the document."""
    short = len(faces) <= _MOST_PAGES and len(text) < _SHORT
    if short and known.language.patterns.error_page.search(" ".join(text.split())):
        raise UnreadableDocument(
            "is only the page of an error, not the document that was asked for"
        )


def notices(faces: list[Face], reading: Reading) -> tuple[str, ...]:
    """What could not be read of a document that can, and what OCR has read of it. What it would
    read is not said here: that depends on what is installed."""
    found = []
    by_ocr = [place for place, one in enumerate(faces, start=1) if one.ocr]
    if by_ocr:
        found.append(f"{_named(by_ocr)} read by OCR{_doubt(reading.sure)}")
    found += _failures(reading)
    told = {*reading.failures, *(() if reading.by else pdf_pictures.unread(faces))}
    silent = sum(not one.letters and place not in told for place, one in enumerate(faces))
    if silent:
        found.append(f"{silent} of {_pages(len(faces))} {'has' if silent == 1 else 'have'} no text")
    lost, read = sum(one.unmapped for one in faces), sum(one.letters for one in faces)
    if lost > _WORTH_SAYING * (read + lost):
        found.append(f"{lost} characters have no meaning that its fonts tell")
    if any(one.cut for one in faces):
        found.append("a page has more characters than are read")
    return tuple(found)


def _named(places: list[int]) -> str:
    """Pages by their numbers: "pages 1-3, 7 were"."""
    runs: list[list[int]] = []
    for one in places:
        if runs and one == runs[-1][-1] + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    shown = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
    return f"page {shown} was" if len(places) == 1 else f"pages {shown} were"


def _doubt(sure: float) -> str:
    if sure >= _UNSURE:
        return ""
    return f", not surely (confidence {sure:.0%}): check against the pages what is quoted of them"


def _failures(reading: Reading) -> list[str]:
    failed = [(place + 1, why) for place, why in sorted(reading.failures.items())]
    more = len(failed) - _SHOWN
    found = [f"page {place} was not read by OCR: {why}" for place, why in failed[:_SHOWN]]
    return [*found, f"{more} more were not read either"] if more > 0 else found
