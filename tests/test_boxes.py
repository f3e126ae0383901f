"""Where words are printed is stored by page and given back line by line."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import boxes
from index.boxes import Box

NOWHERE = (np.nan,) * 4


def laid_out(*lines: tuple[int, float, str]) -> tuple[str, np.ndarray, np.ndarray]:
    """Text, boxes and pages of lines, each with its page and its top: six points a letter."""
    text = " ".join(words for _, _, words in lines)
    placed: list[tuple[float, ...]] = []
    pages: list[int] = []
    for page, top, words in lines:
        if placed:
            placed.append(NOWHERE)
            pages.append(0)
        for place in range(len(words)):
            placed.append((72 + 6 * place, top, 78 + 6 * place, top + 10))
            pages.append(page)
    return text, np.array(placed, dtype=np.float32), np.array(pages, dtype=np.int32)


def found(start, end, placed, pages):
    return [box for one in boxes.pack(placed, pages) for box in boxes.lines(one, start, end)]


def test_a_range_has_a_box_for_each_line_on_each_page():
    text, placed, pages = laid_out((1, 700, "the harbour"), (2, 80, "is closed"), (2, 92, "today"))
    start = text.index("harbour")
    assert found(start, len(text), placed, pages) == [
        Box(1, 96.0, 700.0, 138.0, 710.0),
        Box(2, 72.0, 80.0, 126.0, 90.0),
        Box(2, 72.0, 92.0, 102.0, 102.0),
    ]


def test_words_far_apart_on_a_line_have_boxes_of_their_own():
    placed = np.array([(72, 80, 78, 90), (300, 80, 306, 90)], dtype=np.float32)
    assert len(found(0, 2, placed, np.array([1, 1], dtype=np.int32))) == 2


def test_marks_that_hang_below_or_above_are_of_their_line():
    word, comma, quote = (72, 80, 78, 87), (79, 86, 81, 90), (83, 79, 86, 83)
    after, below = (87, 82, 92, 87), (72, 92, 78, 99)
    placed = np.array([word, comma, quote, after, below], dtype=np.float32)
    assert found(0, 5, placed, np.ones(5, dtype=np.int32)) == [
        Box(1, 72.0, 79.0, 92.0, 90.0),
        Box(1, 72.0, 92.0, 78.0, 99.0),
    ]


def test_words_that_run_up_or_down_a_turned_page_have_a_box_for_each_line():
    text, placed, pages = laid_out((1, 100, "the harbour"), (1, 112, "is"), (1, 124, "closed"))
    left, top, right, bottom = placed.T
    for turned in (
        np.stack([left, top, right, bottom], axis=1),
        np.stack([top, left, bottom, right], axis=1),
        np.stack([600 - bottom, left, 600 - top, right], axis=1),
        np.stack([top, 800 - right, bottom, 800 - left], axis=1),
    ):
        boxes_of = found(0, len(text), turned, pages)
        assert len(boxes_of) == 3
        areas = [(one.x1 - one.x0) * (one.y1 - one.y0) for one in boxes_of]
        assert areas == pytest.approx([11 * 6 * 10, 2 * 6 * 10, 6 * 6 * 10])


def test_the_pages_of_a_document_begin_where_its_words_go_over():
    _, _, pages = laid_out((1, 700, "one"), (2, 80, "two"), (2, 92, "three"))
    assert [*boxes.runs(pages)] == [(0, 1), (4, 2)]


@given(st.lists(st.tuples(st.integers(1, 3), st.text("ab", min_size=1, max_size=9)), max_size=6))
def test_every_printed_character_lies_in_a_box_of_its_range(lines):
    given_lines = [(page, 20.0 * place, words) for place, (page, words) in enumerate(lines)]
    if not given_lines:
        return
    text, placed, pages = laid_out(*given_lines)
    all_of = found(0, len(text), placed, pages)
    for at in np.flatnonzero(pages):
        x0, y0, x1, y1 = placed[at]
        assert any(
            one.page == pages[at]
            and (one.x0, one.y0) <= (x0, y0)
            and one.x1 >= x1 == pytest.approx(x1)
            and one.y1 >= y1
            for one in all_of
        )
