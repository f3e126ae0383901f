"""Careful writing: nothing is live before it is whole and on the disk."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import BuildInProgress


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal. Raises ``OSError``."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush_tree(folder: Path) -> None:
    """Force every file and folder under ``folder`` to the disk."""
    for parent, _, names in os.walk(folder):
        for name in names:
            _flush(Path(parent) / name)
        _flush(Path(parent))


def replace_atomically(path: Path, content: str) -> None:
    """Write ``content`` so that a reader, or the next start, sees all of it or the old file."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(content, encoding="utf-8")
    _flush(beside)
    beside.replace(path)
    _flush(path.parent)


def write_whole(path: Path, content: bytes, durable: bool) -> None:
    """Write a file so that a reader sees all of it or none; ``durable``: on the disk when this
    returns. Threads may write one file side by side."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
    beside.write_bytes(content)
    if durable:
        _flush(beside)
    beside.replace(path)
    if durable:
        for folder in (path.parent, path.parent.parent):
            _flush(folder)


def prune(folder: Path, used: Container[str], ending: str = "") -> None:
    """Remove the files in the folders of ``folder`` whose names, without ``ending``, are none of
    ``used``. What cannot be removed stays."""
    for path in folder.glob("*/*"):
        if path.name.removesuffix(ending) not in used:
            with suppress(OSError):
                path.unlink()
    for each in folder.glob("*"):
        with suppress(OSError):
            each.rmdir()  # one that holds anything stays


def publish(built: Path, final: Path) -> None:
    """Give a finished folder its name, durably."""
    flush_tree(built)
    built.rename(final)
    _flush(final.parent)


@contextmanager
def build_lock(folder: Path, wait: bool) -> Iterator[None]:
    """Hold the right to build in ``folder``; the system gives it back if the process dies.

    Raises ``BuildInProgress`` where another process holds it, unless ``wait``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # No fallback: a lock that is a mere file would outlive a build that was killed.
    lock = FileLock(folder / "build.lock", blocking=wait, fallback_to_soft=False)
    try:
        held = lock.acquire()
    except Timeout as error:
        raise BuildInProgress(
            "another build is running on this index; wait for it to end, "
            "or start this one with --wait"
        ) from error
    with held:
        yield


@contextmanager
def change_lock(folder: Path) -> Iterator[None]:
    """Hold the right to change what people have added to ``folder`` or said of its documents. It
    is held for a moment, other than the right to build, and waited for. Who holds it may ask for it
    again."""
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "change.lock", fallback_to_soft=False, is_singleton=True):
        yield


def remove(path: Path) -> None:
    """Remove a file, durably. One that is not there is gone already."""
    path.unlink(missing_ok=True)
    _flush(path.parent)


def flush(path: Path) -> None:
    """Force a file, or the list of the files of a folder, to the disk."""
    _flush(path)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
