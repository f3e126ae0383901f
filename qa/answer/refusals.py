"""Says why a question is not answered, in words for people and with a stable reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index import language
from index.generation import Generation
from index.language import Language, Messages
from qa.question import phrases
from qa.question.words import content_words
from qa.records import Interpretation, Refusal

_TELLING = 5
"""Shorter words ("far", "came", "take") say little of what a question is after."""
_NAMED = 2
"""So many names of a question, and so many of its words, are told in a refusal."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """What is shown with a refusal, passages or quotes, has of its question."""

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
    lacking = not_mentioned(interpretation.unknown_identifiers, interpretation)
    shown = language.of(interpretation.language).messages.passages_shown.format(more="")
    return replace(
        lacking,
        message=f"{lacking.message} {shown}",
        missing_terms=interpretation.missing_terms,
    )


def not_mentioned(labels: tuple[str, ...], interpretation: Interpretation) -> Refusal:
    """A refusal to tell of the identifiers ``labels``, which the collection lacks. Of those whose
    number is there no more is said than that nothing is known by the name."""
    say, told = language.of(interpretation.language).messages, []
    traced = interpretation.traced_identifiers
    if absent := [one for one in labels if one not in traced]:
        told.append(say.not_mentioned.format(names=say.either.join(absent)))
    if found := [one for one in labels if one in traced]:
        stands = say.number_stands if len(found) == 1 else say.numbers_stand
        told.append(stands.format(names=say.either.join(found)))
    if interpretation.kin:
        told.append(say.kin_held.format(names=say.both.join(interpretation.kin)))
    return Refusal("unknown_identifier", " ".join(told), unknown_identifiers=labels)


def nothing_found(
    interpretation: Interpretation, documents: tuple[str, ...] | None, generation: Generation
) -> Refusal:
    """A refusal where no passage of ``documents`` (None: of all) is a candidate at all."""
    say = language.of(interpretation.language).messages
    if interpretation.phrases:
        return Refusal(
            "phrase_not_found",
            phrases.not_found(interpretation.phrases, documents, generation, say),
            missing_terms=interpretation.missing_terms,
        )
    return Refusal(
        "nothing_found",
        say.nothing_to_search if documents is None else say.nothing_to_search_there,
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
    quoted: bool = False,
) -> Refusal:
    """A refusal where the best quotes probably do not answer the question, or, of a question
    that asks several things, the one that has the weakest quotes; ``faint``: there is next to no
    confidence in them. ``quoted``: what is ``nearest`` are quotes, not passages."""
    known = language.of(interpretation.language)
    say, lost = known.messages, interpretation.lost_names
    own = content_words(interpretation.own, known)
    # Of the question that this one leans on, its names alone are asked about again.
    missing = tuple(one for one in interpretation.missing_terms if one in {*own, *lost})
    shown = say.closest_quoted if quoted else say.passages_shown
    told = _tellingly(missing, known)
    if told or (missing and interpretation.strange):
        # A name that is nowhere, or all of the words, is what was asked about; another word may
        # only be another's way to say it.
        decisive = lost or len(missing) == len(interpretation.terms) or faint
        said = [
            say.never_use.format(
                words=_listed(told or missing, say),
                meaning=say.probably_not if decisive else say.unsure,
            ),
            *([say.strange] if interpretation.strange else []),
            shown.format(more="" if decisive and not quoted else say.and_judge),
        ]
        return Refusal("missing_terms", " ".join(said), missing_terms=missing)
    asked = say.the_question if interpretation is part_of else f"“{interpretation.own}”"
    about = say.both.join(nearest.named[:_NAMED])
    lead = say.no_sentence_but if about else say.no_sentence
    absent = [word for word in own if word in interpretation.terms and word not in nearest.matched]
    outlook = _outlook(absent, nearest, faint, known)
    said = [lead.format(names=about, asked=asked), shown.format(more=outlook)]
    return Refusal("low_confidence", " ".join(said), missing_terms=missing)


def _outlook(absent: Sequence[str], nearest: Nearest, faint: bool, known: Language) -> str:
    """What to expect of the nearest passages, which do not have the words ``absent``."""
    say = known.messages
    # Others may have other words for a thing, but not for a name or a number.
    fixed = [one for one in absent if not one[0].islower() and one in nearest.unnamed]
    if fixed:
        return say.none_has.format(words=_listed(fixed[:_NAMED], say))
    if faint:
        return say.probably_without
    told = [one for one in _tellingly(absent, known) if one in nearest.unnamed][:_NAMED]
    without = say.without.format(words=_listed(told, say)) if told else ""
    return f"{without}{say.and_judge}"


def _tellingly(words: Sequence[str], known: Language) -> list[str]:
    """Those of ``words`` that say what a question is after."""
    return [
        one
        for one in words
        if not one[0].islower() or (len(one) >= _TELLING and one not in known.words.kinds)
    ]


def _listed(words: Sequence[str], say: Messages) -> str:
    return say.either.join(f"“{word}”" for word in words)
