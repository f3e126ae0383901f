"""How far a build is: what it tells those who look."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from index.sources import SourceFile

_PAGE = re.compile(rb"/Type\s*/Page\b")
_BYTES_A_PAGE = {".pdf": 40_000, ".txt": 3_000, ".md": 3_000, ".markdown": 3_000, ".csv": 3_000}
_BYTES_A_PAGE_ELSE = 20_000


class Progress(Protocol):
    """Told how a build goes on: a step's name, what is done of it, and how much there is.

    "read" counts pages, "encode" passages, and the other steps their parts.
    """

    def __call__(self, step: str, done: int, total: int, /) -> None:
        """``done`` of ``total`` parts of ``step`` are behind us."""


def silent(_step: str, _done: int, _total: int, /) -> None:
    """Progress for those who do not look."""


class Pages:
    """Tells of the pages of files that are read, which are guessed until they are."""

    def __init__(self, progress: Progress, files: Sequence[SourceFile], most_bytes: int) -> None:
        self._progress = progress
        self._guessed = [_guess(one, most_bytes) for one in files]
        self._files = self._done = 0
        self._total = sum(self._guessed)
        if files:
            progress("read", 0, self._total)

    def add(self, pages: int) -> None:
        """The next file was read and has so many ``pages``; 0 where that is not known."""
        guessed = self._guessed[self._files]
        self._files += 1
        self._done += pages or guessed
        self._total += (pages or guessed) - guessed
        self._progress("read", self._done, self._total)


def _guess(file: SourceFile, most_bytes: int) -> int:
    """How many pages a file may have; of one without pages, how many its text may fill."""
    suffix, size = Path(file.name).suffix.lower(), file.stamp.size
    if suffix == ".pdf" and size <= most_bytes and (found := _counted(file.path)):
        return found
    return max(1, size // _BYTES_A_PAGE.get(suffix, _BYTES_A_PAGE_ELSE))


def _counted(path: Path) -> int:
    """Pages that a PDF names outside of what it has compressed."""
    try:
        return len(_PAGE.findall(path.read_bytes()))
    except OSError:
        return 0
