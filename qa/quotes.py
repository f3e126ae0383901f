"""Chooses the sentences to quote, by the MaxSim that ranking has already computed.

One sentence where one suffices, with what it leans on and what it introduces; more only
where they say of the question what the first does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from index.catalogue import PassageEntry
from index.generation import Generation
from index.projection import Floats
from index.records import Mention, SentenceFlag
from qa.reader import Reader
from qa.records import Citation, Interpretation
from qa.retrieve import Ranking

PASSAGES = 8
"""Quotes are taken from this many of the best passages."""
MAX_CHARACTERS = 700
MAX_LIST_CHARACTERS = 1600
MAX_QUOTES = 3
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
READ = 3
"""So many of the best sentences are read together with the question."""
READER_WEIGHT = 0.02
"""What a point of the reader's logit is worth beside MaxSim (0 to 1)."""
SAID_PENALTY = 0.1
"""For a sentence that was the answer to the question before."""
MIN_GAIN = 0.05
"""Share of the question that a further quote must match better than those chosen."""
MIN_SHARE = 0.85
"""What a further quote must score, of the first one's score."""

_SUBJECT = re.compile(r"^[\s*_]*(?:(?:united nations )?security council |the )?$", re.I)
_LEANING = re.compile(
    r"^[\W_]*(?:it|its|they|their|them|this|these|those|such|he|she|his|her|both|the latter|"
    r"the former|to this end|as such|in doing so|in this (?:regard|sense|context|respect)|"
    r"for (?:example|instance)|therefore|however|moreover|furthermore|additionally|also|"
    r"in addition|another|similarly|likewise|accordingly|consequently|thus|then)\b",
    re.I,
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
    logit: float | None = None
    """What the reader made of it; None where it did not read it."""

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.passage.text[self.start - self.passage.start : self.end - self.passage.start]

    @property
    def key(self) -> tuple[int, int]:
        """Which sentence it is, whatever has been made of it since."""
        return self.passage.row, self.number

    def leans(self) -> bool:
        """Whether it cannot be understood without the sentence before."""
        return not self.flags & SentenceFlag.OPENS_BLOCK and bool(_LEANING.match(self.text))


@dataclass(frozen=True, eq=False, slots=True)
class Choice:
    """What is quoted, and what could have been."""

    runs: list[list[Candidate]]
    """The quotes, best first: runs of neighbouring sentences. Empty if nothing can be quoted."""
    pool: list[Candidate]
    """Every sentence that could be quoted, best first, as the reader left them."""

    @property
    def quoted(self) -> list[Candidate]:
        """The sentences of all quotes."""
        return [one for run in self.runs for one in run]

    @property
    def best(self) -> Candidate:
        """The sentence for whose sake the first quote was chosen."""
        return self.pool[0]

    @property
    def others(self) -> list[Candidate]:
        """Those of the pool that are in no quote."""
        inside = {one.key for one in self.quoted}
        return [one for one in self.pool if one.key not in inside]


def candidates(
    interpretation: Interpretation, ranking: Ranking, generation: Generation, said: str = ""
) -> list[list[Candidate]]:
    """The sentences of the best passages, passage by passage, best passage first.

    ``said`` is the answer that the conversation has had last: what stands in it is known.
    """
    rows = ranking.rows[:PASSAGES]
    passages = generation.catalogue.passages(rows)
    mentions: dict[int, list[Mention]] = {}
    for row, mention in generation.catalogue.mentions(rows):
        mentions.setdefault(row, []).append(mention)
    about = _About.asked_by(interpretation, generation)
    known = " ".join(said.split())
    top = float(ranking.scores[0]) or 1.0
    groups = []
    for place, passage in enumerate(passages):
        found = _of_passage(passage, mentions.get(passage.row, []), ranking, generation)
        standing = PASSAGE_WEIGHT * float(ranking.scores[place]) / top
        groups.append(
            [
                replace(
                    one,
                    score=one.score
                    + standing
                    + about.bonus(one)
                    - (SAID_PENALTY if known and " ".join(one.text.split()) in known else 0.0),
                )
                for one in found
            ]
        )
    return groups


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


def choose(
    interpretation: Interpretation,
    ranking: Ranking,
    groups: list[list[Candidate]],
    reader: Reader | None = None,
) -> Choice:
    """Choose what to quote. Where there is a ``reader``, it reads the best few sentences and
    has a say in their order."""
    pool = [one for group in groups for one in group if _quotable(one)]
    if not pool:
        return Choice([], [])
    by_row = {group[0].passage.row: group for group in groups if group}
    pool.sort(key=lambda one: -one.score)
    if reader is not None:
        pool = _read(interpretation, pool, by_row, reader)
    best = pool[0]
    chosen = [_complete(best, by_row[best.passage.row], interpretation)]
    covered = np.maximum.reduce([one.per_token for one in chosen[0]])
    for one in pool[1:]:
        if len(chosen) == MAX_QUOTES or one.score < MIN_SHARE * best.score:
            break
        gain = float(ranking.weights @ np.maximum(one.per_token - covered, 0))
        run = _complete(one, by_row[one.passage.row], interpretation)
        if gain < MIN_GAIN or _overlaps(run, chosen):
            continue
        if sum(map(_length, [*chosen, run])) > MAX_CHARACTERS:
            continue
        chosen.append(run)
        covered = np.maximum.reduce([covered, *(one.per_token for one in run)])
    return Choice(chosen, pool)


def _read(
    interpretation: Interpretation,
    pool: list[Candidate],
    by_row: dict[int, list[Candidate]],
    reader: Reader,
) -> list[Candidate]:
    """``pool`` in its new order; those that were read come first."""
    best, rest = pool[:READ], pool[READ:]
    texts = [_text(_with_lead(one, by_row[one.passage.row])) for one in best]
    logits = reader.read(interpretation.text, texts)
    read = [
        replace(one, score=one.score + READER_WEIGHT * logit, logit=logit)
        for one, logit in zip(best, logits, strict=True)
    ]
    least = READER_WEIGHT * min(logits)
    return [
        *sorted(read, key=lambda one: -one.score),
        *(replace(one, score=one.score + least) for one in rest),
    ]


def without_repeats(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """Those that overlap none before them."""
    kept: list[Citation] = []
    for one in citations:
        if not any(
            one.passage.document.id == other.passage.document.id
            and one.start < other.end
            and other.start < one.end
            for other in kept
        ):
            kept.append(one)
    return tuple(kept)


def cite(choice: Choice) -> tuple[Citation, ...]:
    """A citation for each quote; its text is cut from the passage at the run's own offsets."""
    found = []
    for run in choice.runs:
        found.append(Citation(run[0].passage, run[0].start, run[-1].end, _text(run)))
    return tuple(found)


def _quotable(one: Candidate) -> bool:
    words = one.text.split()
    if one.flags & SentenceFlag.CUT:
        return False
    if one.flags & SentenceFlag.ITEM:
        return len(words) >= 2
    # "United Nations S/RES/1956 (2010)*" heads a page: a sentence has words that do not begin
    # with a capital (nor do those of scripts that have none).
    return len(words) >= 4 and sum(w[0].isalpha() and not w[0].isupper() for w in words) >= 2


def _complete(
    one: Candidate, group: list[Candidate], interpretation: Interpretation
) -> list[Candidate]:
    """``one`` with its neighbours that belong to it: what it leans on before it, and after it
    the list that it introduces or what goes on about the identifier that was asked for."""
    first, last = _with_lead(one, group)[0].number, one.number
    limit = MAX_CHARACTERS
    if one.flags & SentenceFlag.INTRODUCES:
        limit = MAX_LIST_CHARACTERS
    while last + 1 < len(group):
        following = group[last + 1]
        listed = one.flags & SentenceFlag.INTRODUCES and following.flags & SentenceFlag.ITEM
        asked = one.identifiers & frozenset(interpretation.identifiers)
        goes_on = asked and following.leans() and following.identifiers == one.identifiers
        if not (listed or goes_on) or following.end - group[first].start > limit:
            break
        last += 1
    return [*group[first : one.number], one, *group[one.number + 1 : last + 1]]


def _with_lead(one: Candidate, group: list[Candidate]) -> list[Candidate]:
    """``one`` after the sentences that it leans on."""
    first = one.number
    while first > 0 and group[first].leans() and one.number - first < 2:
        first -= 1
    return [*group[first : one.number], one]


def _text(run: list[Candidate]) -> str:
    passage = run[0].passage
    return passage.text[run[0].start - passage.start : run[-1].end - passage.start]


def _length(run: list[Candidate]) -> int:
    return run[-1].end - run[0].start


def _overlaps(run: list[Candidate], chosen: list[list[Candidate]]) -> bool:
    spans = [(other[0].passage.document.id, other[0].start, other[-1].end) for other in chosen]
    id, start, end = run[0].passage.document.id, run[0].start, run[-1].end
    same_words = {" ".join(one.text.split()).lower() for other in chosen for one in other}
    return (
        any(id == other and start < until and since < end for other, since, until in spans)
        or " ".join(run[0].text.split()).lower() in same_words
    )
