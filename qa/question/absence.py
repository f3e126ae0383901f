"""What the collection lacks, looked up in all of its text before anything says so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile

from index import folding
from index.generation import Generation
from index.language import Language

_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_PLAIN = re.compile(r"\d{4,}")
_MOST_DOCUMENTS = 10_000
_SHARED = 4
"""So many first letters two forms of one word have in common, at least."""


def is_absent(word: str, generation: Generation, known: Language) -> bool:
    """Whether no document has ``word`` in any of its forms: in text, headings or title."""
    lexical, presence = generation.lexical, generation.presence
    stems = lexical.stems(word)
    if other := other_number(word):
        return not any(presence.documents(lexical.stems(one), 1) for one in (word, other))
    if not stems or any(map(presence.frequency, stems)):
        return False
    folded = folding.plain(word).text.casefold()
    listed = generation.database.words.starting(folded[:_SHARED])
    return not any(_is_form(folded, one, known.words.endings) for one in listed)


def other_number(word: str) -> str:
    """The other way to write a number of more than three digits; "" for any other word."""
    if _GROUPED.fullmatch(word):
        return word.replace(",", "")
    return f"{int(word):,}" if _PLAIN.fullmatch(word) and word.isascii() else ""


def other_numbers(words: Iterable[str], generation: Generation) -> list[str]:
    """The other ways to write the numbers among ``words``, those that documents have."""
    others = filter(None, map(other_number, words))
    return [one for one in others if is_said(one, generation)]


def _is_form(word: str, other: str, endings: frozenset[str]) -> bool:
    """Whether two words are forms of one: "Syria" and "Syrian", "attendees" and "attended"."""
    shared = sum(1 for _ in takewhile(lambda two: two[0] == two[1], zip(word, other, strict=False)))
    ends = {one[shared:].removesuffix("s") for one in (word, other)}
    # "apple" and "applied" share four letters, but neither goes on from the other.
    return shared >= _SHARED + ("" not in ends) and ends <= endings | {""}


def is_traced(key: str, generation: Generation) -> bool:
    """Whether the number of the identifier ``key`` stands in a document, in whatever sense."""
    stems = generation.lexical.stems(" ".join(re.findall(r"\d+", key)))
    return bool(generation.presence.documents(stems, 1))


def is_said(words: str, generation: Generation) -> bool:
    """Whether a document has ``words`` one after the other, in some form each."""
    return bool(generation.presence.documents(generation.lexical.stems(words), 1))


def holding(words: str, generation: Generation) -> set[str]:
    """Ids of the documents that have ``words`` one after the other, in some form each."""
    stems = generation.lexical.stems(words)
    numbers = generation.presence.documents(stems, _MOST_DOCUMENTS)
    return {generation.database.numbered(number).id for number in numbers}
