"""Questions as words: normalised, and those of them that carry content."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from index import folding
from index.language import Language

WORD = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d,])|[^\W_]+(?:[-'’.][^\W_]+)*")
"""A word, or a number whose thousands are set apart: "2,462"."""


def normalise(text: str) -> str:
    """One line, composed characters, none that shows nothing, no control characters."""
    composed = folding.visible(unicodedata.normalize("NFC", text)).text
    visible = "".join(
        " " if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} else letter
        for letter in composed
    )
    return " ".join(visible.split())


def content_words(
    text: str, known: Language, skip: Iterable[tuple[int, int]] = ()
) -> tuple[str, ...]:
    """The words of ``text`` that carry content, each once, outside the spans of ``skip``, by what
    is ``known`` of its language."""
    spans = [*skip]
    words: dict[str, str] = {}
    for match in WORD.finditer(text):
        inside = any(start <= match.start() < end for start, end in spans)
        folded = possessive_off(match.group().lower().replace("’", "'"))
        if not inside and folded not in known.words.stop and len(folded) > 1:
            words.setdefault(folded, possessive_off(match.group()))
    return tuple(words.values())


def is_blank(text: str) -> bool:
    """Whether ``text`` has no letter and no digit, and so asks nothing."""
    return not any(map(str.isalnum, text))


def possessive_off(word: str) -> str:
    """``word`` without a possessive 's."""
    return word[:-2] if word.endswith(("'s", "’s")) else word
