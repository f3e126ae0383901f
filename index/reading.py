"""Reads files ahead of need, a few at a time and in their order: from what is kept of
them, or here, or in a process of its own."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import Any, Protocol, Self, runtime_checkable

from index import confined, database, domains, loaders, originals, parse_cache, pictures
from index.config import IndexSettings
from index.errors import IndexingError, UnreadableDocument, UnreadableNow
from index.generation import MANIFEST
from index.loaders import Parsed
from index.loading import Loader, equipped
from index.ocr import Ocr
from index.records import Document
from index.seen import Seen, SeenFiles
from index.sources import SourceFile
from index.worker import Worker

_SIDE_BY_SIDE = 2
_AHEAD = 4
"""Files read before they are asked for: few, as each may hold the box of every character."""
_SIMPLE = frozenset({"text", "markdown"})
"""Loaders, by name. They take nothing apart that could do harm: no process is started for them."""


@dataclass(frozen=True, eq=False, slots=True)
class Read:
    """A file as it was read, but for what is large: where each character is printed."""

    parsed: Parsed
    """Without its arrays."""
    arrays: str
    """The entry in the cache that holds them; "" where there are none."""

    @property
    def text_sha256(self) -> str:
        """Of the canonical text in UTF-8."""
        return hashlib.sha256(self.parsed.content.text.encode("utf-8")).hexdigest()


@runtime_checkable
class Watch(Protocol):
    """Told which files are being read. It is called by several threads."""

    def reading(self, path: Path, /) -> None:
        """A file is being read from now on."""

    def read(self, path: Path, why_not: str, /) -> None:
        """It has been read; or not, and ``why_not``."""


class Reader:
    """Reads the files of one build. A context manager: leaving it ends all reading at once.

    Raises ``InvalidSetting`` for a domain that there is not. ``pages`` is told, by threads of its
    own, how many pages OCR has read, of how many that it knows of so far.
    """

    def __init__(
        self,
        settings: IndexSettings,
        ocr: Ocr,
        seen: SeenFiles,
        *,
        anew: bool = False,
        watch: Watch | None = None,
        pages: confined.Watch | None = None,
    ) -> None:
        self._settings, self._ocr, self._seen = settings, ocr, seen
        self._anew, self._watch = anew, watch
        self._progress = _Progress(pages)
        self._domain_of = domains.chooser(settings.domain)
        self._readers = str(settings.shaping()["readers"])
        self._pool = ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix="read")
        limits = settings.parse_seconds, settings.parse_memory_mb
        self._workers = [Worker(*limits) for _ in range(_SIDE_BY_SIDE)]
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        for one in self._workers:
            self._idle.put(one)
        self.keys: set[str] = set()
        """Of the entries in the cache that stand for what was read."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._workers:
            one.kill()
        self._pool.shutdown(cancel_futures=True)
        for one in self._workers:
            one.close()

    def read(self, files: Iterable[SourceFile]) -> Iterator[Future[Read]]:
        """What is in each of ``files``, in order. ``result`` raises ``UnreadableDocument``."""
        waiting: deque[Future[Read]] = deque()
        for one in files:
            waiting.append(self._pool.submit(self._watched, one))
            if len(waiting) > _AHEAD:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()

    def _watched(self, file: SourceFile) -> Read:
        if self._watch is None:
            return self._read(file)
        self._watch.reading(file.path)
        try:
            read = self._read(file)
        except UnreadableDocument as error:
            self._watch.read(file.path, str(error))
            raise
        self._watch.read(file.path, "")
        return read

    def _read(self, file: SourceFile) -> Read:
        data = loaders.read(file.path, int(self._settings.max_file_mb * 2**20))
        sha256, loader = hashlib.sha256(data).hexdigest(), ""
        try:
            chosen = loaders.choose(data, file.path.suffix.lower())
            loader = chosen.name
            read = self._read_by(chosen, data, sha256)
        except UnreadableNow:
            raise
        except UnreadableDocument as error:
            self._seen.put(file.path, file.stamp, Seen(sha256, loader, reason=str(error)))
            raise
        originals.put(self._settings.data, sha256, data)
        self._seen.put(file.path, file.stamp, Seen(sha256, loader, read.text_sha256))
        return read

    def _read_by(self, loader: Loader, data: bytes, sha256: str) -> Read:
        entry = sha256, loader.name, loader.version, self._readers, self._settings.domain
        parsed = None if self._anew else self._kept(entry)
        if parsed is None:
            if loader.name in _SIMPLE:
                parsed = loaders.parse(data, loader, self._domain_of)
            else:
                parsed = self._parse_apart(data, equipped(loader, self._ocr.recogniser))
            key = parse_cache.key(*entry, parsed.content.ocr)
            parse_cache.put(self._settings.data, key, parsed)
        key = parse_cache.key(*entry, parsed.content.ocr)
        self.keys.add(key)
        return _without_arrays(parsed, key)

    def _kept(self, entry: tuple[str, str, str, str, str]) -> Parsed | None:
        """What is kept of a file, if it is what reading it now would give."""
        for ocr in self._ocr.identities:
            found = parse_cache.get(self._settings.data, parse_cache.key(*entry, ocr))
            if found is not None and self._ocr.would_read(found.content.ocr, found.content.unread):
                return found
        return None

    def _parse_apart(self, data: bytes, loader: Loader) -> Parsed:
        worker = self._idle.get()
        try:
            with self._progress.of_file() as watch:
                return worker.parse(data, loader, self._settings.domain, watch)
        finally:
            self._idle.put(worker)


class _Progress:
    """Adds up the pages that are read by OCR in several files at once."""

    def __init__(self, watch: confined.Watch | None) -> None:
        self._watch = watch
        self._lock = Lock()
        self._done = self._total = 0

    @contextmanager
    def of_file(self) -> Iterator[confined.Watch]:
        """What is told of the pages of one file; those that it leaves unread count as read."""
        last = (0, 0)

        def told(done: int, total: int) -> None:
            nonlocal last
            self._add(done - last[0], total - last[1])
            last = (done, total)

        try:
            yield told
        finally:
            if last[0] < last[1]:
                told(last[1], last[1])

    def _add(self, done: int, total: int) -> None:
        with self._lock:
            self._done, self._total = self._done + done, self._total + total
            if self._watch is not None:
                self._watch(self._done, self._total)


def _without_arrays(parsed: Parsed, key: str) -> Read:
    nothing: dict[str, Any] = dict.fromkeys(parse_cache.arrays_of(parsed.content))
    if not nothing:
        return Read(parsed, "")
    content = replace(parsed.content, **nothing)
    return Read(replace(parsed, content=content), key)


def whole(data: Path, document: Document, arrays: str) -> Document:
    """``document`` with the ``arrays`` that its ``Read`` names. Raises ``IndexingError``."""
    if not arrays:
        return document
    found = parse_cache.arrays(data, arrays)
    if found is None:
        raise IndexingError(f"what was read of {document.source} is damaged; index again")
    return replace(document, **found)


def prune(data: Path, generations: Iterable[Path], keys: Iterable[str]) -> None:
    """Remove what is kept of files that are in none of ``generations``, unless it is one of the
    ``keys`` of what has just been read."""
    used, hashes = set(keys), set()
    for folder in generations:
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            readers, setting = (manifest["configuration"][name] for name in ("readers", "domain"))
            versions = manifest["loaders"]
        except (OSError, ValueError, LookupError, TypeError):
            continue  # of another version, or damaged: it cannot be opened, so nothing is shown
        for sha256, loader, ocr in database.files_of(folder):
            hashes.add(sha256)
            version = versions.get(loader, "")
            used.add(parse_cache.key(sha256, loader, version, readers, setting, ocr))
    originals.prune(data, hashes)
    pictures.prune(data, hashes)
    parse_cache.prune(data, used)
