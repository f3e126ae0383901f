"""Trains the reader and writes its weights (qa/data/reader.onnx).

usage: python -m training [options]

Two steps: first all but the open questions, then those with some of the first again.

Takes the pairs of training/pairs/ over training/documents/ and seeds/, over the Security
Council resolutions in --resolutions, and the questions of the half `tune` of --squad, less a
quarter kept for the confidence. Needs `pip install -c constraints.txt -e '.[train]'`. About an
hour on two cores that have bfloat16 arithmetic. The recipe: docs/training.md.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rich.progress import track

from eval import cases, convert
from eval.records import is_held_out
from index import build, encoder, generation
from index.config import IndexSettings
from qa.config import ServiceSettings
from qa.pipeline import Answerer
from qa.reader import ORIGIN, WEIGHTS, TrainedReader
from training import groups, learn
from training.export import export
from training.origin import load
from training.records import Example, Group

ROOT = Path(__file__).parent.parent
AGAIN = 1100
"""Groups of the first step that the second goes through again."""
FROM_TEACHER = (0.02,)
PAIRS, DOCUMENTS = ROOT / "training/pairs", ROOT / "training/documents"


def answerer_over(paths: list[Path], data: Path) -> Answerer:
    """An answerer over ``paths``, indexed in ``data``."""
    settings = IndexSettings(data=data)
    build.build(paths, settings)
    return Answerer(generation.open_current(data), encoder.load(settings), ServiceSettings())


def of_pairs(resolutions: Path | None, work: Path) -> dict[str, list[Group]]:
    """The groups of all pairs whose documents are there, file by file."""
    files = {one.stem: groups.read_pairs(one) for one in sorted(PAIRS.glob("*.jsonl"))}
    named = {pair.document for pairs in files.values() for pair in pairs}
    paths = [DOCUMENTS, ROOT / "seeds"]
    for path in sorted(resolutions.glob("*.txt")) if resolutions else []:
        if path.stem.lower().replace("_", "-") in named:
            paths.append(path)
    answerer = answerer_over(paths, work / "pairs")
    found = {name: [*groups.of_pairs(pairs, answerer)] for name, pairs in files.items()}
    for name, pairs in files.items():
        print(f"{name}: {len(found[name])} of {len(pairs)} pairs")
    return found


def of_squad(source: Path, work: Path) -> Iterator[Group]:
    """The groups of the questions that the reader may see."""
    convert.convert(source, work / "squad")
    answerer = answerer_over([work / "squad" / convert.DOCUMENTS], work / "squad-index")
    asked = cases.of_half(cases.load(work / "squad" / convert.QUESTIONS), "tune")
    seen = [one for one in asked if not is_held_out(one.id)]
    print(f"{source.name}: {len(seen)} of {len(asked)} questions of the half tune")
    return groups.of_cases(seen, answerer)


def taught(found: list[Group]) -> list[Group]:
    """``found`` with what the packaged model, whole, makes of each example."""
    teacher = TrainedReader(ORIGIN.path("model.onnx"))

    def with_logits(group: Group) -> Group:
        logits = teacher.read(group.question, [one.text for one in group.examples])
        examples = zip(group.examples, logits, strict=True)
        return replace(group, examples=tuple(Example(e.text, e.answers, z) for e, z in examples))

    return [with_logits(one) for one in track(found, "asking the teacher")]


def again(first: list[Group]) -> list[Group]:
    """Some of the first step's groups for the second, so that it forgets none of it: one in
    four with slips of typing, one in eight without capitals."""
    order = random.Random(0)
    found = order.sample(first, min(AGAIN, len(first)))
    for place, one in enumerate(found):
        if place % 4 == 0:
            found[place] = groups.sloppy(one, order)
        elif place % 8 == 1:
            found[place] = replace(one, question=one.question.lower().rstrip("?."))
    return found


def _open(name: str) -> bool:
    return name.startswith("open-")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--squad", type=Path, help="SQuAD 2.0, its JSON")
    parser.add_argument("--resolutions", type=Path, help="folder of S_RES_*.txt")
    parser.add_argument("--layers", type=int, default=6, help="of the twelve (default: 6)")
    parser.add_argument("--passes", type=int, default=3, help="over all groups (default: 3)")
    parser.add_argument("--limit", type=int, help="so many groups alone, to try it out")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help=f"default: {WEIGHTS.name}")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        files = of_pairs(given.resolutions, Path(work))
        first = [one for name, found in files.items() if not _open(name) for one in found]
        second = [one for name, found in files.items() if _open(name) for one in found]
        if given.squad:
            first += of_squad(given.squad, Path(work))
    first = taught([one for one in first if one.examples][: given.limit])
    second = taught([one for one in second if one.examples][: given.limit])
    if not first:
        parser.error("there is nothing to train on")
    second += again(first)
    model = load(given.layers)

    def progress(done: int, total: int, loss: float) -> None:
        if done % 50 == 0 or done == total:
            print(f"step {done} of {total}, loss {loss:.3f}", flush=True)

    learn.teach(model, first, given.passes, progress)
    weights = learn.weights_of(model)
    learn.teach(model, second, 1, progress, learn.SECOND_RATE, FROM_TEACHER)
    model.load_state_dict(learn.mean(weights, learn.weights_of(model), learn.SECOND_SHARE))
    export(model, given.out)
    print(f"{given.out}: {given.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
