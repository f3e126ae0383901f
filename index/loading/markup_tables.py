"""Tables of HTML: which of them hold data, and their rows under heads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from index.loading.tables import Cell, Row, headed
from index.loading.trees import tag

_LONG = 400
"""Characters of a cell that holds paragraphs of a page, and not a datum."""
_LONGEST_SPAN = 1000
_MOST_SPANNED = 200_000
"""Places in one table that cells may take by spanning: more is no table of a reader."""
_PARTS_OF_PAGES = frozenset("h1 h2 h3 h4 h5 h6 table nav main article section form".split())


def is_data(table: etree._Element) -> bool:
    """Whether a table is one to its reader, and not a frame that lays out a page."""
    if table.get("role", "").lower() in ("presentation", "none"):
        return False
    widest = paragraphs = 0
    for one in table.iter():
        name = tag(one)
        if one is not table and name in _PARTS_OF_PAGES:
            return False
        if name == "tr":
            widest = max(widest, sum(tag(cell) in ("td", "th") for cell in one))
        elif name == "td":
            inner = [part for part in one if tag(part) in ("p", "div")]
            long = len(inner) > 1 and sum(len(text) for text in one.itertext()) > _LONG
            paragraphs += long
    return widest > 1 and not paragraphs


def rows(table: etree._Element, text_of: Callable[[etree._Element], str]) -> Iterator[Row]:
    """The rows of a table. A cell that spans rows stands in each of them."""
    grid = _Grid(text_of)
    heads = 0
    leading = True
    for row in _rows(table):
        cells = [cell for cell in row if tag(cell) in ("td", "th")]
        grid.add(cells)
        parent = row.getparent()
        in_head = parent is not None and tag(parent) == "thead"
        leading = leading and (in_head or (bool(cells) and all(tag(one) == "th" for one in cells)))
        heads += leading
    yield from headed(grid.rows, heads)


@dataclass(slots=True)
class _Grid:
    """Cells at their columns, those that span several at each."""

    text_of: Callable[[etree._Element], str]
    rows: list[list[Cell]] = field(default_factory=list)
    below: dict[int, tuple[int, Cell]] = field(default_factory=dict)
    """Cells that go on below the last row, with for how long."""
    spanned: int = 0

    def add(self, cells: list[etree._Element]) -> None:
        """Add a row."""
        row: list[Cell] = []
        above, self.below = self.below, {}
        for one in cells:
            self._go_on(row, above)
            text, down = self.text_of(one), self._span(one, "rowspan")
            for number in range(self._span(one, "colspan")):
                cell = Cell(text, spread=number > 0)
                if down > 1:
                    self.below[len(row)] = (down - 1, cell)
                row.append(cell)
        self._go_on(row, above)
        self.rows.append(row)

    def _go_on(self, row: list[Cell], above: dict[int, tuple[int, Cell]]) -> None:
        while len(row) in above and self.spanned < _MOST_SPANNED:
            left, cell = above[len(row)]
            if left > 1:
                self.below[len(row)] = (left - 1, cell)
            row.append(cell)
            self.spanned += 1

    def _span(self, cell: etree._Element, name: str) -> int:
        said = cell.get(name, "1").strip()
        if not (said.isdecimal() and len(said) < 9) or self.spanned >= _MOST_SPANNED:
            return 1
        span = max(1, min(int(said), _LONGEST_SPAN))
        self.spanned += span - 1
        return span


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for part in table:
        if tag(part) == "tr":
            yield part
        elif tag(part) in ("thead", "tbody", "tfoot"):
            yield from (row for row in part if tag(row) == "tr")
