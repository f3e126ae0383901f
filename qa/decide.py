"""Decides whether the quotes answer the question, and if not, says why.

The confidence is a logistic model of signals that ranking, choosing and reading have already
computed. Its weights come with the project (``data/confidence.json``); ``scripts/fit-confidence``
fits them, and the threshold, on the ``tune`` halves of question sets (docs/answers.md).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass, fields, replace
from functools import cache
from pathlib import Path

from index import identifiers, packaged
from index.generation import Generation
from qa import gist
from qa.choose import Choice
from qa.quotes import Quote
from qa.records import Interpretation, Refusal
from qa.retrieve import Ranking
from qa.words import content_words

WEIGHTS = Path(__file__).parent / "data" / "confidence.json"
LOOKED_UP = 0.7
"""Least confidence in what was looked up by the identifier that alone was asked about."""
NAMELESS = 0.1
"""Most confidence in quotes for a question after a name that stands nowhere."""
_STRANGE = " If the question is not in English, try it in English: the models read little else."
_UNSURE = "and no sentence could be picked out that surely answers in other words"
_NAMED = 2
"""So many names of a question, and so many of its words, are told in a refusal."""
_NAMES = re.compile(
    r"\b(?:(?P<all>[A-Z]{2,})|[A-Z][\w-]*(?: (?:(?:of|on|the|and|for) )*[A-Z][\w-]*)*)"
)
_MONTH = "(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_YEAR = r"(?:1\d|20)\d\ds?"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? )?{_MONTH}\b(?: \d{{1,2}}\b,?)?(?: {_YEAR}\b)?|\b{_YEAR}\b"
    r"|\b\d+(?:st|nd|rd|th)\b|\bcentur(?:y|ies)\b|\b(?:years?|months?|weeks?|days?|hours?)\b"
    r"|\b(?:today|recently|annually|yearly|monthly|after|before|during|until|when|once)\b",
    re.I,
)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|"
    r"dozens?|hundreds?|thousands?|[mb]illions?|several|both|half|thirds?|quarter|none|single|"
    r"times|all|most|many|few)\b",
    re.I,
)
_NAME = re.compile(r"(?<=[a-z,;(] )[A-Z][A-Za-z]+|\b[A-Z]{2,}\b")
_ASKS_DATE = re.compile(
    r"^\W*(?:and )?(?:since |until |from )?when\b|\b(?:what|which) (?:year|date|day|month)\b", re.I
)
_ASKS_NUMBER = re.compile(r"\bhow (?:many|much)\b|\bnumber of\b", re.I)
_ASKS_IDENTIFIER = re.compile(
    r"\b(?:which|what)(?: (?!(?:does|do|did|is|are|was|were|has|have|the)\b)[\w-]+){0,4}"
    r" resolutions?\b(?! ?\d)|^\W*(?:the )?resolutions? (?:that|which)\b",
    re.I,
)
_ASKS_NAME = re.compile(r"^\W*(?:and )?(?:who|whose|whom|where)\b", re.I)


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for or against the quotes, each about -1 to 1 (the logit: -11 to 11)."""

    passage: float
    """Weighted MaxSim of the best quote's passage."""
    margin: float
    """By how much the best sentence leads the next."""
    standing: float
    """How far the best quote's passage is behind the first one; 0 if it is the first."""
    lead: float
    """By how much the first passage leads the second; 0 if there is none."""
    words: float
    """Share of the question's words of content that the quotes hold, weighted by rarity; 1
    for a question without such words."""
    kind: float
    """1 where the question asks for a number, a date, a name or a resolution and the quotes give
    none."""
    logit: float
    """What the reader made of the best quote; 0 where there is none."""


NAMES = tuple(one.name for one in fields(Signals))


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model: the signals, standardised by ``mean`` and ``scale``, each weighed."""

    bias: float
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weight: tuple[float, ...]
    threshold: float
    """Confidence under which a question is declined, unless the settings say otherwise."""

    def confidence(self, found: Signals) -> float:
        """Probability that the quotes answer the question."""
        z = self.bias
        for value, mean, scale, weight in zip(
            astuple(found), self.mean, self.scale, self.weight, strict=True
        ):
            z += weight * (value - mean) / scale
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, z))))


@cache
def fitted() -> Weights:
    """The weights that come with the project. A signal for which none has been fitted yet counts
    nothing."""
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    none = {"mean": 0.0, "scale": 1.0, "weight": 0.0}
    signals = [data["signals"].get(name, none) for name in NAMES]
    return Weights(
        bias=data["bias"],
        mean=tuple(one["mean"] for one in signals),
        scale=tuple(one["scale"] for one in signals),
        weight=tuple(one["weight"] for one in signals),
        threshold=data["threshold"],
    )


def is_looked_up(interpretation: Interpretation, best: Quote, generation: Generation) -> bool:
    """Whether nothing is asked but what an identifier is about ("what does resolution 2462
    cover"), and ``best`` is of the document that it names, or opens with it."""
    if best.document in gist.asked_whole(interpretation, generation):
        return True
    asked = interpretation.identifiers
    if len(asked) != 1 or interpretation.terms:
        return False
    return best.sentence.names_subject and asked[0] in best.sentence.identifiers


def signals(
    interpretation: Interpretation, ranking: Ranking, choice: Choice, generation: Generation
) -> Signals:
    """Gather the signals for what ``choice`` quotes, at least one sentence."""
    best, scores = choice.best, ranking.scores
    place = ranking.rows.index(best.sentence.passage.row)
    text = " ".join(one.text for one in choice.quoted)
    return Signals(
        passage=float(ranking.scored.passages[ranking.position(best.sentence.passage.row)]),
        margin=best.score - max((one.score for one in choice.others), default=0.0),
        standing=float(scores[place] - scores[0]),
        lead=float(scores[0] - scores[1]) if len(scores) > 1 else 0.0,
        words=_held(interpretation, text, generation),
        kind=float(
            _lacks_kind(interpretation.text, text)
            or lacks_identifier(interpretation.text, choice.quotes)
        ),
        logit=best.logit or 0.0,
    )


def _lacks_kind(question: str, text: str) -> bool:
    """Whether ``question`` asks for a date, a number or a name, and ``text`` has none that the
    question has not. The year and the number of a resolution are its name, and no date."""
    if not (asked := _kind_of(question)):
        return False
    for one in reversed(identifiers.find(text)):
        text = text[: one.start] + text[one.end :]
    if asked is _NUMBER:
        text = _DATE.sub(" ", text)
    known = question.lower()
    return all(match.group().lower() in known for match in asked.finditer(text))


def lacks_identifier(question: str, quotes: Sequence[Quote]) -> bool:
    """Whether ``question`` asks which resolution does something, and ``quotes`` neither give one
    that the question has not nor are what a resolution does: its recitals, which end in a
    comma, speak of others."""
    if not _ASKS_IDENTIFIER.search(question):
        return False
    known = {one.key for one in identifiers.find(question)}
    for one in quotes:
        title = one.sentence.passage.document.title
        own = "" if one.text.endswith(",") else title
        if {found.key for found in identifiers.find(f"{own}\n{one.text}")} - known:
            return False
    return True


def _kind_of(question: str) -> re.Pattern[str] | None:
    kinds = ((_ASKS_DATE, _DATE), (_ASKS_NUMBER, _NUMBER), (_ASKS_NAME, _NAME))
    return next((kind for asks, kind in kinds if asks.search(question)), None)


def _held(interpretation: Interpretation, text: str, generation: Generation) -> float:
    """Share of the question's words of content that ``text`` holds, each stem weighted by its
    rarity (IDF); 1 for a question without such words."""
    lexical, passages = generation.lexical, generation.manifest.counts["passages"]
    present = set(lexical.stems(text))
    total = held = 0.0
    for stem in {stem for term in interpretation.terms for stem in lexical.stems(term)}:
        weight = math.log((passages + 1) / (lexical.frequency(stem) + 0.5))
        total += weight
        held += weight if stem in present else 0.0
    return held / total if total > 0 else 1.0


def unknown_identifiers(interpretation: Interpretation) -> Refusal | None:
    """A refusal where the question is about identifiers that the collection lacks, all of them."""
    if not interpretation.unknown_identifiers or interpretation.identifiers:
        return None
    lacking = not_mentioned(interpretation.unknown_identifiers)
    message = "The nearest passages are shown, but they are about something else."
    return replace(
        lacking,
        message=f"{lacking.message} {message}",
        missing_terms=interpretation.missing_terms,
    )


def not_mentioned(labels: tuple[str, ...]) -> Refusal:
    """A refusal to tell of the identifiers ``labels``, which the collection lacks."""
    return Refusal(
        "unknown_identifier",
        f"The documents of this collection do not mention {' or '.join(labels)}.",
        unknown_identifiers=labels,
    )


def nothing_found(interpretation: Interpretation) -> Refusal:
    """A refusal where no passage is a candidate at all."""
    if interpretation.phrases:
        quoted = ", ".join(f"“{phrase}”" for phrase in interpretation.phrases)
        return Refusal(
            "phrase_not_found",
            f"No passage holds the quoted words {quoted} as they stand. "
            "Ask without the quotation marks to search for their meaning.",
            missing_terms=interpretation.missing_terms,
        )
    return Refusal(
        "nothing_found",
        "No passage of the chosen documents has anything to do with the question.",
        missing_terms=interpretation.missing_terms,
    )


def missing_names(interpretation: Interpretation) -> list[str]:
    """Names in the question that stand nowhere in the collection: words with a
    capital, not the first of the question, that are no common English words. What is said of
    others is no answer."""
    text = interpretation.text
    return [
        word
        for word in interpretation.missing_terms
        if word[0].isupper() and text.find(word) > 0 and not text.isupper()
        if word.lower() not in packaged.common_words()
    ]


def not_confident(
    interpretation: Interpretation, part_of: Interpretation, matched: Collection[str]
) -> Refusal:
    """A refusal where the best quotes probably do not answer the question, or, of a question
    that asks several things, the one that has the weakest quotes. ``matched`` are the words of
    it that the nearest passages have."""
    missing = interpretation.missing_terms
    if missing:
        # A name that is nowhere, or all of the words, is what was asked about; another word may
        # only be another's way to say it.
        decisive = missing_names(interpretation) or len(missing) == len(interpretation.terms)
        meaning = "so they probably do not answer this" if decisive else _UNSURE
        may = "" if decisive else "; they may answer it"
        return Refusal(
            "missing_terms",
            f"The documents never use {_listed(missing)}, {meaning}."
            f"{_STRANGE if interpretation.strange else ''} The nearest passages are shown{may}.",
            missing_terms=missing,
        )
    asked = "the question" if interpretation is part_of else f"“{interpretation.own}”"
    absent = [word for word in interpretation.terms if word not in matched][:_NAMED]
    about = " and ".join(_names(interpretation.text, matched)[:_NAMED]) or "this"
    other = f", in other words than {_listed(absent)}" if absent else ""
    return Refusal(
        "low_confidence",
        f"The documents speak of {about}, but no sentence could be picked out that surely answers "
        f"{asked}. The nearest passages are shown; they may answer it{other}.",
    )


def _names(question: str, matched: Collection[str]) -> list[str]:
    """The names in ``question`` whose words are all ``matched``; its first word is none, unless
    it is all capitals."""
    found = (match.group() for match in _NAMES.finditer(question) if match.start() or match["all"])
    return [*dict.fromkeys(one for one in found if set(content_words(one)) <= set(matched))]


def _listed(words: Sequence[str]) -> str:
    return " or ".join(f"“{word}”" for word in words)
