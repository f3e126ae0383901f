"""Texts that documents had before, so that what was once cited of them can still be checked.

var/versions.sqlite holds, of each document, which versions it has had and when, and the texts of
those that are no more. It is written by builds, and kept until somebody wants it forgotten.
"""

from __future__ import annotations

import errno
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from index.errors import IndexingError

FILE = "versions.sqlite"
SHORTEST = 8
"""So many digits of a hash name a version, at least."""
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY}
_SCHEMA = """
CREATE TABLE IF NOT EXISTS versions (
    id TEXT NOT NULL, sha256 TEXT NOT NULL, file_sha256 TEXT NOT NULL, title TEXT NOT NULL,
    first_generation TEXT NOT NULL, first_at TEXT NOT NULL, last_generation TEXT NOT NULL,
    last_at TEXT NOT NULL, PRIMARY KEY (id, sha256)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS texts (sha256 TEXT PRIMARY KEY, text BLOB NOT NULL) WITHOUT ROWID;
"""


class Moment(NamedTuple):
    """A generation, and when it was made (UTC, ISO 8601)."""

    generation: str
    at: str


@dataclass(frozen=True, slots=True)
class Version:
    """A text that a document has, or had."""

    sha256: str
    """Of the canonical text."""
    file_sha256: str
    title: str
    first: Moment
    """The first generation that had it."""
    last: Moment | None = None
    """The last one; None for a version that the document has now."""


class Standing(NamedTuple):
    """A document as a generation has it."""

    id: str
    version: Version
    text: Callable[[], str | None]
    """Reads it: few are wanted."""


def keep(
    data: Path, live: Moment, standing: Iterable[Standing], following: Mapping[str, str]
) -> None:
    """Note what the ``live`` generation has, before another takes its place that has the hashes
    ``following`` by the ids of documents: the texts that it has not are kept.

    Raises ``OSError`` where there is no room, and ``IndexingError``.
    """
    with _writing(data) as database:
        for one in standing:
            version = one.version
            ends = following.get(one.id) != version.sha256
            known = (one.id, version.sha256, version.file_sha256, version.title)
            database.execute(
                "INSERT INTO versions VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (id, sha256) DO UPDATE "
                "SET last_generation=excluded.last_generation, last_at=excluded.last_at",
                (*known, *live, *(live if ends else ("", ""))),
            )
            if ends:
                text = zlib.compress((one.text() or "").encode())
                values = version.sha256, text
                database.execute("INSERT OR IGNORE INTO texts VALUES (?,?)", values)


def forget(data: Path, ids: Iterable[str]) -> None:
    """Forget all versions of some documents. Raises ``OSError`` and ``IndexingError``."""
    if not (wanted := [(one,) for one in ids]) or not (data / FILE).exists():
        return
    with _writing(data) as database:
        database.executemany("DELETE FROM versions WHERE id=?", wanted)
        database.execute("DELETE FROM texts WHERE sha256 NOT IN (SELECT sha256 FROM versions)")
        database.commit()
        database.execute("VACUUM")  # else the words would stay in pages that are free


def forget_all(data: Path) -> int:
    """Forget the texts of all earlier versions; gives how many there were. Raises ``OSError``."""
    with suppress(sqlite3.Error), closing(_open(data)) as database:
        ((count,),) = database.execute("SELECT count(*) FROM texts").fetchall()
        _remove(data)
        return int(count)
    _remove(data)
    return 0


def of(data: Path, id: str) -> list[Version]:
    """The versions of a document that are known, oldest first; none where none can be read."""
    query = (
        "SELECT sha256, file_sha256, title, first_generation, first_at, last_generation, last_at "
        "FROM versions WHERE id=? ORDER BY first_at, last_at"
    )
    try:
        with closing(_open(data)) as database:
            rows = database.execute(query, (id,)).fetchall()
    except sqlite3.Error:
        return []
    return [
        Version(
            sha256=row[0],
            file_sha256=row[1],
            title=row[2],
            first=Moment(row[3], row[4]),
            last=Moment(row[5], row[6]) if row[5] else None,
        )
        for row in rows
    ]


def text_of(data: Path, version: Version) -> str | None:
    """The text of a version that is no more; None where it is not kept, or not whole."""
    try:
        with closing(_open(data)) as database:
            query = "SELECT text FROM texts WHERE sha256=?"
            rows = database.execute(query, (version.sha256,)).fetchall()
        return zlib.decompress(rows[0][0]).decode() if rows else None
    except (sqlite3.Error, zlib.error, ValueError):
        return None


def find(data: Path, id: str, sha256: str) -> Version | None:
    """The version of a document whose hash begins with ``sha256``; None where there is none."""
    wanted = sha256.lower()
    if len(wanted) < SHORTEST:
        return None
    return next((one for one in of(data, id) if one.sha256.startswith(wanted)), None)


def _open(data: Path) -> sqlite3.Connection:
    # For writing, so that what a killed build left is undone; nothing is made where nothing is.
    address = f"{(data / FILE).absolute().as_uri()}?mode=rw"
    return sqlite3.connect(address, uri=True)


@contextmanager
def _writing(data: Path) -> Iterator[sqlite3.Connection]:
    """The database, to change; all of it is written, or nothing. One that is damaged is put aside:
    no build is to fail for what was before."""
    try:
        with closing(_prepared(data)) as database, database:
            yield database
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in _NO_ROOM:
            raise OSError(errno.ENOSPC, "No space left on device") from error
        raise IndexingError(f"{FILE} in the data folder cannot be written ({error})") from error


def _prepared(data: Path) -> sqlite3.Connection:
    database = sqlite3.connect(data / FILE, timeout=60)
    try:
        database.executescript(_SCHEMA)
        ((state,),) = database.execute("PRAGMA quick_check(1)").fetchall()
        if state == "ok":
            return database
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in _DAMAGED:
            database.close()
            raise
    database.close()
    (data / FILE).replace(data / f"{FILE}.damaged")
    database = sqlite3.connect(data / FILE, timeout=60)
    database.executescript(_SCHEMA)
    return database


def _remove(data: Path) -> None:
    for name in (FILE, f"{FILE}.damaged", f"{FILE}-journal"):
        (data / name).unlink(missing_ok=True)
