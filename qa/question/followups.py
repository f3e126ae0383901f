"""Makes a follow-up self-contained: it takes what it lacks from the questions before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from qa.question import entities
from qa.question.identifiers import find_identifiers, lone_number, spans
from qa.question.knowledge import Knowledge
from qa.question.remarks import is_remark
from qa.question.words import content_words, is_blank, normalise
from qa.records import Turn

_NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w.-]+")
TURNS = 5
"""Of a longer conversation, only so many turns are looked back at."""


Leaning = Literal["not", "perhaps", "surely"]


def leading_question(text: str, history: tuple[Turn, ...], known: Knowledge, few_words: int) -> str:
    """The question that ``text`` leans on, itself self-contained; "" where it leans on none."""
    turns = asked_before(history, known)[-TURNS:]
    if not turns or leaning(text, known, few_words) == "not":
        return ""
    last = normalise(turns[-1].question)
    before = as_asked(last, known)
    first = _first(before, turns[:-1], known, few_words)
    return asked_of_another(last, first, known) or " ".join(filter(None, (first, before)))


def _first(text: str, turns: Sequence[Turn], known: Knowledge, few_words: int) -> str:
    """The question that a thread begins with which goes on with ``text``; what was asked between
    the two is left out. "" where ``text`` itself begins it."""
    leans = leaning(text, known, few_words)
    several = len(content_words(text, known.language)) > 1
    if not turns or leans == "not" or (leans == "perhaps" and several):
        return ""
    last = normalise(turns[-1].question)
    before = as_asked(last, known)
    first = _first(before, turns[:-1], known, few_words)
    return asked_of_another(last, first, known) or first or before


def as_asked(text: str, known: Knowledge) -> str:
    """``text`` without the words around what it asks."""
    patterns = known.language.patterns
    return patterns.framing.sub("", patterns.correcting.sub("", text, 1), 1)


def asked_before(history: tuple[Turn, ...], known: Knowledge) -> list[Turn]:
    """The turns of ``history`` that asked something of the documents."""
    return [
        turn
        for turn in history
        if not is_blank(turn.question) and not is_remark(turn.question, known.language)
    ]


def self_contained(text: str, history: tuple[Turn, ...], known: Knowledge, few_words: int) -> str:
    """``text`` with what it leans on before it; "what about 2129?" becomes the former question,
    asked of another identifier."""
    before = leading_question(text, history, known, few_words)
    if not before:
        return text
    return asked_of_another(text, before, known) or f"{before} {as_asked(text, known)}"


def other_identifier(text: str, before: str, known: Knowledge) -> str:
    """The question ``before``, asked of the identifier that ``text`` names; "" where one of the
    two names none, or ``text`` asks something of its own."""
    text = as_asked(text, known)
    named, former = find_identifiers(text, known), find_identifiers(before, known)
    own = named or lone_number(text, known)
    # Of what the collection does not know, whatever is asked gets the same reply.
    if not own or not former or (named and content_words(text, known.language, spans(own))):
        return ""
    first, last = former[0], former[-1]
    label = known.label(own[0].key, own[0].year)
    return before[: first.start] + label + before[last.end :]


def asked_of_another(text: str, before: str, known: Knowledge) -> str:
    """The question ``before``, asked of the identifier or the name that ``text`` gives instead; ""
    where it gives none."""
    if not before:
        return ""
    return other_identifier(text, before, known) or _other_name(text, before, known)


def _other_name(text: str, before: str, known: Knowledge) -> str:
    """The same of a name: ``text`` is that alone ("what about UNDP?"), and ``before`` has one."""
    patterns = known.language.patterns
    instead = patterns.correcting.sub("", text, 1)
    alone = patterns.continuing.sub("", instead, 1).strip(" ?.!,")
    former = entities.whole(before, entities.names(before, known), known)
    if alone == text.strip(" ?.!,") or len(former) != 1 or alone == former[0]:
        return ""
    said = f"– {alone}"  # a capital at the start tells no name
    own = entities.whole(said, entities.names(said, known), known)
    return before.replace(former[0], alone) if own == [alone] else ""


def leaning(text: str, known: Knowledge, few_words: int) -> Leaning:
    """Whether ``text`` leans on the question before it.

    Surely, if it goes on or refers back, and does not itself name what it refers to, or if it has
    no word of content; perhaps, if it has fewer of them than ``few_words`` and names nothing.
    """
    if known.language.patterns.correcting.match(text):
        return "surely"
    named = [match.start() for match in _NAME.finditer(text)]
    named += [one.start for one in find_identifiers(text, known)]
    words = len(content_words(text, known.language))
    few = words < few_words
    continuing = known.language.patterns.continuing.match(text)
    pronoun = known.language.patterns.pronoun.search(text)
    if pronoun and not few:
        return "not" if any(start < pronoun.start() for start in named) else "surely"
    if (continuing or pronoun) and (few or not named):
        return "surely"
    if few and not named:
        return "perhaps" if words else "surely"
    return "not"
