"""What a text states: its words in order, whatever its blanks, punctuation, mark-up and case.

Two texts with the same words say the same. Where one word differs, a name, a number, a "not", they
may say the opposite, however alike they look; so there is no likeness here, only equality.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from index import folding

_PART = re.compile(
    r"""(?xmi)
      (?P<markup>
        <!--[\s\S]{0,1000}?-->
      | </?(?:a|abbr|b|big|blockquote|br|center|code|dd|div|dl|dt|em|font|h[1-6]|hr|i|img|ins|li
          |mark|ol|p|pre|q|small|span|strong|table|tbody|td|tfoot|th|thead|tr|tt|u|ul)(?:\s[^<>]*)?/?>
      | \]\((?=[^()\s]*[/.\#])[^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+"[^"]*")?\)
      | \[\^[^\]\s]{1,40}\] | (?<=[.,;:!?"”])\[\d{1,3}\]    # a footnote's mark
      | ^[^\S\n]*(?:>+|\#{1,6}(?=\s)|[-+*](?=\s)|[-=|:\s]+$)   # a quotation, a heading, an item
      | (?:^|(?<=\s))\|(?=\s|$)                  # a table's cell
      )
    | (?P<sign>[-−–‑](?=[$€£¥\u20a0-\u20cf]?\.?\d)(?<![\w)][-−–])      # before a number
        | (?<=\w)[-−–](?=\s|$|[.,;:!?)\]"”’*])                  # after a grade: AA-
        | (?<=\d)\s?[-−–‑]\s?(?=\d) | (?<=\w\s)[-−–‑](?=\s\d)      # from a number to another
        | (?<=\d)['"](?!\w) | \((?=\d[\d.,]*\)) | [-−–]{2,}(?=\w) )
    | (?P<word>(?:(?<!\w)\.)?\d+(?:[.,:/]\d+)* (?:[^\W_]+)? | [^\W_]+(?:['’][^\W_]+)*)
    | (?P<symbol>[^\w\s])
    """
)
_SILENT = frozenset(""".,;:!()[]{}"'“”‘’„‟‚‛«»‹›-–—―‐‑…*`\\·•‣▪◦¡¿""")
"""Punctuation and mark-up that says nothing; every other sign tells."""
_LOUD = re.compile(r"!=|(?<=\d)!|!(?=\w)")
_UNIT = 5
"""Words up to this length are units after a number, whose case tells: mW and MW."""
_ONE_FORM = str.maketrans("’−–‑", "'---", " \t\n")
_DIGEST = 8
FINGERPRINT = re.compile(rf"([1-9]\d{{0,5}})-([0-9a-f]{{8}})([0-9a-f]{{{_DIGEST}}})", re.ASCII)
"""Of what a text states: the number of its words, their sum, and the beginning of their hash."""
_MOST_WORDS = 2_000_000
"""Words hashed in one search: a text that repeats itself may have the sum at every place."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, number or telling sign of a text, in one form, and where it stands."""

    form: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """What ``text`` states, word by word."""
    folded = folding.visible(text)
    return [Word(form, *folded.span(*span)) for form, span in _words(folded.text)]


@lru_cache(2000)
def said(text: str) -> tuple[str, ...]:
    """The same as forms alone: equal for two texts that say the same in the same words."""
    return tuple(form for form, _ in _words(folding.visible(text).text))


def _words(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    numeric = False
    for match in _PART.finditer(text):
        word, sign = match["word"], match["sign"]
        if word:
            unit = (numeric and len(word) <= _UNIT and word.isalpha()) or word[0].isdigit()
            yield (word if unit else word.casefold()).translate(_ONE_FORM), match.span()
            numeric = word[-1].isdigit()
        elif sign:
            yield sign.translate(_ONE_FORM), match.span()
        elif (symbol := match["symbol"]) and _tells(symbol, text, match.start()):
            yield symbol.translate(_ONE_FORM), match.span()


def _tells(symbol: str, text: str, place: int) -> bool:
    if symbol in _SILENT:
        return symbol == "!" and _LOUD.match(text, place) is not None
    return unicodedata.category(symbol)[0] not in "ZC"


@lru_cache(5000)
def fingerprint(text: str) -> str:
    """Short name of what ``text`` states (see ``FINGERPRINT``), by which ``find`` finds it again;
    "" for a text without words."""
    if not (forms := said(text)):
        return ""
    return f"{len(forms)}-{sum(map(_number, forms)) % 2**32:08x}{_hash(forms)}"


def find(fingerprint: str, text: str, near: int) -> tuple[int, int] | None:
    """Where ``text`` says what has ``fingerprint``, closest to the character ``near``; None where
    it does not, or where the fingerprint is none.

    Sums of the words' numbers propose places (as in Karp and Rabin, 1987), the hash decides. The
    time is that of reading the text once, unless it repeats itself.
    """
    match = FINGERPRINT.fullmatch(fingerprint)
    if match is None:
        return None
    count, wanted, digest = int(match[1]), int(match[2], 16), match[3]
    stated = _kept(text)
    if count > len(stated):
        return None
    numbers = np.array([0, *(_number(one.form) for one in stated)], dtype=np.uint64)
    sums = np.cumsum(numbers)
    places = np.flatnonzero((sums[count:] - sums[:-count]) % np.uint64(2**32) == wanted)
    nearest = sorted(places, key=lambda one: abs(stated[one].start - near))
    for place in nearest[: max(16, _MOST_WORDS // count)]:
        found = stated[place : place + count]
        if _hash(tuple(one.form for one in found)) == digest:
            return found[0].start, found[-1].end
    return None


@lru_cache(2)
def _kept(text: str) -> list[Word]:
    """``words``, kept because one document is searched for several citations."""
    return words(text)


def _number(form: str) -> int:
    return zlib.crc32(form.encode())


def _hash(forms: tuple[str, ...]) -> str:
    return hashlib.blake2b("\0".join(forms).encode(), digest_size=16).hexdigest()[:_DIGEST]
