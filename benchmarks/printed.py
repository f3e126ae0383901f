"""How long pictures of pages take over HTTP: drawn anew, kept on disk, and known to the client.

usage: python -m benchmarks.printed [--data DIR] [--width N]

Starts the real service over an index (default: var/) that has PDFs, and asks for every page of them
three times. What is kept of earlier pictures is removed first.
"""

from __future__ import annotations

import argparse
import http.client
import json
import shutil
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

import numpy as np

from benchmarks import common
from index import pictures

HEAD = "| | pages | p50 ms | p95 ms | most ms | p50 KiB |\n|---|---|---|---|---|---|"


class Client:
    """One connection to the service."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc)

    def get(self, path: str, tag: str = "") -> tuple[float, bytes, str]:
        """Milliseconds, body and entity tag of an answer. ``tag``: what is known already."""
        began = time.perf_counter()
        self._connection.request("GET", path, headers={"If-None-Match": tag} if tag else {})
        response = self._connection.getresponse()
        body = response.read()
        assert response.status in (200, 304), body
        return (time.perf_counter() - began) * 1e3, body, response.headers.get("ETag", "")


def addresses(client: Client, width: int) -> list[str]:
    """Where the pictures of all pages are."""
    found = []
    for one in json.loads(client.get("/v1/documents")[1])["documents"]:
        document = f"/v1/documents/{quote(one['id'], safe='')}/pages"
        said = json.loads(client.get(document)[1])
        count = len(said["pages"]) if said["pictures"] else 0
        found += [f"{document}/{page}.png?width={width}" for page in range(1, count + 1)]
    return found


def row(name: str, answers: list[tuple[float, bytes, str]]) -> str:
    """A line of the report."""
    times = [one[0] for one in answers]
    size = np.median([len(one[1]) for one in answers]) / 1024
    figures = (np.median(times), np.quantile(times, 0.95), max(times))
    timed = " | ".join(f"{one:.1f}" for one in figures)
    return f"| {name} | {len(answers)} | {timed} | {size:.0f} |"


def report(data: Path, width: int) -> str:
    """Ask for every page and describe it in Markdown."""
    shutil.rmtree(data / pictures.FOLDER, ignore_errors=True)
    with common.service(data) as running:
        client = Client(running.address)
        asked = addresses(client, width)
        first = client.get(asked[0].partition("?")[0])  # the process starts with it
        drawn = [client.get(one) for one in asked]
        kept = [client.get(one) for one in asked]
        known = [client.get(one, tag) for one, (_, _, tag) in zip(asked, kept, strict=True)]
    lines = [
        f"Machine: {common.machine()}. Pictures {width} pixels wide.",
        f"The first page, with the start of the process that draws: {first[0]:.0f} ms.",
        "",
        HEAD,
        row("drawn", drawn),
        row("kept", kept),
        row("known", known),
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("var"))
    parser.add_argument("--width", type=int, default=900)
    given = parser.parse_args()
    print(report(given.data, given.width))


if __name__ == "__main__":
    main()
