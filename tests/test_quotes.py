"""Which sentences are quoted. The fake encoder makes a score the share of words matched."""

from __future__ import annotations

import pytest

from qa.records import Question


@pytest.fixture
def quotes(answerer_of):
    def run(text, question):
        answer = answerer_of({"text.txt": text}).ask(Question(question))
        return [one.text for one in answer.citations]

    return run


def test_one_sentence_suffices_for_a_fact(quotes):
    text = "Penguins live in Antarctica all year. Bears live near the other pole instead."
    assert quotes(text, "where do penguins live") == ["Penguins live in Antarctica all year."]


def test_a_sentence_that_leans_brings_the_one_before(quotes):
    text = (
        "Owls were counted in Norway. The museum opened a hall in Vienna. "
        "It displays golden violins daily."
    )
    # "displays golden violins" matches the last sentence alone; "It" needs the museum.
    assert quotes(text, "who displays golden violins") == [
        "The museum opened a hall in Vienna. It displays golden violins daily."
    ]


def test_a_line_that_introduces_a_list_brings_its_items(quotes):
    lead = "The toolbox of every guild in the old town includes:"
    text = f"{lead}\n\n- hammers of brass\n- saws of iron\n\nThe end."
    (quote,) = quotes(text, "toolbox of the guild")
    assert quote == f"{lead}\n\n- hammers of brass\n- saws of iron"


def test_the_bullet_about_an_identifier_brings_what_goes_on_about_it(quotes):
    text = (
        "The Council is guided by resolutions, including:\n\n"
        "- Resolution 2354 (2017) sets out guidelines on stories.\n"
        "- Resolution 2462 (2019) notes crowdfunding by donors. It also calls for audits.\n\n"
        "Others follow resolution 2462 (2019), 2395 (2017) and 2396 (2017) in their work."
    )
    expected = ["Resolution 2462 (2019) notes crowdfunding by donors. It also calls for audits."]
    for form in ("resolution 2462", "UNSCR 2462", "S/RES/2462 (2019)", "res. 2462"):
        assert quotes(text, f"what does {form} cover") == expected


def test_headings_and_furniture_are_never_quoted(quotes):
    text = (
        "Photo © Golden Violins Archive\n\nGOLDEN VIOLINS\n\nA maker in Cremona built the "
        "violins of gold.\n\nClick here to see golden violins."
    )
    assert quotes(text, "golden violins") == ["A maker in Cremona built the violins of gold."]


def test_the_same_sentence_in_two_documents_is_quoted_once(answerer_of):
    same = "Golden violins were made in Cremona."
    answerer = answerer_of({"a.txt": f"{same} Then came war.", "b.txt": f"{same} Then peace."})
    answer = answerer.ask(Question("where were golden violins made"))
    assert [one.text for one in answer.citations] == [same]
    assert answer.text == f"{same} [1]"
