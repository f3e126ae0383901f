"""How sure the service is that its quotes answer the question: the one place that decides it.

The confidence is a logistic model of signals that ranking, choosing and reading have already
computed. Its weights come with the project (``data/confidence.json``), fitted over many collections
(``training/confidence.py``; docs/answers.md), or from the collection's own questions (``attest eval
fit``).
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np

from index import files, language, lexical
from index.generation import Generation
from qa.answer import answer_type, rows
from qa.answer.quotes import Quote
from qa.answer.readability import unread
from qa.answer.selection import Choice, Rival
from qa.question import absence, designators, entities, phrases
from qa.question.words import content_words
from qa.ranking.matching import matched
from qa.ranking.retrieve import Ranking
from qa.records import Interpretation
from qa.tuning import ConfidenceTuning

log = logging.getLogger("attest")
WEIGHTS = Path(__file__).parent.parent / "data" / "confidence.json"
OWN = "confidence.json"
"""In the folder of a collection: what was fitted to it."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for or against the quotes, each about -1 to 1 (the logit: -11 to 11)."""

    passage: float
    """Weighted MaxSim of the best quote's passage."""
    margin: float
    """By how much the best sentence leads the next."""
    standing: float
    """How far the best quote's passage is behind the first one; 0 if it is the first."""
    lead: float
    """By how much the first passage leads the second; 0 if there is none."""
    kind: float
    """1 where the question asks for a number, a date, a name or a resolution and the quotes give
    none."""
    names: float
    """Share of the question's names that the best quote's document never mentions."""
    logit: float
    """What the reader made of the best quote; 0 where there is none."""


NAMES = tuple(one.name for one in fields(Signals))


@dataclass(frozen=True, slots=True)
class Risk:
    """A point of the curve that the threshold moves along."""

    share: float
    """Of the answers given, at most so many are wrong."""
    threshold: float
    """At this confidence."""
    answered: float
    """Share of the unanswerable questions that are answered there."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model: the signals, standardised by ``mean`` and ``scale``, each weighed."""

    bias: float
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weight: tuple[float, ...]
    threshold: float
    """Confidence under which a question is declined, unless the settings say otherwise."""
    risks: tuple[Risk, ...] = ()
    """By rising share; measured over collections that the weights were not fitted to."""

    @property
    def digest(self) -> str:
        """What a run is told by that was made with them."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    def logit(self, found: Signals) -> float:
        """The log odds that the quotes answer the question."""
        z = self.bias
        for value, mean, scale, weight in zip(
            astuple(found), self.mean, self.scale, self.weight, strict=True
        ):
            z += weight * (value - mean) / scale
        return z

    def confidence(self, found: Signals) -> float:
        """Probability that the quotes answer the question."""
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, self.logit(found)))))

    def at_risk(self, share: float) -> float:
        """The threshold at which no larger ``share`` of the answers is wrong, between two points
        of the curve by interpolation. Raises ``ValueError`` where no threshold promises that."""
        shares = [one.share for one in self.risks]
        if not shares or share < shares[0]:
            least = f"; the least that can be is {shares[0]:g}" if shares else ""
            raise ValueError(f"no confidence keeps the wrong answers to {share:g} of all{least}")
        return float(np.interp(share, shares, [one.threshold for one in self.risks]))


@cache
def fitted() -> Weights:
    """The weights that come with the project."""
    return read(WEIGHTS)


def read(path: Path) -> Weights:
    """The weights in a file. A signal for which none has been fitted yet counts nothing.

    Raises ``OSError``, or ``ValueError`` for a file that ``write`` did not write.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        none = {"mean": 0.0, "scale": 1.0, "weight": 0.0}
        signals = [data["signals"].get(name, none) for name in NAMES]
        return Weights(
            bias=float(data["bias"]),
            mean=tuple(float(one["mean"]) for one in signals),
            scale=tuple(float(one["scale"]) for one in signals),
            weight=tuple(float(one["weight"]) for one in signals),
            threshold=float(data["threshold"]),
            risks=tuple(Risk(**one) for one in data.get("risks", [])),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path.name} holds no weights of a confidence ({error!r})") from error


def of_collection(data: Path) -> Weights:
    """The weights that ``attest eval fit`` fitted to the collection in ``data``; those that come
    with the project where it did not, or where they were fitted beside others."""
    path = data / OWN
    try:
        if json.loads(path.read_text(encoding="utf-8")).get("beside") == fitted().digest:
            return read(path)
        log.warning("%s was fitted with another version; 'attest eval fit' renews it", OWN)
    except FileNotFoundError:
        pass
    except (OSError, ValueError, AttributeError) as error:
        log.warning("%s cannot be read (%s); 'attest eval fit' writes it again", OWN, error)
    return fitted()


def write(path: Path, weights: Weights, **more: str) -> None:
    """Write ``weights`` and what ``more`` there is to say of them to ``path``, whole or not at
    all."""
    signals = {
        name: {"mean": round(mean, 5), "scale": round(scale, 5), "weight": round(weight, 4)}
        for name, mean, scale, weight in zip(
            NAMES, weights.mean, weights.scale, weights.weight, strict=True
        )
    }
    content = {
        **more,
        "bias": round(weights.bias, 4),
        "threshold": round(weights.threshold, 4),
        "signals": signals,
        "risks": [asdict(one) for one in weights.risks],
    }
    files.write_whole(path, (json.dumps(content, indent=1) + "\n").encode(), durable=True)


def is_looked_up(interpretation: Interpretation, best: Quote) -> bool:
    """Whether nothing is asked but what an identifier is about ("what does resolution 2462
    cover"), and ``best`` is of the document that it names, or opens with it; or nothing but where
    quoted words are, and ``best`` has them."""
    if interpretation.phrases:
        known = language.of(interpretation.language)
        quoted = {word for one in interpretation.phrases for word in content_words(one, known)}
        only = quoted.issuperset(interpretation.terms)
        return only and phrases.held_by(interpretation.phrases)(best.text)
    if best.document in interpretation.whole:
        return True
    asked = interpretation.identifiers
    if len(asked) != 1 or interpretation.terms:
        return False
    return asked[0] in best.sentence.subjects


def is_of_another(interpretation: Interpretation, best: Quote, generation: Generation) -> bool:
    """Whether the question is after a document by a number that is no identifier, and the document
    of ``best`` nowhere has it: what "statement 2015/14" says is not what 2015/15 does."""
    asked = [one for one in interpretation.slashed if one in interpretation.own]
    passage = best.sentence.passage
    if not asked or any(designators.has(passage.headed, one) for one in asked):
        return False
    text = generation.database.text(best.document) or ""
    return not any(designators.has(text, one) for one in asked)


def _is_beside(
    interpretation: Interpretation, best: Quote, generation: Generation, tuning: ConfidenceTuning
) -> bool:
    """Whether ``best`` has no word of the question, and is a mere fragment, such as an item of a
    list, or is there for the identifier alone: it says neither yes nor no."""
    fragment = len(best.text.split()) < tuning.fragment_words
    if not fragment and not (best.sentence.answers_for and interpretation.terms):
        return False
    (held,) = matched(interpretation.terms, [best.reading], generation)
    return not held


def _prescribes(interpretation: Interpretation, choice: Choice) -> bool:
    """Whether a quote says what somebody should do; of a language without such words, always."""
    prescribes = language.of(interpretation.language).patterns.prescribes
    if prescribes is language.NEUTRAL.patterns.prescribes:
        return True
    return any(prescribes.search(one.text) for one in choice.quotes)


@dataclass(frozen=True, slots=True)
class Decision:
    """How sure the service is of what it would quote."""

    confidence: float
    signals: Signals
    unread: str
    """Why the models cannot judge, where they cannot."""


def decide(
    interpretation: Interpretation,
    ranking: Ranking,
    choice: Choice,
    rivals: Sequence[Rival],
    generation: Generation,
    weights: Weights,
    tuning: ConfidenceTuning,
) -> Decision:
    """The confidence in what ``choice`` quotes: the fitted model's, raised where it was looked
    up, and bounded where the question names what is nowhere or cannot be read."""
    found = signals(interpretation, ranking, choice, generation, rivals)
    confidence = weights.confidence(found)
    if is_looked_up(interpretation, choice.best):
        confidence = max(confidence, tuning.looked_up)
    elsewhere = is_of_another(interpretation, choice.best, generation) or rows.is_other(
        interpretation, choice.best, generation.database
    )
    if interpretation.lost_names or elsewhere:
        confidence = min(confidence, tuning.nameless)
    if interpretation.asks_whether and _is_beside(interpretation, choice.best, generation, tuning):
        confidence = min(confidence, tuning.beside)
    if interpretation.asks_should and not _prescribes(interpretation, choice):
        confidence = min(confidence, tuning.beside)
    why = unread(interpretation, choice.best.sentence.passage, choice.best.text)
    if why:
        confidence = min(confidence, tuning.unread)
    return Decision(confidence, found, why)


def signals(
    interpretation: Interpretation,
    ranking: Ranking,
    choice: Choice,
    generation: Generation,
    rivals: Sequence[Rival] = (),
) -> Signals:
    """Gather the signals for what ``choice`` quotes, at least one sentence. Its ``rivals`` answer
    as well, and so the best does not have to lead them."""
    best, scores = choice.best, ranking.scores
    beside = {one.quote.sentence.key for one in rivals}
    others = [one.score for one in choice.others if one.sentence.key not in beside]
    domains = generation.database.domains
    place = ranking.rows.index(best.sentence.passage.row)
    return Signals(
        passage=float(ranking.scored.passages[ranking.position(best.sentence.passage.row)]),
        margin=best.score - max(others, default=0.0),
        standing=float(scores[place] - scores[0]),
        lead=float(scores[0] - scores[1]) if len(scores) > 1 else 0.0,
        kind=float(answer_type.lacking(interpretation, choice.quotes, domains) is not None),
        names=_unmentioned(interpretation, best, generation),
        logit=best.logit or 0.0,
    )


def _unmentioned(interpretation: Interpretation, best: Quote, generation: Generation) -> float:
    """Share of the question's names that the document of ``best`` never mentions; 0 for a question
    without names."""
    if not (asked := interpretation.names):
        return 0.0
    passage, database = best.sentence.passage, generation.database
    absent = entities.unmentioned(asked, lexical.readable(passage.headed), database)
    if absent:
        # The whole text as it is: to fold it would take longer than all the rest.
        absent = entities.unmentioned(absent, database.text(best.document) or "", database)
        absent = [one for one in absent if best.document not in absence.holding(one, generation)]
    return len(absent) / len(asked)
