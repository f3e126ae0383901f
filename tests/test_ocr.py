"""Scans: what OCR reads on pictures of pages, laid out, with boxes on the words."""

from __future__ import annotations

from difflib import SequenceMatcher

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from printing import HEIGHT, LEFT, TOP, WIDTH, Press, block, load, texts
from scanning import (
    BOLD,
    LINES,
    MORE,
    SANS,
    SCALE,
    STEP,
    Drawn,
    Scan,
    around,
    assert_on_words,
    boxes_of,
    mixed,
    needs,
    pdf_of,
    read,
)

from index.errors import UnreadableDocument
from index.records import BlockKind

pytestmark = needs("eng")


def test_a_scan_is_read_in_paragraphs_and_says_so():
    content = read(Scan().text().made())
    assert texts(content) == [" ".join(LINES), " ".join(MORE)]
    assert [one.ocr for one in content.pages] == [True]
    assert content.notices == ("page 1 was read by OCR",)
    assert content.ocr.startswith("tesseract ")
    assert content.unread == 0


def test_boxes_lie_on_the_words_as_they_were_drawn():
    scan = Scan().text().text(MORE)
    assert_on_words(read(scan.made()), scan.words)


def _shown(word: Drawn, quarters: int) -> Drawn:
    """``word`` on its page turned by quarters clockwise."""
    left, top, right, bottom = word.box
    box = {
        1: (HEIGHT - bottom, left, HEIGHT - top, right),
        2: (WIDTH - right, HEIGHT - bottom, WIDTH - left, HEIGHT - top),
        3: (top, WIDTH - right, bottom, WIDTH - left),
    }[quarters]
    return Drawn(word.page, word.text, box)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_that_is_turned_to_be_shown_upright(quarters: int):
    scan = Scan().text()
    laid = [one.rotate(90 * quarters, expand=True) for one in scan.pictures]
    content = read(pdf_of(laid, rotate=90 * quarters))
    assert (content.pages[0].width, content.pages[0].height) == pytest.approx(
        (WIDTH, HEIGHT), abs=1
    )
    assert_on_words(content, scan.words)


@pytest.mark.parametrize("quarters", [1, 2, 3])
@needs("osd")
def test_a_page_that_stands_sideways_or_upside_down_as_it_is_shown(quarters: int):
    scan = Scan()
    scan.add_page()
    y = float(TOP)
    for _ in range(4):
        y = scan.column(LEFT, scan.column(LEFT, y, LINES) + STEP, MORE) + STEP
    content = read(scan.made(rotate=90 * quarters))
    assert texts(content) == [" ".join(LINES), " ".join(MORE)] * 4
    assert_on_words(content, [_shown(one, quarters) for one in scan.words])


@pytest.mark.parametrize("degrees", [-1.2, 0.8])
def test_a_page_that_lay_askew_on_the_scanner(degrees: float):
    scan = Scan().text()
    askew = [one.rotate(degrees, fillcolor=255) for one in scan.pictures]
    content = read(pdf_of(askew))
    assert texts(content) == [" ".join(LINES), " ".join(MORE)]
    angle = np.radians(degrees)
    for word in scan.words:
        x, y = (word.box[0] + word.box[2] - WIDTH) / 2, (word.box[1] + word.box[3] - HEIGHT) / 2
        place = content.text.index(word.text)
        if content.text.count(word.text) > 1:
            continue
        left, top, right, bottom = around(boxes_of(content, place, place + len(word.text)))
        there = (left + right - WIDTH) / 2, (top + bottom - HEIGHT) / 2
        due = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
        assert there == pytest.approx(due, abs=1.5), word


def test_pages_of_text_stay_as_they_are_among_scans():
    data, scan = mixed()
    content = read(data)
    assert texts(content) == [
        "This page of text speaks of word aaaaa.",
        " ".join(MORE),
        "This page of text speaks of word ccccc.",
    ]
    assert [one.ocr for one in content.pages] == [False, True, False]
    assert content.notices == ("page 2 was read by OCR",)
    assert_on_words(content, [Drawn(2, one.text, one.box) for one in scan.words])
    plain = load(data)
    assert plain.unread == 1
    assert plain.ocr == ""
    assert plain.notices == ()


def test_what_pages_repeat_is_furniture_on_scans_too():
    scan = Scan()
    for number in range(3):
        scan.add_page()
        scan.put(LEFT, 40, "Harbour Board, annual report")
        scan.column(LEFT, 200, [LINES, MORE, LINES[:2]][number])
        scan.put(290, 810, f"Page {number + 4}")
    content = read(scan.made())
    assert [one.label for one in content.pages] == ["4", "5", "6"]
    assert texts(content, BlockKind.CHROME) == [
        text for number in (4, 5, 6) for text in ("Harbour Board, annual report", f"Page {number}")
    ]


def test_an_underlined_line_is_a_heading_and_its_boxes_are_as_long_as_its_words():
    scan = Scan()
    scan.add_page()
    end = scan.put(200, TOP, "Greenhouse gases and change")
    scan.rule(200, TOP + 2.4, end - 4, TOP + 2.4)
    scan.column(LEFT, TOP + 2 * STEP, LINES)
    content = read(scan.made())
    assert texts(content, BlockKind.HEADING) == ["Greenhouse gases and change"]
    assert texts(content, BlockKind.PARAGRAPH) == [" ".join(LINES)]
    assert_on_words(content, scan.words, near=2.5)


def test_a_ruled_table_is_rows():
    scan = Scan()
    scan.add_page()
    rows = [
        ["Country", "Exports", "Imports"],
        ["Netherlands", "512", "498"],
        ["Norway", "87", "64"],
    ]
    columns = (LEFT, 220, 320, 420)
    for number, cells in enumerate(rows):
        y = 200 + 24 * number
        scan.rule(columns[0], y, columns[3], y)
        for place, cell in enumerate(cells):
            scan.put(columns[place] + 6, y + 17, cell)
    scan.rule(columns[0], 272, columns[3], 272)
    for edge in columns:
        scan.rule(edge, 200, edge, 272)
    scan.column(LEFT, TOP, LINES)
    content = read(scan.made())
    row = block(content, "Netherlands | 512 | 498")
    assert row.kind is BlockKind.ROW
    assert row.heads == ("Country", "Exports", "Imports")
    assert "Norway | 87 | 64" in texts(content, BlockKind.ROW)


def test_a_bold_line_is_a_heading_and_a_plain_one_is_none():
    scan = Scan()
    scan.add_page()
    scan.put(LEFT, TOP, "Report on the harbour", font=BOLD)
    y = scan.column(LEFT, TOP + 2 * STEP, LINES)
    scan.put(LEFT, y + STEP, "Costs of the northern pier", font=BOLD)
    scan.column(LEFT, y + 3 * STEP, MORE)
    scan.put(LEFT, y + 7 * STEP, "Signed at the harbour")
    content = read(scan.made())
    headings = texts(content, BlockKind.HEADING)
    assert headings == ["Report on the harbour", "Costs of the northern pier"]


def test_large_type_is_a_heading():
    scan = Scan()
    scan.add_page()
    scan.put(LEFT, TOP, "Report on the harbour", 20)
    scan.column(LEFT, 120, LINES)
    content = read(scan.made())
    assert texts(content, BlockKind.HEADING) == ["Report on the harbour"]


def _drawing(seed: int = 7) -> Image.Image:
    """A page with blots and strokes of a pen, and no text."""
    rng = np.random.default_rng(seed)
    picture = Image.new("L", (round(WIDTH * SCALE), round(HEIGHT * SCALE)), 255)
    pen = ImageDraw.Draw(picture)
    for _ in range(60):
        x, y = rng.uniform(200, 2000), rng.uniform(200, 3000)
        across, down = rng.uniform(10, 160, 2)
        pen.ellipse((x, y, x + across, y + down), outline=0, width=6)
        pen.arc((y / 2, x, y / 2 + across, x + 2 * down), 20, 200, fill=0, width=5)
    return picture


def test_a_drawing_does_not_become_text():
    with pytest.raises(UnreadableDocument, match=r"^1 page without text; OCR finds none either$"):
        read(pdf_of([_drawing()]))
    content = read(pdf_of([*Scan().text().pictures, _drawing()]))
    assert texts(content) == [" ".join(LINES), " ".join(MORE)]
    assert content.notices == ("page 1 was read by OCR", "1 of 2 pages has no text")


def test_a_stamp_over_a_scan_does_not_stand_for_its_text():
    scan = Scan().text()
    press = Press()
    press.add_page()
    press.image(scan.pictures[0], x=0, y=0, w=WIDTH, h=HEIGHT)
    press.put(400, 820, "CASE-000123")
    data = press.made()
    assert (load(data).text, load(data).unread) == ("CASE-000123", 1)
    content = read(data)
    assert " ".join(LINES) in content.text
    assert "CASE-000123" in content.text
    assert_on_words(content, scan.words)


def test_a_picture_behind_a_title_leaves_the_title_as_it_is():
    press = Press()
    press.add_page()
    press.image(Image.new("L", (600, 800), 210), x=0, y=0, w=WIDTH, h=HEIGHT)
    press.put(LEFT, TOP, "Annual report of the harbour board", 20)
    content = read(press.made())
    assert content.text == "Annual report of the harbour board"
    assert not content.pages[0].ocr


def test_a_large_page_is_drawn_within_bounds():
    scan = Scan().text()
    wide = Image.new("L", (scan.pictures[0].width, scan.pictures[0].height), 255)
    wide.paste(scan.pictures[0])
    press = Press()
    press.add_page(format=(WIDTH * 8, HEIGHT * 8))
    press.image(wide, x=0, y=0, w=WIDTH * 8, h=HEIGHT * 8)
    content = read(press.made())
    assert " ".join(LINES) in content.text
    word = scan.words[0]
    grown = Drawn(1, word.text, tuple(8 * one for one in word.box))  # type: ignore[arg-type]
    assert_on_words(content, [grown], near=8.0)


@needs("fra")
def test_french_keeps_its_accents():
    lines = ["Le comité s'est réuni au début du printemps à Genève, où il a été", "décidé d'agir."]
    content = read(Scan().text(lines).made(), "fra+eng")
    assert content.text == " ".join(lines)


ARABIC = [
    "اجتمعت اللجنة في الربيع واستمعت إلى التقرير",
    "الأول عن حالة الميناء الذي أغلق للإصلاح منذ",
    "عواصف يناير وكان من المقرر أن يعاد فتحه قبل",
    "نهاية العام وسأل الأعضاء عن التكاليف",
]


@needs("ara")
def test_arabic_is_read_from_the_right_and_its_boxes_lie_on_its_words():
    scan = Scan(SANS)
    scan.add_page()
    for number, line in enumerate(ARABIC):
        right = WIDTH - 72.0
        for one in line.split():
            width = scan.put(1000, TOP + 20 * number, one) - 1000
            scan.words.pop()
            scan.put(right - width, TOP + 20 * number, one)
            right -= width
    content = read(scan.made(), "ara")
    words = " ".join(ARABIC).split()
    alike = SequenceMatcher(None, words, content.text.split(), autojunk=False).ratio()
    assert alike > 0.8
    known = [one for one in scan.words if content.text.count(one.text) == 1]
    assert len(known) > 10
    for word in known:
        place = content.text.index(word.text)
        boxes = boxes_of(content, place, place + len(word.text))
        assert around(boxes) == pytest.approx(word.box, abs=2.0), word
        assert boxes[0][2] > boxes[-1][2]


VOCABULARY = (
    "the harbour of trade was closed in January and co-operation failed 1911 (again)".split()
)
PARAGRAPHS = st.lists(
    st.lists(st.sampled_from(VOCABULARY), min_size=3, max_size=30), min_size=1, max_size=4
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PARAGRAPHS)
def test_offsets_boxes_and_pages_hold_together(paragraphs: list[list[str]]):
    scan = Scan()
    scan.add_page()
    y = float(TOP)
    for words in paragraphs:
        for first in range(0, len(words), 8):
            scan.put(LEFT, y, " ".join(words[first : first + 8]))
            y += STEP
        y += STEP
    content = read(scan.made())
    assert content.boxes is not None
    assert content.boxes.shape == (len(content.text), 4)
    printed = [place for place, letter in enumerate(content.text) if letter not in " \n|"]
    assert not np.isnan(content.boxes[printed]).any()
    last = 0
    for one in content.blocks:
        assert last <= one.start < one.end <= len(content.text)
        last = one.end
    assert content.pages[0].end == len(content.text)
    drawn = [around([one.box]) for one in scan.words]
    for left, top, right, bottom in boxes_of(content, 0, len(content.text)):
        x, y = (left + right) / 2, (top + bottom) / 2
        assert any(a - 1 <= x <= c + 1 and b - 1 <= y <= d + 1 for a, b, c, d in drawn)
