"""What is remembered of files that were looked at, so that those that have not been written to
since are not read again.

var/seen.json      by path: size, times and the like, hash of the bytes, what came of them

A file is known again by its device, number, size and times. Nobody can set the time of a change of
a file, so one that was written to is seen, whatever its other time says. What cannot be read of
``seen.json`` is as good as not remembered.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import Any

from index import files

FILE = "seen.json"
_VERSION = 1
_STAMP = 5
"""Fields of a ``Stamp``."""
_SETTLED_NS = 2 * 10**9
"""A clock of files may be this coarse: one that was written so shortly before it was looked at may
be written to again with no trace."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What changes when a file is written to."""

    device: int
    number: int
    size: int
    modified_ns: int
    changed_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> Stamp:
        """That of a file with this ``status``."""
        return cls(
            *(status.st_dev, status.st_ino, status.st_size),
            *(status.st_mtime_ns, status.st_ctime_ns),
        )


NONE = Stamp(0, 0, 0, 0, 0)
"""Of no file."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is remembered of one file."""

    sha256: str
    """Of its bytes."""
    loader: str
    """Name of the loader that was chosen; "" where none was."""
    text_sha256: str = ""
    """Of the text that was read of it; "" where it could not be read."""
    reason: str = ""
    """Why it could not be read, where that will be so the next time, too."""


_STAMPED = attrgetter(*(one.name for one in fields(Stamp)))
_SEEN = attrgetter(*(one.name for one in fields(Seen)))


class SeenFiles:
    """The memory of one data folder. Threads may put in side by side."""

    def __init__(self, readers: str, version_of: Callable[[str], str]) -> None:
        """Of files read by ``readers``: the digest of the code, with the settings that decide what
        is read. ``version_of`` gives the version of a loader by its name."""
        self._readers, self._version_of = readers, version_of
        self._began = time.time_ns()
        self._held: dict[str, tuple[Stamp, Seen]] = {}
        self._now: dict[str, tuple[Stamp, Seen]] = {}

    def open(self, data: Path) -> None:
        """Recall what ``data`` remembers."""
        versions, held = _read(data / FILE, self._readers)
        current = {name for name, one in versions.items() if self._version_of(name) == one}
        self._held = {path: one for path, one in held.items() if one[1].loader in current}

    def get(self, path: Path, stamp: Stamp) -> Seen | None:
        """What is remembered of a file; None if it may have changed since."""
        held = self._held.get(str(path))
        if held is None or held[0] != stamp:
            return None
        self._now[str(path)] = held
        return held[1]

    def put(self, path: Path, stamp: Stamp, seen: Seen) -> None:
        """Remember a file that had ``stamp`` before it was read."""
        if self._began - max(stamp.modified_ns, stamp.changed_ns) > _SETTLED_NS:
            self._now[str(path)] = stamp, seen

    def write(self, data: Path) -> None:
        """Write what was put in and what was asked for, and forget the rest. It need not outlive a
        power cut."""
        if self._now == self._held:
            return
        now = dict(self._now)
        loaders = sorted({one.loader for _, one in now.values()})
        content = {
            "version": _VERSION,
            "readers": self._readers,
            "loaders": {name: self._version_of(name) for name in loaders},
            "files": {path: [*_STAMPED(stamp), *_SEEN(one)] for path, (stamp, one) in now.items()},
        }
        # In ASCII: names of files that are not UTF-8 come as surrogates, which UTF-8 has not.
        files.write_whole(data / FILE, json.dumps(content).encode("ascii"), durable=False)


def _read(path: Path, readers: str) -> tuple[dict[str, str], dict[str, tuple[Stamp, Seen]]]:
    """Versions of loaders, and files by path; nothing where they are remembered of other
    readers."""
    try:
        content: Any = json.loads(path.read_bytes())
        if (content["version"], content["readers"]) != (_VERSION, readers):
            return {}, {}
        held = {
            name: (Stamp(*values[:_STAMP]), Seen(*values[_STAMP:]))
            for name, values in content["files"].items()
        }
        return dict(content["loaders"]), held
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}, {}
