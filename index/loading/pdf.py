"""PDF, read by pdfium: its text in reading order, its layout, and where each character is printed.

The canonical text is made here. Blocks are parted by a blank line, rows of a table by a line's end.
A paragraph that goes on over a page break is one run of characters; what stands between its parts
(page numbers, footnotes) comes after it.
"""

from __future__ import annotations

import pypdfium2 as pdfium

from index.loading import pdf_faces, pdf_layout, pdf_pages, pdf_properties, pdf_refusals
from index.loading.loader import Content, ConventionsOf
from index.loading.pdf_faces import Face
from index.loading.pdf_writing import Words, Writer
from index.records import Page

_HEAD = 1024
"""Bytes in which the mark of the format stands."""


class PdfLoader:
    """Reads PDF."""

    name = "pdf"
    version = "1"
    suffixes = frozenset({".pdf"})

    def recognises(self, data: bytes, suffix: str) -> bool:
        """By the mark near the start, whatever the ending; what only its ending calls a PDF is
        refused by ``load``, which says what it is."""
        return b"%PDF-" in data[:_HEAD] or suffix in self.suffixes

    def load(self, data: bytes, conventions_of: ConventionsOf) -> Content:
        """Read a file. Raises ``UnreadableDocument``."""
        pdf_refusals.check_start(data)
        document = pdf_refusals.opened(data)
        try:
            said = document.get_metadata_dict()
            faces = [_face(document, index) for index in range(len(document))]
        finally:
            document.close()
        pdf_refusals.check_text(faces)
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
            pages.append(Page(start, writer.length, face.width, face.height, page.label))
        return Content(
            text=writer.text(),
            blocks=tuple(writer.blocks),
            pages=tuple(pages),
            boxes=writer.boxes(),
            printed_on=writer.printed_on(),
            metadata=pdf_properties.of(said, known.language),
            notices=pdf_refusals.notices(faces),
        )


def _face(document: pdfium.PdfDocument, index: int) -> Face:
    try:
        return pdf_faces.face(pdf_pages.read(document, index))
    except pdfium.PdfiumError:
        return Face(index + 1, 0.0, 0.0, 0.0, 0.0, [], [], 0, 0, cut=False)
