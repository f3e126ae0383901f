"""Follow-ups are made self-contained, over several turns."""

from __future__ import annotations

import pytest
from conftest import answerer_over, at_most
from hypothesis import given, settings
from hypothesis import strategies as st
from known import over

from qa.question.followups import leading_question, other_identifier, self_contained
from qa.question.words import normalise
from qa.records import Question, Turn
from qa.tuning import shipped

FEW = shipped().question.few_words

FILES = {
    "council.txt": "Resolution 2462 (2019) notes crowdfunding. Resolution 2129 (2013) directs the "
    "Executive Directorate. Resolution 1373 (2001) and resolution 1993 (2011) were adopted.",
    "forum.txt": "Microsoft founded the forum in Geneva. Golden violins were made in Cremona.",
}


@pytest.fixture(scope="module")
def answerer(tmp_path_factory):
    return answerer_over(tmp_path_factory.mktemp("followups"), FILES)


@pytest.fixture(scope="module")
def database(answerer):
    return answerer.generation.database


def turns(*questions):
    return tuple(Turn(one, "") for one in questions)


@pytest.fixture
def read(database):
    """What a question becomes after those before it."""

    def run(text, *before):
        return self_contained(text, turns(*before), over(database), FEW)

    return run


VIOLINS = "where were golden violins made"


@pytest.mark.parametrize(
    "text",
    [
        "and when?",  # goes on
        "when?",  # has no word of content
        "what else is there",
        "How many of them?",
        "who bought the instruments after that in the northern city",  # "after that" refers back
        "which museum keeps these instruments behind glass today",  # "these" refers back
        "so which museum keeps old instruments behind glass",  # goes on and names nothing
    ],
)
def test_what_goes_on_or_refers_back_takes_the_question_before_with_it(read, text):
    assert read(text, VIOLINS) == f"{VIOLINS} {text}"


@pytest.mark.parametrize(
    "text",
    [
        "which museum keeps old instruments behind glass",  # says all that it asks
        "which reports say that museums keep instruments",  # "that" is a conjunction
        "what did Microsoft say when it joined the forum",  # "it" is Microsoft
        "what does resolution 2462 say of its predecessors",  # "its" is the resolution's
    ],
)
def test_a_question_that_names_what_it_asks_about_stands_alone(read, text):
    assert read(text, VIOLINS) == text


def test_a_name_that_comes_after_the_pronoun_is_not_what_it_means(read):
    text = "when did it join the forum of Microsoft"
    assert read(text, VIOLINS) == f"{VIOLINS} {text}"


@pytest.mark.parametrize("history", [(), ("",), (" \n\t ", "\x07")])
def test_without_a_question_before_nothing_is_added(read, history):
    assert read("and when was it?", *history) == "and when was it?"


def test_a_blank_turn_is_passed_over(read):
    assert read("and when?", VIOLINS, " \n ") == f"{VIOLINS} and when?"


def test_the_last_question_that_stands_alone_is_where_a_chain_begins(read):
    # The second stands alone, so the first is forgotten.
    chain = ("what is crowdfunding for", "which museum keeps old instruments", "and since when?")
    expected = "which museum keeps old instruments and since when? and why?"
    assert read("and why?", *chain) == expected


def test_a_chain_of_follow_ups_is_put_together_in_order(read):
    expected = f"{VIOLINS} and when? and why?"
    assert read("and why?", VIOLINS, "and when?") == expected


def test_another_identifier_takes_the_place_of_the_former_one(read):
    assert read("what about 2129?", "what does UNSCR 2462 cover") == (
        "what does resolution 2129 cover"
    )


def test_a_pronoun_after_another_identifier_means_that_one(read):
    # Turn 2 reads "what does resolution 2129 cover"; "it" is 2129, and 2462 is gone.
    assert read("when was it adopted?", "what does 2462 cover", "and 2129?") == (
        "what does resolution 2129 cover when was it adopted?"
    )


def test_another_identifier_takes_the_place_of_several(database):
    before = "what do resolutions 2462 and 2129 cover"
    assert other_identifier("and 1373?", before, over(database)) == "what do resolution 1373 cover"


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("what does 2129 say of films", "what does 2462 cover"),  # asks something of its own
        ("and films?", "what does 2462 cover"),  # names none
        ("and 2129?", VIOLINS),  # there is none to take the place of
    ],
)
def test_nothing_is_replaced_where_one_names_none_or_asks_its_own(database, text, before):
    assert other_identifier(text, before, over(database)) == ""


def test_a_number_that_follows_a_count_of_years_is_the_year(read):
    # 1993 is a resolution of this collection, but "in 1993" is a year.
    assert read("and in 1993?", "what does 2462 cover") == "what does 2462 cover and in 1993?"


def test_what_was_answered_is_not_read_as_a_question(database):
    history = (Turn(VIOLINS, "In Vienna, by Microsoft [1]"),)
    assert self_contained("and when?", history, over(database), FEW) == f"{VIOLINS} and when?"


def test_the_context_of_a_reading_is_the_question_that_it_leans_on(answerer):
    answer = answerer.ask(Question("and when?", turns(VIOLINS)))
    assert answer.interpretation.context == VIOLINS
    assert answer.interpretation.text == f"{VIOLINS} and when?"


def test_a_question_for_another_identifier_leans_on_nothing(answerer):
    reading = answerer.ask(Question("and 2129?", turns("what does 2462 cover"))).interpretation
    assert (reading.context, reading.identifiers) == ("", ("S/RES/2129",))


FRAGMENTS = st.sampled_from(
    """and when was it what about 2129 2462 1993 ? resolution Microsoft golden violins that there
    in of the these S/RES/1373 . , \u200d \n café 安全 Resolution (2019) UNSCR else""".split(" ")
)
TEXTS = st.lists(FRAGMENTS, max_size=10).map(" ".join)


@given(text=TEXTS.map(normalise), before=st.lists(TEXTS, max_size=6))
@settings(max_examples=200, deadline=None, derandomize=True, database=None)
def test_a_follow_up_keeps_its_words_or_asks_the_former_question_anew(database, text, before):
    history = turns(*before)
    found = self_contained(text, history, over(database), FEW)
    leading = leading_question(text, history, over(database), FEW)
    if not leading:
        assert found == text
    elif replaced := other_identifier(text, leading, over(database)):
        assert found == replaced
    else:
        assert found == f"{leading} {text}"
        assert any(normalise(one) for one in before)


def test_a_long_conversation_of_follow_ups_stays_short_and_fast(database):
    # 20 turns of 2000 characters are what the API takes; nothing may grow with their product.
    history = turns(*["and what about it in 1993 and 2129 " * 55] * 20)
    with at_most(5):
        found = self_contained("and it?", history, over(database), FEW)
    assert found.endswith(" and it?")
    assert len(found) < 5 * 2000


def test_a_history_of_nothing_but_years_is_read_at_once(database):
    with at_most(5):  # it took 20 s when each was looked at by itself
        self_contained("and when?", turns(*["1993 " * 400] * 20), over(database), FEW)


def test_a_number_that_the_collection_lacks_is_not_answered_from_another(answerer_of):
    answerer = answerer_of(
        {"a.txt": "On funds.\n\nResolution 2462 (2019) notes crowdfunding by donors."}
    )
    before = (Turn("what does resolution 2462 note", "Resolution 2462 (2019) notes crowdfunding."),)
    refusal = answerer.ask(Question("what about 2133?", before)).refusal
    assert refusal is not None
    assert refusal.unknown_identifiers == ("resolution 2133",)


@pytest.mark.parametrize(
    "text", ["what about 2133, does it ask for violins?", "And how about 2133 on forums?"]
)
def test_a_number_that_a_question_turns_to_is_a_resolution(answerer, text):
    before = (Turn("what does resolution 1373 say of violins", "It says little."),)
    refusal = answerer.ask(Question(text, before)).refusal
    assert refusal.unknown_identifiers == ("resolution 2133",)
