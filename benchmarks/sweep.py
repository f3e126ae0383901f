"""What a parameter of the pipeline is worth, on the half of a question set made for choosing.

usage: python -m benchmarks.sweep SET PARAMETER VALUE [VALUE ...] [--share N] [--half tune]

PARAMETER is a tuned value (qa/tuning.py), such as retrieval.fusion_weight. The index that is asked
is that of ATTEST_DATA. Prints a line a value; ``*`` marks the one in use. The half ``test`` can be
asked for by name, to report and not to choose.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

from eval import cases, gold, metrics
from eval.clients import InProcess
from eval.records import Half, Result
from eval.run import passages_for
from eval.summary import BY_NAME, interval
from index.config import IndexSettings, read
from qa import tuning
from qa.service.server import open_answerer
from qa.settings import ServiceSettings

SHOWN = ("Success@1", "R@5", "nDCG@10", "hit@5", "right if given", "AUROC", "AURC", "ECE")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("set", type=Path)
    parser.add_argument("parameter")
    parser.add_argument("values", nargs="+", type=float)
    parser.add_argument("--share", type=int, default=1, help="every Nth question")
    parser.add_argument("--half", choices=get_args(Half), default="tune")
    given = parser.parse_args()
    shipped = tuning.shipped()
    try:
        in_use = shipped.value(given.parameter)
        tried = [shipped.replaced(given.parameter, value) for value in given.values]
    except (KeyError, ValidationError) as error:
        parser.error(f"{given.parameter}: {error}")
    asked = cases.of_half(cases.load(given.set), given.half)[:: given.share]
    settings = read(ServiceSettings)
    opened = open_answerer(read(IndexSettings), settings)
    asker = InProcess(opened)
    places = {one.id: gold.find(one, asker) for one in asked}
    print(f"{len(asked)} questions of {given.half}\n\n| {given.parameter} | {' | '.join(SHOWN)} |")
    print("|---" * (len(SHOWN) + 1) + "|")
    for value, values in zip(given.values, tried, strict=True):
        asker = InProcess(opened.retuned(values))
        results = [
            Result(one, places[one.id], asker.ask(one, passages_for(asked))) for one in asked
        ]
        scored = metrics.score(results)
        figures = " | ".join(f"{interval(BY_NAME[name], scored).value:.3f}" for name in SHOWN)
        print(f"| {value:g}{'*' if value == in_use else ''} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
