"""Letters of a page joined to pieces of lines: runs on one baseline without a wide gap."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import numpy as np

from index.loading.loader import Boxes
from index.loading.pdf_pages import SOFT_HYPHEN, Letter, Rule, Sheet

_WIDE = 1.0
"""A gap of this many type sizes may part columns."""
_BLANK = 0.22
"""A gap of this many type sizes parts words even where the file has no blank."""
_RAISED = 0.12
"""How far above the baseline, in type sizes, smaller type counts as raised."""
_SMALLER = 0.85
_RAISED_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_NOWHERE = (float("nan"),) * 4


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

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def middle(self) -> float:
        """Between its sides."""
        return (self.left + self.right) / 2


@dataclass(frozen=True, eq=False, slots=True)
class Face:
    """A page with its letters joined to pieces of lines."""

    number: int
    width: float
    height: float
    """As it is shown."""
    across: float
    down: float
    """Its width and height as its letters stand."""
    pieces: list[Line]
    rules: list[Rule]
    letters: int
    unmapped: int
    """Characters without a meaning."""
    cut: bool
    """Whether it has more than was read."""


def face(sheet: Sheet) -> Face:
    """A page as its lines show it."""
    return Face(
        sheet.number,
        sheet.width,
        sheet.height,
        sheet.across,
        sheet.down,
        pieces(sheet),
        sheet.rules,
        len(sheet.letters),
        sheet.unmapped,
        sheet.cut,
    )


def pieces(sheet: Sheet) -> list[Line]:
    """The pieces of a page's lines, in the order of its content; what is printed twice over
    itself counts once."""
    runs: list[list[Letter]] = []
    for letter in sheet.letters:
        if runs and _goes_on(runs[-1], letter):
            runs[-1].append(letter)
        else:
            runs.append([letter])
    joined = _joined(runs)
    made = [line for run in joined if (line := _line(run, sheet.number)) is not None]
    return _once(made)


def _goes_on(run: list[Letter], letter: Letter) -> bool:
    last = run[-1]
    if letter.turn != last.turn:
        return False
    size = max(last.size, letter.size)
    if letter.turn:
        near = max(
            letter.left - last.right,
            last.left - letter.right,
            letter.top - last.bottom,
            last.top - letter.bottom,
        )
        return near < 0.6 * size
    if abs(letter.base - last.base) > (0.2 if letter.size > _SMALLER * last.size else 0.6) * size:
        base = abs(letter.base - run[0].base)
        if base > 0.2 * size:
            return False
    return _gap(last, letter) < _WIDE * size


def _gap(one: Letter, other: Letter) -> float:
    """The distance between two letters, whichever comes first."""
    return max(other.left - one.right, one.left - other.right)


def _joined(runs: list[list[Letter]]) -> list[list[Letter]]:
    """``runs`` with those joined that the content has apart, though they touch on one line."""
    level = [run for run in runs if not run[0].turn]
    turned = [run for run in runs if run[0].turn]
    level.sort(key=lambda run: (round(_base(run) / 2), _left(run)))
    out: list[list[Letter]] = []
    for run in level:
        near = out[-1] if out else None
        if near is not None and _touches(near, run):
            near += run
        else:
            out.append(run)
    return out + turned


def _touches(one: list[Letter], other: list[Letter]) -> bool:
    size = max(one[-1].size, other[0].size)
    if abs(_base(one) - _base(other)) > 0.25 * min(one[-1].size, other[0].size):
        raised = other[0].size < _SMALLER * one[-1].size or one[-1].size < _SMALLER * other[0].size
        if not raised or abs(_base(one) - _base(other)) > 0.6 * size:
            return False
    if _is_backward(one) != _is_backward(other):
        return -0.3 * size < _left(other) - _right(one) < 0.5 * size
    return -0.3 * size < _left(other) - _right(one) < 0.7 * size and not _is_backward(one)


def _base(run: list[Letter]) -> float:
    return max(run, key=lambda one: one.size).base


def _left(run: list[Letter]) -> float:
    return min(one.left for one in run)


def _right(run: list[Letter]) -> float:
    return max(one.right for one in run)


def _is_backward(run: Iterable[Letter]) -> bool:
    sides = [unicodedata.bidirectional(one.text[0]) for one in run if not one.text.isascii()]
    backward = sum(side in {"R", "AL"} for side in sides)
    return backward > 0 and backward >= 0.3 * sum(1 for _ in run)


def _line(run: list[Letter], page: int) -> Line | None:
    soft = run[-1].text == SOFT_HYPHEN
    shown = [one for one in run[:-1] if one.text != SOFT_HYPHEN] + run[-1:]
    size = _usual([one.size for one in shown])
    base = _usual([one.base for one in shown if one.size > _SMALLER * size])
    texts: list[str] = []
    boxes: list[tuple[float, float, float, float]] = []
    last: Letter | None = None
    for letter in shown:
        raised = letter.size < _SMALLER * size and base - letter.base > _RAISED * size
        if last is not None and (
            _is_apart(last, letter, size, raised) or _stands_off(last, letter, raised)
        ):
            texts.append(" ")
            boxes.append(_NOWHERE)
        text = letter.text.translate(_RAISED_DIGITS) if raised else letter.text
        texts.append("-" if text == SOFT_HYPHEN else text)
        boxes.append(letter.box)
        last = letter
    text = "".join(texts)
    if not text.strip():
        return None
    tall = [one for one in shown if one.size > _SMALLER * size] or shown
    return Line(
        text=text,
        boxes=np.array(boxes, dtype=np.float32).reshape(-1, 4),
        page=page,
        left=_left(shown),
        top=min(one.top for one in tall),
        right=_right(shown),
        bottom=max(one.bottom for one in tall),
        base=base,
        size=size,
        bold=sum(one.bold for one in shown) > 0.6 * len(shown),
        slanted=sum(one.slanted for one in shown) > 0.6 * len(shown),
        turn=shown[0].turn,
        soft=soft,
        backward=_is_backward(shown),
    )


def _usual(values: list[float]) -> float:
    return float(median(values)) if values else 0.0


def _is_apart(last: Letter, letter: Letter, size: float, raised: bool) -> bool:
    if letter.turn:
        return letter.spaced
    gap = _gap(last, letter)
    if raised and last.base > letter.base + _RAISED * size:
        return gap > 0.35 * size
    return (letter.spaced and gap > -0.5 * size) or gap > _BLANK * size + 0.5


def _stands_off(last: Letter, letter: Letter, raised: bool) -> bool:
    """Whether a raised letter is a mark of its own and no ending as in "1st"."""
    return raised and letter.text.isalpha() and last.text.isalpha() and last.size > letter.size


def _once(lines: list[Line]) -> list[Line]:
    """``lines`` without those that are printed a second time at the same place."""
    seen: set[tuple[str, int, int]] = set()
    out = []
    for line in lines:
        key = (line.text, round(line.left / 2), round(line.base / 2))
        if key not in seen:
            seen.add(key)
            out.append(line)
    return out


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
        bold=all(one.bold for one in parts),
        slanted=all(one.slanted for one in parts),
        soft=parts[-1].soft,
    )


def cut(line: Line, start: int, end: int) -> Line:
    """The characters of ``line`` from ``start`` to ``end``; its place stays that of the whole."""
    return replace(line, text=line.text[start:end], boxes=line.boxes[start:end])


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
