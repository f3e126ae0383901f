"""How a question is read against the collection that it is asked of."""

from __future__ import annotations

import pytest

from qa.question.interpret import interpret
from qa.question.words import normalise
from qa.records import Question, Turn

FILES = {
    "cted.txt": "The Counter-Terrorism Committee Executive Directorate (CTED) follows resolution "
    "2462 (2019) on crowdfunding. Resolution 2129 (2013) directs it to go on.",
    "is.txt": "The Islamic State (IS) is named here. Films were made in 2012.",
}


@pytest.fixture
def read(answerer_of):
    generation = answerer_of(FILES).generation

    def run(text, *history):
        turns = tuple(Turn(question, "") for question in history)
        return interpret(Question(text, turns), generation)

    return run


@pytest.mark.parametrize(
    "form",
    [
        "UNSCR 2462",
        "S/RES/2462 (2019)",
        "s/res/2462",
        "res. 2462",
        "resolution 2462",
        "Security Council resolution 2462 (2019)",
        "2462",
    ],
)
def test_every_form_of_an_identifier_is_the_same_question(read, form):
    reading = read(f"what does {form} cover")
    assert reading.text == "what does resolution 2462 (2019) cover"
    assert reading.identifiers == ("S/RES/2462",)


@pytest.mark.parametrize("said", [" of 2019", ", from 2019", " in 2019"])
def test_the_year_of_a_resolution_is_not_said_twice(read, said):
    assert read(f"what does resolution 2462{said} cover").text == (
        "what does resolution 2462 (2019) cover"
    )


def test_another_year_stays(read):
    assert read("what did resolution 2462 change in 2020").text.endswith("change in 2020")


def test_an_identifier_that_the_collection_lacks_is_named(read):
    reading = read("what does resolution 1540 cover")
    assert (reading.identifiers, reading.unknown_identifiers) == ((), ("resolution 1540",))


def test_one_held_and_one_lacking_identifier_are_told_apart(read):
    reading = read("compare resolutions 2462 and 1540")
    assert reading.identifiers == ("S/RES/2462",)
    assert reading.unknown_identifiers == ("resolution 1540",)
    assert "resolution 1540 is not in the collection" in reading.shown


def test_a_year_is_not_a_resolution(read):
    assert read("what films were made in 2012").identifiers == ()


def test_an_abbreviation_is_expanded_only_in_capitals(read):
    assert read("what does CTED do").expansions == (
        "Counter-Terrorism Committee Executive Directorate",
    )
    assert read("what is named here").expansions == ()


def test_words_that_stand_nowhere_are_noted(read):
    assert read("who bakes crowdfunding bread").missing_terms == ("bakes", "bread")


def test_quoted_phrases_are_found(read):
    assert read('films "made in" or “named here”').phrases == ("made in", "named here")


def test_a_follow_up_takes_the_former_question_with_it(read):
    reading = read("and when was it made?", "which films about the Islamic State")
    assert reading.text == "which films about the Islamic State and when was it made?"


def test_a_follow_up_with_another_identifier_asks_the_former_question_of_it(read):
    reading = read("what about 2129?", "what does resolution 2462 cover")
    assert reading.text == "what does resolution 2129 (2013) cover"


def test_a_question_that_stands_alone_ignores_the_history(read):
    reading = read("what films about crowdfunding were shown", "what does CTED do")
    assert reading.text == "what films about crowdfunding were shown"


def test_normalise_leaves_one_line_without_control_characters():
    # e + combining acute becomes one character; the bell and the line feed become blanks.
    assert normalise(" cafe\u0301\x07\nwhat\u2028now ") == "café what now"


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("what does resolution 2462 of 2018 note", [2018]),
        ("what did resolution 2462 note in 2018", []),  # of what was noted, it may be
        ("what does resolution 2462 from 2018 note", [2018]),
        ("In 2018 the Council adopted resolution 2462; what does it note?", [2018]),
        ("what does resolution 2462 (2019) note of 2018", []),
        ("what does resolution 2462 note", []),
    ],
)
def test_a_year_that_the_documents_do_not_give_is_noted(answerer_of, text, years):
    generation = answerer_of({"a.txt": "Resolution 2462 (2019) notes crowdfunding."}).generation
    found = interpret(Question(text), generation).misdated
    assert [one.asked for one in found] == years
    assert all((one.name, one.held) == ("resolution 2462", 2019) for one in found)


def test_a_wrong_year_is_noted_of_the_part_that_gave_it(answerer_of):
    files = {"a.txt": "Resolution 2462 (2019) notes crowdfunding. Resolution 2396 (2017) is old."}
    answerer = answerer_of(files)
    asked = "what does resolution 2462 (2018) note and when was resolution 2396 (2017) adopted?"
    told = "The documents have resolution 2462 of 2019; the question says 2018."
    answer = answerer.ask(Question(asked))
    said = [*answer.caveats, *(one.refusal.message for one in answer.unanswered)]
    assert any(told in one for one in said)
    assert not any("resolution 2396 of" in one for one in said)
