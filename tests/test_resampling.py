"""Intervals and tests by resampling, against what can be worked out without it."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from eval.resampling import (
    LEVEL,
    SWAPS,
    bootstrap,
    bootstrap_mean,
    holm,
    randomisation,
    randomisation_of_mean,
)

NAN = float("nan")
NORMAL = 1.96


def normal(count, seed=1):
    return np.random.default_rng(seed).normal(5, 2, count)


# Intervals


def test_the_interval_of_a_mean_is_close_to_the_normal_one():
    values = normal(400)
    found = bootstrap_mean(values)
    error = values.std() / math.sqrt(len(values))
    assert found.value == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - NORMAL * error, abs=0.15 * error)
    assert found.high == pytest.approx(values.mean() + NORMAL * error, abs=0.15 * error)


def test_the_interval_of_a_share_is_close_to_the_binomial_one():
    # 30 of 100: .3 +- 1.96 * sqrt(.3 * .7 / 100) = .3 +- .0898
    found = bootstrap_mean(np.repeat([1.0, 0.0], [30, 70]))
    assert (found.low, found.high) == pytest.approx((0.3 - 0.0898, 0.3 + 0.0898), abs=0.015)


def test_intervals_hold_the_truth_as_often_as_they_say():
    # 300 samples of a known mean: 95 % of 300 is 285, standard deviation 3.8; percentile
    # intervals of 60 values are a little narrow (about 94 %).
    draw = np.random.default_rng(7)
    found = [bootstrap_mean(draw.normal(5, 2, 60)) for _ in range(300)]
    held = sum(one.low <= 5 <= one.high for one in found)
    assert LEVEL == 0.95
    assert 0.90 <= held / 300 <= 0.98


def test_what_does_not_vary_has_an_interval_without_width():
    found = bootstrap_mean(np.full(50, 0.25))
    assert (found.value, found.low, found.high) == (0.25, 0.25, 0.25)


def test_an_interval_is_the_same_each_time():
    assert bootstrap_mean(normal(50)) == bootstrap_mean(normal(50))


def test_more_values_than_one_slice_holds_are_resampled_as_often():
    # 5000 values a resample are more than one array of 2 million takes.
    values = normal(5000)
    found = bootstrap_mean(values)
    error = values.std() / math.sqrt(len(values))
    assert found.high - found.low == pytest.approx(2 * NORMAL * error, rel=0.1)


def test_a_figure_of_all_questions_together_has_the_interval_of_a_mean_where_it_is_one():
    values = normal(200)
    one, other = bootstrap(200, lambda rows: float(values[rows].mean())), bootstrap_mean(values)
    width = other.high - other.low
    assert one.value == other.value
    assert (one.low, one.high) == pytest.approx((other.low, other.high), abs=0.1 * width)


def test_resamples_on_which_a_figure_is_unknown_are_passed_over():
    # One question of ten is of the kind that the figure needs: a third of resamples lack it.
    def figure(rows):
        return 0.5 if (rows == 0).any() else NAN

    found = bootstrap(10, figure)
    assert (found.value, found.low, found.high) == (0.5, 0.5, 0.5)


def test_of_no_questions_nothing_can_be_told():
    for found in (bootstrap_mean(np.array([])), bootstrap(0, len), bootstrap(3, lambda _: NAN)):
        assert all(math.isnan(one) for one in (found.value, found.low, found.high))


THIRDS = np.array([0, 1, 2, 3, 3, 1, 0, 2, 3]) / 3


@pytest.mark.parametrize(
    ("found", "low", "high"),
    [
        (bootstrap_mean(normal(50)), 4.416066636103802, 5.381996117790605),
        (bootstrap_mean(normal(5000)), 4.91774626110834, 5.023293970021326),
        (bootstrap_mean(THIRDS), 8 / 27, 22 / 27),
        (bootstrap_mean(THIRDS[1:2]), 1 / 3, 1 / 3),
        (
            bootstrap(50, lambda rows: float(np.median(normal(50)[rows]))),
            4.485155252145247,
            5.434643862045127,
        ),
    ],
    ids=["mean", "mean in slices", "thirds", "one value", "median"],
)
def test_intervals_are_what_they_were_in_runs_that_are_kept(found, low, high):
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-12)


# Tests


def exact_p(differences):
    """Share of all 2^n turns of signs whose sum is as far from 0: what is estimated."""
    observed = abs(sum(differences)) - 1e-12
    turned = itertools.product([-1, 1], repeat=len(differences))
    sums = [abs(sum(s * d for s, d in zip(signs, differences, strict=True))) for signs in turned]
    return sum(one >= observed for one in sums) / len(sums)


SAMPLES = [
    [0.5, 0.2, -0.1, 0.4, 0.3, -0.2, 0.1, 0.6, 0.25, -0.05],
    [1, 1, 1, 1, 1, -1, 1, 1],
    [0.3, -0.3, 0.1],
    [1, 1, 1, 1, 1, 1, 1, 1, 1],
]


def within_error(p, of):
    """Whether an estimate from ``SWAPS`` swaps is within four standard errors."""
    return abs(p - of) <= 4 * math.sqrt(of * (1 - of) / SWAPS) + 1 / SWAPS


@pytest.mark.parametrize("differences", SAMPLES)
def test_p_of_a_mean_is_that_of_all_turns_of_signs(differences):
    assert within_error(randomisation_of_mean(np.array(differences, float)), exact_p(differences))


@pytest.mark.parametrize("differences", SAMPLES)
def test_p_of_any_difference_is_that_of_all_swaps(differences):
    values = np.array(differences, float)

    def difference(swapped):
        return float(np.where(swapped, -values, values).mean())

    assert within_error(randomisation(difference, len(values)), exact_p(differences))


def test_questions_that_do_not_differ_change_nothing():
    # (1,1,1,1): 2 of 16 turns reach 4, so p = 1/8, whatever many zeros stand beside.
    values = np.array([1.0] * 4 + [0.0] * 1000)
    assert within_error(randomisation_of_mean(values), 1 / 8)


def test_p_of_what_is_the_same_is_1():
    assert randomisation_of_mean(np.zeros(50)) == 1
    assert randomisation_of_mean(np.array([])) == 1
    assert randomisation(lambda _: 0.0, 50) == 1


def test_p_is_what_it_was_in_runs_that_are_kept():
    differences = np.repeat([1 / 3, -1 / 3, 2 / 3, -1.0], [20, 8, 5, 2])
    swapped = randomisation(lambda swap: float(np.where(swap, -1, 1) @ differences), 35)
    assert randomisation_of_mean(differences) == 333 / 5001
    assert swapped == 293 / 5001


def test_thirds_that_cancel_are_no_difference():
    # In binary, 1 - 2/3 and 2/3 - 1/3 differ in their last bits, so that the sum is not quite 0.
    differences = np.array([1 - 2 / 3, 1 - 2 / 3, 1 / 3 - 2 / 3, 1 / 3 - 2 / 3])
    assert differences.sum() != 0
    assert randomisation_of_mean(differences) == 1
    assert randomisation(lambda swap: np.where(swap, -1, 1) @ differences, 4) == 1


def test_p_of_a_clear_difference_is_the_smallest_that_can_be_told():
    # 40 questions all better: 2 of 2^40 turns are as far, so none is ever drawn.
    assert randomisation_of_mean(np.full(40, 0.2)) == 1 / (SWAPS + 1)
    assert randomisation_of_mean(np.full(40, -0.2)) == 1 / (SWAPS + 1)


def test_chance_is_called_significant_as_seldom_as_it_should():
    # 400 comparisons of nothing but noise: 5 % of 400 is 20, standard deviation 4.4.
    draw = np.random.default_rng(11)
    found = [randomisation_of_mean(draw.normal(0, 1, 20)) for _ in range(400)]
    assert 8 <= sum(p < 0.05 for p in found) <= 34


# Many tests at once


def test_holm_corrects_from_the_smallest_on():
    # Sorted .005, .01, .03, .04 times 4, 3, 2, 1: .02, .03, .06, .04; never below one before.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_goes_no_further_than_1():
    assert holm([0.5, 0.9, 0.4]) == [1, 1, 1]


def test_holm_leaves_out_what_was_not_tested():
    first, none, second = holm([0.01, NAN, 0.04])
    assert math.isnan(none)
    assert (first, second) == pytest.approx((0.02, 0.04))


def test_holm_leaves_a_single_test_as_it_is():
    assert holm([0.04]) == [0.04]
    assert holm([]) == []
