"""The dense search against NumPy, which compares every vector and cannot be wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import dense
from index.dense import DenseIndex
from index.projection import Floats, normalise
from index.records import Hit

TOLERANCE = 1e-5
"""FAISS and NumPy add up the products of two vectors in different orders."""


def unit_vectors(count: int, dimensions: int, seed: int) -> Floats:
    random = np.random.default_rng(seed)
    return normalise(random.standard_normal((count, dimensions)).astype(np.float32))


def tied_vectors(count: int, dimensions: int, seed: int) -> Floats:
    """Unit vectors along the axes of a small space, so that most scores occur many times."""
    random = np.random.default_rng(seed)
    return np.eye(dimensions, dtype=np.float32)[random.integers(0, dimensions, count)]


def assert_nearest(hits: list[Hit], vectors: Floats, query: Floats, k: int, rows: list[int]):
    """``hits`` are the ``k`` best of ``rows``: each has its own score, none is left out that
    scores better. Which of several with the same score are there, and in what order, is free."""
    scores = vectors.astype(np.float64) @ query.astype(np.float64)
    expected = sorted((scores[row] for row in rows), reverse=True)[:k]
    assert [hit.score for hit in hits] == pytest.approx(expected, abs=TOLERANCE)
    found = [hit.row for hit in hits]
    assert len(set(found)) == len(found)
    assert set(found) <= set(rows)
    assert [scores[row] for row in found] == pytest.approx(expected, abs=TOLERANCE)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("k", [1, 10, 300])
def test_the_nearest_are_those_numpy_finds(seed, k):
    vectors, query = unit_vectors(300, 32, seed), unit_vectors(1, 32, 100 + seed)[0]
    index = DenseIndex(dense.build(vectors, flat_limit=300))
    assert index.exact
    assert_nearest(index.search(query, k), vectors, query, k, list(range(300)))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("k", [1, 10, 100])
def test_ties_are_broken_freely_but_nothing_better_is_left_out(seed, k):
    vectors, query = tied_vectors(100, 6, seed), unit_vectors(1, 6, 100 + seed)[0]
    index = DenseIndex(dense.build(vectors, flat_limit=100))
    assert_nearest(index.search(query, k), vectors, query, k, list(range(100)))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("make", [unit_vectors, tied_vectors])
def test_a_filter_leaves_the_nearest_of_its_rows(seed, make):
    vectors, query = make(200, 6, seed), unit_vectors(1, 6, 100 + seed)[0]
    random = np.random.default_rng(seed)
    rows = [int(row) for row in random.choice(200, size=30, replace=False)]
    index = DenseIndex(dense.build(vectors, flat_limit=200))
    assert_nearest(index.search(query, 10, rows), vectors, query, 10, rows)


def test_more_than_there_is_gives_what_there_is():
    vectors = unit_vectors(3, 8, 0)
    index = DenseIndex(dense.build(vectors, flat_limit=10))
    assert len(index.search(vectors[0], 50)) == 3
    assert [hit.row for hit in index.search(vectors[0], 50, [2])] == [2]


def test_a_filter_without_rows_finds_nothing():
    vectors = unit_vectors(3, 8, 0)
    assert DenseIndex(dense.build(vectors, flat_limit=10)).search(vectors[0], 5, []) == []


def test_a_written_index_searches_as_before(tmp_path: Path):
    vectors, query = unit_vectors(50, 16, 1), unit_vectors(1, 16, 2)[0]
    index = DenseIndex(dense.build(vectors, flat_limit=50))
    index.write(tmp_path)
    opened = DenseIndex.graph(tmp_path)
    assert opened is not None
    assert opened.search(query, 10) == index.search(query, 10)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> tuple[DenseIndex, Floats]:
    """A collection past the limit of exact search, written and opened again."""
    folder = tmp_path_factory.mktemp("graph")
    vectors = unit_vectors(3000, 32, 7)
    DenseIndex(dense.build(vectors, flat_limit=2999)).write(folder)
    opened = DenseIndex.graph(folder)
    assert opened is not None
    return opened, vectors


def test_past_the_limit_a_graph_still_finds_nearly_all_of_the_nearest(graph):
    index, vectors = graph
    assert not index.exact
    queries = unit_vectors(100, 32, 8)
    found = 0
    for query in queries:
        exact = set(np.argsort(-(vectors @ query))[:10].tolist())
        found += len(exact & {hit.row for hit in index.search(query, 10)})
    assert found / (10 * len(queries)) >= 0.95


def test_a_graph_gives_as_many_as_are_asked_for(graph):
    index, _ = graph
    hits = index.search(unit_vectors(1, 32, 9)[0], 500)
    assert len({hit.row for hit in hits}) == 500
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize("size", [1, 12, 300])
def test_a_filter_on_a_graph_is_searched_exactly(graph, size):
    # A walk through the graph from the query's neighbourhood would seldom meet rows this few.
    index, vectors = graph
    random = np.random.default_rng(size)
    for query in unit_vectors(10, 32, 10):
        rows = [int(row) for row in random.choice(3000, size=size, replace=False)]
        assert_nearest(index.search(query, 10, rows), vectors, query, 10, rows)


def changed(vectors: Floats, tmp_path: Path, rows: np.ndarray, now: Floats) -> DenseIndex | None:
    """A graph of ``vectors`` that was written, opened again, and changed to hold ``rows``."""
    DenseIndex(dense.build(vectors, flat_limit=1)).write(tmp_path)
    opened = DenseIndex.graph(tmp_path)
    assert opened is not None
    return opened.changed(rows, now)


def test_a_graph_finds_what_came_and_not_what_went(tmp_path):
    vectors, others = unit_vectors(1000, 32, 20), unit_vectors(50, 32, 21)
    rows = np.array([*range(100, 1000), *range(5000, 5050)])
    index = changed(vectors, tmp_path, rows, np.concatenate([vectors[100:], others]))
    assert index is not None
    index.write(tmp_path)
    for opened in (index, DenseIndex.graph(tmp_path)):
        assert opened is not None
        held = np.concatenate([vectors[100:], others])
        for row, vector in zip(rows[::50], held[::50], strict=True):
            found = [hit.row for hit in opened.search(vector, 10)]
            assert (found[0], len(found)) == (row, 10)
        for vector in vectors[:100:10]:
            assert not {hit.row for hit in opened.search(vector, 10)} & set(range(100))
            assert opened.search(vector, 3, [5001, 100, 700])[0].row in {5001, 100, 700}


def test_a_graph_finds_a_passage_under_a_number_that_another_had(tmp_path):
    vectors, other = unit_vectors(300, 16, 22), unit_vectors(1, 16, 23)
    now = np.concatenate([other, vectors[1:]])
    index = changed(vectors, tmp_path, np.arange(300), now)
    assert index is not None
    assert index.search(other[0], 1)[0].row == 0
    assert index.search(vectors[0], 1)[0].score < 0.999


def test_a_graph_that_much_has_gone_from_is_made_anew(tmp_path):
    vectors = unit_vectors(100, 16, 24)
    assert changed(vectors, tmp_path, np.arange(21, 100), vectors[21:]) is None
    assert changed(vectors, tmp_path, np.arange(20, 100), vectors[20:]) is not None


def test_of_passages_that_are_as_near_the_first_come_first():
    vectors = np.repeat(unit_vectors(1, 8, 25), 200, axis=0)
    order = np.random.default_rng(26).permutation(200)
    index = DenseIndex(dense.build(vectors, flat_limit=200), order)
    assert [hit.row for hit in index.search(vectors[0], 7)] == [*range(7)]
    assert [hit.row for hit in index.search(vectors[0], 3, [9, 5, 150, 80])] == [5, 9, 80]
