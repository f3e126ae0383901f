"""Which paragraphs are headings, and of which depth: by size, weight, numbering and place."""

from __future__ import annotations

from dataclasses import dataclass

from index.loading import pdf_lines
from index.loading import pdf_marks as marks
from index.loading.pdf_paragraphs import Paragraph, is_ended
from index.records import BlockKind

_LONGEST = 250
_MOST_LINES = 5
_LARGER = 1.12
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class _Style:
    """How a heading is printed: those of one style are of one depth."""

    size: float
    bold: bool
    shouted: bool
    numbered: str


def mark(paragraphs: list[Paragraph]) -> None:
    """Makes headings of the paragraphs that are some."""
    body = pdf_lines.usual_size(line for one in paragraphs for line in one.lines)
    heavy = _mostly_bold(paragraphs)
    found = [one for one in paragraphs if _is_heading(one, body, heavy)]
    last = paragraphs[-1] if paragraphs else None
    found = [one for one in found if one is not last]
    depths = _depths([_style(one) for one in found])
    for one in found:
        one.kind, one.level = BlockKind.HEADING, depths[_style(one)]


def _mostly_bold(paragraphs: list[Paragraph]) -> bool:
    lines = [line for one in paragraphs for line in one.lines]
    return sum(len(one.text) for one in lines if one.bold) > sum(len(one.text) for one in lines) / 2


def _is_heading(paragraph: Paragraph, body: float, heavy: bool) -> bool:
    text = paragraph.text
    if paragraph.kind not in {BlockKind.PARAGRAPH, BlockKind.ITEM} or paragraph.cells:
        return False
    if (
        len(text) > _LONGEST
        or len(paragraph.lines) > _MOST_LINES
        or not any(map(str.isalpha, text))
    ):
        return False
    if paragraph.kind is BlockKind.ITEM and not marks.class_of(paragraph.mark):
        return False
    size = min(one.size for one in paragraph.lines)
    ended = is_ended(text) and text[-1] in ".;,…"
    if size >= _LARGER * body:
        return not ended or len(text) < 80
    if ended or text[0].islower() or size < 0.93 * body:
        return False
    slanted = all(one.slanted for one in paragraph.lines) and text[0] != "("
    return (paragraph.bold and not heavy) or _is_shouted(text) or slanted


def _is_shouted(text: str) -> bool:
    return text.isupper() and sum(len(word) > 3 for word in text.split()) > 1


def _style(paragraph: Paragraph) -> _Style:
    text = paragraph.text
    size = pdf_lines.rounded(max(one.size for one in paragraph.lines))
    return _Style(size, paragraph.bold, text.isupper(), marks.class_of(paragraph.mark))


def _depths(styles: list[_Style]) -> dict[_Style, int]:
    """How deep each style stands: the larger the higher; of one size, the sooner the higher, bold
    before light."""
    first = {style: number for number, style in reversed(list(enumerate(styles)))}
    ranked = sorted(first, key=lambda one: (-one.size, not one.bold, first[one]))
    return {style: min(place + 1, _DEEPEST) for place, style in enumerate(ranked)}
