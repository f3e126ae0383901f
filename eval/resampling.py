"""Intervals and tests by resampling: no assumption about how figures are distributed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
SEED = 20250117
"""Fixed, so that the same run gives the same intervals."""
RESAMPLES = 1000
SWAPS = 5000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its percentile bootstrap interval (Efron, 1979) at ``LEVEL``.

    NaN where it cannot be told: no question to which the measure applies.
    """

    value: float
    low: float
    high: float


def bootstrap(count: int, figure: Callable[[Indices], float]) -> Interval:
    """Interval of ``figure``, a function of which of ``count`` questions are counted.

    Resamples on which it is NaN (say, no unanswerable question was drawn) are passed over; the
    interval of ``scipy.stats.bootstrap`` is NaN if one of them is.
    """
    everyone = np.arange(count)
    value = figure(everyone) if count else float("nan")
    if np.isnan(value):
        return Interval(value, value, value)
    draw = np.random.default_rng(SEED)
    drawn = [figure(draw.integers(0, count, count)) for _ in range(RESAMPLES)]
    return _interval(value, np.array(drawn))


def bootstrap_mean(values: Floats) -> Interval:
    """The same for a mean, by ``scipy.stats.bootstrap``. ``values`` holds no NaN."""
    if len(values) < 2:  # of one, scipy makes no resamples
        value = float(values[0]) if len(values) else float("nan")
        return Interval(value, value, value)
    # In slices: a thousand resamples of thousands of questions would be a large array.
    drawn = stats.bootstrap(
        (values,),
        np.mean,
        n_resamples=RESAMPLES,
        batch=max(1, 2_000_000 // len(values)),
        method="percentile",
        rng=np.random.default_rng(SEED),
    )
    return _interval(float(values.mean()), drawn.bootstrap_distribution)


def _interval(value: float, drawn: Floats) -> Interval:
    # Not the interval that scipy gives with its resamples: its last bit is another, and the two
    # kinds of figures would differ in it.
    known = drawn[~np.isnan(drawn)]
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(known, [tail, 1 - tail])
    return Interval(value, float(low), float(high))


def randomisation(difference: Callable[[npt.NDArray[np.bool_]], float], count: int) -> float:
    """Two-sided p of a paired difference (Fisher's randomisation test; Noreen, 1989).

    ``difference`` takes, for each of ``count`` questions, whether the two systems' results are
    swapped. Under the hypothesis that the systems do not differ every swap is as likely; p is
    the share of swaps whose difference is at least as large, the observed one counted.

    Not by ``scipy.stats.monte_carlo_test``, nor is the mean's: how near figures must be to count as
    equal is there a share of the observed one, so thirds that cancel but for their last bits give
    0.75 instead of 1.
    """
    observed = abs(difference(np.zeros(count, dtype=bool)))
    draw = np.random.default_rng(SEED)
    drawn = [abs(difference(draw.random(count) < 0.5)) for _ in range(SWAPS)]
    beyond = sum(1 for one in drawn if one >= observed - 1e-12)
    return (beyond + 1) / (SWAPS + 1)


def randomisation_of_mean(differences: Floats) -> float:
    """The same for the mean of paired differences: a swap turns a difference's sign."""
    moved = differences[differences != 0]
    if not len(moved):
        return 1.0
    draw = np.random.default_rng(SEED)
    observed = abs(moved.sum())
    beyond, each = 0, max(1, 2_000_000 // len(moved))
    for done in range(0, SWAPS, each):
        signs = draw.choice([-1.0, 1.0], (min(each, SWAPS - done), len(moved)))
        beyond += int(np.sum(np.abs(signs @ moved) >= observed - 1e-12))
    return (beyond + 1) / (SWAPS + 1)


def holm(values: Sequence[float]) -> list[float]:
    """Values of p corrected for their number (Holm, 1979), in the order given; NaN (no test)
    stays and counts for nothing."""
    known = [place for place, p in enumerate(values) if not np.isnan(p)]
    corrected = list(values)
    largest = 0.0
    for rank, place in enumerate(sorted(known, key=lambda place: values[place])):
        largest = max(largest, min(1.0, values[place] * (len(known) - rank)))
        corrected[place] = largest
    return corrected
