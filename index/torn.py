"""Paragraphs that a page break or a careless copy tears, joined over what stands in between:
numbers of pages, running heads, footnotes. Footnotes that tear nothing are told apart."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from index.headings import SENTENCE_END
from index.records import Block, BlockKind

_INNER_END = re.compile(r"[.?!][\"'”’)\]]*\s")
_RULE = re.compile(r"_{3,}")
_NOTE = re.compile(
    r"(?P<mark>\d{1,3}|[a-z]|[*†‡]{1,3}|[⁰¹²³⁴-⁹]+|\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})"
    r"(?:[ \t\xa0]+|(?<=[*†‡⁰¹²³⁴-⁹]))(?=[^\W\d_]|[\"“‘(])"
)
_PAGED = re.compile(r"^\W*\d{1,4}\b|\b\d{1,4}\W*$")
"""A number at an edge of a line that pages repeat."""
_MIN_CARRY = 60
"""A paragraph of at least this length that stops without a mark goes on after a blank line."""
_MAX_HEAD = 100
_MOST_BETWEEN = 12
"""Blocks between the halves of a paragraph."""


def join(text: str, blocks: list[Block]) -> list[Block]:
    """Joins a paragraph that stops in mid-sentence with the one that carries it on.

    That is a long paragraph without a closing mark, followed by one that starts in lower case, or
    by a whole paragraph where the first one holds sentences already and so is no heading.
    """
    repeated = _repeated(text, blocks)
    joined: list[Block] = []
    place = 0
    while place < len(blocks):
        block = blocks[place]
        while (following := _continuation(text, block, blocks, place + 1, repeated)) is not None:
            other = blocks[following]
            gap = ((block.end, other.start),) if following > place + 1 else ()
            block = replace(block, end=other.end, gaps=block.gaps + gap)
            place = following
        joined.append(block)
        place += 1
    return joined


def with_footnotes(text: str, blocks: list[Block]) -> list[Block]:
    """``blocks`` with footnotes of what stands under a rule and opens with a mark."""
    found: list[Block] = []
    under = False
    for block in blocks:
        if block.kind is BlockKind.CHROME:
            under = _RULE.fullmatch(text[block.start : block.end]) is not None
            found.append(block)
            continue
        start = _line_start(block)
        note = _NOTE.match(text, start, block.end) if under else None
        under = note is not None
        if note is None:
            found.append(block)
        else:
            found.append(Block(BlockKind.FOOTNOTE, note.end(), block.end, mark=note["mark"]))
    return found


def _line_start(block: Block) -> int:
    """Where a block starts with its mark, if one blank parts the two."""
    return block.start - len(block.mark) - 1 if block.kind is BlockKind.ITEM else block.start


def _continuation(
    text: str, body: Block, blocks: list[Block], start: int, repeated: set[str]
) -> int | None:
    """Which of ``blocks``, from ``start`` on, carries ``body`` on; None where none does."""
    if not _is_open(text, body):
        return None
    marked = passed = False
    for place in range(start, min(len(blocks), start + _MOST_BETWEEN)):
        block = blocks[place]
        if block.kind is BlockKind.CHROME:
            marked = True
            continue
        note = block.kind is BlockKind.FOOTNOTE
        if not note and _carries_on(text, body, block):
            small = text[block.start].islower()
            return place if not passed or (small and marked) else None
        line = " ".join(text[block.start : block.end].split())
        if not note and not _is_head(block, line):
            return None
        passed = True
        torn = "\f" in text[body.end : block.start]
        marked = marked or note or torn or _folded(line) in repeated or bool(_PAGED.search(line))
    return None


def _is_open(text: str, body: Block) -> bool:
    kinds = (BlockKind.PARAGRAPH, BlockKind.ITEM)
    if body.kind not in kinds or body.end - body.start < _MIN_CARRY:
        return False
    last = text[body.end - 1]
    return last in ",-" or last.isalnum()


def _carries_on(text: str, body: Block, following: Block) -> bool:
    if following.kind is not BlockKind.PARAGRAPH:
        return False
    if text[following.start].islower():
        return True
    whole = SENTENCE_END.search(text, max(following.start, following.end - 40), following.end)
    long = following.end - following.start >= _MIN_CARRY
    if body.kind is BlockKind.ITEM or not text[body.end - 1].islower() or not (whole and long):
        return False
    return _INNER_END.search(text, max(body.start, body.end - 2000), body.end) is not None


def _is_head(block: Block, line: str) -> bool:
    """Whether a block may be a running head, or what a printer puts beside a page's number."""
    kinds = (BlockKind.HEADING, BlockKind.PARAGRAPH)
    short = block.kind in kinds and len(line) <= _MAX_HEAD
    return short and SENTENCE_END.search(line.rstrip("0123456789 ")) is None


def _repeated(text: str, blocks: list[Block]) -> set[str]:
    lines = (
        text[one.start : one.end]
        for one in blocks
        if one.end - one.start <= _MAX_HEAD and one.kind is not BlockKind.CHROME
    )
    return {line for line, count in Counter(map(_folded, lines)).items() if count > 1}


def _folded(line: str) -> str:
    """What lines that pages repeat have in common: all but their numbers and capitals."""
    return re.sub(r"\W*\d+\W*", "#", " ".join(line.casefold().split())).strip("#")
