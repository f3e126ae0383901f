"""A row of a table answers with the heads of its cells, and only for what it names."""

from __future__ import annotations

import pytest
from conftest import SureReader, answerer_over

from qa.answer.confidence import is_other_row
from qa.pipeline import Answerer
from qa.records import Question
from qa.settings import ServiceSettings

TABLE = (
    "# Factions\n\nTable 1: Commanders in the valley\n\n"
    "| Faction | Leader | Commander |\n| --- | --- | --- |\n"
    "| Orchard front | Anna Berg | Karl Moss |\n"
    "| Harbour front | Nils Holm | Eva Lund |\n"
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
    told = {quote.text.strip("| ")[:7]: is_other_row(reading, quote, database) for quote in pool}
    assert told["Harbour"]
    assert not told["Orchard"]
