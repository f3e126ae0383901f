"""Questions as words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from known import ENGLISH

from qa.question.words import content_words, normalise, possessive_off


def test_normalise_composes_characters_and_leaves_one_line():
    # e + combining acute becomes one character; controls and separators become blanks.
    assert normalise(" cafe\u0301\x07\nwhat\u2028now \x85") == "café what now"


def test_normalise_leaves_no_half_of_a_pair():
    assert normalise("a\ud800b") == "a b"


def test_words_of_content_come_once_as_first_typed_in_their_order():
    assert content_words("Which Penguins do penguins march, PENGUINS?", ENGLISH) == (
        "Penguins",
        "march",
    )


def test_words_without_content_and_single_letters_are_left_out():
    assert content_words("what is the content of a b c", ENGLISH) == ()


def test_a_possessive_is_its_word():
    assert content_words("the museum's violins and Ecuador’s", ENGLISH) == (
        "museum",
        "violins",
        "Ecuador",
    )
    assert [possessive_off(one) for one in ("CTED's", "its", "boss’s")] == ["CTED", "its", "boss"]


def test_hyphens_and_points_inside_a_word_belong_to_it():
    assert content_words("counter-terrorism e-DIS U.N. gold", ENGLISH) == (
        *("counter-terrorism", "e-DIS", "U.N", "gold"),
    )


def test_words_inside_the_spans_to_skip_are_left_out():
    text = "films about resolution 2462 from Norway"
    span = text.index("resolution"), text.index(" from")
    assert content_words(text, ENGLISH, [span]) == ("films", "Norway")


@pytest.mark.parametrize("text", ["", "?!…", "\u200d\u200d", "_ __ _", "’s 's"])
def test_where_there_are_no_words_none_are_found(text):
    assert content_words(text, ENGLISH) == ()


def test_words_of_other_scripts_are_words():
    assert content_words("что такое Ελλάδα 安全 الأمن", ENGLISH) == (
        "что",
        "такое",
        "Ελλάδα",
        "安全",
        "الأمن",
    )


@given(st.text(max_size=60))
def test_normalise_changes_nothing_twice(text):
    once = normalise(text)
    assert normalise(once) == once
    assert not [one for one in once if unicodedata.category(one) in {"Cc", "Cs", "Zl", "Zp"}]


@given(st.text(max_size=60))
def test_words_of_content_stand_in_the_text_and_are_no_stopwords(text):
    found = content_words(text, ENGLISH)
    assert all(word in text and word.lower() not in ENGLISH.words.stop for word in found)
    assert len({word.lower() for word in found}) == len(found)
