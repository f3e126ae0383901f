"""What a reader should know before quoting an answer: that it is not sure, and what of the
question the quotes leave out. An answer that needs no such word has none."""

from __future__ import annotations

from collections.abc import Sequence

from index.generation import Generation
from index.records import SentenceFlag
from qa import kinds, names
from qa.quotes import Quote
from qa.records import Interpretation

SURE = 0.7
"""Confidence from which an answer is given without reserve."""
_MOST_NAMES = 3
_TOLD: tuple[kinds.Kind, ...] = ("date", "number", "resolution")
"""A name that opens a sentence looks like any word, so that none is there cannot be told."""
_NEAREST = "These sentences come nearest; they may not answer the question."


def of(
    interpretation: Interpretation,
    quotes: Sequence[Quote],
    confidence: float,
    generation: Generation,
) -> tuple[str, ...]:
    """What to tell with ``quotes``, given at ``confidence`` as the answer: the most general
    first."""
    found = [_NEAREST] if confidence < SURE else []
    passages = [one.sentence.passage for one in quotes]
    said = "\n".join(
        part for one in passages for part in (one.document.title, *one.section, one.text)
    )
    asked = names.telling(interpretation.text, generation)
    if absent := names.unmentioned(asked, said, generation.catalogue):
        told = " or ".join(names.whole(interpretation.text, absent)[:_MOST_NAMES])
        found.append(f"The passages quoted do not name {told}.")
    if any(_goes_on(one, generation) for one in quotes):
        found.append("A list that is quoted goes on in the document.")
    if (kind := kinds.lacking(interpretation, quotes)) in _TOLD:
        found.append(f"The question asks for a {kind}, and the quotes give none.")
    return tuple(found)


def _goes_on(quote: Quote, generation: Generation) -> bool:
    """Whether ``quote`` is a list that its passage cuts: the next begins with a further item."""
    last = quote.run[-1]
    row, whole = last.passage.row, len(generation.tokens.sentences(last.passage.row))
    listed = len(quote.run) > 1 and last.flags & SentenceFlag.ITEM
    if not listed or last.number + 1 < whole or row + 1 >= generation.manifest.counts["passages"]:
        return False
    (following,) = generation.catalogue.passages([row + 1])
    if following.document.id != last.passage.document.id:
        return False
    if following.section != last.passage.section:
        return False
    # Of a passage that has no sentence there is nothing to go on with.
    first = [int(one[2]) for one in generation.tokens.sentences(row + 1)[:1]]
    return any(SentenceFlag(one) & SentenceFlag.ITEM for one in first)
