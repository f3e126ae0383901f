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
_MOST_COUNTED = 200
"""PDFs."""


class Progress(Protocol):
    """Told how a build goes on: a step's name, what is done of it, and how much there is.

    "read" counts pages, "ocr" those that are read from pictures, while others go on, "encode"
    passages, and the other steps their parts. What a total is may be known better later.
    """

    def __call__(self, step: str, done: int, total: int, /) -> None:
        """``done`` of ``total`` parts of ``step`` are behind us."""


def silent(_step: str, _done: int, _total: int, /) -> None:
    """Progress for those who do not look."""


class Pages:
    """Tells of the pages of files that are read, which are guessed until they are."""

    def __init__(self, progress: Progress, files: Sequence[SourceFile], most_bytes: int) -> None:
        self._progress = progress
        counted = _Counted(most_bytes)
        self._guessed = [_guess(one, counted) for one in files]
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


def _guess(file: SourceFile, counted: _Counted) -> int:
    """How many pages a file may have; of one without pages, how many its text may fill."""
    suffix = Path(file.name).suffix.lower()
    if suffix == ".pdf":
        return counted.pages(file)
    return max(1, file.stamp.size // _BYTES_A_PAGE.get(suffix, _BYTES_A_PAGE_ELSE))


class _Counted:
    """Counts the pages that PDFs name outside of what they have compressed. To look into many takes
    too long: the others are taken to be as those that were looked into."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._left = _MOST_COUNTED
        self._pages, self._bytes = 1, _BYTES_A_PAGE[".pdf"]

    def pages(self, file: SourceFile) -> int:
        """Those of one, at least 1."""
        size = file.stamp.size
        if self._left and size <= self._most_bytes:
            self._left -= 1
            if found := self._look(file.path):
                self._pages, self._bytes = self._pages + found, self._bytes + size
                return found
        return max(1, size * self._pages // self._bytes)

    def _look(self, path: Path) -> int:
        try:
            return len(_PAGE.findall(path.read_bytes()))
        except OSError:
            return 0
