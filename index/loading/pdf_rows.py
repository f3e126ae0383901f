"""Rows of tables as blocks, with the heads of their columns and the caption over the table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median

from index.loading import pdf_cells, pdf_tables
from index.loading.pdf_cells import Row, is_value
from index.loading.pdf_lines import Line
from index.loading.pdf_paragraphs import Paragraph, is_ended
from index.loading.pdf_tables import Table
from index.records import BlockKind

_NUMBERED = re.compile(r"^[^\W\d_]{3,12}\.?\s(?:\d{1,3}|[IVXL]{1,5}|[A-Z](?:\.?[IVXL\d]{1,4})+)\b")
"""How captions begin in most languages: a word and a number, "Table 3", "Cuadro II"."""
_LONGEST_CAPTION = 300
_LARGER = 1.45
"""Type this much larger than the table's is that of a heading."""
_SAME = 4.0
_FAR = 40.0
_GAP = 0.5
"""Type sizes between columns that no rules show."""


@dataclass(eq=False, slots=True)
class Rows(Paragraph):
    """A row of a table, with the table's heads and the columns that it fills."""

    table: Table | None = None
    places: tuple[int, ...] = ()
    is_head: bool = False


def of(table: Table) -> list[Paragraph]:
    """The rows of a table; those of its heads are one."""
    rows = list(table.rows)
    if table.heads:
        cells = [[line for row in table.heads for line in row.cells[place]]
                 for place in range(len(table.edges) - 1)]  # fmt: skip
        rows.insert(0, Row(cells))
    out: list[Paragraph] = []
    for number, row in enumerate(rows):
        filled = tuple(place for place, cell in enumerate(row.cells) if cell)
        cells = [row.cells[place] for place in filled]
        lines = [line for cell in cells for line in cell]
        one = Rows(lines, table.edges[-1], BlockKind.ROW, cells=cells, table=table, places=filled)
        one.is_head = bool(table.heads) and number == 0
        out.append(one)
    return [one for one in out if one.cells]


def of_grid(rows: list[list[Line]]) -> list[Paragraph]:
    """Rows of pieces in columns that no rules show."""
    pieces = [one for row in rows for one in row]
    edges = pdf_cells.gap_edges(rows, _GAP * median(one.size for one in pieces))
    if len(rows) < 2 or len(edges) < 3:
        return [Paragraph([one], one.right) for one in pieces]
    made = pdf_tables.unruled(rows, edges)
    return of(made)


def complete(pages: list[list[Paragraph]]) -> None:
    """Gives rows the heads of their columns and the caption over their table; a table that goes on
    from the page before has those of its beginning. A row that goes on there is one row."""
    last: _Said | None = None
    before: list[Paragraph] = []
    for body in pages:
        if before and body:
            _join(before[-1], body)
        before = body or before
        for number, one in enumerate(body):
            if not isinstance(one, Rows) or one.table is None:
                last = None
                continue
            if last is None or last.table is not one.table:
                goes_on = number == 0 and last is not None and _same_columns(last.table, one.table)
                last = _said(one, last if goes_on else None, body, number)
            _tell(one, last)


def _join(last: Paragraph, body: list[Paragraph]) -> None:
    """Joins the last row of a page with the first of the next, which has words in cells that go on
    and does not say what it is of."""
    number = next((at for at, one in enumerate(body) if not _is_head(one)), len(body))
    first = body[number] if number < len(body) else None
    if not isinstance(last, Rows) or not isinstance(first, Rows) or last.is_head:
        return
    if last.table is None or first.table is None or not _same_columns(last.table, first.table):
        return
    new = not set(first.places) <= set(last.places)
    if new or 0 in first.places or any(is_value(one.text) for one in first.lines):
        return
    for place, cell in zip(first.places, first.cells, strict=True):
        last.cells[last.places.index(place)] += cell
    last.lines = [line for cell in last.cells for line in cell]
    body.pop(number)


def _is_head(one: Paragraph) -> bool:
    return isinstance(one, Rows) and one.is_head


@dataclass(frozen=True, eq=False, slots=True)
class _Said:
    """What is said of the rows of a table."""

    table: Table
    heads: tuple[str, ...]
    caption: str


def _said(row: Rows, before: _Said | None, body: list[Paragraph], number: int) -> _Said:
    assert row.table is not None
    heads = row.table.said
    if before is None:
        return _Said(row.table, heads, _caption(body, number))
    if row.is_head and heads != before.heads and not row.bold:
        row.is_head = False
    return _Said(row.table, before.heads if any(before.heads) else heads, before.caption)


def _tell(row: Rows, said: _Said) -> None:
    row.caption = said.caption
    if not row.is_head and any(said.heads):
        row.heads = tuple(said.heads[place] for place in row.places)


def _same_columns(one: Table, other: Table) -> bool:
    return len(one.edges) == len(other.edges) and all(
        abs(left - right) < _SAME for left, right in zip(one.edges, other.edges, strict=True)
    )


def _caption(body: list[Paragraph], number: int) -> str:
    """What stands over a table and says what it is; made a caption."""
    found: list[Paragraph] = []
    place = number - 1
    row = body[number]
    assert isinstance(row, Rows)
    assert row.table is not None
    over = min(row.table.top, *(one.top for one in row.lines), _FAR * 1e3)
    while place >= 0 and len(found) < 3:
        one = body[place]
        if one.kind is not BlockKind.PARAGRAPH or one.mark or one.page != row.page:
            break
        text = one.text
        near = -2 < over - one.lines[-1].base < _FAR
        said = any(len(word) > 3 for word in re.findall(r"[^\W\d_]+", text))
        if (
            not near
            or not said
            or len(text) > _LONGEST_CAPTION
            or (is_ended(text) and text[-1] != ")")
        ):
            break
        if text[0].islower():
            break
        found.insert(0, one)
        over = one.lines[0].top
        place -= 1
    numbered = [at for at, one in enumerate(found) if _NUMBERED.match(one.text)]
    if numbered:
        found = found[numbered[-1] :]
    else:
        found = found[-2:] if found and found[-1].text[0] == "(" else found[-1:]
        large = any(one.lines[0].size > _LARGER * row.lines[0].size for one in found)
        if large or not any(one.bold or one.text[0] == "(" for one in found):
            return ""
    for one in found:
        one.kind = BlockKind.CAPTION
    return " ".join(" ".join(one.text.split()) for one in found)
