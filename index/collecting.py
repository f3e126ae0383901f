"""Compares the files of a collection with those that are indexed: keeps the documents that are the
same, takes out those that are not, reads what is new and cuts it up."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from index import (
    collected,
    files,
    loaders,
    loading,
    metadata,
    numbering,
    originals,
    reading,
    sources,
)
from index.catalogue import CatalogueWriter
from index.collected import Accepted, Candidate, Collected, Found
from index.config import IndexSettings
from index.cutting import cut
from index.database import DocumentEntry
from index.errors import NothingToIndex, UnreadableDocument
from index.generation import Stored
from index.identity import Identities, Naming, Place
from index.loading import SUFFIXES
from index.numbering import Crowded
from index.ocr import Ocr
from index.passages import Limits
from index.progress import Pages, Progress
from index.reading import Read, Reader
from index.records import Metadata, Skipped
from index.remarks import Remarks
from index.seen import Seen, SeenFiles
from index.sources import SourceFile


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
        ocr: Ocr,
        catalogue: Catalogue,
    ) -> None:
        self._settings, self._register, self._former = settings, register, former
        self._seen, self._ocr, self._catalogue = seen, ocr, catalogue
        self._most_bytes = int(settings.max_file_mb * 2**20)
        self._versions_hold: dict[str, bool] = {}
        self._by_text: dict[str, Accepted] = {}
        self._skipped: dict[int, Skipped] = {}

    def collect(
        self, roots: Sequence[Path], said: Remarks, reader: Reader, progress: Progress
    ) -> Collected:
        """Collect what lies under ``roots``, as it is ``said`` to be. Raises ``NothingToIndex``,
        and ``Crowded`` where all documents must be numbered anew."""
        found = [Found(one, one.place, said.of(one.place)) for one in sources.find(roots)]
        naming = Naming([*(one.place for one in found), *self._former.places.values()])
        candidates = [*self._candidates(found, naming)]
        kept = {one.order: entry for one in candidates if (entry := self._kept(one)) is not None}
        numbers = numbering.assign([_taken(kept.get(one.order)) for one in candidates])
        self._withdraw({entry.number for entry in kept.values()})
        for one in candidates:
            if entry := kept.get(one.order):
                self._by_text[entry.sha256] = Accepted(one, entry)
        new = [
            (one, number)
            for one, number in zip(candidates, numbers, strict=True)
            if one.order not in kept and not self._known_to_be_skipped(one)
        ]
        self._read(new, reader, progress)
        return self._collected(found, naming)

    def _collected(self, found: Sequence[Found], naming: Naming) -> Collected:
        accepted = sorted(self._by_text.values(), key=lambda one: one.candidate.order)
        skipped = tuple(one for _, one in sorted(self._skipped.items()))
        if not any(one.entry.passages for one in accepted):
            raise NothingToIndex(_nothing(skipped))
        return Collected(
            *(tuple(found), tuple(accepted), skipped, naming),
            notices=tuple(collected.notices(accepted, self._ocr.advice)),
        )

    def _candidates(self, found: Sequence[Found], naming: Naming) -> Iterator[Candidate]:
        """The files among what was ``found`` that are not hidden; why another is skipped is
        noted."""
        shown = [(order, one) for order, one in enumerate(found) if not one.said.hidden]
        self._register.propose(one.place for _, one in shown if isinstance(one.file, SourceFile))
        catalogs: dict[Path, dict[str, Metadata]] = {}
        for order, one in shown:
            name, file = naming.name(one.place), one.file
            if not isinstance(file, SourceFile):
                self._skipped[order] = Skipped(name, file.reason)
                continue
            if file.folder not in catalogs:
                catalogs[file.folder] = metadata.read(file.folder)
            known = one.said.over(catalogs[file.folder].get(file.name, Metadata()))
            id = self._register.id_of(one.place)
            yield Candidate(file, one.place, id, known, name, order, one.said)

    def _kept(self, one: Candidate) -> DocumentEntry | None:
        """The document that a file is in the former generation, if it would be the same today."""
        entry = self._former.entry(one.id)
        if entry is None or one.source.stamp.size > self._most_bytes:
            return None
        if not self._version_holds(entry.loader):
            return None
        if not self._ocr.would_read(entry.ocr, entry.unread):
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
        if holder is None or not self._goes_before(holder.candidate, one):
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
        if holder is not None and self._goes_before(holder.candidate, one):
            self._skipped[one.order] = _same(one, holder.candidate)
            return
        if holder is not None:
            self._catalogue.writer.remove(holder.entry.number)
            self._skipped[holder.candidate.order] = _same(holder.candidate, one)
        document = one.said.about(loaders.compose(one.source, one.known, one.id, read.parsed))
        limits = Limits(self._settings.passage_min_words, self._settings.passage_max_words)
        found = cut(document, limits)
        if len(found.passages) > numbering.ROOM and self._former.base is not None:
            raise Crowded
        whole = reading.whole(self._settings.data, document, read.arrays)
        origin = one.origin(document.file_sha256)
        entry = self._catalogue.writer.add(number, whole, found, origin)
        self._by_text[document.sha256] = Accepted(one, entry)

    def _goes_before(self, one: Candidate, other: Candidate) -> bool:
        """Whether it is kept, and not the ``other`` with the same text."""
        standings = self._standing(one), self._standing(other)
        if standings[0] != standings[1]:
            return standings[0] > standings[1]
        return one.order < other.order

    def _standing(self, one: Candidate) -> tuple[bool, bool]:
        """Of two documents with one text, the one whose address is in use is kept."""
        return one.id in self._former.places, self._register.is_recorded(one.place)


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
