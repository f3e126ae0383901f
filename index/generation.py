"""Opens a generation: one finished, checksummed index, as a snapshot that never changes.

var/CURRENT             name of the live generation and SHA-256 of its manifest
var/gen-000007/         manifest.json, catalogue.sqlite, dense.faiss, lexical/, presence/,
                        identities.json, *.npy
var/identities.json     ids of documents, of now and of former times
var/files/, parsed/     files as they came, and what was read of them
var/.building-*         a build that is running, or was stopped; never read
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from copy import copy
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from index import encoder, files, language
from index.config import FORMAT, IndexSettings, fingerprint
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
from index.titles import Titles
from index.tokens import TokenStore

CURRENT = "CURRENT"
MANIFEST = "manifest.json"
PREFIX = "gen-"
_POINTER = re.compile(rf"({PREFIX}\d+) ([0-9a-f]{{64}})\n")


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
    models: dict[str, str]
    loaders: dict[str, str]
    """Version of each loader that read a document, by name."""
    corpus: str
    """Hash over the documents with their metadata, in order."""
    roots: list[str]
    counts: dict[str, int]
    files: dict[str, dict[str, Any]]
    """Bytes and SHA-256 by name."""

    def to_json(self) -> str:
        """The manifest as it is written."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


def fingerprints(settings: IndexSettings) -> tuple[str, str]:
    """The fingerprint of an index built with ``settings``, and that of its vectors."""
    models = encoder.identity(settings)
    whole = fingerprint({"configuration": settings.shaping(), "models": models})
    vectors = fingerprint({"dimensions": settings.token_dimensions, "models": models})
    return whole, vectors


class Generation:
    """One opened generation. Thread-safe."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        self._whole = self
        self.database = Database(folder)
        self.dense = DenseIndex.open(folder)
        self.lexical = LexicalIndex(folder)
        self.presence = PresenceIndex(folder)
        self.tokens = TokenStore(folder)

    def without(self, ids: frozenset[str]) -> Generation:
        """This generation as if it had no documents with these ids, whatever was left out of it
        before."""
        whole = self._whole
        if not ids:
            return whole
        other = copy(whole)
        other._whole = whole
        rows = frozenset(whole.database.rows_of(sorted(ids)))
        other.database = whole.database.without(ids)
        other.dense = whole.dense.without(rows)
        other.lexical = whole.lexical.without(ids)
        other.presence = whole.presence.without(whole.database.numbers_of(ids))
        return other

    @property
    def name(self) -> str:
        """Such as ``gen-000007``."""
        return self.manifest.generation

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


def open_current(data: Path) -> Generation:
    """Open the live generation after checking every file of it.

    Raises ``NoGeneration``, ``DamagedGeneration`` (naming the file) or
    ``OutdatedGeneration`` (written in another format).
    """
    while True:
        pointer = current(data)
        if pointer is None:
            raise NoGeneration("there is no index yet; build one with 'attest index'")
        try:
            return _open(data / pointer[0], *pointer)
        except GenerationError:
            # Unless builds have gone on meanwhile, and this one is no longer kept.
            if current(data) == pointer:
                raise


def _open(folder: Path, name: str, digest: str) -> Generation:
    manifest = _read_manifest(folder, name, digest)
    if manifest.configuration.get("format") != FORMAT:
        raise OutdatedGeneration(
            f"index {name} was written by another version; run 'attest index' to build it anew"
        )
    _check_files(folder, manifest)
    try:
        return Generation(folder, manifest)
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
        return Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        if not folder.is_dir():
            raise DamagedGeneration(name, CURRENT, "names an index that is not there") from error
        raise DamagedGeneration(name, MANIFEST, "is missing") from error
    except OSError as error:
        raise DamagedGeneration(name, MANIFEST, "cannot be read") from error
    except TypeError as error:
        raise OutdatedGeneration(
            f"index {name} was written by another version; run 'attest index'"
        ) from error


def _check_files(folder: Path, manifest: Manifest) -> None:
    for file, expected in manifest.files.items():
        path = folder / file
        try:
            if path.stat().st_size != expected["bytes"]:
                raise DamagedGeneration(manifest.generation, file, "has another size than written")
            if files.sha256(path) != expected["sha256"]:
                raise DamagedGeneration(manifest.generation, file, "is not what was written")
        except FileNotFoundError as error:
            raise DamagedGeneration(manifest.generation, file, "is missing") from error
        except OSError as error:
            raise DamagedGeneration(manifest.generation, file, "cannot be read") from error


def describe_files(folder: Path, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Bytes and SHA-256 of some files of a folder, for its manifest."""
    return {
        name: {"bytes": (folder / name).stat().st_size, "sha256": files.sha256(folder / name)}
        for name in names
    }
