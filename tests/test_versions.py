"""Earlier versions of documents: kept, told, shown beside what they say now, and forgotten."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from collecting import collecting, live, send
from conftest import WordEncoder, at_most
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from service import assert_problem, until

from index import generation, statements, versions
from index.build import build
from index.config import IndexSettings
from qa.service import earlier

FIRST = (
    "The harbour opens at six each morning.\n\n"
    "Every boat pays a fee of ten crowns to the harbour master before it leaves.\n\n"
    "The lighthouse keeper counts the boats at night.\n"
)
SECOND = FIRST.replace("ten crowns", "twelve crowns").replace("The harbour opens", "It opens")
FEE = "Every boat pays a fee of ten crowns to the harbour master before it leaves."


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A document that has had two versions, and one that has had one."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "other.txt").write_text("Something else stands here.")
    for text in (FIRST, SECOND):
        (folder / "harbour.txt").write_text(text)
        build([folder], IndexSettings(data=tmp_path / "var"), lambda _: WordEncoder())
    return folder


@pytest.fixture
def client(tmp_path: Path, folder: Path) -> Iterator[TestClient]:
    with collecting(tmp_path / "var") as client:
        until(lambda: client.get("/readyz").status_code == 200)
        yield client


def rebuilt(folder: Path, text: str) -> None:
    (folder / "harbour.txt").write_text(text)
    build([folder], IndexSettings(data=folder.parent / "var"), lambda _: WordEncoder())


def listed(client: TestClient, id: str = "harbour") -> list[tuple[str, str, str | None]]:
    """Hash, first and last generation of each version."""
    found = client.get(f"/v1/documents/{id}/versions").json()["versions"]
    assert [one["current"] for one in found] == [True] + [False] * (len(found) - 1)
    return [
        (
            *(one["sha256"], one["first"]["generation"]),
            one["last"]["generation"] if one["last"] else None,
        )
        for one in found
    ]


# Kept and told


def test_the_versions_of_a_document_are_told_newest_first(client, folder):
    assert listed(client) == [
        (sha256(SECOND), "gen-000002", None),
        (sha256(FIRST), "gen-000001", "gen-000001"),
    ]
    assert listed(client, "other") == [(sha256("Something else stands here."), "gen-000001", None)]
    rebuilt(folder, FIRST)  # as it was before
    until(lambda: len(listed(client)) == 2 and listed(client)[0][0] == sha256(FIRST))
    assert listed(client) == [
        (sha256(FIRST), "gen-000001", None),
        (sha256(SECOND), "gen-000002", "gen-000002"),
    ]
    assert_problem(client.get("/v1/documents/none/versions"), 404, "unknown_document")


def test_the_text_of_each_version_can_be_had(client):
    for text in (FIRST, SECOND):
        for digits in (8, 12, 64):
            wanted = {"sha256": sha256(text)[:digits]}
            assert client.get("/v1/documents/harbour/text", params=wanted).text == text
    assert client.get("/v1/documents/harbour/text").text == SECOND
    for id, hash in (("harbour", "0" * 64), ("other", sha256(FIRST))):
        response = client.get(f"/v1/documents/{id}/text", params={"sha256": hash})
        assert_problem(response, 404, "unknown_version")
    response = client.get("/v1/documents/harbour/text", params={"sha256": "xyz"})
    assert_problem(response, 422, "invalid_request")


@pytest.mark.parametrize(
    ("hash", "status", "version", "stood"),
    [
        (sha256(FIRST), "changed", "earlier", True),
        (sha256(SECOND), "changed", "current", False),
        ("0" * 64, "changed", None, None),
        (None, "changed", None, None),
    ],
)
def test_a_claim_is_verified_in_its_own_version_too(client, hash, status, version, stood):
    start = FIRST.index(FEE)
    claim = {"document_id": "harbour", "start_char_index": start, "cited_text": FEE}
    claim |= {"end_char_index": start + len(FEE), "document_sha256": hash}
    (result,) = client.post("/v1/verify", json={"citations": [claim]}).json()["results"]
    assert (result["status"], result["version"], result["stood"]) == (status, version, stood)
    false = {**claim, "start_char_index": start + 1}
    (result,) = client.post("/v1/verify", json={"citations": [false]}).json()["results"]
    assert result["stood"] is (None if stood is None else False)


def test_a_claim_that_stands_is_of_the_version_of_now(client):
    words = "The lighthouse keeper counts the boats at night."
    start = SECOND.index(words)
    claim = {"document_id": "harbour", "start_char_index": start, "cited_text": words}
    claim |= {"end_char_index": start + len(words), "document_sha256": sha256(SECOND)}
    (result,) = client.post("/v1/verify", json={"citations": [claim]}).json()["results"]
    assert (result["status"], result["version"], result["stood"]) == ("verified", "current", True)


def test_a_new_version_that_is_uploaded_keeps_the_old_one(tmp_path):
    with collecting(tmp_path / "var") as client:
        live(client, send(client, ("harbour.txt", FIRST)))
        live(client, send(client, ("harbour.txt", SECOND)))
        assert [one[0] for one in listed(client)] == [sha256(SECOND), sha256(FIRST)]
        wanted = {"sha256": sha256(FIRST)}
        assert client.get("/v1/documents/harbour/text", params=wanted).text == FIRST
        # What is deleted is deleted, with all that it was.
        live(client, send(client, ("other.txt", "Something else stands here.")))
        live(client, client.delete("/v1/documents/harbour"))
        live(client, send(client, ("harbour.txt", "Nothing is left of the harbour.")))
        assert len(listed(client)) == 1
    kept = (tmp_path / "var" / versions.FILE).read_bytes()
    assert sha256(FIRST).encode() not in kept


# On the page


def page(client: TestClient, text: str, cited: str, **more: object) -> str:
    start = text.index(cited)
    asked: dict[str, object] = {
        "start": start,
        "end": start + len(cited),
        "sha256": sha256(text)[:12],
    }
    query = {name: str(value) for name, value in {**asked, **more}.items()}
    response = client.get("/documents/harbour", params=query)
    assert response.status_code == 200
    return response.text


def shown(page: str) -> str:
    """The part of a page about the earlier version, as its reader sees it."""
    if '<section class="earlier"' not in page:
        return ""
    part = page.split('<section class="earlier"', 1)[1].split("</section>", maxsplit=1)[0]
    marked = re.sub(r"<(/?)(ins|del)>", r"[\1\2]", part.split(">", 1)[1])
    return " ".join(unescape(re.sub("<[^>]+>", " ", marked)).split())


def test_the_page_shows_what_was_cited_and_what_has_become_of_it(client):
    said = shown(page(client, FIRST, FEE, words=statements.fingerprint(FEE)))
    assert "of an earlier version of this document" in said
    assert f"It said: {FEE}" in said
    assert "a fee of [del]ten [/del][ins]twelve [/ins]crowns to the harbour master" in said
    assert "lighthouse" not in said


def test_the_page_says_where_the_passage_is_as_it_was(client):
    words = "The lighthouse keeper counts the boats at night."
    whole = page(client, FIRST, words, words=statements.fingerprint(words))
    said = shown(whole)
    assert f"It said: {words}" in said
    assert "still reads as it did" in said
    # It is marked where it stands now.
    assert f'<mark id="cited">{words[:-1]}</mark>' in whole


@pytest.mark.parametrize(
    "more",
    [
        {"sha256": sha256(SECOND)[:12]},  # of now
        {"sha256": "0" * 12},  # of none that is known
        {"sha256": "xyz"},
        {"words": statements.fingerprint("other words")},
        {"end": 10**6},
        {"start": 300, "end": 20},
    ],
    ids=str,
)
def test_the_page_claims_nothing_of_an_earlier_version_that_it_does_not_know(client, more):
    assert shown(page(client, FIRST, FEE, **more)) == ""


def test_what_is_shown_of_an_earlier_version_is_escaped(client, folder):
    rebuilt(folder, FIRST.replace("ten crowns", "<script>alert(1)</script>"))
    rebuilt(folder, SECOND)
    bad = FIRST.replace("ten crowns", "<script>alert(1)</script>")
    cited = "a fee of <script>alert(1)</script> to"
    until(lambda: len(listed(client)) == 3 and listed(client)[0][0] == sha256(SECOND))
    whole = page(client, bad, cited)
    assert "<script>alert" not in whole
    assert "<script>alert(1)</script>" in shown(whole)


# The difference


@given(st.text(max_size=300), st.text(max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_the_pieces_make_both_passages(before, now, start, end):
    start, end = sorted((min(start, len(before)), min(end, len(before))))
    found = earlier.compared(before, start, end, now, "2025-01-01T00:00:00")
    assert found.words == before[start:end]
    old = "".join(one.text for one in found.pieces if one.kind != "new").split()
    new = "".join(one.text for one in found.pieces if one.kind != "gone").split()
    assert " ".join(old) in " ".join(before.split())
    assert " ".join(new) in " ".join(now.split())


def test_texts_that_repeat_themselves_are_compared_in_time():
    before, now = "la " * 300_000, "la la lo " * 100_000
    with at_most(10):
        found = earlier.compared(before, 450_000, 450_900, now, "2025-01-01")
    kept = "".join(one.text for one in found.pieces if one.kind != "gone")
    assert "la la lo la la lo" in kept
    assert {one.kind for one in found.pieces} >= {"same", "new"}


# Forgotten, damaged


def test_all_versions_can_be_forgotten(client, tmp_path):
    data = tmp_path / "var"
    assert versions.forget_all(data) == 1
    assert [one[0] for one in listed(client)] == [sha256(SECOND)]
    response = client.get("/v1/documents/harbour/text", params={"sha256": sha256(FIRST)})
    assert_problem(response, 404, "unknown_version")
    assert versions.forget_all(data) == 0


def test_a_store_that_is_damaged_stops_no_build_and_no_answer(client, folder, tmp_path):
    path = tmp_path / "var" / versions.FILE
    path.write_bytes(b"This is no database, though it is long enough to be one." * 100)
    assert [one[0] for one in listed(client)] == [sha256(SECOND)]
    assert shown(page(client, FIRST, FEE)) == ""
    rebuilt(folder, FIRST)
    until(lambda: len(listed(client)) == 2)
    assert path.with_name(f"{path.name}.damaged").exists()


def test_a_store_without_room_stops_the_build_and_leaves_the_index(folder, tmp_path, monkeypatch):
    data = tmp_path / "var"
    real = sqlite3.connect

    def small(*arguments, **options):
        database = real(*arguments, **options)
        if str(arguments[0]).endswith(versions.FILE):
            database.execute("PRAGMA max_page_count=1")  # as large as it is, and no larger
        return database

    monkeypatch.setattr(sqlite3, "connect", small)
    noise = "".join(hashlib.sha256(bytes([n])).hexdigest() for n in range(256))
    rebuilt(folder, f"{FIRST}{noise}{noise[::-1]}")  # it takes a place for its text when it goes
    with pytest.raises(OSError, match="No space left"):
        rebuilt(folder, FIRST)
    monkeypatch.undo()
    assert generation.open_current(data).database.document("harbour") is not None
