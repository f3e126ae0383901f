"""Workbooks and tables in text: rows under their heads, values as people write them."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime

import pytest
import xlsxwriter
from contents import outline, read, said, table
from test_loading_word import changed

from index.errors import UnreadableDocument
from index.loading import loader_of, sheet_limits
from index.records import BlockKind


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    """A workbook with these sheets."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file.getvalue()


def xlsx(rows: Sequence[Sequence[object]]):
    return read(workbook(Sheet=rows), ".xlsx")


def csv(text: str, codec: str = "utf-8"):
    return read(text.encode(codec), ".csv")


def reason(data: bytes, suffix: str = ".xlsx") -> str:
    with pytest.raises(UnreadableDocument) as error:
        read(data, suffix)
    return str(error.value)


# Workbooks


def test_each_sheet_stands_under_its_name():
    sheets: dict[str, list[list[object]]] = {
        "Exports": [["State", "2024"], ["Peru", 5]],
        "Empty": [],
        "Notes": [["Text."]],
    }
    content = read(workbook(**sheets), ".xlsx")
    assert outline(content) == [(1, "Exports"), (1, "Notes")]
    assert said(content) == ["Exports", "State | 2024", "Peru | 5", "Notes", "Text."]
    assert content.pages == ()


def test_values_are_written_as_people_write_them():
    row = [5.0, 0.1 + 0.2, -2.5, 10**14, True, date(2024, 3, 1), datetime(2024, 3, 1, 9, 30)]
    assert said(xlsx([row]))[1] == (
        "5 | 0.3 | -2.5 | 100000000000000 | TRUE | 2024-03-01 | 2024-03-01 09:30:00"
    )


def test_shares_are_written_as_they_are_shown():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("A & B")
        sheet.write(1, 1, 0.125, book.add_format({"num_format": "0.0%"}))
        sheet.write(1, 2, 0.07, book.add_format({"num_format": 9}))
        sheet.write(2, 1, 0.5, book.add_format({"num_format": "0.00"}))
        sheet.write(2, 2, "text", book.add_format({"num_format": "0%"}))
    assert said(read(file.getvalue(), ".xlsx"))[1:] == ["12.5% | 7%", "0.5 | text"]


def test_rows_stand_under_their_heads_and_the_caption():
    content = xlsx(
        [
            ["Table 1: ranks"],
            ["State", "2022", "2024", "Note"],
            ["Peru", 5, 4, ""],
            ["Chad", "", 7, "new"],
            ["Source: A."],
        ]
    )
    assert table(content) == [
        {"State": "Peru", "2022": "5", "2024": "4"},
        {"State": "Chad", "2024": "7", "Note": "new"},
    ]
    assert {one.caption for one in content.blocks if one.cells} == {"Table 1: ranks"}
    assert said(content, BlockKind.PARAGRAPH) == ["Source: A."]


def test_years_may_be_heads_and_other_numbers_may_not():
    years = xlsx([["State", 2022, 2024], ["Peru", 5, 4], ["Chad", 6, 7]])
    assert table(years)[0] == {"State": "Peru", "2022": "5", "2024": "4"}
    assert not table(xlsx([["Peru", 5, 4], ["Chad", 6, 7]]))


def test_heads_hold_on_below_a_blank_row():
    rows: list[list[object]] = [
        ["State", "Rank"],
        ["Peru", 5],
        ["Chad", 6],
        [],
        ["Africa"],
        ["Mali", 7],
    ]
    content = xlsx(rows)
    assert table(content)[-1] == {"State": "Mali", "Rank": "7"}
    assert content.blocks[-1].caption == "Africa"


def test_another_table_has_its_own_heads():
    rows: list[list[object]] = [["State", "Rank"], ["Peru", 5], ["Chad", 6], []]
    rows += [["City", "Size"], ["Lima", 1], ["Rome", 2]]
    assert table(xlsx(rows))[-1] == {"City": "Rome", "Size": "2"}


def test_merged_cells_stand_at_each_place_that_they_take():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(2, 2, ["State"])
        sheet.merge_range(2, 3, 2, 4, "Rank")
        sheet.write_row(3, 3, ["2022", "2024"])
        sheet.merge_range(4, 2, 5, 2, "Peru")
        sheet.write_row(4, 3, [1, 2])
        sheet.write_row(5, 3, [3, 4])
    rows = table(read(file.getvalue(), ".xlsx"))
    assert rows == [
        {"State": "Peru", "Rank 2022": "1", "Rank 2024": "2"},
        {"State": "Peru", "Rank 2022": "3", "Rank 2024": "4"},
    ]


def test_hidden_sheets_are_named_and_not_read():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("Shown").write(0, 0, "Text.")
        sheet = book.add_worksheet("Kept")
        sheet.write(0, 0, "secret")
        sheet.hide()
    content = read(file.getvalue(), ".xlsx")
    assert "secret" not in content.text
    assert content.notices == ("the sheet Kept is hidden and is not read",)


def test_the_title_of_a_workbook_is_told():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.set_properties({"title": "Exports of Peru"})
        book.add_worksheet().write(0, 0, "Text.")
    assert read(file.getvalue(), ".xlsx").metadata.title == "Exports of Peru"


def test_a_workbook_is_known_by_its_content():
    assert loader_of(workbook(A=[["x"]]), ".docx").name == "xlsx"


# Hostile workbooks


def sheet(cells: str) -> bytes:
    """A workbook whose only sheet has this XML in it."""
    xml = (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/'
        f'spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
    )
    return changed(workbook(A=[["x"]]), {"xl/worksheets/sheet1.xml": xml.encode()})


ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'


@pytest.mark.parametrize(
    "cells",
    [
        f'{ONE}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        f"{ONE}<row r='1048576'><c r='&#88;FD1048576'><v>1</v></c></row>",
        '<row r="1"><c r="XFD1"><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>',
    ],
)
def test_cells_at_far_corners_are_not_laid_out(cells: str):
    assert reason(sheet(cells)) == "spreads its cells over more than can be laid out"


def test_a_far_cell_alone_and_empty_cells_are_no_matter():
    assert said(read(sheet('<row><c r="XFD1048576"><v>7</v></c></row>'), ".xlsx"))[1] == "7"
    styled = '<row><c r="A1"><v>7</v></c><c r="XFD1048576" s="1"/></row>'
    assert said(read(sheet(styled), ".xlsx"))[1] == "7"


def test_a_text_repeated_without_end_is_not_read(monkeypatch):
    monkeypatch.setattr(sheet_limits, "MAX_CHARACTERS", 1000)
    assert said(xlsx([["long" * 100], ["long" * 100]]))
    assert "repeats" in reason(workbook(A=[["long" * 100]] * 9))


def test_an_archive_that_lies_about_its_sizes_is_damaged():
    data = bytearray(workbook(A=[["x"]]))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = (5).to_bytes(4, "little")
    assert "is damaged" in reason(bytes(data))


def test_damaged_workbooks_say_so():
    whole = workbook(A=[["x"]])
    assert reason(whole[:-500]).startswith("is damaged or cut off")
    assert reason(b"PK\x03\x04 and no more").startswith("is damaged or cut off")
    assert "is damaged" in reason(changed(whole, {"xl/workbook.xml": b"<workbook"}))
    assert "is damaged" in reason(changed(whole, {"xl/worksheets/sheet1.xml": b"<worksheet"}))


def test_entities_of_a_workbook_are_not_expanded():
    xml = (
        b"<!DOCTYPE s [<!ENTITY a 'boomboom'><!ENTITY b '&a;&a;'>]><sst xmlns='http://schemas."
        b"openxmlformats.org/spreadsheetml/2006/main'><si><t>x&b;y</t></si></sst>"
    )
    data = changed(workbook(A=[["x"]]), {"xl/sharedStrings.xml": xml})
    with contextlib.suppress(UnreadableDocument):
        assert "boom" not in read(data, ".xlsx").text


def test_an_archive_with_a_password_says_so():
    data = bytearray(workbook(A=[["x"]]))
    place = 0
    while (place := data.find(b"PK\x01\x02", place + 1)) >= 0:
        data[place + 8] |= 1
    assert reason(bytes(data)) == "is protected by a password"
    assert zipfile.is_zipfile(io.BytesIO(data))


# Tables in text


@pytest.mark.parametrize(
    "text",
    [
        "State,Rank\nPeru,5\nChad,6\n",
        "State;Rank\r\nPeru;5\r\nChad;6\r\n",
        "State\tRank\nPeru\t5\nChad\t6",
        "State|Rank\nPeru|5\nChad|6",
        "sep=;\nState;Rank\nPeru;5\nChad;6",
        '"State","Rank"\n"Peru","5"\n\n"Chad","6"\n',
    ],
)
def test_rows_are_read_whatever_parts_their_cells(text: str):
    assert table(csv(text)) == [{"State": "Peru", "Rank": "5"}, {"State": "Chad", "Rank": "6"}]


def test_decimal_commas_part_no_cells():
    assert table(csv("Item;Price\nA;1,5\nB;2,5\n"))[0] == {"Item": "A", "Price": "1,5"}


def test_quoted_cells_may_hold_delimiters_and_lines():
    rows = table(csv('name,text\nA,"one, two\nthree"\nB,"say ""no"""\n'))
    assert rows == [{"name": "A", "text": "one, two three"}, {"name": "B", "text": 'say "no"'}]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_of_tables(codec: str):
    assert table(csv("naïve,“b”\nx,é\n", codec)) == [{"naïve": "x", "“b”": "é"}]


def test_the_first_row_names_columns_of_words_too():
    assert table(csv("role,name\nchair,A. Person\n")) == [{"role": "chair", "name": "A. Person"}]
    assert not table(csv("1,2\n3,4\n"))


def test_a_quotation_mark_that_nothing_closes_loses_no_rows():
    text = 'a,b\n1,5" pipe\n2,"open\n' + "3,x\n" * 40_000
    assert csv(text).text.rstrip().endswith("3 | x")


def test_a_single_column_is_text():
    assert said(csv("First line.\nSecond line.\n")) == ["First line.", "Second line."]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is empty"),
        (b"a,b\0c\n", "is a binary file, not text"),
        (b"\x81\x8d,x\n", "is in an encoding that is not known; save it as UTF-8"),
    ],
)
def test_tables_that_cannot_be_read_say_why(data: bytes, told: str):
    assert reason(data, ".csv") == told


def test_rows_of_very_many_cells_are_read():
    content = csv(",".join(["x"] * 20_000) + "\n" + "1,2\n" * 3000)
    assert len(said(content, BlockKind.ROW)) == 3001
