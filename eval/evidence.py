"""How complete, and how exact, the evidence on a question is.

A gold group of grade 2 is evidence that must be found; one of grade 1 is neither wanted nor wrong,
as what only touches on the question. A sentence finds a group by having a part of one of its
places. Each question counts alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from eval import gold
from eval.gold import Indexed
from eval.records import Case, Gold
from index.database import Database
from qa.answer.evidence import Sentence
from qa.pipeline import Answerer
from qa.records import Question

WANTED = 2
"""The grade of what must be found."""


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a question."""

    case: Case
    recall: float
    """Share of what must be found."""
    precision: float
    """Share of the sentences that are wanted, of those that are wanted or wrong; 1 for none."""
    estimated: float
    """The recall as the service told it."""
    items: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence with the wanted groups that it finds; ``wanted`` is None for what is neither
    wanted nor wrong."""

    sentence: Sentence
    groups: frozenset[int]
    wanted: bool | None


def measure(
    cases: Sequence[Case], answerer: Answerer, progress: Callable[[int, int], None]
) -> Iterable[Found]:
    """What comes of each of ``cases``. Raises ``GoldNotFound``."""
    documents = Indexed(answerer.generation.database)
    for number, case in enumerate(cases, start=1):
        groups = gold.find(case, documents)
        found = answerer.evidence(Question(case.question, documents=case.documents))
        places = [
            (one.passage.document.id, one.start, one.end)
            for item in found.items
            for one in (item.citation, *item.repeats)
        ]
        marked = [mark(groups, *place) for place in places]
        yield Found(
            case,
            recall=_recall((met for met, _ in marked), groups),
            precision=_precision([wanted for _, wanted in marked]),
            estimated=found.estimated_recall,
            items=len(found.items),
        )
        progress(number, len(cases))


def label(case: Case, found: Iterable[Sentence], database: Database) -> list[Labelled]:
    """The sentences of a question, each with what it finds. Raises ``GoldNotFound``."""
    groups = gold.find(case, Indexed(database))
    return [
        Labelled(one, *mark(groups, one.passage.document.id, one.start, one.end)) for one in found
    ]


def mark(
    groups: Sequence[Sequence[Gold]], document: str, start: int, end: int
) -> tuple[frozenset[int], bool | None]:
    """The wanted groups that a place finds, and whether it is wanted."""
    met = [
        (number, one.grade)
        for number, group in enumerate(groups)
        for one in group
        if one.place.document == document and one.place.start < end and start < one.place.end
    ]
    wanted = frozenset(number for number, grade in met if grade >= WANTED)
    return wanted, True if wanted else (None if met else False)


def _recall(met: Iterable[frozenset[int]], groups: Sequence[Sequence[Gold]]) -> float:
    wanted = sum(any(one.grade >= WANTED for one in group) for group in groups)
    return len(frozenset[int]().union(*met)) / wanted if wanted else 1.0


def _precision(wanted: Sequence[bool | None]) -> float:
    told = [one for one in wanted if one is not None]
    return sum(told) / len(told) if told else 1.0
