"""A repeat is the same words; whatever differs in one word is another statement."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import statements

SAME = [
    ("Mr. Adeyemi was **convicted**, in 2016.", "mr Adeyemi was convicted (in 2016)"),
    ("The Council\n  decides", "the council decides!"),
    ("See [the report](http://example.org/a_(b)) now", "See the report now"),
    ("It ends in June.[^4]", "It ends in June"),
    ("> Members shall report", "Members shall report."),
    ("the re\u00adsettle\u200bment of Lome\u0301", "the resettlement of Lomé"),
    ("“shall” – he said", '"shall", he said'),
    ("- 5 States", "5 States"),
    ("<b>All</b> States", "All States"),
    ("it’s", "it's"),
    ("the mid-2010s", "the mid 2010s"),
    ("# Heading\ntext", "Heading text"),
    ("- one\n- two", "one two"),
    ("| a | b |", "a b"),
    ("[S/2017/716](#)", "S/2017/716"),
    ("in 2011.[3]", "in 2011."),
    ("2014–2015", "2014-2015"),
]
ANOTHER = [
    ("May it report?", "May it report."),
    ("a share of 5 %", "a share of 5"),
    ("a share of 1.5", "a share of 15"),
    ("-5 degrees", "5 degrees"),
    ("+5 degrees", "-5 degrees"),
    ("$5 million", "€5 million"),
    ("10² units", "102 units"),
    ("paragraph 3/14", "paragraph 314"),
    ("at 10:30", "at 1030"),
    ("they re-sign", "they resign"),
    ("resume", "résumé"),
    ("Article 5 § 2", "Article 5 2"),
    ("x < 5", "x > 5"),
    ("was -$5 million", "was $5 million"),
    ("was **-5** degrees", "was **5** degrees"),
    ("rated AA-.", "rated AA."),
    ("in C#.", "in C."),
    ("of 5 mW.", "of 5 MW."),
    ("to <ombudsman@un.org>", "to <registrar@icc.int>"),
    ("status != 5", "status = 5"),
    ("-.5", "5"),
    ("10′", "10″"),
    ("~50", "50"),
    ("10^6", "10 6"),
    ("2010-", "2010"),
    ("<del>not</del> allowed", "not allowed"),
    ("~~not~~ allowed", "not allowed"),
    ("if n <k or m> 3", "if n <j or m> 3"),
    ("10<sup>2</sup>", "10 2"),
    ("M[1](2)", "M[1](3)"),
    ("income was (4.2) million", "income was 4.2 million"),
    ("5mW", "5MW"),
    ("100 Mbps", "100 MBps"),
    ("Articles 3–5 are", "Articles 3, 5 are"),
    ("6' high", '6" high'),
    ("was - 5 degrees", "was 5 degrees"),
    ("was ‑5 degrees", "was 5 degrees"),
    ("when !fault is set", "when fault is set"),
]
# A name, a number, a modal verb, a negation, a direction, a quantifier, and their like.
CHANGES = [
    ("Adeyemi", "Adebayo"),
    ("Mali", "Chad"),
    ("fourteen", "fifteen"),
    ("2015", "2016"),
    ("1,200", "1,300"),
    ("shall", "may"),
    ("must", "should"),
    ("may", "may not"),
    ("extends", "refuses to extend"),
    ("increased", "decreased"),
    ("from", "to"),
    ("before", "after"),
    ("all", "some"),
    ("most", "no"),
    ("at least", "at most"),
    ("convicted", "acquitted"),
    ("million", "billion"),
    ("and", "or"),
    ("is", "isn't"),
]
WORDS = st.lists(st.from_regex(r"[a-z]{2,9}", fullmatch=True), max_size=60)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_blanks_punctuation_mark_up_and_case_make_no_difference(one, other):
    assert statements.said(one) == statements.said(other)


@pytest.mark.parametrize(("one", "other"), ANOTHER)
def test_signs_that_tell_make_one(one, other):
    assert statements.said(one) != statements.said(other)


@given(WORDS, WORDS, st.sampled_from(CHANGES))
def test_no_minimal_pair_says_the_same_however_long_it_is(before, after, change):
    one, other = (" ".join([*before, word, *after]) for word in change)
    assert statements.said(one) != statements.said(other)


@given(st.text(max_size=80))
def test_every_word_is_where_it_says(text):
    for word in statements.words(text):
        assert text[word.start : word.end]
    assert tuple(word.form for word in statements.words(text)) == statements.said(text)


@given(WORDS, st.lists(st.sampled_from(["shall", "may", "report", "not", "5"]), min_size=1), WORDS)
def test_words_are_found_again_where_they_stand(before, quote, after):
    text = "\n\n".join([" ".join(before), f"**{'  '.join(quote)}**", " ".join(after)])
    place = statements.find(statements.fingerprint(" ".join(quote)), text, 0)
    assert place is not None
    assert statements.said(text[slice(*place)]) == tuple(quote)


@given(WORDS, st.sampled_from(CHANGES), WORDS)
def test_words_of_which_one_has_changed_are_gone(before, change, after):
    # Between others: "may" alone still stands in "may not".
    one, other = (" ".join(["the", *before, word, *after, "end"]) for word in change)
    found = statements.find(statements.fingerprint(one), other, 0)
    assert found is None


def test_of_several_places_the_nearest_is_found():
    text = "It may report. Then, again: it may report."
    name = statements.fingerprint("it may report")
    assert [statements.find(name, text, near) for near in (0, 30)] == [(0, 13), (28, 41)]


@pytest.mark.parametrize("name", ["", "x", "0-0000000000000000", "9-zz", "-1-00", "1" * 400])
def test_what_is_no_fingerprint_finds_nothing(name):
    assert statements.find(name, "some text", 0) is None
