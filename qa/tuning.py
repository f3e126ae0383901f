"""All that is tuned, in one frozen record: read from ``data/tuning.toml``, handed down from the
answerer. A sweep makes another record; no module holds a tuned value of its own.
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

FILE = Path(__file__).parent / "data" / "tuning.toml"

Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=1)]


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class QuestionTuning(_Group):
    """How a question is read."""

    few_words: Count
    """A question with fewer words of content than this may lean on the one before."""
    two_strokes: Count
    """From this length on, a misspelled word may be two strokes away from the one that is meant."""
    most_unknown: Share
    """Where more of the words are unknown, they are not slips of one who writes English."""
    slip_passages: Count
    """A word of a large collection that fewer passages have may itself be a slip, unless it is a
    common English word."""


class RetrievalTuning(_Group):
    """How passages are ranked."""

    heading_boost: Weight
    """What a word in title and headings counts in BM25, beside one in the text."""
    fusion_weight: Weight
    """What the fused score of the candidates is worth beside MaxSim."""
    identifier_bonus: Weight
    """For a passage of the document that an identifier names, or, where the collection has no such
    document, for one that mentions it. The other parts of a score sum to at most 1.25. Where the
    document is there, a passage that only mentions it is a candidate and no more."""
    identifier_passages: Count
    """Passages that an identifier, or a title, adds to the candidates, at most."""
    titled_bonus: Weight
    """For a passage of a document that the question names by its title."""


class SentenceTuning(_Group):
    """How sentences are scored, beside their own MaxSim (0 to 1)."""

    passages: Count
    """Quotes are taken from this many of the best passages."""
    passage_weight: Weight
    """What the rank of its passage is worth to a sentence."""
    around_share: Share
    """What a match elsewhere in its passage is worth to a sentence, of a match of its own."""
    identifier_weight: Weight
    """For a sentence of the document that an identifier of the question names, or, where the
    collection has no such document, for one that speaks of the identifier."""
    mention_weight: Weight
    """For one that speaks of it, where the collection has the document itself."""
    subject_weight: Weight
    """For a sentence that is about the identifier: that opens with it, or stands under it."""
    label_weight: Weight
    """For a sentence under a label all of whose words the question has: "Members:" says of a list
    of names what they are."""
    phrase_weight: Weight
    """For a sentence that has the quoted words of the question."""
    said_penalty: Weight
    """For a sentence that was the answer to the question before."""
    beside_said: Weight
    """For a sentence that stands by one that was."""
    said_enough: Weight
    """For the same where something else is asked for."""
    context_weight: Share
    """What a token of the question counts that comes from an earlier one of the conversation."""


class OverviewTuning(_Group):
    """Which items of a numbered document tell what it is about."""

    first_item: Weight
    """What the first counts: more than any sentence that is only central, for which 1 is the
    most."""
    item_step: Weight
    """By how much less the next one counts."""


class RerankingTuning(_Group):
    """What the cross-encoder reads, and what it is worth."""

    at_once: Count
    """Quotes read in a round: one on each core."""
    most: Count
    """So many quotes are read at most."""
    enough: float
    """A logit from which no more are read."""
    logit_weight: Weight
    """What a point of the logit is worth beside MaxSim (0 to 1)."""
    passage_gain: Weight
    """What a passage gains by a quote that surely answers; other parts of its score sum to at most
    1.25."""


class SelectionTuning(_Group):
    """Which quotes are given."""

    most_quotes: Count
    most_about: Count
    """Of a question for what there is to say of a thing."""
    about_logit: float
    """Logit that a further quote of those must have."""
    most_about_characters: Count
    """Of those quotes together."""
    most_sources: Count
    """Documents that a quote is cited from, at most."""
    most_characters: Count
    """Of all quotes together, but for lists and rivals."""
    most_list_characters: Count
    least_gain: Share
    """Share of the question that a further quote must match better than those chosen."""
    least_share: Share
    """What a further quote must score, of the first one's score."""
    least_logit: float
    """Logit that a further quote must have, where the first one was read."""
    alike_share: Share
    """Share of their words that two quotes have in common, in order, from which one that says
    something else is told beside the other."""
    alike_words: Count
    """Or so many words that differ, of short ones that share half of theirs."""


class ClosestTuning(_Group):
    """What is quoted as nearest where nothing is sure to answer."""

    least: Share
    """Confidence under which nothing is."""
    matched: Share
    """Share of the question's words that the quotes must have, if it names no identifier."""
    most_quotes: Count
    most_characters: Count
    """Of all quotes together."""
    least_share: Share
    """What a further quote must score, of the first one's score."""


class EvidenceTuning(_Group):
    """Where everything that bears on a question is looked for."""

    passages: Count
    """So many of the best passages are looked through."""


class ConfidenceTuning(_Group):
    """Bounds of the confidence, and what is told at which."""

    looked_up: Share
    """Least confidence in what was looked up by the identifier or the quoted words that alone were
    asked about; confidence in the one row of tables that has all that was asked for."""
    defined: Share
    """Of a definition that was asked for in so many words and looked up."""
    nameless: Share
    """Most confidence in quotes for a question after a name or a number that stands nowhere."""
    unread: Share
    """Most confidence where the question or the best quote is in a language that the models do not
    read: under every threshold that is worth setting."""
    fragment_words: Count
    """A quote of fewer words may be a fragment that states nothing."""
    beside: Share
    """Most confidence in what only touches on the question: in a fragment without a word of one
    that asks for yes or no, and in what says how things are, where it is asked how they should
    be."""
    sure: Share
    """Confidence from which an answer is given without reserve."""
    faint: Share
    """Confidence under which the nearest passages are said to hold no answer, probably."""
    common_name: Share
    """Share of the passages from which a name tells nothing: "Council" in its own resolutions."""


class Tuning(BaseModel):
    """Every tuned value of the pipeline but the weights of the confidence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: QuestionTuning
    retrieval: RetrievalTuning
    sentences: SentenceTuning
    overview: OverviewTuning
    reranking: RerankingTuning
    selection: SelectionTuning
    closest: ClosestTuning
    evidence: EvidenceTuning
    confidence: ConfidenceTuning

    def replaced(self, name: str, value: float) -> Tuning:
        """The same with another value for ``name``, such as ``retrieval.fusion_weight``.

        Raises ``KeyError`` for a name that there is not, and pydantic's ``ValidationError`` for a
        value that it cannot have.
        """
        values = self.model_dump()
        group, _, field = name.partition(".")
        values[group][field] = type(values[group][field])(value)
        return Tuning.model_validate(values)

    def value(self, name: str) -> float:
        """The value of ``name``. Raises ``KeyError``."""
        group, _, field = name.partition(".")
        found: float = self.model_dump()[group][field]
        return found

    @property
    def digest(self) -> str:
        """Short name of these values: 16 hexadecimal digits."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


@cache
def shipped() -> Tuning:
    """The values that come with the project."""
    return Tuning.model_validate(tomllib.loads(FILE.read_text(encoding="utf-8")))
