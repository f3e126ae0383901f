"""What the reader is taught with: the pairs are sound, and groups are labelled right."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from eval import cases
from eval.qed import Asked
from eval.records import Case, Span, half_of, is_held_out
from training import groups, noise, qed, store, tables
from training.excerpts import Excerpt
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


def test_no_question_is_both_trained_on_and_evaluated_nor_nearly():
    trained = [
        default_process(one.question)
        for path in PAIRS
        for one in groups.read_pairs(path)
        if not one.history  # what it asks, its words alone do not say
    ]
    for path in (ROOT / "eval/questions").glob("*.jsonl"):
        for case in cases.load(path):
            if case.history:
                continue
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


def shown(one: Excerpt) -> str:
    return f"{': '.join(filter(None, (one.title, one.heading)))}. {one.quote}"


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
    assert group.collection == "seeds"  # neither a resolution nor invented
    right = [shown(one.excerpt) for one in group.examples if one.answers]
    wrong = [shown(one.excerpt) for one in group.examples if not one.answers]
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
    painted = [one for one in group.examples if "Anna Berg" in one.excerpt.quote]
    assert any(one.answers for one in painted)


def test_a_quote_of_another_document_is_shown_where_it_surely_does_not_answer(answerer):
    def read(question, unique=()):
        (group,) = groups.of_pairs(
            [Pair(question, "hall", None, ("x",), "detail")], answerer, unique
        )
        return " ".join(one.excerpt.quote for one in group.examples)

    assert "king" not in read("which king opened the hall")
    assert "king" in read("which king opened the hall", unique={"hall"})
    assert "king" in read("which king opened the hall by resolution 7777")


def test_a_pair_without_an_answer_has_only_wrong_quotes_the_near_one_first(answerer):
    near = "The tower was opened in 1950 by the guild."
    (group,) = groups.of_pairs(
        [Pair("who paid for the hall", "hall", None, (near,), "detail")], answerer
    )
    assert group.examples[0].excerpt.quote == near
    assert group.examples[0].excerpt.before == "It was painted by Anna Berg."
    assert not any(one.answers for one in group.examples)


def test_an_answer_that_nothing_in_the_pool_holds_is_shown_all_the_same(answerer):
    pair = Pair("which hall", "hall", "The golden hall", ("Owls were counted in Norway.",), "fact")
    (group,) = groups.of_pairs([pair], answerer)
    words = Excerpt("The golden hall", "", "", "The golden hall")
    assert group.examples[0] == Example(words, True)


def test_pairs_over_documents_that_are_not_there_are_passed_over(answerer):
    assert [*groups.of_pairs([Pair("x", "nowhere", None, ("y",), "detail")], answerer)] == []


def test_of_a_set_the_words_of_the_answer_elsewhere_count_neither_way(answerer):
    gold = ((Span("hall", "1931"),),)
    case = Case("1", "when was the hall opened in", True, "", gold, (("1931",),))
    (group,) = groups.of_cases([case], answerer)
    assert any(one.answers for one in group.examples)
    assert group.collection == "squad"
    kings = [one for one in group.examples if "king" in one.excerpt.quote]
    assert all(one.answers is None for one in kings)


def test_of_a_question_without_an_answer_nothing_answers(answerer):
    (group,) = groups.of_cases([Case("1", "who closed the hall", False)], answerer)
    assert group.examples
    assert not any(one.answers for one in group.examples)


LINE = {
    "id": "1",
    "title": "Halls",
    "question": "when was the hall opened",
    "paragraph": "The hall , in Vienna , was opened in 1931 . It is red . A king came in 1931 .",
    "sentences": [[0, 43], [44, 55], [56, 79]],
    "kind": "single_sentence",
    "answer_sentence": [0, 43],
    "answers": ["1931"],
}


def asked(**changed):
    return Asked(**{**LINE, **changed})


def test_of_qed_the_sentence_that_answers_is_right_and_what_has_its_words_unknown():
    (own, near) = qed.groups([asked()])
    assert [(one.excerpt.quote, one.answers) for one in own.examples] == [
        ("The hall, in Vienna, was opened in 1931.", True),
        ("It is red.", False),
        ("A king came in 1931.", None),
    ]
    assert own.examples[1].excerpt.before == "The hall, in Vienna, was opened in 1931."
    assert near.examples == ()


def test_of_qed_other_paragraphs_answer_nothing_unless_they_have_the_answer():
    tower = {"title": "Towers", "question": "how high is the tower of the hall", "answers": ["9 m"]}
    text = "The tower of the hall is 9 m high ."
    span = {"paragraph": text, "sentences": [[0, len(text)]], "answer_sentence": [0, len(text)]}
    found = [*qed.groups([asked(), asked(id="2", **tower, **span)])]
    near = found[1]
    assert near.question == LINE["question"]
    assert [(one.excerpt.title, one.answers) for one in near.examples] == [("Towers", False)]
    held = {**tower, "answers": ["1931"]}  # what the hall's paragraph has as well
    found = [*qed.groups([asked(), asked(id="2", **held, **span)])]
    assert found[3].examples == ()


def test_tables_ask_for_a_cell_and_for_what_is_not_there():
    made = tables.groups()
    assert made == tables.groups()
    assert {one.collection for one in made} == {"invented"}
    answered = [one for one in made if any(each.answers for each in one.examples)]
    assert 0.4 < len(answered) / len(made) < 0.8
    for one in made:
        right = [each for each in one.examples if each.answers]
        assert len(right) <= 1
        assert len({each.excerpt.quote for each in one.examples}) == len(one.examples)


def test_groups_are_kept_as_they_were_made(tmp_path):
    group = Group("seeds", "why", (Example(Excerpt("a", "", "b", "ü"), None, -1.5),))
    path = tmp_path / "deep" / "groups.jsonl"
    assert store.kept(path, lambda: [group]) == [group]
    assert store.kept(path, lambda: pytest.fail("it was made again")) == [group]


GROUP = Group(
    "seeds",
    "Which department answers letters?",
    (
        Example(
            Excerpt(
                "Halls",
                "Of letters",
                "A king came.",
                "The department answers letters of ministers within thirty days of receiving them.",
            ),
            True,
        ),
    ),
)


def test_noise_leaves_what_it_means_and_changes_how_it_looks():
    order = random.Random(1)
    made = [noise.noisy(GROUP, order) for _ in range(300)]
    assert all(one.examples[0].answers for one in made)
    first = [one.examples[0].excerpt for one in made]
    assert {"", "Halls"} < {one.title for one in first}
    assert {one.heading for one in first} == {"", "Of letters"}
    assert {one.before for one in first} == {"", "A king came."}
    assert any(one.question != GROUP.question for one in made)
    quotes = [one.quote for one in first]
    assert any("- " in one for one in quotes)
    assert sum(one == GROUP.examples[0].excerpt.quote for one in quotes) > 200
