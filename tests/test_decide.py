"""When a question is declined, and what is said."""

from __future__ import annotations

import math

import pytest

from qa.config import ServiceSettings
from qa.decide import BIAS, COVERED, IDENTIFIED, PASSAGE, SENTENCE, Signals, confidence
from qa.errors import UnknownDocument
from qa.pipeline import Answerer
from qa.records import Question

FILES = {"a.txt": "Resolution 2462 (2019) notes crowdfunding by donors of every kind."}


def test_confidence_is_the_logistic_of_the_weighted_signals():
    found = Signals(sentence=0.9, passage=0.8, covered=0.5, identified=1)
    z = BIAS + 0.9 * SENTENCE + 0.8 * PASSAGE + 0.5 * COVERED + IDENTIFIED
    assert confidence(found) == pytest.approx(1 / (1 + math.exp(-z)))


def test_confidence_rises_with_every_signal():
    low = Signals(0.5, 0.5, 0.5, 0)
    higher = [Signals(0.6, 0.5, 0.5, 0), Signals(0.5, 0.6, 0.5, 0)]
    higher += [Signals(0.5, 0.5, 0.6, 0), Signals(0.5, 0.5, 0.5, 1)]
    assert all(confidence(one) > confidence(low) for one in higher)


def test_an_unknown_identifier_is_declined_by_name(answerer_of):
    answer = answerer_of(FILES).ask(Question("what does resolution 1540 cover"))
    assert answer.refusal is not None
    assert answer.refusal.reason == "unknown_identifier"
    assert answer.refusal.unknown_identifiers == ("resolution 1540",)
    assert "resolution 1540" in answer.refusal.message
    assert (answer.text, answer.citations, answer.confidence) == ("", (), 0.0)
    assert answer.passages  # the nearest are shown all the same


def test_under_the_threshold_missing_words_are_named(answerer_of, encoder):
    generation = answerer_of(FILES).generation
    strict = Answerer(generation, encoder, ServiceSettings(threshold=1))
    refusal = strict.ask(Question("crowdfunding of bakeries")).refusal
    assert refusal is not None
    assert (refusal.reason, refusal.missing_terms) == ("missing_terms", ("bakeries",))


def test_under_the_threshold_without_missing_words_the_reason_is_low_confidence(
    answerer_of, encoder
):
    generation = answerer_of(FILES).generation
    strict = Answerer(generation, encoder, ServiceSettings(threshold=1))
    refusal = strict.ask(Question("crowdfunding by donors")).refusal
    assert refusal is not None
    assert refusal.reason == "low_confidence"


def test_a_quoted_phrase_that_is_nowhere_is_declined_as_such(answerer_of):
    refusal = answerer_of(FILES).ask(Question('"donors of crowdfunding"')).refusal
    assert refusal is not None
    assert refusal.reason == "phrase_not_found"


def test_a_filter_by_an_unknown_document_is_an_error(answerer_of):
    with pytest.raises(UnknownDocument, match="nowhere"):
        answerer_of(FILES).ask(Question("donors", documents=("nowhere",)))


def test_stages_are_timed(answerer_of):
    timings = answerer_of(FILES).ask(Question("donors")).timings_ms
    assert list(timings) == ["interpret", "encode", "rank", "answer", "passages", "total"]
