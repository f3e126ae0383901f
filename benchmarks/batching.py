"""Why texts are encoded one by one: speed and sameness of vectors, alone and in batches.

usage: python -m benchmarks.batching [--data DIR]

Takes passages of an index (default: var/) through both bare graphs: alone, each on one of two
cores, and in batches of 16 padded to their longest, on two threads. Then questions, alone and
in batches of 8, on one core.
"""

from __future__ import annotations

import argparse
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common import Bare, questions
from index import generation
from index.packaged import DENSE, TOKENS
from index.projection import normalise

BATCH = 16
QUESTIONS = 8
"""Questions of a batch: what a service under load would find waiting."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("var"))
    given = parser.parse_args()
    opened = generation.open_current(given.data)
    rows = opened.vectors()[0][: 3 * BATCH].tolist()
    texts = [entry.text for entry in opened.database.passages(rows)]
    print("| model | alone, 2 cores | batches of 16 | cosine alone/batched |\n|---|---|---|---|")
    for model in (DENSE, TOKENS):
        single, double = Bare(model), Bare(model, threads=2)
        feeds = [single.feed(model.passage_prompt + text) for text in texts]
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(single.run, feeds))
            started = time.perf_counter()
            alone = list(pool.map(single.run, feeds))
            alone_ms = (time.perf_counter() - started) / len(feeds) * 1e3
        batches = [double.batch(feeds[at : at + BATCH]) for at in range(0, len(feeds), BATCH)]
        started = time.perf_counter()
        together = [states for batch in batches for states in double.run(batch)]
        batch_ms = (time.perf_counter() - started) / len(feeds) * 1e3
        cosines = np.concatenate(
            [
                (normalise(one[0]) * normalise(other[: one.shape[1]])).sum(axis=1)
                for one, other in zip(alone, together, strict=True)
            ]
        )
        print(
            f"| {model.name} | {alone_ms:.1f} ms a passage | {batch_ms:.1f} ms | "
            f"mean {cosines.mean():.3f}, least {cosines.min():.3f} |"
        )
    print("\n| model | question alone, 1 core | in batches of 8, 1 core |\n|---|---|---|")
    for model in (DENSE, TOKENS):
        single = Bare(model)
        feeds = [single.feed(model.query_prompt + one) for one in questions("questions_seeds.txt")]
        batches = [single.batch(feeds[at : at + QUESTIONS]) for at in range(0, 16, QUESTIONS)]
        alone_ms = _milliseconds(single, feeds[:16]) / 16
        batch_ms = _milliseconds(single, batches) / 16
        print(f"| {model.name} | {alone_ms:.1f} ms | {batch_ms:.1f} ms |")


def _milliseconds(model: Bare, feeds: list[dict[str, Any]]) -> float:
    """Median time of running all ``feeds``, of ten times."""
    times = []
    for _ in range(10):
        started = time.perf_counter()
        for feed in feeds:
            model.run(feed)
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1e3


if __name__ == "__main__":
    main()
