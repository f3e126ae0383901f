"""What stages are worth, on collections where it can be told."""

from __future__ import annotations

import pytest
from evaluating import draw_less

from eval.ablate import SHOWN, ablate
from eval.errors import GoldNotFound
from eval.records import Case, Span
from eval.summary import BY_NAME
from eval.tables import ablation
from qa.pipeline import Answerer
from qa.records import Turn
from qa.settings import ServiceSettings

PLACES = [f"place{n}" for n in range(12)]
FILES = {f"{place}.txt": f"The mayor of {place} is person{n}." for n, place in enumerate(PLACES)}
FOLLOW_UPS = [
    Case(
        id=place,
        question="who is it?",
        answerable=True,
        gold=((Span(place, f"The mayor of {place} is person{n}."),),),
        accepted=((f"person{n}",),),
        history=(Turn(f"the mayor of {place}", ""),),
    )
    for n, place in enumerate(PLACES)
]


@pytest.fixture(autouse=True)
def few_draws(monkeypatch):
    draw_less(monkeypatch)


@pytest.fixture
def answerer_with(answerer_of, encoder):
    generation = answerer_of(FILES).generation
    return lambda stages: Answerer(generation, encoder, ServiceSettings(threshold=0), stages)


def silent(off, done, total):
    pass


def of(ablation, name):
    return next(one for one in ablation.comparison.differences if one.measure.name == name)


def test_a_stage_that_all_questions_need_is_worth_much_and_another_nothing(answerer_with):
    full, each = ablate(FOLLOW_UPS, answerer_with, ["history", "identifiers"], silent)
    # Without the former question nobody can tell whose mayor: one of twelve is right by chance.
    assert sum(one.right for one in full) == 12
    history, identifiers = each
    assert (history.stage, identifiers.stage) == ("history", "identifiers")
    found = of(history, "right if given")
    assert (found.first, found.significant, found.better) == (1, True, False)
    assert found.second <= 3 / 12
    assert of(identifiers, "right if given").change.value == 0
    assert not of(identifiers, "right if given").significant


def test_scores_are_of_the_pipeline_without_the_stage(answerer_with):
    _, each = ablate(FOLLOW_UPS, answerer_with, ["history"], silent)
    (history,) = each
    assert sum(one.right for one in history.scored) <= 3
    assert [one.id for one in history.scored] == PLACES


def test_a_stage_is_tried_when_it_is_asked_for(answerer_with):
    told = []
    _, each = ablate(FOLLOW_UPS[:2], answerer_with, ["dense"], lambda *one: told.append(one))
    assert told == [("", 1, 2), ("", 2, 2)]
    list(each)
    assert told[2:] == [("dense", 1, 2), ("dense", 2, 2)]


def test_only_measures_that_need_no_threshold_are_shown(answerer_with):
    assert set(SHOWN) <= set(BY_NAME)
    assert "right" not in SHOWN
    _, each = ablate(FOLLOW_UPS[:2], answerer_with, ["dense"], silent)
    assert {one.measure.name for one in next(each).comparison.differences} <= set(SHOWN)


def test_gold_that_is_not_there_is_told_first(answerer_with):
    with pytest.raises(GoldNotFound):
        ablate([Case("a", "?", True, gold=((Span("gone"),),))], answerer_with, ["dense"], silent)


def test_the_table_marks_what_is_more_than_chance(answerer_with):
    full, each = ablate(FOLLOW_UPS, answerer_with, ["history", "late_interaction"], silent)
    table = ablation(full, list(each))
    rows = {
        stage: cells for stage, *cells in zip(*(one.cells for one in table.columns), strict=True)
    }
    assert list(rows) == ["(nothing)", "history", "late interaction"]
    names = [column.header for column in table.columns][1:]
    right = names.index("right if given")
    assert rows["(nothing)"][right] == "1.000 [1.000, 1.000]"
    assert rows["history"][right].endswith("*")
    assert rows["late interaction"][right] == "+0.000 [+0.000, +0.000]"
