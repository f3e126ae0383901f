"""A packaged encoder as questions are read: its graph with a low-rank update of each weight.

The packaged models were trained on questions of the web. ``training.questions`` teaches them how
people ask about documents such as ours, as updates of low rank (LoRA: Hu et al., ICLR 2022), and
of the questions' side alone, so that the vectors of passages stay what they are. An update is
small enough to come with the project; here it is merged into the packaged weights.
"""

from __future__ import annotations

import re
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any
from zipfile import BadZipFile

import numpy as np
import onnx
from onnx import numpy_helper

from index.errors import ModelUnavailable
from index.packaged import PackagedModel
from index.projection import Floats

_NODE = re.compile(r"/(?:Gemm_)?MatMul_quant$")
_STEPS = 127


def place(model: PackagedModel) -> Traversable:
    """Where the update of ``model`` lies among the files of this package."""
    return resources.files("index").joinpath("data", f"questions-{model.name}.npz")


def graph(model: PackagedModel) -> bytes:
    """The ONNX graph of ``model`` with its update merged in; the weights that have none stay.

    Raises ``ModelUnavailable`` where either is missing or damaged.
    """
    held = onnx.load(str(model.path("model.onnx")))
    updates = _updates(model)
    stored = {one.name: one for one in held.graph.initializer}
    for node in held.graph.node:
        if node.op_type != "MatMulInteger" or (update := updates.get(_layer(node.name))) is None:
            continue
        name = node.input[1].removesuffix("_quantized")
        parts = [stored[f"{name}_{part}"] for part in ("quantized", "zero_point", "scale")]
        codes, zeros, scales = map(numpy_helper.to_array, parts)
        merged = in_8_bits((codes.astype(np.float32) - zeros) * scales + update)
        for part, values in zip(parts, merged, strict=True):
            part.CopyFrom(numpy_helper.from_array(values, part.name))
    merged_graph: bytes = held.SerializeToString()
    return merged_graph


def in_8_bits(weights: Floats) -> tuple[Any, Any, Floats]:
    """Codes (inputs, outputs), and a zero point and a scale for each output, (outputs,)."""
    scales: Floats = np.maximum(np.abs(weights).max(axis=0) / _STEPS, 1e-9).astype(np.float32)
    codes = np.clip(np.rint(weights / scales), -_STEPS, _STEPS).astype(np.int8)
    return codes, np.zeros(len(scales), np.int8), scales


def _updates(model: PackagedModel) -> dict[str, Floats]:
    """What is added to the weights of each layer, (inputs, outputs)."""
    found = place(model)
    try:
        with found.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            factors = {name: file[name].astype(np.float32) for name in file.files}
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise ModelUnavailable(
            f"what {model.name} has learnt of questions is missing or damaged ({found.name}); "
            "install attest-qa again, or train it: python -m training.questions"
        ) from error
    names = {name.removesuffix(".down") for name in factors if name.endswith(".down")}
    return {name: (factors[f"{name}.up"] @ factors[f"{name}.down"]).T for name in names}


def _layer(node: str) -> str:
    """``encoder.layer.0.output.dense`` of ``/encoder/layer.0/output/dense/MatMul_quant``."""
    return _NODE.sub("", node).strip("/").replace("/", ".")
