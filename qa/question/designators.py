"""Numbers and letters by which a question names one thing among its like: "Article 7", "phase 2",
"Committee C", "statement 2015/15"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.question.knowledge import Knowledge

_SLASHED = re.compile(
    r"(?P<word>[^\W\d_]{4,})(?: \([A-Z]{2,5}\))? "
    r"(?P<of>(?:[A-Z]{1,4}-)?\d+ ?(?:/ ?\w+)+(?: [A-Z]\b)?)"
)
_NUMBERED = re.compile(
    r"(?P<word>[A-Z][\w-]*[a-z]) (?P<of>\d{1,3}(?:\.\d+)*[A-Za-z]?|[A-Z]|[IVXL]{1,6})"
    r"(?![\w/'’-]|\.\d)"
    r"|(?P<small>[a-z]{4,}) (?P<number>\d{1,3})(?=[\s?.,;:!]*$| of\b)"
)


def slashed(question: str, known: Knowledge) -> list[str]:
    """Those with a stroke, which name documents: "2015/15", "ES-11/4". What is a known identifier
    is none of them."""
    return [*dict.fromkeys(match["of"] for match in _outside(_SLASHED, question, known))]


def numbered(question: str, known: Knowledge) -> list[tuple[str, str]]:
    """The others, each with what is to be looked for: ("Article 7", "7")."""
    found = []
    for match in _outside(_NUMBERED, question, known):
        token = match["of"] or match["number"]
        found.append((match.group(), token))
    return [*dict.fromkeys(found)]


def _outside(pattern: re.Pattern[str], question: str, known: Knowledge) -> Iterator[re.Match[str]]:
    taken = [(one.start, one.end) for one in known.identifiers(question)]
    words = known.language.words
    common = words.stop | words.calendar | words.times
    for match in pattern.finditer(question):
        word = next(filter(None, (match.groupdict().get(one) for one in ("word", "small"))))
        if word.lower() in common or match.group().endswith(" I"):
            continue  # "Suppose I ..." is more common than "Annex I"
        if not any(start < match.end() and match.start() < end for start, end in taken):
            yield match


def has(text: str, token: str) -> bool:
    """Whether ``token`` stands in ``text`` by itself, whatever the blanks within it."""
    parts = map(re.escape, re.findall(r"[^\s/]+|/", token))
    return re.search(rf"(?<!\w){r' ?'.join(parts)}(?!\w|/\w)", text) is not None
