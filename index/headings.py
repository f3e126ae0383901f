"""Which lines of a plain text are headings, and how they nest.

A line is a heading by its looks: capitals, no full stop, a number that leads it ("II. Findings").
What reads as one is settled by its neighbours: a heading that heads nothing is a line of the text,
and numbers that follow one another directly are those of a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from index import list_marks
from index.conventions import Conventions
from index.records import Block, BlockKind

SENTENCE_END = re.compile(r"[.?!;:,…][\"'”’»)\]*_]*[⁰¹²³⁴-⁹\d]{0,4}$")
_MAX_LENGTH = 180
_MAX_NUMBERED = 15
"""Words of a heading behind its number."""
_NUMBERED = re.compile(
    r"(?P<roman>[IVXL]{1,6})\.|(?P<letter>[A-Z])\.|(?P<digits>\d{1,3}(?:\.\d{1,3}){0,4})\.?$|"
    r"§\s?(?P<section>\d+)|(?P<word>[^\W\d_]+)\.?\s(?P<count>\d+)"
)
"""The mark of a heading; those in brackets are of lists."""


def reads_as_heading(content: str, known: Conventions, alone: bool, lines: int) -> bool:
    """Whether a paragraph of so many ``lines`` looks like a heading; ``alone``: by blanks."""
    if len(content) > _MAX_LENGTH or lines > 2 or not any(map(str.isalpha, content)):
        return False
    if known.is_title(content.splitlines()[0]):
        return True
    if not alone or content[0].islower() or "://" in content:
        return False
    if content.endswith(":") and (words := len(content.split())) <= 6:
        return words > 1 or content[0].isupper()
    if SENTENCE_END.search(content.rstrip("*_ ")):
        return False
    return bool(known.division(content)) or known.opens_annex(content) or _has_capitals(content)


def _has_capitals(content: str) -> bool:
    """Whether a line that ends in no mark is written as titles are."""
    if len(content.split()) == 1:
        return content[0].isupper() and content.isalpha() and len(content) > 3
    words = re.findall(r"[^\W\d_]{4,}", content)
    capital = sum(word[0].isupper() for word in words)
    return capital >= 0.6 * len(words) if words else content[0].isupper()


def reads_as_title(content: str) -> bool:
    """Whether a paragraph that opens a text may be its title: in small letters too."""
    words = content.split()
    return (
        len(words) >= 2
        and len(content) <= _MAX_LENGTH
        and content[0].isupper()
        and "://" not in content
        and "@" not in content
        and SENTENCE_END.search(content.rstrip("*_ ")) is None
    )


def reads_as_numbered(mark: str, rest: str) -> bool:
    """Whether a line behind its ``mark`` reads as a heading: "II. Violations of the code"."""
    return (
        _NUMBERED.match(mark) is not None
        and "(" not in mark
        and len(rest) <= _MAX_LENGTH
        and not rest[0].islower()
        and any(map(str.isalpha, rest))
        and len(rest.split()) <= _MAX_NUMBERED
        and "://" not in rest
        and SENTENCE_END.search(rest.rstrip("*_ ")) is None
    )


def stands_out(mark: str) -> bool:
    """Whether ``mark`` makes a heading of a line without blanks around it: "II.", "A."."""
    return re.fullmatch(r"[IVXL]{1,6}\.|[A-Z]\.", mark) is not None


_MAX_WORDS = 8
"""Of a heading in small letters within a text."""
_MIN_TEXT = 60
"""Characters of what such a heading stands over."""


def with_small(text: str, blocks: list[Block], apart: list[bool]) -> list[Block]:
    """``blocks`` with headings of those lines in small letters that stand ``apart`` over a whole
    paragraph, after a whole one: where a text has two of them at least, which is its way then."""
    shown = [at for at, block in enumerate(blocks) if block.kind is not BlockKind.CHROME]
    found = [
        here
        for above, here, below in zip(shown, shown[1:], shown[2:], strict=False)
        if apart[here]
        and _reads_as_small(text, blocks[here])
        and (blocks[above].kind is BlockKind.HEADING or _is_whole(text, blocks[above]))
        and blocks[below].kind in (BlockKind.PARAGRAPH, BlockKind.ITEM)
        and blocks[below].end - blocks[below].start >= _MIN_TEXT
        and _is_whole(text, blocks[below])
    ]
    if len(found) < 2:
        return blocks
    headings = set(found)
    return [
        replace(block, kind=BlockKind.HEADING) if at in headings else block
        for at, block in enumerate(blocks)
    ]


def _reads_as_small(text: str, block: Block) -> bool:
    content = text[block.start : block.end]
    return (
        block.kind is BlockKind.PARAGRAPH
        and len(content.split()) <= _MAX_WORDS
        and not any(map(str.isdigit, content))
        and reads_as_title(content)
    )


def _is_whole(text: str, block: Block) -> bool:
    return (
        re.search(r"[.?!][\"'”’»)\]*_]*$", text[max(block.start, block.end - 9) : block.end])
        is not None
    )


def settle(text: str, blocks: list[Block], known: Conventions) -> list[Block]:
    """``blocks`` with their headings settled: those that head nothing made lines, the rest nested
    by their numbers."""
    settled = _settle_numbered(text, blocks)
    return _nest(text, settle_last(text, _settle_words(text, settled)), known)


def _settle_numbered(text: str, blocks: list[Block]) -> list[Block]:
    """Makes items of numbered lines that follow one another directly, or that nothing follows."""
    settled = list(blocks)
    places = [at for at, block in enumerate(blocks) if block.kind is not BlockKind.CHROME]
    for index, place in enumerate(places):
        block = blocks[place]
        if block.kind is not BlockKind.HEADING or not block.mark:
            continue
        above = blocks[places[index - 1]] if index else None
        below = blocks[places[index + 1]] if index + 1 < len(places) else None
        listed = (above is not None and _is_next(above, block)) or (
            below is None or _is_next(block, below)
        )
        if listed:
            settled[place] = _item(text, block)
    return settled


def _item(text: str, block: Block) -> Block:
    start = block.start + len(block.mark)
    while text[start].isspace():
        start += 1
    return replace(block, kind=BlockKind.ITEM, start=start)


def _is_next(one: Block, other: Block) -> bool:
    """Whether ``other`` has the number after that of ``one``."""
    first, second = (re.findall(r"\w+", block.mark) for block in (one, other))
    if not first or len(first) != len(second) or first[:-1] != second[:-1]:
        return False
    return second[-1].lower() in list_marks.successors(first[-1].lower())


def _settle_words(text: str, blocks: list[Block]) -> list[Block]:
    """Makes lines of the text of single words that head nothing: a list of names, or what
    follows a label ("Partners:")."""

    def word(number: int) -> bool:
        if not 0 <= number < len(blocks) or blocks[number].kind is not BlockKind.HEADING:
            return False
        start, end = blocks[number].start, blocks[number].end
        return text[start:end].isalpha() and "#" not in text[max(0, start - 2) : start]

    def label(number: int) -> bool:
        return (
            number >= 0
            and blocks[number].kind is BlockKind.HEADING
            and text[blocks[number].end - 1] == ":"
        )

    return [
        replace(block, kind=BlockKind.PARAGRAPH)
        if word(number) and (word(number - 1) or word(number + 1) or label(number - 1))
        else block
        for number, block in enumerate(blocks)
    ]


def settle_last(text: str, blocks: list[Block]) -> list[Block]:
    """Makes lines of the text of what reads as a heading but heads nothing.

    That is every heading at the end of a text, and a line under a label ("Partners:") that
    another heading follows. A label at the end is page furniture.
    """
    settled = list(blocks)
    for number in range(1, len(settled) - 1):
        above, here, below = settled[number - 1 : number + 2]
        labelled = above.kind is BlockKind.HEADING and text[above.end - 1] == ":"
        if labelled and text[here.end - 1] != ":" and here.kind is below.kind is BlockKind.HEADING:
            settled[number] = replace(here, kind=BlockKind.PARAGRAPH, level=1)
    for number in range(len(settled) - 1, -1, -1):
        kind = settled[number].kind
        if kind is BlockKind.CHROME:
            continue
        if kind is not BlockKind.HEADING:
            break
        label = text[settled[number].end - 1] == ":"
        kind = BlockKind.CHROME if label and number else BlockKind.PARAGRAPH
        settled[number] = replace(settled[number], kind=kind, level=1)
    return settled


@dataclass(slots=True)
class _Outline:
    """The kinds of numbers that the headings so far have, the outermost first."""

    kinds: list[str] = field(default_factory=list)
    last: dict[str, int] = field(default_factory=dict)

    def enter(self, kind: str, number: int) -> int:
        """The level of the next heading, numbered ``number`` in its ``kind``."""
        if kind in self.kinds:
            del self.kinds[self.kinds.index(kind) + 1 :]
        else:
            self.kinds.append(kind)
        self.last[kind] = number
        return len(self.kinds) + 1


def _nest(text: str, blocks: list[Block], known: Conventions) -> list[Block]:
    """Gives numbered headings their levels, below the title: I, A within it, 1 within that. One
    without a number among them stands below the one before it."""
    outline = _Outline()
    numbers = [_number(text, block, known) for block in blocks]
    last = max((place for place, one in enumerate(numbers) if one), default=-1)
    nested: list[Block] = []
    for place, (block, options) in enumerate(zip(blocks, numbers, strict=True)):
        if block.kind is not BlockKind.HEADING:
            nested.append(block)
            continue
        level = block.level
        if options:
            kind, number = _fitting(options, outline)
            level = outline.enter(kind, number)
        elif known.opens_annex(text[block.start : block.end]):
            outline = _Outline()
        elif outline.kinds and place < last and level == 1:
            level = len(outline.kinds) + 2
        nested.append(replace(block, level=level, mark=""))
    return nested


def _number(text: str, block: Block, known: Conventions) -> list[tuple[str, int]]:
    """The kinds of number that a heading may have, each with its value; none for no number."""
    if block.kind is not BlockKind.HEADING:
        return []
    if not block.mark:
        division = known.division(text[block.start : block.end])
        return [(division, 0)] if division else []
    return [*_readings(block.mark)]


def _readings(mark: str) -> Iterator[tuple[str, int]]:
    match = _NUMBERED.match(mark)
    if match is None:
        return
    numeral = list_marks.value(mark.rstrip("."))
    if match["roman"] and numeral is not None:
        yield "roman", numeral
    if re.fullmatch(r"[A-Z]\.", mark):
        yield "letter", ord(mark[0]) - ord("A") + 1
    if match["digits"]:
        parts = match["digits"].split(".")
        yield f"digits {len(parts)}", int(parts[-1])
    if match["section"] or match["count"]:
        yield match["word"] or "§", int(match["section"] or match["count"])


def _fitting(options: list[tuple[str, int]], outline: _Outline) -> tuple[str, int]:
    """Of the readings of a number the one that goes on from those before: the I after H is a
    letter."""
    for kind, number in options:
        if outline.last.get(kind) == number - 1:
            return kind, number
    first = [one for one in options if one[1] == 1]
    return first[0] if first else options[-1]
