"""Marks the blocks of a Markdown text, which markdown-it reads: its tokens carry line numbers."""

from __future__ import annotations

import re
from bisect import bisect

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index import front_matter, headings, sentences
from index.conventions import Conventions
from index.records import Block, BlockKind


def markdown_blocks(text: str, known: Conventions) -> list[Block]:
    """Blocks of a Markdown text. The spans leave out the marks of headings, lists and code."""
    starts = [0]
    for match in re.finditer(r"\r\n|\r|\n", text):
        starts.append(match.end())
    starts.append(len(text))
    # markdown-it reads \r\n and \r as \n and NUL as U+FFFD; neither moves a line number.
    front = front_matter.span(text)
    blocks = [Block(BlockKind.CHROME, *front)] if front else []
    items = quotes = marks = 0
    for token in MarkdownIt("commonmark").parse(text.removeprefix("\ufeff")):
        opened = token.nesting if token.type.startswith("list_item") else 0
        items += opened
        marks = max(0, marks + opened)
        quotes += token.nesting if token.type.startswith("blockquote") else 0
        if token.map is None or token.type not in _MARKDOWN_LEAVES:
            continue
        first, last = (min(number, len(starts) - 1) for number in token.map)
        if front and starts[first] < front[1]:
            continue
        span = _trim_markdown(text, token, starts[first : last + 1], marks, quotes > 0)
        marks = 0
        if span is not None:
            kind, level = BlockKind.ITEM if items else BlockKind.PARAGRAPH, 1
            if token.type == "heading_open":
                kind, level = BlockKind.HEADING, int(token.tag[1:])
            elif known.is_furniture(text[slice(*span)]) or _is_markup(token):
                kind = BlockKind.CHROME
            blocks.append(Block(kind, *span, level))
    return headings.settle_last(text, _with_notes(text, blocks))


def _with_notes(text: str, blocks: list[Block]) -> list[Block]:
    """``blocks`` with the footnotes that CommonMark takes for the targets of links, and drops."""
    taken = [0, *(place for one in blocks for place in (one.start, one.end))]
    notes = [
        Block(BlockKind.PARAGRAPH, *match.span("note"))
        for match in _FOOTNOTE.finditer(text)
        # Outside of every block: an even number of block edges lie before it.
        if bisect(taken, match.start("note")) % 2
    ]
    return sorted([*blocks, *notes], key=lambda one: one.start) if notes else blocks


_FOOTNOTE = re.compile(
    r"^ {0,3}\[\^[^\]\s]{1,40}\]:[ \t]*(?P<note>\S[^\r\n]*?)[ \t]*$", re.MULTILINE
)
_MARKDOWN_LEAVES = frozenset(
    {"heading_open", "paragraph_open", "fence", "code_block", "html_block"}
)


def _trim_markdown(
    text: str, token: Token, lines: list[int], marks: int, quoted: bool
) -> tuple[int, int] | None:
    """The span of a leaf without its marks and the blanks around it; None if nothing is left.

    ``lines`` are the starts of its lines and the end of the last; ``marks`` list marks, at
    most, may stand before it on its first line, and ``>`` if it is ``quoted``.
    """
    lines = list(lines)
    if token.type == "fence":
        marks = 0
        del lines[0]
        if len(lines) > 1 and not text[lines[-2] : lines[-1]].strip(" \t\r\n>" + token.markup[0]):
            del lines[-1]
    elif token.type == "heading_open" and token.markup[0] in "=-":
        del lines[-1]
    start, end = lines[0], lines[-1]
    blank = r"[\s\ufeff\u200b>]*" if quoted else r"[\s\ufeff\u200b]*"
    hashes = r"(?:#{1,6}(?=\s|$))?" if token.markup.startswith("#") else ""
    lead = re.compile(rf"{blank}(?:(?:[-*+]|\d{{1,9}}[.)])(?=\s){blank}){{0,{marks}}}{hashes}")
    if match := lead.match(text, start, end):
        start = match.end()
    if hashes and (span := sentences.strip(text, start, end)):
        closing = re.search(r"(?:^|[ \t])#+$", text[slice(*span)])
        end = span[0] + closing.start() if closing else end
    return sentences.strip(text, start, end)


def _is_markup(token: Token) -> bool:
    """Whether HTML holds tags and comments alone."""
    if token.type != "html_block":
        return False
    content = token.content.strip()
    comment = content.startswith("<!--") and content.find("-->") == len(content) - 3
    return comment or not re.sub(r"<[^<>]*>", "", content).strip()
