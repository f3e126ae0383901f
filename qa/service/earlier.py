"""What a citation of an earlier version said, and what has become of the passage since."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from rapidfuzz.distance import Indel

_AROUND = 400
"""Characters before and after the cited words that are compared, at most."""
_MOST = 3000
"""Characters that are compared at all: the time grows with their square."""
_MOST_PAIRS = 100_000
"""Pairs of equal words of two passages; more come of a word that is repeated on and on."""
_TELLING = 12
"""A line of fewer characters may stand anywhere, and is no place to hold on to."""
_LINES = 50
"""Lines on each side that are tried."""
_TOKEN = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the passage: as it was and is, gone, or new."""

    kind: Literal["same", "gone", "new"]
    text: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """A citation of an earlier version."""

    words: str
    """As they stood."""
    until: str
    """The day (ISO 8601) of the last index that had that version."""
    pieces: tuple[Piece, ...]
    """The passage around them, with what has changed in it; empty where nothing has."""


def compared(before: str, start: int, end: int, now: str, until: str) -> Earlier:
    """What stands at a range of the text ``before``, and how its passage reads ``now``."""
    old = _passage(before, start, end)
    new = _same_place(before, old, now)
    pieces = tuple(_pieces(before[slice(*old)].strip(), now[slice(*new)].strip()))
    changed = any(one.kind != "same" for one in pieces)
    return Earlier(before[start:end], until[:10], pieces if changed else ())


def _passage(text: str, start: int, end: int) -> tuple[int, int]:
    """The range of the paragraphs that a range lies in, within bounds."""
    opens = text.rfind("\n\n", max(0, start - _AROUND), start)
    closes = text.find("\n\n", end, end + _AROUND)
    first = opens + 2 if opens >= 0 else _at_blank(text, max(0, start - _AROUND))
    last = closes if closes >= 0 else min(len(text), end + _AROUND)
    return first, min(last, first + _MOST)


def _at_blank(text: str, place: int) -> int:
    """The next place where a word begins."""
    if place == 0:
        return 0
    blank = re.compile(r"\s").search(text, place, place + 40)
    return blank.end() if blank else place


def _same_place(before: str, old: tuple[int, int], now: str) -> tuple[int, int]:
    """Where ``now`` has what stood at the range ``old``: between the nearest lines before and after
    it that still stand."""
    first, last = old
    near = round(first / max(1, len(before)) * len(now))
    above = next(_standing(_lines_before(before, first), now, near), None)
    opens = above[1] if above else 0
    below = next(_standing(_lines_after(before, last), now, opens, opens), None)
    closes = below[0] if below else len(now)
    return opens, min(closes, opens + 2 * _MOST) if closes > opens else opens


def _standing(
    lines: Sequence[str], text: str, near: int, after: int = 0
) -> Iterator[tuple[int, int]]:
    """Where lines stand in ``text``, past ``after``, each at the place nearest to ``near``."""
    for line in lines:
        places = [text.rfind(line, after, near + len(line)), text.find(line, max(near, after))]
        found = [place for place in places if place >= after]
        if found:
            place = min(found, key=lambda one: abs(one - near))
            yield place, place + len(line)


def _lines_before(text: str, place: int) -> list[str]:
    lines = text[max(0, place - 20_000) : place].split("\n")
    return [one for one in reversed(lines) if len(one) >= _TELLING][:_LINES]


def _lines_after(text: str, place: int) -> list[str]:
    lines = text[place : place + 20_000].split("\n")
    return [one for one in lines if len(one) >= _TELLING][:_LINES]


def _pieces(old: str, new: str) -> Iterator[Piece]:
    """What is the same of two texts word by word, what is gone and what is new. What is new before
    the first word of the old one, and after its last, is none of the passage."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    plain = [one.split() for one in before], [one.split() for one in after]
    keys = [" ".join(one) for one in plain[0]], [" ".join(one) for one in plain[1]]
    for what, i, j, k, m in _changes(*keys):
        if what == "insert" and i in {0, len(before)}:
            continue
        if what == "equal":
            yield Piece("same", "".join(after[k:m]))
            continue
        if j > i:
            yield Piece("gone", "".join(before[i:j]))
        if m > k:
            yield Piece("new", "".join(after[k:m]))


def _changes(before: list[str], after: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """The steps from ``before`` to ``after``, in long runs, as ``SequenceMatcher`` gives them. It
    takes a time that grows with the pairs of equal words: of too many, the fewest steps are taken
    instead."""
    often = Counter(after)
    if sum(often[one] for one in before) <= _MOST_PAIRS:
        yield from SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        return
    i = k = 0
    for block in Indel.opcodes(before, after):
        if block.tag != "equal":
            continue
        if (i, k) != (block.src_start, block.dest_start):
            what = "insert" if i == block.src_start else "replace"
            yield what, i, block.src_start, k, block.dest_start
        i, k = block.src_end, block.dest_end
        yield "equal", block.src_start, i, block.dest_start, k
    if (i, k) != (len(before), len(after)):
        yield "insert" if i == len(before) else "replace", i, len(before), k, len(after)
