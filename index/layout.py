"""Marks the blocks of a text: headings, list items, paragraphs and page furniture.

Plain text has no markup, so its layout is read off the lines as a person would: whether
lines are wrapped, which stand alone, which open with a list mark. Markdown is read by
markdown-it, whose tokens carry line numbers. Either way a block is a span of the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from index import columns, headings, rows, torn
from index.columns import MARKUP
from index.conventions import Conventions
from index.lines import TextLine, lines_of
from index.markdown import markdown_blocks
from index.records import Block, BlockKind

__all__ = ["markdown_blocks", "sections", "text_blocks"]


def text_blocks(text: str, known: Conventions) -> list[Block]:
    """Blocks of a plain text, in order and disjoint; blanks and list marks alone lie between."""
    lines = lines_of(text, known)
    counts = Counter(line.text for line in lines)
    blocks, lines = _tables(text, lines)
    apart = [False] * len(blocks)
    for run, wrapped in columns.stretches(lines):
        groups = columns.join(run, known) if wrapped else [[line] for line in run]
        blocks += [
            _classify(text, group, known, wrapped, repeated=counts[group[0].text] > 1)
            for group in groups
        ]
        apart += [group[0].blank_before and group[-1].blank_after for group in groups]
    if any(block.kind is BlockKind.ROW for block in blocks):
        order = sorted(range(len(blocks)), key=lambda at: blocks[at].start)
        blocks, apart = [blocks[at] for at in order], [apart[at] for at in order]
        blocks = rows.captioned(text, blocks, known)
    blocks = headings.with_small(text, _with_title(text, blocks), apart)
    blocks = torn.join(text, torn.with_footnotes(text, blocks))
    return headings.settle(text, blocks, known)


def _tables(text: str, lines: list[TextLine]) -> tuple[list[Block], list[TextLine]]:
    """The rows of tables among ``lines``, and the other lines, which stand apart from them."""
    blocks: list[Block] = []
    others: list[TextLine] = []
    for run in columns.adjacent(lines):
        found = rows.runs([line.text for line in run])
        inside = {at for table in found for at in table}
        for table in found:
            blocks += rows.rows(text, [(run[at].start, run[at].end) for at in table])
        others += [
            replace(
                line,
                blank_before=line.blank_before or at - 1 in inside,
                blank_after=line.blank_after or at + 1 in inside,
            )
            if inside
            else line
            for at, line in enumerate(run)
            if at not in inside
        ]
    return blocks, others


def _classify(
    text: str, group: list[TextLine], known: Conventions, wrapped: bool, repeated: bool
) -> Block:
    start, end = group[0].start, group[-1].end
    content = text[start:end]
    apart = group[0].blank_before and group[-1].blank_after
    alone = not wrapped or apart
    # A symbol on a line of its own may be what the text says, unless pages repeat it.
    page_mark = known.is_page_mark(content) and (wrapped or repeated or not known.is_mark(content))
    if page_mark or (alone and known.is_furniture(content)):
        return Block(BlockKind.CHROME, start, end)
    mark = group[0].mark
    if mark is not None:
        rest = content[mark.end :]
        numbered = len(group) <= 2 and headings.reads_as_numbered(mark.text, rest)
        if numbered and (apart or (not wrapped and headings.stands_out(mark.text))):
            return Block(BlockKind.HEADING, start, end, mark=mark.text)
        return Block(BlockKind.ITEM, start + mark.end, end, mark=mark.text)
    markup = MARKUP.match(content)
    if markup:
        return Block(BlockKind.HEADING, start + markup.end(), end, len(markup["marks"]))
    shouted = columns.is_shouted(content)
    if headings.reads_as_heading(content, known, alone or shouted, lines=len(group)):
        return Block(BlockKind.HEADING, start, end)
    return Block(BlockKind.PARAGRAPH, start, end)


def _with_title(text: str, blocks: list[Block]) -> list[Block]:
    """``blocks``, the first of them a heading if it stands apart and reads as a title."""
    found = [at for at, block in enumerate(blocks) if block.kind is not BlockKind.CHROME]
    if len(found) < 2:
        return blocks
    first, second = (blocks[at] for at in found[:2])
    apart = re.search(r"\n\s*\n|\r\s*\r|\f", text[first.end : second.start]) is not None
    paragraph = first.kind is BlockKind.PARAGRAPH and not text[second.start].islower()
    if paragraph and apart and headings.reads_as_title(text[first.start : first.end]):
        blocks = list(blocks)
        blocks[found[0]] = replace(first, kind=BlockKind.HEADING)
    return blocks


def sections(text: str, blocks: tuple[Block, ...]) -> Iterator[tuple[Block, tuple[str, ...]]]:
    """Each block that is text, with the headings above it, outermost first.

    Headings that follow one another directly are read as one above the other, which is how
    plain text shows a title over a subtitle.
    """
    stack: list[tuple[int, str]] = []
    after_heading = False
    for block in blocks:
        if block.kind is BlockKind.CHROME:
            continue
        if block.kind is BlockKind.HEADING:
            if not after_heading or block.level > 1:
                stack = [entry for entry in stack if entry[0] < block.level]
            stack.append((block.level, " ".join(text[block.start : block.end].split())))
            after_heading = True
        else:
            after_heading = False
            yield block, tuple(title for _, title in stack)
