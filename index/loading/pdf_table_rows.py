"""Where a row of a table ends and the next begins, where no rule says so.

A line of print opens a row, or goes on with the one above it. What tells: the distance to the line
above, against the distance of lines within cells; whether the first column is filled; numbers that
stand under numbers; and whether the first word would have had room on the line above. Where none
tells, lines stay apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from index.loading import pdf_cells, pdf_lines
from index.loading.pdf_cells import Edges, Row, is_value
from index.loading.pdf_lines import Line
from index.loading.pdf_paragraphs import is_ended

_TIGHT = 1.25
"""Times the distance of lines within cells up to which lines stand close."""
_LOOSE = 1.8
"""The same, for a paragraph within a cell."""
_LEAST_STEP = 0.9
"""Type sizes between the baselines of lines below one another, at least."""
_ONE_LINE = 0.6
"""Type sizes up to which baselines are of one line, as where cells are set to the middle."""
_WHITE = 0.7
"""Type sizes of white between rows of running text."""
_SEVERAL = 3
"""Lines of a column that reach about as far, if that is where its lines must end."""
_PROSE = 24
"""Characters of a line of running text in a narrow column, at least, in the middle."""

Cells = dict[int, list[Line]]
Reaches = dict[int, tuple[float, list[float]]]
"""Of each column of a table, where its text begins, and where its lines end, in order."""


def reaches(pieces: list[Line], edges: Edges) -> Reaches:
    """How far the pieces of a whole table go in its columns."""
    return {
        place: (min(one.left for one in each), sorted(one.right for one in each))
        for place, each in pdf_cells.columns_of(pieces, edges).items()
    }


def rows_of(
    band: list[Line], edges: Edges, reach: Reaches, *, ruled: bool = True, boxed: bool = False
) -> list[Row]:
    """The rows that stand between two rules, of a table whose columns ``reach`` so far. Where no
    rules are, lines go on in others only if that is sure; where they are ``boxed`` around rows,
    a row is only cut where its lines are surely rows."""
    if not band:
        return []
    if not boxed and _is_prose(band, edges):
        return [pdf_cells.row(part, edges) for part in _apart(band)]
    lines = [pdf_cells.columns_of(line, edges) for line in _together(pdf_lines.beside(band))]
    groups = _grouped(lines, _Told.of(lines, edges, reach, ruled))
    if boxed and not _are_rows(groups):
        groups = [lines]
    return [
        pdf_cells.row([one for line in group for cell in line.values() for one in cell], edges)
        for group in groups
    ]


def _are_rows(groups: list[list[Cells]]) -> bool:
    """Whether each of several groups of lines names what it is of, with values beside that."""
    return all(
        any(0 in line for line in group)
        and any(is_value(one.text) for line in group for at in line if at for one in line[at])
        for group in groups
    )


def _together(lines: list[list[Line]]) -> list[list[Line]]:
    """``lines`` with those taken for one that stand less than a line apart, as cells that are set
    to the middle of a row do."""
    out: list[list[Line]] = []
    for line in lines:
        if out and line[0].base - out[-1][0].base < _ONE_LINE * line[0].size:
            out[-1] = pdf_lines.in_order(out[-1] + line)
        else:
            out.append(line)
    return out


def _is_prose(band: list[Line], edges: Edges) -> bool:
    """Whether running text stands side by side in several columns."""
    columns = pdf_cells.columns_of(band, edges)
    long = [
        each
        for each in columns.values()
        if len(each) > 2 and median(len(one.text) for one in each) > _PROSE
    ]
    return len(long) > 1 and len(long) == len(columns)


def _apart(band: list[Line]) -> list[list[Line]]:
    """``band`` cut where white runs through all columns."""
    out: list[list[Line]] = []
    reach = 0.0
    for one in sorted(band, key=lambda one: one.top):
        if not out or one.top - reach > _WHITE * one.size:
            out.append([])
        out[-1].append(one)
        reach = max(reach, one.bottom)
    return out


@dataclass(frozen=True, slots=True)
class _Told:
    """What the lines of a table tell together."""

    step: float
    """Between lines within cells."""
    spaced: bool
    """Whether rows are further apart than lines within cells."""
    low: bool
    """Whether values stand beside the last line of what they are of, and not beside the first."""
    columns: Reaches

    @classmethod
    def of(cls, lines: list[Cells], edges: Edges, reach: Reaches, ruled: bool) -> _Told:
        steps = [
            after.base - before.base
            for place in range(len(edges) - 1)
            for before, after in pairwise([one for line in lines for one in line.get(place, [])])
            if after.base - before.base > _LEAST_STEP * max(before.size, after.size)
        ]
        step = min(steps, default=0.0)
        gaps = [_base(two) - _base(one) for one, two in pairwise(lines)]
        wide = [gap > _TIGHT * step for gap in gaps]
        # Without rules, every line that fills several columns must be set off.
        opens = [one for one, line in zip(wide, lines[1:], strict=True) if len(line) > 1]
        spaced = any(wide) if ruled else len(opens) > 1 and all(opens)
        return cls(step, spaced, _is_low(lines), reach)

    def wraps(self, place: int, above: Line, below: Line) -> bool:
        """Whether the first word of a line had no room on the line above in a column."""
        if not self.spaced and is_ended(above.text):
            return False
        left, ends = self.columns.get(place, (above.left, [above.right]))
        right = ends[-1]
        several = sum(one > above.right - above.size for one in ends) >= _SEVERAL
        if not self.spaced and not (several and " " in above.text):
            return False
        word = below.text.split()[0]
        needed = below.width * (len(word) + 1) / max(len(below.text), 1)
        if abs(above.left - below.left) < 1.5:
            room = right - above.right
        else:
            room = right - left - above.width
        return room < needed + 0.3 * below.size


def _is_low(lines: list[Cells]) -> bool:
    """Whether lines that go on in small letters have values beside them more often than the lines
    above them have."""
    pairs = [
        (_values(above), _values(line))
        for above, line in pairwise(lines)
        if 0 in line and 0 in above and line[0][0].text[0].islower()
    ]
    low = sum(bool(here) and not over for over, here in pairs)
    return low > sum(bool(over) and not here for over, here in pairs)


def _base(line: Cells) -> float:
    return max(one.base for cell in line.values() for one in cell)


def _top(line: Cells) -> float:
    return min(one.base for cell in line.values() for one in cell)


def _grouped(lines: list[Cells], told: _Told) -> list[list[Cells]]:
    """``lines`` as the rows that they make. What nothing tells is decided as those lines are that
    stand as close: if some are rows surely, all are."""
    groups, close = _parted(lines, told, unsure=True)
    return groups if close or not told.spaced else _parted(lines, told, unsure=False)[0]


def _parted(lines: list[Cells], told: _Told, *, unsure: bool) -> tuple[list[list[Cells]], bool]:
    """``lines`` as rows, where a line of which nothing is told opens one if ``unsure``; and whether
    some line surely does that stands close to the one above."""
    groups: list[list[Cells]] = []
    close = False
    for line in lines:
        opens = _opens(groups[-1], line, told) if groups else True
        close = close or (bool(groups) and opens is True and _is_tight(groups[-1], line, told))
        if unsure if opens is None else opens:
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups, close


def _is_tight(row: list[Cells], line: Cells, told: _Told) -> bool:
    return _top(line) - _base(row[-1]) <= _TIGHT * told.step


def _opens(row: list[Cells], line: Cells, told: _Told) -> bool | None:
    """Whether a line opens another row than that of the lines above it; None where nothing
    tells."""
    key, tight = line.get(0), _is_tight(row, line, told)
    if _values(line) & _values(*row):
        goes_on = key is None or _continues(0, row, line, told)
        return not (tight and goes_on and _is_second(row, line))
    if not tight:
        return key is not None or not _is_paragraph(row, line, told)
    if key is None:
        return False if told.spaced or not _starts_anew(row, line, told) else None
    return _is_named(row, line, told)


def _is_named(row: list[Cells], line: Cells, told: _Told) -> bool | None:
    """``_opens`` of a line with a first cell close below another."""
    key, before = line[0][0], _last(0, row)
    if key.text[0].islower() or (before is None and told.spaced):
        return False
    if before is None or before.bold != key.bold:
        return None if before is None else True
    shared = [place for place in line if place and place in row[-1]]
    going_on = [place for place in shared if _continues(place, row, line, told)]
    if not _continues(0, row, line, told):
        # A line that was ended on purpose shows in other cells that go on.
        return (None if told.spaced and going_on else True) if any(line) else None
    if going_on != shared:
        return None if told.spaced else True
    if not shared:
        # A line of the first column alone may as well go on in the line below it.
        alone = not any(line)
        return alone and bool(_values(*row)) if told.low else False if told.spaced else None
    small = any(line[place][0].text[0].islower() for place in shared)
    return not told.spaced and not small


def _last(place: int, row: list[Cells]) -> Line | None:
    """The last piece of a row in a column."""
    return next((line[place][-1] for line in reversed(row) if place in line), None)


def _continues(place: int, row: list[Cells], line: Cells, told: _Told) -> bool:
    """Whether a line goes on in a column with what stands right above it there."""
    last = _last(place, row)
    if last is None or place not in line:
        return False
    first = line[place][0]
    if first.base - last.base > _TIGHT * told.step:
        return False
    return first.text[0].islower() or told.wraps(place, last, first)


def _starts_anew(row: list[Cells], line: Cells, told: _Told) -> bool:
    """Whether a line without a first cell fills several columns, and goes on in none."""
    return len(line) > 1 and not any(_continues(place, row, line, told) for place in line)


def _is_paragraph(row: list[Cells], line: Cells, told: _Told) -> bool:
    """Whether a line without a first cell goes on with a cell's text after some white."""
    near = _top(line) - _base(row[-1]) < _LOOSE * told.step
    return near and len(line) == 1 and not _values(line) and _last(min(line), row) is not None


def _values(*lines: Cells) -> set[int]:
    """The columns beside the first in which values stand."""
    return {
        at
        for line in lines
        for at, cell in line.items()
        if at and any(is_value(one.text) for one in cell)
    }


def _is_second(row: list[Cells], line: Cells) -> bool:
    """Whether values stand under a few of those above alone, as a second value in their cells."""
    here, above = _values(line), _values(*row)
    return 2 * len(here) < len(above) and set(line) - {0} <= here
