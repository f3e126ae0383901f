"""Pictures of pages: from what is kept of them, or drawn by a process of its own (``drawing.py``).

A file may be made to crash, to hang or to swell what draws it. The process is one, kept warm for
the next page, and ends when nothing is asked of it. Who comes while it is busy waits, but not in a
long row.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

from index import originals
from index.confined import Confined, Limits
from index.errors import ProcessFailed
from index.pictures import Pictures
from qa.errors import FileNotKept, PageNotDrawn, RendererBusy
from qa.settings import ServiceSettings

log = logging.getLogger("attest")

DRAWN = frozenset({"pdf"})
"""Names of the loaders whose files can be drawn."""
VERSION = f"1-{metadata.version('pypdfium2')}"
"""Changes when the same page may look another way."""
_PICTURE = b"\x89PNG"
_MOST_WAITING = 8
_MOST_PAGES = 200
"""The process is replaced after so many."""
_IDLE_SECONDS = 300.0
_FORGET_SECONDS = 60.0
"""A page that could not be drawn is not tried again before."""
_MOST_FAILURES = 1000
_WHY = {
    "slow": "it took longer than {seconds:g} s",
    "large": "it needs more than {memory_mb} MiB of memory",
    "ended": "it made the program that draws it end ({how})",
}


class Renderer:
    """Gives pictures of the pages of kept files. Threads may use it side by side."""

    def __init__(self, data: Path, settings: ServiceSettings) -> None:
        self._data = data
        self._limits = Limits(
            *(settings.draw_seconds, settings.draw_memory_mb),
            answers=_MOST_PAGES,
            idle_seconds=_IDLE_SECONDS,
        )
        self._process = Confined("qa.service.drawing", self._limits)
        self._pictures = Pictures(data, int(settings.pictures_max_mb * 1024**2))
        self._turn, self._count = threading.Lock(), threading.Lock()
        self._waiting = 0
        self._failures: OrderedDict[tuple[str, int], tuple[float, str]] = OrderedDict()

    def picture(self, sha256: str, page: int, width: int) -> bytes:
        """PNG of a page, from 1, of the file with a hash. Raises ``FileNotKept``, ``PageNotDrawn``
        and ``RendererBusy``."""
        name = f"{page}-{width}-{VERSION}"
        kept = self._pictures.get(sha256, name)
        if kept is not None:
            return kept
        with self._in_turn():
            # Whoever waited before may have asked for the same.
            kept = self._pictures.get(sha256, name)
            if kept is not None:
                return kept
            drawn = self._drawn(sha256, page, width)
            try:
                self._pictures.put(sha256, name, drawn)
            except OSError as error:
                log.warning("a picture of a page is not kept: %s", error.strerror)
            return drawn

    def close(self) -> None:
        """End the process; nothing is drawn from then on."""
        self._process.kill()
        with self._turn:
            self._process.close()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        with self._count:
            if self._waiting >= _MOST_WAITING:
                raise RendererBusy
            self._waiting += 1
        try:
            if not self._turn.acquire(timeout=self._limits.seconds):
                raise RendererBusy
            try:
                yield
            finally:
                self._turn.release()
        finally:
            with self._count:
                self._waiting -= 1

    def _drawn(self, sha256: str, page: int, width: int) -> bytes:
        failed_at, why = self._failures.get((sha256, page), (0.0, ""))
        if why and time.monotonic() - failed_at < _FORGET_SECONDS:
            raise PageNotDrawn(why)
        file = originals.path_of(self._data, sha256).absolute()
        if not file.is_file():
            raise FileNotKept
        reply = self._ask(json.dumps([str(file), page, width]).encode())
        if reply.startswith(_PICTURE):
            return reply
        why = reply.decode("utf-8", "replace")[:200]
        log.warning("page %d of a file was not drawn: %s", page, why)
        self._failures[sha256, page] = time.monotonic(), why
        while len(self._failures) > _MOST_FAILURES:
            self._failures.popitem(last=False)
        raise PageNotDrawn(why)

    def _ask(self, request: bytes) -> bytes:
        """The picture, or why there is none."""
        try:
            return self._process.ask(request)
        except ProcessFailed as failed:
            if failed.why not in _WHY:
                log.error("pages are not drawn: %s", failed)
                raise RendererBusy from failed
            if not failed.fresh and failed.why != "slow":
                # What it drew before may have been too much for it, not this page.
                return self._ask(request)
            limits = self._limits
            return (
                _WHY[failed.why]
                .format(
                    seconds=limits.seconds,
                    memory_mb=limits.memory_mb,
                    how=failed.how or "no signal",
                )
                .encode()
            )
