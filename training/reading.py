"""Reads with what ``export`` wrote: the seam between a reader in training and its measurement.

The first layers glance at a quote, the others read on from there (early exit: Xin et al., ACL
2020).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from index.projection import Floats
from training.excerpts import Excerpt, PairEncoder, pair_encoder

GLANCE, READ = "reader-glance.onnx", "reader-read.onnx"
"""The layers up to the first exit, and those above."""


@dataclass(frozen=True, eq=False, slots=True)
class Glance:
    """What the first layers made of a quote."""

    logit: float
    states: Floats
    """Where the other layers go on, (1, tokens, width)."""


class ExitingReader:
    """A reader of two graphs, one pair a pass: they are quantised dynamically, so that a logit
    would depend on its neighbours in a batch."""

    def __init__(self, folder: Path) -> None:
        self._glance, self._read = _session(folder / GLANCE), _session(folder / READ)
        self._pairs: PairEncoder = pair_encoder()

    def glance(self, question: str, excerpts: Sequence[Excerpt]) -> list[Glance]:
        """What the first layers make of each excerpt."""
        found = []
        for one in excerpts:
            ids, types = self._pairs.encode(question, one)
            inputs = {"ids": np.array([ids], np.int64), "types": np.array([types], np.int64)}
            states, logit = self._glance.run(None, inputs)
            found.append(Glance(float(logit[0]), states))
        return found

    def read(self, glances: Sequence[Glance]) -> list[float]:
        """What all layers make of each: above 0 where it probably answers."""
        return [float(self._read.run(None, {"states": one.states})[0][0]) for one in glances]


def _session(weights: Path) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
