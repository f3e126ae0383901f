"""What kind of thing a question asks for (a date, a number, a name, a resolution), and whether the
quotes give one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from index import identifiers, language
from qa.answer.quotes import Quote
from qa.records import Interpretation

Kind = Literal["date", "number", "name", "resolution"]

_DATE = language.of("en").patterns.date
_AMOUNT = language.of("en").patterns.amount
_NUMBER = language.of("en").patterns.number
_TIME = language.of("en").patterns.time
_RESOLUTION = re.compile(r"\bres(?:olution)?s?\b|\bdecisions?\b|\bno\b", re.I)
_NAME = re.compile(r"(?<=[a-z,;(] )[A-Z][A-Za-z]+|\b[A-Z]{2,}\b")
_ASKS_DATE = language.of("en").patterns.asks_date
_ASKS_NUMBER = language.of("en").patterns.asks_number
_ASKS_IDENTIFIER = re.compile(
    r"\b(?:which|what)(?: (?!(?:does|do|did|is|are|was|were|has|have|the)\b)[\w-]+){0,4}"
    r" resolutions?\b(?! ?\d)|^\W*(?:the )?resolutions? (?:that|which)\b",
    re.I,
)
_ASKS_NAME = language.of("en").patterns.asks_name

_ASKED: tuple[tuple[Kind, re.Pattern[str], re.Pattern[str]], ...] = (
    ("date", _ASKS_DATE, _DATE),
    ("number", _ASKS_NUMBER, _NUMBER),
    ("name", _ASKS_NAME, _NAME),
)


def lacking(interpretation: Interpretation, quotes: Sequence[Quote]) -> Kind | None:
    """What kind of thing the question asks for and ``quotes`` do not give; None where they do,
    or where no such thing is asked for."""
    own = interpretation.own
    text = " ".join(one.text for one in quotes)
    for kind, asks, told in _ASKED:
        if asks.search(own):
            return kind if _lacks(kind, told, interpretation.text, text) else None
    return "resolution" if lacks_identifier(own, interpretation.text, quotes) else None


def none_at_all(kind: Kind, text: str) -> bool:
    """Whether ``text`` has nothing that anybody might take for one of ``kind``: what a reader is
    told to be lacking must be, whatever it means there."""
    if any(map(str.isdigit, text)):
        return False
    told = {"date": _TIME, "number": _NUMBER, "resolution": _RESOLUTION}.get(kind)
    if kind == "number" and _AMOUNT.search(text):
        return False
    return told is not None and told.search(text) is None


def _lacks(kind: Kind, told: re.Pattern[str], question: str, text: str) -> bool:
    """Whether ``text`` has nothing of ``kind`` that ``question`` has not. The year and the number
    of a resolution are its name, and no date."""
    for one in reversed(identifiers.find(text)):
        text = text[: one.start] + text[one.end :]
    if kind == "number":
        text = _DATE.sub(" ", text)
    known = question.lower()
    return all(match.group().lower() in known for match in told.finditer(text))


def asks_resolution(own: str) -> bool:
    """Whether ``own`` asks which resolution does something."""
    return bool(_ASKS_IDENTIFIER.search(own))


def lacks_identifier(own: str, question: str, quotes: Sequence[Quote]) -> bool:
    """Whether ``own`` asks which resolution does something, and ``quotes`` neither give one
    that ``question`` has not nor are what a resolution does: its recitals, which end in a
    comma, speak of others."""
    if not asks_resolution(own):
        return False
    known = {one.key for one in identifiers.find(question)}
    for one in quotes:
        passage = one.sentence.passage
        headings = "\n".join((passage.document.title, *passage.section))
        own_title = "" if one.text.endswith(",") else headings
        if {found.key for found in identifiers.find(f"{own_title}\n{one.text}")} - known:
            return False
    return True
