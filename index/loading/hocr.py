"""Reads hOCR, in which programs that read pictures of text say what they found and where.

Where words are is told well. Where letters are is not, if they touch, or a line runs under them:
then a box may be of another letter, or span half a line. So the print of the page is measured,
and a letter that is not about where its word's letters must be is put there.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from lxml import etree

from index.loading import trees
from index.loading.ocr import Glyph, PrintLine, Word

_NUMBER = r"-?\d+(?:\.\d+)?(?:e-?\d+)?"
_PROPERTY = re.compile(rf"(\w+)((?:\s+{_NUMBER})+)")
_LINES = frozenset({"ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat"})
_STEEPEST = 0.2
"""No line that was read rightly leans more."""
_TALL = 2.0
"""Times that a line is taller than wide which runs upwards or downwards."""
_WIDEST = 1.25
"""Sizes that a letter takes at most from side to side."""
_USUAL = 0.4
"""Sizes that one takes that stands nowhere else."""
_OFF = 0.15
"""Sizes by which a side of a letter may lie off the place where it should."""
_LOW = "acemnorsuvwxz"
_LOW_HEIGHT = 0.53
"""Height of letters without ascenders against that of a line from feet to heads."""
_HIGH_HEIGHT = 0.74
"""Height of capitals and digits."""
_ENOUGH = 4
"""Letters that tell the size of a line."""

_Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Found:
    """A word as it is told."""

    letters: list[str]
    places: list[_Box]
    """Of the letters; none where that is not told."""
    box: _Box
    """These as they stand when the line runs from left to right."""
    sure: float
    size: float

    @property
    def backward(self) -> bool:
        """Whether it runs from right to left."""
        sides = (unicodedata.bidirectional(one) for each in self.letters for one in each)
        return any(one in {"R", "AL"} for one in sides)

    def spans(self) -> list[tuple[float, float]]:
        """Where each letter begins and ends, in sizes from where the word does."""
        left, _, right, _ = self.box
        return [
            ((right - one[2]) / self.size, (right - one[0]) / self.size)
            if self.backward
            else ((one[0] - left) / self.size, (one[2] - left) / self.size)
            for one in self.places
        ]


class _Widths:
    """How wide letters are in the print of a page, in sizes: from where one begins to where it
    ends, and to where the next begins."""

    def __init__(self, words: Iterable[_Found]) -> None:
        inks: dict[str, list[float]] = defaultdict(list)
        steps: dict[str, list[float]] = defaultdict(list)
        for word in words:
            spans = word.spans()
            for letter, (start, end) in zip(word.letters, spans, strict=False):
                inks[letter].append(end - start)
            for letter, (one, two) in zip(word.letters, pairwise(spans), strict=False):
                steps[letter].append(two[0] - one[0])
        self._inks, self._steps = _medians(inks), _medians(steps)

    def of(self, letters: list[str], whole: float) -> list[tuple[float, float]]:
        """Where letters begin and end in a word that is ``whole`` sizes wide."""
        starts = [0.0]
        for one in letters[:-1]:
            starts.append(starts[-1] + self._steps.get(one, _USUAL))
        ends = [start + self._ink(one) for start, one in zip(starts, letters, strict=True)]
        scale = whole / ends[-1]
        return [(start * scale, end * scale) for start, end in zip(starts, ends, strict=True)]

    def _ink(self, letter: str) -> float:
        return self._inks.get(letter, _USUAL)


def _medians(values: dict[str, list[float]]) -> dict[str, float]:
    likely = {key: [one for one in each if 0 < one <= _WIDEST] for key, each in values.items()}
    return {key: median(each) for key, each in likely.items() if each}


def lines(data: bytes) -> list[PrintLine]:
    """The lines of a picture, in the order in which they were read. Raises ``UnreadableDocument``
    for what is no hOCR."""
    told = [one for one in trees.of_xml(data).iter() if one.get("class") in _LINES]
    found = [(one, words) for one in told if (words := _words(one))]
    widths = _Widths(word for _, words in found for word in words)
    return [_line(one, words, widths) for one, words in found]


def _line(element: etree._Element, found: list[_Found], widths: _Widths) -> PrintLine:
    said = _said(element)
    slope, rise = [*said.get("baseline", []), 0.0, 0.0][:2]
    if abs(slope) > _STEEPEST:
        slope, rise = 0.0, -said.get("x_descenders", [0.0])[0]
    turn = _turn(element)
    read = [(_glyphs(one, widths), one.sure) for one in found]
    size = _size([glyph for glyphs, _ in read for glyph in glyphs], found[0].size)
    words = tuple(
        Word(tuple(_turned(glyph, -turn) for glyph in glyphs), sure) for glyphs, sure in read
    )
    left, _, right, bottom = _box(said.get("bbox", [])) or found[0].box
    base = bottom + rise + slope * (right - left) / 2
    return PrintLine(words, (left + right) / 2, base, slope, size, turn)


def _turn(line: etree._Element) -> int:
    """Quarters by which a line must be turned, clockwise, to run from left to right. Where that is
    not told, a line that is tall runs as its words follow one another."""
    said = _said(line)
    box = _box(said.get("bbox", []))
    tall = box is not None and box[3] - box[1] > _TALL * (box[2] - box[0])
    letters = sum(len("".join(str(one).split())) for one in line.itertext())
    if "textangle" in said or not tall or letters < _ENOUGH:
        return round(said.get("textangle", [0.0])[0] / 90) % 4
    tops = [
        place[1]
        for one in line.iter()
        if one.get("class") == "ocrx_word" and (place := _box(_said(one).get("bbox", [])))
    ]
    return 3 if tops and tops[0] < tops[-1] else 1


def _turned(glyph: Glyph, quarters: int) -> Glyph:
    """``glyph`` in a picture turned clockwise about its top left corner."""
    return Glyph(
        glyph.text, *_upright((glyph.left, glyph.top, glyph.right, glyph.bottom), quarters)
    )


def _upright(box: _Box, quarters: int) -> _Box:
    left, top, right, bottom = box
    return {
        0: box,
        1: (-bottom, left, -top, right),
        2: (-right, -bottom, -left, -top),
        3: (top, -right, bottom, -left),
    }[quarters % 4]


def _said(element: etree._Element) -> dict[str, list[float]]:
    """The properties of an element that are numbers."""
    title = element.get("title", "")
    return {name: [float(one) for one in rest.split()] for name, rest in _PROPERTY.findall(title)}


def _box(numbers: list[float]) -> _Box | None:
    if len(numbers) != 4 or numbers[0] >= numbers[2] or numbers[1] >= numbers[3]:
        return None
    return (numbers[0], numbers[1], numbers[2], numbers[3])


def _words(line: etree._Element) -> list[_Found]:
    """The words of a line, their boxes cut where one reaches over the next."""
    size, turn = _said(line).get("x_size", [0.0])[0], _turn(line)
    told = [
        (one, _upright(box, turn))
        for one in line.iter()
        if one.get("class") == "ocrx_word" and (box := _box(_said(one).get("bbox", [])))
    ]
    boxes = _parted([box for _, box in told])
    found = (_word(one, box, size, turn) for (one, _), box in zip(told, boxes, strict=True))
    return [one for one in found if one is not None] if size > 0 else []


def _parted(boxes: list[_Box]) -> list[_Box]:
    out = boxes[:1]
    for other in boxes[1:]:
        left, top, right, bottom = out[-1]
        if other[0] > left:
            out[-1] = (left, top, min(right, other[0]), bottom)
        elif other[2] < right:
            out[-1] = (max(left, other[2]), top, right, bottom)
        out.append(other)
    return out


def _word(element: etree._Element, box: _Box, size: float, turn: int) -> _Found | None:
    text = "".join("".join(map(str, element.itertext())).split())
    if not text:
        return None
    found = [
        (letter, _upright(place, turn))
        for one in element.iter()
        if one.get("class") == "ocrx_cinfo" and (letter := "".join((one.text or "").split()))
        if (place := _box(_said(one).get("x_bboxes", []))) is not None
    ]
    sure = min(max(_said(element).get("x_wconf", [0.0])[0] / 100, 0.0), 1.0)
    if "".join(letter for letter, _ in found) != text:
        return _Found(list(text), [], box, sure, size)
    return _Found([one for one, _ in found], [place for _, place in found], box, sure, size)


def _glyphs(word: _Found, widths: _Widths) -> list[Glyph]:
    """The letters of a word: where they are told to be, if that is about where they must be."""
    left, top, right, bottom = word.box
    whole = (right - left) / word.size
    due = widths.of(word.letters, whole)
    chosen = (
        due
        if not word.places
        else [
            one if max(abs(one[0] - two[0]), abs(one[1] - two[1])) <= _OFF else two
            for one, two in zip(word.spans(), due, strict=True)
        ]
    )
    if any(two[0] <= one[0] for one, two in pairwise(chosen)):
        chosen = due
    out = []
    places = word.places or [word.box] * len(due)
    for letter, place, (start, end) in zip(word.letters, places, chosen, strict=True):
        near, far = max(start, 0.0) * word.size, min(end, whole) * word.size
        x0, x1 = (right - far, right - near) if word.backward else (left + near, left + far)
        y0, y1 = max(place[1], top), min(place[3], bottom)
        out.append(Glyph(letter, x0, y0, x1, y1) if y0 < y1 else Glyph(letter, x0, top, x1, bottom))
    return out


def _size(glyphs: Iterable[Glyph], told: float) -> float:
    """The size of a line by the heights of its letters, where there are some; else as it is
    ``told``, which is less even."""
    heights = [
        (one.bottom - one.top) / (_LOW_HEIGHT if one.text in _LOW else _HIGH_HEIGHT)
        for one in glyphs
        if one.text in _LOW or one.text.isdecimal() or one.text.isupper()
    ]
    return median(heights) if len(heights) >= _ENOUGH else told
