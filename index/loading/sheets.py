"""Workbooks (XLSX): each sheet under its name, its rows under the heads of their columns, numbers
and dates as people write them.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import BytesIO

from lxml import etree
from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from index.errors import UnreadableDocument
from index.loading import archives, properties, sheet_formats, sheet_limits
from index.loading.canonical import Writer
from index.loading.grids import GridWriter
from index.loading.loader import Content, ConventionsOf
from index.loading.sheet_formats import Shares
from index.loading.tables import Cell
from index.loading.trees import of_xml, tag
from index.records import BlockKind

_WHAT = "a workbook"
_MOST_MERGED = 1_000_000
"""Places that cells of one sheet may take by being merged."""
Value = int | float | str | bool | time | date | datetime | timedelta


class SheetsLoader:
    """Reads workbooks."""

    name = "xlsx"
    version = "1"
    suffixes = frozenset({".xlsx", ".xlsm"})

    def recognises(self, data: bytes, suffix: str) -> bool:
        """By its parts; where they cannot be seen, by the ending."""
        return (archives.kind_of(data) or suffix) in ("xlsx", *self.suffixes)

    def load(self, data: bytes, conventions_of: ConventionsOf) -> Content:
        """Read a workbook. Raises ``UnreadableDocument``."""
        with archives.opened(data, _WHAT) as archive:
            archives.check_open_xml(archive)
            archives.check_sizes(archive)
            sheet_limits.check(archive)
            title, shares = _title(archive), sheet_formats.shares(archive)
            writer, notices = Writer(), []
            with _calm(), CalamineWorkbook.from_filelike(BytesIO(data)) as book:
                for one in book.sheets_metadata:
                    if one.typ is not SheetTypeEnum.WorkSheet:
                        continue
                    if one.visible is not SheetVisibleEnum.Visible:
                        notices.append(f"the sheet {one.name} is hidden and is not read")
                        continue
                    sheet = book.get_sheet_by_name(one.name)
                    _write(sheet, shares.get(one.name, {}), writer)
            return writer.content(conventions_of, properties.titled(title), notices)


@contextmanager
def _calm() -> Iterator[None]:
    """Turns a panic of the library, which is no ``Exception``, into one."""
    try:
        yield
    except PasswordError as error:
        raise UnreadableDocument("is protected by a password") from error
    except (Exception, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        raise ValueError(str(error)) from error


def _write(sheet: CalamineSheet, shares: Shares, writer: Writer) -> None:
    top, left = sheet.start or (0, 0)
    grid = [
        [_cell(value, shares.get((row, column))) for column, value in enumerate(values, left + 1)]
        for row, values in enumerate(sheet.to_python(), top + 1)
    ]
    if not any(cell.text for row in grid for cell in row):
        return
    _merge(grid, sheet)
    writer.add(BlockKind.HEADING, sheet.name)
    GridWriter(writer).write(grid)


def _merge(grid: list[list[Cell]], sheet: CalamineSheet) -> None:
    """Fill the places of merged cells with what they say."""
    top, left = sheet.start or (0, 0)
    taken = 0
    for (first_row, first_column), (last_row, last_column) in sheet.merged_cell_ranges or ():
        rows = range(max(first_row - top, 0), min(last_row - top + 1, len(grid)))
        columns = range(max(first_column - left, 0), last_column - left + 1)
        taken += len(rows) * min(len(columns), len(grid[0]))
        if not rows or not columns or columns[0] >= len(grid[0]) or taken > _MOST_MERGED:
            continue
        cell = grid[rows[0]][columns[0]]
        for row in rows:
            for column in columns[: len(grid[row]) - columns[0]]:
                grid[row][column] = replace(cell, spread=column > columns[0])


def _cell(value: Value, decimals: int | None) -> Cell:
    """A cell; one with ``decimals`` is shown as a share."""
    if decimals is not None and isinstance(value, (int, float)) and not isinstance(value, bool):
        return Cell(f"{100 * value:.{decimals}f}%", number=True)
    return Cell(_printed(value), number=not isinstance(value, str))


def _printed(value: Value) -> str:
    """A value as people write it: 5.0 is 5, a time of midnight is none."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        # Fifteen digits are what a sheet shows: the rest is an error of arithmetic.
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return value.date().isoformat() if is_day else value.isoformat(" ", "seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)


def _title(archive: zipfile.ZipFile) -> str:
    core = archives.read(archive, "docProps/core.xml")
    root: etree._Element | None = of_xml(core) if core else None
    found = [] if root is None else [one for one in root if tag(one) == "title"]
    return (found[0].text or "") if found else ""
