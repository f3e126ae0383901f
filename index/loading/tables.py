"""Rows of a table under the heads of its columns, for every format that has tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_YEAR = re.compile(r"(?:19|20)\d\d$")
_MOST_HEAD_ROWS = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid."""

    text: str
    number: bool = False
    """Whether it holds a number or a date, and not words."""
    spread: bool = False
    """Whether it is only a part of the cell to its left, which spans columns."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row, with a head for each cell."""

    cells: list[str]
    heads: list[str]


def headed(grid: Sequence[Sequence[Cell]], heads: int) -> Iterator[Row]:
    """The rows of a grid of which the first ``heads`` rows are heads of its columns. These come
    first, without heads."""
    heads = min(heads, _MOST_HEAD_ROWS, len(grid) - 1) if grid else 0
    names = names_of(grid[: max(heads, 0)])
    for number, row in enumerate(grid):
        own = [cell for cell in row if not cell.spread]
        places = [place for place, cell in enumerate(row) if not cell.spread]
        said = [names[place] if place < len(names) else "" for place in places]
        yield Row([cell.text for cell in own], [] if number < heads else said)


def names_of(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """The heads of columns: what stands above each, from top to bottom."""
    names: list[str] = []
    for place in range(max(map(len, rows), default=0)):
        above = [" ".join(row[place].text.split()) for row in rows if place < len(row)]
        names.append(" ".join(dict.fromkeys(text for text in above if text)))
    return names


def reads_as_heads(row: Sequence[Cell]) -> bool:
    """Whether a row may be one of heads where the file does not say: words, or years, no other
    number, and more than one."""
    filled = [cell for cell in row if cell.text]
    words = [cell for cell in filled if not cell.number]
    others = all(_YEAR.match(cell.text) for cell in filled if cell.number)
    return len(filled) > 1 and bool(words) and others
