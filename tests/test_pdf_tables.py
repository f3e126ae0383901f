"""Tables of PDFs: where rows end, what heads their columns, and what is no table."""

from __future__ import annotations

import pytest
from printing import (
    COLUMNS,
    LEFT,
    LINE,
    RIGHT,
    ROWS,
    TOP,
    Press,
    block,
    drawn_within,
    load,
    page_of_text,
    rows,
    texts,
)

from index.records import BlockKind

EDGES = (72.0, 170.0, 300.0, 410.0, 523.0)


def _press() -> Press:
    press = Press()
    press.add_page()
    return press


def test_a_ruled_table_becomes_rows_with_heads_and_caption():
    press = Press()
    page_of_text(press)
    press.put(LEFT, 190, "Table 1. Ranks of countries")
    press.ruled(ROWS, 200)
    content = load(press.made())
    assert texts(content, BlockKind.CAPTION) == ["Table 1. Ranks of countries"]
    head, first, second = (one for one in content.blocks if one.kind is BlockKind.ROW)
    assert content.text[first.start : first.end] == "Netherlands | 5 | 4"
    assert [content.text[slice(*one)] for one in first.cells] == ["Netherlands", "5", "4"]
    assert first.heads == ("Country", "Rank 2022", "Rank 2024")
    assert first.caption == "Table 1. Ranks of countries"
    assert content.text[second.start : second.end] == "Norway | 7"
    assert second.heads == ("Country", "Rank 2024")
    assert content.text[head.start : first.end].count("\n") == 1


def test_a_table_that_goes_on_keeps_its_heads():
    press = Press()
    press.add_page()
    press.put(LEFT, 650, "Table 1. Ranks of countries")
    press.ruled(ROWS, 660)
    press.add_page()
    press.ruled([["Peru", "1", "2"], ["Chile", "3", "5"], ["Ghana", "8", "9"]], 80)
    content = load(press.made())
    row = block(content, "Chile | 3 | 5")
    assert row.heads == ("Country", "Rank 2022", "Rank 2024")
    assert row.caption == "Table 1. Ranks of countries"


def test_columns_without_rules_are_rows_and_no_names_are_shuffled():
    press = Press()
    page_of_text(press)
    names = [
        ("Member", "Seat", "Votes"),
        ("Ada Byron", "North", "120"),
        ("Carl Gauss", "South", "95"),
        ("Emmy Noether", "East", "110"),
    ]
    for number, row in enumerate(names):
        for place, cell in enumerate(row):
            press.put(COLUMNS[place], 300 + 18 * number, cell)
    content = load(press.made())
    rows = texts(content, BlockKind.ROW)
    assert rows == [" | ".join(row) for row in names]
    assert block(content, "Emmy Noether").heads == ("Member", "Seat", "Votes")


def test_labels_and_names_side_by_side_stay_together():
    offices = [
        ("Chair of the board:", "Mr. Anders Holm (Norway)"),
        ("First Vice-Chair:", "Ms. Maria Silva (Portugal)"),
        ("Second Vice-Chair:", "Mr. Jean Dupont (France)"),
        ("Rapporteur:", "Ms. Akiko Mori (Japan)"),
    ]
    press = Press()
    page_of_text(press)
    for number, (office, name) in enumerate(offices):
        press.put(LEFT, 300 + 14 * number, office)
        press.put(260, 300 + 14 * number, name)
    rows = texts(load(press.made()), BlockKind.ROW)
    assert rows == [f"{office} | {name}" for office, name in offices]


def test_a_table_without_an_end_goes_on_to_the_foot_of_its_page():
    press = _press()
    y = press.put_table(EDGES[:4], ["Item", "2023", "2024"], [], 100, closed=False)
    lines = [("Grants of the", "", ""), ("members", "15.6", "25.6"), ("Loans", "-", "15.0")]
    for number, line in enumerate(lines):
        for place, cell in enumerate(line):
            press.put(EDGES[place] + 3, y + 8 + number * LINE, cell, 10)
    assert rows(load(press.made()))[1:] == [
        {"Item": "Grants of the members", "2023": "15.6", "2024": "25.6"},
        {"Item": "Loans", "2023": "-", "2024": "15.0"},
    ]


def test_a_head_over_two_columns_without_a_rule_is_said_of_both():
    press = _press()
    columns = (72, 200, 280, 360, 440)
    press.put(245, 88, "2023", 10, "B")
    press.put(405, 88, "2024", 10, "B")
    lines = [
        ("", "Men", "Women", "Men", "Women"),
        ("North", "12", "13", "14", "15"),
        ("South", "22", "23", "24", "25"),
        ("East", "32", "33", "34", "35"),
    ]
    for number, line in enumerate(lines):
        for place, cell in enumerate(line):
            press.put(columns[place], 104 + number * 16, cell, 10, "" if number else "B")
    found = rows(load(press.made()))
    assert found[2] == {"0": "South", "2023 Men": "22", "2023 Women": "23", "2024 Men": "24",
                        "2024 Women": "25"}  # fmt: skip


def test_a_head_over_the_part_of_a_rule_is_not_cut_and_said_of_all_under_it():
    press = _press()
    edges = (72.0, 160.0, 230.0, 300.0, 370.0, 440.0)
    press.line(edges[0], 100, edges[-1], 100)
    press.put(215, 112, "Plan and project period", 8, "I")
    press.rule(edges[1:5], 116)
    for place, head in enumerate(["Source", "2023", "2024", "2025", "Total"]):
        press.put(edges[place] + 3, 128, head, 8, "I")
    press.rule(edges, 132)
    for number, row in enumerate([("Grants", "1", "2", "3", "6"), ("Loans", "4", "5", "6", "15")]):
        for place, cell in enumerate(row):
            press.put(edges[place] + 3, 148 + 16 * number, cell, 10)
    press.rule(edges, 172)
    period = "Plan and project period"
    assert rows(load(press.made()))[-1] == {
        "Source": "Loans", f"{period} 2023": "4", f"{period} 2024": "5", f"{period} 2025": "6",
        "Total": "15",
    }  # fmt: skip


def test_a_head_whose_cell_the_rule_over_it_shows_is_said_of_each_column_in_it():
    press = _press()
    press.rule((72, 200, 410), 100)
    press.put(75, 112, "Region", 8, "I")
    press.put(203, 112, "Country", 8, "I")
    edges = (72.0, 200.0, 300.0, 410.0)
    press.rule(edges, 116)
    for number, row in enumerate([("Africa", "Benin", "Eritrea"), ("Asia", "Nepal", "Laos")]):
        for place, cell in enumerate(row):
            press.put(edges[place] + 3, 132 + 18 * number, cell, 10)
    press.rule(edges, 160)
    one, two = (one for one in load(press.made()).blocks if one.kind is BlockKind.ROW and one.heads)
    assert one.heads == two.heads == ("Region", "Country", "Country")


def test_heads_in_boxes_over_boxes():
    press = _press()
    edges = (72.0, 172.0, 242.0, 312.0, 382.0)
    heights = (100, 120, 140, 160, 180)
    for y in heights:
        press.rule(edges, y)
    press.set_draw_color(255)
    press.set_draw_color(0)
    for x in edges:
        top = 120 if x in {242.0, 312.0} else 100
        for y in [one for one in heights[:-1] if one >= top]:
            press.line(x, y, x, y + 20)
    press.put(190, 114, "Organizations of the system", 9)
    for place, head in enumerate(["Recommendation", "Fund", "Office", "Agency"]):
        press.put(edges[place] + 3, 134, head, 9)
    for number, row in enumerate([("First", "E", "L", "E"), ("Second", "L", "L", "E")]):
        for place, cell in enumerate(row):
            press.put(edges[place] + 3, 154 + 20 * number, cell, 10)
    over = "Organizations of the system"
    assert rows(load(press.made()))[-1] == {
        "Recommendation": "Second", f"{over} Fund": "L", f"{over} Office": "L",
        f"{over} Agency": "E",
    }  # fmt: skip


def test_numbers_in_columns_that_touch_are_kept_apart():
    press = _press()
    lines = [
        ("Country window", "1,798.9", "81.9%"),
        ("Regional window", "155.0", "7.1%"),
        ("Global window", "30.7", "1.4%"),
        ("Effectiveness", "165.1", "7.5%"),
        ("Coordination", "48.0", "2.2%"),
        ("Evaluation", "12.1", "0.2%"),
        ("Total", "2,197.6", "100.0%"),
    ]
    press.set_font("Times", size=10)
    for number, (name, amount, share) in enumerate(lines):
        y = 100 + 16 * number
        press.put(72, y, name, 10)
        press.put(232 - press.get_string_width(amount), y, amount, 10)
        press.put(268 - press.get_string_width(share), y, share, 10)
    assert texts(load(press.made()), BlockKind.ROW)[-1] == "Total | 2,197.6 | 100.0%"


def test_a_table_drawn_within_a_drawing_has_its_rules():
    press = _press()
    press.put_table(
        EDGES[:4],
        ["Item", "Place", "Result"],
        [[["Gas station"], ["Kursk"], ["A fire broke out", "at night"]],
         [["Power line"], ["Bryansk"], ["None", "of note"]]],
        100,
    )  # fmt: skip
    made = press.made()
    assert rows(load(drawn_within(made, 0.5))) == rows(load(made))


def test_tables_below_one_another_are_two_with_a_title_between():
    press = _press()
    edges = EDGES[:4]
    for top, names in ((100, ("Austria", "Belgium")), (200, ("Holy See", "Palestine"))):
        for number, name in enumerate(("Country", *names)):
            y = top + 20 * number
            press.rule(edges, y)
            for x in edges:
                press.line(x, y, x, y + 20)
            for place, cell in enumerate((name, "Ms. Smith", "Mr. Jones")):
                press.put(edges[place] + 3, y + 14, cell, 10)
        press.rule(edges, top + 60)
    press.put(150, 185, "Observer States", 10, "B")
    found = [(one.kind, load(press.made()).text[one.start : one.end][:15])
             for one in load(press.made()).blocks]  # fmt: skip
    assert (BlockKind.CAPTION, "Observer States") in found
    assert sum(kind is BlockKind.ROW for kind, _ in found) == 6


def test_the_rule_and_the_box_of_a_running_head_are_no_part_of_a_table():
    press = Press()
    for number in range(2):
        press.add_page()
        if number:
            press.rect(60, 40, 475, 20)
            press.line(300, 40, 300, 60)
        else:
            press.rule((72, 300, 523), 58)
        press.put(75, 55, "DP/2025/5", 10, "B")
        press.put_table(
            EDGES,
            ["No.", "Name", "State", "Vote"],
            [[[str(number)], ["Independent review"], ["On", "track"], ["Yes"]],
             [[str(number + 4)], ["Joint synthesis"], ["Done"], ["No"]]],
            70,
        )  # fmt: skip
    content = load(press.made())
    assert texts(content, BlockKind.CHROME) == ["DP/2025/5"] * 2
    assert rows(content)[-1] == {"No.": "5", "Name": "Joint synthesis", "State": "Done",
                                 "Vote": "No"}  # fmt: skip


def test_rows_that_stand_at_one_height_on_many_pages_are_no_furniture():
    press = Press()
    for number in range(6):
        press.add_page()
        press.put(LEFT, 40, "Harbour Board, list of incidents", 9)
        entries = [
            [
                [str(9 * number + row)],
                ["Zibkin"],
                ["Compound used for storing", "and for launching"],
            ]
            for row in range(19)
        ]
        press.put_table(EDGES[:4], ["No.", "Area", "Violation"], entries, 64, closed=False)
        press.put(290, 815, str(number + 1), 9)
    content = load(press.made())
    assert len([row for row in rows(content) if "Violation" in row]) == 6 * 19
    assert all(row["Violation"] == "Compound used for storing and for launching"
               for row in rows(content) if "Violation" in row)  # fmt: skip
    assert set(texts(content, BlockKind.CHROME)) == {
        "Harbour Board, list of incidents", *map(str, range(1, 7))
    }  # fmt: skip


def test_a_table_in_small_type_at_the_foot_is_no_footnote():
    press = _press()
    y = press.column(
        LEFT,
        TOP,
        ["The committee met in the spring and heard the first report on the state of",
         "the harbour, which had been closed for repairs since the storms of January."] * 8,
        RIGHT - LEFT,
    )  # fmt: skip
    press.rule(EDGES[:3], 650)
    press.put(75, 662, "Region", 8, "I")
    press.put(173, 662, "Country", 8, "I")
    press.rule(EDGES[:3], 666)
    for number, row in enumerate([("Africa", "Benin"), ("Asia", "Nepal"), ("Europe", "Malta")]):
        for place, cell in enumerate(row):
            press.put(EDGES[place] + 3, 682 + 16 * number, cell, 8)
    press.rule(EDGES[:3], 724)
    press.line(LEFT, 740, LEFT + 100, 740)
    press.put(LEFT, 749, "1", 5)
    press.put(LEFT + 5, 752, "Report of the engineer, 1911.", 8)
    content = load(press.made())
    assert y < 650
    assert rows(content)[-1] == {"Region": "Europe", "Country": "Malta"}
    assert texts(content, BlockKind.FOOTNOTE) == ["Report of the engineer, 1911."]


@pytest.mark.parametrize("page", [1, 2])
def test_prose_in_a_box_with_a_rule_in_its_middle_is_no_table(page: int):
    press = Press()
    for _ in range(page):
        press.add_page()
    press.rect(70, 90, 455, 100)
    press.line(290, 90, 290, 96)
    press.column(
        LEFT + 4,
        110,
        ["The committee met in the spring and heard the first report on the state of",
         "the harbour, which had been closed for repairs since the storms of January",
         "and was to be opened again before the end of the year."],
        RIGHT - LEFT - 8,
    )  # fmt: skip
    assert not texts(load(press.made()), BlockKind.ROW)


def test_a_cell_that_is_full_up_to_the_next_stays_apart():
    press = _press()
    edges = (72.0, 140.0, 320.0, 480.0)
    entries = [
        ("Country", "Representative", "Adviser"),
        ("Saint Kitts and", "H.E. Ms. Agatha Williams", ""),
        ("Samoa", "Mr. Smith", "Ms. Jones"),
    ]
    press.set_font("Times", size=10)
    for number, entry in enumerate(entries):
        y = 100 + 20 * number
        press.rule(edges, y)
        for place, cell in enumerate(entry):
            left = edges[place] + 3.0
            if number == 1 and place == 0:
                left = edges[1] - press.get_string_width(cell) - 1
            press.put(left, y + 14, cell, 10)
        for x in edges:
            press.line(x, y, x, y + 20)
    press.rule(edges, 160)
    assert texts(load(press.made()), BlockKind.ROW)[1:] == [
        "Saint Kitts and | H.E. Ms. Agatha Williams",
        "Samoa | Mr. Smith | Ms. Jones",
    ]


def test_the_box_of_a_running_head_over_a_table_without_upright_rules_is_no_part_of_it():
    press = Press()
    names = ["Name", "Synthesis", "Yemen", "Sudan", "Census", "Somalia"]
    for number in range(3):
        press.add_page()
        press.rect(LEFT, 40, EDGES[-1] - LEFT, 20)
        press.line(310, 40, 310, 60)
        press.put(75 if number % 2 else 315, 55, "DP/2025/5", 10, "B")
        for row, name in enumerate(names[2 * number : 2 * number + 2]):
            press.rule(EDGES, 72 + 20 * row)
            cells = [name, "Done", "12.5", "Yes"] if row + number else ["Name", "State", "%", "OK"]
            for place, cell in enumerate(cells):
                press.put(EDGES[place] + 3, 86 + 20 * row, cell, 10)
        press.rule(EDGES, 112)
    content = load(press.made())
    assert texts(content, BlockKind.CHROME) == ["DP/2025/5"] * 3
    assert rows(content)[1:] == [
        {"Name": name, "State": "Done", "%": "12.5", "OK": "Yes"} for name in names[1:]
    ]


def test_a_rule_over_one_column_alone_is_over_the_heads():
    press = _press()
    press.put(EDGES[3] + 3, 96, "(millions)", 9)
    press.rule(EDGES[3:5], 100)
    entries = [("", "2022", "2023", "2024"), ("Total", "798.6", "763.5", "752.9"),
               ("Office", "2.6", "3.7", "3.4"), ("Other", "2.9", "3.2", "2.9")]  # fmt: skip
    for number, entry in enumerate(entries):
        y = 100 + 20 * number
        if number:
            press.rule(EDGES, y)
        for place, cell in enumerate(entry):
            press.put(EDGES[place] + 3, y + 14, cell, 10, "" if number and place else "B")
    for x in EDGES:
        press.line(x, 120, x, 180)
    for x in EDGES[3:]:
        press.line(x, 100, x, 120)
    press.rule(EDGES, 180)
    assert rows(load(press.made()))[-1] == {"0": "Other", "2022": "2.9", "2023": "3.2",
                                            "2024": "2.9"}  # fmt: skip
