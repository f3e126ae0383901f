"""Sentences that a page break tears: what stands in between is no part of them."""

from __future__ import annotations

import pytest
from known import LINES

from index import layout, passages
from index.records import Block, BlockKind, Document
from qa.records import Question

FIRST = (
    "2. The Inspector found that the safety drills prescribed by the manual\n"
    "were held only twice. Crew members told the Inspector that the drills\n"
    "were cancelled because"
)
SECOND = (
    "of fuel shortages on the northern route. The master of each ferry now\n"
    "reports every drill to the harbour office within 24 hours."
)
BREAKS = {
    "a number": "\n14\n",
    "a number and a form feed": "\n\n14\n\f\n",
    "a footnote": "\n__________________\n1 Mbala port was closed for dredging.\n\n14\n\n",
    "two footnotes": "\n________\n1 Mbala port was closed.\n2 It was open\nagain in May.\n\n14\n\n",
    "a footnote with a star": "\n________\n* Mbala port was closed.\n\n14\n\n",
    "a running head and a number": "\n\n14\n\nReport on Ferry Drills\n\n",
    "a number in the running head": "\n\nFerry drills, first report   14\n\n",
    "a running head and a form feed": "\n\n\f\nThe Ferries of Mbala\n\n",
    "a running head that is the title": "\n\nREPORT ON FERRY DRILLS\n\n",
    "a job number": "\n\n17-12345   3/14\n\n",
    "a number and a job number": "\n\n3/14   17-12345 (E)\n\n",
    "a symbol": "\nS/2017/716\nPage 3\n",
    "all of it": "\n____\n1 Mbala.\n\n17-12345  3/14\n\f\nS/2017/716\n\nReport on Ferry Drills\n\n",
}


def page(between: str) -> str:
    return (
        f"Report on Ferry Drills\n\n{FIRST}{between}{SECOND}\n\n3. Fares are reviewed in spring.\n"
    )


def document(text: str, blocks: list[Block]) -> Document:
    return Document("d", "Title", "d.txt", text, "", tuple(blocks))


@pytest.mark.parametrize("between", BREAKS.values(), ids=BREAKS.keys())
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_paragraph_is_one_over_a_page_break(between, newline):
    text = page(between).replace("\n", newline)
    blocks = layout.text_blocks(text, LINES)
    (block,) = (one for one in blocks if one.mark == "2.")
    kept, position = "", block.start
    for start, end in block.gaps:
        kept += text[position:start] + " "
        position = end
    kept += text[position : block.end]
    assert " ".join(kept.split()) == " ".join(f"{FIRST[3:]} {SECOND}".split())


@pytest.mark.parametrize("between", BREAKS.values(), ids=BREAKS.keys())
def test_a_torn_sentence_is_read_without_the_page_around_it(between):
    text = page(between)
    found = passages.split(
        document(text, layout.text_blocks(text, LINES)), passages.Limits(75, 120)
    )
    (torn,) = (one for passage in found for one in passage.sentences if one.reading)
    assert " ".join(torn.reading.split()) == (
        "Crew members told the Inspector that the drills were cancelled because of fuel shortages "
        "on the northern route."
    )


def test_a_torn_sentence_is_cited_in_its_parts(answerer_of):
    text = page(BREAKS["a footnote"])
    answer = answerer_of({"a.txt": text}).ask(Question("why were drills cancelled"))
    assert [" ".join(one.text.split()) for one in answer.citations] == [
        "Crew members told the Inspector that the drills were cancelled because",
        "of fuel shortages on the northern route.",
    ]
    assert all(text[one.start : one.end] == one.text for one in answer.citations)


@pytest.mark.parametrize(
    "between",
    [
        "\n\nNight sailing\n\n",
        "\n\nIt rained at Mbala.\n\n14\n\n",
        "\n\n(a) Mbala is a port;\n\n14\n\n",
    ],
)
def test_what_may_be_text_tears_no_sentence(between):
    blocks = layout.text_blocks(page(between), LINES)
    assert not any(one.gaps for one in blocks)


def test_footnotes_that_tear_nothing_are_told_apart():
    text = (
        f"{FIRST} it rained.\n\n________\n1 Mbala port was closed.\n* See Kazi.\n\n14\n\n{SECOND}\n"
    )
    found = [
        (one.mark, text[one.start : one.end])
        for one in layout.text_blocks(text, LINES)
        if one.kind is BlockKind.FOOTNOTE
    ]
    assert found == [("1", "Mbala port was closed."), ("*", "See Kazi.")]
