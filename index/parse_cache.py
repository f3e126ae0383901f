"""What was read of files, kept so that what has not changed is not read again.

var/parsed/ab/abcdef….npz    JSON, and arrays where a format has some

An entry is named for all that decides what it holds: the file, its loader, the code that reads.
Nothing is ever unpickled from it; one that cannot be read is as good as none.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Container
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from index import files
from index.loaders import Parsed
from index.loading import Content

FOLDER = "parsed"
_VERSION = 2
"""Raise it when entries are written otherwise."""
_ENDING = ".npz"
_JSON = "json"


def key(
    file_sha256: str, loader: str, version: str, readers: str, domain: str, ocr: str = ""
) -> str:
    """Name of the entry for a file, read by this version of this loader, with the digest of the
    code that reads, the setting of the domain, and what read its pictures; "" where nothing did."""
    named = json.dumps([_VERSION, file_sha256, loader, version, readers, domain, ocr])
    return hashlib.sha256(named.encode()).hexdigest()


def get(data: Path, key: str) -> Parsed | None:
    """The entry with a key; None where there is none that is whole."""
    found = _unpacked(data, key)
    try:
        return _decoded(found) if found is not None else None
    except (ValueError, LookupError, TypeError):
        return None


def arrays(data: Path, key: str) -> dict[str, Any] | None:
    """The arrays of an entry by name, without the rest; None where there is none that is whole."""
    found = _unpacked(data, key)
    return None if found is None else {name: one for name, one in found.items() if name != _JSON}


def put(data: Path, key: str, parsed: Parsed) -> None:
    """Keep an entry. It need not outlive a power cut."""
    packed = io.BytesIO()
    np.savez_compressed(packed, **_encoded(parsed))
    files.write_whole(_path(data, key), packed.getvalue(), durable=False)


def prune(data: Path, used: Container[str]) -> None:
    """Remove every entry whose key is none of ``used``."""
    files.prune(data / FOLDER, used, _ENDING)


def _path(data: Path, key: str) -> Path:
    return data / FOLDER / key[:2] / f"{key}{_ENDING}"


def _unpacked(data: Path, key: str) -> dict[str, Any] | None:
    try:
        packed = io.BytesIO(_path(data, key).read_bytes())
        with np.load(packed, allow_pickle=False) as found:
            return {name: found[name] for name in found.files}
    except Exception:  # of any library that unpacks it
        return None


def arrays_of(content: Content) -> dict[str, npt.NDArray[Any]]:
    """The arrays of what was read, by name."""
    values = {one.name: getattr(content, one.name) for one in fields(Content)}
    return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}


def _encoded(parsed: Parsed) -> dict[str, Any]:
    values = {one.name: getattr(parsed.content, one.name) for one in fields(Content)}
    arrays = arrays_of(parsed.content)
    plain = {
        name: _adapter(name).dump_python(value, mode="json", warnings=False)
        for name, value in values.items()
        if value is not None and name not in arrays
    }
    said = {one.name: getattr(parsed, one.name) for one in fields(Parsed) if one.name != "content"}
    text = json.dumps({**said, "content": plain}, ensure_ascii=False)
    return {_JSON: np.frombuffer(text.encode(), dtype=np.uint8), **arrays}


def _decoded(arrays: dict[str, Any]) -> Parsed:
    said = json.loads(arrays.pop(_JSON).tobytes())
    plain = {
        name: _adapter(name).validate_python(value) for name, value in said.pop("content").items()
    }
    return Parsed(content=Content(**plain, **arrays), **said)


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    """Writes and reads one field of ``Content``."""
    return TypeAdapter(get_type_hints(Content)[name])
