"""Reads a packaged int8 graph back into a model that can be trained.

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
from transformers import BertConfig, BertForSequenceClassification

from index.projection import Floats
from qa.ranking.cross_encoder import ORIGIN

_LAYERS = 12
SHAPE = {
    "vocab_size": 30522,
    "hidden_size": 384,
    "num_hidden_layers": _LAYERS,
    "num_attention_heads": 12,
    "intermediate_size": 1536,
    "max_position_embeddings": 512,
    "num_labels": 1,
    "attn_implementation": "eager",
}
_KEPT = re.compile(
    r"_?(?:model\.)?((bert|classifier|embeddings|encoder)\..*(bias|LayerNorm\.weight))$"
)
_NODE = re.compile(r"/(?:_model/)?(.*)/(?:Gemm_)?MatMul_quant")


def load(layers: int = _LAYERS) -> BertForSequenceClassification:
    """The model with ``layers`` of its twelve layers, evenly spaced, the last among them; its
    embeddings are frozen. Raises ``ModelUnavailable``."""
    model = BertForSequenceClassification(BertConfig.from_dict(SHAPE))
    model.load_state_dict(weights(ORIGIN.path("model.onnx")))
    kept = [round((one + 1) * _LAYERS / layers) - 1 for one in range(layers)]
    model.bert.encoder.layer = torch.nn.ModuleList(model.bert.encoder.layer[one] for one in kept)
    model.config.num_hidden_layers = layers
    for parameter in model.bert.embeddings.parameters():
        parameter.requires_grad = False
    return model


def reload(path: Path) -> BertForSequenceClassification:
    """The model whose weights ``export`` wrote to ``path``, to be trained further."""
    found = weights(path)
    layers = 1 + max(int(name.split(".")[3]) for name in found if ".layer." in name)
    model = load(layers)
    # The embeddings never change, and the graph holds them less exactly.
    frozen = {n: v for n, v in model.state_dict().items() if n.startswith("bert.embeddings.")}
    model.load_state_dict(found | frozen)
    return model


def weights(path: Path) -> dict[str, torch.Tensor]:
    """The weights of the graph as floats, under the names that the model has for them."""
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
