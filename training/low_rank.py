"""A packaged encoder that can be trained by updates of low rank, and the file of these.

LoRA (Hu et al., ICLR 2022): to each weight matrix, which stays, the product of two narrow ones
is added, of which one starts at zero.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from transformers import BertConfig, BertModel

from index.packaged import PackagedModel
from training import origin
from training.model import SHAPE

RANK = 8
_STRENGTH = 2.0
"""Multiplies an update while it is learnt: how fast the narrow matrices move."""
KEPT = 0.5
"""Share of an update that is kept. Between the packaged weights (0) and the trained ones (1) lies
what is nearly as good over the documents trained on and loses nothing elsewhere (Wortsman et al.,
CVPR 2022)."""


class Updated(torch.nn.Module):
    """A linear layer that stays, and its update."""

    def __init__(self, layer: torch.nn.Linear) -> None:
        super().__init__()
        self.layer = layer
        narrow = torch.randn(RANK, layer.in_features) / layer.in_features**0.5
        self.down = torch.nn.Parameter(narrow)
        self.up = torch.nn.Parameter(torch.zeros(layer.out_features, RANK))

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """``states`` (..., inputs) to (..., outputs)."""
        found: torch.Tensor = self.layer(states)
        return found + (states @ self.down.T) @ self.up.T * _STRENGTH


def load(model: PackagedModel) -> BertModel:
    """``model`` in floats, each linear layer of its encoder with an update that is still nothing.
    Only the updates learn. Raises ``ModelUnavailable``."""
    weights = origin.weights(model.path("model.onnx"))
    config = BertConfig.from_dict({**SHAPE, "num_hidden_layers": origin.LAYERS})
    found = BertModel(config, add_pooling_layer=False)
    own = found.state_dict().keys()
    found.load_state_dict({name: one for name, one in weights.items() if name in own})
    for parameter in found.parameters():
        parameter.requires_grad = False
    for module in list(found.encoder.modules()):
        for name, layer in list(module.named_children()):
            if isinstance(layer, torch.nn.Linear):
                setattr(module, name, Updated(layer))
    return found


def write(model: BertModel, path: Path) -> None:
    """Write the updates of ``model`` as ``index.adapted`` reads them: for each layer ``.down``
    (rank, inputs) and ``.up`` (outputs, rank), in 16 bits."""
    found = {}
    for name, one in model.named_modules():
        if isinstance(one, Updated):
            found[f"{name}.down"] = one.down.detach().numpy().astype(np.float16)
            found[f"{name}.up"] = (KEPT * _STRENGTH * one.up.detach()).numpy().astype(np.float16)
    np.savez(path, allow_pickle=False, **found)
