"""Where a graph beats exact search: latency, recall, size and build time by collection size.

usage: python -m benchmarks.dense [--data DIR] [SIZE ...]

Takes the passage vectors of a real index and, for sizes beyond it, adds vectors made of two
real ones with noise, so that clusters stay as they are in text. Queries are real vectors
with noise, left out of the collection. Recall@50 is against exact search.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import faiss
import numpy as np
from threadpoolctl import threadpool_limits

from index import dense, generation
from index.projection import Floats, normalise

QUERIES = 200
NEIGHBOURS = 50


def grown(vectors: Floats, count: int, random: np.random.Generator) -> Floats:
    """``count`` vectors: the real ones, then mixtures of pairs of them."""
    if count <= len(vectors):
        return vectors[:count]
    more = count - len(vectors)
    first, second = random.integers(len(vectors), size=(2, more))
    share = random.uniform(0.5, 0.95, size=(more, 1)).astype(np.float32)
    noise = random.normal(0, 0.01, size=(more, vectors.shape[1])).astype(np.float32)
    return np.concatenate(
        [vectors, normalise(share * vectors[first] + (1 - share) * vectors[second] + noise)]
    )


def median_ms(index: dense.DenseIndex, queries: Floats) -> tuple[float, list[set[int]]]:
    """Median time of a search, and the rows that each found."""
    times, found = [], []
    for query in queries:
        started = time.perf_counter()
        hits = index.search(query, NEIGHBOURS)
        times.append(time.perf_counter() - started)
        found.append({hit.row for hit in hits})
    return statistics.median(times) * 1e3, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=[20_000, 50_000, 100_000, 200_000])
    parser.add_argument("--data", type=Path, default=Path("var"))
    given = parser.parse_args()
    random = np.random.default_rng(0)
    real = generation.open_current(given.data).vectors()[1]
    print(f"{len(real)} real vectors; faiss {faiss.__version__}")
    print("| passages | index | build s | search ms | recall@50 |\n|---|---|---|---|---|")
    for size in given.sizes:
        vectors = grown(real, size, random)
        noise = random.normal(0, 0.02, (QUERIES, real.shape[1])).astype(np.float32)
        queries = normalise(vectors[random.integers(size, size=QUERIES)] + noise)
        exact: list[set[int]] = []
        for name, limit in (("exact", size), ("HNSW", 1)):
            started = time.perf_counter()
            with threadpool_limits(2):
                index = dense.DenseIndex(dense.build(vectors, limit))
            built = time.perf_counter() - started
            with threadpool_limits(1):  # as the service searches
                took, found = median_ms(index, queries)
            exact = exact or found
            recall = np.mean([len(a & b) / NEIGHBOURS for a, b in zip(exact, found, strict=True)])
            print(f"| {size:,} | {name} | {built:.1f} | {took:.2f} | {recall:.3f} |", flush=True)


if __name__ == "__main__":
    main()
