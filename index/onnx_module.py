"""A sentence-transformers input module that runs an ONNX graph in plain ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np
import onnxruntime
import torch
from sentence_transformers.base.modules import InputModule
from tokenizers import AddedToken, Tokenizer

from index import query_adapter
from index.packaged import PackagedModel

MAX_TOKENS = 512
_LOADING = Lock()
"""One model at a time: for a moment it takes several times its own size."""


def tokenizer(model: PackagedModel) -> Tokenizer:
    """Cuts texts into what ``model`` takes."""
    found = Tokenizer.from_file(str(model.path("tokenizer.json")))
    found.add_special_tokens(
        [AddedToken(marker, special=True, normalized=False) for marker in model.markers]
    )
    found.enable_truncation(MAX_TOKENS)
    found.enable_padding(pad_id=0, pad_token="[PAD]")
    return found


class OnnxTransformer(InputModule):
    """Tokenizer file in, ``session.run``, ``token_embeddings`` out.

    Questions go through the model as it was adapted to them (unless ``adapt`` is false), passages
    through the model as it comes; each is loaded when it is first needed.

    A session has one thread: the graphs are small, so two texts side by side on two cores
    finish sooner than one text spread over both. Texts of one call are padded to the same
    length and share the scale of the dynamically quantised activations, so a vector depends
    on its neighbours (cosine .995 on average, but .9 at worst). Callers that need the same
    text to give the same vector always must pass one text a call.
    """

    forward_kwargs = {"task"}  # noqa: RUF012 (so it is declared in the base class)

    def __init__(self, model: PackagedModel, adapt: bool = True) -> None:
        super().__init__()
        self._model = model
        self._adapt = adapt
        self.tokenizer = tokenizer(model)
        self._sessions: dict[bool, onnxruntime.InferenceSession] = {}
        self.max_seq_length = MAX_TOKENS

    def _session(self, asked: bool) -> onnxruntime.InferenceSession:
        """The model for questions, if ``asked``, or the one for passages."""
        with _LOADING:
            if asked not in self._sessions:
                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = options.inter_op_num_threads = 1
                plain = str(self._model.path("model.onnx"))
                self._sessions[asked] = onnxruntime.InferenceSession(
                    query_adapter.graph(self._model) if asked else plain,
                    options,
                    providers=["CPUExecutionProvider"],
                )
            return self._sessions[asked]

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

    def forward(
        self, features: dict[str, Any], task: str | None = None, **_: Any
    ) -> dict[str, Any]:
        """Adds ``token_embeddings``: float32, (texts, tokens, dimensions)."""
        ids = features["input_ids"].numpy()
        feed = {
            "input_ids": ids,
            "attention_mask": features["attention_mask"].numpy(),
            "token_type_ids": np.zeros_like(ids),
        }
        session = self._session(self._adapt and task == "query")
        (states,) = session.run([session.get_outputs()[0].name], feed)
        return {**features, "token_embeddings": torch.from_numpy(states)}

    def save(self, *_: Any, **__: Any) -> None:
        """Not offered: the weights belong to their package."""
        raise RuntimeError(f"{self._model.name} is a file of a package and is not saved elsewhere")
