"""Nearest passages by whole-passage vectors: the home of FAISS.

Small collections are searched exactly. Past ``flat_limit`` passages an HNSW graph (Malkov
and Yashunin, 2018) takes over; docs/measurements.md has the figures behind the limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import faiss
import numpy as np

from index.projection import Floats
from index.records import Hit

FILE = "dense.faiss"

HNSW_LINKS = 32
HNSW_BUILD = 200
HNSW_SEARCH = 128


def build(vectors: Floats, flat_limit: int) -> faiss.Index:
    """An index over ``vectors`` (passages, dimensions) of length 1, by inner product."""
    count, dimensions = vectors.shape
    if count <= flat_limit:
        index = faiss.IndexFlatIP(dimensions)
    else:
        index = faiss.IndexHNSWFlat(dimensions, HNSW_LINKS, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = HNSW_BUILD
        index.hnsw.efSearch = HNSW_SEARCH
    index.add(np.ascontiguousarray(vectors, dtype=np.float32))
    return index


class DenseIndex:
    """An opened FAISS index. Thread-safe: FAISS searches do not change an index."""

    def __init__(self, index: faiss.Index, gone: frozenset[int] = frozenset()) -> None:
        self._index = index
        self._gone = gone
        """Rows that are never found."""

    @classmethod
    def open(cls, folder: Path) -> DenseIndex:
        """Read the index of a generation."""
        return cls(faiss.read_index(str(folder / FILE)))

    def write(self, folder: Path) -> None:
        """Write the index into ``folder``."""
        faiss.write_index(self._index, str(folder / FILE))

    def without(self, rows: frozenset[int]) -> DenseIndex:
        """The same index, in which some rows are never found."""
        return DenseIndex(self._index, rows)

    @property
    def exact(self) -> bool:
        """Whether every passage is compared."""
        return isinstance(self._index, faiss.IndexFlat)

    def vectors(self) -> Floats:
        """All vectors, (passages, dimensions), for the next generation."""
        stored: Floats = self._index.reconstruct_n(0, self._index.ntotal)
        return stored

    def search(self, vector: Floats, k: int, rows: Sequence[int] | None = None) -> list[Hit]:
        """The ``k`` nearest passages, best first; among ``rows`` only, where given."""
        index, parameters = self._index, None
        if rows is not None:
            # Exactly, whatever the index: a walk through a graph would seldom meet a few rows.
            index = index if self.exact else faiss.downcast_index(index.storage)
            chosen = faiss.IDSelectorBatch(np.asarray(rows, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=chosen)
        most = min(k + len(self._gone), index.ntotal)
        scores, found = index.search(vector.reshape(1, -1), most, params=parameters)
        hits = (
            Hit(int(row), float(score))
            for row, score in zip(found[0], scores[0], strict=True)
            if row >= 0 and row not in self._gone
        )
        return [*islice(hits, k)]
