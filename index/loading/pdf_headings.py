"""Which paragraphs are headings, and of which depth: by size, weight, numbering and place."""

from __future__ import annotations

from dataclasses import dataclass

from index.conventions import Conventions
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


def mark(paragraphs: list[Paragraph], known: Conventions) -> None:
    """Makes headings of the paragraphs that are some, and captions of those that name a figure."""
    body = pdf_lines.usual_size(line for one in paragraphs for line in one.lines)
    heavy = _mostly_bold(paragraphs)
    found = [one for one in paragraphs if _is_heading(one, body, heavy)]
    for one in found:
        if known.language.patterns.caption.match(one.text):
            one.kind = BlockKind.CAPTION
    found = [one for one in found if one.kind is not BlockKind.CAPTION]
    last = paragraphs[-1] if paragraphs else None
    found = [one for one in found if one is not last]
    styles = [_style(one) for one in found]
    first = {style: number for number, style in reversed(list(enumerate(styles)))}
    above: list[_Style] = []
    for one, style in zip(found, styles, strict=True):
        while above and not _outranks(above[-1], style, first):
            above.pop()
        above.append(style)
        one.kind, one.level = BlockKind.HEADING, min(len(above), _DEEPEST)


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
    words = [word for word in text.split() if len(word) > 3]
    return text.isupper() and (len(words) > 1 or (text.isalpha() and len(text) > 4))


def _style(paragraph: Paragraph) -> _Style:
    text = paragraph.text
    size = pdf_lines.rounded(max(one.size for one in paragraph.lines))
    return _Style(size, paragraph.bold, text.isupper(), marks.class_of(paragraph.mark))


_CLASSES = ("roman", "capital", "number")


def _outranks(one: _Style, other: _Style, first: dict[_Style, int]) -> bool:
    """Whether headings of a style stand over those of another: larger, bold, in capitals, numbered
    as what is outer, and of two that are alike in that, what came first."""
    if one.size != other.size:
        return one.size > other.size
    if (one.bold, one.shouted) != (other.bold, other.shouted):
        return (one.bold, one.shouted) > (other.bold, other.shouted)
    if one.numbered in _CLASSES and other.numbered in _CLASSES:
        return _CLASSES.index(one.numbered) < _CLASSES.index(other.numbered)
    if one.numbered.startswith("nested") or other.numbered.startswith("nested"):
        return one.numbered < other.numbered
    return first[one] < first[other]
