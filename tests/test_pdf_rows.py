"""Rows of tables in PDFs: which lines of print make one, and which make several."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from printing import LINE, Press, block, load, rows, texts

from index.records import BlockKind

EDGES = (72.0, 170.0, 300.0, 410.0, 523.0)


def _press() -> Press:
    press = Press()
    press.add_page()
    return press


def test_lines_of_a_cell_are_one_row_where_white_parts_rows():
    press = _press()
    press.put_table(
        EDGES[:4],
        ["Object", "Place", "Result"],
        [
            [["Gas station"], ["Kursk"], ["A fire broke out", "and was put out in", "an hour."]],
            [["Power line of the", "northern network"], ["Bryansk", "region"], ["None"]],
            [["Depot"], ["Belgorod"], ["Two tanks burnt", "Nobody was hurt"]],
        ],
        100,
    )
    assert rows(load(press.made()))[1:] == [
        {"Object": "Gas station", "Place": "Kursk",
         "Result": "A fire broke out and was put out in an hour."},
        {"Object": "Power line of the northern network", "Place": "Bryansk region",
         "Result": "None"},
        {"Object": "Depot", "Place": "Belgorod", "Result": "Two tanks burnt Nobody was hurt"},
    ]  # fmt: skip


def test_numbers_beside_the_last_line_of_what_they_are_of():
    press = _press()
    press.rule(EDGES[:4], 100)
    for place, head in enumerate(["Item", "2023", "2024"]):
        press.put(EDGES[place] + 3, 112, head, 8, "I")
    press.rule(EDGES[:4], 116)
    lines = [
        ("Construction of the", "", ""),
        ("northern pier", "10 599", "27 612"),
        ("Renovation", "-", "75"),
        ("Dismantling of the old", "", ""),
        ("harbour cranes", "1 278", "106"),
    ]
    for number, line in enumerate(lines):
        for place, cell in enumerate(line):
            press.put(EDGES[place] + 3, 130 + number * LINE, cell, 10)
    press.rule(EDGES[:4], 196)
    assert rows(load(press.made()))[1:] == [
        {"Item": "Construction of the northern pier", "2023": "10 599", "2024": "27 612"},
        {"Item": "Renovation", "2023": "-", "2024": "75"},
        {"Item": "Dismantling of the old harbour cranes", "2023": "1 278", "2024": "106"},
    ]


def test_a_second_value_in_a_few_cells_opens_no_row():
    press = _press()
    edges = (72.0, 200.0, 280.0, 360.0, 440.0)
    press.put_table(
        edges,
        ["Spending", "2019", "2020", "2021"],
        [
            [["Total of the", "evaluation office"], ["9.13"], ["8.53", "9.64"], ["9.03"]],
            [["Decentralized"], ["5.23"], ["5.33"], ["5.15"]],
        ],
        100,
    )
    assert rows(load(press.made()))[1:] == [
        {"Spending": "Total of the evaluation office", "2019": "9.13", "2020": "8.53 9.64",
         "2021": "9.03"},
        {"Spending": "Decentralized", "2019": "5.23", "2020": "5.33", "2021": "5.15"},
    ]  # fmt: skip


def test_lines_stay_rows_where_nothing_tells_that_they_go_on():
    press = _press()
    lines = [("Chad", "Yes"), ("Cuba", ""), ("Mali", "No"), ("Peru", "Yes"), ("Fiji", "")]
    for number, line in enumerate(lines):
        for place, cell in enumerate(line):
            press.put(EDGES[2 * place], 100 + number * LINE, cell, 10)
    assert texts(load(press.made()), BlockKind.ROW) == ["Chad | Yes", "Cuba", "Mali | No",
                                                        "Peru | Yes", "Fiji"]  # fmt: skip


def test_values_close_below_one_another_are_rows_and_small_letters_go_on():
    press = _press()
    lines = [
        ("Opening balance", "357.6", "245.9"),
        ("Income", "", ""),
        ("Contributions of all the", "", ""),
        ("member States", "2,281.0", "1,898.3"),
        ("Total", "2,638.6", "2,144.2"),
    ]
    for number, line in enumerate(lines):
        for place, cell in enumerate(line):
            press.put(EDGES[place], 100 + number * LINE, cell, 10)
    assert texts(load(press.made()), BlockKind.ROW) == [
        "Opening balance | 357.6 | 245.9",
        "Income",
        "Contributions of all the member States | 2,281.0 | 1,898.3",
        "Total | 2,638.6 | 2,144.2",
    ]


def test_a_key_in_the_middle_of_its_row():
    press = _press()
    press.put_table(
        EDGES[:3],
        ["Region", "Country"],
        [[["Africa"], ["Benin", "Botswana", "Chad"]]],
        100,
        closed=False,
    )
    press.put_cell(EDGES[1], 178, ["Libya", "Somalia"])
    press.put(EDGES[0] + 3, 184, "Arab States", 10)
    press.rule(EDGES[:3], 200)
    assert rows(load(press.made()))[1:] == [
        {"Region": "Africa", "Country": "Benin Botswana Chad"},
        {"Region": "Arab States", "Country": "Libya Somalia"},
    ]


WORD = st.sampled_from("harbour pier of trade and coal mines Norway rail closed 1911 four".split())


@st.composite
def _tables(draw):
    count = draw(st.integers(2, 4))
    cell = st.lists(st.lists(WORD, min_size=1, max_size=2), min_size=1, max_size=3)
    row = st.lists(cell, min_size=count, max_size=count)
    return draw(st.lists(row, min_size=2, max_size=6))


def _may_open_a_row(row: list[list[str]]) -> bool:
    """Whether a line within a row may as well be one of its own: its first cell is a number, or
    is filled as another is, and none goes on with a sentence."""
    return any(
        first[0].isdigit()
        or (
            any(len(cell) > line for cell in row[1:])
            and not any(cell[line][0].islower() for cell in row if len(cell) > line)
        )
        for line, first in enumerate(row[0][1:], start=1)
    )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_tables(), st.integers(7, 14))
def test_rows_set_off_by_white_are_read_as_they_were_printed(table, gap: int):
    press = _press()
    lines = [[[" ".join(words) for words in cell] for cell in row] for row in table]
    edges = EDGES[: len(table[0]) + 1]
    heads = ["One", "Two", "Three", "Four"][: len(table[0])]
    press.put_table(edges, heads, lines, 100, gap)
    content = load(press.made())
    printed = [{head: " ".join(cell) for head, cell in zip(heads, row, strict=True)}
               for row in lines]  # fmt: skip
    tall = any(len(cell) > 1 for row in lines for cell in row)
    values = any(sum("1911" in line for line in cell) > 1 for row in lines for cell in row)
    if tall and not values and not any(map(_may_open_a_row, lines)):
        assert rows(content)[1:] == printed
    said = [word for row in printed for cell in row.values() for word in cell.split()]
    read = [word for row in rows(content)[1:] for cell in row.values() for word in cell.split()]
    assert sorted(read) == sorted(said)


def test_a_row_that_a_page_break_tears_is_one():
    press = _press()
    heads = ["Building", "Savings", "Risk"]
    press.put_table(
        EDGES[:4],
        heads,
        [[["North"], ["2.3 million"], ["The works would be", "late by a year."]],
         [["South"], ["3.7 million"], ["It might cost more", "in the years after"]]],
        700,
        closed=False,
    )  # fmt: skip
    press.add_page()
    press.put_table(
        EDGES[:4],
        heads,
        [[[], [], ["the works, and would", "need another permit."]],
         [["East"], ["1.1 million"], ["None", "at all"]]],
        80,
    )  # fmt: skip
    content = load(press.made())
    assert [row for row in rows(content) if "Risk" in row] == [
        {"Building": "North", "Savings": "2.3 million",
         "Risk": "The works would be late by a year."},
        {"Building": "South", "Savings": "3.7 million",
         "Risk": "It might cost more in the years after the works, and would need another permit."},
        {"Building": "East", "Savings": "1.1 million", "Risk": "None at all"},
    ]  # fmt: skip
    assert content.printed_on is not None
    torn = block(content, "South")
    assert {1, 2} <= set(content.printed_on[torn.start : torn.end].tolist())
