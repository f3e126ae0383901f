"""The sentences that could be quoted, scored by the MaxSim that ranking has already computed.

What a sentence's own words match counts whole, what those around it match counts less; where
its document or its subject is the identifier that was asked for, it gains.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index import domains, language, statements
from index.database import PassageEntry
from index.generation import Generation
from index.projection import Floats
from index.records import Mention, SentenceFlag
from qa.question import phrases
from qa.question.words import content_words
from qa.ranking import overview
from qa.ranking.retrieve import Ranking
from qa.records import Interpretation
from qa.tuning import SentenceTuning, Tuning

_BESIDE = 3
"""So many sentences away, at most, stands what goes on from one that was told."""
_SAID_PART = 40
"""A sentence that begins with the answer is the one that was given, cut short, if the answer has so
many characters."""

_CLAUSE_END = re.compile(r"\[\d{1,3}\]|[.!?;:…]+(?=\s|$|\[)|\n")
_CLOSED = re.compile(r"[.!?;:][\s\"'”’»)*_]*(?:\[\d{1,3}\])*$|\[\d{1,3}\]$")


@dataclass(frozen=True, eq=False, slots=True)
class Candidate:
    """A sentence that could be quoted."""

    passage: PassageEntry
    number: int
    """Its place among the sentences of its passage."""
    start: int
    end: int
    flags: SentenceFlag
    score: float
    per_token: Floats
    identifiers: frozenset[str]
    """Those that it speaks of: its own, or those of the sentences it goes on from, and those of the
    headings over it."""
    subjects: frozenset[str] = frozenset()
    """Those that it is about: the one that it opens with, and those of the headings over it."""
    answers_for: frozenset[str] = frozenset()
    """The identifiers of the question that it speaks of, or that its document is."""
    said: bool = False
    """Whether it was the answer before."""

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.passage.text[self.start - self.passage.start : self.end - self.passage.start]

    @property
    def reading(self) -> str:
        """How it is read: a row of a table with the heads of its cells, all else as it stands."""
        readings = self.passage.readings
        return (readings[self.number] if readings else "") or self.text

    @property
    def key(self) -> tuple[int, int]:
        """Which sentence it is."""
        return self.passage.row, self.number

    def leans(self) -> bool:
        """Whether it cannot be understood without the sentence before."""
        if self.flags & SentenceFlag.OPENS_BLOCK:
            return False
        known = language.of(self.passage.language).patterns
        return bool(known.leaning.match(self.text) or known.referring.search(self.text))


def candidates(
    interpretation: Interpretation,
    ranking: Ranking,
    generation: Generation,
    tuning: Tuning,
    said: str = "",
) -> list[list[Candidate]]:
    """The sentences of the best passages, passage by passage, best passage first.

    ``said`` is the answer that the conversation has had last: what stands in it is known.
    """
    asked_for = frozenset(interpretation.identifiers)
    if central := _central(interpretation.whole, asked_for, ranking, generation, tuning):
        return central
    weights = tuning.sentences
    rows = ranking.rows[: weights.passages]
    passages = generation.database.passages(rows)
    mentions = _mentions(rows, generation)
    about = _About.asked_by(interpretation, generation)
    known = _Said.of(said)
    known_words = language.of(interpretation.language).patterns
    asks_else = known_words.asks_else.search(interpretation.text, len(interpretation.context))
    penalty = weights.said_enough if asks_else else weights.said_penalty
    if interpretation.in_passing:
        penalty = -2 * weights.beside_said
    top = float(ranking.scores[0]) or 1.0
    asked = {stem for term in interpretation.terms for stem in generation.lexical.stems(term)}
    holds = phrases.held_by(interpretation.phrases)
    groups = []
    for place, passage in enumerate(passages):
        found = [
            *_of_passage(
                passage,
                mentions.get(passage.row, []),
                ranking,
                generation,
                tuning.sentences.around_share,
            )
        ]
        standing = weights.passage_weight * float(ranking.scores[place]) / top
        label = weights.label_weight if _labelled(passage, asked, generation) else 0.0
        told = [one.number for one in found if known.holds(one.text)]
        groups.append(
            [
                replace(
                    one,
                    score=one.score
                    + standing
                    + about.bonus(one, weights)
                    + label
                    + (weights.phrase_weight if holds(one.text) else 0.0)
                    + (weights.beside_said if _is_beside(one.number, told) else 0.0)
                    - (penalty if one.number in told else 0.0),
                    answers_for=about.of(one),
                    said=one.number in told,
                )
                for one in found
            ]
        )
    return groups


def _is_beside(number: int, told: Sequence[int]) -> bool:
    """Whether a sentence stands by one of its passage that was told: a follow-up goes on there."""
    return number not in told and any(abs(number - one) <= _BESIDE for one in told)


@dataclass(frozen=True, slots=True)
class _Said:
    """An answer of the conversation, clause by clause, as the words that it states."""

    clauses: tuple[tuple[str, ...], ...]
    flat: tuple[tuple[str, ...], ...]
    """The same where ends of lines end no clause: clients put answers on one line."""
    cut: tuple[str, ...]
    """Its last words, where it ends within a sentence; empty where it is whole."""

    @classmethod
    def of(cls, answer: str) -> _Said:
        text = answer.strip()
        whole = not text or _CLOSED.search(text) is not None
        last = _clauses(text)[-1:] if not whole and len(text) >= _SAID_PART else ()
        return cls(_clauses(text), _clauses(" ".join(text.split())), last[0] if last else ())

    def holds(self, sentence: str) -> bool:
        """Whether the answer says ``sentence``, word for word, or is cut short within it."""
        if not self.clauses:
            return False
        flat = " ".join(sentence.split())
        if _follow(_clauses(sentence), self.clauses) or _follow(_clauses(flat), self.flat):
            return True
        begins = statements.said(sentence)[: len(self.cut)]
        return len(" ".join(self.cut)) >= _SAID_PART and begins == self.cut


def _clauses(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(filter(None, map(statements.said, _CLAUSE_END.split(text))))


def _follow(wanted: tuple[tuple[str, ...], ...], all: tuple[tuple[str, ...], ...]) -> bool:
    """Whether ``wanted``, at least one, stand in ``all`` one after the other."""
    size = len(wanted)
    places = range(len(all) - size + 1) if size else ()
    return any(all[place : place + size] == wanted for place in places)


def _labelled(passage: PassageEntry, asked: set[str], generation: Generation) -> bool:
    """Whether ``passage`` stands under a label that says nothing that is not ``asked``."""
    if not has_label(passage):
        return False
    stems = {
        stem
        for word in content_words(passage.section[-1], language.of(passage.language))
        for stem in generation.lexical.stems(word)
    }
    return bool(stems) and stems <= asked


def has_label(passage: PassageEntry) -> bool:
    """Whether the nearest heading of ``passage`` is a label, such as "Members:"."""
    return "".join(passage.section[-1:]).rstrip("*_ ").endswith(":")


def _central(
    documents: frozenset[str],
    asked: frozenset[str],
    ranking: Ranking,
    generation: Generation,
    tuning: Tuning,
) -> list[list[Candidate]]:
    """The sentences of ``documents``, which the identifiers ``asked`` name, each as good as it
    tells what they are about; none where there are none among the passages of ``ranking``."""
    if not documents:
        return []
    rows = sorted(ranking.rows)  # in the order of their documents
    passages = [one for one in generation.database.passages(rows) if one.document.id in documents]
    if not passages:
        return []
    mentions = _mentions([one.row for one in passages], generation)
    central = overview.worth(passages, generation, tuning.overview)
    return [
        [
            replace(one, score=central[one.key], answers_for=asked)
            for one in _of_passage(
                passage,
                mentions.get(passage.row, []),
                ranking,
                generation,
                tuning.sentences.around_share,
            )
        ]
        for passage in passages
    ]


def _mentions(rows: list[int], generation: Generation) -> dict[int, list[Mention]]:
    """The identifiers that are mentioned in each of ``rows``."""
    found: dict[int, list[Mention]] = {}
    for row, mention in generation.database.mentions(rows):
        found.setdefault(row, []).append(mention)
    return found


@dataclass(frozen=True, slots=True)
class _About:
    """The identifiers that a question names, and the documents that they name."""

    wanted: frozenset[str]
    owned: dict[str, frozenset[str]]
    """By id of a document, those of ``wanted`` that it is."""

    @property
    def owners(self) -> Collection[str]:
        """Ids of the documents that are named."""
        return self.owned.keys()

    @classmethod
    def asked_by(cls, interpretation: Interpretation, generation: Generation) -> _About:
        wanted = frozenset(interpretation.identifiers)
        owned: dict[str, frozenset[str]] = {}
        for key in wanted:
            for id in generation.database.owning(key):
                owned[id] = owned.get(id, frozenset()) | {key}
        return cls(wanted, owned)

    def bonus(self, one: Candidate, weights: SentenceTuning) -> float:
        """What a sentence gains by standing in what was asked for, or by speaking of it."""
        if one.passage.document.id in self.owners:
            return weights.identifier_weight
        shared = one.identifiers & self.wanted
        if not shared:
            return 0.0
        weight = weights.mention_weight if self.owners else weights.identifier_weight
        subject = weights.subject_weight if one.subjects & shared else 0.0
        return weight * len(shared) / len(one.identifiers) + subject

    def of(self, one: Candidate) -> frozenset[str]:
        """The identifiers asked for that a sentence speaks of, or that its document is."""
        return (one.identifiers & self.wanted) | self.owned.get(
            one.passage.document.id, frozenset()
        )


def _opening(passage: PassageEntry, start: int, inside: Sequence[Mention]) -> frozenset[str]:
    """The identifiers of a sentence from ``start`` that it opens with: one, or several in a row."""
    joined = language.of(passage.language).patterns.joined
    leads = domains.named(passage.document.domain).leads
    found: set[str] = set()
    for one in inside:
        between = passage.text[start - passage.start : one.start - passage.start]
        if not (joined if found else leads).match(between):
            break
        found.add(one.key)
        start = one.end
    return frozenset(found)


def _of_passage(
    passage: PassageEntry,
    mentions: list[Mention],
    ranking: Ranking,
    generation: Generation,
    around_share: float,
) -> Iterator[Candidate]:
    """The sentences of a passage, each scored by its own words and, for less, by what else its
    passage says: a sentence leaves unsaid what those around it have said."""
    first = int(ranking.scored.bounds[ranking.position(passage.row)])
    spans = generation.tokens.spans(passage.row)
    own = ranking.scored.per_token[first : first + len(spans)]
    around = around_share * own.max(axis=0, initial=0.0)
    headed = frozenset(one.key for one in mentions if one.start < passage.start)
    going_on = headed
    for number, (start, end, flags, *_) in enumerate(spans):
        inside = [one for one in mentions if start <= one.start < end]
        named = frozenset(one.key for one in inside)
        if named or flags & SentenceFlag.OPENS_BLOCK:
            going_on = named | headed
        yield Candidate(
            passage=passage,
            number=number,
            start=start,
            end=end,
            flags=flags,
            score=float(ranking.weights @ np.maximum(own[number], around)),
            per_token=own[number],
            identifiers=going_on,
            subjects=headed | _opening(passage, start, inside),
        )
