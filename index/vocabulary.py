"""The words of a collection: what it writes how often, for reading what people mistype."""

from __future__ import annotations

import collections
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Set

from index import folding, packaged, rendering

_WORD = re.compile(r"[^\W\d_\u00b2\u00b3\u00b9\u2070-\u209c]{3,40}")
"""Runs of letters. What holds digits is an identifier or a number, and never a slip."""


def words_of(text: str) -> Iterator[str]:
    """The words of ``text``, as a reader sees them."""
    text = rendering.rendered(text)
    if folding.has_breaks(text) or not text.isascii():
        known = folding.own_hyphen(packaged.common_words())
        text = folding.without_breaks(folding.visible(text), known).text
    yield from _WORD.findall(text)


class Counter:
    """Counts in how many passages each word stands."""

    def __init__(self) -> None:
        self._passages: collections.Counter[str] = collections.Counter()
        self._forms: dict[str, collections.Counter[str]] = {}

    def add(self, text: str) -> None:
        """Count the words of one passage."""
        forms = set(words_of(text))
        self._passages.update({word.casefold() for word in forms})
        for word in forms:
            self._forms.setdefault(word.casefold(), collections.Counter())[word] += 1

    @property
    def words(self) -> Set[str]:
        """The words that were counted, folded."""
        return self._passages.keys()

    def passages(self, word: str) -> int:
        """In how many passages a folded word stands, in any form."""
        return self._passages[word]

    def forms(self, word: str) -> Mapping[str, int]:
        """In how many passages each form of a folded word stands."""
        return self._forms.get(word, {})


def shown(forms: Mapping[str, int]) -> str:
    """The form that a word mostly has, by how many passages have each."""
    return max(forms.items(), key=lambda one: (one[1], one[0]))[0]


class Vocabulary:
    """The words that a collection has. Thread-safe: it is only read."""

    def __init__(self, words: Mapping[str, tuple[str, int]]) -> None:
        self._words = words
        self.listed = [*words]
        """Folded, in order."""

    def __contains__(self, word: str) -> bool:
        return word.casefold() in self._words

    def __len__(self) -> int:
        return len(self._words)

    def starting(self, letters: str) -> list[str]:
        """The words, folded, that begin with ``letters``."""
        first = bisect_left(self.listed, letters)
        return self.listed[first : bisect_left(self.listed, f"{letters}\U0010ffff", first)]

    def passages(self, word: str) -> int:
        """In how many passages a word stands."""
        return self._words.get(word.casefold(), ("", 0))[1]

    def shown(self, word: str) -> str:
        """A word as the collection mostly writes it: INTERPOL, Microsoft, counter."""
        return self._words[word.casefold()][0]
