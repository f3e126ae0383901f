"""Decides whether a finding is given as an answer, and says why where it is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index import language, lexical
from index.generation import Generation
from qa.answer import caveats, provisions, refusals
from qa.answer.finding import Finding
from qa.question import absence, entities, knowledge
from qa.ranking.matching import matched
from qa.records import Citation, Interpretation, Refusal
from qa.tuning import Tuning


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with why it is no answer; None where it is one."""

    finding: Finding
    refusal: Refusal | None
    closest: tuple[Citation, ...] = ()
    """What is quoted with the refusal, as what comes nearest."""


@dataclass(frozen=True, eq=False, slots=True)
class Judge:
    """Judges what was found for a question that asks ``whole``."""

    whole: Interpretation
    documents: tuple[str, ...] | None
    """Ids of the documents that it is asked of."""
    shown: Sequence[str]
    """The passages that are shown, each under its headings."""
    generation: Generation
    threshold: float
    tuning: Tuning

    def judge(self, finding: Finding) -> Judged:
        """Whether ``finding`` is an answer to what it is about, which is all that is asked or a
        part of it."""
        reading = finding.reading
        say = language.of(reading.language).messages
        if finding.ranking is None:
            if finding.unread:
                why = refusals.cannot_read(reading, f"{finding.unread} {say.none_found}")
            else:
                why = refusals.nothing_found(reading, self.documents, self.generation)
            return Judged(finding, why)
        absent = refusals.unknown_identifiers(reading)
        if finding.missing:
            absent = provisions.not_there(reading, finding.missing, self.generation.database)
        if absent is not None:
            return Judged(finding, absent)
        if finding.confidence >= self.threshold and finding.citations:
            return Judged(finding, None)
        if finding.unread:
            return Judged(
                finding, refusals.cannot_read(reading, f"{finding.unread} {say.yours_to_judge}")
            )
        return self._unsure(finding)

    def _unsure(self, finding: Finding) -> Judged:
        reading = finding.reading
        closest = finding.closest if self._is_near(finding) else ()
        said = [one.headed for one in closest] if closest else self.shown
        refusal = refusals.not_confident(
            *(reading, self.whole, self._nearest(reading, said)),
            faint=finding.confidence < self.tuning.confidence.faint,
            quoted=bool(closest),
        )
        quoted = " ".join(one.text for one in closest)
        known = knowledge.of(reading.language, self.generation.database)
        notes = (*caveats.misdated(reading), *caveats.presupposed(reading, quoted, known))
        told = " ".join([*notes, refusal.message])
        return Judged(finding, replace(refusal, message=told), closest)

    def _is_near(self, finding: Finding) -> bool:
        """Whether what comes closest is worth showing: off the topic, nothing is."""
        reading, tuning = finding.reading, self.tuning.closest
        if finding.confidence < tuning.least or reading.lost_names:
            return False
        if reading.identifiers or not reading.terms:
            return True
        said = "\n".join(one.headed for one in finding.closest)
        (held,) = matched(reading.terms, [said], self.generation)
        return len(held) >= tuning.matched * len(reading.terms)

    def _tells(self, name: str) -> bool:
        """Whether ``name`` is said, and not as short as "UN", which tells nothing."""
        said = absence.is_said(name, self.generation)
        return said and bool(entities.telling([name], self.generation, common=1.0))

    def _nearest(self, reading: Interpretation, said: Sequence[str]) -> refusals.Nearest:
        """What ``said`` has of what ``reading`` asks."""
        held = frozenset[str]().union(*matched(reading.terms, said, self.generation))
        whole = "\n".join(map(lexical.readable, said))
        return refusals.Nearest(
            matched=held,
            unnamed=frozenset(entities.unmentioned(reading.terms, whole, self.generation.database)),
            named=tuple(
                entities.phrases(
                    reading.text,
                    held,
                    # With its capitals, too: who asks of AIDS is not told of what aids.
                    lambda one: one in whole and self._tells(one),
                    knowledge.of(reading.language, self.generation.database),
                )
            ),
        )


def of_all(judged: Iterable[Judged]) -> Judged:
    """The one that stands for a question no part of which has an answer: what is not there at all
    comes before what is not sure, and of that the weakest."""
    found = [*judged]
    if all(one.finding.ranking is None for one in found):
        return found[0]
    unknown = (
        one for one in found if refusals.unknown_identifiers(one.finding.reading) is not None
    )
    return next(unknown, min(found, key=lambda one: one.finding.confidence))
