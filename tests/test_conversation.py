"""A thread of questions: what stands alone is asked alone, and an answer is not given twice."""

from __future__ import annotations

import pytest
from conftest import SureReader

from qa.pipeline import Answerer
from qa.records import Question, Turn
from qa.settings import ServiceSettings

CRATES = "The crates were opened by the customs clerk on Friday."
SEALED = "The harbour master sealed every lid again."
LEVY = "Catches are weighed at the quay, and a levy of two per cent pays for the wardens."
FILES = {
    "a.txt": f"{CRATES} {SEALED} Rain fell on the town.",
    "fisheries.txt": f"{LEVY} Nets are mended in winter.",
}
OPENED = Turn("Who opened the crates?", f"{CRATES} [1]")


class Fond:
    """A reader that is fond of what holds a word."""

    def __init__(self, word):
        self.word, self.asked = word, []

    def read(self, question, texts):
        self.asked.append(question)
        return [6.0 if self.word in text else -6.0 for text in texts]


@pytest.fixture
def ask(answerer_of, encoder):
    def run(text, *history, reader=None, threshold=0.0):
        generation = answerer_of(FILES).generation
        settings = ServiceSettings(threshold=threshold)
        answerer = Answerer(generation, encoder, settings, reader=reader or SureReader())
        return answerer.ask(Question(text, history))

    return run


@pytest.mark.parametrize(
    "text",
    [
        "What is the levy on catches?",
        "Which nets are mended?",
        "levy on catches",
        "what nets are there?",
    ],
)
def test_a_new_question_is_asked_by_itself(ask, text):
    reader = Fond("levy" if "levy" in text else "Nets")
    alone, after = ask(text, reader=reader), ask(text, OPENED, reader=reader)
    assert after.citations == alone.citations
    assert after.confidence == alone.confidence
    assert after.interpretation.context == ""


@pytest.mark.parametrize("text", ["and sealed by whom?", "who sealed them?"])
def test_a_question_that_leans_takes_the_one_before_with_it(ask, text):
    answer = ask(text, OPENED, reader=Fond("sealed"))
    assert answer.interpretation.text.startswith(OPENED.question)
    assert SEALED in answer.citations[0].text


def test_the_reader_is_asked_what_is_asked_now(ask):
    reader = Fond("sealed")
    ask("and who sealed them again?", OPENED, reader=reader)
    assert reader.asked[0] == "and who sealed them again?"


def test_a_follow_up_does_not_get_the_answer_before(ask):
    again = ask("and who else?", OPENED, reader=Fond("opened"))
    assert all(CRATES not in one.text for one in again.citations)


def test_what_the_answer_before_tells_in_passing_may_be_asked_of_it(ask):
    assert ask("and when?", OPENED, reader=Fond("opened")).citations[0].text == CRATES


def test_the_first_question_of_a_thread_is_kept_and_what_lies_between_left_out(ask):
    history = (OPENED, Turn("and when?", ""), Turn("thanks", ""), Turn("who sealed them?", ""))
    reading = ask("why is that?", *history).interpretation
    assert reading.text == f"{OPENED.question} who sealed them? why is that?"


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("no, I meant the harbour master", "the harbour master"),
        ("sorry, I meant who sealed them", "who sealed them"),
        ("not that one, the levy", "the levy"),
        ("I meant the wardens", "the wardens"),
    ],
)
def test_a_correction_asks_the_same_of_something_else(ask, text, own):
    reading = ask(text, OPENED).interpretation
    assert (reading.context, reading.own) == (OPENED.question, own)


@pytest.mark.parametrize(
    ("text", "read", "whether"),
    [
        ("Is it true that the crates were opened on Monday?", "the crates were opened", True),
        ("Tell me about the crates", "the crates", False),
        ("What do the documents say about crates?", "crates?", False),
        ("can you tell me who opened the crates", "who opened the crates", False),
        ("The crates were opened on Monday, weren't they?", "The crates were opened", True),
        ("I'd like to know who sealed the crates", "who sealed the crates", False),
    ],
)
def test_words_around_what_is_asked_are_taken_off(ask, text, read, whether):
    reading = ask(text).interpretation
    assert reading.text.startswith(read)
    assert reading.asks_whether is whether


@pytest.mark.parametrize("text", ["what sort of text is it?", "which crate is that?"])
def test_a_question_that_ends_in_a_verb_is_no_tag(ask, text):
    assert ask(text).interpretation.asks_whether is False


@pytest.mark.parametrize("text", ["tell me more about it", "is it true?", "nomads of the north"])
def test_words_that_ask_something_stay(ask, text):
    assert ask(text).interpretation.text == text


@pytest.mark.parametrize("word", ["isn't", "wasn’t", "don't"])
def test_a_contraction_is_no_word_that_documents_lack(ask, word):
    assert ask(f"{word} the levy two per cent").interpretation.missing_terms == ()


@pytest.mark.parametrize("text", ["crates NOT levy", "crat* opened", "title:crates"])
def test_operators_of_other_engines_are_told_to_be_words(ask, text):
    assert "read as plain words" in ask(text).interpretation.shown


@pytest.mark.parametrize("text", ["who did not open the crates", "CRATES OR LEVY"])
def test_words_are_no_operators(ask, text):
    assert "read as plain words" not in ask(text).interpretation.shown


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("no, I meant Vienna", "Who opened the hall in Vienna?"),
        ("what about Vienna?", "Who opened the hall in Vienna?"),
        ("and Vienna?", "Who opened the hall in Vienna?"),
        (
            "and the hall in Vienna, when?",
            "Who opened the hall in Geneva? and the hall in Vienna, when?",
        ),
    ],
)
def test_another_name_is_asked_about_in_place_of_the_one_before(ask, text, read):
    history = Turn("Who opened the hall in Geneva?", "")
    assert ask(text, history).interpretation.text == read


def test_of_two_names_none_is_replaced(ask):
    history = Turn("Who opened the hall of Mozart in Geneva?", "")
    read = "Who opened the hall of Mozart in Geneva? what about Vienna?"
    assert ask("what about Vienna?", history).interpretation.text == read
