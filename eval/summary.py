"""From the figures of single questions to those of a run, with intervals, by kind."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eval import abstention
from eval.records import Scored
from eval.resampling import Floats, Indices, Interval, bootstrap, bootstrap_mean

ALL = "all"


@dataclass(frozen=True, eq=False, slots=True)
class Columns:
    """What figures over several questions are computed of, an entry a question."""

    confidence: Floats
    right: npt.NDArray[np.bool_]
    answerable: npt.NDArray[np.bool_]
    checkable: npt.NDArray[np.bool_]
    """Whether it can be told if an answer is right."""
    milliseconds: Floats

    @classmethod
    def of(cls, scored: Sequence[Scored]) -> Columns:
        """The columns of ``scored``, in its order."""
        return cls(
            confidence=np.array([one.confidence for one in scored], dtype=float),
            right=np.array([one.right for one in scored], dtype=bool),
            answerable=np.array([one.answerable for one in scored], dtype=bool),
            checkable=np.array(
                [not one.answerable or "right" in one.measures for one in scored], dtype=bool
            ),
            milliseconds=np.array([one.milliseconds for one in scored], dtype=float),
        )

    def take(self, rows: Indices) -> Columns:
        """These questions alone, repeated where ``rows`` repeats them."""
        return Columns(
            *(self.confidence[rows], self.right[rows], self.answerable[rows]),
            *(self.checkable[rows], self.milliseconds[rows]),
        )


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of a run."""

    name: str
    what: str
    """One line for readers."""
    higher_is_better: bool = True
    of: Callable[[Columns], float] | None = None
    """Computes it over all questions together; None: the mean of the questions' own."""
    shown_as: str = "share"
    """``share`` (0 to 1) or ``ms``."""
    judges: bool = True
    """Whether it says how good a run is, so that two can be compared by it."""


def _auroc(columns: Columns) -> float:
    return abstention.auroc(columns.confidence, columns.answerable)


def _aurc(columns: Columns) -> float:
    known = columns.checkable
    return abstention.aurc(columns.confidence[known], columns.right[known])


def _ece(columns: Columns) -> float:
    known = columns.checkable
    return abstention.calibration_error(columns.confidence[known], columns.right[known])


def _ece_by_chance(columns: Columns) -> float:
    return abstention.calibration_error_by_chance(columns.confidence[columns.checkable])


def _quantile(share: float) -> Callable[[Columns], float]:
    def of(columns: Columns) -> float:
        timed = columns.milliseconds[columns.milliseconds > 0]
        return float(np.quantile(timed, share)) if len(timed) else float("nan")

    return of


MEASURES: tuple[Measure, ...] = (
    Measure("Success@1", "the first passage states something of what is sought"),
    Measure("R@1", "share of what is sought in the first passage"),
    Measure("R@3", "share of what is sought in the first 3 passages"),
    Measure("R@5", "share of what is sought in the first 5 passages"),
    Measure("R@10", "share of what is sought in the first 10 passages"),
    Measure("RR@10", "1 / rank of the first passage that states something sought (MRR)"),
    Measure("nDCG@10", "discounted gain of the first 10 passages, of the best possible"),
    Measure("hit@5", "share of gold quotes that the first 5 passages hold whole"),
    Measure(
        "right",
        "answered, and an accepted answer stands in the first 700 cited characters; half of a gold "
        "quote is cited where no answers are given",
    ),
    Measure("shown", "right, or declined with the answer in what comes closest"),
    Measure("right if given", "the same of the quotes that were weighed, given or not"),
    Measure("citation precision", "share of the cited text that lies in gold, where answered"),
    Measure("citation recall", "share of the gold that is cited"),
    Measure("page", "share of citations of gold that say its page"),
    Measure("paragraph", "share of citations of gold that say its numbered paragraph"),
    Measure("EM", "exact match as SQuAD counts it (verbatim sentences are longer than answers)"),
    Measure("F1", "F1 over words as SQuAD counts it"),
    Measure("wrongly answered", "share of unanswerable questions that were answered", False),
    Measure("wrongly declined", "share of answerable questions that were declined", False),
    Measure(
        "AUROC", "chance that an answerable question has more confidence than another", of=_auroc
    ),
    Measure(
        "AURC", "area under the risk-coverage curve: mean share of wrong answers", False, _aurc
    ),
    Measure("ECE", "distance between confidence and share of right answers", False, _ece),
    Measure(
        *("ECE by chance", "what ECE would be of a perfectly calibrated confidence, by chance"),
        *(False, _ece_by_chance),
        judges=False,
    ),
    Measure("p50", "median time a question", False, _quantile(0.5), "ms"),
    Measure("p95", "time that 95 % of questions did not exceed", False, _quantile(0.95), "ms"),
)
BY_NAME = {one.name: one for one in MEASURES}


def interval(measure: Measure, scored: Sequence[Scored]) -> Interval:
    """The figure over ``scored`` with its interval."""
    if measure.of is None:
        return bootstrap_mean(values(measure, scored))
    figure, columns = measure.of, Columns.of(scored)
    return bootstrap(len(scored), lambda rows: figure(columns.take(rows)))


def values(measure: Measure, scored: Iterable[Scored]) -> Floats:
    """The questions' own figures, of those to which the measure applies."""
    own = [one.measures[measure.name] for one in scored if measure.name in one.measures]
    return np.array(own, dtype=float)


def by_kind(scored: Sequence[Scored]) -> dict[str, list[Scored]]:
    """All questions, then those of each kind in the order in which kinds first come."""
    groups: dict[str, list[Scored]] = {ALL: list(scored)}
    for one in scored:
        if one.kind:
            groups.setdefault(one.kind, []).append(one)
    return groups if len(groups) > 2 else {ALL: list(scored)}


def summarise(scored: Sequence[Scored]) -> dict[str, dict[str, Interval]]:
    """Every measure that applies, for all questions and for each kind."""
    return {
        kind: {
            measure.name: found
            for measure in MEASURES
            if not math.isnan((found := interval(measure, group)).value)
        }
        for kind, group in by_kind(scored).items()
    }
