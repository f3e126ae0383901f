"""What questions wait beside a build of the service, and how soon an upload can be asked.

usage: python -m benchmarks.building [--rounds N] [--seconds S]

Starts the real service over an index of seeds/. Asks it for S seconds while it is idle, then while
it builds what was uploaded: pages of HTML (read by processes of their own) and a long text (to be
encoded); N times by turns, so that whatever else the machine does falls on both. Then uploads a
short text, and notes how long it takes until it is live, with the builder's models loaded or not.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import httpx

from benchmarks import common
from index import encoder
from index.build import build
from index.config import IndexSettings

SEEDS = Path(__file__).parent.parent / "seeds"
PAGES = 20
PARAGRAPHS = 400


def _post(address: str, files: list[tuple[str, str]]) -> str:
    parts = [("files", (name, text.encode())) for name, text in files]
    response = httpx.post(f"{address}/v1/documents", files=parts, timeout=60)
    response.raise_for_status()
    return str(response.json()["build"])


def _state(address: str, build: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{address}/v1/builds/{build}", timeout=60) as response:
        found: dict[str, Any] = json.load(response)
        return found


def _live(address: str, build: str) -> float:
    """Seconds until a build is live."""
    started = time.perf_counter()
    while (state := _state(address, build))["state"] != "live":
        if state["state"] == "failed":
            raise RuntimeError(state["detail"])
        time.sleep(0.01)
    return time.perf_counter() - started


def _material(number: int) -> list[tuple[str, str]]:
    """Files to upload that no round before has had."""
    seed = (SEEDS / "cted-counter-terrorism-in-cyberspace.txt").read_text(encoding="utf-8")
    paragraphs = [one for one in seed.split("\n\n") if len(one) > 300]
    many = [f"Case {number}-{n}. {paragraphs[n % len(paragraphs)]}" for n in range(PARAGRAPHS)]
    pages = [
        (
            f"page-{n}.html",
            "<h1>Page</h1>" + "".join(f"<p>{number}-{n} {one}</p>" for one in paragraphs),
        )
        for n in range(PAGES)
    ]
    return [("long.txt", "\n\n".join(many)), *pages]


def report(rounds: int, seconds: float) -> str:
    """Run everything and describe it in Markdown."""
    asked = common.questions("questions_seeds.txt")
    idle: list[float] = []
    beside: list[float] = []
    soon: list[float] = []
    with tempfile.TemporaryDirectory(prefix="attest-building-") as place:
        data = Path(place) / "var"
        build([SEEDS], IndexSettings(data=data), encoder.load)
        with common.service(data) as running:
            address = running.address
            common.load(address, asked, 2, 3)
            cold = _timed(address, "cold.txt", "The first herring of the year is silver.")
            for number in range(rounds):
                idle += common.load(address, asked, 1, seconds).latencies
                wanted = _post(address, _material(number))
                beside += common.load(address, asked, 1, seconds).latencies
                if _state(address, wanted)["state"] == "live":
                    raise RuntimeError("the build was over before the questions were")
                _live(address, wanted)
                text = f"Herring number {number} of the year is blue."
                soon.append(_timed(address, "warm.txt", text))
    rows = [common.Load(1, len(one), rounds * seconds, sorted(one)).row() for one in (idle, beside)]
    heads = common.LOAD_HEAD.split("\n")
    return "\n".join(
        [
            f"Machine: {common.machine()}.",
            "",
            f"| {'':9}{heads[0]}",
            f"|---{heads[1]}",
            f"| idle {rows[0]}",
            f"| beside a build {rows[1]}",
            "",
            f"A short text is live {cold:.1f} s after its upload if the builder has to start; "
            f"{min(soon):.1f} to {max(soon):.1f} s if its models are loaded.",
        ]
    )


def _timed(address: str, name: str, text: str) -> float:
    started = time.perf_counter()
    _live(address, _post(address, [(name, text)]))
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0)
    given = parser.parse_args()
    print(report(given.rounds, given.seconds))


if __name__ == "__main__":
    main()
