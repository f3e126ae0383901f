"""Straight lines in the picture of a page: found, and taken out.

Recognisers of letters stumble over them: they take underlined words for a drawing, and the frame
of a table for letters. What is found says of a picture what drawn paths say of a page of text.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Pixels = npt.NDArray[np.uint8]
"""(height, width): 0 is black, 255 white."""
Mask = npt.NDArray[np.bool_]

_LEVEL = 24.0
"""Points that a level line has at least: more than a dash, less than an underlined word."""
_UPRIGHT = 40.0
"""Points that an upright line has at least: more than the stem of a large letter."""
_THICK = 6.0
"""Points that one has across at most."""
_SLIM = 8.0
"""Times that one is longer than across, at least."""
_SLOPE = 0.06
"""Share of its length by which one may lean."""
_BRIDGED = 0.75
"""Points of a gap that the noise of a scanner makes in a line."""
_BROKEN = 120.0
"""Points of a line from which it may be broken into dashes, with white over it and under it."""
_GAP = 8.0
"""Points between such dashes at most."""
_SLIM_DASH = 2.0
"""Points that it has across at most."""
_DARK = 0.5
"""Share of it that is dark at least: dots that lead from an entry to its page are less."""
_CLEAR = 0.05
"""Share of the room over and under it that may be dark."""
_MOST = 2_000
"""Lines of one picture: what has more is a drawing, and stays as it is."""
_RAGGED = 0.3
"""Share of its width by which the edge of one frays."""
_WHITE = 255


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line, in pixels from the top left: where its middle begins and ends."""

    x0: float
    y0: float
    x1: float
    y1: float
    across: float
    level: bool


def taken_out(pixels: Pixels, scale: float) -> tuple[Pixels, list[Stroke]]:
    """A picture with ``scale`` pixels a point of its type, without its straight lines, and these.
    Letters that cross one, or stand on it, stay."""
    dark = pixels < threshold(pixels)
    level, upright = _found(dark, scale, _LEVEL), _found(dark.T, scale, _UPRIGHT)
    broken = _broken(dark, scale)
    level = [one for one in level if not any(_is_within(one, whole) for whole in broken)] + broken
    if not 0 < len(level) + len(upright) <= _MOST:
        return pixels, []
    clean = pixels.copy()
    _erase(clean, dark, level)
    _erase(clean.T, dark.T, upright)
    turned = [Stroke(one.y0, one.x0, one.y1, one.x1, one.across, False) for one in upright]
    return clean, level + turned


def threshold(pixels: Pixels) -> int:
    """The shade between ink and paper, by Otsu's method: that which parts both best."""
    counts = np.bincount(pixels.ravel(), minlength=256).astype(float)
    weight = np.cumsum(counts)
    total = np.cumsum(counts * np.arange(256))
    rest = weight[-1] - weight
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = weight * rest * (total / weight - (total[-1] - total) / rest) ** 2
    apart = np.nan_to_num(apart)
    return int(np.argmax(apart)) + 1 if apart.max() > 0 else 128


def _found(dark: Mask, scale: float, least: float) -> list[Stroke]:
    """The lines that run along the rows of ``dark``."""
    runs = _long_runs(dark, round(least * scale), round(_BRIDGED * scale))
    labels, _ = ndimage.label(runs & dark, structure=np.ones((3, 3)))
    strokes = (
        _stroke(labels[area] == number, area, scale, least)
        for number, area in enumerate(ndimage.find_objects(labels), start=1)
    )
    return [one for one in strokes if one is not None]


def _broken(dark: Mask, scale: float) -> list[Stroke]:
    """Long lines along the rows of ``dark`` that bad printing or scanning has broken."""
    runs = _long_runs(dark, round(_BROKEN * scale), round(_GAP * scale))
    labels, _ = ndimage.label(runs, structure=np.ones((3, 3)))
    found = []
    for number, area in enumerate(ndimage.find_objects(labels), start=1):
        stroke = _stroke(labels[area] == number, area, scale, _BROKEN)
        if stroke is not None and _is_dashed(dark, stroke, scale):
            found.append(stroke)
    return found


def _is_dashed(dark: Mask, one: Stroke, scale: float) -> bool:
    """Whether a line is slim and more dark than not, and it is white over it and under it, where
    letters would go on."""
    half = one.across / 2
    inside = _along(dark, one, np.arange(-half, half + 0.5)).any(axis=1)
    off = half + np.arange(scale, 4 * scale)
    around = _along(dark, one, np.concatenate([-off, off]))
    slim = one.across <= _SLIM_DASH * scale
    return slim and float(inside.mean()) >= _DARK and float(around.mean()) <= _CLEAR


def _along(dark: Mask, one: Stroke, off: npt.NDArray[np.float64]) -> Mask:
    """What is dark at each column of a level line, ``off`` so many pixels from its middle."""
    columns = np.arange(int(one.x0), int(one.x1))
    middle = one.y0 + (columns - one.x0) * (one.y1 - one.y0) / (one.x1 - one.x0)
    rows = (middle[:, None] + off).astype(int)
    found: Mask = dark[np.clip(rows, 0, len(dark) - 1), columns[:, None]]
    return found


def _is_within(one: Stroke, whole: Stroke) -> bool:
    """Whether a line is a part of another."""
    return (
        whole.x0 - 1 <= one.x0
        and one.x1 <= whole.x1 + 1
        and abs((one.y0 + one.y1) / 2 - (whole.y0 + whole.y1) / 2)
        <= whole.across + one.across + abs(whole.y1 - whole.y0)
    )


def _long_runs(dark: Mask, least: int, bridged: int) -> Mask:
    """What lies in runs of ``dark`` along rows that are ``least`` long, gaps of noise bridged."""
    height, width = dark.shape
    padded = np.zeros((height, width + 2), dtype=np.int8)
    padded[:, 1:-1] = dark
    steps = np.diff(padded, axis=1).ravel()
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    if not len(starts):
        return np.zeros_like(dark)
    across = width + 1
    apart = (starts[1:] - ends[:-1] > bridged) | (starts[1:] // across != ends[:-1] // across)
    starts, ends = starts[np.concatenate([[True], apart])], ends[np.concatenate([apart, [True]])]
    long = ends - starts >= least
    marks = np.zeros(height * across, dtype=np.int8)
    marks[starts[long]] = 1
    marks[ends[long]] = -1
    return np.cumsum(marks, dtype=np.int8).reshape(height, across)[:, :width].astype(bool)


def _stroke(mask: Mask, area: tuple[slice, slice], scale: float, least: float) -> Stroke | None:
    """The line that the pixels of ``mask`` make; None where they make none."""
    columns = mask.sum(axis=0)
    places = np.flatnonzero(columns)
    across = float(columns.sum() / len(places))
    length = float(places[-1] - places[0] + 1)
    if length < least * scale or across > min(_THICK * scale, length / _SLIM):
        return None
    heights = np.arange(mask.shape[0]) @ mask[:, places] / columns[places]
    slope, start = np.polyfit(places, heights, 1)
    off = np.abs(heights - (slope * places + start))
    if abs(slope) > _SLOPE or float(np.percentile(off, 90)) > max(across, 2.0):
        return None
    top, left = area[0].start, area[1].start
    ends = slope * np.array([0.0, length]) + start + top + 0.5
    return Stroke(left, float(ends[0]), left + length, float(ends[1]), across, True)


def _erase(pixels: Pixels, dark: Mask, lines: list[Stroke]) -> None:
    """Whitens level lines with their ragged edges, but where something crosses them."""
    height = len(pixels)
    for one in lines:
        columns = np.arange(int(one.x0), int(one.x1))
        middle = one.y0 + (columns + 0.5 - one.x0) * (one.y1 - one.y0) / (one.x1 - one.x0)
        half = one.across / 2 + max(_RAGGED * one.across, 1.5)
        tops = np.clip((middle - half).astype(int), 1, height - 2)
        bottoms = np.clip((middle + half).astype(int), 1, height - 2)
        crossed = dark[tops - 1, columns] & dark[bottoms + 1, columns]
        rows = tops[:, None] + np.arange(int(2 * half) + 2)
        inside = (rows <= bottoms[:, None]) & ~crossed[:, None]
        pixels[rows[inside], np.broadcast_to(columns[:, None], rows.shape)[inside]] = _WHITE
