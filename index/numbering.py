"""Numbers for documents and their passages that go up in the order of their files, with room
between them, so that a document that comes between others takes none of their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

SPACING = 2**40
"""Between the numbers of two documents that come one after the other. Numbers have 63 bits."""
ROOM = 2**20
"""A document needs as many numbers as it has passages. None has been seen with a tenth of this."""


class Crowded(Exception):
    """There is no room left between two documents, or they stand in another order than their
    numbers: all must be numbered anew."""


def assign(known: Sequence[tuple[int, int] | None]) -> list[int]:
    """A number for each document, in their order: its own, or a new one where it is None.

    A document that has one comes with the first number after those of its passages. Raises
    ``Crowded``.
    """
    numbers: list[int] = []
    end, position = 0, 0
    for is_new, group in groupby(known, key=lambda one: one is None):
        run = list(group)
        position += len(run)
        if is_new:
            following = known[position] if position < len(known) else None
            numbers += _between(end, following[0] if following else None, len(run))
            continue
        for one in run:
            assert one is not None
            if one[0] < end:
                raise Crowded
            numbers.append(one[0])
            end = one[1]
    return numbers


def _between(end: int, following: int | None, count: int) -> Iterator[int]:
    """``count`` numbers from ``end`` on, and before those ``following``."""
    step = SPACING if following is None else (following - end) // (count + 1)
    first = end + step
    if step < ROOM or first + count * step >= 2**63:
        raise Crowded
    return (first + place * step for place in range(count))
