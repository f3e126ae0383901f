"""Fits the head that gives vectors of whole texts from the token model's states, and writes it
(index/data/pooling-*.npz).

usage: python -m training.pooling [options] FOLDER [FOLDER ...]

FOLDER holds documents: seeds/, training/documents/, Security Council resolutions, paragraphs of
SQuAD. Their passages and the questions of training/pairs are given to both models; ridge
regression maps the states of one to the vectors of the other. The recipe: docs/training.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from eval import cases, qed
from index import build, generation, packaged, pooling, projection
from index.config import IndexSettings
from index.cutting import context
from index.onnx_graph import Graph
from index.projection import Floats
from training import groups

PAIRS = Path(__file__).parent / "pairs"
STRENGTH = 0.02
"""Penalty on large weights."""


def fit(states: Floats, wanted: Floats) -> Floats:
    """The matrix (width + 1, dimensions), the last row of which is added, that maps ``states``
    (texts, width) to ``wanted`` (texts, dimensions) with the least squares, ridge penalty
    included (Hoerl and Kennard, 1970)."""
    given, middle = states.astype(np.float64), wanted.mean(axis=0)
    mean = given.mean(axis=0)
    centred = given - mean
    gram = centred.T @ centred + STRENGTH * np.eye(centred.shape[1])
    weights = np.linalg.solve(gram, centred.T @ (wanted - middle))
    return np.concatenate([weights, (middle - mean @ weights)[None]]).astype(np.float32)


def pairs(texts: Sequence[str], asked: bool) -> tuple[Floats, Floats]:
    """What the head is applied to, (texts, width), and the vectors that it is to give, (texts,
    dimensions)."""
    tokens, dense = Graph(packaged.TOKENS), Graph(packaged.DENSE)

    def one(text: str) -> tuple[Floats, Floats]:
        _, states = tokens.encode(text, asked)
        _, first = dense.encode(text, asked)
        return pooling.pooled(projection.normalise(states)), projection.normalise(first[0])

    with ThreadPoolExecutor(2) as pool:
        found = [*pool.map(one, texts)]
    return np.array([each for each, _ in found]), np.array([each for _, each in found])


def passages(data: Path) -> Iterator[str]:
    """The passages of an index as they are encoded."""
    opened = generation.open_current(data)
    rows, _ = opened.vectors()
    for entry in opened.database.passages([int(row) for row in rows]):
        lead = context(entry.document.title, entry.section)
        yield f"{lead}\n{entry.text}" if lead else entry.text


def main() -> None:
    """Read the command line, fit, write."""
    parser = argparse.ArgumentParser(
        prog="python -m training.pooling",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="see above")
    parser.add_argument("--work", type=Path, required=True, help="an index of them is kept here")
    parser.add_argument(
        "--squad", type=Path, help="questions, as `attest eval convert` has them: tune"
    )
    parser.add_argument("--qed", type=Path, help="QED's train.jsonl")
    parser.add_argument("--every", type=int, default=1, help="take every Nth passage and question")
    given = parser.parse_args()
    # The index only cuts the documents into passages; there may be no head for its vectors yet.
    at = given.work / "index-pooling"
    build.build(given.folders, IndexSettings(data=at, dense_model=packaged.DENSE.name))
    texts = [*passages(at)][:: given.every]
    asked = [
        one.question for path in sorted(PAIRS.glob("*/*.jsonl")) for one in groups.read_pairs(path)
    ]
    if given.squad:
        asked += [one.question for one in cases.of_half(cases.load(given.squad), "tune")]
    if given.qed:
        asked += [one.question for one in qed.read(given.qed)]
    asked = asked[:: given.every]
    print(f"{len(texts)} passages, {len(asked)} questions", flush=True)
    matrices = {
        "passages": fit(*pairs(texts, False)),
        "questions": fit(*pairs(asked, True)),
    }
    target = pooling.FOLDER / f"pooling-{packaged.TOKENS.name}.npz"
    np.savez(target, allow_pickle=False, **{k: v.astype(np.float16) for k, v in matrices.items()})
    print(f"{target.name}: {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
