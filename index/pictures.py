"""Pictures of pages, kept beside the generations up to a limit: those go first that nobody has
looked at for longest. They can be drawn again at any time, so nothing waits for the disk.

var/pictures/ab/abcdef…-3-900-v1.png    page 3 of the file with that hash, 900 pixels wide
"""

from __future__ import annotations

import os
import threading
from collections.abc import Container
from contextlib import suppress
from pathlib import Path

from index import files

FOLDER = "pictures"
_START, _END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
_ROOM = 0.9
"""Share of the limit that is left filled when something has to go."""


class Pictures:
    """Those of one data folder. Threads may use it side by side."""

    def __init__(self, data: Path, most_bytes: int) -> None:
        self._folder, self._most = data / FOLDER, most_bytes
        self._lock = threading.Lock()
        self._bytes: int | None = None
        """What they take; None before they were counted."""

    def get(self, sha256: str, name: str) -> bytes | None:
        """The picture ``name`` of a file; None where it is not kept, or not whole."""
        path = self._path(sha256, name)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        if not (content.startswith(_START) and content.endswith(_END)):
            return None  # the power went before it was on the disk
        with suppress(OSError):
            os.utime(path)
        return content

    def put(self, sha256: str, name: str, content: bytes) -> None:
        """Keep a picture. Raises ``OSError`` where the disk does not take it."""
        if len(content) > self._most:
            return
        with self._lock:  # what is half written would else make room for another
            files.write_whole(self._path(sha256, name), content, durable=False)
            if self._bytes is None or self._bytes + len(content) > self._most:
                self._bytes = self._make_room()
            else:
                self._bytes += len(content)

    def _path(self, sha256: str, name: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}-{name}.png"

    def _make_room(self) -> int:
        """Remove the pictures that were looked at least lately, if all take too much; the bytes
        that are left."""
        found = []
        for path in self._folder.glob("*/*"):
            with suppress(OSError):
                state = path.stat()
                found.append((state.st_mtime_ns, state.st_size, path))
        total = sum(size for _, size, _ in found)
        if total <= self._most:
            return total
        for _, size, path in sorted(found):
            if total <= _ROOM * self._most:
                break
            with suppress(OSError):
                path.unlink()
                total -= size
        return total


def prune(data: Path, used: Container[str]) -> None:
    """Remove the pictures of every file whose hash is none of ``used``."""
    for path in (data / FOLDER).glob("*/*"):
        if path.name.partition("-")[0] not in used:
            with suppress(OSError):
                path.unlink()
