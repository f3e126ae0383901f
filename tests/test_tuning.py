"""Tuned values are one record, and whoever tries others makes another."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from qa.records import Question
from qa.tuning import Tuning, shipped


def test_another_value_makes_another_record():
    other = shipped().replaced("retrieval.fusion_weight", 0.5)
    assert other.value("retrieval.fusion_weight") == 0.5
    assert shipped().value("retrieval.fusion_weight") != 0.5
    assert other.digest != shipped().digest
    assert other.replaced("retrieval.fusion_weight", 0.25).digest == shipped().digest


def test_a_count_stays_a_count():
    assert shipped().replaced("reranking.most", 6.0).reranking.most == 6


@pytest.mark.parametrize("name", ["retrieval.nothing", "nothing.most", "most", ""])
def test_a_value_that_there_is_not_cannot_be_replaced(name):
    with pytest.raises(KeyError):
        shipped().replaced(name, 1.0)


@pytest.mark.parametrize(
    ("name", "value"),
    [("confidence.sure", 1.5), ("reranking.most", 0), ("selection.least_gain", -1)],
)
def test_a_value_that_cannot_be_is_refused(name, value):
    with pytest.raises(ValidationError):
        shipped().replaced(name, value)


def test_unknown_and_missing_values_are_refused():
    values = shipped().model_dump()
    with pytest.raises(ValidationError):
        Tuning.model_validate({**values, "more": {}})
    del values["overview"]
    with pytest.raises(ValidationError):
        Tuning.model_validate(values)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sentences.identifier_weight", 0.0),
        ("overview.item_step", 0.0),
        ("reranking.logit_weight", 0.5),
        ("sentences.passage_weight", 0.9),
    ],
)
def test_what_is_tuned_reaches_the_stage_that_it_is_for(answerer_of, name, value):
    class Reader:
        def read(self, _question, texts):
            return [float(len(text) % 7) for text in texts]

    text = (
        "# Resolution 2462 (2019)\n\n1. Decides that funds of donors are frozen by all States.\n\n"
        "2. Urges all States to report on the funds of donors each year in spring.\n\n"
        "Owls of donors live in the north, and resolution 1373 (2001) on funds came before.\n"
    )
    answerer = answerer_of(
        {"a.md": text, "b.txt": "Funds of donors in resolution 2462 (2019) grew."}
    )
    answerer.reader = Reader()

    def scores(one):
        found: dict[object, object] = {}
        for question in ("what does resolution 2462 cover", "what of the funds of resolution 2462"):
            for _, pool in one.quotable(Question(question)):
                found |= {(question, quote.text): quote.score for quote in pool}
            found[question] = [one.text for one in one.ask(Question(question)).citations]
            found[question, "sure"] = one.ask(Question(question)).confidence
        return found

    assert scores(answerer.retuned(shipped().replaced(name, value))) != scores(answerer)
