"""Cells of tables: which column a piece of a line stands in, and whether it holds a value."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from index.loading import pdf_lines
from index.loading.pdf_lines import Line

NEAR = 3.0
"""Points within which edges count as one."""
_NONE = frozenset({"-", "–", "—", "…", "..", "...", "*", "n/a", "N/A"})
"""What says that there is no value."""

_FULL = 0.7
"""Share of the most pieces that a row has, from which it is full."""
_ODD = 0.15
"""Share of numbers that may stand across the gap between two columns of them."""
_FAR = 1e6
_STRAY = 0.25
"""Share of rows in which something stands across an edge of columns, at most."""

Edges = tuple[float, ...]
"""Of the columns of a table, from its left side to its right, in points."""


@dataclass(frozen=True, eq=False, slots=True)
class Row:
    """A row of a table: for each column its lines."""

    cells: list[list[Line]]

    @property
    def lines(self) -> list[Line]:
        """All of them."""
        return [one for cell in self.cells for one in cell]

    @property
    def filled(self) -> tuple[int, ...]:
        """The columns in which something stands."""
        return tuple(place for place, cell in enumerate(self.cells) if cell)


def row(pieces: list[Line], edges: Edges) -> Row:
    """The row that pieces make, each in its column, with those of one line joined."""
    cells: list[list[Line]] = [[] for _ in edges[1:]]
    for one in pieces:
        cells[column(one, edges)].append(one)
    return Row([[pdf_lines.joined(line) for line in pdf_lines.beside(cell)] for cell in cells])


def merged(rows: list[Row]) -> Row:
    """Rows as one."""
    cells = zip(*(one.cells for one in rows), strict=True)
    return Row([[line for cell in each for line in cell] for each in cells])


def column(line: Line, edges: Edges) -> int:
    """The column that a piece stands in: that of its middle, or where it begins if it spans
    several."""
    last = len(edges) - 1
    inner = bisect_right(edges, line.left, 1, last)
    spans = inner < last and edges[inner] < line.right
    place = line.left + 1 if spans else line.middle
    return max(0, min(bisect_right(edges, place) - 1, last - 1))


def fits(line: Line, edges: Edges) -> bool:
    """Whether a piece stands in one column."""
    inside = edges[0] - NEAR < line.left and line.right < edges[-1] + NEAR
    return inside and not any(line.left + 2 < one < line.right - 2 for one in edges[1:-1])


def parts(line: Line, edges: Edges) -> list[Line]:
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


def value_parts(line: Line, edges: Edges) -> list[Line]:
    """``parts``, if the line is of values alone."""
    return parts(line, edges) if all(map(is_value, line.text.split())) else [line]


def is_value(text: str) -> bool:
    """Whether a cell holds a number, or says that there is none."""
    letters = sum(map(str.isalpha, text))
    digits = sum(map(str.isdigit, text))
    return (digits > 0 and letters <= 3 and digits >= letters) or text.strip() in _NONE


def without_narrow(edges: Edges, pieces: list[Line], often: dict[float, int]) -> Edges:
    """``edges`` without those that stand so close beside another that nothing stands between them,
    as where rules above and below do not quite meet. Of two, that stays which fewer pieces cross,
    or which shows ``often``."""
    size = min((one.size for one in pieces), default=0.0)
    kept = list(edges)
    place = 0
    while len(kept) > 3 and place < len(kept) - 1:
        one, two = kept[place], kept[place + 1]
        if two - one > 1.3 * size or any(_between(piece, one, two) for piece in pieces):
            place += 1
            continue
        if place == 0 or place + 2 == len(kept):
            kept.pop(1 if place == 0 else place)
            continue
        worse = min((one, two), key=lambda edge: (-_crossed(edge, pieces), often.get(edge, 0)))
        kept.remove(worse)
    return tuple(kept)


def _between(piece: Line, one: float, two: float) -> bool:
    return one - 1.5 < piece.left and piece.right < two + 1.5


def _crossed(edge: float, pieces: list[Line]) -> int:
    return sum(_crosses(one, edge) for one in pieces)


def gap_edges(rows: list[list[Line]], least: float) -> Edges:
    """The edges of columns that no rules show, where hardly anything stands in the fullest of
    ``rows`` and little in the others; gaps are at least ``least`` points wide."""
    most = max(map(len, rows))
    full = [one for row in rows if len(row) >= _FULL * most for one in row]
    pieces = [one for row in rows for one in row]
    edges = [
        edge
        for edge in _gaps(full, least, 0)
        if sum(any(_crosses(one, edge) for one in row) for row in rows) <= _STRAY * len(rows)
    ]
    inner = []
    for left, right in pairwise([-_FAR, *edges, _FAR]):
        held = [one for one in full if left < one.middle < right]
        if held and all(map(is_value, " ".join(one.text for one in held).split())):
            inner += _gaps(held, least, int(_ODD * len(held)))
    left, right = min(one.left for one in pieces), max(one.right for one in pieces)
    return (left, *sorted(edges + inner), right)


def _gaps(pieces: list[Line], least: float, odd: int) -> list[float]:
    """The middles of the gaps between pieces, seen from above, where no more than ``odd`` pieces
    stand; of the widest part in which none does."""
    ends = sorted([(one.left, 1) for one in pieces] + [(one.right, -1) for one in pieces])
    found: list[float] = []
    over, start, free = 0, None, (0.0, 0.0)
    for (at, step), (after, _) in pairwise(ends):
        over += step
        if over > odd:
            if start is not None and at - start > least:
                found.append(sum(free) / 2 if free[1] > free[0] else (start + at) / 2)
            start, free = None, (0.0, 0.0)
            continue
        start = at if start is None else start
        if not over and after - at > free[1] - free[0]:
            free = at, after
    return found


def _crosses(piece: Line, edge: float) -> bool:
    return piece.left + 1 < edge < piece.right - 1


def columns_of(lines: list[Line], edges: Edges) -> dict[int, list[Line]]:
    """``lines`` by their columns, left to right."""
    found: dict[int, list[Line]] = {}
    for one in lines:
        found.setdefault(column(one, edges), []).append(one)
    return found
