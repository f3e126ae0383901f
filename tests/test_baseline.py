"""Scores in a file to commit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from evaluating import Counting, draw_less, recipe, scored

from eval import baseline, metrics
from eval.compare import GATED, compare, gate
from eval.errors import BadRun
from eval.records import Case, Span
from eval.run import run

ONE = scored("b", kind="fact", confidence=0.123456, measures={"R@5": 2 / 3}, milliseconds=7.5)
TWO = scored("a", answerable=False, confidence=1.0, measures={"wrongly answered": 1.0})


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "baseline.jsonl"


@pytest.fixture
def asked(tmp_path):
    """A run called first, of twenty questions, in a folder of runs."""
    cases = [Case(f"q{n}", f"question {n}?", True, gold=((Span("d"),),)) for n in range(20)]
    run(cases, Counting({"d": "text"}), tmp_path / "runs" / "first", recipe(count=20))
    return tmp_path / "runs"


def test_what_is_written_is_read_in_the_order_of_ids_without_times(path):
    baseline.write(path, [ONE, TWO])
    # Four digits of a measure, two of a confidence; the half follows from the id.
    assert baseline.read(path) == [
        TWO,
        replace(ONE, confidence=0.12, measures={"R@5": 0.6667}, milliseconds=0.0),
    ]


def test_a_line_is_a_question_and_holds_nothing_that_differs_between_machines(path):
    baseline.write(path, [ONE])
    assert path.read_text(encoding="utf-8") == (
        '{"id": "b", "question": "question b?", "kind": "fact", "answerable": true, '
        '"outcome": "right", "confidence": 0.12, "right": true, '
        '"measures": {"R@5": 0.6667}, "answer": ""}\n'
    )


def test_the_same_scores_are_the_same_file(path, tmp_path):
    baseline.write(path, [ONE, TWO])
    other = tmp_path / "other.jsonl"
    baseline.write(other, [replace(TWO, milliseconds=1.0), replace(ONE, milliseconds=99.0)])
    assert other.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85", "\x0c", "\x1e", "\r\n"])
def test_an_answer_of_any_characters_is_read_again(path, mark):
    one = replace(TWO, answer=f"one{mark}two “three”")
    baseline.write(path, [one])
    assert baseline.read(path)[0].answer == one.answer


@pytest.mark.parametrize("bad", ["{", "[]", "7", '{"id": "c"}', '{"id": 7}', "{}", "null"])
def test_a_line_that_is_no_score_is_named(path, bad):
    baseline.write(path, [ONE])
    path.write_text(path.read_text() + bad + "\n")
    with pytest.raises(BadRun, match=r"baseline.jsonl, line 2: not a line of a baseline"):
        baseline.read(path)


def test_a_file_that_is_not_there_is_named(path, tmp_path):
    with pytest.raises(BadRun, match="cannot read the baseline"):
        baseline.read(path)
    (tmp_path / "latin.jsonl").write_bytes(b"\xe9")
    with pytest.raises(BadRun, match="cannot read the baseline"):
        baseline.read(tmp_path / "latin.jsonl")


def test_a_run_is_found_by_its_name_and_by_its_folder(asked):
    by_name = baseline.load("first", asked)
    assert [one.id for one in by_name] == [f"q{n}" for n in range(20)]
    assert baseline.load(str(asked / "first"), asked / "elsewhere") == by_name


def test_a_name_is_of_a_run_though_a_folder_here_has_it_too(asked, tmp_path, monkeypatch):
    (tmp_path / "first").mkdir()
    monkeypatch.chdir(tmp_path)
    assert len(baseline.load("first", asked)) == 20


def test_a_baseline_is_found_by_its_path(asked, path):
    baseline.write(path, baseline.load("first", asked))
    assert [one.id for one in baseline.load(str(path), asked)] == sorted(f"q{n}" for n in range(20))


def test_a_half_is_of_a_run_and_of_a_baseline_alike(asked, path):
    baseline.write(path, baseline.load("first", asked))
    for named in ("first", str(path)):
        tune, test = (baseline.load(named, asked, half) for half in ("tune", "test"))
        assert {one.half for one in tune} == {"tune"}
        assert {one.half for one in test} == {"test"}
        assert len(tune) + len(test) == 20


def test_a_half_without_questions_says_so(asked, path):
    baseline.write(path, [replace(ONE, id="a")])  # of the half tune
    with pytest.raises(BadRun, match="holds no questions of the half test"):
        baseline.load(str(path), asked, "test")
    path.write_text("")
    with pytest.raises(BadRun, match=r"holds no questions$"):
        baseline.load(str(path), asked)


@pytest.mark.parametrize(
    ("name", "said"), [("gone", "there is no run gone"), ("../x", "cannot name")]
)
def test_a_run_that_is_not_there_is_named(asked, name, said, monkeypatch):
    monkeypatch.chdir(asked)  # whatever lies beside the checkout
    with pytest.raises(BadRun, match=said):
        baseline.load(name, asked)


def test_a_run_is_not_worse_than_its_own_baseline(asked, path, monkeypatch):
    draw_less(monkeypatch)
    # Rounding turns .38685 into .3869 and .666667 into .6667 for every question alike: taken
    # as falls, they would all have one direction, and no chance would explain that.
    each = [
        scored(
            f"q{n}",
            answerable=n % 4 > 0,
            confidence=n / 60 + 0.0049,
            right=n % 3 > 0,
            measures={"nDCG@10": 0.386852807, "citation precision": 2 / 3, "right": n % 3 / 2},
        )
        for n in range(60)
    ]
    baseline.write(path, each)
    monkeypatch.setattr(metrics, "score", lambda _: each)
    before, after = baseline.pair(str(path), "first", asked)
    comparison = compare(before, after, GATED)
    assert gate(comparison, {}).failed == ()
    assert {one.p for one in comparison.differences} == {1.0}
