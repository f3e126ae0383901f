"""Indexes a large collection and asks it: speed, size by part, memory, latency.

usage: python -m benchmarks.collection FOLDER [--data DIR] [--seconds N]

FOLDER holds the 2,224 Security Council resolutions as text files (or any other documents;
then give --questions too). Indexes them with the real command into DIR (default: a new
temporary folder), compares the passages a second with what the encoders alone can do, and
asks the service over the result.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import common, latency
from index import generation
from index.cutting import context

SAMPLE = 400


def build(folder: Path, data: Path) -> tuple[dict[str, Any], float]:
    """Index ``folder`` into ``data``; the command's own report and its peak memory in MiB."""
    done = subprocess.run(
        [sys.executable, "-m", "index.main", "index", str(folder), "--json"],
        env={**os.environ, "ATTEST_DATA": str(data)},
        stdout=subprocess.PIPE,
        check=False,
        text=True,
    )
    if done.returncode not in {0, 3}:
        sys.exit("indexing failed")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return json.loads(done.stdout), peak


def sizes(data: Path) -> str:
    """A Markdown table of the files of the live generation by part."""
    opened = generation.open_current(data)
    parts: dict[str, int] = {}
    for name, entry in opened.files.items():
        part = name.split("/")[2] if name.startswith("segments/") else name
        parts[part] = parts.get(part, 0) + entry["bytes"]
    rows = [
        f"| {name} | {size / 2**20:.1f} |"
        for name, size in sorted(parts.items(), key=lambda pair: -pair[1])
    ]
    total = sum(parts.values()) / 2**20
    return "\n".join(["| part | MiB |", "|---|---|", *rows, f"| all | {total:.1f} |"])


def sample(data: Path) -> list[str]:
    """What the encoders read of passages spread evenly over the collection."""
    opened = generation.open_current(data)
    count = opened.manifest.counts["passages"]
    rows = list(range(0, count, max(1, count // SAMPLE)))[:SAMPLE]
    return [
        f"{context(entry.document.title, entry.section)}\n{entry.text}"
        for entry in opened.database.passages(rows)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--questions", default="questions_resolutions.txt")
    parser.add_argument("--seconds", type=float, default=15)
    given = parser.parse_args()
    data = given.data or Path(tempfile.mkdtemp())
    built, peak = build(given.folder, data)
    texts = sample(data)
    floor = common.passage_floor(texts)
    print(
        f"{built['documents']} documents, {built['passages']} passages, {built['sentences']} "
        f"sentences, {len(built['skipped'])} files skipped, in {built['seconds']:.0f} s."
    )
    if built["encoded"]:
        speed = built["encoded"] / built["seconds"]
        print(
            f"{speed:.1f} passages/s from files to a live index; the encoder alone does "
            f"{floor:.1f} passages/s on {len(texts)} of the same passages: {speed / floor:.0%}."
        )
    print(f"Peak memory of indexing: {peak:.0f} MiB.\n\n{sizes(data)}\n")
    print(latency.report(data, common.questions(given.questions), given.seconds))


if __name__ == "__main__":
    main()
