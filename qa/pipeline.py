"""``Answerer.ask``: a question's whole way to a cited answer or an explained refusal.

Free of HTTP, so that the service, the command line and evaluation run the same code.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from itertools import zip_longest

import numpy as np

from index import language, packaged
from index.encoder import Encoder, Ids
from index.errors import InvalidSetting
from index.generation import Generation
from index.projection import Floats
from qa.answer import (
    caveats,
    closest,
    coverage,
    declining,
    definitions,
    followups,
    list_continuation,
    provisions,
    quotes,
    refusals,
    reranking,
    rows,
    selection,
)
from qa.answer.confidence import Weights, decide, fitted
from qa.answer.evidence import Evidence, Sentence, collect, sentences_of
from qa.answer.finding import Finding
from qa.answer.readability import unread
from qa.errors import UnknownDocument
from qa.question import interpret, remarks
from qa.ranking import retrieve, sentences
from qa.ranking.cross_encoder import Reader
from qa.ranking.matching import matched
from qa.records import (
    Answer,
    Citation,
    Interpretation,
    Question,
    RankedPassage,
    Refusal,
    Unanswered,
)
from qa.settings import ServiceSettings
from qa.stages import EVERY_STAGE, Stages
from qa.tuning import Tuning, shipped


@dataclass(slots=True)
class _Clock:
    """Milliseconds of each stage, in the order in which they first come."""

    timings: dict[str, float] = field(default_factory=dict)
    _started: float = field(default_factory=time.perf_counter)
    _last: float = field(default_factory=time.perf_counter)

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        spent = self.timings.get(stage, 0.0) + (now - self._last) * 1000
        self.timings[stage] = round(spent, 3)
        self._last = now

    def total(self) -> dict[str, float]:
        whole = round((time.perf_counter() - self._started) * 1000, 3)
        return {**self.timings, "total": whole}


class Answerer:
    """Answers questions from one generation. Thread-safe."""

    def __init__(
        self,
        generation: Generation,
        encoder: Encoder,
        settings: ServiceSettings,
        stages: Stages = EVERY_STAGE,
        reader: Reader | None = None,
        tuning: Tuning | None = None,
        weights: Weights | None = None,
    ) -> None:
        """``tuning`` and ``weights`` are those that come with the project unless they are given."""
        self.generation = generation
        self.tuning = tuning or shipped()
        self.weights = weights or fitted()
        self.reader = reader if stages.reader else None
        self._encoder = encoder
        self._settings = settings
        self._threshold = threshold(settings, self.weights)
        self._stages = stages

    def retuned(self, tuning: Tuning) -> Answerer:
        """The same answerer with other tuned values."""
        other = copy(self)
        other.tuning = tuning
        return other

    def without(self, ids: frozenset[str]) -> Answerer:
        """The same answerer as if the collection had no documents with these ids."""
        other = copy(self)
        other.generation = self.generation.without(ids)
        return other

    def ask(self, question: Question) -> Answer:
        """Answer ``question``, or decline. Raises ``UnknownDocument`` for a filter by a
        document that the collection does not have."""
        clock = _Clock()
        self._check(question)
        if said := remarks.reply_to(question.text, self.generation.database.documents()):
            return self._remarked(question, said, clock)
        reading, findings = self._findings(question, clock)
        passages = self._passages(findings, question.top_k)
        judge = declining.Judge(
            *(reading, question.documents, [one.passage.headed for one in passages]),
            *(self.generation, self._threshold, self.tuning),
        )
        judged = [judge.judge(one) for one in findings]
        given = [one.finding for one in judged if one.refusal is None]
        parts = [Unanswered(one.finding.reading.own, one.refusal) for one in judged if one.refusal]
        told = {label for one in parts for label in one.refusal.unknown_identifiers}
        if lacking := tuple(one for one in reading.unknown_identifiers if one not in told):
            parts.append(
                Unanswered(
                    language.of(reading.language).messages.either.join(lacking),
                    refusals.not_mentioned(lacking, reading),
                )
            )
        cited = quotes.without_overlaps(one for each in given for one in each.citations)
        weighed = quotes.without_overlaps(one for each in findings for one in each.citations)
        declined = None if given else declining.of_all(judged)
        nearest = map(self._placed, declined.closest) if declined else ()
        clock.lap("passages")
        return Answer(
            question=question,
            interpretation=reading,
            confidence=min(one.confidence for one in given or findings),
            citations=tuple(map(self._placed, cited)),
            considered=tuple(one for one in weighed if not one.repeats),
            refusal=declined.refusal if declined else None,
            passages=passages,
            generation=self.generation.name,
            fingerprint=self.generation.manifest.fingerprint,
            timings_ms=clock.total(),
            caveats=_told(given),
            closest=tuple(nearest),
            unanswered=tuple(parts) if given else (),
        )

    def _remarked(self, question: Question, said: str, clock: _Clock) -> Answer:
        """The reply to what asks nothing of the documents."""
        typed = replace(question, history=(), correct_spelling=False)
        return Answer(
            question=question,
            interpretation=self._read(typed, clock)[0],
            confidence=0.0,
            citations=(),
            considered=(),
            refusal=Refusal("not_a_question", said),
            passages=(),
            generation=self.generation.name,
            fingerprint=self.generation.manifest.fingerprint,
            timings_ms=clock.total(),
        )

    def _placed(self, citation: Citation) -> Citation:
        """``citation`` with its page, its paragraph and where it is printed."""
        database, id = self.generation.database, citation.passage.document.id
        paragraph = database.paragraph_around(id, citation.start, citation.end)
        page = database.page_of(id, citation.start)
        return replace(
            citation,
            page=page,
            page_label=database.page_label(id, page) if page else "",
            paragraph=paragraph.label if paragraph else None,
            boxes=tuple(database.boxes_of(id, citation.start, citation.end)),
            ocr=database.is_ocr(id, citation.start, citation.end),
        )

    def evidence(self, question: Question) -> Evidence:
        """Every sentence that bears on what ``question`` asks about. Raises ``UnknownDocument``."""
        reading, found = self.bearing(question)
        if remarks.reply_to(question.text, ()):
            found = []  # "hello" is about nothing
        return collect(reading, found, self.generation, self._placed)

    def bearing(self, question: Question) -> tuple[Interpretation, list[Sentence]]:
        """How ``question`` is read, and how each sentence of the passages that come nearest bears
        on it. Raises ``UnknownDocument``."""
        self._check(question)
        clock, many = _Clock(), max(question.top_k, self.tuning.evidence.passages)
        asked = replace(question, text=interpret.topic_of(question.text), top_k=many, history=())
        reading = interpret.interpret(asked, self.generation, self._stages, self.tuning.question)
        ranking = self._rank(reading, asked, clock)
        if ranking is None:
            return reading, []
        return reading, sentences_of(reading, ranking, self.generation)

    def search(self, question: Question) -> tuple[RankedPassage, ...]:
        """The ranked passages alone. Raises ``UnknownDocument``."""
        return self._passages(self.find(question), question.top_k)

    def find(self, question: Question) -> list[Finding]:
        """What is found for each thing that ``question`` asks, before anything is decided of it.
        Raises ``UnknownDocument``."""
        return self._findings(question, _Clock())[1]

    def quotable(self, question: Question) -> list[tuple[Interpretation, list[quotes.Quote]]]:
        """What could be quoted for each thing that ``question`` asks, best first, before the
        reader has read any of it. Raises ``UnknownDocument``."""
        clock = _Clock()
        found = []
        for one in self._read(question, clock)[1]:
            ranking = self._rank(one, question, clock)
            found.append((one, self._pool(one, ranking, question) if ranking else []))
        return found

    def _check(self, question: Question) -> None:
        for id in question.documents or ():
            if self.generation.database.document(id) is None:
                raise UnknownDocument(id)

    def _findings(self, question: Question, clock: _Clock) -> tuple[Interpretation, list[Finding]]:
        """The question as it is read, and what was found for each thing that it asks. One that
        may lean on what came before is read both ways: alone, if that gives the surer answer."""
        reading, found = self._found(question, clock)
        if reading.may_stand:
            alone = self._found(replace(question, history=()), clock)
            if _surest(alone[1]) >= max(_surest(found), self._threshold):
                return alone
        return reading, found

    def _found(self, question: Question, clock: _Clock) -> tuple[Interpretation, list[Finding]]:
        reading, asked = self._read(question, clock)
        return reading, [self._find(one, question, clock) for one in asked]

    def _read(
        self, question: Question, clock: _Clock
    ) -> tuple[Interpretation, list[Interpretation]]:
        self._check(question)
        tuning = self.tuning.question
        reading = interpret.interpret(question, self.generation, self._stages, tuning)
        asked = interpret.parts_of(reading, self.generation, self._stages, tuning)
        clock.lap("interpret")
        return reading, asked

    def _rank(
        self, reading: Interpretation, question: Question, clock: _Clock
    ) -> retrieve.Ranking | None:
        stages = self._stages
        if reading.language and reading.language not in packaged.READABLE:
            # The models make nothing of it: exact words decide.
            stages = replace(stages, dense=False, late_interaction=False)
        query = self._encoder.encode_query(reading.text)
        emphasis = self._emphasis(reading, query.token_ids)
        clock.lap("encode")
        count = max(self._settings.candidates, question.top_k)
        ranking = retrieve.rank(
            *(reading, query, self.generation),
            retrieve.Scope(count, question.documents),
            self.tuning.retrieval,
            emphasis,
            stages,
        )
        clock.lap("rank")
        return ranking

    def _find(self, reading: Interpretation, question: Question, clock: _Clock) -> Finding:
        ranking = self._rank(reading, question, clock)
        if ranking is None or refusals.unknown_identifiers(reading) is not None:
            return Finding(reading, ranking, (), 0.0, unread=unread(reading, None))
        if found := self._look_up(reading, ranking, question):
            clock.lap("choose")
            return found
        pool = self._pool(reading, ranking, question)
        if not pool:
            (first,) = self.generation.database.passages(ranking.rows[:1])
            return Finding(reading, ranking, (), 0.0, unread=unread(reading, first))
        clock.lap("quote")
        if row := rows.look_up(reading, pool, self.generation):
            ranking = ranking.moved({row.sentence.passage.row: rows.FIRST})
            cited = quotes.cite([row], [row], 1)
            return self._looked_up(reading, ranking, cited, self.tuning.confidence.looked_up)
        if self.reader is not None:
            pool = reranking.read(
                *(reading.asked, pool, self.reader, self.tuning.reranking),
                thorough=reading.asks_about,
            )
            clock.lap("read")
        choice = selection.choose(ranking, pool, self.tuning.selection, reading.asks_about)
        held = coverage.of(reading, self.generation)
        rivals = selection.rivals(choice, held, reading.asks_whether, self.tuning.selection)
        decision = decide(
            *(reading, ranking, choice, rivals, self.generation),
            weights=self.weights,
            tuning=self.tuning.confidence,
        )
        ranking = ranking.moved(reranking.gains(pool, self.tuning.reranking))
        quoted = list_continuation.whole(
            selection.settle(choice, rivals, self.tuning.selection),
            self.generation,
            self.tuning.selection.most_list_characters,
        )
        clock.lap("choose")
        cited = quotes.cite(
            quoted,
            pool,
            self.tuning.selection.most_sources,
            lambda one, two: held(one).repeated_by(held(two)),
        )
        told = caveats.of(
            *(reading, quoted, decision.confidence, self.generation, self.tuning.confidence),
            rivals=rivals,
        )
        if decision.unread:
            told = (decision.unread, *told)
        return Finding(
            *(reading, ranking, cited, decision.confidence, decision.signals, told),
            closest=closest.cite(pool, self.tuning.closest),
            unread=decision.unread,
        )

    def _look_up(
        self, reading: Interpretation, ranking: retrieve.Ranking, question: Question
    ) -> Finding | None:
        """The numbered paragraphs or the definition that are asked for; None where none is."""
        sure, limit = self.tuning.confidence.defined, self.tuning.selection.most_list_characters
        asked = provisions.look_up(
            *(reading, question.documents, self.generation.database, limit),
            nearest=self._documents_of(ranking.rows[:5]) if reading.paragraphs else (),
        )
        if asked and asked.citations:
            gains = {one.passage.row: provisions.FIRST for one in asked.citations}
            return self._looked_up(reading, ranking.moved(gains), asked.citations, sure)
        if asked:
            return Finding(reading, ranking, (), 0.0, missing=asked)
        if not self._stages.acronyms:
            return None
        defined = definitions.cite(reading, question.documents, self.generation.database)
        if not defined:
            return None
        ranking = ranking.moved({one.passage.row: definitions.FIRST for one in defined})
        return self._looked_up(reading, ranking, defined, sure)

    def _documents_of(self, rows: Sequence[int]) -> list[str]:
        return [one.document.id for one in self.generation.database.passages(rows)]

    def _looked_up(
        self,
        reading: Interpretation,
        ranking: retrieve.Ranking,
        found: tuple[Citation, ...],
        sure: float,
    ) -> Finding:
        """What was looked up, and not guessed: ``sure``, unless nothing can be read where it
        stands."""
        why = unread(reading, found[0].passage)
        sure = min(sure, self.tuning.confidence.unread) if why else sure
        return Finding(reading, ranking, found, sure, caveats=(why,) if why else (), unread=why)

    def _pool(
        self, reading: Interpretation, ranking: retrieve.Ranking, question: Question
    ) -> list[quotes.Quote]:
        said = ""
        if reading.context:
            said = next((one.answer for one in reversed(question.history) if one.answer), "")
        groups = sentences.candidates(reading, ranking, self.generation, self.tuning, said)
        return followups.new(reading, quotes.quotable(reading, groups, self.tuning.selection))

    def _emphasis(self, reading: Interpretation, ids: Ids) -> Floats:
        """What each token of the question counts, (tokens,): those of a question that it leans
        on count less than its own."""
        emphasis = np.ones(len(ids), dtype=np.float32)
        if reading.context:
            alone = self._encoder.query_ids(reading.context)
            shared = min(len(alone), len(ids))
            same = int(np.argmin(np.append(alone[:shared] == ids[:shared], False)))
            emphasis[:same] = self.tuning.sentences.context_weight
        return emphasis

    def _passages(self, findings: Sequence[Finding], top_k: int) -> tuple[RankedPassage, ...]:
        """The best passages of each finding by turns."""
        rankings = [one for one in findings if one.ranking is not None]
        turns = zip_longest(*(self._ranked(one, top_k) for one in rankings))
        found: dict[int, RankedPassage] = {}
        for one in (one for turn in turns for one in turn if one is not None):
            found.setdefault(one.passage.row, one)
        return tuple(found.values())[:top_k]

    def _ranked(self, finding: Finding, top_k: int) -> list[RankedPassage]:
        ranking = finding.ranking
        assert ranking is not None
        database = self.generation.database
        entries = database.passages(ranking.rows[:top_k])
        terms = matched(finding.reading.terms, [one.text for one in entries], self.generation)
        return [
            RankedPassage(
                entry,
                float(score),
                words,
                database.page_of(entry.document.id, entry.start),
                database.is_ocr(entry.document.id, entry.start, entry.end),
            )
            for entry, score, words in zip(entries, ranking.scores, terms, strict=False)
        ]


def threshold(settings: ServiceSettings, weights: Weights) -> float:
    """The confidence under which a question is declined. Raises ``InvalidSetting``."""
    if settings.threshold is not None:
        return settings.threshold
    if settings.risk is None:
        return weights.threshold
    try:
        return weights.at_risk(settings.risk)
    except ValueError as error:
        raise InvalidSetting(f"ATTEST_RISK: {error}") from error


def _surest(findings: Sequence[Finding]) -> float:
    return max(one.confidence for one in findings)


def _told(given: Sequence[Finding]) -> tuple[str, ...]:
    """The caveats of what is ``given``; where they differ, each with what it is about."""
    if len({one.caveats for one in given}) == 1:
        return given[0].caveats
    return tuple(f"On “{one.reading.own}”: {' '.join(one.caveats)}" for one in given if one.caveats)
