"""What is quoted of a document where nothing is asked but what it is about."""

from __future__ import annotations

import pytest

from qa.question import interpret
from qa.ranking import overview
from qa.records import Question
from qa.tuning import shipped

LIBERIA = (
    "Resolution 1408 (2002)\n\n"
    "Adopted on a Monday in May. "
    "Decides that all trade in rough diamonds from Liberia stays forbidden to Liberia. "
    "Asks the panel on diamonds from Liberia to report. "
    "Thanks her.\n"
)
OTHER = (
    "# Notes\n\nResolution 1408 (2002) covers diamonds. Owls sleep. Resolution 2462 covers money.\n"
)
DIAMONDS = "Decides that all trade in rough diamonds from Liberia stays forbidden to Liberia."


@pytest.fixture
def answerer(answerer_of):
    return answerer_of({"s-res-1408.txt": LIBERIA, "notes.md": OTHER})


def whole(answerer, text):
    reading = interpret.interpret(Question(text), answerer.generation)
    return set(reading.whole)


@pytest.mark.parametrize(
    "text", ["what does resolution 1408 cover", "S/RES/1408", "purpose of SCR 1408?"]
)
def test_the_document_that_alone_is_asked_about_is_asked_about_whole(answerer, text):
    assert whole(answerer, text) == {"s-res-1408"}


@pytest.mark.parametrize(
    "text",
    [
        "what does resolution 1408 say of diamonds",
        "what does resolution 2462 cover",  # only mentioned
        "what do resolutions 1408 and 2462 cover",
        "who sleeps",
        "",
    ],
)
def test_nothing_else_is(answerer, text):
    assert whole(answerer, text) == set()


def test_central_is_what_most_of_the_document_speaks_of(answerer):
    database = answerer.generation.database
    passages = database.passages(database.rows_of(["s-res-1408"]))
    central = overview.worth(passages, answerer.generation, shipped().overview)
    assert min(central.values()) == 0
    assert max(central.values()) == 1
    quote = answerer.ask(Question("what does resolution 1408 cover")).citations[0]
    assert quote.text == DIAMONDS


def test_the_first_item_that_does_something_comes_first(answerer_of):
    text = (
        "Resolution 1408 (2002)\n\nThe Council,\n\nNoting diamonds of Liberia,\n\n"
        "1. Welcomes the report on diamonds of Liberia;\n\n2. Extends the ban;\n\n"
        "3. Asks the panel on diamonds of Liberia to report;\n\n4. Remains seized of diamonds.\n"
    )
    answerer = answerer_of({"a.txt": text})
    (quote,) = answerer.ask(Question("what is resolution 1408 about")).citations
    assert quote.text == "Extends the ban;"


def test_a_list_before_the_numbered_paragraphs_does_not_come_before_them(answerer_of):
    text = (
        "Resolution 1408 (2002)\n\nThe Council is asked:\n\n(a) To open an account of diamonds;\n\n"
        "(b) To close it.\n\n1. Extends the ban on the following terms:\n\n"
        "(a) It ends in May.\n\n2. Asks the panel on diamonds of Liberia to report.\n"
    )
    generation = answerer_of({"a.txt": text}).generation
    passages = generation.database.passages(sorted(generation.database.rows_of(["a"])))
    worth = overview.worth(passages, generation, shipped().overview)
    best, second, *_ = sorted(worth, key=lambda key: -worth[key])
    told = {row: generation.tokens.spans(row) for row, _ in worth}
    places = [told[row][number].start for row, number in (best, second)]
    assert [text[at:].split(maxsplit=1)[0] for at in places] == ["Extends", "Asks"]


def test_what_was_looked_up_is_answered_with_confidence(answerer):
    for text in ("what does resolution 1408 cover", "what does resolution 2462 cover"):
        assert answerer.ask(Question(text)).confidence >= shipped().confidence.looked_up
    other = answerer.ask(Question("what does resolution 1408 say of owls"))
    assert other.confidence < shipped().confidence.looked_up


def test_what_a_document_is_about_is_searched_in_the_documents_that_are_chosen_alone(answerer):
    answer = answerer.ask(Question("what does resolution 1408 cover", documents=("notes",)))
    assert [one.text for one in answer.citations] == ["Resolution 1408 (2002) covers diamonds."]
