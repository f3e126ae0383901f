"""Lines that OCR has read, and straight lines found, as the letters and rules of a page.

A page that was laid on the scanner a little askew is set straight for its layout; the box of each
letter stays where it is seen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from index.loading import pdf_pages
from index.loading.ocr import Glyph, PrintLine, Word
from index.loading.pdf_drawn import Rule
from index.loading.pdf_pages import Array, Letter, Sheet
from index.loading.picture_rules import Stroke

_EM = 1.1
"""Size of type against the height from its lowest feet to its highest heads."""
_RAISED = 0.25
"""Share of that height above its line at which a digit ends that is raised."""
_SMALL = 0.6
"""Size of a raised digit."""
_LONG = 0.25
"""Share of the page's width that a line has at least to tell how the page leans."""
_EDGE = 18.0
"""Points from the page's edge within which what is straight is its shadow."""

_Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Print:
    """A character in pixels of the upright picture."""

    glyph: Glyph
    """A single character."""
    cell: _Span
    """From the middle of the gap before it to that of the gap behind it."""
    middle: float
    """That of its line."""
    base: float
    """Height there of the line that it stands on."""
    size: float
    spaced: bool
    bold: bool
    turn: int


def of(
    number: int,
    size: tuple[float, float],
    scale: float,
    turn: int,
    found: tuple[list[PrintLine], list[Stroke]],
) -> Sheet:
    """The page with a ``number`` from 1 and a ``size`` in points as it is shown, of which a picture
    with ``scale`` pixels a point was made. The lines that were ``found`` are in pixels of that
    picture turned by ``turn`` quarters clockwise, the strokes of it as it is."""
    lines, strokes = found
    width, height = size
    across, down = (height, width) if turn % 2 else (width, height)
    lean = _lean(lines, across * scale)
    prints = [one for line in lines for one in _prints(line)]
    edges = [(one.glyph.left, one.glyph.top, one.glyph.right, one.glyph.bottom) for one in prints]
    upright = np.array(edges, dtype=float).reshape(-1, 4) / scale
    shown = pdf_pages.turned(upright, turn, across, down)
    middles = (upright[:, :2] + upright[:, 2:]) / 2
    right, fall = _shift(middles, lean, across, down).T
    letters = [
        Letter(
            text=one.glyph.text,
            box=(box[0], box[1], box[2], box[3]),
            left=one.cell[0] / scale + dx,
            top=edge[1] + dy,
            right=one.cell[1] / scale + dx,
            bottom=edge[3] + dy,
            base=one.base / scale + lean * (across / 2 - one.middle / scale),
            size=_EM * one.size / scale,
            bold=one.bold,
            slanted=False,
            turn=one.turn,
            spaced=one.spaced,
        )
        for one, box, edge, dx, dy in zip(
            prints, shown.tolist(), upright.tolist(), right.tolist(), fall.tolist(), strict=True
        )
    ]
    rules = _rules(strokes, scale, turn, size, lean)
    return Sheet(
        number, width, height, across, down, pdf_pages.composed(letters), rules, 0, cut=False
    )


def _lean(lines: list[PrintLine], width: float) -> float:
    """By how much the lines of a page fall with each pixel to the right: the median of those that
    are long enough to tell."""
    long = [one.slope for one in lines if not one.turn and _width(one) > _LONG * width]
    return float(np.median(long)) if long else 0.0


def _width(line: PrintLine) -> float:
    return max(one.right for one in line.words) - min(one.left for one in line.words)


def _shift(points: Array, lean: float, across: float, down: float) -> Array:
    """By how much each of some ``points`` moves when a page is set straight."""
    x, y = points.T
    return np.stack([lean * (y - down / 2), lean * (across / 2 - x)], axis=1)


def _prints(line: PrintLine) -> Iterator[_Print]:
    """The characters of a line. All stand on one baseline but raised digits."""
    for number, word in enumerate(line.words):
        for place, (glyph, cell) in enumerate(_cells(word)):
            spaced = number > 0 and place == 0
            middle = (glyph.left + glyph.right) / 2
            if line.turn:
                turn = 4 - line.turn  # in pdfium's sense: against the clock
                yield _Print(glyph, cell, middle, glyph.bottom, line.size, spaced, False, turn)
                continue
            over = line.base + line.slope * (middle - line.middle) - glyph.bottom
            raised = glyph.text.isdigit() and over > _RAISED * line.size
            base = line.base - over if raised else line.base
            size = line.size * (_SMALL if raised else 1.0)
            yield _Print(glyph, cell, line.middle, base, size, spaced, line.bold, turn=0)


def _cells(word: Word) -> list[tuple[Glyph, _Span]]:
    """The characters of a word, with cells that leave no gaps between them: how far letters stand
    apart on a picture says nothing."""
    glyphs = [part for one in word.glyphs for part in _parts(one)]
    order = sorted(range(len(glyphs)), key=lambda one: glyphs[one].left + glyphs[one].right)
    spans = [(glyphs[one].left, glyphs[one].right) for one in order]
    middles = [(one[1] + two[0]) / 2 for one, two in pairwise(spans)]
    edges = [spans[0][0], *np.maximum.accumulate(middles).tolist(), spans[-1][1]]
    cells = dict(zip(order, pairwise(edges), strict=True))
    return [(one, cells[place]) for place, one in enumerate(glyphs)]


def _parts(glyph: Glyph) -> list[Glyph]:
    """Each of the characters that are printed as one, with its share of the box."""
    text = unicodedata.normalize("NFC", glyph.text)
    step = (glyph.right - glyph.left) / max(len(text), 1)
    backward = unicodedata.bidirectional(text[:1] or " ") in {"R", "AL"}
    shares = range(len(text) - 1, -1, -1) if backward else range(len(text))
    return [
        Glyph(
            letter,
            glyph.left + share * step,
            glyph.top,
            glyph.left + (share + 1) * step,
            glyph.bottom,
        )
        for letter, share in zip(text, shares, strict=True)
    ]


def _rules(
    strokes: list[Stroke], scale: float, turn: int, size: tuple[float, float], lean: float
) -> list[Rule]:
    """Straight lines as they stand when the page is upright and straight, less its shadow."""
    if not strokes:
        return []
    across, down = size[::-1] if turn % 2 else size
    ends = np.array([(one.x0, one.y0, one.x1, one.y1) for one in strokes]) / scale
    points = ends.reshape(-1, 2)[:, [0, 1, 0, 1]]
    upright = pdf_pages.turned(points, (4 - turn) % 4, *size)[:, :2]
    upright = (upright + _shift(upright, lean, across, down)).reshape(-1, 4)
    rules = []
    for one, (x0, y0, x1, y1) in zip(strokes, upright.tolist(), strict=True):
        half = one.across / scale / 2
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        level = one.level != bool(turn % 2)
        if level and _EDGE < y < down - _EDGE:
            rules.append(Rule(min(x0, x1), y - half, max(x0, x1), y + half))
        elif not level and _EDGE < x < across - _EDGE:
            rules.append(Rule(x - half, min(y0, y1), x + half, max(y0, y1)))
    return rules
