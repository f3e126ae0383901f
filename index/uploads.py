"""The files that people have added through the service: a folder of their own in the data folder,
which every build takes beside the folders that are named.

var/uploads/            the files, under their names
var/incoming/ab12…/     files that are coming in; a folder a process, one within it a request

A request is taken whole or not at all: its files are on the disk before ``commit.json`` is, and are
moved after it. Whatever is stopped in between is finished or swept away at the next start.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from filelock import FileLock, Timeout

from index import files, identity
from index.errors import UnusableName
from index.identity import Place

FOLDER = "uploads"
INCOMING = "incoming"
LONGEST_NAME = 240
"""Bytes of a name in UTF-8: file systems take 255, and a little is put around it."""
_COMMIT = "commit.json"
_LOCK = "in-use.lock"
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""They turn the order in which letters are shown, so that a name can look like another."""


def root(data: Path) -> Path:
    """The folder of the files that were added."""
    return Path(identity.root_of(data / FOLDER))


def roots(data: Path) -> list[Path]:
    """It, if there is anything in it, for a build to take beside the folders that are named."""
    return [root(data)] if names(data) else []


def names(data: Path) -> list[str]:
    """Names of the files that were added, in order."""
    try:
        found = [one.name for one in os.scandir(root(data)) if not one.name.startswith(".")]
    except OSError:
        return []
    return sorted(found)


def holds(data: Path, where: Place) -> bool:
    """Whether a file lies, or lay, among those that were added, below whatever root it is known."""
    return Path(where.path).parent == root(data)


def is_gone(data: Path, where: Place) -> bool:
    """Whether a file was added, and has been taken away."""
    return holds(data, where) and not os.path.lexists(where.path)


def key(name: str) -> str:
    """The same for names that a file system may take for one: in another case, or with letters put
    together of other parts."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def safe_name(given: str) -> str:
    """The name under which a file that calls itself ``given`` is kept: without folders, its letters
    in one form. Raises ``UnusableName``, saying why there is none."""
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1].strip()
    if not name.strip("."):
        raise UnusableName("has no name")
    # Controls, halves of surrogate pairs, breaks of lines.
    odd = any(unicodedata.category(one) in {"Cc", "Cs", "Zl", "Zp"} for one in name)
    if odd or not _TURNING.isdisjoint(name):
        raise UnusableName("has a name with characters that cannot be seen")
    if len(name.encode()) > LONGEST_NAME:
        raise UnusableName(f"has a name of more than {LONGEST_NAME} bytes")
    if name.startswith("."):
        raise UnusableName("has a name that begins with a dot, as names of hidden files do")
    return name


def same_as(data: Path, sha256: str, size: int) -> str | None:
    """Name of the file among those that were added that has these bytes already."""
    for name in names(data):
        path = root(data) / name
        with suppress(OSError):
            if path.stat().st_size == size and files.sha256(path) == sha256:
                return name
    return None


def remove(data: Path, name: str) -> None:
    """Take a file away, durably. Raises ``OSError``."""
    files.remove(root(data) / name)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file of a request that is on the disk."""

    number: int
    """Of the file in its request; it lies under it until it is taken in."""
    bytes: int
    sha256: str


class Arriving:
    """A file that is coming in. ``write`` and ``finish`` raise ``OSError``."""

    def __init__(self, path: Path, number: int) -> None:
        self._file = path.open("xb")
        self._hash = hashlib.sha256()
        self._number = number
        self.bytes = 0

    def write(self, data: bytes) -> None:
        """Append bytes."""
        self._file.write(data)
        self._hash.update(data)
        self.bytes += len(data)

    def finish(self) -> Arrived:
        """Force the file to the disk."""
        with self._file:
            self._file.flush()
            os.fsync(self._file.fileno())
        return Arrived(self._number, self.bytes, self._hash.hexdigest())

    def close(self) -> None:
        """Let go of a file that is not to be finished."""
        with suppress(OSError):
            self._file.close()


class Batch:
    """The files of one request. A context manager: what was not committed is gone after it."""

    def __init__(self, data: Path, folder: Path) -> None:
        self._data, self._folder = data, folder

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True)
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def open(self, number: int) -> Arriving:
        """A file to write to. Raises ``OSError``."""
        return Arriving(self._folder / str(number), number)

    def commit(self, chosen: Mapping[int, str]) -> None:
        """Take the files with these numbers in, under these names: all of them, be the process
        killed meanwhile. Raises ``OSError``; then there was no room."""
        if chosen:
            files.flush(self._folder)
            named = {str(number): name for number, name in chosen.items()}
            files.replace_atomically(self._folder / _COMMIT, json.dumps(named))
            _move(self._data, self._folder, named)


class Incoming:
    """Where the requests of one process come in. ``start`` may be called anew after ``close``."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._folder = data / INCOMING / secrets.token_hex(8)
        self._lock: FileLock | None = None

    def start(self) -> None:
        """Claim the folder, and finish or sweep away what processes that are gone have left there.
        Raises ``OSError``."""
        with files.change_lock(self._data):
            self._folder.mkdir(parents=True, exist_ok=True)
            # Of the process, not of the thread that starts it.
            self._lock = FileLock(self._folder / _LOCK, fallback_to_soft=False, thread_local=False)
            self._lock.acquire()
            _recover(self._data)

    def batch(self) -> Batch:
        """Room for the files of one request."""
        return Batch(self._data, self._folder / secrets.token_hex(8))

    def close(self) -> None:
        """Give the folder back."""
        if self._lock is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._lock.release()


def _recover(data: Path) -> None:
    """Finish what was committed, and sweep away what was not, of every process that is gone."""
    with suppress(OSError):
        for folder in sorted((data / INCOMING).iterdir()):
            lock = FileLock(folder / _LOCK, blocking=False, fallback_to_soft=False)
            try:
                with lock.acquire():
                    _finish(data, folder)
                    shutil.rmtree(folder, ignore_errors=True)
            except (Timeout, OSError):
                continue  # a process that is not gone, or a folder that it is just giving back


def _finish(data: Path, folder: Path) -> None:
    for batch in folder.iterdir():
        with suppress(OSError, ValueError):
            _move(data, batch, _read(batch / _COMMIT))


def _read(path: Path) -> dict[str, str]:
    named: Any = json.loads(path.read_text(encoding="utf-8"))
    return {number: name for number, name in named.items() if number.isdigit()}


def _move(data: Path, batch: Path, named: Mapping[str, str]) -> None:
    """Give files their names, each by one step. Those that have them already are left."""
    root(data).mkdir(parents=True, exist_ok=True)
    for number, name in named.items():
        with suppress(FileNotFoundError):
            (batch / number).replace(root(data) / name)
    files.flush(root(data))
    files.flush(data)
