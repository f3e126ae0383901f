"""Questions as words: normalised, and those of them that carry content."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from index import folding

STOPWORDS = frozenset(
    """
    a about according actually again all also am an and any are as at be because been
    before being below between both but by can cannot concern concerns content contents could cover
    covered covers deal deals dealt describe did do does doing done down during each
    else enumerate ever every exactly explain find for from further get gist give given had
    has have having he her here hers him his how i if in info information into is it its
    itself just kind kinds know let like list main many me mean means meant mention mentioned
    mentions more most much must my name no nor not of off on once one only or other our
    out outline over overview own please point points precisely provide really regarding
    relate related relates same say says shall she should show so some sort sorts
    subject such summarise summarize summary talk talks tell than that the their them
    then there these they thing things this those through to too topic type types under
    until up us very want was we were what when where whether which while who whom whose
    why will with without would you your
    """.split()
)
CALENDAR = frozenset(
    """january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday""".split()
)
WORD = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d,])|[^\W_]+(?:[-'’.][^\W_]+)*")
"""A word, or a number whose thousands are set apart: "2,462"."""
ENDINGS = frozenset(
    """s es d ed ing r er rs ers ee ees st est ly al e y ies ied n en ion ions ation a an ian ean
    ese ish i is""".split()
) | {""}
"""By which forms of one word, or of one name, differ."""


def normalise(text: str) -> str:
    """One line, composed characters, none that shows nothing, no control characters."""
    composed = folding.visible(unicodedata.normalize("NFC", text)).text
    visible = "".join(
        " " if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} else letter
        for letter in composed
    )
    return " ".join(visible.split())


def content_words(text: str, skip: Iterable[tuple[int, int]] = ()) -> tuple[str, ...]:
    """The words of ``text`` that carry content, each once, outside the spans of ``skip``."""
    spans = [*skip]
    words: dict[str, str] = {}
    for match in WORD.finditer(text):
        inside = any(start <= match.start() < end for start, end in spans)
        folded = possessive_off(match.group().lower())
        if not inside and folded not in STOPWORDS and len(folded) > 1:
            words.setdefault(folded, possessive_off(match.group()))
    return tuple(words.values())


def is_blank(text: str) -> bool:
    """Whether ``text`` has no letter and no digit, and so asks nothing."""
    return not any(map(str.isalnum, text))


def possessive_off(word: str) -> str:
    """``word`` without a possessive 's."""
    return re.sub(r"['’]s$", "", word)
