"""The lines of a plain text that hold something, each with its list mark."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index import list_marks, sentences
from index.conventions import Conventions
from index.list_marks import Mark

_LINE = re.compile(r"[^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a text, without the blanks around it."""

    start: int
    end: int
    text: str
    blank_before: bool
    blank_after: bool
    mark: Mark | None
    """The list mark that it opens with."""


def lines_of(text: str, known: Conventions) -> list[TextLine]:
    """The lines that hold something, stripped; a byte order mark counts as a blank."""
    spans: list[tuple[int, int, str]] = []
    for match in _LINE.finditer(text):
        span = sentences.strip(text, match.start(), match.end())
        if span is not None:
            spans.append((*span, text[slice(*span)]))
    marks = list_marks.Marks.of([content for _, _, content in spans], known.item_number)
    lines = []
    for number, (start, end, content) in enumerate(spans):
        before = text[spans[number - 1][1] if number else 0 : start]
        after = text[end : spans[number + 1][0] if number + 1 < len(spans) else len(text)]
        lines.append(
            TextLine(
                start,
                end,
                content,
                blank_before=number == 0 or _breaks(before) > 1,
                blank_after=number + 1 == len(spans) or _breaks(after) > 1,
                mark=marks.match(content, number),
            )
        )
    return lines


def _breaks(gap: str) -> int:
    return len(re.findall(r"\r\n|[\n\r\f\v\x1c-\x1e\x85\u2028\u2029]", gap))
