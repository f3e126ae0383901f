"""The packaged encoders, against sentence-transformers running the same models."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index import encoder, packaged
from index.config import IndexSettings
from index.encoder import ModelEncoder
from index.packaged_encoder import PackagedEncoder

pytestmark = pytest.mark.model

TEXTS = (
    "The Council decides that all States shall freeze the funds of terrorists.",
    "x",
    "Lomé, CTED & GIFCT: “quoted”\u00a0words…\n\nA second line, and 2462 (2019).",
    "盗采河沙的人将被判处五年监禁。",
    "word " * 1200,
)
CONTEXTS = ("", "Resolution 2462 (2019) — Financing of terrorism", "A [unused1] mark")
QUESTIONS = ("", "What does resolution 2462 cover?", "who led UNMIK in 1999 " * 60)
AS_NEAR = 1e-6
"""Single precision, in sums of some hundred products of numbers below 1."""


BOTH = [IndexSettings(), IndexSettings(dense_model=packaged.DENSE.name)]
"""One model for texts whole and for their tokens, and two."""


@pytest.fixture(scope="module", params=BOTH, ids=["one", "two"])
def settings(request) -> IndexSettings:
    return request.param


@pytest.fixture(scope="module")
def ours(settings) -> PackagedEncoder:
    found = encoder.load(settings)
    assert isinstance(found, PackagedEncoder)
    return found


@pytest.fixture(scope="module")
def theirs(settings) -> ModelEncoder:
    return ModelEncoder(settings)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
@pytest.mark.parametrize("context", CONTEXTS, ids=range(len(CONTEXTS)))
def test_a_passage_has_the_vectors_that_sentence_transformers_gives(ours, theirs, text, context):
    one, other = (each.encode_passage(text, context) for each in (ours, theirs))
    assert np.array_equal(one.token_ids, other.token_ids)
    assert np.array_equal(one.offsets, other.offsets)
    assert np.abs(one.tokens - other.tokens).max() < AS_NEAR
    assert np.abs(one.dense - other.dense).max() < AS_NEAR
    assert one.tokens.dtype == one.dense.dtype == np.float32


@pytest.mark.parametrize("text", QUESTIONS, ids=range(len(QUESTIONS)))
def test_a_question_has_the_vectors_that_sentence_transformers_gives(ours, theirs, text):
    one, other = (each.encode_query(text) for each in (ours, theirs))
    assert np.array_equal(one.token_ids, other.token_ids)
    assert np.array_equal(ours.query_ids(text), one.token_ids)
    assert np.abs(one.tokens - other.tokens).max() < AS_NEAR
    assert np.abs(one.dense - other.dense).max() < AS_NEAR


def test_both_say_what_they_are(ours, theirs, settings):
    assert ours.identity == theirs.identity == encoder.identity(settings)
    assert (ours.vocabulary, ours.token_dimensions) == (theirs.vocabulary, theirs.token_dimensions)


def test_a_vector_does_not_depend_on_what_is_encoded_beside_it(ours):
    alone = [ours.encode_passage(text, "") for text in TEXTS]
    with ThreadPoolExecutor(4) as pool:
        beside = [*pool.map(lambda text: ours.encode_passage(text, ""), TEXTS * 3)]
    for one, other in zip(alone * 3, beside, strict=True):
        assert np.array_equal(one.dense, other.dense)
        assert np.array_equal(one.tokens, other.tokens)


def test_packaged_models_are_loaded_without_a_framework():
    code = (
        "import sys; from index import encoder; from index.config import IndexSettings; "
        "encoder.load(IndexSettings()).encode_passage('It says one.', ''); "
        "print({'torch', 'transformers', 'sentence_transformers', 'onnx', 'scipy'} "
        "& set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True
    )
    assert done.stdout == "set()\n"
