"""A reader that is not yet taught enough, in few bits, so that its teaching can go on elsewhere.

Matrices are kept in 8 bits with a scale for each output, all else in 16; the embeddings, which
never change, not at all.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from training import origin
from training.model import CrossEncoder

_SCALE = ".scale"


def write(model: CrossEncoder, path: Path) -> None:
    """Write the weights of ``model`` to ``path``."""
    held = {}
    for name, value in model.state_dict().items():
        if name.startswith("embeddings."):
            continue
        array = value.numpy()
        if array.ndim == 2:
            scales = np.abs(array).max(axis=1, keepdims=True) / 127 + 1e-12
            held[name] = np.rint(array / scales).astype(np.int8)
            held[name + _SCALE] = scales.astype(np.float32)
        else:
            held[name] = array.astype(np.float16)
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **held)


def read(path: Path) -> CrossEncoder:
    """The model whose weights ``write`` wrote to ``path``."""
    with np.load(path, allow_pickle=False) as held:
        arrays = {name: held[name] for name in held.files}
    found = {
        name: torch.tensor(array.astype(np.float32) * arrays.get(name + _SCALE, np.float32(1)))
        for name, array in arrays.items()
        if not name.endswith(_SCALE)
    }
    layers = 1 + max(int(name.split(".")[1]) for name in found if name.startswith("layers."))
    exits = sorted({int(name.split(".")[1]) for name in found if name.startswith("heads.")})
    model = CrossEncoder(layers, exits)
    words = {n: one for n, one in origin.load().items() if n.startswith("embeddings.")}
    model.load_state_dict(found | words)
    return model
