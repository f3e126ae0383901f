"""The files of a collection as a build finds them: documents, what was skipped, what to tell."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path

from index import kin, listing, uploads
from index.database import DocumentEntry
from index.identity import Identities, Naming, Place
from index.listing import Listed
from index.records import Metadata, Notice, Skipped
from index.remarks import Remark
from index.sources import SkippedFile, SourceFile

_METADATA = attrgetter(*(one.name for one in fields(Metadata)))


@dataclass(frozen=True, slots=True)
class Found:
    """What lies under a root, and what people say of it."""

    file: SourceFile | SkippedFile
    place: Place
    said: Remark


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that can be tried, with what is known of it beforehand."""

    source: SourceFile
    place: Place
    id: str
    known: Metadata
    name: str
    """As people are told of it."""
    order: int
    """Its place among the files."""
    said: Remark
    """What people say of it, over what is known."""

    def origin(self, sha256: str) -> str:
        """Hash of all that decides what document it is, if its bytes have this ``sha256``, but for
        the code and the settings."""
        parts = [sha256, self.source.name, *_METADATA(self.known), self.said.language]
        return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class Accepted:
    """A document of the collection."""

    candidate: Candidate
    entry: DocumentEntry


@dataclass(frozen=True, slots=True)
class Collected:
    """What was found under the roots of a build."""

    found: tuple[Found, ...]
    accepted: tuple[Accepted, ...]
    """The documents, in the order of their files."""
    skipped: tuple[Skipped, ...]
    naming: Naming
    """Names the files of this build and of the former one."""
    notices: tuple[Notice, ...]

    @property
    def hidden(self) -> tuple[Place, ...]:
        """Files that are left out because somebody hid them."""
        return tuple(one.place for one in self.found if one.said.hidden)

    def removed(self, former: Mapping[str, Place], data: Path) -> tuple[str, ...]:
        """Names of documents that were indexed, as ``former`` has them by their ids, and are no
        more, but for those that somebody hid or, where they had been added, took away."""
        ids = {one.candidate.id for one in self.accepted}
        hidden = {where.path for where in self.hidden}
        return tuple(
            self.naming.name(where)
            for id, where in former.items()
            if id not in ids and where.path not in hidden and not uploads.holds(data, where)
        )

    def listed(self, register: Identities) -> list[Listed]:
        """A line for each file that was found."""
        told: defaultdict[str, list[str]] = defaultdict(list)
        for one in self.notices:
            told[one.name].append(one.text)
        reasons = {one.name: one.reason for one in self.skipped}
        return listing.of(
            [one.place for one in self.found],
            {where: register.recorded(where) for where in self.hidden},
            {one.candidate.place: (one.entry.id, one.entry.file_sha256) for one in self.accepted},
            lambda where: reasons.get(self.naming.name(where), ""),
            lambda where: told.get(self.naming.name(where), []),
        )


def notices(accepted: Sequence[Accepted], advice: Callable[[int, int], str]) -> Iterator[Notice]:
    """What should be known of documents: what could not be read of them, the ids of those whose
    files have one name, revisions. ``advice`` says what to do about unread pages, of how many."""
    for one in accepted:
        entry, name = one.entry, one.candidate.name
        yield from (Notice(name, text) for text in entry.notices)
        if entry.unread:
            yield Notice(name, advice(entry.unread, entry.pages))
    together = Naming(one.candidate.place for one in accepted)
    for one in accepted:
        if others := together.meets(one.candidate.place):
            text = f"is document {one.candidate.id}; {', '.join(others)} has the same name"
            yield Notice(one.candidate.name, text)
    names = {one.entry.id: one.candidate.name for one in accepted}
    for entry, text in kin.told([one.entry for one in accepted]):
        yield Notice(names[entry.id], text)
