"""PDFs for tests, laid out by hand so that what is expected of them is known exactly."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pypdfium2 as pdfium
from fpdf import FPDF

from index import language
from index.conventions import Conventions
from index.domains import PLAIN
from index.loading.loader import Content
from index.loading.pdf import PdfLoader
from index.records import Block, BlockKind

WIDTH, HEIGHT = 595, 842
LEFT, RIGHT, TOP = 72, 523, 72
LEADING = 14


def known(_text: str) -> Conventions:
    return Conventions(language.of("en"), PLAIN)


class Press(FPDF):
    """Prints lines at given places, in points from the top left; the baseline counts."""

    def __init__(self) -> None:
        super().__init__(unit="pt", format=(WIDTH, HEIGHT))
        self.set_auto_page_break(auto=False)
        self.set_font("Times", size=11)

    def put(self, x: float, y: float, text: str, size: float = 11, style: str = "") -> None:
        self.set_font("Times", style=style, size=size)
        self.text(x, y, text)

    def column(
        self, x: float, y: float, lines: list[str], width: float = 0, size: float = 11
    ) -> float:
        """Lines below one another; those but the last are stretched to ``width``."""
        self.set_font("Times", size=size)
        for number, line in enumerate(lines):
            blanks = line.count(" ")
            last = number == len(lines) - 1
            if width and blanks and not last:
                gap = (width - self.get_string_width(line)) / blanks
                at = x
                for word in line.split(" "):
                    self.text(at, y, word)
                    at += self.get_string_width(word + " ") + gap
            else:
                self.text(x, y, line)
            y += LEADING
        return y

    def made(self) -> bytes:
        return bytes(self.output())


def load(data: bytes) -> Content:
    return PdfLoader().load(data, known)


def texts(content: Content, *kinds: BlockKind) -> list[str]:
    return [
        content.text[one.start : one.end]
        for one in content.blocks
        if not kinds or one.kind in kinds
    ]


def block(content: Content, start: str) -> Block:
    """The block whose text begins with ``start``."""
    found = [one for one in content.blocks if content.text[one.start :].startswith(start)]
    assert len(found) == 1, (start, texts(content))
    return found[0]


def altered(data: bytes, change: Callable[[pdfium.PdfPage], object], page: int = 0) -> bytes:
    """A file with one of its pages, from 0, changed."""
    document = pdfium.PdfDocument(data)
    change(document[page])
    stream = BytesIO()
    document.save(stream)
    document.close()
    return stream.getvalue()


def turned(data: bytes, degrees: int) -> bytes:
    """A file whose first page is shown turned."""
    return altered(data, lambda page: page.set_rotation(degrees))


def cropped(data: bytes, left: float, bottom: float, right: float, top: float) -> bytes:
    """A file that shows a part of its first page, in points from the bottom left."""
    return altered(data, lambda page: page.set_cropbox(left, bottom, right, top))
