"""Reads a packaged int8 graph back into weights that can be trained.

The package holds its models as ONNX graphs with 8-bit weights alone. Scaled back to floats, those
of ms-marco-MiniLM-L-12-v2 give the graph's own logits to about a tenth; training mends the rest.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from index.projection import Floats
from qa.ranking.cross_encoder import ORIGIN, WEIGHTS

LAYERS = 12
_KEPT = re.compile(
    r"_?(?:model\.)?((bert|classifier|embeddings|encoder)\..*(bias|LayerNorm\.weight))$"
)
_NODE = re.compile(r"/(?:_model/)?(.*)/(?:Gemm_)?MatMul_quant")


def load() -> dict[str, torch.Tensor]:
    """The weights of the packaged model, named as those of a ``CrossEncoder`` of ``LAYERS`` layers
    whose only exit is the last. Raises ``ModelUnavailable``."""
    return {_name(name): value for name, value in weights(ORIGIN.path("model.onnx")).items()}


def shipped() -> dict[str, torch.Tensor]:
    """Those of the reader that comes with the project, likewise."""
    found = {_name(name): value for name, value in weights(WEIGHTS).items()}
    # The embeddings never change, and the reader's graph holds them less exactly.
    return found | {name: one for name, one in load().items() if name.startswith("embeddings.")}


def _name(transformers: str) -> str:
    """Our name of what transformers names so in a ``BertForSequenceClassification``."""
    if transformers.startswith("bert.encoder.layer."):
        return transformers.replace("bert.encoder.layer.", "layers.")
    if transformers.startswith("bert.embeddings."):
        return transformers.removeprefix("bert.")
    return f"heads.{LAYERS}.{transformers.removeprefix('bert.pooler.')}"


def weights(path: Path) -> dict[str, torch.Tensor]:
    """The weights of the graph as floats, under the names that transformers has for them."""
    graph = onnx.load(str(path)).graph
    held = {one.name: numpy_helper.to_array(one) for one in graph.initializer}

    def floats(name: str) -> Floats:
        zero, scale = held[f"{name}_zero_point"], held[f"{name}_scale"]
        values: Floats = (held[f"{name}_quantized"].astype(np.float32) - zero) * scale
        return values

    found = {kept[1]: value for name, value in held.items() if (kept := _KEPT.match(name))}
    for node in graph.node:
        stored = node.input[1].removesuffix("_quantized") if len(node.input) > 1 else ""
        if node.op_type == "Gather" and node.input[0].endswith("weight_quantized"):
            name = node.input[0].removesuffix("_quantized")
            found[name] = floats(name)
        elif node.op_type == "MatMulInteger" and (match := _NODE.match(node.name)):
            # "/bert/encoder/layer.0/attention/self/query" is bert.encoder.layer.0.attention...;
            # a product holds its weights transposed.
            found[match[1].replace("/", ".") + ".weight"] = floats(stored).T
    return {name: torch.tensor(value) for name, value in found.items()}
