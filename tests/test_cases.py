"""Question sets as JSON lines: read, written, and parted into halves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from evaluating import public
from hypothesis import given
from hypothesis import strategies as st

from eval.cases import digest, load, of_half, read, to_line
from eval.errors import BadQuestionSet
from eval.records import Case, Span, half_of
from qa.records import Turn

ROOT = Path(__file__).parent.parent
FULL = Case(
    id="full",
    question="and “that”?",
    answerable=True,
    kind="fact",
    gold=((Span("a", "one\nline", 3), Span("b", "two")), (Span("c", grade=2),)),
    accepted=(("one", "1"), ("two",)),
    history=(Turn("before?", "this"),),
    documents=("a", "b"),
    note="by hand",
)


@pytest.fixture
def written(tmp_path):
    """Writes lines as a question set."""

    def write(*lines):
        path = tmp_path / "set.jsonl"
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path

    return write


def line(**fields):
    return json.dumps({"id": "a", "question": "?", "answerable": False, **fields})


def test_a_line_needs_no_more_than_id_question_and_answerable(written):
    assert read(written(line())) == [Case("a", "?", False)]


def test_what_is_written_is_read_again(written):
    assert read(written(to_line(FULL))) == [FULL]


texts = st.text(st.characters(exclude_categories=["Cs"]))
spans = st.builds(Span, texts, st.none() | texts, st.none() | st.integers(0), st.integers(1, 3))
groups = st.lists(st.lists(spans, max_size=2).map(tuple), max_size=2).map(tuple)
answers = st.lists(st.lists(texts, max_size=2).map(tuple), max_size=2).map(tuple)


@given(
    st.builds(
        Case,
        texts,
        texts,
        st.booleans(),
        kind=texts,
        gold=groups,
        accepted=answers,
        history=st.lists(st.builds(Turn, texts, texts), max_size=2).map(tuple),
        documents=st.none() | st.lists(texts, min_size=1, max_size=2).map(tuple),
        note=texts,
    )
)
def test_every_question_survives_being_a_line(tmp_path_factory, case):
    path = tmp_path_factory.getbasetemp() / "round.jsonl"
    path.write_text(to_line(case) + "\n", encoding="utf-8")
    assert read(path) == [case]


def test_a_line_leaves_out_what_says_nothing():
    case = Case("a", "é?", False, gold=((Span("d", "q"),),))
    assert to_line(case) == (
        '{"id": "a", "question": "é?", "answerable": false, '
        '"gold": [[{"document": "d", "quote": "q"}]]}'
    )


def test_empty_lines_and_other_line_ends_are_passed_over(tmp_path):
    path = tmp_path / "set.jsonl"
    path.write_bytes(f"\r\n{line(id='a')}\r\n\n  \n{line(id='b')}".encode())
    assert [one.id for one in read(path)] == ["a", "b"]


def test_a_line_separator_within_a_question_is_no_line_end(written):
    text = "one\u2028two\u0085three"
    raw = json.dumps({"id": "a", "question": text, "answerable": False}, ensure_ascii=False)
    assert read(written(raw))[0].question == text


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("{", "Invalid JSON"),
        ("[]", "object"),
        ('{"id": "b", "question": "?"}', "answerable: "),
        (line(id=7), "id: "),
        (line(id="b", kindd="fact"), "kindd: "),
        (line(id="b", gold=[[{"document": "d", "qoute": "q"}]]), "gold.0.0.qoute: "),
        (line(id="b", gold=[{"document": "d"}]), "gold.0: "),
        (line(id="b", accepted=["one"]), "accepted.0: "),
        (line(id="b", history=[{"question": "?"}]), "history.0.answer: "),
        (line(id="a"), "the id 'a' is there already"),
    ],
)
def test_what_is_no_question_is_named_by_line_and_field(written, bad, said):
    with pytest.raises(BadQuestionSet) as raised:
        read(written(line(id="a"), "", bad))
    assert "set.jsonl, line 3: " in str(raised.value)
    assert said in str(raised.value)


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_a_set_without_questions_is_none(tmp_path, content):
    path = tmp_path / "set.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadQuestionSet, match="holds no questions"):
        read(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(BadQuestionSet, match=r"cannot read .*nowhere\.jsonl: No such file"):
        load(tmp_path / "nowhere.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b"\xe9\n")
    with pytest.raises(BadQuestionSet, match=r"latin\.jsonl is not UTF-8"):
        load(tmp_path / "latin.jsonl")


def test_load_tells_the_three_formats_apart(written, tmp_path):
    assert [one.kind for one in load(written(line(kind="own")))] == ["own"]
    answer = {"text": "One", "answer_start": 0}
    asked = {"id": "s", "question": "?", "answers": [answer]}
    article = {"title": "T", "paragraphs": [{"context": "One.", "qas": [asked]}]}
    (tmp_path / "squad.json").write_text(json.dumps({"data": [article]}), encoding="utf-8")
    assert [one.kind for one in load(tmp_path / "squad.json")] == ["answerable"]
    (tmp_path / "qrels").mkdir()
    for name, content in [
        ("corpus.jsonl", '{"_id": "1", "text": "t"}\n'),
        ("queries.jsonl", '{"_id": "1", "text": "?"}\n'),
        ("qrels/test.tsv", "1\t1\t1\n"),
    ]:
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert [one.kind for one in load(tmp_path)] == ["beir"]


def test_the_half_of_an_id_never_changes():
    # Chosen once, by the last bit of SHA-256("attest half " + id): these must stay as they are.
    assert {id: half_of(id) for id in ("q1", "seeds-fact-002", "q6", "a")} == {
        "q1": "test",
        "seeds-fact-002": "test",
        "q6": "tune",
        "a": "tune",
    }


def test_the_halves_are_about_as_large():
    # 1000 tosses of a coin: standard deviation 16, so 400 to 600 is six of them.
    assert 400 < sum(half_of(f"q{n}") == "test" for n in range(1000)) < 600


def test_of_half_parts_a_set():
    asked = [Case(f"q{n}", "?", False) for n in range(20)]
    tune, test = of_half(asked, "tune"), of_half(asked, "test")
    assert {one.half for one in tune} == {"tune"}
    assert {one.half for one in test} == {"test"}
    assert sorted([*tune, *test], key=asked.index) == asked == of_half(asked, None)


def test_the_digest_is_of_every_field_and_the_order():
    other = Case("b", "?", False)
    assert digest([FULL, other]) == digest([FULL, Case("b", "?", False)])
    changed = {
        digest([FULL, other]),
        digest([other, FULL]),
        digest([FULL]),
        digest([FULL, Case("b", "?", True)]),
        digest([FULL, Case("b", "?", False, documents=("d",))]),
        digest([FULL, Case("b", "?", False, note="n")]),
    }
    assert len(changed) == 6


def test_every_set_that_comes_with_the_project_can_be_read():
    sets = sorted(ROOT.glob("eval/questions/*.jsonl"))
    assert sets
    for path in sets:
        assert all(one.kind for one in load(path)), path.name


def test_the_public_sets_are_read_by_load():
    assert len(load(public("beir-scifact"))) == 300
