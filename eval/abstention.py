"""How well the confidence tells what to answer, and how much it is to be believed.

All take ``confidence`` (questions,) in [0, 1] and one flag a question.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
BINS = 10


def auroc(confidence: Floats, positive: Flags) -> float:
    """Chance that a positive question has more confidence than another one, ties half counted
    (Hanley and McNeil, 1982). NaN where all questions are of one sort."""
    yes, no = int(positive.sum()), int((~positive).sum())
    if not yes or not no:
        return float("nan")
    ranks = rankdata(confidence)
    return float((ranks[positive].sum() - yes * (yes + 1) / 2) / (yes * no))


def risk_coverage(confidence: Floats, right: Flags) -> tuple[Floats, Floats]:
    """Coverage and risk, were only the most confident questions answered (El-Yaniv and Wiener,
    JMLR 2010): one point for each confidence that occurs, from the highest.

    Risk is the share of wrong answers among those given; answering the unanswerable is wrong.
    """
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(~right[order])
    given = np.arange(1, len(order) + 1)
    sorted_by = confidence[order]
    # Equal confidences stand or fall together, so that no order among them is rewarded.
    last = np.append(sorted_by[1:] != sorted_by[:-1], True)
    return given[last] / len(order), wrong[last] / given[last]


def aurc(confidence: Floats, right: Flags) -> float:
    """Area under the risk-coverage curve, as the mean risk over all coverages: 0 is perfect."""
    if not len(right):
        return float("nan")
    coverage, risk = risk_coverage(confidence, right)
    widths = np.diff(coverage, prepend=0.0)
    return float((widths * risk).sum())


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of about the same confidence."""

    count: int
    confidence: float
    right: float


def reliability(confidence: Floats, right: Flags) -> list[Bin]:
    """Mean confidence and share of right answers in ``BINS`` bins of equal width; empty bins
    are left out."""
    number = _bins(confidence)
    return [
        Bin(int(inside.sum()), float(confidence[inside].mean()), float(right[inside].mean()))
        for bin in range(BINS)
        if (inside := number == bin).any()
    ]


def calibration_error(confidence: Floats, right: Flags) -> float:
    """Expected calibration error (Naeini et al., AAAI 2015): the bins' distance between
    confidence and share of right answers, weighted by their questions."""
    if not len(right):
        return float("nan")
    bins = reliability(confidence, right)
    return sum(one.count * abs(one.confidence - one.right) for one in bins) / len(right)


def calibration_error_by_chance(confidence: Floats) -> float:
    """What ``calibration_error`` would be, on average, of so many questions each of which is right
    with exactly the chance that its confidence says (Bröcker and Smith, 2007, "Increasing the
    reliability of reliability diagrams").

    Few questions in a bin leave its share of right answers to chance: of 150 it is about .07. The
    sum over a bin is taken for normal, whose mean distance from 0 is sqrt(2 variance / pi).
    """
    if not len(confidence):
        return float("nan")
    number = _bins(confidence)
    variance = np.bincount(number, weights=confidence * (1 - confidence), minlength=BINS)
    return float(np.sqrt(2 * variance / np.pi).sum() / len(confidence))


def _bins(confidence: Floats) -> npt.NDArray[np.int_]:
    number: npt.NDArray[np.int_] = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return number
