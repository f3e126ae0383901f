"""The builds that were asked for, kept on the disk until they are done, and a while after.

var/builds/build-000012.json    what it is for, how it stands, what came of it

Changes of the collection join the build that waits; one that has begun takes no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from index import files

FOLDER = "builds"
KEPT = 100
"""Builds that are done, of which the record is kept."""
_NAME = re.compile(r"build-(\d{6,18})")

Action = Literal["add", "replace", "delete", "hide", "restore", "describe", "rebuild"]
State = Literal["waiting", "running", "live", "failed"]


@dataclass(frozen=True, slots=True)
class Change:
    """Something that a build brings about."""

    action: Action
    name: str = ""
    """Of the file."""
    id: str = ""
    """Of its document, where it is known."""
    file_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Build:
    """A build that was asked for."""

    id: str
    created: str
    """UTC, ISO 8601; so are all times."""
    state: State = "waiting"
    changes: tuple[Change, ...] = ()
    started: str = ""
    ended: str = ""
    unread: tuple[Unread, ...] = ()
    report: dict[str, Any] | None = None
    """What ``attest index --json`` prints; None before it is done, or for an empty collection."""
    error: str = ""

    @property
    def done(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state in {"live", "failed"}


_BUILD = TypeAdapter(Build)


def now() -> str:
    """The time, as records have it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Builds:
    """The records of one data folder. Safe with several threads and processes."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._folder = data / FOLDER
        self._known: dict[str, tuple[object, Build]] = {}

    @contextmanager
    def change(self, changes: Iterable[Change]) -> Iterator[str]:
        """Ask for a build, and change what it is to take in while this is held; gives its id.

        No build begins meanwhile. Where the change raises an error there is no such build. Raises
        ``OSError``.
        """
        with files.change_lock(self._data):
            before = next((one for one in self.all() if one.state == "waiting"), None)
            asked = before or Build(self._next_id(), now())
            self._write(replace(asked, changes=(*asked.changes, *changes)))
            try:
                yield asked.id
            except BaseException:
                with suppress(OSError):
                    self._write(before) if before else files.remove(self._path(asked.id))
                raise

    def take(self) -> Build | None:
        """The next build that waits, which runs from now on. Raises ``OSError``."""
        if not any(one.state == "waiting" for one in self.all()):
            return None  # without the lock, which others may need more
        with files.change_lock(self._data):
            waiting = next((one for one in self.all() if one.state == "waiting"), None)
            if waiting is None:
                return None
            running = replace(waiting, state="running", started=now())
            self._write(running)
            return running

    def finish(self, build: Build) -> None:
        """Keep what came of a build, and forget builds of long ago. Raises ``OSError``."""
        with files.change_lock(self._data):
            self._write(replace(build, ended=now()))
            done = [one for one in self.all() if one.done]
            for one in done[:-KEPT]:
                self._path(one.id).unlink(missing_ok=True)

    def requeue(self) -> None:
        """Let builds that were stopped wait again. Raises ``OSError``."""
        with files.change_lock(self._data):
            for one in self.all():
                if one.state == "running":
                    self._write(replace(one, state="waiting", started=""))

    def get(self, id: str) -> Build | None:
        """A build by its id; None where there is none, or none that can be read."""
        if _NAME.fullmatch(id) is None:
            return None
        try:
            status = self._path(id).stat()
            mark = status.st_ino, status.st_mtime_ns
            known = self._known.get(id)
            if known is None or known[0] != mark:
                # Every record is written anew, never over itself.
                known = mark, _BUILD.validate_json(self._path(id).read_bytes())
                self._known[id] = known
            return known[1]
        except (OSError, ValidationError):
            self._known.pop(id, None)
            return None

    def all(self) -> list[Build]:
        """Every build, oldest first."""
        return [one for id in self._ids() if (one := self.get(id)) is not None]

    def _ids(self) -> list[str]:
        try:
            found = [path.stem for path in self._folder.glob("build-*.json")]
        except OSError:
            return []
        named = ((match, id) for id in found if (match := _NAME.fullmatch(id)))
        return [id for _, id in sorted((int(match[1]), id) for match, id in named)]

    def _next_id(self) -> str:
        last = self._ids()[-1:]
        return f"build-{int(last[0].removeprefix('build-')) + 1 if last else 1:06d}"

    def _path(self, id: str) -> Path:
        return self._folder / f"{id}.json"

    def _write(self, build: Build) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        content = _BUILD.dump_json(build, indent=1, ensure_ascii=True)
        files.replace_atomically(self._path(build.id), content.decode() + "\n")
