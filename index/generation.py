"""Opens a generation: one finished, checksummed index, as a snapshot that never changes.

var/CURRENT             name of the live generation and SHA-256 of its manifest
var/gen-000007/         manifest.json, catalogue.sqlite, identities.json; for a large collection
                        dense.faiss, dense_rows.npy
var/segments/3f9a…/     vectors and words of some passages, shared by generations (segments.py)
var/identities.json     ids of documents, of now and of former times
var/files/, parsed/     files as they came, and what was read of them
var/seen.json           files that need not be read to know that they are the same
var/.building-*         a build that is running, or was stopped; never read
"""

from __future__ import annotations

import json
import re
from copy import copy
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from index import checks, encoder, files, language, readers, segments
from index.checks import Described, Files
from index.config import FORMAT, IndexSettings
from index.database import Database
from index.dense import DenseIndex
from index.errors import (
    DamagedGeneration,
    GenerationError,
    NoGeneration,
    OutdatedGeneration,
)
from index.lexical import LexicalIndex
from index.presence import PresenceIndex
from index.projection import Floats
from index.readers import fingerprint
from index.segments import Integers, Segment, SegmentEntry
from index.titles import Titles
from index.tokens import TokenStore

CURRENT = "CURRENT"
MANIFEST = "manifest.json"
PREFIX = "gen-"
_POINTER = re.compile(rf"({PREFIX}\d+) ([0-9a-f]{{64}})\n")


_Kind = TypeVar("_Kind", bound="Stored")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself."""

    generation: str
    created: str
    """UTC, ISO 8601."""
    fingerprint: str
    """Of configuration and models together."""
    vectors_fingerprint: str
    """Of what alone decides the vectors of a given passage."""
    configuration: dict[str, Any]
    code: str
    """Hash of the files of the code that ``configuration`` has the digest of."""
    models: dict[str, str]
    loaders: dict[str, str]
    """Version of each loader that read a document, by name."""
    corpus: str
    """Hash over the documents with their metadata, in order."""
    roots: list[str]
    counts: dict[str, int]
    files: Described
    """Bytes and SHA-256 by name."""
    segments: list[SegmentEntry]
    """What it shares with others."""

    def to_json(self) -> str:
        """The manifest as it is written."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, content: str) -> Manifest:
        """A manifest that was written. Raises ``TypeError`` and the like for one of another
        version."""
        said = json.loads(content)
        said["segments"] = [SegmentEntry(**one) for one in said["segments"]]
        return cls(**said)

    @property
    def bytes(self) -> int:
        """Of all files of the generation, those that it shares included."""
        own = sum(one["bytes"] for one in self.files.values())
        return own + sum(one.bytes for one in self.segments)


def fingerprints(settings: IndexSettings) -> tuple[str, str]:
    """The fingerprint of an index built with ``settings``, and that of its vectors."""
    models = encoder.identity(settings)
    whole = fingerprint({"configuration": settings.shaping(), "models": models})
    vectors = fingerprint({"dimensions": settings.token_dimensions, "models": models})
    return whole, vectors


class Stored:
    """A generation as the next build takes it: without what questions need. Thread-safe."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        self.database = Database(folder)
        shared = folder.parent / segments.FOLDER
        self.segments = [Segment(shared / one.name) for one in manifest.segments]

    @property
    def name(self) -> str:
        """Such as ``gen-000007``."""
        return self.manifest.generation

    def close(self) -> None:
        """Close what a build has opened of it."""
        self.database.close()

    @property
    def files(self) -> Described:
        """All its files by name, from the folder of the data for those that it shares."""
        shared = {
            f"{segments.FOLDER}/{one.name}/{name}": expected
            for one in self.segments
            for name, expected in segments.described(one.folder).items()
        }
        return self.manifest.files | shared

    def vectors(self) -> tuple[Integers, Floats]:
        """Rows of its passages in ascending order, and the vector of each, (passages,
        dimensions)."""
        return segments.all_vectors(self.segments)

    @cached_property
    def tokens(self) -> TokenStore:
        """Its token vectors."""
        return TokenStore([one.folder for one in self.segments])

    def check_fingerprint(self, settings: IndexSettings) -> bool:
        """Whether it is what a build with ``settings`` would make of the same documents.

        Raises ``OutdatedGeneration`` where its vectors are those of other models, so that no
        question could be compared with them.
        """
        whole, vectors = fingerprints(settings)
        if self.manifest.vectors_fingerprint != vectors:
            raise OutdatedGeneration(
                f"index {self.name} was built with other models; "
                "run 'attest index' to build it anew"
            )
        return self.manifest.fingerprint == whole


class Generation(Stored):
    """One opened generation. Thread-safe."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        super().__init__(folder, manifest)
        self._whole = self
        shared = [one.folder for one in self.segments]
        self.dense = DenseIndex.open(folder, *self.vectors())
        self.lexical = LexicalIndex(shared)
        self.presence = PresenceIndex(shared)
        _ = self.tokens  # opened now, not by the first question

    @cached_property
    def titles(self) -> Titles:
        """Those of its documents."""

        def terms(text: str) -> frozenset[str]:
            return frozenset(self.lexical.stems(text))

        empty = {
            code: terms(" ".join(language.of(code).words.stop))
            for code in {one.language for one in self.database.documents()}
        }
        return Titles(
            (one.id, terms(one.title) - empty[one.language]) for one in self.database.documents()
        )

    def without(self, ids: frozenset[str]) -> Generation:
        """This generation as if it had no documents with these ids, whatever was left out of it
        before."""
        whole = self._whole
        if not ids:
            return whole
        other = copy(whole)
        other.__dict__.pop("titles", None)
        rows = frozenset(whole.database.rows_of(sorted(ids)))
        other.database = whole.database.without(ids)
        other.dense = whole.dense.without(rows)
        other.lexical = whole.lexical.without(ids)
        other.presence = whole.presence.without(whole.database.numbers_of(ids))
        return other


def current(data: Path) -> tuple[str, str] | None:
    """Name and manifest hash of the live generation, or None where nothing was built.

    Raises ``DamagedGeneration`` for a pointer that cannot be read.
    """
    try:
        content = (data / CURRENT).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedGeneration("(unknown)", CURRENT, "cannot be read") from error
    pointer = _POINTER.fullmatch(content)
    if pointer is None:
        raise DamagedGeneration("(unknown)", CURRENT, "does not name a generation")
    return pointer[1], pointer[2]


def indexed_paths(data: Path) -> list[Path]:
    """The paths that the live generation was built of, those that still exist; empty where
    nothing was built.

    Raises ``DamagedGeneration`` where they cannot be read: to index something else then would
    silently replace somebody's collection.
    """
    pointer = current(data)
    if pointer is None:
        return []
    try:
        roots = json.loads((data / pointer[0] / MANIFEST).read_text(encoding="utf-8"))["roots"]
        return [path for path in map(Path, roots) if path.exists()]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedGeneration(
            pointer[0], MANIFEST, "cannot be read, so what was indexed is not known"
        ) from error


def roots_of(folder: Path) -> list[str]:
    """What a generation was built of, be it of an earlier version; empty where it does not say."""
    try:
        roots = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["roots"]
        return [root for root in roots if isinstance(root, str)]
    except (OSError, ValueError, LookupError, TypeError):
        return []


def segments_of(folder: Path) -> list[str]:
    """Names of the segments that a generation shares with others; none where it does not say, so
    that it cannot be opened either."""
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["segments"]
        return [one["name"] for one in said]
    except (OSError, ValueError, LookupError, TypeError):
        return []


def open_current(data: Path) -> Generation:
    """Open the live generation after checking every file of it (``checks.py``).

    Raises ``NoGeneration``, ``DamagedGeneration`` (naming the file) or
    ``OutdatedGeneration`` (written in another format).
    """
    return _current(data, Generation)


def open_stored(data: Path) -> Stored:
    """The same for a build."""
    return _current(data, Stored)


def _current(data: Path, kind: type[_Kind]) -> _Kind:
    while True:
        pointer = current(data)
        if pointer is None:
            raise NoGeneration("there is no index yet; build one with 'attest index'")
        try:
            return _open(data / pointer[0], *pointer, kind)
        except GenerationError:
            # Unless builds have gone on meanwhile, and this one is no longer kept.
            if current(data) == pointer:
                raise


def _open(folder: Path, name: str, digest: str, kind: type[_Kind]) -> _Kind:
    manifest = _read_manifest(folder, name, digest)
    _check_files(folder, manifest)
    try:
        return kind(folder, manifest)
    except Exception as error:  # a library's own error for a file that passed its checksum
        raise OutdatedGeneration(
            f"index {name} cannot be opened by the installed libraries "
            f"({type(error).__name__}); run 'attest index --rebuild'"
        ) from error


def _read_manifest(folder: Path, name: str, digest: str) -> Manifest:
    path = folder / MANIFEST
    try:
        if files.sha256(path) != digest:
            raise DamagedGeneration(name, MANIFEST, "is not what was written")
        content = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        if not folder.is_dir():
            raise DamagedGeneration(name, CURRENT, "names an index that is not there") from error
        raise DamagedGeneration(name, MANIFEST, "is missing") from error
    except OSError as error:
        raise DamagedGeneration(name, MANIFEST, "cannot be read") from error
    try:
        manifest = Manifest.from_json(content)
    except (TypeError, LookupError) as error:
        raise _of_another_version(name) from error
    if manifest.configuration.get("format") != FORMAT:
        raise _of_another_version(name)
    readers.recall(manifest.code, manifest.configuration["readers"])
    return manifest


def _of_another_version(name: str) -> OutdatedGeneration:
    return OutdatedGeneration(
        f"index {name} was written by another version; run 'attest index' to build it anew"
    )


def _check_files(folder: Path, manifest: Manifest) -> None:
    name, shared, within = manifest.generation, folder.parent / segments.FOLDER, segments.FOLDER
    said: Described = {
        f"{one.name}/{segments.MANIFEST}": {"bytes": one.manifest_bytes, "sha256": one.sha256}
        for one in manifest.segments
    }
    checks.compare(name, [Files(shared, f"{within}/", said)])
    groups = [Files(folder, "", manifest.files)]
    for one in manifest.segments:
        try:
            expected = segments.described(shared / one.name)
        except FileNotFoundError as error:  # by now: it was there
            file = f"{within}/{one.name}/{segments.MANIFEST}"
            raise DamagedGeneration(name, file, "is missing") from error
        groups.append(Files(shared / one.name, f"{within}/{one.name}/", expected))
    checks.compare(name, groups)
