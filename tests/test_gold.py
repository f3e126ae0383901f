"""Gold found in a collection, and what is wrong with it told."""

from __future__ import annotations

import hashlib

import pytest
from evaluating import Counting

from eval.clients import InProcess
from eval.errors import GoldNotFound
from eval.gold import FoundGold, check, find
from eval.records import Case, Gold, Place, Span
from qa.records import Turn

BOATS = "Red boats sail. Blue boats sail."
HELD = Counting({"boats": BOATS, "ice": "Ice is cold."})


def case(*groups, id="a", question="what sails?", **more):
    answerable = more.pop("answerable", True)
    return Case(id, question, answerable, more.pop("kind", "fact"), tuple(groups), **more)


def found(*groups):
    return find(case(*groups), HELD)


def test_a_quote_is_found_with_its_text():
    # "Blue boats" begins after "Red boats sail. ", which has 16 characters.
    assert found((Span("boats", "Blue boats"),)) == ((Gold(Place("boats", 16, 26, "Blue boats")),),)


def test_a_quote_that_occurs_twice_counts_wherever_it_occurs():
    ((first, second),) = found((Span("boats", "boats sail"),))
    assert (first.place.start, second.place.start) == (4, 21)


def test_occurrences_may_overlap():
    (places,) = find(case((Span("d", "aa"),)), Counting({"d": "aaaa"}))
    assert [one.place.start for one in places] == [0, 1, 2]


def test_a_start_says_which_occurrence_is_meant():
    ((only,),) = found((Span("boats", "boats sail", 21),))
    assert only.place == Place("boats", 21, 31, "boats sail")


@pytest.mark.parametrize("start", [5, -28, 99])
def test_a_start_at_which_the_quote_does_not_stand_finds_nothing(start):
    # 32 - 28 = 4 is where it does stand, counted from the end.
    with pytest.raises(GoldNotFound):
        found((Span("boats", "boats sail", start),))


def test_without_a_quote_the_whole_document_is_gold():
    assert found((Span("ice", grade=2),)) == ((Gold(Place("ice", 0, 12), whole=True, grade=2),),)


def test_an_alternative_that_is_not_held_is_passed_over():
    ((only,),) = found((Span("gone"), Span("ice", "Ice")))
    assert only.place.document == "ice"


def test_a_group_that_is_nowhere_is_named_with_the_question():
    with pytest.raises(GoldNotFound) as raised:
        found((Span("ice"),), (Span("gone", "Red"), Span("boats", "green")))
    told = str(raised.value)
    assert told.startswith("question a: the collection does not hold document gone with “Red” or ")
    assert "document boats with “green”" in told
    assert "attest eval check" in told


def test_an_empty_quote_is_nowhere():
    with pytest.raises(GoldNotFound):
        found((Span("boats", ""),))


def test_a_question_without_gold_has_none():
    assert found() == ()


def test_a_document_can_be_named_by_the_hash_of_its_text(answerer_of):
    asker = InProcess(answerer_of({"boats.txt": BOATS, "ice.txt": "Ice is cold."}))
    named = hashlib.sha256(BOATS.encode()).hexdigest()
    ((only,),) = find(case((Span(named, "Blue"),)), asker)
    assert only.place == Place("boats", 16, 20, "Blue")


# check


def told(*cases, collection=HELD):
    return [(one.what, one.wrong) for one in check(cases, collection)]


def test_nothing_is_said_of_a_sound_question():
    assert told(case((Span("boats", "Red boats"),), accepted=(("red", "crimson"),))) == []


@pytest.mark.parametrize(
    ("one", "what"),
    [
        (case((Span("ice"),), question=" \n"), "the question is empty"),
        (case(), "it is answerable, but has no gold"),
        (case((Span("ice"),), ()), "a group of its gold is empty"),
        (
            case((Span("ice"),), answerable=False),
            "it has gold or accepted answers, but is marked as not answerable",
        ),
        (
            case(answerable=False, accepted=(("one",),)),
            "it has gold or accepted answers, but is marked as not answerable",
        ),
        (case((Span("ice"),), accepted=(("cold",), ())), "an accepted answer is empty"),
        (case((Span("ice"),), accepted=(("cold", " "),)), "an accepted answer is empty"),
        (case((Span("gone", "Red"),)), "the collection has no document gone"),
        (case((Span("boats", "green"),)), "not in boats: “green”"),
        (case((Span("boats", "Blue", 15),)), "not in boats: “Blue”"),
        # Another alternative is there, but this one cannot be what was meant.
        (case((Span("boats", "Red"), Span("boats", "green"))), "not in boats: “green”"),
    ],
)
def test_what_makes_figures_wrong_is_told(one, what):
    assert told(one) == [(what, True)]


@pytest.mark.parametrize(
    ("one", "what"),
    [
        (
            case((Span("ice"),), kind=""),
            "it has no kind, so it is in no figure by kind",
        ),
        (
            case((Span("boats", "boats"),)),
            'occurs 2 times in boats (each counts; say which by "start"): “boats”',
        ),
        (
            case((Span("boats", "Red boats"),), accepted=(("blue", "azure"),)),
            "some gold alternative holds no accepted answer of: blue | azure",
        ),
        # One alternative holds it, the other does not.
        (
            case((Span("boats", "Red boats"), Span("ice", "Ice")), accepted=(("red",),)),
            "some gold alternative holds no accepted answer of: red",
        ),
    ],
)
def test_what_is_only_worth_knowing_is_told_apart(one, what):
    assert told(one) == [(what, False)]


def test_each_accepted_answer_may_be_held_by_a_group_of_its_own():
    groups = [(Span("boats", "Red boats"),), (Span("ice", "Ice is cold"),)]
    assert told(case(*groups, accepted=(("red",), ("cold",)))) == []


def test_a_start_makes_a_double_quote_plain():
    assert told(case((Span("boats", "boats", 4),))) == []


def test_the_same_question_twice_is_told_of_both():
    first = case((Span("ice"),), id="a", question="What  sails?")
    second = case((Span("ice"),), id="b", question="what sails?")
    assert check([first, second], HELD) == [
        FoundGold(id, "the same question is asked more than once", True) for id in ("a", "b")
    ]


def test_the_same_words_after_another_question_are_another_question():
    turns = [(Turn(before, ""),) for before in ("of boats", "of ice")]
    pair = [case((Span("ice"),), id=before[0].question, history=before) for before in turns]
    assert told(*pair) == []


def test_without_a_collection_only_the_set_itself_is_looked_at():
    assert told(case((Span("gone", "Red"),)), case(id="b"), collection=None) == [
        ("the same question is asked more than once", True),
        ("it is answerable, but has no gold", True),
        ("the same question is asked more than once", True),
    ]
