"""Checksums of the files of an index: made when it is written, compared when it is opened.

A process compares a file in full when it first meets it. It does so again only if the file may have
changed since: if it is another file, or of another size, or was written to.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from index import files
from index.errors import DamagedGeneration

LOCK = ".lock"
"""How the names of tantivy's locks end: empty files that it makes when it likes."""
_SIDE_BY_SIDE = 2
_SETTLED_NS = 2 * 10**9
"""A clock of files may be this coarse: what was written so shortly before it was read may be
written to again with no trace."""


class Expected(TypedDict):
    """What a manifest says of a file."""

    bytes: int
    sha256: str


Described = dict[str, Expected]
"""By name, with forward slashes."""

_Stamp = tuple[int, int, int, int, int]
_lock = threading.Lock()
_MOST_COMPARED = 100_000
_compared: dict[_Stamp, str] = {}
"""The checksums of files that were read in full, by what would change with them."""


def describe(folder: Path) -> Described:
    """Bytes and SHA-256 of all files under ``folder`` but locks."""
    found = (path for path in folder.rglob("*") if path.is_file())
    paths = sorted(path for path in found if path.suffix != LOCK)
    return {
        path.relative_to(folder).as_posix(): {
            "bytes": path.stat().st_size,
            "sha256": files.sha256(path),
        }
        for path in paths
    }


@dataclass(frozen=True, slots=True)
class Files:
    """Some files of an index."""

    folder: Path
    shown: str
    """What people are told before the name of one."""
    expected: Described


def compare(generation: str, groups: Sequence[Files]) -> None:
    """Compare files with what was written of them. Raises ``DamagedGeneration``, naming one that is
    not what was written."""
    with ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix="check") as pool:
        for found in pool.map(_first_fault, groups):
            if found is not None:
                pool.shutdown(cancel_futures=True)
                raise DamagedGeneration(generation, *found)


def _first_fault(group: Files) -> tuple[str, str] | None:
    """The name of a file that is not what was written, and why."""
    for name, expected in group.expected.items():
        if fault := _fault(group.folder / name, expected):
            return group.shown + name, fault
    return None


def _fault(path: Path, expected: Expected) -> str:
    """What is wrong with a file; "" if nothing is."""
    try:
        status = path.stat()
        if status.st_size != expected["bytes"]:
            return "has another size than written"
        if _digest(path, status) != expected["sha256"]:
            return "is not what was written"
    except FileNotFoundError:
        return "is missing"
    except OSError:
        return "cannot be read"
    return ""


def _digest(path: Path, status: os.stat_result) -> str:
    stamp = (
        *(status.st_dev, status.st_ino, status.st_size),
        *(status.st_mtime_ns, status.st_ctime_ns),
    )
    with _lock:
        known = _compared.get(stamp)
    if known is not None:
        return known
    before = time.time_ns()
    digest = files.sha256(path)
    if before - max(status.st_mtime_ns, status.st_ctime_ns) > _SETTLED_NS:
        with _lock:
            if len(_compared) >= _MOST_COMPARED:
                _compared.clear()
            _compared[stamp] = digest
    return digest
