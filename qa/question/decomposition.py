"""Splits a question that asks several things into questions that each ask one.

"Who leads the working group, and who founded GIFCT?" needs a sentence for each half, and the
two sentences have little in common; asked as one, the half with the rarer words wins.
"""

from __future__ import annotations

from qa.question.identifiers import find_identifiers, spans
from qa.question.knowledge import Knowledge
from qa.question.words import content_words

MAX_PARTS = 3


def split(text: str, known: Knowledge) -> list[str]:
    """The questions that ``text`` asks, in its own words and order; ``[text]`` if it is one.

    A piece that names nothing of its own ("..., and when?", "... Give both dates.") is no
    question by itself and stays with the one before it. Of two names that are compared, what
    each is is asked.
    """
    if compared := _compared(text, known):
        return compared
    pieces: list[tuple[int, int]] = []
    position = 0
    for match in [*known.language.patterns.part_break.finditer(text), None]:
        end = match.start() if match else len(text)
        full = len(pieces) == MAX_PARTS
        if pieces and (full or not _stands(text[position:end], known)):
            pieces[-1] = pieces[-1][0], end
        else:
            pieces.append((position, end))
        position = match.end() if match else end
    if not _stands(text[slice(*pieces[0])], known):
        return [text]  # "Apart from what the report says, who ...": the rest needs its opening
    return [text[start:end].strip() for start, end in pieces] if len(pieces) > 1 else [text]


def _compared(text: str, known: Knowledge) -> list[str]:
    patterns = known.language.patterns
    found = patterns.compared.match(text)
    if found is None:
        return []
    names = found["one"], found["other"]
    alone = all(patterns.compared_name.match(_without_identifiers(one, known)) for one in names)
    return [known.language.messages.asks_what.format(name=one) for one in names] if alone else []


def _without_identifiers(name: str, known: Knowledge) -> str:
    """``name`` with a name of one word for each identifier in it."""
    for one in reversed(known.identifiers(name)):
        name = f"{name[: one.start]}X{name[one.end :]}"
    return name


def of_each_identifier(text: str, held: tuple[str, ...], known: Knowledge) -> list[str]:
    """``text`` asked of each of the identifiers ``held`` (keys) in it by itself, in their order.

    ``[text]`` where they are too many: none is to be left out in silence.
    """
    found = known.identifiers(text)
    labels = dict.fromkeys(known.label(one.key, one.year) for one in found if one.key in held)
    if not 1 < len(labels) <= MAX_PARTS:
        return [text]
    return [text[: found[0].start] + label + text[found[-1].end :] for label in labels]


def _stands(piece: str, known: Knowledge) -> bool:
    """Whether ``piece`` asks something, of something that it names or refers to."""
    named, patterns = find_identifiers(piece, known), known.language.patterns
    words = len(content_words(piece, known.language, spans(named))) + len(named)
    referring = patterns.pronoun.search(piece) is not None
    return patterns.asks.search(piece) is not None and words + referring >= 2
