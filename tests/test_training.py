"""Training of the reader: the pairs are sound, groups are labelled right, and it learns."""

from __future__ import annotations

from pathlib import Path

import pytest
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from eval import cases
from eval.records import Case, Span, half_of, is_held_out
from qa.ranking.cross_encoder import ORIGIN, TrainedReader
from training import export, groups, learn, origin
from training.__main__ import STEPS
from training.records import Example, Group, Pair

ROOT = Path(__file__).parent.parent
PAIRS = sorted((ROOT / "training/pairs").glob("*/*.jsonl"))
ALIKE = 85
"""Likeness (of 100) of two questions' words, in any order, from which they ask much the same."""
HERE = {
    one.stem: " ".join(one.read_text(encoding="utf-8").split())
    for folder in ("training/documents", "seeds")
    for one in (ROOT / folder).glob("*.txt")
}


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_pair_quotes_its_document(path):
    pairs = groups.read_pairs(path)
    assert pairs
    for pair in pairs:
        assert pair.question.strip()
        assert pair.answer is not None or pair.near
        text = HERE.get(pair.document)
        if text is None:  # a resolution, which does not come with the project
            assert pair.document.startswith("s-res-")
            continue
        for words in [*pair.near, *filter(None, [pair.answer])]:
            assert " ".join(words.split()) in text, pair


def test_every_step_has_its_pairs():
    folders = [folder for step in STEPS for folder in step.folders]
    assert {one.parent.name for one in PAIRS} == set(folders)
    assert len(folders) == len(set(folders))


def test_no_question_is_both_trained_on_and_evaluated_nor_nearly():
    trained = [
        default_process(one.question)
        for path in PAIRS
        for one in groups.read_pairs(path)
        if not one.history  # what it asks, its words alone do not say
    ]
    for path in (ROOT / "eval/questions").glob("*.jsonl"):
        for case in cases.load(path):
            near = process.extractOne(
                default_process(case.question), trained, scorer=fuzz.token_sort_ratio
            )
            assert near is not None
            assert near[1] < ALIKE, (case.id, near)


def test_a_quarter_of_the_questions_is_held_out_whatever_their_half():
    ids = [f"question-{n}" for n in range(4000)]
    for half in ("tune", "test"):
        mine = [one for one in ids if half_of(one) == half]
        assert 0.2 < sum(map(is_held_out, mine)) / len(mine) < 0.3


TEXT = (
    "The golden hall\n\nThe hall was opened in 1931. It was painted by Anna Berg. "
    "The tower was opened in 1950 by the guild. Owls were counted in Norway."
)


@pytest.fixture
def answerer(answerer_of):
    king = "The hall was opened in 1931 by a king."
    act = "Resolution 2462 (2019)\n\nThe Council decides to meet."
    return answerer_of({"act.txt": act, "hall.txt": TEXT, "other.txt": king})


def test_a_pair_becomes_its_answer_and_what_comes_near_of_its_own_document(answerer):
    pair = Pair(
        "when was the hall opened",
        "hall",
        "The hall was\nopened in 1931.",
        ("The tower was opened in 1950 by the guild.",),
        "when",
    )
    (group,) = groups.of_pairs([pair], answerer)
    right = [one.text for one in group.examples if one.answers]
    wrong = [one.text for one in group.examples if not one.answers]
    assert "The golden hall. The hall was opened in 1931." in right
    assert wrong[0] == "The golden hall. The tower was opened in 1950 by the guild."
    assert not any("king" in one for one in right + wrong)
    assert len(group.examples) <= groups.SIZE


def test_a_follow_up_is_asked_with_what_came_before(answerer):
    pair = Pair(
        "and who painted it?",
        "hall",
        "It was painted by Anna Berg.",
        (),
        "who",
        history=("when was the golden hall opened",),
    )
    (group,) = groups.of_pairs([pair], answerer)
    assert group.question == "when was the golden hall opened and who painted it?"
    assert any(one.answers and "Anna Berg" in one.text for one in group.examples)


def test_a_quote_of_another_document_is_shown_where_it_surely_does_not_answer(answerer):
    def read(question, unique=()):
        (group,) = groups.of_pairs(
            [Pair(question, "hall", None, ("x",), "detail")], answerer, unique
        )
        return " ".join(one.text for one in group.examples)

    assert "king" not in read("which king opened the hall")
    assert "king" in read("which king opened the hall", unique={"hall"})
    assert "king" in read("which king opened the hall by resolution 7777")


def test_a_pair_without_an_answer_has_only_wrong_quotes_the_near_one_first(answerer):
    near = "The tower was opened in 1950 by the guild."
    (group,) = groups.of_pairs(
        [Pair("who paid for the hall", "hall", None, (near,), "detail")], answerer
    )
    assert group.examples[0].text.endswith(near)
    assert not any(one.answers for one in group.examples)


def test_an_answer_that_nothing_in_the_pool_holds_is_shown_all_the_same(answerer):
    pair = Pair("which hall", "hall", "The golden hall", ("Owls were counted in Norway.",), "fact")
    (group,) = groups.of_pairs([pair], answerer)
    assert group.examples[0] == Example("The golden hall. The golden hall", True)


def test_pairs_over_documents_that_are_not_there_are_passed_over(answerer):
    assert [*groups.of_pairs([Pair("x", "nowhere", None, ("y",), "detail")], answerer)] == []


def test_of_a_set_the_words_of_the_answer_elsewhere_count_neither_way(answerer):
    gold = ((Span("hall", "1931"),),)
    case = Case("1", "when was the hall opened in", True, "", gold, (("1931",),))
    (group,) = groups.of_cases([case], answerer)
    assert any(one.answers for one in group.examples)
    assert not any("king" in one.text for one in group.examples)


def test_of_a_question_without_an_answer_nothing_answers(answerer):
    (group,) = groups.of_cases([Case("1", "who closed the hall", False)], answerer)
    assert group.examples
    assert not any(one.answers for one in group.examples)


@pytest.mark.model
def test_the_origin_gives_the_logits_of_the_graph_that_it_was_read_from():
    graph = TrainedReader(ORIGIN.path("model.onnx"))
    texts = ["The hall was opened in 1931.", "Owls were counted in Norway."]
    model, question = origin.load(12).eval(), "when was the hall opened"
    tokenizer = learn.pair_tokenizer()
    found = learn.logits(model, tokenizer, [(question, one) for one in texts]).tolist()
    assert found == pytest.approx(graph.read(question, texts), abs=0.5)


@pytest.mark.model
def test_a_small_reader_learns_and_is_written_as_it_was_learnt(tmp_path):
    model = origin.load(1)
    right, wrong = Example("It was opened in 1931.", True), Example("It was painted red.", False)
    given = [Group("when was it opened", (right, wrong)), Group("who paid for it", (wrong,))]
    losses = []
    learn.teach(model, given * 160, lambda *told: losses.append(told[2]), 2e-4)
    assert losses[-1] < losses[0] / 2
    export.export(model, tmp_path / "reader.onnx")
    written = TrainedReader(tmp_path / "reader.onnx")
    answers, other = written.read("when was it opened", [right.text, wrong.text])
    assert answers > 0 > other
    assert written.read("who paid for it", [wrong.text])[0] < 0
    tokenizer = learn.pair_tokenizer()
    exact = learn.logits(model, tokenizer, [("when was it opened", right.text)]).tolist()
    assert [answers] == pytest.approx(exact, abs=1)  # in few bits
    again = origin.reload(tmp_path / "reader.onnx").eval()
    reread = learn.logits(again, tokenizer, [("when was it opened", right.text)]).tolist()
    assert reread == pytest.approx(exact, abs=1)
