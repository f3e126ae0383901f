"""Two running services compared: each question is asked of both, one after the other, in turns.

usage: python -m benchmarks.pairs ADDRESS ADDRESS [--questions FILE] [--rounds N]

Serve the commit before and this one from two checkouts, on two ports; then name both, the older
one first. Prints the medians and the median of the ratios, which holds where the machine's speed
does not.
"""

from __future__ import annotations

import argparse
import statistics
import time

import httpx

from benchmarks import common


def timed(client: httpx.Client, question: str) -> float:
    """Milliseconds that a question takes."""
    began = time.perf_counter()
    client.post("/v1/ask", json={"question": question}).raise_for_status()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("older")
    parser.add_argument("newer")
    parser.add_argument("--questions", default="questions_seeds.txt")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    asked = common.questions(given.questions)
    with httpx.Client(base_url=given.older) as older, httpx.Client(base_url=given.newer) as newer:
        for question in asked[:10]:  # first questions warm caches and threads
            timed(older, question)
            timed(newer, question)
        pairs = []
        for number, question in enumerate(asked * given.rounds):
            first, second = (older, newer) if number % 2 else (newer, older)
            times = {id(first): timed(first, question), id(second): timed(second, question)}
            pairs.append((times[id(older)], times[id(newer)]))
    before, after = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(new / old for old, new in pairs)
    print(
        f"{len(pairs)} pairs: median {before:.1f} ms, then {after:.1f} ms; ratio, pair by pair, "
        f"{ratio:.3f}"
    )


if __name__ == "__main__":
    main()
