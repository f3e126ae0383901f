"""The fit of the confidence: what it learns from, what it promises, and what it says of itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from eval import fitting
from eval.errors import TooFewQuestions
from eval.fitting import Sample
from eval.records import Case, Span
from qa.answer.confidence import NAMES, Risk, Signals, Weights
from qa.records import Question

COUNT = len(NAMES)
LOGIT = NAMES.index("logit")


def signals(logit: float) -> Signals:
    return Signals(**{**dict.fromkeys(NAMES, 0.0), "logit": logit})


def sample(logit: float, right: bool, answerable: bool = True, **bounds: float) -> Sample:
    return Sample(answerable, right, signals(logit), **bounds)


def by_logit() -> Weights:
    """A confidence that is the logistic of the reader's logit."""
    weight = tuple(float(place == LOGIT) for place in range(COUNT))
    return Weights(0.0, (0.0,) * COUNT, (1.0,) * COUNT, weight, threshold=0.5)


def drawn(count: int, seed: int, shift: float = 0.0) -> list[Sample]:
    """Samples that are right with the probability that their logit less ``shift`` has."""
    order = np.random.default_rng(seed)
    logits = order.normal(0, 2, count)
    return [
        sample(float(one), bool(order.random() < 1 / (1 + np.exp(shift - one)))) for one in logits
    ]


FILES = {
    "boats.txt": "Red boats sail south in spring. Blue boats sail north in autumn.",
    "owners.txt": "The Group of Boat Owners (GBO) meets in winter.",
}
GOLD = ((Span("boats", "Red boats sail south in spring."),),)
CASES = [
    Case("1", "where do red boats sail in spring", True, "", GOLD, (("south",),)),
    Case("2", "how much do red boats cost", False),
    Case("3", "what does GBO stand for", False),
]


def test_what_was_asked_becomes_samples_with_the_bounds_that_the_pipeline_sets(answerer_of):
    answerer, told = answerer_of(FILES), []
    found = [*fitting.gather(CASES, answerer, lambda *one: told.append(one))]
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert [one.right for one in found] == [True, False, False]
    assert [one.answerable for one in found] == [True, False, False]
    assert found[2].signals is None
    assert found[2].told(by_logit()) == 0.95  # looked up
    (first,) = answerer.find(Question(CASES[0].question))
    assert found[0].told(answerer.weights) == pytest.approx(first.confidence)


def test_bounds_hold_whatever_the_weights():
    assert sample(9.0, True, most=0.1).told(by_logit()) == 0.1
    assert sample(-9.0, True, least=0.7).told(by_logit()) == 0.7
    assert replace(sample(0.0, True), signals=None, least=0.95).told(by_logit()) == 0.95


def test_a_fit_tells_what_is_right_and_every_set_counts_alike():
    large, small = drawn(800, 1), drawn(80, 2, shift=4.0)
    model = fitting.fit([large, small])
    assert model.weight[LOGIT] > 0
    right = [model.confidence(one.signals) for one in large if one.right and one.signals]
    wrong = [model.confidence(one.signals) for one in large if not one.right and one.signals]
    assert np.mean(right) > np.mean(wrong) + 0.2
    # Of the large set alone it would say more than of both.
    alone = fitting.fit([large])
    assert model.confidence(signals(0)) < alone.confidence(signals(0)) - 0.1


def test_what_was_not_guessed_takes_no_part_in_the_fit():
    known = [*drawn(100, 3)]
    looked_up = [replace(sample(0.0, False), signals=None, least=0.95)] * 50
    assert fitting.fit([known + looked_up]) == fitting.fit([known])


def test_the_threshold_for_a_risk_keeps_what_it_promises():
    samples = drawn(4000, 4)
    told = fitting.confidences(by_logit(), samples)
    curve = fitting.risks([(samples, told)])
    assert [one.share for one in curve] == sorted(one.share for one in curve)
    thresholds = [one.threshold for one in curve]
    assert thresholds == sorted(thresholds, reverse=True)
    for one in curve:
        if (told >= one.threshold).sum() > 200:
            assert fitting.worth(samples, told, one.threshold).wrong <= one.share


def test_few_answers_promise_little():
    sure = [sample(5.0, True)] * 9
    told = fitting.confidences(by_logit(), sure)
    assert all(one.share >= 0.1 for one in fitting.risks([(sure, told)]))


def test_risks_tell_how_many_unanswerable_questions_are_answered():
    samples = [*[sample(5.0, True)] * 90, *[sample(1.0, False, answerable=False)] * 10]
    curve = fitting.risks([(samples, fitting.confidences(by_logit(), samples))])
    by_share = {one.share: one for one in curve}
    assert by_share[0.05].answered == 0
    assert by_share[0.5].answered == 1


def test_a_collection_that_is_harder_gets_less_confidence_of_its_own():
    samples = drawn(400, 5, shift=3.0)
    found = fitting.own(by_logit(), samples, risk=0.2)
    assert found.helps
    assert found.after.ece < found.before.ece
    assert found.weights.confidence(signals(0)) < 0.2
    assert isinstance(found.weights.risks[0], Risk)


def test_without_a_risk_no_more_of_the_answers_are_wrong_than_before():
    samples = drawn(600, 8, shift=1.0)
    found = fitting.own(by_logit(), samples, risk=None)
    assert found.after.wrong <= found.before.wrong
    assert found.after.right > 0


def test_a_confidence_that_fits_already_is_not_bettered():
    found = fitting.own(by_logit(), drawn(60, 6), risk=None)
    assert abs(found.surprise_after - found.surprise_before) < 0.1


@pytest.mark.parametrize("samples", [drawn(12, 7), [sample(1.0, True)] * 50, []])
def test_too_few_questions_are_told(samples):
    with pytest.raises(TooFewQuestions, match="a fit needs 30 questions"):
        fitting.own(by_logit(), samples, risk=0.2)
