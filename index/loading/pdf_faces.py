"""Letters of a page joined to pieces of lines: runs on one baseline without a wide gap."""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

import numpy as np

from index.loading.pdf_drawn import Mark, Rule
from index.loading.pdf_lines import Line, part
from index.loading.pdf_pages import SOFT_HYPHEN, Letter, Sheet

_WIDE = 1.0
"""A gap of this many type sizes may part columns."""
_BLANK = 0.22
"""A gap of this many type sizes parts words even where the file has no blank."""
_RAISED = 0.12
"""How far above the baseline, in type sizes, smaller type counts as raised."""
_SMALLER = 0.85
_LEADERS = re.compile(r"\s*(?:[.․…]\s?){5,}\s*")
_RAISED_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LONGEST_MARK = 6
_NOWHERE = (float("nan"),) * 4


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
    marks: list[Mark] = field(default_factory=list)
    """What charts are drawn with."""
    drawn: bool = True
    """Whether anything is drawn on it."""
    stamped: bool = False
    """Whether it is a picture with hardly any text over it."""
    ocr: bool = False
    """Whether its letters were read from its picture."""


def face(sheet: Sheet, ocr: bool = False) -> Face:
    """A page as its lines show it; ``ocr`` says that its letters were read from its picture."""
    lines, rules = _underlined(pieces(sheet), sheet.rules)
    return Face(
        sheet.number,
        sheet.width,
        sheet.height,
        sheet.across,
        sheet.down,
        lines,
        rules,
        len(sheet.letters),
        sheet.unmapped,
        sheet.cut,
        sheet.marks,
        sheet.drawn,
        sheet.stamped,
        ocr,
    )


def _underlined(lines: list[Line], rules: list[Rule]) -> tuple[list[Line], list[Rule]]:
    """``lines`` with those that are underlined marked as slanted, for which a typewriter has no
    other sign, and the rules that underline nothing."""
    order = sorted(range(len(lines)), key=lambda one: lines[one].base)
    bases = [lines[one].base for one in order]
    under: dict[int, float] = defaultdict(float)
    kept = []
    for rule in rules:
        first, last = bisect(bases, rule.top - 5.0), bisect(bases, rule.bottom + 0.5)
        over = [one for one in order[first:last] if rule.level and _underlines(rule, lines[one])]
        for one in over:
            under[one] += rule.right - rule.left
        if not over:
            kept.append(rule)
    marked = {one for one, length in under.items() if length > 0.8 * lines[one].width}
    return [
        replace(line, slanted=True) if number in marked else line
        for number, line in enumerate(lines)
    ], kept


def _underlines(rule: Rule, line: Line) -> bool:
    near = line.base - 0.5 <= rule.top and rule.bottom < line.base + 0.3 * line.size
    return near and not line.turn and line.left - 2 < rule.left and rule.right < line.right + 2


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
    return _once([part for line in made for part in _without_leaders(line)])


def _without_leaders(line: Line) -> list[Line]:
    """What stands before and after the dots that lead from an entry to its page; the entry is
    marked."""
    found = list(_LEADERS.finditer(line.text))
    if not found or line.turn:
        return [line]
    ends = [0, *(place for one in found for place in one.span()), len(line.text)]
    spans = list(zip(ends[::2], ends[1::2], strict=True))
    return [
        replace(part(line, start, end), leads=number < len(found))
        for number, (start, end) in enumerate(spans)
        if end > start
    ]


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
    return _with_raised(out) + turned


def _with_raised(runs: list[list[Letter]]) -> list[list[Letter]]:
    """``runs`` with raised marks put to the run that they end, from which the order of heights
    has parted them."""
    places = _Places()
    for number, run in enumerate(runs):
        places.add(number, run)
    gone: set[int] = set()
    small = [number for number, run in enumerate(runs) if len(run) <= _LONGEST_MARK]
    for number in small:
        mark = runs[number]
        near = places.before(mark[0]) - gone - {number}
        host = min((one for one in near if _ends(runs[one], mark)), default=None)
        if host is not None:
            runs[host] += mark
            places.add(host, runs[host])
            gone.add(number)
    return [run for number, run in enumerate(runs) if number not in gone]


@dataclass(frozen=True, slots=True)
class _Places:
    """The numbers of runs by where they end, in squares as large as their type is: a page may have
    so many that each cannot be held against each."""

    squares: dict[tuple[int, int, int], set[int]] = field(default_factory=lambda: defaultdict(set))
    scales: set[int] = field(default_factory=set)

    def add(self, number: int, run: list[Letter]) -> None:
        """Keeps where a run ends."""
        size = max(run[-1].size, run[0].size)
        if 0 < size < math.inf:
            scale = math.frexp(size)[1]
            self.scales.add(scale)
            side = 2.0**scale
            place = (scale, math.floor(run[0].base / side), math.floor(run[-1].right / side))
            self.squares[place].add(number)

    def before(self, mark: Letter) -> set[int]:
        """Those runs that may end right before a mark that is raised over them."""
        found: set[int] = set()
        for scale in self.scales:
            side = 2.0**scale
            down, across = math.floor(mark.base / side), math.floor(mark.left / side)
            for row in (down, down + 1):
                for column in (across - 1, across, across + 1):
                    found |= self.squares.get((scale, row, column), set())
        return found


def _ends(run: list[Letter], mark: list[Letter]) -> bool:
    """Whether a raised mark stands close behind a run."""
    last = run[-1]
    size = max(last.size, run[0].size)
    raised = _RAISED * size < run[0].base - mark[0].base < 0.6 * size
    return (
        raised
        and mark[0].size < _SMALLER * size
        and -0.3 * size < mark[0].left - last.right < size / 2
    )


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
    shown = [*(one for one in run[:-1] if one.text != SOFT_HYPHEN), run[-1]]
    bridged = {id(two) for one, two in pairwise(run) if one.text == SOFT_HYPHEN and not two.spaced}
    size = _usual([one.size for one in shown])
    base = _usual([one.base for one in shown if one.size > _SMALLER * size])
    texts: list[str] = []
    boxes: list[tuple[float, float, float, float]] = []
    last: Letter | None = None
    heights = [one.size < _SMALLER * size and base - one.base > _RAISED * size for one in shown]
    for place, letter in enumerate(shown):
        raised = heights[place]
        alone = (
            raised
            and not heights[place - 1]
            and not any(
                one.text.isalpha() and high
                for one, high in zip(
                    shown[place + 1 : place + 2], heights[place + 1 : place + 2], strict=True
                )
            )
        )
        if (
            last is not None
            and id(letter) not in bridged
            and (_is_apart(last, letter, size, raised) or (alone and _stands_off(last, letter)))
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


def _stands_off(last: Letter, letter: Letter) -> bool:
    """Whether a raised letter is a mark of its own and no ending as in "1st"."""
    return (letter.text.isalpha() or letter.text == "(") and last.text.isalnum()


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
