"""What questions wait beside a build of the service, and how soon an upload can be asked.

usage: python -m benchmarks.building [--rounds N] [--seconds S] [--data DIR] [--pdf FILE]

Starts the real service over an index of seeds/, or over the one in DIR (which keeps what is
uploaded, but for the PDF). Asks it for S seconds while it is idle, then while it builds what was
uploaded: pages of HTML (read by processes of their own) and a long text (to be encoded); N times
by turns, so that whatever else the machine does falls on both. Then uploads a short text, and notes
how long it takes until it is live, with the builder's models loaded or not. With a PDF: how long
until it can be asked while questions are answered, and until it is gone after it was deleted.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
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


def _pdf(address: str, path: Path, number: int) -> tuple[float, float]:
    """Seconds until a PDF can be asked, and until it is gone after it was deleted."""
    content = path.read_bytes() + b"\n%% copy %d\n" % number  # another file with the same pages
    started = time.perf_counter()
    response = httpx.post(
        f"{address}/v1/documents", files=[("files", ("benchmark.pdf", content))], timeout=60
    )
    response.raise_for_status()
    _live(address, response.json()["build"])
    came = time.perf_counter() - started
    entries = httpx.get(f"{address}/v1/documents", timeout=60).json()["documents"]
    (id,) = [one["id"] for one in entries if one["source"] == "benchmark.pdf"]
    started = time.perf_counter()
    answer = httpx.delete(f"{address}/v1/documents/{id}", timeout=60)
    answer.raise_for_status()
    while httpx.get(f"{address}/v1/documents/{id}", timeout=60).status_code != 404:
        time.sleep(0.01)
    gone = time.perf_counter() - started
    _live(address, answer.json()["build"])
    return came, gone


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


def report(rounds: int, seconds: float, given: Path | None, pdf: Path | None) -> str:
    """Run everything and describe it in Markdown."""
    asked = common.questions("questions_resolutions.txt" if given else "questions_seeds.txt")
    idle: list[float] = []
    beside: list[float] = []
    soon: list[float] = []
    printed: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory(prefix="attest-building-") as place:
        data = given or Path(place) / "var"
        if given is None:
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
                if pdf is not None:
                    with ThreadPoolExecutor(1) as pool:
                        coming = pool.submit(_pdf, address, pdf, number)
                        common.load(address, asked, 1, seconds)
                        printed.append(coming.result())
    rows = [common.Load(1, len(one), rounds * seconds, sorted(one)).row() for one in (idle, beside)]
    heads = common.LOAD_HEAD.split("\n")
    lines = [
        f"A short text is live {cold:.1f} s after its upload if the builder has to start; "
        f"{min(soon):.1f} to {max(soon):.1f} s if its models are loaded."
    ]
    if printed:
        came, gone = zip(*printed, strict=True)
        lines += [
            f"The PDF can be asked {min(came):.1f} to {max(came):.1f} s after its upload, beside "
            f"questions, and is gone {max(gone):.2f} s at most after it was deleted."
        ]
    return "\n".join(
        [
            f"Machine: {common.machine()}.",
            "",
            f"| {'':9}{heads[0]}",
            f"|---{heads[1]}",
            f"| idle {rows[0]}",
            f"| beside a build {rows[1]}",
            "",
            *lines,
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
    parser.add_argument("--data", type=Path)
    parser.add_argument("--pdf", type=Path)
    given = parser.parse_args()
    print(report(given.rounds, given.seconds, given.data, given.pdf))


if __name__ == "__main__":
    main()
