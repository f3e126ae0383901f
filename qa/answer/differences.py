"""Tells where quotes differ that say something else in nearly the same words."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from index import statements
from index.language import Messages
from qa.answer.quotes import Quote
from qa.answer.selection import Rival

_MOST = 2
"""Places that are told of two quotes."""
_LONGEST = 60


def told(quotes: Sequence[Quote], rivals: Sequence[Rival], say: Messages) -> list[str]:
    """A sentence for each of ``rivals`` that is among ``quotes``, and one if others are not."""
    quoted = [one for one in rivals if one.quote in quotes]
    found = [line for one in quoted if (line := _differ(one.of.text, one.quote.text, say))]
    return [*dict.fromkeys(found), *([say.differ_more] if len(quoted) < len(rivals) else [])]


def _differ(one: str, other: str, say: Messages) -> str:
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
        say.differ_where.format(one=_shown(first, say), other=_shown(second, say))
        for first, second in pairs
    ]
    return say.differ.format(places="; ".join(told[:_MOST])) if told else ""


def _part(text: str, words: Sequence[statements.Word]) -> str:
    part = " ".join(text[words[0].start : words[-1].end].split()) if words else ""
    return part if len(part) <= _LONGEST else f"{part[:_LONGEST].rsplit(' ', 1)[0]} …"


def _shown(part: str, say: Messages) -> str:
    return f"“{part}”" if part else say.nothing
