"""The paragraphs of a document's pages, in reading order, with what stands around them."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.conventions import Conventions
from index.loading import pdf_furniture, pdf_headings, pdf_notes, pdf_order, pdf_paragraphs
from index.loading.pdf_lines import Face, Line, usual_size
from index.loading.pdf_order import Column, Region
from index.loading.pdf_paragraphs import Paragraph
from index.records import BlockKind


@dataclass(slots=True)
class Laid:
    """What is written for a page."""

    label: str
    head: list[Paragraph] = field(default_factory=list)
    body: list[Paragraph] = field(default_factory=list)
    """Those that begin on it."""
    notes: list[Paragraph] = field(default_factory=list)
    foot: list[Paragraph] = field(default_factory=list)

    @property
    def paragraphs(self) -> list[Paragraph]:
        """All, in order."""
        return self.head + self.body + self.notes + self.foot


def of(faces: list[Face], known: Conventions) -> list[Laid]:
    """What is written for each page."""
    margins = pdf_furniture.parted(faces, known)
    labels = pdf_furniture.labels(margins)
    usual = usual_size(piece for page in margins for piece in page.body)
    laid = []
    for face, page, label in zip(faces, margins, labels, strict=True):
        foot = pdf_notes.parted(page.body, face, usual)
        body = _body(foot.body)
        below = _furniture(foot.rule + page.foot)
        laid.append(Laid(label, _furniture(page.head), body, foot.notes, below))
    pdf_notes.carry([page.notes for page in laid])
    _carry(laid)
    pdf_headings.mark([one for page in laid for one in page.body])
    return laid


def _body(pieces: list[Line]) -> list[Paragraph]:
    level = [one for one in pieces if not one.turn]
    found = [one for region in pdf_order.regions(level) for one in _read(region)]
    return found + [Paragraph([one], one.right) for one in pieces if one.turn]


def _furniture(lines: list[Line]) -> list[Paragraph]:
    return [Paragraph([line], line.right, BlockKind.CHROME) for line in lines]


def _read(region: Region) -> list[Paragraph]:
    if isinstance(region, Column):
        return pdf_paragraphs.of_column(region.lines)
    return [_row(row) for row in region.rows]


def _row(row: list[Line]) -> Paragraph:
    if len(row) == 1:
        return Paragraph(row, row[0].right)
    return Paragraph(row, row[-1].right, BlockKind.ROW, cells=[[one] for one in row])


def _carry(pages: list[Laid]) -> None:
    """Joins paragraphs that go on in the next column or on the next page."""
    last: Paragraph | None = None
    for page in pages:
        kept: list[Paragraph] = []
        for number, one in enumerate(page.body):
            starts = number == 0 or one.lines[0].base < page.body[number - 1].lines[-1].base
            if starts and last is not None and pdf_paragraphs.carried(last, one):
                last.lines += one.lines
                last.right = one.right
            else:
                kept.append(one)
                last = one
        page.body = kept
