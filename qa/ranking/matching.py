"""Which words of a question a text has, in whatever form."""

from __future__ import annotations

from collections.abc import Sequence

from index.generation import Generation


def matched(
    terms: Sequence[str], texts: Sequence[str], generation: Generation
) -> list[tuple[str, ...]]:
    """Of each text, the words of ``terms`` that it has."""
    stems_of = generation.lexical.stems
    stems = {term: stems_of(term) for term in terms}
    found = []
    for text in texts:
        present = set(stems_of(text))
        found.append(
            tuple(term for term, parts in stems.items() if parts and present.issuperset(parts))
        )
    return found
