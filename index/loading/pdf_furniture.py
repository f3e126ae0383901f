"""What pages repeat at their margins: running heads, page numbers, marks of printers.

Text of a margin is furniture if the same stands there on another page, numbers aside, or if it is
a mark that pages bear. The margin is peeled from outside, so that no line within the text counts.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise

from index.conventions import Conventions
from index.loading import pdf_frames, pdf_lines
from index.loading.pdf_faces import Face
from index.loading.pdf_lines import Line

_MARGIN = 0.16
"""Share of the page's height, above and below, in which furniture stands."""
_NEAR = 4.0
"""Points by which the place of what recurs may differ."""
_LONGEST = 160
_OFTEN = 0.4
"""Share of the pages on which that recurs which is furniture, however close the text stands."""
_NEXT = 4
"""Lines within a page that tell how far its lines are apart."""
_WIDER = 1.2
_LABEL = re.compile(r"(?<![\w.,/-])(\d{1,4}(?:\s?/\s?\d{1,4})?|[ivxlc]{1,7})(?![\w.,/-])")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(frozen=True, slots=True)
class Margins:
    """A page without its furniture, and the furniture."""

    head: list[Line]
    body: list[Line]
    foot: list[Line]


def parted(faces: list[Face], known: Conventions) -> list[Margins]:
    """Each page's furniture and the rest."""
    rows = [_rows(face) for face in faces]
    recurring = _recurring(faces, rows)
    often = max(2, _OFTEN * len(faces))
    out = []
    for face, lines in zip(faces, rows, strict=True):
        peel = _Peel(face.down, recurring, often, known)
        upper = [row for row in lines if row.pieces[0].base < face.down / 2]
        head = peel.peeled(upper)
        foot = peel.peeled(lines[len(upper) :][::-1])[::-1]
        taken = {id(one) for row in head + foot for one in row}
        rest = [one for one in face.pieces if id(one) not in taken]
        stray = [one for one in rest if one.turn and _is_outside(one, rest)]
        marks = {id(one) for one in stray}
        out.append(
            Margins(
                [one for row in head for one in row],
                [one for one in rest if id(one) not in marks],
                [one for row in foot for one in row] + stray,
            )
        )
    return out


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a page."""

    pieces: list[Line]
    framed: bool
    """Whether it stands in a table, the heads of which may recur on each page."""

    @property
    def base(self) -> float:
        """Its baseline."""
        return self.pieces[0].base


def _rows(face: Face) -> list[_Row]:
    """The lines of a page."""
    level = [one for one in face.pieces if not one.turn]
    tables = pdf_frames.filled(face.rules, face.pieces, face.down)
    return [_Row(row, any(one.holds(row[0]) for one in tables)) for row in pdf_lines.beside(level)]


def _is_outside(turned: Line, pieces: list[Line]) -> bool:
    """Whether a turned line stands beside the text and not within it."""
    level = [one for one in pieces if not one.turn]
    if not level:
        return False
    left, right = min(one.left for one in level), max(one.right for one in level)
    return turned.right <= left or turned.left >= right


def _key(text: str) -> str:
    folded = re.sub(r"\d+", "#", " ".join(text.split())).casefold()
    return "#" if re.fullmatch(r"[ivxlc]{1,7}", folded) else folded


def _recurring(faces: list[Face], rows: list[list[_Row]]) -> dict[tuple[str, int], int]:
    """What stands at the same height of a margin on more than one page, and on how many."""
    places: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for number, (face, lines) in enumerate(zip(faces, rows, strict=True)):
        for row in lines:
            if not row.framed and _in_margin(row.base, face.down):
                for one in row.pieces:
                    if len(one.text) <= _LONGEST:
                        places[_key(one.text)].append((one.base, number))
    found: dict[tuple[str, int], int] = {}
    for key, stands in places.items():
        near: Counter[int] = Counter()
        for step in {(_step(base) + by, page) for base, page in stands for by in (-1, 0, 1)}:
            near[step[0]] += 1
        found |= {(key, step): pages for step, pages in near.items() if pages > 1}
    return found


def _step(base: float) -> int:
    return round(base / _NEAR)


def _in_margin(base: float, height: float) -> bool:
    return base < _MARGIN * height or base > (1 - _MARGIN) * height


@dataclass(frozen=True, slots=True)
class _Peel:
    """Takes furniture off a page."""

    height: float
    recurring: dict[tuple[str, int], int]
    often: float
    """Pages on which that stands which is furniture wherever it stands."""
    known: Conventions

    def peeled(self, rows: list[_Row]) -> list[list[Line]]:
        """The outermost of ``rows`` that are furniture, from outside."""
        peeled: list[list[Line]] = []
        sure = 0
        for row in rows:
            if row.framed or not _in_margin(row.base, self.height):
                break
            times = [self._times(one) for one in row.pieces]
            rest = [one for one, pages in zip(row.pieces, times, strict=True) if not pages]
            words = " ".join(one.text for one in row.pieces)
            whole = self.known.is_page_mark(words) or _is_coded(words)
            if not whole and (not any(times) or any(map(_says, rest))):
                break
            peeled.append(row.pieces)
            named = [
                pages
                for one, pages in zip(row.pieces, times, strict=True)
                if any(map(str.isalpha, one.text))
            ]
            running = bool(named) and min(named) >= self.often
            if whole or running or _is_set_off(rows, len(peeled)):
                sure = len(peeled)
        return peeled[:sure]

    def _times(self, line: Line) -> int:
        """On how many pages a piece stands where it does; on 1 at most if it is a number, as rows
        of tables have them, and on none if it is no furniture."""
        text = " ".join(line.text.split())
        key = _key(text)
        pages = self.recurring.get((key, _step(line.base)), 0)
        if not any(map(str.isalpha, key)):
            return int(pages > 0 or self.known.is_page_mark(text))
        return max(pages, int(self.known.is_page_mark(text)))


def _is_set_off(rows: list[_Row], number: int) -> bool:
    """Whether more white stands between the outer ``number`` of rows and the others than between
    those that come next."""
    gaps = [abs(two.base - one.base) for one, two in pairwise(rows[number - 1 : number + _NEXT])]
    return not gaps or gaps[0] > _WIDER * max(gaps[1:], default=0.0)


def _is_coded(words: str) -> bool:
    """Whether a line is numbers of a printer alone, such as "25-08041X (E) 230525"."""
    parts = words.split()
    coded = all(any(map(str.isdigit, one)) or len(one.strip("()")) == 1 for one in parts)
    return coded and len(words) < 30 and re.search(r"\d{5}", words) is not None


def _says(line: Line) -> bool:
    return any(map(str.isalpha, line.text))


def labels(margins: list[Margins]) -> list[str]:
    """The number that each page bears; "" for one without."""
    read = [
        [
            match
            for one in page.head + page.foot
            for match in _LABEL.findall(" ".join(one.text.split()))
        ]
        for page in margins
    ]
    shifts = Counter(
        (_is_roman(label), _value(label) - number)
        for number, found in enumerate(read)
        for label in set(found)
    )
    return [_chosen(number, found, shifts) for number, found in enumerate(read)]


def _chosen(number: int, found: list[str], shifts: Counter[tuple[bool, int]]) -> str:
    """Of the numbers on a page, that which grows with the pages."""
    ranked = [(shifts[_is_roman(one), _value(one) - number], one) for one in found]
    often, label = max(ranked, default=(0, ""), key=lambda one: one[0])
    return re.sub(r"\s", "", label) if often > 1 or len(found) == 1 else ""


def _is_roman(label: str) -> bool:
    return label[0].isalpha()


def _value(label: str) -> int:
    if not _is_roman(label):
        return int(re.split(r"\s?/", label)[0])
    digits = [_ROMAN[one] for one in label]
    return sum(
        -one if any(later > one for later in digits[place + 1 : place + 2]) else one
        for place, one in enumerate(digits)
    )
