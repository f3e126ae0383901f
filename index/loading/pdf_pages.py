"""What pdfium says of a page: its letters with their places, and what is drawn on it.

Places are in points from the top left of the page as it is shown. Where a page's letters stand
turned (a table printed sideways), ``Sheet`` also turns them, so that lines run from left to right.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from pypdfium2 import raw

from index import folding
from index.loading import pdf_drawn
from index.loading.pdf_drawn import Mark, Rule, Shape

MOST_LETTERS = 200_000
"""Of one page; what is beyond is not read."""
_STAMP = 100
"""Characters of a stamp at most."""
_COVERED = 0.8
"""Share of a page that the picture of it covers at least."""
_BULLETS = frozenset({0xF0A7, 0xF0A8, 0xF0B7, 0xF0D8, 0xF0FC, 0xF076, 0xF06C, 0xF06E})
"""What fonts of symbols have in place of bullets."""
_LINE_END_HYPHENS = frozenset({0x02, 0xFFFE})
SOFT_HYPHEN = "\xad"
_BOLD = 600
_MATRIX = raw.FS_MATRIX

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Letter:
    """A character as it is printed."""

    text: str
    box: tuple[float, float, float, float]
    """As it is shown."""
    left: float
    top: float
    right: float
    bottom: float
    """``box`` turned so that its page's lines run from left to right."""
    base: float
    """Height of its baseline."""
    size: float
    bold: bool
    slanted: bool
    turn: int
    """Quarters by which it is turned against most letters of its page."""
    spaced: bool
    """Whether a blank stands before it."""


@dataclass(frozen=True, eq=False, slots=True)
class Sheet:
    """A page as pdfium reads it."""

    number: int
    """From 1."""
    width: float
    height: float
    across: float
    """Its width as its letters stand."""
    down: float
    letters: list[Letter]
    rules: list[Rule]
    unmapped: int
    """Characters whose font does not say what they are."""
    cut: bool
    """Whether it has more characters than are read."""
    marks: list[Mark] = field(default_factory=list)
    """What charts are drawn with."""
    drawn: bool = True
    """Whether anything is drawn on it."""
    stamped: bool = False
    """Whether it is a picture with hardly any text over it, such as a stamp."""


@dataclass(slots=True)
class _Look:
    """How the letters of one text object look."""

    size: float = 0.0
    bold: bool = False
    slanted: bool = False
    turn: int = 0
    origin: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where a page's box lies, and how it is turned when it is shown."""

    left: float
    bottom: float
    right: float
    top: float
    quarters: int

    def shown(self, boxes: Array) -> Array:
        """Boxes (left, bottom, right, top) as (left, top, right, bottom) of the shown page."""
        left, low, right, high = boxes.T
        sides = {
            0: (left - self.left, self.top - high, right - self.left, self.top - low),
            1: (low - self.bottom, left - self.left, high - self.bottom, right - self.left),
            2: (self.right - right, low - self.bottom, self.right - left, high - self.bottom),
            3: (self.top - high, self.right - right, self.top - low, self.right - left),
        }
        return np.stack(sides[self.quarters], axis=1)


def read(document: pdfium.PdfDocument, index: int) -> Sheet:
    """The page with an ``index`` from 0."""
    page = document[index]
    try:
        text = page.get_textpage()
        try:
            return _sheet(page, text, index + 1)
        finally:
            text.close()
    finally:
        page.close()


def _sheet(page: pdfium.PdfPage, text: pdfium.PdfTextPage, number: int) -> Sheet:
    width, height = page.get_size()
    left, low, right, high = page.get_bbox()
    frame = _Frame(left, low, right, high, (page.get_rotation() // 90) % 4)
    codes, places, looks, spaced, unmapped = _characters(text)
    turns = Counter((look.turn + frame.quarters) % 4 for look in looks)
    most = turns.most_common(1)[0][0] if turns else 0
    across, down = (height, width) if most % 2 else (width, height)
    shown = frame.shown(places)
    upright = turned(shown, most, width, height)
    origins = np.array([look.origin * 2 for look in looks] or np.empty((0, 4)), dtype=float)
    bases = turned(frame.shown(origins), most, width, height)[:, 1]
    letters = []
    for code, box, (left, top, right, bottom), base, look, blank in zip(
        codes, shown.tolist(), upright.tolist(), bases.tolist(), looks, spaced, strict=True
    ):
        turn = (look.turn + frame.quarters - most) % 4
        edges = (left, top, right, bottom)
        form = (look.size, look.bold, look.slanted, turn)
        letters.append(Letter(code, (box[0], box[1], box[2], box[3]), *edges, base, *form, blank))
    rules, marks = pdf_drawn.read(
        page, lambda boxes: turned(frame.shown(boxes), most, width, height), across, down
    )
    cut = text.count_chars() > MOST_LETTERS
    inside = [one for one in letters if _is_inside(one, across, down)]
    drawn = raw.FPDFPage_CountObjects(page.raw) > 0 or raw.FPDFPage_GetAnnotCount(page.raw) > 0
    stamped = 0 < len(inside) <= _STAMP and _is_covered(marks, across, down)
    sides = (width, height, across, down)
    return Sheet(number, *sides, composed(inside), rules, unmapped, cut, marks, drawn, stamped)


def _is_covered(marks: list[Mark], across: float, down: float) -> bool:
    """Whether one picture covers a page, or nearly."""
    for one in marks:
        width = min(one.right, across) - max(one.left, 0.0)
        height = min(one.bottom, down) - max(one.top, 0.0)
        shown = one.shape is Shape.PICTURE and width > 0 and height > 0
        if shown and width * height >= _COVERED * across * down:
            return True
    return False


def _is_inside(letter: Letter, across: float, down: float) -> bool:
    return (
        0 <= letter.left + letter.right <= 2 * across
        and 0 <= letter.top + letter.bottom <= 2 * down
    )


def turned(boxes: Array, quarters: int, width: float, height: float) -> Array:
    """``boxes`` of a shown page as they stand when letters turned by ``quarters`` are upright."""
    left, top, right, bottom = boxes.T
    sides = {
        0: (left, top, right, bottom),
        1: (top, width - right, bottom, width - left),
        2: (width - right, height - bottom, width - left, height - top),
        3: (height - bottom, left, height - top, right),
    }
    return np.stack(sides[quarters], axis=1)


def _characters(
    text: pdfium.PdfTextPage,
) -> tuple[list[str], Array, list[_Look], list[bool], int]:
    """The printed characters of a page, in the order of its content, less blanks."""
    handle = text.raw
    codes: list[str] = []
    places: list[tuple[float, float, float, float]] = []
    looks: list[_Look] = []
    spaced: list[bool] = []
    edges = [ctypes.c_double() for _ in range(4)]
    left, right, low, high = edges
    pointers = [ctypes.byref(one) for one in edges]
    fonts: dict[int, tuple[bool, bool]] = {}
    look, drawn, blank, unmapped = _Look(), None, False, 0
    for index in range(min(text.count_chars(), MOST_LETTERS)):
        code = raw.FPDFText_GetUnicode(handle, index)
        letter = _letter(code)
        if letter is None:
            unmapped += 1
            continue
        if not letter or letter.isspace():
            blank = blank or bool(letter)
            continue
        if not raw.FPDFText_GetCharBox(handle, index, *pointers):
            continue
        thing = raw.FPDFText_GetTextObject(handle, index)
        address = ctypes.cast(thing, ctypes.c_void_p).value
        if address != drawn or not looks:
            look, drawn = _look(handle, index, thing, fonts), address
        codes.append(letter)
        places.append((left.value, low.value, right.value, high.value))
        looks.append(look)
        spaced.append(blank)
        blank = False
    return codes, np.array(places, dtype=float).reshape(-1, 4), looks, spaced, unmapped


def _letter(code: int) -> str | None:
    """What to write for a code of pdfium: a blank, nothing for what shows nothing, None for what
    is no character."""
    if 0x20 < code < 0x7F:
        return chr(code)
    if code in _LINE_END_HYPHENS:
        return "-"
    if code in (0x20, 0x09, 0x0A, 0x0D, 0xA0):
        return " "
    return _rare(code)


def _rare(code: int) -> str | None:
    if not 0 < code < 0x110000:
        return None
    letter = chr(code)
    if letter == SOFT_HYPHEN:
        return letter
    if code in _BULLETS:
        return "•"
    if letter.isspace():
        return " "
    if unicodedata.category(letter) in {"Cc", "Co", "Cn", "Cs"} or letter == "\ufffd":
        return None
    return "" if folding.is_invisible(letter) else letter


def _look(handle: Any, index: int, thing: Any, fonts: dict[int, tuple[bool, bool]]) -> _Look:
    matrix = _MATRIX()
    size = raw.FPDFText_GetFontSize(handle, index)
    turn = 0
    if raw.FPDFText_GetMatrix(handle, index, ctypes.byref(matrix)):
        a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
        size *= abs(a * d - b * c) ** 0.5 or 1.0
        turn = (0 if a >= 0 else 2) if abs(a) >= abs(b) else (3 if b > 0 else 1)
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(handle, index, ctypes.byref(x), ctypes.byref(y))
    return _Look(size, *_weight(thing, fonts), turn, (x.value, y.value))


def _weight(thing: Any, fonts: dict[int, tuple[bool, bool]]) -> tuple[bool, bool]:
    """Whether the font of a text object is bold, and whether it is slanted."""
    font = raw.FPDFTextObj_GetFont(thing) if thing else None
    address = ctypes.cast(font, ctypes.c_void_p).value if font else None
    if not address:
        return False, False
    if address not in fonts:
        length = raw.FPDFFont_GetBaseFontName(font, None, 0)
        name = ctypes.create_string_buffer(min(max(length, 1), 1000))
        raw.FPDFFont_GetBaseFontName(font, name, len(name))
        named = name.value.lower()
        heavy = any(word in named for word in (b"bold", b"black", b"heavy"))
        angle = ctypes.c_int()
        raw.FPDFFont_GetItalicAngle(font, ctypes.byref(angle))
        slanted = angle.value != 0 or b"italic" in named or b"oblique" in named
        fonts[address] = heavy or raw.FPDFFont_GetWeight(font) >= _BOLD, slanted
    return fonts[address]


_SPACING = {
    "´": "\u0301", "`": "\u0300", "¨": "\u0308", "ˆ": "\u0302", "˜": "\u0303",
    "¸": "\u0327", "ˇ": "\u030c", "˚": "\u030a", "˘": "\u0306", "¯": "\u0304",
    "˝": "\u030b", "˙": "\u0307", "˛": "\u0328",
}  # fmt: skip
"""Accents that typesetting programs print over a letter as characters of their own."""


def composed(letters: list[Letter]) -> list[Letter]:
    """``letters`` with accents on them and ligatures and letter forms apart."""
    out: list[Letter] = []
    waiting: Letter | None = None
    for letter in letters:
        if letter.text.isascii() and waiting is None and letter.text != "`":
            out.append(letter)
        elif letter.text in _SPACING and waiting is None:
            if out and _over(letter, out[-1]) and _accented(out[-1], letter):
                out[-1] = _accented(out[-1], letter) or out[-1]
            else:
                waiting = letter
        elif waiting is not None:
            joined = _accented(letter, waiting) if _over(waiting, letter) else None
            out += [joined] if joined else [waiting, *_apart(letter)]
            waiting = None
        elif unicodedata.combining(letter.text) and out and (joined := _accented(out[-1], letter)):
            out[-1] = joined
        else:
            out += _apart(letter)
    return [*out, waiting] if waiting is not None else out


def _over(accent: Letter, letter: Letter) -> bool:
    """Whether an accent is printed over a letter."""
    shared = min(accent.right, letter.right) - max(accent.left, letter.left)
    return letter.text.isalpha() and shared > 0.5 * max(accent.right - accent.left, 0.1)


def _accented(letter: Letter, accent: Letter) -> Letter | None:
    mark = _SPACING.get(accent.text, accent.text)
    text = unicodedata.normalize("NFC", letter.text + mark)
    if len(text) != 1:
        return None
    box = _both(letter.box, accent.box)
    places = (letter.left, letter.top, letter.right, letter.bottom)
    place = _both(places, (accent.left, accent.top, accent.right, accent.bottom))
    spaced = letter.spaced or (accent.spaced and accent.text in _SPACING)
    left, top, right, bottom = place
    return replace(
        letter, text=text, box=box, left=left, top=top, right=right, bottom=bottom, spaced=spaced
    )


def _both(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )


def _apart(letter: Letter) -> list[Letter]:
    """The letters of a ligature, each with its share of the box; all else as it is, composed."""
    code = ord(letter.text)
    if not (0xFB00 <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFC):
        text = unicodedata.normalize("NFC", letter.text)
        return [letter] if text == letter.text or len(text) != 1 else [_renamed(letter, text)]
    parts = unicodedata.normalize("NFKC", letter.text).strip()
    if len(parts) < 2:
        return [_renamed(letter, parts)] if parts else [letter]
    backward = unicodedata.bidirectional(parts[0]) in {"R", "AL"}
    shares = range(len(parts))
    return [
        _share(letter, part, share, len(parts))
        for part, share in zip(parts, reversed(shares) if backward else shares, strict=True)
    ]


def _renamed(letter: Letter, text: str) -> Letter:
    return _share(letter, text, 0, 1)


def _share(letter: Letter, text: str, share: int, of: int) -> Letter:
    left, top, right, bottom = letter.box
    step, inner = (right - left) / of, (letter.right - letter.left) / of
    return replace(
        letter,
        text=text,
        box=(left + share * step, top, left + (share + 1) * step, bottom),
        left=letter.left + share * inner,
        right=letter.left + (share + 1) * inner,
        spaced=letter.spaced and share == (of - 1 if _is_backward(text) else 0),
    )


def _is_backward(text: str) -> bool:
    return unicodedata.bidirectional(text[0]) in {"R", "AL"}
