"""What comes nearest where nothing is sure to answer: a few short quotes, which claim nothing."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer import quotes
from qa.answer.quotes import Quote
from qa.records import Citation
from qa.tuning import ClosestTuning


def cite(pool: Sequence[Quote], tuning: ClosestTuning) -> tuple[Citation, ...]:
    """The best of ``pool`` that fit, each with its place; of what the reader has read, where it
    has read any."""
    read = [one for one in pool if one.logit is not None] or pool[:1]
    chosen: list[Quote] = []
    for one in read:
        if len(chosen) == tuning.most_quotes:
            break
        room = tuning.most_characters - sum(len(two.text) for two in chosen)
        if len(one.text) > room or any(one.overlaps(two) or one.echoes(two) for two in chosen):
            continue
        if chosen and one.score < tuning.least_share * chosen[0].score:
            break
        chosen.append(one)
    return quotes.cite(chosen, (), 1)
