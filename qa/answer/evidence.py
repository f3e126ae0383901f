"""Everything that bears on a question: each sentence with the probability that it does.

The relevance is a logistic model of how a sentence and its passage match the question
(``data/evidence.json``, fitted by ``training/evidence.py``). The share that is found is estimated
from the same probabilities: their sum over what is kept, of their sum over all.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace
from functools import cache
from pathlib import Path

from index import language, statements
from index.database import PassageEntry
from index.generation import Generation
from index.records import SentenceFlag
from qa.question.words import WORD, content_words
from qa.ranking.retrieve import Ranking
from qa.records import Citation, Interpretation

WEIGHTS = Path(__file__).parent.parent / "data" / "evidence.json"
_LEAST_WORDS = 3
"""A shorter sentence says nothing by itself."""
_LEAST_RARE = 0.1
"""A word that nearly every passage has still counts so much."""


@dataclass(frozen=True, slots=True)
class Bearing:
    """How a sentence bears on a question, each value 0 to 1."""

    sentence: float
    """Weighted MaxSim of the sentence."""
    sentence_share: float
    """The same, of the best sentence's."""
    passage: float
    """Weighted MaxSim of its passage."""
    passage_share: float
    """The same, of the best passage's."""
    rank_share: float
    """Score of its passage in the ranking, of the first one's."""
    words: float
    """Share of the question's words, by their rarity, that the sentence has."""
    headed: float
    """The same of the sentence with the headings above it."""
    beside: float
    """The same of what stands before and after it in its passage."""


NAMES = tuple(one.name for one in fields(Bearing))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the collection with its bearing."""

    passage: PassageEntry
    start: int
    end: int
    bearing: Bearing

    @property
    def text(self) -> str:
        """Its words, verbatim."""
        return self.passage.text[self.start - self.passage.start : self.end - self.passage.start]


@dataclass(frozen=True, slots=True)
class Relevance:
    """A logistic model of the bearing."""

    bias: float
    weight: tuple[float, ...]
    threshold: float
    """Sentences of this relevance and more are evidence."""

    def of(self, bearing: Bearing) -> float:
        """The probability that a sentence of this ``bearing`` is relevant."""
        logit = self.bias + sum(
            weight * value for weight, value in zip(self.weight, astuple(bearing), strict=True)
        )
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence that bears on the question."""

    citation: Citation
    relevance: float
    repeats: tuple[Citation, ...] = ()
    """Other places that say the same, word for word."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All items, document by document, those with the most evidence first."""

    interpretation: Interpretation
    items: tuple[Item, ...]
    estimated_recall: float
    """Share of the relevant sentences that are among them, as far as the model can tell."""
    generation: str
    fingerprint: str


@cache
def fitted() -> Relevance:
    """The model that comes with the project."""
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Relevance(
        bias=data["bias"],
        weight=tuple(data["weights"][name] for name in NAMES),
        threshold=data["threshold"],
    )


def sentences_of(
    reading: Interpretation, ranking: Ranking, generation: Generation
) -> list[Sentence]:
    """Every sentence of the passages of ``ranking`` that could be cited, with its bearing."""
    passages = generation.database.passages(ranking.rows)
    rarity = _rarity(reading, generation)
    scores = dict(zip(ranking.rows, map(float, ranking.scores), strict=True))
    found = [
        (passage, *one) for passage in passages for one in _of(passage, ranking, rarity, generation)
    ]
    best = max((own for _, _, _, own, *_ in found), default=1.0) or 1.0
    whole = {row: float(ranking.scored.passages[ranking.position(row)]) for row in ranking.rows}
    best_passage, first = max(whole.values()) or 1.0, max(scores.values()) or 1.0
    return [
        Sentence(
            passage,
            start,
            end,
            Bearing(
                sentence=own,
                sentence_share=own / best,
                passage=whole[passage.row],
                passage_share=whole[passage.row] / best_passage,
                rank_share=scores[passage.row] / first,
                words=words,
                headed=headed,
                beside=beside,
            ),
        )
        for passage, start, end, own, words, headed, beside in found
    ]


def collect(
    reading: Interpretation,
    found: Sequence[Sentence],
    generation: Generation,
    placed: Callable[[Citation], Citation] = lambda one: one,
    relevance: Relevance | None = None,
) -> Evidence:
    """The evidence of ``found``, every sentence that could be; by the model that comes with the
    project unless ``relevance`` is given. ``placed`` gives a citation its page and paragraph."""
    relevance = relevance or fitted()
    judged = [(relevance.of(one.bearing), one) for one in found]
    judged.sort(key=lambda one: -one[0])
    kept = [(value, one) for value, one in judged if value >= relevance.threshold]
    items: dict[tuple[str, ...], Item] = {}
    for value, one in kept:
        said = statements.said(one.text)
        cited = placed(Citation(one.passage, one.start, one.end, one.text))
        if before := items.get(said):
            items[said] = replace(before, repeats=(*before.repeats, cited))
        else:
            items[said] = Item(cited, value)
    expected = sum(value for value, _ in judged)
    return Evidence(
        interpretation=reading,
        items=tuple(in_order([*items.values()])),
        estimated_recall=sum(value for value, _ in kept) / expected if expected else 1.0,
        generation=generation.name,
        fingerprint=generation.manifest.fingerprint,
    )


def in_order(items: Sequence[Item]) -> list[Item]:
    """``items`` document by document, the ones with the most evidence first, each in the order of
    its text."""
    weight: dict[str, float] = {}
    for one in items:
        id = one.citation.passage.document.id
        weight[id] = weight.get(id, 0.0) + one.relevance
    return sorted(
        items,
        key=lambda one: (
            -weight[one.citation.passage.document.id],
            one.citation.passage.document.id,
            one.citation.start,
        ),
    )


def _rarity(reading: Interpretation, generation: Generation) -> dict[str, float]:
    """What each stem of the question counts, by how few passages have it."""
    known, lexical = language.of(reading.language), generation.lexical
    asked = " ".join(content_words(reading.text, known))
    stems = [*lexical.stems(asked), *filter(lexical.frequency, _joined(asked, generation))]
    passages = sum(one.passages for one in generation.database.documents())
    return {
        stem: max(math.log(max(passages, 1) / (1 + lexical.frequency(stem))), _LEAST_RARE)
        for stem in stems
    }


def _joined(text: str, generation: Generation) -> list[str]:
    """Stems of the words of ``text`` that have hyphens, without these: a "counter-narrative" is a
    "counternarrative"."""
    words = (one for one in WORD.findall(text) if "-" in one)
    return generation.lexical.stems(" ".join(words).replace("-", ""))


def _of(
    passage: PassageEntry, ranking: Ranking, rarity: dict[str, float], generation: Generation
) -> Iterator[tuple[int, int, float, float, float, float]]:
    """Place, MaxSim and shares of the question's words of each sentence of ``passage``: its own,
    with the headings, and of its neighbours."""
    stems, whole = generation.lexical.stems, sum(rarity.values()) or 1.0
    first = int(ranking.scored.bounds[ranking.position(passage.row)])
    spans = generation.tokens.spans(passage.row)
    own = ranking.scored.per_token[first : first + len(spans)] @ ranking.weights
    above = {*stems(" ".join(passage.section))} & rarity.keys()
    texts = [passage.text[start - passage.start : end - passage.start] for start, end, *_ in spans]
    held = [{*stems(text), *_joined(text, generation)} & rarity.keys() for text in texts]

    def share(words: Iterable[str]) -> float:
        return sum(rarity[stem] for stem in words) / whole

    for number, (start, end, flags, *_) in enumerate(spans):
        if flags & SentenceFlag.HEADS or len(texts[number].split()) < _LEAST_WORDS:
            continue
        around = set[str]().union(
            *held[max(number - 1, 0) : number], *held[number + 1 : number + 2]
        )
        mine = held[number]
        yield (
            *(start, end, float(own[number])),
            *(share(mine), share(mine | above), share(around)),
        )
