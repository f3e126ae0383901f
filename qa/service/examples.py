"""Questions to begin with, made of what a collection holds, and tried before they are shown."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice, zip_longest

from index.database import Database, DocumentEntry
from qa.pipeline import Answerer
from qa.records import Answer, Question

COUNT = 4
_TRIED = 6
"""Questions of each kind that are tried; the surest of each are shown."""
_MAX_HEADING = 60
_PUBLISHERS = 3
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_Try = tuple[str, str]
"""A question, and words that its answer must hold."""


class Examples:
    """The examples of the live index, worked out once for each."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: Answerer | None = None
        self._found: list[str] = []

    def of(self, answerer: Answerer) -> list[str]:
        """Up to ``COUNT`` questions that ``answerer`` answers."""
        with self._lock:
            if self._of is not answerer:
                self._found = find(answerer)
                self._of = answerer
            return self._found


def about(documents: Sequence[DocumentEntry]) -> str:
    """What the collection is, in a line: how many documents, by whom, of which years."""
    count = f"{len(documents):,} document{'' if len(documents) == 1 else 's'}"
    publishers = Counter(one.publisher for one in documents if one.publisher).most_common()
    named = [name for name, _ in publishers[:_PUBLISHERS]]
    others = len(publishers) - len(named)
    by = f" by {', '.join(named)}{f' and {others} more' if others else ''}" if named else ""
    years = sorted(one.date[:4] for one in documents if _YEAR.match(one.date))
    span = f", {years[0]} to {years[-1]}" if years and years[0] != years[-1] else ""
    return f"{count}{by}{span or ''.join(f', {one}' for one in years[:1])}."


def find(answerer: Answerer) -> list[str]:
    """Questions that ``answerer`` answers from different passages, of each kind the surest."""
    database = answerer.generation.database
    kinds = [_sure(one(database), answerer) for one in (_named, _headed, _defined)]
    if not any(kinds):
        kinds = [_sure(_titled(database), answerer)]
    found: dict[tuple[str, int], str] = {}
    for one in chain.from_iterable(zip_longest(*kinds)):
        if one is not None:
            found.setdefault(one[1], one[0])
    return list(found.values())[:COUNT]


def _sure(tries: Iterator[_Try], answerer: Answerer) -> list[tuple[str, tuple[str, int]]]:
    """The questions that are answered, with the places of their answers, surest first."""
    good = []
    for question, wanted in islice(tries, _TRIED):
        answer = answerer.ask(Question(question))
        if _holds(answer, wanted, answerer.tuning.confidence.sure):
            first = answer.citations[0]
            good.append((answer.confidence, question, (first.passage.document.id, first.start)))
    good.sort(key=lambda one: -one[0])
    return [(question, place) for _, question, place in good]


def _holds(answer: Answer, wanted: str, sure: float) -> bool:
    """Whether the service stands by an answer: sure, whole, without reserve, and every quote of it
    is of what was asked."""
    if answer.refusal is not None or answer.caveats or answer.unanswered:
        return False
    if answer.confidence < sure:
        return False
    quoted = [
        " ".join([one.text, one.passage.document.title, *one.passage.section])
        for one in answer.citations
    ]
    return all(_folded(wanted) in _folded(one) for one in quoted)


def _named(database: Database) -> Iterator[_Try]:
    for key in database.named(_TRIED):
        label = database.label(key)
        digits = re.findall(r"\d+", key)
        yield f"What does {label} cover?", digits[-1] if digits else label


def _headed(database: Database) -> Iterator[_Try]:
    for _, heading in database.headings(4 * _TRIED):
        topic = _topic(heading)
        if topic:
            yield f"What is said about {topic}?", topic


def _defined(database: Database) -> Iterator[_Try]:
    for short, long in database.defined(4 * _TRIED):
        if short.isupper():
            yield f"What does {short} stand for?", long


def _titled(database: Database) -> Iterator[_Try]:
    for entry in database.documents()[:_TRIED]:
        topic = _topic(entry.title)
        if topic:
            yield f"What is said about {topic}?", topic


def _topic(heading: str) -> str:
    """The heading within a sentence; nothing for one that is no topic."""
    topic = re.sub(r"^[\d.\s]+|[\s:.;?!*_#]+$", "", heading)
    words = topic.split()
    if not words or len(topic) > _MAX_HEADING or (len(words) == 1 and heading.endswith(":")):
        return ""
    if topic.isupper():
        # Lower case would hide an abbreviation; one can be told by its lack of vowels.
        return "" if any(not re.search("[AEIOUY]", word) for word in words) else topic.lower()
    plain = sum(word[0].islower() for word in words) >= len(words) / 2
    return topic[0].lower() + topic[1:] if plain else topic


def _folded(text: str) -> str:
    return " ".join(text.lower().split())
