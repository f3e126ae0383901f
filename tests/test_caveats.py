"""What is told with an answer that is not sure, or leaves something of the question out."""

from __future__ import annotations

import pytest

from qa.answer import caveats
from qa.pipeline import Answerer
from qa.records import Question
from qa.settings import ServiceSettings
from qa.tuning import shipped

FILES = {
    "forum.txt": "# The forum\n\nMicrosoft founded the forum in Geneva in 2017.",
    "group.txt": "Ecuador leads the working group of States.",
    **{f"filler-{n}.txt": f"Rivers of kind {n} run to the sea." for n in range(8)},
}
NEAREST = "These sentences come nearest; check that they answer the question."

BOUNDS = shipped().confidence


@pytest.fixture
def told(answerer_of):
    answerer = answerer_of(FILES)

    def run(question, confidence):
        ((reading, pool),) = answerer.quotable(Question(question))
        return caveats.of(reading, pool[:1], confidence, answerer.generation, BOUNDS)

    return run


def test_a_sure_answer_that_has_all_that_was_asked_needs_no_caveat(told):
    assert told("when did Microsoft found the forum", BOUNDS.sure) == ()


def test_an_answer_that_is_not_sure_says_so_first(told):
    assert told("when did Microsoft found the forum", BOUNDS.sure - 0.01) == (NEAREST,)
    first, second = told("when did Ecuador lead the working group", 0.5)
    assert first == NEAREST
    assert second == "The question asks for a date, and the quotes give none."


def test_names_that_the_passages_quoted_do_not_have_are_told(told):
    asked = "did Microsoft and Google Labs found the forum in Geneva with Ecuador"
    assert told(asked, 0.9) == ("The passages quoted do not name Google Labs or Ecuador.",)


def test_what_stands_in_the_heading_is_named(told):
    assert told("what of the Forum did Microsoft found in Geneva", 0.9) == ()


TWO = "who founded the forum in Geneva, and who leads the working group of Chad"


@pytest.mark.parametrize("unsure", [True, False])
def test_caveats_of_several_things_name_what_they_are_about(answerer_of, unsure):
    sure = shipped().replaced("confidence.sure", 1.0 if unsure else 0.0)
    answerer = answerer_of(FILES).retuned(sure)
    found = answerer.ask(Question(TWO)).caveats
    chad = "The passages quoted do not name Chad."
    about = "On “who leads the working group of Chad”:"
    if unsure:
        assert found == (
            f"On “who founded the forum in Geneva”: {NEAREST}",
            f"{about} {NEAREST} {chad}",
        )
    else:
        assert found == (f"{about} {chad}",)


def test_a_caveat_that_holds_for_all_is_told_once(answerer_of):
    unsure = shipped().replaced("confidence.sure", 1.0)
    answer = (
        answerer_of(FILES)
        .retuned(unsure)
        .ask(Question("who founded the forum, and who leads the group"))
    )
    assert len(answer.citations) == 2
    assert answer.caveats == (NEAREST,)


def test_a_refusal_has_no_caveats(answerer_of, encoder):
    generation = answerer_of(FILES).generation
    strict = Answerer(generation, encoder, ServiceSettings(threshold=1))
    assert strict.ask(Question("when did Ecuador lead the group")).caveats == ()


@pytest.mark.parametrize("items", [3, 40])
def test_a_list_that_its_passage_cuts_is_said_to_go_on(answerer_of, items):
    listed = "".join(f"- the river of kind {n}, which runs to the sea\n" for n in range(items))
    answerer = answerer_of({"rivers.md": f"# Rivers\n\nThe rivers of the land are:\n\n{listed}"})
    ((reading, pool),) = answerer.quotable(Question("rivers of the land"))
    quote = next(one for one in pool if one.text.startswith("The rivers of the land are"))
    goes_on = "A list that is quoted goes on in the document."
    found = caveats.of(reading, [quote], 0.9, answerer.generation, BOUNDS)
    assert found == ((goes_on,) if items == 40 else ())


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("what does the opening paragraph of the forum say", "opening paragraph"),
        ("quote the Last Operative Paragraph on the forum", "last operative paragraph"),
        ("who founded the forum first", None),
        ("what does paragraph 3 say of the forum", None),
    ],
)
def test_that_places_within_a_document_are_not_looked_at_is_told(told, question, place):
    found = [one for one in told(question, 0.9) if "does not check positions" in one]
    assert bool(found) == (place is not None)
    assert all(one.endswith(f"confirm that this is the {place}.") for one in found)


ESTABLISHES = "Decides to establish the mission of observers in Chad."
SPEAKS = "Recalling resolution 743 (1992) which established the mission of observers in Chad,"


@pytest.mark.parametrize(
    ("held", "question", "is_told"),
    [
        (True, "which resolution established the mission of observers", True),
        (True, "what did resolution 743 establish", False),
        (True, "who established the mission of observers", False),
        (False, "which resolution established the mission of observers", False),
    ],
)
def test_that_the_text_of_a_resolution_itself_is_not_quoted_is_told(
    answerer_of, held, question, is_told
):
    files = {"later.md": f"# A later text\n\n{SPEAKS}"}
    if held:
        files["own.md"] = f"# Resolution 743 (1992)\n\n{ESTABLISHES}"
    answerer = answerer_of(files)
    ((reading, pool),) = answerer.quotable(Question(question))
    (quote,) = (one for one in pool if one.text.startswith("Recalling"))
    found = caveats.of(reading, [quote], 0.9, answerer.generation, BOUNDS)
    told = "The quotes speak of resolution 743 (1992), but are not from “Resolution 743 (1992)”"
    assert any(one.startswith(told) for one in found) == is_told


def test_where_its_own_text_is_quoted_nothing_is_told(answerer_of):
    files = {"later.md": f"# A later text\n\n{SPEAKS}"}
    files["own.md"] = f"# Resolution 743 (1992)\n\n{ESTABLISHES}"
    answerer = answerer_of(files)
    question = "which resolution established the mission of observers"
    ((reading, pool),) = answerer.quotable(Question(question))
    assert len({one.document for one in pool}) == 2
    found = caveats.of(reading, pool, 0.9, answerer.generation, BOUNDS)
    assert not any("its own text" in one for one in found)


def test_an_item_of_a_list_is_told_with_its_heading_where_yes_or_no_is_asked(answerer_of):
    files = {
        "a.md": "# Team\n\n## Additional partners\n\n- Telecommunication Union of Norway\n- Owls"
    }
    answerer = answerer_of(files)
    listed = "What is quoted is an item of a list under “Additional partners”."
    assert listed in answerer.ask(Question("Is the Telecommunication Union a member?")).caveats
    assert listed not in answerer.ask(Question("which union is in the team")).caveats


def test_quotes_that_differ_in_a_joining_word_do_not_differ(answerer_of):
    files = {
        "a.txt": "The Council therefore decides to freeze all funds of the group without delay.",
        "b.txt": "The Council decides to freeze all funds of the group without delay.",
    }
    answer = answerer_of(files).ask(Question("what does the Council decide on funds of the group"))
    assert not any("differ" in one for one in answer.caveats)
