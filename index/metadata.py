"""Reads ``catalog.toml``: what is known of a folder's documents beyond their text."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import IndexingError
from index.records import Metadata

CATALOG_NAME = "catalog.toml"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = ""
    publisher: str = ""
    date: str = ""
    url: str = ""


class _Catalog(BaseModel):
    model_config = ConfigDict(extra="forbid")

    documents: dict[str, _Entry] = {}


def read(folder: Path) -> dict[str, Metadata]:
    """Metadata by file name for the documents of ``folder``; empty where it has no catalog.

    Raises ``IndexingError`` for a catalog that is not valid, naming the line or the field:
    a title that silently went missing would be worse than a build that stops.
    """
    path = folder / CATALOG_NAME
    if not path.is_file():
        return {}
    try:
        catalog = _Catalog.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise IndexingError(f"{CATALOG_NAME} cannot be read: {why}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise IndexingError(f"{CATALOG_NAME}: {place}: {first['msg']}") from error
    return {name: Metadata(**entry.model_dump()) for name, entry in catalog.documents.items()}
