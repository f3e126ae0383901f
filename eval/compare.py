"""Two runs of the same questions, side by side: differences, tests, and what flipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from eval.errors import BadRun
from eval.records import Outcome, Scored
from eval.resampling import (
    Interval,
    bootstrap,
    bootstrap_mean,
    holm,
    randomisation,
    randomisation_of_mean,
)
from eval.summary import MEASURES, Columns, Measure

GOOD: frozenset[Outcome] = frozenset({"right", "rightly declined"})
ALPHA = 0.05
_LISTED = 5
GATED = (
    *("Success@1", "R@5", "RR@10", "nDCG@10", "hit@5", "right"),
    *("citation precision", "citation recall", "wrongly answered", "wrongly declined"),
    *("AUROC", "AURC"),
)
"""What a gate looks at: not how fast the machine was, nor what follows from the others, nor
ECE, which more right answers at the same confidence make worse."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure of two runs, over the questions to which it applies in both."""

    measure: Measure
    count: int
    first: float
    second: float
    change: Interval
    """Second minus first."""
    p: float
    """Two-sided, corrected for the number of measures."""

    @property
    def significant(self) -> bool:
        """Whether chance alone would rarely make such a difference."""
        return self.p < ALPHA

    @property
    def better(self) -> bool:
        """Whether the second is better, significantly or not."""
        return (self.change.value > 0) == self.measure.higher_is_better


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that one run handled well and the other did not."""

    first: Scored
    second: Scored

    @property
    def gained(self) -> bool:
        """Whether the second handled it well."""
        return is_good(self.second)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What compares two runs."""

    differences: tuple[Difference, ...]
    flips: tuple[Flip, ...]
    common: int
    broken: tuple[str, ...]
    """Ids of the questions that got an error in the second, and a reply in the first."""
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


def is_good(one: Scored) -> bool:
    """Whether a reader was served: answered rightly, or rightly not answered. Where it cannot
    be told if an answer is right, whether the first passage states what is sought."""
    if one.answerable and "right" not in one.measures and one.outcome != "error":
        return one.measures.get("Success@1", 0.0) > 0
    return one.outcome in GOOD


def compare(
    first: Sequence[Scored], second: Sequence[Scored], names: Sequence[str] | None = None
) -> Comparison:
    """Compare by the measures ``names`` (all where None). Raises ``BadRun`` where the two have
    no question in common."""
    before, after = ({one.id: one for one in each} for each in (first, second))
    pairs = [(one, after[one.id]) for one in first if one.id in after]
    if not pairs:
        raise BadRun("the two have no question in common; compare runs of the same set")
    chosen = [one for one in MEASURES if one.judges and (names is None or one.name in names)]
    found = [one for measure in chosen if (one := _difference(measure, pairs)) is not None]
    corrected = holm([one.p for one in found])
    return Comparison(
        differences=tuple(replace(one, p=p) for one, p in zip(found, corrected, strict=True)),
        flips=tuple(Flip(one, other) for one, other in pairs if is_good(one) != is_good(other)),
        common=len(pairs),
        broken=tuple(one.id for one, other in pairs if other.outcome == "error" != one.outcome),
        only_first=tuple(id for id in before if id not in after),
        only_second=tuple(id for id in after if id not in before),
    )


def _difference(measure: Measure, pairs: list[tuple[Scored, Scored]]) -> Difference | None:
    if measure.of is not None:
        return _of_all(measure, pairs)
    name = measure.name
    both = [(a.measures[name], b.measures[name]) for a, b in pairs if _has(name, a, b)]
    if not both:
        return None
    first, second = np.array(both, dtype=float).T
    moved = second - first
    return Difference(
        *(measure, len(both), float(first.mean()), float(second.mean())),
        *(bootstrap_mean(moved), randomisation_of_mean(moved)),
    )


def _has(name: str, *both: Scored) -> bool:
    return all(name in one.measures for one in both)


def _of_all(measure: Measure, pairs: list[tuple[Scored, Scored]]) -> Difference | None:
    """For measures of all questions together: swap the two runs' results question by question."""
    of = measure.of
    assert of is not None
    # One above the other, so that a swap is a choice of row.
    columns = Columns.of([one for pair in zip(*pairs, strict=True) for one in pair])
    count = len(pairs)
    everyone = np.arange(count)

    def change(rows: npt.NDArray[np.int64], swapped: npt.NDArray[np.bool_]) -> float:
        lower = rows + count * swapped[rows]
        upper = rows + count * ~swapped[rows]
        return of(columns.take(upper)) - of(columns.take(lower))

    as_they_are = np.zeros(count, dtype=bool)
    first, second = of(columns.take(everyone)), of(columns.take(everyone + count))
    if np.isnan(first) or np.isnan(second):
        return None
    timed = measure.shown_as == "ms"
    p = float("nan") if timed else randomisation(lambda swap: change(everyone, swap), count)
    interval = bootstrap(count, lambda rows: change(rows, as_they_are))
    return Difference(measure, count, first, second, interval, p)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a gate says."""

    failed: tuple[str, ...]
    """Why it does not open, a line each; empty: it does."""
    allowed: tuple[str, ...]
    """Significant falls that were allowed."""


def gate(comparison: Comparison, allowed: dict[str, float]) -> Verdict:
    """Whether the second run may stand beside the first: no significant fall of a measure,
    and no question lost. ``allowed`` gives, by measure, how far it may fall."""
    failed: list[str] = []
    passed: list[str] = []
    for one in comparison.differences:
        if not one.significant or one.better:
            continue
        name, fall = one.measure.name, abs(one.change.value)
        line = f"{name} went from {one.first:.3f} to {one.second:.3f} (p {one.p:.4f})"
        (passed if fall <= allowed.get(name, -1.0) else failed).append(line)
    if comparison.broken:
        failed.append(
            f"{len(comparison.broken)} questions got an error: {_listed(comparison.broken)}"
        )
    if comparison.only_first:
        lost = comparison.only_first
        failed.append(f"{len(lost)} questions of the baseline were not asked: {_listed(lost)}")
    return Verdict(tuple(failed), tuple(passed))


def _listed(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _LISTED} more" if len(ids) > _LISTED else ""
    return f"{', '.join(ids[:_LISTED])}{more}"
