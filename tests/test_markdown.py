"""Tables, HTML, footnotes and marks in Markdown, and tables in plain text."""

from __future__ import annotations

import time

import pytest
from known import LINES

from index import layout, sentences
from index.records import Block, BlockKind

TEXT = "The quotas are reviewed each autumn by the Fisheries Board in Bergen."


def markdown(text: str) -> list[tuple[str, str]]:
    return [
        (one.kind.value, text[one.start : one.end]) for one in layout.markdown_blocks(text, LINES)
    ]


def rows(text: str, blocks: list[Block]) -> list[tuple[list[str], tuple[str, ...]]]:
    """Cells and heads of each row."""
    return [
        ([text[start:end] for start, end in one.cells], one.heads)
        for one in blocks
        if one.kind is BlockKind.ROW
    ]


HEADS = ("Country", "Herring (t)", "Cod")
ROWS = [(["Norway", "4,200", "1,150"], HEADS), (["Iceland", "3,900", ""], HEADS)]


@pytest.mark.parametrize(
    "table",
    [
        "| Country | Herring (t) | Cod |\n|---|--:|:-:|\n| Norway | 4,200 | 1,150 |\n| Iceland "
        "| 3,900 | |",
        "Country | Herring (t) | Cod\n--|--|--\nNorway | 4,200 | 1,150\nIceland | 3,900 | |",
        "|**Country**|Herring (t)|Cod|\n|-|-|-|\n|Norway|4,200|1,150|\n|Iceland|3,900||",
        "<table>\n<tr><th>Country</th><th>Herring (t)</th><th>Cod</th></tr>\n"
        "<tr><td>Norway</td><td>4,200</td><td>1,150</td></tr>\n"
        "<tr><td><p>Iceland</p></td><td>3,900</td><td></td></tr>\n</table>",
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_each_row_of_a_table_is_a_block_that_knows_its_heads(table, newline):
    text = f"# Quotas\n\n{table}\n\n{TEXT}\n".replace("\n", newline)
    blocks = layout.markdown_blocks(text, LINES)
    first, *others = rows(text, blocks)
    assert ([one.strip("*") for one in first[0]], first[1]) == ([*HEADS], ())
    assert others == ROWS
    assert all(one.start <= a <= b <= one.end for one in blocks for a, b in one.cells)


def test_a_row_is_cited_without_its_outer_strokes():
    text = "| A | B |\n|---|---|\n| one | `a\\|b` and *c* |\n"
    assert markdown(text)[1] == ("row", "one | `a\\|b` and *c*")
    assert rows(text, layout.markdown_blocks(text, LINES))[1][0] == ["one", "`a\\|b` and *c*"]


@pytest.mark.parametrize("lead", ["> ", "- ", "1. "])
def test_a_table_may_stand_in_a_quote_or_an_item(lead):
    rest = lead if lead == "> " else " " * len(lead)
    text = f"{lead}| A | B |\n{rest}|---|---|\n{rest}| one | two |\n\n{TEXT}\n"
    assert markdown(text)[:2] == [("row", "A | B"), ("row", "one | two")]


@pytest.mark.parametrize("reader", [layout.text_blocks, layout.markdown_blocks])
@pytest.mark.parametrize(
    ("table", "heads"),
    [
        ("| Land | Cod |\n| Norway | 1,150 |\n| Iceland | 640 |", ("Land", "Cod")),
        ("| Norway | 1,150 |\n| Iceland | 640 |", ()),
        ("|======|=====|\n| Land | Cod |\n|======|=====|\n| Norway | 1,150 |", ("Land", "Cod")),
    ],
)
def test_rows_between_strokes_are_rows_in_any_text(reader, table, heads):
    text = f"{TEXT}\n\n{table}\n\n{TEXT}\n"
    found = rows(text, reader(text, LINES))
    assert (["Norway", "1,150"], heads) in found


def test_grids_and_tabs_make_tables_of_plain_text():
    grid = "+------+-----+\n| Land | Cod |\n+------+-----+\n| Peru | 640 |\n+------+-----+"
    tabbed = "Land\tCod\tHake\nPeru\t640\t12\nChile\t650\t13"
    text = f"It is so:\n{grid}\nAnd so:\n\n{tabbed}\n\n{TEXT}\n"
    assert rows(text, layout.text_blocks(text, LINES)) == [
        (["Land", "Cod"], ()),
        (["Peru", "640"], ("Land", "Cod")),
        (["Land", "Cod", "Hake"], ()),
        (["Peru", "640", "12"], ("Land", "Cod", "Hake")),
        (["Chile", "650", "13"], ("Land", "Cod", "Hake")),
    ]


@pytest.mark.parametrize(
    "text", ["a | b\n", "| it is so |\nand so\n", "1.\tOne\n2.\tTwo\n3.\tThree\n"]
)
def test_strokes_and_tabs_alone_make_no_table(text):
    assert rows(text, layout.text_blocks(text, LINES)) == []


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("Table 2. Annual quotas", ""),
        ("**Table 2. Annual quotas**", ""),
        ("", "Table: Annual quotas"),
    ],
)
def test_a_table_knows_its_caption(above, below):
    table = "| A | B |\n|---|---|\n| one | two |"
    text = f"{TEXT}\n\n{above}\n\n{table}\n\n{below}\n\n{TEXT}\n"
    blocks = layout.markdown_blocks(text, LINES)
    caption = (above or below).strip("*")
    assert {one.caption for one in blocks if one.kind is BlockKind.ROW} == {caption}
    assert [one.kind.value for one in blocks].count("caption") == 1


def test_a_sentence_over_a_table_is_no_caption():
    text = "Table 2 shows the quotas.\n\n| A | B |\n|---|---|\n| one | two |\n"
    assert markdown(text)[0] == ("paragraph", "Table 2 shows the quotas.")


# HTML


@pytest.mark.parametrize(
    "page",
    [
        f"<div class='a > b'>\n<p>{TEXT}</p>\n</div>",
        f"<div>{TEXT}<script>var a = 'no text';</script></div>",
        f"<style>\np {{ color: red }}\n\nh1 {{ }}\n</style>\n\n{TEXT}",
        f"<div><script>\nvar a;\n\nvar b = 'no text';\n</script></div>\n\n{TEXT}",
        f"<!-- no text\n\nno text -->\n\n{TEXT}",
        f"{TEXT} <!-- no text -->",
        f"<SCRIPT type='a'>no text</SCRIPT>\n\n{TEXT}",
        f"<nav><a href='x'>no text</a></nav>\n\n{TEXT}",
        f"<html><head><title>no text</title></head><body>{TEXT}</body></html>",
        f"<a name='x'></a>{TEXT}",
        f"<span>{TEXT}</span>",
        f"<?php echo 'no text' ?>\n\n{TEXT}",
        f"<svg><text>no text</text></svg>\n\n{TEXT}",
    ],
)
def test_of_html_what_its_reader_sees_is_text(page):
    shown = [(kind, content) for kind, content in markdown(f"{page}\n") if kind != "chrome"]
    assert shown == [("paragraph", TEXT)]


def test_elements_of_html_are_blocks_by_their_kind():
    text = "<h2>The code</h2>\n<p>It <b>is</b> so.<br>And so.</p>\n"
    text += "<ul><li>One duty<li><p>Two</p></ul>\n"
    assert markdown(text) == [
        ("heading", "The code"),
        ("paragraph", "It <b>is</b> so.<br>And so."),
        ("item", "One duty"),
        ("item", "Two"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The `<script>` element holds code, and `</script>` ends it.",
        "The <script> element holds code.",
        "If a < b and c > d it is so, as <https://example.org> says.",
        "It is so by order of the <b>council</b>",
        "It goes <!-- and so on.",
    ],
)
def test_what_is_no_html_is_text(text):
    assert markdown(f"{text}\n\n{TEXT}\n") == [("paragraph", text), ("paragraph", TEXT)]


def test_a_comment_within_a_sentence_is_a_gap_in_it():
    text = "The toll <!-- check --> is six guilders.\n"
    (block,) = layout.markdown_blocks(text, LINES)
    assert (block.start, block.end) == (0, len(text) - 1)
    assert [text[start:end] for start, end in block.gaps] == [" <!-- check --> "]


def test_code_may_show_html():
    assert markdown("```html\n<script>a</script>\n```\n") == [("paragraph", "<script>a</script>")]


@pytest.mark.parametrize(
    "text",
    [
        "<!--" * 20_000,
        "<div><svg>\n\n" * 3_000,
        "<td>" * 20_000 + "x" + "</b>" * 20_000,
        "a <b " * 20_000,
        "`" * 10_000 + " <b>" * 10_000,
        "+--+\n" * 20_000,
        "|\n" * 20_000,
        "| a " * 5_000 + "|\n" + "|-" * 5_000 + "|\n",
    ],
)
def test_hostile_markup_takes_no_longer_than_its_length_asks(text):
    start = time.process_time()
    layout.markdown_blocks(text, LINES)
    layout.text_blocks(text, LINES)
    assert time.process_time() - start < 20


# Footnotes and marks


@pytest.mark.parametrize("mark", ["[^1]", "[^note-a]", "[^1][^2]", " [^1]", "<sup>1</sup>", "^1^"])
def test_a_footnote_mark_belongs_to_the_sentence_before_it(mark):
    text = f"The embargo was imposed in 2011.{mark} The tribunal hears appeals.{mark}"
    cut = [text[start:end] for start, end in sentences.split(text, 0, len(text))]
    assert cut == [
        f"The embargo was imposed in 2011.{mark}",
        f"The tribunal hears appeals.{mark}",
    ]


def test_footnotes_are_told_with_the_mark_that_leads_to_them():
    text = "It is so.[^1]\n\n[^1]: See the first report.\n[^b]: See.\n[^3]: See the annex\nof it.\n"
    blocks = layout.markdown_blocks(text, LINES)
    assert [(one.kind.value, one.mark, text[one.start : one.end]) for one in blocks[1:]] == [
        ("footnote", "1", "See the first report."),
        ("footnote", "b", "See."),
        ("footnote", "3", "See the annex\nof it."),
    ]


def test_items_keep_their_marks():
    text = "- one\n\n  more\n\n12. two\n\n- (a) three\n\nIt says:\n(a) four;\n(b) five.\n\n"
    text += "● six\n● seven\n"
    blocks = layout.markdown_blocks(text, LINES)
    assert [(one.kind.value, one.mark, text[one.start : one.end]) for one in blocks] == [
        ("item", "-", "one"),
        ("item", "", "more"),
        ("item", "12.", "two"),
        ("item", "(a)", "three"),
        ("paragraph", "", "It says:"),
        ("item", "(a)", "four;"),
        ("item", "(b)", "five."),
        ("item", "●", "six"),
        ("item", "●", "seven"),
    ]
