"""Names in a question, and which of them a text never mentions.

A name is told by its capital, so a question that is all capitals, or has none, has no names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache

from index import folding, packaged
from index.database import Database
from index.generation import Generation
from qa.question.knowledge import Knowledge
from qa.question.words import WORD, content_words, possessive_off

_SHORT = 2
_LEAST = 4
"""So many first letters of a name must be those of a word that mentions it: "Libya", "Libyan"."""
_LONGEST = 40
"""A longer word is no name, and is looked for as it is."""
_ENDING = 3
"""So many letters at the end of a name may be others."""
_PART = re.compile(r"[^\W_]+")
_INITIAL = re.compile(r"\b([A-Z])[a-z]+")


def names(question: str, known: Knowledge) -> list[str]:
    """The words of ``question`` that are names or parts of names, each once: outside its
    identifiers, and no names of months or days."""
    return [*dict.fromkeys(word for _, word in _placed(question, known))]


def whole(question: str, words: Collection[str], known: Knowledge) -> list[str]:
    """The names in ``question`` that ``words`` are parts of, each as it stands."""
    runs: list[tuple[int, list[str]]] = []
    for start, word in _placed(question, known):
        if runs and runs[-1][0] == start - 1:
            runs[-1] = (start + len(word), [*runs[-1][1], word])
        else:
            runs.append((start + len(word), [word]))
    return [*dict.fromkeys(" ".join(run) for _, run in runs if not set(run).isdisjoint(words))]


def _placed(question: str, known: Knowledge) -> Iterator[tuple[int, str]]:
    """Each word of ``names`` with the place where it begins."""
    if question.isupper():
        return
    taken = [(one.start, one.end) for one in known.identifiers(question)]
    for match in WORD.finditer(question):
        word = possessive_off(match.group())
        inside = any(start <= match.start() < end for start, end in taken)
        if inside or not word[0].isupper() or len(word) < 2:
            continue
        opens = question[: match.start()].rstrip(' "“«(')[-1:] in {"", ".", "?", "!", ":"}
        if opens and word[1:].islower() and word.lower() in packaged.common_words():
            continue
        if word.lower() not in known.language.words.stop | known.language.words.calendar:
            yield match.start(), word


def telling(wanted: Sequence[str], generation: Generation, common: float) -> list[str]:
    """The names ``wanted`` that are not all over the collection, nor as short as "UN"."""
    lexical, most = generation.lexical, common * generation.manifest.counts["passages"]
    return [
        one
        for one in wanted
        if len(one) > _SHORT and all(lexical.frequency(stem) <= most for stem in lexical.stems(one))
    ]


def unmentioned(wanted: Sequence[str], text: str, database: Database) -> list[str]:
    """Those of ``wanted`` that ``text`` mentions in no form, nor by what they are short for."""
    return [one for one in wanted if not _is_mentioned(one, text, database)]


def _is_mentioned(name: str, text: str, database: Database) -> bool:
    if all(_form(part).search(text) for part in _PART.findall(folding.plain(name).text)):
        return True
    if not name.isupper():
        return False
    if name in "".join(match[1] for match in _INITIAL.finditer(text)):
        return True
    lowered = text.lower()
    return any(one.lower() in lowered for one in database.expansions(name))


@lru_cache(1000)
def _form(part: str) -> re.Pattern[str]:
    """Finds a word that begins as ``part`` does but for its ending, or is a shorter form of it,
    but for a last letter. Searched for in the text, because a document may be large."""
    if not _LEAST <= len(part) <= _LONGEST:
        return re.compile(rf"(?<![^\W_]){part}(?![^\W_])", re.I)
    stem = max(_LEAST, len(part) - _ENDING)
    shorter = [rf"{part[:length]}[^\W_]?(?![^\W_])" for length in range(_LEAST, stem)]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join([part[:stem], *shorter])})", re.I)


def nowhere(text: str, missing: Sequence[str], known: Knowledge) -> list[str]:
    """Those words of a question, ``missing`` in the collection, that are names: with a capital, not
    the first of the question, and no common English words. What is said of others is no answer,
    unless the question says what the name is of."""
    explained = known.language.patterns.explained
    return [
        word
        for word in missing
        if word[0].isupper() and text.find(word) > 0 and not text.isupper()
        if word.lower() not in packaged.common_words()
        if not explained.match(text, text.find(word) + len(word))
    ]


def phrases(
    question: str, words: Collection[str], is_said: Callable[[str], bool], known: Knowledge
) -> list[str]:
    """The names in ``question``, as they stand, whose words are all ``words`` and that ``is_said``
    of a document; of a longer name that is not, the parts that are."""
    found: list[str] = []
    for run in known.language.patterns.name.finditer(question):
        for one in _said_parts(_names_in(run.group(), question, run.start(), known), is_said):
            if set(content_words(one, known.language)) <= set(words):
                found.append(one)
    return [*dict.fromkeys(found)]


def _names_in(run: str, question: str, start: int, known: Knowledge) -> list[str]:
    """The words of a run of capitals between its first name and its last; empty without a name."""
    named = {place for place, _ in _placed(question, known)}
    words = [(match.group(), start + match.start()) for match in re.finditer(r"\S+", run)]
    inside = [number for number, (_, place) in enumerate(words) if place in named]
    return [word for word, _ in words[inside[0] : inside[-1] + 1]] if inside else []


def _said_parts(words: list[str], is_said: Callable[[str], bool]) -> list[str]:
    """The longest parts of a name, from its left, that a document has; no part begins or ends with
    a small word."""
    parts, first = [], 0
    while first < len(words):
        for last in range(len(words), first, -1):
            ends = words[first][0].isupper() and words[last - 1][0].isupper()
            if ends and is_said(" ".join(words[first:last])):
                parts.append(" ".join(words[first:last]))
                first = last
                break
        else:
            first += 1
    return parts
