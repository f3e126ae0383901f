"""Fakes that can be computed by eye, and collections made in a moment."""

from __future__ import annotations

import gc
import re
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings as hypothesis_settings

from index import generation
from index.build import Report, build
from index.config import IndexSettings
from index.encoder import Ids, PassageVectors, QueryVectors
from index.generation import Generation
from index.projection import Floats, normalise
from qa.pipeline import Answerer
from qa.settings import ServiceSettings

# How long an example takes by the clock says more of the machine than of the code.
hypothesis_settings.register_profile("attest", deadline=None)
hypothesis_settings.load_profile("attest")

SEEDS = Path(__file__).parent.parent / "seeds"
DIMENSIONS = 512
VOCABULARY = 4096


class WordEncoder:
    """Every word is an axis: a text is the sum of its words, a token is its word.

    MaxSim is then the weighted share of the question's words that a text holds. (Two words
    may share an axis; those that tests use do not.)
    """

    identity = {"dense": "words", "tokens": "words"}  # noqa: RUF012
    token_dimensions = DIMENSIONS
    vocabulary = VOCABULARY

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode_query(self, text: str) -> QueryVectors:
        tokens, ids, _ = _tokens(text)
        return QueryVectors(_sum(tokens), tokens, ids)

    def query_ids(self, text: str) -> Ids:
        return self.encode_query(text).token_ids

    def encode_passage(self, text: str, context: str) -> PassageVectors:
        self.encoded.append(text)
        head, head_ids, head_offsets = _tokens(context)
        tokens, ids, offsets = _tokens(text)
        return PassageVectors(
            dense=_sum(np.concatenate([head, tokens])),
            tokens=np.concatenate([head, tokens]),
            token_ids=np.concatenate([head_ids, ids]),
            offsets=np.concatenate([np.full_like(head_offsets, -1), offsets]),
        )


def _tokens(text: str) -> tuple[Floats, np.ndarray, np.ndarray]:
    words = [*re.finditer(r"\w+", text)]
    hashes = [zlib.crc32(word.group().lower().encode()) for word in words]
    # The first token is the model's own mark, as [CLS] is; it stands for no characters.
    rows = np.zeros((len(words) + 1, DIMENSIONS), dtype=np.float32)
    rows[0, 0] = 1
    for row, value in enumerate(hashes, start=1):
        rows[row, 1 + value % (DIMENSIONS - 1)] = 1
    ids = np.array([0, *(1 + value % (VOCABULARY - 1) for value in hashes)], dtype=np.int32)
    spans = np.array([(-1, -1), *(word.span() for word in words)], dtype=np.int32)
    return rows, ids, spans


def _sum(tokens: Floats) -> Floats:
    return normalise(tokens.sum(axis=0))


LONGEST = (
    *("test_service", "test_training", "test_query_adapter", "test_kill", "test_attested"),
    *("test_passages", "test_eval_cli", "test_api", "test_schemathesis", "test_page_reading"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest come first, so that none is left alone to one core at the end."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(LONGEST)))


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Fails where what is within takes more of a core. What else the machine does counts nothing,
    as it would by the clock on the wall, nor what other threads of this process do, nor what the
    tests before have left in memory, which the garbage collector would look through each time."""
    gc.freeze()
    try:
        began = time.thread_time()
        yield
        assert time.thread_time() - began < seconds
    finally:
        gc.unfreeze()


class SureReader:
    """A reader that is as sure of every quote as it is told to be."""

    def __init__(self, logit: float = 12.0) -> None:
        self.logit = logit

    def read(self, _question: str, texts: Sequence[str]) -> list[float]:
        return [self.logit] * len(texts)


def answerer_over(place: Path, files: Mapping[str, str | bytes]) -> Answerer:
    """An answerer over ``files``, built at ``place``, with the fake encoder and no threshold:
    for tests of a module that share one."""
    folder, settings, encoder = (
        place / "documents",
        IndexSettings(data=place / "var"),
        WordEncoder(),
    )
    folder.mkdir()
    for name, content in files.items():
        data = content.encode("utf-8") if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    build([folder], settings, lambda _: encoder)
    return Answerer(generation.open_current(settings.data), encoder, ServiceSettings(threshold=0))


@pytest.fixture
def encoder() -> WordEncoder:
    return WordEncoder()


@pytest.fixture
def settings(tmp_path: Path) -> IndexSettings:
    return IndexSettings(data=tmp_path / "var")


@pytest.fixture
def documents(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """Writes files into a folder of documents, over those already there."""
    folder = tmp_path / "documents"

    def write(files: Mapping[str, str | bytes]) -> Path:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            data = content.encode("utf-8") if isinstance(content, str) else content
            path.write_bytes(data)
        return folder

    return write


@pytest.fixture
def index_of(
    documents: Callable[[Mapping[str, str | bytes]], Path],
    settings: IndexSettings,
    encoder: WordEncoder,
) -> Callable[..., Report]:
    """Builds an index of the given files with the fake encoder; returns the report."""

    def run(files: Mapping[str, str | bytes], **options: Any) -> Report:
        return build([documents(files)], settings, lambda _: encoder, **options)

    return run


@pytest.fixture
def answerer_of(
    index_of: Callable[..., Report], settings: IndexSettings, encoder: WordEncoder
) -> Callable[[Mapping[str, str | bytes]], Answerer]:
    """An answerer over the given files, with the fake encoder and no threshold."""

    def run(files: Mapping[str, str | bytes]) -> Answerer:
        index_of(files)
        opened: Generation = generation.open_current(settings.data)
        return Answerer(opened, encoder, ServiceSettings(threshold=0))

    return run
