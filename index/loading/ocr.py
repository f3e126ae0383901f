"""What reading pictures of text takes and gives, whichever program does it.

Places are pixels of the picture, from its top left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

_SURE_LINE = 0.5
"""A line that is read less surely than this is none: the drawing of a logo, dirt."""
_SURE_ALONE = 0.6
"""So is a short word alone on its line."""
_SHORT = 6
_SURELY_WORD = 0.85
"""But none is left out that holds one word that was read as surely as this: without a line, what is
around it says something else."""
_LETTERS = 4
"""That such a word has at least."""
_SURE_WORD = 0.3
"""So is a word without a letter or a digit; others stay in their line, right or wrong: what is
left out without a sign makes another sentence of it."""
_SURE_END = 0.6
"""And one at the end of a line that stands far off."""
_FAR = 8.0
"""Type sizes that are far."""


@dataclass(frozen=True, eq=False, slots=True)
class Picture:
    """A picture of a page."""

    pixels: npt.NDArray[np.uint8]
    """(height, width): 0 is black, 255 white."""
    scale: float
    """Pixels a point."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character, or several that are printed as one."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Word:
    """What stands between two blanks, in the order in which it is read."""

    glyphs: tuple[Glyph, ...]
    sure: float
    """How surely it was read, from 0 to 1."""

    @property
    def text(self) -> str:
        """Its characters."""
        return "".join(one.text for one in self.glyphs)

    @property
    def left(self) -> float:
        """Its left edge."""
        return min(one.left for one in self.glyphs)

    @property
    def right(self) -> float:
        """Its right edge."""
        return max(one.right for one in self.glyphs)


@dataclass(frozen=True, slots=True)
class PrintLine:
    """A line of print."""

    words: tuple[Word, ...]
    middle: float
    """Between its sides."""
    base: float
    """Height of its baseline there."""
    slope: float
    """By how much the baseline falls with each pixel to the right."""
    size: float
    """From the feet of its lowest letters to the heads of its highest."""
    turn: int = 0
    """Quarters by which the picture must be turned, clockwise, so that it runs from left to right.
    Where there are any, ``base`` and ``slope`` say nothing."""
    bold: bool = False

    @property
    def glyphs(self) -> int:
        """How many it has."""
        return sum(len(one.glyphs) for one in self.words)

    @property
    def sure(self) -> float:
        """How surely it was read, from 0 to 1."""
        return sureness([self])


class Recogniser(Protocol):
    """A program that reads pictures of text."""

    @property
    def identity(self) -> str:
        """What decides what it reads: itself, its version, its languages."""

    @property
    def seconds(self) -> float:
        """How long it may take for a picture."""

    def read(self, picture: Picture) -> list[PrintLine]:
        """The lines of a picture. Raises ``PictureUnread``."""

    def turn(self, picture: Picture) -> int:
        """Quarters by which a picture must be turned, clockwise, so that its text stands upright;
        0 where that cannot be told."""


def sureness(lines: list[PrintLine]) -> float:
    """How surely some lines were read, from 0 to 1, by the mean of their characters; 0 for none."""
    read = [(len(word.glyphs), word.sure) for one in lines for word in one.words]
    count = sum(number for number, _ in read)
    return sum(number * sure for number, sure in read) / count if count else 0.0


def text_alone(lines: list[PrintLine]) -> list[PrintLine]:
    """``lines`` without what is surely no text: the junk that is read out of drawings and dirt."""
    kept = (replace(one, words=_words(one)) for one in lines if _is_text(one))
    return [one for one in kept if one.words]


def _is_text(line: PrintLine) -> bool:
    short = len(line.words) == 1 and line.glyphs <= _SHORT
    return line.sure >= (_SURE_ALONE if short else _SURE_LINE) or any(
        one.sure >= _SURELY_WORD and sum(map(str.isalpha, one.text)) >= _LETTERS
        for one in line.words
    )


def _words(line: PrintLine) -> tuple[Word, ...]:
    words = [one for one in line.words if one.sure >= _SURE_WORD or _says(one)]
    if line.turn:
        return tuple(words)
    while len(words) > 1 and _stands_off(words[-2], words[-1], line.size):
        words.pop()
    while len(words) > 1 and _stands_off(words[1], words[0], line.size):
        words.pop(0)
    return tuple(words)


def _says(word: Word) -> bool:
    return any(map(str.isalnum, word.text))


def _stands_off(inner: Word, outer: Word, size: float) -> bool:
    """Whether a word at the end of a line is dirt beside it."""
    gap = max(outer.left - inner.right, inner.left - outer.right)
    return outer.sure < _SURE_END and gap > _FAR * size
