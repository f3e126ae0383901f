"""Pieces of lines, and what is done with them: cut, joined, put in order."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from index.loading.loader import Boxes

_OF_MARKS = 4
"""Characters of a piece that may be no more than a mark, and tells nothing of its line."""


@dataclass(frozen=True, eq=False, slots=True)
class Line:
    """A line of print, or a piece of one, with the box of each of its characters."""

    text: str
    boxes: Boxes
    """As shown; NaN for a blank."""
    page: int
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float
    bold: bool
    slanted: bool = False
    turn: int = 0
    soft: bool = False
    """Whether it ends in a hyphen that only its end made."""
    backward: bool = False
    """Whether most of its letters run from right to left."""
    leads: bool = False
    """Whether dots lead from it to the end of its line."""

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def middle(self) -> float:
        """Between its sides."""
        return (self.left + self.right) / 2


def beside(lines: list[Line]) -> list[list[Line]]:
    """``lines`` grouped by the baseline that they share, from the top, each group in the order in
    which it is read."""
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: one.base):
        last = groups[-1] if groups else None
        if last and abs(line.base - last[0].base) <= 0.3 * min(line.size, last[0].size) + 0.5:
            last.append(line)
        else:
            groups.append([line])
    return [in_order(group) for group in groups]


def in_order(group: list[Line]) -> list[Line]:
    """Pieces of one line as they are read."""
    backward = sum(len(one.text) for one in group if one.backward)
    rightmost_first = backward > sum(len(one.text) for one in group) / 2
    return sorted(group, key=lambda one: -one.right if rightmost_first else one.left)


def joined(parts: list[Line], between: str = " ") -> Line:
    """Pieces of one line as one, with ``between`` them."""
    if len(parts) == 1:
        return parts[0]
    gap = np.full((len(between), 4), np.nan, dtype=np.float32)
    boxes = [parts[0].boxes]
    for one in parts[1:]:
        boxes += [gap, one.boxes]
    longest = max(parts, key=lambda one: len(one.text))
    return replace(
        longest,
        text=between.join(one.text for one in parts),
        boxes=np.concatenate(boxes),
        left=min(one.left for one in parts),
        top=min(one.top for one in parts),
        right=max(one.right for one in parts),
        bottom=max(one.bottom for one in parts),
        bold=all(one.bold for one in parts if one is longest or len(one.text) > _OF_MARKS),
        slanted=all(one.slanted for one in parts if one is longest or len(one.text) > _OF_MARKS),
        soft=parts[-1].soft,
        leads=any(one.leads for one in parts),
    )


def cut(line: Line, start: int, end: int) -> Line:
    """The characters of ``line`` from ``start`` to ``end``; its place stays that of the whole."""
    return replace(line, text=line.text[start:end], boxes=line.boxes[start:end])


def centres(line: Line) -> list[float]:
    """Of each character of a line about where its middle lies, from left to right."""
    if line.turn or np.isnan(line.boxes[:, 0]).all():
        step = line.width / max(len(line.text), 1)
        return [line.left + (place + 0.5) * step for place in range(len(line.text))]
    first = int(np.flatnonzero(~np.isnan(line.boxes[:, 0]))[0])
    middles = (line.boxes[:, [0, 1]] + line.boxes[:, [2, 3]]) / 2
    spread = np.nanmax(middles, axis=0) - np.nanmin(middles, axis=0)
    along = middles[:, int(spread[1] > spread[0])]
    span = float(np.nanmax(along) - np.nanmin(along)) or 1.0
    rising = -1.0 if not line.backward and along[-1] < along[first] else 1.0
    low = float(np.nanmin(along)) if rising > 0 else float(np.nanmax(along))
    scale = max(line.width - line.size * 0.4, 0.1) / span
    return [line.left + line.size * 0.2 + rising * (float(one) - low) * scale for one in along]


def widest_blank(line: Line) -> float:
    """The widest gap between words of a line that holds several."""
    blank = np.isnan(line.boxes[1:-1, 0])
    if blank.sum() < 3:
        return 0.0
    before, after = line.boxes[:-2][blank], line.boxes[2:][blank]
    apart = np.concatenate([after[:, :2] - before[:, 2:], before[:, :2] - after[:, 2:]], axis=1)
    return float(np.nanmax(apart, axis=1).max())


def part(line: Line, start: int, end: int) -> Line:
    """``cut``, with the part's own place."""
    whole = centres(line)
    inner = [one for one in whole[start:end] if not math.isnan(one)]
    if not inner:
        return cut(line, start, end)
    half = line.size * 0.2
    left = line.left if start == 0 and not line.backward else min(inner) - half
    right = line.right if end == len(line.text) and not line.backward else max(inner) + half
    return replace(cut(line, start, end), left=left, right=right)


def leading(lines: list[Line]) -> float:
    """The usual distance between baselines of ``lines`` that stand below one another."""
    steps = [
        two.base - one.base
        for one, two in pairwise(lines)
        if one.page == two.page and 0 < two.base - one.base < 3 * max(one.size, two.size)
    ]
    return float(np.percentile(steps, 30)) if steps else 0.0


def usual_size(lines: Iterable[Line]) -> float:
    """The size of most letters."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[rounded(line.size)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def rounded(size: float) -> float:
    """A size of type as it was meant."""
    return round(size * 2) / 2
