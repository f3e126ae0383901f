"""Runs the ONNX graph of a packaged model in plain ONNX Runtime, behind its own tokenizer."""

from __future__ import annotations

from threading import Lock

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import AddedToken, Encoding, Tokenizer

from index.packaged import PackagedModel
from index.projection import Floats

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


class Graph:
    """A packaged model. Questions go through it as it was adapted to them (unless ``adapt`` is
    false), passages as it comes; each is loaded when it is first needed. Thread-safe.

    A session has one thread: the graphs are small, so two texts side by side on two cores
    finish sooner than one text spread over both. Texts of one call are padded to the same
    length and share the scale of the dynamically quantised activations, so a vector depends
    on its neighbours (cosine .995 on average, but .9 at worst). Callers that need the same
    text to give the same vector always must pass one text a call.
    """

    def __init__(self, model: PackagedModel, adapt: bool = True) -> None:
        self._model, self._adapt = model, adapt
        self.tokenizer = tokenizer(model)
        self._sessions: dict[bool, onnxruntime.InferenceSession] = {}

    def encode(self, text: str, asked: bool) -> tuple[Encoding, Floats]:
        """The tokens of one text, under the prompt for what is ``asked`` or for passages, and their
        last states, (tokens, dimensions)."""
        prompt = self._model.query_prompt if asked else self._model.passage_prompt
        encoding = self.tokenizer.encode(prompt + text)
        ids = np.array([encoding.ids], dtype=np.int64)
        return encoding, self.run(ids, np.ones_like(ids), asked)[0]

    def run(self, ids: npt.NDArray[np.int64], mask: npt.NDArray[np.int64], asked: bool) -> Floats:
        """Last states, (texts, tokens, dimensions), of texts by their tokens, (texts, tokens)."""
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        session = self._session(self._adapt and asked)
        states: Floats = session.run([session.get_outputs()[0].name], feed)[0]
        return states

    def _session(self, asked: bool) -> onnxruntime.InferenceSession:
        with _LOADING:
            if asked not in self._sessions:
                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = options.inter_op_num_threads = 1
                self._sessions[asked] = onnxruntime.InferenceSession(
                    self._adapted() if asked else str(self._model.path("model.onnx")),
                    options,
                    providers=["CPUExecutionProvider"],
                )
            return self._sessions[asked]

    def _adapted(self) -> bytes:
        from index import query_adapter  # which imports ONNX: only where a question is asked

        return query_adapter.graph(self._model)
