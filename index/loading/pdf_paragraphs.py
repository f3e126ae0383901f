"""Lines joined to paragraphs, by where they begin, where they end and how far apart they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from index.loading import pdf_lines
from index.loading import pdf_marks as marks
from index.loading.pdf_lines import Line
from index.records import BlockKind

_APART = 1.3
"""Lines this many usual distances apart are not of one paragraph."""
_SENTENCE_END = re.compile(r"[.?!;:…。؟][\"'”’»)\]]*[⁰¹²³⁴-⁹*]{0,6}$")
_INDENT = 0.7
"""Least indent of a first line, in type sizes."""
_FEW = 3
_CAPITALS = 0.85
"""Share of the letters of a line in capitals, at least."""
_SAME_SIZE = 0.08


@dataclass(eq=False, slots=True)
class Paragraph:
    """Lines that belong together, and what is known of them."""

    lines: list[Line]
    right: float
    """Where the lines of its column end."""
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 1
    mark: str = ""
    mark_line: Line | None = None
    """The mark as it is printed."""
    cells: list[list[Line]] = field(default_factory=list)
    """Of a row of a table, the lines of each cell."""
    heads: tuple[str, ...] = ()
    caption: str = ""

    @property
    def page(self) -> int:
        """Where it begins."""
        return self.lines[0].page

    @property
    def text(self) -> str:
        """Its lines as they are, for a look at them."""
        return " ".join(one.text for one in self.lines)

    @property
    def bold(self) -> bool:
        """Whether it is all bold."""
        return all(one.bold for one in self.lines)


def of_column(lines: list[Line]) -> list[Paragraph]:
    """The paragraphs of a column."""
    step = pdf_lines.leading(lines)
    found: list[Paragraph] = []
    for number, (line, right) in enumerate(zip(lines, _edges(lines), strict=True)):
        after = lines[number + 1] if number + 1 < len(lines) else None
        if found and not _opens(found[-1], line, after, step):
            found[-1].lines.append(line)
        else:
            found.append(Paragraph([line], right))
        found[-1].right = right
    for one in found:
        _mark(one)
    return found


def _edges(lines: list[Line]) -> list[float]:
    """Of each line, how far it might have gone: as far as those that begin where it does, and
    where they are few, as far as most."""
    usual = _edge(lines)
    edges: list[float] = []
    for _, near in groupby(_aligned(lines), key=lambda one: one[0]):
        run = [line for _, line in near]
        far = max(one.right for one in run)
        edges += [far if len(run) >= _FEW else max(far, usual)] * len(run)
    return edges


def _aligned(lines: list[Line]) -> Iterator[tuple[int, Line]]:
    """``lines`` with the number of the run of those that begin below one another."""
    run = 0
    for number, line in enumerate(lines):
        if number and abs(line.left - lines[number - 1].left) > 0.3 * line.size:
            run += 1
        yield run, line


def _edge(lines: list[Line]) -> float:
    """Where most lines of a column end that are full: where several end alike, else where the
    longest do."""
    ends = sorted(one.right for one in lines)
    alike = Counter(round(one / 2) for one in ends)
    often = [end for end, count in alike.items() if count + alike[end + 1] > 0.25 * len(ends)]
    if often and len(ends) > _FEW:
        return 2.0 * max(often) + 2.0
    return ends[min(len(ends) - 1, int(0.9 * len(ends)))]


def _mark(paragraph: Paragraph) -> None:
    """Takes the mark off a paragraph that opens with one."""
    first = paragraph.lines[0]
    mark, end = marks.split(first.text)
    if not mark:
        return
    paragraph.mark = mark
    paragraph.mark_line = pdf_lines.cut(first, 0, len(mark))
    paragraph.lines[0] = pdf_lines.cut(first, end, len(first.text))
    if not marks.is_ordinal(mark):
        paragraph.kind = BlockKind.ITEM


def _opens(paragraph: Paragraph, line: Line, after: Line | None, step: float) -> bool:
    """Whether ``line`` opens another paragraph than that above it."""
    last = paragraph.lines[-1]
    gap = line.base - last.base
    far = gap <= 0 or (step and gap > _APART * max(step, 1.05 * line.size))
    if far or not (same_style(last, line) or _runs_on(last, line, paragraph.right)):
        return True
    if marks.split(line.text)[0] and not _refers(last, line):
        return True
    if line.text[0].islower() and not is_ended(last.text):
        return abs(line.left - last.left) > 8 * line.size
    if _is_shouted(last) and _is_shouted(line) and _are_centred(last, line):
        return is_ended(last.text)
    if last.bold and line.bold:
        return is_ended(last.text) and has_room(last, line, paragraph.right)
    return _indents(paragraph, line, after) or has_room(last, line, paragraph.right)


def _is_shouted(line: Line) -> bool:
    """Whether a line is in capitals."""
    capitals = sum(map(str.isupper, line.text))
    return capitals > _CAPITALS * sum(map(str.isalpha, line.text)) and capitals > _FEW


def _are_centred(one: Line, other: Line) -> bool:
    """Whether two lines have their middle alike, and not where they begin."""
    return abs(one.middle - other.middle) < 2 and abs(one.left - other.left) > 2


def same_style(one: Line, other: Line) -> bool:
    """Whether two lines are printed alike."""
    alike = abs(one.size - other.size) <= _SAME_SIZE * max(one.size, other.size)
    return alike and one.bold == other.bold


def _runs_on(last: Line, line: Line, right: float) -> bool:
    """Whether a sentence goes on from one line to the next that differs from it in weight alone, as
    where the first words of a paragraph are bold."""
    alike = abs(last.size - line.size) <= _SAME_SIZE * max(last.size, line.size)
    going_on = line.text[0].islower() and not is_ended(last.text)
    return alike and going_on and not has_room(last, line, right)


def _refers(last: Line, line: Line) -> bool:
    """Whether what looks like a mark goes on with the line before: "in paragraph / 12. The"."""
    mark, end = marks.split(line.text)
    same = abs(last.left - line.left) < 1.0
    dash = mark in "-–—" and line.text[end].islower() and marks.split(last.text)[0] != mark
    return same and not is_ended(last.text) and (dash or marks.is_ordinal(mark))


def is_ended(text: str) -> bool:
    """Whether a sentence, or a clause, ends where a text does."""
    return _SENTENCE_END.search(text) is not None


def has_room(last: Line, line: Line, right: float) -> bool:
    """Whether the first word of ``line`` would have fitted on the line before."""
    if last.backward or line.backward:
        return False
    word = line.text.split()[0]
    needed = line.width * (len(word) + 1) / max(len(line.text), 1)
    return last.right + needed + 0.6 * line.size < right


def _indents(paragraph: Paragraph, line: Line, after: Line | None) -> bool:
    """Whether a line is set in as a first line is, or out where the paragraph hangs."""
    last = paragraph.lines[-1]
    if line.backward:
        shift, back = last.right - line.right, 0.0
        back = (after.right - line.right) if after is not None else 0.0
    else:
        shift = line.left - last.left
        back = (line.left - after.left) if after is not None else 0.0
    least = _INDENT * line.size
    if len(paragraph.lines) == 1:
        hanging = marks.split(last.text)[0] != ""
        return shift > least and not hanging and (back > least or after is None)
    return abs(shift) > least


def carried(body: Paragraph, following: Paragraph) -> bool:
    """Whether a paragraph goes on in the next column, or on the next page, in ``following``."""
    movable = {BlockKind.PARAGRAPH, BlockKind.ITEM}
    last, first = body.lines[-1], following.lines[0]
    if body.kind not in movable or following.kind is not BlockKind.PARAGRAPH or following.mark:
        return False
    if not same_style(last, first) or has_room(last, first, body.right):
        return False
    if _is_shouted(first) and not _is_shouted(last):
        return False
    if not is_ended(last.text):
        return first.text[0].islower() or not first.bold
    if is_ended(last.text) and last.text[-1] == ":":
        return False
    told = body.mark or _is_set_in(body)
    return bool(told) and not _is_set_in(following)


def _is_set_in(paragraph: Paragraph) -> bool:
    """Whether a paragraph's first line begins further in than the rest."""
    lines = paragraph.lines
    if len(lines) < 2 or lines[0].page != lines[1].page:
        return False
    return lines[0].left - lines[1].left > _INDENT * lines[0].size
