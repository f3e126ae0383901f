"""A list that stands in several passages is quoted whole, as far as a list may be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.answer import list_continuation
from qa.records import Question
from qa.tuning import shipped


@pytest.fixture
def quoted(answerer_of):
    """The quotes of a list of so many items, and what is said after it."""

    def run(items, after="", width=12):
        listed = "".join(f"- the river of kind {n}{' wide' * width}\n" for n in range(items))
        text = f"# Rivers\n\nThe rivers of the land are:\n\n{listed}\n{after}"
        answerer = answerer_of({"rivers.md": text, "sea.md": "- the sea of kind 1, which is salt"})
        ((_, pool),) = answerer.quotable(Question("rivers of the land"))
        quote = next(one for one in pool if one.text.startswith("The rivers of the land are"))
        return (
            quote,
            answerer.generation,
            list_continuation.whole(
                [quote], answerer.generation, shipped().selection.most_list_characters
            ),
        )

    return run


def test_a_list_within_its_passage_stays_as_it_is(quoted):
    quote, generation, found = quoted(4)
    assert found == [quote]
    assert not list_continuation.is_cut(found, generation)


def test_the_rest_of_a_list_follows_it_word_for_word(quoted):
    quote, generation, found = quoted(14)
    text = generation.database.text(quote.document)
    assert len(found) > 1
    assert list_continuation.is_cut([quote], generation)
    assert not list_continuation.is_cut(found, generation)
    told = "\n".join(one.text for one in found)
    assert [f"of kind {n} " in told for n in range(14)] == [True] * 14
    assert all(text[one.start : one.end] == one.text for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)


def test_what_is_no_item_is_not_the_rest_of_a_list(quoted):
    _, _, found = quoted(14, after="The sea is salt. It is wide.")
    assert not any("salt" in one.text for one in found)


def test_one_item_at_the_end_of_its_passage_is_no_list_that_goes_on(quoted):
    quote, generation, _ = quoted(14)
    last = replace(quote, sentence=quote.run[-1], run=quote.run[-1:])
    assert list_continuation.is_cut([quote], generation)
    assert not list_continuation.is_cut([last], generation)


def test_a_list_that_is_too_long_is_quoted_as_far_as_lists_go_and_said_to_be_cut(quoted):
    quote, generation, found = quoted(40)
    assert found[-1].end - quote.start <= shipped().selection.most_list_characters
    assert list_continuation.is_cut(found, generation)


def test_the_rest_of_a_list_is_a_citation_of_its_own_passage(answerer_of):
    listed = "".join(f"- the river of kind {n}{' wide' * 12}\n" for n in range(14))
    answerer = answerer_of({"rivers.md": f"# Rivers\n\nThe rivers of the land are:\n\n{listed}"})
    given = answerer.ask(Question("which are the rivers of the land")).considered
    rows = [one.passage.row for one in given if "of kind" in one.text]
    assert len(rows) > 1
    assert rows == sorted(rows)
