"""Footnotes: what stands at the foot of a page in small type, or under a short rule."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.loading import pdf_frames, pdf_lines
from index.loading.pdf_faces import Face
from index.loading.pdf_lines import Line
from index.loading.pdf_paragraphs import Paragraph
from index.records import BlockKind

_SEPARATOR = re.compile(r"[_\u2014\u2500-]{5,}$")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_MARK = re.compile(
    rf"(?P<mark>[{_RAISED}]{{1,4}}|\*{{1,4}}|[†‡§]{{1,3}}|\([a-z0-9]{{1,2}}\)|\d{{1,3}}|[a-z])"
    r"(?P<gap>\s*)(?=\S)"
)
_SURE = re.compile(rf"(?:[{_RAISED}]{{1,4}}|\*{{1,4}}|[†‡§]{{1,3}})\s*\S")
_SMALL = 0.93
"""Share of the usual size below which type is small."""
_UPPER = 0.3
"""No footnote stands above this share of its page."""
_SHORT = 0.5
"""A rule over footnotes is shorter than this share of the text."""


@dataclass(slots=True)
class Foot:
    """A page's text without its footnotes, the footnotes, and the rule printed over them."""

    body: list[Line]
    notes: list[Paragraph] = field(default_factory=list)
    rule: list[Line] = field(default_factory=list)


def parted(pieces: list[Line], face: Face, usual: float) -> Foot:
    """The footnotes of a page apart from the rest; ``usual`` is the document's size of type."""
    rows = pdf_lines.beside([one for one in pieces if not one.turn])
    highest = _highest(rows, pieces, face)
    start = _under_rule(rows, face, usual, highest)
    if start is None:
        start = _in_small_type(rows, usual, highest)
    if start is None:
        return Foot(pieces)
    under = [one for row in rows[start:] for one in row]
    rule = [one for one in under if _SEPARATOR.fullmatch(one.text.strip())]
    small = [one for one in under if one.size < _SMALL * usual]
    taken = small if small and len(small) < len(under) - len(rule) else under
    ids = {id(one) for one in taken + rule}
    lines = [
        pdf_lines.joined(row)
        for row in pdf_lines.beside([one for one in taken if all(one is not two for two in rule)])
    ]
    return Foot([one for one in pieces if id(one) not in ids], _notes(lines), rule)


def _highest(rows: list[list[Line]], pieces: list[Line], face: Face) -> int:
    """The first row that may be of footnotes: below the upper part of a page and its tables."""
    tables = pdf_frames.filled(face.rules, pieces, face.down)
    height = max([_UPPER * face.down, *(one.bottom for one in tables)])
    return sum(row[0].base < height for row in rows)


def _under_rule(rows: list[list[Line]], face: Face, usual: float, highest: int) -> int | None:
    """The first row of the footnotes under a rule, drawn or typed."""
    for number in range(len(rows) - 1, highest - 1, -1):
        row = rows[number]
        if len(row) == 1 and _SEPARATOR.fullmatch(row[0].text.strip()):
            return number
        over = rows[number - 1] if number else []
        if over and _ruled(over, row, rows, face):
            sizes = [one.size for low in rows[number:] for one in low]
            small = max(sizes) < _SMALL * usual
            marked = _MARK.match(_words(row)) is not None and max(sizes) < 1.02 * usual
            return number if small or marked else None
    return None


def _words(row: list[Line]) -> str:
    return " ".join(one.text for one in row)


def _ruled(over: list[Line], row: list[Line], rows: list[list[Line]], face: Face) -> bool:
    """Whether a short rule is drawn between two rows, from where the text begins."""
    left = min(one.left for each in rows for one in each)
    right = max(one.right for each in rows for one in each)
    above, below = max(one.base for one in over), min(one.base for one in row)
    return any(
        rule.level
        and above < rule.bottom
        and rule.top < below
        and 20 < rule.right - rule.left < _SHORT * (right - left)
        and abs(rule.left - row[0].left) < 40
        for rule in face.rules
    ) and not any(
        rule.level and above < rule.bottom < below and rule.left > (left + right) / 2
        for rule in face.rules
    )


def _in_small_type(rows: list[list[Line]], usual: float, highest: int) -> int | None:
    """The first row of the footnotes at the foot that small type and a mark tell."""
    start = None
    for number in range(len(rows) - 1, highest - 1, -1):
        row = rows[number]
        if not all(one.size < _SMALL * usual for one in row):
            break
        if _SURE.match(_words(row)):
            start = number
    return start


def _notes(lines: list[Line]) -> list[Paragraph]:
    """Each footnote, the mark apart."""
    found: list[Paragraph] = []
    left = min((one.left for one in lines), default=0.0)
    for line in lines:
        match = _MARK.match(line.text)
        plain = match is not None and not _SURE.match(line.text)
        if match and plain and not (match["gap"] and line.left < left + 3 * line.size):
            match = None
        if match and plain and found and not _follows(found[-1].mark, match["mark"]):
            match = None
        if match is None and found:
            found[-1].lines.append(line)
            continue
        end = match.end() if match else 0
        rest = pdf_lines.cut(line, end, len(line.text))
        note = Paragraph([rest], line.right, BlockKind.FOOTNOTE)
        if match:
            note.mark = match["mark"]
            note.mark_line = pdf_lines.cut(line, 0, match.end("mark"))
        found.append(note)
    return found


def _follows(last: str, mark: str) -> bool:
    """Whether a mark that may be a word or a number of the text comes after another."""
    one, two = last.strip("()"), mark.strip("()")
    if one.isdecimal() and two.isdecimal():
        return int(two) == int(one.translate(str.maketrans(_RAISED, "0123456789"))) + 1
    return len(one) == len(two) == 1 and ord(two) == ord(one) + 1


def carry(pages: list[list[Paragraph]]) -> None:
    """Joins footnotes that go on at the foot of the next page."""
    last: Paragraph | None = None
    for notes in pages:
        first = notes[0] if notes else None
        if first is not None and last is not None and not first.mark:
            last.lines += first.lines
            notes.pop(0)
        last = notes[-1] if notes else None
