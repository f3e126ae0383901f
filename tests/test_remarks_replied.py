"""What is said to the service and asks nothing of the documents gets a line about them."""

from __future__ import annotations

import pytest
from conftest import at_most

from qa.question import remarks
from qa.records import Question, Turn

FILES = {
    "a.txt": "# Of crates\n\nThe crates were opened by the customs clerk on Friday.",
    "b.txt": "# Of roads\n\nGritting begins when the forecast falls below two degrees.",
}
OPENED = "Who opened the crates?"
TURN = Turn(OPENED, "The crates were opened by the customs clerk on Friday. [1]")


@pytest.fixture
def answerer(answerer_of):
    return answerer_of(FILES)


@pytest.mark.parametrize(
    "text",
    [
        *("hi", "Hello!", "good morning", "hey there", "help", "Help me", "what can you do?"),
        *("what documents do you have?", "Which sources are there", "list the documents"),
        *("how does this work?", "who are you", "How should I phrase my questions?"),
        *("what is in the collection?", "are you a human or a machine"),
    ],
)
def test_a_greeting_or_a_call_for_help_is_told_what_there_is(answerer, text):
    answer = answerer.ask(Question(text))
    assert answer.refusal.reason == "not_a_question"
    assert answer.refusal.message.endswith("each quote with its source.")
    assert "2 documents: “Of crates”, “Of roads”" in answer.refusal.message
    assert answer.passages == answer.citations == answer.closest == ()


@pytest.mark.parametrize(
    "text",
    [
        *("thanks", "Thank you very much!", "ok thanks", "great", "got it", "makes sense"),
        *("thanks, that was useful", "good", "that's all"),
    ],
)
def test_thanks_ask_nothing(answerer, text):
    answer = answerer.ask(Question(text, (TURN,)))
    assert (answer.refusal.reason, answer.refusal.message) == (
        "not_a_question",
        "You are welcome.",
    )


@pytest.mark.parametrize("text", ["are you sure?", "u sure?", "hm, are you sure", "really?"])
def test_a_doubt_is_told_how_to_check(answerer, text):
    message = answerer.ask(Question(text, (TURN,))).refusal.message
    assert message.startswith("Every quote is verbatim and can be checked")


@pytest.mark.parametrize(
    "text",
    [
        *("help for victims of terrorism", "what documents did the Council adopt?"),
        *("hi-tech crime", "what can States do?", "how does it work", "good governance"),
        *("what do you know about the forum", "which documents are cited in resolution 2395"),
        *("really new technology", "what is this initiative", "Are you sure of the date of 2019?"),
    ],
)
def test_what_asks_of_the_documents_is_a_question(answerer, text):
    assert remarks.reply_to(text, answerer.generation.database.documents()) is None


def test_many_documents_are_counted_and_a_few_named(answerer_of):
    files = {f"{one}.txt": f"# Paper {one}\n\nWords of it stand here." for one in range(8)}
    message = answerer_of(files).ask(Question("hello")).refusal.message
    assert "8 documents, among them “Paper 0”" in message
    assert "“Paper 5”" not in message


def test_one_document_is_named(answerer_of):
    message = answerer_of({"a.txt": FILES["a.txt"]}).ask(Question("help")).refusal.message
    assert "one document: “Of crates”" in message


def test_a_follow_up_looks_past_thanks(answerer):
    history = (TURN, Turn("thanks", ""))
    assert answerer.ask(Question("and when?", history)).interpretation.text == (
        f"{OPENED} and when?"
    )


@pytest.mark.parametrize(
    "text",
    [
        "," * 666 + "right" + "?" * 1328 + "x",
        *("-" * 1999 + "x", "ok" + "-" * 1990 + "x", ", " * 1000, "sure" + "?" * 1990 + "x"),
        *("thanks" + " !" * 990, "hello " * 333, "is it so, right" + "?" * 1900 + "x"),
    ],
)
def test_no_remark_is_long_and_none_is_looked_for_long(answerer, text):
    """Each took up to ten seconds by patterns that go back over what they have read."""
    with at_most(1.0):
        answerer.ask(Question(text, tuple(Turn(text, "") for _ in range(20))))


def test_a_correction_that_says_nothing_is_told_how_to_ask(answerer):
    for text in ("no, I meant", "sorry, I mean"):
        assert answerer.ask(Question(text, (TURN,))).refusal.reason == "not_a_question"
