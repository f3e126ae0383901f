"""Which documents have some words in their titles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable


class Titles:
    """The titles of a collection, by their terms."""

    def __init__(self, titles: Iterable[tuple[str, frozenset[str]]]) -> None:
        """``titles`` are pairs of a document's id and the terms of its title that carry content."""
        self._terms = dict(titles)
        self._having: defaultdict[str, set[str]] = defaultdict(set)
        for id, terms in self._terms.items():
            for term in terms:
                self._having[term].add(id)

    def having(self, terms: Iterable[str]) -> frozenset[str]:
        """Ids of the documents in whose titles all ``terms`` stand; of none, none."""
        found = [frozenset(self._having.get(term, ())) for term in terms]
        return frozenset.intersection(*found) if found else frozenset()

    def terms(self, id: str) -> frozenset[str]:
        """The terms of a document's title that carry content."""
        return self._terms[id]
