"""What an abbreviation stands for, and what abbreviates a name."""

from __future__ import annotations

import pytest
from conftest import answerer_over, at_most
from known import ENGLISH

from qa.answer import definitions
from qa.answer.verify import Claim, verify
from qa.records import Question, Turn
from qa.tuning import shipped

FORUM = "Global Internet Forum to Counter Terrorism (GIFCT)"
OFFICE = "United Nations Office on Drugs and Crime (UNODC)"
SHORTER = "UN Office on Drugs and Crime (UNODC)"
STATE = "Islamic State (IS)"
FILES = {
    "forum.txt": f"Microsoft founded the {FORUM} in 2017. GIFCT shares hashes with firms.",
    "office.txt": f"The {OFFICE} trains judges. Ships sail south in winter.",
    "other.txt": f"Work of the {OFFICE} goes on in many lands.",
    "short.txt": f"The {SHORTER} is in Vienna, as all know well.",
    "state.txt": f"The {STATE} is named here. Foreign terrorist fighters (FTFs) travel by road. "
    "What this means is open, and NATO is never explained.",
}


@pytest.fixture(scope="module")
def answerer(tmp_path_factory):
    return answerer_over(tmp_path_factory.mktemp("definitions"), FILES)


@pytest.fixture(scope="module")
def database(answerer):
    return answerer.generation.database


@pytest.fixture
def ask(answerer):
    def run(text, **options):
        return answerer.ask(Question(text, **options))

    return run


def texts(answer):
    return [one.text for one in answer.citations]


@pytest.mark.parametrize(
    "question",
    [
        "what does GIFCT stand for",
        "What does GIFCT stand for?",
        "what is GIFCT short for",
        "what does the abbreviation GIFCT mean exactly?",
        "what is the full name of GIFCT",
        "spell out GIFCT",
        "GIFCT's full form",
        "GIFCT in full?",
        "what do the letters GIFCT stand for in the documents",
        "which organisation does the acronym GIFCT stand for",
        "what does gifct stand for",  # small letters: a person in a hurry
        "which global forum is meant by GIFCT?",  # words that the name itself has
    ],
)
def test_an_abbreviation_is_answered_with_its_definition_alone(ask, question):
    answer = ask(question)
    assert texts(answer) == [FORUM]
    assert answer.text == f"{FORUM} [1]"
    assert answer.confidence == shipped().confidence.defined


@pytest.mark.parametrize(
    "question",
    [
        "what is the acronym for the Global Internet Forum to Counter Terrorism",
        "how is Global Internet Forum to Counter Terrorism abbreviated?",
        "abbreviation of global internet forum to counter terrorism",
        "short form of the global internet  forum to counter terrorism?",
    ],
)
def test_a_full_name_is_answered_with_its_abbreviation(ask, question):
    assert texts(ask(question)) == [FORUM]


def test_the_span_is_that_of_the_definition(ask):
    (citation,) = ask("what does GIFCT stand for").citations
    start = FILES["forum.txt"].index(FORUM)
    assert (citation.passage.document.id, citation.start) == ("forum", start)
    assert citation.end == start + len(FORUM)


def test_each_meaning_is_quoted_once_the_commonest_first(ask):
    # Two documents have the long one, one has the short one.
    answer = ask("what does UNODC stand for")
    assert texts(answer) == [OFFICE, SHORTER]
    assert answer.citations[0].passage.document.id == "office"


def test_there_are_never_more_meanings_than_the_most(answerer_of):
    # Nine words of X: nine long forms of one abbreviation.
    words = "Xeric Xylem Xenial Xylose Xenon Xray Xeres Xyster Xystus".split()
    files = {f"{word}.txt": f"The {word} Office Board (XOB) is named here." for word in words}
    found = answerer_of(files).ask(Question("what does XOB stand for"))
    assert len(found.citations) == definitions.MAX_MEANINGS
    assert len(set(texts(found))) == definitions.MAX_MEANINGS


def test_a_plural_is_found_by_its_singular_and_the_reverse(ask):
    expected = ["Foreign terrorist fighters (FTFs)"]
    assert texts(ask("what does FTF stand for")) == expected
    assert texts(ask("what do FTFs stand for")) == expected
    assert texts(ask("what does GIFCTs stand for")) == [FORUM]


def test_only_the_documents_asked_for_define(ask):
    assert texts(ask("what does UNODC stand for", documents=("short",))) == [SHORTER]
    (other,) = ask("what does UNODC stand for", documents=("other",)).citations
    assert other.passage.document.id == "other"


def test_where_the_documents_asked_for_define_nothing_another_does_not_speak(ask):
    answer = ask("what does UNODC stand for", documents=("forum",))
    assert {one.passage.document.id for one in answer.citations} <= {"forum"}
    assert answer.confidence < shipped().confidence.defined


@pytest.mark.parametrize(
    "question",
    [
        "what does NATO stand for",  # used, but never defined
        "what does XYZZY stand for",
        "what is the acronym for the Ministry of Silly Walks",
        "what does GIFCT share with firms",  # asks for no definition
        "what does GIFCT stand for in the fight against hashes",  # asks for more
        "what is the meaning of ships",
        "what does GIFCT and UNODC stand for",  # which one?
        "who founded GIFCT",
        "acronyms",
        "what does stand for",
        "",
    ],
)
def test_what_asks_for_no_definition_or_has_none_is_not_answered_by_one(database, question):
    assert definitions.asked(question, ENGLISH, database) is None


@pytest.mark.parametrize(
    "question", ["what is the meaning of this", "What is meant by that?", "is this in full?"]
)
def test_a_common_word_is_not_the_abbreviation_that_it_looks_like(database, question):
    assert definitions.asked(question, ENGLISH, database) is None


def test_an_abbreviation_that_looks_like_a_common_word_counts_in_capitals(ask):
    assert texts(ask("what does IS stand for")) == [STATE]
    assert texts(ask("what is the meaning of IS?")) == [STATE]


def test_a_refused_definition_is_that_of_the_ordinary_way(ask):
    answer = ask("what does NATO stand for")
    assert answer.confidence != shipped().confidence.defined
    assert not {FORUM, OFFICE, SHORTER, STATE} & set(texts(answer))


def test_a_follow_up_asks_for_the_definition_of_what_came_before(ask):
    history = (Turn("what is GIFCT", ""),)
    assert texts(ask("what does it stand for?", history=history)) == [FORUM]


def test_one_part_of_a_question_may_ask_for_a_definition(ask):
    answer = ask("what does UNODC stand for, and which ships sail south in winter?")
    assert texts(answer) == [OFFICE, SHORTER, "Ships sail south in winter."]


def test_a_definition_across_lines_is_quoted_as_it_stands(answerer_of):
    lines = (
        "All work that is done by the Global Internet",
        "Forum to Counter Terrorism (GIFCT) ends.",
    )
    text = "\n".join(lines)
    answerer = answerer_of({"lines.txt": text})
    (one,) = answerer.ask(Question("what does GIFCT stand for")).citations
    assert one.text == "Global Internet\nForum to Counter Terrorism (GIFCT)"
    claim = Claim("lines", one.start, one.end, one.text)
    assert verify(claim, answerer.generation.database).status == "verified"
    name = "global internet forum to counter terrorism"
    assert texts(answerer.ask(Question(f"acronym for {name}"))) == [one.text]


@pytest.mark.parametrize(
    "text",
    [
        "acronym " + "word " * 5000,
        "acronym " * 5000,
        "meaning of " + "GIFCT " * 5000,
        "short form of " + "the Global Internet Forum to Counter " * 1000,
        "abbreviation " + "-" * 20_000,
        "expan" * 10_000,
        "in  " * 5000 + "full",
        "meaning " + "a'" * 10_000,
    ],
    ids=lambda text: text[:24],
)
def test_a_question_of_any_length_is_judged_in_seconds(database, text):
    with at_most(5):
        definitions.asked(text, ENGLISH, database)


def test_the_passage_that_defines_comes_first(answerer_of):
    answerer = answerer_of(
        {
            "much.txt": "What FORUM stands for matters. FORUM stands for much, and FORUM stands.",
            "defines.txt": "The Fair Old Riders' Union of Masters (FORUM) rides in spring.",
        }
    )
    answer = answerer.ask(Question("what does FORUM stand for"))
    assert answer.citations[0].passage.document.id == "defines"
    assert answer.passages[0].passage.document.id == "defines"
