"""Everything that bears on a question: what is found, how it is told, and as which files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import WordEncoder
from docx import Document
from fastapi.testclient import TestClient
from service import assert_problem, serving, until
from typer.testing import CliRunner

from eval import evidence as measured
from eval.records import Case, Span
from index import generation
from index.build import build
from index.config import IndexSettings
from index.main import create
from qa.answer.evidence import Relevance, collect, fitted
from qa.pipeline import Answerer
from qa.question.interpret import topic_of
from qa.records import Question
from qa.service import evidence_files
from qa.settings import ServiceSettings

BORDERS = "States shall guard their borders against the movement of terrorists."
AGAIN = "Every State shall also guard borders at sea."
FORMULA = "=cmd() is what a border guard typed in the <b>log</b> of the borders."
FILES = {
    "act.md": f"# The Act\n\n{BORDERS}\n\n{AGAIN}\n\nCourts shall be open to all persons always.",
    "log.txt": f"The Log\n\n{FORMULA}\n\nThe weather was fine over the hills that day.",
    "copy.txt": f"A Copy\n\n{BORDERS}\n\nOwls were counted in the woods of Norway.",
}
ASKED = "every mention of borders"


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    place = tmp_path_factory.mktemp("evidence")
    for name, text in FILES.items():
        (place / name).write_text(text, encoding="utf-8")
    settings, encoder = IndexSettings(data=place / "var"), WordEncoder()
    build([place / name for name in FILES], settings, lambda _: encoder)
    return Answerer(generation.open_current(settings.data), encoder, ServiceSettings())


@pytest.fixture(scope="module")
def client(answerer: Answerer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("served"), lambda: answerer) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        yield client


def texts(found: Any) -> list[str]:
    return [one.citation.text for one in found.items]


def test_every_sentence_that_bears_on_it_is_there_and_no_other(answerer):
    found = answerer.evidence(Question(ASKED))
    assert set(texts(found)) == {BORDERS, AGAIN, FORMULA}
    assert 0.5 < found.estimated_recall <= 1
    assert all(0 < one.relevance < 1 for one in found.items)


def test_what_is_said_again_word_for_word_is_folded(answerer):
    (first,) = (
        one for one in answerer.evidence(Question(ASKED)).items if one.citation.text == BORDERS
    )
    (other,) = first.repeats
    places = {one.passage.document.id for one in (first.citation, other)}
    assert places == {"act", "copy"}
    assert other.text == BORDERS


def test_items_stand_document_by_document_in_the_order_of_the_text(answerer):
    items = answerer.evidence(Question(ASKED)).items
    ids = [one.citation.passage.document.id for one in items]
    assert len([*dict.fromkeys(ids)]) == len({*ids})
    for one, two in pairwise(items):
        if one.citation.passage.document.id == two.citation.passage.document.id:
            assert one.citation.start < two.citation.start


def test_the_quotes_are_verbatim(answerer):
    for item in answerer.evidence(Question(ASKED)).items:
        for one in (item.citation, *item.repeats):
            whole = answerer.generation.database.text(one.passage.document.id)
            assert whole[one.start : one.end] == one.text


def test_only_the_documents_that_are_chosen_are_looked_through(answerer):
    found = answerer.evidence(Question(ASKED, documents=("log",)))
    assert texts(found) == [FORMULA]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("every mention of human rights", "human rights"),
        ("all passages about artificial intelligence", "artificial intelligence"),
        ("everything on Tech Against Terrorism", "Tech Against Terrorism"),
        ("give me every sentence on digital evidence", "digital evidence"),
        ("what do we have on critical infrastructure?", "critical infrastructure?"),
        ("list all references to border control", "border control"),
        ("everything", "everything"),
        ("border control", "border control"),
    ],
)
def test_words_that_ask_for_all_are_not_what_it_is_about(text, topic):
    assert topic_of(text) == topic


def test_a_higher_threshold_finds_less_and_says_so(answerer):
    reading, sentences = answerer.bearing(Question(ASKED))
    model = fitted()
    few = collect(
        reading,
        sentences,
        answerer.generation,
        relevance=Relevance(model.bias, model.weight, 0.999),
    )
    many = collect(reading, sentences, answerer.generation)
    assert len(few.items) < len(many.items)
    assert few.estimated_recall < many.estimated_recall


def test_a_word_with_a_hyphen_is_the_word_without(answerer_of):
    files = {
        "a.txt": "Counternarratives are spread by imams. Owls were counted in Norway.",
        "b.txt": "A counter-narrative needs a messenger. The weather was fine all day.",
    }
    _, found = answerer_of(files).bearing(Question("counter-narratives"))
    held = {one.text.split()[0]: one.bearing.words for one in found}
    assert held["Counternarratives"] > 0
    assert held["A"] > 0
    assert held["Owls"] == held["The"] == 0


def test_a_greeting_is_about_nothing(answerer):
    assert answerer.evidence(Question("hello")).items == ()


# Over HTTP


def test_the_reply_is_in_groups_of_citations(client):
    reply = client.post("/v1/evidence", json={"question": ASKED}).json()
    assert reply["question"] == ASKED
    assert reply["total"] == 3
    assert reply["next_offset"] is None
    titles = {one["document_id"]: one["document_title"] for one in reply["groups"]}
    assert titles["log"] == "The Log"
    items = [one for group in reply["groups"] for one in group["items"]]
    assert [one["number"] for one in items] == [1, 2, 3]
    (folded,) = (one for one in items if one["repeats"])
    assert folded["cited_text"] == folded["repeats"][0]["cited_text"] == BORDERS
    verdicts = client.post("/v1/verify", json={"citations": items}).json()["results"]
    assert {one["status"] for one in verdicts} == {"verified"}


def test_it_can_be_read_a_page_at_a_time(client):
    seen, offset = [], 0
    while offset is not None:
        body = {"question": ASKED, "offset": offset, "limit": 2}
        reply = client.post("/v1/evidence", json=body).json()
        seen += [one["number"] for group in reply["groups"] for one in group["items"]]
        offset = reply["next_offset"]
    assert seen == [1, 2, 3]


@pytest.mark.parametrize(
    "body",
    [
        *({}, {"question": "?"}, {"question": "x", "limit": 0}, {"question": "x", "offset": -1}),
        {"question": "x", "documents": []},
    ],
)
def test_what_is_no_request_is_refused(client, body):
    assert_problem(client.post("/v1/evidence", json=body), 422, "invalid_request")


def test_a_document_that_is_not_there_is_told(client):
    body = {"question": ASKED, "documents": ["nowhere"]}
    assert_problem(client.post("/v1/evidence", json=body), 404, "unknown_document")


def test_nothing_bears_on_what_no_document_speaks_of(client):
    reply = client.post("/v1/evidence", json={"question": "xylophone"}).json()
    assert (reply["total"], reply["groups"], reply["next_offset"]) == (0, [], None)


# As files


def file(client: TestClient, format: str) -> bytes:
    response = client.post(f"/v1/evidence/export?format={format}", json={"question": ASKED})
    assert response.status_code == 200
    assert f'filename="evidence.{format}"' in response.headers["content-disposition"]
    return response.content


def test_a_spreadsheet_has_a_row_for_each_and_takes_no_formula_from_a_document(client):
    content = file(client, "csv").decode("utf-8-sig")
    rows = [*csv.DictReader(io.StringIO(content))]
    assert {one["text"] for one in rows} == {BORDERS, AGAIN, f"'{FORMULA}"}
    assert all(one["url"].startswith("http://testserver/documents/") for one in rows)
    assert sum(bool(one["repeats"]) for one in rows) == 1


def test_markdown_takes_no_marks_from_a_document(client):
    content = file(client, "md").decode()
    assert content.startswith("# every mention of borders\n")
    assert "\\<b\\>log\\</b\\>" in content
    assert "<http://testserver/documents/log?" in content
    assert "Also: " in content


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("12. The Council", "12\\. The Council"),
        ("3) item", "3\\) item"),
        ("- item", "\\- item"),
        ("=== not", "\\=== not"),
        ("a\0b \x1b[31m", "ab \\[31m"),
        ("well-known 12.5", "well-known 12.5"),
    ],
)
def test_what_opens_a_list_or_a_rule_is_text(text, plain):
    assert evidence_files._plain(text) == plain


def test_a_word_document_has_the_quotes_under_their_titles(client):
    document = Document(io.BytesIO(file(client, "docx")))
    said = [one.text for one in document.paragraphs]
    assert said[0] == ASKED
    assert {"The Act", "The Log", BORDERS, FORMULA} <= {*said}
    quotes = [one.text for one in document.paragraphs if one.style and one.style.name == "Quote"]
    assert set(quotes) == {BORDERS, AGAIN, FORMULA}


def test_a_format_that_there_is_not_is_refused(client):
    response = client.post("/v1/evidence/export?format=pdf", json={"question": ASKED})
    assert_problem(response, 422, "invalid_request")


# By command


@pytest.fixture
def attest(answerer, monkeypatch):
    monkeypatch.setattr("qa.service.server.open_answerer", lambda *_: answerer)

    def run(*arguments: object) -> Any:
        texts = [str(one) for one in arguments]
        environment = {"COLUMNS": "300", "NO_COLOR": "1"}
        return CliRunner().invoke(create(), ["evidence", *texts], env=environment)

    return run


def test_the_command_prints_it(attest):
    result = attest(ASKED)
    assert result.exit_code == 0, result.output
    for text in ("The Act", "The Log", AGAIN, "3 sentences", "also in "):
        assert text in result.output
    assert json.loads(attest(ASKED, "--json").output)["total"] == 3
    assert attest("xylophone").exit_code == 3


@pytest.mark.parametrize("name", ["out.csv", "out.DOCX", "out.md", "out.json"])
def test_the_command_writes_files(attest, tmp_path: Path, name):
    result = attest(ASKED, "--into", tmp_path / name)
    assert result.exit_code == 0, result.output
    assert (tmp_path / name).stat().st_size > 200


def test_the_command_says_what_is_wrong(attest, tmp_path):
    for arguments, said in (
        ((ASKED, "--into", tmp_path / "out.pdf"), "must end with .csv, .docx, .md or .json"),
        ((ASKED, "--into", tmp_path / "no" / "out.md"), "No such file"),
        ((ASKED, "-d", "nowhere"), "nowhere"),
        (("?",), "at least 1 letter"),
    ):
        result = attest(*arguments)
        assert result.exit_code == 1
        assert said in result.output


# Measured


def test_recall_and_precision_are_of_what_is_wanted(answerer):
    def span(document, quote, grade=measured.WANTED):
        return (Span(document, quote, grade=grade),)

    case = Case(
        "a", ASKED, True, gold=(span("act", BORDERS), span("act", AGAIN), span("log", FORMULA, 1))
    )
    told: list[tuple[int, int]] = []
    (found,) = measured.measure([case], answerer, lambda *one: told.append(one))
    # The copy is in no gold: of three sentences that are wanted or wrong, two are wanted.
    assert (found.recall, round(found.precision, 3), found.items) == (1.0, 0.667, 3)
    assert told == [(1, 1)]
    missing = Case("b", ASKED, True, gold=(span("copy", "Owls were counted"),))
    (none,) = measured.measure([missing], answerer, lambda *_: None)
    assert (none.recall, none.precision) == (0.0, 0.0)


def test_the_command_that_measures_prints_a_row_for_each_question(answerer, monkeypatch, tmp_path):
    monkeypatch.setattr("qa.service.server.open_answerer", lambda *_: answerer)
    gold = [[{"document": "act", "quote": BORDERS, "grade": 2}]]
    lines = [
        {"id": f"e{number}", "question": ASKED, "answerable": True, "kind": "e", "gold": gold}
        for number in range(2)
    ]
    path = tmp_path / "set.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    environment = {"COLUMNS": "200", "NO_COLOR": "1", "ATTEST_DATA": str(tmp_path)}

    def run(*more: str) -> Any:
        return CliRunner().invoke(create(), ["eval", "evidence", str(path), *more], env=environment)

    printed = run("--markdown")
    assert printed.exit_code == 0, printed.output
    for text in ("e0", "e1", "2 questions", "1.000", "estimated recall"):
        assert text in printed.output
    path.write_text(json.dumps({**lines[0], "gold": [[{"document": "x", "quote": "y"}]]}))
    assert "does not hold" in run().output
