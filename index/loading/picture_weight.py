"""Which lines in the picture of a page are bold: those whose strokes are thicker than most are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from index.loading import picture_rules
from index.loading.ocr import Picture, PrintLine, Word

_BOLDER = 1.18
"""Times the usual thickness of strokes from which a line is bold. Measured on pages whose fonts are
known: bold 1.23 to 1.36, other lines up to 1.11."""
_ALIKE = 1.06
"""Times that thickness up to which lines of evenly printed pages are alike."""
_UNEVEN = 0.06
"""Share of a page's letters between the two from which it is printed so badly that nothing tells
which lines are bold."""
_ENOUGH = 8
"""Letters that tell it of a line."""


def told(lines: list[PrintLine], picture: Picture) -> list[PrintLine]:
    """``lines`` of a picture, with those that are bold marked."""
    dark = picture.pixels < picture_rules.threshold(picture.pixels)
    strokes = [_thickness(one, dark) for one in lines]
    counts = [one.glyphs for one in lines]
    usual = _usual(strokes, counts)
    between = (_ALIKE * usual < one <= _BOLDER * usual for one in strokes)
    unsure = sum(count for count, within in zip(counts, between, strict=True) if within)
    if unsure > _UNEVEN * sum(counts):
        return lines
    return [
        replace(one, bold=thickness > _BOLDER * usual) if one.glyphs >= _ENOUGH else one
        for one, thickness in zip(lines, strokes, strict=True)
    ]


def _thickness(line: PrintLine, dark: npt.NDArray[np.bool_]) -> float:
    """How long what is dark in a row is, in the middle, against the size of a line; 0 where that
    is not known."""
    if line.turn:
        return 0.0
    parts = [_inside(word, dark) for word in line.words]
    begun = sum(int(one[:, :1].sum() + (one[:, 1:] & ~one[:, :-1]).sum()) for one in parts)
    return sum(int(one.sum()) for one in parts) / begun / line.size if begun else 0.0


def _inside(word: Word, dark: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    top = max(0, int(min(one.top for one in word.glyphs)))
    bottom = int(max(one.bottom for one in word.glyphs))
    return dark[top:bottom, max(0, int(word.left)) : int(word.right)]


def _usual(values: Sequence[float], weights: Sequence[int]) -> float:
    """The median of ``values``, each as often as its weight; those that are 0 do not count."""
    known = sorted((value, weight) for value, weight in zip(values, weights, strict=True) if value)
    half = sum(weight for _, weight in known) / 2
    for value, weight in known:
        half -= weight
        if half <= 0:
            return value
    return 0.0
