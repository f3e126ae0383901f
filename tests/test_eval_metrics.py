"""What a question adds to the figures, each worked out by hand."""

from __future__ import annotations

import math

import ir_measures
import pytest
from evaluating import cited, passages, quote, result, whole
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, Qrel, R, ScoredDoc, Success, nDCG

from eval.metrics import ANSWER_CHARACTERS, RANKING, exact, holds, overlap_f1, score, states
from eval.records import Gold, Place

TEN = quote(100, "0123456789")
"""Gold of ten characters, from 100 to 110."""


def measures(one):
    (found,) = score([one])
    return found.measures


def outcome(one):
    (found,) = score([one])
    return found.outcome


# Which passages state the gold


@pytest.mark.parametrize(
    ("span", "stated"),
    [
        ((90, 120), True),  # holds all of it
        ((100, 105), True),  # 5 of 10 characters: half
        ((0, 105), True),
        ((0, 104), False),  # 4 of 10
        ((105, 300), True),
        ((106, 300), False),
        ((103, 107), True),  # 4 of 10, but all of the passage lies in it
        ((98, 102), True),  # 2 of 10, but half of the passage lies in it
        ((97, 102), False),  # 2 of 10, and 2 of the 5 characters of the passage
        ((0, 100), False),  # ends where it begins
        ((110, 200), False),
    ],
)
def test_a_passage_states_a_quote_by_half_of_either(span, stated):
    assert states(Place("d", *span), TEN) == stated


def test_a_passage_of_another_document_states_nothing():
    assert not states(Place("e", 100, 110), TEN)
    assert not states(Place("e", 0, 10), whole("d"))


def test_any_passage_of_a_document_states_the_whole():
    assert states(Place("d", 5000, 5010), whole("d"))


# Ranking


def test_one_need_found_second():
    # RR 1/2; nDCG: 1/log2(3) of 1.
    found = measures(result((TEN,), passages=passages((0, 50), (90, 150))))
    assert found["Success@1"] == found["R@1"] == 0
    assert found["R@3"] == found["R@5"] == found["R@10"] == 1
    assert found["RR@10"] == 0.5
    assert found["nDCG@10"] == pytest.approx(1 / math.log2(3))


def test_two_documents_that_are_both_needed():
    # The needs are found at ranks 1 and 3: R@1 = 1/2, R@3 = 1.
    # nDCG = (1 + 1/log2(4)) / (1 + 1/log2(3)) = 1.5 / 1.63093 = .91972
    found = measures(
        result(
            *((TEN,), (quote(0, "elsewhere", "e"),)),
            passages=passages((90, 150), (200, 300), "e"),
        )
    )
    assert (found["Success@1"], found["R@1"], found["R@3"]) == (1, 0.5, 1)
    assert found["nDCG@10"] == pytest.approx(0.91972, abs=1e-5)


def test_one_of_two_needed_documents_is_half():
    # nDCG = 1 / (1 + 1/log2(3)) = .61315
    found = measures(
        result((TEN,), (quote(0, "elsewhere", "e"),), passages=passages((90, 150), (200, 300)))
    )
    assert (found["R@10"], found["RR@10"]) == (0.5, 1)
    assert found["nDCG@10"] == pytest.approx(0.61315, abs=1e-5)


def test_needs_that_one_passage_meets_together_are_one():
    # Both quotes stand in the first passage, so nothing is missing and nothing is late.
    found = measures(
        result((TEN,), (quote(120, "abcde"),), passages=passages((90, 150), (200, 300)))
    )
    assert {found[str(name)] for name in RANKING} == {1}


def test_needs_met_together_and_one_alone():
    # The second passage meets two needs, the third the other: two items at ranks 2 and 3.
    # R@1 = 0, R@3 = 1, RR = 1/2;
    # nDCG = (1/log2(3) + 1/log2(4)) / (1 + 1/log2(3)) = 1.13093 / 1.63093 = .69343
    found = measures(
        result(
            *((TEN,), (quote(0, "elsewhere", "e"),), (quote(120, "abcde"),)),
            passages=passages((300, 400), (90, 150), "e"),
        )
    )
    assert (found["R@1"], found["R@3"], found["RR@10"]) == (0, 1, 0.5)
    assert found["nDCG@10"] == pytest.approx(0.69343, abs=1e-5)


def test_a_need_counts_where_it_is_first_met():
    # Alternatives of one need at ranks 1 and 2: one item, at rank 1.
    found = measures(result((TEN, quote(210, "abcde")), passages=passages((90, 150), (200, 300))))
    assert (found["R@1"], found["nDCG@10"]) == (1, 1)


def test_grades_are_gains():
    # Grade 1 first, grade 2 second: (1 + 2/log2(3)) / (2 + 1/log2(3)) = 2.26186 / 2.63093.
    found = measures(result((whole("e"),), (whole("f", grade=2),), passages=passages("e", "f")))
    assert found["nDCG@10"] == pytest.approx(2.26186 / 2.63093, abs=1e-5)


def test_where_documents_are_sought_each_is_met_once():
    # Passages of d, d, d, e: documents d, e. The one sought is second, not fourth.
    found = measures(result((whole("e"),), passages=passages((0, 9), (10, 19), (20, 29), "e")))
    assert (found["R@1"], found["R@3"], found["RR@10"]) == (0, 1, 0.5)


def test_where_quotes_are_sought_passages_of_one_document_count_each():
    found = measures(result((TEN,), passages=passages((0, 9), (10, 19), (20, 29), (90, 150))))
    assert (found["R@3"], found["R@5"], found["RR@10"]) == (0, 1, 0.25)


def test_what_is_beyond_the_tenth_passage_is_not_found():
    spans = [(n * 10, n * 10 + 9) for n in range(20, 30)]
    found = measures(result((TEN,), passages=passages(*spans, (90, 150))))
    assert {found[str(name)] for name in RANKING} == {0}


def test_document_rankings_are_those_of_ir_measures():
    # Six documents, three sought (one of them not found), with grades.
    ranked = ["a", "b", "c", "d", "e"]
    sought = {"b": 1, "d": 3, "gone": 2}
    one = result(*((whole(name, grade),) for name, grade in sought.items()))
    one = result(*one.gold, passages=passages(*ranked))
    expected = ir_measures.calc_aggregate(
        [Success @ 1, R @ 1, R @ 3, R @ 5, R @ 10, RR @ 10, nDCG @ 10],
        [Qrel("q", name, grade) for name, grade in sought.items()],
        [ScoredDoc("q", name, -rank) for rank, name in enumerate(ranked)],
    )
    found = measures(one)
    assert {str(name): value for name, value in expected.items()} == pytest.approx(
        {str(name): found[str(name)] for name in expected}
    )


ALTERNATIVES = st.lists(st.integers(0, 14), min_size=1, max_size=3, unique=True)


@given(st.lists(ALTERNATIVES, min_size=1, max_size=4), st.integers(0, 12))
def test_ranking_measures_are_their_textbook_formulas(needs, count):
    """Passage n is [100n, 100n + 100); each need has alternatives in some of them."""
    groups = [tuple(Gold(Place("d", 100 * n, 100 * n + 50)) for n in need) for need in needs]
    ranked = passages(*((100 * n, 100 * n + 100) for n in range(count)))
    found = measures(result(*groups, passages=ranked))
    first = [min((n + 1 for n in need if n < count), default=None) for need in needs]
    at = sorted({rank for rank in first if rank})  # needs met by one passage are one item
    total = len(at) + first.count(None)
    for k in (1, 3, 5, 10):
        assert found[f"R@{k}"] == pytest.approx(sum(rank <= k for rank in at) / total)
    assert found["Success@1"] == (1 in at)
    assert found["RR@10"] == pytest.approx(1 / at[0] if at and at[0] <= 10 else 0)
    gained = sum(1 / math.log2(rank + 1) for rank in at if rank <= 10)
    best = sum(1 / math.log2(rank + 1) for rank in range(1, total + 1))
    assert found["nDCG@10"] == pytest.approx(gained / best)


# Quotes held whole


def test_a_quote_may_lie_over_two_adjoining_passages():
    # "one two three" from 10 to 23; the passages part at the blank at 17.
    gold = quote(10, "one two three")
    over_two = passages((0, 17), (18, 30))
    assert measures(result((gold,), passages=over_two))["hit@5"] == 1
    # Parted within a word, the letter at 16 is in neither.
    assert measures(result((gold,), passages=passages((0, 16), (17, 30))))["hit@5"] == 0


def test_hit_counts_needs_and_takes_any_alternative_whole():
    needs = ((quote(0, "aaaa"), TEN), (quote(500, "bbbb"),))
    # The second alternative of the first need is held whole; of the second need, three quarters.
    found = measures(result(*needs, passages=passages((90, 150), (0, 2), (500, 503))))
    assert found["hit@5"] == 0.5


def test_hit_looks_at_five_passages():
    others = [(1000 * n, 1000 * n + 50) for n in range(1, 6)]
    assert measures(result((TEN,), passages=passages(*others[:4], (90, 150))))["hit@5"] == 1
    assert measures(result((TEN,), passages=passages(*others, (90, 150))))["hit@5"] == 0


# Citations


def test_citation_precision_is_the_share_of_cited_letters_in_gold():
    # Cited: "xx 0123456789 yy" from 97: 14 letters, 10 of them gold; blanks do not count.
    one = result((TEN,), citations=(cited(97, "xx 0123456789 yy"),))
    assert measures(one)["citation precision"] == pytest.approx(10 / 14)


def test_citation_precision_takes_every_alternative():
    # "01234" (from 100) is in one alternative, "abc" (from 200) in the other, "zz" in none.
    one = result(
        (TEN, quote(200, "abc")),
        citations=(cited(100, "01234"), cited(200, "abc"), cited(300, "zz")),
    )
    assert measures(one)["citation precision"] == pytest.approx(8 / 10)


def test_letters_cited_twice_count_once():
    # 56789 and 789xx: 5..9 and two more letters, 7 in all, of which 5 are gold.
    one = result((TEN,), citations=(cited(105, "56789"), cited(107, "789xx")))
    assert measures(one)["citation precision"] == pytest.approx(5 / 7)
    assert measures(one)["citation recall"] == pytest.approx(5 / 10)


def test_citation_recall_is_of_the_best_alternative_of_each_need():
    # First need: 5 of 10 of one alternative, 1 of 4 of the other. Second: nothing. (.5 + 0) / 2
    one = result(
        *((TEN, quote(200, "abcd")), (quote(300, "efgh"),)),
        citations=(cited(100, "01234"), cited(200, "a")),
    )
    assert measures(one)["citation recall"] == 0.25


def test_a_citation_of_another_document_is_not_of_the_gold():
    one = result((TEN,), citations=(cited(100, "0123456789", document="e"),))
    assert (measures(one)["citation precision"], measures(one)["citation recall"]) == (0, 0)


def test_what_was_declined_has_recall_0_and_no_precision():
    found = measures(result((TEN,), answered=False, considered=(cited(100, "0123456789"),)))
    assert found["citation recall"] == 0
    assert "citation precision" not in found
    assert found["wrongly declined"] == 1


def test_document_gold_says_nothing_of_quotes():
    found = measures(result((whole("d"),), citations=(cited(0, "abc"),), passages=passages("d")))
    assert {"hit@5", "citation precision", "citation recall"}.isdisjoint(found)


# Right answers


def given_answer(text, *accepted, **more):
    return result((TEN,), accepted=accepted, citations=(cited(0, text),), **more)


def test_an_accepted_answer_in_the_quotes_is_right():
    one = given_answer("It is in\nNew\tYORK, they say.", ("new york", "Boston"))
    assert (outcome(one), measures(one)["right"], measures(one)["right if given"]) == (
        "right",
        1,
        1,
    )


def test_one_answer_of_every_group_is_needed():
    assert outcome(given_answer("Ada in Paris", ("Ada",), ("Paris", "Lyon"))) == "right"
    assert outcome(given_answer("Ada in Rome", ("Ada",), ("Paris", "Lyon"))) == "wrong"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("in 2012.", True),
        ("(2012)", True),
        ("20123", False),
        ("a2012", False),
        ("2012-13", True),
        ("UN’s 2012", True),
        ("", False),
    ],
)
def test_an_answer_stands_as_whole_words(text, found):
    assert holds(text, ["2012"]) == found


def test_an_answer_of_signs_is_taken_as_it_is_written():
    assert holds("costs $5 (about)", ["$5"])
    assert not holds("costs 15 about", ["1."])


def test_an_answer_must_stand_within_the_first_700_characters():
    # 694 letters, a blank, and "Paris": its last letter is the 700th. One letter more is beyond.
    assert ANSWER_CHARACTERS == 700
    assert outcome(given_answer("x" * 694 + " Paris", ("Paris",))) == "right"
    assert outcome(given_answer("x" * 695 + " Paris", ("Paris",))) == "wrong"


def test_all_quotes_together_have_700_characters():
    # 693 letters, a line end between the quotes, and "Paris": 699. With 695, 701.
    for length, told in [(693, "right"), (695, "wrong")]:
        quotes = (cited(0, "x" * length), cited(2000, "Paris"))
        one = result((TEN,), accepted=(("Paris",),), citations=quotes)
        assert outcome(one) == told


def test_what_was_weighed_and_not_given_is_right_only_if_given():
    one = result((TEN,), accepted=(("Paris",),), answered=False, considered=(cited(0, "in Paris"),))
    found = measures(one)
    assert (outcome(one), found["right"], found["right if given"]) == ("declined", 0, 1)
    assert score([one])[0].right


def test_an_answer_among_what_comes_closest_is_shown_and_not_right():
    one = result((TEN,), accepted=(("Paris",),), answered=False, closest=(cited(0, "in Paris"),))
    assert (measures(one)["right"], measures(one)["shown"]) == (0, 1)
    other = result((TEN,), accepted=(("Paris",),), answered=False, closest=(cited(0, "in Rome"),))
    assert measures(other)["shown"] == 0
    assert measures(given_answer("in Paris", ("Paris",)))["shown"] == 1


def test_of_whole_documents_nothing_is_said_of_right():
    one = result((whole("d"),), citations=(cited(0, "abc"),))
    assert {"right", "right if given", "EM", "F1"}.isdisjoint(measures(one))
    assert outcome(one) == "wrong"


@pytest.mark.parametrize(
    ("start", "text", "right"),
    [
        (100, "0123456789", True),
        (105, "56789 and more", True),  # half of the gold
        (106, "6789 and more", False),
        (0, "0123456789", False),  # the same words elsewhere
    ],
)
def test_without_accepted_answers_half_of_a_gold_quote_of_each_group_is_right(start, text, right):
    one = result((TEN,), citations=(cited(start, text),))
    assert measures(one)["right"] == right
    assert outcome(one) == ("right" if right else "wrong")
    both = result((TEN,), (quote(500, "another"),), citations=(cited(start, text),))
    assert measures(both)["right"] == 0


# As SQuAD counts


@pytest.mark.parametrize(
    ("text", "answer", "em", "f1"),
    [
        ("The Eiffel Tower!", "eiffel tower", 1, 1),
        # in, city, of, paris, france: 1 of 5 is right, all of what is sought: 2 * .2 / 1.2
        ("in the city of Paris, France", "Paris", 0, 1 / 3),
        # said: 15 may 2019; sought: may 15: 2 of 3 and 2 of 2: 2 * 2/3 / (5/3) = .8
        ("15 May 2019", "May 15", 0, 0.8),
        # A word counts as often as both have it: 1 of 2 and 1 of 1.
        ("very very", "very", 0, 2 / 3),
        ("London", "Paris", 0, 0),
        ("", "Paris", 0, 0),
        ("the", "a", 1, 1),  # nothing is left of either
        ("U.S.", "us", 1, 1),
        ("“Paris”", "Paris", 0, 0),  # only ASCII punctuation is taken away
    ],
)
def test_exact_match_and_f1(text, answer, em, f1):
    assert exact(text, answer) == em
    assert overlap_f1(text, answer) == pytest.approx(f1)


def test_the_best_of_the_accepted_answers_counts():
    found = measures(given_answer("Paris, France", ("London", "Paris", "the Paris of France")))
    # of "Paris": 1 of 2, 1 of 1: 2/3; of "paris of france": 2 of 2, 2 of 3: .8
    assert (found["EM"], found["F1"]) == (0, pytest.approx(0.8))


def test_several_groups_of_answers_are_not_of_squads_kind():
    assert "EM" not in measures(given_answer("Ada in Paris", ("Ada",), ("Paris",)))


def test_declining_the_unanswerable_is_an_exact_match():
    declined = result(answerable=False, answered=False)
    assert measures(declined) == {"wrongly answered": 0, "EM": 1, "F1": 1}
    assert outcome(declined) == "rightly declined"
    answered = result(answerable=False, citations=(cited(0, "abc"),))
    assert measures(answered) == {"wrongly answered": 1, "EM": 0, "F1": 0}
    assert outcome(answered) == "wrongly answered"
    assert not score([answered])[0].right


# Errors, and what does not apply


def test_a_question_without_a_reply_counts_0_in_all_that_applies_to_it():
    one = result((TEN,), accepted=(("Paris",),), answered=False, error="refused", confidence=0.0)
    applying = {
        *map(str, RANKING),
        *("hit@5", "right", "shown", "right if given", "citation recall", "EM", "F1"),
    }
    assert measures(one) == dict.fromkeys(applying, 0)
    assert (outcome(one), score([one])[0].right) == ("error", False)


def test_an_error_is_no_refusal():
    one = result(answerable=False, answered=False, error="refused", confidence=0.0)
    assert measures(one) == {"EM": 0, "F1": 0}
    assert outcome(one) == "error"


def test_an_error_beside_a_reply_takes_nothing_from_it():
    lost = result((TEN,), id="lost", answered=False, error="refused")
    had = result((TEN,), id="had", passages=passages((90, 150)))
    first, second = score([lost, had])
    assert (first.id, first.measures["R@1"]) == ("lost", 0)
    assert (second.id, second.measures["R@1"]) == ("had", 1)


def test_a_question_without_gold_has_no_place_in_the_ranking_figures():
    assert {str(name) for name in RANKING}.isdisjoint(measures(result(passages=passages((0, 9)))))


def test_what_is_shown_of_a_question():
    one = result(
        *((TEN,),),
        citations=(cited(0, "One."), cited(9, "Two.")),
        confidence=0.7,
        milliseconds=12.5,
    )
    (found,) = score([one])
    assert (found.answer, found.confidence, found.milliseconds) == ("One. […] Two.", 0.7, 12.5)
    assert score([]) == []
