"""From a question to ranked passages: candidates by vectors, words and identifiers, then MaxSim.

Candidates come from FAISS and BM25, their scores brought to [0, 1] over the candidates and
added; the passages that an identifier leads to are always among them. Exact MaxSim over the
candidates then decides, the fused score helping at a quarter of its weight.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from index.encoder import QueryVectors
from index.generation import Generation
from index.projection import Floats
from index.records import Hit
from index.tokens import TokenScores
from qa.question import phrases
from qa.records import Interpretation
from qa.stages import EVERY_STAGE, Stages
from qa.tuning import RetrievalTuning


@dataclass(frozen=True, eq=False, slots=True)
class Ranking:
    """Passages of one question, best first, with what MaxSim found in them."""

    rows: list[int]
    scores: Floats
    scored: TokenScores
    """In the order of ``candidates``, not of ``rows``."""
    candidates: list[int]
    weights: Floats

    def position(self, row: int) -> int:
        """Where ``row`` stands in ``scored``."""
        return self.candidates.index(row)

    def moved(self, gains: dict[int, float]) -> Ranking:
        """The same passages in the order that they have when those of ``gains`` (by row) score
        so much more."""
        if not gains:
            return self
        scores = self.scores + np.array([gains.get(row, 0.0) for row in self.rows], np.float32)
        order = np.argsort(-scores, kind="stable")
        return replace(self, rows=[self.rows[i] for i in order], scores=scores[order])


@dataclass(frozen=True, slots=True)
class Scope:
    """Where candidates are looked for."""

    count: int
    """So many of each kind."""
    documents: tuple[str, ...] | None = None
    """Ids; None: in all."""


def rank(
    interpretation: Interpretation,
    query: QueryVectors,
    generation: Generation,
    scope: Scope,
    tuning: RetrievalTuning,
    emphasis: Floats | None = None,
    stages: Stages = EVERY_STAGE,
) -> Ranking | None:
    """Rank the best candidates of each kind; None where there is none.

    ``emphasis`` (query tokens,) multiplies the weight of each token of the question.
    """
    count, documents = scope.count, scope.documents
    allowed = generation.database.rows_of(documents) if documents is not None else None
    if allowed is not None and not allowed:
        return None
    words: list[Hit] = []
    dense: list[Hit] = []
    if stages.lexical or interpretation.phrases:
        words = _lexical(interpretation, generation, scope, tuning)
    if stages.dense:
        dense = generation.dense.search(query.dense, count, allowed)
    holding = [hit.row for hit in words]
    if interpretation.phrases and not holding:
        holding = phrases.rows_near(
            interpretation.phrases, documents, generation, count, tuning.heading_boost
        )
    bonus = _bonus(interpretation, generation, allowed, tuning)
    fused = fuse(words, dense)
    rows = list(dict.fromkeys([*sorted(fused, key=lambda row: -fused[row])[:count], *bonus]))
    if interpretation.phrases:
        # What is quoted must occur, so only passages in which it does are candidates.
        kept = set(holding)
        rows = list(dict.fromkeys([*(row for row in rows if row in kept), *holding]))
    if not rows:
        return None
    weights = generation.tokens.weights(query.token_ids)
    if not stages.token_weights:
        weights = np.full_like(weights, 1 / len(weights))
    if emphasis is not None:
        weights = weights * emphasis
        weights /= max(float(weights.sum()), 1e-9)
    scored = generation.tokens.score(query.tokens, weights, rows)
    scores = tuning.fusion_weight * np.array(
        [fused.get(row, 0.0) for row in rows], dtype=np.float32
    )
    if stages.late_interaction:
        scores += _stretch(scored.passages)
    scores += np.array([bonus.get(row, 0.0) for row in rows], dtype=np.float32)
    order = np.argsort(-scores, kind="stable")
    return Ranking([rows[i] for i in order], scores[order], scored, rows, weights)


def fuse(words: list[Hit], dense: list[Hit]) -> dict[int, float]:
    """Half the sum of both rankers' scores, each stretched to [0, 1]; 0 where one is silent."""
    fused: dict[int, float] = {}
    for hits in (words, dense):
        stretched = _stretch(np.array([hit.score for hit in hits], dtype=np.float32))
        for hit, score in zip(hits, stretched, strict=True):
            fused[hit.row] = fused.get(hit.row, 0.0) + float(score) / 2
    return fused


def _stretch(scores: Floats) -> Floats:
    if len(scores) == 0:
        return scores
    low, high = float(scores.min()), float(scores.max())
    if high - low < 1e-9:
        return np.ones_like(scores)
    return (scores - low) / (high - low)


def _lexical(
    interpretation: Interpretation,
    generation: Generation,
    scope: Scope,
    tuning: RetrievalTuning,
) -> list[Hit]:
    lexical = generation.lexical
    stems = lexical.stems(" ".join([interpretation.text, *interpretation.expansions]))
    phrases = [lexical.stems(phrase) for phrase in interpretation.phrases]
    return lexical.search(stems, scope.count, phrases, scope.documents, tuning.heading_boost)


def _bonus(
    interpretation: Interpretation,
    generation: Generation,
    allowed: list[int] | None,
    tuning: RetrievalTuning,
) -> dict[int, float]:
    database, most = generation.database, tuning.identifier_passages
    bonus: dict[int, float] = {}
    for key in interpretation.identifiers:
        own = database.rows_of(database.owning(key))[:most]
        mentioning = database.mentioning(key, most)
        share = 0.0 if own else tuning.identifier_bonus
        for row in mentioning:
            bonus[row] = max(bonus.get(row, 0.0), share)
        for row in own:
            bonus[row] = tuning.identifier_bonus
        if not (own or mentioning):
            for row in database.rows_of(database.mentioned_elsewhere(key))[:most]:
                bonus.setdefault(row, 0.0)
    for row in database.rows_of(interpretation.titled)[:most]:
        bonus.setdefault(row, tuning.titled_bonus)
    if allowed is not None:
        permitted = set(allowed)
        bonus = {row: value for row, value in bonus.items() if row in permitted}
    return bonus
