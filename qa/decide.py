"""Decides whether the quotes answer the question, and if not, says why.

The confidence is a logistic model of signals that ranking has already computed. Its weights
were fitted on the ``tune`` half of questions over public texts (docs/measurements.md says
how), half of which the texts do not answer; until it is calibrated on questions of its own
kind it orders answers better than it predicts how many are right.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from index.generation import Generation
from qa.quotes import Candidate
from qa.records import Interpretation, Refusal
from qa.retrieve import Ranking


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for an answer, each about 0 to 1."""

    sentence: float
    """Weighted MaxSim of the best quoted sentence."""
    passage: float
    """Weighted MaxSim of the best passage."""
    covered: float
    """Share of the question's words of content that the quotes' passages hold, weighted by
    their rarity; 1 for a question without such words."""
    identified: float
    """1 where the quotes speak of an identifier that the question names, else 0."""


BIAS, SENTENCE, PASSAGE, COVERED = -20.4, 13.7, 7.6, 1.0
IDENTIFIED = 2.0
"""Set by hand, not fitted: the public questions name no identifiers. That a quote speaks of
the resolution asked for is looked up, not guessed."""


def signals(
    interpretation: Interpretation,
    ranking: Ranking,
    chosen: list[list[Candidate]],
    generation: Generation,
) -> Signals:
    """Gather the signals for the quotes ``chosen``."""
    quoted = [one for run in chosen for one in run]
    best = max((one.similarity for one in quoted), default=0.0)
    return Signals(
        sentence=best,
        passage=float(ranking.scored.passages.max()),
        covered=_covered(interpretation, chosen, generation),
        identified=float(
            any(one.identifiers & frozenset(interpretation.identifiers) for one in quoted)
        ),
    )


def confidence(found: Signals) -> float:
    """Probability that the quotes answer the question."""
    z = BIAS + SENTENCE * found.sentence + PASSAGE * found.passage
    z += COVERED * found.covered + IDENTIFIED * found.identified
    return 1 / (1 + math.exp(-z))


def _covered(
    interpretation: Interpretation, chosen: list[list[Candidate]], generation: Generation
) -> float:
    lexical = generation.lexical
    texts = [" ".join([run[0].passage.text, *run[0].passage.section]) for run in chosen]
    present = set(lexical.stems(" ".join(texts)))
    passages = generation.manifest.counts["passages"]
    total = held = 0.0
    for term in interpretation.terms:
        for stem in lexical.stems(term):
            weight = math.log((passages + 1) / (lexical.frequency(stem) + 0.5))
            total += weight
            held += weight if stem in present else 0.0
    return held / total if total > 0 else 1.0


def unknown_identifiers(interpretation: Interpretation) -> Refusal | None:
    """A refusal where the question is about identifiers that the collection lacks, all of them."""
    lacking = interpretation.unknown_identifiers
    if not lacking or interpretation.identifiers:
        return None
    named = " or ".join(lacking)
    return Refusal(
        "unknown_identifier",
        f"The documents of this collection do not mention {named}. "
        "The nearest passages are shown, but they are about something else.",
        unknown_identifiers=lacking,
        missing_terms=interpretation.missing_terms,
    )


def nothing_found(interpretation: Interpretation) -> Refusal:
    """A refusal where no passage is a candidate at all."""
    if interpretation.phrases:
        quoted = ", ".join(f"“{phrase}”" for phrase in interpretation.phrases)
        return Refusal(
            "phrase_not_found",
            f"No passage holds the quoted words {quoted} as they stand. "
            "Ask without the quotation marks to search for their meaning.",
            missing_terms=interpretation.missing_terms,
        )
    return Refusal(
        "nothing_found",
        "No passage of the chosen documents has anything to do with the question.",
        missing_terms=interpretation.missing_terms,
    )


def not_confident(interpretation: Interpretation) -> Refusal:
    """A refusal where the best quotes probably do not answer the question."""
    missing = interpretation.missing_terms
    if missing:
        words = ", ".join(f"“{word}”" for word in missing)
        return Refusal(
            "missing_terms",
            f"The documents never use {words}, so they probably do not answer this. "
            "The nearest passages are shown.",
            missing_terms=missing,
        )
    return Refusal(
        "low_confidence",
        "The documents speak of this, but no sentence of theirs clearly answers the question. "
        "The nearest passages are shown.",
    )
