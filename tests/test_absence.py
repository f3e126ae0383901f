"""A refusal says of the collection nothing that is not so."""

from __future__ import annotations

import pytest
from known import ENGLISH

from qa.question import absence
from qa.records import Question

FILES = {
    "a.md": "---\ntitle: Customs Union Handbook\n---\n\n# Tariffs of Lomé\n\n"
    "The re\u00adsettle\u00adment of Syrians was paid for in 2,462 parts by those who "
    "attended.\n\nThe parlia-\nmentary commission met twice.\n\n12\n",
    "act.txt": "Resolution 2462 (2019)\n\nThe Council decides to meet.",
    "b.txt": "In all 1540 boats were applied for, and most of them were Norwegian.",
}


@pytest.fixture
def generation(answerer_of):
    return answerer_of(FILES).generation


@pytest.mark.parametrize(
    "word",
    [
        *("resettlement", "Lome", "Lomé", "handbook", "Customs", "tariff", "Syria", "attendees"),
        *("parliamentary", "2,462", "2462", "1,540", "12"),
    ],
)
def test_a_word_that_is_there_in_some_form_is_not_absent(generation, word):
    assert not absence.is_absent(word, generation, ENGLISH)


@pytest.mark.parametrize("word", ["penguins", "Canada", "2463", "24", "apple", "union-wide"])
def test_a_word_that_is_nowhere_is(generation, word):
    absent = absence.is_absent(word, generation, ENGLISH)
    assert absent == (word not in {"union-wide"})  # a part of a compound is there


def test_an_identifier_whose_number_is_there_is_not_said_to_be_nowhere(answerer_of):
    answerer = answerer_of(FILES)
    traced = answerer.ask(Question("what does resolution 1540 ban")).refusal
    assert traced.unknown_identifiers == ("resolution 1540",)
    assert "do not mention" not in traced.message
    assert "its number stands in a document" in traced.message
    absent = answerer.ask(Question("what does resolution 1541 ban")).refusal
    assert absent.message.startswith("The documents of this collection do not mention")
    assert "something else" not in absent.message


def test_both_ways_to_write_a_number_are_known(generation):
    assert absence.other_number("2,462") == "2462"
    assert absence.other_number("2462") == "2,462"
    assert absence.other_number("462") == ""
    assert absence.other_number("two") == ""
    assert absence.other_numbers(["2462", "1541"], generation) == ["2,462"]


MARKED = {
    "a.txt": "The city runs with the ombudsman¹ and the treasurer². The U.S.S.R. ratified it. The "
    "secretary¹ is appointed. See Res2199.pdf too.",
    "b.md": "The [harbour master](https://example.org/hm) spoke of smug<b>glers</b> in "
    "caf&eacute;s and of **un**fair**ness** with H<sub>2</sub>O.",
}


@pytest.mark.parametrize(
    "word",
    [
        "treasurer",
        "USSR",
        "U.S.S.R",
        "smugglers",
        "café",
        "unfairness",
        "H2O",
        "example",
        "harbour",
    ],
)
def test_a_word_that_mark_up_or_points_part_is_there(answerer_of, word):
    assert not absence.is_absent(word, answerer_of(MARKED).generation, ENGLISH)


def test_a_number_that_letters_are_glued_to_is_traced(answerer_of):
    assert absence.is_traced("S/RES/2199", answerer_of(MARKED).generation)


@pytest.mark.parametrize("phrase", ["the harbour master spoke", "the secretary is appointed"])
def test_quoted_words_are_found_as_they_are_shown(answerer_of, phrase):
    answer = answerer_of(MARKED).ask(Question(f'Where is "{phrase}"?'))
    assert answer.refusal is None


def test_acronyms_with_points_and_without_are_one_name(answerer_of):
    answer = answerer_of(MARKED).ask(Question("What did the USSR ratify?"))
    assert not any("do not name" in one for one in answer.caveats)
