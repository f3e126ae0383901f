"""A document as it was read: what each run of its text was taken for, and its pages.

The index keeps no more than headings; all else is looked up in what was kept of the reading of its
file, which stays as long as a generation that can be opened needs it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from index import parse_cache
from index.database import DocumentEntry
from index.generation import Generation
from index.loading import Content
from index.records import Block, BlockKind


def content_of(data: Path, generation: Generation, entry: DocumentEntry) -> Content | None:
    """What was read of the file of a document; None where it is not kept, or is not what the
    offsets of this document count in."""
    manifest = generation.manifest
    try:
        shaping = (manifest.configuration[name] for name in ("readers", "domain"))
        key = parse_cache.key(
            entry.file_sha256, entry.loader, manifest.loaders[entry.loader], *map(str, shaping)
        )
    except LookupError:
        return None
    parsed = parse_cache.get(data, key)
    if parsed is None or hashlib.sha256(parsed.content.text.encode()).hexdigest() != entry.sha256:
        return None
    return parsed.content


def headings_of(generation: Generation, entry: DocumentEntry) -> list[Block]:
    """What the index itself knows of it."""
    found = generation.database.headings_of(entry.id)
    return [Block(BlockKind.HEADING, one.start, one.end, one.level) for one in found]
