"""Finds the files to index and reads each as bytes; never fails as a whole for one file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from index import identity, seen
from index.errors import NothingToIndex
from index.identity import Place, printable
from index.loading import LOOKED_INTO
from index.metadata import CATALOG_NAME
from index.records import Skipped
from index.seen import Stamp


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that can be tried: where it lies and the name that people see."""

    path: Path
    name: str
    folder: Path
    """The folder whose ``catalog.toml`` speaks of it."""
    stamp: Stamp = field(default=seen.NONE, compare=False)
    """What changes when it is written to."""

    @property
    def place(self) -> Place:
        """What its identity is recorded by."""
        return identity.place(self.folder, self.path)


@dataclass(frozen=True, slots=True)
class SkippedFile(Skipped):
    """A file or folder that is skipped before it is read, and where it lies."""

    place: Place


def find(paths: Iterable[Path]) -> Iterator[SourceFile | SkippedFile]:
    """Walk ``paths`` (files or folders), sorted by name, and yield every file once.

    Hidden files and folders and the catalog are passed over in silence; a file of a kind
    that cannot be read, a loop of links and a folder that cannot be opened are yielded as
    ``SkippedFile``. Raises ``NothingToIndex`` for a path that does not exist.
    """
    seen: set[tuple[int, int]] = set()
    for path in paths:
        if not os.path.lexists(path):
            raise NothingToIndex(f"{path} does not exist; name a file or a folder of documents")
        if _is_folder(path):
            yield from _walk(path, path, seen)
        else:
            yield _classify(path, path.name, path.parent, seen, named=True)


def _walk(
    folder: Path, root: Path, seen: set[tuple[int, int]]
) -> Iterator[SourceFile | SkippedFile]:
    try:
        status = folder.stat()
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield _skipped(folder, root, f"the folder cannot be opened ({_reason(error)})")
        return
    if (status.st_dev, status.st_ino) in seen:
        yield _skipped(folder, root, "a link back to a folder that was already read")
        return
    seen.add((status.st_dev, status.st_ino))
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = folder / entry.name
        if _is_folder(path):
            yield from _walk(path, root, seen)
        elif entry.name != CATALOG_NAME:
            yield _classify(path, path.relative_to(root).as_posix(), root, seen)


def _skipped(path: Path, root: Path, reason: str) -> SkippedFile:
    where = identity.place(root, path)
    return SkippedFile(printable(where.name), reason, where)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # not even looked at: _classify says why


def _classify(
    path: Path, name: str, folder: Path, seen: set[tuple[int, int]], named: bool = False
) -> SourceFile | SkippedFile:
    try:
        status = path.stat()
    except OSError as error:
        return _skipped(path, folder, f"cannot be read ({_reason(error)})")
    if not path.is_file():
        return _skipped(path, folder, "is not a regular file")
    if path.suffix.lower() not in LOOKED_INTO:
        reason = "is not a kind that can be read (see attest index --help)"
        return _skipped(path, folder, reason)
    if (status.st_dev, status.st_ino) in seen and not named:
        return _skipped(path, folder, "a link to a file that was already read")
    seen.add((status.st_dev, status.st_ino))
    return SourceFile(path, printable(name), folder, Stamp.of(status))


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
