"""Nearest passages by whole-passage vectors: the home of FAISS.

Small collections are searched exactly, by an index that is made when a generation is opened. Past
``flat_limit`` passages an HNSW graph (Malkov and Yashunin, 2018) takes over; docs/measurements.md
has the figures behind the limit. A graph is a file of its generation. Passages that come are added
to the former graph, those that go are passed over, and it is made anew once too many have gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.projection import Floats
from index.records import Hit

FILE, ROWS_FILE = "dense.faiss", "dense_rows.npy"
VECTORS = "vectors.npy"

HNSW_LINKS = 32
HNSW_BUILD = 200
HNSW_SEARCH = 128
_MOST_GONE = 0.2
"""Share of the passages of a graph that may have gone before it is made anew."""
_SPARE = 16
"""Passages looked at beyond those asked for, to see which score the same."""
_GONE = -1

Rows = npt.NDArray[np.int64]


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

    def __init__(self, index: faiss.Index, rows: Rows | None = None) -> None:
        """``rows`` numbers the passages in the order of their vectors, below 0 for one that has
        gone; 0, 1 and so on unless they are given."""
        self._index = index
        self.rows: Rows = np.arange(index.ntotal) if rows is None else rows
        self._order = np.argsort(self.rows, kind="stable")
        self._sorted = self.rows[self._order]
        self._gone = np.flatnonzero(self.rows < 0)
        self._passed_over = faiss.IDSelectorBatch(self._gone)
        self._present = faiss.IDSelectorNot(self._passed_over)

    @classmethod
    def open(cls, folder: Path, rows: Rows, vectors: Floats) -> DenseIndex:
        """That of the generation in ``folder``, whose passages ``rows`` have ``vectors``."""
        return cls.graph(folder) or cls(build(vectors, len(rows)), rows)

    @classmethod
    def graph(cls, folder: Path) -> DenseIndex | None:
        """The graph of the generation in ``folder``, if it has one."""
        if not (folder / FILE).exists():
            return None
        return cls(faiss.read_index(str(folder / FILE)), np.load(folder / ROWS_FILE))

    def write(self, folder: Path) -> None:
        """Write the index into ``folder``."""
        faiss.write_index(self._index, str(folder / FILE))
        np.save(folder / ROWS_FILE, self.rows)

    def without(self, rows: frozenset[int]) -> DenseIndex:
        """The same index, in which some rows are never found."""
        gone = np.isin(self.rows, np.fromiter(rows, np.int64, len(rows)))
        return DenseIndex(self._index, np.where(gone, _GONE, self.rows))

    @property
    def exact(self) -> bool:
        """Whether every passage is compared."""
        return isinstance(self._index, faiss.IndexFlat)

    def changed(self, rows: Rows, vectors: Floats) -> DenseIndex | None:
        """This graph, changed to hold the passages ``rows`` (in ascending order) and no others,
        whose vectors are ``vectors``. None where it is better made anew."""
        held: Floats = self._index.reconstruct_n(0, self._index.ntotal)
        at = np.minimum(np.searchsorted(rows, self.rows), len(rows) - 1)
        # A number may have gone to another passage.
        same = (rows[at] == self.rows) & (held == vectors[at]).all(axis=1)
        if 1 - np.mean(same) > _MOST_GONE:
            return None
        left = np.where(same, self.rows, _GONE)
        came = ~np.isin(rows, left)
        self._index.add(np.ascontiguousarray(vectors[came], dtype=np.float32))
        return DenseIndex(self._index, np.concatenate([left, rows[came]]))

    def search(self, vector: Floats, k: int, rows: Sequence[int] | None = None) -> list[Hit]:
        """The ``k`` nearest passages, best first; among ``rows`` only, where given. Of those that
        are as near, the first by their numbers come first."""
        query = np.ascontiguousarray(vector.reshape(1, -1), dtype=np.float32)
        if rows is None and not self.exact:
            return self._walk(query, k)
        index, parameters = self._index, None
        if rows is not None:
            # Exactly, whatever the index: a walk through a graph would seldom meet a few rows.
            index = index if self.exact else faiss.downcast_index(index.storage)
            chosen = faiss.IDSelectorBatch(self._positions(rows))
            parameters = faiss.SearchParameters(sel=chosen)
        size = k + _SPARE + len(self._gone)
        while True:
            scores, found = index.search(query, min(size, index.ntotal), params=parameters)
            hits = self._hits(scores[0], found[0])
            # Whether some that score the same as the last may have been cut off.
            if size >= index.ntotal or found[0][-1] < 0 or hits[k - 1].score > scores[0][-1]:
                return hits[:k]
            size *= 4

    def _walk(self, query: Floats, k: int) -> list[Hit]:
        parameters = None
        if len(self._gone):
            parameters = faiss.SearchParametersHNSW(efSearch=HNSW_SEARCH, sel=self._present)
        scores, found = self._index.search(
            query, min(k, self._index.ntotal - len(self._gone)), params=parameters
        )
        return self._hits(scores[0], found[0])

    def _positions(self, rows: Sequence[int]) -> Rows:
        """Where in the index the vectors of ``rows`` are, but for those that have gone."""
        wanted = np.asarray(rows, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._sorted, wanted), len(self._sorted) - 1)
        positions: Rows = self._order[at[self._sorted[at] == wanted]]
        return positions

    def _hits(self, scores: Floats, positions: Rows) -> list[Hit]:
        hits = [
            Hit(int(self.rows[position]), float(score))
            for position, score in zip(positions, scores, strict=True)
            if position >= 0 and self.rows[position] >= 0
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.row))
