"""Finds what is text in HTML that stands within Markdown: tags are no words, and scripts, styles
and comments are not seen by a reader. Spans of text are those of the file."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from index import rows, sentences
from index.records import Block, BlockKind

UNSEEN = frozenset("head script style svg template title iframe object".split())
_BLOCK_TAGS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol "
    "option p pre section select summary table tbody td tfoot th thead tr ul".split()
)
_CODE = re.compile(r"(?<!`)(`+)(?!`)")
_OPENING = re.compile(
    r"<(?:(?P<comment>!--)|(?P<declared>[!?])|(?P<close>/?)(?P<name>[a-z][\w-]*))", re.I
)
_REST = re.compile(r"(?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*|/)?>")
_LONGEST_TAG = 2000
_LONGEST_CODE = 5000
_LONGEST_SCRIPT = 20_000
"""Beyond the paragraph that it begins in."""
_HEADING = re.compile(r"h([1-6])")


class _Kind(Enum):
    INLINE = 1
    """A tag within a line of text."""
    OPEN = 2
    CLOSE = 3
    UNSEEN = 4


@dataclass(frozen=True, slots=True)
class _Piece:
    """A tag, or what no reader sees."""

    kind: _Kind
    name: str
    start: int
    end: int
    closes: bool = False


def hidden_end(text: str, start: int, end: int) -> int:
    """Where what is not seen ends that begins in ``text[start:end]``, ``end`` if none goes on."""
    return max((piece.end for piece in _pieces(text, start, end)), default=end)


def visible(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of a paragraph's text: without the tags around it, parted by what is not seen."""
    found = []
    for left, right in _runs(text, start, end):
        span = without_tags(text, left, right, code=True)
        if span is not None:
            found.append(span)
    return found


def without_tags(text: str, start: int, end: int, code: bool = False) -> tuple[int, int] | None:
    """``start`` and ``end`` without the tags and blanks around what is between them;
    tags in code spans are text if ``code``."""
    pieces = [*_pieces(text, start, end, code)]
    opened = {one.name: one.start for one in reversed(pieces) if not one.closes}
    span = sentences.strip(text, start, end)
    for piece in pieces:
        if span is not None and piece.start == span[0]:
            span = sentences.strip(text, piece.end, end)
    for piece in reversed(pieces):
        if span is None or piece.end != span[1]:
            continue
        # "by the <b>council</b>": the last tag belongs to the words.
        if not (piece.closes and span[0] <= opened.get(piece.name, -1)):
            span = sentences.strip(text, span[0], piece.start)
    return span


@dataclass(slots=True)
class _Reader:
    """Reads a piece of HTML from tag to tag."""

    text: str
    blocks: list[Block] = field(default_factory=list)
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 1
    items: int = 0
    unread: int = 0
    """Elements of navigation around it."""
    cells: list[tuple[int, int]] | None = None
    headed: bool = False
    """The row that is read has cells that are heads."""
    heads: list[str] = field(default_factory=list)
    in_cell: bool = False

    def say(self, start: int, end: int) -> None:
        """Read a run of text."""
        span = without_tags(self.text, start, end)
        if span is None:
            return
        if self.in_cell and self.cells is not None:
            first = self.cells[-1]
            self.cells[-1] = (span[0] if first[0] == first[1] else first[0], span[1])
        elif self.unread:
            self.blocks.append(Block(BlockKind.CHROME, *span))
        else:
            item = self.items and self.kind is BlockKind.PARAGRAPH
            kind = BlockKind.ITEM if item else self.kind
            self.blocks.append(Block(kind, *span, self.level))

    def open(self, name: str, place: int) -> None:
        """Enter an element."""
        heading = _HEADING.fullmatch(name)
        self.kind, self.level = BlockKind.PARAGRAPH, 1
        if heading:
            self.kind, self.level = BlockKind.HEADING, int(heading[1])
        elif name in ("caption", "figcaption"):
            self.kind = BlockKind.CAPTION
        self.items += name == "li"
        self.unread += name == "nav"
        if name == "table":
            self.close_row()
            self.heads = []
        elif name == "tr":
            self.close_row()
            self.cells = []
        elif name in ("td", "th"):
            self.cells = [*(self.cells or []), (place, place)]
            self.headed = self.headed or name == "th"
            self.in_cell = True

    def close(self, name: str) -> None:
        """Leave an element."""
        self.kind, self.level = BlockKind.PARAGRAPH, 1
        self.items = max(0, self.items - (name == "li"))
        self.unread = max(0, self.unread - (name == "nav"))
        if name in ("td", "th"):
            self.in_cell = False
        elif name in ("tr", "table"):
            self.close_row()

    def close_row(self) -> None:
        """Write the row that was read."""
        cells, self.cells, self.in_cell = self.cells, None, False
        headed, self.headed = self.headed, False
        block = rows.row(cells or [], self.heads)
        if block is None or cells is None:
            return
        alone = len(cells) == 1
        plain = Block(BlockKind.PARAGRAPH, block.start, block.end)
        self.blocks.append(plain if alone else block)
        if headed and not self.heads:
            self.heads = [rows.words(self.text, span) for span in cells]
            self.blocks[-1] = replace(self.blocks[-1], heads=())


def blocks_of(text: str, start: int, end: int) -> list[Block]:
    """Blocks of the HTML in ``text[start:end]``; what no reader sees is furniture, and so is the
    whole of it where it holds no text."""
    reader = _Reader(text)
    place = start
    hidden: list[Block] = []
    for piece in _pieces(text, start, end):
        if piece.kind is _Kind.INLINE:
            continue
        reader.say(place, piece.start)
        place = piece.end
        if piece.kind is _Kind.OPEN:
            reader.open(piece.name, piece.end)
        elif piece.kind is _Kind.CLOSE:
            reader.close(piece.name)
        else:
            hidden.append(Block(BlockKind.CHROME, piece.start, piece.end))
    if place < end:
        reader.say(place, end)
    reader.close_row()
    if not reader.blocks:
        span = sentences.strip(text, start, end)
        return [] if span is None else [Block(BlockKind.CHROME, *span)]
    starts = [one.start for one in reader.blocks]
    ends = [0, *(one.end for one in reader.blocks)]
    # A comment within a row is part of its span.
    shown = [one for one in hidden if ends[bisect(starts, one.start)] <= one.start]
    return sorted([*reader.blocks, *shown], key=lambda one: one.start)


def _runs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    place = start
    for piece in _pieces(text, start, end, code=True):
        if piece.kind is not _Kind.INLINE:
            yield place, piece.start
            place = piece.end
    if place < end:
        yield place, end


def _pieces(text: str, start: int, end: int, code: bool = False) -> Iterator[_Piece]:
    """Tags, and what is not seen, in ``text[start:end]``: in a paragraph of Markdown outside of
    its code spans (``code``).

    What is not seen in HTML may end beyond ``end``: a script with blank lines within it.
    """
    place = start
    while (match := _OPENING.search(text, place, end)) is not None:
        if code and (skipped := _code_end(text, place, match.start(), end)) is not None:
            place = skipped
            continue
        piece = _piece(text, match, end, code)
        place = match.end() if piece is None else piece.end
        if piece is not None:
            yield piece


def _code_end(text: str, start: int, place: int, end: int) -> int | None:
    """Where the code span ends that ``place`` lies in; None where it lies in none."""
    at = start
    while (ticks := _CODE.search(text, at, place)) is not None:
        closing = re.compile(rf"(?<!`){ticks[1]}(?!`)").search(
            text, ticks.end(), min(end, ticks.end() + _LONGEST_CODE)
        )
        if closing is None:
            at = ticks.end()
        elif closing.start() > place:
            return closing.end()
        else:
            at = closing.end()
    return None


def _piece(text: str, match: re.Match[str], end: int, inline: bool) -> _Piece | None:
    start, name = match.start(), (match["name"] or "").lower()
    furthest = end if inline else end + _LONGEST_SCRIPT
    if match["comment"] or match["declared"]:
        mark = "-->" if match["comment"] else ">"
        close = text.find(mark, match.end(), furthest)
        if close < 0:
            return None if inline else _Piece(_Kind.UNSEEN, "", start, end)
        return _Piece(_Kind.UNSEEN, "", start, close + len(mark))
    rest = _REST.match(text, match.end(), min(end, match.end() + _LONGEST_TAG))
    if rest is None:
        return None
    if name in UNSEEN and not match["close"] and not rest.group().endswith("/>"):
        closing = re.compile(rf"</{name}\s*>", re.I).search(text, rest.end(), furthest)
        if closing or not inline:
            return _Piece(_Kind.UNSEEN, name, start, closing.end() if closing else end)
    kind = _Kind.CLOSE if match["close"] else _Kind.OPEN
    if name not in _BLOCK_TAGS:
        kind = _Kind.INLINE
    return _Piece(kind, name, start, rest.end(), bool(match["close"]))
