"""What a reader should know before quoting an answer: that it is not sure, and what of the
question the quotes leave out. An answer that needs no such word has none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index import identifiers, language, lexical
from index.generation import Generation
from qa.answer import answer_type, differences, list_continuation, selection
from qa.answer.quotes import Quote
from qa.question import designators, entities, phrases
from qa.records import Interpretation
from qa.tuning import ConfidenceTuning

_MOST_NAMES = 3
_TOLD: tuple[answer_type.Kind, ...] = ("date", "number", "resolution")
"""A name that opens a sentence looks like any word, so that none is there cannot be told."""
_PLACE = language.of("en").patterns.place
_NEAREST = "These sentences come nearest; check that they answer the question."


def of(
    interpretation: Interpretation,
    quotes: Sequence[Quote],
    confidence: float,
    generation: Generation,
    tuning: ConfidenceTuning,
    rivals: Sequence[selection.Rival] = (),
) -> tuple[str, ...]:
    """What to tell with ``quotes``, given at ``confidence`` as the answer: the most general
    first. ``rivals`` are all that were found, quoted or not."""
    found = [_NEAREST] if confidence < tuning.sure else []
    found += differences.told(quotes, rivals)
    found += misdated(interpretation)
    said = "\n".join(lexical.readable(one.sentence.passage.headed) for one in quotes)
    quoted = " ".join(one.text for one in quotes)
    tokens = set(re.findall(r"[^\W_]+(?:\.\d+)*", said))
    found += _unquoted(interpretation, quotes, generation)
    asked = entities.telling(interpretation.text, generation, tuning.common_name)
    absent = entities.unmentioned(asked, said, generation.database)
    told = entities.whole(interpretation.text, absent)
    told += [name for name, one in designators.numbered(interpretation.text) if one not in tokens]
    told += [one for one in _documents(interpretation.text) if not designators.has(said, one)]
    if told := [*dict.fromkeys(told)][:_MOST_NAMES]:
        found.append(f"The passages quoted do not name {' or '.join(told)}.")
    if list_continuation.is_cut(quotes, generation):
        found.append("A list that is quoted goes on in the document.")
    if answer_type.asks_resolution(interpretation.own) and not interpretation.identifiers:
        found += [
            f"The quotes speak of {label}, but are not from “{title}”, the document of that name."
            for label, title in _hearsay(quotes, generation)
        ]
    if place := _PLACE.search(interpretation.own):
        found.append(
            f"Where in a document a sentence stands is not looked at: whether it is the "
            f"{place.group().lower()} is left to you to check."
        )
    if (kind := answer_type.lacking(interpretation, quotes)) in _TOLD and answer_type.none_at_all(
        kind, quoted
    ):
        found.append(f"The question asks for a {kind}, and the quotes give none.")
    return tuple(found)


def misdated(interpretation: Interpretation) -> list[str]:
    """A sentence for each identifier that was asked for with another year than documents give."""
    return [
        f"The documents have {one.name} of {one.held}; the question says {one.asked}."
        for one in interpretation.misdated
    ]


def _documents(question: str) -> list[str]:
    return [*designators.slashed(question), *designators.parts(question)]


def _unquoted(
    interpretation: Interpretation, quotes: Sequence[Quote], generation: Generation
) -> list[str]:
    """What was asked for word for word, or by its number, and stands in no quote."""
    lacking = [
        f"“{one}”"
        for one in interpretation.phrases
        if not any(map(phrases.held_by((one,)), (quote.text for quote in quotes)))
    ]
    found = []
    if lacking:
        found.append(
            f"The sentences quoted do not hold the words {' or '.join(lacking)}; these stand near "
            "them, or in a heading."
        )
    answered = frozenset[str]().union(*(one.sentence.answers_for for one in quotes))
    if interpretation.identifiers and not answered:
        labels = [
            identifiers.label(key, generation.database.year_of(key))
            for key in interpretation.identifiers
        ]
        found.append(f"The sentences quoted do not name {' or '.join(labels)}.")
    return found


def _hearsay(quotes: Sequence[Quote], generation: Generation) -> list[tuple[str, str]]:
    """The resolutions that ``quotes`` name, as texts call them, each with the title of a document
    that it names, if none of these is quoted."""
    database, quoted = generation.database, {one.document for one in quotes}
    named = {one.key: one for quote in quotes for one in identifiers.find(quote.text)}
    owners = {key: set(database.owning(key)) for key in named}
    if any(found & quoted for found in owners.values()):
        return []
    labels = [
        (identifiers.label(key, one.year or database.year_of(key)), entry.title)
        for key, one in named.items()
        for entry in [database.document(id) for id in sorted(owners[key])[:1]]
        if entry is not None
    ]
    return labels[:_MOST_NAMES]
