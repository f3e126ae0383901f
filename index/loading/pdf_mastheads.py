"""The head of a first page: who publishes, under which number and when, set off by rules.

It is told by its place and its form: short pieces side by side above a rule across the page, and
a second such rule below them.
"""

from __future__ import annotations

from dataclasses import replace

from index.loading import pdf_frames, pdf_lines
from index.loading.pdf_faces import Face
from index.loading.pdf_frames import Level
from index.loading.pdf_lines import Line

_LOWEST = 0.4
"""Share of the page above which a masthead ends."""
_HIGHEST_HEAD = 150.0
"""Points that the heads of a table take at most."""
_TALL = 20.0
_ACROSS = 0.8
_APART = 6.0
"""Type sizes between pieces that stand apart."""
_LONGEST = 80


def parted(face: Face) -> tuple[list[Line], Face]:
    """The masthead of a first page, and the page without it and its rules."""
    bottom = _bottom(face)
    if bottom is None:
        return [], face
    above = [one for one in face.pieces if one.base < bottom]
    rest = [one for one in face.pieces if one.base >= bottom]
    rules = [one for one in face.rules if one.top > bottom + 4]
    lines = [one for row in pdf_lines.beside(above) for one in row]
    return lines, replace(face, pieces=rest, rules=rules)


def _bottom(face: Face) -> float | None:
    across = [one.at for one in pdf_frames.levels(face.rules) if _is_across(one, face)]
    second = next((one for one in across[1:] if one - across[0] > _TALL), None)
    if second is None or second > _LOWEST * face.down:
        return None
    pieces = [one for one in face.pieces if one.base < second]
    over = [one for one in pieces if one.base < across[0]]
    if not over or any(len(one.text) > _LONGEST for one in pieces):
        return None
    posts = [one for one in face.rules if not one.level and across[0] - 4 < one.bottom < second + 4]
    framed = any(one.bottom - one.top > 10 for one in posts)
    apart = any(_stands_apart(one, over) for one in over)
    return second if apart and not framed else None


def _stands_apart(one: Line, pieces: list[Line]) -> bool:
    """Whether the next piece beside one is far from it."""
    beside = [
        two.left - one.right
        for two in pieces
        if two.left > one.right and min(one.bottom, two.bottom) > max(one.top, two.top)
    ]
    return min(beside, default=0.0) > _APART * one.size


def _is_across(level: Level, face: Face) -> bool:
    left = min(one.left for one in face.pieces) if face.pieces else 0.0
    right = max(one.right for one in face.pieces) if face.pieces else 0.0
    return level.right - level.left > _ACROSS * (right - left)


def without_head_rule(face: Face) -> Face:
    """A page without the rule under its running head, which is of no table below it."""
    found = pdf_frames.levels(face.rules)
    if not found or found[0].at > 0.16 * face.down:
        return face
    first = found[0]
    if not any(one.base < first.at for one in face.pieces):
        return face
    posts = [one for one in face.rules if not one.level and abs(one.top - first.at) < 4]
    tall = any(one.bottom - one.top > 10 for one in posts)
    if tall or (len(found) > 1 and _of_one_table(first, found[1])):
        return face
    return replace(face, rules=[one for one in face.rules if one.top > first.at + 3])


def _of_one_table(first: Level, second: Level) -> bool:
    near = second.at - first.at < _HIGHEST_HEAD
    return near and pdf_frames.shares_joint(first, second)
