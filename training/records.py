"""The frozen records of training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pydantic import ConfigDict

from training.excerpts import Excerpt


@dataclass(frozen=True, slots=True)
class Pair:
    """A question written for training, over one document, as ``pairs/*.jsonl`` hold it."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    question: str
    document: str
    answer: str | None
    """The words of the document that answer, blanks aside; None where none do."""
    near: tuple[str, ...]
    """Sentences of the document that look close and do not answer."""
    kind: str
    """What is asked for; of a question without an answer, how it misses."""
    history: tuple[str, ...] = ()
    """Questions of the conversation before, oldest first."""


@dataclass(frozen=True, slots=True)
class Example:
    """A quote that the reader is shown with a question."""

    excerpt: Excerpt
    answers: bool | None
    """Whether it answers; None where that is not known."""
    taught: float | None = None
    """The logit that a teacher gives it; None where none has read it."""


@dataclass(frozen=True, slots=True)
class Group:
    """A question with a few quotes; at most some of them answer it, and often none does."""

    collection: str
    """Where it comes from, such as "squad": what is left out to measure over it."""
    question: str
    examples: tuple[Example, ...]
