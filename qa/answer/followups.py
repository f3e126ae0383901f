"""Keeps a follow-up from being answered with the answer before."""

from __future__ import annotations

from qa.answer.quotes import Quote
from qa.records import Interpretation


def new(reading: Interpretation, pool: list[Quote]) -> list[Quote]:
    """Those of ``pool`` that were not the answer before, or that may tell in passing what is asked
    now; all, where there is no other."""
    if reading.in_passing:
        return pool
    return [one for one in pool if not all(two.said for two in one.run)] or pool
