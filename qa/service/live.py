"""Holds the answerer that is live, and brings a new generation in under running requests."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from index import generation
from index.errors import (
    DamagedGeneration,
    IndexingError,
    ModelUnavailable,
    NoGeneration,
    OutdatedGeneration,
)
from qa.errors import NotReady
from qa.pipeline import Answerer

log = logging.getLogger("attest")

_CODES: dict[type[IndexingError], str] = {
    NoGeneration: "no_index",
    DamagedGeneration: "index_damaged",
    OutdatedGeneration: "index_outdated",
    ModelUnavailable: "model_unavailable",
}


class Live:
    """Loads the live generation in the background and follows ``CURRENT``.

    A request takes the answerer once and keeps it, so a change under way cannot touch it.
    Where a new generation cannot be opened, the one before goes on answering.
    """

    def __init__(
        self, data: Path, open_answerer: Callable[[], Answerer], every_seconds: float
    ) -> None:
        self._data = data
        self._open = open_answerer
        self._every = every_seconds
        self._answerer: Answerer | None = None
        self._failure: NotReady | None = None
        self._loaded_from: str | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="index-follower", daemon=True)

    @property
    def data(self) -> Path:
        """The folder of the index, and of what is kept beside it."""
        return self._data

    def start(self) -> None:
        """Begin to load; ``answerer`` raises ``NotReady`` until that is done."""
        self._thread.start()

    def stop(self) -> None:
        """Stop following."""
        self._stop.set()
        self._thread.join(timeout=5)

    def answerer(self) -> Answerer:
        """The live answerer. Raises ``NotReady``, saying why there is none."""
        if self._answerer is not None:
            return self._answerer
        if self._failure is not None:
            # Another each time: one that is raised again keeps every traceback it ever had.
            raise NotReady(str(self._failure), self._failure.code)
        raise NotReady("the service is still loading its models and index", code="starting")

    @property
    def problem(self) -> str | None:
        """What keeps the newest generation from going live, if anything does."""
        return None if self._failure is None else str(self._failure)

    def _follow(self) -> None:
        while not self._stop.is_set():
            pointer = self._pointer()
            if pointer != self._loaded_from or (self._answerer is None and self._failure is None):
                self._load()
                self._loaded_from = pointer
            self._stop.wait(self._every)

    def _pointer(self) -> str | None:
        try:
            return (self._data / generation.CURRENT).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def _load(self) -> None:
        try:
            opened = self._open()
        except IndexingError as error:
            code = _CODES.get(type(error), "index_unavailable")
            self._failure = NotReady(str(error), code)
            log.error("%s", error)
        except Exception:
            # Whatever a library raises must not end the thread that would load the next one.
            self._failure = NotReady("the index could not be loaded", "index_unavailable")
            log.exception("the index could not be loaded")
        else:
            before, self._answerer, self._failure = self._answerer, opened, None
            log.info(
                "%s is live: %d passages",
                opened.generation.name,
                opened.generation.manifest.counts["passages"],
            )
            if before is not None:
                log.info("%s is replaced", before.generation.name)
