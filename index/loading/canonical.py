"""Makes the canonical text of a file that is not text itself: a block after the other, with a blank
line between them, each in the one form that a reader sees.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.language import Language
from index.loading.loader import NOTHING, Content, ConventionsOf
from index.records import Block, BlockKind, Metadata, Page

BULLET = "•"
Describe = Callable[[Content, Language], Metadata]
"""Says of what was read, in a language, what the file says of itself."""
_JOINERS = "\u200c\u200d"
_BEYOND_LATIN = "\u0590-\U0010ffff"
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
    # Joiners shape words of Persian or Hindi, and nothing where Latin letters stand.
    f"|(?<![{_BEYOND_LATIN}])[{_JOINERS}]|[{_JOINERS}](?![{_BEYOND_LATIN}])"
)
_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_LONE = re.compile("[\ud800-\udfff]")
_TYPED_MARK = re.compile(
    r"(?P<mark>[-*•‣▪◦·–—]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})\)|\d{1,3}\.)[ \n]+(?=\S)"
)
_TYPED_NOTE_MARK = re.compile(
    r"(?P<mark>[⁰¹²³⁴-⁹]{1,3}|\[\d{1,3}\]|\d{1,3}|[*†‡§]{1,3})[. \n]*(?=[^\s\d])"
)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = {value: key for key, value in _RAISED.items()}


def fold(text: str) -> str:
    """``text`` as a reader sees it: composed, without what shows nothing, runs of blanks as one,
    lines kept, blank lines not."""
    if not text.isascii():
        text = _LONE.sub("\ufffd", _UNSEEN.sub("", text))
        text = unicodedata.normalize("NFC", text)
    lines = (" ".join(_CONTROL.sub(" ", line).split()) for line in _LINE_END.split(text))
    return "\n".join(line for line in lines if line)


def fold_line(text: str) -> str:
    """``fold``, on one line."""
    return fold(text).replace("\n", " ")


def raised(text: str) -> str:
    """A number that is printed raised, such as the mark of a footnote, in raised digits: so that it
    is not read as part of the word or number before it. Other text as it is."""
    number = text.strip()
    return number.translate(_RAISED) if number.isascii() and number.isdigit() else text


def plain_number(text: str) -> str:
    """``text`` with raised digits as plain ones."""
    return text.translate(_LOWERED)


@dataclass(frozen=True, slots=True)
class _PageStart:
    block: int
    """Number of the first block on it."""
    width: float
    height: float
    label: str


class Writer:
    """A canonical text as it is written."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._pages: list[_PageStart] = []

    def __len__(self) -> int:
        """How many blocks there are."""
        return len(self._blocks)

    def last_said(self, kind: BlockKind) -> str:
        """The text of the last block where it is of a kind; else ""."""
        fits = bool(self._blocks) and self._blocks[-1].kind is kind
        return self._parts[-1] if fits else ""

    def add(self, kind: BlockKind, text: str, level: int = 1, mark: str = "") -> None:
        """Write a block, unless nothing of ``text`` is seen. The mark that a writer typed before a
        paragraph makes an item of it, and stands for the bullet of an item."""
        text, mark = fold(text), fold_line(mark)
        if kind is BlockKind.PARAGRAPH or (kind is BlockKind.ITEM and mark in ("", BULLET)):
            typed = _TYPED_MARK.match(text)
            if typed:
                kind, mark, text = BlockKind.ITEM, typed["mark"], text[typed.end() :]
        elif kind is BlockKind.FOOTNOTE and not mark and (typed := _TYPED_NOTE_MARK.match(text)):
            mark, text = plain_number(typed["mark"]), text[typed.end() :]
        if not text:
            return
        self._write("\n\n", f"{mark} " if mark else "")
        start = self._length
        self._write("", text)
        self._blocks.append(Block(kind, start, self._length, level, mark))

    def row(
        self, cells: Sequence[str], heads: Sequence[str] = (), caption: str = "", first: bool = True
    ) -> None:
        """Write a row of a table; empty cells are left out, with their heads. ``first`` says that
        the row before it is of another table, if there is one."""
        named = [*heads, *[""] * (len(cells) - len(heads))]
        filled = [
            (text, fold_line(head))
            for cell, head in zip(cells, named, strict=False)
            if (text := fold_line(cell))
        ]
        if not filled:
            return
        follows = bool(self._blocks) and self._blocks[-1].kind is BlockKind.ROW and not first
        self._write("\n" if follows else "\n\n", "")
        start = self._length
        spans: list[tuple[int, int]] = []
        for text, _ in filled:
            self._write("", " | " if spans else "")
            spans.append((self._length, self._length + len(text)))
            self._write("", text)
        shown = tuple(head for _, head in filled) if any(head for _, head in filled) else ()
        self._blocks.append(
            Block(
                BlockKind.ROW,
                start,
                self._length,
                heads=shown,
                cells=tuple(spans),
                caption=fold_line(caption),
            )
        )

    def open_page(self, width: float, height: float, label: str = "") -> None:
        """What is written from now on stands on the next page."""
        self._pages.append(_PageStart(len(self._blocks), width, height, label))

    def content(
        self,
        conventions_of: ConventionsOf,
        describe: Describe | None = None,
        notices: Sequence[str] = (),
    ) -> Content:
        """What was written; paragraphs that belong to a page and not to what it says are marked.
        ``describe`` tells what the file says of itself."""
        text = "".join(self._parts)
        known = conventions_of(text)
        blocks = tuple(
            replace(one, kind=BlockKind.CHROME)
            if one.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM)
            and known.is_furniture(text[one.start : one.end])
            else one
            for one in self._blocks
        )
        content = Content(text, blocks, self._paged(), notices=tuple(notices))
        metadata = describe(content, known.language) if describe else NOTHING
        return replace(content, metadata=metadata)

    def line(self) -> str:
        """What was written, on one line."""
        return fold_line("".join(self._parts))

    def _paged(self) -> tuple[Page, ...]:
        """The pages; marks before a page's first block are its own."""
        bounds = [*(one.block for one in self._pages), len(self._blocks)]
        ends = [0, *(block.end for block in self._blocks)]
        starts = [block.start - (len(block.mark) + 1) * bool(block.mark) for block in self._blocks]
        pages = []
        for one, after in zip(self._pages, bounds[1:], strict=True):
            filled = after > one.block
            start = starts[one.block] if filled else ends[one.block]
            pages.append(Page(start, ends[after], one.width, one.height, one.label))
        return tuple(pages)

    def _write(self, gap: str, text: str) -> None:
        for part in (gap if self._length else "", text):
            self._parts.append(part)
            self._length += len(part)
