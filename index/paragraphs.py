"""Which paragraph of a document is which: its numbers and letters, as people cite them.

"12", "5 (a) (ii)", "annex II, 3", "rule 67": each is a label with the span of what it names, its
sub-paragraphs included. A list that counts anew within a paragraph is no paragraph of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.language import Language
from index.records import Block, BlockKind, Document

_NUMBER = re.compile(r"\(?(?P<number>\d{1,3})(?:[.)]|$)")
_DOTTED = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3})+)\.?$")
_LETTER = re.compile(r"\(?(?P<letter>[a-z]{1,2}|[ivx]{1,5})[.)]$")
_MOST_MISSED = 5
"""So many numbers in a row may have been lost from a count that still goes on."""
_NUMERALS = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A numbered paragraph of a document."""

    key: str
    """By which it is looked up: "12", "5(a)(ii)", "annex ii 3", "rule 67"."""
    label: str
    """As it is cited: "12", "5 (a) (ii)", "annex II, 3", "rule 67"."""
    start: int
    end: int
    """Its span, without its mark and with its sub-paragraphs."""


def key_of(label: str) -> str:
    """The key of a label: no blanks within a number, all in small letters."""
    folded = re.sub(r"\s*\(\s*(\w+)\s*\)", r"(\1)", label.lower().replace(",", " "))
    return " ".join(folded.split())


def find(document: Document, known: Language) -> list[Paragraph]:
    """The numbered paragraphs of ``document``, in order; of two with one key the first."""
    found: dict[str, Paragraph] = {}
    for one in _named(document, known):
        found.setdefault(one.key, one)
    for one in _counted(document, known):
        found.setdefault(one.key, one)
    return sorted(found.values(), key=lambda one: (one.start, -one.end))


def _named(document: Document, known: Language) -> Iterator[Paragraph]:
    """What a heading, or the beginning of a block, names by a word: "Rule 67", "Article 7"."""
    pattern = known.patterns.provision
    opened: list[tuple[str, int]] = []
    passed_over = {BlockKind.CHROME, BlockKind.FOOTNOTE}
    blocks = [one for one in document.blocks if one.kind not in passed_over]
    for block in blocks:
        match = pattern.match(document.text, block.start, block.end)
        if match is None:
            continue
        rest = document.text[match.end() : block.end].strip()
        if block.kind is not BlockKind.HEADING and rest[:1].islower():
            continue  # "Article 7 provides that ..." speaks of it
        opened.append((f"{match['word'].lower()} {match['number']}", block.start))
    ends = [*(start for _, start in opened[1:]), len(document.text)]
    for (label, start), end in zip(opened, ends, strict=False):
        inside = [
            one for one in blocks if start <= one.start < end and one.kind is not BlockKind.FOOTNOTE
        ]
        last = _until_heading(inside)
        if last is not None:
            yield Paragraph(key_of(label), label, start, last.end)


def _until_heading(blocks: Sequence[Block]) -> Block | None:
    """The last of ``blocks`` before a second heading."""
    last = None
    for number, block in enumerate(blocks):
        if (
            number
            and block.kind is BlockKind.HEADING
            and last
            and last.kind is not BlockKind.HEADING
        ):
            break
        last = block
    return last


@dataclass(slots=True)
class _Open:
    """A paragraph whose sub-paragraphs may still come."""

    label: str
    start: int
    end: int
    depth: int
    last: str


def _counted(document: Document, known: Language) -> Iterator[Paragraph]:
    """Those that a document counts, each with its lettered parts."""
    count, prefix = _Count(), ""
    stack: list[_Open] = []

    def closed(depth: int) -> Iterator[Paragraph]:
        while stack and stack[-1].depth >= depth:
            one = stack.pop()
            yield Paragraph(key_of(one.label), one.label, one.start, one.end)

    for block in document.blocks:
        if block.kind not in {BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM}:
            continue
        letter = _LETTER.match(block.mark)
        number = _DOTTED.match(block.mark) or _NUMBER.match(block.mark)
        if block.kind is BlockKind.HEADING:
            yield from closed(0)
            annex = known.patterns.annex.match(document.text, block.start, block.end)
            if annex:
                count, prefix = _Count(), " ".join(annex.group().split()).rstrip(" .:–—-") + ", "
        elif number and count.goes_on(block.mark, number["number"]):
            yield from closed(0)
            stack.append(_Open(f"{prefix}{number['number']}", block.start, block.end, 0, ""))
        elif letter and stack:
            depth = _depth(stack, letter["letter"])
            yield from closed(depth)
            label = f"{stack[-1].label} ({letter['letter']})"
            stack.append(_Open(label, block.start, block.end, depth, letter["letter"]))
            _extend(stack, block)
        elif block.mark or block.kind is BlockKind.ITEM:
            _extend(stack, block)
        else:
            yield from closed(0)
    yield from closed(0)


@dataclass(slots=True)
class _Count:
    """How far a document has counted its paragraphs, and how it writes their numbers."""

    last: int = 0
    form: str = ""
    inner: int = 0
    """How far a list within a paragraph has counted."""

    def goes_on(self, mark: str, number: str) -> bool:
        """Whether ``mark`` with its ``number`` opens the next paragraph; if not, it is an item of a
        list within one."""
        if not number.isdecimal():
            return True
        value, form = int(number), re.sub(r"\d+", "", mark)
        own = form == self.form or not self.form
        ahead = self.last < value <= self.last + 1 + _MOST_MISSED
        if own and (value == self.last + 1 or (ahead and value != self.inner + 1)):
            self.last, self.form, self.inner = value, form, 0
            return True
        self.inner = value
        return False


def _extend(stack: list[_Open], block: Block) -> None:
    for one in stack:
        one.end = block.end


def _depth(stack: list[_Open], letter: str) -> int:
    """How deep a lettered part stands: beside the last of its kind that it goes on from, or one
    deeper. "(i)" after "(h)" is a letter, after "(a)" a numeral."""
    for one in reversed(stack):
        if one.last and (_follows(one.last, letter)):
            return one.depth
    return stack[-1].depth + 1


def _follows(before: str, letter: str) -> bool:
    if len(before) == len(letter) == 1 and ord(letter) == ord(before) + 1:
        return True
    known = before in _NUMERALS and letter in _NUMERALS
    return known and _NUMERALS.index(letter) == _NUMERALS.index(before) + 1
