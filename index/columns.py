"""Lines that a column breaks, joined into the paragraphs that they are of.

A text is broken throughout, or in places: a letter among paragraphs of one line each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index import list_marks
from index.conventions import Conventions
from index.headings import SENTENCE_END
from index.lines import TextLine

MARKUP = re.compile(r"(?P<marks>#{1,6})[ \t]+(?=\S)")
_WIDEST = 120
_NARROWEST = 50
"""Of lines that are full: what is shorter may be an address, or verse."""


def stretches(lines: list[TextLine]) -> Iterator[tuple[list[TextLine], bool]]:
    """``lines`` in runs, each with whether its line ends are those of a column and not of
    paragraphs."""
    if _is_wrapped(lines):
        yield lines, True
        return
    run: list[TextLine] = []
    for line in lines:
        if run and (line.blank_before or _is_wide(line) != _is_wide(run[-1])):
            yield run, _is_torn(run)
            run = []
        run.append(line)
    if run:
        yield run, _is_torn(run)


def adjacent(lines: list[TextLine]) -> Iterator[list[TextLine]]:
    """``lines`` in runs that no blank parts."""
    run: list[TextLine] = []
    for line in lines:
        if run and line.blank_before:
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def join(lines: list[TextLine], known: Conventions) -> list[list[TextLine]]:
    """Groups the lines of a column into paragraphs."""
    widths = sorted(len(line.text) for line in lines)
    width = widths[int(0.9 * (len(widths) - 1))]
    groups: list[list[TextLine]] = []
    for line in lines:
        broken = bool(groups) and _breaks_word(groups[-1][-1], line)
        if broken or (groups and not _opens_paragraph(groups[-1], line, width, known)):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def is_shouted(line: str) -> bool:
    """Whether a line is all in capitals, and more than a few abbreviations."""
    return line.isupper() and len(re.findall(r"[^\W\d_]{4,}", line)) > 1 and line[-1] != ","


def _is_wide(line: TextLine) -> bool:
    return len(line.text) > _WIDEST


def _is_wrapped(lines: list[TextLine]) -> bool:
    """Whether all lines of a text are those of a column."""
    followed = [line for line in lines if not line.blank_after]
    broken = any(_breaks_word(one, two) for one, two in pairwise(lines))
    if len(followed) < 3 and not broken:
        return False
    lengths = sorted(len(line.text) for line in lines)
    return lengths[int(0.95 * (len(lengths) - 1))] <= _WIDEST and any(
        _is_open(line) for line in followed
    )


def _is_torn(lines: Sequence[TextLine]) -> bool:
    """Whether a run of lines without blanks between them is a column: a sentence goes on from
    one to the next, and ends; or all but the last are full."""
    if len(lines) < 2 or any(map(_is_wide, lines)):
        return False
    pairs = list(pairwise(lines))
    if any(_breaks_word(one, two) for one, two in pairs):
        return True
    goes_on = [_is_open(one) and two.mark is None for one, two in pairs]
    closed = any(SENTENCE_END.search(line.text) and line.text[-1] not in ",;:" for line in lines)
    if closed and any(
        going and two.text[0].islower() for going, (_, two) in zip(goes_on, pairs, strict=True)
    ):
        return True
    width = max(len(line.text) for line in lines)
    full = all(_is_full(one, two, width) or not _is_open(one) for one, two in pairs)
    return closed and width >= _NARROWEST and full and any(goes_on)


def _is_open(line: TextLine) -> bool:
    return line.text[-1].isalnum() or line.text[-1] in ",-"


def _is_full(line: TextLine, following: TextLine, width: int) -> bool:
    """Whether the next word had no room on a line."""
    return len(line.text) + 1 + len(following.text.split(maxsplit=1)[0]) > width


def _breaks_word(line: TextLine, following: TextLine) -> bool:
    """Whether a word goes on from one line to the next, after a hyphen."""
    ends = len(line.text) > 1 and line.text[-1] in "-\u2010" and line.text[-2].isalpha()
    return ends and not following.blank_before and following.text[0].islower()


def _opens_paragraph(group: list[TextLine], line: TextLine, width: int, known: Conventions) -> bool:
    last = group[-1]
    if line.blank_before or any(
        is_furniture(one, known) or MARKUP.match(one.text) for one in (last, line)
    ):
        return True
    starts_upper = not line.text[0].islower()
    if known.is_title(line.text) or (known.is_title(last.text) and starts_upper):
        return True
    ended = SENTENCE_END.search(last.text) is not None
    if line.mark is not None and (
        line.mark.is_symbol
        or ended
        or _had_room(last, line, width)
        or _next_item(group[0], line, known)
    ):
        return True
    heading, shouted = all(is_shouted(one.text) for one in group), is_shouted(line.text)
    if (shouted and ended and not heading) or (
        heading and not shouted and group[0].blank_before and starts_upper
    ):
        return True
    if len(last.text) < 0.6 * width and starts_upper and not known.is_unfinished(last.text):
        return True
    clause = known.opens_paragraph(line.text) and last.text.count("(") <= last.text.count(")")
    return ended and last.text[-1] in ",;:" and clause


def _had_room(last: TextLine, line: TextLine, width: int) -> bool:
    """Whether the first two words of ``line`` would have fitted on the line before."""
    return len(last.text) + 1 + len(" ".join(line.text.split()[:2])) <= width


def _next_item(item: TextLine, line: TextLine, known: Conventions) -> bool:
    """Whether ``line`` opens the list item after ``item``: the same bullet, or the next number."""
    above, here = item.mark, line.mark
    if above is None or here is None or above.shape != here.shape:
        return False
    # A line may also break before a mark: "as in subparagraph / (b) above".
    reference = known.refers_back(line.text[here.end :])
    former, latter = (mark.last.lower() for mark in (above, here))
    return former == latter or (latter in list_marks.successors(former) and not reference)


def is_furniture(line: TextLine, known: Conventions) -> bool:
    """Whether a line of a column is what a page repeats: its number, or a document symbol.

    Navigation must stand alone: a line in mid-paragraph may well start with "Welcome to".
    """
    alone = line.blank_before and line.blank_after
    return known.is_page_mark(line.text) or (alone and known.is_furniture(line.text))
