"""Makes a question self-contained and finds in it what can be looked up rather than guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from index import identifiers
from index.catalogue import Catalogue
from index.generation import Generation
from index.records import Mention
from qa.records import Interpretation, Question, Turn
from qa.stages import EVERY_STAGE, Stages

STOPWORDS = frozenset(
    """
    a about again all also am an and any are as at be because been before being below
    between both but by can cannot concern concerns content contents could cover covered
    covers deal deals dealt describe did do does doing done down during each ever every
    explain find for from further get give given had has have having he her here hers him
    his how i if in info information into is it its itself just know let like list main many
    me mean means more most much must my name no nor not of off on once one only or other
    our out over own please point points provide really regarding relate related relates
    same say says shall she should show so some subject such summarise summarize summary
    talk talks tell than that the their them then there these they thing things this those
    through to too topic under until up us very want was we were what when where whether
    which while who whom whose why will with without would you your
    """.split()
)
_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_PHRASE = re.compile(r'"([^"]{2,200})"|“([^”]{2,200})”|«([^»]{2,200})»')
_REFERRING = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those|he|she|his|her|the same|there)\b", re.I
)
_CONTINUING = re.compile(r"^(?:and|but|so|what about|how about|also|or)\b", re.I)
_YEAR_LEAD = re.compile(r"\b(?:in|since|by|until|before|after|from|during|of|year)\s*$", re.I)
_FOLLOW_UP_WORDS = 3
"""A question with fewer words of content than this may lean on the one before."""


def interpret(
    question: Question, generation: Generation, stages: Stages = EVERY_STAGE
) -> Interpretation:
    """Read ``question`` against the collection that it is asked of."""
    catalogue = generation.catalogue
    typed = normalise(question.text)
    asked = self_contained(typed, question.history, catalogue) if stages.history else typed
    mentions = find_identifiers(asked, catalogue) if stages.identifiers else []
    held = {one.key: one for one in mentions if is_held(one.key, catalogue)}
    lacking = dict.fromkeys(
        identifiers.label(one.key, one.year) for one in mentions if one.key not in held
    )
    text = _with_labels(asked, mentions, catalogue)
    terms = content_words(asked, skip=mentions)
    missing = tuple(word for word in terms if not _occurs(word, generation))
    expansions = _expansions(asked, catalogue) if stages.acronyms else {}
    notes = [f"{name} is not in the collection" for name in lacking] if held else []
    notes += [f"{short}: {long}" for short, long in expansions.items()]
    return Interpretation(
        text=text,
        shown=f"{text} ({'; '.join(notes)})" if notes else text,
        identifiers=tuple(held),
        unknown_identifiers=tuple(lacking),
        phrases=tuple(next(filter(None, found)) for found in _PHRASE.findall(asked)),
        terms=terms,
        missing_terms=missing,
        expansions=tuple(expansions.values()),
    )


def normalise(text: str) -> str:
    """One line, composed characters, no control characters."""
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(
        " " if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} else letter
        for letter in composed
    )
    return " ".join(visible.split())


def self_contained(text: str, history: tuple[Turn, ...], catalogue: Catalogue) -> str:
    """``text`` with the question that it leans on before it, where it leans on one.

    It does if it starts like a continuation or refers back, and names little itself.
    """
    if not history:
        return text
    leans = _CONTINUING.match(text) or _REFERRING.search(text)
    few = len(content_words(text)) < _FOLLOW_UP_WORDS
    if not (leans and few) or not normalise(history[-1].question):
        return text
    before = normalise(history[-1].question)
    own = find_identifiers(text, catalogue)
    if own:  # "what about 2129?": the former question, asked of another identifier
        former = find_identifiers(before, catalogue)
        if former:
            first, last = former[0], former[-1]
            label = identifiers.label(own[0].key, own[0].year)
            return before[: first.start] + label + before[last.end :]
    return f"{before} {text}"


def find_identifiers(text: str, catalogue: Catalogue) -> list[Mention]:
    """Identifiers in ``text``: those spelled out, and bare numbers that the collection knows
    as resolutions and that do not read as years."""
    found = identifiers.find(text)
    for one in identifiers.bare_numbers(text):
        digits = text[one.start : one.end]
        year_like = len(digits) == 4 and digits[:2] in {"19", "20"}
        if len(digits) < 3 or (year_like and _YEAR_LEAD.search(text, 0, one.start)):
            continue
        if is_held(one.key, catalogue):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def is_held(key: str, catalogue: Catalogue) -> bool:
    """Whether a document mentions the identifier or is what it names."""
    return bool(catalogue.mentioning(key, 1)) or bool(catalogue.owning(key))


def content_words(text: str, skip: Iterable[Mention] = ()) -> tuple[str, ...]:
    """The words of ``text`` that carry content, each once, outside the spans of ``skip``."""
    spans = [(one.start, one.end) for one in skip]
    words: dict[str, str] = {}
    for match in _WORD.finditer(text):
        inside = any(start <= match.start() < end for start, end in spans)
        folded = re.sub(r"['’]s$", "", match.group().lower())
        if not inside and folded not in STOPWORDS and len(folded) > 1:
            words.setdefault(folded, re.sub(r"['’]s$", "", match.group()))
    return tuple(words.values())


def _occurs(word: str, generation: Generation) -> bool:
    stems = generation.lexical.stems(word)
    return not stems or any(generation.lexical.frequency(stem) for stem in stems)


def _with_labels(text: str, mentions: list[Mention], catalogue: Catalogue) -> str:
    """Writes every identifier as documents do, so that all its forms are one question."""
    parts, position = [], 0
    for one in mentions:
        year = one.year or catalogue.year_of(one.key)
        parts += [text[position : one.start], identifiers.label(one.key, year)]
        position = one.end
    return "".join([*parts, text[position:]])


def _expansions(text: str, catalogue: Catalogue) -> dict[str, str]:
    """Long forms of the abbreviations in ``text``. Capitals count: "IS" is not "is", and in
    a question that is all capitals nothing can be told."""
    if text.isupper():
        return {}
    found: dict[str, str] = {}
    for match in _WORD.finditer(text):
        word = re.sub(r"['’]s$", "", match.group())
        if sum(letter.isupper() for letter in word) < 2:
            continue
        long = catalogue.expansions(word)
        if long and long[0].lower() not in text.lower():
            found[word] = long[0]
    return found
