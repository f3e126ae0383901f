"""Charts: which pieces of text are printed in one, as the numbers at its bars and axes are.

What a chart is drawn with tells where it is; numbers in it tell that it is one. Its captions and
notes, and whatever else reads as a sentence, stay text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from index.conventions import Conventions
from index.loading import pdf_lines
from index.loading.pdf_cells import is_value
from index.loading.pdf_drawn import Mark, Rule, Shape, are_bars
from index.loading.pdf_faces import Face
from index.loading.pdf_lines import Line

_APART = 12.0
"""Points by which what one chart is drawn with is apart at most."""
_SLACK = 2.0
_MOST = 500
"""Marks of a page that are looked at: what has more is a map, or a picture."""
_LARGEST = 0.7
"""Share of the page that a chart takes at most."""
_LEAST = 0.08
"""Share of the box around a chart that is drawn on, at least, unless that is ``_ALONG`` in one
direction."""
_ALONG = 0.5
_FEWEST = 3
"""Numbers in a chart, at least; with boxes of a legend, of both one more."""
_NUMBERS = 0.25
"""Share of the pieces in a chart that are numbers, at least."""
_PROSE = 6
"""Words of a piece that reads as a sentence, at least."""
_SENTENCES = 0.75
"""Share of the letters in a chart that stand in sentences, at most."""
_LABEL = 45
"""Characters of a label beside what is drawn, at most."""
_NEAR = 1.2
"""Type sizes by which a label is apart from what is drawn, or from another label, at most."""
_TITLED = 60.0
"""Points between a figure and its title, at most."""
_BARS = 4
"""Boxes drawn one by one that make bars."""
_LEGEND = 100.0
"""Points by which a legend is wider than what is drawn, on either side, at most."""
_ROUNDS = 4
"""Labels below one another."""
_COLUMN = 50.0
"""Points from bars to the rule before the column of a table that they stand in, at most; to that
behind it three times as many."""
_FULL = 0.95
"""Share of its height that the rules between columns of a table take."""
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class _Area:
    """Where a chart is."""

    left: float
    top: float
    right: float
    bottom: float
    framed: bool = False

    def holds(self, one: Line | Mark | Rule) -> bool:
        """Whether the middle of something stands in it."""
        across, down = (one.left + one.right) / 2, (one.top + one.bottom) / 2
        inside = self.left - _SLACK <= across <= self.right + _SLACK
        return inside and self.top - _SLACK <= down <= self.bottom + _SLACK

    def covers(self, one: Mark | Rule | _Area) -> bool:
        """Whether something stands in it whole."""
        return (
            self.left - _SLACK <= one.left
            and one.right <= self.right + _SLACK
            and self.top - _SLACK <= one.top
            and one.bottom <= self.bottom + _SLACK
        )

    def gap(self, one: Line | Mark | _Area) -> float:
        """The points by which something stands off it, to the side or up and down."""
        across = max(one.left - self.right, self.left - one.right, 0.0)
        return max(across, one.top - self.bottom, self.top - one.bottom)

    @property
    def size(self) -> float:
        """Square points."""
        return (self.right - self.left) * (self.bottom - self.top)

    def is_filled_by(self, one: _Area) -> bool:
        """Whether something in it takes much of it, or runs along it."""
        along = (one.right - one.left) / max(self.right - self.left, 1.0)
        down = (one.bottom - one.top) / max(self.bottom - self.top, 1.0)
        return along * down >= _LEAST or max(along, down) > _ALONG

    def widened(self, across: float, down: float) -> _Area:
        """The area with as much more on each side."""
        return replace(
            self,
            left=self.left - across,
            top=self.top - down,
            right=self.right + across,
            bottom=self.bottom + down,
        )

    def with_(self, one: Line | Mark | _Area) -> _Area:
        """The area around both."""
        return replace(
            self,
            left=min(self.left, one.left),
            top=min(self.top, one.top),
            right=max(self.right, one.right),
            bottom=max(self.bottom, one.bottom),
        )


@dataclass(frozen=True, slots=True)
class Charts:
    """What is printed in the charts of a page, line by line, and the rest of it."""

    lines: list[Line]
    rest: list[Line]
    face: Face
    """The page without what its charts are drawn with, which shows no tables."""


def parted(pieces: list[Line], face: Face, known: Conventions) -> Charts:
    """The charts of a page apart from its other pieces."""
    page = _Page.of(pieces, face, known)
    areas = page.areas()
    if not areas:
        return Charts([], pieces, face)
    grown = [one if one.framed else page.grown(one) for one in areas]
    found = [
        one for one in pieces if any(each.holds(one) for each in grown) and not page.is_text(one)
    ]
    ids = {id(one) for one in found}
    level = [one for one in found if not one.turn]
    return Charts(
        [pdf_lines.joined(row) for row in pdf_lines.beside(level)]
        + [one for one in found if one.turn],
        [one for one in pieces if id(one) not in ids],
        replace(
            face,
            rules=[one for one in face.rules if not any(each.covers(one) for each in areas)],
        ),
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as it is searched for charts."""

    pieces: list[Line]
    prose: list[Line]
    """Those that read as sentences."""
    drawn: list[Mark]
    """What charts are drawn with."""
    frames: list[_Area]
    keys: list[Mark]
    """The boxes of legends."""
    uprights: list[Rule]
    known: Conventions

    @classmethod
    def of(cls, pieces: list[Line], face: Face, known: Conventions) -> _Page:
        """A page with some pieces."""
        titles = [one for one in pieces if face.marks and known.is_figure(one.text)]
        frames = [
            _Area(one.left, one.top, one.right, one.bottom, framed=True)
            for one in face.marks
            if one.shape is Shape.FRAME
        ]
        largest = _LARGEST * face.across * face.down
        frames = [one for one in frames if one.size < largest]
        drawn = [one for one in _drawn(face.marks, titles) if _area(one).size < largest]
        return cls(
            pieces,
            [one for one in pieces if len(_WORD.findall(one.text)) >= _PROSE],
            drawn[:_MOST],
            frames[:_MOST],
            [one for one in face.marks if one.shape is Shape.KEY][:_MOST],
            [one for one in face.rules if not one.level],
            known,
        )

    def areas(self) -> list[_Area]:
        """Where charts are."""
        found = list(dict.fromkeys(self._framed(one) for one in _clusters(self.drawn)))
        sure = [one for one in found if self._is_chart(one)]
        # Circles here and there on a map are a chart together.
        others = [one for one in found if one not in sure and _numbers(self._held(one))]
        together = [line for one in others for line in self._held(one)]
        return sure + (others if len(others) > 1 and self._are_of_chart(together, 0) else [])

    def grown(self, area: _Area) -> _Area:
        """An area with the labels beside what is drawn, and the legend under it."""
        core, wide = area, area.widened(_LEGEND, 3 * _APART)
        for _ in range(_ROUNDS):
            before = area
            for one in self.pieces:
                if len(one.text) > _LABEL or self._is_prose(one):
                    continue
                beside = one.bottom > core.top and one.top < core.bottom
                near = area.gap(one) / one.size
                named = wide.holds(one) and self._is_keyed(one)
                if named or (beside and near < _NEAR) or (is_value(one.text) and near < 2 * _NEAR):
                    area = area.with_(one)
            if area == before:
                break
        return area

    def is_text(self, line: Line) -> bool:
        """Whether a piece in a chart says something by itself: a caption, a note, a sentence."""
        if self.known.is_caption(line.text):
            return True
        if line.turn or self._is_keyed(line):
            return False
        return self._is_prose(line) or any(_goes_on(one, line) for one in self.prose)

    def _framed(self, area: _Area) -> _Area:
        """The largest box around what is drawn that holds a chart and nothing else; the area itself
        where there is none."""
        around = [
            one
            for one in self.frames
            if one.covers(area) and one.is_filled_by(area) and self._is_chart(one)
        ]
        return max(around, key=lambda one: one.size, default=area)

    def _is_chart(self, area: _Area) -> bool:
        wide = area.widened(_LEGEND, 2 * _APART)
        keys = sum(wide.holds(one) for one in self.keys)
        return self._are_of_chart(self._held(area), keys) and not self._is_tabular(area)

    def _are_of_chart(self, pieces: list[Line], keys: int) -> bool:
        """Whether pieces are those of a chart: many numbers, and hardly a sentence."""
        numbers = _numbers(pieces)
        letters = sum(len(one.text) for one in pieces)
        sentences = sum(len(one.text) for one in pieces if self._is_prose(one))
        return (
            (numbers >= _FEWEST or (numbers > 0 and numbers + keys > _FEWEST))
            and numbers >= _NUMBERS * len(pieces)
            and sentences <= _SENTENCES * letters
        )

    def _is_tabular(self, area: _Area) -> bool:
        """Whether upright rules part the area into columns, or make a column of it."""
        height = area.bottom - area.top
        around = [one for one in self.frames if one.covers(area)]
        sides = {round(at / 2) for one in around for at in (one.left, one.right)}
        lengths: Counter[int] = Counter()
        for one in self.uprights:
            shared = min(one.bottom, area.bottom) - max(one.top, area.top)
            lengths[round(one.left / 2)] += round(max(shared, 0.0))
        full = [
            2.0 * at
            for at, length in lengths.items()
            if length >= _FULL * height and at not in sides
        ]
        if area.framed:
            return any(area.left + 4 < at < area.right - 4 for at in full)
        left = any(-_COLUMN < at - area.left < 4 for at in full)
        return left and any(-4 < at - area.right < 3 * _COLUMN for at in full)

    def _held(self, area: _Area) -> list[Line]:
        return [one for one in self.pieces if area.holds(one)]

    def _is_prose(self, line: Line) -> bool:
        return any(one is line for one in self.prose)

    def _is_keyed(self, line: Line) -> bool:
        """Whether a box of a legend stands right before a piece."""
        return any(
            0 <= line.left - one.right < line.size
            and one.top < line.bottom
            and line.top < one.bottom
            for one in self.keys
        )


def _area(one: Mark) -> _Area:
    return _Area(one.left, one.top, one.right, one.bottom)


def _drawn(marks: list[Mark], titles: list[Line]) -> list[Mark]:
    """What charts are drawn with. Lines behind a chart look like the rules of a table, and count
    where a title says that a figure is near."""
    drawn = [
        one
        for one in marks
        if one.shape in {Shape.BARS, Shape.LINE, Shape.SECTOR}
        or (one.shape is Shape.GRID and any(_is_by(title, one) for title in titles))
    ]
    alike: dict[tuple[int, int], list[Mark]] = defaultdict(list)
    for one in marks:
        if one.shape is Shape.FILL:
            alike[0, round(one.right - one.left)].append(one)
            alike[1, round(one.bottom - one.top)].append(one)
    bars = [
        Mark(
            Shape.BARS,
            min(one.left for one in group),
            min(one.top for one in group),
            max(one.right for one in group),
            max(one.bottom for one in group),
        )
        for group in alike.values()
        if len(group) >= _BARS
        and are_bars([(one.left, one.top, one.right, one.bottom) for one in group])
    ]
    return drawn + bars


def _clusters(drawn: list[Mark]) -> list[_Area]:
    """What is drawn, together where it is near."""
    found: list[_Area] = []
    for one in drawn:
        area = _area(one)
        near = [each for each in found if each.gap(area) < _APART]
        found = [each for each in found if each not in near]
        for each in near:
            area = area.with_(each)
        found.append(area)
    return found


def _is_by(title: Line, mark: Mark) -> bool:
    """Whether the title of a figure stands right over or under something drawn."""
    over = 0 < mark.top - title.base < _TITLED
    return over or 0 < title.top - mark.bottom < _TITLED


def _numbers(pieces: list[Line]) -> int:
    return sum(is_value(one.text) or all(map(is_value, one.text.split())) for one in pieces)


def _goes_on(above: Line, line: Line) -> bool:
    """Whether a line is the next of a sentence."""
    near = 0 < line.base - above.base < 1.6 * line.size
    alike = above.bold == line.bold and abs(above.size - line.size) < 0.5
    return near and alike and _WORD.search(line.text) is not None
