"""Workbooks that would unpack to more than they could say: a cell at the far corner of an empty
sheet, a long text in each of many cells. The library that reads them lays out a sheet whole.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from lxml import etree

from index.errors import UnreadableDocument

MAX_CELLS = 5_000_000
"""Of a sheet from its first cell to its last, empty ones too."""
MAX_CHARACTERS = 100_000_000
"""Of all cells of a workbook."""
_SHARED = "sharedstrings"
_LOOSE = ".vml"
"""Drawings that are often no valid XML, and never sheets."""
_XML = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_FAR = 10**9
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})$")


def check(archive: zipfile.ZipFile) -> None:
    """Raises ``UnreadableDocument`` for a workbook over the limits."""
    shared = [one for one in archive.infolist() if _SHARED in one.filename.lower()]
    lengths: list[int] = []
    for one in shared:
        with archive.open(one) as file:
            lengths += _lengths(file)
    total = 0
    for one in archive.infolist():
        if one in shared or one.filename.lower().endswith(_LOOSE):
            continue
        with archive.open(one) as file:
            is_xml = file.read(8).lstrip().startswith(_XML)
        if is_xml:  # any part may be a sheet, whatever its name
            with archive.open(one) as file:
                total += _check_sheet(file, lengths)
        if total > MAX_CHARACTERS:
            raise UnreadableDocument("repeats its texts until they fill more than can be read")


def _lengths(file: IO[bytes]) -> Iterator[int]:
    """The lengths of the texts that cells share."""
    for element in _elements(file, "si"):
        yield sum(len(text) for text in element.itertext())
        _forget(element)


@dataclass(slots=True)
class _Extent:
    """The part of a sheet that is filled."""

    top: int = _FAR
    left: int = _FAR
    bottom: int = 0
    right: int = 0

    def add(self, row: int, column: int) -> None:
        self.top, self.bottom = min(self.top, row), max(self.bottom, row)
        self.left, self.right = min(self.left, column), max(self.right, column)
        if (self.bottom - self.top + 1) * (self.right - self.left + 1) > MAX_CELLS:
            raise UnreadableDocument("spreads its cells over more than can be laid out")


def _check_sheet(file: IO[bytes], lengths: list[int]) -> int:
    """The characters of a sheet's cells."""
    extent = _Extent()
    characters = 0
    for (row, column), element in _cells(file):
        if element.get("t") == "s":
            index = _number(element.findtext("{*}v"), len(lengths))
            characters += lengths[index] if index < len(lengths) else 0
        if len(element):
            extent.add(row, column)
    return characters


def styled(file: IO[bytes]) -> Iterator[tuple[tuple[int, int], int]]:
    """The places of a sheet's cells, row and column from 1, with the numbers of their styles."""
    for place, element in _cells(file):
        if element.get("s") and len(element):
            yield place, _number(element.get("s"), -1)


def _cells(file: IO[bytes]) -> Iterator[tuple[tuple[int, int], etree._Element]]:
    """The cells of a sheet with their places."""
    row, column = 1, 0
    for element in _elements(file, "row", "c"):
        if etree.QName(element).localname == "row":
            row, column = _number(element.get("r"), row) + 1, 0
            _forget(element)
        else:
            row, column = _place(element, row, column)
            yield (row, column), element


def _place(element: etree._Element, row: int, column: int) -> tuple[int, int]:
    """The row and column of a cell, which may leave them unsaid: then it follows the one before."""
    match = _PLACE.match(element.get("r", ""))
    if match is None:
        parent = element.getparent()
        return row if parent is None else _number(parent.get("r"), row), column + 1
    number = 0
    for letter in match[1]:
        number = 26 * number + ord(letter) - ord("A") + 1
    return int(match[2]), number


def _number(said: str | None, otherwise: int) -> int:
    plain = said is not None and said.isascii() and said.isdigit() and len(said) < 9
    return int(said) if said is not None and plain else otherwise


def _forget(element: etree._Element) -> None:
    """Free what has been read."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _elements(file: IO[bytes], *names: str) -> Iterator[etree._Element]:
    """The elements of these names as they end."""
    tags = [f"{{*}}{name}" for name in names]
    parsed = etree.iterparse(
        file, events=("end",), tag=tags, resolve_entities=False, no_network=True, huge_tree=False
    )
    for _, element in parsed:
        yield element
