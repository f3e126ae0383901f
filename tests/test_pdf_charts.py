"""Text that is printed in charts is found, and is no text to quote; captions and notes are."""

from __future__ import annotations

import pytest
from printing import LEFT, RIGHT, Press, load, rows, texts

from index.loading import pdf_drawn
from index.records import BlockKind

SHARES = (66, 65, 58, 40, 31, 26)
NAMES = ("Gave evidence", "Helped learning", "Helped strategy", "Informed work", "Began talks",
         "Shaped programmes")  # fmt: skip
BODY = [
    "The committee met in the spring and heard the first report on the state of",
    "the harbour, which had been closed for repairs since the storms of January.",
]
SOURCE = "Source: survey of the harbour board among its members, 1911."


def _page() -> Press:
    press = Press()
    press.add_page()
    press.column(LEFT, 72, BODY, RIGHT - LEFT)
    press.put(LEFT, 130, "Figure 1. What members say of the reports", 11, "B")
    return press


def _bars(press: Press, *, framed: bool = True) -> None:
    if framed:
        press.rect(LEFT, 140, 400, 170)
    press.boxes([(200, 155 + 24 * n, 2.5 * share, 14) for n, share in enumerate(SHARES)])
    press.set_font("Times", size=9)
    for number, (name, share) in enumerate(zip(NAMES, SHARES, strict=True)):
        y = 165 + 24 * number
        press.put(195 - press.get_string_width(name), y, name, 9)
        press.put(204 + 2.5 * share, y, f"{share}%", 9)
    press.put(LEFT, 330, SOURCE, 9)


@pytest.mark.parametrize("framed", [True, False])
def test_bars_with_their_labels_are_a_chart_and_its_caption_and_source_are_text(framed: bool):
    press = _page()
    _bars(press, framed=framed)
    content = load(press.made())
    assert not texts(content, BlockKind.ROW)
    assert {f"{name} {share}%" for name, share in zip(NAMES, SHARES, strict=True)} == set(
        texts(content, BlockKind.CHROME)
    )
    assert texts(content, BlockKind.CAPTION) == ["Figure 1. What members say of the reports"]
    assert texts(content, BlockKind.PARAGRAPH) == [" ".join(BODY), SOURCE]


def test_bars_drawn_one_by_one_are_a_chart():
    press = _page()
    heights = (120, 40, 75, 98, 61)
    for number, height in enumerate(heights):
        press.rect(120 + 60 * number, 300 - height, 30, height, "F")
        press.put(125 + 60 * number, 294 - height, str(3 * height), 9)
        press.put(125 + 60 * number, 312, str(2019 + number), 9)
    content = load(press.made())
    assert not texts(content, BlockKind.ROW)
    assert "2019 2020 2021 2022 2023" in texts(content, BlockKind.CHROME)
    assert all("360" not in one for one in texts(content, BlockKind.PARAGRAPH))


def test_a_line_with_numbers_at_its_points_is_a_chart_and_a_note_in_its_box_stays():
    press = _page()
    values = (149, 58, 130, 97, 61, 138)
    points = [(120 + 60 * n, 290 - value) for n, value in enumerate(values)]
    press.rect(LEFT, 140, 440, 220)
    press.polyline(points)
    for (x, y), value in zip(points, values, strict=True):
        press.put(x, y - 5, f"1 {value}", 8)
    note = "Please note that the figures of this year are those of the first half alone."
    press.put(LEFT + 8, 350, note, 8)
    content = load(press.made())
    assert note in texts(content, BlockKind.PARAGRAPH)
    assert not texts(content, BlockKind.ROW)
    assert sum("1 " in one for one in texts(content, BlockKind.CHROME)) == 6


def test_circles_with_numbers_and_boxes_of_a_legend_are_charts():
    press = _page()
    for number, amount in enumerate(("$60.5 M", "$62.4 M", "$133.9 M")):
        press.set_fill_color(200)
        press.circle(120 + 130 * number, 220 + 20 * number, 26, "F")
        press.put(105 + 130 * number, 222 + 20 * number, amount, 9)
    press.circle(150, 420, 40, "F")
    press.put(142, 423, "81%", 9)
    for number, name in enumerate(("Over 90 per cent", "Over 60 per cent", "Less")):
        press.rect(LEFT + 80 * number, 480, 5, 5, "F")
        press.put(LEFT + 8 + 80 * number, 486, name, 9)
    content = load(press.made())
    assert {"81%", "$60.5 M", "$62.4 M", "$133.9 M"} <= set(texts(content, BlockKind.CHROME))
    assert "Over 90 per cent Over 60 per cent Less" in texts(content, BlockKind.CHROME)


def test_lines_behind_numbers_are_a_chart_under_the_title_of_a_figure_alone():
    def grid(title: str) -> list[str]:
        press = Press()
        press.add_page()
        press.put(LEFT, 130, title, 11, "B")
        press.rect(LEFT, 140, 440, 170)
        lines = [f"{LEFT + 40} {842 - 150 - 30 * n} m 500 {842 - 150 - 30 * n} l"
                 for n in range(5)]  # fmt: skip
        press._out(" ".join(lines) + " S")
        for row in range(3):
            press.put(LEFT + 5, 152 + 60 * row, str(300 - 100 * row), 8)
            for column in range(6):
                press.put(140 + 60 * column, 165 + 45 * row, str(153 + 3 * row), 8)
        return texts(load(press.made()), BlockKind.CHROME)

    assert len(grid("Figure I. Barrels restored along the line")) > 3
    assert not grid("Table I. Barrels restored along the line")


def test_a_shaded_table_and_bars_in_the_cells_of_one_stay_rows():
    press = _page()
    edges = (72.0, 220.0, 330.0, 440.0)
    for number in range(6):
        y = 150 + 20 * number
        press.set_fill_color(220)
        press.rect(edges[0], y, 148 if number % 2 else 368, 20, "F")
        press.rect(edges[2] + 2, y + 4, 12 * (number + 1), 12, "F")
        press.rule(edges, y)
        for x in edges:
            press.line(x, y, x, y + 20)
        for place, cell in enumerate((f"District {number}", str(40 + number), str(7 * number))):
            press.put(edges[place] + 3, y + 14, cell, 10)
    press.rule(edges, 270)
    content = load(press.made())
    assert len(rows(content)) == 6
    assert not texts(content, BlockKind.CHROME)


def test_a_mark_within_a_table_makes_no_chart_of_it():
    press = _page()
    edges = (72.0, 220.0, 330.0, 440.0)
    press.rect(72, 150, 368, 100)
    for number in range(5):
        y = 150 + 20 * number
        press.rule(edges, y)
        for x in edges:
            press.line(x, y, x, y + 20)
        for place, cell in enumerate((f"District {number}", str(40 + number), str(7 * number))):
            press.put(edges[place] + 3, y + 14, cell, 10)
    press.polyline([(400, 168), (410, 156), (420, 166), (434, 154)])
    assert len(rows(load(press.made()))) == 5


@pytest.mark.parametrize(
    ("boxes", "bars"),
    [
        ([(0, 0, 50, 10), (0, 20, 80, 30), (0, 40, 20, 50)], True),
        ([(0, 0, 10, 50), (20, 0, 30, 80), (40, 0, 50, 20)], True),
        ([(0, 0, 50, 10), (0, 20, 50, 30), (0, 40, 50, 50)], False),
        ([(0, 0, 50, 10), (50, 0, 130, 10), (130, 0, 150, 10)], False),
        ([(0, 0, 50, 10)], False),
        ([], False),
    ],
)
def test_bars_are_alike_across_and_of_several_lengths(boxes, bars: bool):
    assert pdf_drawn.are_bars(boxes) is bars
