"""BEIR's layout, as it comes: queries, judgements, documents."""

from __future__ import annotations

import json

import pytest
from evaluating import public

from eval import beir
from eval.errors import BadQuestionSet
from eval.records import Span
from index.identity import document_id

HEADER = "query-id\tcorpus-id\tscore\n"
QUERIES = [{"_id": "q1", "text": "One?"}, {"_id": "q2", "text": "Two?"}]


@pytest.fixture
def folder(tmp_path):
    """Writes a small set; every file can be given otherwise."""

    def write(queries=QUERIES, corpus=(), **splits):
        (tmp_path / "qrels").mkdir()
        for name, lines in [("queries", queries), ("corpus", corpus)]:
            content = "".join(
                f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in lines
            )
            (tmp_path / f"{name}.jsonl").write_text(content, encoding="utf-8")
        for split, content in splits.items():
            (tmp_path / "qrels" / f"{split}.tsv").write_text(content, encoding="utf-8")
        return tmp_path

    return write


def gold(cases):
    return {one.question: one.gold for one in cases}


def test_every_relevant_document_is_a_need_of_its_own(folder):
    at = folder(test=HEADER + "q1\td1\t1\nq2\td2\t1\nq1\td3\t1\n")
    assert gold(beir.cases(at)) == {
        "One?": ((Span("d1"),), (Span("d3"),)),
        "Two?": ((Span("d2"),),),
    }


def test_ids_are_told_apart_by_the_name_of_the_set(folder):
    at = folder(test="q1\td1\t1\n")
    (case,) = beir.cases(at)
    assert (case.id, case.kind, case.answerable) == (f"{at.name}-q1", "beir", True)


def test_a_document_that_repeats_another_counts_as_that_one(folder):
    corpus = [
        {"_id": "d2", "title": "T", "text": "The same  words."},
        {"_id": "d3", "title": "T", "text": "The same words."},
        {"_id": "d4", "title": "Other", "text": "The same words."},
    ]
    at = folder(corpus=corpus, test="q1\td3\t1\nq1\td2\t2\nq2\td4\t1\n")
    assert gold(beir.cases(at)) == {"One?": ((Span("d2", grade=2),),), "Two?": ((Span("d4"),),)}


def test_grades_are_kept_and_what_is_not_relevant_is_no_gold(folder):
    at = folder(test=HEADER + "q1\td1\t2\nq1\td2\t0\nq1\td3\t-1\nq2\td1\t0\n")
    # q2 has nothing that is relevant, so it is not asked.
    assert gold(beir.cases(at)) == {"One?": ((Span("d1", grade=2),),)}


@pytest.mark.parametrize("head", ["", HEADER])
def test_a_line_that_names_the_columns_may_be_there(folder, head):
    assert len(beir.cases(folder(test=head + "q1\td1\t1\n"))) == 1


def test_queries_without_a_judgement_are_not_asked(folder):
    assert list(gold(beir.cases(folder(test="q2\td1\t1\n")))) == ["Two?"]


def test_the_split_is_test_where_there_are_several(folder):
    assert list(gold(beir.cases(folder(dev="q1\td1\t1\n", test="q2\td1\t1\n")))) == ["Two?"]


def test_the_only_split_is_taken_where_none_is_called_test(folder):
    assert list(gold(beir.cases(folder(dev="q1\td1\t1\n")))) == ["One?"]


def test_a_set_without_judgements_says_so(folder):
    with pytest.raises(BadQuestionSet, match=r"has no judgements \(qrels/test.tsv\)"):
        beir.cases(folder())


def test_a_judgement_of_an_unknown_query_is_named(folder):
    with pytest.raises(BadQuestionSet, match="name query 'q9', which is none"):
        beir.cases(folder(test="q9\td1\t1\n"))


@pytest.mark.parametrize("bad", ["q1\td1", "q1\td1\tone", "q1 d1 1", ""])
def test_a_line_that_is_no_judgement_is_named(folder, bad):
    with pytest.raises(BadQuestionSet, match=r"test.tsv, line 3: not a judgement"):
        beir.cases(folder(test=f"{HEADER}q1\td1\t1\n{bad}\nq2\td1\t1\n"))


@pytest.mark.parametrize("bad", ["{", "[]", "7", '{"_id": "q2"}', '{"text": "?"}'])
def test_a_line_that_is_no_query_is_named(folder, bad):
    with pytest.raises(BadQuestionSet, match=r"queries.jsonl, line 2: not an object with _id"):
        beir.cases(folder(queries=[QUERIES[0], bad], test="q1\td1\t1\n"))


def test_documents_come_with_their_titles(folder):
    corpus = [{"_id": "d1", "title": "T", "text": "One."}, {"_id": "d2", "text": "Two."}]
    assert list(beir.documents(folder(corpus=corpus))) == [("d1", "T", "One."), ("d2", "", "Two.")]


@pytest.mark.parametrize("id", ["4983", "doc.v2", "MED-10", "a/b c", "Übung", "x" * 200, "---"])
def test_the_stem_of_a_file_is_the_id_that_the_index_gives_it(id):
    stem = beir.file_stem(id)
    assert "/" not in stem
    assert document_id(f"{stem}.txt", set()) == stem


def test_a_plain_id_stays_as_it_is():
    assert beir.file_stem("31715818") == "31715818"


@pytest.mark.parametrize(
    ("one", "other"), [("a.1", "a-1"), ("A1", "a1"), ("x" * 100 + "1", "x" * 100 + "2")]
)
def test_ids_that_differ_have_files_that_differ(one, other):
    assert beir.file_stem(one) != beir.file_stem(other)


def test_a_folder_needs_corpus_and_queries_to_be_a_set(folder):
    at = folder()
    assert beir.is_one(at)
    (at / "corpus.jsonl").unlink()
    assert not beir.is_one(at)


def test_scifact_is_read_whole():
    at = public("beir-scifact")
    cases = beir.cases(at)
    assert len(cases) == 300
    assert sum(len(one.gold) for one in cases) == 339
    stems = {stem for stem, _, _ in beir.documents(at)}
    assert len(stems) == 5183
    assert {group[0].document for one in cases for group in one.gold} <= stems
