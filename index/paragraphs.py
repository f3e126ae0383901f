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
_MISSED = 0.5
"""What each of them takes from a chain, of what a block adds to it."""
_LONG = 300
_SHARE = 3
"""A chain that begins first is the document's own if it is at least so long a part of the
longest."""
_COUNTED = frozenset({BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM})
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
    blocks = [one for one in document.blocks if one.kind in _COUNTED]
    counted = _chains(document, blocks, known)
    stack: list[_Open] = []

    def closed(depth: int) -> Iterator[Paragraph]:
        while stack and stack[-1].depth >= depth:
            one = stack.pop()
            yield Paragraph(key_of(one.label), one.label, one.start, one.end)

    heads = False
    for number, block in enumerate(blocks):
        letter = _LETTER.match(block.mark)
        if number in counted:
            yield from closed(0)
            stack.append(_Open(counted[number], block.start, block.end, 0, ""))
        elif block.kind is BlockKind.HEADING:
            yield from closed(0)
        elif letter and stack:
            depth = _depth(stack, letter["letter"])
            yield from closed(depth)
            label = f"{stack[-1].label} ({letter['letter']})"
            stack.append(_Open(label, block.start, block.end, depth, letter["letter"]))
            _extend(stack, block)
        elif block.mark or block.kind is BlockKind.ITEM or heads:
            _extend(stack, block)
        else:
            yield from closed(0)
        # A paragraph that was taken for a heading goes on in the block after it.
        heads = number in counted and block.kind is BlockKind.HEADING
    yield from closed(0)


def _chains(document: Document, blocks: Sequence[Block], known: Language) -> dict[int, str]:
    """The label of each of ``blocks`` that the document's own count goes over, by its number: in
    each annex, and before the first, the chain of numbers that goes furthest. Contents, lists
    within paragraphs and commentaries have chains of their own, which are shorter."""
    found: dict[int, str] = {}
    prefix, first = "", 0
    edges: list[tuple[int, str]] = []
    for number, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            match = known.patterns.annex.match(document.text, block.start, block.end)
            if match:
                edges.append((number, " ".join(match.group().split()).rstrip(" .:–—-") + ", "))
    for edge, following in [*edges, (len(blocks), "")]:
        for number, counted in _chain(blocks, first, edge):
            found[number] = f"{prefix}{counted}"
        prefix, first = following, edge
    return found | _dotted(blocks)


@dataclass(frozen=True, slots=True)
class _Link:
    """The best chain of numbers that ends with a block."""

    score: float
    number: int
    before: _Link | None


def _chain(blocks: Sequence[Block], first: int, last: int) -> list[tuple[int, str]]:
    """The chain of numbers in ``blocks[first:last]``, written in one way, that goes furthest: each
    block's number with what it is counted as."""
    best: dict[tuple[str, int], _Link] = {}
    for number in range(first, last):
        block = blocks[number]
        match = _NUMBER.match(block.mark)
        if match is None:
            continue
        value, form = int(match["number"]), re.sub(r"\d+", "", block.mark)
        links = [
            (link.score - _MISSED * (missed - 1), link)
            for missed in range(1, 2 + _MOST_MISSED)
            if (link := best.get((form, value - missed)))
        ]
        score, before = max(links, key=lambda one: one[0], default=(0.0, None))
        # Of two blocks that may be the next, an item of a list is the shorter.
        own = 1.0 + min(block.end - block.start, _LONG) / (10 * _LONG)
        link = _Link(score + own, number, before)
        if (form, value) not in best or best[form, value].score < link.score:
            best[form, value] = link
    chains = [_followed(one) for one in _ends(best)]
    longest = max(map(len, chains), default=0)
    # A list within a paragraph may be longer than a short document, but begins after it.
    likely = [one for one in chains if len(one) * _SHARE >= longest]
    chain = min(likely, key=lambda one: one[0], default=[])
    numbers = (_NUMBER.match(blocks[number].mark) for number in chain)
    return [
        (number, match["number"])
        for number, match in zip(chain, numbers, strict=True)
        if match is not None
    ]


def _ends(best: dict[tuple[str, int], _Link]) -> list[_Link]:
    """Of each way to write numbers, the end of the best chain."""
    ends: dict[str, _Link] = {}
    for (form, _), link in best.items():
        if form not in ends or ends[form].score < link.score:
            ends[form] = link
    return [*ends.values()]


def _followed(end: _Link) -> list[int]:
    """The blocks of the chain that ends with ``end``, in order."""
    chain: list[int] = []
    link: _Link | None = end
    while link is not None:
        chain.append(link.number)
        link = link.before
    return chain[::-1]


def _dotted(blocks: Sequence[Block]) -> dict[int, str]:
    """Blocks counted as "4.2" is, each after the one that it goes on from."""
    found: dict[int, str] = {}
    for number, block in enumerate(blocks):
        match = _DOTTED.match(block.mark)
        if match is None:
            continue
        outer, _, inner = match["number"].rpartition(".")
        if int(inner) == 1 or f"{outer}.{int(inner) - 1}" in found.values():
            found[number] = match["number"]
    return found


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
