"""Writes the canonical text of paragraphs, with the box and the page of each character."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from index import folding
from index.loading.loader import Boxes
from index.loading.pdf_lines import Line
from index.loading.pdf_paragraphs import Paragraph
from index.records import Block, BlockKind

_WORD = re.compile(r"[^\W\d_]+")
_COMPOUND = re.compile(r"(?=(?<![^\W\d_])([^\W\d_]+-[^\W\d_]+))")
_LAST_WORD = re.compile(r"[^\W\d_]+(?=-$)")
_FIRST_WORD = re.compile(r"^[^\W\d_]+")
_BREAKABLE = re.compile(r"[^\W\d_]-$")
_NO_BLANK_AFTER = re.compile(r"(?<=\w)[-/–—]$")
BETWEEN_CELLS = " | "


class Words:
    """The words of a document, to tell which hyphens at line ends are words' own."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._words: Counter[str] = Counter()
        self._compounds: Counter[str] = Counter()
        broken = False
        for line in lines:
            text = line.text.casefold()
            if broken:
                text = _FIRST_WORD.sub("", text)
            if broken := _BREAKABLE.search(text) is not None:
                text = _LAST_WORD.sub("", text)
            self._words.update(_WORD.findall(text))
            self._compounds.update(_COMPOUND.findall(text))
        self._keep = folding.own_hyphen(self._words)

    def keeps(self, before: str, after: str) -> bool:
        """Whether the hyphen between two halves of a word is its own: as the document has it
        elsewhere, else where both are words and the two joined are none."""
        first, second = before.casefold(), after.casefold()
        joined, apart = self._words[first + second], self._compounds[f"{first}-{second}"]
        if joined or apart:
            return apart > joined
        return self._keep(before, after)


class Writer:
    """Collects the canonical text."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._texts: list[str] = []
        self._boxes: list[Boxes] = []
        self._pages: list[tuple[int, int]] = []
        self.length = 0
        self.blocks: list[Block] = []

    def add(self, paragraph: Paragraph) -> None:
        """Writes a paragraph as a block, set off by a blank line from what comes before it; rows
        of a table by a line's end."""
        if self.length:
            row = self.blocks[-1].kind is paragraph.kind is BlockKind.ROW
            self._put("\n" if row else "\n\n")
        if paragraph.mark:
            self._mark(paragraph)
        start = self.length
        cells = []
        if paragraph.cells:
            for number, cell in enumerate(paragraph.cells):
                if number:
                    self._put(BETWEEN_CELLS)
                began = self.length
                self._lines(cell)
                cells.append((began, self.length))
        else:
            self._lines(paragraph.lines)
        self.blocks.append(
            Block(
                paragraph.kind,
                start,
                self.length,
                paragraph.level,
                paragraph.mark,
                paragraph.heads,
                tuple(cells),
                paragraph.caption,
            )
        )

    def text(self) -> str:
        """All that was written."""
        return "".join(self._texts)

    def boxes(self) -> Boxes:
        """Of each character."""
        if not self._boxes:
            return np.empty((0, 4), dtype=np.float32)
        return np.concatenate(self._boxes)

    def printed_on(self) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
        """The page of each character; 0 for what is not printed."""
        pages = np.repeat(
            np.array([page for page, _ in self._pages], dtype=np.int32),
            [count for _, count in self._pages],
        )
        if len(pages):
            pages[np.isnan(self.boxes()[:, 0])] = 0
        return pages

    def _mark(self, paragraph: Paragraph) -> None:
        if paragraph.mark_line is not None:
            line = paragraph.mark_line
            self._print(line.text, line.boxes, line.page)
        else:
            self._put(paragraph.mark)
        self._put(" ")

    def _lines(self, lines: list[Line]) -> None:
        for line, after in pairwise([*lines, None]):
            assert line is not None
            if after is None:
                self._print(line.text, line.boxes, line.page)
                continue
            drops, blank = self._joint(line, after)
            end = len(line.text) - drops
            self._print(line.text[:end], line.boxes[:end], line.page)
            self._put(" " if blank else "")

    def _joint(self, line: Line, after: Line) -> tuple[bool, bool]:
        """Whether a line's last character goes when the next follows, and whether a blank comes
        between them."""
        if line.soft:
            return True, False
        word = _WORD.match(after.text)
        if word and word.group()[0].islower() and _BREAKABLE.search(line.text):
            before = _LAST_WORD.search(line.text)
            return not self._words.keeps(before.group() if before else "", word.group()), False
        if _NO_BLANK_AFTER.search(line.text):
            return False, False
        return False, not (_is_unspaced(line.text[-1]) and _is_unspaced(after.text[0]))

    def _print(self, text: str, boxes: Boxes, page: int) -> None:
        self._texts.append(text)
        self._boxes.append(boxes)
        self._pages.append((page, len(text)))
        self.length += len(text)

    def _put(self, text: str) -> None:
        if text:
            self._print(text, np.full((len(text), 4), np.nan, dtype=np.float32), 0)


def _is_unspaced(letter: str) -> bool:
    """Whether a letter is of a script that parts no words: Chinese, Japanese."""
    return (
        "\u2e80" <= letter <= "\u9fff"
        or "\uf900" <= letter <= "\ufaff"
        or "\uff00" <= letter <= "\uff60"
    )
