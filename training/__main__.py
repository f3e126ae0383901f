"""Trains the reader and writes its weights (qa/data/reader.onnx).

usage: python -m training [options]

Three steps, each with its folder of training/pairs/, and with some of the steps before again.

Takes the pairs over training/documents/ and seeds/, over the Security Council resolutions in
--resolutions, and the questions of the half `tune` of --squad, less a quarter kept for the
confidence. Needs `pip install -c constraints.txt -e '.[train]'`. About two hours on two
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
from rich.progress import track

from eval import cases, convert
from eval.records import is_held_out
from index import build, encoder, generation
from index.config import IndexSettings
from qa.config import ServiceSettings
from qa.pipeline import Answerer
from qa.reader import ORIGIN, WEIGHTS, TrainedReader
from training import groups, learn, origin
from training.export import export
from training.records import Example, Group

ROOT = Path(__file__).parent.parent
PAIRS, DOCUMENTS = ROOT / "training/pairs", ROOT / "training/documents"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of training, over the pairs of the folder of its name."""

    name: str
    passes: int
    rate: float
    from_teacher: tuple[float, ...]
    """What the teacher's margins count, pass by pass."""
    again: int
    """Groups of the steps before that it goes through again."""
    share: float
    """What its weights count in the end, beside those that it started from."""


STEPS = (
    Step("basis", 3, 1e-4, (0.05, 0.03, 0.0), 0, 1.0),
    Step("open", 1, 5e-5, (0.02,), 1100, 2 / 3),
    Step("wide", 2, 7e-5, (0.02, 0.0), 3000, 1 / 2),
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
        (step.name, one.stem): groups.read_pairs(one)[:limit]
        for step in STEPS
        for one in sorted((PAIRS / step.name).glob("*.jsonl"))
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
        print(f"{step}/{name}: {len(made)} of {len(pairs)} pairs", flush=True)
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


def taught(found: list[Group]) -> list[Group]:
    """``found`` with what the packaged model, whole, makes of each example."""
    teacher = TrainedReader(ORIGIN.path("model.onnx"))

    def with_logits(group: Group) -> Group:
        logits = teacher.read(group.question, [one.text for one in group.examples])
        examples = zip(group.examples, logits, strict=True)
        return replace(group, examples=tuple(Example(e.text, e.answers, z) for e, z in examples))

    return [with_logits(one) for one in track(found, "asking the teacher")]


def again(before: list[Group], count: int) -> list[Group]:
    """Some of the groups of the steps before, so that none of it is forgotten: one in four with
    slips of typing, one in eight without capitals."""
    order = random.Random(0)
    found = order.sample(before, min(count, len(before)))
    for place, one in enumerate(found):
        if place % 4 == 0:
            found[place] = groups.sloppy(one, order)
        elif place % 8 == 1:
            found[place] = replace(one, question=one.question.lower().rstrip("?."))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = [step.name for step in STEPS]
    parser.add_argument("--squad", type=Path, help="SQuAD 2.0, its JSON")
    parser.add_argument("--resolutions", type=Path, help="folder of S_RES_*.txt")
    parser.add_argument("--layers", type=int, default=6, help="of the twelve (default: 6)")
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
    for step in STEPS:
        mine = [one for one in found[step.name] if one.examples]
        if step.name in given.steps and mine:
            print(f"{step.name}: {len(mine)} groups, {step.passes} passes", flush=True)
            started = learn.weights_of(model)
            asked = taught(mine + again(before, step.again))
            learn.teach(model, asked, step.passes, progress, step.rate, step.from_teacher)
            model.load_state_dict(learn.mean(started, learn.weights_of(model), step.share))
        before += mine
    export(model, given.out)
    print(f"{given.out}: {given.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
