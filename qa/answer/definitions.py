"""Answers what an abbreviation stands for, and what abbreviates a name, both from definitions
that the documents give ("Counter-Terrorism Committee Executive Directorate (CTED)")."""

from __future__ import annotations

from dataclasses import dataclass

from index import language
from index.database import Database, DefinitionEntry
from index.language import Language
from qa.question.words import WORD, content_words, possessive_off
from qa.records import Citation, Interpretation

_LONGEST_NAME = 14
_MOST_BESIDE = 3
MAX_MEANINGS = 3


FIRST = 5.0
"""What its passage gains in the ranking: more than all else together."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for a definition, and the definitions that answer it, the best first."""

    name: str
    """The abbreviation, or the full name, as it was typed."""
    found: tuple[DefinitionEntry, ...]


def asked(text: str, known: Language, database: Database) -> Asked | None:
    """What ``text`` wants defined; None where it asks something else.

    It asks for a definition if it says so and, beside an abbreviation or a full name that
    the documents define, has no words of content.
    """
    if known.patterns.asks_short_form.search(text):
        long = _full_name(text, known, database)
        if long is not None:
            return long
    if not known.patterns.asks_long_form.search(text):
        return None
    if len(_beside(text, known)) > _MOST_BESIDE:
        return None
    tried = set()
    for match in WORD.finditer(text):
        word = possessive_off(match.group())
        # "What is the meaning of this" is not about the IS.
        if word in tried or (word.lower() in known.words.stop and not word.isupper()):
            continue
        tried.add(word)
        found = database.definitions_of(word)
        if found and _nothing_else(text, known, match.span(), found[0].long):
            return Asked(word, tuple(found))
    return None


def _full_name(text: str, known: Language, database: Database) -> Asked | None:
    """The longest full name in ``text`` that the documents abbreviate, if nothing else is
    asked of it."""
    words = [*WORD.finditer(text)]
    for first in range(len(words)):
        for last in range(min(len(words), first + _LONGEST_NAME), first + 1, -1):
            span = words[first].start(), words[last - 1].end()
            name = possessive_off(text[slice(*span)])
            found = database.abbreviations_of(name)
            if found:
                return Asked(name, tuple(found)) if _nothing_else(text, known, span) else None
    return None


def _nothing_else(text: str, known: Language, span: tuple[int, int], long: str = "") -> bool:
    """Whether ``text`` has no words of content beside those of ``span``, but such as the full name
    ``long`` has: "which department is meant by DPI"."""
    own = {word.lower() for word in content_words(long, known)}
    return own.issuperset(word.lower() for word in _beside(text, known, span))


def _beside(text: str, known: Language, *spans: tuple[int, int]) -> list[str]:
    """The words of content outside ``spans`` that are not there to ask for a definition."""
    aside = known.words.asking_definitions
    return [word for word in content_words(text, known, spans) if word.lower() not in aside]


def cite(
    reading: Interpretation, documents: tuple[str, ...] | None, database: Database
) -> tuple[Citation, ...]:
    """The definition that ``reading`` asks for, quoted: one citation for each meaning that the
    documents (or ``documents`` alone) give. Empty where it asks for none, or there is none."""
    wanted = asked(reading.text, language.of(reading.language), database)
    found: dict[tuple[str, str], Citation] = {}
    for one in wanted.found if wanted else ():
        if documents is not None and one.document not in documents:
            continue
        meaning = one.short.casefold(), one.long.casefold()
        passage = database.passage_at(one.document, one.start, one.end)
        if passage is not None and meaning not in found:
            text = passage.text[one.start - passage.start : one.end - passage.start]
            found[meaning] = Citation(passage, one.start, one.end, text)
    return tuple(found.values())[:MAX_MEANINGS]
