"""Finds the gold of a question set in a collection, and says what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from eval.errors import GoldNotFound
from eval.metrics import holds
from eval.records import Case, Gold, Place, Span
from index.database import Database

_BETWEEN = frozenset("-\u2010\u2011\u00ad|")


class Collection(Protocol):
    """The documents that questions are asked of."""

    def text(self, document: str) -> tuple[str, str] | None:
        """Id and canonical text of a document named by its id or the SHA-256 of its text;
        None where there is none."""
        ...


class Indexed:
    """The documents of an index, without the models that searching it needs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def text(self, document: str) -> tuple[str, str] | None:
        """Id and text of a document, named by its id or its hash."""
        id = self._database.id_of(document)
        text = self._database.text(id) if id is not None else None
        return (id, text) if id is not None and text is not None else None


def find(case: Case, collection: Collection) -> tuple[tuple[Gold, ...], ...]:
    """Where the gold of ``case`` stands, group by group.

    A document that is sought as a whole and is not there is ``absent``. Raises ``GoldNotFound`` for
    a group with a quote of which nothing stands anywhere.
    """
    groups = []
    for group in case.gold:
        places = tuple(gold for span in group for gold in _places(span, collection))
        if not places and all(span.quote is None for span in group):
            places = tuple(
                Gold(Place(span.document, 0, 0), whole=True, grade=span.grade, absent=True)
                for span in group
            )
        if not places:
            named = " or ".join(_described(span) for span in group)
            raise GoldNotFound(
                f"question {case.id}: the collection does not hold {named}; is it the one that "
                "the questions are about? 'attest eval check' lists all that is not found"
            )
        groups.append(places)
    return tuple(groups)


def find_all(
    cases: Sequence[Case], collection: Collection
) -> dict[str, tuple[tuple[Gold, ...], ...]]:
    """The gold of each case, by its id. Raises ``GoldNotFound``, too where nothing at all of it is
    in the collection."""
    found = {one.id: find(one, collection) for one in cases}
    golds = [gold for groups in found.values() for group in groups for gold in group]
    if golds and all(one.absent for one in golds):
        raise GoldNotFound(
            f"the collection holds none of the {len(golds)} documents that are sought; is it the "
            "one that the questions are about?"
        )
    return found


def absent(found: Iterable[tuple[tuple[Gold, ...], ...]]) -> int:
    """How many documents that are sought are not there."""
    return sum(one.absent for groups in found for group in groups for one in group)


def _places(span: Span, collection: Collection) -> list[Gold]:
    found = collection.text(span.document)
    if found is None:
        return []
    id, text = found
    if span.quote is None:
        return [Gold(Place(id, 0, len(text)), whole=True, grade=span.grade)]
    places = [(start, start + len(span.quote)) for start in _occurrences(text, span.quote)]
    if span.start is not None:
        there = span.start >= 0 and text.startswith(span.quote, span.start)
        places = [(span.start, span.start + len(span.quote))] if there else []
    elif not places:
        places = _loose(text, span.quote)
    return [
        Gold(Place(id, start, end, text[start:end], span.page, span.paragraph), grade=span.grade)
        for start, end in places
    ]


def _loose(text: str, quote: str) -> list[tuple[int, int]]:
    """Where ``text`` has ``quote`` but for white space, hyphens and lines between cells: a loader
    may lay out the words of a page in another way than whoever copied them."""
    wanted = "".join(one for one in quote if one not in _BETWEEN and not one.isspace())
    kept = [at for at, one in enumerate(text) if one not in _BETWEEN and not one.isspace()]
    squeezed = "".join(text[at] for at in kept)
    return [
        (kept[start], kept[start + len(wanted) - 1] + 1) for start in _occurrences(squeezed, wanted)
    ]


def _occurrences(text: str, quote: str) -> Iterator[int]:
    start = text.find(quote) if quote else -1
    while start >= 0:
        yield start
        start = text.find(quote, start + 1)


def _described(span: Span) -> str:
    quote = f" with “{span.quote[:60]}”" if span.quote is not None else ""
    return f"document {span.document}{quote}"


@dataclass(frozen=True, slots=True)
class FoundGold:
    """Something about a question set that someone should look at."""

    id: str
    what: str
    wrong: bool
    """Whether figures of the set would be wrong; otherwise it is only worth knowing."""


def check(cases: Sequence[Case], collection: Collection | None) -> list[FoundGold]:
    """What is wrong or doubtful with a set; the gold is looked up where there is a collection."""
    found: list[FoundGold] = []
    asked = Counter(_asked(one) for one in cases)
    for case in cases:
        told = [*_shape(case)]
        if asked[_asked(case)] > 1:
            told.append(("the same question is asked more than once", True))
        if collection is not None:
            told += _quotes(case, collection)
        found += [FoundGold(case.id, what, wrong) for what, wrong in told]
    return found


def _asked(case: Case) -> tuple[str, ...]:
    turns = [turn.question for turn in case.history]
    return tuple(" ".join(one.lower().split()) for one in [*turns, case.question])


def _shape(case: Case) -> Iterator[tuple[str, bool]]:
    if not case.question.strip():
        yield "the question is empty", True
    if not case.kind:
        yield "it has no kind, so it is in no figure by kind", False
    if case.answerable and not any(case.gold):
        yield "it is answerable, but has no gold", True
    if case.answerable and any(not group for group in case.gold):
        yield "a group of its gold is empty", True
    if not case.answerable and (case.gold or case.accepted):
        yield "it has gold or accepted answers, but is marked as not answerable", True
    if any(not group or any(not one.strip() for one in group) for group in case.accepted):
        yield "an accepted answer is empty", True


def _quotes(case: Case, collection: Collection) -> Iterator[tuple[str, bool]]:
    for span in (span for group in case.gold for span in group):
        found = collection.text(span.document)
        places = _places(span, collection)
        if found is None and span.quote is None:
            yield f"the collection has no document {span.document}: it counts as not found", False
        elif found is None:
            yield f"the collection has no document {span.document}", True
        elif not places:
            yield f"not in {span.document}: “{span.quote}”", True
        elif len(places) > 1:
            yield (
                f"occurs {len(places)} times in {span.document} (each counts; say which by "
                f'"start"): “{span.quote}”',
                False,
            )
    if case.accepted and case.gold and all(span.quote for g in case.gold for span in g):
        # Every way of taking one alternative a group must hold the accepted answers; it does
        # if each answer is held by all alternatives of some one group.
        worst = [[span.quote or "" for span in group] for group in case.gold]
        for answers in case.accepted:
            if not any(all(holds(quote, answers) for quote in group) for group in worst):
                listed = " | ".join(answers)
                yield f"some gold alternative holds no accepted answer of: {listed}", False
