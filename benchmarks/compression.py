"""What compressing token vectors costs in ranking: full states against fewer dimensions and bits.

usage: python -m benchmarks.compression SQUAD_JSON [--questions N]

Ranks every paragraph of a SQuAD file for N of its answerable questions (the first N by a hash
of their ids) by exact MaxSim with IDF weights, nothing else, so that the loss is not hidden
by the other rankers. Measures are those of ir-measures.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import ir_measures
import numpy as np
import numpy.typing as npt
from ir_measures import RR, R

from index import encoder, packaged, projection
from index.projection import Floats

MEASURES = [R @ 1, R @ 5, RR @ 10]
VARIANTS = (
    ("384 dimensions, 32 bits", None, "no"),
    ("128 dimensions, 32 bits", 128, "no"),
    ("128 dimensions, 8 bits", 128, "token"),
    ("96 dimensions, 32 bits", 96, "no"),
    ("**96 dimensions, 8 bits**", 96, "token"),
    ("96 dimensions, 8 bits, one step for all", 96, "all"),
    ("64 dimensions, 8 bits", 64, "token"),
    ("32 dimensions, 8 bits", 32, "token"),
)
"""Name, dimensions kept, and whether components are rounded: with a step for each token, as
the index does, or with one step that spans them all."""


@dataclass(frozen=True)
class States:
    """Token states of some texts, one after the other."""

    states: Floats
    ids: npt.NDArray[np.int64]
    bounds: npt.NDArray[np.int64]


def encode(texts: list[str], task: str) -> States:
    """Full states of ``texts`` by the packaged token model."""
    model = encoder.token_model(packaged.TOKENS.name)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda text: encoder.forward(model, text, task), texts))
    states = [one["token_embeddings"][0].numpy() for one in found]
    ids = [one["input_ids"][0].numpy() for one in found]
    bounds = np.cumsum([0, *map(len, ids)])
    return States(np.concatenate(states), np.concatenate(ids), bounds)


def idf(passages: States) -> Floats:
    """Weight of every vocabulary entry, as ``index.tokens`` has it."""
    frequencies = np.zeros(int(passages.ids.max()) + 30_000)
    spans = zip(passages.bounds[:-1], passages.bounds[1:], strict=True)
    for first, last in spans:
        frequencies[np.unique(passages.ids[first:last])] += 1
    count = len(passages.bounds) - 1
    return np.maximum(np.log((count + 1) / (frequencies + 0.5)), 0).astype(np.float32)


def compress(states: Floats, dimensions: int | None, rounded: str) -> Floats:
    """What a search would see of ``states``."""
    if dimensions is not None:
        states = projection.load(packaged.TOKENS.name, dimensions).apply(states)
    if rounded == "all":
        step = np.abs(states).max() / 127
        states = (np.rint(states / step) * step).astype(np.float32)
    if rounded == "token":
        codes, scales = projection.quantise(states)
        states = codes.astype(np.float32) * scales.astype(np.float32)[:, None]
    return states


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("squad", type=Path)
    parser.add_argument("--questions", type=int, default=600)
    given = parser.parse_args()
    articles = json.loads(given.squad.read_text(encoding="utf-8"))["data"]
    paragraphs = [one for article in articles for one in article["paragraphs"]]
    asked = sorted(
        (hashlib.sha256(question["id"].encode()).hexdigest(), question["question"], number)
        for number, paragraph in enumerate(paragraphs)
        for question in paragraph["qas"]
        if not question["is_impossible"]
    )[: given.questions]
    passages = encode([one["context"] for one in paragraphs], "document")
    queries = encode([question for _, question, _ in asked], "query")
    weights = idf(passages)
    qrels = [ir_measures.Qrel(id, str(number), 1) for id, _, number in asked]
    print(f"{len(paragraphs)} paragraphs, {len(passages.ids)} tokens, {len(asked)} questions")
    print("| token vectors | bytes a token | R@1 | R@5 | MRR@10 |\n|---|---|---|---|---|")
    for name, dimensions, rounded in VARIANTS:
        texts = compress(passages.states, dimensions, rounded)
        ask = compress(queries.states, dimensions, "no")
        run = []
        for row, (id, _, _) in enumerate(asked):
            first, last = queries.bounds[row], queries.bounds[row + 1]
            similar = np.maximum.reduceat(texts @ ask[first:last].T, passages.bounds[:-1], axis=0)
            scores = similar @ weights[queries.ids[first:last]]
            best = np.argsort(-scores)[:10]
            run += [ir_measures.ScoredDoc(id, str(place), float(scores[place])) for place in best]
        found = ir_measures.calc_aggregate(MEASURES, qrels, run)
        size = (dimensions or 384) * (4 if rounded == "no" else 1) + 2 * (rounded == "token")
        figures = " | ".join(f"{found[measure]:.3f}" for measure in MEASURES)
        print(f"| {name} | {size} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
