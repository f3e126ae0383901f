"""The head of a first page: who publishes, under which number and when, set off by rules.

It is told by its place and its form: short pieces side by side above a rule across the page, and
a second such rule below them.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from index.loading import pdf_lines, pdf_tables
from index.loading.pdf_lines import Face, Line
from index.loading.pdf_tables import Level

_LOWEST = 0.4
"""Share of the page above which a masthead ends."""
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
    across = [one.at for one in pdf_tables.levels(face.rules) if _is_across(one, face)]
    second = next((one for one in across[1:] if one - across[0] > _TALL), None)
    if second is None or second > _LOWEST * face.down:
        return None
    pieces = [one for one in face.pieces if one.base < second]
    over = [one for one in pieces if one.base < across[0]]
    if not over or any(len(one.text) > _LONGEST for one in pieces):
        return None
    posts = [one for one in face.rules if not one.level and across[0] - 4 < one.bottom < second]
    framed = any(one.bottom - one.top > 10 for one in posts)
    apart = any(
        two.left - one.right > _APART * one.size
        for row in pdf_lines.beside(over)
        for one, two in pairwise(row)
    )
    return second if apart and not framed else None


def _is_across(level: Level, face: Face) -> bool:
    left = min(one.left for one in face.pieces) if face.pieces else 0.0
    right = max(one.right for one in face.pieces) if face.pieces else 0.0
    return level.right - level.left > _ACROSS * (right - left)


def without_head_rule(face: Face) -> Face:
    """A page without the rule under its running head, which is of no table below it."""
    found = pdf_tables.levels(face.rules)
    if not found or found[0].at > 0.16 * face.down:
        return face
    first = found[0]
    if not any(one.base < first.at for one in face.pieces):
        return face
    posts = [one for one in face.rules if not one.level and abs(one.top - first.at) < 4]
    tall = any(one.bottom - one.top > 10 for one in posts)
    if tall or (len(found) > 1 and pdf_tables.shares_joint(first, found[1])):
        return face
    return replace(face, rules=[one for one in face.rules if one.top > first.at + 3])
