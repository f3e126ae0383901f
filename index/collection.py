"""What belongs to a collection now, beside what its live generation holds: documents that have been
hidden or taken away since, folders that are gone."""

from __future__ import annotations

import os
from pathlib import Path

from index import files, generation, publishing, reading, uploads, versions
from index.errors import NothingToIndex
from index.generation import Generation
from index.identity import Identities, Place
from index.remarks import Remarks


def places(data: Path, opened: Generation) -> dict[str, Place]:
    """Where the documents of a generation lie, by their ids."""
    register = Identities.open(data)
    return {
        one.id: register.place_of(one.id) or Place("", one.source)
        for one in opened.database.documents()
    }


def gone(data: Path, opened: Generation) -> frozenset[str]:
    """Ids of the documents of a generation that somebody hid, or took away where they had been
    added. Raises ``DamagedRemarks``."""
    said, there = Remarks.open(data), set(uploads.names(data))

    def is_gone(where: Place) -> bool:
        taken = uploads.holds(data, where) and Path(where.path).name not in there
        return taken or said.of(where).hidden

    return frozenset(id for id, where in places(data, opened).items() if is_gone(where))


def open_current(data: Path) -> Generation:
    """The live generation, without the documents that are gone. Raises ``GenerationError`` and
    ``DamagedRemarks``."""
    opened = generation.open_current(data)
    return opened.without(gone(data, opened))


def folders(data: Path) -> list[Path]:
    """The folders and files that were named for the live generation, all of them. Raises
    ``NothingToIndex`` where one is not there: to go on would take its documents away."""
    pointer = generation.current(data)
    named = [Path(root) for root in generation.roots_of(data / pointer[0])] if pointer else []
    for one in named:
        if not os.path.exists(one):  # noqa: PTH110 - it never raises
            raise NothingToIndex(
                f"the folder {one.name} is not there any more; bring it back, or run "
                "'attest index --refresh' to go on without it"
            )
    return named


def empty_if_wanted(data: Path) -> bool:
    """Make a collection an empty one if all of its documents are gone; whether it is empty now.

    Raises ``BuildInProgress``.
    """
    with files.build_lock(data, wait=True):
        if generation.current(data) is None:
            return not uploads.names(data)
        opened = generation.open_current(data)
        if len(gone(data, opened)) < len(opened.database.documents()):
            return False
        where = places(data, opened)
        versions.forget(data, [id for id, one in where.items() if uploads.is_gone(data, one)])
        publishing.withdraw(data)
        reading.prune(data, (), ())
        return True
