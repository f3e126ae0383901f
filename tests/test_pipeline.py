"""A question's whole way: several parts, refusals, hostile input; and every citation holds."""

from __future__ import annotations

import itertools

import pytest
from conftest import answerer_over, at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.answer.verify import Claim, verify
from qa.pipeline import Answerer
from qa.records import Question, Turn
from qa.settings import ServiceSettings

FORUM = "Microsoft founded the Global Internet Forum to Counter Terrorism (GIFCT) in 2017."
GROUP = "Ecuador leads the working group of States on seaports."
NOTES = "Resolution 2462 (2019) notes crowdfunding by donors."
FILES = {
    "forum.txt": f"{FORUM} Its members share hashes.",
    "group.txt": f"{GROUP} It meets in Vienna every winter.",
    "notes.txt": f"{NOTES} \U0001f6a2 Ships of café owners sail.\n\n"
    "The Islamic State (IS) is named.",
}


class Plain:
    """A reader to whom long texts say more."""

    def read(self, _, texts):
        return [min(11.0, len(text) / 20) for text in texts]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("pipeline")


@pytest.fixture(scope="module")
def answerer(place):
    return answerer_over(place, FILES)


@pytest.fixture(scope="module")
def with_threshold(answerer):
    def make(threshold, reader=None):
        opened, encoder = answerer.generation, answerer._encoder
        return Answerer(opened, encoder, ServiceSettings(threshold=threshold), reader=reader)

    return make


def sources(answer):
    return [one.passage.document.id for one in answer.citations]


def assert_cited(answer, answerer):
    """Exactly one of citations and refusal; each citation is the text at its place, none
    overlaps another, and each stands in its passage."""
    assert bool(answer.citations) != bool(answer.refusal)
    assert 0 <= answer.confidence <= 1
    database = answerer.generation.database
    for one in (*answer.citations, *answer.considered):
        id = one.passage.document.id
        assert database.text(id)[one.start : one.end] == one.text != ""
        assert one.passage.start <= one.start < one.end <= one.passage.end
        assert verify(Claim(id, one.start, one.end, one.text), database).status == "verified"
    spans = sorted((one.passage.document.id, one.start, one.end) for one in answer.citations)
    for (id, _, end), (other, start, _) in itertools.pairwise(spans):
        assert id != other or end <= start


TWO = "who founded the forum, and who leads the working group?"


def test_each_part_is_answered_from_its_own_document_in_order(answerer):
    answer = answerer.ask(Question(TWO))
    assert sources(answer) == ["forum", "group"]
    assert answer.text == f"{FORUM} [1] {GROUP} [2]"


def test_a_sentence_that_answers_two_parts_is_cited_once(answerer):
    answer = answerer.ask(Question("who founded the GIFCT forum; when was the GIFCT forum founded"))
    assert [one.text for one in answer.citations] == [FORUM]


HALF = "who founded the forum; who leads penguins of Norway"


def test_a_question_is_answered_as_far_as_its_parts_are_sure(with_threshold):
    low, high = sorted(with_threshold(0).find(Question(HALF)), key=lambda one: one.confidence)
    assert low.confidence < high.confidence
    answer = with_threshold((low.confidence + high.confidence) / 2).ask(Question(HALF))
    assert answer.refusal is None
    assert answer.confidence == high.confidence
    assert set(answer.citations) <= set(high.citations)
    (left,) = answer.unanswered
    assert left.question == low.reading.own == "who leads penguins of Norway"
    assert "Norway" in left.refusal.missing_terms
    assert {one.passage.row for one in low.citations} <= {
        one.passage.row for one in answer.considered
    }


def test_a_part_that_leans_on_another_is_told_as_it_was_asked(with_threshold):
    question = Question("who founded the GIFCT forum, and when did it move to Norway?")
    found = sorted(with_threshold(0).find(question), key=lambda one: one.confidence)
    answer = with_threshold((found[0].confidence + found[1].confidence) / 2).ask(question)
    (left,) = answer.unanswered
    assert left.question == "when did it move to Norway?"


def test_all_parts_answered_leave_none_and_count_as_the_weakest(with_threshold):
    found = with_threshold(0).find(Question(HALF))
    answer = with_threshold(0).ask(Question(HALF))
    assert (answer.refusal, answer.unanswered) == (None, ())
    assert answer.confidence == min(one.confidence for one in found)


def test_of_a_question_without_a_sure_part_the_weakest_is_told(with_threshold):
    low = min(with_threshold(0).find(Question(HALF)), key=lambda one: one.confidence)
    answer = with_threshold(1).ask(Question(HALF))
    assert answer.refusal is not None
    assert "Norway" in answer.refusal.missing_terms
    assert (answer.citations, answer.text, answer.unanswered) == ((), "", ())
    assert answer.confidence == low.confidence
    assert answer.considered  # what was found wanting is shown


def test_of_two_identifiers_the_one_that_is_not_there_is_told(with_threshold):
    answer = with_threshold(0).ask(Question("what do resolutions 2462 and 9999 note"))
    assert sources(answer)
    (left,) = answer.unanswered
    assert left.question == "resolution 9999"
    assert left.refusal.reason == "unknown_identifier"
    assert left.refusal.unknown_identifiers == ("resolution 9999",)


def test_passages_of_all_parts_come_by_turns(answerer):
    found = answerer.search(Question(TWO, top_k=2))
    assert [one.passage.document.id for one in found] == ["forum", "group"]
    every = answerer.search(Question(TWO, top_k=50))
    assert len({one.passage.row for one in every}) == len(every)


def test_a_filter_holds_for_every_part(answerer):
    answer = answerer.ask(Question(TWO, documents=("group", "notes")))
    assert sources(answer) == ["group"]
    assert {one.passage.document.id for one in answer.passages} == {"group", "notes"}


def test_a_part_about_an_unknown_identifier_is_not_answered_with_something_else(answerer):
    question = "what does resolution 2462 note; what does resolution 1540 say about seaports"
    answer = answerer.ask(Question(question))
    assert sources(answer) == ["notes"]
    (lacking,) = answer.unanswered
    assert lacking.question == "what does resolution 1540 say about seaports"
    assert lacking.refusal.unknown_identifiers == ("resolution 1540",)


def test_stages_are_timed_once_for_all_parts(answerer):
    timings = answerer.ask(Question(TWO)).timings_ms
    assert list(timings) == ["interpret", "encode", "rank", "quote", "choose", "passages", "total"]
    assert sum(timings.values()) == pytest.approx(2 * timings["total"], rel=0.2, abs=2)


def test_a_follow_up_is_ranked_by_its_own_words_before_those_it_leans_on(answerer_of):
    # Four words of the former question against one of its own, each as rare: alike in weight,
    # the former would win by far.
    files = {
        "a.txt": "Alpha gold stands on every hill of the island today.",
        "b.txt": "Omega tin lies in every valley of the mainland now.",
    }
    history = (Turn("alpha", ""),)
    answer = answerer_of(files).ask(Question("and omega?", history))
    assert sources(answer)[0] == "b"


QUESTIONS = [
    TWO,
    "what does GIFCT stand for",
    "what does GIFCT stand for, and who leads the working group?",
    "what does IS mean",
    "what is the acronym for the Islamic State",
    "wich shps of cafe ownrs sail",
    "what does UNSCR 2462 note and who founded the forum?",
    '"working group" of States',
    "café \U0001f6a2",
    "resolution 1540",
    "2462",
]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("former", [None, "what is GIFCT", "what does 2462 note", "crowdfunding?"])
def test_every_citation_holds_on_every_way(with_threshold, question, former):
    history = () if former is None else (Turn(former, f"{FORUM} [1]"),)
    for threshold in (0, None, 1):
        for reader in (None, Plain()):
            asked = with_threshold(threshold, reader)
            for documents in (None, ("notes", "group")):
                answer = asked.ask(Question(question, history, documents=documents))
                assert_cited(answer, asked)
                if documents:
                    assert set(sources(answer)) <= set(documents)


HOSTILE = {
    "nothing": "",
    "controls": "\x00\x01\x1b[31m\x7f\x85",
    "marks alone": "\u0301\u0302\u0303",
    "joiners": "\u200d\u200c\u2060\ufeff",
    "override": "who \u202egnidael\u202c the working group",
    "half a pair": "who leads \ud83d the group",
    "han": "谁领导工作组？何时成立？",
    "arabic": "من يقود الفريق العامل؟ ومتى؟",
    "devanagari": "कौन नेतृत्व करता है?",
    "dotted i": "İSTANBUL ıI ß ﬁ ǅ",
    "sql": "'; DROP TABLE passages; --",
    "lucene": 'title:* AND (forum OR "group) ^5 ~2 [a TO z] \\',
    "quotes": '"" "“”" «» "" \'\'',
    "lone quote": 'who said "forum',
    "markup": "<script>alert(1)</script> &amp; {{7*7}} ${x}",
    "and what": "and what " * 220,
    "parts": "who leads group of seaports; " * 68,
    "years": "1993 " * 400,
    "resolutions": "resolution 2462, " * 117,
    "slashes": "S/RES/" * 333,
    "unknown words": "qwzxk " * 333,
    "brackets": "(" * 1000 + ")" * 1000,
    "quotes all": '"' * 2000,
    "one word": "a" * 2000,
    "acronyms": "GIFCT meaning " * 142,
    "emoji": "\U0001f6a2" * 2000,
    "spaces": "who" + " \t\n" * 600 + "leads",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_input_is_answered_or_declined_at_once(with_threshold, text):
    asked = with_threshold(0, Plain())
    turn = Turn(text, text)
    with at_most(8):
        for question in (
            Question(text),
            Question(text, (turn,) * 20),
            Question("and when?", (turn,) * 20),
            Question("what does it stand for?", (turn,) * 20),
            Question("GIFCT stands for?", (turn, Turn("", ""))),
        ):
            assert_cited(asked.ask(question), asked)


def test_a_question_far_longer_than_the_service_takes_is_still_answered(answerer):
    with at_most(20):
        assert_cited(answerer.ask(Question("and what of the forum " * 3000)), answerer)
        assert_cited(answerer.ask(Question("who leads seaports; " * 3000)), answerer)


PIECES = st.sampled_from(
    """who what when|was does is founded leads the|forum working|group GIFCT IS it and ; , ? " “ ”
    2462 resolution UNSCR|2462 1540 stand|for meaning|of acronym|for Islamic|State frum Vienna
    café 安全 \u0301 \u202e \x00 its 1993 of|2019 ( ) “forum” also about""".split()
)
ASKED = st.lists(PIECES, max_size=12).map(lambda pieces: " ".join(pieces).replace("|", " "))


@given(text=ASKED, history=st.lists(ASKED, max_size=3), correct=st.booleans(), reads=st.booleans())
@settings(max_examples=80, deadline=None, derandomize=True, database=None)
def test_whatever_is_asked_what_is_cited_stands_where_it_is_said_to(
    with_threshold, text, history, correct, reads
):
    asked = with_threshold(0, Plain() if reads else None)
    turns = tuple(Turn(one, f"{GROUP} [1]") for one in history)
    answer = asked.ask(Question(text, turns, correct_spelling=correct))
    assert_cited(answer, asked)
    findings = asked.find(Question(text, turns, correct_spelling=correct))
    if answer.refusal is None:
        assert answer.confidence == min(one.confidence for one in findings)
    if not correct:
        assert "read as" not in answer.interpretation.shown
