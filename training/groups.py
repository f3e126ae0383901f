"""Makes groups: each question with the quotes that the service itself would weigh for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from pydantic import TypeAdapter

from eval import gold, metrics
from eval.gold import Indexed
from eval.records import Case, Place, Reply, Result
from qa.answer.quotes import Quote
from qa.pipeline import Answerer
from qa.records import Question, Turn
from training import excerpts
from training.excerpts import Excerpt
from training.records import Example, Group, Pair

SIZE = 6
"""Examples of a group, at most: those of a pass are drawn from them."""
_POSITIVE = 2
"""So many of them at most are quotes that answer."""
_POOL = 12
"""Quotes are taken from the best of the pool, and from those that a pair names."""
_COVERED = 0.7
"""Share of an answer's characters that a quote must hold to be that answer."""
_PAIR = TypeAdapter(Pair)
_RESOLUTION = re.compile(r"s-res-\d")


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a file. Raises ``pydantic.ValidationError`` for a line that is none."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_PAIR.validate_json(line) for line in lines if line.strip()]


def of_pairs(
    pairs: Sequence[Pair], answerer: Answerer, unique: Collection[str] = ()
) -> Iterator[Group]:
    """A group for each pair, asked of its own document, for which alone its label holds; and
    one quote from elsewhere, where that surely does not answer. Pairs over documents that the
    index lacks are passed over.

    ``unique`` are documents whose subject no other document speaks of.
    """
    database = answerer.generation.database
    for pair in pairs:
        document, text = database.document(pair.document), database.text(pair.document)
        if document is None or text is None:
            continue
        spans = _occurrences(text, pair.answer) if pair.answer else []
        marked = []
        asked, pool = _pool(_question(pair, (pair.document,)), answerer)
        for place, quote in enumerate(pool):
            label = _label(quote, spans)
            near = any(plain(one) in plain(quote.text) for one in pair.near)
            if place < _POOL or near or label:
                marked.append((quote, label, near))
        marked.sort(key=lambda one: not one[2])
        examples = [(_read(quote, answerer), label) for quote, label, _ in marked]
        if pair.answer and not any(label for _, label in examples):
            examples.insert(0, (Excerpt(document.title, "", "", plain(pair.answer)), True))
        examples[1:1] = _elsewhere(pair, answerer, pair.document in unique)
        yield _group(_collection(pair, unique), asked, examples)


def of_cases(cases: Sequence[Case], answerer: Answerer) -> Iterator[Group]:
    """A group for each question of a set with short answers, asked of the whole collection."""
    documents = Indexed(answerer.generation.database)
    for case in cases:
        result = Result(case, gold.find(case, documents), Reply(False, 0.0))
        places = [one.place for group in result.gold for one in group]
        examples: list[tuple[Excerpt, bool | None]] = []
        asked, pool = _pool(Question(case.question, case.history), answerer)
        for quote in pool[:_POOL]:
            place = Place(quote.document, quote.start, quote.end, quote.text)
            there = any(
                one.document == place.document and one.start < place.end and place.start < one.end
                for one in places
            )
            holds = case.answerable and all(metrics.holds(quote.text, one) for one in case.accepted)
            # The words of the answer elsewhere, or the place without them, may answer or not.
            examples.append((_read(quote, answerer), there if there == holds else None))
        yield _group("squad", asked, examples)


def _question(pair: Pair, documents: tuple[str, ...] | None = None) -> Question:
    history = tuple(Turn(one, "") for one in pair.history)
    return Question(pair.question, history, documents=documents)


def _pool(question: Question, answerer: Answerer) -> tuple[str, list[Quote]]:
    """The question as the reader is given it, and its quotes; none if it asks several things."""
    found = answerer.quotable(question)
    return (found[0][0].text, found[0][1]) if len(found) == 1 else (question.text, [])


def _collection(pair: Pair, invented: Collection[str]) -> str:
    if pair.document in invented:
        return "invented"
    return "resolutions" if _RESOLUTION.match(pair.document) else "seeds"


def _elsewhere(pair: Pair, answerer: Answerer, unique: bool) -> list[tuple[Excerpt, bool]]:
    """The best quote of another document, if any surely does not answer: because no other
    speaks of the subject, or because it never mentions the identifiers that are asked about."""
    said = " ".join((*pair.history, pair.question))
    domains = answerer.generation.database.domains
    wanted = {one.key for one in domains.find(said)}
    if not wanted and not unique:
        return []
    for quote in _pool(_question(pair), answerer)[1]:
        passage = quote.sentence.passage
        named = {one.key for one in domains.find(passage.text)}
        if passage.document.id != pair.document and (unique or not wanted & named):
            return [(_read(quote, answerer), False)]
    return []


def _read(quote: Quote, answerer: Answerer) -> Excerpt:
    passage, before = quote.sentence.passage, ""
    if number := quote.run[0].number:
        start, end, *_ = answerer.generation.tokens.spans(passage.row)[number - 1]
        before = passage.text[start - passage.start : end - passage.start]
    return excerpts.of(passage, quote.reading, before)


def _group(
    collection: str, question: str, examples: Sequence[tuple[Excerpt, bool | None]]
) -> Group:
    """Those that answer first, then those that do not, then what may answer or not."""
    right = [Example(*one) for one in examples if one[1]][:_POSITIVE]
    wrong = [Example(*one) for one in examples if one[1] is False]
    unknown = [Example(*one) for one in examples if one[1] is None]
    return Group(collection, question, (*right, *wrong, *unknown)[:SIZE])


def _label(quote: Quote, spans: Sequence[tuple[int, int]]) -> bool | None:
    """Whether a quote is one of the answers; None where it is a part of one."""
    shared = max((min(end, quote.end) - max(start, quote.start) for start, end in spans), default=0)
    if shared <= 0:
        return False
    return True if shared >= _COVERED * min(end - start for start, end in spans) else None


def _occurrences(text: str, words: str) -> list[tuple[int, int]]:
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    return [match.span() for match in re.finditer(pattern, text)]


def plain(text: str) -> str:
    """``text`` with single blanks."""
    return " ".join(text.split())
