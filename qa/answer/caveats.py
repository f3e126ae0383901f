"""What a reader should know before quoting an answer: that it is not sure, and what of the
question the quotes leave out. An answer that needs no such word has none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index import language, lexical
from index.generation import Generation
from qa.answer import answer_type, differences, list_continuation, selection
from qa.answer.quotes import Quote
from qa.question import designators, entities, knowledge, phrases
from qa.question.identifiers import years
from qa.question.knowledge import Knowledge
from qa.records import Interpretation
from qa.tuning import ConfidenceTuning

_MOST_NAMES = 3


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
    known = knowledge.of(interpretation.language, generation.database)
    say = known.language.messages
    found = [say.nearest] if confidence < tuning.sure else []
    found += differences.told(quotes, rivals, say)
    found += misdated(interpretation)
    said = "\n".join(lexical.readable(one.sentence.passage.headed) for one in quotes)
    quoted = " ".join(one.text for one in quotes)
    tokens = set(re.findall(r"[^\W_]+(?:\.\d+)*", said))
    found += _unquoted(interpretation, quotes, generation)
    own = [one for one in interpretation.names if one in interpretation.own]
    asked = entities.telling(own, generation, tuning.common_name)
    absent = entities.unmentioned(asked, said, generation.database)
    told = entities.whole(interpretation.text, absent, known)
    told += [name for name, one in interpretation.numbered if one not in tokens]
    found += presupposed(interpretation, quoted, known)
    documents = (*interpretation.slashed, *interpretation.parts)
    told += [one for one in documents if not designators.has(said, one)]
    if told := [*dict.fromkeys(told)][:_MOST_NAMES]:
        found.append(say.not_named.format(names=say.either.join(told)))
    if interpretation.asks_whether:
        found += [
            say.listed_under.format(heading=section[-1].strip("*_: "))
            for one in quotes
            if one.listed and (section := one.sentence.passage.section)
        ]
    if list_continuation.is_cut(quotes, generation):
        found.append(say.list_goes_on)
    if interpretation.asked_kind and not interpretation.identifiers:
        found += [
            say.hearsay.format(name=label, title=title)
            for label, title in _hearsay(quotes, generation)
        ]
    if place := known.language.patterns.place.search(interpretation.own):
        found.append(say.place.format(place=place.group().lower()))
    kind = answer_type.lacking(interpretation, quotes, known.domains)
    if kind and answer_type.none_at_all(kind, quoted, interpretation, known.domains):
        named = interpretation.asked_kind if kind == "identifier" else kind
        found.append(say.lacks_kind.format(kind=named))
    return tuple(dict.fromkeys(found))


def presupposed(interpretation: Interpretation, quoted: str, known: Knowledge) -> list[str]:
    """A sentence where the question gives a year and what is ``quoted`` gives others."""
    held = years(quoted, known) if interpretation.years else []
    if not held or set(interpretation.years) & set(held):
        return []
    say = known.language.messages
    asked, said = (say.both.join(one[:_MOST_NAMES]) for one in (interpretation.years, held))
    return [say.presupposed.format(asked=asked, held=said)]


def misdated(interpretation: Interpretation) -> list[str]:
    """A sentence for each identifier that was asked for with another year than documents give."""
    said = language.of(interpretation.language).messages.misdated
    return [
        said.format(name=one.name, held=one.held, asked=one.asked)
        for one in interpretation.misdated
    ]


def _unquoted(
    interpretation: Interpretation, quotes: Sequence[Quote], generation: Generation
) -> list[str]:
    """What was asked for word for word, or by its number, and stands in no quote."""
    lacking = [
        f"“{one}”"
        for one in interpretation.phrases
        if not any(map(phrases.held_by((one,)), (quote.text for quote in quotes)))
    ]
    found, say = [], language.of(interpretation.language).messages
    if lacking:
        found.append(say.words_not_quoted.format(words=say.either.join(lacking)))
    answered = frozenset[str]().union(*(one.sentence.answers_for for one in quotes))
    if interpretation.identifiers and not answered:
        labels = [generation.database.label(key) for key in interpretation.identifiers]
        found.append(say.identifier_not_quoted.format(names=say.either.join(labels)))
    return found


def _hearsay(quotes: Sequence[Quote], generation: Generation) -> list[tuple[str, str]]:
    """The resolutions that ``quotes`` name, as texts call them, each with the title of a document
    that it names, if none of these is quoted."""
    database, quoted = generation.database, {one.document for one in quotes}
    named = {one.key: one for quote in quotes for one in database.domains.find(quote.text)}
    owners = {key: set(database.owning(key)) for key in named}
    if any(found & quoted for found in owners.values()):
        return []
    labels = [
        (database.label(key, one.year), entry.title)
        for key, one in named.items()
        for entry in [database.document(id) for id in sorted(owners[key])[:1]]
        if entry is not None
    ]
    return labels[:_MOST_NAMES]
