"""Teaches an encoder which passage a question means, against passages that stay as they are."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch.nn.functional import normalize
from transformers import BertModel

from index import onnx_graph, packaged, projection
from index.config import IndexSettings
from index.generation import Generation
from index.packaged import PackagedModel
from index.segments import Integers

SHOWN = 31
"""So many of the nearest passages are drawn for a step of the token vectors."""
SHARPNESS = 50.0
"""Multiplies the scores (cosines) before the softmax over passages."""
RATE = 1.5e-3
WARM_UP = 0.05
BATCH = 16


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """A question, the passages that answer it, and the nearest of those that do not (rows)."""

    question: str
    source: Generation
    right: tuple[int, ...]
    near: tuple[int, ...]


class Scores(Protocol):
    """One model's scores of passages."""

    def __call__(self, states: torch.Tensor, one: Asked, ids: list[int]) -> torch.Tensor:
        """Scores, (passages,), that of a right one first, from the last states of a question
        (tokens, 384) whose tokens are ``ids``."""
        ...


class WholePassages:
    """The dense model: one vector a passage, so that a question is told from all of them."""

    def __init__(self) -> None:
        self._vectors: dict[int, tuple[Integers, torch.Tensor]] = {}

    def __call__(self, states: torch.Tensor, one: Asked, ids: list[int]) -> torch.Tensor:
        """Those that answer count as one: their scores come summed (as probabilities)."""
        del ids
        key = id(one.source)
        if key not in self._vectors:
            rows, held = one.source.vectors()
            self._vectors[key] = rows, torch.tensor(held)
        rows, vectors = self._vectors[key]
        found = SHARPNESS * (vectors @ normalize(states[0], dim=-1))
        right = np.searchsorted(rows, one.right).tolist()
        others = torch.ones(len(found), dtype=torch.bool)
        others[right] = False
        return torch.cat([found[right].logsumexp(0)[None], found[others]])


class Tokens:
    """The token model: weighted MaxSim over one passage that answers and some that do not."""

    def __init__(self, order: random.Random) -> None:
        self._order = order
        matrix = projection.load(packaged.TOKENS.name, IndexSettings().token_dimensions).matrix
        self._projection = torch.tensor(matrix)

    def __call__(self, states: torch.Tensor, one: Asked, ids: list[int]) -> torch.Tensor:
        """Scores of one of those that answer, and of some of the nearest."""
        query = normalize(normalize(states, dim=-1) @ self._projection, dim=-1)
        store = one.source.tokens
        weights = torch.tensor(store.weights(np.array(ids, dtype=np.int32)))
        near = self._order.sample(one.near, min(SHOWN, len(one.near)))
        rows = [self._order.choice(one.right), *near]
        kept = [store.vectors(row) for row in rows]
        similar = query @ torch.tensor(np.concatenate(kept)).T
        best = [part.max(dim=1).values for part in similar.split([*map(len, kept)], dim=1)]
        return SHARPNESS * (torch.stack(best) @ weights)


def teach(model: BertModel, packed: PackagedModel, asked: Sequence[Asked], scores: Scores) -> None:
    """Train the updates of ``model`` in place, once through ``asked``: a softmax over passages,
    of which one that answers is to win. The rate falls to a fiftieth. Prints the loss."""
    tokenizer = onnx_graph.tokenizer(packed)
    encoded = {one: tokenizer.encode(packed.query_prompt + one.question).ids for one in asked}
    learnt = [one for one in model.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=RATE, weight_decay=0.01)
    model.eval()  # no dropout: nothing is seen twice
    batches = _batches(asked, random.Random(0))
    smoothed = 0.0
    for step, batch in enumerate(batches, start=1):
        loss = torch.zeros(())
        states = _states(model, [encoded[one] for one in batch])
        for mine, one in zip(states, batch, strict=True):
            found = scores(mine, one, encoded[one])
            loss = loss + (found.logsumexp(0) - found[0]) / len(batch)
        done = (step - 1) / len(batches)
        for parameters in optimizer.param_groups:
            parameters["lr"] = RATE * min(1.0, done / WARM_UP + 0.01) * max(0.02, 1 - done)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learnt, 1.0)
        optimizer.step()
        smoothed += (float(loss.detach()) - smoothed) / min(step, 50)
        if step % 50 == 0 or step == len(batches):
            print(f"{packed.name}: step {step} of {len(batches)}, loss {smoothed:.3f}", flush=True)


def _states(model: BertModel, encoded: list[list[int]]) -> list[torch.Tensor]:
    """The last states of each question, (tokens, 384); computed in bfloat16."""
    lengths = [len(one) for one in encoded]
    ids, mask = torch.zeros(2, len(encoded), max(lengths), dtype=torch.long)
    for row, one in enumerate(encoded):
        ids[row, : len(one)], mask[row, : len(one)] = torch.tensor(one), 1
    with torch.autocast("cpu", dtype=torch.bfloat16):
        states = model(input_ids=ids, attention_mask=mask).last_hidden_state.float()
    return [one[:length] for one, length in zip(states, lengths, strict=True)]


def _batches(asked: Sequence[Asked], order: random.Random) -> list[list[Asked]]:
    """All of them once, in a random order, those of like length together."""
    shuffled, found = order.sample(asked, len(asked)), []
    for start in range(0, len(shuffled), 8 * BATCH):
        near = sorted(shuffled[start : start + 8 * BATCH], key=lambda one: len(one.question))
        batches = [near[at : at + BATCH] for at in range(0, len(near), BATCH)]
        found += order.sample(batches, len(batches))
    return found
