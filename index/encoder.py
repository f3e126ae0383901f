"""The one seam to the models: what is asked of an encoder, and the adapters that answer.

Importing this module is light; weights load in ``load``. Those of packaged models are run by
``packaged_encoder.py``, those of any other by sentence-transformers, which is imported for them.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from index import packaged, pooling, projection
from index.errors import ModelUnavailable
from index.projection import Floats
from index.vectors import Ids, PassageVectors, QueryVectors

if TYPE_CHECKING:
    from sentence_transformers import MultiVectorEncoder, SentenceTransformer

    from index.config import IndexSettings

__all__ = ["Encoder", "Ids", "ModelEncoder", "PassageVectors", "QueryVectors", "identity", "load"]


class Encoder(Protocol):
    """Turns questions and passages into vectors. Safe to call from several threads."""

    identity: dict[str, str]
    """Names and content hashes of the models and of the projection."""
    token_dimensions: int
    vocabulary: int
    """Token ids are below this number."""

    def encode_query(self, text: str) -> QueryVectors:
        """Encode a question."""

    def query_ids(self, text: str) -> Ids:
        """The vocabulary entries of a question's tokens, as ``encode_query`` has them: without a
        pass through a model."""

    def encode_passage(self, text: str, context: str) -> PassageVectors:
        """Encode a passage, read under ``context`` (its title and headings)."""


def load(settings: IndexSettings, adapt: bool = True) -> Encoder:
    """The encoder that ``settings`` name; packaged models adapted to questions if ``adapt``.
    Raises ``ModelUnavailable``."""
    # Each text is handled by one core. Libraries that start a thread a core for a product of
    # small matrices would only make the questions beside it wait.
    threadpool_limits(1)
    try:
        whole = packaged.BY_NAME.get(settings.dense_model)
        if whole is None or settings.token_model != packaged.TOKENS.name:
            return ModelEncoder(settings, adapt)
        from index.packaged_encoder import PackagedEncoder

        return PackagedEncoder(
            pooling.load(whole.name) if whole == packaged.TOKENS else whole,
            packaged.TOKENS,
            projection.load(settings.token_model, settings.token_dimensions),
            identity(settings),
            adapt,
        )
    except (OSError, ValueError) as error:
        raise ModelUnavailable(
            f"cannot load {settings.dense_model} and {settings.token_model}: {error}"
        ) from error


def identity(settings: IndexSettings) -> dict[str, str]:
    """What ``load(settings).identity`` will be, without loading a model, where it can be
    known: for packaged models."""
    known = {}
    for role, name in (("dense", settings.dense_model), ("tokens", settings.token_model)):
        model = packaged.BY_NAME.get(name)
        known[role] = f"{name}@{model.digest()[:16]}" if model else name
    if settings.token_model in packaged.BY_NAME:
        known["projection"] = projection.load(
            settings.token_model, settings.token_dimensions
        ).digest
    if settings.dense_model == settings.token_model:
        known["pooling"] = pooling.load(settings.dense_model).digest
    return known


class ModelEncoder:
    """Two sentence-transformers models, one for passages whole and one for their tokens; or one,
    with a head for the whole."""

    def __init__(self, settings: IndexSettings, adapt: bool = True) -> None:
        import torch

        torch.set_num_threads(1)
        self.identity = identity(settings)
        one = settings.dense_model == settings.token_model
        self._head = pooling.load(settings.dense_model) if one else None
        self._dense = None if one else dense_model(settings.dense_model, adapt)
        self._tokens = token_model(settings.token_model, adapt)
        self._projection = (
            projection.load(settings.token_model, settings.token_dimensions)
            if settings.token_model in packaged.BY_NAME
            else None
        )
        # However many questions come at once, two passes are under way, and no third thread takes
        # their cores.
        self._workers = ThreadPoolExecutor(2, thread_name_prefix="query")
        self.vocabulary = len(self._tokens.tokenizer.get_vocab())
        self.token_dimensions = (
            self._projection.matrix.shape[1]
            if self._projection is not None
            else int(self._run_tokens("dimensions", "document")[0].shape[1])
        )

    def encode_query(self, text: str) -> QueryVectors:
        """The two models run side by side, each on a core of its own."""
        beside = self._workers.submit(self._run_dense, text, "query") if self._dense else None
        states, ids = self._workers.submit(self._run_tokens, text, "query").result()
        whole = self._headed(states, "query") if beside is None else beside.result()
        return QueryVectors(dense=whole, tokens=self._projected(states), token_ids=ids)

    def query_ids(self, text: str) -> Ids:
        """Those of the model of token vectors."""
        model = self._tokens
        features = model.preprocess([text], prompt=model.prompts.get("query") or None, task="query")
        kept = features["attention_mask"][0].bool()
        ids: Ids = features["input_ids"][0][kept].numpy().astype(np.int32)
        return ids

    def encode_passage(self, text: str, context: str) -> PassageVectors:
        """The context goes before the text on a line of its own, for both models."""
        lead = f"{context}\n" if context else ""
        states, ids = self._run_tokens(lead + text, "document")
        prompt = self._tokens.prompts.get("document") or ""
        offsets = _offsets(self._tokens.tokenizer, prompt + lead + text)[: len(ids)]
        offsets = offsets - len(prompt) - len(lead)
        offsets[(offsets < 0).any(axis=1)] = -1
        whole = (
            self._run_dense(lead + text, "document")
            if self._dense
            else self._headed(states, "document")
        )
        return PassageVectors(whole, self._projected(states), ids, offsets)

    def _headed(self, states: Floats, task: str) -> Floats:
        assert self._head is not None  # it is there where no second model is
        return self._head.apply(states, task == "query")

    def _projected(self, states: Floats) -> Floats:
        return states if self._projection is None else self._projection.apply(states)

    def _run_dense(self, text: str, task: str) -> Floats:
        assert self._dense is not None  # who asks for its state has looked
        vector = forward(self._dense, text, task)["sentence_embedding"][0].numpy()
        return projection.normalise(vector)

    def _run_tokens(self, text: str, task: str) -> tuple[Floats, Ids]:
        """States of a text's tokens, each of length 1, and their ids."""
        features = forward(self._tokens, text, task)
        kept = features["attention_mask"][0].bool()
        states = features["token_embeddings"][0][kept].numpy()
        ids = features["input_ids"][0][kept].numpy().astype(np.int32)
        return projection.normalise(states), ids


def forward(model: SentenceTransformer | MultiVectorEncoder, text: str, task: str) -> Any:
    """One text through a model. ``model.encode`` does the same with sorting, batching and
    progress around it, at more than the cost of a short question."""
    import torch

    with torch.inference_mode():
        features = model.preprocess([text], prompt=model.prompts.get(task) or None, task=task)
        return model(features, task=task)


def _offsets(tokenizer: Any, text: str) -> npt.NDArray[np.int32]:
    """Character span of each token in ``text``; far below 0 for the model's own marks."""
    if hasattr(tokenizer, "encode_batch"):
        encoding = tokenizer.encode(text)
        spans, special = encoding.offsets, encoding.special_tokens_mask
    else:
        output = tokenizer(
            text, return_offsets_mapping=True, return_special_tokens_mask=True, truncation=True
        )
        spans, special = output["offset_mapping"], output["special_tokens_mask"]
    offsets = np.array(spans, dtype=np.int32).reshape(-1, 2)
    offsets[np.array(special, dtype=bool)] = -(2**30)  # stays negative whatever is added
    return offsets


def dense_model(name: str, adapt: bool = True) -> SentenceTransformer:
    """The model of whole-passage vectors called ``name``, packaged or not; a packaged one reads
    questions as it was adapted to them, if ``adapt``."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Normalize
    from sentence_transformers.sentence_transformer.modules import Pooling

    model = packaged.BY_NAME.get(name)
    if model is None:
        return SentenceTransformer(name, device="cpu")
    from index.onnx_module import OnnxTransformer

    return SentenceTransformer(
        modules=[OnnxTransformer(model, adapt), Pooling(384, "cls"), Normalize()],
        prompts={"query": model.query_prompt, "document": model.passage_prompt},
        device="cpu",
    )


def token_model(name: str, adapt: bool = True) -> MultiVectorEncoder:
    """The model of token vectors called ``name``, likewise."""
    from sentence_transformers import MultiVectorEncoder
    from sentence_transformers.base.modules import Normalize
    from sentence_transformers.multi_vector_encoder.modules import MultiVectorMask

    model = packaged.BY_NAME.get(name)
    if model is None:
        return MultiVectorEncoder(name, device="cpu")
    from index.onnx_module import OnnxTransformer

    return MultiVectorEncoder(
        modules=[
            OnnxTransformer(model, adapt),
            MultiVectorMask(),
            Normalize(module_input_name="token_embeddings"),
        ],
        prompts={"query": model.query_prompt, "document": model.passage_prompt},
        device="cpu",
    )
