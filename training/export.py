"""Writes a trained reader as ONNX graphs: its layers in 8 bits, its word vectors in 4.

One graph reads up to the first exit, the other goes on from there. The word vectors are a large
part of the weights and take no part in any product, so that they bear fewer bits: a row is looked
up, and its blocks are scaled back to floats.
"""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from torch import nn

from index.projection import Floats
from training.excerpts import MAX_TOKENS
from training.model import HEADS, WIDTH, CrossEncoder
from training.reading import GLANCE, READ

BLOCK = 32
"""So many neighbouring numbers of a word vector share a scale."""
_WORDS, _PLACES = "word_embeddings.weight", "position_embeddings.weight"


class _Glance(nn.Module):
    """Of one pair the states after the first exit, and its logit."""

    def __init__(self, model: CrossEncoder) -> None:
        super().__init__()
        self._model, self._exit = model, model.exits[0]

    def forward(self, ids: torch.Tensor, types: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        hidden = self._model.embeddings(input_ids=ids, token_type_ids=types)
        for layer in self._model.layers[: self._exit]:
            hidden = layer(hidden, None)
        return hidden, self._model.heads[str(self._exit)](hidden)


class _Rest(nn.Module):
    """The logit after the last exit, from the states after the first."""

    def __init__(self, model: CrossEncoder) -> None:
        super().__init__()
        self._model = model

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        first, last = self._model.exits[0], self._model.exits[-1]
        for layer in self._model.layers[first:last]:
            hidden = layer(hidden, None)
        logit: torch.Tensor = self._model.heads[str(last)](hidden)
        return logit


def export(model: CrossEncoder, folder: Path) -> None:
    """Write ``model`` into ``folder``, its weights in few bits."""
    model.eval()
    folder.mkdir(parents=True, exist_ok=True)
    ids = torch.ones(1, 16, dtype=torch.long)
    states = torch.zeros(1, 16, WIDTH)
    _write(_Glance(model), {"ids": ids, "types": ids * 0}, ["states", "logit"], folder / GLANCE)
    _write(_Rest(model), {"states": states}, ["logit"], folder / READ)
    _pack_embeddings(folder / GLANCE)


def _write(
    module: nn.Module, inputs: dict[str, torch.Tensor], outputs: list[str], to: Path
) -> None:
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        plain, joined = str(Path(folder) / "plain.onnx"), str(Path(folder) / "joined.onnx")
        # The newer exporter needs a further package, and fusing looks for the older one's graphs.
        # Tracing warns of what it takes for constants, all of them about the model's own shape.
        warnings.simplefilter("ignore")
        tokens = [*inputs, *(["states"] if "states" in outputs else [])]
        torch.onnx.export(
            module,
            (*inputs.values(),),
            plain,
            input_names=[*inputs],
            output_names=outputs,
            dynamic_axes={name: {1: "tokens"} for name in tokens},
            opset_version=17,
            dynamo=False,
        )
        options = FusionOptions("bert")
        options.enable_embed_layer_norm = False  # the words are packed by themselves, below
        # On one core the fused operators take a tenth longer than their parts.
        options.enable_attention = options.enable_bias_gelu = False
        options.enable_skip_layer_norm = options.enable_bias_skip_layer_norm = False
        optimizer.optimize_model(
            plain,
            model_type="bert",
            num_heads=HEADS,
            hidden_size=WIDTH,
            opt_level=0,
            optimization_options=options,
        ).save_model_to_file(joined)
        quantize_dynamic(
            joined,
            to,
            weight_type=QuantType.QInt8,
            # One scale for each output instead of one for all: the logits differ from those in
            # floats by .3 instead of 1.1 (root mean square), at the same size and speed.
            per_channel=True,
            op_types_to_quantize=["MatMul"],
            # The fused operators have no shape inference of their own.
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )


def _pack_embeddings(path: Path) -> None:
    """Pack the word vectors of the graph at ``path``, and leave out the places that no text
    reaches."""
    graph = (held := onnx.load(str(path))).graph
    for one in list(graph.initializer):
        if one.name.endswith(_PLACES):
            one.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(one)[:MAX_TOKENS], one.name))
        elif one.name.endswith(_WORDS):
            packed, scales = in_4_bits(numpy_helper.to_array(one))
            graph.initializer.remove(one)
            graph.initializer.append(numpy_helper.from_array(packed, f"{one.name}_packed"))
            graph.initializer.append(numpy_helper.from_array(scales, f"{one.name}_scales"))
    for place, node in enumerate(graph.node):
        if node.op_type == "Gather" and node.input[0].endswith(_WORDS):
            inputs = [f"{node.input[0]}_packed", node.input[1], f"{node.input[0]}_scales"]
            looked_up = helper.make_node(
                "GatherBlockQuantized",
                inputs,
                list(node.output),
                domain="com.microsoft",
                bits=4,
                block_size=BLOCK,
                gather_axis=0,
                quantize_axis=1,
            )
            graph.node.remove(node)
            graph.node.insert(place, looked_up)
            break
    onnx.save(held, str(path))


def in_4_bits(vectors: Floats) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.uint8]], Floats]:
    """``vectors`` (rows, width) as bytes (rows, width / 2), each of two numbers from 0 to 15 of
    which the first is the lower half and 8 means 0; and the scales of their blocks (rows,
    width / ``BLOCK``)."""
    blocks = vectors.reshape(len(vectors), -1, BLOCK)
    scales: Floats = np.maximum(np.abs(blocks).max(axis=2) / 7, 1e-9).astype(np.float32)
    steps = np.rint(blocks / scales[..., None]).astype(np.int8).reshape(vectors.shape) + 8
    packed = (steps[:, 0::2] | (steps[:, 1::2] << 4)).astype(np.uint8)
    return packed, scales
