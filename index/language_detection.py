"""Which language a text is in, by py3langid (Lui and Baldwin's langid.py, ACL 2012).

A short text may be in any language, and names belong to none; so what cannot be told surely is not
told, and counts as readable.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from index import language

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

NAMES = Path(__file__).parent / "data" / "language_names.json"
SURE = 0.6
"""Probability from which the name of a language is told."""
_LIKELY = 0.25
_UNLIKELY = 0.02
"""A text is in another language than English, whichever, if one is so likely and English no more
than this: of 8,448 English questions none is taken for another by that."""
_FUNCTION_WORDS = language.of(language.ENGLISH).words.function
_SHARE = 0.15
"""Of English words, at least so many are among these."""
_PLAIN_SHARE = 0.34
"""With so many of them a text is English, and nothing else need be asked."""
_RARE = frozenset(
    """la eo vo grc hbo an ext oc wa lij vec lb fo fy br ga gd kab gom ltg se gcf gcr guw bcl ace qu
    gug crh""".split()
)
"""Languages that names and terms of others are taken for: told only of longer texts."""
_RARE_LETTERS = 200
_FEWEST = 4
"""Of fewer words, all of them ASCII, nothing is told: terms and names are of many languages."""
_PASSAGE_SURE = 0.9
_PASSAGE_LETTERS = 120
_QUOTE_LETTERS = 25
_SAMPLE = 40_000
"""Characters of a document that are looked at."""
_VARIANTS = {"pcm": "en", "ary": "ar", "arz": "ar", "nn": "no", "wuu": "zh", "yue": "zh"}
"""Languages that short texts of another are taken for, or that are written like another."""
_NO_LANGUAGE = "zxx"
OTHER = "und"
"""ISO 639's code for a language that is not determined."""
_WORD = re.compile(r"[^\W\d_]+")


def of_text(text: str, sure: float = SURE) -> str:
    """ISO 639 code of the language of ``text``; ``OTHER`` where it is surely not English but may be
    one of several; "" where nothing can be told."""
    sample = text[:_SAMPLE]
    letters = [letter for letter in sample if letter.isalpha()]
    if not letters:
        return ""
    if sample.isascii() and _function_share(sample) >= _PLAIN_SHARE:
        return language.ENGLISH
    code, probability = _identifier().classify(sample)
    if code == language.ENGLISH and probability >= sure:
        return language.ENGLISH
    few = len(_WORD.findall(sample)) < _FEWEST and sample.isascii()
    ranked = _ranked(sample)
    best = max(ranked, key=lambda one: ranked[one], default="")
    if few or (best in _RARE and len(letters) < _RARE_LETTERS):
        return ""
    if (
        best
        and ranked[best] >= sure
        and (best == language.ENGLISH or not _reads_as_english(sample))
    ):
        return best
    foreign = sum(not _is_latin(letter) for letter in letters) > len(letters) / 2
    likely = ranked.get(best, 0.0) >= _LIKELY and ranked.get(language.ENGLISH, 0.0) < _UNLIKELY
    return OTHER if foreign or (likely and not _reads_as_english(sample)) else ""


def _ranked(text: str) -> dict[str, float]:
    """The likeliest languages of ``text`` with their probabilities."""
    found: dict[str, float] = {}
    for code, probability in _identifier().rank(text):
        if code != _NO_LANGUAGE:
            known = _VARIANTS.get(code, code)
            found[known] = found.get(known, 0.0) + float(probability)
    return found


def _reads_as_english(text: str) -> bool:
    return _function_share(text) >= _SHARE


def _function_share(text: str) -> float:
    words = _WORD.findall(text.lower())
    return sum(word in _FUNCTION_WORDS for word in words) / max(1, len(words))


def of_quote(text: str, passage: str) -> str:
    """Language of a sentence of a ``passage`` (its language); that of the passage where the
    sentence is short or may be in any."""
    if sum(map(str.isalpha, text)) < _QUOTE_LETTERS or _reads_as_english(text):
        return passage
    found = of_text(_without_names(text))
    return found if found not in {"", OTHER} else passage


def _without_names(text: str) -> str:
    """``text`` without words in capitals: names are of every language, a list of them of none."""
    return " ".join(word for word in text.split() if not word.lstrip("(“\"'«")[:1].isupper())


def of_passage(text: str, document: str) -> str:
    """Language of a passage; that of its ``document`` unless it is surely another."""
    if sum(map(str.isalpha, text)) < _PASSAGE_LETTERS:
        return document
    found = of_text(_without_names(text), _PASSAGE_SURE)
    return found if found not in {"", OTHER} else document


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
