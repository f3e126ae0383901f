"""The sentences that could be quoted, scored by the MaxSim that ranking has already computed.

What a sentence's own words match counts whole, what those around it match counts less; where
its document or its subject is the identifier that was asked for, it gains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from index.catalogue import PassageEntry
from index.generation import Generation
from index.projection import Floats
from index.records import Mention, SentenceFlag
from qa import gist
from qa.records import Interpretation
from qa.retrieve import Ranking
from qa.words import content_words

PASSAGES = 8
"""Quotes are taken from this many of the best passages."""
PASSAGE_WEIGHT = 0.15
"""What the rank of its passage is worth to a sentence, beside its own MaxSim (0 to 1)."""
AROUND_SHARE = 0.85
"""What a match elsewhere in its passage is worth to a sentence, of a match of its own."""
IDENTIFIER_WEIGHT = 0.3
"""For a sentence of the document that an identifier of the question names, or, where the
collection has no such document, for one that speaks of the identifier."""
MENTION_WEIGHT = 0.15
"""For one that speaks of it, where the collection has the document itself."""
SUBJECT_WEIGHT = 0.1
"""For a sentence that opens with the identifier."""
LABEL_WEIGHT = 0.1
"""For a sentence under a label all of whose words the question has: "Members:" says of a list
of names what they are."""
SAID_PENALTY = 0.2
"""For a sentence that was the answer to the question before."""
SAID_ENOUGH = 1.0
"""For the same where something else is asked for."""

_SAID_PART = 40
"""A sentence that begins with the answer is the one that was given, cut short, if the answer has so
many characters."""

_SUBJECT = re.compile(r"^[\s*_]*(?:(?:united nations )?security council |the )?$", re.I)
_ELSE = re.compile(r"\b(?:else|another|further|other|besides|more)\b", re.I)
_LEANING = re.compile(
    r"^[\W_]*(?:it|its|they|their|them|this|these|those|such|he|she|his|her|both|the latter|"
    r"the former|to this end|as such|in doing so|in this (?:regard|sense|context|respect)|"
    r"for (?:example|instance)|therefore|however|moreover|furthermore|additionally|also|"
    r"in addition|another|similarly|likewise|accordingly|consequently|thus|then)\b",
    re.I,
)

_REFERRING = re.compile(
    r"\b(?:in|on|of|to|for) (?:this|these|such) (?:area|field|matter|issue|topic|regard)s?\b", re.I
)


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
    """Those that it speaks of: its own, or those of the sentences it goes on from."""
    names_subject: bool = False
    """Whether it opens with an identifier: that is what it is about."""

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.passage.text[self.start - self.passage.start : self.end - self.passage.start]

    @property
    def key(self) -> tuple[int, int]:
        """Which sentence it is."""
        return self.passage.row, self.number

    def leans(self) -> bool:
        """Whether it cannot be understood without the sentence before."""
        if self.flags & SentenceFlag.OPENS_BLOCK:
            return False
        return bool(_LEANING.match(self.text) or _REFERRING.search(self.text))


def candidates(
    interpretation: Interpretation, ranking: Ranking, generation: Generation, said: str = ""
) -> list[list[Candidate]]:
    """The sentences of the best passages, passage by passage, best passage first.

    ``said`` is the answer that the conversation has had last: what stands in it is known.
    """
    whole = gist.asked_whole(interpretation, generation)
    if central := _central(whole, ranking, generation):
        return central
    rows = ranking.rows[:PASSAGES]
    passages = generation.catalogue.passages(rows)
    mentions = _mentions(rows, generation)
    about = _About.asked_by(interpretation, generation)
    known = " ".join(said.split()).rstrip(" .…")
    asks_else = _ELSE.search(interpretation.text, len(interpretation.context))
    penalty = SAID_ENOUGH if asks_else else SAID_PENALTY
    top = float(ranking.scores[0]) or 1.0
    asked = {stem for term in interpretation.terms for stem in generation.lexical.stems(term)}
    groups = []
    for place, passage in enumerate(passages):
        found = _of_passage(passage, mentions.get(passage.row, []), ranking, generation)
        standing = PASSAGE_WEIGHT * float(ranking.scores[place]) / top
        label = LABEL_WEIGHT if _labelled(passage, asked, generation) else 0.0
        groups.append(
            [
                replace(
                    one,
                    score=one.score
                    + standing
                    + about.bonus(one)
                    + label
                    - (penalty if _was_said(one, known) else 0.0),
                )
                for one in found
            ]
        )
    return groups


def _was_said(one: Candidate, known: str) -> bool:
    """Whether the answer ``known`` holds a sentence, or is the beginning of it."""
    text = " ".join(one.text.split()).rstrip(" .…")
    cut = len(known) >= _SAID_PART and text.startswith(known)
    return bool(known) and (text in known or cut)


def _labelled(passage: PassageEntry, asked: set[str], generation: Generation) -> bool:
    """Whether ``passage`` stands under a label that says nothing that is not ``asked``."""
    if not has_label(passage):
        return False
    stems = {
        stem
        for word in content_words(passage.section[-1])
        for stem in generation.lexical.stems(word)
    }
    return bool(stems) and stems <= asked


def has_label(passage: PassageEntry) -> bool:
    """Whether the nearest heading of ``passage`` is a label, such as "Members:"."""
    return "".join(passage.section[-1:]).rstrip("*_ ").endswith(":")


def _central(
    documents: frozenset[str], ranking: Ranking, generation: Generation
) -> list[list[Candidate]]:
    """The sentences of ``documents``, each as good as it tells what they are about; none where
    there are none among the passages of ``ranking``."""
    if not documents:
        return []
    rows = sorted(ranking.rows)  # in the order of their documents
    passages = [one for one in generation.catalogue.passages(rows) if one.document.id in documents]
    if not passages:
        return []
    mentions = _mentions([one.row for one in passages], generation)
    central = gist.worth(passages, generation)
    return [
        [
            replace(one, score=central[one.key])
            for one in _of_passage(passage, mentions.get(passage.row, []), ranking, generation)
        ]
        for passage in passages
    ]


def _mentions(rows: list[int], generation: Generation) -> dict[int, list[Mention]]:
    """The identifiers that are mentioned in each of ``rows``."""
    found: dict[int, list[Mention]] = {}
    for row, mention in generation.catalogue.mentions(rows):
        found.setdefault(row, []).append(mention)
    return found


@dataclass(frozen=True, slots=True)
class _About:
    """The identifiers that a question names, and the documents that they name."""

    wanted: frozenset[str]
    owners: frozenset[str]

    @classmethod
    def asked_by(cls, interpretation: Interpretation, generation: Generation) -> _About:
        wanted = frozenset(interpretation.identifiers)
        owning = generation.catalogue.owning
        return cls(wanted, frozenset(id for key in wanted for id in owning(key)))

    def bonus(self, one: Candidate) -> float:
        """What a sentence gains by standing in what was asked for, or by speaking of it."""
        if one.passage.document.id in self.owners:
            return IDENTIFIER_WEIGHT
        shared = one.identifiers & self.wanted
        if not shared:
            return 0.0
        weight = MENTION_WEIGHT if self.owners else IDENTIFIER_WEIGHT
        subject = SUBJECT_WEIGHT if one.names_subject else 0.0
        return weight * len(shared) / len(one.identifiers) + subject


def _of_passage(
    passage: PassageEntry, mentions: list[Mention], ranking: Ranking, generation: Generation
) -> Iterator[Candidate]:
    """The sentences of a passage, each scored by its own words and, for less, by what else its
    passage says: a sentence leaves unsaid what those around it have said."""
    first = int(ranking.scored.bounds[ranking.position(passage.row)])
    table = generation.tokens.sentences(passage.row)
    own = ranking.scored.per_token[first : first + len(table)]
    around = AROUND_SHARE * own.max(axis=0, initial=0.0)
    going_on: frozenset[str] = frozenset()
    for number, row in enumerate(table):
        start, end, flags = int(row[0]), int(row[1]), SentenceFlag(int(row[2]))
        inside = [one for one in mentions if start <= one.start < end]
        named = frozenset(one.key for one in inside)
        if named or flags & SentenceFlag.OPENS_BLOCK:
            going_on = named
        lead = (
            passage.text[start - passage.start : inside[0].start - passage.start] if inside else "-"
        )
        yield Candidate(
            passage=passage,
            number=number,
            start=start,
            end=end,
            flags=flags,
            score=float(ranking.weights @ np.maximum(own[number], around)),
            per_token=own[number],
            identifiers=going_on,
            names_subject=bool(inside) and _SUBJECT.match(lead) is not None,
        )
