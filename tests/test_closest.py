"""Where nothing is sure to answer, what comes closest is quoted and claims nothing."""

from __future__ import annotations

import pytest

from qa.pipeline import Answerer
from qa.records import Question
from qa.service.schemas import AskResponse
from qa.settings import ServiceSettings
from qa.tuning import shipped

MADE = "Golden violins were made in Cremona by hand."
SOLD = "Golden violins were sold in Vienna every spring."
FILES = {
    "violins.md": f"# Music\n\n{MADE} {SOLD}",
    "owls.md": "# Owls\n\nGrey owls were counted in Norway.",
}
ASKED = "who made golden violins in Cremona for the king"


class Unsure:
    """A reader that thinks little of everything."""

    def read(self, _, texts):
        return [-2.0] * len(texts)


@pytest.fixture
def ask(answerer_of, encoder):
    def run(text, files=FILES, least=0.0, **tuned):
        tuning = shipped().replaced("closest.least", least)
        for name, value in tuned.items():
            tuning = tuning.replaced(f"closest.{name}", value)
        generation, settings = answerer_of(files).generation, ServiceSettings(threshold=1.0)
        answerer = Answerer(generation, encoder, settings, reader=Unsure(), tuning=tuning)
        return answerer.ask(Question(text))

    return run


def test_what_is_not_sure_is_declined_and_quoted(ask):
    answer = ask(ASKED)
    assert answer.citations == ()
    assert answer.refusal is not None
    assert answer.closest[0].text == MADE
    assert "The closest sentences are quoted" in answer.refusal.message
    for one in answer.closest:
        assert one.passage.text[one.start - one.passage.start : one.end - one.passage.start] == (
            one.text
        )


def test_what_the_quotes_do_not_cover_is_told(ask):
    # "Counted" stands in another document; "money" would stand in none.
    message = ask("who made golden violins in Cremona and counted them").refusal.message
    assert "The closest sentences are quoted, without “counted”;" in message
    assert (
        "never use “money”" in ask("who made golden violins in Cremona for money").refusal.message
    )


def test_off_the_topic_nothing_is_quoted(ask):
    answer = ask("how many calories has a golden banana of the north")
    assert answer.closest == ()
    assert "The nearest passages are shown" in answer.refusal.message


def test_with_next_to_no_confidence_nothing_is_quoted(ask):
    assert ask(ASKED, least=1.0).closest == ()


def test_a_name_that_stands_nowhere_gets_no_quotes(ask):
    assert ask("who made golden violins for Radetzky").closest == ()


def test_the_quotes_are_few_and_short(ask):
    files = {
        "many.txt": " ".join(f"Golden violins were made by hand in town{n}." for n in range(9))
    }
    asked = "golden violins made by hand in a town"
    assert len(ask(asked, files).closest) == shipped().closest.most_quotes
    short = ask(asked, files, most_characters=60).closest
    assert len(short) == 1
    assert ask(asked, files, most_characters=10).closest == ()


def test_an_answer_has_none(answerer_of):
    answer = answerer_of(FILES).ask(Question(ASKED))
    assert answer.citations
    assert answer.closest == ()


def test_the_reply_has_them_in_the_form_of_citations(ask):
    reply = AskResponse.of(ask(ASKED))
    assert (reply.answered, reply.answer, reply.citations) == (False, "", [])
    assert reply.refusal is not None
    assert [one.number for one in reply.closest] == [*range(1, len(reply.closest) + 1)]
    assert sum(len(one.cited_text) for one in reply.closest) <= 700
    assert reply.closest[0].url.startswith("/documents/")
