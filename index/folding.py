"""One form for texts that read alike: what no eye sees, or what a line's end broke, is undone.

A folded text carries the place of each of its characters, so that what is found in it can be
pointed at in the text itself. Two forms are made: ``visible``, which is what a reader sees, and
``plain``, in which accents and compatible forms count for nothing, for looking words up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from functools import lru_cache

_IGNORED = frozenset("\u034f\u115f\u1160\u3164\uffa0") | {chr(c) for c in range(0xFE00, 0xFE10)}
"""Characters that show nothing, beside those of the category Cf: fillers, variation selectors."""
_KEPT_MARKS = frozenset({7, 8, 9})
"""Combining classes without which a letter is another one: nukta, kana voicing, virama."""
_OTHER = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")
"""A run of characters beyond ASCII, with the letter before it that marks may stand on."""
_BROKEN = re.compile(r"(?<=[^\W\d_])[-\u2010]\s*[\n\r\x0b\x0c\x85\u2028\u2029]\s*(?=[^\W\d_])")
_WORD_BEFORE = re.compile(r"[^\W\d_]+$")
_WORD_AFTER = re.compile(r"[^\W\d_]+")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text, and where in the text that it was made of each of its characters lies."""

    text: str
    starts: range | list[int]
    ends: range | list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the first text of ``text[start:end]``, which is not empty."""
        return self.starts[start], self.ends[end - 1]


def visible(text: str) -> Folded:
    """``text`` without characters that show nothing, accents composed with their letters."""
    return _each(text, _composed)


def plain(text: str) -> Folded:
    """``text`` for looking words up: ``visible``, without accents, in compatible forms."""
    return _each(text, _bare)


def without_breaks(folded: Folded, keep: Callable[[str, str], bool] | None = None) -> Folded:
    """``folded`` without the hyphens that a line's end made: "parliamen-/tary" is one word.

    ``keep`` is asked of the two halves whether the hyphen is the word's own ("counter-/terrorism"):
    then the break alone goes. Without it all are undone.
    """
    if not (breaks := list(_BROKEN.finditer(folded.text))):
        return folded
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for match in breaks:
        own = keep is not None and keep(*_halves(folded.text, match))
        end = match.start() + own
        parts.append(folded.text[position:end])
        starts += folded.starts[position:end]
        ends += folded.ends[position:end]
        position = match.end()
    parts.append(folded.text[position:])
    starts += folded.starts[position:]
    ends += folded.ends[position:]
    return Folded("".join(parts), starts, ends)


def has_breaks(text: str) -> bool:
    """Whether a line of ``text`` may end within a word."""
    hyphens = "-" in text or "\u2010" in text
    return hyphens and _BROKEN.search(text) is not None


def own_hyphen(words: Container[str]) -> Callable[[str, str], bool]:
    """Says of two halves (see ``without_breaks``) whether their hyphen belongs there, by the words
    (folded) that are known: yes where both halves are ``words`` and the two joined are not."""

    def keep(before: str, after: str) -> bool:
        first, second = before.casefold(), after.casefold()
        return first + second not in words and first in words and second in words

    return keep


def _halves(text: str, match: re.Match[str]) -> tuple[str, str]:
    before = _WORD_BEFORE.search(text, max(0, match.start() - _LONGEST), match.start())
    after = _WORD_AFTER.match(text, match.end(), match.end() + _LONGEST)
    return before.group() if before else "", after.group() if after else ""


def _each(text: str, form: Callable[[str], str]) -> Folded:
    if text.isascii():
        return Folded(text, range(len(text)), range(1, len(text) + 1))
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for match in _OTHER.finditer(text):
        parts.append(text[position : match.start()])
        starts += range(position, match.start())
        ends += range(position + 1, match.start() + 1)
        for start, end in _clusters(text, *match.span()):
            formed = form(text[start:end])
            parts.append(formed)
            starts += [start] * len(formed)
            ends += [end] * len(formed)
        position = match.end()
    parts.append(text[position:])
    starts += range(position, len(text))
    ends += range(position + 1, len(text) + 1)
    return Folded("".join(parts), starts, ends)


def _clusters(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of a letter with what is put on it: marks, and the parts of a Korean syllable."""
    first = start
    for place in range(start + 1, end):
        letter = text[place]
        put_on = unicodedata.combining(letter) or "\u1160" <= letter <= "\u11ff"
        if not (put_on or _composes(text[place - 1], letter)):
            yield first, place
            first = place
    yield first, end


@lru_cache(20_000)
def _composes(letter: str, other: str) -> bool:
    """Whether two letters are one: vowel signs of some scripts are no marks, and compose."""
    return len(unicodedata.normalize("NFC", letter + other)) == 1


@lru_cache(20_000)
def _composed(cluster: str) -> str:
    return unicodedata.normalize("NFC", "".join(c for c in cluster if not is_invisible(c)))


@lru_cache(20_000)
def _bare(cluster: str) -> str:
    if unicodedata.category(cluster[0]) == "No":
        # The 2 of a footnote is no letter of the word before it, nor the half of "1½" a digit.
        return f" {unicodedata.normalize('NFKC', cluster)} "
    parts = unicodedata.normalize("NFKD", cluster)
    kept = (
        letter
        for letter in parts
        if not is_invisible(letter)
        and (unicodedata.combining(letter) in _KEPT_MARKS or not unicodedata.combining(letter))
    )
    return unicodedata.normalize("NFC", "".join(kept))


def is_invisible(letter: str) -> bool:
    """Whether a character shows nothing and parts nothing: a soft hyphen, a zero-width space."""
    return unicodedata.category(letter) == "Cf" or letter in _IGNORED
