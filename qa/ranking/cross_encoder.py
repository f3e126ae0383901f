"""A model that reads the question and a quote together: the seam to it, and its adapter.

A cross-encoder (Nogueira and Cho, 2019) sees what MaxSim cannot, how the words of the two
bear on each other, at the price of a forward pass for each pair. So it reads only the few
quotes that ranking proposes.

Ours is ms-marco-MiniLM-L-12-v2, trained further to tell a sentence that answers
from one that only speaks of the same (docs/training.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from index import folding, packaged
from index.database import PassageEntry
from index.errors import ModelUnavailable
from index.packaged import PackagedModel

WEIGHTS = Path(__file__).parent.parent / "data" / "reader.onnx"
ORIGIN = PackagedModel(
    name="ms-marco-MiniLM-L-12-v2", folder="reranker_en", query_prompt="", passage_prompt=""
)
"""What the reader was trained from; it shares its tokenizer."""
MAX_TOKENS = 128
"""Of question and quote together: what it was trained with."""


def as_read(passage: PassageEntry, text: str) -> str:
    """``text`` of ``passage`` as a reader is given it: under its title and nearest heading,
    because a sentence seldom says again what its document is about."""
    title, section = passage.document.title, passage.section
    heading = f": {section[-1]}" if section and section[-1] != title else ""
    whole = folding.without_breaks(
        folding.visible(text), folding.own_hyphen(packaged.common_words())
    )
    return f"{title}{heading}. {' '.join(whole.text.split())}"


class Reader(Protocol):
    """Says how well quotes answer a question. Safe to call from several threads."""

    def read(self, question: str, texts: Sequence[str]) -> list[float]:
        """A logit for each text (as ``as_read`` gives it): above 0 where it probably answers."""
        ...


class TrainedReader:
    """The project's own weights, in plain ONNX Runtime.

    One pair a pass, one core a pass: the graph is quantised dynamically, so the logit of a
    pair would depend on its neighbours in a batch, and short pairs do not fill two cores.
    """

    def __init__(self, weights: Path = WEIGHTS) -> None:
        """Raises ``ModelUnavailable`` where the weights or the tokenizer cannot be found."""
        import onnxruntime
        from tokenizers import Tokenizer

        if not weights.is_file():
            raise ModelUnavailable(
                f"the reader's weights are missing ({weights.name}); install attest-qa again"
            )
        self._tokenizer = Tokenizer.from_file(str(ORIGIN.path("tokenizer.json")))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(weights), options, providers=["CPUExecutionProvider"]
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
