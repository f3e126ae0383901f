"""Passages hold a document's sentences whole, in order, each once, at lengths fit to read."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known import LINES

from index import layout, passages
from index.passages import Limits
from index.records import Block, BlockKind, Document, Passage, SentenceFlag

LIMITS = Limits(75, 120)


def document(text: str, markdown: bool = False) -> Document:
    blocks = layout.markdown_blocks(text, LINES) if markdown else layout.text_blocks(text, LINES)
    return Document("d", "Title", "d.txt", text, "", tuple(blocks))


def split(text: str, markdown: bool = False) -> list[Passage]:
    return passages.split(document(text, markdown), LIMITS)


# Documents of every kind of character and line. Files that hold NUL are not read as text.

LINE_ENDS = st.sampled_from(["\n", "\n\n", "\r\n", "\r\n\r\n", "\r", "\n \t\n", "\f", "\u2028"])
MARKS = st.sampled_from(
    ["", "", "", "- ", "* ", "• ", "1. ", "2) ", "(a) ", "(iv) ", "# ", "## ", "> ", "    ", "\t"]
)
HEADINGS = st.sampled_from(
    ["THE FIRST PART", "Purpose:", "Work of the Group", "Resolution 1373 (2001)", "Summary"]
)
WORDS = st.sampled_from(
    "the Committee of States e.g. U.S. etc.) 2396 (2017), S/2017/716. end. so? “Go!” it²²⁸ […] "
    "rights.²²⁹ *end.* Dr. No. 5 第一句。 صحيح؟ है। e\u0301te\u0301 𝔘𝔫𝔬 👩‍👩‍👧 :".split()
)
FURNITURE = st.sampled_from(
    ["Page 3", "S/RES/1267 (1999)", "Photo © UN", "===", "---", "<!-- x -->"]
)


def characters(excluded: str) -> st.SearchStrategy[str]:
    """Text of any plane, without the characters that no file of text holds."""
    return st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0" + excluded), max_size=40
    )


def texts(excluded: str = "") -> st.SearchStrategy[str]:
    sentence = st.lists(WORDS | characters(excluded), min_size=1, max_size=60).map(" ".join)
    line = st.builds(str.__add__, MARKS, sentence | characters(excluded)) | HEADINGS | FURNITURE
    lines = st.lists(st.tuples(line, LINE_ENDS), max_size=25)
    return lines.map(lambda pairs: "".join(content + end for content, end in pairs))


def blank(character: str) -> bool:
    return character.isspace() or character in "\ufeff\u200b"


def check(one: Document, found: list[Passage]) -> None:
    """What holds for the passages of any document."""
    assert all(passage.document_id == one.id for passage in found)
    times = [0] * len(one.text)
    last = 0
    for passage in found:
        assert passage.text == one.text[passage.start : passage.end]
        assert passage.start == passage.sentences[0].start
        assert passage.end == passage.sentences[-1].end
        for sentence in passage.sentences:
            assert last <= sentence.start < sentence.end
            last = sentence.end
            content = one.text[sentence.start : sentence.end]
            assert not blank(content[0])
            assert not blank(content[-1])
            assert len(content) <= LIMITS.sentence_characters
            for place in range(sentence.start, sentence.end):
                times[place] += 1
    expected = [0] * len(one.text)
    for block in one.blocks:
        for place in range(block.start, block.end):
            if block.kind in {BlockKind.PARAGRAPH, BlockKind.ITEM}:
                expected[place] = 1
    kept = [place for place, character in enumerate(one.text) if not blank(character)]
    assert [times[place] for place in kept] == [expected[place] for place in kept]


def left_over(one: Document) -> str:
    """The text without its blocks."""
    rest, position = [], 0
    for block in one.blocks:
        assert position <= block.start < block.end
        rest.append(one.text[position : block.start])
        position = block.end
    return "\n".join([*rest, one.text[position:]])


@settings(max_examples=300, deadline=None)
@given(texts())
def test_a_plain_text_loses_only_blanks_headings_furniture_and_list_marks(text):
    one = document(text)
    check(one, passages.split(one, LIMITS))
    marks = re.compile(r"[-*•‣▪◦·–—]|\(?\w{1,5}\)|\w{1,5}\.|#{1,6}|\[\w{1,3}\]|[\s\ufeff\u200b]")
    for line in re.split(r"[\n\r\f\v\x1c-\x1e\x85\u2028\u2029]", left_over(one)):
        content = "".join(character for character in line if not blank(character))
        assert content == "" or marks.fullmatch(content)


@settings(max_examples=300, deadline=None)
@given(texts(excluded="[`~<&"))
def test_a_markdown_text_loses_only_blanks_headings_furniture_and_markup(text):
    # Without link definitions, fences and HTML, all markup is of marks and numbers of items, and
    # between the cells of tables.
    rest = r"(?:[\s\ufeff\u200b>#=*+_|:-]|[•‣▪◦·–—]|\(?\w{1,6}[.)]|\d{1,9}[.)])*"
    one = document(text, markdown=True)
    check(one, passages.split(one, LIMITS))
    assert re.fullmatch(rest, left_over(one))


@settings(max_examples=150, deadline=None)
@given(texts(), st.booleans())
def test_any_text_splits_the_same_way_twice(text, markdown):
    assert split(text, markdown) == split(text, markdown)


@settings(max_examples=100, deadline=None)
@given(texts(), st.integers(1, 40), st.integers(10, 60))
def test_passages_are_whole_at_any_limits(text, minimum, maximum):
    one = document(text)
    found = passages.split(one, Limits(minimum, maximum))
    assert [sentence for passage in found for sentence in passage.sentences] == sorted(
        (sentence for passage in found for sentence in passage.sentences),
        key=lambda sentence: sentence.start,
    )
    assert all(passage.text == text[passage.start : passage.end] for passage in found)


# Limits


def sentence(words: int, name: str = "word") -> str:
    return " ".join([name.capitalize(), *[name] * (words - 1)]) + "."


def paragraph(sentences: int, words: int) -> str:
    return " ".join([sentence(words)] * sentences)


def lengths(found: list[Passage]) -> list[int]:
    return [passages.count_words(passage.text) for passage in found]


def test_a_passage_takes_no_sentence_past_the_maximum():
    # 40 sentences of 10 words: 12 make 120; the last 4 stand alone, as 40 words are no stub.
    assert lengths(split(paragraph(40, 10))) == [120, 120, 120, 40]


def test_a_passage_ends_with_its_paragraph_from_the_minimum_on():
    assert lengths(split("\n\n".join([paragraph(8, 10)] * 3))) == [80, 80, 80]


def test_short_paragraphs_share_a_passage():
    # 30 + 30 words are under 75; with the third paragraph there are 90, so the next one waits.
    assert lengths(split("\n\n".join([paragraph(3, 10)] * 5))) == [90, 60]


def test_a_sentence_is_never_divided_between_passages():
    # 5 sentences of 50 words: a third would make 150.
    assert lengths(split(paragraph(5, 50))) == [100, 100, 50]


def test_what_leads_to_a_long_sentence_stays_with_it():
    # 20 words are less than a third of the minimum, 25; 20 + 110 pass the maximum together.
    assert lengths(split(f"{sentence(20)} {sentence(110)}")) == [130]


def test_a_short_rest_goes_back_to_the_passage_before_it():
    # 120 + 20 words are no more than 1.25 times the maximum; 20 are under a third of 75.
    assert lengths(split(paragraph(14, 10))) == [140]


def test_a_short_rest_that_would_make_the_passage_too_long_stays_alone():
    # 145 words (24 + 121) and 20 more would be 165, over 150.
    found = split(f"{sentence(24)} {sentence(121)} {sentence(20)}")
    assert lengths(found) == [145, 20]


def test_a_short_section_is_not_mixed_with_the_one_before_it():
    text = f"THE FIRST PART\n\n{paragraph(8, 10)}\n\nTHE LAST PART\n\n{sentence(5)}\n"
    found = split(text)
    assert [
        (passage.section, length) for passage, length in zip(found, lengths(found), strict=True)
    ] == [
        (("THE FIRST PART",), 80),
        (("THE LAST PART",), 5),
    ]


def test_endless_letters_count_as_many_words():
    # 1680 letters in pieces of 12 are 140 words.
    assert passages.count_words("a" * 1680) == 140


def test_a_sentence_too_long_for_a_model_is_cut_and_marked():
    # Sentences are cut at 14 * 120 = 1680 characters: 400 words of 9 and a blank, 3999 and the
    # stop, make three pieces.
    found = [one for passage in split(sentence(400, "wordwords")) for one in passage.sentences]
    assert [bool(one.flags & SentenceFlag.CUT) for one in found] == [True] * 3
    assert all(one.end - one.start <= 1680 for one in found)


# What sentences are


def test_sentences_are_marked_for_what_they_are():
    text = f"Here is the list. It has two items:\n\n- One. And more.\n- Two.\n{'x' * 130}\n"
    flags = [one.flags for passage in split(text) for one in passage.sentences]
    assert flags == [
        SentenceFlag.OPENS_BLOCK,
        SentenceFlag.INTRODUCES,
        SentenceFlag.OPENS_BLOCK | SentenceFlag.ITEM,
        SentenceFlag.ITEM,
        SentenceFlag.OPENS_BLOCK | SentenceFlag.ITEM,
        SentenceFlag.OPENS_BLOCK,
    ]


@pytest.mark.parametrize("after", ["", "It is no list.", "THE NEXT PART\n\n- It is another's."])
def test_a_colon_that_no_list_follows_introduces_none(after):
    text = f"{paragraph(3, 10)} It says this:\n\n{after}\n"
    found = [one for passage in split(text) for one in passage.sentences]
    assert not any(one.flags & SentenceFlag.INTRODUCES for one in found)


def test_emphasis_does_not_hide_that_a_line_introduces_a_list():
    found = split("**It has these:**\n\n- One.\n- Two.\n", markdown=True)
    assert found[0].sentences[0].flags & SentenceFlag.INTRODUCES


@pytest.mark.parametrize("before", [60, 80, 110, 150])
def test_a_line_that_introduces_a_list_stays_with_its_first_item(before):
    lead = paragraph(before // 10, 10)
    text = f"{lead} They are these:\n\n- {sentence(40)}\n- {sentence(40)}\n- {sentence(40)}\n"
    found = split(text)
    introducing = next(passage for passage in found if "They are these:" in passage.text)
    place = [text[one.start : one.end] for one in introducing.sentences].index("They are these:")
    assert introducing.sentences[place + 1].flags & SentenceFlag.ITEM
    assert max(lengths(found)) <= 150


def test_a_sentence_over_a_page_break_is_one():
    text = (
        "Calls upon all States to cooperate, particularly through bilateral and multilateral\n"
        "arrangements, and to prevent attacks in accordance with the relevant and\n"
        "S/RES/1267 (1999)\nPage 3\n"
        "applicable provisions of international law and of this resolution.\n"
    )
    assert [one.text for one in split(text)] == [text.strip()]


# Blocks without text


def test_a_document_of_headings_alone_has_them_as_sentences():
    assert [one.text for one in split("THE FIRST PART\n\nTHE LAST PART\n")] == [
        "THE FIRST PART\n\nTHE LAST PART"
    ]


def test_a_document_of_furniture_has_no_passages():
    one = Document("d", "T", "d.txt", "Page 3", "", (Block(BlockKind.CHROME, 0, 6),))
    assert passages.split(one, LIMITS) == []


# Size


@pytest.mark.parametrize(
    "unit",
    [
        "The Council met in New York (e.g., in 2017) and adopted a text. ",
        "long",
        "安理会通过了决议。",
    ],
    ids=["sentences", "no blank", "no blank between sentences"],
)
def test_a_line_of_two_megabytes_takes_seconds(unit):
    text = (unit * (2_000_000 // len(unit.encode()) + 1)).strip()
    started = time.process_time()
    found = split(text)
    assert time.process_time() - started < 20  # about 2 in peace
    assert found[0].start == 0
    assert found[-1].end == len(text)
    assert all(length <= 240 for length in lengths(found))
