"""PDF, read by pdfium: its text in reading order, its layout, and where each character is printed.

The canonical text is made here. Blocks are parted by a blank line, rows of a table by a line's end.
A paragraph that goes on over a page break is one run of characters; what stands between its parts
(page numbers, footnotes) comes after it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pypdfium2 as pdfium

from index.loading import (
    pdf_faces,
    pdf_layout,
    pdf_pages,
    pdf_pictures,
    pdf_properties,
    pdf_refusals,
)
from index.loading.loader import Content, ConventionsOf, Tell
from index.loading.ocr import Recogniser
from index.loading.pdf_faces import Face
from index.loading.pdf_pictures import Reading
from index.loading.pdf_writing import Words, Writer
from index.records import Page

_HEAD = 1024
"""Bytes in which the mark of the format stands."""


def _silent(_done: int, _total: int, _seconds: float, /) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class PdfLoader:
    """Reads PDF, and with a ``recogniser`` pages that are pictures of text."""

    recogniser: Recogniser | None = None
    tell: Tell = _silent

    name = "pdf"
    version = "1"
    suffixes = frozenset({".pdf"})

    def recognises(self, data: bytes, suffix: str) -> bool:
        """By the mark near the start, whatever the ending; what only its ending calls a PDF is
        refused by ``load``, which says what it is."""
        return b"%PDF-" in data[:_HEAD] or suffix in self.suffixes

    def equipped(self, recogniser: Recogniser) -> PdfLoader:
        """The same, which has ``recogniser`` read pages that are pictures."""
        return replace(self, recogniser=recogniser)

    def watched(self, tell: Tell) -> PdfLoader:
        """The same, which tells of each such page."""
        return replace(self, tell=tell)

    def load(self, data: bytes, conventions_of: ConventionsOf) -> Content:
        """Read a file. Raises ``UnreadableDocument``."""
        pdf_refusals.check_start(data)
        document = pdf_refusals.opened(data)
        try:
            said = document.get_metadata_dict()
            faces = [_face(document, index) for index in range(len(document))]
            reading = self._reading(document, faces)
        finally:
            document.close()
        unread = 0 if reading.by else len(pdf_pictures.unread(faces))
        faces = [reading.faces.get(place, one) for place, one in enumerate(faces)]
        faces = pdf_pictures.evened(faces)
        pdf_refusals.check_text(faces, reading)
        words = Words(piece for face in faces for piece in face.pieces)
        raw = "\n".join(one.text for face in faces for one in face.pieces)
        known = conventions_of(raw)
        pdf_refusals.check_error(faces, raw, known)
        laid = pdf_layout.of(faces, known)
        writer = Writer(words)
        pages = []
        for face, page in zip(faces, laid, strict=True):
            start = writer.length
            for paragraph in page.paragraphs:
                writer.add(paragraph)
            place = start, writer.length, face.width, face.height
            pages.append(Page(*place, page.label, face.ocr))
        return Content(
            text=writer.text(),
            blocks=tuple(writer.blocks),
            pages=tuple(pages),
            boxes=writer.boxes(),
            printed_on=writer.printed_on(),
            metadata=pdf_properties.of(said, known.language),
            notices=pdf_refusals.notices(faces, reading),
            unread=unread,
            ocr=reading.by,
        )

    def _reading(self, document: pdfium.PdfDocument, faces: list[Face]) -> Reading:
        if self.recogniser is None or not pdf_pictures.unread(faces):
            return Reading()
        return pdf_pictures.read(document, faces, self.recogniser, self.tell)


def _face(document: pdfium.PdfDocument, index: int) -> Face:
    try:
        return pdf_faces.face(pdf_pages.read(document, index))
    except pdfium.PdfiumError:
        return Face(index + 1, 0.0, 0.0, 0.0, 0.0, [], [], 0, 0, cut=False, drawn=False)
