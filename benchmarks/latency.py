"""Latency, throughput, memory and start-up of the service, against the floor of its models.

usage: python -m benchmarks.latency [--data DIR] [--questions FILE] [--seconds N]

Starts the real service over an index (default: var/, built by `attest index`) and asks it
over HTTP from this process, which shares the cores.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks import common, reading

CLIENTS = (1, 8, 16, 32)


def report(data: Path, asked: list[str], seconds: float) -> str:
    """Run everything and describe it in Markdown."""
    encoding = common.question_floor(asked)
    read = reading.floor(data, asked)
    with common.service(data) as running:
        common.load(running.address, asked, 2, 3)  # first questions warm caches and threads
        loads = [common.load(running.address, asked, count, seconds) for count in CLIENTS]
        peak, started = running.peak_mib(), running.started_in
    p50 = loads[0].quantile(0.5)
    lines = [
        f"Machine: {common.machine()}.",
        f"Floor, the forward pass of a question in bare ONNX Runtime: {encoding:.1f} ms.",
        f"The reader takes {read:.1f} ms for the quotes of a question, on both cores.",
        f"p50 of `POST /v1/ask` at one client is {p50 / encoding:.1f} times that pass, and "
        f"{p50 / (encoding + read):.1f} times all that the models take.",
        f"Ready {started:.1f} s after the start of the process; {peak:.0f} MiB at the peak.",
        "",
        common.LOAD_HEAD,
        *(one.row() for one in loads),
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("var"))
    parser.add_argument("--questions", default="questions_seeds.txt")
    parser.add_argument("--seconds", type=float, default=15)
    given = parser.parse_args()
    print(report(given.data, common.questions(given.questions), given.seconds))


if __name__ == "__main__":
    main()
