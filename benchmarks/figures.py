"""The table of docs/measurements.md: runs of several question sets side by side, in Markdown.

usage: python -m benchmarks.figures [--half test] NAME=RUN [NAME=RUN ...]

RUN is the name of a run (or its folder); NAME heads its column.
"""

from __future__ import annotations

import argparse
from typing import get_args

from eval import baseline, tables
from eval.config import EvalSettings
from eval.records import Half
from eval.summary import ALL, MEASURES, summarise
from index.config import read


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", nargs="+", metavar="NAME=RUN")
    parser.add_argument("--half", choices=get_args(Half), default="test")
    given = parser.parse_args()
    folder = read(EvalSettings).runs
    named = [one.partition("=")[::2] for one in given.runs]
    scored = [baseline.load(run, folder, given.half) for _, run in named]
    found = [summarise(one)[ALL] for one in scored]
    print(f"| {given.half} | {' | '.join(name for name, _ in named)} |")
    print("|---" * (len(named) + 1) + "|")
    print(f"| questions | {' | '.join(str(len(one)) for one in scored)} |")
    for measure in MEASURES:
        cells = [
            tables.with_interval(measure, one[measure.name]) if measure.name in one else ""
            for one in found
        ]
        if any(cells):
            print(f"| {measure.name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
