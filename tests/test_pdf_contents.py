"""Tables of contents are furniture; tables that only look like one are not."""

from __future__ import annotations

import pytest
from printing import LEFT, RIGHT, Press, load, texts

from index import passages
from index.loaders import Parsed, compose
from index.passages import Limits
from index.records import BlockKind, Metadata
from index.sources import SourceFile

ENTRIES = [
    ("I.", "Introduction", "iv"),
    ("II.", "State of the harbour", "5"),
    ("A.", "Repairs and their costs, with the views of the members of the board on", ""),
    ("", "who is to carry them", "6"),
    ("III.", "Recommendations", "11"),
    ("", "Annexes", ""),
    ("I.", "Report of the engineer", "39"),
]
BODY = ["The committee met in the spring and heard the first report on the harbour."]


def _entries(press: Press, y: float, entries=ENTRIES, *, dots: bool = True) -> float:
    press.set_font("Times", size=11)
    for mark, name, page in entries:
        press.put(LEFT, y, mark)
        press.put(LEFT + 30, y, name)
        if page:
            at = LEFT + 30 + press.get_string_width(name) + 4
            if dots:
                count = int((RIGHT - 40 - at) / press.get_string_width("."))
                press.put(at, y, "." * count)
            press.put(RIGHT - press.get_string_width(page), y, page)
        y += 16 if page else 13
    return y


def _press() -> Press:
    press = Press()
    press.add_page()
    return press


@pytest.mark.parametrize("dots", [True, False])
def test_entries_with_pages_are_furniture_with_their_heading_and_heads(dots: bool):
    press = _press()
    press.put(LEFT, 80, "Contents", 16, "B")
    press.put(LEFT, 98, "Chapter", 8, "I")
    press.put(RIGHT - 14, 98, "Page", 8, "I")
    y = _entries(press, 120, dots=dots)
    press.put(LEFT, y + 30, "I. Introduction", 14, "B")
    press.column(LEFT, y + 60, BODY)
    content = load(press.made())
    assert texts(content, BlockKind.CHROME) == [
        "Contents",
        "Chapter Page",
        "I. Introduction iv",
        "II. State of the harbour 5",
        "A. Repairs and their costs, with the views of the members of the board on",
        "who is to carry them 6",
        "III. Recommendations 11",
        "Annexes",
        "I. Report of the engineer 39",
    ]
    others = [one for one in content.blocks if one.kind is not BlockKind.CHROME]
    assert [content.text[one.start : one.end] for one in others] == ["Introduction", *BODY]


def test_contents_that_go_on_over_a_page_are_all_furniture():
    press = _press()
    press.put(LEFT, 80, "Contents", 16, "B")
    _entries(press, 660)
    press.add_page()
    long = [("2.", "Trust fund on assistance to those who lost their ships in the storms of", ""),
            ("", "January, and what it has paid to them", "43"), ("3.", "Webcast", "47"),
            ("4.", "Honoraria", "48")]  # fmt: skip
    y = _entries(press, 80, long)
    press.column(LEFT, y + 30, BODY)
    press.add_page()
    press.column(LEFT, 80, BODY)
    content = load(press.made())
    assert "January, and what it has paid to them 43" in texts(content, BlockKind.CHROME)
    assert texts(content, BlockKind.PARAGRAPH) == BODY * 2
    assert not texts(content, BlockKind.ROW)


def test_contents_make_no_passage_and_are_still_in_the_text(tmp_path):
    press = _press()
    press.put(LEFT, 80, "Contents", 16, "B")
    y = _entries(press, 120)
    press.column(LEFT, y + 30, BODY)
    content = load(press.made())
    path = tmp_path / "report.pdf"
    source = SourceFile(path, "report.pdf", tmp_path)
    parsed = Parsed(content, "en", "plain", "pdf", "")
    document = compose(source, Metadata(), "report", parsed)
    found = passages.split(document, Limits(75, 120))
    assert [one.text for one in found] == BODY
    assert "State of the harbour 5" in document.text


def test_entries_that_lead_to_paragraphs_say_something_and_stay_rows():
    press = _press()
    press.put(LEFT, 80, "Contents", 16, "B")
    _entries(
        press,
        120,
        [("1.", "Official debt", "7 - 9"), ("2.", "Investment", "10 - 12"),
         ("3.", "Commodities", "13 - 17"), ("4.", "Trade", "18 - 23"),
         ("5.", "Shipping", "24 - 26"), ("6.", "Insurance", "27 - 30")],
        dots=False,
    )  # fmt: skip
    assert "2. Investment | 10 - 12" in texts(load(press.made()), BlockKind.ROW)


@pytest.mark.parametrize(
    ("dots", "pages"),
    [(True, ("30", "12", "25", "7", "18", "3")), (False, ("5", "6", "8", "11", "12", "39"))],
)
def test_a_list_of_numbers_is_no_table_of_contents(dots: bool, pages: tuple[str, ...]):
    """Prices do not grow from line to line; numbers that do have no heading that says so."""
    press = _press()
    press.put(LEFT, 80, "Prices on the market", 16, "B")
    names = ("Coal", "Herring", "Timber", "Salt", "Wool", "Tar")
    _entries(press, 120, [("", *one) for one in zip(names, pages, strict=True)], dots=dots)
    content = load(press.made())
    assert not texts(content, BlockKind.CHROME)
    assert f"Herring | {pages[1]}" in texts(content, BlockKind.ROW)
