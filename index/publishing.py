"""Makes a generation that was written beside the live one live, and removes what no one needs."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from index import files, generation, segments
from index.generation import Manifest
from index.progress import Progress
from index.segments import Segment, SegmentEntry

BUILDING = ".building-"


class Building:
    """A generation that is being written."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.name = _next_name(data)
        self._folder = data / f"{BUILDING}{self.name}-{os.getpid()}"
        self.generation = self._folder / "generation"
        """Its own files."""
        self.segments = self._folder / segments.FOLDER
        """Its new segments."""

    def segment(self, entry: SegmentEntry) -> Segment:
        """A new segment."""
        return Segment(self.segments / entry.name)

    def publish(self, manifest: Manifest, keep: int, progress: Progress) -> None:
        """Make it live, durably, and remove older generations but for ``keep`` in all."""
        progress("publish", 0, 1)
        content = manifest.to_json()
        (self.generation / generation.MANIFEST).write_text(content, encoding="utf-8")
        shared = self._data / segments.FOLDER
        shared.mkdir(exist_ok=True)
        for folder in sorted(self.segments.glob("*")):
            files.publish(folder, shared / folder.name)
        files.publish(self.generation, self._data / self.name)
        progress("switch", 0, 1)
        digest = hashlib.sha256(content.encode()).hexdigest()
        files.replace_atomically(self._data / generation.CURRENT, f"{self.name} {digest}\n")
        progress("prune", 0, 1)
        shutil.rmtree(self._folder, ignore_errors=True)
        for old in generations(self._data)[:-keep]:
            if old.name != self.name:
                shutil.rmtree(old, ignore_errors=True)
        _prune_segments(self._data)


def withdraw(data: Path) -> None:
    """Leave no generation. The lock is held. Raises ``OSError``."""
    files.remove(data / generation.CURRENT)
    for old in generations(data):
        shutil.rmtree(old, ignore_errors=True)
    _prune_segments(data)


def sweep(data: Path) -> None:
    """Remove what a stopped build left. The lock is held, so none of it is in use."""
    for leftover in data.glob(f"{BUILDING}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    for leftover in data.glob(f".{generation.CURRENT}.*"):
        leftover.unlink(missing_ok=True)


def generations(data: Path) -> list[Path]:
    """Folders of generations, the oldest first."""
    return sorted(
        path
        for path in data.glob(f"{generation.PREFIX}*")
        if path.name.removeprefix(generation.PREFIX).isdigit()
    )


def _next_name(data: Path) -> str:
    numbers = [int(path.name.removeprefix(generation.PREFIX)) for path in generations(data)]
    return f"{generation.PREFIX}{max(numbers, default=0) + 1:06d}"


def _prune_segments(data: Path) -> None:
    """Remove the segments that are in no generation."""
    used = {name for folder in generations(data) for name in generation.segments_of(folder)}
    for folder in (data / segments.FOLDER).glob("*"):
        if folder.name not in used:
            shutil.rmtree(folder, ignore_errors=True)
