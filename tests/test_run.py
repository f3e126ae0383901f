"""Questions asked and replies kept, through whatever stops a run."""

from __future__ import annotations

import threading
from dataclasses import replace
from itertools import count
from types import SimpleNamespace

import pytest
from evaluating import Counting, recipe, recipe_at

from eval import gold, metrics, runs
from eval.errors import BadRun, GoldNotFound, ServiceFailed
from eval.records import Case, Result, Span
from eval.run import TOP_K, WHOLE_DOCUMENTS_TOP_K, ask_all, passages_for, run

CASES = [Case(f"q{n}", "?", True, gold=((Span("d", "text"),),)) for n in range(6)]
IDS = [one.id for one in CASES]
TEXTS = {"d": "text"}


class Stopped(Exception):
    """What stands for a crash."""


def dying(at_id, error=Stopped):
    """An asker that is there no longer once it is asked ``at_id``."""

    def check(id):
        if id == at_id:
            raise error(id)

    return Counting(TEXTS, check)


@pytest.fixture
def at(tmp_path):
    return tmp_path / "runs" / "first"


def test_every_question_is_asked_once_and_the_first_once_more_before(at):
    # The first reply pays for what is loaded late, so the first question is asked twice.
    asker = Counting(TEXTS)
    results = run(CASES, asker, at, recipe())
    assert asker.asked == ["q0", *IDS]
    assert [one.case for one in results] == CASES
    assert [one.reply.interpreted_as for one in results] == [f"reply to {id}" for id in IDS]
    assert results[0].gold[0][0].place.text == "text"


def test_replies_are_on_the_disk_with_their_recipe(at):
    results = run(CASES, Counting(TEXTS), at, recipe())
    made, kept = runs.read(at)
    assert kept == results
    assert made.finished


def test_a_reply_is_on_the_disk_before_the_next_question_is_asked(at):
    seen = []
    asker = Counting(TEXTS, lambda _: seen.append(len(runs.read_results(at))))
    run(CASES, asker, at, recipe())
    assert seen == [0, 0, 1, 2, 3, 4, 5]


def test_progress_is_told(at):
    told = []
    run(CASES[:2], Counting(TEXTS), at, recipe(), progress=lambda *one: told.append(one))
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_as_many_passages_are_asked_for_as_the_recipe_says(at):
    asker = Counting(TEXTS)
    run(CASES, asker, at, recipe(top_k=17))
    assert asker.top_k == {17}


def test_more_passages_are_needed_where_whole_documents_are_sought():
    assert passages_for(CASES) == TOP_K
    assert passages_for([*CASES, Case("d", "?", True, gold=((Span("d"),),))]) == (
        WHOLE_DOCUMENTS_TOP_K
    )
    assert passages_for([Case("u", "?", False)]) == TOP_K


def test_a_run_that_died_goes_on_without_asking_again(at):
    with pytest.raises(Stopped):
        run(CASES, dying("q3"), at, recipe())
    assert [one.case.id for one in runs.read_results(at)] == ["q0", "q1", "q2"]
    assert not recipe_at(at).finished
    again, told = Counting(TEXTS), []
    results = run(CASES, again, at, recipe(), progress=lambda *one: told.append(one))
    assert again.asked == ["q3", "q3", "q4", "q5"]
    assert [one.case.id for one in results] == IDS
    assert told[0] == (3, 6)
    assert runs.read(at)[0].finished
    assert runs.read(at)[1] == results


def test_half_of_a_last_line_is_asked_again(at):
    with pytest.raises(Stopped):
        run(CASES, dying("q3"), at, recipe())
    path = at / runs.REPLIES
    path.write_bytes(path.read_bytes()[:-10])  # as a power cut might leave it
    again = Counting(TEXTS)
    run(CASES, again, at, recipe())
    assert again.asked == ["q2", "q2", "q3", "q4", "q5"]
    assert [one.case.id for one in runs.read_results(at)] == IDS


def test_a_run_that_only_lacks_its_end_asks_nothing(at):
    run(CASES, Counting(TEXTS), at, recipe())
    runs.write_recipe(at, replace(recipe_at(at), finished=False))
    again = Counting(TEXTS)
    assert len(run(CASES, again, at, recipe())) == 6
    assert again.asked == []
    assert recipe_at(at).finished


def test_a_run_goes_on_with_the_time_and_the_beginning_that_it_had(at, monkeypatch):
    # Each look at this clock is 2.5 seconds after the one before: one at the start, one at the end.
    clock = SimpleNamespace(perf_counter=count(step=2.5).__next__)
    monkeypatch.setattr("eval.run.time", clock)
    with pytest.raises(Stopped):
        run(CASES, dying("q3"), at, recipe())
    assert recipe_at(at).seconds == 2.5
    runs.write_recipe(at, replace(recipe_at(at), seconds=100.0, started="before"))
    run(CASES, Counting(TEXTS), at, recipe())
    made = recipe_at(at)
    assert made.started == "before"
    assert made.seconds == 102.5


def test_a_run_of_something_else_does_not_go_on(at):
    with pytest.raises(Stopped):
        run(CASES, dying("q3"), at, recipe())
    asker = Counting(TEXTS)
    with pytest.raises(
        BadRun, match=r"first was stopped.*changed since are top_k, code; .*--fresh"
    ):
        run(CASES, asker, at, recipe(top_k=50, code="d"))
    assert asker.asked == []
    assert len(runs.read_results(at)) == 3


def test_a_finished_run_is_not_overwritten(at):
    run(CASES, Counting(TEXTS), at, recipe())
    before = (at / runs.REPLIES).read_bytes()
    asker = Counting(TEXTS)
    with pytest.raises(BadRun, match=r"run first is there already; .*--fresh"):
        run(CASES, asker, at, recipe())
    assert asker.asked == []
    assert (at / runs.REPLIES).read_bytes() == before


@pytest.mark.parametrize("died", [True, False])
def test_a_run_can_be_replaced(at, died):
    if died:
        with pytest.raises(Stopped):
            run(CASES, dying("q3"), at, recipe())
    else:
        run(CASES, Counting(TEXTS), at, recipe())
    again = Counting(TEXTS)
    run(CASES, again, at, recipe(code="d"), fresh=True)
    assert again.asked == ["q0", *IDS]
    assert [one.case.id for one in runs.read_results(at)] == IDS
    assert recipe_at(at).code == "d"


def test_a_damaged_recipe_can_be_replaced(at):
    run(CASES, Counting(TEXTS), at, recipe())
    (at / runs.RECIPE).write_text("{")
    with pytest.raises(BadRun):
        run(CASES, Counting(TEXTS), at, recipe())
    assert len(run(CASES, Counting(TEXTS), at, recipe(), fresh=True)) == 6


def test_nothing_is_asked_or_written_where_gold_is_not_there(at):
    asker = Counting(TEXTS)
    with pytest.raises(GoldNotFound, match="question odd"):
        run([*CASES, Case("odd", "?", True, gold=((Span("gone", "words"),),))], asker, at, recipe())
    assert asker.asked == []
    assert not at.exists()


def test_a_document_that_is_sought_and_not_there_counts_as_not_found(at):
    lost = Case("lost", "?", True, gold=((Span("gone"),), (Span(CASES[0].gold[0][0].document),)))
    *_, result = run([*CASES, lost], Counting(TEXTS), at, recipe())
    assert [one.absent for group in result.gold for one in group] == [True, False]
    assert gold.absent(one.gold for one in runs.read_results(at)) == 1
    (scored,) = metrics.score([result])
    assert scored.measures["R@10"] <= 0.5


def test_a_set_of_another_collection_is_told_and_nothing_is_asked(at):
    asker = Counting(TEXTS)
    with pytest.raises(GoldNotFound, match="holds none of the 1 documents"):
        run([Case("odd", "?", True, gold=((Span("gone"),),))], asker, at, recipe())
    assert asker.asked == []


# Several at a time


@pytest.mark.parametrize("clients", [2, 3, 64])
def test_several_clients_ask_every_question_once(at, clients):
    asker = Counting(TEXTS)
    results = run(CASES, asker, at, recipe(clients=clients))
    assert sorted(asker.asked) == sorted(["q0", *IDS])
    assert [one.case.id for one in results] == IDS
    assert {one.case.id: one for one in runs.read_results(at)} == {
        one.case.id: one for one in results
    }


def test_as_many_are_asked_at_a_time_as_there_are_clients():
    # Three at a time meet at a barrier, which breaks where fewer come.
    barrier = threading.Barrier(3)

    def ask(case):
        barrier.wait(timeout=20)
        return Result(case, (), Counting().ask(case, 1))

    assert {one.case.id for one in ask_all(CASES, ask, 3)} == set(IDS)


def test_several_clients_go_on_where_they_died(at):
    with pytest.raises(ServiceFailed):
        run(CASES, dying("q4", ServiceFailed), at, recipe(clients=2))
    kept = [one.case.id for one in runs.read_results(at)]
    assert "q4" not in kept
    again = Counting(TEXTS)
    results = run(CASES, again, at, recipe(clients=2))
    left = [id for id in IDS if id not in kept]
    assert sorted(again.asked) == sorted([left[0], *left])
    assert [one.case.id for one in results] == IDS


def test_an_error_ends_the_asking_soon():
    # Two clients: of 1000 questions the first fails, and no more than a few are still asked.
    asker = dying("q0")
    many = [Case(f"q{n}", "?", False) for n in range(1000)]
    with pytest.raises(Stopped):
        list(ask_all(many, lambda case: Result(case, (), asker.ask(case, 1)), 2))
    assert len(asker.asked) < 500
