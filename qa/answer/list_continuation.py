"""Lists that a passage cuts: what is left of one stands at the beginning of the next passage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from index.generation import Generation
from index.records import SentenceFlag
from qa.answer.quotes import Quote
from qa.ranking.sentences import Candidate


def whole(quotes: list[Quote], generation: Generation, most_characters: int) -> list[Quote]:
    """``quotes``, each list followed by the rest of it, as far as a list may be quoted: a quote
    for each passage that it stands in."""
    found: list[Quote] = []
    for quote in quotes:
        found.append(quote)
        for rest in _rests(quote, generation):
            if rest.end - quote.start > most_characters:
                break
            found.append(rest)
    return found


def is_cut(quotes: Sequence[Quote], generation: Generation) -> bool:
    """Whether a list among ``quotes`` goes on beyond them."""
    rests = (rest for quote in quotes for rest in _rests(quote, generation))
    return any(not any(rest.overlaps(one) for one in quotes) for rest in rests)


def _rests(quote: Quote, generation: Generation) -> Iterator[Quote]:
    """What is left of ``quote`` in the passages after its own; nothing where it is no list."""
    items = SentenceFlag.ITEM | SentenceFlag.OPENS_BLOCK
    listed = sum((one.flags & items) == items for one in quote.run)
    introduced = bool(quote.run[0].flags & SentenceFlag.INTRODUCES)
    # One item of a list, in several sentences, is no list.
    if not quote.run[-1].flags & SentenceFlag.ITEM or listed < 2 - introduced:
        return
    last: Candidate | None = quote.run[-1]
    while last is not None:
        run = tuple(_going_on(last, generation))
        if run:
            yield Quote(run[0], run, 0.0)
        last = run[-1] if run else None


def _going_on(last: Candidate, generation: Generation) -> Iterator[Candidate]:
    """The items that the next passage begins with, if ``last`` is the end of its own."""
    row = last.passage.row + 1
    whole_passage = last.number + 1 == len(generation.tokens.sentences(row - 1))
    if not whole_passage or row not in generation.tokens:
        return
    (passage,) = generation.database.passages([row])
    before = last.passage
    if (passage.document.id, passage.section) != (before.document.id, before.section):
        return
    for number, one in enumerate(generation.tokens.spans(row)):
        if not one.flags & SentenceFlag.ITEM or one.flags & SentenceFlag.CUT:
            return
        yield Candidate(
            passage=passage,
            number=number,
            start=one.start,
            end=one.end,
            flags=one.flags,
            score=0.0,
            per_token=np.zeros_like(last.per_token),
            identifiers=frozenset(),
        )
