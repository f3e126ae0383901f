"""The JSON of the evidence mode."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated

from pydantic import Field

from qa.answer.evidence import Evidence, Item
from qa.records import Question
from qa.service import schemas

MOST = 200
"""Items of a page."""
ALL = 2**31
"""So many items are all."""


class EvidenceRequest(schemas.Request):
    """What evidence is asked for."""

    question: schemas.QuestionText = Field(examples=["every mention of human rights"])
    documents: schemas.DocumentFilter | None = Field(
        default=None, description="Look in these documents only; null or nothing: in all."
    )

    def to_question(self) -> Question:
        """The question as the pipeline takes it."""
        chosen = tuple(self.documents) if self.documents is not None else None
        return Question(self.question, documents=chosen)


class EvidencePage(EvidenceRequest):
    """The same, a page at a time."""

    offset: Annotated[int, Field(ge=0, description="Items to pass over.")] = 0
    limit: Annotated[int, Field(ge=1, le=MOST, description="Items of a page.")] = 50


class ItemOut(schemas.QuotedOut):
    """A sentence that bears on the question."""

    relevance: float = Field(ge=0, le=1, description="The probability that it does.")
    repeats: list[schemas.QuotedOut] = Field(
        description="Other places that say the same, word for word."
    )

    @classmethod
    def of(cls, number: int, item: Item) -> ItemOut:
        """The item with a ``number``, from 1 over all documents."""
        others = (schemas.QuotedOut.fields_of(number, one) for one in item.repeats)
        return cls(
            **schemas.QuotedOut.fields_of(number, item.citation),
            relevance=round(item.relevance, 4),
            repeats=[schemas.QuotedOut(**one) for one in others],
        )


class GroupOut(schemas.Reply):
    """The evidence of one document, in the order of its text."""

    document_id: str
    document_title: str
    items: list[ItemOut]


class EvidenceResponse(schemas.Reply):
    """A page of the evidence. Items are counted over all documents."""

    question: str
    interpreted_as: str
    groups: list[GroupOut]
    estimated_recall: float = Field(
        ge=0, le=1, description="Share of what bears on the question that is found, as estimated."
    )
    total: int = Field(description="Items in all.")
    next_offset: int | None = Field(description="Where the next page begins; null at the end.")
    index: schemas.IndexOut

    @classmethod
    def of(cls, question: str, found: Evidence, offset: int, limit: int) -> EvidenceResponse:
        """The ``limit`` items from ``offset`` on."""
        some = [*enumerate(found.items, start=1)][offset : offset + limit]
        after = offset + len(some)
        groups = groupby(some, key=lambda one: one[1].citation.passage.document)
        return cls(
            question=question,
            interpreted_as=found.interpretation.shown,
            groups=[
                GroupOut(
                    document_id=document.id,
                    document_title=document.title,
                    items=[ItemOut.of(*one) for one in items],
                )
                for document, items in groups
            ],
            estimated_recall=round(found.estimated_recall, 4),
            total=len(found.items),
            next_offset=after if after < len(found.items) else None,
            index=schemas.IndexOut(generation=found.generation, fingerprint=found.fingerprint),
        )
