"""What can be done to a collection: files added and taken away, documents hidden and shown again,
and what is said of them set right. Each change is on the disk, and a build is asked for, before any
of these functions returns.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from filelock import Timeout

from index import files, uploads
from index.database import DocumentEntry
from index.errors import IndexingError
from index.identity import Identities, Place, printable
from index.remarks import Remark, Remarks
from index.uploads import Batch, Incoming
from qa.errors import NoRoom, NotAsItMustBe, NotReady, UnknownDocument, UnknownFile
from qa.service.builder import Builder
from qa.service.builds import Builds, Change
from qa.service.live import Live
from qa.service.receiving import FIELD, Received

log = logging.getLogger("attest")

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_TWICE = "has the name of another file of this request, and other content"

Added = Literal["waiting", "same", "refused"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file that was sent."""

    name: str
    state: Added
    file_sha256: str = ""
    id: str = ""
    """Of its document, where it is known."""
    replaces: bool = False
    """Whether it is a new version of a document."""
    reason: str = ""
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of a document, and the build that brings it about; None: nothing has to be."""

    id: str
    name: str
    state: Literal["deleted", "hidden", "shown", "described"]
    build: str | None


class Changes:
    """Changes the collection of one service. Thread-safe."""

    def __init__(self, data: Path, live: Live, builds: Builds, builder: Builder) -> None:
        self._data, self._live = data, live
        self._builds, self._builder = builds, builder
        self._incoming = Incoming(data)
        self._closed = ""

    def start(self) -> None:
        """Finish what was begun by a service that is gone. Where the data folder cannot be written
        the service answers all the same, and takes no changes."""
        try:
            self._incoming.start()
        except (OSError, Timeout) as error:
            self._closed = "the data folder of this service cannot be written"
            log.warning("%s; no change of the collection is taken (%s)", self._closed, error)

    def stop(self) -> None:
        """Take no more files in."""
        self._incoming.close()

    def batch(self) -> Batch:
        """Room for the files of one request. Raises ``NoRoom``."""
        if self._closed:
            raise NoRoom(self._closed)
        return self._incoming.batch()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Change something: one change after the other. Raises ``NoRoom`` for what cannot be
        written, and ``NotReady`` for what people said and cannot be read."""
        if self._closed:
            raise NoRoom(self._closed)
        try:
            with files.change_lock(self._data):
                yield
        except OSError as error:
            full = error.errno in _FULL
            why = "the disk is full" if full else "the data folder cannot be written"
            raise NoRoom(f"{why}; nothing was changed") from error
        except IndexingError as error:
            raise NotReady(str(error), "index_unavailable") from error

    def add(self, batch: Batch, received: Sequence[Received]) -> tuple[str | None, list[Outcome]]:
        """Take files in. Gives the build and what came of each file. Raises ``NotAsItMustBe`` where
        none is taken, and ``NoRoom``."""
        with self.changing():
            outcomes = self._judged(received)
            if all(one.state == "refused" for one in outcomes):
                raise NotAsItMustBe(
                    [
                        (f"{FIELD}.{number}", f"{printable(one.name)[:100]} {one.reason}".strip())
                        for number, one in enumerate(outcomes)
                    ]
                )
            chosen = {number: one for number, one in enumerate(outcomes) if one.state == "waiting"}
            if not chosen:
                return None, outcomes
            changes = [
                Change("replace" if one.replaces else "add", one.name, one.id, one.file_sha256)
                for one in chosen.values()
            ]
            with self._builds.change(changes) as build:
                batch.commit({number: one.name for number, one in chosen.items()})
        self._builder.wake()
        return build, outcomes

    def remove(self, id: str) -> Changed:
        """Take a document away: a file that was added for good, another by hiding it. Raises
        ``UnknownDocument`` and ``NoRoom``."""
        with self.changing():
            where, name = self._place(id)
            if self._was_added(where):
                return self._delete(id, name, where)
            said = Remarks.open(self._data)
            if said.of(where).hidden:
                return Changed(id, name, "hidden", None)
            if self._entry(id) is None:
                raise UnknownDocument(id)
            hiding = said.saying(where, replace(said.of(where), hidden=True))
            with self._builds.change([Change("hide", name, id)]) as build:
                hiding.write(self._data)
        self._apply()
        return Changed(id, name, "hidden", build)

    def remove_file(self, name: str) -> Changed:
        """Take a file away that was added, whatever became of it. Raises ``UnknownFile`` and
        ``NoRoom``."""
        with self.changing():
            known = {uploads.key(one): one for one in uploads.names(self._data)}
            found = known.get(uploads.key(name))
            if found is None:
                raise UnknownFile(name)
            where = self._place_of(found)
            return self._delete(self._register().recorded(where), found, where)

    def restore(self, id: str) -> Changed:
        """Show a document again that was hidden. Raises ``UnknownDocument`` and ``NoRoom``."""
        with self.changing():
            where, name = self._place(id)
            said = Remarks.open(self._data)
            if not said.of(where).hidden:
                if self._entry(id) is None:
                    raise UnknownDocument(id)
                return Changed(id, name, "shown", None)
            with self._builds.change([Change("restore", name, id)]) as build:
                said.shown([where]).write(self._data)
        self._apply()
        return Changed(id, name, "shown", build)

    def describe(self, id: str, fields: Mapping[str, Any]) -> Changed:
        """Set right what is said of a document; None takes back what was. Raises
        ``UnknownDocument`` and ``NoRoom``."""
        with self.changing():
            where, name = self._place(id)
            if self._entry(id) is None and not self._was_added(where):
                raise UnknownDocument(id)
            said = Remarks.open(self._data)
            before = said.of(where)
            bare = Remark()
            after = replace(
                before,
                **{
                    field: getattr(bare, field) if value is None else value
                    for field, value in fields.items()
                },
            )
            build = None
            if after == replace(before, tags=after.tags):
                if after != before:  # tags are in no index
                    said.saying(where, after).write(self._data)
            else:
                with self._builds.change([Change("describe", name, id)]) as build:
                    said.saying(where, after).write(self._data)
        self._apply()
        return Changed(id, name, "described", build)

    def rebuild(self) -> str:
        """Ask for a build that takes what has changed in folders. Raises ``NoRoom``."""
        with self.changing(), self._builds.change([Change("rebuild")]) as build:
            pass
        self._builder.wake()
        return build

    def _judged(self, received: Sequence[Received]) -> list[Outcome]:
        """What becomes of each file of a request."""
        names = {uploads.key(one): one for one in uploads.names(self._data)}
        register, pending = self._register(), self._pending()
        taken: dict[str, str] = {}
        outcomes: list[Outcome] = []
        for one in received:
            if one.why_not or one.arrived is None:
                outcomes.append(Outcome(one.name, "refused", reason=one.why_not))
                continue
            sha256, key = one.arrived.sha256, uploads.key(one.name)
            if sha256 in taken.values():
                first = next(name for name, hash in taken.items() if hash == sha256)
                reason = f"is the same as {names.get(first, first)}, in this request"
                outcomes.append(Outcome(one.name, "same", sha256, reason=reason))
                continue
            if key in taken:
                outcomes.append(Outcome(one.name, "refused", sha256, reason=_TWICE))
                continue
            if known := self._known(sha256, one.arrived.bytes, register, pending):
                outcomes.append(replace(known, name=one.name))
                continue
            name = names.get(key, one.name)
            id = register.recorded(self._place_of(name)) if key in names else ""
            new = Outcome(name, "waiting", sha256, id, key in names, bytes=one.arrived.bytes)
            outcomes.append(new)
            taken[key] = sha256
            names.setdefault(key, name)
        return outcomes

    def _known(
        self, sha256: str, size: int, register: Identities, pending: set[str]
    ) -> Outcome | None:
        """What is said of a file that the collection has; None where it has not. One of which
        nothing came is no reason to refuse it."""
        entry = self._holding(sha256)
        name = uploads.same_as(self._data, sha256, size)
        if name is not None and (entry is not None or name in pending):
            id = entry.id if entry else register.recorded(self._place_of(name))
            return Outcome(name, "same", sha256, id, reason=f"is here already, as {name}")
        if entry is None:
            return None
        where = register.place_of(entry.id)
        if where is None or uploads.holds(self._data, where):
            return None  # its file is another by now
        reason = f"is here already, as {printable(where.name)}"
        return Outcome("", "same", sha256, entry.id, reason=reason)

    def _holding(self, sha256: str) -> DocumentEntry | None:
        """A document of the live index that was made of a file."""
        entries = self._entries()
        return next((one for one in entries if one.file_sha256 == sha256), None)

    def _pending(self) -> set[str]:
        """Names of the files that builds are still to take in."""
        undone = (one for one in self._builds.all() if not one.done)
        return {change.name for one in undone for change in one.changes}

    def _delete(self, id: str, name: str, where: Place) -> Changed:
        with self._builds.change([Change("delete", name, id)]) as build:
            uploads.remove(self._data, Path(where.path).name)
            said = Remarks.open(self._data)
            if said.of(where) != Remark():
                said.without([where]).write(self._data)
        self._apply()
        return Changed(id, name, "deleted", build)

    def _apply(self) -> None:
        self._live.refresh()
        self._builder.wake()

    def _register(self) -> Identities:
        return Identities.open(self._data)

    def _place(self, id: str) -> tuple[Place, str]:
        """Where a document lies or lay, and the name of its file. Raises ``UnknownDocument``."""
        where = self._register().place_of(id)
        if where is None:
            raise UnknownDocument(id)
        return where, printable(where.name)

    def _place_of(self, name: str) -> Place:
        return Place(str(uploads.root(self._data)), name)

    def _was_added(self, where: Place) -> bool:
        added = uploads.holds(self._data, where)
        return added and Path(where.path).name in uploads.names(self._data)

    def _entries(self) -> list[DocumentEntry]:
        try:
            return self._live.answerer().generation.database.documents()
        except NotReady:
            return []

    def _entry(self, id: str) -> DocumentEntry | None:
        return next((one for one in self._entries() if one.id == id), None)
