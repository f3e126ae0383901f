"""Composes the steps from files to a live generation.

Compare with what is indexed, read, cut up and encode what is new, write beside the live generation,
publish. The live one is untouched until the last step, which is one atomic replacement of a small
file; a build stopped at any point leaves nothing but what the next build removes.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index import (
    checks,
    dense,
    encoder,
    files,
    generation,
    identity,
    listing,
    loading,
    publishing,
    readers,
    reading,
    segments,
    uploads,
    versions,
)
from index.collected import Collected
from index.collecting import Catalogue, Collector, Former
from index.config import IndexSettings
from index.database import Database, DocumentEntry, sources_of
from index.dense import DenseIndex
from index.encoder import Encoder
from index.encoding import Encoding, FormerVectors
from index.errors import GenerationError, NoGeneration
from index.generation import Manifest, Stored
from index.identity import Identities, Place
from index.numbering import Crowded
from index.ocr import Ocr
from index.progress import Progress, silent
from index.publishing import Building
from index.reading import Reader, Watch
from index.records import Notice, Skipped
from index.remarks import Remarks
from index.seen import SeenFiles
from index.segments import Contents, Integers, Plan, Segment, SegmentEntry

__all__ = ["Progress", "Report", "build"]


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did."""

    generation: str
    changed: bool
    """False where the live generation already held exactly this."""
    documents: int
    passages: int
    sentences: int
    encoded: int
    """Passages whose vectors had to be computed."""
    skipped: tuple[Skipped, ...]
    seconds: float
    bytes: int
    removed: tuple[str, ...] = ()
    """Names of documents that the former generation had and this one has not, but for those that
    somebody hid or, where they had been added, took away."""
    notices: tuple[Notice, ...] = ()
    """What should be known of files that were indexed."""
    hidden: tuple[str, ...] = ()
    """Names of files that are left out because somebody hid them."""


def build(
    paths: Sequence[Path],
    settings: IndexSettings,
    load_encoder: Callable[[IndexSettings], Encoder] = encoder.load,
    progress: Progress = silent,
    *,
    add: bool = False,
    wait: bool = False,
    rebuild: bool = False,
) -> Report:
    """Make a generation of the documents under ``paths``, with the files that were added, and make
    it live.

    ``add`` keeps the paths of the live generation too; ``wait`` waits for a running build;
    ``rebuild`` takes nothing from the live generation. ``load_encoder`` is called only if a
    passage must be encoded. A ``progress`` that is a ``Watch`` is told of each file, too. Raises
    ``NothingToIndex``, ``BuildInProgress``, ``ModelUnavailable``, ``OSError`` where something
    cannot be written and, where there is nothing sound to add to, ``GenerationError``.
    """
    started = time.perf_counter()
    with files.build_lock(settings.data, wait):
        publishing.sweep(settings.data)
        live = _open_live(settings.data, add)
        roots = [path.absolute() for path in paths]  # not resolved: a link may be a loop
        if add and live is not None:
            roots = list(dict.fromkeys([*map(Path, live.manifest.roots), *roots]))
        one = _Build(settings, roots, live, rebuild, progress)
        try:
            return one.run(load_encoder, started)
        except BaseException as error:
            publishing.sweep(settings.data)  # it may hold words of what was taken away
            if isinstance(error, sqlite3.Error):
                raise OSError(f"the database: {error}") from error
            raise
        finally:
            if live is not None:
                live.close()


def _open_live(data: Path, needed: bool) -> Stored | None:
    """The live generation, or None where there is none that can be trusted: then everything
    is built anew, which is what a damaged one asks for. Not so where it is ``needed``, for
    what it held: then its error is raised."""
    try:
        return generation.open_stored(data)
    except NoGeneration:
        return None
    except GenerationError:
        if needed:
            raise
        return None


class _Build:
    """One build, with what all its steps need."""

    def __init__(
        self,
        settings: IndexSettings,
        roots: Sequence[Path],
        live: Stored | None,
        rebuild: bool,
        progress: Progress,
    ) -> None:
        self._settings, self._roots = settings, roots
        self._live, self._rebuild, self._progress = live, rebuild, progress
        self._whole, self._vectors = generation.fingerprints(settings)
        self._register = _identities(settings.data, live)
        self._places = _former_places(live, self._register)
        self._ocr = Ocr(settings)
        readers = settings.shaping()["readers"], settings.domain, self._ocr.state
        self._seen = SeenFiles(json.dumps(readers), loading.version_of)
        self._keys: set[str] = set()
        """Of what is kept of the files that were read."""
        if not rebuild:
            self._seen.open(settings.data)

    def run(self, load: Callable[[IndexSettings], Encoder], started: float) -> Report:
        """From files to a live generation, unless nothing has changed."""
        live, anew = self._live, self._rebuild
        same = live is not None and not anew and live.manifest.fingerprint == self._whole
        try:
            return self._run(live if same else None, load, started)
        except Crowded:
            publishing.sweep(self._settings.data)
            return self._run(None, load, started)

    def _run(
        self, base: Stored | None, load: Callable[[IndexSettings], Encoder], started: float
    ) -> Report:
        """The same; documents that have not changed stay as they are in ``base``."""
        data = self._settings.data
        building = Building(data)
        roots = [str(root) for root in self._roots]
        with Catalogue(building.generation, base) as catalogue:
            collected = self._collect(catalogue, base)
            self._register.record(one.candidate.place for one in collected.accepted)
            self._register.write(data)
            self._seen.write(data)
            listing.write(data, collected.listed(self._register))
            if base is not None and not catalogue.changed and base.manifest.roots == roots:
                return _report(base.manifest, collected, 0, started)
            catalogue.complete()
        if self._live is not None:
            following = {one.entry.id: one.entry.sha256 for one in collected.accepted}
            _keep_versions(self._live, following, self._places, data)
        encoded, manifest = self._write(building, base, catalogue.added, load)
        building.publish(manifest, self._settings.keep_generations, self._progress)
        reading.prune(data, publishing.generations(data), self._keys)
        removed = collected.removed(self._places, data)
        return _report(manifest, collected, encoded, started, removed, changed=True)

    def _collect(self, catalogue: Catalogue, base: Stored | None) -> Collected:
        """The documents under the roots, with those that were added, in the ``catalogue``."""
        settings, progress = self._settings, self._progress
        everything = [*dict.fromkeys([*self._roots, *uploads.roots(settings.data)])]
        watch = progress if isinstance(progress, Watch) else None
        with Reader(
            *(settings, self._ocr, self._seen),
            anew=self._rebuild,
            watch=watch,
            pages=partial(progress, "ocr"),
        ) as reader:
            collector = Collector(
                *(settings, self._register, Former(base, self._places)),
                *(self._seen, self._ocr, catalogue),
            )
            said = Remarks.open(settings.data)
            collected = collector.collect(everything, said, reader, progress)
        self._keys = reader.keys
        return collected

    def _write(
        self,
        building: Building,
        base: Stored | None,
        added: Collection[int],
        load: Callable[[IndexSettings], Encoder],
    ) -> tuple[int, Manifest]:
        """Write all but the database, which is there, with some documents ``added`` to those of
        ``base``; return the passages that were encoded and the manifest."""
        live, settings = self._live, self._settings
        reusable = live is not None and live.manifest.vectors_fingerprint == self._vectors
        source = FormerVectors(live if reusable and not self._rebuild else None)
        with closing(Database(building.generation)) as database:
            plan = _plan(base, database, added)
            rows = [row for one in plan.written for row in one.rows]
            encoding = Encoding(database, rows, source)
            written = self._write_segments(building, plan.written, database, encoding, load)
            kept = {one.name for one in plan.kept}
            entries = [one for one in base.manifest.segments if one.name in kept] if base else []
            self._write_graph(building, [*plan.kept, *map(building.segment, written)])
            register = self._register.to_json(settings.data)
            (building.generation / identity.FILE).write_text(register, encoding="utf-8")
            return encoding.missing, self._manifest(building, database, [*entries, *written])

    def _write_segments(
        self,
        building: Building,
        contents: Sequence[Contents],
        database: Database,
        encoding: Encoding,
        load: Callable[[IndexSettings], Encoder],
    ) -> list[SegmentEntry]:
        written: list[SegmentEntry] = []
        if not contents:
            return written
        vocabulary, passages = encoding.run(self._settings, load, self._progress)
        with closing(passages):
            for number, one in enumerate(contents):
                if not encoding.missing:  # else it tells how far that is
                    self._progress("write", number, len(contents))
                folder = building.segments / secrets.token_hex(8)
                taken = islice(passages, len(one.rows))
                written.append(segments.write(folder, one, database, taken, vocabulary))
        self._progress("write", len(contents), len(contents))
        return written

    def _write_graph(self, building: Building, now: Sequence[Segment]) -> None:
        """Write the graph of a collection that is too large to be searched without one."""
        if sum(len(one.rows) for one in now) <= self._settings.flat_limit:
            return
        self._progress("vectors", 0, 1)
        rows, vectors = segments.all_vectors(now)
        index = None
        if self._live is not None and not self._rebuild:
            former = DenseIndex.graph(self._live.folder)
            index = former.changed(rows, vectors) if former is not None else None
        if index is None:
            index = DenseIndex(dense.build(vectors, self._settings.flat_limit), rows)
        index.write(building.generation)

    def _manifest(
        self, building: Building, database: Database, shared: list[SegmentEntry]
    ) -> Manifest:
        entries = database.documents()
        versions = {name: loading.version_of(name) for name in {one.loader for one in entries}}
        return Manifest(
            generation=building.name,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            fingerprint=self._whole,
            vectors_fingerprint=self._vectors,
            configuration=self._settings.shaping(),
            code=readers.files_hash(),
            models=encoder.identity(self._settings),
            loaders=dict(sorted(versions.items())),
            corpus=_corpus_hash(entries, versions),
            roots=[str(root) for root in self._roots],
            counts={
                "documents": len(entries),
                "passages": sum(one.passages for one in entries),
                "sentences": sum(one.sentences for one in shared),
            },
            files=checks.describe(building.generation),
            segments=shared,
        )


def _identities(data: Path, live: Stored | None) -> Identities:
    """The register, completed from the generations, the live one first."""
    folders = publishing.generations(data)
    if live is not None:
        folders.sort(key=lambda folder: folder.name != live.name)
    register = Identities.open(data, [folder / identity.FILE for folder in folders])
    for folder in folders:
        if not (folder / identity.FILE).exists():
            register.adopt(generation.roots_of(folder), sources_of(folder))
    return register


def _former_places(live: Stored | None, register: Identities) -> dict[str, Place]:
    """Where the documents of the live generation lay, by their ids."""
    entries = live.database.documents() if live is not None else []
    return {one.id: register.place_of(one.id) or Place("", one.source) for one in entries}


def _plan(base: Stored | None, database: Database, added: Collection[int]) -> Plan:
    """Which segments of ``base`` stay, and what others are to hold, where some documents were
    ``added``."""
    entries = database.documents()
    new = [one for one in entries if one.number in added]
    same = [one for one in entries if one.number not in added]
    starts = np.array([one.number for one in same], dtype=np.int64)
    ends = np.array([one.number + max(1, one.passages) for one in same], dtype=np.int64)

    def keeps(numbers: Integers) -> npt.NDArray[np.bool_]:
        if not same:
            return np.zeros(len(numbers), dtype=np.bool_)
        at = np.searchsorted(starts, numbers, side="right") - 1
        kept: npt.NDArray[np.bool_] = (at >= 0) & (numbers < ends[at])
        return kept

    rows = tuple(row for one in new for row in range(one.number, one.number + one.passages))
    former = base.segments if base is not None else []
    return segments.plan(former, keeps, Contents(rows, tuple(one.number for one in new)))


def _corpus_hash(entries: Iterable[DocumentEntry], versions: dict[str, str]) -> str:
    state = hashlib.sha256()
    for one in entries:
        record = (one.id, one.sha256, one.title, one.source)
        file = (one.file_sha256, one.loader, versions[one.loader], one.ocr)
        known = (one.publisher, one.date, one.url, one.symbol, one.language)
        state.update(json.dumps([*record, *file, *known]).encode())
    return state.hexdigest()


def _keep_versions(
    live: Stored, following: dict[str, str], places: dict[str, Place], data: Path
) -> None:
    """Keep the texts that the live generation has and the next one will not have, of which the
    hashes by id are ``following``; but none of a file that was added and taken away. ``places`` are
    those of the live documents."""
    deleted = {id for id, where in places.items() if uploads.is_gone(data, where)}
    moment = versions.Moment(live.manifest.generation, live.manifest.created)
    database = live.database
    standing = (
        versions.Standing(
            one.id,
            versions.Version(one.sha256, one.file_sha256, one.title, moment),
            partial(database.text, one.id),
        )
        for one in database.documents()
        if one.id not in deleted
    )
    versions.keep(data, moment, standing, following)
    versions.forget(data, deleted)


def _report(
    manifest: Manifest,
    collected: Collected,
    encoded: int,
    started: float,
    removed: tuple[str, ...] = (),
    *,
    changed: bool = False,
) -> Report:
    return Report(
        generation=manifest.generation,
        changed=changed,
        documents=manifest.counts["documents"],
        passages=manifest.counts["passages"],
        sentences=manifest.counts["sentences"],
        encoded=encoded,
        skipped=collected.skipped,
        seconds=time.perf_counter() - started,
        bytes=manifest.bytes,
        removed=removed,
        notices=collected.notices,
        hidden=tuple(map(collected.naming.name, collected.hidden)),
    )
