"""What is known of a language, as data: its words, and patterns of its questions and sentences.

One file a language (``data/languages/en.toml``), loaded once. A text in a language without a file
gets what is neutral, and no rule that was made for another.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

ENGLISH = "en"
FOLDER = Path(__file__).parent / "data" / "languages"
_NEVER = re.compile(r"(?!)")
Pattern = re.Pattern[str]


class Words(BaseModel):
    """Words of a language, in lower case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stop: frozenset[str] = frozenset()
    """Carry no content in a question."""
    endings: frozenset[str] = frozenset()
    """By which forms of one word, or of one name, differ; beside none at all."""
    calendar: frozenset[str] = frozenset()
    """Months and days of the week: written as names are, and no names."""
    of_the_whole: frozenset[str] = frozenset()
    """Ask for what a document is about, and are not what it is about."""
    asking_definitions: frozenset[str] = frozenset()
    """Stand in a question for a definition, and are not what is to be defined."""
    kinds: frozenset[str] = frozenset()
    """Say what kind of thing a question is after: no answer need have them."""
    times: frozenset[str] = frozenset()
    """Stand before a time, so that the number after them names nothing else."""
    function: frozenset[str] = frozenset()
    """So common that every text has them."""
    abbreviations: frozenset[str] = frozenset()
    """Written with a full stop that ends no sentence."""
    starters: frozenset[str] = frozenset()
    """Capitals only where a sentence starts: they tell "U.S. The" from "U.S. Senate"."""
    small: frozenset[str] = frozenset()
    """Within a name, such as "of"."""

    @field_validator("*", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return frozenset(value.split()) if isinstance(value, str) else value


class Patterns(BaseModel):
    """Patterns of a language. A language without one has nothing of the kind."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    date: Pattern = _NEVER
    """A date, or words that tell when."""
    time: Pattern = _NEVER
    """Anything that might be taken for a time."""
    number: Pattern = _NEVER
    """A number, in digits or words, or how many."""
    asks_date: Pattern = _NEVER
    asks_number: Pattern = _NEVER
    asks_name: Pattern = _NEVER
    asks_else: Pattern = _NEVER
    """Asks for more than was said."""
    asks_whether: Pattern = _NEVER
    """Opens a question of yes or no."""
    asks_long_form: Pattern = _NEVER
    asks_short_form: Pattern = _NEVER
    adopted: Pattern = _NEVER
    """Says that a document was made."""
    amount: Pattern = _NEVER
    """Words that may stand for a number, in an answer."""
    joined: Pattern = _NEVER
    """What stands between the parts of an enumeration."""
    leaning: Pattern = _NEVER
    """Opens a sentence that cannot be understood without the one before."""
    referring: Pattern = _NEVER
    """Refers to the sentence before, anywhere in one."""
    continuing: Pattern = _NEVER
    """Opens a question that goes on from the one before."""
    pronoun: Pattern = _NEVER
    part_break: Pattern = _NEVER
    """What stands between two things that a question asks."""
    compared: Pattern = _NEVER
    """A question that compares ``one`` and ``other``."""
    compared_name: Pattern = _NEVER
    year_after: Pattern = _NEVER
    """What gives an identifier its ``year``, after it; ``year_before`` likewise."""
    year_before: Pattern = _NEVER
    year_lead: Pattern = _NEVER
    """Leads to a year."""
    turning: Pattern = _NEVER
    """Turns to another thing, at the end of a text."""
    place: Pattern = _NEVER
    """A place within a document: "the opening paragraph"."""
    name: Pattern = _NEVER
    """A run of words in capitals; ``all`` where all letters are."""
    explained: Pattern = _NEVER
    """What stands behind a name that a question itself explains."""
    article: Pattern = _NEVER
    asking: Pattern = _NEVER
    """A question word, with what may stand before it."""
    auxiliary: Pattern = _NEVER

    @field_validator("*", mode="before")
    @classmethod
    def _compiled(cls, value: Any) -> Any:
        whole = "".join(value) if isinstance(value, list) else value
        return re.compile(whole) if isinstance(whole, str) else whole


class Language(BaseModel):
    """All that is known of a language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = ""
    words: Words = Words()
    patterns: Patterns = Patterns()


NEUTRAL = Language()
"""What is known of every language: nothing."""


@cache
def of(code: str) -> Language:
    """The language with an ISO 639 ``code``, or ``NEUTRAL``. What cannot be told ("") counts as
    English, which the packaged models read."""
    path = FOLDER / f"{code or ENGLISH}.toml"
    if not path.is_file():
        return NEUTRAL
    return Language.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
