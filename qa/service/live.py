"""Holds the answerer that is live, and brings a new generation in under running requests.

A document that somebody hides or takes away is left out at once, before there is a generation
without it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from index import collection, generation, remarks, uploads
from index.errors import (
    DamagedGeneration,
    IndexingError,
    ModelUnavailable,
    NoGeneration,
    OutdatedGeneration,
)
from index.generation import Generation
from qa.errors import NotReady
from qa.pipeline import Answerer

log = logging.getLogger("attest")

_EMPTY = "the collection holds no document; add some"

_CODES: dict[type[IndexingError], str] = {
    NoGeneration: "no_index",
    DamagedGeneration: "index_damaged",
    OutdatedGeneration: "index_outdated",
    ModelUnavailable: "model_unavailable",
}


class Live:
    """Loads the live generation in the background and follows ``CURRENT``, and what is hidden or
    taken away.

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
        self._left_out: object = None
        """What the documents that are left out were told by."""
        self._told: tuple[Generation, frozenset[str]] | None = None
        """What is answered from, and ids of the documents that are left out."""
        self._changing = threading.Lock()
        self._settled = threading.Condition()
        self._wake = threading.Event()
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
        self._wake.set()
        self._thread.join(timeout=5)

    def answerer(self) -> Answerer:
        """The live answerer. Raises ``NotReady``, saying why there is none."""
        if (answerer := self._answerer) is not None:
            if not answerer.generation.database.documents():
                raise NotReady(_EMPTY, code="no_index")
            return answerer
        if self._failure is not None:
            # Another each time: one that is raised again keeps every traceback it ever had.
            raise NotReady(str(self._failure), self._failure.code)
        raise NotReady("the service is still loading its models and index", code="starting")

    @property
    def problem(self) -> str | None:
        """What keeps the newest generation from going live, if anything does."""
        return None if self._failure is None else str(self._failure)

    def refresh(self) -> None:
        """Leave out what has just been hidden or taken away: none of it is in an answer that is
        asked for after this. And look for a new generation now, not when it is time again."""
        self._leave_out()
        self._wake.set()

    def settle(self) -> None:
        """Wait until what is live now has been loaded, or cannot be, or the service stops."""
        self._wake.set()
        with self._settled:
            while not self._stop.is_set() and self._pointer() != self._loaded_from:
                self._settled.wait(self._every)

    def _follow(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            pointer = self._pointer()
            if pointer != self._loaded_from or (self._answerer is None and self._failure is None):
                self._load()
                with self._settled:
                    self._loaded_from = pointer
                    self._settled.notify_all()
            if self._marks() != self._left_out:
                self._leave_out()
            self._wake.wait(self._every)

    def _marks(self) -> object:
        """Something else whenever documents may have been hidden or taken away."""
        paths = self._data / remarks.FILE, uploads.root(self._data)
        return [_changed(path) for path in paths]

    def _leave_out(self) -> None:
        """Let the answerer know no document that is hidden or taken away."""
        try:
            with self._changing:
                if self._answerer is not None:
                    self._put(self._answerer)
        except IndexingError as error:
            log.error("%s", error)

    def _put(self, answerer: Answerer) -> None:
        """Answer with ``answerer``, but for what is hidden or taken away. Raises
        ``DamagedRemarks``."""
        self._left_out = self._marks()
        whole = answerer.generation.without(frozenset())
        told = whole, collection.gone(self._data, whole)
        # One that is as it was stays, for what others keep of it.
        if told != self._told:
            self._answerer, self._told = answerer.without(told[1]), told

    def _let_go(self, answerer: Answerer) -> None:
        """Forget an answerer that was emptied, now that its index is gone too."""
        if not answerer.generation.database.documents():
            self._answerer = self._told = None

    def _pointer(self) -> str | None:
        try:
            return (self._data / generation.CURRENT).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def _load(self) -> None:
        before = self._answerer
        try:
            opened = self._open()
            with self._changing:
                self._put(opened)
        except IndexingError as error:
            code = _CODES.get(type(error), "index_unavailable")
            self._failure = NotReady(str(error), code)
            log.error("%s", error)
            if isinstance(error, NoGeneration) and before is not None:
                self._let_go(before)
        except Exception:
            # Whatever a library raises must not end the thread that would load the next one.
            self._failure = NotReady("the index could not be loaded", "index_unavailable")
            log.exception("the index could not be loaded")
        else:
            self._failure = None
            log.info(
                "%s is live: %d passages",
                opened.generation.name,
                opened.generation.manifest.counts["passages"],
            )
            if before is not None:
                log.info("%s is replaced", before.generation.name)


def _changed(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns
