"""What a parameter of the pipeline is worth, on the half of a question set made for choosing.

usage: python -m benchmarks.sweep SET PARAMETER VALUE [VALUE ...] [--share N] [--half tune]

PARAMETER is a module's constant, such as qa.ranking.retrieve.FUSION_WEIGHT. The index that is asked is
that of ATTEST_DATA. Prints a line a value; ``*`` marks the one in use. The half ``test`` can be
asked for by name, to report and not to choose.
"""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path
from typing import get_args

from eval import cases, gold, metrics
from eval.clients import InProcess
from eval.records import Half, Result
from eval.run import passages_for
from eval.summary import BY_NAME, interval
from index.config import IndexSettings, read
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
    module_name, _, constant = given.parameter.rpartition(".")
    module = importlib.import_module(module_name)
    in_use = getattr(module, constant)
    asked = cases.of_half(cases.load(given.set), given.half)[:: given.share]
    asker = InProcess(open_answerer(read(IndexSettings), read(ServiceSettings)))
    places = {one.id: gold.find(one, asker) for one in asked}
    print(f"{len(asked)} questions of {given.half}\n\n| {constant} | {' | '.join(SHOWN)} |")
    print("|---" * (len(SHOWN) + 1) + "|")
    for value in given.values:
        setattr(module, constant, type(in_use)(value))
        results = [
            Result(one, places[one.id], asker.ask(one, passages_for(asked))) for one in asked
        ]
        scored = metrics.score(results)
        figures = " | ".join(f"{interval(BY_NAME[name], scored).value:.3f}" for name in SHOWN)
        print(f"| {value:g}{'*' if value == in_use else ''} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
