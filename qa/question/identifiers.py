"""What a question names that the collection can look up: identifiers of documents."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from index.database import Database
from index.records import Mention
from qa.question.knowledge import Knowledge
from qa.question.words import WORD, content_words

_SPELLED = re.compile(r"(?<![\w/])[A-Za-z]{1,5}(?:[-_.][A-Za-z0-9]+){1,6}(?!\w)")
"""A symbol as addresses and names of files have it: "s-2025-107"."""
YEAR = re.compile(r"(?<![\w/.,-])(?:19|20)\d\d(?![\w/-]|[.,]\d)")
_YEAR_LIKE = re.compile(r"19\d\d|20[0-3]\d")


def find_identifiers(text: str, known: Knowledge) -> list[Mention]:
    """Identifiers in ``text``: those spelled out, and bare numbers that the collection knows
    as identifiers and that do not read as years."""
    found = known.identifiers(text)
    numbers = known.domains.bare_numbers(text)
    alone = len(numbers) == 1 and not content_words(text, known.language, spans(numbers))
    for one in numbers:
        digits = text[one.start : one.end]
        if len(digits) < 3 or (
            _YEAR_LIKE.fullmatch(digits) and _reads_as_year(text, one, known, alone)
        ):
            continue
        if is_held(one.key, known.database):
            found.append(one)
    taken = spans(found)
    for match in _SPELLED.finditer(text):
        key = known.database.key_spelled(match.group())
        if key and not any(start < match.end() and match.start() < end for start, end in taken):
            found.append(Mention(key, *match.span()))
    return [_dated(text, one, known) for one in sorted(found, key=lambda one: one.start)]


def _dated(text: str, mention: Mention, known: Knowledge) -> Mention:
    """``mention`` with the year that stands beside it, and the words that give it."""
    if mention.year is not None:
        return mention
    patterns = known.language.patterns
    if after := patterns.year_after.match(text, mention.end):
        return replace(mention, end=after.end(), year=int(after["year"]))
    if before := patterns.year_before.search(text, 0, mention.start):
        return replace(mention, start=before.start(), year=int(before["year"]))
    return mention


def lone_number(text: str, known: Knowledge) -> list[Mention]:
    """A number that is all that ``text`` asks about, or that it turns to, where identifiers were
    spoken of: "what about 2133?" means a resolution, whether or not the collection knows it."""
    found = [one for one in known.domains.bare_numbers(text) if one.end - one.start > 2]
    turning = known.language.patterns.turning
    turned = len(found) == 1 and turning.search(text, 0, found[0].start) is not None
    lone = turned or (len(found) == 1 and not content_words(text, known.language, spans(found)))
    return found if lone and not _YEAR_LIKE.fullmatch(text, found[0].start, found[0].end) else []


def _reads_as_year(text: str, number: Mention, known: Knowledge, alone: bool) -> bool:
    """Whether a number such as 1993 is a year: it is, unless it stands ``alone``: there is
    nothing else in the question that it could be the year of ("what about 1993?")."""
    lead = known.language.patterns.year_lead
    return not alone or lead.search(text, 0, number.start) is not None


def spans(mentions: Iterable[Mention]) -> list[tuple[int, int]]:
    """Where they stand."""
    return [(one.start, one.end) for one in mentions]


def is_held(key: str, database: Database) -> bool:
    """Whether a document mentions the identifier anywhere, or is what it names."""
    return bool(
        database.mentioning(key, 1) or database.owning(key) or database.mentioned_elsewhere(key)
    )


def years(text: str, known: Knowledge, bounds: bool = True) -> list[str]:
    """The years in ``text`` outside of identifiers, each once; without those that are ``bounds``
    of a time ("before 2017") where these are not wanted."""
    for one in reversed(known.identifiers(text)):
        text = f"{text[: one.start]} {text[one.end :]}"
    found = []
    for match in YEAR.finditer(text):
        before = WORD.findall(text[: match.start()])
        if bounds or not (before and before[-1].lower() in known.language.words.times):
            found.append(match.group())
    return [*dict.fromkeys(found)]
