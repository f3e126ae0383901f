"""A process that builds for a service, and gives way to it: its crash is no crash of the service,
its memory goes back when it ends, and its models stay loaded for as long as the service wants it.

It reads a line of standard input for each build, and writes lines of JSON:

{"event": "ready"}                                      once, with its models loaded
{"event": "locked"}                                     another build has the lock; it waits
{"event": "step", "step": "read", "done": 3, "total": 10}
{"event": "reading", "name": "a.pdf"}                   a file is being read
{"event": "read", "name": "a.pdf", "why_not": ""}       it has been
{"event": "done", "report": {…}}                        or {"event": "failed", "message": "…"}

It ends when standard input does: with the service, however that ends.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TextIO

from index import collection, encoder, priority
from index.build import Report, build
from index.config import IndexSettings, read
from index.encoder import Encoder
from index.errors import BuildInProgress, IndexingError, NothingToIndex

_BETWEEN = 0.1
"""Seconds between two lines that say how a step goes on."""
NO_ROOM = "the disk is full; make room and build again"


class _Lines:
    """Writes events; the other end may be gone, which is not ours to say."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._lock = threading.Lock()

    def write(self, event: str, **values: Any) -> None:
        line = json.dumps({"event": event, **values}) + "\n"
        with self._lock:
            try:
                self._out.write(line)
                self._out.flush()
            except OSError:
                os._exit(1)  # nobody is there to build for


class _Teller:
    """Tells how a build goes on: ``Progress`` and ``Watch`` in one."""

    def __init__(self, lines: _Lines) -> None:
        self._lines = lines
        self._step, self._told = "", 0.0

    def __call__(self, step: str, done: int, total: int, /) -> None:
        now = time.monotonic()
        if step != self._step or done == total or now - self._told >= _BETWEEN:
            self._step, self._told = step, now
            self._lines.write("step", step=step, done=done, total=total)

    def reading(self, path: Path, /) -> None:
        self._lines.write("reading", name=path.name)

    def read(self, path: Path, why_not: str, /) -> None:
        self._lines.write("read", name=path.name, why_not=why_not)


def serve(load: Callable[[IndexSettings], Encoder] = encoder.load) -> None:
    """Build whenever told to, until standard input ends."""
    # Whatever a library prints must not be taken for an event.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # Ctrl-C is for the service, which ends this process in its own time.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=_listen, args=[asked], name="orders", daemon=True).start()
    lines, settings = _Lines(out), read(IndexSettings)
    models: list[Encoder] = []

    def loaded(settings: IndexSettings) -> Encoder:
        if not models:
            models.append(load(settings))
        return models[0]

    _warm(loaded, settings)
    # Not before: starting keeps one core busy for seconds, and somebody waits for it.
    priority.lower()
    lines.write("ready")
    while True:
        asked.get()
        _build(settings, loaded, lines)


def _listen(asked: SimpleQueue[str]) -> None:
    for line in sys.stdin:
        asked.put(line)
    # At once, whatever the build is at: it leaves nothing that the next one does not remove.
    os._exit(0)


def _warm(load: Callable[[IndexSettings], Encoder], settings: IndexSettings) -> None:
    """Load the models before a build needs them, while files are still on their way."""
    try:
        load(settings).encode_passage("ready", "")
    except IndexingError:
        return  # the build says so, if it needs them


def _build(
    settings: IndexSettings, load: Callable[[IndexSettings], Encoder], lines: _Lines
) -> None:
    try:
        report = _built(settings, load, lines)
        lines.write("done", report=asdict(report) if report else None)
    except IndexingError as error:
        lines.write("failed", message=str(error))
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        why = NO_ROOM if full else f"the index cannot be written: {error.strerror or 'I/O error'}"
        lines.write("failed", message=why)
    except Exception:
        traceback.print_exc()
        lines.write("failed", message="something went wrong; the log of the service says what")


def _built(
    settings: IndexSettings, load: Callable[[IndexSettings], Encoder], lines: _Lines
) -> Report | None:
    """The report of a build; None where the collection is empty now, as somebody wanted it."""
    told = _Teller(lines)
    paths = collection.folders(settings.data)
    try:
        try:
            return build(paths, settings, load, told)
        except BuildInProgress:
            lines.write("locked")
            return build(paths, settings, load, told, wait=True)
    except NothingToIndex:
        if not collection.empty_if_wanted(settings.data):
            raise
        return None
