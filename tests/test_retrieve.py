"""Candidates, fusion and ranking."""

from __future__ import annotations

import pytest

from index.records import Hit
from qa.ranking.retrieve import fuse
from qa.records import Question


def test_a_single_hit_stretches_to_one_and_the_shares_of_both_rankers_sum_to_one():
    words, dense = fuse([Hit(7, 3.2)], []), fuse([], [Hit(7, -5.0)])
    assert list(words) == list(dense) == [7]
    assert min(words[7], dense[7]) > 0
    assert words[7] + dense[7] == pytest.approx(1)


def test_fusion_is_the_weighted_sum_of_stretched_scores():
    # Words: 10, 6, 2 stretch to 1, 1/2, 0. Vectors: .9, .8 stretch to 1, 0.
    words = [Hit(1, 10), Hit(2, 6), Hit(3, 2)]
    dense = [Hit(2, 0.9), Hit(4, 0.8)]
    w, d = fuse([Hit(7, 1.0)], [])[7], fuse([], [Hit(7, 1.0)])[7]
    assert fuse(words, dense) == pytest.approx({1: w, 2: w / 2 + d, 3: 0.0, 4: 0.0})


def search(answerer, text, **options):
    return [one.passage.document.id for one in answerer.search(Question(text, **options))]


FILES = {
    "a.txt": "Penguins march over ice in winter.",
    "b.txt": "Resolution 1373 (2001) is mentioned beside penguins.",
    "resolution.txt": "RESOLUTION 1373 (2001)\n\nAll States shall prevent the financing of harm.",
}


def test_the_document_that_an_identifier_names_comes_before_one_that_mentions_it(answerer_of):
    found = search(answerer_of(FILES), "what does resolution 1373 say of penguins")
    assert found[:2] == ["resolution", "b"]


def test_what_mentions_an_identifier_comes_first_where_no_document_has_its_name(answerer_of):
    files = {
        "a.txt": "Penguins march over ice in winter.",
        "b.md": "# Staff\n\nThe staff of many offices follow resolution 1373 (2001) on funds.",
    }
    found = search(answerer_of(files), "what of resolution 1373 and penguins that march over ice")
    assert found == ["b", "a"]


def test_a_quoted_phrase_must_occur(answerer_of):
    assert search(answerer_of(FILES), '"march over ice" penguins') == ["a"]


def test_of_two_quoted_phrases_a_passage_must_have_both_if_one_has(answerer_of):
    files = {"a.txt": "Penguins march over ice in winter.", "b.txt": "Bears march over ice."}
    assert search(answerer_of(files), '"march over ice" and "in winter"') == ["a"]


def test_a_filter_keeps_other_documents_out(answerer_of):
    answerer = answerer_of(FILES)
    assert search(answerer, "penguins ice", documents=("b",)) == ["b"]
    assert search(answerer, "resolution 1373", documents=("a",)) == ["a"]


def test_matched_terms_are_those_of_the_question_that_the_passage_holds(answerer_of):
    (first, *_) = answerer_of(FILES).search(Question("do penguins march in summer"))
    assert (first.passage.document.id, first.matched_terms) == ("a", ("penguins", "march"))


def test_top_k_bounds_the_passages(answerer_of):
    assert len(search(answerer_of(FILES), "penguins resolution", top_k=1)) == 1
