"""Segments: vectors and words of some passages, written once and shared by generations.

var/segments/3f9a…/     segment.json, documents.npy, vectors.npy, rows.npy, tokens.npy and the other
                        arrays of tokens.py, lexical/, presence/

A segment never changes. To take a passage out of one is to write another with the rest of it; so
nothing that has gone is ever met in a search, nor counted. Segments are small, to keep that cheap.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index import checks, dense, lexical, presence, tokens
from index.checks import Described
from index.database import Database, StoredPassage
from index.projection import Floats
from index.tokens import PassageTokens

FOLDER = "segments"
MANIFEST = "segment.json"
SIZE = 1024
"""Passages in a segment, at most."""
_DOCUMENTS = "documents.npy"

Integers = npt.NDArray[np.int64]
Encoded = tuple[Floats, PassageTokens]
"""The vector of a passage, and what is kept of its tokens."""


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment in the manifest of a generation."""

    name: str
    sha256: str
    """Of its own manifest, which holds those of its files."""
    manifest_bytes: int
    bytes: int
    """Of all its files."""
    passages: int
    sentences: int


class Segment:
    """A segment that lies in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = folder.name

    @cached_property
    def rows(self) -> Integers:
        """Its passages, in ascending order."""
        rows: Integers = np.load(self.folder / tokens.ROWS)
        return rows

    @cached_property
    def documents(self) -> Integers:
        """Numbers of the documents whose text is looked up in it, in ascending order."""
        documents: Integers = np.load(self.folder / _DOCUMENTS)
        return documents

    @cached_property
    def vectors(self) -> Floats:
        """Of its passages, (passages, dimensions), on the disk."""
        vectors: Floats = np.load(self.folder / dense.VECTORS, mmap_mode="r")
        return vectors


@dataclass(frozen=True, slots=True)
class Contents:
    """What a segment is to hold."""

    rows: tuple[int, ...]
    documents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Which segments a generation has."""

    kept: tuple[Segment, ...]
    written: tuple[Contents, ...]


def plan(
    former: Sequence[Segment], keeps: Callable[[Integers], npt.NDArray[np.bool_]], new: Contents
) -> Plan:
    """Keep each of ``former`` of which every row and document is kept, as ``keeps`` says of some
    numbers, and put what is left of the others with what is ``new`` into others.

    Small ones are written together with what must be written, so that there are never many.
    """
    touched: list[Segment] = []
    whole: list[Segment] = []
    for one in former:
        intact = bool(keeps(one.rows).all() and keeps(one.documents).all())
        (whole if intact else touched).append(one)
    rows = sorted([*new.rows, *(row for one in touched for row in one.rows[keeps(one.rows)])])
    documents = {*new.documents}.union(*(one.documents[keeps(one.documents)] for one in touched))
    if not rows and not documents:
        return Plan(tuple(whole), ())
    for one in sorted(whole, key=lambda one: len(one.rows)):
        # One without a passage could not be searched.
        if rows and len(one.rows) > -len(rows) % SIZE:
            break
        whole.remove(one)
        rows += one.rows.tolist()
        documents |= set(one.documents.tolist())
    return Plan(tuple(whole), tuple(_parts(sorted(map(int, rows)), sorted(map(int, documents)))))


def _parts(rows: list[int], documents: list[int]) -> Iterable[Contents]:
    """``rows`` in parts of equal size, each with the documents that begin in it."""
    count = -(-len(rows) // SIZE)
    cuts = [len(rows) * part // count for part in range(count + 1)]
    starts = [0, *(rows[cut] for cut in cuts[1:-1]), 2**63]
    for part in range(count):
        first, last = starts[part], starts[part + 1]
        yield Contents(
            tuple(rows[cuts[part] : cuts[part + 1]]),
            tuple(one for one in documents if first <= one < last),
        )


def write(
    folder: Path,
    contents: Contents,
    database: Database,
    encoded: Iterable[tuple[StoredPassage, Encoded]],
    vocabulary: int,
) -> SegmentEntry:
    """Write a segment into the new ``folder``. ``encoded`` gives its passages in their order, each
    with its vectors; token ids are below ``vocabulary``."""
    folder.mkdir(parents=True)
    passages, vectors, kept = [], [], []
    for passage, (vector, each) in encoded:
        passages.append(passage)
        vectors.append(vector)
        kept.append(each)
    np.save(folder / _DOCUMENTS, np.array(contents.documents, dtype=np.int64))
    np.save(folder / dense.VECTORS, np.stack(vectors).astype(np.float32))
    tokens.write(folder, contents.rows, kept, vocabulary)
    lexical.write(folder, map(_entry, passages))
    presence.write(folder, (_whole(number, database) for number in contents.documents))
    described = checks.describe(folder)
    content = json.dumps(described, indent=1).encode()
    (folder / MANIFEST).write_bytes(content)
    total = len(content) + sum(one["bytes"] for one in described.values())
    return SegmentEntry(
        name=folder.name,
        sha256=hashlib.sha256(content).hexdigest(),
        manifest_bytes=len(content),
        bytes=total,
        passages=len(passages),
        sentences=sum(len(one.passage.sentences) for one in passages),
    )


def described(folder: Path) -> Described:
    """What a segment says of its files."""
    found: Described = json.loads((folder / MANIFEST).read_bytes())
    return found


def _entry(one: StoredPassage) -> lexical.LexicalEntry:
    title = [one.document.title] if one.document.named else []
    headings = " \n ".join([*title, *one.passage.section])
    return lexical.LexicalEntry(one.row, one.document.id, headings, one.passage.read()[0])


def _whole(number: int, database: Database) -> presence.WholeDocument:
    entry = database.numbered(number)
    return presence.WholeDocument(number, entry.title, database.text(entry.id) or "")


def all_vectors(segments: Sequence[Segment]) -> tuple[Integers, Floats]:
    """The passages of ``segments`` in ascending order, with their vectors."""
    rows = np.concatenate([one.rows for one in segments])
    order = np.argsort(rows)
    vectors = np.concatenate([one.vectors for one in segments])
    return rows[order], vectors[order]
