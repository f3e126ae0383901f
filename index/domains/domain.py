"""What is known of a kind of documents: how their identifiers look and are written, and what their
publisher prints beside the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.records import Block, Mention, Metadata

NEVER = re.compile(r"(?!)")


def _none(_text: str) -> list[Mention]:
    return []


def _nothing(_text: str) -> int:
    return 0


def _no(_line: str) -> bool:
    return False


def _unsaid(_text: str, _blocks: Sequence[Block], _source: str) -> Metadata:
    return Metadata()


def _same(key: str) -> str:
    return key


def _no_label(_key: str, _year: int | None) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Domain:
    """All that is known of a kind of documents. What is left out, documents of it do not have."""

    name: str
    marks: Callable[[str], int] = _nothing
    """How many marks of the domain a text shows: a document is of that with the most."""
    identifiers: Callable[[str], list[Mention]] = _none
    """Every identifier in a text, in order, without overlaps. No other domain has its keys."""
    bare_numbers: Callable[[str], list[Mention]] = _none
    """Numbers that may be identifiers if a collection has them ("what about 2129?")."""
    label: Callable[[str, int | None], str] = _no_label
    """How a text would call the identifier with a key, with its year if that is given; "" for the
    key of another domain."""
    family: Callable[[str], str] = _same
    """The key of the document that one with a key revises or corrects; of any other its own."""
    kind: str = ""
    """What people call a document that has an identifier: "resolution"."""
    kinds: re.Pattern[str] = NEVER
    """Words in an answer that may stand for such a document."""
    asks_identifier: re.Pattern[str] = NEVER
    """Finds in a question that it asks which document does something."""
    parts: re.Pattern[str] = NEVER
    """Finds a part of a document that a question names: "66/12 B"."""
    leads: re.Pattern[str] = re.compile(r"^[\s*_]*$")
    """Matches what may stand before an identifier that a sentence opens with."""
    is_page_mark: Callable[[str], bool] = _no
    """Whether a line alone is what the publisher prints on each page."""
    is_title: Callable[[str], bool] = _no
    """Whether a line is an identifier spelled out, as it stands over a document."""
    no_title: re.Pattern[str] = NEVER
    """Matches a line that stands over many documents, and names none."""
    opens_paragraph: re.Pattern[str] = NEVER
    """Matches a line that opens a paragraph wherever the line before ends in a mark."""
    acknowledges: re.Pattern[str] = NEVER
    """Matches an item that only takes note of something, and decides nothing."""
    masthead: Callable[[str, Sequence[Block], str], Metadata] = _unsaid
    """Takes a document's text, its blocks and the name of its file; what stands over the text says
    what the document is."""
