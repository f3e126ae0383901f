"""Writes a sheet of cells as its reader sees it: tables under their captions and heads, and lines
of text around them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.loading.canonical import Writer, fold_line
from index.loading.tables import Cell, guessed_heads, headed, names_of, reads_as_heads
from index.records import BlockKind

Grid = Sequence[Sequence[Cell]]
_LONGEST_CAPTION = 200


class GridWriter:
    """Writes the parts of a sheet, one after the other."""

    def __init__(self, writer: Writer, first_row_names: bool = False) -> None:
        """``first_row_names``: where it may, the first row is taken for the heads of its columns,
        as is the rule in some formats."""
        self._writer = writer
        self._first_row_names = first_row_names
        self._names: list[str] = []
        self._caption = ""

    def write(self, grid: Grid) -> None:
        """Write a sheet."""
        for part in _parts(grid):
            self._write_part(part)

    def _write_part(self, part: Grid) -> None:
        """Write rows without a blank row between them: lines above a table, the table, lines
        below."""
        full = [place for place, row in enumerate(part) if _filled(row) > 1]
        if not full:
            self._write_lines(part)
            return
        above, table, below = part[: full[0]], part[full[0] : full[-1] + 1], part[full[-1] + 1 :]
        lines = [_line(row) for row in above]
        for line in lines:
            self._writer.add(BlockKind.CAPTION, line)
        self._write_table(table, " ".join(lines) or self._caption)
        self._caption = ""
        for row in below:
            self._writer.add(BlockKind.PARAGRAPH, _line(row))

    def _write_lines(self, part: Grid) -> None:
        """Write lines of text; one that stands alone may be the caption of the table below."""
        lines = [_line(row) for row in part]
        alone = len(lines) == 1 and len(lines[0]) <= _LONGEST_CAPTION
        self._caption = lines[0] if alone else ""
        for line in lines:
            self._writer.add(BlockKind.CAPTION if alone else BlockKind.PARAGRAPH, line)

    def _write_table(self, table: Grid, caption: str) -> None:
        heads = self._heads(table)
        if heads:
            self._names = names_of(table[:heads])
            rows = list(headed(table, heads))
        else:
            # A blank row parts a table, and its heads hold on: they are written above once.
            names = self._names if max(map(len, table)) <= len(self._names) else []
            rows = list(headed([[Cell(name) for name in names], *table], 1))[1:]
        for number, row in enumerate(rows):
            self._writer.row(row.cells, row.heads, caption, first=number == 0)

    def _heads(self, table: Grid) -> int:
        if self._first_row_names and not self._names and len(table) > 1:
            filled = [cell.text for cell in table[0] if cell.text]
            distinct = len(set(filled)) == len(filled)
            if distinct and reads_as_heads(table[0]):
                return 1
        if any(cell.spread for cell in table[0]) and guessed_heads(table[1:]):
            return 2
        return guessed_heads(table)


def _parts(grid: Grid) -> Iterator[Grid]:
    """Runs of rows that hold something."""
    part: list[Sequence[Cell]] = []
    for row in grid:
        if _filled(row):
            part.append(row)
        elif part:
            yield part
            part = []
    if part:
        yield part


def _filled(row: Sequence[Cell]) -> int:
    return sum(1 for cell in row if cell.text and not cell.spread)


def _line(row: Sequence[Cell]) -> str:
    return fold_line(" ".join(cell.text for cell in row if cell.text and not cell.spread))
