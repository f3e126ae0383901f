"""Fits the confidence to questions with known answers, and says what it is worth on others.

A logistic model of the signals (``qa.answer.confidence``). Every set counts alike, however many
questions it has, so that no collection's habits outweigh another's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from eval import abstention, gold, metrics
from eval.errors import FEWEST, TooFewQuestions
from eval.gold import Indexed
from eval.records import Case, Place, Reply, Result
from qa.answer.confidence import Risk, Signals, Weights
from qa.answer.finding import Finding
from qa.pipeline import Answerer
from qa.records import Question

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
STRENGTH = 0.3
"""Inverse of the penalty on large weights (scikit-learn's C)."""
FOLDS = 5
_NEXT_TO_NOTHING = 0.05
"""Share of questions: who answers no more is useless, however safe."""
RISKS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)


@dataclass(frozen=True, slots=True)
class Sample:
    """A question with the signals of its quotes, and whether these answer it."""

    answerable: bool
    right: bool
    signals: Signals | None
    """None where nothing was guessed: what was looked up, and what is not there."""
    least: float = 0.0
    most: float = 1.0
    """Bounds that the pipeline sets to the confidence, whatever the signals."""

    def told(self, weights: Weights) -> float:
        """The confidence that ``weights`` give."""
        found = 0.0 if self.signals is None else weights.confidence(self.signals)
        return min(max(found, self.least), self.most)


@dataclass(frozen=True, slots=True)
class Worth:
    """What a confidence is worth over some questions, in shares."""

    questions: int
    auroc: float
    """Of answerable against not."""
    ece: float
    right: float
    """Of the answerable: answered, and rightly."""
    declined: float
    """Of the answerable."""
    wrongly_answered: float
    """Of the others."""
    wrong: float
    """Of the answers given."""


def gather(
    cases: Sequence[Case], answerer: Answerer, progress: Callable[[int, int], None]
) -> Iterator[Sample]:
    """A sample of every question that asks one thing. ``progress`` is called with how many are
    asked, of how many."""
    documents = Indexed(answerer.generation.database)
    for number, case in enumerate(cases, start=1):
        found = answerer.find(Question(case.question, case.history, 5, case.documents))
        progress(number, len(cases))
        if len(found) == 1:
            yield _sample(case, found[0], answerer.weights, documents)


def _sample(case: Case, found: Finding, weights: Weights, documents: Indexed) -> Sample:
    cited = [
        Place(one.passage.document.id, one.start, one.end, one.text)
        for one in found.citations
        if not one.repeats
    ]
    result = Result(case, gold.find(case, documents), Reply(False, 0.0))
    right = case.answerable and bool(cited) and metrics.answers(cited, result)
    least, most = found.confidence, found.confidence
    if found.signals is not None:
        guessed = weights.confidence(found.signals)
        least = found.confidence if found.confidence > guessed else 0.0
        most = found.confidence if found.confidence < guessed else 1.0
    return Sample(case.answerable, right, found.signals, least, most)


def fit(sets: Sequence[Sequence[Sample]]) -> Weights:
    """The model that tells right quotes from others over all ``sets``, each counting alike; with
    neither a threshold nor risks."""
    guessed = [[one for one in each if one.signals is not None] for each in sets]
    samples = [one for each in guessed for one in each]
    rows = np.array([astuple(one.signals) for one in samples if one.signals is not None])
    right = np.array([one.right for one in samples])
    weight = np.concatenate([np.full(len(each), 1 / len(each)) for each in guessed if each])
    weight *= len(weight) / weight.sum()
    mean = np.average(rows, axis=0, weights=weight)
    scale = np.sqrt(np.average((rows - mean) ** 2, axis=0, weights=weight))
    scale[scale < 1e-6] = 1.0
    model = LogisticRegression(C=STRENGTH, max_iter=1000)
    model.fit((rows - mean) / scale, right, sample_weight=weight)
    return Weights(
        bias=float(model.intercept_[0]),
        mean=tuple(map(float, mean)),
        scale=tuple(map(float, scale)),
        weight=tuple(map(float, model.coef_[0])),
        threshold=0.0,
    )


def scaled(weights: Weights, samples: Sequence[Sample]) -> Weights:
    """``weights`` with their logit stretched and shifted to ``samples`` (Platt, 1999): it takes few
    questions, and leaves the order of the answers as it is."""
    guessed = [(one.signals, one.right) for one in samples if one.signals is not None]
    logits = np.array([[weights.logit(signals)] for signals, _ in guessed])
    model = LogisticRegression(C=1.0).fit(logits, [right for _, right in guessed])
    slope = max(float(model.coef_[0][0]), 0.05)  # more confidence never means less
    return replace(
        weights,
        bias=slope * weights.bias + float(model.intercept_[0]),
        weight=tuple(slope * one for one in weights.weight),
    )


def risks(sets: Sequence[tuple[Sequence[Sample], Floats]], *also: float) -> tuple[Risk, ...]:
    """For each of ``RISKS``, and those given ``also``, the lowest threshold above which, whatever
    the threshold, no larger share of the answers given is wrong: on average over ``sets``, each of
    samples and their confidences. One wrong answer more than was seen is counted in each set, so
    that few answers promise little. A risk that only next to nothing would keep is left out."""
    grid = np.linspace(0, 1, 201)
    wrong = np.mean([_wrong(samples, told, grid) for samples, told in sets], axis=0)
    answered = np.mean([_answered(samples, told, grid) for samples, told in sets], axis=0)
    given = np.mean([(told[None, :] >= grid[:, None]).mean(axis=1) for _, told in sets], axis=0)
    found = []
    for risk in sorted({*RISKS, *also}):
        above = np.flatnonzero(wrong > risk)
        place = int(above[-1]) + 1 if len(above) else 0
        if place < len(grid) and given[place] >= _NEXT_TO_NOTHING:
            found.append(Risk(risk, float(grid[place]), round(float(answered[place]), 3)))
    return tuple(found)


def at_risk(weights: Weights, curve: tuple[Risk, ...], risk: float) -> Weights:
    """``weights`` with ``curve`` and the threshold of ``risk``; or of the least that can be, which
    for an empty curve is to guess nothing."""
    limited = replace(weights, risks=curve, threshold=1.0)
    if not curve:
        return limited
    return replace(limited, threshold=limited.at_risk(max(risk, curve[0].share)))


def _wrong(samples: Sequence[Sample], told: Floats, grid: Floats) -> Floats:
    """Share of wrong answers among those given at each threshold of ``grid``, one more counted."""
    right = np.array([one.right for one in samples])
    given = told[None, :] >= grid[:, None]
    shares: Floats = ((given & ~right).sum(axis=1) + 1) / (given.sum(axis=1) + 1)
    # There, the one that is counted is all there is, and says nothing.
    shares[given.mean(axis=1) < _NEXT_TO_NOTHING] = 0.0
    return shares


def _answered(samples: Sequence[Sample], told: Floats, grid: Floats) -> Floats:
    """Share of the unanswerable questions that are answered at each threshold of ``grid``."""
    unanswerable = np.array([not one.answerable for one in samples])
    if not unanswerable.any():
        return np.zeros(len(grid))
    shares: Floats = (told[None, unanswerable] >= grid[:, None]).mean(axis=1)
    return shares


def confidences(weights: Weights, samples: Sequence[Sample]) -> Floats:
    """What ``weights`` make of each sample, (samples,)."""
    return np.array([one.told(weights) for one in samples])


def worth(samples: Sequence[Sample], told: Floats, threshold: float) -> Worth:
    """What confidences are worth, with ``threshold`` to decline by."""
    right = np.array([one.right for one in samples], dtype=bool)
    answerable = np.array([one.answerable for one in samples], dtype=bool)
    given = told >= threshold
    return Worth(
        questions=len(samples),
        auroc=abstention.auroc(told, answerable),
        ece=abstention.calibration_error(told, right),
        right=_mean((given & right)[answerable]),
        declined=_mean(~given[answerable]),
        wrongly_answered=_mean(given[~answerable]),
        wrong=_mean(~right[given]),
    )


@dataclass(frozen=True, slots=True)
class Own:
    """What a collection's own questions make of the confidence."""

    weights: Weights
    before: Worth
    after: Worth
    """Of questions that the weights judged were not fitted to (``FOLDS`` folds)."""
    surprise_before: float
    surprise_after: float
    """The mean negative log-likelihood (nats) of what came of the questions."""

    @property
    def helps(self) -> bool:
        """Whether the new weights foretell better what is right."""
        return self.surprise_after < self.surprise_before


def own(weights: Weights, samples: Sequence[Sample], risk: float | None) -> Own:
    """``weights`` fitted to the ``samples`` of one collection, with the threshold at which no more
    than ``risk`` of the answers is wrong; None: no more than before.

    Raises ``TooFewQuestions``.
    """
    outcomes = np.array([one.right for one in samples])
    guessed = [one.right for one in samples if one.signals is not None]
    right, others = sum(guessed), len(guessed) - sum(guessed)
    if len(guessed) < FEWEST or min(right, others) < FEWEST // 3:
        raise TooFewQuestions(right, others)
    order = np.random.default_rng(0).permutation(len(samples))
    told = np.zeros(len(samples))
    for fold in np.array_split(order, FOLDS):
        held = set(fold.tolist())
        rest = [one for place, one in enumerate(samples) if place not in held]
        model = scaled(weights, rest)
        for place in fold:
            told[place] = samples[place].told(model)
    foretold = confidences(weights, samples)
    before = worth(samples, foretold, weights.threshold)
    allowed = before.wrong if risk is None else risk
    limited = at_risk(scaled(weights, samples), risks([(samples, told)], allowed), allowed)
    return Own(
        weights=limited,
        before=before,
        after=worth(samples, told, limited.threshold),
        surprise_before=_surprise(foretold, outcomes),
        surprise_after=_surprise(told, outcomes),
    )


def _surprise(told: Floats, right: Flags) -> float:
    likely = np.clip(np.where(right, told, 1 - told), 1e-6, 1.0)
    return float(-np.log(likely).mean())


def _mean(flags: Flags) -> float:
    return float(flags.mean()) if len(flags) else math.nan
