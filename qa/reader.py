"""A model that reads the question and a sentence together: the seam to it, and its adapter.

A cross-encoder (Nogueira and Cho, 2019) sees what MaxSim cannot, how the words of the two
bear on each other, at the price of a forward pass for each pair. So it reads only the few
sentences that ranking proposes to quote.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import numpy as np

from index.packaged import PackagedModel

MAX_TOKENS = 256

READER = PackagedModel(
    name="ms-marco-MiniLM-L-12-v2", folder="reranker_en", query_prompt="", passage_prompt=""
)


class Reader(Protocol):
    """Says how well sentences answer a question. Safe to call from several threads."""

    def read(self, question: str, texts: Sequence[str]) -> list[float]:
        """A logit for each text: above 0 where it probably answers, about -11 to 11."""
        ...


class PackagedReader:
    """The cross-encoder that comes as a package, in plain ONNX Runtime.

    One pair a pass, one core a pass: the graph is quantised dynamically, so the logit of a
    pair would depend on its neighbours in a batch, and short pairs do not fill two cores.
    """

    def __init__(self, model: PackagedModel = READER) -> None:
        """Raises ``ModelUnavailable`` where the weights cannot be found."""
        import onnxruntime
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(model.path("tokenizer.json")))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(model.path("model.onnx")), options, providers=["CPUExecutionProvider"]
        )
        self._second = ThreadPoolExecutor(1, "reader")

    def read(self, question: str, texts: Sequence[str]) -> list[float]:
        """A logit for each text; every other text on a second core."""
        beside = self._second.submit(lambda: [self._logit(question, one) for one in texts[1::2]])
        logits = [0.0] * len(texts)
        logits[::2] = [self._logit(question, one) for one in texts[::2]]
        logits[1::2] = beside.result()
        return logits

    def _logit(self, question: str, text: str) -> float:
        encoding = self._tokenizer.encode(question, text)
        inputs: dict[str, Any] = {
            "input_ids": np.array([encoding.ids], dtype=np.int64),
            "attention_mask": np.ones((1, len(encoding.ids)), dtype=np.int64),
            "token_type_ids": np.array([encoding.type_ids], dtype=np.int64),
        }
        return float(self._session.run(None, inputs)[0].ravel()[0])
