"""The domains that Attest knows, and how a document and a question find theirs.

To add one, write a module with a ``Domain`` and name it in ``REGISTERED``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from index import folding
from index.domains.domain import Domain
from index.domains.plain import PLAIN
from index.domains.un import UN
from index.errors import InvalidSetting
from index.records import Mention

__all__ = ["AUTO", "PLAIN", "REGISTERED", "UN", "Domain", "Domains", "chooser", "named"]

AUTO = "auto"
REGISTERED = {one.name: one for one in (UN, PLAIN)}
"""By name. What shows no marks of the others is ``PLAIN``."""
_SAMPLE = 200_000
"""Characters of a document in which marks are counted."""


def named(name: str) -> Domain:
    """The domain that a generation recorded as ``name``; ``PLAIN`` where it is known no more."""
    return REGISTERED.get(name, PLAIN)


def chooser(setting: str) -> Callable[[str], Domain]:
    """Says of a text which domain it is read by: that named by ``setting`` (``ATTEST_DOMAIN``), or
    by ``AUTO`` the one that it shows most marks of. Raises ``InvalidSetting``."""
    if setting == AUTO:
        return _recognised
    if setting not in REGISTERED:
        known = ", ".join(sorted(REGISTERED))
        raise InvalidSetting(f"ATTEST_DOMAIN cannot be {setting!r}: name {AUTO} or one of {known}")
    return lambda _text: REGISTERED[setting]


def _recognised(text: str) -> Domain:
    sample = folding.visible(text[:_SAMPLE]).text
    marks = {one.name: one.marks(sample) for one in REGISTERED.values()}
    best = max(marks, key=lambda name: marks[name])
    return REGISTERED[best] if marks[best] else PLAIN


@dataclass(frozen=True)
class Domains:
    """The domains of a collection's documents: a question is read by all of them together."""

    members: tuple[Domain, ...]

    @classmethod
    def of(cls, names: Iterable[str]) -> Domains:
        """Those with ``names``, in the order in which they are registered."""
        wanted = {named(one).name for one in names}
        return cls(tuple(one for one in REGISTERED.values() if one.name in wanted))

    def find(self, text: str) -> list[Mention]:
        """Every identifier in ``text``, in order, without overlaps."""
        return self._merged(one.identifiers(text) for one in self._identifying)

    def bare_numbers(self, text: str) -> list[Mention]:
        """Numbers in ``text`` that may be identifiers, outside those that ``find`` sees."""
        taken = self.find(text) if len(self._identifying) > 1 else []
        found = self._merged(one.bare_numbers(text) for one in self._identifying)
        return [
            one for one in found if not any(other.start <= one.start < other.end for other in taken)
        ]

    def label(self, key: str, year: int | None = None) -> str:
        """How a text would call an identifier: "resolution 2462 (2019)" for ``S/RES/2462``."""
        found = (one.label(key, year) for one in self._identifying)
        return next(filter(None, found), key)

    def family(self, key: str) -> str:
        """The key of the document that one with ``key`` revises or corrects; of any other its
        own."""
        found = (one.family(key) for one in self._identifying)
        return next((one for one in found if one != key), key)

    def asked_kind(self, question: str) -> str:
        """What kind of document ``question`` asks to be named, as people call it; "" for none."""
        asked = (one.kind for one in self._identifying if one.asks_identifier.search(question))
        return next(asked, "")

    def tells_kind(self, text: str) -> bool:
        """Whether ``text`` has a word that may stand for a document with an identifier."""
        return any(one.kinds.search(text) for one in self._identifying)

    def parts(self, question: str) -> list[str]:
        """Parts of identified documents that ``question`` names: "66/12 B"."""
        found = (one.parts.finditer(question) for one in self._identifying)
        return [match.group() for matches in found for match in matches]

    @cached_property
    def _identifying(self) -> tuple[Domain, ...]:
        return tuple(one for one in self.members if one is not PLAIN)

    def _merged(self, each: Iterable[list[Mention]]) -> list[Mention]:
        """The mentions of all domains, of two that overlap the one that starts first or is
        longer."""
        lists = [one for one in each if one]
        if len(lists) < 2:
            return lists[0] if lists else []
        found: list[Mention] = []
        for one in sorted(chain(*lists), key=lambda one: (one.start, -one.end)):
            if not found or one.start >= found[-1].end:
                found.append(one)
        return found
