"""PDFs for tests, laid out by hand so that what is expected of them is known exactly."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import pairwise

import pypdfium2 as pdfium
from fpdf import FPDF
from pypdfium2 import raw

from index import language
from index.conventions import Conventions
from index.domains import PLAIN
from index.loading.loader import Content
from index.loading.pdf import PdfLoader
from index.records import Block, BlockKind

WIDTH, HEIGHT = 595, 842
LEFT, RIGHT, TOP = 72, 523, 72
LEADING = 14
LINE = 12
"""Points between the lines of a cell."""


def known(_text: str) -> Conventions:
    return Conventions(language.of("en"), PLAIN)


COLUMNS = (LEFT, 240, 320, 400, 480)
ROWS = [["Country", "Rank 2022", "Rank 2024"], ["Netherlands", "5", "4"], ["Norway", "", "7"]]


BODY = [
    "The committee met in the spring and heard the first report on the state of",
    "the harbour, which had been closed for repairs since the storms of January",
    "and was to be opened again before the end of the year.",
]
MORE = [
    "Members asked how the costs were to be met and who would carry them, since",
    "the budget had been spent on the northern pier.",
]


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
        self,
        x: float,
        y: float,
        lines: list[str],
        width: float = 0,
        size: float = 11,
        style: str = "",
    ) -> float:
        """Lines below one another; those but the last are stretched to ``width``."""
        self.set_font("Times", style=style, size=size)
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

    def rule(self, edges: Sequence[float], y: float) -> None:
        """A rule drawn cell by cell, as word processors do."""
        for left, right in pairwise(edges):
            self.line(left, y, right, y)

    def put_cell(self, x: float, y: float, lines: Sequence[str], size: float = 10) -> None:
        """The lines of a cell, ``LINE`` points apart."""
        for number, line in enumerate(lines):
            self.put(x + 3, y + number * LINE, line, size)

    def put_table(
        self,
        edges: Sequence[float],
        heads: Sequence[str],
        rows: Sequence[Sequence[Sequence[str]]],
        y: float,
        gap: float = 6,
        *,
        closed: bool = True,
    ) -> float:
        """A table with rules over and under its heads, and under its last row if ``closed``. Its
        cells are lists of lines; white of ``gap`` points parts its rows. Gives where it ends."""
        self.rule(edges, y)
        for place, head in enumerate(heads):
            if head:
                self.put(edges[place] + 3, y + 12, head, 8, "I")
        y += 16
        self.rule(edges, y)
        for row in rows:
            for place, lines in enumerate(row):
                self.put_cell(edges[place], y + 14, lines)
            y += LINE * max(map(len, row)) + gap
        y += 8
        if closed:
            self.rule(edges, y)
        return y

    def ruled(self, rows: Sequence[Sequence[str]], y: float, step: float = 20) -> None:
        """A table with every rule drawn."""
        for number, row in enumerate(rows):
            self.line(COLUMNS[0], y + number * step, COLUMNS[len(row)], y + number * step)
            for place, cell in enumerate(row):
                style = "" if number else "B"
                self.put(COLUMNS[place] + 4, y + number * step + 13, cell, 10, style)
        bottom = y + len(rows) * step
        self.line(COLUMNS[0], bottom, COLUMNS[len(rows[0])], bottom)
        for edge in COLUMNS[: len(rows[0]) + 1]:
            self.line(edge, y, edge, bottom)

    def boxes(self, boxes: Sequence[tuple[float, float, float, float]]) -> None:
        """Boxes (left, top, width, height) filled in one stroke, as bars of a chart are."""
        drawn = [f"{x:.2f} {HEIGHT - y - high:.2f} {wide:.2f} {high:.2f} re"
                 for x, y, wide, high in boxes]  # fmt: skip
        self._out("0.7 g " + " ".join(drawn) + " f 0 g")

    def made(self) -> bytes:
        return bytes(self.output())


def page_of_text(press: Press, y: float = TOP) -> None:
    """A page with two paragraphs."""
    press.add_page()
    y = press.column(LEFT, y, BODY, RIGHT - LEFT)
    press.column(LEFT, y + 8, MORE, RIGHT - LEFT)


def drawn_within(data: bytes, scale: float) -> bytes:
    """A document whose page holds the first page of another as a drawing of its own, smaller."""
    outer, inner = pdfium.PdfDocument.new(), pdfium.PdfDocument(data)
    page = outer.new_page(WIDTH, HEIGHT)
    held = raw.FPDF_NewXObjectFromPage(outer.raw, inner.raw, 0)
    form = raw.FPDF_NewFormObjectFromXObject(held)
    raw.FPDFPageObj_Transform(form, *map(ctypes.c_double, (scale, 0, 0, scale, 40, 60)))
    raw.FPDFPage_InsertObject(page.raw, form)
    raw.FPDFPage_GenerateContent(page.raw)
    stream = BytesIO()
    outer.save(stream)
    raw.FPDF_CloseXObject(held)
    for one in (page, outer, inner):
        one.close()
    return stream.getvalue()


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


def rows(content: Content) -> list[dict[str, str]]:
    """The rows of its tables, each cell under its head; a cell without one under its number."""
    found = []
    for one in content.blocks:
        if one.kind is BlockKind.ROW:
            heads = [*one.heads, *[""] * len(one.cells)]
            found.append(
                {
                    heads[number] or str(number): content.text[start:end]
                    for number, (start, end) in enumerate(one.cells)
                }
            )
    return found


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
