"""Rows of a table under the heads of its columns, for every format that has tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_YEAR = re.compile(r"(?:19|20)\d\d$")
_NUMBER = re.compile(r"[-–−+(]?[$€£¥]? ?[\d.,'\u202f ]*\d[\d.,'\u202f ]*\)? ?[%$€£¥]?")
_TIME = r"\d{1,2}:\d{2}(?::\d{2})?"
_DATE = re.compile(rf"\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}(?:[ T]{_TIME})?|{_TIME}")
_LONGEST_NUMBER = 40
_SAMPLE = 200
"""Rows and columns that are looked at to guess heads."""
_MOST_HEAD_ROWS = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid."""

    text: str
    number: bool = False
    """Whether it holds a number or a date, and not words."""
    strong: bool = False
    """Whether it is printed bold."""
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


def is_number(text: str) -> bool:
    """Whether a cell holds a number, an amount, a share or a date, and no words."""
    if len(text) > _LONGEST_NUMBER:
        return False
    return any(one.fullmatch(text.strip()) for one in (_NUMBER, _DATE))


def guessed_heads(grid: Sequence[Sequence[Cell]]) -> int:
    """How many rows of a table are its heads where the file does not say: one, or none.

    The first row is where it has words over numbers, or stands out as no other row does, or names
    three columns or more, each in its own way.
    """
    if len(grid) < 2 or not reads_as_heads(grid[0]):
        return 0
    grid = [row[:_SAMPLE] for row in grid[:_SAMPLE]]
    first, others = grid[0], grid[1:]
    stands_out = _stands_out(first) and not all(_stands_out(row) for row in others)
    filled = [cell.text for cell in first if cell.text]
    names = len(set(filled)) == len(filled) >= 3 and len(filled) >= 0.7 * max(map(len, grid))
    return int(stands_out or names or any(_over_numbers(grid, n) for n in range(len(first))))


def _stands_out(row: Sequence[Cell]) -> bool:
    return all(cell.strong for cell in row if cell.text)


def _over_numbers(grid: Sequence[Sequence[Cell]], place: int) -> bool:
    """Whether a column has a word at its top, and below it numbers alone, two or more."""
    column = [row[place] for row in grid if place < len(row) and row[place].text]
    below = column[1:] if column and grid[0][place].text else []
    return len(below) > 1 and not column[0].number and all(cell.number for cell in below)
