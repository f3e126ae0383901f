"""Tables: what stands in the frames that rules and gaps show, as rows under heads."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace

from index.loading import pdf_cells, pdf_table_heads, pdf_table_rows
from index.loading.pdf_cells import Edges, Row
from index.loading.pdf_frames import Frame, Level
from index.loading.pdf_lines import Line

_CROSSING = 0.5
"""Share of a table's letters that may stand across edges of columns."""
_ROWS_A_BAND = 1.6
"""Rows between two rules of a table, on the average, up to which each row is taken for ruled."""


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """Rows of a table, the heads apart."""

    heads: list[Row]
    rows: list[Row]
    edges: Edges
    top: float
    bottom: float
    said: tuple[str, ...] = ()
    """What the heads say of each column."""


def read(frame: Frame, pieces: list[Line]) -> Table | None:
    """The table in a frame; None where what stands there is none."""
    second = frame.levels[min(frame.second, len(frame.levels) - 1)].at
    cut = [
        part
        for one in pieces
        for part in (
            [one]
            if (frame.boxed or one.base < second) and pdf_table_heads.spans(one, frame)
            else pdf_cells.parts(one, frame.edges)
        )
    ]
    if _is_crossed([one for one in cut if one.base > second] or cut, frame.edges):
        return None
    reach = pdf_table_rows.reaches(cut, frame.edges)
    bands = [
        pdf_table_rows.rows_of(band, frame.edges, reach, boxed=frame.boxed and number > 0)
        for number, band in enumerate(_banded(frame, cut))
    ]
    over, rest = bands[: frame.second], [band for band in bands[frame.second :] if band]
    ruled = len(rest) > 3 and sum(map(len, rest)) <= _ROWS_A_BAND * len(rest)
    if ruled:
        rest = [[pdf_cells.merged(band)] for band in rest]
    heads = [row for band in over for row in band]
    whole = [pdf_cells.merged(band) for band in over if band]
    if ruled or (rest and pdf_table_heads.may_be(whole)):
        heads = whole
    rows = heads + [row for band in rest for row in band]
    if len(rows) < 2 or len({place for row in rows for place in row.filled}) < 2:
        return None
    alone = ruled or frame.boxed or not rest
    count = pdf_table_heads.count(rows, len(heads), frame, ruled=alone)
    table = Table(rows[:count], rows[count:], frame.edges, frame.top, frame.bottom)
    return replace(table, said=pdf_table_heads.said(table.heads, frame))


def _is_crossed(pieces: list[Line], edges: Edges) -> bool:
    """Whether much of what stands in a frame runs over the edges of its columns: then the rules
    are of something else."""
    crossing = sum(len(one.text) for one in pieces if not pdf_cells.fits(one, edges))
    return crossing > _CROSSING * sum(len(one.text) for one in pieces)


def _banded(frame: Frame, pieces: list[Line]) -> list[list[Line]]:
    """``pieces`` by the rules that they stand between. A piece in a cell that spans several belongs
    to the first, where no rule over it ends the cell."""
    bands: list[list[Line]] = [[] for _ in frame.levels]
    heights = [one.at for one in frame.levels]
    near = pdf_cells.NEAR
    for one in pieces:
        over = range(bisect_left(heights, one.base) - 1, 0, -1)
        levels = ((number, frame.levels[number]) for number in over)
        under = (
            number for number, each in levels if each.left - near <= one.middle <= each.right + near
        )
        bands[next(under, 0)].append(one)
    return bands


def unruled(rows: list[list[Line]], edges: Edges) -> Table:
    """The table that rows of pieces make, without rules."""
    pieces = [part for row in rows for one in row for part in pdf_cells.value_parts(one, edges)]
    reach = pdf_table_rows.reaches(pieces, edges)
    made = pdf_table_rows.rows_of(pieces, edges, reach, ruled=False)
    first = pdf_table_heads.leading(made)
    table = Table(made[:first], made[first:], edges, rows[0][0].top, rows[-1][0].bottom)
    whole = Level(table.bottom, edges[0], edges[-1], edges)
    return replace(table, said=pdf_table_heads.said(table.heads, Frame((whole, whole), edges)))
