"""Marks the blocks of a Markdown text, which markdown-it reads: its tokens carry line numbers."""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass, field, replace
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index import front_matter, headings, inline_html, list_marks, rows, sentences
from index.conventions import Conventions
from index.records import Block, BlockKind

_LEAVES = frozenset(
    {"heading_open", "paragraph_open", "fence", "code_block", "html_block", "tr_open"}
)
_CODE = frozenset({"fence", "code_block"})
_FOOTNOTE = re.compile(
    r"^ {0,3}\[\^(?P<mark>[^\]\s]{1,40})\]:[ \t]*(?P<note>\S[^\r\n]*?)[ \t]*$", re.MULTILINE
)
_LINE = re.compile(r"[^\r\n]+")


@dataclass(slots=True)
class _Reader:
    """Reads tokens one after the other."""

    text: str
    known: Conventions
    starts: list[int]
    """Where the lines start, and where the text ends."""
    after: int
    """Where its front matter ends."""
    blocks: list[Block] = field(default_factory=list)
    items: int = 0
    quotes: int = 0
    marks: int = 0
    """List marks that may stand before the next leaf."""
    heads: tuple[str, ...] = ()
    heading: bool = False
    """Within the head of a table."""

    def read(self, token: Token) -> None:
        opened = token.nesting if token.type.startswith("list_item") else 0
        self.items += opened
        self.marks = max(0, self.marks + opened)
        self.quotes += token.nesting if token.type.startswith("blockquote") else 0
        if token.type.startswith("thead"):
            self.heading = token.nesting > 0
        if token.map is None or token.type not in _LEAVES:
            return
        first, last = (min(number, len(self.starts) - 1) for number in token.map)
        lines = self.starts[first : last + 1]
        span, mark = _trim(self.text, token, lines, self.marks, self.quotes > 0)
        self.marks = 0
        if span is not None and span[0] < self.after:
            span = sentences.strip(self.text, max(span[0], self.after), span[1])
        if span is not None:
            self.add(token, span, mark)

    def add(self, token: Token, span: tuple[int, int], mark: str) -> None:
        """Write the blocks of a leaf."""
        content = self.text[slice(*span)]
        if token.type == "tr_open":
            self.add_row(span)
        elif token.type == "html_block":
            self.after = max(self.after, inline_html.hidden_end(self.text, *span))
            self.blocks += self.html(span)
        elif token.type == "heading_open":
            shown = inline_html.without_tags(self.text, *span, code=True) or span
            self.blocks.append(Block(BlockKind.HEADING, *shown, int(token.tag[1:])))
        elif self.known.is_furniture(content):
            self.blocks.append(Block(BlockKind.CHROME, *span))
        else:
            kind = BlockKind.ITEM if self.items else BlockKind.PARAGRAPH
            block = Block(kind, *span, mark=mark)
            code = token.type in _CODE
            self.blocks += [block] if code else self.paragraph(block)

    def add_row(self, span: tuple[int, int]) -> None:
        """Write a row of a table; its first is that of the heads."""
        cells = rows.cells(self.text, *span)
        if self.heading:
            self.heads = tuple(rows.words(self.text, one) for one in cells)
        row = rows.row(cells, () if self.heading else self.heads)
        if row is not None:
            self.blocks.append(row)

    def html(self, span: tuple[int, int]) -> list[Block]:
        """The blocks of HTML, of which navigation is furniture."""
        return [
            Block(BlockKind.CHROME, one.start, one.end)
            if self.known.is_furniture(self.text[one.start : one.end])
            else one
            for one in inline_html.blocks_of(self.text, *span)
        ]

    def paragraph(self, block: Block) -> list[Block]:
        """A paragraph in its parts: rows of a table without heads, footnotes, items with marks that
        Markdown does not know, and text between comments."""
        parts = [block]
        if not self.quotes:
            parts = _table(self.text, block) or _items(self.text, block)
        found: list[Block] = []
        for part in parts:
            if "<" not in self.text[part.start : part.end] or part.kind is BlockKind.ROW:
                found.append(part)
                continue
            spans = inline_html.visible(self.text, part.start, part.end)
            if not spans:
                found.append(Block(BlockKind.CHROME, part.start, part.end))
                continue
            gaps = tuple((left[1], right[0]) for left, right in pairwise(spans))
            found.append(replace(part, start=spans[0][0], end=spans[-1][1], gaps=gaps))
        return found


def markdown_blocks(text: str, known: Conventions) -> list[Block]:
    """Blocks of a Markdown text. The spans leave out the marks of headings, lists and code."""
    starts = [0]
    for match in re.finditer(r"\r\n|\r|\n", text):
        starts.append(match.end())
    starts.append(len(text))
    # markdown-it reads \r\n and \r as \n and NUL as U+FFFD; neither moves a line number.
    front = front_matter.span(text)
    reader = _Reader(text, known, starts, front[1] if front else 0)
    if front:
        reader.blocks.append(Block(BlockKind.CHROME, *front))
    for token in MarkdownIt("commonmark").enable("table").parse(text.removeprefix("\ufeff")):
        reader.read(token)
    blocks = rows.captioned(text, _with_notes(text, reader.blocks), known)
    return headings.settle_last(text, blocks)


def _table(text: str, block: Block) -> list[Block]:
    """The rows of a table that lacks the line under its heads; nothing where it is none."""
    spans = [
        span
        for match in _LINE.finditer(text, block.start, block.end)
        if (span := sentences.strip(text, *match.span())) is not None
    ]
    lines = [text[slice(*span)] for span in spans]
    if len(lines) < 2 or lines[0][0] != "|" or rows.runs(lines) != [range(len(lines))]:
        return []
    return rows.rows(text, spans)


def _items(text: str, block: Block) -> list[Block]:
    """``block`` cut where a line opens a footnote, or an item with a mark that Markdown does not
    know: "(a)", "•"."""
    found: list[Block] = []
    last: list_marks.Mark | None = None
    ended = True
    for match in _LINE.finditer(text, block.start, block.end):
        line = sentences.strip(text, *match.span())
        if line is None:
            continue
        content = text[slice(*line)]
        mark = list_marks.plain(content)
        note = _FOOTNOTE.match(content)
        if note is not None:
            found.append(Block(BlockKind.FOOTNOTE, *line, mark=note["mark"]))
            found[-1] = replace(found[-1], start=line[0] + note.start("note"))
            last = None
        elif mark is not None and _opens(mark, last, ended or not found):
            found.append(Block(BlockKind.ITEM, line[0] + mark.end, line[1], mark=mark.text))
            last = mark
        elif found:
            found[-1] = replace(found[-1], end=line[1])
        else:
            found.append(replace(block, end=line[1]))
        ended = headings.SENTENCE_END.search(content) is not None
    return found


def _opens(mark: list_marks.Mark, last: list_marks.Mark | None, ended: bool) -> bool:
    """Whether a line with a ``mark`` opens an item, after one with the mark ``last``."""
    if mark.text.startswith("["):
        return False  # a task, or a link
    if last is None or mark.shape != last.shape:
        return ended or mark.is_symbol
    follows = mark.last.lower() in list_marks.successors(last.last.lower())
    return ended or mark.is_symbol or follows or (mark.text == last.text and not mark.last)


def _with_notes(text: str, blocks: list[Block]) -> list[Block]:
    """``blocks`` with the footnotes that CommonMark takes for the targets of links, and drops."""
    taken = [0, *(place for one in blocks for place in (one.start, one.end))]
    notes = [
        Block(BlockKind.FOOTNOTE, *match.span("note"), mark=match["mark"])
        for match in _FOOTNOTE.finditer(text)
        # Outside of every block: an even number of block edges lie before it.
        if bisect(taken, match.start("note")) % 2
    ]
    return sorted([*blocks, *notes], key=lambda one: one.start) if notes else blocks


def _trim(
    text: str, token: Token, lines: list[int], marks: int, quoted: bool
) -> tuple[tuple[int, int] | None, str]:
    """The span of a leaf without its marks and the blanks around it, None if nothing is left; and
    its list mark.

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
    one = rf"(?P<mark>[-*+]|\d{{1,9}}[.)])(?=\s){blank}"
    lead = re.compile(rf"{blank}(?:{one}){{0,{marks}}}{hashes}")
    mark = ""
    if match := lead.match(text, start, end):
        start = match.end()
        mark = match["mark"] or ""
    if hashes and (span := sentences.strip(text, start, end)):
        closing = re.search(r"(?:^|[ \t])#+$", text[slice(*span)])
        end = span[0] + closing.start() if closing else end
    return sentences.strip(text, start, end), mark
