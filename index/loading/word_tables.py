"""Tables of Word: which of them hold data, their cells, and which rows are heads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from lxml import etree

from index.loading.tables import Cell, guessed_heads
from index.loading.word_styles import W, is_on, number

_LONG = 400
"""Characters of a cell that holds paragraphs of a page, and not a datum."""
_MOST_SPANNED = 100
_WRAPPERS = (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins")


@dataclass(frozen=True, slots=True)
class CellSaid:
    """A cell as it is read, with the pages that break off before its text and within."""

    cell: Cell
    breaks_before: int
    breaks_within: int


@dataclass(frozen=True, slots=True)
class Line:
    """A row, with the pages that break off before it and within."""

    cells: list[Cell]
    breaks_before: int
    breaks_within: int
    is_head: bool


def is_data(table: etree._Element, is_heading: Callable[[etree._Element], bool]) -> bool:
    """Whether a table is one to its reader, and not a frame that lays out a page."""
    if max((len(_cells(row)) for row in _rows(table)), default=0) < 2:
        return False
    for one in cells(table):
        paragraphs = list(one.iter(f"{W}p"))
        if one.find(f".//{W}tbl") is not None or any(map(is_heading, paragraphs)):
            return False
        if len(paragraphs) > 2 and sum(len(text) for text in one.itertext()) > _LONG:
            return False
    return True


def cells(table: etree._Element) -> Iterator[etree._Element]:
    """The cells of a table, row by row."""
    for row in _rows(table):
        yield from _cells(row)


def lines(table: etree._Element, read: Callable[[etree._Element], CellSaid]) -> list[Line]:
    """The rows of a table. A cell that spans rows stands in each of them."""
    found: list[Line] = []
    above: list[Cell] = []
    for row in _rows(table):
        line: list[Cell] = [Cell("", spread=True)] * _span(row, "trPr/gridBefore", 0)
        before = within = 0
        for element in _cells(row):
            said = read(element)
            cell = said.cell
            merged = element.find(f"{W}tcPr/{W}vMerge")
            goes_on = merged is not None and merged.get(f"{W}val") != "restart"
            if goes_on and not cell.text and len(line) < len(above):
                cell = above[len(line)]
            before = max(before, said.breaks_before)
            within = max(within, said.breaks_within)
            line += [cell, *[replace(cell, spread=True)] * (_span(element, "tcPr/gridSpan", 1) - 1)]
        above = line
        found.append(Line(line, before, within, bool(is_on(row, "trPr/tblHeader"))))
    return found


def heads(table: etree._Element, rows: list[Line]) -> int:
    """How many of the rows are heads of the columns."""
    said = next((place for place, row in enumerate(rows) if not row.is_head), len(rows))
    if said:
        return said
    look = table.find(f"{W}tblPr/{W}tblLook")
    denied = look is not None and look.get(f"{W}firstRow") == "0"
    return 0 if denied else guessed_heads([row.cells for row in rows])


def _span(element: etree._Element, path: str, least: int) -> int:
    return min(max(number(element, path) or least, least), _MOST_SPANNED)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    return _inner(table, f"{W}tr")


def _cells(row: etree._Element) -> list[etree._Element]:
    return list(_inner(row, f"{W}tc"))


def _inner(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The children of a name, those that are wrapped too."""
    stack = list(reversed(element))
    while stack:
        one = stack.pop()
        if one.tag == name:
            yield one
        elif one.tag in _WRAPPERS:
            stack += reversed(one)
