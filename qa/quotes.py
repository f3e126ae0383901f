"""Chooses the sentences to quote, by the MaxSim that ranking has already computed.

One sentence where one suffices, with what it leans on and what it introduces; more only
where they say of the question what the first does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from index.catalogue import PassageEntry
from index.generation import Generation
from index.projection import Floats
from index.records import Mention, SentenceFlag
from qa.records import Citation, Interpretation
from qa.retrieve import Ranking

PASSAGES = 8
"""Quotes are taken from this many of the best passages."""
MAX_CHARACTERS = 700
MAX_LIST_CHARACTERS = 1600
MAX_QUOTES = 3
PASSAGE_WEIGHT = 0.15
"""What the rank of its passage is worth to a sentence, beside its own MaxSim (0 to 1)."""
IDENTIFIER_WEIGHT = 0.3
SUBJECT_WEIGHT = 0.1
"""For a sentence that opens with the identifier: it is what the sentence is about."""
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
    similarity: float
    """Its weighted MaxSim."""
    score: float
    per_token: Floats
    identifiers: frozenset[str]
    """Those that it speaks of: its own, or those of the sentences it goes on from."""

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.passage.text[self.start - self.passage.start : self.end - self.passage.start]

    def leans(self) -> bool:
        """Whether it cannot be understood without the sentence before."""
        return not self.flags & SentenceFlag.OPENS_BLOCK and bool(_LEANING.match(self.text))


def candidates(
    interpretation: Interpretation, ranking: Ranking, generation: Generation
) -> list[list[Candidate]]:
    """The sentences of the best passages, passage by passage, best passage first."""
    rows = ranking.rows[:PASSAGES]
    passages = generation.catalogue.passages(rows)
    mentions: dict[int, list[Mention]] = {}
    for row, mention in generation.catalogue.mentions(rows):
        mentions.setdefault(row, []).append(mention)
    top = float(ranking.scores[0]) or 1.0
    owners = {id for key in interpretation.identifiers for id in generation.catalogue.owning(key)}
    return [
        list(
            _of_passage(
                passage,
                mentions.get(passage.row, []),
                frozenset(interpretation.identifiers),
                passage.document.id in owners,
                float(ranking.scores[place]) / top,
                ranking,
                generation,
            )
        )
        for place, passage in enumerate(passages)
    ]


def _of_passage(
    passage: PassageEntry,
    mentions: list[Mention],
    wanted: frozenset[str],
    own: bool,
    standing: float,
    ranking: Ranking,
    generation: Generation,
) -> Iterator[Candidate]:
    position = ranking.position(passage.row)
    first = int(ranking.scored.bounds[position])
    going_on: frozenset[str] = frozenset()
    for number, row in enumerate(generation.tokens.sentences(passage.row)):
        start, end, flags = int(row[0]), int(row[1]), SentenceFlag(int(row[2]))
        inside = [one for one in mentions if start <= one.start < end]
        named = frozenset(one.key for one in inside)
        if named or flags & SentenceFlag.OPENS_BLOCK:
            going_on = named
        similarity = float(ranking.scored.sentences[first + number])
        score = similarity + PASSAGE_WEIGHT * standing
        if own:
            score += IDENTIFIER_WEIGHT
        elif going_on & wanted:
            score += IDENTIFIER_WEIGHT * len(going_on & wanted) / len(going_on)
            lead = (
                passage.text[start - passage.start : inside[0].start - passage.start]
                if inside
                else "-"
            )
            score += SUBJECT_WEIGHT if _SUBJECT.match(lead) else 0.0
        yield Candidate(
            *(passage, number, start, end, flags, similarity, score),
            ranking.scored.per_token[first + number],
            going_on,
        )


def choose(
    interpretation: Interpretation, ranking: Ranking, groups: list[list[Candidate]]
) -> list[list[Candidate]]:
    """The quotes, best first: runs of neighbouring sentences. Empty if nothing can be quoted."""
    pool = [one for group in groups for one in group if _quotable(one)]
    if not pool:
        return []
    by_row = {group[0].passage.row: group for group in groups if group}
    pool.sort(key=lambda one: -one.score)
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
    return chosen


def cite(runs: list[list[Candidate]]) -> tuple[Citation, ...]:
    """A citation for each run; its text is cut from the passage at the run's own offsets."""
    found = []
    for run in runs:
        passage, start, end = run[0].passage, run[0].start, run[-1].end
        text = passage.text[start - passage.start : end - passage.start]
        found.append(Citation(passage, start, end, text))
    return tuple(found)


def _quotable(one: Candidate) -> bool:
    words = len(one.text.split())
    whole = not one.flags & SentenceFlag.CUT
    return whole and (words >= 4 or (words >= 2 and bool(one.flags & SentenceFlag.ITEM)))


def _complete(
    one: Candidate, group: list[Candidate], interpretation: Interpretation
) -> list[Candidate]:
    """``one`` with its neighbours that belong to it: what it leans on before it, and after it
    the list that it introduces or what goes on about the identifier that was asked for."""
    first = last = one.number
    while first > 0 and group[first].leans() and one.number - first < 2:
        first -= 1
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
    return group[first : last + 1]


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
