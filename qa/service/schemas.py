"""The JSON of the HTTP API: requests with their bounds, responses field by field.

Offsets count Unicode code points in a document's canonical text, end exclusive.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from index.boxes import Box
from index.database import DocumentEntry, PassageEntry
from qa.question.words import is_blank
from qa.records import Answer, Citation, Question, RankedPassage, Refusal, Turn
from qa.service.document_page import address

MAX_QUESTION = 2000
MAX_TOP_K = 50


def _asks(text: str) -> str:
    if is_blank(text):
        raise PydanticCustomError("blank", "Question should have at least 1 letter or digit")
    return text


QuestionText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION),
    AfterValidator(_asks),
    Field(json_schema_extra={"pattern": r"[\p{L}\p{N}]"}),
]
DocumentId = Annotated[str, StringConstraints(min_length=1, max_length=200)]
DocumentFilter = Annotated[list[DocumentId], Field(min_length=1, max_length=1000)]
TopK = Annotated[int, Field(ge=1, le=MAX_TOP_K, description="How many passages to return.")]


class Request(BaseModel):
    """The body of a request; what it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Reply(BaseModel):
    """The body of a reply."""

    model_config = ConfigDict(frozen=True)


class TurnIn(Request):
    """An earlier question of the conversation with its answer ("" where it was declined)."""

    question: Annotated[str, StringConstraints(max_length=MAX_QUESTION)]
    answer: Annotated[str, StringConstraints(max_length=20_000)] = ""


class AskRequest(Request):
    """A question of the collection."""

    question: QuestionText = Field(examples=["what does resolution 2462 cover"])
    history: list[TurnIn] = Field(default=[], max_length=20)
    top_k: TopK = 5
    documents: DocumentFilter | None = Field(
        default=None, description="Ask of these documents only; null or nothing: of all."
    )
    correct_spelling: bool = Field(
        default=True, description="Whether misspellings may be corrected; false: search as typed."
    )

    def to_question(self) -> Question:
        """The question as the pipeline takes it."""
        return Question(
            text=self.question,
            history=tuple(Turn(turn.question, turn.answer) for turn in self.history),
            top_k=self.top_k,
            documents=tuple(self.documents) if self.documents is not None else None,
            correct_spelling=self.correct_spelling,
        )


class RefusalOut(Reply):
    """Why a question was declined."""

    reason: str = Field(
        examples=["unknown_identifier"],
        description="unknown_identifier, unknown_paragraph, phrase_not_found, nothing_found, "
        "missing_terms, unread_language, low_confidence or, of a text that asks nothing of the "
        "documents, not_a_question.",
    )
    message: str
    missing_terms: list[str]
    unknown_identifiers: list[str]

    @classmethod
    def of(cls, refusal: Refusal) -> RefusalOut:
        """Why the pipeline declined."""
        return cls(**_refused(refusal))


class UnansweredOut(RefusalOut):
    """A part of the question, as it was read, that the answer leaves out, and why."""

    question: str

    @classmethod
    def parts_of(cls, answer: Answer) -> list[UnansweredOut]:
        """What ``answer`` leaves out."""
        return [cls(question=one.question, **_refused(one.refusal)) for one in answer.unanswered]


def _refused(refusal: Refusal) -> dict[str, Any]:
    return {name: getattr(refusal, name) for name in RefusalOut.model_fields}


class BoxOut(Reply):
    """A stretch of a printed line: a physical page, from 1, and points from its top left."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float

    @classmethod
    def of(cls, box: Box) -> BoxOut:
        """The box as JSON has it."""
        return cls(page=box.page, x0=box.x0, y0=box.y0, x1=box.x1, y1=box.y1)


class QuotedOut(Reply):
    """A verbatim quote and where it stands."""

    number: int
    type: Literal["char_location"] = "char_location"
    document_id: str
    document_title: str
    document_sha256: str
    start_char_index: int
    end_char_index: int
    cited_text: str
    section: list[str]
    page: int | None = Field(description="Physical page, from 1; null where there are none.")
    page_label: str | None = Field(
        description="Number printed on that page, as it is printed: `iv`, `3/14`; null for none."
    )
    paragraph: str | None = Field(
        description="Number of the paragraph, as people cite it: `12 (a)`; null outside of one."
    )
    symbol: str | None = Field(description="What its publisher calls the document: `S/2025/496`.")
    publisher: str | None = Field(description="Who published the document, where that is known.")
    date: str | None = Field(description="Of the document, as ISO 8601 has it, where it is known.")
    source_url: str | None = Field(description="Where its publisher has it.")
    reading: str | None = Field(
        description="A row of a table, each cell under its head: `Denmark; Cod: 640`; else null."
    )
    boxes: list[BoxOut] = Field(
        description="Where the cited text is printed, line by line; empty where that is not known."
    )
    url: str
    ocr: bool = Field(
        description="Whether words of it were read from a picture of the page, and may be misread."
    )

    @classmethod
    def fields_of(cls, number: int, citation: Citation) -> dict[str, Any]:
        """The fields of every quote, of ``citation`` as the one with a ``number``."""
        document = citation.passage.document
        return {
            "number": number,
            "document_id": document.id,
            "document_title": document.title,
            "document_sha256": document.sha256,
            "start_char_index": citation.start,
            "end_char_index": citation.end,
            "cited_text": citation.text,
            "section": list(citation.passage.section),
            "page": citation.page,
            "page_label": citation.page_label or None,
            "paragraph": citation.paragraph,
            "symbol": document.symbol or None,
            "publisher": document.publisher or None,
            "date": document.date or None,
            "source_url": document.url or None,
            "reading": citation.reading or None,
            "boxes": [BoxOut.of(one) for one in citation.boxes],
            "url": address(document, citation.start, citation.end, citation.text),
            "ocr": citation.ocr,
        }


class CitationOut(QuotedOut):
    """A quote of an answer."""

    repeats: int | None = Field(
        description="Number of the citation that says the same in another document."
    )

    @classmethod
    def all_of(cls, citations: Sequence[Citation]) -> list[CitationOut]:
        """The citations of an answer, numbered from 1."""
        found: list[CitationOut] = []
        first = 0
        for number, one in enumerate(citations, start=1):
            first = first if one.repeats else number
            repeats = first if one.repeats else None
            found.append(cls(**cls.fields_of(number, one), repeats=repeats))
        return found


class PassageOut(Reply):
    """A ranked passage."""

    rank: int
    score: float
    document_id: str
    document_title: str
    start_char_index: int
    end_char_index: int
    text: str
    section: list[str]
    page: int | None
    url: str
    matched_terms: list[str]
    ocr: bool = Field(description="Whether words of it were read from a picture of the page.")

    @classmethod
    def of(cls, rank: int, ranked: RankedPassage) -> PassageOut:
        """The passage in place ``rank``, counted from 1."""
        entry: PassageEntry = ranked.passage
        return cls(
            rank=rank,
            score=round(ranked.score, 4),
            document_id=entry.document.id,
            document_title=entry.document.title,
            start_char_index=entry.start,
            end_char_index=entry.end,
            text=entry.text,
            section=list(entry.section),
            page=ranked.page,
            url=address(entry.document, entry.start, entry.end, entry.text),
            matched_terms=list(ranked.matched_terms),
            ocr=ranked.ocr,
        )


class IndexOut(Reply):
    """Which index answered."""

    generation: str
    fingerprint: str


class CorrectionOut(Reply):
    """A misspelled word as it was typed, and as it was read."""

    typed: str
    read: str


class AskResponse(Reply):
    """An answer made of quotes, or a refusal with its reason; either way the passages.

    A question that asks several things is answered as far as it can be.
    """

    question: str
    interpreted_as: str
    corrections: list[CorrectionOut] = Field(
        description="Undone by asking again with correct_spelling false."
    )
    answered: bool
    confidence: float = Field(ge=0, le=1)
    answer: str
    caveats: list[str] = Field(
        description="What to know before quoting the answer: that it is not sure, or what of the "
        "question the quotes leave out. Empty for one that is given without reserve."
    )
    refusal: RefusalOut | None
    unanswered: list[UnansweredOut] = Field(
        description="Of a question that asks several things, those that the answer leaves out."
    )
    citations: list[CitationOut]
    closest: list[CitationOut] = Field(
        description="Of a question that is declined what comes closest to an answer, at most 700 "
        "characters; it claims nothing."
    )
    passages: list[PassageOut]
    index: IndexOut
    timings_ms: dict[str, float]

    @classmethod
    def of(cls, answer: Answer) -> AskResponse:
        """What the pipeline gave, as JSON has it."""
        refusal = answer.refusal
        return cls(
            question=answer.question.text,
            interpreted_as=answer.interpretation.shown,
            corrections=[
                CorrectionOut(typed=one.typed, read=one.read)
                for one in answer.interpretation.corrections
            ],
            answered=refusal is None,
            confidence=round(answer.confidence, 4),
            answer=answer.text,
            caveats=list(answer.caveats),
            refusal=None if refusal is None else RefusalOut.of(refusal),
            unanswered=UnansweredOut.parts_of(answer),
            citations=CitationOut.all_of(answer.citations),
            closest=CitationOut.all_of(answer.closest),
            passages=[PassageOut.of(n, one) for n, one in enumerate(answer.passages, start=1)],
            index=IndexOut(generation=answer.generation, fingerprint=answer.fingerprint),
            timings_ms=answer.timings_ms,
        )


class SearchResponse(Reply):
    """Ranked passages alone."""

    query: str
    passages: list[PassageOut]
    index: IndexOut


class DocumentOut(Reply):
    """A document of the collection."""

    id: str
    title: str
    sha256: str
    characters: int
    passages: int
    source: str
    publisher: str
    date: str
    url: str
    language: str = Field(description="ISO 639 code; empty where it cannot be told.")
    domain: str = Field(description="What its identifiers were read by, such as `un` or `plain`.")
    file_sha256: str = Field(description="SHA-256 of the file as it came; `sha256` is the text's.")
    loader: str = Field(description="What the file was read by, such as `text` or `markdown`.")
    ocr_pages: int = Field(
        description="Pages that were read from pictures of them; their words may be misread."
    )

    tags: list[str] = Field(description="What people have filed it under.")
    uploaded: bool = Field(description="Whether it was uploaded, and does not come from a folder.")

    @classmethod
    def of(
        cls, entry: DocumentEntry, tags: Sequence[str] = (), uploaded: bool = False
    ) -> DocumentOut:
        """A document's entry in the database, with what is known of it beside."""
        known = {"tags": list(tags), "uploaded": uploaded}
        stored = {name: getattr(entry, name) for name in cls.model_fields if name not in known}
        return cls(**stored, **known)


class DocumentsResponse(Reply):
    """The collection."""

    documents: list[DocumentOut]


class SectionOut(Reply):
    """A heading of a document, with its place in the text."""

    title: str
    level: int = Field(description="Depth, 1 outermost.")
    start_char_index: int
    end_char_index: int


class SectionsResponse(Reply):
    """The headings of a document, in order."""

    sections: list[SectionOut]


class ExamplesResponse(Reply):
    """Questions that the collection answers."""

    examples: list[str]
    about: str = Field(description="What the collection is: documents, publishers, years.")


class CitationIn(BaseModel):
    """A citation to verify. Further fields of a citation may stand beside these."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    document_id: DocumentId
    start_char_index: int = Field(ge=0)
    end_char_index: int = Field(ge=0)
    cited_text: Annotated[str, StringConstraints(min_length=1, max_length=100_000)]
    document_sha256: Annotated[str, StringConstraints(max_length=64)] | None = None


class VerifyRequest(Request):
    """Citations to verify, in any order."""

    citations: list[CitationIn] = Field(min_length=1, max_length=200)


class VerdictOut(Reply):
    """What is true of one citation."""

    status: Literal["verified", "moved", "changed", "unknown_document"]
    document_id: str
    start_char_index: int | None = Field(description="Where the text stands now; null if nowhere.")
    end_char_index: int | None
    document_changed: bool | None = Field(
        description="Whether the document is another than the one cited; null if not known."
    )
    version: Literal["current", "earlier"] | None = Field(
        description="Which version of the document the citation is of, by its document_sha256; "
        "null if it does not say, or that version is not known."
    )
    stood: bool | None = Field(
        description="Whether the text stands at its place in that version; null if not known."
    )


class VerifyResponse(Reply):
    """A verdict for each citation, in the order given."""

    results: list[VerdictOut]


class FeedbackRequest(Request):
    """What a reader thinks of an answer, or of a refusal."""

    question: QuestionText
    rating: Literal["up", "down"]
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    answered: bool = Field(description="Whether the question was answered, or declined.")
    citations: list[CitationIn] = Field(default=[], max_length=20)
    history: list[TurnIn] = Field(default=[], max_length=20)
    documents: DocumentFilter | None = None
    generation: Annotated[str, StringConstraints(max_length=100)] = Field(
        default="", description="Which index answered."
    )


class FeedbackResponse(Reply):
    """The feedback is on the disk."""

    stored_at: str = Field(description="Date and time in UTC, as ISO 8601 has them.")


class FieldError(Reply):
    """A field of a request that is not as it must be."""

    field: str
    message: str


class Problem(Reply):
    """An error as RFC 9457 has it, with a stable ``code``."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError] = []


class Health(Reply):
    """Whether the service lives, or can answer."""

    status: str
