"""Rows of tables that are written with characters: between upright strokes, or tabs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from index import sentences
from index.conventions import Conventions
from index.records import Block, BlockKind

Span = tuple[int, int]

_STROKE = re.compile(r"\\.|\|", re.DOTALL)
_RULE = re.compile(r"[|+:=\-_\s]{3,}")
_FEWEST_TABBED = 3
"""Rows of a table, and cells of each, that nothing but tabs makes one."""


def cells(text: str, start: int, end: int) -> list[Span]:
    """Spans of the cells of a line of Markdown, its outer strokes being optional. The span of an
    empty cell is empty."""
    edges = [match.start() for match in _STROKE.finditer(text, start, end) if match[0] == "|"]
    return _between(text, start, end, edges)


def row(spans: Sequence[Span], heads: Sequence[str] = ()) -> Block | None:
    """The row with cells at ``spans``; None where all are empty."""
    full = [span for span in spans if span[0] < span[1]]
    if not full:
        return None
    start, end = min(left for left, _ in full), max(right for _, right in full)
    spans = [(min(max(left, start), end), min(max(right, start), end)) for left, right in spans]
    named = (*heads, *[""] * len(spans))[: len(spans)] if heads else ()
    return Block(
        BlockKind.ROW,
        start,
        end,
        heads=named,
        cells=tuple(spans),
    )


def words(text: str, span: Span) -> str:
    """The words of a cell on one line, without emphasis."""
    return " ".join(text[slice(*span)].split()).strip("*_` ")


def is_rule(line: str) -> bool:
    """Whether a line is drawn between rows."""
    return _RULE.fullmatch(line) is not None and ("-" in line or "=" in line or "_" in line)


def runs(lines: Sequence[str]) -> list[range]:
    """Where in ``lines``, which follow one another, the tables are."""
    found: list[range] = []
    start = 0
    while start < len(lines):
        end, stroked = _stroked(lines, start)
        if not stroked:
            last = _tabbed(lines, start)
            end, stroked = max(end, last), last > start
        if stroked:
            found.append(range(start, end))
        start = max(end, start + 1)
    return found


def rows(text: str, spans: Sequence[Span]) -> list[Block]:
    """The rows of a table whose lines, without blanks around them, are at ``spans``; rules between
    them are furniture."""
    blocks: list[Block] = []
    heads: list[str] = []
    lines = [text[slice(*span)] for span in spans]
    for number, (start, end) in enumerate(spans):
        if is_rule(lines[number]):
            blocks.append(Block(BlockKind.CHROME, start, end))
            continue
        found = _row_cells(text, start, end)
        block = row(found, heads)
        if block is not None:
            blocks.append(block)
        if not heads and _heads(lines, number):
            heads = [words(text, span) for span in found]
    return blocks


def captioned(text: str, blocks: list[Block], known: Conventions) -> list[Block]:
    """``blocks`` with each table told its caption: the line above it, else below it, that says of
    itself that it is one."""
    found = list(blocks)
    place = 0
    while place < len(found):
        if found[place].kind is not BlockKind.ROW:
            place += 1
            continue
        end = place
        while end < len(found) and found[end].kind in (BlockKind.ROW, BlockKind.CHROME):
            end += 1
        beside = next((at for at in (place - 1, end) if _is_caption(text, found, at, known)), None)
        if beside is not None:
            found[beside] = replace(found[beside], kind=BlockKind.CAPTION, level=1)
            caption = words(text, (found[beside].start, found[beside].end))
            for at in range(place, end):
                if found[at].kind is BlockKind.ROW:
                    found[at] = replace(found[at], caption=caption)
        place = end
    return found


def _is_caption(text: str, blocks: list[Block], at: int, known: Conventions) -> bool:
    if not 0 <= at < len(blocks):
        return False
    kinds = (BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.CAPTION)
    return blocks[at].kind in kinds and known.is_caption(text[blocks[at].start : blocks[at].end])


def _stroked(lines: Sequence[str], start: int) -> tuple[int, bool]:
    """Where the lines from ``start`` on that are between strokes end, with the rules between them,
    and whether they make a table."""
    end, full, ruled = start, 0, False
    while end < len(lines):
        if _is_stroked(lines[end]):
            full += 1
        elif is_rule(lines[end]):
            ruled = ruled or bool(set("|+") & set(lines[end]))
        else:
            break
        end += 1
    return end, full > 1 or (full == 1 and ruled)


def _is_stroked(line: str) -> bool:
    return len(line) > 2 and line[0] == line[-1] == "|" and not is_rule(line)


def _tabbed(lines: Sequence[str], start: int) -> int:
    """Where the lines from ``start`` on end that are parted by as many tabs each; ``start`` if
    they make no table."""
    tabs = lines[start].count("\t")
    if tabs + 1 < _FEWEST_TABBED:
        return start
    end = start
    while end < len(lines) and lines[end].count("\t") == tabs:
        end += 1
    return end if end - start >= _FEWEST_TABBED else start


def _row_cells(text: str, start: int, end: int) -> list[Span]:
    if text[start] == "|":
        return cells(text, start, end)
    edges = [at for at in range(start, end) if text[at] == "\t"]
    return _between(text, start, end, edges)


def _between(text: str, start: int, end: int, edges: list[int]) -> list[Span]:
    """What stands between ``edges``, and beyond the outermost where that is something."""
    bounds = [start - 1, *edges, end]
    found = []
    for number, (left, right) in enumerate(pairwise(bounds)):
        span = sentences.strip(text, left + 1, right)
        outer = number in (0, len(bounds) - 2) and len(bounds) > 2
        if span is not None or not outer:
            found.append(span or (left + 1, left + 1))
    return found


def _heads(lines: Sequence[str], number: int) -> bool:
    """Whether the row at ``number``, the first one, heads the others: a rule follows it, or it has
    no digits where others have some."""
    rest = lines[number + 1 :]
    if rest and is_rule(rest[0]):
        return True
    ruled = any(map(is_rule, rest[1:]))
    digits = [any(map(str.isdigit, line)) for line in rest]
    return not ruled and not any(map(str.isdigit, lines[number])) and any(digits)
