"""Tells where quotes differ that say something else in nearly the same words."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from index import statements
from qa.answer.quotes import Quote
from qa.answer.selection import Rival

_MOST = 2
"""Places that are told of two quotes."""
_LONGEST = 60
_MORE = "Further passages differ from these in a few words and are not quoted."


def told(quotes: Sequence[Quote], rivals: Sequence[Rival]) -> list[str]:
    """A sentence for each of ``rivals`` that is among ``quotes``, and one if others are not."""
    quoted = [one for one in rivals if one.quote in quotes]
    found = [line for one in quoted if (line := _differ(one.of.text, one.quote.text))]
    return [*dict.fromkeys(found), *([_MORE] if len(quoted) < len(rivals) else [])]


def _differ(one: str, other: str) -> str:
    """Where two texts differ, in their own words."""
    words, others = statements.words(one), statements.words(other)
    matcher = SequenceMatcher(
        None, [word.form for word in words], [word.form for word in others], autojunk=False
    )
    pairs = [
        (_part(one, words[a:b]), _part(other, others[c:d]))
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
    ]
    told = [
        f"where one has {_shown(first)}, another has {_shown(second)}" for first, second in pairs
    ]
    return f"The quotes differ: {'; '.join(told[:_MOST])}." if told else ""


def _part(text: str, words: Sequence[statements.Word]) -> str:
    part = " ".join(text[words[0].start : words[-1].end].split()) if words else ""
    return part if len(part) <= _LONGEST else f"{part[:_LONGEST].rsplit(' ', 1)[0]} …"


def _shown(part: str) -> str:
    return f"“{part}”" if part else "nothing"
