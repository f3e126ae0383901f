"""Writes a trained reader as an ONNX graph with 8-bit weights."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from transformers import BertForSequenceClassification

INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class _Logits(torch.nn.Module):
    """The model with its inputs by position and its logits alone."""

    def __init__(self, model: BertForSequenceClassification) -> None:
        super().__init__()
        self._model = model

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self._model(**dict(zip(INPUTS, inputs, strict=True))).logits
        return logits


def export(model: BertForSequenceClassification, path: Path) -> None:
    """Write ``model`` to ``path``, its attention fused and its weights in 8 bits."""
    model.eval()
    with tempfile.TemporaryDirectory() as folder:
        plain, fused = str(Path(folder) / "plain.onnx"), str(Path(folder) / "fused.onnx")
        _write(model, plain)
        config = model.config
        optimizer.optimize_model(
            plain,
            model_type="bert",
            num_heads=config.num_attention_heads,
            hidden_size=config.hidden_size,
            opt_level=0,
        ).save_model_to_file(fused)
        path.parent.mkdir(parents=True, exist_ok=True)
        quantize_dynamic(
            fused,
            path,
            weight_type=QuantType.QInt8,
            # One scale for each output instead of one for all: the logits differ from those in
            # floats by .3 instead of 1.1 (root mean square), at the same size and speed.
            per_channel=True,
            # The fused operators have no shape inference of their own.
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )


def _write(model: BertForSequenceClassification, path: str) -> None:
    example = torch.ones(1, 16, dtype=torch.long)
    with warnings.catch_warnings():
        # The newer exporter needs a further package, and fusing looks for the older one's graphs.
        # Tracing warns of what it takes for constants, all of them about the model's own shape.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Logits(model),
            (example, example, torch.zeros_like(example)),
            path,
            input_names=list(INPUTS),
            output_names=["logits"],
            dynamic_axes={name: {0: "pairs", 1: "tokens"} for name in INPUTS}
            | {"logits": {0: "pairs"}},
            opset_version=17,
            dynamo=False,
        )
