"""Which language a text is in, by py3langid (Lui and Baldwin's langid.py, ACL 2012).

A short text may be in any language, and names belong to none; so what cannot be told surely is not
told, and counts as readable.
"""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

NAMES = Path(__file__).parent / "data" / "languages.json"
SURE = 0.6
"""Probability from which the language of a question, or of a whole document, is told."""
PASSAGE_SURE = 0.9
"""The same for a passage: its document's language is the better guess."""
_PASSAGE_LETTERS = 120
_SAMPLE = 40_000
"""Characters of a document that are looked at."""
_VARIANTS = {"pcm": "en", "ary": "ar", "arz": "ar", "nn": "no", "wuu": "zh", "yue": "zh"}
"""Languages that short texts of another are taken for, or that are written like another."""
_NO_LANGUAGE = "zxx"
OTHER = "und"
"""ISO 639's code for a language that is not determined."""


def of_text(text: str, sure: float = SURE) -> str:
    """ISO 639 code of the language of ``text``; "" where it cannot be told surely.

    A script that is not Latin tells at least that a text is in no language that is written so:
    then it is ``OTHER``.
    """
    sample = text[:_SAMPLE]
    letters = [letter for letter in sample if letter.isalpha()]
    if not letters:
        return ""
    foreign = sum(not _is_latin(letter) for letter in letters) > len(letters) / 2
    ranked: dict[str, float] = {}
    for code, probability in _identifier().rank(sample)[:10]:
        if code != _NO_LANGUAGE:
            known = _VARIANTS.get(code, code)
            ranked[known] = ranked.get(known, 0.0) + float(probability)
    best = max(ranked, key=lambda code: ranked[code], default="")
    if best and ranked[best] >= sure:
        return best
    return OTHER if foreign else ""


def of_passage(text: str, document: str) -> str:
    """Language of a passage; that of its ``document`` unless it is surely another."""
    if sum(map(str.isalpha, text)) < _PASSAGE_LETTERS:
        return document
    return of_text(text, PASSAGE_SURE) or document


def name(code: str) -> str:
    """English name of a language; its code where there is none."""
    return _names().get(code, code)


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith(("LATIN", "FULLWIDTH LATIN"))


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = json.loads(NAMES.read_text(encoding="utf-8"))
    return names


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid import langid

    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
