"""``Answerer.ask``: a question's whole way to a cited answer or an explained refusal.

Free of HTTP, so that the service, the command line and evaluation run the same code.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from index.encoder import Encoder
from index.generation import Generation
from qa import decide, interpret, quotes, retrieve
from qa.config import ServiceSettings
from qa.errors import UnknownDocument
from qa.records import Answer, Citation, Interpretation, Question, RankedPassage, Refusal
from qa.stages import EVERY_STAGE, Stages


@dataclass(slots=True)
class _Clock:
    """Milliseconds of each stage, in order."""

    timings: dict[str, float] = field(default_factory=dict)
    _started: float = field(default_factory=time.perf_counter)
    _last: float = field(default_factory=time.perf_counter)

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.timings[stage] = round((now - self._last) * 1000, 3)
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
    ) -> None:
        self.generation = generation
        self._stages = stages
        self._encoder = encoder
        self._settings = settings

    def ask(self, question: Question) -> Answer:
        """Answer ``question``, or decline. Raises ``UnknownDocument`` for a filter by a
        document that the collection does not have."""
        clock = _Clock()
        reading, ranking = self._search(question, clock)
        considered: tuple[Citation, ...] = ()
        confidence = 0.0
        refusal: Refusal | None = None
        if ranking is None:
            refusal = decide.nothing_found(reading)
        else:
            groups = quotes.candidates(reading, ranking, self.generation)
            chosen = quotes.choose(reading, ranking, groups)
            considered = quotes.cite(chosen)
            found = decide.signals(reading, ranking, chosen, self.generation)
            confidence = decide.confidence(found)
            refusal = decide.unknown_identifiers(reading)
            if refusal is not None:
                confidence = 0.0
            elif not chosen or confidence < self._settings.threshold:
                refusal = decide.not_confident(reading)
        clock.lap("answer")
        passages = self._passages(reading, ranking, question.top_k)
        clock.lap("passages")
        return Answer(
            question=question,
            interpretation=reading,
            confidence=confidence,
            citations=considered if refusal is None else (),
            considered=considered,
            refusal=refusal,
            passages=passages,
            generation=self.generation.name,
            fingerprint=self.generation.manifest.fingerprint,
            timings_ms=clock.total(),
        )

    def search(self, question: Question) -> tuple[RankedPassage, ...]:
        """The ranked passages alone. Raises ``UnknownDocument``."""
        reading, ranking = self._search(question, _Clock())
        return self._passages(reading, ranking, question.top_k)

    def _search(
        self, question: Question, clock: _Clock
    ) -> tuple[Interpretation, retrieve.Ranking | None]:
        for id in question.documents or ():
            if self.generation.catalogue.document(id) is None:
                raise UnknownDocument(id)
        reading = interpret.interpret(question, self.generation, self._stages)
        clock.lap("interpret")
        query = self._encoder.encode_query(reading.text)
        clock.lap("encode")
        count = max(self._settings.candidates, question.top_k)
        ranking = retrieve.rank(
            reading, query, self.generation, count, question.documents, self._stages
        )
        clock.lap("rank")
        return reading, ranking

    def _passages(
        self, reading: Interpretation, ranking: retrieve.Ranking | None, top_k: int
    ) -> tuple[RankedPassage, ...]:
        if ranking is None:
            return ()
        entries = self.generation.catalogue.passages(ranking.rows[:top_k])
        lexical = self.generation.lexical
        stems = {term: lexical.stems(term) for term in reading.terms}
        ranked = []
        for place, entry in enumerate(entries):
            present = set(lexical.stems(entry.text))
            matched = [term for term, parts in stems.items() if parts and present.issuperset(parts)]
            similarity = float(ranking.scored.passages[ranking.position(entry.row)])
            ranked.append(
                RankedPassage(entry, float(ranking.scores[place]), similarity, tuple(matched))
            )
        return tuple(ranked)
