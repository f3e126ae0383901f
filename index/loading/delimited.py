"""Tables in text (CSV, TSV): rows under the heads of their columns, whatever parts the cells."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter

from index.errors import UnreadableDocument
from index.loading.canonical import Writer
from index.loading.grids import GridWriter
from index.loading.loader import Content, ConventionsOf
from index.loading.tables import Cell, is_number

_DELIMITERS = "\t;|,"
"""In the order in which they are preferred: a comma is also part of numbers and of text."""
_SAMPLE = 65_536
_DECLARED = re.compile(r"sep=([^\w\s]|\t)\r?\n", re.I)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class DelimitedLoader:
    """Reads CSV and its kin."""

    name = "csv"
    version = "1"
    suffixes = frozenset({".csv", ".tsv"})

    def recognises(self, _data: bytes, suffix: str) -> bool:
        """By the ending: any text may be a table."""
        return suffix in self.suffixes

    def load(self, data: bytes, conventions_of: ConventionsOf) -> Content:
        """Read a table. Raises ``UnreadableDocument``."""
        writer = Writer()
        rows = _rows(_decoded(data))
        grid = [[Cell(cell.strip(), is_number(cell)) for cell in row] for row in rows]
        GridWriter(writer, first_row_names=True).write(grid)
        return writer.content(conventions_of)


def _decoded(data: bytes) -> str:
    if not data:
        raise UnreadableDocument("is empty")
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    for name in [marked] if marked else ["utf-8", "cp1252"]:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise UnreadableDocument("is a binary file, not text")
        return text
    raise UnreadableDocument("is in an encoding that is not known; save it as UTF-8")


def _rows(text: str) -> list[list[str]]:
    declared = _DECLARED.match(text)
    if declared:
        text = text[declared.end() :]
    delimiter = declared[1] if declared else _delimiter(text)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        # A quotation mark that nothing closes: then it is a sign like any other.
        return [line.split(delimiter) for line in text.splitlines()]


def _delimiter(text: str) -> str:
    """What parts most rows into one number of cells, more than one; a comma where nothing does."""
    lines = text[:_SAMPLE].splitlines(keepends=True)
    if len(text) > _SAMPLE and len(lines) > 1:
        lines.pop()
    return max(reversed(_DELIMITERS), key=lambda one: (_evenness(lines, one), one != ","))


def _evenness(lines: list[str], delimiter: str) -> float:
    """The share of rows that have the most common number of cells, if that is more than one."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if any(row)]
    except csv.Error:
        return 0.0
    several = Counter(width for width in widths if width > 1)
    return round(max(several.values(), default=0) / max(len(widths), 1), 1)
