"""Decides whether the quotes answer the question, and if not, says why.

The confidence is a logistic model of signals that ranking, choosing and reading have already
computed. Its weights come with the project (``data/confidence.json``); ``scripts/fit-confidence``
fits them, and the threshold, on the ``tune`` halves of question sets (docs/answers.md).
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields, replace
from functools import cache
from pathlib import Path

from index import languages, lexical, packaged
from index.catalogue import PassageEntry
from index.generation import Generation
from qa import absence, designators, gist, kinds, names, phrases
from qa.choose import Choice, Rival
from qa.quotes import Quote
from qa.records import Interpretation, Refusal
from qa.retrieve import Ranking
from qa.words import content_words

WEIGHTS = Path(__file__).parent / "data" / "confidence.json"
LOOKED_UP = 0.7
"""Least confidence in what was looked up by the identifier that alone was asked about."""
NAMELESS = 0.1
"""Most confidence in quotes for a question after a name that stands nowhere."""
UNREAD = 0.3
"""Most confidence where the question or the best quote is in a language that the models do not
read: under every threshold that is worth setting."""
_STRANGE = " If the question is not in English, try it in English: the models read little else."
_UNSURE = "and no sentence surely answers it in other words"
FAINT = 0.1
"""Confidence under which the nearest passages are said to hold no answer, probably."""
_TELLING = 5
"""Shorter words ("far", "came", "take") say little of what a question is after."""
_KINDS = frozenset(
    "year years date dates day days month months time place present people person persons".split()
)
"""Words of a question that say what kind of thing it is after: no answer need have them."""
_NAMED = 2
"""So many names of a question, and so many of its words, are told in a refusal."""


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
    names: float
    """Share of the question's names that the best quote's document never mentions."""
    logit: float
    """What the reader made of the best quote; 0 where there is none."""


NAMES = tuple(one.name for one in fields(Signals))


@dataclass(frozen=True, slots=True)
class Nearest:
    """What the passages that are shown with a refusal have of its question."""

    matched: frozenset[str]
    """The words that they have."""
    unnamed: frozenset[str]
    """The words that they mention in no form, as "Syrian" is one of "Syria"."""
    named: tuple[str, ...] = ()
    """The names of the question, as it has them, that they and the documents have."""


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
    cover"), and ``best`` is of the document that it names, or opens with it; or nothing but where
    quoted words are, and ``best`` has them."""
    if interpretation.phrases:
        quoted = {word for one in interpretation.phrases for word in content_words(one)}
        only = quoted.issuperset(interpretation.terms)
        return only and phrases.held_by(interpretation.phrases)(best.text)
    if best.document in gist.asked_whole(interpretation, generation):
        return True
    asked = interpretation.identifiers
    if len(asked) != 1 or interpretation.terms:
        return False
    return asked[0] in best.sentence.subjects


def is_of_another(interpretation: Interpretation, best: Quote, generation: Generation) -> bool:
    """Whether the question is after a document by a number that is no identifier, and the document
    of ``best`` nowhere has it: what "statement 2015/14" says is not what 2015/15 does."""
    asked = designators.slashed(interpretation.own)
    passage = best.sentence.passage
    if not asked or any(designators.has(passage.headed, one) for one in asked):
        return False
    text = generation.catalogue.text(best.document) or ""
    return not any(designators.has(text, one) for one in asked)


def signals(
    interpretation: Interpretation,
    ranking: Ranking,
    choice: Choice,
    generation: Generation,
    rivals: Sequence[Rival] = (),
) -> Signals:
    """Gather the signals for what ``choice`` quotes, at least one sentence. Its ``rivals`` answer
    as well, and so the best does not have to lead them."""
    best, scores = choice.best, ranking.scores
    beside = {one.quote.sentence.key for one in rivals}
    others = [one.score for one in choice.others if one.sentence.key not in beside]
    place = ranking.rows.index(best.sentence.passage.row)
    text = " ".join(one.text for one in choice.quoted)
    return Signals(
        passage=float(ranking.scored.passages[ranking.position(best.sentence.passage.row)]),
        margin=best.score - max(others, default=0.0),
        standing=float(scores[place] - scores[0]),
        lead=float(scores[0] - scores[1]) if len(scores) > 1 else 0.0,
        words=_held(interpretation, text, generation),
        kind=float(kinds.lacking(interpretation, choice.quotes) is not None),
        names=_unmentioned(interpretation, best, generation),
        logit=best.logit or 0.0,
    )


def _unmentioned(interpretation: Interpretation, best: Quote, generation: Generation) -> float:
    """Share of the question's names that the document of ``best`` never mentions; 0 for a question
    without names."""
    if not (asked := names.names(interpretation.text)):
        return 0.0
    passage, catalogue = best.sentence.passage, generation.catalogue
    absent = names.unmentioned(asked, lexical.readable(passage.headed), catalogue)
    if absent:
        # The whole text as it is: to fold it would take longer than all the rest.
        absent = names.unmentioned(absent, catalogue.text(best.document) or "", catalogue)
        absent = [one for one in absent if best.document not in absence.holding(one, generation)]
    return len(absent) / len(asked)


def _held(interpretation: Interpretation, text: str, generation: Generation) -> float:
    """Share of the question's words of content that ``text`` holds, each stem weighted by its
    rarity (IDF); 1 for a question without such words."""
    words, passages = generation.lexical, generation.manifest.counts["passages"]
    present = set(words.stems(text))
    total = held = 0.0
    for stem in {stem for term in interpretation.terms for stem in words.stems(term)}:
        weight = math.log((passages + 1) / (words.frequency(stem) + 0.5))
        total += weight
        held += weight if stem in present else 0.0
    return held / total if total > 0 else 1.0


def unknown_identifiers(interpretation: Interpretation) -> Refusal | None:
    """A refusal where the question is about identifiers that the collection lacks, all of them."""
    if not interpretation.unknown_identifiers or interpretation.identifiers:
        return None
    lacking = not_mentioned(interpretation.unknown_identifiers, interpretation.traced_identifiers)
    return replace(
        lacking,
        message=f"{lacking.message} The nearest passages are shown.",
        missing_terms=interpretation.missing_terms,
    )


def not_mentioned(labels: tuple[str, ...], traced: tuple[str, ...]) -> Refusal:
    """A refusal to tell of the identifiers ``labels``, which the collection lacks. Of those that
    are ``traced`` the number is there: no more is said than that nothing is known by the name."""
    told = []
    if absent := [one for one in labels if one not in traced]:
        told.append(f"The documents of this collection do not mention {' or '.join(absent)}.")
    if found := [one for one in labels if one in traced]:
        numbers = "its number stands" if len(found) == 1 else "their numbers stand"
        told.append(
            f"Nothing in this collection is recognised as {' or '.join(found)}, though {numbers} "
            "in a document."
        )
    return Refusal("unknown_identifier", " ".join(told), unknown_identifiers=labels)


def nothing_found(
    interpretation: Interpretation, documents: tuple[str, ...] | None, generation: Generation
) -> Refusal:
    """A refusal where no passage of ``documents`` (None: of all) is a candidate at all."""
    if interpretation.phrases:
        return Refusal(
            "phrase_not_found",
            phrases.not_found(interpretation.phrases, documents, generation),
            missing_terms=interpretation.missing_terms,
        )
    return Refusal(
        "nothing_found",
        "The chosen documents have no passage to search.",
        missing_terms=interpretation.missing_terms,
    )


def misdated(interpretation: Interpretation) -> list[str]:
    """A sentence for each identifier that was asked for with another year than documents give."""
    return [
        f"The documents have {one.name} of {one.held}; the question says {one.asked}."
        for one in interpretation.misdated
    ]


def unread(interpretation: Interpretation, passage: PassageEntry | None, quoted: str = "") -> str:
    """Why the models cannot judge: the question, or the ``passage`` that ranks first, or what is
    ``quoted`` of it, is in a language that they do not read; "" where they can."""
    readable = packaged.READABLE
    known = " or ".join(map(languages.name, sorted(readable)))
    own = (
        "Only exact words, names, numbers and identifiers could be looked for: the models read "
        f"{known} alone"
    )
    if interpretation.language and interpretation.language not in readable:
        return f"The question seems to be in {languages.name(interpretation.language)}. {own}."
    if passage is not None:
        found = languages.of_quote(quoted, passage.language)
        if found and found not in readable:
            language = languages.name(found)
            return f"The nearest passage, of “{passage.document.title}”, is in {language}. {own}."
    return ""


def cannot_read(interpretation: Interpretation, why: str) -> Refusal:
    """A refusal where the models cannot judge what was found, for the reason ``why``."""
    return Refusal("unread_language", why, missing_terms=interpretation.missing_terms)


def not_confident(
    interpretation: Interpretation,
    part_of: Interpretation,
    nearest: Nearest,
    confidence: float,
) -> Refusal:
    """A refusal where the best quotes probably do not answer the question, or, of a question
    that asks several things, the one that has the weakest quotes; ``confidence`` is what the
    quotes had."""
    own, strange = content_words(interpretation.own), names.nowhere(interpretation)
    # Of the question that this one leans on, its names alone are asked about again.
    missing = tuple(one for one in interpretation.missing_terms if one in {*own, *strange})
    told = _tellingly(missing)
    if told or (missing and interpretation.strange):
        # A name that is nowhere, or all of the words, is what was asked about; another word may
        # only be another's way to say it.
        decisive = strange or len(missing) == len(interpretation.terms) or confidence < FAINT
        meaning = "so they probably do not answer this" if decisive else _UNSURE
        may = "" if decisive else "; whether they answer it is for you to judge"
        return Refusal(
            "missing_terms",
            f"The documents never use {_listed(told or missing)}, {meaning}."
            f"{_STRANGE if interpretation.strange else ''} The nearest passages are shown{may}.",
            missing_terms=missing,
        )
    asked = "the question" if interpretation is part_of else f"“{interpretation.own}”"
    about = " and ".join(nearest.named[:_NAMED])
    lead = f"The documents speak of {about}, but no" if about else "No"
    absent = [word for word in own if word in interpretation.terms and word not in nearest.matched]
    return Refusal(
        "low_confidence",
        f"{lead} sentence could be picked out that surely answers "
        f"{asked}. The nearest passages are shown{_outlook(absent, nearest, confidence)}.",
        missing_terms=missing,
    )


def _outlook(absent: Sequence[str], nearest: Nearest, confidence: float) -> str:
    """What to expect of the nearest passages, which do not have the words ``absent``."""
    # Others may have other words for a thing, but not for a name or a number.
    fixed = [one for one in absent if not one[0].islower() and one in nearest.unnamed]
    if fixed:
        return f"; none of them has {_listed(fixed[:_NAMED])}"
    if confidence < FAINT:
        return ", but they probably do not hold the answer"
    told = [one for one in _tellingly(absent) if one in nearest.unnamed][:_NAMED]
    without = f", without {_listed(told)}" if told else ""
    return f"{without}; whether they answer it is for you to judge"


def _tellingly(words: Sequence[str]) -> list[str]:
    """Those of ``words`` that say what a question is after."""
    return [
        one for one in words if not one[0].islower() or (len(one) >= _TELLING and one not in _KINDS)
    ]


def _listed(words: Sequence[str]) -> str:
    return " or ".join(f"“{word}”" for word in words)
