"""Makes a follow-up self-contained: it takes what it lacks from the questions before it."""

from __future__ import annotations

import re

from qa.question.identifiers import find_identifiers, lone_number, spans
from qa.question.knowledge import Knowledge
from qa.question.words import content_words, is_blank, normalise
from qa.records import Turn

_NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w.-]+")
TURNS = 3
"""Of a longer conversation, only so many turns are looked back at."""


def leading_question(text: str, history: tuple[Turn, ...], known: Knowledge, few_words: int) -> str:
    """The question that ``text`` leans on, itself self-contained; "" where it leans on none.

    It leans if it goes on or refers back, and does not itself name what it refers to. With fewer
    words of content than ``few_words`` it goes on unless it names something.
    """
    turns = [turn for turn in history[-TURNS:] if not is_blank(turn.question)]
    if not turns or not _leans(text, known, few_words):
        return ""
    before = normalise(turns[-1].question)
    return self_contained(before, tuple(turns[:-1]), known, few_words)


def self_contained(text: str, history: tuple[Turn, ...], known: Knowledge, few_words: int) -> str:
    """``text`` with what it leans on before it; "what about 2129?" becomes the former question,
    asked of another identifier."""
    before = leading_question(text, history, known, few_words)
    if not before:
        return text
    replaced = other_identifier(text, before, known)
    return replaced or f"{before} {text}"


def other_identifier(text: str, before: str, known: Knowledge) -> str:
    """The question ``before``, asked of the identifier that ``text`` names; "" where one of the
    two names none, or ``text`` asks something of its own."""
    named, former = find_identifiers(text, known), find_identifiers(before, known)
    own = named or lone_number(text, known)
    # Of what the collection does not know, whatever is asked gets the same reply.
    if not own or not former or (named and content_words(text, known.language, spans(own))):
        return ""
    first, last = former[0], former[-1]
    label = known.label(own[0].key, own[0].year)
    return before[: first.start] + label + before[last.end :]


def _leans(text: str, known: Knowledge, few_words: int) -> bool:
    named = [match.start() for match in _NAME.finditer(text)]
    named += [one.start for one in find_identifiers(text, known)]
    few = len(content_words(text, known.language)) < few_words
    continuing = known.language.patterns.continuing.match(text)
    pronoun = known.language.patterns.pronoun.search(text)
    if few and (not named or continuing or pronoun):
        return True
    if pronoun:
        return not any(start < pronoun.start() for start in named)
    return bool(continuing) and not named
