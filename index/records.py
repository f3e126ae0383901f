"""The frozen records that the steps of indexing hand to one another.

All offsets count Unicode code points, end exclusive. Unless a field says otherwise they
count from the start of the document's canonical text, so that ``text[start:end]`` is
always the thing itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntFlag

import numpy as np
import numpy.typing as npt

PART_BREAK = "\n\n"
"""Between the parts of a sentence, as it is read, that a page break tears."""


class BlockKind(Enum):
    """What a run of lines is to its reader."""

    HEADING = "heading"
    ITEM = "item"
    PARAGRAPH = "paragraph"
    ROW = "row"
    """A row of a table, its cells in order."""
    CAPTION = "caption"
    """Says what the table or figure beside it is."""
    FOOTNOTE = "footnote"
    CHROME = "chrome"
    """Text of the page around the document: navigation, photo credits, page numbers."""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item, row of a table, caption, footnote or piece of page
    furniture. Its span leaves out the mark before it ("12.", "(a)", "•")."""

    kind: BlockKind
    start: int
    end: int
    level: int = 1
    """Depth of a heading, 1 outermost; 1 for every other kind."""
    mark: str = ""
    """What stands before it and numbers it, as it is printed: "12.", "(a)"; for a footnote the mark
    that leads to it."""
    heads: tuple[str, ...] = ()
    """Of a row, what its table says of the cells: a head for each cell; "" for one without."""
    cells: tuple[tuple[int, int], ...] = ()
    """Of a row, the spans of its cells."""
    caption: str = ""
    """Of a row, the caption of its table."""
    gaps: tuple[tuple[int, int], ...] = ()
    """Within it, spans of what is none of its text: a page break that tears it, with numbers of
    pages, running heads and footnotes."""


@dataclass(frozen=True, slots=True)
class Page:
    """A physical page of a document; the first is page 1."""

    start: int
    end: int
    """Where its text stands in the canonical text; text that it shares with the next page (a
    paragraph that goes on) lies in the page where it begins and has boxes on both."""
    width: float
    height: float
    """In points, as the page is shown."""
    label: str = ""
    """Its number as it is printed on it: "iv", "3/14"; "" where there is none."""
    ocr: bool = False
    """Whether its text was read from a picture of it."""


class SentenceFlag(IntFlag):
    """What a sentence is, for those who choose quotes."""

    NONE = 0
    ITEM = 1
    """It stands in a list item."""
    INTRODUCES = 2
    """It ends in a colon and the block after it is a list item."""
    CUT = 4
    """It is a piece of a sentence too long for a passage."""
    OPENS_BLOCK = 8
    """It is the first sentence of its block."""
    ROW = 16
    """It is a row of a table."""
    HEADS = 32
    """It is the row that heads the others, and says nothing by itself."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a document, without the blanks around it."""

    start: int
    end: int
    flags: SentenceFlag = SentenceFlag.NONE
    reading: str = ""
    """What is searched, encoded and read in its place, where its words alone cannot be understood:
    a row of a table with the heads of its cells; a sentence that a page break tears in its parts,
    ``PART_BREAK`` between them. Empty for a sentence that is read as it stands."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is said of a document beyond its text; empty strings where nothing is."""

    title: str = ""
    publisher: str = ""
    date: str = ""
    url: str = ""
    symbol: str = ""
    """What its publisher calls it: "S/2025/496"."""
    body: str = ""
    """The body that it is of: "Security Council"."""
    session: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was read, with its canonical text."""

    id: str
    title: str
    source: str
    """Name of the file relative to the folder it was found in, with forward slashes."""
    text: str
    sha256: str
    """Of the canonical text in UTF-8, in lower-case hexadecimal."""
    blocks: tuple[Block, ...]
    metadata: Metadata = Metadata()
    named: bool = True
    """False where ``title`` is only the first words of a text that names itself nowhere."""
    language: str = ""
    """ISO 639 code; "" where it cannot be told."""
    domain: str = "plain"
    """Name of the domain that it was read by."""
    loader: str = "text"
    """Name of the loader that read it."""
    pages: tuple[Page, ...] = ()
    file_sha256: str = ""
    """Of the bytes as they came."""
    boxes: npt.NDArray[np.float32] | None = field(default=None, compare=False)
    """(characters, 4): where each is printed, in points from the top left of its page."""
    printed_on: npt.NDArray[np.int32] | None = field(default=None, compare=False)
    """(characters,): the page, from 1, that each is printed on; 0 for one that is not."""
    notices: tuple[str, ...] = ()
    """What could not be read of its file."""
    ocr: str = ""
    """What read the pictures of its pages; "" where nothing was asked to."""
    unread: int = 0
    """How many of its pages are pictures that nothing was asked to read."""

    @property
    def ocr_pages(self) -> int:
        """How many of its pages were read from a picture of them."""
        return sum(one.ocr for one in self.pages)


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences under one heading: the unit of retrieval."""

    document_id: str
    start: int
    end: int
    text: str
    section: tuple[str, ...]
    """The headings above it, outermost first."""
    sentences: tuple[Sentence, ...]
    language: str = ""
    """That of its document, unless it is surely another."""

    def read(self) -> tuple[str, list[tuple[int, int]]]:
        """Its text as it is searched and encoded, and where its sentences lie in that."""
        parts, spans, position, length = [], [], self.start, 0
        for one in self.sentences:
            between = self.text[position - self.start : one.start - self.start]
            shown = one.reading or self.text[one.start - self.start : one.end - self.start]
            parts += [between, shown]
            start = length + len(between)
            length = start + len(shown)
            spans.append((start, length))
            position = one.end
        return "".join([*parts, self.text[position - self.start :]]), spans


@dataclass(frozen=True, slots=True)
class Mention:
    """An identifier as it stands in a text, under its canonical key."""

    key: str
    """Such as ``S/RES/2462``, ``A/RES/60/288`` or ``S/2017/716``."""
    start: int
    end: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """An abbreviation with the long form that a text gives for it."""

    short: str
    long: str
    start: int
    end: int
    """The span covers long and short form together."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not indexed, and why, in words for the person who ran the build."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What the person who ran the build should know of a file that was indexed."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found by one ranker. ``row`` is its number in the generation."""

    row: int
    score: float
