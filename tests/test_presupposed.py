"""A year that the question takes for granted, and the documents give otherwise, is told."""

from __future__ import annotations

import pytest

from qa.records import Question

FILES = {
    "a.txt": "The forum was founded by four companies in 2017 and moved in 2019. Resolution 2462 "
    "(2019) speaks of crowdfunding by the forum."
}
TOLD = "The question says {}; the quotes say 2017 and 2019."


@pytest.fixture
def ask(answerer_of):
    answerer = answerer_of(FILES)
    return lambda text: answerer.ask(Question(text))


@pytest.mark.parametrize(
    "text",
    [
        "was the forum founded by companies in 2015?",
        "The forum was founded in 2015, right?",
        "who founded the forum in 2015",
    ],
)
def test_another_year_is_told(ask, text):
    assert TOLD.format("2015") in ask(text).caveats


@pytest.mark.parametrize(
    "text",
    [
        "was the forum founded in 2017?",
        "who founded the forum before 2018",
        "what was founded since 2012",
        "who founded the forum",
        "what does resolution 2462 (2019) say of crowdfunding by the forum",
    ],
)
def test_the_same_year_a_bound_and_an_identifier_are_no_contradiction(ask, text):
    assert not any("The question says" in one for one in ask(text).caveats)
