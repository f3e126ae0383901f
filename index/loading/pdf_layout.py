"""The paragraphs of a document's pages, in reading order, with what stands around them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from index.conventions import Conventions
from index.loading import (
    pdf_charts,
    pdf_contents,
    pdf_frames,
    pdf_furniture,
    pdf_headings,
    pdf_mastheads,
    pdf_notes,
    pdf_order,
    pdf_paragraphs,
    pdf_rows,
    pdf_tables,
)
from index.loading.pdf_faces import Face
from index.loading.pdf_lines import Line, usual_size
from index.loading.pdf_order import Column, Region
from index.loading.pdf_paragraphs import Paragraph
from index.records import BlockKind

_SLACK = 4.0
"""Points by which what a table holds may stand out of it."""


@dataclass(slots=True)
class Laid:
    """What is written for a page."""

    label: str
    head: list[Paragraph] = field(default_factory=list)
    body: list[Paragraph] = field(default_factory=list)
    """Those that begin on it."""
    charts: list[Paragraph] = field(default_factory=list)
    """What is printed in charts."""
    notes: list[Paragraph] = field(default_factory=list)
    foot: list[Paragraph] = field(default_factory=list)

    @property
    def paragraphs(self) -> list[Paragraph]:
        """All, in order."""
        return self.head + self.body + self.charts + self.notes + self.foot


def of(faces: list[Face], known: Conventions) -> list[Laid]:
    """What is written for each page."""
    masthead, first = _masthead(faces)
    faces = [pdf_mastheads.without_head_rule(one) for one in first + faces[1:]]
    margins = pdf_furniture.parted(faces, known)
    labels = pdf_furniture.labels(margins)
    usual = usual_size(piece for page in margins for piece in page.body)
    contents = pdf_contents.Contents(known)
    laid = []
    for face, page, label in zip(faces, margins, labels, strict=True):
        foot = pdf_notes.parted(page.body, face, usual)
        charts = pdf_charts.parted(foot.body, face, known)
        listed, rest = contents.parted(charts.rest)
        body = _body(rest, charts.face, listed)
        below = _furniture(foot.rule + page.foot)
        head, drawn = _furniture(page.head), _furniture(charts.lines)
        laid.append(Laid(label, head, body, drawn, foot.notes, below))
    if laid:
        laid[0].head += _furniture(masthead)
    pdf_notes.carry([page.notes for page in laid])
    pdf_rows.complete([page.body for page in laid])
    _carry(laid)
    pdf_headings.mark([one for page in laid for one in page.body], known)
    return laid


def _masthead(faces: list[Face]) -> tuple[list[Line], list[Face]]:
    if not faces:
        return [], []
    lines, first = pdf_mastheads.parted(faces[0])
    return lines, [first]


def _body(pieces: list[Line], face: Face, contents: list[Line]) -> list[Paragraph]:
    """The paragraphs, tables and ``contents`` of a page, from the top."""
    if contents:
        over = [one for one in pieces if one.base < contents[0].base]
        under = [one for one in pieces if one.base >= contents[0].base]
        return _body(over, face, []) + _furniture(contents) + _body(under, face, [])
    level = [one for one in pieces if not one.turn]
    found: list[Paragraph] = []
    frames = [
        part
        for one in pdf_frames.frames(face.rules, level, face.down)
        for part in pdf_frames.parted(one, level)
    ]
    for drawn, after in pairwise([*frames, None]):
        assert drawn is not None
        if found and drawn.top < max(one.lines[-1].base for one in found):
            continue
        frame = pdf_frames.extended(drawn, level, after.top if after else face.down)
        inside = [
            one
            for one in pieces
            if frame.top < one.base < frame.bottom + 1
            and frame.edges[0] - _SLACK < one.middle < frame.edges[-1] + _SLACK
        ]
        table = pdf_tables.read(frame, inside)
        if table is not None:
            ids = {id(one) for one in inside}
            above = [one for one in level if one.base <= frame.top]
            found += _text(above)
            found += pdf_rows.of(table)
            level = [one for one in level if one.base > frame.top and id(one) not in ids]
    found += _text(level)
    return found + [
        Paragraph([one], one.right) for one in pieces if one.turn and not _holds(found, one)
    ]


def _text(pieces: list[Line]) -> list[Paragraph]:
    return [one for region in pdf_order.regions(pieces) for one in _read(region)]


def _holds(found: list[Paragraph], line: Line) -> bool:
    return any(line is one for each in found for one in each.lines)


def _furniture(lines: list[Line]) -> list[Paragraph]:
    return [Paragraph([line], line.right, BlockKind.CHROME) for line in lines]


def _read(region: Region) -> list[Paragraph]:
    if isinstance(region, Column):
        return pdf_paragraphs.of_column(region.lines)
    return pdf_rows.of_grid(region.rows)


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
