"""Examples come from the collection and are answered by it; so do sections."""

from __future__ import annotations

import pytest
from conftest import SureReader
from service import serving, until

from qa.pipeline import Answerer
from qa.records import Question
from qa.service import examples
from qa.settings import ServiceSettings

TEXT = (
    "Rules\n\nNIGHT SAILING\n\nBoats must carry two lamps at night sailing hours.\n\n"
    "GEAR\n\nThe Harbour Safety Office (HSO) tests every lamp in spring.\n\n"
    "LAW\n\nResolution 2462 (2019) covers the funding of lamps and ropes.\n"
)


@pytest.fixture
def sure_of(answerer_of, encoder):
    def run(files):
        generation = answerer_of(files).generation
        return Answerer(generation, encoder, ServiceSettings(threshold=0), reader=SureReader())

    return run


def test_examples_are_of_different_kinds_and_are_answered(sure_of):
    answerer = sure_of({"rules.txt": TEXT})
    found = examples.find(answerer)
    assert "What does resolution 2462 (2019) cover?" in found
    assert "What does HSO stand for?" in found
    assert "What is said about night sailing?" in found
    assert len(found) <= examples.COUNT
    answers = [answerer.ask(Question(one)) for one in found]
    assert all(one.refusal is None for one in answers)
    places = [(one.citations[0].passage.document.id, one.citations[0].start) for one in answers]
    assert len({*places}) == len(places)


def test_what_is_declined_is_no_example(answerer_of, monkeypatch):
    answerer = answerer_of({"rules.txt": TEXT})
    real = Answerer.ask

    def declining(self: Answerer, question: Question) -> object:
        answer = real(self, Question(f'"never there" {question.text}'))
        assert answer.refusal is not None
        return answer

    monkeypatch.setattr(Answerer, "ask", declining)
    assert examples.find(answerer) == []


def test_what_is_answered_with_reserve_is_no_example(answerer_of, encoder):
    generation = answerer_of(
        {"a.md": "# Birds\n\n## Green herons\n\nGreen herons nest in towers.\n"}
    )
    unsure = Answerer(
        generation.generation, encoder, ServiceSettings(threshold=0), reader=SureReader(-9.0)
    )
    assert unsure.ask(Question("What is said about green herons?")).refusal is None
    assert examples.find(unsure) == []


def test_an_example_of_an_identifier_quotes_what_speaks_of_it(sure_of):
    text = (
        "The panel is guided by texts, including:\n\n"
        "- Resolution 2178 (2014), on the flow of fighters through the ports of the delta.\n"
        "- Resolution 2129 (2013), on the flow of fighters over the rivers of the delta.\n"
    )
    answerer = sure_of({"a.txt": text})
    assert "What does resolution 2178 (2014) cover?" in examples.find(answerer)
    answer = answerer.ask(Question("What does resolution 2178 (2014) cover?"))
    assert all("2178" in one.text for one in answer.citations)


def test_a_collection_without_names_or_headings_is_asked_by_its_titles(sure_of):
    answerer = sure_of({"a.md": "# Green herons\n\nGreen herons nest in the old tower.\n"})
    assert examples.find(answerer) == ["What is said about green herons?"]


@pytest.mark.parametrize(
    ("heading", "topic"),
    [
        ("3.1 Night sailing", "night sailing"),
        ("NIGHT SAILING", "night sailing"),
        ("CTC ASSESSMENT VISITS", ""),
        ("Members:", ""),
        ("Harbour Safety Office", "Harbour Safety Office"),
        ("Use of lamps at night:", "use of lamps at night"),
        ("x" * 61, ""),
        ("***", ""),
    ],
)
def test_a_heading_becomes_a_topic(heading, topic):
    assert examples._topic(heading) == topic


def test_examples_are_worked_out_once_for_each_index(answerer_of, monkeypatch):
    answerer = answerer_of({"rules.txt": TEXT})
    kept = examples.Examples()
    first = kept.of(answerer)
    monkeypatch.setattr(examples, "find", lambda _: ["another"])
    assert kept.of(answerer) == first
    assert kept.of(answerer_of({"rules.txt": f"{TEXT}\nMore.\n"})) == ["another"]


@pytest.fixture
def client(answerer_of, settings):
    answerer = answerer_of({"rules.txt": f"\ufeff\U0001f6a2 {TEXT}"})
    with serving(settings.data, lambda: answerer) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        yield client


def test_examples_and_sections_over_http(client):
    assert "What does HSO stand for?" in client.get("/v1/examples").json()["examples"]
    text = client.get("/v1/documents/rules/text").content.decode()
    sections = client.get("/v1/documents/rules/sections").json()["sections"]
    assert {"NIGHT SAILING", "GEAR"} <= {one["title"] for one in sections}
    for one in sections:
        place = text[one["start_char_index"] : one["end_char_index"]]
        assert " ".join(place.split()) == one["title"]
        assert one["level"] >= 1
    assert client.get("/v1/documents/nope/sections").status_code == 404


def test_what_a_browser_keeps_it_asks_about_first(client):
    for path in ("/", "/docs", "/static/app.js", "/static/style.css"):
        response = client.get(path)
        assert response.headers["cache-control"] == "no-cache"
        again = client.get(path, headers={"If-None-Match": response.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert client.get("/documents/rules").headers["cache-control"] == "no-cache"


def test_an_error_is_a_page_for_a_browser_and_a_problem_for_a_program(client):
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    for path, status in [("/documents/no", 404), ("/no", 404), ("/documents/rules?start=x", 422)]:
        assert client.get(path).headers["content-type"] == "application/problem+json"
        page = client.get(path, headers=browser)
        assert (page.status_code, page.headers["content-type"]) == (
            *(status, "text/html; charset=utf-8"),
        )
        assert "<h1>" in page.text
    problem = client.get("/v1/documents/no", headers=browser)
    assert problem.headers["content-type"] == "application/problem+json"
    assert "<script>" not in client.get("/documents/<script>x", headers=browser).text
