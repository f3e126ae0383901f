"""Tables: where the rules and the gaps of a page show columns, and what their rows say.

Rules show a table best: word processors draw each rule cell by cell, so that the joints of its
parts are the edges of the columns, even where no rule stands between these.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from index.loading import pdf_lines
from index.loading.pdf_lines import Line
from index.loading.pdf_pages import Rule

_NEAR = 3.0
"""Points within which edges count as one."""
_FAR = 3.0
"""Type sizes by which rows of a table are apart at most."""
_LEAST_WIDTH = 60.0
_TOUCHING = 6.0
"""Points by which parts of one rule are apart at most."""
_TALLEST = 0.6
"""Share of the page by which two rules of one table are apart at most, where none stands between
them from top to bottom."""


@dataclass(frozen=True, slots=True)
class Level:
    """A rule from left to right, with the joints of its parts."""

    at: float
    left: float
    right: float
    joints: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a table stands: the heights of its rules and the edges of its columns."""

    levels: tuple[Level, ...]
    edges: tuple[float, ...]
    """From its left side to its right."""

    @property
    def top(self) -> float:
        """Its uppermost rule."""
        return self.levels[0].at

    @property
    def bottom(self) -> float:
        """Its lowest rule."""
        return self.levels[-1].at


def frames(rules: list[Rule], height: float) -> list[Frame]:
    """The tables that the rules of a page show."""
    found_levels = levels(rules)
    posts = [one for one in rules if not one.level and one.bottom - one.top > 4]
    groups: list[list[Level]] = []
    for level in found_levels:
        last = groups[-1][-1] if groups else None
        if last is not None and _belongs(last, level, posts, height):
            groups[-1].append(level)
        else:
            groups.append([level])
    found = [_frame(group, posts) for group in groups if len(group) > 1]
    return [one for one in found if one is not None]


def levels(rules: list[Rule]) -> list[Level]:
    """Rules from left to right, from the top; those drawn in parts at one height are joined."""
    found: list[Level] = []
    row: list[Rule] = []
    for rule in sorted((one for one in rules if one.level), key=lambda one: one.top):
        if row and rule.top - row[0].top > _NEAR:
            found += _runs(row)
            row = []
        row.append(rule)
    return found + (_runs(row) if row else [])


def shares_joint(one: Level, other: Level) -> bool:
    """Whether an edge of columns shows in both of two rules."""
    return any(abs(at - place) <= _NEAR for at in one.joints[1:-1] for place in other.joints)


def _runs(row: list[Rule]) -> list[Level]:
    found: list[list[Rule]] = []
    for rule in sorted(row, key=lambda one: one.left):
        reach = max(one.right for one in found[-1]) if found else 0.0
        if found and rule.left - reach <= _TOUCHING:
            found[-1].append(rule)
        else:
            found.append([rule])
    return [
        Level(
            at=median((one.top + one.bottom) / 2 for one in run),
            left=run[0].left,
            right=max(one.right for one in run),
            joints=_edges([side for one in run for side in (one.left, one.right)]),
        )
        for run in found
        if max(one.right for one in run) - run[0].left > 10
    ]


def _edges(places: list[float]) -> tuple[float, ...]:
    """``places`` with those near one another taken together."""
    found: list[list[float]] = []
    for place in sorted(places):
        if found and place - found[-1][-1] <= _NEAR:
            found[-1].append(place)
        else:
            found.append([place])
    return tuple(sum(one) / len(one) for one in found)


def _belongs(last: Level, level: Level, posts: list[Rule], height: float) -> bool:
    """Whether two rules below one another are of one table."""
    shared = min(last.right, level.right) - max(last.left, level.left)
    if shared < 0.5 * min(last.right - last.left, level.right - level.left):
        return False
    if any(
        one.top <= last.at + _NEAR
        and one.bottom >= level.at - _NEAR
        and last.left - _NEAR <= one.left <= last.right + _NEAR
        for one in posts
    ):
        return True
    common = [
        one
        for one in last.joints[1:-1]
        if any(abs(one - other) <= _NEAR for other in level.joints[1:-1])
    ]
    partial = level.at - last.at < 30 and (len(last.joints) > 2 or len(level.joints) > 2)
    return (bool(common) or partial) and level.at - last.at < _TALLEST * height


def _frame(levels: list[Level], posts: list[Rule]) -> Frame | None:
    left, right = min(one.left for one in levels), max(one.right for one in levels)
    inner = [
        one.left
        for one in posts
        if levels[0].at - _NEAR <= one.top
        and one.bottom <= levels[-1].at + _NEAR
        and left - _NEAR <= one.left <= right + _NEAR
    ]
    edges = _edges([left, right, *(place for one in levels for place in one.joints), *inner])
    if len(edges) < 3 or right - left < _LEAST_WIDTH:
        return None
    return Frame(tuple(levels), edges)


@dataclass(frozen=True, eq=False, slots=True)
class Row:
    """A row of a table: for each column its lines."""

    cells: list[list[Line]]

    @property
    def lines(self) -> list[Line]:
        """All of them."""
        return [one for cell in self.cells for one in cell]


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """Rows of a table, the heads apart."""

    heads: list[Row]
    rows: list[Row]
    edges: tuple[float, ...]
    top: float
    bottom: float
    said: tuple[str, ...] = ()
    """What the heads say of each column."""


def read(frame: Frame, pieces: list[Line]) -> Table | None:
    """The table in a frame; None where what stands there is none."""
    cut = [part for one in pieces for part in _parts(one, frame.edges)]
    bands = [_rows_of(band, frame.edges) for band in _banded(frame, cut)]
    second = _second(frame)
    rest = [band for band in bands[second:] if band]
    ruled = len(rest) > 3 and median(map(len, rest)) <= 1
    if ruled:
        bands = [[_merged(band)] if band else [] for band in bands]
    over = sum(map(len, bands[:second]))
    rows = [row for band in bands for row in band]
    filled = {place for row in rows for place, cell in enumerate(row.cells) if cell}
    if len(rows) < 2 or len(filled) < 2:
        return None
    heads = _heads(rows, over, ruled or not rest)
    table = Table(rows[:heads], rows[heads:], frame.edges, frame.top, frame.bottom)
    return replace(table, said=_said(table.heads, frame))


def _second(frame: Frame) -> int:
    """The number of the second rule across the whole table."""
    whole = [number for number, level in enumerate(frame.levels) if _is_whole(level, frame)]
    return whole[1] if len(whole) > 1 else 1


def _is_whole(level: Level, frame: Frame) -> bool:
    return level.right - level.left > 0.9 * (frame.edges[-1] - frame.edges[0])


def _said(heads: list[Row], frame: Frame) -> tuple[str, ...]:
    """What the heads say of each column. One over several columns is said of each: of those under
    its letters, and of those under the part of a rule below it."""
    out: list[list[str]] = [[] for _ in frame.edges[1:]]
    for line in sorted((one for row in heads for one in row.lines), key=lambda one: one.base):
        under = [one for one in frame.levels if one.at > line.base and _is_below(one, line)]
        left, right = line.left, line.right
        if under and not _is_whole(under[0], frame):
            left, right = min(left, under[0].left), max(right, under[0].right)
        for number, (one, two) in enumerate(pairwise(frame.edges)):
            if min(right, two) - max(left, one) > _NEAR or one <= line.middle < two:
                out[number].append(line.text)
    return tuple(" ".join(" ".join(one).split()) for one in out)


def _is_below(level: Level, line: Line) -> bool:
    return level.left <= line.middle <= level.right


def extended(frame: Frame, pieces: list[Line]) -> Frame:
    """``frame`` with the rows that stand under its last rule, as where a table goes on over the
    page's end."""
    below = [one for one in pieces if one.base > frame.bottom and not one.turn]
    reach = frame.bottom
    for number, row in enumerate(pdf_lines.beside(below)):
        near = row[0].base - reach < _FAR * row[0].size
        apart = {column(one, frame.edges) for one in row}
        if not near or not all(_fits(one, frame.edges) for one in row):
            break
        if number == 0 and len(apart) < 2:
            break
        reach = row[0].base
    if reach == frame.bottom:
        return frame
    last = Level(reach + 1.0, frame.edges[0], frame.edges[-1], frame.edges)
    return Frame((*frame.levels, last), frame.edges)


def _fits(line: Line, edges: tuple[float, ...]) -> bool:
    """Whether a piece stands in one column."""
    inside = edges[0] - _NEAR < line.left and line.right < edges[-1] + _NEAR
    return inside and not any(line.left + 2 < one < line.right - 2 for one in edges[1:-1])


def _merged(rows: list[Row]) -> Row:
    """Rows between two rules of a table in which each row is ruled."""
    cells = zip(*(row.cells for row in rows), strict=True)
    return Row([[line for cell in each for line in cell] for each in cells])


def _parts(line: Line, edges: tuple[float, ...]) -> list[Line]:
    """``line`` cut at the blanks in which edges of columns lie."""
    inner = [one for one in edges[1:-1] if line.left + 1 < one < line.right - 1]
    if not inner or " " not in line.text or line.turn:
        return [line]
    out, start = [], 0
    centres = pdf_lines.centres(line)
    for place, letter in enumerate(line.text):
        if letter != " " or not 0 < place < len(line.text) - 1:
            continue
        before, after = centres[place - 1], centres[place + 1]
        if any(before < edge < after for edge in inner):
            out.append(pdf_lines.part(line, start, place))
            start = place + 1
    return [*out, pdf_lines.part(line, start, len(line.text))]


def _banded(frame: Frame, pieces: list[Line]) -> list[list[Line]]:
    """``pieces`` by the rules that they stand between. A piece in a cell that spans several belongs
    to the first, where no rule over it ends the cell."""
    bands: list[list[Line]] = [[] for _ in frame.levels]
    for one in pieces:
        middle = one.middle
        over = [
            number
            for number, level in enumerate(frame.levels)
            if level.at < one.base and level.left - _NEAR <= middle <= level.right + _NEAR
        ]
        bands[over[-1] if over else 0].append(one)
    return bands


def _rows_of(band: list[Line], edges: tuple[float, ...]) -> list[Row]:
    """The rows between two rules."""
    lines = _together(pdf_lines.beside(band))
    gaps = [two[0].base - one[0].base for one, two in pairwise(lines)]
    wide = 1.25 * min(gaps, default=0.0)
    even = all(gap <= wide for gap in gaps)
    opens = _opens if even else _both_numeric
    groups = [lines[:1]]
    for line, gap in zip(lines[1:], gaps, strict=True):
        if _is_rest(line, edges) and gap < 1.6 * wide:
            groups[-1].append(line)
        elif gap > wide or opens(groups[-1], line, edges):
            groups.append([line])
        else:
            groups[-1].append(line)
    return [_row([one for line in group for one in line], edges) for group in groups]


def _is_rest(line: list[Line], edges: tuple[float, ...]) -> bool:
    """Whether a line holds words of one cell beside the first column, which go on from above."""
    return len(line) == 1 and column(line[0], edges) > 0 and not is_value(line[0].text)


def _together(lines: list[list[Line]]) -> list[list[Line]]:
    """``lines`` with those taken for one that stand less than a line apart, as cells that are set
    to the middle of a row do."""
    out: list[list[Line]] = []
    for line in lines:
        if out and line[0].base - out[-1][0].base < 0.6 * line[0].size:
            out[-1] = pdf_lines.in_order(out[-1] + line)
        else:
            out.append(line)
    return out


def _row(pieces: list[Line], edges: tuple[float, ...]) -> Row:
    cells: list[list[Line]] = [[] for _ in edges[1:]]
    for one in pieces:
        cells[column(one, edges)].append(one)
    return Row([[pdf_lines.joined(row) for row in pdf_lines.beside(cell)] for cell in cells])


def column(line: Line, edges: tuple[float, ...]) -> int:
    """The column that a piece stands in: that of its middle, or where it begins if it spans
    several."""
    spans = sum(line.left < one < line.right for one in edges[1:-1])
    place = line.left + 1 if spans else line.middle
    return max(0, min(sum(one <= place for one in edges) - 1, len(edges) - 2))


def _opens(group: list[list[Line]], line: list[Line], edges: tuple[float, ...]) -> bool:
    """Whether a line among lines that are all equally far apart opens a row."""
    if _both_numeric(group, line, edges):
        return True
    first = line[0]
    if column(first, edges) != 0:
        return False
    above = [one for row in group for one in row if column(one, edges) == 0]
    if not above:
        return True
    indented = first.left > above[0].left + 0.4 * first.size
    return not first.text[0].islower() and not indented


def _both_numeric(group: list[list[Line]], line: list[Line], edges: tuple[float, ...]) -> bool:
    """Whether there are numbers beside the first column, above and in the line."""
    return all(
        any(column(one, edges) > 0 and is_value(one.text) for one in row)
        for row in ([one for each in group for one in each], line)
    )


def is_value(text: str) -> bool:
    """Whether a cell holds a number, or says that there is none."""
    letters = sum(map(str.isalpha, text))
    digits = sum(map(str.isdigit, text))
    return (digits > 0 and letters <= 3 and digits >= letters) or text.strip() in {
        "-", "–", "—", "…", "..", "*"
    }  # fmt: skip


def _heads(rows: list[Row], first: int, ruled: bool) -> int:
    """How many of ``rows`` are heads of the columns; ``first`` stand over the second rule."""
    if not ruled or first > 1:
        return min(first, 6) if first < len(rows) and not _has_values(rows[:first]) else 0
    head, rest = rows[0], rows[1:]
    if _has_values(rows[:1]) and not all(one.bold for one in head.lines):
        return 0
    full = sum(bool(cell) for cell in head.cells) > 0.6 * len(head.cells)
    bold = all(one.bold for one in head.lines) and not all(
        line.bold for row in rest for line in row.lines
    )
    numeric = any(is_value(cell[0].text) for row in rest for cell in row.cells[1:] if cell)
    return 1 if bold or (full and (numeric or len(head.cells) > 2)) else 0


def _has_values(rows: list[Row]) -> bool:
    """Whether numbers that are no years stand beside the first column."""
    values = [
        line.text for row in rows for cell in row.cells[1:] for line in cell if is_value(line.text)
    ]
    return any(not (one.isdecimal() and len(one) == 4) for one in values)


def unruled(rows: list[list[Line]], edges: tuple[float, ...]) -> Table:
    """The table that rows of pieces make, without rules."""
    made = _rows_of([one for row in rows for one in row], edges)
    first = 1 if len(made) > 2 and _is_head(made) else 0
    top, bottom = rows[0][0].top, rows[-1][0].bottom
    table = Table(made[:first], made[first:], edges, top, bottom)
    return replace(table, said=_said(table.heads, Frame((), edges)))


def _is_head(rows: list[Row]) -> bool:
    """Whether the first row names columns of numbers, or is bold over others that are not."""
    head, rest = rows[0], rows[1:]
    if _has_values([head]):
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
