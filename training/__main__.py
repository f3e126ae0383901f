"""Trains the reader and writes its weights (qa/data/reader.onnx).

usage: python -m training [options]

Two steps (STEPS below): all that is known, then the mistakes that were still made, with some of the
first again.

Takes the pairs over training/documents/ and seeds/, over the Security Council resolutions in
--resolutions, and the questions of the half `tune` of --squad, less a quarter kept for the
confidence. About an hour and a half on two
cores that have bfloat16 arithmetic. The recipe: docs/training.md.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from eval import cases, convert
from eval.records import is_held_out
from index import build, encoder, generation
from index.config import IndexSettings
from qa.pipeline import Answerer
from qa.ranking.cross_encoder import WEIGHTS
from qa.settings import ServiceSettings
from training import groups, learn, origin
from training.export import export
from training.records import Group

ROOT = Path(__file__).parent.parent
PAIRS, DOCUMENTS = ROOT / "training/pairs", ROOT / "training/documents"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of training: one pass over the pairs of some folders."""

    name: str
    folders: tuple[str, ...]
    rate: float
    until: float
    """The rate falls to this."""
    again: int
    """Groups of the steps before that it goes through again."""


STEPS = (
    Step("wide", ("basis", "open", "wide"), 8e-5, 4e-5, 0),
    Step("close", ("close",), 4e-5, 0.0, 1800),
)


def answerer_over(paths: list[Path], data: Path) -> Answerer:
    """An answerer over ``paths``, indexed in ``data``."""
    settings = IndexSettings(data=data)
    build.build(paths, settings)
    return Answerer(generation.open_current(data), encoder.load(settings), ServiceSettings())


def of_pairs(resolutions: Path | None, work: Path, limit: int | None) -> dict[str, list[Group]]:
    """The groups of all pairs whose documents are there, step by step; of each file ``limit``
    pairs at most."""
    files = {
        (step.name, f"{folder}/{one.stem}"): groups.read_pairs(one)[:limit]
        for step in STEPS
        for folder in step.folders
        for one in sorted((PAIRS / folder).glob("*.jsonl"))
    }
    named = {pair.document for pairs in files.values() for pair in pairs}
    paths = [DOCUMENTS, ROOT / "seeds"]
    for path in sorted(resolutions.glob("*.txt")) if resolutions else []:
        if path.stem.lower().replace("_", "-") in named:
            paths.append(path)
    answerer = answerer_over(paths, work / "pairs")
    invented = {one.stem for one in DOCUMENTS.glob("*.txt")}
    found: dict[str, list[Group]] = {step.name: [] for step in STEPS}
    for (step, name), pairs in files.items():
        made = [*groups.of_pairs(pairs, answerer, invented)]
        print(f"{name}: {len(made)} of {len(pairs)} pairs", flush=True)
        found[step] += made
    return found


def of_squad(source: Path, work: Path, limit: int | None) -> Iterator[Group]:
    """The groups of the questions that the reader may see, ``limit`` at most."""
    convert.convert(source, work / "squad")
    answerer = answerer_over([work / "squad" / convert.DOCUMENTS], work / "squad-index")
    asked = cases.of_half(cases.load(work / "squad" / convert.QUESTIONS), "tune")
    seen = [one for one in asked if not is_held_out(one.id)][:limit]
    print(f"{source.name}: {len(seen)} of {len(asked)} questions of the half tune", flush=True)
    return groups.of_cases(seen, answerer)


def typed(found: list[Group], order: random.Random) -> list[Group]:
    """``found`` in a random order, as people type: one in ten with slips, one in twenty without
    capitals."""
    shuffled = order.sample(found, len(found))
    for place, one in enumerate(shuffled):
        if place % 10 == 0:
            shuffled[place] = groups.sloppy(one, order)
        elif place % 20 == 1:
            shuffled[place] = replace(one, question=one.question.lower().rstrip("?."))
    return shuffled


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = [step.name for step in STEPS]
    parser.add_argument("--squad", type=Path, help="SQuAD 2.0, its JSON")
    parser.add_argument("--resolutions", type=Path, help="folder of S_RES_*.txt")
    parser.add_argument("--layers", type=int, default=12, help="of the twelve (default: all)")
    parser.add_argument("--limit", type=int, help="so many pairs of each file alone, to try it out")
    parser.add_argument("--from", dest="start", type=Path, help="weights that --steps go on from")
    parser.add_argument("--steps", nargs="+", choices=names, default=names, help="default: all")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help=f"default: {WEIGHTS.name}")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        found = of_pairs(given.resolutions, Path(work), given.limit)
        if given.squad:
            found[names[0]] += of_squad(given.squad, Path(work), given.limit)
    torch.set_num_threads(os.cpu_count() or 1)  # asking the pipeline has kept it to one
    model = origin.load(given.layers) if given.start is None else origin.reload(given.start)

    def progress(done: int, total: int, loss: float) -> None:
        if done % 50 == 0 or done == total:
            print(f"step {done} of {total}, loss {loss:.3f}", flush=True)

    before: list[Group] = []
    order = random.Random(0)
    for step in STEPS:
        mine = [one for one in found[step.name] if one.examples]
        if step.name in given.steps and mine:
            print(f"{step.name}: {len(mine)} groups", flush=True)
            again = order.sample(before, min(step.again, len(before)))
            learn.teach(model, typed(mine + again, order), progress, step.rate, step.until)
        before += mine
    export(model, given.out)
    print(f"{given.out}: {given.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
