"""Splits a question that asks several things into questions that each ask one.

"Who leads the working group, and who founded GIFCT?" needs a sentence for each half, and the
two sentences have little in common; asked as one, the half with the rarer words wins.
"""

from __future__ import annotations

import re

from index import identifiers, language
from index.database import Database
from qa.question.followups import PRONOUN
from qa.question.identifiers import find_identifiers, spans
from qa.question.words import content_words

MAX_PARTS = 3
_ASKING = language.of("en").patterns.asking.pattern
_AUXILIARY = language.of("en").patterns.auxiliary.pattern
_BREAK = language.of("en").patterns.part_break
_COMPARED = language.of("en").patterns.compared
_NAMED = language.of("en").patterns.compared_name


def split(text: str, database: Database) -> list[str]:
    """The questions that ``text`` asks, in its own words and order; ``[text]`` if it is one.

    A piece that names nothing of its own ("..., and when?", "... Give both dates.") is no
    question by itself and stays with the one before it. Of two names that are compared, what
    each is is asked.
    """
    if compared := _compared(text):
        return compared
    pieces: list[tuple[int, int]] = []
    position = 0
    for match in [*_BREAK.finditer(text), None]:
        end = match.start() if match else len(text)
        full = len(pieces) == MAX_PARTS
        if pieces and (full or not _stands(text[position:end], database)):
            pieces[-1] = pieces[-1][0], end
        else:
            pieces.append((position, end))
        position = match.end() if match else end
    if not _stands(text[slice(*pieces[0])], database):
        return [text]  # "Apart from what the report says, who ...": the rest needs its opening
    return [text[start:end].strip() for start, end in pieces] if len(pieces) > 1 else [text]


def _compared(text: str) -> list[str]:
    found = _COMPARED.match(text)
    if found is None:
        return []
    if re.match(r"\W*how\b", text, re.I) and not re.search(r"\b(?:differ|compare)", text, re.I):
        return []
    names = found["one"], found["other"]
    return [f"What is {one}?" for one in names] if all(map(_NAMED.match, names)) else []


def of_each_identifier(text: str, held: tuple[str, ...]) -> list[str]:
    """``text`` asked of each of the identifiers ``held`` (keys) in it by itself, in their order.

    ``[text]`` where they are too many: none is to be left out in silence.
    """
    found = identifiers.find(text)
    labels = dict.fromkeys(identifiers.label(one.key, one.year) for one in found if one.key in held)
    if not 1 < len(labels) <= MAX_PARTS:
        return [text]
    return [text[: found[0].start] + label + text[found[-1].end :] for label in labels]


def _stands(piece: str, database: Database) -> bool:
    """Whether ``piece`` asks something, of something that it names or refers to."""
    named = find_identifiers(piece, database)
    asks = re.search(rf"\b{_ASKING}|(?:^|:\s+)\W*{_AUXILIARY}", piece, re.I) is not None
    words = len(content_words(piece, skip=spans(named))) + len(named)
    return asks and words + (PRONOUN.search(piece) is not None) >= 2
