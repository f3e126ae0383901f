"""Documents that go, come back, and are described anew, while the service answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from collecting import collecting, documents, files, live, quoted, send
from conftest import WordEncoder
from fastapi.testclient import TestClient
from service import assert_problem, until

from index import collection, generation, remarks, uploads
from index import files as disk
from index.build import build
from index.config import IndexSettings
from index.errors import DamagedRemarks
from index.identity import Place
from index.remarks import Remark, Remarks

BOATS = "Red boats sail south today. Blue boats sail north.\n"
FISH = "Green fish swim into nets at night. The CTC (Cod Tracking Council) counts them.\n"
BIRDS = "Grey birds fly over resolution 2462 (2019) and over the water.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three documents, indexed."""
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, text in [("boats.txt", BOATS), ("fish.txt", FISH), ("birds.txt", BIRDS)]:
        (folder / name).write_text(text)
    build([folder], IndexSettings(data=tmp_path / "var"), lambda _: WordEncoder())
    return folder


@pytest.fixture
def client(tmp_path: Path, folder: Path) -> Iterator[TestClient]:
    with collecting(tmp_path / "var") as client:
        until(lambda: client.get("/readyz").status_code == 200)
        yield client


def names(client: TestClient) -> set[str]:
    return set(documents(client))


# Gone at once


def test_a_document_of_a_folder_is_hidden_and_its_file_left_alone(client, folder, tmp_path):
    data = tmp_path / "var"
    with disk.build_lock(data, wait=True):  # no build can help
        response = client.delete("/v1/documents/fish")
        assert response.json()["document"] == {"id": "fish", "name": "fish.txt", "state": "hidden"}
        assert "nets" not in quoted(client, "What swims into nets at night?")
        assert "CTC" not in quoted(client, "What does CTC stand for?")
        assert names(client) == {"boats", "birds"}
        for path in ("", "/text", "/sections"):
            assert_problem(client.get(f"/v1/documents/fish{path}"), 404, "unknown_document")
        assert client.get("/documents/fish", headers={"Accept": "text/html"}).status_code == 404
        claim = {"document_id": "fish", "start_char_index": 0, "end_char_index": 5}
        verdicts = client.post("/v1/verify", json={"citations": [{**claim, "cited_text": "Green"}]})
        assert verdicts.json()["results"][0]["status"] == "unknown_document"
        asked = client.post("/v1/ask", json={"question": "fish?", "documents": ["fish"]})
        assert_problem(asked, 404, "unknown_document")
        assert files(client)["fish.txt"]["state"] == "hidden"
        assert (folder / "fish.txt").read_text() == FISH
    report = live(client, response)["report"]
    assert (report["documents"], report["hidden"], report["removed"]) == (2, ["fish.txt"], [])
    assert names(client) == {"boats", "birds"}
    assert files(client)["fish.txt"] == {
        **{"name": "fish.txt", "id": "fish", "state": "hidden", "reason": "", "bytes": len(FISH)},
        **{"file_sha256": None, "uploaded": False, "folder": "documents", "tags": []},
    }
    # Again, it is hidden already.
    again = client.delete("/v1/documents/fish")
    assert (again.status_code, again.json()["build"]) == (200, None)


def test_what_is_hidden_stays_hidden_for_builds_and_the_command_line(client, folder, tmp_path):
    live(client, client.delete("/v1/documents/fish"))
    settings = IndexSettings(data=tmp_path / "var")
    report = build([folder], settings, lambda _: WordEncoder())
    assert (report.changed, report.documents, report.hidden) == (False, 2, ("fish.txt",))
    assert set(collection.places(settings.data, generation.open_current(settings.data))) == {
        "birds",
        "boats",
    }


def test_a_hidden_document_comes_back_under_its_id(client):
    live(client, client.delete("/v1/documents/fish"))
    response = client.post("/v1/documents/fish/restore")
    assert response.json()["document"]["state"] == "shown"
    live(client, response)
    assert quoted(client, "What swims into nets at night?").startswith("Green fish")
    assert files(client)["fish.txt"]["state"] == "read"
    again = client.post("/v1/documents/fish/restore")
    assert (again.status_code, again.json()["build"]) == (200, None)


def test_an_uploaded_document_is_deleted_with_all_that_was_said_of_it(client, tmp_path):
    live(client, send(client, ("crows.txt", "Black crows steal shiny spoons.")))
    client.patch("/v1/documents/crows", json={"tags": ["thieves"]})
    with disk.build_lock(tmp_path / "var", wait=True):
        response = client.delete("/v1/documents/crows")
        assert response.json()["document"]["state"] == "deleted"
        assert "spoons" not in quoted(client, "Who steals shiny spoons?")
        assert "crows" not in names(client)
        assert "crows.txt" not in files(client)
    assert live(client, response)["report"]["removed"] == []
    assert uploads.names(tmp_path / "var") == []
    assert_problem(client.delete("/v1/documents/crows"), 404, "unknown_document")
    # It may come again, and is what it was.
    live(client, send(client, ("crows.txt", "Black crows steal shiny spoons.")))
    assert documents(client)["crows"]["tags"] == []


def test_a_file_that_is_removed_by_hand_is_answered_from_no_more(client, tmp_path):
    live(client, send(client, ("crows.txt", "Black crows steal shiny spoons.")))
    (tmp_path / "var" / "uploads" / "crows.txt").unlink()
    until(lambda: "crows" not in names(client))
    assert "spoons" not in quoted(client, "Who steals shiny spoons?")


def test_the_last_document_leaves_an_empty_collection_that_may_be_filled_again(tmp_path):
    data = tmp_path / "var"
    with collecting(data) as client:
        live(client, send(client, ("boats.txt", BOATS)))
        with disk.build_lock(data, wait=True):
            response = client.delete("/v1/documents/boats")
            problem = assert_problem(client.get("/readyz"), 503, "no_index")
            assert "no document" in problem["detail"]
        assert live(client, response)["report"] is None
        assert_problem(client.get("/v1/documents"), 503, "no_index")
        assert client.get("/v1/collection").json()["documents"] == 0
        kept = [
            path
            for path in data.rglob("*")
            if path.is_file() and BOATS.encode() in path.read_bytes()
        ]
        assert kept == []
        live(client, send(client, ("boats.txt", BOATS)))
        assert quoted(client, "Which boats sail south?").startswith("Red boats")


def test_a_document_that_is_gone_is_gone_after_a_restart_before_any_build(folder, tmp_path):
    data = tmp_path / "var"
    with disk.build_lock(data, wait=True):
        with collecting(data) as client:
            until(lambda: client.get("/readyz").status_code == 200)
            id = client.delete("/v1/documents/fish").json()["build"]
        with collecting(data) as client:
            until(lambda: client.get("/readyz").status_code == 200)
            assert names(client) == {"boats", "birds"}
            assert client.get(f"/v1/builds/{id}").json()["state"] in {"waiting", "reading"}
    with collecting(data) as client:
        until(lambda: client.get(f"/v1/builds/{id}").json()["state"] == "live", 60)
        assert names(client) == {"boats", "birds"}


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "POST"])
def test_a_document_that_is_not_there_is_said_to_be_unknown(client, method):
    path = "/v1/documents/none" + ("/restore" if method == "POST" else "")
    body = {"json": {"title": "T"}} if method == "PATCH" else {}
    assert_problem(client.request(method, path, **body), 404, "unknown_document")


# A generation, seen without some of its documents


def test_nothing_is_found_of_documents_that_are_left_out(folder, tmp_path):
    whole = generation.open_current(tmp_path / "var")
    part = whole.without(frozenset({"fish", "birds"}))
    assert [one.id for one in part.database.documents()] == ["boats"]
    vector = WordEncoder().encode_query("fish birds boats").dense
    rows = whole.database.rows_of(["boats"])
    assert [hit.row for hit in part.dense.search(vector, 3)] == rows
    assert len(whole.dense.search(vector, 3)) == 3
    stems = whole.lexical.stems("fish birds boats water nets")
    assert {hit.row for hit in part.lexical.search(stems, 3)} == set(rows)
    for word, before, after in (("water", 1, 0), ("boats", 1, 1)):
        (stem,) = whole.lexical.stems(word)
        assert (whole.presence.frequency(stem), part.presence.frequency(stem)) == (before, after)
        assert len(part.presence.documents([stem], 5)) == after
    key = "S/RES/2462"
    assert (len(whole.database.mentioning(key, 5)), part.database.mentioning(key, 5)) == (1, [])
    assert (len(whole.database.definitions_of("CTC")), part.database.definitions_of("CTC")) == (
        1,
        [],
    )
    assert whole.database.id_of("fish.txt") == "fish"
    assert part.database.id_of("fish.txt") is None
    again = part.without(frozenset())
    assert again is whole


# What is said of them


def test_what_is_said_of_a_document_goes_before_all_else_and_stays(client, folder, tmp_path):
    (folder / "catalog.toml").write_text('[documents."fish.txt"]\ntitle = "Of Fish"\n')
    said = {
        "title": "On Fish",
        "publisher": "The Press",
        "date": "2025-03",
        "url": "https://example.org/fish",
        "symbol": "A/2025/1",
        "language": "fr",
        "tags": ["sea", "food", "sea"],
    }
    live(client, client.patch("/v1/documents/fish", json=said))
    document = documents(client)["fish"]
    for name in ("title", "publisher", "date", "url", "language"):
        assert document[name] == said[name]
    assert document["tags"] == ["sea", "food"]
    entry = generation.open_current(tmp_path / "var").database.document("fish")
    assert entry is not None
    assert entry.symbol == "A/2025/1"
    # A build from the shell keeps it; another version of the file, too.
    (folder / "fish.txt").write_text(FISH + "More of them come.\n")
    build([folder], IndexSettings(data=tmp_path / "var"), lambda _: WordEncoder())
    until(lambda: documents(client)["fish"]["characters"] > len(FISH))
    assert documents(client)["fish"]["title"] == "On Fish"
    # What is taken back leaves the word to the catalog.
    live(client, client.patch("/v1/documents/fish", json={"title": None, "publisher": None}))
    document = documents(client)["fish"]
    assert (document["title"], document["publisher"]) == ("Of Fish", "")
    assert document["date"] == "2025-03"


def test_tags_need_no_build_and_filter(client):
    for id, tags in (("fish", ["sea"]), ("boats", ["sea", "old"])):
        response = client.patch(f"/v1/documents/{id}", json={"tags": tags})
        assert (response.status_code, response.json()["build"]) == (200, None)
    assert client.get("/v1/documents/boats").json()["tags"] == ["sea", "old"]
    assert files(client)["boats.txt"]["tags"] == ["sea", "old"]
    for tag, found in (("sea", {"fish", "boats"}), ("old", {"boats"}), ("none", set())):
        listed = client.get("/v1/documents", params={"tag": tag}).json()["documents"]
        assert {one["id"] for one in listed} == found
    client.patch("/v1/documents/boats", json={"tags": None})
    assert client.get("/v1/documents/boats").json()["tags"] == []


def test_the_same_said_again_needs_no_build(client):
    live(client, client.patch("/v1/documents/fish", json={"title": "On Fish"}))
    response = client.patch("/v1/documents/fish", json={"title": "On Fish"})
    assert (response.status_code, response.json()["build"]) == (200, None)
    assert client.patch("/v1/documents/fish", json={}).json()["build"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": " "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"title": "one\ntwo"}, "title"),
        ({"title": 1}, "title"),
        ({"date": "yesterday"}, "date"),
        ({"date": "2025-02-30"}, "date"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "no address"}, "url"),
        ({"language": "English"}, "language"),
        ({"language": "zz"}, "language"),
        ({"tags": "sea"}, "tags"),
        ({"tags": ["x" * 41]}, "tags.0"),
        ({"tags": ["a"] * 21}, "tags"),
        ({"tags": [""]}, "tags.0"),
        ({"author": "me"}, "author"),
    ],
    ids=str,
)
def test_what_cannot_be_said_is_refused_field_by_field(client, body, field):
    problem = assert_problem(client.patch("/v1/documents/fish", json=body), 422, "invalid_request")
    assert [one["field"] for one in problem["errors"]] == [field]


# How it is kept


def test_remarks_are_kept_for_people_to_read_and_move_with_their_folders(tmp_path):
    data, root = tmp_path / "a" / "var", tmp_path / "a" / "documents"
    root.mkdir(parents=True)
    (data / "uploads").mkdir(parents=True)
    places = Place(str(root), "sub/x.txt"), Place(str(uploads.root(data)), "naïve \udcff.txt")
    said = (
        Remarks().saying(places[0], Remark(title="Über X")).saying(places[1], Remark(hidden=True))
    )
    said.write(data)
    kept = json.loads((data / remarks.FILE).read_text())["roots"]
    assert kept == {
        str(root): {"sub/x.txt": {"title": "Über X"}},
        "uploads": {"naïve \udcff.txt": {"hidden": True}},
    }
    assert Remarks.open(data) == said
    (tmp_path / "a").rename(tmp_path / "b")
    (tmp_path / "b" / "var").rename(tmp_path / "b" / "data")
    moved = Remarks.open(tmp_path / "b" / "data")
    assert moved.hidden() == [Place(str(tmp_path / "b" / "data" / "uploads"), "naïve \udcff.txt")]
    assert moved.of(Place(str(tmp_path / "b" / "documents"), "sub/x.txt")).title == "Über X"
    # The same file is known below another root.
    assert moved.of(Place(str(tmp_path / "b" / "documents" / "sub"), "x.txt")).title == "Über X"


@pytest.mark.parametrize(
    "content",
    [
        *("", "{", "[]", "null", "\xff"),
        '{"beside": "/", "roots": []}',
        '{"beside": "/", "roots": {"/a": {"x": {"tittle": "T"}}}}',
    ],
)
def test_remarks_that_cannot_be_read_stop_a_build_and_are_not_lost(folder, tmp_path, content):
    settings = IndexSettings(data=tmp_path / "var")
    path = settings.data / remarks.FILE
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(DamagedRemarks, match=r"remarks\.json in the data folder cannot be read"):
        build([folder], settings, lambda _: WordEncoder())
    assert path.read_bytes() == content.encode("latin-1")


def test_remarks_that_cannot_be_read_are_told_and_change_no_answer(client, tmp_path):
    live(client, client.delete("/v1/documents/fish"))
    path = tmp_path / "var" / remarks.FILE
    kept = path.read_text()
    path.write_text(kept[:-5])
    assert quoted(client, "Which boats sail south?").startswith("Red boats")
    problem = assert_problem(client.delete("/v1/documents/boats"), 503, "index_unavailable")
    assert "remarks.json" in problem["detail"]
    path.write_text(kept)
    assert client.delete("/v1/documents/boats").status_code == 202


def test_ids_of_uploads_outlive_a_move_of_the_data_folder(tmp_path):
    def ids(data: Path) -> list[str]:
        with collecting(data) as client:
            if not (data / "CURRENT").exists():
                live(client, send(client, ("Same Name.txt", BOATS), ("same-name.md", FISH)))
            until(lambda: client.get("/readyz").status_code == 200)
            live(client, client.post("/v1/builds"))
            return sorted(names(client))

    before = ids(tmp_path / "var")
    (tmp_path / "var").rename(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "uploads" / "Same Name.txt").write_text(BOATS + "New.\n")
    assert ids(tmp_path / "elsewhere") == before
