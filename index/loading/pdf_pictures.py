"""Pages that are pictures of text: which they are, and what OCR reads on them.

What is read comes out as the letters and rules of a page, so that it is laid out as any other.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pypdfium2 as pdfium

from index.errors import PictureUnread
from index.loading import (
    ocr,
    pdf_faces,
    pdf_lines,
    picture_rules,
    picture_sheets,
    picture_weight,
)
from index.loading.loader import Tell
from index.loading.ocr import Picture, PrintLine, Recogniser
from index.loading.pdf_faces import Face
from index.loading.pdf_lines import Line

_RESOLUTION = 300 / 72
"""Pixels a point."""
_MOST_PIXELS = 20_000_000
"""Of one picture: a page of A3 has fewer."""
_LONGEST_SIDE = 30_000
_USUAL_SIDE = 1_200
"""Points of the longer side of a page of A3. Larger ones are often smaller in truth: a program has
taken the pixels of a picture for points."""
_FOREIGN = 0.3
"""Share of a page's characters without a meaning from which its text is gibberish."""
_MOST_PAGES = 1_000
_MOST_FAILURES = 3
"""Pages in a row that fail before the others are let be."""
_UNSURE = 0.6
"""Text that is read less surely may stand sideways or upside down."""
_ENOUGH = 20
"""Characters that tell so."""
_HASTE = 0.25
"""Share of the time for a page after which it is not read a second time."""
_SAME_LINE = 0.15
"""Share by which sizes of one type differ as they are measured on lines of a page."""
_SAME_PAGE = 0.2
"""And on pages, which may be copied to different scales."""
_SMALLEST = 0.7
"""Share of it that is measured on a line that is printed badly."""
_MORE = 2
"""Times as many letters as a page has its picture must have to take its place."""
_TIMES = 2
"""Times the limit for a picture that a page may take, which may be read twice."""


@dataclass(slots=True)
class Reading:
    """What was read of the pages of a document."""

    faces: dict[int, Face] = field(default_factory=dict)
    """By their place, from 0, the pages on which something was read."""
    failures: dict[int, str] = field(default_factory=dict)
    """Why others were not read."""
    sure: float = 0.0
    """How surely, from 0 to 1."""
    by: str = ""
    """The identity of what read them; "" where nothing was asked to."""


def unread(faces: Sequence[Face]) -> list[int]:
    """The places of pages that show something, and have no text that can be read, or hardly any."""
    return [
        place
        for place, one in enumerate(faces)
        if one.drawn and (not one.letters or one.stamped or is_gibberish([one]))
    ]


def is_gibberish(faces: Sequence[Face]) -> bool:
    """Whether the fonts of some pages do not say which characters they draw."""
    lost, read = sum(one.unmapped for one in faces), sum(one.letters for one in faces)
    return lost > _FOREIGN * (read + lost)


def read(
    document: pdfium.PdfDocument, faces: Sequence[Face], recogniser: Recogniser, tell: Tell
) -> Reading:
    """Reads those pages of a document that are ``unread``, and tells of each before it does. Where
    a page has more text than its picture, it stays as it is."""
    places = unread(faces)
    found = Reading(by=recogniser.identity)
    weight, failed = 0, 0
    for number, place in enumerate(places):
        tell(number, len(places), _TIMES * recogniser.seconds)
        try:
            if number >= _MOST_PAGES:
                raise PictureUnread(f"of a file {_MOST_PAGES} are read at most")
            if failed >= _MOST_FAILURES:
                raise PictureUnread(f"neither were the {_MOST_FAILURES} before it")
            face, sure = _face(document, place, recogniser)
        except (PictureUnread, pdfium.PdfiumError) as error:
            drawn = isinstance(error, PictureUnread)
            found.failures[place] = str(error) if drawn else "it cannot be drawn"
            failed += 1
            continue
        failed = 0
        before = faces[place]
        if face.letters and (face.letters > _MORE * before.letters or is_gibberish([before])):
            found.faces[place] = face
            found.sure += sure * face.letters
            weight += face.letters
    if places:
        tell(len(places), len(places), 0.0)
    found.sure /= max(weight, 1)
    return found


def evened(faces: list[Face]) -> list[Face]:
    """``faces`` with those lines that are printed in the usual size of type given just that size:
    on a picture it is measured, a little differently on each line and on each page."""
    usual = _usual(one for one in faces if not one.ocr)
    measured = _usual(one for one in faces if one.ocr)
    size = usual if usual and _is_near(usual, measured, _SAME_PAGE) else measured
    return [replace(one, pieces=_evened(one, size)) if one.ocr else one for one in faces]


def _evened(face: Face, usual: float) -> list[Line]:
    """The lines of a page: those about as large as most are given the ``usual`` size, if that is
    near, and so is a small one between two of them, such as bad printing makes."""
    measured = _usual([face])
    size = usual if _is_near(measured, usual, _SAME_PAGE) else measured
    near = {id(one) for one in face.pieces if _is_near(one.size, measured, _SAME_LINE)}
    rows = pdf_lines.beside(face.pieces)
    for above, row, below in zip(rows, rows[1:], rows[2:], strict=False):
        if all(id(one) in near for one in above + below):
            near |= {id(one) for one in row if _SMALLEST * measured < one.size < measured}
    return [replace(one, size=size) if id(one) in near else one for one in face.pieces]


def _usual(faces: Iterable[Face]) -> float:
    return pdf_lines.usual_size(line for one in faces for line in one.pieces)


def _is_near(size: float, usual: float, share: float) -> bool:
    return abs(size - usual) <= share * usual


def _face(document: pdfium.PdfDocument, place: int, recogniser: Recogniser) -> tuple[Face, float]:
    """What is read on a page, and how surely."""
    page = document[place]
    try:
        width, height = page.get_size()
        pixels = _rendered(page, width, height)
    finally:
        page.close()
    scale = pixels.shape[1] / width
    point = max(scale, max(pixels.shape) / _USUAL_SIDE)
    clean, strokes = picture_rules.taken_out(pixels, point)
    del pixels
    began = time.monotonic()
    picture = Picture(clean, scale)
    lines, turn = recogniser.read(picture), 0
    if _is_turned(lines) and time.monotonic() - began < _HASTE * recogniser.seconds:
        picture, lines, turn = _upright(picture, lines, recogniser)
    kept = picture_weight.told(ocr.text_alone(lines), picture)
    sheet = picture_sheets.of(place + 1, (width, height), scale, turn, (kept, strokes))
    return pdf_faces.face(sheet, ocr=True), ocr.sureness(kept)


def _rendered(page: pdfium.PdfPage, width: float, height: float) -> picture_rules.Pixels:
    """The picture of a page, (height, width)."""
    area = width * height
    if not 0 < area < float("inf"):
        raise PictureUnread("its page has no extent")
    scale = min(_RESOLUTION, (_MOST_PIXELS / area) ** 0.5, _LONGEST_SIDE / max(width, height))
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        pixels: picture_rules.Pixels = bitmap.to_numpy()
        return np.ascontiguousarray(pixels.reshape(pixels.shape[:2]))
    finally:
        bitmap.close()


def _is_turned(lines: list[PrintLine]) -> bool:
    """Whether the text of a picture stands sideways or upside down, or may do so."""
    unsure = ocr.sureness(lines) < _UNSURE and sum(one.glyphs for one in lines) >= _ENOUGH
    return unsure or _most(lines) != 0


def _most(lines: list[PrintLine]) -> int:
    """How most of what was read is turned."""
    turns: Counter[int] = Counter()
    for one in lines:
        turns[one.turn] += one.glyphs
    return turns.most_common(1)[0][0] if turns else 0


def _upright(
    picture: Picture, lines: list[PrintLine], recogniser: Recogniser
) -> tuple[Picture, list[PrintLine], int]:
    """A picture of which some ``lines`` were read turned so that its text stands upright, if it is
    read more surely then; what is read then, and by how many quarters it is turned."""
    turned = _most(lines) if ocr.sureness(lines) >= _UNSURE else 0
    turn = turned or recogniser.turn(picture)
    if not turn:
        return picture, lines, 0
    upright = Picture(np.ascontiguousarray(np.rot90(picture.pixels, -turn)), picture.scale)
    again = recogniser.read(upright)
    better = bool(turned) or ocr.sureness(again) > ocr.sureness(lines)
    return (upright, again, turn) if better else (picture, lines, 0)
