"""What a question names that can be looked up: identifiers, and numbers that are some."""

from __future__ import annotations

import pytest
from conftest import answerer_over, at_most
from known import over

from qa.question.identifiers import find_identifiers, is_held, spans

FILES = {
    "mentions.txt": "Resolution 2462 (2019) notes crowdfunding. Resolution 1993 (2011) extends a "
    "tribunal. Resolution 2012 (2011) speaks of an island. Resolution 242 (1967) is old.",
    "own.txt": "RESOLUTION 1373 (2001)\n\nAll States shall prevent the financing of harm.",
}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return answerer_over(tmp_path_factory.mktemp("lookup"), FILES).generation.database


@pytest.fixture
def keys(database):
    def run(text):
        return [one.key for one in find_identifiers(text, over(database))]

    return run


def test_a_bare_number_that_the_collection_knows_is_an_identifier(keys):
    assert keys("what does 2462 cover") == ["S/RES/2462"]
    assert keys("what does 242 cover") == ["S/RES/242"]


def test_a_bare_number_that_the_collection_lacks_is_a_number(keys):
    assert keys("what does 2463 cover") == []


def test_an_identifier_that_is_spelled_out_is_found_whether_held_or_not(keys):
    assert keys("what does resolution 1540 cover") == ["S/RES/1540"]


@pytest.mark.parametrize(
    "text",
    [
        "what films were made in 1993",
        "which 1993 films are there",
        "films since 2012",
        "and in 1993?",  # nothing else is asked, but "in" leads to a year
    ],
)
def test_a_number_that_reads_as_a_year_is_a_year(keys, text):
    assert keys(text) == []


@pytest.mark.parametrize("text", ["what about 1993?", "and 1993?", "what does 1993 cover"])
def test_a_number_like_a_year_is_an_identifier_where_nothing_else_is_asked(keys, text):
    assert keys(text) == ["S/RES/1993"]


def test_a_number_like_a_year_is_an_identifier_where_it_is_called_one(keys):
    assert keys("films of resolution 1993") == ["S/RES/1993"]


def test_numbers_of_one_or_two_digits_are_never_identifiers(database, keys):
    assert not is_held("S/RES/42", database)
    assert keys("what are the 42 points") == []


def test_identifiers_come_in_the_order_of_their_places(database):
    text = "does 2462 go on from resolution 1373 and 242"
    found = find_identifiers(text, over(database))
    assert [text[start:end] for start, end in spans(found)] == ["2462", "resolution 1373", "242"]


def test_held_is_what_is_mentioned_or_what_a_document_is(database):
    held = {key: is_held(key, database) for key in ("S/RES/2462", "S/RES/1373", "S/RES/1540")}
    assert held == {"S/RES/2462": True, "S/RES/1373": True, "S/RES/1540": False}


@pytest.mark.parametrize(
    "text",
    [
        *("1993 " * 400, "2462 " * 400, "in 1993 " * 250, "resolution 1, " * 150, "S/RES/" * 330),
        *("resolutions " + "1, " * 600, "A/" * 1000, "(" * 2000, "2462 (" * 330),
        " " * 2000 + "2462",
    ],
)
def test_the_longest_question_is_looked_up_at_once(database, text):
    with at_most(1):
        find_identifiers(text, over(database))


@pytest.mark.parametrize(
    "text",
    [
        "resolution 2462 [2018]",
        "resolution 2462 (of 2018)",
        "resolution 2462 - 2018",
        "resolution 2462 (February 2018)",
        "resolution 2462 adopted on 12 February 2018",
        "resolution 2462 dated 12/02/2018",
        "resolution 2462, which was adopted in 2018",
        "the Council's 2018 resolution 2462",
        "what about 2462 of 2018?",
        "resolution 2462/2018",
    ],
)
def test_the_year_beside_an_identifier_is_its_year(database, text):
    (only,) = find_identifiers(text, over(database))
    assert (only.key, only.year) == ("S/RES/2462", 2018)


def test_a_resolution_of_the_assembly_without_a_session_is_none_of_the_council(keys):
    assert keys("what does General Assembly resolution 2462 cover") == []
