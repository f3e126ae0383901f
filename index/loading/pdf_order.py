"""The order in which the pieces of a page are read: columns one after another.

A page is cut into bands from top to bottom. In a band of columns no line crosses the gutters
between them; a line across the page ends it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from index.loading import pdf_cells, pdf_lines
from index.loading import pdf_marks as marks
from index.loading.pdf_lines import Line

_GUTTER = 0.8
"""Least width of a gutter, in type sizes."""
_STRETCHED = 3.0
"""Type sizes to which stretching a line widens a gap between words at most."""
_FLUSH = 9.0
"""The same, where the line ends where those around it end."""
_DOUBLE = 2.2
"""Times by which a gap is wider than the blanks beside it at most: after a sentence two are
typed."""
_FILLED = 0.5
"""Lines of running text fill at least this share of their column, in the middle."""
_LETTERS = 14
"""Lines of running text have at least as many characters, in the middle."""
_NEAR = 1.6
"""Type sizes by which lines of one cell are apart at most."""
_LABEL = 3.0
"""Type sizes between rows of values and a line that names those below it, at most."""
_LABELS = 4
"""Lines of a table from one that names rows to the first of these, at most."""
_CARRIED = 0.2
"""Share of the lines of running text that begin within a sentence, at least."""
_LEAST = 3
"""Lines that make a column of running text."""
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Column:
    """Lines that are read one after another."""

    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of pieces that stand side by side in columns, and are no running text."""

    rows: list[list[Line]]


Region = Column | Grid


def regions(pieces: list[Line], depth: int = 0) -> list[Region]:
    """The pieces of a page, or of a column, as they are read."""
    marked = [with_marks(row) for row in pdf_lines.beside(pieces)]
    valued = [_is_valued(row) for row in marked]
    rows = _closed(
        [
            row if any(valued[max(number - 1, 0) : number + 2]) else _unstretched(row)
            for number, row in enumerate(marked)
        ]
    )
    found: list[Region] = []
    for band in _bands(rows):
        found += _band(band, depth)
    return _merged(found)


def _merged(found: list[Region]) -> list[Region]:
    out: list[Region] = []
    for one in found:
        if (
            out
            and isinstance(one, Column)
            and isinstance(out[-1], Column)
            and not (_beside(out[-1].lines, one.lines))
        ):
            out[-1] = Column(out[-1].lines + one.lines)
        else:
            out.append(one)
    return out


def _beside(above: list[Line], below: list[Line]) -> bool:
    """Whether two columns stand side by side, so that the second starts no lower than the first
    ends."""
    return below[0].base < above[-1].base


def with_marks(row: list[Line]) -> list[Line]:
    """``row`` with each list mark joined to what it marks, however wide the gap."""
    out: list[Line] = []
    for piece in row:
        last = out[-1] if out else None
        marked = last is not None and last.page == piece.page and marks.is_mark(last.text)
        if last is not None and marked and not _are_values(last, piece):
            gap = max(piece.left - last.right, last.left - piece.right)
            if gap < 5 * piece.size:
                out[-1] = pdf_lines.joined([last, piece])
                continue
        out.append(piece)
    return out


def _unstretched(row: list[Line]) -> list[Line]:
    """``row`` with those gaps closed that are as wide as the blanks on their sides are, which
    filling the line has stretched."""
    if len(row) < 2 or row[0].backward:
        return row
    gaps = [two.left - one.right for one, two in pairwise(row)]
    words = sum(2 * sum(map(str.isalpha, one.text)) > len(one.text) for one in row)
    even = len(row) > 3 and max(gaps) - min(gaps) < 0.4 * row[0].size and words > 0.6 * len(row)
    out = row[:1]
    for piece, gap in zip(row[1:], gaps, strict=True):
        usual = max(pdf_lines.widest_blank(out[-1]), pdf_lines.widest_blank(piece))
        stretched = gap < _STRETCHED * piece.size and (even or gap < _DOUBLE * usual)
        if stretched and not _are_values(out[-1], piece):
            out[-1] = pdf_lines.joined([out[-1], piece])
        else:
            out.append(piece)
    return out


def _closed(rows: list[list[Line]]) -> list[list[Line]]:
    """``rows`` with those gaps closed that only the stretching of a line made: text stands above
    and below them."""
    out: list[list[Line]] = []
    for number, row in enumerate(rows):
        around = rows[max(number - 1, 0) : number] + rows[number + 1 : number + 2]
        near = [each for each in around if abs(each[0].base - row[0].base) < 2 * row[0].size]
        parts = row[:1]
        for piece in row[1:]:
            last = parts[-1]
            left, right = min(last.right, piece.right), max(last.left, piece.left)
            covered = near and all(_covers(each, left, right) for each in near)
            flush = all(abs(each[-1].right - row[-1].right) < 2 for each in near)
            near_by = right - left < (_FLUSH if flush else _STRETCHED) * piece.size
            if covered and near_by and not _are_values(last, piece):
                parts[-1] = pdf_lines.joined([last, piece])
            else:
                parts.append(piece)
        out.append(parts)
    return out


def _are_values(*pieces: Line) -> bool:
    """Whether pieces are values, which stand in columns of their own, and no numbers within a
    sentence."""
    return all(pdf_cells.is_value(one.text) and one.text[-1] not in ",;:" for one in pieces)


def _is_valued(row: list[Line]) -> bool:
    """Whether a line is mostly of values."""
    values = sum(map(_are_values, row))
    return values > 1 and 2 * values >= len(row)


def _covers(row: list[Line], left: float, right: float) -> bool:
    return any(one.left < left and one.right > right for one in row)


def _bands(rows: list[list[Line]]) -> list[list[list[Line]]]:
    """Runs of rows that share their gutters, or that have none."""
    bands: list[list[list[Line]]] = []
    gutters: list[tuple[float, float]] = []
    flanked = _flanked(rows)
    for row, split in zip(rows, flanked, strict=True):
        if not bands:
            bands.append([row])
            gutters = _gaps(row) if split else []
            continue
        kept = _shared(gutters, row)
        was_split = bool(gutters)
        if was_split and kept:
            bands[-1].append(row)
            gutters = kept
        elif not was_split and not split:
            bands[-1].append(row)
        else:
            bands.append([row])
            gutters = _gaps(row) if split else []
    return bands


def _flanked(rows: list[list[Line]]) -> list[bool]:
    """Of each row, whether something stands beside one of its pieces."""
    out = [len(row) > 1 for row in rows]
    spans = [(min(one.top for one in row), max(one.bottom for one in row)) for row in rows]
    for number, row in enumerate(rows):
        for place, other in enumerate(rows[number + 1 : number + 4], number + 1):
            (top, bottom), (above, below) = spans[number], spans[place]
            if (out[number] and out[place]) or min(bottom, below) <= max(top, above):
                continue
            if any(_side_by_side(one, two) for one in row for two in other):
                out[number] = out[place] = True
    return out


def _side_by_side(one: Line, two: Line) -> bool:
    shared = min(one.bottom, two.bottom) - max(one.top, two.top)
    apart = max(two.left - one.right, one.left - two.right)
    height = min(one.bottom - one.top, two.bottom - two.top)
    return shared > 0.3 * height and apart > _GUTTER * max(one.size, two.size)


_FAR = 1e6


def _gaps(row: list[Line]) -> list[tuple[float, float]]:
    """Where a row leaves room between its pieces, and at its sides."""
    edges = sorted((one.left, one.right) for one in row)
    gaps: list[tuple[float, float]] = []
    right = -_FAR
    for left, end in edges:
        if left - right > _GUTTER * row[0].size:
            gaps.append((right, left))
        right = max(right, end)
    return [*gaps, (right, _FAR)]


def _shared(gutters: list[tuple[float, float]], row: list[Line]) -> list[tuple[float, float]]:
    """What is left of ``gutters`` beside ``row``; none if no inner one is left."""
    least = _GUTTER * row[0].size
    kept = [
        (max(left, one), min(right, two))
        for left, right in gutters
        for one, two in _gaps(row)
        if min(right, two) - max(left, one) >= least
    ]
    inner = [one for one in kept if one[0] > -_FAR and one[1] < _FAR]
    return kept if inner else []


def _band(rows: list[list[Line]], depth: int) -> list[Region]:
    pieces = [one for row in rows for one in row]
    columns = _columns(pieces)
    flanked = _flanked(rows)
    if len(columns) < 2 or not any(flanked):
        return [_column(rows)]
    if all(_is_running(column) for column in columns):
        if depth >= _DEEPEST:
            return [Column(column) for column in columns]
        return [one for column in columns for one in regions(column, depth + 1)]
    return [Grid(part) if split else _column(part) for split, part in _stretches(rows, flanked)]


def _column(rows: list[list[Line]]) -> Column:
    return Column([pdf_lines.joined(row) for row in rows])


def _stretches(rows: list[list[Line]], flanked: list[bool]) -> list[tuple[bool, list[list[Line]]]]:
    """Runs of ``rows``: those of a grid, with the lines that go on in its cells, and the others."""
    pieces = [one for row, split in zip(rows, flanked, strict=True) if split for one in row]
    valued = sum(map(_is_valued, rows)) > 1
    columns = _reaches(_columns(pieces), valued) if pieces else []
    out: list[tuple[bool, list[list[Line]]]] = []
    for number, (row, split) in enumerate(zip(rows, flanked, strict=True)):
        inside = split
        if out and out[-1][0] and not split:
            above = out[-1][1][-1]
            after = next((at for at in range(number, len(rows)) if flanked[at]), len(rows))
            between = rows[number : after + 1]
            labels = valued and len(between) <= _LABELS and after < len(rows)
            inside = _is_within(row, above, columns, _NEAR) or (
                labels
                and all(
                    _is_within(one[:1], over, columns, _LABEL)
                    for over, one in pairwise([above, *between])
                )
            )
        if out and out[-1][0] == inside:
            out[-1][1].append(row)
        else:
            out.append((inside, [row]))
    return out


def _reaches(columns: list[list[Line]], valued: bool) -> list[tuple[float, float]]:
    """Where each column begins, and where it ends; beside values, how far its text may go: nearly
    as far as the next begins."""
    spans = sorted(
        (min(one.left for one in each), max(one.right for one in each)) for each in columns
    )
    if not valued:
        return spans
    size = median(one.size for each in columns for one in each)
    ends = [left - _GUTTER * size for left, _ in spans[1:]]
    return [(left, max(right, end)) for (left, right), end in zip(spans, [*ends, 0.0], strict=True)]


def _is_within(
    row: list[Line], above: list[Line], columns: list[tuple[float, float]], apart: float
) -> bool:
    """Whether a line goes on in a cell, or names rows below it: close below in type of one size,
    and no wider than the column."""
    line = row[0]
    near = line.base - above[0].base < apart * line.size
    alike = abs(line.size - above[0].size) < 0.1 * line.size
    slack = line.size / 2
    return (
        near
        and (alike or apart == _NEAR)
        and any(
            left - slack <= line.left and line.right <= right + slack for left, right in columns
        )
    )


def _columns(pieces: list[Line]) -> list[list[Line]]:
    """``pieces`` by the columns that no piece crosses, in the order in which they are read."""
    size = median(one.size for one in pieces)
    columns: list[list[Line]] = []
    right = -_FAR
    for piece in sorted(pieces, key=lambda one: one.left):
        if piece.left - right > _GUTTER * size:
            columns.append([])
        columns[-1].append(piece)
        right = max(right, piece.right)
    backward = sum(len(one.text) for one in pieces if one.backward)
    if backward > sum(len(one.text) for one in pieces) / 2:
        columns.reverse()
    return columns


def _is_running(column: list[Line]) -> bool:
    """Whether a column holds running text and no cells of a table."""
    rows = [pdf_lines.joined(row) for row in pdf_lines.beside(column)]
    if len(rows) < _LEAST:
        return False
    width = max(one.right for one in rows) - min(one.left for one in rows)
    filled = median(one.width for one in rows) >= _FILLED * width
    return filled and median(len(one.text) for one in rows) >= _LETTERS and _goes_on(rows)


def _goes_on(rows: list[Line]) -> bool:
    """Whether sentences go on from line to line, and no list of names or labels stands here. In
    scripts without capitals that cannot be told, and is taken as read."""
    if not any(letter.islower() for one in rows for letter in one.text):
        return True
    carried = sum(one.text[0].islower() for one in rows[1:])
    return carried >= _CARRIED * (len(rows) - 1)
