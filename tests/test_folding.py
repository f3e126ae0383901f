"""What no eye sees and what a line's end broke is undone, and every place is kept."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index import folding


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("re\u00adsettle\u00adment", "resettlement"),
        ("dis\u200barma\u2060ment", "disarmament"),
        ("Lome\u0301 and Lomé", "Lome and Lome"),
        ("ﬁscal ２０１９", "fiscal 2019"),
        ("\u1112\u1161\u11ab한", "한한"),
        ("か\u3099 が", "が が"),
        ("القَرار", "القرار"),
        ("plain words", "plain words"),
        ("", ""),
    ],
)
def test_plain_text_is_without_what_no_eye_sees_and_without_accents(text, plain):
    assert folding.plain(text).text == plain


def test_what_is_visible_keeps_its_accents():
    assert folding.visible("Lome\u0301, re\u00adsume\u0301").text == "Lomé, resumé"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("parliamen-\ntary", "parliamentary"),
        ("parliamen- \r\n  tary", "parliamentary"),
        ("counter-\nterrorism", "counter-terrorism"),
        ("2014-\n2015", "2014-\n2015"),
        ("a dash -\nand more", "a dash -\nand more"),
    ],
)
def test_words_that_a_line_end_broke_are_whole(text, whole):
    known = folding.own_hyphen({"counter", "terrorism", "parliamentary"})
    assert folding.without_breaks(folding.plain(text), known).text == whole


LETTERS = st.text(
    st.one_of(
        st.sampled_from("abcé \n-\u00ad\u200b\u0301\ufb01\u1112\u1161"),
        st.characters(codec="utf-8"),
    ),
    max_size=40,
)


@given(LETTERS)
def test_every_character_of_a_folded_text_has_its_place(text):
    for form in (folding.visible, folding.plain):
        folded = folding.without_breaks(form(text))
        assert len(folded.text) == len(folded.starts) == len(folded.ends)
        places = [*zip(folded.starts, folded.ends, strict=True)]
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert places == sorted(places)


@given(LETTERS)
@example("\u1b06")  # its second part is a vowel sign, and no mark
def test_composed_and_decomposed_texts_fold_alike(text):
    composed, apart = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert folding.plain(composed).text == folding.plain(apart).text


@given(st.text(st.sampled_from("ab\u00ade\u0301 "), min_size=1, max_size=30), st.data())
def test_a_word_that_is_found_folded_is_pointed_at_in_the_text(text, data):
    folded = folding.plain(text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    first, last = folded.span(start, end)
    assert folding.plain(text[first:last]).text == folded.text[start:end]
