"""Has the reader read the best quotes, as many as it takes, and orders them by what it says.

Most questions are answered by one of the first quotes, and the reader says so; only where it
does not are more of them read. What is read costs a forward pass each.
"""

from __future__ import annotations

import math
from dataclasses import replace

from qa.answer.quotes import Quote
from qa.ranking.cross_encoder import Reader, as_read
from qa.tuning import RerankingTuning


def read(
    question: str,
    pool: list[Quote],
    reader: Reader,
    tuning: RerankingTuning,
    thorough: bool = False,
) -> list[Quote]:
    """``pool`` (best first) in its new order; those that were read come first. ``thorough``: more
    than one that answers is wanted, and so as many as may be are read."""
    known: list[Quote] = []
    while len(known) < min(tuning.most, len(pool)):
        best = pool[len(known) : min(len(known) + tuning.at_once, tuning.most)]
        logits = reader.read(question, [as_read(one.sentence.passage, one.reading) for one in best])
        known += [
            replace(one, score=one.score + tuning.logit_weight * logit, logit=logit)
            for one, logit in zip(best, logits, strict=True)
        ]
        if max(logits) >= tuning.enough and not thorough:
            break
    least = tuning.logit_weight * min((one.logit or 0.0 for one in known), default=0.0)
    return [
        *sorted(known, key=lambda one: -one.score),
        *(replace(one, score=one.score + least) for one in pool[len(known) :]),
    ]


def gains(pool: list[Quote], tuning: RerankingTuning) -> dict[int, float]:
    """What its best quote that was read is worth to a passage in the ranking, by row."""
    found: dict[int, float] = {}
    for one in pool:
        if one.logit is not None:
            row, worth = one.sentence.passage.row, tuning.passage_gain / (1 + math.exp(-one.logit))
            found[row] = max(found.get(row, 0.0), worth)
    return found
