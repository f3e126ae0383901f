"""Which words of a question are names, and which of them a text never mentions."""

from __future__ import annotations

import pytest
from conftest import answerer_over
from known import over

from qa.question import entities


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    files = {"a.txt": "Resolution 1373 (2001)\n\nThe Council decides to meet."}
    return over(answerer_over(tmp_path_factory.mktemp("names"), files).generation.database)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Which resolution designates Hamas", ["Hamas"]),
        ("Who wrote to Boko Haram, and when?", ["Boko", "Haram"]),
        ("CTED's mandate", ["CTED"]),
        ("Does it work? Does Zorbla?", ["Zorbla"]),  # sentences open with a capital
        ("Zorbla, does it work", ["Zorbla"]),
        ("how many people work for cted", []),
        ("WHAT IS THE MANDATE OF CTED", []),  # capitals tell nothing
        ("the meeting in November 2008, on a Monday", []),
        ("what do Resolution 1373 and S/RES/2462 say of Chad", ["Chad"]),
        ("Chad and Chad", ["Chad"]),
        ("", []),
    ],
)
def test_names_are_told_by_their_capitals(known, question, found):
    assert entities.names(question, known) == found


def test_names_are_told_whole_if_a_part_of_them_is_wanted(known):
    question = "Which GIFCT working group of Naif University did the United Nations join"
    assert entities.whole(question, ["Naif"], known) == ["Naif University"]
    assert entities.whole(question, ["GIFCT", "Nations"], known) == ["GIFCT", "United Nations"]
    assert entities.whole(question, [], known) == []


@pytest.fixture
def database(answerer_of):
    text = "The Zorbla Weather Agency (ZWA) was founded in Chad. Its Council meets yearly."
    return answerer_of({"a.txt": text}).generation.database


@pytest.mark.parametrize(
    ("name", "text", "mentioned"),
    [
        ("Libya", "officials of the Libyan Government", True),
        ("Libyan", "sent to Libya at once", True),
        ("Iraqi", "the oil of Iraq", True),
        ("Hamas", "the Committee and Hamburg", False),
        ("Ukraine-related", "in Ukraine", False),
        ("Chad", "CHAD AND MALI", True),
        ("ZWA", "the Zorbla Weather Agency says", True),  # defined by the documents
        ("ICJ", "the International Court of Justice", True),  # its initials
        ("ICJ", "the Court of Iceland", False),
        ("UN", "an undertaking", False),
        ("Chad", "", False),
    ],
)
def test_a_name_is_mentioned_in_any_of_its_forms(database, name, text, mentioned):
    assert entities.unmentioned([name], text, database) == ([] if mentioned else [name])


def test_names_all_over_the_collection_tell_nothing(answerer_of):
    files = {f"{n}.txt": f"The Council met in place {n}." for n in range(8)}
    files["one.txt"] = "Chad was there."
    generation = answerer_of(files).generation
    assert entities.telling(["Council", "UN", "Chad"], generation, 0.25) == ["Chad"]
    assert entities.telling(["Council", "Mali"], generation, 0.25) == ["Mali"]
