"""The HTTP API to the letter: every field, every error, and the offsets that clients rely on."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import json
import threading
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from conftest import WordEncoder
from fastapi.testclient import TestClient
from service import Response, assert_problem, serving, until

from index import generation, statements
from index.build import build
from index.config import IndexSettings
from qa.pipeline import Answerer
from qa.settings import ServiceSettings
from qa.tuning import shipped

# A ship beyond the first plane of Unicode comes before all that is cited: offsets count it as
# one, where UTF-16 has two and UTF-8 four.
BOATS = (
    "ships \U0001f6a2 and <b>boats</b>\n\n"
    "Red boats sail south today. Blue boats sail north & rest.\n\n"
    "The oldest lines stand in here too.\n"
)
FISH = "# Fishing\n\n## Nets\n\nGreen fish swim into nets. Resolution 2462 (2019) names nets.\n"
ODD = (
    "\ufeffCombining e\u0301 marks here.\r\n\r\nTabs\there & <script>alert('x')</script> stand.\r\n"
)
TEXTS = {"boats": BOATS, "fish": FISH, "odd": ODD}
CATALOG = """[documents."boats.txt"]
title = "On <Boats>"
publisher = "Press & Co"
date = "2019"
url = "https://example.org/boats"
"""
SOUTH = BOATS.index("Red boats"), BOATS.index(" Blue")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The service over three documents, with no threshold: whatever is found is an answer."""
    place = tmp_path_factory.mktemp("api")
    folder = place / "documents"
    folder.mkdir()
    for name, text in [("boats.txt", BOATS), ("fish.md", FISH), ("odd.txt", ODD)]:
        (folder / name).write_bytes(text.encode())
    (folder / "catalog.toml").write_text(CATALOG, encoding="utf-8")
    settings, encoder = IndexSettings(data=place / "var"), WordEncoder()
    build([folder], settings, lambda _: encoder)
    opened = generation.open_current(settings.data)
    answerer = Answerer(opened, encoder, ServiceSettings(threshold=0))
    with serving(settings.data, lambda: answerer) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        yield client


def ask(client: TestClient, question: str, **fields: object) -> dict[str, Any]:
    response = client.post("/v1/ask", json={"question": question, **fields})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    return response.json()


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def address(start: int, end: int) -> str:
    """Of a range of the boats, as an answer gives it."""
    words = statements.fingerprint(BOATS[start:end])
    known = f"sha256={sha256(BOATS)[:12]}&words={words}"
    return f"/documents/boats?start={start}&end={end}&{known}"


def fingerprint(client: TestClient) -> str:
    return client.get("/v1/search", params={"q": "boats"}).json()["index"]["fingerprint"]


def test_the_offsets_of_the_texts_above_are_these():
    # "Ships X and <b>boats</b>" is 24 characters, with two line breaks 26; "Red ... today." 27.
    assert SOUTH == (26, 53)
    assert BOATS[26:53] == "Red boats sail south today."


# Answers


def test_an_answer_has_every_field(client):
    answer = ask(client, "  Which boats sail south? ")
    timings = answer.pop("timings_ms")
    assert {"interpret", "encode", "rank", "quote", "choose", "passages", "total"} == set(timings)
    whole = timings.pop("total")
    assert 0 < sum(timings.values()) <= whole + 0.01  # each is rounded
    confidence = answer.pop("confidence")
    assert 0 < confidence < 1
    first, *others = answer.pop("passages")
    assert bool(answer.pop("caveats")) == (confidence < shipped().confidence.sure)
    assert answer == {
        "question": "Which boats sail south?",
        "interpreted_as": "Which boats sail south?",
        "corrections": [],
        "answered": True,
        "answer": "Red boats sail south today. [1]",
        "refusal": None,
        "closest": [],
        "unanswered": [],
        "citations": [
            {
                "number": 1,
                "type": "char_location",
                "document_id": "boats",
                "document_title": "On <Boats>",
                "document_sha256": sha256(BOATS),
                "start_char_index": 26,
                "end_char_index": 53,
                "cited_text": "Red boats sail south today.",
                "section": [],
                "page": None,
                "paragraph": None,
                "symbol": None,
                "publisher": "Press & Co",
                "date": "2019",
                "source_url": "https://example.org/boats",
                "boxes": [],
                "page_label": None,
                "reading": None,
                "url": address(26, 53),
                "repeats": None,
                "ocr": False,
            }
        ],
        "index": {"generation": "gen-000001", "fingerprint": fingerprint(client)},
    }
    assert first.pop("score") == pytest.approx(1 + shipped().retrieval.fusion_weight)
    assert first == {
        "rank": 1,
        "document_id": "boats",
        "document_title": "On <Boats>",
        "start_char_index": 0,
        "end_char_index": len(BOATS) - 1,
        "text": BOATS[:-1],
        "section": [],
        "page": None,
        "url": address(0, len(BOATS) - 1),
        "matched_terms": ["boats", "sail", "south"],
        "ocr": False,
    }
    assert [one["rank"] for one in others] == [2, 3]


def test_a_refusal_has_every_field_and_the_passages(client):
    answer = ask(client, "what does resolution 9999 say of boats")
    assert answer.pop("passages")[0]["document_id"] == "boats"
    assert set(answer.pop("timings_ms")) > {"total"}
    message = answer["refusal"].pop("message")
    assert "resolution 9999" in message
    assert answer == {
        "question": "what does resolution 9999 say of boats",
        "interpreted_as": "what does resolution 9999 say of boats",
        "corrections": [],
        "answered": False,
        "confidence": 0.0,
        "answer": "",
        "caveats": [],
        "refusal": {
            "reason": "unknown_identifier",
            "missing_terms": [],
            "unknown_identifiers": ["resolution 9999"],
        },
        "closest": [],
        "unanswered": [],
        "citations": [],
        "index": {"generation": "gen-000001", "fingerprint": fingerprint(client)},
    }


def test_what_to_know_before_quoting_is_told(client):
    caveats = ask(client, "how many boats sail south")["caveats"]
    assert caveats[-1] == "The question asks for a number, and the quotes give none."


def test_what_an_answer_leaves_out_has_every_field(client):
    answer = ask(client, "what do resolutions 2462 and 9999 name")
    assert answer["answered"] is True
    assert answer["refusal"] is None
    assert answer["unanswered"] == [
        {
            "question": "resolution 9999",
            "reason": "unknown_identifier",
            "message": "The documents of this collection do not mention resolution 9999.",
            "missing_terms": [],
            "unknown_identifiers": ["resolution 9999"],
        }
    ]


def test_a_refusal_names_the_words_that_stand_nowhere(client):
    answer = ask(client, 'which "purple boats" are there')
    assert answer["answered"] is False
    assert answer["refusal"]["reason"] == "phrase_not_found"
    assert answer["refusal"]["missing_terms"] == ["purple"]
    assert answer["passages"] == []


def test_a_passage_names_its_sections(client):
    answer = ask(client, "green fish swim into nets", top_k=1)
    assert [one["section"] for one in answer["passages"]] == [["Fishing", "Nets"]]
    assert [one["section"] for one in answer["citations"]] == [["Fishing", "Nets"]]


@pytest.mark.parametrize("top_k", [1, 2, 50])
def test_top_k_is_how_many_passages_there_are_at_most(client, top_k):
    passages = ask(client, "Which boats sail south?", top_k=top_k)["passages"]
    assert [one["rank"] for one in passages] == [*range(1, min(top_k, 3) + 1)]
    scores = [one["score"] for one in passages]
    assert scores == sorted(scores, reverse=True)


def test_an_answer_comes_from_the_documents_that_are_asked_for(client):
    answer = ask(client, "Which boats sail south?", documents=["fish", "odd"])
    named = {one["document_id"] for one in [*answer["passages"], *answer["citations"]]}
    assert named
    assert named <= {"fish", "odd"}


def test_no_filter_and_null_are_the_same(client):
    with_null = ask(client, "Which boats sail south?", documents=None)
    assert with_null["citations"] == ask(client, "Which boats sail south?")["citations"]


def test_a_follow_up_is_read_with_the_question_before_it(client):
    history = [{"question": "Which boats sail south?", "answer": "Red boats. [1]"}]
    answer = ask(client, "and north?", history=history)
    assert answer["question"] == "and north?"
    assert answer["interpreted_as"] != "and north?"
    assert "boats" in answer["interpreted_as"]


def test_a_turn_that_was_declined_needs_no_answer(client):
    assert ask(client, "Which boats?", history=[{"question": "What is red?"}])["citations"]


QUESTIONS = [
    "Which boats sail south?",
    "what stands in here",
    "Ships and boats",
    "which e\u0301 marks",
    "where do tabs stand",
    "what does resolution 2462 name",
    "alert script",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_citation_and_passage_is_a_slice_of_the_text_endpoint(client, question):
    answer = ask(client, question)
    texts = {id: client.get(f"/v1/documents/{id}/text").content.decode("utf-8") for id in TEXTS}
    assert answer["citations"]
    for one in answer["citations"]:
        text = texts[one["document_id"]]
        assert text[one["start_char_index"] : one["end_char_index"]] == one["cited_text"]
        assert one["document_sha256"] == sha256(text)
    for one in answer["passages"]:
        text = texts[one["document_id"]]
        assert text[one["start_char_index"] : one["end_char_index"]] == one["text"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_is_its_citations_with_their_numbers(client, question):
    answer = ask(client, question)
    numbered = [f"{one['cited_text']} [{one['number']}]" for one in answer["citations"]]
    assert answer["answer"] == " ".join(numbered)
    assert [one["number"] for one in answer["citations"]] == [*range(1, len(numbered) + 1)]


def test_every_citation_that_is_given_is_verified(client):
    for question in QUESTIONS:
        citations = ask(client, question)["citations"]
        results = client.post("/v1/verify", json={"citations": citations}).json()["results"]
        assert [one["status"] for one in results] == ["verified"] * len(citations)


def test_the_address_of_a_citation_shows_it(client):
    (citation,) = ask(client, "Which boats sail south?")["citations"]
    page = client.get(citation["url"])
    assert page.status_code == 200
    assert '<mark id="cited">Red boats sail south today.</mark>' in page.text


# Search


def test_search_gives_the_passages_alone(client):
    response = client.get("/v1/search", params={"q": " boats sail south ", "top_k": 2})
    assert response.status_code == 200
    found = response.json()
    assert set(found) == {"query", "passages", "index"}
    assert found["query"] == "boats sail south"
    asked = ask(client, "boats sail south", top_k=2)
    assert (found["passages"], found["index"]) == (asked["passages"], asked["index"])


def test_search_keeps_to_the_documents_that_are_named(client):
    params = {"q": "boats nets", "documents": ["fish", "odd"]}
    found = client.get("/v1/search", params=params).json()["passages"]
    assert sorted(one["document_id"] for one in found) == ["fish", "odd"]


def test_search_has_five_passages_where_nothing_else_is_said(client):
    found = client.get("/v1/search", params={"q": "boats"}).json()["passages"]
    assert len(found) == 3  # all there are
    parameters = client.get("/openapi.json").json()["paths"]["/v1/search"]["get"]["parameters"]
    defaults = {one["name"]: one["schema"].get("default") for one in parameters}
    assert defaults["top_k"] == 5


# Documents


def test_documents_are_listed_with_every_field(client):
    listed = client.get("/v1/documents").json()
    assert set(listed) == {"documents"}
    boats, fish, odd = listed["documents"]
    assert boats == {
        "id": "boats",
        "title": "On <Boats>",
        "sha256": sha256(BOATS),
        "characters": len(BOATS),
        "passages": 1,
        "source": "boats.txt",
        "publisher": "Press & Co",
        "date": "2019",
        "url": "https://example.org/boats",
        "language": "en",
        "domain": "plain",
        "file_sha256": sha256(BOATS),
        "loader": "text",
        "tags": [],
        "uploaded": False,
        "ocr_pages": 0,
    }
    assert (fish["id"], fish["title"], fish["source"], fish["url"]) == (
        *("fish", "Fishing", "fish.md"),
        "",
    )
    assert (odd["id"], odd["characters"]) == ("odd", len(ODD))


def test_one_document_is_as_in_the_list(client):
    for entry in client.get("/v1/documents").json()["documents"]:
        assert client.get(f"/v1/documents/{entry['id']}").json() == entry


@pytest.mark.parametrize("id", TEXTS)
def test_a_text_is_the_file_itself(client, id):
    response = client.get(f"/v1/documents/{id}/text")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.content == TEXTS[id].encode()
    assert client.get(f"/v1/documents/{id}").json()["sha256"] == sha256(response.content.decode())


# Verification


def claim(start: int, end: int, text: str, **fields: object) -> dict[str, Any]:
    return {
        "document_id": "boats",
        "start_char_index": start,
        "end_char_index": end,
        "cited_text": text,
        **fields,
    }


def verify(client: TestClient, *claims: dict[str, Any]) -> list[dict[str, Any]]:
    response = client.post("/v1/verify", json={"citations": list(claims)})
    assert response.status_code == 200, response.text
    body = response.json()
    assert set(body) == {"results"}
    return body["results"]


def verdict(status: str, start: int | None, end: int | None, changed: bool | None, id="boats"):
    current = changed is False
    return {
        "version": "current" if current else None,
        "stood": status == "verified" if current else None,
        "status": status,
        "document_id": id,
        "start_char_index": start,
        "end_char_index": end,
        "document_changed": changed,
    }


def test_a_verdict_is_given_for_each_citation_in_order(client):
    south = BOATS[26:53]
    assert verify(
        client,
        claim(26, 53, south, document_sha256=sha256(BOATS)),
        claim(26, 53, south, document_sha256="0" * 64),
        claim(26, 53, south),
        claim(30, 57, south, document_sha256=sha256(BOATS)),
        claim(26, 53, "Red boats sail south today!", document_sha256=sha256(BOATS)),
        claim(26, 53, south, document_id="gone", document_sha256=sha256(BOATS)),
    ) == [
        verdict("verified", 26, 53, False),
        verdict("verified", 26, 53, True),
        verdict("verified", 26, 53, None),
        verdict("moved", 26, 53, False),
        verdict("changed", None, None, False),
        verdict("unknown_document", None, None, None, id="gone"),
    ]


def test_text_that_moved_is_found_at_its_nearest_place(client):
    # "boats" stands at 15 ("<b>boats"), 30 ("Red boats") and 59 ("Blue boats").
    assert [BOATS[n : n + 5] for n in (15, 30, 59)] == ["boats"] * 3
    places = [verify(client, claim(n, n + 5, "boats"))[0] for n in (0, 24, 28, 40, 50, 5000)]
    assert [one["start_char_index"] for one in places] == [15, 30, 30, 30, 59, 59]
    assert {one["status"] for one in places} == {"moved"}


def test_offsets_count_code_points(client):
    # In UTF-16 the ship would shift this by one, in UTF-8 by three.
    assert verify(client, claim(6, 7, "\U0001f6a2"))[0]["status"] == "verified"
    assert verify(client, claim(8, 11, "and"))[0]["status"] == "verified"


@pytest.mark.parametrize(("start", "end"), [(26, 26), (53, 26), (10**9, 10**9 + 27), (0, 10**30)])
def test_a_range_that_is_none_does_not_verify(client, start, end):
    (found,) = verify(client, claim(start, end, BOATS[26:53]))
    assert (found["status"], found["start_char_index"]) == ("moved", 26)


def test_a_citation_may_have_fields_of_its_own(client):
    assert verify(client, claim(26, 53, BOATS[26:53], note="mine"))[0]["status"] == "verified"


# Errors


def post(client: TestClient, content: Any, path="/v1/ask", **headers: str) -> Response:
    headers = {"content-type": "application/json", **headers}
    return client.post(path, content=content, headers=headers)


TURN = {"question": "a", "answer": "b"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "question"),
        ({"question": ""}, "question"),
        ({"question": " \n\t "}, "question"),
        ({"question": "\u200b"}, "question"),
        ({"question": "?! … 🚢"}, "question"),
        ({"question": "\u0301\u0301"}, "question"),
        ({"question": "x" * 2001}, "question"),
        ({"question": None}, "question"),
        ({"question": 7}, "question"),
        ({"question": "a", "top_k": 0}, "top_k"),
        ({"question": "a", "top_k": 51}, "top_k"),
        ({"question": "a", "top_k": 1.5}, "top_k"),
        ({"question": "a", "topk": 5}, "topk"),
        ({"question": "a", "history": [TURN] * 21}, "history"),
        ({"question": "a", "history": [TURN, {"question": "x" * 2001}]}, "history.1.question"),
        ({"question": "a", "history": [{"answer": "b"}]}, "history.0.question"),
        ({"question": "a", "history": [{**TURN, "more": 1}]}, "history.0.more"),
        (
            {"question": "a", "history": [{"question": "a", "answer": "x" * 20001}]},
            ("history.0.answer"),
        ),
        ({"question": "a", "documents": "boats"}, "documents"),
        ({"question": "a", "documents": [""]}, "documents.0"),
        ({"question": "a", "documents": ["x" * 201]}, "documents.0"),
        ({"question": "a", "documents": ["x"] * 1001}, "documents"),
        ([], "body"),
        ("a question", "body"),
        (None, "body"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_field_that_is_not_as_it_must_be_is_named(client, body, field):
    problem = assert_problem(post(client, json.dumps(body)), 422, "invalid_request")
    assert [error["field"] for error in problem["errors"]] == [field]
    assert field in problem["detail"]


def test_every_field_that_is_wrong_is_named(client):
    body = {"question": "", "top_k": 99, "more": 1}
    problem = assert_problem(post(client, json.dumps(body)), 422, "invalid_request")
    assert {error["field"] for error in problem["errors"]} == {"question", "top_k", "more"}


def test_a_question_may_have_2000_characters(client):
    assert ask(client, "boats " + "\U0001f6a2" * 1994)["question"].startswith("boats ")
    assert ask(client, "boats" + " " * 5000)["question"] == "boats"  # blanks around it are none


def test_a_history_may_have_20_turns(client):
    assert "citations" in ask(client, "Which boats sail south?", history=[TURN] * 20)


@pytest.mark.parametrize(
    "content",
    ["{", '{"question": "a"', "{'question': 'a'}", '{"question": "a",}', "question=a", "\0"],
)
def test_what_is_not_json_is_refused(client, content):
    problem = assert_problem(post(client, content), 422, "invalid_request")
    assert [error["field"] for error in problem["errors"]] == ["body"]


@pytest.mark.parametrize(
    "content",
    [
        b'{"question": "\xff"}',
        b"\xff\xfe{\x00}",
        b"[" * 100_000,
        b'{"top_k": ' + b"9" * 5000 + b"}",
    ],
    ids=["utf-8", "utf-16", "depth", "digits"],
)
def test_what_cannot_be_read_at_all_is_refused(client, content):
    assert_problem(post(client, content), 400, "bad_request")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "image/png"])
def test_another_content_type_is_refused(client, kind):
    response = post(client, '{"question": "a"}', **{"content-type": kind})
    problem = assert_problem(response, 422, "invalid_request")
    assert [error["field"] for error in problem["errors"]] == ["body"]


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/verify"])
def test_no_body_is_refused(client, path):
    assert_problem(client.post(path), 422, "invalid_request")


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (r'{"question": "\ud800"}', "question"),
        (r'{"question": "a\udfffb"}', "question"),
        (r'{"question": "a", "history": [{"question": "\ud800"}]}', "history.0.question"),
        (
            r'{"question": "a", "history": [{"question": "a", "answer": "\ud800"}]}',
            "history.0.answer",
        ),
        (r'{"question": "a", "documents": ["\ud800"]}', "documents.0"),
        (r'{"question": "a", "\ud800": 1}', None),
    ],
)
def test_half_a_character_is_refused(client, content, field):
    problem = assert_problem(post(client, content), 422, "invalid_request")
    if field:
        assert [error["field"] for error in problem["errors"]] == [field]


def test_a_pair_of_halves_is_a_character(client):
    response = post(client, r'{"question": "boats \ud83d\udea2"}')
    assert response.json()["question"] == "boats \U0001f6a2"


@pytest.mark.parametrize(
    "question", ["\0", "a\0b", "\u202e\u200b", "\ufeff", "'; DROP TABLE x", "%s"]
)
def test_odd_characters_are_asked_like_others(client, question):
    assert ask(client, f"boats {question}")["passages"]


@pytest.mark.parametrize("documents", [["nope"], ["boats", "nope"], ["../boats"], ["BOATS"]])
def test_a_filter_by_an_unknown_document_is_refused(client, documents):
    response = client.post("/v1/ask", json={"question": "boats", "documents": documents})
    problem = assert_problem(response, 404, "unknown_document")
    assert repr(documents[-1]) in problem["detail"]
    response = client.get("/v1/search", params={"q": "boats", "documents": documents})
    assert_problem(response, 404, "unknown_document")


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({}, "q"),
        ({"q": ""}, "q"),
        ({"q": "  "}, "q"),
        ({"q": "x" * 2001}, "q"),
        ({"q": "a", "top_k": "0"}, "top_k"),
        ({"q": "a", "top_k": "51"}, "top_k"),
        ({"q": "a", "top_k": "many"}, "top_k"),
        ({"q": "a", "documents": ""}, "documents.0"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_search_that_is_not_as_it_must_be_names_the_field(client, params, field):
    response = client.get("/v1/search", params=params)
    problem = assert_problem(response, 422, "invalid_request")
    assert [error["field"] for error in problem["errors"]] == [field]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"start_char_index": -1}, "citations.0.start_char_index"),
        ({"end_char_index": "x"}, "citations.0.end_char_index"),
        ({"cited_text": ""}, "citations.0.cited_text"),
        ({"cited_text": "x" * 100_001}, "citations.0.cited_text"),
        ({"document_id": ""}, "citations.0.document_id"),
        ({"document_sha256": "0" * 65}, "citations.0.document_sha256"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_citation_that_is_none_is_named(client, change, field):
    body = {"citations": [{**claim(0, 1, "S"), **change}]}
    problem = assert_problem(client.post("/v1/verify", json=body), 422, "invalid_request")
    assert [error["field"] for error in problem["errors"]] == [field]


@pytest.mark.parametrize("citations", [[], [claim(0, 1, "S")] * 201, None, {}])
def test_a_list_of_citations_has_1_to_200(client, citations):
    response = client.post("/v1/verify", json={"citations": citations})
    problem = assert_problem(response, 422, "invalid_request")
    assert [error["field"] for error in problem["errors"]] == ["citations"]


def test_half_a_character_is_no_citation(client):
    body = json.dumps({"citations": [claim(0, 1, "\ud800")]})
    problem = assert_problem(post(client, body, "/v1/verify"), 422, "invalid_request")
    assert [error["field"] for error in problem["errors"]] == ["citations.0.cited_text"]


@pytest.mark.parametrize(
    "path",
    ["/v1/documents/nope", "/v1/documents/nope/text", "/documents/nope", "/v1/documents/%00"],
)
def test_an_unknown_document_is_not_found(client, path):
    assert_problem(client.get(path), 404, "unknown_document")


@pytest.mark.parametrize(
    "path",
    [
        "/nope",
        "/v1",
        "/v1/ask/more",
        "/v1/documents/boats/more",
        "/documents",
        "/static/nope.js",
        "/static/..%2f..%2fpyproject.toml",
        "/v1/documents/..%2f..%2fetc%2fpasswd/text",
        "/redoc",
    ],
)
def test_an_address_with_nothing_at_it_is_not_found(client, path):
    assert_problem(client.get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/ask"),
        ("DELETE", "/v1/ask"),
        ("GET", "/v1/verify"),
        ("POST", "/v1/search"),
        ("PUT", "/v1/documents"),
        ("PUT", "/v1/documents/boats"),
        ("DELETE", "/v1/collection"),
        ("POST", "/healthz"),
        ("POST", "/metrics"),
        ("POST", "/"),
        ("POST", "/static/app.js"),
    ],
)
def test_another_method_is_not_allowed(client, method, path):
    assert_problem(client.request(method, path), 405, "method_not_allowed")


def test_a_body_at_the_limit_is_read(client):
    body = b'{"question": "boats"}'.ljust(512 * 1024)
    assert post(client, body).status_code == 200
    assert post(client, iter([body[:1000], body[1000:]])).status_code == 200


def test_a_body_that_announces_more_than_the_limit_is_refused(client):
    body = b'{"question": "boats"}'.ljust(512 * 1024 + 1)
    problem = assert_problem(post(client, body), 413, "too_large")
    assert "512 KiB" in problem["detail"]


def test_a_body_that_grows_past_the_limit_is_refused(client):
    body = b'{"question": "boats"}'.ljust(512 * 1024 + 1)
    problem = assert_problem(post(client, iter([body])), 413, "too_large")
    assert "512 KiB" in problem["detail"]


def test_a_body_without_end_is_read_no_further_than_the_limit(client):
    # The test client reads a body before it sends it, so the application is called itself.
    pieces, messages = itertools.count(1), list[dict[str, Any]]()
    taken = 0

    async def receive() -> dict[str, object]:
        nonlocal taken
        taken = next(pieces)
        return {"type": "http.request", "body": b" " * 65536, "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    scope = {
        **{"type": "http", "http_version": "1.1", "method": "POST", "scheme": "http"},
        **{"path": "/v1/ask", "raw_path": b"/v1/ask", "root_path": "", "query_string": b""},
        "headers": [(b"content-type", b"application/json"), (b"transfer-encoding", b"chunked")],
    }
    asyncio.run(client.app(scope, receive, send))
    assert messages[0]["status"] == 413
    assert json.loads(messages[1]["body"])["code"] == "too_large"
    assert taken == 9  # eight pieces are the limit of 512 KiB; the ninth is past it


def test_what_fails_unforeseen_is_a_problem_too(client, caplog, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("in /secret/place")

    monkeypatch.setattr(Answerer, "ask", broken)
    response = client.post("/v1/ask", json={"question": "boats"})
    assert_problem(response, 500, "internal_error")
    assert "secret" not in response.text
    assert "/secret/place" in caplog.text
    assert "Traceback" in caplog.text


def test_a_request_that_fails_unforeseen_is_counted(client, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Answerer, "search", broken)
    client.get("/v1/search", params={"q": "boats"})
    line = 'attest_requests_total{route="/v1/search",status="500"} 1.0'
    assert line in client.get("/metrics").text


# Operations


def test_the_service_is_alive_and_ready(client):
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_while_the_index_loads_the_service_is_alive_but_not_ready(answerer_of, settings):
    answerer, let_go = answerer_of({"a.txt": "Red boats sail south."}), threading.Event()

    def slowly() -> Answerer:
        assert let_go.wait(10)
        return answerer

    with serving(settings.data, slowly) as client:
        assert client.get("/healthz").status_code == 200
        response = client.get("/readyz")
        assert_problem(response, 503, "starting")
        assert response.headers["retry-after"] == "1"
        assert_problem(client.post("/v1/ask", json={"question": "boats"}), 503, "starting")
        assert_problem(client.get("/v1/search", params={"q": "boats"}), 503, "starting")
        assert_problem(client.post("/v1/verify", json={"citations": []}), 503, "starting")
        for path in ("/v1/documents", "/v1/documents/a", "/v1/documents/a/text", "/documents/a"):
            assert_problem(client.get(path), 503, "starting")
        assert "attest_index_passages{" not in client.get("/metrics").text
        let_go.set()
        until(lambda: client.get("/readyz").status_code == 200)
        assert ask(client, "which boats sail south")["answered"]


def opening(settings, encoder):
    opened = generation.open_current(settings.data)
    return Answerer(opened, encoder, ServiceSettings(threshold=0))


def readiness(client: TestClient) -> Response:
    """What /readyz says once the first attempt to load is over."""

    def tried() -> bool:
        response = client.get("/readyz")
        return response.status_code == 200 or response.json()["code"] != "starting"

    until(tried)
    return client.get("/readyz")


def test_without_an_index_the_service_says_how_to_build_one(settings, encoder):
    with serving(settings.data, lambda: opening(settings, encoder)) as client:
        problem = assert_problem(readiness(client), 503, "no_index")
        assert "attest index" in problem["detail"]
        assert_problem(client.post("/v1/ask", json={"question": "boats"}), 503, "no_index")
        assert client.get("/healthz").status_code == 200


def test_a_damaged_index_is_named(index_of, settings, encoder):
    index_of({"a.txt": "Red boats sail south."})
    (damaged,) = settings.data.glob("segments/*/vectors.npy")
    damaged.write_bytes(b"damaged")
    with serving(settings.data, lambda: opening(settings, encoder)) as client:
        problem = assert_problem(readiness(client), 503, "index_damaged")
        assert "vectors.npy of index gen-000001" in problem["detail"]


def test_an_index_of_other_models_is_outdated(index_of, settings, encoder):
    index_of({"a.txt": "Red boats sail south."})
    other = settings.model_copy(update={"dense_model": "another/model"})

    def checked() -> Answerer:
        answerer = opening(settings, encoder)
        answerer.generation.check_fingerprint(other)
        return answerer

    with serving(settings.data, checked) as client:
        assert_problem(readiness(client), 503, "index_outdated")


def test_what_a_library_raises_in_loading_does_not_leak(settings):
    def broken() -> Answerer:
        raise RuntimeError("in /secret/place")

    with serving(settings.data, broken) as client:
        problem = assert_problem(readiness(client), 503, "index_unavailable")
        assert "secret" not in str(problem)


def test_metrics_are_prometheus_text(answerer_of, settings):
    answerer = answerer_of({"a.txt": "Red boats sail south."})
    with serving(settings.data, lambda: answerer) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        ask(client, "which boats sail south")
        ask(client, 'the "purple submarine"')
        client.post("/v1/ask", json={})
        client.get("/nope")
        client.get("/v1/documents/a")
        response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    lines = response.text.splitlines()
    for line in [
        'attest_requests_total{route="/v1/ask",status="200"} 2.0',
        'attest_requests_total{route="/v1/ask",status="422"} 1.0',
        'attest_requests_total{route="(none)",status="404"} 1.0',
        'attest_requests_total{route="/v1/documents/{id}",status="200"} 1.0',
        'attest_questions_total{outcome="answered"} 1.0',
        'attest_questions_total{outcome="phrase_not_found"} 1.0',
        'attest_index_passages{generation="gen-000001"} 1.0',
        'attest_stage_seconds_count{stage="rank"} 2.0',
        'attest_request_seconds_count{route="/v1/ask"} 3.0',
    ]:
        assert line in lines
    assert "submarine" not in response.text  # what is asked is nobody else's


# The document that describes it all, and the pages


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/documents/boats", "/v1/documents/boats/text", "/v1/search?q=boats"]
)
def test_head_gives_what_get_gives_without_its_body(client, path):
    whole, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (whole.status_code, b"") == (200, b"")
    for name in ("content-type", "content-length", "etag"):
        assert head.headers.get(name) == whole.headers.get(name)


def test_head_of_what_is_not_there_or_only_posted_to_says_so(client):
    assert client.head("/documents/nowhere").status_code == 404
    assert client.head("/v1/ask").status_code == 405


PATHS = {
    "/v1/ask": {"post"},
    "/v1/search": {"get"},
    "/v1/evidence": {"post"},
    "/v1/evidence/export": {"post"},
    "/v1/verify": {"post"},
    "/v1/feedback": {"post"},
    "/v1/examples": {"get"},
    "/v1/documents": {"get", "post"},
    "/v1/documents/{id}": {"get", "patch", "delete"},
    "/v1/documents/{id}/restore": {"post"},
    "/v1/uploads/{name}": {"delete"},
    "/v1/builds": {"get", "post"},
    "/v1/builds/{id}": {"get"},
    "/v1/collection": {"get"},
    "/v1/collection/files": {"get"},
    "/v1/collection/documents": {"get"},
    "/v1/collection/documents/{id}": {"get"},
    "/v1/documents/{id}/blocks": {"get"},
    "/v1/documents/{id}/sections": {"get"},
    "/v1/documents/{id}/pages": {"get"},
    "/v1/documents/{id}/pages/{page}.png": {"get"},
    "/v1/documents/{id}/boxes": {"get"},
    "/v1/documents/{id}/file": {"get"},
    "/v1/documents/{id}/text": {"get"},
    "/v1/documents/{id}/versions": {"get"},
    "/healthz": {"get"},
    "/readyz": {"get"},
    "/metrics": {"get"},
}


def test_the_openapi_document_has_every_operation(client):
    response = client.get("/openapi.json")
    assert response.headers["content-type"] == "application/json"
    document = response.json()
    assert document["openapi"].startswith("3.")
    assert {path: set(found) for path, found in document["paths"].items()} == PATHS


def test_every_error_in_the_openapi_document_is_a_problem(client):
    document = client.get("/openapi.json").json()
    described = [
        response["content"]
        for operations in document["paths"].values()
        for operation in operations.values()
        for status, response in operation["responses"].items()
        if status.startswith(("4", "5"))
    ]
    reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
    assert described
    assert all(content == {"application/problem+json": reference} for content in described)
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_the_page_the_reference_and_what_they_need_are_served(client):
    for path in ("/", "/docs"):
        response = client.get(path)
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert response.status_code == 200
    assert client.get("/static/style.css").headers["content-type"].startswith("text/css")


def article(page: str) -> str:
    """What a reader of the page reads as the document's text."""
    inside = page.split("<article", 1)[1].split(">", 1)[1].split("</article>", 1)[0]
    kept, depth = [], 0
    for character in inside:
        depth += character == "<"
        if depth == 0:
            kept.append(character)
        depth -= character == ">"
    return unescape("".join(kept))


@pytest.mark.parametrize("id", TEXTS)
@pytest.mark.parametrize("query", ["", "?start=3&end=30", "?start=7&end=9999"])
def test_a_document_page_shows_its_text_and_no_markup_of_its_own(client, id, query):
    response = client.get(f"/documents/{id}{query}")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    # HTML reads every line break as \n.
    assert article(response.content.decode()) == TEXTS[id]
    assert "<script>alert" not in response.text
    assert "<b>boats" not in response.text
    assert "<Boats>" not in response.text


def test_a_document_page_marks_the_range_that_is_asked_for(client):
    page = client.get("/documents/boats?start=26&end=53").text
    assert page.count("<mark") == 1
    assert '<mark id="cited">Red boats sail south today.</mark>' in page


def test_a_mark_is_escaped_like_the_rest(client):
    start = BOATS.index("<b>")
    page = client.get(f"/documents/boats?start={start}&end={start + 3}").text
    assert '<mark id="cited">&lt;b&gt;</mark>' in page


@pytest.mark.parametrize(
    "query",
    [
        "start=26",
        "end=53",
        "start=53&end=26",
        "start=26&end=26",
        "start=-5&end=3",
        "start=0&end=999",
    ],
)
def test_a_range_that_the_document_does_not_have_is_said_to_be_wrong(client, query):
    response = client.get(f"/documents/boats?{query}")
    assert response.status_code == 200
    assert "<mark" not in response.text
    assert "range that this document does not have" in response.text


def test_a_range_that_is_no_number_is_refused(client):
    problem = assert_problem(client.get("/documents/boats?start=x&end=2"), 422, "invalid_request")
    assert [error["field"] for error in problem["errors"]] == ["start"]
