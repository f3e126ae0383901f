"""Compresses token vectors: a fixed projection, then eight bits a dimension.

The projection is the leading eigenvectors of the uncentred second moments of token states
(PCA without centring, so that inner products are kept as well as can be). It is fitted once
by ``scripts/fit-projection`` and shipped, so that vectors outlive a rebuild and any two
generations can share them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources

import numpy as np
import numpy.typing as npt

from index.errors import ModelUnavailable

Floats = npt.NDArray[np.float32]
Codes = npt.NDArray[np.int8]
Scales = npt.NDArray[np.float16]

_STEPS = 127


@dataclass(frozen=True, eq=False, slots=True)
class Projection:
    """``matrix`` is (model dimensions, kept dimensions), float32, orthonormal columns."""

    matrix: Floats
    digest: str

    def apply(self, states: Floats) -> Floats:
        """Unit vectors (n, kept) from token states (n, model dimensions)."""
        return normalise(states @ self.matrix)


def load(model: str, dimensions: int) -> Projection:
    """The shipped projection for ``model``, cut to ``dimensions``.

    Raises ``ModelUnavailable`` where none was fitted or it is not as wide.
    """
    file = resources.files("index").joinpath("data", f"projection-{model}.npy")
    if not file.is_file():
        raise ModelUnavailable(f"no projection was fitted for the token model {model}")
    with file.open("rb") as stream:
        matrix = np.load(stream, allow_pickle=False)
    if dimensions > matrix.shape[1]:
        raise ModelUnavailable(
            f"the projection for {model} keeps at most {matrix.shape[1]} dimensions "
            "(setting ATTEST_TOKEN_DIMENSIONS)"
        )
    kept = np.ascontiguousarray(matrix[:, :dimensions], dtype=np.float32)
    return Projection(kept, hashlib.sha256(kept.tobytes()).hexdigest()[:16])


def fit(states: Floats, dimensions: int) -> Floats:
    """The ``dimensions`` leading eigenvectors of ``states.T @ states``, as columns."""
    moments = states.T.astype(np.float64) @ states.astype(np.float64) / len(states)
    _, vectors = np.linalg.eigh(moments)
    return np.ascontiguousarray(vectors[:, ::-1][:, :dimensions], dtype=np.float32)


def normalise(vectors: Floats) -> Floats:
    """Rows scaled to length 1; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Floats = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit


def quantise(vectors: Floats) -> tuple[Codes, Scales]:
    """Codes (n, d) and a scale for each row: ``codes * scale`` is the row again, nearly.

    A scale a row, so that no step has to be fixed for collections yet to come. (One step that
    spans all rows of a collection ranks as well: docs/measurements.md.)
    """
    scales = (np.abs(vectors).max(axis=1, initial=0.0) / _STEPS).astype(np.float16)
    steps = np.maximum(scales.astype(np.float32), 1e-9)[:, None]
    codes = np.clip(np.rint(vectors / steps), -_STEPS, _STEPS).astype(np.int8)
    return codes, scales
