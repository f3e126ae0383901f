"""Figures of a run: which apply, to which questions, and by kind."""

from __future__ import annotations

import math

import pytest
from evaluating import scored

from eval.metrics import RANKING
from eval.summary import ALL, BY_NAME, MEASURES, by_kind, interval, summarise, values


def figure(name, questions):
    return interval(BY_NAME[name], questions).value


def test_a_figure_is_the_mean_over_the_questions_that_have_it():
    questions = [
        scored("a", measures={"R@5": 1.0}),
        scored("b", measures={"R@5": 0.5}),
        scored("c", measures={"right": 1.0}),
    ]
    assert figure("R@5", questions) == 0.75
    assert list(values(BY_NAME["R@5"], questions)) == [1.0, 0.5]


def test_a_figure_stands_within_its_interval():
    questions = [scored(f"q{n}", measures={"right": float(n % 4 == 0)}) for n in range(40)]
    found = interval(BY_NAME["right"], questions)
    # 10 of 40 are right; 1.96 * sqrt(.25 * .75 / 40) = .134
    assert found.value == 0.25
    assert (found.low, found.high) == pytest.approx((0.25 - 0.134, 0.25 + 0.134), abs=0.03)


def test_a_figure_that_applies_to_no_question_is_left_out():
    found = summarise([scored("a", measures={"right": 1.0})])
    # All are answerable, so nothing can be told of AUROC; nothing was timed.
    assert set(found[ALL]) == {"right", "AURC", "ECE", "ECE by chance"}


def test_confidence_is_judged_by_all_questions_together():
    questions = [
        scored("a", confidence=0.9, measures={"right": 1.0}),
        scored("b", confidence=0.7, right=False, measures={"right": 0.0}),
        scored("c", confidence=0.8, answerable=False),
        scored("d", confidence=0.1, answerable=False),
    ]
    # Answerable .9, .7, others .8, .1: 3 of 4 pairs are in order.
    assert figure("AUROC", questions) == 0.75
    # By confidence: right, wrong (unanswerable), wrong, wrong (unanswerable): the mean of
    # 0, 1/2, 2/3, 3/4.
    assert figure("AURC", questions) == pytest.approx((0 + 1 / 2 + 2 / 3 + 3 / 4) / 4)
    # Each in a bin of its own: .1 + .7 + .8 + .1, of 4.
    assert figure("ECE", questions) == pytest.approx(1.7 / 4)
    # Four questions alone in their bins, with the variances .09, .21, .16 and .09.
    deviations = math.sqrt(0.09) * 2 + math.sqrt(0.21) + math.sqrt(0.16)
    expected = math.sqrt(2 / math.pi) * deviations / 4
    assert figure("ECE by chance", questions) == pytest.approx(expected)


def test_questions_whose_answers_cannot_be_checked_are_not_held_against_the_confidence():
    known = [scored("a", confidence=0.9, measures={"right": 1.0})]
    unknown = [scored("b", confidence=0.9, right=False)]
    assert figure("AURC", known + unknown) == figure("AURC", known) == 0
    assert figure("ECE", known + unknown) == pytest.approx(0.1)


def test_times_are_of_the_questions_that_were_timed():
    questions = [scored(f"q{n}", milliseconds=float(n)) for n in range(1, 102)]
    # Of 1 to 101 ms the median is 51; a share of .95 of the way from 1 to 101 is 96.
    assert figure("p50", [*questions, scored("lost")]) == 51
    assert figure("p95", questions) == pytest.approx(96)
    assert math.isnan(figure("p50", [scored("lost")]))


def test_kinds_come_in_the_order_in_which_they_are_met():
    one, two, three = scored("a", kind="who"), scored("b", kind="list"), scored("c", kind="who")
    assert by_kind([one, two, three]) == {
        ALL: [one, two, three],
        "who": [one, three],
        "list": [two],
    }


def test_a_single_kind_is_not_told_apart():
    assert list(by_kind([scored("a", kind="who"), scored("b", kind="who")])) == [ALL]
    assert list(by_kind([scored("a"), scored("b")])) == [ALL]


def test_figures_by_kind_are_of_that_kind():
    questions = [
        scored("a", kind="who", measures={"R@5": 1.0}),
        scored("b", kind="list", measures={"R@5": 0.0}),
        scored("c", kind="none", answerable=False, measures={"wrongly answered": 1.0}),
    ]
    found = summarise(questions)
    assert {kind: of["R@5"].value for kind, of in found.items() if "R@5" in of} == {
        ALL: 0.5,
        "who": 1,
        "list": 0,
    }
    assert found["none"]["wrongly answered"].value == 1


def test_every_ranking_measure_has_its_place_in_the_summary():
    assert {str(name) for name in RANKING} <= set(BY_NAME)
    assert len(BY_NAME) == len(MEASURES)


def test_what_should_be_low_is_known():
    low = {one.name for one in MEASURES if not one.higher_is_better}
    assert low == {
        *("wrongly answered", "wrongly declined", "AURC", "ECE", "ECE by chance", "p50", "p95")
    }
