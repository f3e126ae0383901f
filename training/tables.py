"""Makes groups of tables that nobody printed (``tables.toml``): a question for a cell, and rows as
the index reads them, "caption. row; head: cell; head: cell". So the reader knows rows of a table
before it sees any."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from training.excerpts import Excerpt
from training.records import Example, Group

FILE = Path(__file__).parent / "tables.toml"
_EACH = 16
"""Tables drawn of each kind."""
_UNANSWERED = 0.4
"""Share of the questions whose column the table lacks, or whose row."""
_GIVEN = ("Ana", "Tomas", "Li", "Ingrid", "Samuel", "Noor", "Piotr", "Grace", "Yusuf", "Elena")
_FAMILY = ("Okafor", "Lindqvist", "Marsh", "Tanaka", "Ferreira", "Haddad", "Novak", "Osei", "Varga")
_MONTHS = ("January", "March", "May", "June", "September", "November")


@dataclass(frozen=True, slots=True)
class _Column:
    head: str
    cells: str | list[str]
    asks: list[str]

    def cell(self, order: random.Random) -> str:
        """What could stand in a cell of it."""
        if not isinstance(self.cells, str):
            return order.choice(self.cells)
        match self.cells.split():
            case ["number", low, high]:
                number = order.randrange(int(low), int(high))
                return order.choice((f"{number}", f"{number:,}", f"{number:,}".replace(",", " ")))
            case ["date"]:
                day, month = order.randrange(1, 29), order.choice(_MONTHS)
                return f"{day} {month} {order.randrange(1998, 2027)}"
        return f"{order.choice(_GIVEN)} {order.choice(_FAMILY)}"


def groups() -> list[Group]:
    """The groups of all tables; always the same."""
    order = random.Random(0)
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))["table"]
    titles = [caption for one in tables for caption in one["captions"] if caption]
    return [
        group
        for table in tables
        for _ in range(_EACH)
        for group in _groups(table, order.choice(titles), order)
    ]


def _groups(table: dict[str, list[str]], title: str, order: random.Random) -> Iterator[Group]:
    columns = [_Column(**one) for one in table["columns"]]  # type: ignore[arg-type]
    caption = order.choice(table["captions"])
    named = [*order.sample(table["rows"], len(table["rows"]))]
    rows, absent = named[:-2], named[-2:]
    lost = order.choice(columns)
    shown = [one for one in order.sample(columns, len(columns)) if one is not lost]
    printed = {row: _printed(caption, row, shown, order) for row in rows}
    for column in columns:
        row = order.choice(rows)
        there = column is not lost
        if there and order.random() < _UNANSWERED / 2:
            row, there = order.choice(absent), False
        others = order.sample([one for one in rows if one != row], 3)
        before = order.choice(("", printed[order.choice(others)]))
        told = [row, *others] if row in printed else others
        examples = [
            Example(Excerpt(title, caption, before, printed[one]), there and one == row)
            for one in told
        ]
        yield Group("invented", order.choice(column.asks).format(row), tuple(examples))


def _printed(caption: str, row: str, columns: list[_Column], order: random.Random) -> str:
    cells = "; ".join(f"{one.head}: {one.cell(order)}" for one in columns)
    return ". ".join(filter(None, (caption, f"{row}; {cells}")))
