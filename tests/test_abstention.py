"""How well the confidence tells what to answer, each figure worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from eval.abstention import (
    Bin,
    aurc,
    auroc,
    calibration_error,
    calibration_error_by_chance,
    reliability,
    risk_coverage,
)


def columns(*pairs):
    """Arrays of ``(confidence, flag)`` pairs."""
    confidence, flags = zip(*pairs, strict=True) if pairs else ((), ())
    return np.array(confidence, dtype=float), np.array(flags, dtype=bool)


FOUR = columns((0.8, False), (0.9, True), (0.3, False), (0.8, True))
PAIRS = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.5, 0.7, 1.0]), st.booleans()), min_size=1)


def test_auroc_is_the_share_of_pairs_in_the_right_order():
    # Positive .9 and .8, others .8 and .3: above, above, tied, above: 3.5 of 4.
    assert auroc(*FOUR) == 3.5 / 4


@given(PAIRS)
def test_auroc_is_that_of_scikit_learn(pairs):
    confidence, positive = columns(*pairs)
    if len(set(positive)) < 2:
        assert math.isnan(auroc(confidence, positive))
    else:
        assert auroc(confidence, positive) == pytest.approx(roc_auc_score(positive, confidence))


def test_risk_and_coverage_at_each_confidence():
    # .9: 1 of 4 given, none wrong; .8: 3 given together, 1 wrong; .3: all given, 2 wrong.
    coverage, risk = risk_coverage(*FOUR)
    assert coverage == pytest.approx([1 / 4, 3 / 4, 1])
    assert risk == pytest.approx([0, 1 / 3, 2 / 4])


def test_the_area_is_the_mean_risk_over_all_coverages():
    # 1/4 * 0 + 2/4 * 1/3 + 1/4 * 2/4 = 7/24
    assert aurc(*FOUR) == pytest.approx(7 / 24)


def test_the_area_of_the_perfect_and_of_the_hopeless():
    assert aurc(*columns((0.9, True), (0.1, True))) == 0
    assert aurc(*columns((0.9, False), (0.1, False))) == 1
    # The wrong one last: risk 0 until half is given, then 1/2.
    assert aurc(*columns((0.9, True), (0.1, False))) == pytest.approx(1 / 4)
    # The wrong one first: 1, then 1/2.
    assert aurc(*columns((0.1, True), (0.9, False))) == pytest.approx(3 / 4)


@given(PAIRS, st.randoms(use_true_random=False))
def test_no_order_among_equal_confidences_is_rewarded(pairs, random):
    shuffled = pairs[:]
    random.shuffle(shuffled)
    assert aurc(*columns(*pairs)) == pytest.approx(aurc(*columns(*shuffled)))


def test_questions_are_binned_by_tenths_of_confidence():
    confidence, right = columns((0.95, True), (0.91, False), (1.0, True), (0.15, False), (0, True))
    assert reliability(confidence, right) == [
        Bin(1, 0.0, 1.0),
        Bin(1, 0.15, 0.0),
        Bin(3, 2.86 / 3, 2 / 3),
    ]


def test_the_calibration_error_weighs_bins_by_their_questions():
    # .91 and .95: mean .93, half right, distance .43, twice; .15: distance .15. 1.01 / 3
    found = calibration_error(*columns((0.95, True), (0.91, False), (0.15, False)))
    assert found == pytest.approx(1.01 / 3)


def test_the_calibrated_have_no_calibration_error():
    # Of four questions at .75, three are right.
    pairs = [(0.75, True)] * 3 + [(0.75, False)]
    assert calibration_error(*columns(*pairs)) == pytest.approx(0)


def test_few_questions_are_off_by_chance_however_well_calibrated():
    random = np.random.default_rng(0)
    confidence = random.random(150)
    drawn = [calibration_error(confidence, random.random(150) < confidence) for _ in range(300)]
    assert calibration_error_by_chance(confidence) == pytest.approx(np.mean(drawn), abs=0.005)
    assert calibration_error_by_chance(np.repeat(confidence, 100)) < 0.01
    assert calibration_error_by_chance(np.array([0.0, 1.0])) == 0


def test_of_no_questions_nothing_can_be_told():
    empty = columns()
    assert math.isnan(auroc(*empty))
    assert math.isnan(aurc(*empty))
    assert math.isnan(calibration_error(*empty))
    assert math.isnan(calibration_error_by_chance(empty[0]))
    assert reliability(*empty) == []
