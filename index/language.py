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

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

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
    inflections: frozenset[str] = frozenset()
    """Endings of the forms of one word: every common word may have them."""
    name_endings: frozenset[str] = frozenset()
    """Those of ``endings`` that make other names, or persons, of a word."""
    calendar: frozenset[str] = frozenset()
    """Months and days of the week: written as names are, and no names."""
    documents: frozenset[str] = frozenset()
    """Say of what kind a document is."""
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
    hollow: frozenset[str] = frozenset()
    """Only join sentences: texts that differ in them say the same."""
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
    in_passing: Pattern = _NEVER
    """Asks for what a sentence often tells beside something else: when, where, how many."""
    addressed: Pattern = _NEVER
    """A person by a form of address and a name."""
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
    year_again: Pattern = _NEVER
    """Says the ``year`` of an identifier once more, after it."""
    year_lead: Pattern = _NEVER
    """Leads to a year."""
    turning: Pattern = _NEVER
    """Turns to another thing, at the end of a text."""
    paragraph: Pattern = _NEVER
    """In a question, a paragraph by its ``number`` and the ``parts`` of it, in an ``annex`` that
    stands before it or ``after``."""
    provision: Pattern = _NEVER
    """What is named by a ``word`` and a ``number``: "Rule 67"."""
    place: Pattern = _NEVER
    """A place within a document: "the opening paragraph"."""
    name: Pattern = _NEVER
    """A run of words in capitals; ``all`` where all letters are."""
    explained: Pattern = _NEVER
    """What stands behind a name that a question itself explains."""
    article: Pattern = _NEVER
    greets: Pattern = _NEVER
    """A whole text that greets; ``thanks``, ``asks_help``, ``asks_documents`` and ``doubts``
    likewise: what is said to the service, and asks nothing of the documents."""
    thanks: Pattern = _NEVER
    asks_help: Pattern = _NEVER
    asks_documents: Pattern = _NEVER
    """Asks which documents there are."""
    doubts: Pattern = _NEVER
    """Doubts the answer before."""
    operators: Pattern = _NEVER
    """What other search engines take for a command: "NOT", "title:"."""
    correcting: Pattern = _NEVER
    """Opens a text that puts the question before right: "no, I meant"."""
    tag: Pattern = _NEVER
    """Ends a statement that asks whether it is so: ", isn't it?"."""
    asks_should: Pattern = _NEVER
    """Opens a question for what somebody should do."""
    prescribes: Pattern = _NEVER
    """Says what somebody should do, or is asked or told to."""
    asks_about: Pattern = _NEVER
    """Opens a question for what there is to say of a thing: "tell me about"."""
    collecting: Pattern = _NEVER
    """Words that ask for all there is, and are not what it is about: "every mention of"."""
    framing: Pattern = _NEVER
    """Words around what is asked that ask nothing: "tell me"; ``whether``, where they make it a
    question of yes or no: "is it true that"."""
    asks: Pattern = _NEVER
    """What makes a question of a text: a question word, or what opens one of yes or no."""
    furniture: Pattern = _NEVER
    """A line of a page around the text: navigation, photo credits, notices of rights."""
    page_number: Pattern = _NEVER
    """A page's number as it is spelled out: "page 3 of 7"."""
    untitled: Pattern = _NEVER
    """What software calls a document that nobody has named."""
    error_page: Pattern = _NEVER
    """What a server says in place of a document that it does not give."""
    unfinished: Pattern = _NEVER
    """How a line ends that goes on in the next."""
    item_number: Pattern = _NEVER
    """The ``mark`` of a list item that is a word with a number: "Art. 3"."""
    division: Pattern = _NEVER
    """Opens a heading with the ``word`` for a part of a text, and its number: "Chapter II"."""
    annex: Pattern = _NEVER
    """A heading that stands beside the parts of a text: "Annex I"."""
    no_title: Pattern = _NEVER
    """A line over a text that names no document: "Summary", "Original: English"."""
    caption: Pattern = _NEVER
    """Opens the line that says what a table is."""
    figure: Pattern = _NEVER
    """What opens the caption of a figure, and not that of a table."""
    contents: Pattern = _NEVER
    """A heading over a table of contents, or a list of tables or figures."""
    decides: Pattern = _NEVER
    """Opens a clause that decides something, and may be read alone."""
    reference: Pattern = _NEVER
    """What makes a reference of the list mark before it: "above"."""
    quoted_short: Pattern = _NEVER
    """What may lead to an abbreviation between brackets; ``short`` is that."""
    two_things: Pattern = _NEVER
    """Stands in what is no name of one thing."""
    not_last: tuple[Pattern, ...] = ()
    """Each finds full stops, the last character of what it finds, that end no sentence."""
    ends_with_letter: Pattern = _NEVER
    """A name of one letter that may end a sentence: "Annex A", and not the "A" of "A. Smith"."""

    @field_validator("*", mode="before")
    @classmethod
    def _compiled(cls, value: Any, info: ValidationInfo) -> Any:
        if info.field_name == "not_last" and isinstance(value, list):
            return tuple(map(re.compile, value))
        whole = "".join(value) if isinstance(value, list) else value
        return re.compile(whole) if isinstance(whole, str) else whole


class Messages(BaseModel):
    """What is said to people, with places to fill in braces."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    either: str
    """Stands between alternatives."""
    both: str
    nothing: str
    asks_what: str
    """A question for what ``name`` is."""
    nearest: str
    not_named: str
    list_goes_on: str
    listed_under: str
    hearsay: str
    place: str
    lacks_kind: str
    misdated: str
    presupposed: str
    words_not_quoted: str
    identifier_not_quoted: str
    differ: str
    differ_where: str
    differ_more: str
    not_mentioned: str
    kin_held: str
    number_stands: str
    numbers_stand: str
    passages_shown: str
    closest_quoted: str
    nothing_to_search: str
    nothing_to_search_there: str
    words_nowhere: str
    words_unshown: str
    words_not_there: str
    words_in_another_form: str
    words_in_title: str
    models_read: str
    asked_in: str
    nearest_in: str
    none_found: str
    yours_to_judge: str
    never_use: str
    probably_not: str
    unsure: str
    paragraph_missing: str
    paragraphs_run: str
    paragraph_called: str
    strange: str
    and_judge: str
    the_question: str
    no_sentence: str
    no_sentence_but: str
    none_has: str
    probably_without: str
    without: str
    in_collection_not: str
    read_as: str
    operators: str
    greeting: str
    welcome: str
    how_to_ask: str
    holds_one: str
    holds_many: str
    holds_more: str
    to_be_checked: str


class Language(BaseModel):
    """All that is known of a language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = ""
    words: Words = Words()
    patterns: Patterns = Patterns()
    told: Messages | None = Field(None, alias="messages")

    @property
    def messages(self) -> Messages:
        """What is said to people: in English where the language has no words of its own."""
        return self.told or of(ENGLISH).messages


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
