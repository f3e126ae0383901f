"""The bytes of files as they came, kept beside the generations under their SHA-256, so that what is
cited can be shown as it was.

var/files/ab/abcdef…    the file with that hash, written once
"""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from index import files

FOLDER = "files"


def path_of(data: Path, sha256: str) -> Path:
    """Where the file with a hash lies in the data folder, if it is kept."""
    return data / FOLDER / sha256[:2] / sha256


def put(data: Path, sha256: str, content: bytes) -> None:
    """Keep a file, durably; one that is kept is not written again."""
    path = path_of(data, sha256)
    try:
        if path.stat().st_size == len(content):
            return
    except OSError:
        pass  # it is not kept yet
    files.write_whole(path, content, durable=True)


def prune(data: Path, used: Container[str]) -> None:
    """Remove every file whose hash is none of ``used``."""
    files.prune(data / FOLDER, used)
