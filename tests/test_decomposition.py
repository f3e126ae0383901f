"""A question that asks several things is taken apart, and one that does not is left whole."""

from __future__ import annotations

import pytest
from conftest import answerer_over, at_most
from hypothesis import given, settings
from hypothesis import strategies as st
from known import ENGLISH, over

from qa.question.decomposition import MAX_PARTS, of_each_identifier, split
from qa.question.interpret import interpret, parts_of
from qa.question.words import content_words, normalise
from qa.records import Question, Turn
from qa.stages import EVERY_STAGE

FILES = {
    "council.txt": "Resolution 2462 (2019) notes crowdfunding. Resolution 2129 (2013) directs it.",
    "forum.txt": "Microsoft founded the forum. Ecuador leads its working group.",
}


@pytest.fixture(scope="module")
def answerer(tmp_path_factory):
    return answerer_over(tmp_path_factory.mktemp("parts"), FILES)


@pytest.fixture(scope="module")
def database(answerer):
    return answerer.generation.database


@pytest.fixture
def readings(answerer):
    def run(text, *history, stages=EVERY_STAGE):
        question = Question(text, tuple(Turn(one, "") for one in history))
        reading = interpret(question, answerer.generation, stages)
        return parts_of(reading, answerer.generation, stages)

    return run


FOUNDED, LEADS = "who founded the forum", "who leads the working group"


@pytest.mark.parametrize("joint", ["; ", " and ", ", and ", " as well as ", ", but ", " or ", "? "])
def test_two_questions_are_two_parts_however_they_are_joined(database, joint):
    assert split(f"{FOUNDED}{joint}{LEADS}", over(database)) == [FOUNDED, LEADS]


def test_after_a_bare_comma_who_goes_on_about_the_noun_before_it(database):
    text = "what did Ecuador say to the members, who leads the working group"
    assert split(text, over(database)) == [text]


def test_a_relative_clause_is_no_part(database):
    text = "what did the expert group, which met in Vienna, recommend about glass"
    assert split(text, over(database)) == [text]


def test_a_part_may_begin_with_a_verb_after_a_comma(database):
    text = f"{FOUNDED}, and does Ecuador lead the working group"
    assert split(text, over(database)) == [FOUNDED, "does Ecuador lead the working group"]


def test_a_part_may_begin_with_its_topic(database):
    text = "Ecuador: does it lead the working group, and which forum did it found?"
    assert split(text, over(database)) == [
        "Ecuador: does it lead the working group",
        "which forum did it found?",
    ]


def test_a_part_may_begin_with_a_preposition(database):
    text = f"{FOUNDED} and in which year did the working group meet?"
    assert split(text, over(database)) == [FOUNDED, "in which year did the working group meet?"]


def test_an_identifier_counts_as_what_a_part_names(database):
    text = "who founded the forum and what does resolution 2462 note"
    assert split(text, over(database)) == [FOUNDED, "what does resolution 2462 note"]


@pytest.mark.parametrize("other", ["when was it founded?", "what is its budget?"])
def test_a_part_may_refer_to_what_the_one_before_names(database, other):
    assert split(f"{FOUNDED} and {other}", over(database)) == [FOUNDED, other]


@pytest.mark.parametrize(
    "text",
    [
        "who founded the forum and the working group",  # two things, one question
        "who founded the forum and when",  # "when" is of the same founding
        "who founded the forum? Give the year.",  # asks nothing by itself
        "the forum and the group that Ecuador leads",
        "who",
        "",
        "?",
        "and what",
        "; ; ;",
    ],
)
def test_what_is_one_question_stays_whole(database, text):
    assert split(text, over(database)) == [text]


def test_what_asks_nothing_by_itself_stays_with_the_part_before_it(database):
    text = f"{FOUNDED}, and when? And {LEADS}?"
    # "And who ...?" does not break before "who": it opens a sentence of its own.
    assert split(text, over(database)) == [f"{FOUNDED}, and when", f"And {LEADS}?"]


def test_an_opening_that_asks_nothing_is_needed_by_what_follows(database):
    text = f"Tell me of Ecuador; {LEADS}; {FOUNDED}"
    assert split(text, over(database)) == [text]


def test_a_clause_that_only_opens_a_question_is_no_part(database):
    text = "Apart from what the report says, who leads the working group?"
    assert split(text, over(database)) == [text]


def test_a_question_asked_twice_is_not_quoted_into_the_part_after_it(database):
    text = f"{FOUNDED}; {FOUNDED}; and when"
    assert split(text, over(database)) == [FOUNDED, f"{FOUNDED}; and when"]


def test_there_are_never_more_parts_than_the_most_and_the_last_holds_the_rest(database):
    asked = [f"who founded forum{n} of glass{n}" for n in range(MAX_PARTS + 2)]
    found = split("; ".join(asked), over(database))
    assert found == [*asked[: MAX_PARTS - 1], "; ".join(asked[MAX_PARTS - 1 :])]


def test_each_part_is_read_by_itself(readings):
    first, second = readings(f"what does 2462 note and {LEADS}")
    assert first.text == "what does resolution 2462 (2019) note"
    assert (first.identifiers, second.identifiers) == (("S/RES/2462",), ())
    assert second.text == LEADS
    assert second.terms == ("leads", "working", "group")


@pytest.mark.parametrize(
    "text",
    ["what do resolutions 2462 and 2129 cover", "what do 2462, 2129 and 2462 cover"],
)
def test_where_nothing_else_is_asked_each_identifier_is_asked_about(readings, text):
    assert [one.text for one in readings(text)] == [
        "what do resolution 2462 (2019) cover",
        "what do resolution 2129 (2013) cover",
    ]


def test_where_something_is_asked_of_two_identifiers_they_stay_together(readings):
    (only,) = readings("do resolutions 2462 and 2129 speak of crowdfunding")
    assert only.identifiers == ("S/RES/2462", "S/RES/2129")


def test_a_later_part_may_lean_on_the_first(readings):
    text = f"{FOUNDED}, and who leads its working group in Ecuador"
    assert [one.text for one in readings(text)] == [
        FOUNDED,
        f"{FOUNDED} who leads its working group in Ecuador",
    ]


def test_a_part_is_not_corrected_again(answerer):
    # Undone for the whole, it is not corrected in a part either.
    question = Question(f"who founded the forun and {LEADS}", correct_spelling=False)
    reading = interpret(question, answerer.generation)
    first, _ = parts_of(reading, answerer.generation)
    assert first.text == "who founded the forun"


def test_a_question_with_a_quoted_phrase_is_not_taken_apart(readings):
    (only,) = readings(f'who founded "the forum" and {LEADS}')
    assert only.phrases == ("the forum",)


def test_a_follow_up_is_not_taken_apart(readings):
    (only,) = readings("and who leads it and who founded it?", "what is the forum for")
    assert only.context == "what is the forum for"


def test_without_its_stage_nothing_is_taken_apart(readings):
    assert len(readings(f"{FOUNDED} and {LEADS}")) == 2
    assert len(readings(f"{FOUNDED} and {LEADS}", stages=EVERY_STAGE.without("parts"))) == 1


JOINTS = st.sampled_from(["; ", " and ", ", and ", ", ", "? ", "?", " but ", " as well as ", " "])
OPENINGS = st.sampled_from(
    "who what When which in|which and|how does is the of|which Apart|from|what 2462 ¿qué 何".split()
)


@st.composite
def questions(draw):
    """Questions and pieces of some, joined in all ways. Words differ by their number, so that
    each stands in the text once."""
    text = ""
    for piece in range(draw(st.integers(0, 7))):
        words = [
            f"{draw(st.sampled_from(['forum', 'é', '安全', 'x']))}{piece}w{n}" for n in range(3)
        ]
        opening = draw(OPENINGS).replace("|", " ")
        text += " ".join([opening, *words[: draw(st.integers(0, 3))]]) + draw(JOINTS)
    return text


@given(text=questions().map(normalise))
@settings(max_examples=150, deadline=None, derandomize=True, database=None)
def test_parts_are_slices_of_the_question_in_order_and_lose_no_word_of_content(database, text):
    found = split(text, over(database))
    assert 1 <= len(found) <= MAX_PARTS
    position = 0
    for piece in found:
        assert len(found) == 1 or piece == piece.strip() != ""
        place = text.find(piece, position)
        assert place >= 0
        position = place + len(piece)
    kept = {word for piece in found for word in content_words(piece, ENGLISH)}
    # "As well as" joins two questions: its "well" may go.
    assert kept | {"well"} == {*content_words(text, ENGLISH), "well"}


@pytest.mark.parametrize(
    "text",
    [
        "and what " * 5000,
        "who alpha beta; " * 3000,
        "? a" * 10_000,
        ", " * 20_000,
        "and " * 10_000 + "who",
        "as well as " * 5000,
        "in on at to from by " * 2000,
        "who\u0300" * 5000,
    ],
    ids=lambda text: repr(text[:16]),
)
def test_thousands_of_parts_are_split_in_seconds(database, text):
    with at_most(5):
        assert len(split(text, over(database))) <= MAX_PARTS


def test_identifiers_that_the_collection_lacks_are_not_asked_about(database):
    text = "what about resolution 2395 (2017), resolution 2396 (2017) and resolution 9999"
    held = ("S/RES/2395", "S/RES/2396")
    assert of_each_identifier(text, held, over(database)) == [
        "what about resolution 2395 (2017)",
        "what about resolution 2396 (2017)",
    ]


def test_more_identifiers_than_parts_stay_one_question(database):
    numbers = range(2001, 2001 + MAX_PARTS + 1)
    text = "what about " + ", ".join(f"resolution {n}" for n in numbers)
    held = tuple(f"S/RES/{n}" for n in numbers)
    assert of_each_identifier(text, held, over(database)) == [text]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("What is the difference between GIFCT and Tech Against Terrorism?",
         ["What is GIFCT?", "What is Tech Against Terrorism?"]),
        ("compare UNODC and UNOCT", ["What is UNODC?", "What is UNOCT?"]),
        ("How do the United Nations Office of Counter-Terrorism and GIFCT compare?",
         ["What is the United Nations Office of Counter-Terrorism?", "What is GIFCT?"]),
        ("How does Security Council resolution 2395 (2017) differ from Security Council "
         "resolution 2396 (2017)?",
         ["What is Security Council resolution 2395 (2017)?",
          "What is Security Council resolution 2396 (2017)?"]),
    ],
)  # fmt: skip
def test_of_two_names_that_are_compared_each_is_asked_about(answerer, text, parts):
    assert split(text, over(answerer.generation.database)) == parts


@pytest.mark.parametrize(
    "text",
    [
        "Compare how states treat privacy and security.",
        "how do terrorists use the Internet and Bitcoin",
        "difference between encryption and hashing",
        "Who settled the differences between Iran and Iraq?",
    ],
)
def test_what_is_compared_without_names_stays_one_question(answerer, text):
    assert split(text, over(answerer.generation.database)) == [text]
