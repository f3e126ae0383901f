"""The collection at a glance over HTTP: facts of documents, and what was read of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from collecting import collecting, live, send
from service import assert_problem, until

from index.remarks import FILE

TABLE = "kind,tonnes\napples,70\npears,30\n"
NOTE = "# Notes\n\nApples are red.[^1]\n\n- Pears are green.\n\n[^1]: Not all of them.\n"


@pytest.fixture
def client(settings, index_of):
    index_of({"fruit.csv": TABLE, "notes.md": NOTE})
    with collecting(settings.data) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        yield client


def facts(client, id):
    return client.get(f"/v1/collection/documents/{id}").json()


def test_facts_are_those_of_the_document_and_of_the_list(client):
    listed = {one["id"]: one for one in client.get("/v1/collection/documents").json()["documents"]}
    assert set(listed) == {"fruit", "notes"}
    known = client.get("/v1/documents/notes").json()
    for name in set(listed["notes"]) & set(known):
        assert listed["notes"][name] == known[name]
    assert listed["notes"] == facts(client, "notes")
    assert (listed["notes"]["pages"], listed["notes"]["said"]) == (0, {})
    assert_problem(client.get("/v1/collection/documents/nope"), 404, "unknown_document")


def test_pages_are_counted(settings, index_of):
    pptx = pytest.importorskip("pptx")
    path = settings.data.parent / "slides.pptx"
    deck = pptx.Presentation()
    for title in ("The orchard", "The harbour"):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = f"Bees visit {title.lower()} in early spring."
    deck.save(path)
    index_of({"slides.pptx": path.read_bytes()})
    with collecting(settings.data) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        assert facts(client, "slides")["pages"] == 2
        text = client.get("/v1/documents/slides/text").text
        read = client.get("/v1/documents/slides/blocks").json()
        spans = [(one["start_char_index"], one["end_char_index"]) for one in read["pages"]]
        assert [text[start:end].split("\n")[0] for start, end in spans] == [
            "The orchard",
            "The harbour",
        ]


def test_blocks_are_what_the_text_was_taken_for(client):
    text = client.get("/v1/documents/notes/text").text
    read = client.get("/v1/documents/notes/blocks").json()
    assert read["complete"]
    assert read["sha256"] == facts(client, "notes")["sha256"]
    seen = [
        (one["kind"], text[one["start_char_index"] : one["end_char_index"]])
        for one in read["blocks"]
    ]
    assert ("heading", "Notes") in seen
    assert ("item", "Pears are green.") in seen
    assert "footnote" in {kind for kind, _ in seen}
    text = client.get("/v1/documents/fruit/text").text
    rows = client.get("/v1/documents/fruit/blocks").json()["blocks"]
    assert [text[start:end] for start, end in rows[-1]["cells"]] == ["pears", "30"]
    assert rows[-1]["heads"] == ["kind", "tonnes"]
    assert_problem(client.get("/v1/documents/nope/blocks"), 404, "unknown_document")


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"PK\x03\x04nothing")])
def test_without_what_was_kept_of_the_reading_headings_alone_are_known(client, settings, harm):
    for one in (settings.data / "parsed").glob("*/*"):
        harm(one)
    read = client.get("/v1/documents/notes/blocks").json()
    assert (read["complete"], read["pages"]) == (False, [])
    assert {one["kind"] for one in read["blocks"]} == {"heading"}


def test_what_people_say_is_told_before_and_after_the_build(client, settings):
    said = client.patch("/v1/documents/notes", json={"title": "Fruit notes", "tags": ["a"]})
    assert facts(client, "notes")["said"] == {"title": "Fruit notes"}
    live(client, said)
    now = facts(client, "notes")
    assert (now["title"], now["said"]) == ("Fruit notes", {"title": "Fruit notes"})
    (settings.data / FILE).write_text("{", encoding="utf-8")
    assert facts(client, "notes")["said"] == {}


def test_pages_are_served_before_and_after_there_is_an_index(tmp_path):
    page = {"accept": "text/html"}
    with collecting(tmp_path / "var") as client:
        assert client.get("/v1/collection/documents").json() == {"documents": []}
        assert_problem(client.get("/v1/documents/boats/blocks"), 503, "no_index")
        assert "<table" in client.get("/collection").text
        assert client.get("/collection/boats").status_code == 200
        live(client, send(client, ("boats.txt", "Red boats sail south today.\n")))
        assert client.get("/collection/boats").headers["cache-control"] == "no-cache"
        unknown = client.get("/collection/nope", headers=page)
        assert unknown.status_code == 404
        assert "No such document" in unknown.text
        client.delete("/v1/documents/boats")
        assert client.get("/collection/boats").status_code in {200, 404}
