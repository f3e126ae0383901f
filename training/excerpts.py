"""What a reader is shown of a quote: its words, and enough around them to judge it.

A sentence seldom says again what its document is about, and a pronoun means what stands before
it. The quote comes first and is cut last; what stands around it is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass

from tokenizers import Tokenizer

from index import folding, packaged
from index.database import PassageEntry
from qa.ranking.cross_encoder import ORIGIN

MAX_TOKENS = 128
"""Of question, quote and what stands around it together: what the reader was trained with."""
_QUESTION, _NAMES, _AROUND = 44, 24, 44
"""Tokens of the question; of title and heading; and of these with the sentence before."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quote with what stands around it. Any part but the quote may be empty."""

    title: str
    """Of its document."""
    heading: str
    """The nearest above it."""
    before: str
    """The sentence before it in its passage."""
    quote: str


def of(passage: PassageEntry, quote: str, before: str = "") -> Excerpt:
    """``quote`` of ``passage`` as it is read: on one line, and without the hyphens of its lines'
    ends; ``before`` is the sentence before it."""
    title, section = passage.document.title, passage.section
    heading = section[-1] if section and section[-1] != title else ""
    return Excerpt(title, heading, _on_one_line(before), _on_one_line(quote))


def _on_one_line(text: str) -> str:
    if not text:
        return ""
    whole = folding.without_breaks(
        folding.visible(text), folding.own_hyphen(packaged.common_words())
    )
    return " ".join(whole.text.split())


def pair_encoder() -> PairEncoder:
    """Cuts with the tokenizer of what a reader is trained from."""
    return PairEncoder(Tokenizer.from_file(str(ORIGIN.path("tokenizer.json"))))


class PairEncoder:
    """Cuts a question and an excerpt into the tokens of a pass:
    ``[CLS] question [SEP] quote [SEP] title: heading. sentence before [SEP]``."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        (self._first,), (self._between,) = (
            tokenizer.encode(mark, add_special_tokens=False).ids for mark in ("[CLS]", "[SEP]")
        )
        # A text that says "[SEP]" is words, too.
        tokenizer.encode_special_tokens = True
        self._tokenizer = tokenizer

    def encode(self, question: str, one: Excerpt) -> tuple[list[int], list[int]]:
        """Ids of the tokens, at most ``MAX_TOKENS``, and to which of the two texts each belongs:
        0 for the question, 1 for the excerpt."""
        asked = [self._first, *self._ids(question)[:_QUESTION], self._between]
        names = ": ".join(filter(None, (one.title, one.heading)))
        around = self._ids(f"{names}." if names else "")[:_NAMES]
        if one.before:
            around += self._ids(one.before)[-(_AROUND - len(around)) :]
        if around:
            around.append(self._between)
        room = MAX_TOKENS - len(asked) - len(around) - 1
        read = [*self._ids(one.quote)[:room], self._between, *around]
        return [*asked, *read], [0] * len(asked) + [1] * len(read)

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids
