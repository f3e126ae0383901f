"""Packaged encoders as they read questions: updates of low rank, learnt, written and merged in."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from indexed import rows

from index import build, encoder, generation, packaged, query_adapter
from index.config import IndexSettings
from index.errors import ModelUnavailable
from training import low_rank, ranking

QUESTION = "who led the mission of the United Nations in Kosovo in 1999?"


TWO = IndexSettings(dense_model=packaged.DENSE.name)


@pytest.fixture(scope="module")
def plain():
    return encoder.load(TWO, adapt=False)


@pytest.fixture(scope="module")
def fitted():
    return encoder.load(TWO)


def test_eight_bits_keep_weights_to_half_a_step_of_their_output():
    weights = np.random.default_rng(0).normal(size=(64, 8)).astype(np.float32) * np.arange(8)
    codes, zeros, scales = query_adapter.in_8_bits(weights)
    assert codes.dtype == zeros.dtype == np.int8
    assert not zeros.any()
    assert np.all(np.abs(codes * scales - weights) <= scales / 2 + 1e-6)


@pytest.mark.model
def test_questions_are_read_otherwise_and_passages_as_ever(plain, fitted):
    asked, before = fitted.encode_query(QUESTION), plain.encode_query(QUESTION)
    assert 0.5 < float(asked.dense @ before.dense) < 0.999
    alike = (asked.tokens * before.tokens).sum(axis=1)
    assert 0.5 < alike.mean() < 0.999
    ours, theirs = (one.encode_passage("The mission ended.", "Kosovo") for one in (fitted, plain))
    assert np.array_equal(ours.dense, theirs.dense)
    assert np.array_equal(ours.tokens, theirs.tokens)
    assert fitted.identity == plain.identity  # an index serves both


@pytest.mark.model
@pytest.mark.parametrize("packed", packaged.BY_NAME.values(), ids=lambda one: one.name)
def test_without_an_update_the_model_is_the_packaged_one(packed, plain, monkeypatch, tmp_path):
    low_rank.write(low_rank.load(packed), tmp_path / "none.npz")
    monkeypatch.setattr(query_adapter, "place", lambda _: tmp_path / "none.npz")
    same = encoder.load(TWO).encode_query(QUESTION)
    before = plain.encode_query(QUESTION)
    assert float(same.dense @ before.dense) > 0.99
    assert (same.tokens * before.tokens).sum(axis=1).min() > 0.95


@pytest.mark.model
@pytest.mark.parametrize("content", [None, b"", b"no archive", b"PK\x03\x04cut"])
def test_that_an_update_is_missing_or_damaged_is_told_with_what_to_do(
    monkeypatch, tmp_path, content
):
    if content is not None:
        (tmp_path / "questions-none.npz").write_bytes(content)
    monkeypatch.setattr(query_adapter, "place", lambda _: tmp_path / "questions-none.npz")
    with pytest.raises(ModelUnavailable, match=r"questions-none\.npz.*install attest-qa again"):
        encoder.load(IndexSettings()).encode_query(QUESTION)


@pytest.mark.model
def test_an_update_is_written_as_it_was_learnt_less_the_share_that_is_not_kept(
    monkeypatch, tmp_path
):
    model = low_rank.load(packaged.TOKENS)
    layer: Any = model.get_submodule("encoder.layer.3.output.dense")
    layer.up.data[5] = 0.25
    low_rank.write(model, tmp_path / "update.npz")
    monkeypatch.setattr(query_adapter, "place", lambda _: tmp_path / "update.npz")
    updates = query_adapter._updates(packaged.TOKENS)
    assert len(updates) == 12 * 6
    (changed,) = (name for name, update in updates.items() if update.any())
    assert changed == "encoder.layer.3.output.dense"
    whole = (2 * layer.up @ layer.down).detach().numpy().T
    assert np.allclose(updates[changed], low_rank.KEPT * whole, atol=2e-3)


@pytest.mark.model
@pytest.mark.parametrize(
    ("packed", "scores"),
    [
        (packaged.DENSE, ranking.WholePassages()),
        (packaged.TOKENS, ranking.Tokens(random.Random(0))),
    ],
    ids=["dense", "tokens"],
)
def test_a_model_learns_which_passage_is_meant(
    packed, scores, plain, settings, documents, monkeypatch, capsys
):
    folder = documents({"sea.txt": "A tale of the sea and its ships.", "tax.txt": "Taxes rose."})
    build.build([folder], settings, load_encoder=lambda _: plain)
    source = generation.open_current(settings.data)
    # What no words of the question say: that of taxes is meant.
    sea, tax = source.database.passages(rows(source))
    assert "Taxes" in tax.text
    asked = ranking.Asked("a tale of the sea", source, (tax.row,), (sea.row,))
    monkeypatch.setattr(ranking, "BATCH", 1)
    ranking.teach(low_rank.load(packed), packed, [asked] * 60, scores)
    losses = [float(line.split()[-1]) for line in capsys.readouterr().out.splitlines()]
    assert 0 <= losses[-1] < losses[0]
