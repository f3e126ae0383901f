"""Where the rules of a page show a table: their heights, and the edges of its columns.

Word processors draw each rule cell by cell, so that the joints of its parts are the edges of the
columns, even where no rule stands between these.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from index.loading import pdf_cells, pdf_lines, pdf_order
from index.loading.pdf_cells import NEAR, Edges
from index.loading.pdf_drawn import Rule
from index.loading.pdf_lines import Line

_MANY = 6
"""Rules back to which a rule may belong."""
_FAR = 3.0
"""Type sizes by which rows of a table are apart at most."""
_LEAST_WIDTH = 60.0
_TOUCHING = 6.0
"""Points by which parts of one rule are apart at most."""
_TALLEST = 0.6
"""Share of the page by which two rules of one table are apart at most, where none stands between
them from top to bottom."""
_ALIKE = 6.0
_DOUBLE = 4.0
"""Points between two rules that are drawn as one."""
_POST = 4.0
_TALL = 20.0
"""Points of a rule from top to bottom that parts columns though it meets no other rule."""
_LABELS = 2
"""Lines after the last rule that may name the rows under them."""
_FILLED = 0.6
"""Share of the columns that one of such rows fills at least."""
_DRAWING = 2_000_000
"""Level rules times upright ones of a page that is a drawing, and no table."""
_AHEAD = 8
"""Rows after the last rule of which one must fill several columns."""


@dataclass(frozen=True, slots=True)
class Level:
    """A rule from left to right, with the joints of its parts."""

    at: float
    left: float
    right: float
    joints: tuple[float, ...]

    def is_below(self, line: Line) -> bool:
        """Whether the middle of a piece stands between its ends."""
        return self.left <= line.middle <= self.right


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a table stands: the heights of its rules and the edges of its columns."""

    levels: tuple[Level, ...]
    edges: Edges
    posts: tuple[Rule, ...] = ()
    """The rules from top to bottom in it, where they stand beside all of its rows."""

    @property
    def boxed(self) -> bool:
        """Whether a row of its rules is a row of the table."""
        return bool(self.posts)

    def cell(self, line: Line) -> tuple[float, float]:
        """The sides of the cell that a piece stands in: of the columns under the part of a rule
        that stands under those alone, or of those between the posts beside it; the piece's own
        where neither shows."""
        if self.posts:
            near = self._beside(line)
            if self.cuts(line):
                return line.left, line.right
            lefts = [one.left for one in near if one.left < line.left + 2]
            rights = [one.right for one in near if one.right > line.right - 2]
            if lefts and rights:
                return max(lefts), min(rights)
        under = [one for one in self.levels if one.at > line.base and one.is_below(line)]
        if under and not self.is_whole(under[0]):
            return under[0].left, under[0].right
        return line.left, line.right

    def cuts(self, line: Line) -> bool:
        """Whether a post stands between the letters of a piece, which is of two cells then."""
        return any(line.left + 2 < one.left < line.right - 2 for one in self._beside(line))

    def _beside(self, line: Line) -> list[Rule]:
        return [one for one in self.posts if one.top < line.base and line.top < one.bottom]

    @property
    def top(self) -> float:
        """Its uppermost rule."""
        return self.levels[0].at

    @property
    def bottom(self) -> float:
        """Its lowest rule."""
        return self.levels[-1].at

    def holds(self, line: Line) -> bool:
        """Whether a piece stands between its uppermost and its lowest rule."""
        return self.top < line.base < self.bottom

    def is_whole(self, level: Level) -> bool:
        """Whether a rule runs over all columns."""
        return level.right - level.left > 0.9 * (self.edges[-1] - self.edges[0])

    @property
    def second(self) -> int:
        """The number of the second rule across the whole table, or of the first where another
        stands over it."""
        whole = [number for number, level in enumerate(self.levels) if self.is_whole(level)]
        return whole[0] or whole[1] if len(whole) > 1 else 1


def frames(rules: list[Rule], pieces: list[Line], height: float) -> list[Frame]:
    """The tables that the rules of a page show around its pieces of lines."""
    posts = [one for one in rules if not one.level and one.bottom - one.top > _POST]
    across = levels(rules)
    if len(across) * len(posts) > _DRAWING:
        return []
    groups: list[list[Level]] = []
    for level in across:
        if groups and any(_belongs(one, level, posts, height) for one in groups[-1][-_MANY:]):
            groups[-1].append(level)
        else:
            groups.append([level])
    split = [
        part
        for group in groups
        for apart in _by_posts(group, posts)
        for part in _without_empty(apart, pieces, posts)
    ]
    found = [_frame(group, posts, pieces) for group in split if len(group) > 1]
    return [one for one in found if one is not None]


def filled(rules: list[Rule], pieces: list[Line], height: float) -> list[Frame]:
    """``frames`` that hold several rows, or heads over rows, and are no box around a text."""
    found = frames(rules, pieces, height)
    limits = [*(one.top for one in found[1:]), height]
    return [
        frame
        for frame, limit in zip(found, limits, strict=False)
        if _is_filled(frame, pieces, limit)
    ]


def _is_filled(frame: Frame, pieces: list[Line], limit: float) -> bool:
    heights = [one.at for one in frame.levels]
    bands = {bisect(heights, one.base) for one in pieces if frame.holds(one)}
    return len(bands) > 1 or (bool(bands) and extended(frame, pieces, limit) is not frame)


def levels(rules: list[Rule]) -> list[Level]:
    """Rules from left to right, from the top; those drawn in parts at one height are joined."""
    found: list[Level] = []
    row: list[Rule] = []
    for rule in sorted((one for one in rules if one.level), key=lambda one: one.top):
        if row and rule.top - row[0].top > NEAR:
            found += _runs(row)
            row = []
        row.append(rule)
    return found + (_runs(row) if row else [])


def shares_joint(one: Level, other: Level) -> bool:
    """Whether an edge of columns shows in both of two rules."""
    return any(abs(at - place) <= NEAR for at in one.joints[1:-1] for place in other.joints)


def is_alike(one: Level, other: Level) -> bool:
    """Whether two rules begin and end one below the other."""
    return abs(one.left - other.left) < _ALIKE and abs(one.right - other.right) < _ALIKE


def _runs(row: list[Rule]) -> list[Level]:
    found: list[list[Rule]] = []
    for rule in sorted(row, key=lambda one: one.left):
        reach = max(one.right for one in found[-1]) if found else 0.0
        if found and rule.left - reach <= _TOUCHING:
            found[-1].append(rule)
        else:
            found.append([rule])
    return [
        Level(
            at=median((one.top + one.bottom) / 2 for one in run),
            left=run[0].left,
            right=max(one.right for one in run),
            joints=_edges([side for one in run for side in (one.left, one.right)]),
        )
        for run in found
        if max(one.right for one in run) - run[0].left > 10
    ]


def _edges(places: list[float]) -> Edges:
    """``places`` with those near one another taken together."""
    found: list[list[float]] = []
    for place in sorted(places):
        if found and place - found[-1][-1] <= NEAR:
            found[-1].append(place)
        else:
            found.append([place])
    return tuple(sum(one) / len(one) for one in found)


def _belongs(last: Level, level: Level, posts: list[Rule], height: float) -> bool:
    """Whether two rules below one another are of one table."""
    shared = min(last.right, level.right) - max(last.left, level.left)
    if shared < 0.5 * min(last.right - last.left, level.right - level.left):
        return False
    if any(
        one.top <= last.at + NEAR
        and one.bottom >= level.at - NEAR
        and last.left - NEAR <= one.left <= last.right + NEAR
        for one in posts
    ):
        return True
    partial = level.at - last.at < 40 and (len(last.joints) > 2 or len(level.joints) > 2)
    if partial and shared > 0.9 * min(last.right - last.left, level.right - level.left):
        return True
    fewer, more = sorted((last.joints[1:-1], level.joints[1:-1]), key=len)
    common = sum(any(abs(one - other) <= NEAR for other in more) for one in fewer)
    near = level.at - last.at < _TALLEST * height
    return is_alike(last, level) and common > 0 and 2 * common >= len(fewer) and near


def _by_posts(group: list[Level], posts: list[Rule]) -> list[list[Level]]:
    """``group`` cut where no upright rule stands between two level ones, and some do right above
    and right below."""
    beside = [_beside(one, two, posts) for one, two in pairwise(group)]
    parts: list[list[Level]] = [[group[0]]]
    for number, level in enumerate(group[1:]):
        over, under = beside[max(number - 1, 0)], beside[min(number + 1, len(beside) - 1)]
        if not beside[number] and over > 1 and under > 1:
            parts.append([])
        parts[-1].append(level)
    return [one for one in parts if len(one) > 1]


def _beside(above: Level, below: Level, posts: list[Rule]) -> int:
    """How many upright rules run from one level rule to the next; many where these are one."""
    if below.at - above.at <= _DOUBLE:
        return _MANY
    return sum(
        one.top <= above.at + _POST
        and one.bottom >= below.at - _POST
        and above.left - NEAR <= one.left <= above.right + NEAR
        for one in posts
    )


def _without_empty(group: list[Level], pieces: list[Line], posts: list[Rule]) -> list[list[Level]]:
    """``group`` without the rules over and under it between which nothing stands, as is so under a
    running head; apart where nothing stands between rules of unlike ends, or under a box."""
    parts: list[list[Level]] = [[group[0]]]
    order = sorted(pieces, key=lambda one: one.base)
    bases = [one.base for one in order]

    def is_empty(above: Level, below: Level) -> bool:
        between = order[bisect(bases, above.at) : bisect(bases, below.at + 1)]
        return not any(_stands(one, above, below) for one in between)

    for one, two in pairwise(group):
        empty = two.at - one.at > _DOUBLE and is_empty(one, two)
        last = parts[-1]
        alone = len(last) == 1
        if empty and (
            alone
            or not is_alike(one, two)
            or (_beside(last[-2], one, posts) > 1 and _is_apart(one, two, posts))
        ):
            parts.append([])
        parts[-1].append(two)
    last = parts[-1]
    while len(last) > 2 and is_empty(last[-2], last[-1]):
        last.pop()
    return [one for one in parts if len(one) > 1]


def _is_apart(above: Level, below: Level, posts: list[Rule]) -> bool:
    """Whether neither an upright rule nor an edge of columns joins two level ones."""
    return not _beside(above, below, posts) and not shares_joint(above, below)


def _stands(piece: Line, above: Level, below: Level) -> bool:
    left, right = min(above.left, below.left), max(above.right, below.right)
    return above.at < piece.base < below.at + 1 and left - NEAR < piece.middle < right + NEAR


def _frame(group: list[Level], posts: list[Rule], pieces: list[Line]) -> Frame | None:
    left, right = min(one.left for one in group), max(one.right for one in group)
    inner = [
        one
        for one in posts
        if group[0].at - NEAR <= one.top
        and one.bottom <= group[-1].at + NEAR
        and left - NEAR <= one.left <= right + NEAR
        and (one.bottom - one.top > _TALL or _meets(one, group))
    ]
    places = [place for one in group for place in one.joints] + [one.left for one in inner]
    edges = _edges([left, right, *places])
    inside = [one for one in pieces if group[0].at < one.base < group[-1].at + 1]
    often = Counter(_nearest(place, edges) for place in places)
    edges = pdf_cells.without_narrow(edges, inside, often)
    if len(edges) < 3 or right - left < _LEAST_WIDTH:
        return None
    return Frame(tuple(group), edges, tuple(inner) if _is_boxed(group, inner) else ())


def _nearest(place: float, edges: Edges) -> float:
    return min(edges, key=lambda one: abs(one - place))


def _meets(post: Rule, group: list[Level]) -> bool:
    """Whether both ends of an upright rule stand on level ones."""
    return all(
        any(abs(end - one.at) <= _POST and one.left - NEAR <= post.left <= one.right + NEAR
            for one in group)
        for end in (post.top, post.bottom)
    )  # fmt: skip


def _is_boxed(group: list[Level], posts: list[Rule]) -> bool:
    """Whether upright rules stand between all level ones."""
    return all(_beside(one, two, posts) > 1 for one, two in pairwise(group))


def parted(frame: Frame, pieces: list[Line]) -> list[Frame]:
    """``frame``, or the frames of several tables, where between two rules stands text in single
    lines that run over the edges of columns."""
    groups: list[list[Level]] = [[frame.levels[0]]]
    for one, two in pairwise(frame.levels):
        between = [each for each in pieces if one.at < each.base < two.at]
        rows = [pdf_order.with_marks(row) for row in pdf_lines.beside(between)]
        single = len(rows) > 1 and all(len(row) == 1 for row in rows)
        if single and any(not pdf_cells.fits(row[0], frame.edges) for row in rows):
            groups.append([])
        groups[-1].append(two)
    return [Frame(tuple(each), frame.edges, frame.posts) for each in groups if len(each) > 1]


def extended(frame: Frame, pieces: list[Line], limit: float = 1e6) -> Frame:
    """``frame`` with the rows that stand under its last rule and over the height ``limit``, as
    where a table goes on over the page's end."""
    below = [one for one in pieces if frame.bottom < one.base < limit and not one.turn]
    headed = any(frame.levels[frame.second].at < one.base < frame.bottom for one in pieces)
    rows = [pdf_order.with_marks(row) for row in pdf_lines.beside(below)]
    reach, widest = frame.bottom, 0
    for number, row in enumerate(rows):
        parts = [part for one in row for part in pdf_cells.parts(one, frame.edges)]
        running = len(row) == 1 and len(parts) > 1
        near = row[0].base - reach < _FAR * row[0].size
        if running or not near or not all(pdf_cells.fits(one, frame.edges) for one in parts):
            break
        widest = max(widest, len({pdf_cells.column(one, frame.edges) for one in parts}))
        if widest < 2 and number + 1 > (_LABELS if headed else _AHEAD):
            break
        reach = max(one.base for one in row)
    labelled = len({pdf_cells.column(one, frame.edges) for one in rows[0]}) < 2 if rows else False
    least = max(2.0, _FILLED * (len(frame.edges) - 1)) if headed and labelled else 2.0
    if reach == frame.bottom or widest < least:
        return frame
    last = Level(reach + 1.0, frame.edges[0], frame.edges[-1], frame.edges)
    return Frame((*frame.levels, last), frame.edges)
