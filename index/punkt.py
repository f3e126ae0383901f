"""NLTK's Punkt as it is used here: the home of NLTK.

NLTK as a whole imports large numeric libraries for other jobs, if they are there. They are hidden
from it, as that takes longer than to read a document.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from index import language


@contextmanager
def _hidden(*names: str) -> Iterator[None]:
    """Lets packages that have not been imported yet look as if they were not installed."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules |= dict.fromkeys(absent)  # type: ignore[arg-type]  # None hides one
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


with _hidden("scipy", "sklearn"):
    from nltk import redos
    from nltk.tokenize.punkt import (
        _ORTHO_MID_LC,
        PunktLanguageVars,
        PunktParameters,
        PunktSentenceTokenizer,
    )


class _English(PunktLanguageVars):  # type: ignore[misc]  # NLTK ships no types
    """Punkt's patterns without NLTK's limit of five seconds a text, which a long one on a busy
    machine would pass; they take time in proportion to the text."""

    def period_context_re(self) -> redos.TimedPattern:
        return redos.compile(super().period_context_re(), timeout=None)

    def _word_tokenizer_re(self) -> redos.TimedPattern:
        return redos.compile(super()._word_tokenizer_re(), timeout=None)


@cache
def tokenizer(code: str) -> PunktSentenceTokenizer:
    """Splits texts of the language with the ISO 639 ``code``."""
    parameters = PunktParameters()
    words = language.of(code).words
    parameters.abbrev_types = set(words.abbreviations)
    for word in words.starters:
        parameters.add_ortho_context(word, _ORTHO_MID_LC)
    return PunktSentenceTokenizer(parameters, lang_vars=_English())
