"""A sentence-transformers input module that runs an ONNX graph in plain ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnxruntime
import torch
from sentence_transformers.base.modules import InputModule
from tokenizers import AddedToken, Tokenizer

from index.packaged import PackagedModel

MAX_TOKENS = 512


class OnnxTransformer(InputModule):
    """Tokenizer file in, ``session.run``, ``token_embeddings`` out.

    The session has one thread: the graphs are small, so two texts side by side on two cores
    finish sooner than one text spread over both. Texts of one call are padded to the same
    length and share the scale of the dynamically quantised activations, so a vector depends
    on its neighbours (cosine .995 on average, but .9 at worst). Callers that need the same
    text to give the same vector always must pass one text a call.
    """

    def __init__(self, model: PackagedModel) -> None:
        super().__init__()
        self._model = model
        self.tokenizer = Tokenizer.from_file(str(model.path("tokenizer.json")))
        self.tokenizer.add_special_tokens(
            [AddedToken(marker, special=True, normalized=False) for marker in model.markers]
        )
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.tokenizer.enable_padding(pad_id=0, pad_token="[PAD]")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(model.path("model.onnx")), options, providers=["CPUExecutionProvider"]
        )
        self._output = self._session.get_outputs()[0].name
        self.max_seq_length = MAX_TOKENS

    def preprocess(
        self, inputs: Sequence[Any], prompt: str | None = None, **_: Any
    ) -> dict[str, Any]:
        """Token ids and mask of ``inputs``, each (texts, tokens), int64."""
        texts = [(prompt or "") + text for text in inputs]
        # One text is not worth the threads that a batch starts.
        one = [self.tokenizer.encode(texts[0])] if len(texts) == 1 else None
        encodings = one or self.tokenizer.encode_batch(texts)
        return {
            "input_ids": torch.tensor([one.ids for one in encodings]),
            "attention_mask": torch.tensor([one.attention_mask for one in encodings]),
        }

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Adds ``token_embeddings``: float32, (texts, tokens, dimensions)."""
        ids = features["input_ids"].numpy()
        feed = {
            "input_ids": ids,
            "attention_mask": features["attention_mask"].numpy(),
            "token_type_ids": np.zeros_like(ids),
        }
        (states,) = self._session.run([self._output], feed)
        return {**features, "token_embeddings": torch.from_numpy(states)}

    def save(self, *_: Any, **__: Any) -> None:
        """Not offered: the weights belong to their package."""
        raise RuntimeError(f"{self._model.name} is a file of a package and is not saved elsewhere")
