"""What kind of thing a question asks for, and whether the quotes give one."""

from __future__ import annotations

import pytest

from qa.answer import answer_type
from qa.question import interpret
from qa.records import Question, Turn

RESOLUTIONS = {
    "own.txt": "Resolution 1401 (2002)\n\nNoting the mission of Peru,\n\n"
    "1. Decides to establish the mission of Peru;\n",
    "other.txt": "# Notes\n\nThe mission of Peru was established long ago. "
    "Resolution 1401 (2002) established the mission of Chile.\n",
}


@pytest.mark.parametrize(
    ("question", "document", "text", "lacks"),
    [
        ("which resolution established the mission of Peru", "own", "Decides to establish", False),
        ("which resolution established the mission of Peru", "own", "Noting the mission", True),
        ("which resolution established the mission of Peru", "other", "The mission of Peru", True),
        ("which resolution established the mission of Chile", "other", "Resolution 1401", False),
        ("which Israeli or Domestic resolution established it", "other", "The mission of P", True),
        ("which resolutions does resolution 1401 recall", "own", "Decides to establish", True),
        ("what does resolution 1540 say of the mission", "other", "The mission of Peru", False),
        ("what is the resolution of the mission", "other", "The mission of Peru", False),
        ("the resolution that established the mission", "other", "The mission of Peru", True),
    ],
)
def test_a_question_after_a_resolution_wants_one_in_the_quotes(
    answerer_of, question, document, text, lacks
):
    answerer = answerer_of(RESOLUTIONS)
    ((_, pool),) = answerer.quotable(
        Question("mission of Peru and of Chile, decides noting", documents=(document,))
    )
    (quote,) = (one for one in pool if one.text.startswith(text))
    generation = answerer.generation
    reading = interpret.interpret(Question(question), generation)
    found = answer_type.lacking(reading, [quote], generation.database.domains)
    assert found == ("identifier" if lacks else None)


@pytest.mark.parametrize(
    ("question", "text", "lacking"),
    [
        ("how many violins were made", "Violins were made by hand in the town.", "number"),
        ("how many violins were made", "Twelve violins were made by hand in the town.", None),
        ("when were violins made", "Violins were made by hand in the town.", "date"),
        ("when were violins made", "Violins were made by hand in 1701.", None),
        ("when were violins made in 1701", "Violins were made by hand in 1701.", "date"),
        ("in which year did resolution 1401 say so", "Resolution 1401 (2002) says so.", "date"),
        ("how many did resolution 1401 name", "Resolution 1401 (2002) says so in May.", "number"),
        ("when may violins be made", "Violins may be made by hand in the town.", None),
        ("who made violins", "Violins were made by hand in the town.", "name"),
        ("who made violins", "Ms. Lund made them.", None),
        ("who made violins", "Violins were made by hand in Cremona.", None),
        ("what were violins made of", "Violins were made by hand in the town.", None),
    ],
)
def test_what_is_asked_for_and_not_given_is_told(answerer_of, question, text, lacking):
    answerer = answerer_of({"text.txt": text})
    ((reading, pool),) = answerer.quotable(Question(question))
    domains = answerer.generation.database.domains
    assert answer_type.lacking(reading, pool[:1], domains) == lacking


def test_a_follow_up_asks_for_what_its_own_words_ask_for(answerer_of):
    answerer = answerer_of({"text.txt": "Violins were made by hand in the town of Cremona."})
    before = (Turn("Where were violins made?", ""),)
    ((reading, pool),) = answerer.quotable(Question("And when was it?", before))
    assert reading.context
    domains = answerer.generation.database.domains
    assert answer_type.lacking(reading, pool[:1], domains) == "date"
