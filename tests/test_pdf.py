"""PDF: reading order, paragraphs, furniture, footnotes, tables, boxes and refusals."""

from __future__ import annotations

import unicodedata

import numpy as np
import pypdfium2 as pdfium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from printing import (
    BODY,
    HEIGHT,
    LEADING,
    LEFT,
    MORE,
    RIGHT,
    ROWS,
    TOP,
    WIDTH,
    Press,
    block,
    load,
    page_of_text,
    texts,
    turned,
)

from index.errors import UnreadableDocument
from index.loading import loader_of
from index.loading.loader import Content
from index.loading.pdf import PdfLoader
from index.loading.pdf_properties import means_something
from index.records import BlockKind


def _width(lines: list[str]) -> float:
    press = Press()
    press.set_font("Times", size=11)
    return max(press.get_string_width(one) for one in lines)


def test_lines_become_paragraphs_and_the_space_between_them_parts_them():
    press = Press()
    page_of_text(press)
    content = load(press.made())
    assert texts(content) == [" ".join(BODY), " ".join(MORE)]
    assert content.text == " ".join(BODY) + "\n\n" + " ".join(MORE)


def test_a_first_line_set_in_opens_a_paragraph():
    press = Press()
    press.add_page()
    for number, line in enumerate(BODY + MORE):
        press.put(LEFT + (20 if number in {0, 3} else 0), TOP + number * LEADING, line)
    assert texts(load(press.made())) == [" ".join(BODY), " ".join(MORE)]


def test_two_columns_are_read_one_after_the_other():
    left = [
        "The left column tells of the",
        "harbour and its long history",
        "of trade with the islands,",
        "which ended in the war when",
        "the last ships were sunk.",
    ]
    right = [
        "The right column is about the",
        "railway that replaced it and",
        "carried coal to the furnaces",
        "of the valley until the mines",
        "were closed for good.",
    ]
    press = Press()
    press.add_page()
    press.put(LEFT, TOP, "A title that stands across both of the columns of the page", 16, "B")
    for number, (one, two) in enumerate(zip(left, right, strict=True)):
        press.put(LEFT, 110 + number * LEADING, one)
        press.put(310, 115 + number * LEADING, two)
    content = load(press.made())
    assert texts(content, BlockKind.PARAGRAPH) == [" ".join(left), " ".join(right)]
    assert len(texts(content, BlockKind.HEADING)) == 1


def test_what_pages_repeat_is_furniture_and_their_numbers_are_labels():
    press = Press()
    for number in range(3):
        press.add_page()
        press.put(LEFT, 40, "Harbour Board, annual report")
        press.put(LEFT, 300, "Each page speaks of other things, and of the same.")
        press.column(LEFT, 200, [f"Only here stands word {'abc'[number] * 5}."])
        press.put(290, 810, f"{number + 4}")
    content = load(press.made())
    assert [one.label for one in content.pages] == ["4", "5", "6"]
    assert texts(content, BlockKind.CHROME) == [
        text for number in (4, 5, 6) for text in ("Harbour Board, annual report", str(number))
    ]
    assert "Only here stands word bbbbb." in texts(content, BlockKind.PARAGRAPH)


def test_a_paragraph_over_a_page_break_is_one_and_furniture_and_notes_stand_outside():
    press = Press()
    press.add_page()
    press.put(LEFT, 40, "Harbour Board")
    unended = "and was to be opened again before the end of the year if no other damage"
    press.column(LEFT, 760 - 2 * LEADING, [*BODY[:2], unended, ""], RIGHT - LEFT)
    press.line(LEFT, 774, LEFT + 100, 774)
    press.put(LEFT, 783, "1", 5)
    press.put(LEFT + 5, 786, "Report of the engineer, 1911.", 8)
    press.put(290, 815, "1")
    press.add_page()
    press.put(LEFT, 40, "Harbour Board")
    press.column(LEFT, 80, ["was found below the water line by the divers.", "", *MORE])
    press.put(290, 815, "2")
    content = load(press.made())
    torn = block(content, "The committee met")
    assert content.text[torn.start : torn.end].endswith(
        "if no other damage was found below the water line by the divers."
    )
    note = block(content, "Report of the engineer, 1911.")
    assert (note.kind, note.mark) == (BlockKind.FOOTNOTE, "¹")
    assert content.printed_on is not None
    pages = content.printed_on[torn.start : torn.end]
    assert sorted(set(pages.tolist())) == [0, 1, 2]
    first, second = content.pages
    assert first.start <= torn.start < torn.end <= first.end <= block(content, MORE[0]).start
    assert note.start < first.end == second.start


def test_hyphens_at_line_ends_go_but_not_those_of_compounds():
    press = Press()
    press.add_page()
    press.column(
        LEFT,
        TOP,
        [
            "All parliamentary work on counter-terrorism was discussed by the parlia-",
            "mentary groups, and the measures of counter-",
            "terrorism were put before the com-",
            "mittee in the year nineteen hundred and eleven.",
        ],
    )
    text = load(press.made()).text
    assert "by the parliamentary groups" in text
    assert "measures of counter-terrorism were" in text
    assert "before the committee in" in text


def test_letters_are_normalised():
    press = Press()
    press.add_font("DejaVu", fname="/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    press.add_page()
    press.set_font("DejaVu", size=11)
    press.text(LEFT, TOP, "e\u0301te\u0301 of\ufb01ce co\xadoperation zero\u200bwidth Straße")
    content = load(press.made())
    assert content.text == "été office cooperation zerowidth Straße"
    _boxes_hold(content, press.made(), 0, len(content.text))


def test_headings_nest_by_size_and_marks_stand_apart():
    press = Press()
    press.add_page()
    y = 80.0
    for text, size, style in (("Report on the harbour", 18, "B"), ("I. Introduction", 14, "B")):
        press.put(LEFT, y, text, size, style)
        y += 30
    y = press.column(LEFT, y, ["1. " + BODY[0], *BODY[1:]]) + 10
    press.put(LEFT, y, "A. Costs", 11, "B")
    y = press.column(LEFT, y + 20, ["2. " + MORE[0], MORE[1]]) + 10
    y = press.column(LEFT + 20, y, ["(a) The northern pier;"]) + 4
    press.column(LEFT + 20, y, ["(b) The southern pier."])
    content = load(press.made())
    found = [(one.kind.value, one.level, one.mark, content.text[one.start : one.end][:12])
             for one in content.blocks]  # fmt: skip
    assert found == [
        ("heading", 1, "", "Report on th"),
        ("heading", 2, "I.", "Introduction"),
        ("paragraph", 1, "1.", "The committe"),
        ("heading", 3, "A.", "Costs"),
        ("paragraph", 1, "2.", "Members aske"),
        ("item", 1, "(a)", "The northern"),
        ("item", 1, "(b)", "The southern"),
    ]
    assert "1. The committee met" in content.text


def test_a_raised_mark_is_no_letter_of_the_word_before_it():
    press = Press()
    press.add_page()
    press.put(LEFT, TOP, "The report")
    at = LEFT + _width(["The report"])
    press.put(at, TOP - 4, "12", 6)
    press.put(at + 7, TOP, " names it.")
    assert load(press.made()).text == "The report¹² names it."


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_reads_alike_and_its_boxes_are_as_it_is_shown(turn: int):
    press = Press()
    page_of_text(press)
    plain, shown = load(press.made()), load(turned(press.made(), turn))
    assert shown.text == plain.text
    sides = (HEIGHT, WIDTH) if turn % 180 else (WIDTH, HEIGHT)
    assert (shown.pages[0].width, shown.pages[0].height) == sides
    assert plain.boxes is not None
    assert shown.boxes is not None
    left, top, right, bottom = plain.boxes[0]
    expected = {
        90: (HEIGHT - bottom, left, HEIGHT - top, right),
        180: (WIDTH - right, HEIGHT - bottom, WIDTH - left, HEIGHT - top),
        270: (top, WIDTH - right, bottom, WIDTH - left),
    }[turn]
    assert shown.boxes[0] == pytest.approx(expected, abs=0.05)


def test_arabic_is_read_from_the_right():
    lines = ["اجتمعت اللجنة في الربيع", "واستمعت إلى التقرير الأول"]
    press = Press()
    press.add_font("DejaVu", fname="/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    press.add_page()
    press.set_font("DejaVu", size=12)
    press.set_text_shaping(False)
    for number, line in enumerate(lines):
        shown = line[::-1]
        press.text(RIGHT - press.get_string_width(shown), TOP + number * 18, shown)
    content = load(press.made())
    assert content.text.split() == " ".join(lines).split()


def _boxes_hold(content: Content, data: bytes, start: int, end: int) -> None:
    """The text that pdfium finds in the boxes of a span is the span."""
    assert content.boxes is not None
    assert content.printed_on is not None
    document = pdfium.PdfDocument(data)
    found = ""
    for place in range(start, end):
        number = int(content.printed_on[place])
        if number:
            page = document[number - 1]
            left, top, right, bottom = (float(one) for one in content.boxes[place])
            inside = page.get_textpage().get_text_bounded(
                left + 0.1, page.get_height() - bottom, right - 0.1, page.get_height() - top
            )
            folded = unicodedata.normalize("NFKC", inside)
            letter = unicodedata.normalize("NFKC", content.text[place])
            assert letter in folded or letter == "-", (content.text[place], inside)
        else:
            found += content.text[place]
    assert not found.replace("|", "").strip(), found
    document.close()


VOCABULARY = "the harbour of trade was closed in January and co-operation failed".split()
WORDS = st.lists(st.sampled_from(VOCABULARY), min_size=4, max_size=40)
MARKED = st.tuples(WORDS, st.sampled_from(["", "1. ", "(a) ", "• "]))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(MARKED, min_size=1, max_size=9), st.booleans(), st.data())
def test_offsets_boxes_and_pages_hold_together(paragraphs, table: bool, data):
    press = Press()
    press.add_page()
    y = 60.0
    for words, mark in paragraphs:
        press.set_font("Times", size=11)
        lines = [mark.replace("•", "-")]
        for word in words:
            if press.get_string_width(lines[-1] + word) > 220:
                lines.append("")
            lines[-1] += word + " "
        if y > 600:
            press.add_page()
            y = 60.0
        y = press.column(LEFT, y, [one.strip() for one in lines]) + 8
    if table:
        press.ruled(ROWS, y)
    made = press.made()
    content = load(made)
    last = 0
    for one in content.blocks:
        assert last <= one.start < one.end <= len(content.text)
        assert all(one.start <= left <= right <= one.end for left, right in one.cells)
        last = one.end
    assert content.pages[0].start == 0
    assert content.pages[-1].end == len(content.text)
    for page, following in zip(content.pages, content.pages[1:], strict=False):
        assert page.end == following.start
    assert content.boxes is not None
    assert content.boxes.shape == (len(content.text), 4)
    printed = [place for place, letter in enumerate(content.text) if letter not in " \n|"]
    assert not np.isnan(content.boxes[printed]).any()
    said = "".join("".join(mark.replace("•", "-") + " ".join(words)).replace(" ", "")
                   for words, mark in paragraphs)  # fmt: skip
    read = "".join(content.text.split())
    assert read.startswith(said)
    chosen = data.draw(st.sampled_from(content.blocks))
    start = data.draw(st.integers(chosen.start, chosen.end - 1))
    end = data.draw(st.integers(start + 1, min(chosen.end, start + 30)))
    _boxes_hold(content, made, start, end)


def _encrypted() -> bytes:
    press = Press()
    page_of_text(press)
    press.set_encryption(owner_password="one", user_password="two")
    return press.made()


def _good() -> bytes:
    press = Press()
    page_of_text(press)
    return press.made()


def _blank(pages: int) -> bytes:
    press = Press()
    for _ in range(pages):
        press.add_page()
    return press.made()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "HTML page"),
        (b"\xff\xd8\xff\xe0 a picture", "no PDF"),
        (b"%PDF-1.7\n" + b"\0" * 4000, "truncated"),
        (b"%PDF-1.7\ngarbage\n%%EOF", "damaged"),
        (_good()[: len(_good()) // 3], "truncated"),
        (_encrypted(), "encrypted"),
        (_blank(22), "22 pages without text; nothing is drawn on them"),
        (_blank(1), "1 page without text"),
    ],
)
def test_each_refusal_has_its_reason(data: bytes, reason: str):
    with pytest.raises(UnreadableDocument, match=reason):
        load(data)


@pytest.mark.parametrize(
    "said",
    ["403 Forbidden: access denied", "The document you are looking for does not exist."],
)
def test_the_page_of_an_error_is_no_document(said: str):
    press = Press()
    press.add_page()
    press.put(LEFT, TOP, said)
    with pytest.raises(UnreadableDocument, match="error"):
        load(press.made())


def test_a_document_that_speaks_of_errors_is_one():
    press = Press()
    for _ in range(3):
        page_of_text(press)
    press.put(LEFT, 400, "Access denied, said the guard.")
    assert "Access denied" in load(press.made()).text


def test_pages_without_text_among_others_are_said():
    press = Press()
    page_of_text(press)
    press.add_page()
    press.add_page()
    assert load(press.made()).notices == ("2 of 3 pages have no text",)


def test_a_pdf_is_told_by_its_content():
    data = b"\n\n" + _good()
    assert loader_of(data, ".txt").name == "pdf"
    assert not PdfLoader().recognises(b"A text about %PDF files", ".txt")


def test_properties_count_only_where_they_mean_something():
    assert means_something("Annual report of the harbour board")
    for one in ("Microsoft Word - Document1", "report 2011.docx", "1723427", "A/80/10", "untitled"):
        assert not means_something(one)
    press = Press()
    page_of_text(press)
    press.set_title("Annual report of the board")
    assert load(press.made()).metadata.title == "Annual report of the board"


@pytest.mark.parametrize("place", range(9, 1400, 97))
def test_odd_bytes_give_a_text_or_a_reason(place: int):
    broken = bytearray(_good())
    broken[place : place + 8] = b"\xff" * 8
    try:
        content = load(bytes(broken))
    except UnreadableDocument:
        return
    assert content.text


@pytest.mark.parametrize("mark", ["", "(a) "])
def test_bold_words_that_open_a_paragraph_are_no_heading_over_it(mark: str):
    press = Press()
    page_of_text(press)
    opening = f"{mark}Delays in the works. They arose when the storms of January"
    press.column(LEFT, 180, [opening, ""], RIGHT - LEFT, style="B")
    press.column(LEFT, 180 + LEADING, ["closed the harbour, and none has been open since."])
    said = texts(load(press.made()))[-1]
    assert said == (
        "Delays in the works. They arose when the storms of January closed the harbour, "
        "and none has been open since."
    )


def test_a_bold_heading_over_a_paragraph_stays_one():
    press = Press()
    press.add_page()
    press.put(LEFT, TOP, "Delays in the works of the", style="B")
    press.column(LEFT, TOP + LEADING, BODY, RIGHT - LEFT)
    press.column(LEFT, TOP + 6 * LEADING, MORE, RIGHT - LEFT)
    assert texts(load(press.made()), BlockKind.HEADING) == ["Delays in the works of the"]
