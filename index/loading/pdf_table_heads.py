"""The heads of a table's columns: which rows are heads, and what they say of each column."""

from __future__ import annotations

from itertools import pairwise

from index.loading.pdf_cells import NEAR, Edges, Row, column, is_value, merged
from index.loading.pdf_frames import Frame
from index.loading.pdf_lines import Line

_MOST = 6
"""Rows of heads, at most."""
_LINES = 8
"""Lines of a head, at most."""
_SAME = 2.0
_MIDDLE = 0.15
"""Share of its width by which a head may stand off the middle of the columns that it spans."""


def count(rows: list[Row], over: int, frame: Frame, *, ruled: bool) -> int:
    """How many of ``rows`` are heads of the columns; ``over`` stand over the second rule, and
    ``ruled`` says that each row is ruled."""
    if not ruled or over > 1:
        return min(over, _MOST) if over < len(rows) and not has_values(rows[:over]) else 0
    heads = _spanning(rows, frame) + 1
    head, rest = rows[heads - 1], rows[heads:]
    if not rest or _is_entry(head) or any(map(_is_entry, rows[:heads])):
        return 0
    full = len(head.filled) > 0.6 * len(head.cells)
    bold = all(one.bold for one in head.lines) and not all(
        line.bold for row in rest for line in row.lines
    )
    numeric = any(is_value(cell[0].text) for row in rest for cell in row.cells[1:] if cell)
    return heads if bold or (full and (numeric or len(head.cells) > 2)) else 0


def _spanning(rows: list[Row], frame: Frame) -> int:
    """How many rows there are over the first of which no piece heads several columns."""
    for number, row in enumerate(rows):
        if not any(spans(one, frame) for one in row.lines):
            return min(number, _MOST)
    return 0


def _is_entry(row: Row) -> bool:
    """Whether a row has values where heads have none."""
    first = row.cells[0]
    named = bool(first) and is_value(first[0].text)
    return (named or has_values([row])) and not all(one.bold for one in row.lines)


def has_values(rows: list[Row]) -> bool:
    """Whether numbers that are no years stand beside the first column."""
    values = [
        cell
        for row in rows
        for cell in row.cells[1:]
        if cell and all(is_value(line.text) for line in cell)
    ]
    return any(not _is_year(line.text) for cell in values for line in cell)


def _is_year(text: str) -> bool:
    return text.isdecimal() and len(text) == 4


def may_be(rows: list[Row]) -> bool:
    """Whether rows over a rule may be heads: they hold no values, and are not many lines."""
    return not has_values(rows) and all(len(cell) <= _LINES for row in rows for cell in row.cells)


def leading(rows: list[Row]) -> int:
    """How many of rows without rules are heads: those over the first values, if they name columns
    of numbers or are bold over others that are not."""
    valued = next((number for number, row in enumerate(rows) if has_values([row])), 0)
    first = min(valued, _MOST)
    while first > 1 and rows[first - 1].filled == (0,):
        first -= 1
    for heads in dict.fromkeys((first, 1)):
        if 0 < heads < len(rows) - 1 and _names([merged(rows[:heads]), *rows[heads:]]):
            return heads
    return 0


def _names(rows: list[Row]) -> bool:
    """Whether the first row names columns of numbers, or is bold over others that are not."""
    head, rest = rows[0], rows[1:]
    if has_values([head]) or any(
        line.text.isdecimal() and len(line.text) < 4 for cell in head.cells[1:] for line in cell
    ):
        return False
    bold = all(one.bold for one in head.lines) and not any(
        all(one.bold for one in row.lines) for row in rest
    )
    columns = [
        [row.cells[place][0].text for row in rest if row.cells[place]]
        for place in range(1, len(head.cells))
        if head.cells[place]
    ]
    return bold or any(len(each) > 1 and all(map(is_value, each)) for each in columns)


def spans(line: Line, frame: Frame) -> bool:
    """Whether a piece stands in a cell over several columns, as rules show."""
    if frame.cuts(line):
        return False
    left, right = frame.cell(line)
    held = sum(left - NEAR < (one + two) / 2 < right + NEAR for one, two in pairwise(frame.edges))
    return held > 1 and left - 2 < line.left and line.right < right + 2


def said(heads: list[Row], frame: Frame) -> tuple[str, ...]:
    """What the heads say of each column. One over several columns is said of each: of those under
    its letters, of those under the part of a rule below it or over it, and where no rule is, of
    those in whose middle it stands."""
    out: list[list[str]] = [[] for _ in frame.edges[1:]]
    lines = sorted((one for row in heads for one in row.lines), key=lambda one: one.base)
    for line in lines:
        for place in _columns(line, lines, frame):
            out[place].append(line.text)
    for place in range(1, len(out)):
        if not out[place] and _is_one_cell(place, frame):
            out[place] = out[place - 1]
    return tuple(" ".join(" ".join(one).split()) for one in out)


def _is_one_cell(place: int, frame: Frame) -> bool:
    """Whether the uppermost rule is drawn in parts, none of which ends where a column begins: then
    the head beside it is over both."""
    joints = frame.levels[0].joints[1:-1]
    return len(joints) > 0 and all(abs(frame.edges[place] - one) > 2 * NEAR for one in joints)


def _columns(line: Line, lines: list[Line], frame: Frame) -> list[int]:
    """The columns that a head is said of."""
    left, right = frame.cell(line)
    own = column(line, frame.edges)
    if (left, right) != (line.left, line.right):
        if not _is_alone(line, lines, left, right):
            left, right = line.left, line.right
        left, right = min(left, line.left), max(right, line.right)
    elif not any(_aligned(line, one) for one in lines if column(one, frame.edges) == own):
        left, right = _spread(line, lines, frame.edges)
    return [
        number
        for number, (one, two) in enumerate(pairwise(frame.edges))
        if min(right, two) - max(left, one) > NEAR or one <= line.middle < two
    ]


def _aligned(line: Line, below: Line) -> bool:
    """Whether a head goes on in another below it: they begin, end or have their middle alike."""
    return below.base - line.base > line.size / 2 and any(
        abs(one - other) < _SAME
        for one, other in (
            (line.left, below.left),
            (line.right, below.right),
            (line.middle, below.middle),
        )
    )


def _is_alone(line: Line, lines: list[Line], left: float, right: float) -> bool:
    """Whether nothing else stands beside a head between two places."""
    near = [one for one in lines if abs(one.base - line.base) < line.size / 2]
    return sum(left <= one.middle <= right for one in near) == 1


def _spread(line: Line, lines: list[Line], edges: Edges) -> tuple[float, float]:
    """How far a head reaches that stands in the middle over several heads below it, which no other
    head beside it is nearer to."""
    below = [one for one in lines if one.base - line.base > line.size / 2]
    beside = [one for one in lines if one is not line and abs(one.base - line.base) < line.size / 2]
    places = sorted({column(one, edges) for one in below} - {column(one, edges) for one in beside})
    own = column(line, edges)
    best = line.left, line.right
    off = _MIDDLE
    for first in range(own, -1, -1):
        for last in range(own, len(edges) - 1):
            if first == last or not set(range(first, last + 1)) <= set(places):
                continue
            held = [one for one in below if first <= column(one, edges) <= last]
            spans = [
                (min(one.left for one in held), max(one.right for one in held)),
                (edges[first], edges[last + 1]),
            ]
            for left, right in spans:
                shift = abs((left + right) / 2 - line.middle) / max(right - left, 1.0)
                if shift < off:
                    best, off = (min(left, line.left), max(right, line.right)), shift
    return best
