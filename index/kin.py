"""Documents that go by one symbol: a revision, a correction, a copy that was issued again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from index import domains
from index.database import DocumentEntry


def told(documents: Sequence[DocumentEntry]) -> Iterator[tuple[DocumentEntry, str]]:
    """Each document whose symbol another has too, but for the mark of a revision, with what to
    know of it."""
    families: defaultdict[tuple[str, str], list[DocumentEntry]] = defaultdict(list)
    for one in documents:
        if key := _family(one):
            families[one.domain, key].append(one)
    for members in families.values():
        for one in members:
            if others := [f"{two.symbol} ({two.source})" for two in members if two != one]:
                yield one, f"is {one.symbol}; of one symbol with {', '.join(others)}"


def _family(document: DocumentEntry) -> str:
    """Key of the first of the documents that its symbol counts; "" where it has none."""
    domain = domains.named(document.domain)
    found = domain.identifiers(document.symbol)
    return domain.family(found[0].key) if found else ""
