"""Public sets written out, and found again in an index of what was written."""

from __future__ import annotations

import json
import tomllib

import pytest

from eval import cases, gold
from eval.clients import InProcess
from eval.convert import convert
from eval.errors import BadQuestionSet
from index import generation
from index.build import build
from qa.pipeline import Answerer
from qa.settings import ServiceSettings

TEXT = "Red boats sail.\r\n\r\nThe café is “blue”, says 𝒳, and boats rest there."


@pytest.fixture
def scifact(tmp_path):
    """A small BEIR folder. Returns a function that takes the titles of its documents."""

    def write(titles=("A title", "Another"), ids=("d1", "D.2")):
        at = tmp_path / "mini"
        (at / "qrels").mkdir(parents=True)
        documents = [
            {"_id": id, "title": title, "text": f"Boats of {id} sail."}
            for id, title in zip(ids, titles, strict=True)
        ]
        lines = "".join(json.dumps(one) + "\n" for one in documents)
        (at / "corpus.jsonl").write_text(lines, encoding="utf-8")
        (at / "queries.jsonl").write_text('{"_id": "1", "text": "boats?"}\n', encoding="utf-8")
        judged = "".join(f"1\t{id}\t1\n" for id in ids)
        (at / "qrels" / "test.tsv").write_text(judged, encoding="utf-8")
        return at

    return write


@pytest.fixture
def squad(tmp_path):
    start = TEXT.index("“blue”")
    qas = [
        {
            "id": "a",
            "question": "what colour?",
            "answers": [{"text": "“blue”", "answer_start": start}],
        },
        {"id": "b", "question": "what else?", "answers": [], "is_impossible": True},
    ]
    article = {"title": "The_Café", "paragraphs": [{"context": TEXT, "qas": qas}]}
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"data": [article]}), encoding="utf-8")
    return path


@pytest.fixture
def indexed(settings, encoder):
    """Indexes the documents that were written; returns an asker over them."""

    def run(target):
        report = build([target / "documents"], settings, lambda _: encoder)
        assert report.skipped == ()
        opened = generation.open_current(settings.data)
        return InProcess(Answerer(opened, encoder, ServiceSettings(threshold=0)))

    return run


def titles(target):
    catalog = tomllib.loads((target / "documents" / "catalog.toml").read_text(encoding="utf-8"))
    return {name: one["title"] for name, one in catalog.get("documents", {}).items()}


def test_the_gold_of_beir_is_found_in_the_index_of_what_was_written(scifact, indexed, tmp_path):
    target = tmp_path / "out"
    assert convert(scifact(), target) == (2, 1)
    (case,) = cases.load(target / "questions.jsonl")
    first, second = gold.find(case, indexed(target))
    assert (first[0].whole, second[0].whole) == (True, True)
    assert len({first[0].place.document, second[0].place.document}) == 2


def test_the_offsets_of_squad_hold_in_the_index_of_what_was_written(squad, indexed, tmp_path):
    target = tmp_path / "out"
    assert convert(squad, target) == (1, 2)
    answerable, impossible = cases.load(target / "questions.jsonl")
    asker = indexed(target)
    ((found,),) = gold.find(answerable, asker)
    assert asker.text("paragraph-00000") == ("paragraph-00000", TEXT)
    assert TEXT[found.place.start : found.place.end] == "“blue”" == found.place.text
    assert gold.find(impossible, asker) == ()


def test_the_questions_are_those_of_the_source(squad, tmp_path):
    convert(squad, tmp_path / "out")
    assert cases.load(tmp_path / "out" / "questions.jsonl") == cases.load(squad)


def test_questions_can_be_of_their_own_paragraph_alone(squad, tmp_path):
    convert(squad, tmp_path / "out", own_paragraph=True)
    written = cases.load(tmp_path / "out" / "questions.jsonl")
    assert {one.documents for one in written} == {("paragraph-00000",)}


def test_titles_are_those_of_the_source(squad, scifact, indexed, tmp_path):
    convert(squad, tmp_path / "out")
    assert titles(tmp_path / "out") == {"paragraph-00000.txt": "The Café"}
    reply = indexed(tmp_path / "out").ask(cases.load(squad)[0], 10)
    assert reply.passages[0].title == "The Café"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ('The "quoted" \\ title', 'The "quoted" \\ title'),
        ("Two\nlines\tand a tab", "Two lines and a tab"),
        (
            "bell\x07, escape\x1b, delete\x7f, next line\x85.",
            "bell , escape , delete , next line .",
        ),
        ("separator\u2028here, and 𝒳 😀", "separator here, and 𝒳 😀"),
        ("]\n[documents.x]", "] [documents.x]"),
    ],
)
def test_a_title_of_any_characters_is_written_as_toml(scifact, tmp_path, title, shown):
    convert(scifact(titles=(title, "Other")), tmp_path / "out")
    assert titles(tmp_path / "out")["d1.txt"] == shown


def test_a_document_without_a_title_gets_none(scifact, tmp_path):
    convert(scifact(titles=("", " \n ")), tmp_path / "out")
    assert titles(tmp_path / "out") == {}


def test_documents_whose_names_are_alike_do_not_overwrite_each_other(scifact, tmp_path):
    convert(scifact(ids=("A.1", "a-1")), tmp_path / "out")
    files = list((tmp_path / "out" / "documents").glob("*.txt"))
    assert {one.read_text(encoding="utf-8") for one in files} == {
        "Boats of A.1 sail.",
        "Boats of a-1 sail.",
    }


def test_a_document_that_comes_twice_is_named(scifact, tmp_path):
    with pytest.raises(BadQuestionSet, match=r"document 'd1' comes twice"):
        convert(scifact(ids=("d1", "d1")), tmp_path / "out")


def test_a_folder_with_files_in_it_is_left_alone(squad, tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    (target / "mine.txt").write_text("mine")
    with pytest.raises(BadQuestionSet, match="is not empty; name a new folder"):
        convert(squad, target)
    assert [one.name for one in target.iterdir()] == ["mine.txt"]


def test_an_empty_folder_will_do(squad, tmp_path):
    (tmp_path / "out").mkdir()
    assert convert(squad, tmp_path / "out") == (1, 2)


def test_a_source_in_no_known_format_is_named(tmp_path):
    (tmp_path / "own.csv").write_text("a,b\n")
    for source in (tmp_path / "own.csv", tmp_path):
        with pytest.raises(BadQuestionSet, match="is neither a BEIR folder"):
            convert(source, tmp_path / "out")
    with pytest.raises(BadQuestionSet, match=r"cannot read .*nowhere.json"):
        convert(tmp_path / "nowhere.json", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_line_that_is_not_utf_8_is_named(scifact, tmp_path):
    at = scifact()
    (at / "corpus.jsonl").write_bytes(b'{"_id": "d1", "text": "caf\xe9"}\n')
    with pytest.raises(BadQuestionSet, match=r"corpus.jsonl, line 1: not an object"):
        convert(at, tmp_path / "out")


LINE = {
    "id": "7",
    "title": "Webbed toes",
    "question": "what are webbed toes called",
    "paragraph": "Webbed toes are called syndactyly , too . Ducks have them .",
    "sentences": [[0, 41], [42, 59]],
    "kind": "single_sentence",
    "answer_sentence": [0, 41],
    "answers": ["syndactyly"],
}


@pytest.fixture
def qed_set(tmp_path):
    """Writes a file in QED's format."""

    def write(*changes):
        path = tmp_path / "qed.jsonl"
        lines = [json.dumps({**LINE, **one}) for one in changes]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def test_a_paragraph_of_qed_is_written_as_people_write(qed_set, indexed, tmp_path):
    none: dict[str, object] = {"id": "8", "kind": "none", "answer_sentence": None, "answers": []}
    convert(qed_set({}, none), tmp_path / "out")
    written = (tmp_path / "out" / "documents" / "paragraph-00000.txt").read_text(encoding="utf-8")
    assert written == "Webbed toes are called syndactyly, too.\nDucks have them."
    first, second = cases.load(tmp_path / "out" / "questions.jsonl")
    assert first.accepted == (("syndactyly",),)
    assert not second.answerable
    (places,) = gold.find(first, indexed(tmp_path / "out"))
    assert places[0].place.text == "Webbed toes are called syndactyly, too."


def test_a_line_that_is_not_qed_is_named(qed_set, tmp_path):
    for change, said in (({"kind": "x"}, "kind"), ({"sentences": [[1]]}, "sentences")):
        with pytest.raises(BadQuestionSet, match=rf"line 2 is not in QED's format \({said}"):
            convert(qed_set({}, change), tmp_path / "out")
