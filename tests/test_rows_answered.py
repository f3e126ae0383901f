"""A row of a table answers with the heads of its cells, and only for what it names."""

from __future__ import annotations

import pytest
from conftest import SureReader, answerer_over

from qa.answer import rows
from qa.pipeline import Answerer
from qa.records import Question
from qa.settings import ServiceSettings

TABLE = (
    "# Factions\n\nTable 1: Commanders in the valley\n\n"
    "| Faction | Leader | Commander |\n| --- | --- | --- |\n"
    "| Orchard front | Anna Berg | Karl Moss |\n"
    "| Harbour front | Nils Holm | Eva Lund |\n"
    "| Quay front | Amon | Jarl |\n"
)


@pytest.fixture(scope="module")
def answerer(tmp_path_factory):
    made = answerer_over(tmp_path_factory.mktemp("rows"), {"table.md": TABLE})
    return Answerer(
        made.generation, made._encoder, ServiceSettings(threshold=0), reader=SureReader()
    )


def test_a_row_is_quoted_as_it_stands_and_read_with_its_heads(answerer):
    (citation, *_) = answerer.ask(Question("who is the commander of the Harbour front")).citations
    assert citation.text.startswith("Harbour front")
    passage = citation.passage
    assert "Commander: Eva Lund" in passage.reading
    assert passage.text == TABLE[passage.start : passage.end]


def test_a_row_is_no_answer_for_what_another_row_names(answerer):
    ((reading, pool),) = answerer.quotable(Question("who is the commander of the Orchard front"))
    database = answerer.generation.database
    told = {quote.text.strip("| ")[:7]: rows.is_other(reading, quote, database) for quote in pool}
    assert told["Harbour"]
    assert not told["Orchard"]


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("who is the commander of the Harbour front", True),
        ("who is the leader of the Orchard front in the valley", True),  # the caption says where
        ("Harbour front: leader", True),
        ("who is the leader of the Quay front", True),  # one word, and its head says what it is
        ("who is the deputy commander of the Harbour front", False),  # there is no such column
        ("who is the commander", False),  # of each row
        ("who is the commander of the front", False),
        ("who is the commander of the Harbour front in the desert", False),
    ],
)
def test_a_row_that_alone_has_all_that_is_asked_is_looked_up(answerer, question, answers):
    ((reading, pool),) = answerer.quotable(Question(question))
    row = rows.look_up(reading, pool, answerer.generation)
    assert (row is not None) == answers
    if row is not None:
        assert row.text.split()[0] in question
        answer = answerer.ask(Question(question))
        (citation,) = answer.citations
        assert (answer.confidence, citation.text) == (0.7, row.text)
        assert citation.reading == row.reading
