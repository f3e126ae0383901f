"""Two runs side by side, and the gate between them."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from evaluating import draw_less, scored

from eval import resampling
from eval.abstention import auroc
from eval.compare import GATED, Comparison, compare, gate, is_good
from eval.errors import BadRun
from eval.summary import BY_NAME

MANY = range(40)


@pytest.fixture(autouse=True)
def few_draws(monkeypatch):
    draw_less(monkeypatch)


def run(name, figures, **fields):
    """A run of one measure, a question a figure."""
    return [scored(f"q{n}", measures={name: float(one)}, **fields) for n, one in enumerate(figures)]


def only(comparison, name):
    (found,) = [one for one in comparison.differences if one.measure.name == name]
    return found


# Differences


def test_a_difference_is_the_second_less_the_first():
    found = only(compare(run("right", [1, 0, 0, 1]), run("right", [1, 1, 1, 1])), "right")
    assert (found.count, found.first, found.second, found.change.value) == (4, 0.5, 1.0, 0.5)
    assert found.change.low <= 0.5 <= found.change.high
    assert found.better


@pytest.mark.parametrize(
    ("name", "better"), [("right", True), ("AUROC", True), ("wrongly answered", False)]
)
def test_whether_more_is_better_depends_on_the_measure(name, better):
    first, second = run("wrongly answered", [0] * 4), run("wrongly answered", [1] * 4)
    if name == "right":
        first, second = run(name, [0] * 4), run(name, [1] * 4)
    if name == "AUROC":  # the two unanswerable ones get less confidence than the others
        first = [scored(f"q{n}", answerable=n < 2, confidence=0.5) for n in range(4)]
        second = [replace(one, confidence=0.9 if one.answerable else 0.1) for one in first]
    found = only(compare(first, second), name)
    assert found.change.value > 0
    assert found.better == better


def test_questions_to_which_a_measure_applies_in_one_run_alone_are_left_out():
    first = run("citation precision", [1, 1, 1])
    second = run("citation precision", [1, 0, 0])
    second[2] = replace(second[2], measures={})
    found = only(compare(first, second), "citation precision")
    assert (found.count, found.first, found.second) == (2, 1.0, 0.5)


def test_questions_are_compared_by_their_ids_not_by_their_places():
    first = run("right", [0, 1, 1, 0])
    comparison = compare(first, first[::-1])
    assert (only(comparison, "right").change.value, only(comparison, "right").p) == (0, 1)
    assert comparison.flips == ()


def test_runs_that_are_the_same_differ_in_nothing():
    one = [
        scored(
            f"q{n}",
            answerable=n % 3 > 0,
            confidence=(n * 37 % 100) / 100,
            right=n % 2 == 0 and n % 3 > 0,
            measures={"right": float(n % 2), "R@5": (n % 4) / 4} if n % 3 else {},
            milliseconds=1.0 + n,
        )
        for n in MANY
    ]
    comparison = compare(one, one)
    assert {found.measure.name for found in comparison.differences} == {
        *("R@5", "right", "AUROC", "AURC", "ECE", "p50", "p95")
    }
    for found in comparison.differences:
        assert found.change.value == found.change.low == found.change.high == 0
        assert not found.significant
        if found.measure.shown_as == "ms":
            assert math.isnan(found.p)
        else:
            assert found.p == 1


def test_a_clear_fall_is_significant_and_a_small_one_is_not():
    first = run("right", [1] * 40)
    clear = only(compare(first, run("right", [0] * 20 + [1] * 20)), "right")
    small = only(compare(first, run("right", [0] * 2 + [1] * 38), names=("right",)), "right")
    assert clear.significant
    assert not clear.better
    # Two questions fell: of the four ways to turn their signs two are as far, so p is 1/2.
    assert not small.significant
    assert small.p == pytest.approx(1 / 2, abs=0.1)


def test_p_is_corrected_for_the_number_of_measures():
    # Six questions fell: 2 of 64 turns are as far, p = 1/32, significant; of two measures that
    # fell alike, twice that, which is not.
    def fallen(names):
        return [
            [scored(f"q{n}", measures=dict.fromkeys(names, float(n >= fell))) for n in MANY]
            for fell in (0, 6)
        ]

    alone, both = (compare(*fallen(names)) for names in (["right"], ["right", "R@5"]))
    others = len(alone.differences)  # AURC and ECE, which did not change: p is 1
    assert others == len(both.differences) - 1
    before, after = fallen(["right"])
    uncorrected = compare(before, after, names=("right",))
    assert only(uncorrected, "right").p == pytest.approx(1 / 32, abs=0.015)
    assert only(uncorrected, "right").significant
    before, after = fallen(["right", "R@5"])
    twice = compare(before, after, names=("right", "R@5"))
    assert only(twice, "right").p == pytest.approx(2 / 32, abs=0.02)
    assert not only(twice, "right").significant


def test_confidence_is_compared_by_swapping_whole_questions():
    # First: no order at all. Second: the answerable above the others, for all of 40 questions.
    first = [scored(f"q{n}", answerable=n < 20, confidence=0.5) for n in MANY]
    second = [replace(one, confidence=0.9 if one.answerable else 0.1) for one in first]
    found = only(compare(first, second, names=("AUROC",)), "AUROC")
    assert (found.first, found.second, found.change.value) == (0.5, 1.0, 0.5)
    assert found.significant
    assert found.change.low == found.change.high == 0.5


def test_p_of_confidence_is_that_of_all_swaps_of_questions(monkeypatch):
    monkeypatch.setattr(resampling, "SWAPS", 2000)
    # Eight questions, half of them answerable; confidences of the first and the second run.
    pairs = [(0.2, 0.9), (0.3, 0.8), (0.6, 0.2), (0.5, 0.45)]  # answerable
    pairs += [(0.4, 0.1), (0.7, 0.2), (0.1, 0.5), (0.35, 0.3)]
    answerable = np.arange(8) < 4
    first, second = (
        [
            scored(f"q{n}", answerable=bool(answerable[n]), confidence=pair[k])
            for n, pair in enumerate(pairs)
        ]
        for k in (0, 1)
    )
    both = np.array(pairs)

    def change(swap):
        lower, upper = (np.where(swap, both[:, 1 - k], both[:, k]) for k in (0, 1))
        return abs(auroc(upper, answerable) - auroc(lower, answerable))

    swaps = [np.array(one) for one in itertools.product([False, True], repeat=8)]
    observed = change(swaps[0]) - 1e-12
    exact = sum(change(one) >= observed for one in swaps) / len(swaps)
    found = only(compare(first, second, names=("AUROC",)), "AUROC")
    # Within four standard errors of so many swaps.
    assert 0.02 < exact < 0.6
    assert found.p == pytest.approx(exact, abs=4 * math.sqrt(exact * (1 - exact) / 2000))


def test_times_are_compared_but_not_tested():
    first = [scored(f"q{n}", milliseconds=10.0) for n in MANY]
    second = [scored(f"q{n}", milliseconds=90.0) for n in MANY]
    found = only(compare(first, second), "p50")
    assert (found.first, found.second, found.better) == (10, 90, False)
    assert math.isnan(found.p)
    assert not found.significant


def test_only_the_measures_asked_for_are_compared():
    one = [scored("a", measures={"right": 1.0, "R@5": 1.0})]
    assert [found.measure.name for found in compare(one, one, ("R@5",)).differences] == ["R@5"]


def test_questions_of_one_run_alone_are_named():
    first, second = run("right", [1] * 5), run("right", [1] * 6)
    comparison = compare(first, second[2:])
    assert comparison.common == 3
    assert comparison.only_first == ("q0", "q1")
    assert comparison.only_second == ("q5",)


def test_runs_of_other_questions_cannot_be_compared():
    with pytest.raises(BadRun, match="no question in common"):
        compare([scored("a")], [scored("b")])
    with pytest.raises(BadRun, match="no question in common"):
        compare([], [])


# Flips


@pytest.mark.parametrize(
    ("one", "good"),
    [
        (scored("a", outcome="right", measures={"right": 1.0}), True),
        (scored("a", outcome="wrong", measures={"right": 0.0}), False),
        (scored("a", outcome="declined", measures={"right": 0.0}), False),
        (scored("a", outcome="error", measures={"right": 0.0}), False),
        (scored("a", outcome="rightly declined", answerable=False), True),
        (scored("a", outcome="wrongly answered", answerable=False), False),
        (scored("a", outcome="error", answerable=False), False),
        # It cannot be told whether an answer is right: the first passage decides.
        (scored("a", outcome="wrong", measures={"Success@1": 1.0}), True),
        (scored("a", outcome="wrong", measures={"Success@1": 0.0}), False),
        (scored("a", outcome="error", measures={"Success@1": 0.0}), False),
        (scored("a", outcome="wrong"), False),
    ],
)
def test_what_serves_a_reader(one, good):
    assert is_good(one) == good


def test_questions_that_flipped_are_told_with_their_direction():
    first = [scored("kept"), scored("lost"), scored("gained", outcome="declined")]
    second = [scored("kept"), scored("lost", outcome="wrong"), scored("gained")]
    for each in (first, second):
        each[:] = [replace(one, measures={"right": float(one.outcome == "right")}) for one in each]
    flips = compare(first, second).flips
    assert [(one.first.id, one.second.id, one.gained) for one in flips] == [
        ("lost", "lost", False),
        ("gained", "gained", True),
    ]


def test_one_bad_outcome_for_another_is_no_flip():
    first = [scored("a", outcome="wrong", measures={"right": 0.0})]
    second = [scored("a", outcome="declined", measures={"right": 0.0})]
    assert compare(first, second).flips == ()


# The gate

WHOLE = run("right", [1] * 40)
FALLEN = run("right", [0] * 20 + [1] * 20)


def test_the_gate_opens_for_what_is_the_same():
    verdict = gate(compare(WHOLE, WHOLE, GATED), {})
    assert (verdict.failed, verdict.allowed) == ((), ())


def test_the_gate_is_shut_for_a_fall():
    (line,) = gate(compare(WHOLE, FALLEN, GATED), {}).failed
    assert line.startswith("right went from 1.000 to 0.500 (p 0.00")


def test_the_gate_is_shut_for_a_rise_of_what_should_be_low():
    name = "wrongly answered"
    none, all = (run(name, [one] * 40, answerable=False) for one in (0, 1))
    assert gate(compare(none, all, GATED), {}).failed[0].startswith(f"{name} went from 0.000 to 1")
    assert gate(compare(all, none, GATED), {}).failed == ()


def test_the_gate_opens_for_what_is_better():
    assert gate(compare(FALLEN, WHOLE, GATED), {}).failed == ()


def test_the_gate_opens_for_what_chance_explains():
    assert gate(compare(WHOLE, run("right", [0] * 2 + [1] * 38), GATED), {}).failed == ()


def test_a_fall_that_is_allowed_is_still_told():
    verdict = gate(compare(WHOLE, FALLEN, GATED), {"right": float("inf")})
    assert verdict.failed == ()
    assert len(verdict.allowed) == 1


@pytest.mark.parametrize(("amount", "opens"), [(0.0, False), (0.49, False), (0.5, True)])
def test_a_fall_can_be_allowed_up_to_an_amount(amount, opens):
    verdict = gate(compare(WHOLE, FALLEN, GATED), {"right": amount})
    assert (verdict.failed == ()) == opens
    assert len(verdict.failed) + len(verdict.allowed) == 1


def test_what_is_allowed_for_one_measure_is_not_for_another():
    assert gate(compare(WHOLE, FALLEN, GATED), {"R@5": 1.0}).failed != ()


def test_the_gate_is_shut_where_questions_are_missing():
    (line,) = gate(compare(WHOLE, WHOLE[7:], GATED), {}).failed
    assert line == ("7 questions of the baseline were not asked: q0, q1, q2, q3, q4 and 2 more")
    (line,) = gate(compare(WHOLE, WHOLE[1:], GATED), {"right": 1.0}).failed
    assert line == "1 questions of the baseline were not asked: q0"


def test_new_questions_are_no_reason_to_shut():
    assert gate(compare(WHOLE[5:], WHOLE, GATED), {}).failed == ()


def test_what_is_gated_is_measured_and_times_are_not_gated():
    assert set(GATED) <= set(BY_NAME)
    assert {"p50", "p95"}.isdisjoint(GATED)


def test_the_gate_is_shut_where_a_question_got_an_error():
    # An error on an unanswerable question is in no measure of ranking or quoting.
    good = [scored(f"q{n}", answerable=False, outcome="rightly declined") for n in range(3)]
    bad = [replace(good[0], outcome="error"), *good[1:]]
    assert gate(compare(good, bad, GATED), {}).failed == ("1 questions got an error: q0",)


def test_a_gate_without_differences_opens():
    assert gate(Comparison((), (), 0, (), (), ()), {}).failed == ()
