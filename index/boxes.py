"""Where the words of a document are printed: the boxes of its characters, stored by page, and the
boxes of a range of it, line by line."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_STEPS = 10
"""Parts of a point that are kept."""
_SAME_LINE = 0.5
"""Two characters stand on one line if they share so much of the lower one's height."""
_MARK = 0.6
"""Or if they touch, and one is so much lower: a comma hangs below its line."""
_GAP = 3.0
"""A gap of more than so many heights of a line parts two boxes on it: columns, cells."""

Boxes = npt.NDArray[np.float32]
Pages = npt.NDArray[np.int32]
_Sides = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A stretch of a line, in points from the top left of its page."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class PageBoxes:
    """The characters that are printed on one page, ready to be stored."""

    page: int
    first: int
    """The first of them in the document, and the one after the last."""
    last: int
    data: bytes


def pack(boxes: Boxes, printed_on: Pages) -> Iterator[PageBoxes]:
    """The boxes of a document, (characters, 4), and the page of each, page by page."""
    for page in np.unique(printed_on[printed_on > 0]).tolist():
        places = np.flatnonzero(printed_on == page).astype("<i4")
        coordinates = np.clip(np.rint(boxes[places] * _STEPS), 0, 65535).astype("<u2")
        steps = np.diff(places, prepend=0).astype("<i4")
        data = zlib.compress(steps.tobytes() + coordinates.tobytes())
        yield PageBoxes(page, int(places[0]), int(places[-1]) + 1, data)


def lines(stored: PageBoxes, start: int, end: int) -> list[Box]:
    """The boxes of the characters from ``start`` to ``end`` on a page, one for each stretch of a
    line."""
    raw = zlib.decompress(stored.data)
    count = len(raw) // 12
    places = np.cumsum(np.frombuffer(raw[: 4 * count], dtype="<i4"))
    inside = (places >= start) & (places < end)
    coordinates = np.frombuffer(raw[4 * count :], dtype="<u2").reshape(count, 4)
    found: list[_Stretch] = []
    for x0, y0, x1, y1 in (coordinates[inside] / _STEPS).tolist():
        box = (x0, y0, x1, y1)
        if not (found and found[-1].takes(box)):
            found.append(_Stretch(box))
    return [Box(stored.page, *(round(side, 1) for side in one.box)) for one in found]


class _Stretch:
    """Characters of one line, which may run up or down a page that was turned."""

    def __init__(self, box: _Sides) -> None:
        self.box = self._last = box
        self._upright: bool | None = None
        """Whether the line runs up or down; None while that cannot be told."""

    def takes(self, box: _Sides) -> bool:
        """Whether the line goes on with a character, which is then part of it."""
        if self._upright is not True and _goes_on(self.box, box):
            self._upright = False if self._upright is None else self._upright
        elif self._upright is not False and _goes_on(_across(self._last), _across(box)):
            self._upright = True
        else:
            return False
        one = self.box
        self.box = (
            *(min(one[0], box[0]), min(one[1], box[1])),
            *(max(one[2], box[2]), max(one[3], box[3])),
        )
        self._last = box
        return True


def _across(box: _Sides) -> _Sides:
    """A box with its sides exchanged, as if lines that run down ran across."""
    return box[1], box[0], box[3], box[2]


def _goes_on(line: _Sides, box: _Sides) -> bool:
    shared = min(line[3], box[3]) - max(line[1], box[1])
    height, higher = sorted((line[3] - line[1], box[3] - box[1]))
    apart = max(box[0] - line[2], line[0] - box[2])
    beside = shared >= _SAME_LINE * height or (shared > 0 and height <= _MARK * higher)
    return beside and apart <= _GAP * max(height, 1.0)


def runs(printed_on: Pages) -> Iterator[tuple[int, int]]:
    """Where a document goes over to another page: the place and the page."""
    places = np.flatnonzero(printed_on)
    pages = printed_on[places]
    for at in np.flatnonzero(np.diff(pages, prepend=-1)).tolist():
        yield int(places[at]), int(pages[at])
