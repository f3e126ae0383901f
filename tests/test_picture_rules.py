"""Straight lines in pictures of pages, found and taken out; and which lines of print are bold."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scanning import BOLD, FONT, LINES, SCALE, Scan

from index.loading import picture_rules, picture_sheets, picture_weight
from index.loading.ocr import Glyph, Picture, PrintLine, Word
from index.loading.picture_rules import Pixels, Stroke


def _blank() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("L", (1200, 900), 255)
    return picture, ImageDraw.Draw(picture)


def _out(picture: Image.Image) -> tuple[Pixels, list[Stroke]]:
    return picture_rules.taken_out(np.asarray(picture), SCALE)


def test_lines_are_found_and_taken_out():
    picture, pen = _blank()
    pen.line((100, 200, 900, 200), fill=0, width=4)
    pen.line((300, 200, 300, 700), fill=0, width=4)
    clean, found = _out(picture)
    assert (clean == 255).all()
    level, upright = found
    assert (level.level, upright.level) == (True, False)
    assert (level.x0, level.x1) == pytest.approx((100, 901), abs=2)
    assert level.y0 == pytest.approx(200, abs=2)
    assert (upright.y0, upright.y1) == pytest.approx((200, 701), abs=3)


def test_text_without_lines_stays_as_it_is():
    scan = Scan().text()
    clean, found = _out(scan.pictures[0])
    assert found == []
    assert (clean == np.asarray(scan.pictures[0])).all()


def test_an_underline_goes_and_the_letters_that_cross_it_stay():
    plain, underlined = Scan(), Scan()
    for one in (plain, underlined):
        one.add_page()
        one.put(72, 100, "Agreeing pages by typing", 14)
    underlined.rule(72, 102.0, 260, 102.0, 1.0)
    clean, found = _out(underlined.pictures[0])
    assert len(found) == 1
    wanted = np.asarray(plain.pictures[0]) < 128
    drawn = np.asarray(underlined.pictures[0]) < 128
    assert (drawn != wanted).sum() > 0.3 * wanted.sum()
    assert ((clean < 128) != wanted).sum() < 0.1 * wanted.sum()


def test_a_line_that_is_broken_into_dashes_is_one():
    picture, pen = _blank()
    for start in range(100, 1000, 60):
        pen.line((start, 300, start + 40, 300), fill=0, width=3)
    clean, (line,) = _out(picture)
    assert (clean == 255).all()
    assert (line.x0, line.x1) == pytest.approx((100, 981), abs=3)


def test_dots_that_lead_to_a_number_are_no_line_nor_is_a_row_of_text():
    scan = Scan()
    scan.add_page()
    scan.put(72, 100, "Introduction " + "." * 60 + " 4")
    scan.column(72, 140, LINES)
    assert _out(scan.pictures[0])[1] == []


def test_a_leaning_line_is_found_and_a_drawing_is_none():
    picture, pen = _blank()
    pen.line((100, 200, 1000, 209), fill=0, width=4)
    pen.rectangle((200, 400, 700, 600), fill=0)
    clean, (line,) = _out(picture)
    assert (line.y0, line.y1) == pytest.approx((200, 209), abs=2)
    assert (clean[402:598, 202:698] == 0).all()


def test_what_is_all_lines_is_a_drawing_and_stays():
    hatched = np.full((3000, 3000), 255, dtype=np.uint8)
    hatched[::7] = 0
    for left in range(0, 3000, 150):
        hatched[:, left : left + 30] = 255
    clean, found = picture_rules.taken_out(hatched, SCALE)
    assert found == []
    assert (clean == hatched).all()


@pytest.mark.parametrize("shade", [0, 255])
def test_a_page_of_one_shade_has_none(shade: int):
    page = np.full((400, 300), shade, dtype=np.uint8)
    clean, found = picture_rules.taken_out(page, SCALE)
    assert (clean == page).all()
    assert found == []


def test_the_shade_between_ink_and_paper_is_that_of_the_page():
    grey = np.full((100, 100), 180, dtype=np.uint8)
    grey[:10] = 90
    assert 90 < picture_rules.threshold(grey) <= 180


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_lines_stand_where_they_are_when_the_page_is_upright_less_its_shadow(turn: int):
    level = Stroke(100, 200, 400, 200, 2.0, True)
    upright = Stroke(150, 100, 150, 500, 2.0, False)
    shadow = Stroke(0, 795, 600, 795, 2.0, True)
    sheet = picture_sheets.of(1, (600, 800), 1.0, turn, ([], [level, upright, shadow]))
    found = [(one.left, one.top, one.right, one.bottom) for one in sheet.rules]
    due = {
        0: [(100, 199, 400, 201), (149, 100, 151, 500)],
        1: [(599, 100, 601, 400), (300, 149, 700, 151)],
        2: [(200, 599, 500, 601), (449, 300, 451, 700)],
        3: [(199, 200, 201, 500), (100, 449, 500, 451)],
    }[turn]
    assert found == [pytest.approx(one) for one in due]


def _weighed(fonts: list[str]) -> list[bool]:
    """Which of some lines, each in a font, are told to be bold."""
    scan = Scan()
    scan.add_page()
    lines = []
    for number, font in enumerate(fonts):
        first = len(scan.words)
        scan.put(72, 100 + 20 * number, "Measures that were taken", font=font)
        words = tuple(
            Word((Glyph(one.text, *(SCALE * side for side in one.box)),) * len(one.text), 0.9)
            for one in scan.words[first:]
        )
        lines.append(PrintLine(words, 500, SCALE * (100 + 20 * number), 0.0, 50))
    picture = Picture(np.asarray(scan.pictures[0]), SCALE)
    return [one.bold for one in picture_weight.told(lines, picture)]


def test_lines_with_thicker_strokes_than_most_are_bold():
    assert _weighed([FONT, BOLD, FONT, FONT, FONT]) == [False, True, False, False, False]
    assert _weighed([BOLD, BOLD]) == [False, False]


def _barred(widths: list[int]) -> list[bool]:
    """Which of some lines are told to be bold, that are bars of some widths in pixels."""
    pixels = np.full((60 * len(widths), 600), 255, dtype=np.uint8)
    lines = []
    for number, width in enumerate(widths):
        top = 60 * number + 10
        glyphs = tuple(Glyph("l", x, top, x + width, top + 40) for x in range(20, 560, 50))
        for one in glyphs:
            pixels[top : top + 40, int(one.left) : int(one.right)] = 0
        lines.append(PrintLine((Word(glyphs, 0.9),), 300, top + 40, 0.0, 50))
    return [one.bold for one in picture_weight.told(lines, Picture(pixels, SCALE))]


def test_where_a_page_is_printed_unevenly_no_line_is_bold():
    assert _barred([20, 20, 20, 20, 26]) == [False, False, False, False, True]
    assert _barred([20, 20, 20, 22, 26]) == [False] * 5


def test_nothing_is_told_of_lines_without_ink():
    blank = Picture(np.full((9, 9), 255, dtype=np.uint8), 1.0)
    assert picture_weight.told([], blank) == []
    line = PrintLine((Word((Glyph("x", 1, 1, 2, 2),) * 9, 0.9),), 1, 2, 0.0, 10)
    turned = PrintLine(line.words, 1, 2, 0.0, 10, turn=1)
    assert [one.bold for one in picture_weight.told([line, turned], blank)] == [False, False]
