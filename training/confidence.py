"""Fits the confidence over all collections, and says what it is worth over each when it has not
seen it (leave one collection out).

usage: python -m training.confidence --work FOLDER [options]

What is asked is kept in FOLDER, and not asked again while the reader stays the same; what is
interrupted goes on where it was. Prints the table; with --write, writes qa/data/confidence.json.
The recipe: docs/training.md.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from eval import cases, fitting
from eval.fitting import Sample, Worth
from eval.records import Case
from index import encoder, generation
from index.config import IndexSettings
from qa.answer import confidence
from qa.answer.confidence import Weights
from qa.pipeline import Answerer
from qa.ranking.cross_encoder import WEIGHTS, TrainedReader
from qa.settings import ServiceSettings
from training import sets
from training.sets import Fitted, Measured

RISK = 0.2
"""The share of wrong answers that the shipped threshold allows."""
_SAMPLES = TypeAdapter(list[Sample])


@dataclass(frozen=True, slots=True)
class Samples:
    """What was asked over a collection."""

    name: str
    fitted: list[Sample]
    """What the confidence may be fitted to."""
    measured: list[Sample]
    """What it is measured on."""


def gather(found: Sequence[Measured], work: Path) -> list[Samples]:
    """The samples of each collection, as the reader that comes with the project leads to them."""
    mark, reader = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()[:8], TrainedReader()
    return [
        Samples(
            one.name,
            _kept(one.fitted, work, mark, reader),
            _kept(one.measured, work, mark, reader),
        )
        for one in found
    ]


def _kept(one: Fitted | None, work: Path, mark: str, reader: TrainedReader) -> list[Sample]:
    if one is None:
        return []
    path = work / f"samples-{one.name}-{mark}.json"
    if not path.exists():
        print(f"asking {one.name}", file=sys.stderr, flush=True)
        path.write_bytes(_SAMPLES.dump_json(_asked(one, reader)))
    return _SAMPLES.validate_json(path.read_bytes())


def _asked(one: Fitted, reader: TrainedReader) -> list[Sample]:
    models = encoder.load(IndexSettings(data=one.data))
    opened = generation.open_current(one.data)
    answerer = Answerer(opened, models, ServiceSettings(), reader=reader)
    asked: list[Case] = [case for case in cases.load(one.questions) if one.takes(case)]
    if one.off_topic:
        asked = [replace(case, answerable=False, gold=(), accepted=()) for case in asked]
    return [*fitting.gather(asked, answerer, lambda _done, _total: None)]


def fit(samples: Iterable[Samples], risk: float = RISK) -> Weights:
    """The weights fitted over all ``samples``; threshold and risks are those of collections that
    the weights which judged them had not seen. The threshold is that of ``risk``, or of the least
    that can be."""
    known = [one for one in samples if one.fitted]
    unseen = []
    for one in known:
        others = [two for two in known if two is not one] or known  # one alone knows no other
        if any(each.answerable for each in one.fitted):
            unseen.append((one.fitted, fitting.confidences(_bare(others), one.fitted)))
    return fitting.at_risk(_bare(known), fitting.risks(unseen), risk)


def _bare(samples: Iterable[Samples]) -> Weights:
    return fitting.fit([one.fitted for one in samples])


def left_out(samples: Sequence[Samples], risk: float = RISK) -> list[tuple[str, Worth]]:
    """Of each collection that is measured what the confidence is worth that has not seen it."""
    return [
        (one.name, _worth(one, fit([two for two in samples if two is not one], risk)))
        for one in samples
        if one.measured
    ]


def nothing_left_out(samples: Sequence[Samples], risk: float = RISK) -> list[tuple[str, Worth]]:
    """The same of weights that were fitted to all."""
    weights = fit(samples, risk)
    return [(one.name, _worth(one, weights)) for one in samples if one.measured]


def _worth(one: Samples, weights: Weights) -> Worth:
    told = fitting.confidences(weights, one.measured)
    return fitting.worth(one.measured, told, weights.threshold)


def table(rows: Sequence[tuple[str, Worth]]) -> str:
    """``rows`` as Markdown."""
    head = (
        "collection",
        "questions",
        "right",
        "declined",
        "wrongly answered",
        "wrong",
        "AUROC",
        "ECE",
    )
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for name, one in rows:
        figures = (one.right, one.declined, one.wrongly_answered, one.wrong, one.auroc, one.ece)
        lines.append(
            f"| {name} | {one.questions} | "
            + " | ".join(f"{figure:.3f}" for figure in figures)
            + " |"
        )
    return "\n".join(lines)


def main() -> None:
    """Read the command line, ask, fit, print."""
    parser = argparse.ArgumentParser(
        prog="python -m training.confidence",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--work", type=Path, required=True, help="what is asked is kept here")
    sets.add_arguments(parser)
    parser.add_argument("--risk", type=float, default=RISK, help=f"default: {RISK}")
    parser.add_argument("--write", action="store_true", help=f"write {confidence.WEIGHTS.name}")
    given = parser.parse_args()
    samples = gather(sets.prepared(given), given.work)
    weights = fit(samples, given.risk)
    print("Left out of the fit:\n")
    print(table(left_out(samples, given.risk)))
    print("\nNothing left out:\n")
    print(table(nothing_left_out(samples, given.risk)))
    print("\n| at most so many answers wrong | threshold | unanswerable answered |\n|---|---|---|")
    for one in weights.risks:
        print(f"| {one.share:g} | {one.threshold:.3f} | {one.answered:.3f} |")
    print(f"\nthreshold {weights.threshold:.3f}")
    for name, weight in zip(confidence.NAMES, np.round(weights.weight, 3), strict=True):
        print(f"{name}: {weight}")
    if given.write:
        confidence.write(confidence.WEIGHTS, weights)


if __name__ == "__main__":
    main()
