"""The token store: MaxSim against nested loops, weights by hand, files that NumPy opens."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from index import tokens
from index.encoder import PassageVectors
from index.projection import Floats, normalise, quantise
from index.records import Passage, Sentence, SentenceFlag
from index.tokens import PassageTokens, TokenStore, compress

DIMENSIONS = 24
VOCABULARY = 50

STEP = 0.5 / 127 * (1 + 2**-10)
"""Most that rounding moves a coordinate, as a share of its row's largest: half of one of 127
steps, whose own length is a half-precision number (11 bits)."""


def unit_vectors(random: np.random.Generator, count: int) -> Floats:
    return normalise(random.standard_normal((count, DIMENSIONS)).astype(np.float32))


def passage_tokens(vectors: Floats, ids: list[int], ranges: list[tuple[int, int]]) -> PassageTokens:
    """A passage of the given tokens, with sentences that have those of the given ranges."""
    table = [(10 * n, 10 * n + 9, 0, first, last) for n, (first, last) in enumerate(ranges)]
    codes, scales = quantise(vectors)
    return PassageTokens(codes, scales, np.array(ids, np.int32), np.array(table, np.int32))


def store_of(folder: Path, passages: list[PassageTokens]) -> TokenStore:
    """The store of ``passages``, in two parts if they are several, as rows 0, 1 and so on."""
    halves = [range(0, len(passages), 2), range(1, len(passages), 2)]
    folders = []
    for number, rows in enumerate(filter(None, halves)):
        folders.append(folder / str(number))
        folders[-1].mkdir()
        tokens.write(folders[-1], rows, [passages[row] for row in rows], VOCABULARY)
    return TokenStore(folders)


def maxsim(query: Floats, weights: Floats, text: Floats) -> float:
    """MaxSim as its definition has it."""
    total = 0.0
    for token, weight in zip(query, weights, strict=True):
        total += float(weight) * max(float(np.dot(token, other)) for other in text)
    return total


@pytest.fixture
def collection(tmp_path: Path) -> tuple[TokenStore, list[Floats], list[list[tuple[int, int]]]]:
    """Twelve passages of random tokens: the store, their vectors and their sentences' ranges.

    The first tokens are the context's and belong to no sentence; every third passage ends in
    a sentence without tokens, as one beyond what the model reads has none.
    """
    random = np.random.default_rng(1)
    vectors, ranges = [], []
    for number in range(12):
        cuts = [2, *(2 + np.cumsum(random.integers(1, 9, size=3))).tolist()]
        spans = [*itertools.pairwise(cuts)]
        ranges.append([*spans, (0, 0)] if number % 3 == 0 else spans)
        vectors.append(unit_vectors(random, cuts[-1] + 1))  # and the model's closing mark
    passages = [
        passage_tokens(one, random.integers(0, VOCABULARY, len(one)).tolist(), spans)
        for one, spans in zip(vectors, ranges, strict=True)
    ]
    return store_of(tmp_path, passages), vectors, ranges


ROWS = [7, 0, 11, 3, 3 + 5]
"""Out of order, and neither all nor neighbours."""

# Rounding moves a row by at most sqrt(d) half steps of its largest coordinate, which is at
# most 1; the cosine with a unit vector moves by no more, and so does a weighted mean of them.
WITHIN_ROUNDING = math.sqrt(DIMENSIONS) * STEP


def test_passages_score_what_nested_loops_give(collection):
    store, vectors, _ = collection
    random = np.random.default_rng(2)
    query = unit_vectors(random, 6)
    weights = random.dirichlet(np.ones(6)).astype(np.float32)
    expected = [maxsim(query, weights, vectors[row]) for row in ROWS]
    found = store.score(query, weights, ROWS).passages
    assert found == pytest.approx(expected, abs=WITHIN_ROUNDING)


def test_sentences_score_what_nested_loops_give(collection):
    store, vectors, ranges = collection
    random = np.random.default_rng(3)
    query = unit_vectors(random, 6)
    weights = random.dirichlet(np.ones(6)).astype(np.float32)
    scored = store.score(query, weights, ROWS)
    expected = [
        maxsim(query, weights, vectors[row][first:last]) if last > first else 0.0
        for row in ROWS
        for first, last in ranges[row]
    ]
    assert scored.sentences == pytest.approx(expected, abs=WITHIN_ROUNDING)
    assert scored.bounds.tolist() == [0, *np.cumsum([len(ranges[row]) for row in ROWS])]


def test_each_query_token_has_its_best_match_in_each_sentence(collection):
    store, vectors, ranges = collection
    query = unit_vectors(np.random.default_rng(4), 5)
    scored = store.score(query, np.full(5, 0.2, dtype=np.float32), [4])
    expected = [
        [max(float(np.dot(token, other)) for other in vectors[4][first:last]) for token in query]
        for first, last in ranges[4]
    ]
    assert scored.per_token == pytest.approx(np.array(expected), abs=WITHIN_ROUNDING)


def test_a_sentence_without_tokens_scores_nothing(collection):
    store, vectors, _ = collection
    # The query is the first passage's first token, so its neighbours in the table score 1.
    scored = store.score(vectors[0][:1], np.ones(1, dtype=np.float32), [0, 3])
    empty = [int(scored.bounds[1]) - 1, int(scored.bounds[2]) - 1]
    assert scored.sentences[empty].tolist() == [0, 0]
    assert scored.per_token[empty].tolist() == [[0], [0]]


def test_weights_are_inverse_document_frequencies_that_sum_to_one(tmp_path):
    vectors = unit_vectors(np.random.default_rng(5), 3)
    store = store_of(
        tmp_path,
        [
            passage_tokens(vectors, [1, 2, 2], [(0, 3)]),
            passage_tokens(vectors, [1, 2, 3], [(0, 3)]),
            passage_tokens(vectors, [1, 4, 4], [(0, 3)]),
        ],
    )
    # Of 3 passages, 3 hold token 1, two hold 2, one holds 3, none holds 9:
    # ln((3 + 1) / (df + .5)) = ln(4 / 3.5), ln(4 / 2.5), ln(4 / 1.5), ln(4 / .5)
    #                         = .13353, .47000, .98083, 2.07944; their sum is 3.66380.
    found = store.weights(np.array([1, 2, 3, 9], dtype=np.int32))
    assert found == pytest.approx([0.03645, 0.12828, 0.26771, 0.56756], abs=1e-5)
    assert float(found.sum()) == pytest.approx(1)


def test_what_every_passage_holds_weighs_nothing_once_there_are_many(tmp_path):
    vectors = unit_vectors(np.random.default_rng(6), 2)
    passages = [passage_tokens(vectors, [1, 2 + n], [(0, 2)]) for n in range(20)]
    store = store_of(tmp_path, passages)
    # ln(21 / 20.5) = .0241 of token 1 beside ln(21 / 1.5) = 2.6391 of token 2
    found = store.weights(np.array([1, 2], dtype=np.int32))
    assert found == pytest.approx([0.00905, 0.99095], abs=1e-5)


def test_no_tokens_have_no_weights(tmp_path):
    vectors = unit_vectors(np.random.default_rng(7), 1)
    store = store_of(tmp_path, [passage_tokens(vectors, [1], [(0, 1)])])
    assert store.weights(np.array([], dtype=np.int32)).tolist() == []


def test_weighing_leaves_the_store_as_it_is(tmp_path):
    vectors = unit_vectors(np.random.default_rng(8), 1)
    store = store_of(tmp_path, [passage_tokens(vectors, [1], [(0, 1)])])
    ids = np.array([1, 9], dtype=np.int32)
    assert store.weights(ids).tolist() == store.weights(ids).tolist()


def test_a_quantised_row_comes_back_within_half_a_step():
    random = np.random.default_rng(9)
    for scale in (1e-2, 1.0, 50.0):
        vectors = (scale * random.standard_normal((200, DIMENSIONS))).astype(np.float32)
        codes, scales = quantise(vectors)
        error = np.abs(codes * scales.astype(np.float32)[:, None] - vectors).max(axis=1)
        assert (error <= np.abs(vectors).max(axis=1) * STEP).all()


def test_a_row_of_zeros_comes_back_as_zeros():
    codes, scales = quantise(np.zeros((2, DIMENSIONS), dtype=np.float32))
    assert not (codes * scales[:, None]).any()


def test_files_open_with_the_shapes_that_were_written(tmp_path, collection):
    _, vectors, ranges = collection
    for part in (0, 1):
        own = vectors[part::2]
        total, sentences = sum(map(len, own)), sum(map(len, ranges[part::2]))
        shapes = {path.name: np.load(path).shape for path in tmp_path.glob(f"{part}/*.npy")}
        assert shapes == {
            tokens.ROWS: (len(own),),
            tokens.CODES: (total, DIMENSIONS),
            tokens.SCALES: (total,),
            tokens.IDS: (total,),
            tokens.BOUNDS: (len(own) + 1,),
            tokens.SENTENCES: (sentences, 5),
            tokens.SENTENCE_BOUNDS: (len(own) + 1,),
            tokens.FREQUENCIES: (VOCABULARY,),
        }


def test_the_header_that_is_written_again_displaces_no_token(tmp_path):
    # 100,000 tokens: their number is six digits longer than the 0 it is written over.
    numbers = np.arange(100_000 * DIMENSIONS, dtype=np.int64)
    codes = numbers.astype(np.int8).reshape(-1, DIMENSIONS)
    scales = np.linspace(0, 1, 100_000, dtype=np.float16)
    table = np.zeros((1, 5), dtype=np.int32)
    store_of(tmp_path, [PassageTokens(codes, scales, np.array([1], np.int32), table)])
    assert np.array_equal(np.load(tmp_path / "0" / tokens.CODES), codes)
    assert np.array_equal(np.load(tmp_path / "0" / tokens.SCALES), scales)


def test_a_passage_is_read_back_as_it_was_added(tmp_path):
    random = np.random.default_rng(10)
    added = [
        passage_tokens(unit_vectors(random, n + 1), list(range(n + 1)), [(0, n), (n, n + 1)])
        for n in range(5)
    ]
    store = store_of(tmp_path, added)
    for row, one in enumerate(added):
        back = store.passage(row)
        for name in ("codes", "scales", "ids", "sentences"):
            assert np.array_equal(getattr(back, name), getattr(one, name)), (row, name)


def test_each_sentence_has_the_tokens_that_lie_in_it():
    # "Who? Nobody came." from character 100 on; the first token is the model's own, the second
    # the context's, the last closes the text; the full stop is a token of its own.
    text = "Who? Nobody came."
    passage = Passage(
        "d",
        100,
        117,
        text,
        (),
        (Sentence(100, 104, SentenceFlag.OPENS_BLOCK), Sentence(105, 117, SentenceFlag.CUT)),
    )
    spans = [(-1, -1), (-1, -1), (0, 3), (3, 4), (5, 11), (12, 16), (16, 17), (-1, -1)]
    vectors = unit_vectors(np.random.default_rng(11), len(spans))
    ids = np.arange(len(spans), dtype=np.int32)
    kept = compress(passage, PassageVectors(vectors[0], vectors, ids, np.array(spans, np.int32)))
    assert kept.sentences.tolist() == [[100, 104, 8, 2, 4], [105, 117, 4, 4, 7]]
    assert len(kept.codes) == len(kept.scales) == len(spans)


def test_a_sentence_beyond_what_the_model_reads_has_an_empty_range():
    passage = Passage("d", 0, 9, "One. Two.", (), (Sentence(0, 4), Sentence(5, 9)))
    spans = np.array([(-1, -1), (0, 3), (3, 4)], dtype=np.int32)
    vectors = unit_vectors(np.random.default_rng(12), 3)
    kept = compress(
        passage, PassageVectors(vectors[0], vectors, np.zeros(3, dtype=np.int32), spans)
    )
    assert kept.sentences.tolist() == [[0, 4, 0, 1, 3], [5, 9, 0, 0, 0]]
