"""Tables of contents, told by their form: entries with dots or a wide gap before the number of a
page, which grows from entry to entry. They are furniture: what they name stands in the text, where
it can be quoted. Entries that lead to numbered paragraphs ("7 - 27") say something of the text, and
stay rows of a table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from index.conventions import Conventions
from index.loading import pdf_lines, pdf_order
from index.loading.pdf_lines import Line

_PAGE = re.compile(r"\d{1,4}|[ivxlc]{1,7}")
_FEWEST = 3
"""Entries of a page that make a table of contents."""
_FEWEST_BARE = 5
"""The same, without dots, under a heading that says what it is."""
_GROWING = 0.8
"""Share of the entries whose numbers are no smaller than those before them, at least."""
_SAME = 4.0
"""Points by which the ends of numbers of pages differ at most."""
_BETWEEN = 8
"""Lines without a number between two entries, at most."""
_CLOSE = 1.6
"""Type sizes between the lines of one entry, at most."""
_HEADS = 4
"""Lines over the first entry in which heads of columns and the heading stand."""
_SHORT = 20
"""Characters of the head of a column, at most."""
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(slots=True)
class Contents:
    """Takes tables of contents off pages, one after the other."""

    known: Conventions
    goes_on: bool = field(default=False)
    """Whether the page before ends in one."""

    def parted(self, pieces: list[Line]) -> tuple[list[Line], list[Line]]:
        """The lines of a table of contents on a page, joined, and its other pieces."""
        level = [one for one in pieces if not one.turn]
        rows = [pdf_order.with_marks(row) for row in pdf_lines.beside(level)]
        entries = self._entries(rows)
        if not entries:
            self.goes_on = False
            return [], pieces
        first, last = self._first(rows, entries), entries[-1]
        self.goes_on = last + _HEADS > len(rows)
        top = min(one.base for one in rows[first])
        bottom = max(one.base for one in rows[last])
        taken = [one for row in rows[first : last + 1] for one in row]
        rest = [one for one in pieces if one.turn or not top <= one.base <= bottom]
        return [pdf_lines.joined(row) for row in pdf_lines.beside(taken)], rest

    def _entries(self, rows: list[list[Line]]) -> list[int]:
        """The numbers of the rows that are entries; none where they make no table of contents."""
        leading = [
            number
            for number, row in enumerate(rows)
            if any(one.leads for one in row) and (_page(row) or row[-1].leads)
        ]
        named = any(self._names(row) for row in rows)
        found = leading if leading or not named else range(len(rows))
        ends = [rows[number][-1].right for number in found if _page(rows[number])]
        if len(ends) < (_FEWEST if leading else _FEWEST_BARE):
            return []
        right = median(ends) if leading else max(ends)
        entries = [
            number
            for number, row in enumerate(rows)
            if number in leading or (_page(row) and abs(row[-1].right - right) < _SAME)
        ]
        run = _run(entries)
        few = _FEWEST if leading else _FEWEST_BARE
        return run if len(run) >= few and _grow([rows[number] for number in run]) else []

    def _first(self, rows: list[list[Line]], entries: list[int]) -> int:
        """The row in which a table of contents begins: with its heading, the heads of its columns,
        or the first line of an entry of several."""
        first = entries[0]
        if self.goes_on:
            return 0
        while first and _goes_on(rows[first - 1], rows[first]):
            first -= 1
        for number in range(first - 1, max(first - _HEADS, 0) - 1, -1):
            if self._names(rows[number]):
                return number
        while (
            first
            and all(len(one.text) <= _SHORT for one in rows[first - 1])
            and any(abs(one.right - rows[entries[0]][-1].right) < _SAME for one in rows[first - 1])
        ):
            first -= 1
        return first

    def _names(self, row: list[Line]) -> bool:
        return self.known.names_contents(" ".join(one.text for one in row))


def _page(row: list[Line]) -> bool:
    """Whether a row ends in the number of a page, with something before it."""
    return len(row) > 1 and _PAGE.fullmatch(row[-1].text) is not None


def _run(entries: list[int]) -> list[int]:
    """The longest run of entries with few lines between them."""
    runs = [entries[:1]]
    for one, two in pairwise(entries):
        if two - one > _BETWEEN:
            runs.append([])
        runs[-1].append(two)
    return max(runs, key=len)


def _grow(rows: list[list[Line]]) -> bool:
    """Whether the numbers of pages grow from entry to entry."""
    pages = [_value(row[-1].text) for row in rows if _page(row)]
    steps = list(pairwise(pages))
    return sum(one <= two for one, two in steps) >= _GROWING * len(steps)


def _value(page: str) -> int:
    if page.isdecimal():
        return int(page)
    digits = [_ROMAN[one] for one in page]
    # Pages before the first are numbered in Roman.
    return -1000 + sum(
        -one if any(later > one for later in digits[place + 1 : place + 2]) else one
        for place, one in enumerate(digits)
    )


def _goes_on(row: list[Line], below: list[Line]) -> bool:
    """Whether the entry of a row goes on in the one below it."""
    near = below[0].base - row[0].base < _CLOSE * below[0].size
    return near and len(row) == 1 and abs(row[0].size - below[0].size) < 0.5
