"""Reads files ahead of need, a few at a time and in their order: from what is kept of
them, or here, or in a process of its own."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Self

from index import database, domains, loaders, originals, parse_cache
from index.config import IndexSettings
from index.errors import IndexingError, UnreadableDocument, UnreadableNow
from index.generation import MANIFEST
from index.loaders import Parsed
from index.loading import Loader
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


class Reader:
    """Reads the files of one build. A context manager: leaving it ends all reading at once.

    Raises ``InvalidSetting`` for a domain that there is not.
    """

    def __init__(self, settings: IndexSettings, seen: SeenFiles, anew: bool = False) -> None:
        self._settings, self._seen, self._anew = settings, seen, anew
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
            waiting.append(self._pool.submit(self._read, one))
            if len(waiting) > _AHEAD:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()

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
        setting = self._settings.domain
        key = parse_cache.key(sha256, loader.name, loader.version, self._readers, setting)
        parsed = None if self._anew else parse_cache.get(self._settings.data, key)
        if parsed is None:
            if loader.name in _SIMPLE:
                parsed = loaders.parse(data, loader, self._domain_of)
            else:
                parsed = self._parse_apart(data, loader)
            parse_cache.put(self._settings.data, key, parsed)
        self.keys.add(key)
        return _without_arrays(parsed, key)

    def _parse_apart(self, data: bytes, loader: Loader) -> Parsed:
        worker = self._idle.get()
        try:
            return worker.parse(data, loader, self._settings.domain)
        finally:
            self._idle.put(worker)


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
        for sha256, loader in database.files_of(folder):
            hashes.add(sha256)
            used.add(parse_cache.key(sha256, loader, versions.get(loader, ""), readers, setting))
    originals.prune(data, hashes)
    parse_cache.prune(data, used)
