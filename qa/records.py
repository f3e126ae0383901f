"""The frozen records of a question's way through the pipeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.boxes import Box
from index.database import PassageEntry

Kind = Literal["date", "number", "name", "identifier"]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of the conversation so far, with the answer that it got."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked. ``documents`` restricts the search; None means all."""

    text: str
    history: tuple[Turn, ...] = ()
    top_k: int = 5
    documents: tuple[str, ...] | None = None
    correct_spelling: bool = True


@dataclass(frozen=True, slots=True)
class Correction:
    """A misspelled word as it was typed, and as it is read."""

    typed: str
    read: str


@dataclass(frozen=True, slots=True)
class Misdated:
    """An identifier that was asked for with a year that the documents do not give for it."""

    name: str
    """Such as "resolution 2227"."""
    asked: int
    held: int
    """The year that the documents give."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A question as it is searched for."""

    text: str
    """Self-contained, identifiers in the form that documents use: what the models read."""
    shown: str
    """``text`` with what a reader should know of the reading added to it."""
    context: str
    """The question that this one leans on, with which ``text`` begins; "" for most."""
    identifiers: tuple[str, ...]
    """Keys that the collection holds."""
    unknown_identifiers: tuple[str, ...]
    """Labels of those that it does not."""
    traced_identifiers: tuple[str, ...]
    """Those of ``unknown_identifiers`` whose number stands in a document, in whatever sense."""
    kin: tuple[str, ...]
    """Labels of revisions, corrections and originals of ``unknown_identifiers`` that it holds."""
    misdated: tuple[Misdated, ...]
    phrases: tuple[str, ...]
    """Quoted by the person who asked; each must occur, if it is anywhere."""
    names: tuple[str, ...]
    """Words of ``text`` that are names or parts of names."""
    lost_names: tuple[str, ...]
    """Names that stand nowhere in the collection."""
    numbered: tuple[tuple[str, str], ...]
    """What ``text`` names by a number or letter, with that: ("Article 7", "7")."""
    slashed: tuple[str, ...]
    """What it names by a number with a stroke that is no identifier: "2015/15"."""
    paragraphs: tuple[tuple[str, str], ...]
    """Key and label of the numbered paragraphs that it names: ("12(a)", "12 (a)")."""
    parts: tuple[str, ...]
    """Parts of identified documents that it names: "66/12 B"."""
    terms: tuple[str, ...]
    """Words of the question that carry content, as typed."""
    own_terms: tuple[str, ...]
    """Those of ``terms`` that it does not have from what it leans on."""
    missing_terms: tuple[str, ...]
    """Those of ``terms`` that stand nowhere in the collection."""
    expansions: tuple[str, ...]
    """Long forms of the abbreviations in the question, other forms of its numbers."""
    kind: Kind | None
    """What kind of thing it asks for, in its own words."""
    in_passing: bool
    """Whether it asks for what a sentence often tells beside something else: when, where, how
    many."""
    asked_kind: str
    """What people call the documents of which it asks for one by name; "" where it asks for
    none."""
    years: tuple[str, ...]
    """Years that it says something was in: none of its identifiers, and none of "before 2017"."""
    asks_should: bool
    """Whether it asks what somebody should do."""
    asks_about: bool
    """Whether it asks for what there is to say of a thing, and not for one thing about it."""
    asks_whether: bool
    """Whether it is a question of yes or no."""
    titled: tuple[str, ...]
    """Ids of the documents that it names by their titles."""
    whole: frozenset[str]
    """The documents that are asked for as a whole: those that the one identifier or the title
    names, of a question that asks nothing else."""
    language: str = ""
    """ISO 639 code; "" where it cannot be told."""
    corrections: tuple[Correction, ...] = ()
    """Of its spelling."""
    may_stand: bool = False
    """Whether it may do without what it leans on."""
    strange: bool = False
    """Whether many of its words are unknown: it may be in another language."""

    @property
    def own(self) -> str:
        """What it asks itself, without what it leans on."""
        return self.text[len(self.context) :].strip()

    @property
    def asked(self) -> str:
        """What a quote is to answer: what it asks itself, where that says what it is after."""
        return self.own if self.own_terms else self.text


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage in its place. ``score`` orders passages of one question alone."""

    passage: PassageEntry
    score: float
    matched_terms: tuple[str, ...] = ()
    page: int | None = None
    """The physical page, from 1, on which it begins."""
    ocr: bool = False
    """Whether words of it were read from a picture of the page."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote: ``document_text[start:end] == text``."""

    passage: PassageEntry
    start: int
    end: int
    text: str
    repeats: bool = False
    """Whether it is another document that says the same as the citation before it."""
    page: int | None = None
    """The physical page, from 1, on which it begins."""
    page_label: str = ""
    """The number that is printed on that page; "" where there is none."""
    paragraph: str | None = None
    """The numbered paragraph in which it stands, as people cite it."""
    reading: str = ""
    """A row of a table with the heads of its cells; "" for all else."""
    boxes: tuple[Box, ...] = ()
    """Where it is printed, line by line; empty where that is not known."""
    ocr: bool = False
    """Whether words of it were read from a picture of the page."""

    @property
    def headed(self) -> str:
        """Its words, under the title and the headings that say what they are about."""
        passage = self.passage
        return "\n".join((passage.document.title, *passage.section, self.reading or self.text))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a question was not answered. ``reason`` is stable; ``message`` is for people."""

    reason: str
    message: str
    missing_terms: tuple[str, ...] = ()
    unknown_identifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A part of a question, as it was read, that has no answer though others have."""

    question: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Answer:
    """What the pipeline gives for a question; exactly one of citations and refusal is empty."""

    question: Question
    interpretation: Interpretation
    confidence: float
    citations: tuple[Citation, ...]
    refusal: Refusal | None
    considered: tuple[Citation, ...]
    """The quotes that were weighed: those given, each once, or what was found wanting."""
    passages: tuple[RankedPassage, ...]
    generation: str
    fingerprint: str
    timings_ms: dict[str, float]
    caveats: tuple[str, ...] = ()
    """What to know before quoting ``citations``; none where they are sure."""
    closest: tuple[Citation, ...] = ()
    """Of a question that is declined the quotes that come nearest, if any come near."""
    unanswered: tuple[Unanswered, ...] = ()
    """Parts that ``citations`` leave out, of a question that asks several things."""

    @property
    def text(self) -> str:
        """The quotes in order, each followed by its number in brackets, and by those of other
        documents that say the same: "Bears live there. [1][2]"."""
        numbered = enumerate(self.citations, start=1)
        said = [f"[{n}]" if one.repeats else f" {one.text} [{n}]" for n, one in numbered]
        return "".join(said).strip()
