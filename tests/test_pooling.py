"""The vector of a whole text from the states of its tokens: how it is made, and that it ranks."""

from __future__ import annotations

import numpy as np
import pytest

from index import encoder, packaged, pooling
from index.config import IndexSettings
from index.errors import ModelUnavailable
from training import pooling as fitting

order = np.random.default_rng(0)


def test_the_head_is_a_linear_map_of_the_first_state_and_the_mean():
    states = order.normal(size=(5, 3)).astype(np.float32)
    matrix = order.normal(size=(7, 4)).astype(np.float32)
    head = pooling.Head(matrix, -matrix, "digest")
    expected = np.concatenate([states[0], states.mean(axis=0), [1.0]]) @ matrix
    expected /= np.linalg.norm(expected)
    assert head.apply(states, asked=False) == pytest.approx(expected, abs=1e-5)
    assert head.apply(states, asked=True) == pytest.approx(-expected, abs=1e-5)


def test_a_fit_finds_the_map_that_there_is():
    states = order.normal(size=(400, 6)).astype(np.float32)
    true = order.normal(size=(6, 3)).astype(np.float32)
    matrix = fitting.fit(states, states @ true + 2.0)
    assert matrix.shape == (7, 3)
    assert matrix[:-1] == pytest.approx(true, abs=1e-2)
    assert matrix[-1] == pytest.approx(np.full(3, 2.0), abs=1e-2)


def test_a_model_without_a_head_is_told():
    with pytest.raises(ModelUnavailable, match="set ATTEST_DENSE_MODEL"):
        pooling.load(packaged.DENSE.name)


@pytest.mark.model
def test_texts_lie_as_they_do_to_the_model_that_the_head_was_fitted_to():
    one = encoder.load(IndexSettings())
    two = encoder.load(IndexSettings(dense_model=packaged.DENSE.name))
    question = "How do States stop terrorists from raising money on the Internet?"
    texts = (
        "Member States shall prevent the financing of terrorism through crowdfunding platforms.",
        "The Committee elected a new chair for its sixty-third session.",
        "Penguins march over the ice in winter.",
    )
    for each in (one, two):
        asked = each.encode_query(question).dense
        right, *others = (float(asked @ each.encode_passage(text, "").dense) for text in texts)
        assert right > max(others) + 0.1
    for text in texts:
        ours, theirs = (each.encode_passage(text, "").dense for each in (one, two))
        assert float(ours @ theirs) > 0.8
