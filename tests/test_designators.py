"""What is named by a number or a letter is told from its like."""

from __future__ import annotations

import pytest
from conftest import answerer_over
from known import over

from qa.question import designators
from qa.records import Question


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    files = {"a.txt": "Resolution 1373 (2001)\n\nThe Council decides to meet."}
    return over(answerer_over(tmp_path_factory.mktemp("numbers"), files).generation.database)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What does Article 7 say?", ["Article 7"]),
        ("Who leads Committee C?", ["Committee C"]),
        ("Who runs phase 2?", ["phase 2"]),
        ("What is in Annex II of it?", ["Annex II"]),
        ("What happened in March 15?", []),
        ("How many of the 15 members met?", []),
        ("What did resolution 2462 ask in 2019?", []),
        ("Did 450 people come?", []),
    ],
)
def test_numbered_things_are_found(known, question, found):
    assert [name for name, _ in designators.numbered(question, known)] == found


def test_numbers_with_strokes_are_found_unless_they_are_identifiers(known):
    assert designators.slashed("What does presidential statement 2015/15 say?", known) == [
        "2015/15"
    ]
    assert designators.slashed("What does Regulation (EU) 2016/680 protect?", known) == ["2016/680"]
    assert designators.slashed("What does resolution 66/12 say after 9/11?", known) == []
    assert known.domains.parts("What does resolution 66/12 B say?") == ["66/12 B"]


def test_another_document_of_the_kind_is_no_answer(answerer_of):
    text = "The presidential statement S/PRST/2015/14 condemns the attack on the market."
    answerer = answerer_of({"a.txt": text})
    assert answerer.ask(Question("What does statement 2015/15 condemn?")).confidence <= 0.1
    assert answerer.ask(Question("What does statement 2015/14 condemn?")).confidence > 0.1


def test_another_article_is_told(answerer_of):
    text = "# Charter\n\n## Article 6\n\nA member that breaks the rules may be expelled by vote.\n"
    answerer = answerer_of({"a.md": text})
    other = answerer.ask(Question("What does Article 7 of the Charter say of a member?"))
    assert "The passages quoted do not name Article 7." in other.caveats
    right = answerer.ask(Question("What does Article 6 of the Charter say of a member?"))
    assert not any("do not name" in one for one in right.caveats)
