"""Opens a generation: one finished, checksummed index, as a snapshot that never changes.

var/CURRENT             name of the live generation and SHA-256 of its manifest
var/gen-000007/         manifest.json, catalogue.sqlite, dense.faiss, lexical/, *.npy
var/.building-*         a build that is running, or was stopped; never read
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index import encoder, files
from index.catalogue import Catalogue
from index.config import IndexSettings, fingerprint
from index.dense import DenseIndex
from index.errors import DamagedGeneration, NoGeneration, OutdatedGeneration
from index.lexical import LexicalIndex
from index.tokens import TokenStore

CURRENT = "CURRENT"
MANIFEST = "manifest.json"
PREFIX = "gen-"


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
        self.catalogue = Catalogue(folder)
        self.dense = DenseIndex.open(folder)
        self.lexical = LexicalIndex(folder)
        self.tokens = TokenStore(folder)

    @property
    def name(self) -> str:
        """Such as ``gen-000007``."""
        return self.manifest.generation

    def check_fingerprint(self, settings: IndexSettings) -> None:
        """Raises ``OutdatedGeneration`` unless it was built with ``settings``."""
        if self.manifest.fingerprint != fingerprints(settings)[0]:
            raise OutdatedGeneration(
                f"index {self.name} was built with another configuration or other models; "
                "run 'attest index' to build it anew"
            )


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
    parts = content.split()
    if len(parts) != 2 or not parts[0].startswith(PREFIX) or "/" in parts[0]:
        raise DamagedGeneration("(unknown)", CURRENT, "does not name a generation")
    return parts[0], parts[1]


def open_current(data: Path) -> Generation:
    """Open the live generation after checking every file of it.

    Raises ``NoGeneration``, ``DamagedGeneration`` (naming the file) or
    ``OutdatedGeneration`` (written in another format).
    """
    pointer = current(data)
    if pointer is None:
        raise NoGeneration("there is no index yet; build one with 'attest index'")
    name, digest = pointer
    folder = data / name
    manifest = _read_manifest(folder, name, digest)
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
