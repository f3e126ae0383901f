"""The packaged encoders without sentence-transformers around them, which takes longer to import
than a short document to index. What comes out is the same: ``tests/test_encoder.py`` compares."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from tokenizers import Encoding

from index import projection
from index.onnx_graph import Graph
from index.packaged import PackagedModel
from index.pooling import Head
from index.projection import Floats, Projection
from index.vectors import Ids, PassageVectors, QueryVectors


class PackagedEncoder:
    """A packaged model for the tokens of texts, whose states are projected; and for texts whole a
    head on these states, or another packaged model, the state of its first token."""

    def __init__(
        self,
        whole: Head | PackagedModel,
        tokens: PackagedModel,
        projected: Projection,
        identity: dict[str, str],
        adapt: bool = True,
    ) -> None:
        """Models are adapted to questions if ``adapt``."""
        self.identity = identity
        self._tokens, self._prompts = Graph(tokens, adapt), tokens
        self._head = whole if isinstance(whole, Head) else None
        self._dense = None if isinstance(whole, Head) else Graph(whole, adapt)
        self._projection = projected
        self.vocabulary = len(self._tokens.tokenizer.get_vocab())
        self.token_dimensions = projected.matrix.shape[1]
        # However many questions come at once, two passes are under way, and no third thread takes
        # their cores.
        self._workers = ThreadPoolExecutor(2, thread_name_prefix="query")

    def encode_query(self, text: str) -> QueryVectors:
        """Where there are two models they run side by side, each on a core of its own."""
        beside = self._workers.submit(self._first, text, True) if self._dense else None
        encoding, states = self._workers.submit(self._states, text, True).result()
        whole = self._headed(states, True) if beside is None else beside.result()
        return QueryVectors(whole, self._projection.apply(states), _ids(encoding))

    def query_ids(self, text: str) -> Ids:
        """Those of the model of token vectors."""
        return _ids(self._tokens.tokenizer.encode(self._prompts.query_prompt + text))

    def encode_passage(self, text: str, context: str) -> PassageVectors:
        """The context goes before the text on a line of its own, for every model."""
        lead = f"{context}\n" if context else ""
        encoding, states = self._states(lead + text, False)
        offsets = np.array(encoding.offsets, dtype=np.int32).reshape(-1, 2)
        offsets -= len(self._prompts.passage_prompt) + len(lead)
        # Neither the model's own marks nor the tokens of the context are any of the text's.
        special = np.array(encoding.special_tokens_mask, dtype=np.bool_)
        offsets[special | (offsets < 0).any(axis=1)] = -1
        whole = self._first(lead + text, False) if self._dense else self._headed(states, False)
        return PassageVectors(whole, self._projection.apply(states), _ids(encoding), offsets)

    def _first(self, text: str, asked: bool) -> Floats:
        assert self._dense is not None  # who asks for its state has looked
        return projection.normalise(self._dense.encode(text, asked)[1][0])

    def _headed(self, states: Floats, asked: bool) -> Floats:
        assert self._head is not None  # it is there where no second model is
        return self._head.apply(states, asked)

    def _states(self, text: str, asked: bool) -> tuple[Encoding, Floats]:
        """The tokens of a text, and their states, each of length 1."""
        encoding, states = self._tokens.encode(text, asked)
        return encoding, projection.normalise(states)


def _ids(encoding: Encoding) -> Ids:
    return np.array(encoding.ids, dtype=np.int32)
