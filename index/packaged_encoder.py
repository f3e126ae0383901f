"""The packaged encoders without sentence-transformers around them, which takes longer to import
than a short document to index. What comes out is the same: ``tests/test_encoder.py`` compares."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from tokenizers import Encoding

from index import projection
from index.onnx_graph import Graph
from index.packaged import PackagedModel
from index.projection import Floats, Projection
from index.vectors import Ids, PassageVectors, QueryVectors


class PackagedEncoder:
    """One packaged model for passages whole, the state of the first token, and one for their
    tokens, whose states are projected."""

    def __init__(
        self,
        dense: PackagedModel,
        tokens: PackagedModel,
        projected: Projection,
        identity: dict[str, str],
        adapt: bool = True,
    ) -> None:
        """Models are adapted to questions if ``adapt``."""
        self.identity = identity
        self._dense, self._tokens = Graph(dense, adapt), Graph(tokens, adapt)
        self._projection, self._prompts = projected, tokens
        self.vocabulary = len(self._tokens.tokenizer.get_vocab())
        self.token_dimensions = projected.matrix.shape[1]
        # One thread a model: however many questions come at once, two passes are under way,
        # and no third thread takes their cores.
        self._dense_worker = ThreadPoolExecutor(1, thread_name_prefix="dense-query")
        self._token_worker = ThreadPoolExecutor(1, thread_name_prefix="token-query")

    def encode_query(self, text: str) -> QueryVectors:
        """The two models run side by side, each on a core of its own."""
        dense = self._dense_worker.submit(self._whole, text, True)
        encoding, tokens = self._token_worker.submit(self._each, text, True).result()
        return QueryVectors(dense=dense.result(), tokens=tokens, token_ids=_ids(encoding))

    def query_ids(self, text: str) -> Ids:
        """Those of the model of token vectors."""
        return _ids(self._tokens.tokenizer.encode(self._prompts.query_prompt + text))

    def encode_passage(self, text: str, context: str) -> PassageVectors:
        """The context goes before the text on a line of its own, for both models."""
        lead = f"{context}\n" if context else ""
        encoding, tokens = self._each(lead + text, False)
        offsets = np.array(encoding.offsets, dtype=np.int32).reshape(-1, 2)
        offsets -= len(self._prompts.passage_prompt) + len(lead)
        # Neither the model's own marks nor the tokens of the context are any of the text's.
        special = np.array(encoding.special_tokens_mask, dtype=np.bool_)
        offsets[special | (offsets < 0).any(axis=1)] = -1
        return PassageVectors(self._whole(lead + text, False), tokens, _ids(encoding), offsets)

    def _whole(self, text: str, asked: bool) -> Floats:
        _, states = self._dense.encode(text, asked)
        return projection.normalise(states[0])

    def _each(self, text: str, asked: bool) -> tuple[Encoding, Floats]:
        encoding, states = self._tokens.encode(text, asked)
        return encoding, self._projection.apply(projection.normalise(states))


def _ids(encoding: Encoding) -> Ids:
    return np.array(encoding.ids, dtype=np.int32)
