"""Compares the files of a collection with those that are indexed: keeps the documents that are the
same, takes out those that are not, reads what is new and cuts it up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import Any, Self

from index import files, loaders, loading, metadata, numbering, originals, reading, sources
from index.catalogue import CatalogueWriter
from index.config import IndexSettings
from index.cutting import cut
from index.database import DocumentEntry
from index.errors import NothingToIndex, UnreadableDocument
from index.generation import Stored
from index.identity import Identities, Naming, Place
from index.loading import SUFFIXES
from index.numbering import Crowded
from index.passages import Limits
from index.progress import Pages, Progress
from index.reading import Read, Reader
from index.records import Metadata, Notice, Skipped
from index.seen import Seen, SeenFiles
from index.sources import SourceFile

_METADATA = attrgetter(*(one.name for one in fields(Metadata)))


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

    def origin(self, sha256: str) -> str:
        """Hash of all that decides what document it is, if its bytes have this ``sha256``, but for
        the code and the settings."""
        parts = [sha256, self.source.name, *_METADATA(self.known)]
        return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class Accepted:
    """A document of the collection."""

    candidate: Candidate
    number: int
    passages: int
    notices: tuple[str, ...]
    standing: tuple[bool, bool]
    """Of two documents with one text, the one whose address is in use is kept."""

    def goes_before(self, other: Accepted) -> bool:
        """Whether it is kept, and not the ``other`` with the same text."""
        if self.standing != other.standing:
            return self.standing > other.standing
        return self.candidate.order < other.candidate.order


@dataclass(frozen=True, slots=True)
class Collected:
    """What was found under the roots of a build."""

    places: tuple[Place, ...]
    """Of the documents."""
    skipped: tuple[Skipped, ...]
    notices: tuple[Notice, ...]
    removed: tuple[str, ...]
    """Names of documents that were indexed and are no more."""


@dataclass(frozen=True, slots=True)
class Former:
    """What was indexed before."""

    base: Stored | None
    """The generation whose documents are kept where they are the same; None to read all anew."""
    places: dict[str, Place]
    """Where the documents of the live generation lay, by their ids."""

    def entry(self, id: str) -> DocumentEntry | None:
        """A document that may be kept."""
        return self.base.database.document(id) if self.base is not None else None


class Catalogue:
    """The database of a generation that is built: that of the former one, until it is changed.

    A context manager: leaving it finishes the file, unless an error passes through.
    """

    def __init__(self, folder: Path, base: Stored | None) -> None:
        self._folder, self._base = folder, base
        self._writer: CatalogueWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        if self._writer is not None:
            self._writer.__exit__(*error)

    @property
    def changed(self) -> bool:
        """Whether it is another than the former one."""
        return self._writer is not None

    @property
    def added(self) -> frozenset[int]:
        """Numbers of the documents that were put in."""
        return frozenset(self._writer.added if self._writer is not None else ())

    @property
    def writer(self) -> CatalogueWriter:
        """Changes it."""
        self.complete()
        assert self._writer is not None  # since then
        return self._writer

    def complete(self) -> None:
        """Make the folder of the generation with the database in it, changed or not."""
        if self._writer is None:
            self._folder.mkdir(parents=True)
            former = self._base.folder if self._base is not None else None
            self._writer = CatalogueWriter(self._folder, former)


class Collector:
    """Collects the documents of one build into its ``catalogue``."""

    def __init__(
        self,
        settings: IndexSettings,
        register: Identities,
        former: Former,
        seen: SeenFiles,
        catalogue: Catalogue,
    ) -> None:
        self._settings, self._register, self._former = settings, register, former
        self._seen, self._catalogue = seen, catalogue
        self._most_bytes = int(settings.max_file_mb * 2**20)
        self._versions_hold: dict[str, bool] = {}
        self._by_text: dict[str, Accepted] = {}
        self._skipped: dict[int, Skipped] = {}

    def collect(self, roots: Sequence[Path], reader: Reader, progress: Progress) -> Collected:
        """Collect what lies under ``roots``. Raises ``NothingToIndex``, and ``Crowded`` where all
        documents must be numbered anew."""
        found = list(sources.find(roots))
        places = [one.place for one in found]
        naming = Naming([*places, *self._former.places.values()])
        candidates = [*self._candidates(found, places, naming)]
        kept = {one.order: entry for one in candidates if (entry := self._kept(one)) is not None}
        numbers = numbering.assign([_taken(kept.get(one.order)) for one in candidates])
        self._withdraw({entry.number for entry in kept.values()})
        for one in candidates:
            if entry := kept.get(one.order):
                self._accept(self._accepted(one, entry), entry.sha256)
        new = [
            (one, number)
            for one, number in zip(candidates, numbers, strict=True)
            if one.order not in kept and not self._known_to_be_skipped(one)
        ]
        self._read(new, reader, progress)
        accepted = sorted(self._by_text.values(), key=lambda one: one.candidate.order)
        skipped = tuple(one for _, one in sorted(self._skipped.items()))
        if not any(one.passages for one in accepted):
            raise NothingToIndex(_nothing(skipped))
        ids = {one.candidate.id for one in accepted}
        gone = (where for id, where in self._former.places.items() if id not in ids)
        return Collected(
            places=tuple(one.candidate.place for one in accepted),
            skipped=skipped,
            notices=tuple(_notices(accepted, naming)),
            removed=tuple(map(naming.name, gone)),
        )

    def _candidates(
        self,
        found: Sequence[SourceFile | sources.SkippedFile],
        places: Sequence[Place],
        naming: Naming,
    ) -> Iterator[Candidate]:
        """The files among ``found``, which lie at ``places``; why another is skipped is noted."""
        both = [*zip(found, places, strict=True)]
        self._register.propose(place for one, place in both if isinstance(one, SourceFile))
        catalogs: dict[Path, dict[str, Metadata]] = {}
        for order, (one, place) in enumerate(both):
            name = naming.name(place)
            if not isinstance(one, SourceFile):
                self._skipped[order] = Skipped(name, one.reason)
                continue
            if one.folder not in catalogs:
                catalogs[one.folder] = metadata.read(one.folder)
            known = catalogs[one.folder].get(one.name, Metadata())
            yield Candidate(one, place, self._register.id_of(place), known, name, order)

    def _kept(self, one: Candidate) -> DocumentEntry | None:
        """The document that a file is in the former generation, if it would be the same today."""
        entry = self._former.entry(one.id)
        if entry is None or one.source.stamp.size > self._most_bytes:
            return None
        if not self._version_holds(entry.loader):
            return None
        seen = self._seen.get(one.source.path, one.source.stamp)
        sha256 = seen.sha256 if seen is not None else _hash(one.source.path)
        if one.origin(sha256) != entry.origin:
            return None
        if seen is None:
            seen = Seen(sha256, entry.loader, entry.sha256)
            self._seen.put(one.source.path, one.source.stamp, seen)
        return entry if self._is_stored(one, entry) else None

    def _version_holds(self, loader: str) -> bool:
        """Whether a loader is of the version that read the documents of the former generation."""
        if loader not in self._versions_hold:
            assert self._former.base is not None  # there a document has come from
            version = self._former.base.manifest.loaders.get(loader)
            self._versions_hold[loader] = version == loading.version_of(loader)
        return self._versions_hold[loader]

    def _is_stored(self, one: Candidate, entry: DocumentEntry) -> bool:
        """Whether the file of a document is kept as it came. One that was lost is kept again."""
        sha256 = entry.file_sha256
        if originals.path_of(self._settings.data, sha256).exists():
            return True
        try:
            data = loaders.read(one.source.path, self._most_bytes)
        except UnreadableDocument:
            return False
        if same := hashlib.sha256(data).hexdigest() == sha256:
            originals.put(self._settings.data, sha256, data)
        return same

    def _withdraw(self, kept: set[int]) -> None:
        """Take out the documents of the former generation that are not ``kept``."""
        base = self._former.base
        for entry in base.database.documents() if base is not None else []:
            if entry.number not in kept:
                self._catalogue.writer.remove(entry.number)

    def _known_to_be_skipped(self, one: Candidate) -> bool:
        """Whether there is no need to read a file again to know that it is skipped; why it is, is
        noted."""
        seen = self._seen.get(one.source.path, one.source.stamp)
        if seen is None:
            return False
        if seen.reason:
            self._skipped[one.order] = Skipped(one.name, seen.reason)
            return True
        holder = self._by_text.get(seen.text_sha256)
        if holder is None or not holder.goes_before(self._accepted(one)):
            return False
        self._skipped[one.order] = _same(one, holder.candidate)
        return True

    def _read(
        self, new: Sequence[tuple[Candidate, int]], reader: Reader, progress: Progress
    ) -> None:
        """Read files that are new or have changed, each to have a number."""
        pages = Pages(progress, [one.source for one, _ in new], self._most_bytes)
        contents = reader.read(one.source for one, _ in new)
        for one, number in new:
            count = 0
            try:
                read = next(contents).result()
            except UnreadableDocument as error:
                self._skipped[one.order] = Skipped(one.name, str(error))
            else:
                count = len(read.parsed.content.pages)
                self._add(one, number, read)
            pages.add(count)

    def _add(self, one: Candidate, number: int, read: Read) -> None:
        """Add a document, unless another with its text is kept."""
        holder = self._by_text.get(read.text_sha256)
        if holder is not None and holder.goes_before(self._accepted(one)):
            self._skipped[one.order] = _same(one, holder.candidate)
            return
        if holder is not None:
            self._catalogue.writer.remove(holder.number)
            self._skipped[holder.candidate.order] = _same(holder.candidate, one)
        document = loaders.compose(one.source, one.known, one.id, read.parsed)
        limits = Limits(self._settings.passage_min_words, self._settings.passage_max_words)
        found = cut(document, limits)
        if len(found.passages) > numbering.ROOM and self._former.base is not None:
            raise Crowded
        whole = reading.whole(self._settings.data, document, read.arrays)
        self._catalogue.writer.add(number, whole, found, one.origin(document.file_sha256))
        accepted = Accepted(
            one, number, len(found.passages), document.notices, self._accepted(one).standing
        )
        self._accept(accepted, document.sha256)

    def _accepted(self, one: Candidate, entry: DocumentEntry | None = None) -> Accepted:
        standing = one.id in self._former.places, self._register.is_recorded(one.place)
        if entry is None:
            return Accepted(one, 0, 0, (), standing)
        return Accepted(one, entry.number, entry.passages, entry.notices, standing)

    def _accept(self, one: Accepted, text_sha256: str) -> None:
        self._by_text[text_sha256] = one


def _taken(entry: DocumentEntry | None) -> tuple[int, int] | None:
    """The first number of a document that is kept, and the one after its last."""
    return None if entry is None else (entry.number, entry.number + max(1, entry.passages))


def _hash(path: Path) -> str:
    """SHA-256 of a file; "" for one that cannot be read, which is for its reader to say."""
    try:
        return files.sha256(path)
    except OSError:
        return ""


def _same(one: Candidate, other: Candidate) -> Skipped:
    return Skipped(one.name, f"has the same text as {other.name}")


def _nothing(skipped: Sequence[Skipped]) -> str:
    kinds = ", ".join(sorted(SUFFIXES))
    message = f"no document found; name files ({kinds}), or a folder that holds some"
    reasons = [f"{one.name} {one.reason}" for one in skipped[:5]]
    return f"{message} ({'; '.join(reasons)})" if reasons else message


def _notices(accepted: Sequence[Accepted], naming: Naming) -> Iterator[Notice]:
    """What should be known of documents, and the ids of those whose files have one name."""
    for one in accepted:
        yield from (Notice(one.candidate.name, text) for text in one.notices)
    together = Naming(one.candidate.place for one in accepted)
    for one in accepted:
        if others := together.meets(one.candidate.place):
            text = f"is document {one.candidate.id}; {', '.join(others)} has the same name"
            yield Notice(naming.name(one.candidate.place), text)
