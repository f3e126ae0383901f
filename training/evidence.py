"""Fits the relevance of evidence (qa/data/evidence.json) to the half ``tune`` of a question set.

usage: python -m training.evidence SET --data INDEX [--write]

The threshold is the highest at which, of questions that the fit did not see, the aimed share of
what is wanted is found; each question counts alike. The half ``test`` is reported.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from eval import cases
from eval import evidence as measured
from eval.evidence import Labelled
from index import encoder, generation
from index.config import IndexSettings
from qa.answer import evidence
from qa.answer.evidence import NAMES, Relevance
from qa.pipeline import Answerer
from qa.records import Question
from qa.settings import ServiceSettings

RECALL = 0.9
_THRESHOLDS = [float(one) for one in np.geomspace(0.005, 0.5, 200).round(4)]


def main() -> None:
    """Read the command line, fit, report."""
    parser = argparse.ArgumentParser(prog="python -m training.evidence", description=__doc__)
    parser.add_argument("set", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="the index of its documents")
    parser.add_argument("--write", action="store_true", help=f"write {evidence.WEIGHTS.name}")
    given = parser.parse_args()
    answerer = Answerer(
        generation.open_current(given.data),
        encoder.load(IndexSettings(data=given.data)),
        ServiceSettings(),
    )
    tune, test = (_labelled(given.set, half, answerer) for half in ("tune", "test"))
    unseen = [_judged(one, fit([two for two in tune if two is not one])) for one in tune]
    threshold = max(
        (one for one in _THRESHOLDS if _figures(unseen, one)[0] >= RECALL),
        default=_THRESHOLDS[0],
    )
    model = fit(tune, threshold)
    print("recall / precision at", threshold)
    print("tune, unseen: {:.3f} / {:.3f}".format(*_figures(unseen, threshold)))
    told = [_judged(one, model) for one in test]
    print("test: {:.3f} / {:.3f}".format(*_figures(told, threshold)))
    if given.write:
        weights = dict(zip(NAMES, (round(one, 4) for one in model.weight), strict=True))
        content = {"bias": round(model.bias, 4), "threshold": threshold, "weights": weights}
        evidence.WEIGHTS.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def fit(questions: Sequence[list[Labelled]], threshold: float = 0.5) -> Relevance:
    """A model fitted to all ``questions``, each counting alike."""
    rows, wanted, weights = [], [], []
    for question in questions:
        known = [one for one in question if one.wanted is not None]
        rows += [astuple(one.sentence.bearing) for one in known]
        wanted += [bool(one.wanted) for one in known]
        weights += [1 / len(known)] * len(known)
    scale = len(rows) / sum(weights)
    model = LogisticRegression(C=10, max_iter=5000)
    model.fit(np.array(rows), np.array(wanted), sample_weight=np.array(weights) * scale)
    return Relevance(float(model.intercept_[0]), tuple(map(float, model.coef_[0])), threshold)


def _labelled(path: Path, half: str, answerer: Answerer) -> list[list[Labelled]]:
    asked = [one for one in cases.load(path) if one.half == half]
    database = answerer.generation.database
    return [
        measured.label(one, answerer.bearing(Question(one.question))[1], database) for one in asked
    ]


def _judged(question: list[Labelled], model: Relevance) -> list[tuple[float, Labelled]]:
    return [(model.of(one.sentence.bearing), one) for one in question]


def _figures(
    questions: Sequence[list[tuple[float, Labelled]]], threshold: float
) -> tuple[float, float]:
    """Mean recall, of what can be reached, and mean precision."""
    recalls, precisions = [], []
    for question in questions:
        kept = [one for value, one in question if value >= threshold]
        all_groups = frozenset[int]().union(*(one.groups for _, one in question))
        met = frozenset[int]().union(*(one.groups for one in kept))
        told = [one.wanted for one in kept if one.wanted is not None]
        recalls.append(len(met) / len(all_groups) if all_groups else 1.0)
        precisions.append(sum(told) / len(told) if told else 1.0)
    return float(np.mean(recalls)), float(np.mean(precisions))


if __name__ == "__main__":
    main()
