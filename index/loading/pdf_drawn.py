"""What is drawn on a page: rules, and the marks of charts.

A rule is a straight line from side to side or from top to bottom, or a box that is as thin. What a
chart is drawn with, no table has: boxes of many lengths in one stroke, slanted lines, wide curves.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from pypdfium2 import raw

_MOST_DRAWN = 20_000
"""Objects of a page that are looked at: a map may have a million."""
_MOST_POINTS = 40_000
"""Points of a page's paths that are looked at."""
_MOST_OF_A_PATH = 400
"""Points of a path that is neither a letter nor the outline of a country."""
_DEEPEST = 4
"""Drawings within drawings."""
_EDGE = 2.0
_THIN = 3.0
_THICK = 6.0
"""Points across of a rule that is at least ``_LONG`` times as long."""
_LONG = 40.0
_SLANTED = 2.0
"""Points by which both ends of a slanted line are apart, in both directions."""
_LEAST = 30.0
"""Points across of a chart's line, in one direction."""
_ROUND = 18.0
"""Points across of a sector, in both."""
_GRID = 3
"""Lines of a grid behind a chart, at least."""
_KEY = (2.5, 10.0)
"""Points across of the box beside a name in a chart's legend."""

Array = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line drawn on a page, or a thin box, turned as the letters are."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def level(self) -> bool:
        """Whether it runs from left to right."""
        return self.right - self.left >= self.bottom - self.top


class Shape(Enum):
    """What a mark is."""

    BARS = "bars"
    """Boxes drawn in one stroke."""
    LINE = "line"
    """A line with slanted parts."""
    SECTOR = "sector"
    """A wide curve."""
    GRID = "grid"
    """Straight lines drawn in one stroke, as they are behind a chart."""
    FILL = "fill"
    """One filled box, as a bar or the shade of a cell is."""
    FRAME = "frame"
    """One box, its sides drawn."""
    KEY = "key"
    """A small filled box."""
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something drawn that is no rule, turned as the letters are."""

    shape: Shape
    left: float
    top: float
    right: float
    bottom: float


@dataclass(slots=True)
class _Found:
    """Boxes (left, bottom, right, top) as the page's content has them."""

    rules: list[Box] = field(default_factory=list)
    marks: list[tuple[Shape, Box]] = field(default_factory=list)
    objects: int = 0
    points: int = 0


@dataclass(frozen=True, slots=True)
class _Matrix:
    """How a drawing lies on what it is drawn on."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def within(self, outer: _Matrix) -> _Matrix:
        """This one, where ``outer`` is the drawing around it."""
        return _Matrix(
            self.a * outer.a + self.b * outer.c,
            self.a * outer.b + self.b * outer.d,
            self.c * outer.a + self.d * outer.c,
            self.c * outer.b + self.d * outer.d,
            self.e * outer.a + self.f * outer.c + outer.e,
            self.e * outer.b + self.f * outer.d + outer.f,
        )

    def box(self, box: Box) -> Box:
        """The smallest box around ``box`` as it lies on the page."""
        corners = [self.point(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return min(xs), min(ys), max(xs), max(ys)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point as it lies on the page."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


def read(
    page: pdfium.PdfPage, upright: Callable[[Array], Array], across: float, down: float
) -> tuple[list[Rule], list[Mark]]:
    """The rules and marks of a page. ``upright`` turns boxes of its content as its letters stand,
    on a page that is ``across`` wide and ``down`` high then."""
    found = _Found()
    count = min(raw.FPDFPage_CountObjects(page.raw), _MOST_DRAWN)
    things = (raw.FPDFPage_GetObject(page.raw, number) for number in range(count))
    _collect(things, _Matrix(), 0, found)
    rules = [
        Rule(*box)
        for box in _turned(found.rules, upright)
        # What touches the page's edge frames a picture or the page, and no text.
        if _is_within(box, across, down)
    ]
    boxes = _turned([box for _, box in found.marks], upright)
    marks = [Mark(shape, *box) for (shape, _), box in zip(found.marks, boxes, strict=True)]
    return rules, [one for one in marks if one.right > 0 and one.bottom > 0]


def _turned(boxes: list[Box], upright: Callable[[Array], Array]) -> list[Box]:
    if not boxes:
        return []
    turned = upright(np.array(boxes, dtype=float)).tolist()
    return [(left, top, right, bottom) for left, top, right, bottom in turned]


def _is_within(box: Box, across: float, down: float) -> bool:
    left, top, right, bottom = box
    return left > _EDGE and top > _EDGE and right < across - _EDGE and bottom < down - _EDGE


def _collect(things: Iterator[Any], matrix: _Matrix, depth: int, found: _Found) -> None:
    for thing in things:
        found.objects += 1
        if found.objects > _MOST_DRAWN:
            return
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            _path(thing, matrix, found)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            box = _bounds(thing, matrix)
            if box is not None:
                found.marks.append((Shape.PICTURE, box))
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            count = min(raw.FPDFFormObj_CountObjects(thing), _MOST_DRAWN)
            inner = (raw.FPDFFormObj_GetObject(thing, number) for number in range(count))
            _collect(inner, _matrix(thing).within(matrix), depth + 1, found)


def _matrix(thing: Any) -> _Matrix:
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(thing, ctypes.byref(matrix)):
        return _Matrix()
    return _Matrix(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _bounds(thing: Any, matrix: _Matrix) -> Box | None:
    edges = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(thing, *map(ctypes.byref, edges)):
        return None
    left, low, right, high = (one.value for one in edges)
    return matrix.box((left, low, right, high))


def _path(thing: Any, matrix: _Matrix, found: _Found) -> None:
    """Adds what a path draws: itself if it is thin, the sides of a frame, lines drawn in one
    stroke, and marks."""
    box = _bounds(thing, matrix)
    if box is None:
        return
    if _is_rule(box):
        found.rules.append(box)
        return
    count = raw.FPDFPath_CountSegments(thing)
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    drawn = raw.FPDFPath_GetDrawMode(thing, ctypes.byref(mode), ctypes.byref(stroked))
    if not drawn or not 3 < count <= _MOST_OF_A_PATH or found.points > _MOST_POINTS:
        return
    found.points += count
    parts, curved = _parts(thing, count, _matrix(thing).within(matrix))
    if curved:
        if min(box[2] - box[0], box[3] - box[1]) > _ROUND:
            found.marks.append((Shape.SECTOR, box))
    elif count < 6 and not any(map(_slants, parts)):
        _boxed(box, bool(mode.value), bool(stroked.value), found)
    else:
        _drawn(box, parts, bool(mode.value), found)


def _is_rule(box: Box) -> bool:
    short, long = sorted((box[2] - box[0], box[3] - box[1]))
    return short <= _THIN or (short <= _THICK and long >= _LONG * short)


def _boxed(box: Box, filled: bool, stroked: bool, found: _Found) -> None:
    left, low, right, high = box
    if stroked:
        found.rules += [
            (left, low, right, low),
            (left, high, right, high),
            (left, low, left, high),
            (right, low, right, high),
        ]
        found.marks.append((Shape.FRAME, box))
    if filled:
        small = all(_KEY[0] <= one <= _KEY[1] for one in (right - left, high - low))
        found.marks.append((Shape.KEY if small else Shape.FILL, box))


Points = list[tuple[float, float]]


def _parts(thing: Any, count: int, matrix: _Matrix) -> tuple[list[Points], bool]:
    """The runs of points that a path is drawn in, and whether any of them is curved."""
    parts: list[Points] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(count):
        segment = raw.FPDFPath_GetPathSegment(thing, number)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            return parts, True
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = matrix.point(x.value, y.value)
        if kind == raw.FPDF_SEGMENT_MOVETO or not parts:
            parts.append([])
        parts[-1].append(point)
    return parts, False


def _drawn(box: Box, parts: list[Points], filled: bool, found: _Found) -> None:
    """Adds what a path of straight parts draws."""
    slanted = sum(map(_slants, parts))
    if slanted:
        if slanted > 1 and max(box[2] - box[0], box[3] - box[1]) > _LEAST:
            found.marks.append((Shape.LINE, box))
        return
    boxes = [_around(part) for part in parts if len(part) > 1]
    if boxes and all(map(_is_rule, boxes)):
        found.rules += boxes
        if len(boxes) >= _GRID:
            found.marks.append((Shape.GRID, box))
    elif filled and are_bars(boxes):
        found.marks.append((Shape.BARS, box))


def are_bars(boxes: list[Box]) -> bool:
    """Whether boxes are bars: alike across, each in a place of its own, and of several lengths.
    Shades of cells stand side by side, or are alike in both directions."""
    sides = [
        ([box[place + 2] - box[place] for box in boxes], [box[place] for box in boxes])
        for place in (0, 1)
    ]
    for (lengths, _), (widths, places) in (sides, sides[::-1]):
        alike = max(widths) - min(widths) < 1 if widths else False
        apart = len({round(one) for one in places}) == len(boxes)
        if (
            len(boxes) > 1
            and alike
            and apart
            and 2 * len({round(one) for one in lengths}) > len(boxes)
        ):
            return True
    return False


def _slants(part: Points) -> int:
    """How many of the lines between points run neither level nor upright."""
    return sum(
        abs(one[0] - two[0]) > _SLANTED and abs(one[1] - two[1]) > _SLANTED
        for one, two in pairwise(part)
    )


def _around(part: Points) -> Box:
    xs, ys = [x for x, _ in part], [y for _, y in part]
    return min(xs), min(ys), max(xs), max(ys)
