"""Trains the reader and writes its weights (qa/data/reader-*.onnx).

usage: python -m training --work FOLDER [options]

Four steps, each kept in FOLDER and not done again: the pipeline is asked for the quotes of every
question (gather); twelve layers are taught all of them (teacher) and say of each quote what they
make of it (soften); fewer layers, with exits, learn from labels and teacher (pupil). What is
interrupted goes on where it was. The recipe: docs/training.md.
"""

from __future__ import annotations

import argparse
import os
import random
from pathlib import Path

import torch

from training import checkpoint, learn, material, model, origin, store
from training.export import export
from training.learn import Recipe
from training.records import Group

LAYERS = (1, 2, 3, 4, 5, 6)
"""Layers of the teacher that the pupil begins with: the lower half learns faster than every other
one (Sajjad et al., 2023, found the same)."""
EXITS = (2, 4, 6)
"""Layers of the pupil after which it judges."""
TEACHER, PUPIL = Recipe(6e-5), Recipe(1.2e-4, until=2e-5)
STARTED = "pupil.npz"
"""The pupil as far as it is taught, beside its weights."""
COLLECTIONS = ("seeds", "resolutions", "invented", "squad", "qed")


def main() -> None:
    """Read the command line, train, write."""
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--work", type=Path, required=True, help="what is made is kept here")
    parser.add_argument("--resolutions", type=Path, help="folder of S_RES_*.txt")
    parser.add_argument("--squad", type=Path, help="SQuAD 2.0, its JSON")
    parser.add_argument("--qed", type=Path, help="QED's train.jsonl")
    parser.add_argument("--without", choices=COLLECTIONS, help="teach nothing of this collection")
    parser.add_argument("--share", type=float, default=1.0, help="of the groups, drawn by chance")
    parser.add_argument("--limit", type=int, help="so many questions of each file, to try it out")
    parser.add_argument("--start", type=Path, help=f"a {STARTED} that the pupil goes on from")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    given = parser.parse_args()
    sources = material.Sources(
        given.work, given.resolutions, given.squad, given.qed, limit=given.limit
    )
    train(sources, given.without, given.share, given.out, given.start)


def train(
    sources: material.Sources,
    without: str | None,
    share: float,
    out: Path,
    start: Path | None = None,
) -> None:
    """Teach a reader and write it into the folder ``out``; what ``sources.work`` keeps is not made
    again. ``start`` is a checkpoint that the pupil goes on from."""
    groups = drawn(material.gather(sources), without, share)
    torch.set_num_threads(os.cpu_count() or 1)  # asking the pipeline has kept it to one
    work, name = sources.work, f"{without or 'all'}-{share:g}"
    teacher = model.started(origin.shipped(), range(1, origin.LAYERS + 1), [origin.LAYERS])
    learn.teach(teacher, groups, TEACHER, progress("teacher"), work / f"teacher-{name}.pt")
    groups = store.kept(work / f"softened-{name}.jsonl", lambda: learn.softened(teacher, groups))
    pupil = checkpoint.read(start) if start else model.started(teacher.state_dict(), LAYERS, EXITS)
    learn.teach(pupil, groups, PUPIL, progress("pupil"), work / f"pupil-{name}.pt")
    export(pupil, out)
    checkpoint.write(pupil, out / STARTED)


def drawn(groups: list[Group], without: str | None, share: float) -> list[Group]:
    """The groups that are taught: of all collections but ``without``, a share of each."""
    kept = [one for one in groups if one.collection != without]
    return random.Random(0).sample(kept, round(share * len(kept)))


def progress(step: str) -> learn.Progress:
    """Prints how far ``step`` is."""

    def tell(done: int, total: int, loss: float) -> None:
        if done % 50 == 0 or done == total:
            print(f"{step}: {done} of {total}, loss {loss:.3f}", flush=True)

    return tell


if __name__ == "__main__":
    main()
