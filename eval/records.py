"""The frozen records of evaluation: what was asked, what was known, what came back.

Offsets count Unicode code points in a document's canonical text, end exclusive.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from pydantic import ConfigDict

from qa.records import Turn

Half = Literal["tune", "test"]


def half_of(id: str) -> Half:
    """``tune`` or ``test``, by a hash of a question's id that no run or order can change.

    What is fitted or chosen may see ``tune`` alone; ``test`` is reported on.
    """
    return "test" if hashlib.sha256(f"attest half {id}".encode()).digest()[0] & 1 else "tune"


def is_held_out(id: str) -> bool:
    """Whether a question of a public set is kept from the reader, a quarter of them: the
    confidence is fitted on those of the half ``tune`` that the reader has not seen."""
    return hashlib.sha256(f"attest reader {id}".encode()).digest()[0] % 4 == 0


@dataclass(frozen=True, slots=True)
class Span:
    """Gold as a question set writes it."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    document: str
    """Id of the document, the SHA-256 of its text, or the name of its file."""
    quote: str | None = None
    """Its words, exact but for white space, hyphens and lines between cells; None where the
    document as a whole is what is sought."""
    start: int | None = None
    """Where the quote begins, for one that occurs more than once; without it, each
    occurrence counts."""
    grade: int = 1
    """How relevant, from 1, for sets that grade."""
    page: int | None = None
    """The physical page, from 1, on which the quote begins."""
    paragraph: str | None = None
    """The numbered paragraph that it stands in, as people cite it."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what is known of its answer."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: str
    question: str
    answerable: bool
    kind: str = ""
    gold: tuple[tuple[Span, ...], ...] = ()
    """Groups that are all needed; of each, one alternative suffices."""
    accepted: tuple[tuple[str, ...], ...] = ()
    """Short answers: of each inner tuple one must stand in the quotes."""
    history: tuple[Turn, ...] = ()
    documents: tuple[str, ...] | None = None
    """The documents that the question is asked of; None: all."""
    note: str = ""

    @property
    def half(self) -> Half:
        """``tune`` or ``test``: see ``half_of``."""
        return half_of(self.id)


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a document. ``text`` may be left out ("") where only the place counts."""

    document: str
    start: int
    end: int
    text: str = ""
    page: int | None = None
    """The physical page, from 1, on which it begins, where that is known."""
    paragraph: str | None = None
    """The numbered paragraph that it stands in, where that is known."""


@dataclass(frozen=True, slots=True)
class Gold:
    """A place that answers, found in the collection."""

    place: Place
    whole: bool = False
    """Whether any part of the document will do."""
    grade: int = 1
    absent: bool = False
    """Whether the collection has no such document: it counts as not found, as trec_eval has it."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage in its place of the ranking."""

    place: Place
    score: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a service said to a question."""

    answered: bool
    confidence: float
    citations: tuple[Place, ...] = ()
    considered: tuple[Place, ...] = ()
    """The quotes that were weighed, given or not; the citations where a service does not say."""
    closest: tuple[Place, ...] = ()
    """The quotes that come closest, of a question that is declined."""
    passages: tuple[Ranked, ...] = ()
    interpreted_as: str = ""
    reason: str = ""
    """Why it was declined, as the API's ``refusal.reason``."""
    message: str = ""
    milliseconds: float = 0.0
    error: str = ""
    """Why there was no reply at all; everything else is then empty."""


@dataclass(frozen=True, slots=True)
class Result:
    """A question, its gold in this collection, and the reply: one line of a run."""

    case: Case
    gold: tuple[tuple[Gold, ...], ...]
    reply: Reply


Outcome = Literal["right", "wrong", "declined", "rightly declined", "wrongly answered", "error"]
"""``right``, ``wrong`` and ``declined`` are of answerable questions; ``wrong`` is any answer
that lacks what was sought."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What one question adds to the figures: one line of a baseline."""

    id: str
    question: str
    kind: str
    half: Half
    answerable: bool
    outcome: Outcome
    confidence: float
    right: bool
    """Whether the quotes that were weighed answer the question, given or not."""
    measures: dict[str, float] = field(default_factory=dict)
    """By name; a measure that does not apply to the question is absent."""
    answer: str = ""
    milliseconds: float = 0.0
