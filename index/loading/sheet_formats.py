"""Which cells of a workbook are shown as shares: 0.125 under the format "0.0%" is 12.5%."""

from __future__ import annotations

import posixpath
import re
import zipfile

from lxml import etree

from index.loading import archives, sheet_limits
from index.loading.trees import of_xml, tag

_OF_OFFICE = {9: 0, 10: 2}
"""The formats of shares that have numbers of their own, with their decimals."""
_SHARE = re.compile(r"0(?:\.(?P<decimals>0+))?%")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MOST_DECIMALS = 15
Shares = dict[tuple[int, int], int]
"""The decimals of each cell that is shown as a share, by row and column from 1."""


def shares(archive: zipfile.ZipFile) -> dict[str, Shares]:
    """The shares of each sheet, by its name; of sheets that have some."""
    styles = _styles(archive)
    if not styles:
        return {}
    found = {}
    for name, part in _sheets(archive).items():
        with archive.open(part) as file:
            cells = {
                place: styles[style]
                for place, style in sheet_limits.styled(file)
                if style in styles
            }
        if cells:
            found[name] = cells
    return found


def _styles(archive: zipfile.ZipFile) -> dict[int, int]:
    """The decimals of each style of shares, by its number."""
    said = archives.read(archive, "xl/styles.xml")
    if not said:
        return {}
    root = of_xml(said)
    decimals = dict(_OF_OFFICE)
    for one in root.iter():
        match = _SHARE.search(one.get("formatCode", "")) if tag(one) == "numfmt" else None
        if match:
            decimals[_number(one, "numFmtId")] = min(len(match["decimals"] or ""), _MOST_DECIMALS)
    cells = next((one for one in root if tag(one) == "cellxfs"), None)
    formats = [] if cells is None else [_number(one, "numFmtId") for one in cells]
    return {number: decimals[one] for number, one in enumerate(formats) if one in decimals}


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """The parts that hold the sheets, by the sheets' names."""
    relations = of_xml(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id", ""): one.get("Target", "") for one in relations}
    names = set(archive.namelist())
    found = {}
    for one in of_xml(archive.read("xl/workbook.xml")).iter():
        if tag(one) == "sheet":
            target = targets.get(one.get(_RELATION, ""), "")
            part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
            if part in names:
                found[one.get("name", "")] = part
    return found


def _number(element: etree._Element, name: str) -> int:
    said = element.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else -1
