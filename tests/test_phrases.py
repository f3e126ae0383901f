"""Quoted words are found wherever they stand, and what is said of them is so."""

from __future__ import annotations

import pytest

from qa.answer import caveats
from qa.question import phrases
from qa.records import Question

FILES = {
    "rules.md": "# Harbour Rules\n\n## Night sailing of barges\n\n"
    "Boats carry two lamps at sea by law.\n\n## Fees\n\nThe fee is paid by the owner of the "
    "boat in spring, free of charge. The programme ends in autumn for all of them.\n",
    "fish.txt": "Herons eat the dis\u00adarma\u00adment of the frogs every day.\n\nThe parlia-\n"
    "mentary commission counts them twice a year in the old town.",
}


@pytest.fixture
def ask(answerer_of):
    answerer = answerer_of(FILES)

    def run(text, documents=None):
        return answerer.ask(Question(text, documents=documents))

    return run


@pytest.mark.parametrize(
    ("phrase", "document"),
    [
        ("two lamps at sea", "rules"),
        ("Two  Lamps, at sea", "rules"),
        ("disarmament of the frogs", "fish"),
        ("parliamentary commission", "fish"),
    ],
)
def test_the_sentence_that_has_them_is_quoted(ask, phrase, document):
    answer = ask(f'Where is "{phrase}"?')
    assert answer.refusal is None
    assert answer.citations[0].passage.document.id == document
    assert phrases.held_by((phrase,))(answer.citations[0].text)
    assert not any("do not hold" in one for one in answer.caveats)


@pytest.mark.parametrize("phrase", ["night sailing of barges", "harbour rules"])
def test_words_of_a_title_or_heading_lead_to_what_stands_under_it(ask, phrase):
    answer = ask(f'Where is "{phrase}"?')
    assert answer.refusal is None
    assert answer.passages[0].passage.text.startswith("Boats carry")
    assert any(f"do not hold the words “{phrase}”" in one for one in answer.caveats)


def test_one_quote_of_several_that_has_them_is_enough(answerer_of):
    text = "Boats carry two lamps at sea by law. Boats carry a bell of brass at sea by law."
    answerer = answerer_of({"a.txt": text})
    ((reading, pool),) = answerer.quotable(Question('which boats carry "two lamps at sea"'))
    bounds = answerer.tuning.confidence

    def told(quotes):
        return caveats.of(reading, quotes, 1.0, answerer.generation, bounds)

    assert len(pool) == 2
    assert told(pool) == told(pool[:1]) == ()
    assert any("do not hold the words “two lamps at sea”" in one for one in told(pool[1:]))


def test_words_that_stand_only_in_other_documents_are_said_to(ask):
    refusal = ask('Where is "two lamps at sea"?', documents=("fish",)).refusal
    assert refusal.reason == "phrase_not_found"
    assert refusal.message.startswith("None of the chosen documents holds")
    assert "“Harbour Rules” holds “two lamps at sea”" in refusal.message


def test_words_that_stand_nowhere_are_named_alone(ask):
    refusal = ask('Are "two lamps at sea" as "green as cheese"?').refusal
    assert refusal.reason == "phrase_not_found"
    assert "“green as cheese”" in refusal.message
    assert "lamps" not in refusal.message


def test_words_that_stand_apart_are_found_each(ask):
    answer = ask('"two lamps at sea" and "counts them twice"')
    found = {one.passage.document.id for one in answer.passages}
    assert found == {"rules", "fish"}


def test_other_forms_of_the_words_are_not_them():
    assert phrases.held_by(("two lamps",))("It has two lamps.")
    assert not phrases.held_by(("two lamps",))("It has two lamp posts.")
    assert not phrases.held_by(("two lamps",))("It has twotwo lamps.")
    assert not phrases.held_by(())("anything")
