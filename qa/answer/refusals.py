"""Says why a question is not answered, in words for people and with a stable reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index import language
from index.generation import Generation
from qa.question import entities, phrases
from qa.question.words import content_words
from qa.records import Interpretation, Refusal

_STRANGE = " If the question is not in English, try it in English: the models read little else."
_UNSURE = "and no sentence surely answers it in other words"
_TELLING = 5
"""Shorter words ("far", "came", "take") say little of what a question is after."""
_KINDS = language.of("en").words.kinds
_NAMED = 2
"""So many names of a question, and so many of its words, are told in a refusal."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """What the passages that are shown with a refusal have of its question."""

    matched: frozenset[str]
    """The words that they have."""
    unnamed: frozenset[str]
    """The words that they mention in no form, as "Syrian" is one of "Syria"."""
    named: tuple[str, ...] = ()
    """The names of the question, as it has them, that they and the documents have."""


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
        "There is no passage to search" + ("." if documents is None else " in these documents."),
        missing_terms=interpretation.missing_terms,
    )


def cannot_read(interpretation: Interpretation, why: str) -> Refusal:
    """A refusal where the models cannot judge what was found, for the reason ``why``."""
    return Refusal("unread_language", why, missing_terms=interpretation.missing_terms)


def not_confident(
    interpretation: Interpretation,
    part_of: Interpretation,
    nearest: Nearest,
    faint: bool,
) -> Refusal:
    """A refusal where the best quotes probably do not answer the question, or, of a question
    that asks several things, the one that has the weakest quotes; ``faint``: there is next to no
    confidence in them."""
    own, strange = content_words(interpretation.own), entities.nowhere(interpretation)
    # Of the question that this one leans on, its names alone are asked about again.
    missing = tuple(one for one in interpretation.missing_terms if one in {*own, *strange})
    told = _tellingly(missing)
    if told or (missing and interpretation.strange):
        # A name that is nowhere, or all of the words, is what was asked about; another word may
        # only be another's way to say it.
        decisive = strange or len(missing) == len(interpretation.terms) or faint
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
        f"{asked}. The nearest passages are shown{_outlook(absent, nearest, faint)}.",
        missing_terms=missing,
    )


def _outlook(absent: Sequence[str], nearest: Nearest, faint: bool) -> str:
    """What to expect of the nearest passages, which do not have the words ``absent``."""
    # Others may have other words for a thing, but not for a name or a number.
    fixed = [one for one in absent if not one[0].islower() and one in nearest.unnamed]
    if fixed:
        return f"; none of them has {_listed(fixed[:_NAMED])}"
    if faint:
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
