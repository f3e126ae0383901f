"""Where a document mentions identifiers: in its passages, in headings over them, or elsewhere.

What a heading names, the passages under it are about, though none of their sentences says it again.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from index import domains, folding
from index.domains import Domain
from index.records import Block, BlockKind, Document, Mention, Passage

_EMPHASIS = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)")
_JOINING = frozenset({"the", "and"})


@dataclass(frozen=True, slots=True)
class Places:
    """The identifiers of one document."""

    of_passages: list[list[Mention]]
    """For each passage those in its text, and before them those in the headings over it."""
    elsewhere: list[Mention]
    """The others: in page furniture, in front matter, in the targets of links."""


def mentions(text: str, domain: Domain) -> list[Mention]:
    """Every identifier of ``domain`` in ``text`` as a reader sees it, with its place in the text
    itself."""
    folded = folding.without_breaks(folding.visible(_EMPHASIS.sub(_blank, text)))
    found = domain.identifiers(folded.text)
    if folded.text == text:
        return found
    spans = (folded.span(one.start, one.end) for one in found)
    return [
        replace(one, start=start, end=end) for one, (start, end) in zip(found, spans, strict=True)
    ]


def _blank(marks: re.Match[str]) -> str:
    """Blanks in place of marks, so that every place stays."""
    return " " * len(marks.group())


def owned(title: str, domain: Domain) -> set[str]:
    """The identifiers that a document with ``title`` is itself: those that stand where a title has
    a name, with nothing before them but other names. "Letter on resolution 2199" is a letter."""
    found: set[str] = set()
    position = 0
    for mention in mentions(title, domain):
        between = re.findall(r"[^\W\d_]+", title[position : mention.start])
        if any(word.islower() and word not in _JOINING for word in between):
            break
        found.add(mention.key)
        position = mention.end
    return found


def place(document: Document, passages: Sequence[Passage], own: Container[str]) -> Places:
    """Divide the identifiers of ``document`` among its ``passages`` (in order). Those that it is
    (``own``) say of no heading what it is about."""
    of_passages: list[list[Mention]] = [[] for _ in passages]
    headings = [one for one in document.blocks if one.kind is BlockKind.HEADING]
    elsewhere: list[Mention] = []
    for mention in mentions(document.text, domains.named(document.domain)):
        inside = _around(passages, mention)
        heading = _around(headings, mention)
        if heading and mention.key not in own:
            inside = _under(document, headings[heading[0]], passages)
        for number in inside:
            of_passages[number].append(mention)
        if not inside:
            elsewhere.append(mention)
    return Places(of_passages, elsewhere)


def _around(spans: Sequence[Block] | Sequence[Passage], mention: Mention) -> list[int]:
    """Number of the one of ``spans``, which are in order and apart, that holds ``mention``."""
    number = bisect(spans, mention.start, key=lambda one: one.start) - 1
    return [number] if number >= 0 and mention.end <= spans[number].end else []


def _under(document: Document, heading: Block, passages: Sequence[Passage]) -> list[int]:
    """Numbers of the passages that stand under ``heading``: those after it, in a row, that have
    its words among their headings."""
    title = " ".join(document.text[heading.start : heading.end].split())
    first = bisect(passages, heading.end, key=lambda one: one.start)
    under = takewhile(lambda number: title in passages[number].section, range(first, len(passages)))
    return list(under)
