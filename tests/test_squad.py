"""SQuAD's JSON, versions 1.1 and 2.0, as it comes."""

from __future__ import annotations

import json

import pytest
from evaluating import public

from eval import squad
from eval.errors import BadQuestionSet
from eval.records import Span

CONTEXT = "Ада sailed south. Then Ada sailed north."


def asked(id, *answers, **more):
    given = [{"text": text, "answer_start": start} for text, start in answers]
    return {"id": id, "question": f" {id}? ", "answers": given, **more}


@pytest.fixture
def written(tmp_path):
    """Writes a file of one article with a paragraph for each list of questions."""

    def write(*paragraphs, title="Ada_of_Sails"):
        body = [{"context": CONTEXT, "qas": qas} for qas in paragraphs]
        path = tmp_path / "squad.json"
        article = {"title": title, "paragraphs": body}
        path.write_text(json.dumps({"version": "1.1", "data": [article]}), encoding="utf-8")
        return path

    return write


def test_a_question_of_1_1_is_answerable(written):
    (case,) = squad.cases(written([asked("a", ("south", 11))]))
    assert (case.id, case.question, case.answerable, case.kind) == ("a", "a?", True, "answerable")
    # Offsets count code points: the Cyrillic name before it has three.
    assert case.gold == ((Span("paragraph-00000", "south", 11),),)
    assert case.accepted == (("south",),)
    assert case.documents is None


def test_an_impossible_question_of_2_0_has_no_gold(written):
    plausible = [{"text": "south", "answer_start": 11}]
    one = asked("a", is_impossible=True, plausible_answers=plausible)
    (case,) = squad.cases(written([one]))
    assert (case.answerable, case.kind, case.gold, case.accepted) == (False, "impossible", (), ())


def test_answers_are_alternatives_of_one_need_each_once(written):
    answers = [("sailed north", 27), ("south", 11), ("sailed north", 27), ("sailed", 4)]
    (case,) = squad.cases(written([asked("a", *answers)]))
    stem = "paragraph-00000"
    assert case.gold == (
        (Span(stem, "sailed", 4), Span(stem, "south", 11), Span(stem, "sailed north", 27)),
    )
    assert case.accepted == (("sailed north", "south", "sailed"),)


def test_of_two_questions_with_one_id_the_first_is_asked(written):
    cases = squad.cases(written([asked("a", ("south", 11))], [asked("a", ("north", 34))]))
    assert [one.accepted for one in cases] == [(("south",),)]


def test_paragraphs_are_documents_under_the_title_of_their_article(written):
    path = written([], [])
    assert list(squad.documents(path)) == [
        ("paragraph-00000", "Ada of Sails", CONTEXT),
        ("paragraph-00001", "Ada of Sails", CONTEXT),
    ]


def test_a_question_can_be_asked_of_its_own_paragraph_alone(written):
    path = written([], [asked("a", ("south", 11)), asked("b", is_impossible=True)])
    assert [one.documents for one in squad.cases(path, own_paragraph=True)] == [
        ("paragraph-00001",),
        ("paragraph-00001",),
    ]


@pytest.mark.parametrize("start", [10, 12, -29, 400])
def test_an_answer_that_does_not_stand_where_it_should_is_named(written, start):
    with pytest.raises(BadQuestionSet, match=rf"paragraph-00000: .*'south' does not .* {start}"):
        squad.cases(written([asked("a", ("south", start))]))


@pytest.mark.parametrize("left_out", ["id", "question", "answers"])
def test_a_question_that_lacks_something_is_named(written, left_out):
    one = asked("a", ("south", 11))
    del one[left_out]
    with pytest.raises(BadQuestionSet, match=f"paragraph-00001: a question lacks '{left_out}'"):
        squad.cases(written([], [one]))


@pytest.mark.parametrize(
    "content", ["{", "[]", "{}", '{"data": [{}]}', '{"data": [{"paragraphs": [{}]}]}', '{"data":7}']
)
def test_what_is_not_in_the_format_is_named(tmp_path, content):
    path = tmp_path / "other.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadQuestionSet, match=r"other.json is not in SQuAD's format"):
        squad.cases(path)


def test_the_public_questions_are_read_whole():
    path = public("squad-v2/questions.json")
    cases = squad.cases(path)
    assert len(cases) == 6307
    assert sum(not one.answerable for one in cases) == 3288
    texts = {stem: text for stem, _, text in squad.documents(path)}
    assert len(texts) == 636
    spans = [span for one in cases for group in one.gold for span in group]
    assert all(texts[one.document].startswith(str(one.quote), one.start) for one in spans)
    assert {bool(one.gold) for one in cases if one.answerable} == {True}
