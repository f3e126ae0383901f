"""Feedback: kept line by line whatever happens, given back as questions for evaluation."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest
from service import assert_problem, serving, until
from test_cli import asking, run  # noqa: F401

from eval import cases, gold
from index import generation
from qa.errors import FeedbackNotStored
from qa.service import feedback
from qa.service.schemas import FeedbackRequest

BOATS = "Red boats sail south today. Blue boats sail north.\n"
QUESTION = "Which boats sail south?"
CITATION = {
    "document_id": "boats",
    "start_char_index": 0,
    "end_char_index": 27,
    "cited_text": "Red boats sail south today.",
}


def opinion(rating="up", **fields):
    base = {"question": QUESTION, "rating": rating, "answered": True, "citations": [CITATION]}
    return {**base, **fields}


def stored(**fields):
    return FeedbackRequest.model_validate(opinion(**fields))


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "var" / feedback.FILE


@pytest.fixture
def store(path):
    return feedback.Store(path, 1024**2)


@pytest.fixture
def client(answerer_of, settings):
    answerer = answerer_of({"boats.txt": BOATS})
    with serving(settings.data, lambda: answerer, feedback_max_mb=0.01) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        yield client


def lines_of(*opinions):
    return [json.loads(line) for line in feedback.to_lines(opinions)]


# Kept


def test_what_is_added_can_be_read_in_order(store, path):
    opinions = [stored(comment=f"Line\nbreak {n} “ü” \U0001f6a2 \u2028") for n in range(3)]
    for one in opinions:
        store.add(one)
    assert feedback.read(path) == (opinions, 0)


def test_nothing_is_lost_between_threads(store, path):
    another = feedback.Store(path, 1024**2)  # as a second process would have it

    def add(number):
        for part in range(25):
            (store, another)[number % 2].add(stored(comment=f"{number} {part} " + "x" * 500))

    threads = [threading.Thread(target=add, args=[number]) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    found, unreadable = feedback.read(path)
    assert unreadable == 0
    said = {tuple(one.comment.split()[:2]) for one in found}
    assert len(found) == len(said) == 200


def test_a_line_that_was_cut_off_spoils_no_other(store, path):
    store.add(stored())
    with path.open("ab") as file:
        file.write(b'{"at": "2026-01-01", "question": "cut o')
    store.add(stored(comment="after"))
    found, unreadable = feedback.read(path)
    assert [one.comment for one in found] == ["", "after"]
    assert unreadable == 1


def test_a_full_file_takes_no_more_and_stays_whole(path):
    store = feedback.Store(path, 600)
    store.add(stored())
    before = path.read_bytes()
    with pytest.raises(FeedbackNotStored, match="no room"):
        store.add(stored(comment="x" * 600))
    assert path.read_bytes() == before


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "var").write_text("a file, not a folder")
    with pytest.raises(FeedbackNotStored, match="could not be written"):
        feedback.Store(tmp_path / "var" / feedback.FILE, 1000).add(stored())


def test_it_is_on_the_disk_before_it_is_said_to_be(store, monkeypatch):
    flushed: list[int] = []
    monkeypatch.setattr(os, "fsync", flushed.append)
    store.add(stored())
    assert len(flushed) == 1


# Over HTTP


def test_an_opinion_is_stored(client, settings):
    response = client.post("/v1/feedback", json=opinion(comment=" Good. "))
    assert response.status_code == 201
    (line,) = (settings.data / feedback.FILE).read_text(encoding="utf-8").splitlines()
    kept = json.loads(line)
    assert kept["at"] == response.json()["stored_at"]
    assert (kept["question"], kept["rating"], kept["comment"]) == (QUESTION, "up", "Good.")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rating": "sideways"}, "rating"),
        ({"question": ""}, "question"),
        ({"question": "x" * 2001}, "question"),
        ({"comment": "x" * 2001}, "comment"),
        ({"comment": "\ud800"}, "comment"),
        ({"answered": None}, "answered"),
        ({"citations": [CITATION] * 21}, "citations"),
        ({"history": [{"question": "x"}] * 21}, "history"),
        ({"generation": "x" * 101}, "generation"),
        ({"more": 1}, "more"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_an_opinion_that_is_not_as_it_must_be_is_refused(client, settings, change, field):
    body = json.dumps(opinion(**change))
    response = client.post(
        "/v1/feedback", content=body, headers={"Content-Type": "application/json"}
    )
    problem = assert_problem(response, 422, "invalid_request")
    assert [one["field"] for one in problem["errors"]] == [field]
    assert not (settings.data / feedback.FILE).exists()


def test_when_there_is_no_room_the_client_is_told(client):
    for _ in range(20):
        response = client.post("/v1/feedback", json=opinion(comment="x" * 1000))
        if response.status_code != 201:
            break
    assert_problem(response, 507, "feedback_not_stored")


# Given back


def test_a_helpful_answer_gives_gold_that_stands_in_the_documents(answerer_of, settings, tmp_path):
    answerer_of({"boats.txt": BOATS})
    file = tmp_path / "set.jsonl"
    file.write_text("\n".join(feedback.to_lines([stored(comment="Just so.")])), encoding="utf-8")
    (case,) = cases.read(file)
    assert (case.question, case.answerable, case.kind) == (QUESTION, True, "feedback")
    assert case.note == "Just so."
    database = generation.open_current(settings.data).database
    (group,) = gold.find(case, gold.Indexed(database))
    assert [(one.place.start, one.place.end) for one in group] == [(0, 27)]
    assert gold.check([case], gold.Indexed(database)) == []


def test_an_unhelpful_answer_gives_a_line_to_complete(tmp_path):
    file = tmp_path / "set.jsonl"
    opinions = [stored(rating="down", comment="It is the blue ones.")]
    file.write_text("\n".join(feedback.to_lines(opinions)), encoding="utf-8")
    (case,) = cases.read(file)
    assert case.gold == ()
    assert "Red boats sail south today." in case.note
    assert "It is the blue ones." in case.note
    found = gold.check([case], None)
    assert [(one.what, one.wrong) for one in found] == [("it is answerable, but has no gold", True)]


def test_a_refusal_that_was_right_is_a_question_without_an_answer():
    (line,) = lines_of(stored(answered=False, citations=[]))
    assert (line["answerable"], "gold" in line) == (False, False)
    (line,) = lines_of(stored(rating="down", answered=False, citations=[]))
    assert line["answerable"] is True
    assert "declined" in line["note"]


def test_of_several_opinions_the_last_counts_under_the_same_id():
    first, last = stored(), stored(rating="down")
    (one,), (both,) = lines_of(first), lines_of(first, last)
    assert one["id"] == both["id"]
    assert "gold" not in both
    assert "helpful 1 and not helpful 1" in both["note"]


def test_the_same_words_in_other_circumstances_are_another_question():
    other = {"history": [{"question": "What sails?", "answer": "Boats."}]}
    lines = lines_of(stored(), stored(**other), stored(documents=["boats"]))
    assert len({line["id"] for line in lines}) == 3
    assert lines[1]["history"] == other["history"]
    assert lines[2]["documents"] == ["boats"]


# On the command line


def test_the_command_prints_the_lines(asking, settings):  # noqa: F811
    feedback.Store(settings.data / feedback.FILE, 10**6).add(stored())
    result = asking("feedback")
    assert result.exit_code == 0
    assert [json.loads(line)["question"] for line in result.stdout.splitlines()] == [QUESTION]


def test_the_command_writes_a_file(asking, settings, tmp_path):  # noqa: F811
    feedback.Store(settings.data / feedback.FILE, 10**6).add(stored())
    into = tmp_path / "set.jsonl"
    assert asking("feedback", "--into", into).exit_code == 0
    assert [one.question for one in cases.read(into)] == [QUESTION]
    result = asking("feedback", "--into", tmp_path / "no" / "folder")
    assert result.exit_code == 1
    assert "No such file" in result.stderr


def test_the_command_says_when_there_is_nothing(asking):  # noqa: F811
    result = asking("feedback")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "no feedback is kept" in result.stderr


def test_the_command_counts_what_it_cannot_read(asking, settings):  # noqa: F811
    path = settings.data / feedback.FILE
    feedback.Store(path, 10**6).add(stored())
    path.write_bytes(path.read_bytes() + b"\xff\n[]\n")
    result = asking("feedback")
    assert result.exit_code == 3
    assert len(result.stdout.splitlines()) == 1
    assert "2 lines" in result.stderr
