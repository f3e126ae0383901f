"""Walks through the body of a Word document and writes its blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from index.loading import word_tables, word_text
from index.loading.canonical import BULLET, Writer, fold_line
from index.loading.tables import Cell, headed, is_number
from index.loading.word_styles import Lists, Style, Styles, W, heading_level, value
from index.loading.word_text import Notes, Said
from index.records import BlockKind

_WRAPPERS = frozenset(
    f"{W}{one}" for one in "sdt sdtContent customXml ins moveTo smartTag body txbxContent".split()
)
_CONTENTS = ("toc ", "table of figures", "index ")
"""Beginnings of the names of styles of what lists a document's parts by page."""
_ENDS = re.compile(r"[.;:,?!]$")
_LONGEST_HEADING = 120


@dataclass(frozen=True, slots=True)
class Sheet:
    """The paper of a section."""

    width: float
    height: float
    continuous: bool = False
    """Whether the section begins on the page where the one before it ends."""


@dataclass(slots=True)
class Body:
    """The body of a document as it is written."""

    writer: Writer
    styles: Styles
    lists: Lists
    notes: Notes
    stories: dict[tuple[str, str], etree._Element]
    """The notes, by kind and identifier."""
    sheets: list[Sheet]
    recorded: bool | None = None
    """Which breaks of pages count: those that the software recorded, those that were asked for
    (False), or none."""
    titled: bool = False
    """Whether a title stands above all headings."""
    styled: bool = True
    """Whether headings have styles of headings; else bold lines are read as headings."""
    _section: int = 0
    _pending: list[tuple[str, str]] = field(default_factory=list)

    def begin(self) -> None:
        """Open the first page, if pages are told."""
        if self.recorded is not None:
            self._open_page()

    def write(self, root: etree._Element) -> None:
        """Write all that stands in ``root``."""
        elements = list(blocks_of(root))
        for place, element in enumerate(elements):
            if element.tag == f"{W}p":
                self._write_paragraph(element)
            else:
                below = elements[place + 1] if place + 1 < len(elements) else None
                self._write_table(element, below)
        self._write_notes("endnote")

    def write_story(self, root: etree._Element, kind: BlockKind, mark: str = "") -> None:
        """Write what stands apart from the body, such as a footnote, as one block."""
        texts = (self._read(one, self.styles.of(one)).text for one in paragraphs_of(root))
        self.writer.add(kind, " ".join(texts), mark=mark)

    def _write_paragraph(self, element: etree._Element) -> None:
        style = self.styles.of(element)
        mark = self.lists.mark(element, style)
        said = self._read(element, style)
        self._break_pages(said, before=True)
        kind, level = self._kind(element, style, said, mark)
        self.writer.add(kind, said.text, level, mark or "")
        for box in said.boxes:
            for inner in blocks_of(box):
                if inner.tag == f"{W}p":
                    self._write_paragraph(inner)
                else:
                    self._write_table(inner, None)
        self._write_notes("footnote")
        self._break_pages(said, before=False)
        self._end_section(element)

    def _read(self, element: etree._Element, style: Style) -> Said:
        said = word_text.read(element, style, self.notes)
        self._pending += said.notes
        return said

    def _kind(
        self, element: etree._Element, style: Style, said: Said, mark: str | None
    ) -> tuple[BlockKind, int]:
        if style.name == "title":
            return BlockKind.HEADING, 1
        level = heading_level(element, style)
        if level:
            return BlockKind.HEADING, level + self.titled
        if style.name.startswith(_CONTENTS):
            return BlockKind.CHROME, 1
        if style.name == "caption":
            return BlockKind.CAPTION, 1
        if not self.styled and mark != BULLET and _stands_out(said):
            centred = value(element, "pPr/jc") == "center"
            return BlockKind.HEADING, 1 if centred else 2
        return (BlockKind.ITEM if mark else BlockKind.PARAGRAPH), 1

    def _write_table(self, table: etree._Element, below: etree._Element | None) -> None:
        if not word_tables.is_data(table, self._is_heading):
            for cell in word_tables.cells(table):
                for inner in blocks_of(cell):
                    if inner.tag == f"{W}p":
                        self._write_paragraph(inner)
                    else:
                        self._write_table(inner, None)
            return
        caption = self.writer.last_said(BlockKind.CAPTION) or self._caption_below(below)
        lines = word_tables.lines(table, self._read_cell)
        rows = headed([line.cells for line in lines], word_tables.heads(table, lines))
        first = True
        for line, row in zip(lines, rows, strict=True):
            self._open_pages(line.breaks_before)
            self.writer.row(row.cells, row.heads, caption, first)
            self._open_pages(line.breaks_within)
            first = False
        self._write_notes("footnote")

    def _read_cell(self, cell: etree._Element) -> word_tables.CellSaid:
        texts: list[str] = []
        strong, before, within = True, 0, 0
        for paragraph in paragraphs_of(cell):
            style = self.styles.of(paragraph)
            mark = self.lists.mark(paragraph, style)
            said = self._read(paragraph, style)
            begins = not "".join(texts).strip()
            before += self._breaks(said, before=True) if begins else 0
            within += self._breaks(said, before=False)
            within += 0 if begins else self._breaks(said, before=True)
            strong = strong and (said.strong or not said.text.strip())
            texts.append(said.text if mark in (None, BULLET) else f"{mark} {said.text}")
        text = fold_line(" ".join(texts))
        return word_tables.CellSaid(Cell(text, is_number(text), strong), before, within)

    def _caption_below(self, element: etree._Element | None) -> str:
        """The caption that stands under a table."""
        if element is None or element.tag != f"{W}p":
            return ""
        style = self.styles.of(element)
        # Read apart: the text itself is yet to come.
        said = word_text.read(element, style, Notes()) if style.name == "caption" else Said()
        return fold_line(said.text)

    def _is_heading(self, paragraph: etree._Element) -> bool:
        return heading_level(paragraph, self.styles.of(paragraph)) > 0

    def _write_notes(self, kind: str) -> None:
        """Write the notes of a kind that the text has led to."""
        due = [one for one in self._pending if one[0] == kind]
        self._pending = [one for one in self._pending if one[0] != kind]
        for one in dict.fromkeys(due):
            if one in self.stories:
                self.write_story(self.stories[one], BlockKind.FOOTNOTE, self.notes.numbers[one])

    def _end_section(self, paragraph: etree._Element) -> None:
        if paragraph.find(f"{W}pPr/{W}sectPr") is None:
            return
        self._section += 1
        following = self.sheets[min(self._section, len(self.sheets) - 1)]
        if self.recorded is False and not following.continuous:
            self._open_page()

    def _breaks(self, said: Said, before: bool) -> int:
        return sum(one == (self.recorded, before) for one in said.breaks)

    def _break_pages(self, said: Said, before: bool) -> None:
        self._open_pages(self._breaks(said, before))

    def _open_pages(self, count: int) -> None:
        for _ in range(count):
            self._open_page()

    def _open_page(self) -> None:
        sheet = self.sheets[min(self._section, len(self.sheets) - 1)]
        self.writer.open_page(sheet.width, sheet.height)


def blocks_of(root: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs and tables of what holds some, in order, those of its tables left out."""
    stack = list(reversed(word_text.shown(root)))
    while stack:
        element = stack.pop()
        if element.tag in (f"{W}p", f"{W}tbl"):
            yield element
        elif element.tag in _WRAPPERS or word_text.is_choice(element):
            stack += reversed(word_text.shown(element))


def paragraphs_of(root: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs of what holds some, in order, those of its tables too."""
    stack = list(reversed(list(blocks_of(root))))
    while stack:
        element = stack.pop()
        if element.tag == f"{W}p":
            yield element
        else:
            inner = [one for cell in word_tables.cells(element) for one in blocks_of(cell)]
            stack += reversed(inner)


def _stands_out(said: Said) -> bool:
    """Whether a paragraph looks like a heading where none has a style of one."""
    text = fold_line(said.text)
    short = 0 < len(text) <= _LONGEST_HEADING and any(map(str.isalpha, text))
    return said.strong and short and not _ENDS.search(text)
