"""The vector of a text as a whole from the states of its tokens, so that one model gives both.

A linear head over the state of the first token and the mean of all, fitted so that texts lie as
they do to bge-small-en-v1.5 (``training/pooling.py``; docs/training.md).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.errors import ModelUnavailable
from index.projection import Floats, normalise

FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True, eq=False, slots=True)
class Head:
    """``passages`` and ``questions`` are (2 * model dimensions + 1, dimensions), float32; the last
    row of each is added."""

    passages: Floats
    questions: Floats
    digest: str

    def apply(self, states: Floats, asked: bool) -> Floats:
        """The unit vector, (dimensions,), of a text by the states of its tokens, (tokens, model
        dimensions), each of length 1: a question's if ``asked``."""
        matrix = self.questions if asked else self.passages
        return normalise(pooled(states) @ matrix[:-1] + matrix[-1])


def pooled(states: Floats) -> Floats:
    """What the head is applied to, (2 * model dimensions,)."""
    found: Floats = np.concatenate([states[0], states.mean(axis=0)])
    return found


def load(model: str) -> Head:
    """The shipped head for ``model``. Raises ``ModelUnavailable`` where none was fitted."""
    file = FOLDER / f"pooling-{model}.npz"
    if not file.is_file():
        raise ModelUnavailable(
            f"{model} gives no vector of a text as a whole; set ATTEST_DENSE_MODEL to one that does"
        )
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as held:
        passages, questions = (held[one].astype(np.float32) for one in ("passages", "questions"))
    digest = hashlib.sha256(passages.tobytes() + questions.tobytes()).hexdigest()[:16]
    return Head(passages, questions, digest)
