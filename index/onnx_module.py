"""A packaged model as an input module of sentence-transformers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from sentence_transformers.base.modules import InputModule

from index.onnx_graph import MAX_TOKENS, Graph
from index.packaged import PackagedModel


class OnnxTransformer(InputModule):
    """Tokenizer file in, ``session.run``, ``token_embeddings`` out."""

    forward_kwargs = {"task"}  # noqa: RUF012 (so it is declared in the base class)

    def __init__(self, model: PackagedModel, adapt: bool = True) -> None:
        super().__init__()
        self._name = model.name
        self._graph = Graph(model, adapt)
        self.tokenizer = self._graph.tokenizer
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

    def forward(
        self, features: dict[str, Any], task: str | None = None, **_: Any
    ) -> dict[str, Any]:
        """Adds ``token_embeddings``: float32, (texts, tokens, dimensions)."""
        ids, mask = features["input_ids"].numpy(), features["attention_mask"].numpy()
        states = self._graph.run(ids, mask, asked=task == "query")
        return {**features, "token_embeddings": torch.from_numpy(states)}

    def save(self, *_: Any, **__: Any) -> None:
        """Not offered: the weights belong to their package."""
        raise RuntimeError(f"{self._name} is a file of a package and is not saved elsewhere")
