"""Files that are added to a running service, taken whole and built; and those that are not."""

from __future__ import annotations

import hashlib
import threading
import unicodedata
from collections.abc import Iterator

import pytest
from collecting import SECONDS, built, collecting, documents, files, live, quoted, send
from fastapi.testclient import TestClient
from service import HERE, assert_problem, until

from index import files as disk
from index import uploads
from index.build import build
from index.errors import UnusableName
from index.uploads import safe_name

BOATS = "Red boats sail south today. Blue boats sail north.\n"
FISH = "# Fishing\n\nGreen fish swim into nets at night.\n"
NO_PDF = b"%PDF-1.7\nThis is no PDF at all."


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service to which anything may be sent, as long as it is new: one process that builds for
    many tests."""
    with collecting(tmp_path_factory.mktemp("shared") / "var", max_upload_files=4) as client:
        live(client, send(client, ("boats.txt", BOATS)))
        yield client


def sha256(text: str | bytes) -> str:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


# Taken


def test_the_first_upload_makes_an_empty_service_answer(tmp_path):
    with collecting(tmp_path / "var") as client:
        assert_problem(client.get("/readyz"), 503, "no_index")
        assert client.get("/").status_code == 200
        response = send(client, ("boats.txt", BOATS))
        assert response.json()["documents"] == [
            {
                "name": "boats.txt",
                "state": "waiting",
                "file_sha256": sha256(BOATS),
                "id": None,
                "replaces": False,
                "reason": "",
            }
        ]
        build = live(client, response)
        assert client.get("/readyz").status_code == 200
        assert quoted(client, "Which boats sail south?") == "Red boats sail south today. [1]"
        assert build["report"]["documents"] == 1
        assert [one["action"] for one in build["changes"]] == ["add"]
        assert (build["progress"], build["failed"], build["detail"]) == (None, [], "")
        (document,) = documents(client).values()
        assert (document["id"], document["source"]) == ("boats", "boats.txt")
        assert (document["file_sha256"], document["uploaded"]) == (sha256(BOATS), True)
        send(client, ("ships.txt", BOATS), ("a.exe", b"x"))
        counted = client.get("/metrics").text
    for line in (
        'attest_uploads_total{state="waiting"} 1.0',
        'attest_uploads_total{state="same"} 1.0',
        'attest_uploads_total{state="refused"} 1.0',
        f"attest_upload_bytes_total {float(len(BOATS))}",
        'attest_builds_total{state="live"} 1.0',
        "attest_build_seconds_count 1.0",
    ):
        assert line in counted


def test_uploads_join_the_folder_that_was_indexed(tmp_path, settings, index_of, encoder):
    index_of({"boats.txt": BOATS})
    with collecting(settings.data) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        (one,) = send(client, ("ships.txt", BOATS)).json()["documents"]
        assert (one["state"], one["id"]) == ("same", "boats")
        assert uploads.names(settings.data) == []
        live(client, send(client, ("fish.md", FISH)))
        assert {id: one["uploaded"] for id, one in documents(client).items()} == {
            "boats": False,
            "fish": True,
        }
        assert quoted(client, "What swims into nets at night?").startswith("Green fish")
        shown = client.get("/v1/collection").json()
        assert (shown["documents"], shown["folders"]) == (2, ["documents"])
    # From the shell, with a folder of its own, all the same.
    other = tmp_path / "other"
    other.mkdir()
    (other / "birds.txt").write_text("Grey birds fly over the water.")
    report = build([other], settings, lambda _: encoder)
    assert (report.documents, report.removed) == (2, ("boats.txt",))


def test_several_files_are_one_build(shared):
    response = send(shared, ("one.txt", "One crow sings."), ("two.txt", "Two crows sing."))
    assert [one["name"] for one in live(shared, response)["changes"]] == ["one.txt", "two.txt"]
    assert {"one", "two"} < set(documents(shared))


def test_the_same_file_is_one_document_whatever_its_name(shared):
    for name in ("boats.txt", "ships.txt"):
        response = send(shared, (name, BOATS))
        assert response.status_code == 200
        assert response.json()["build"] is None
        (one,) = response.json()["documents"]
        assert (one["state"], one["id"]) == ("same", "boats")
        assert one["reason"] == "is here already, as boats.txt"
    twice = send(shared, ("a.md", FISH), ("b.md", FISH))
    assert [one["state"] for one in twice.json()["documents"]] == ["waiting", "same"]
    live(shared, twice)
    assert "a" in documents(shared)
    assert "b.md" not in files(shared)


def test_other_bytes_under_a_name_are_a_new_version_of_its_document(shared):
    old = "Brown geese fly east in spring.\n"
    new = old.replace("east", "west")
    live(shared, send(shared, ("geese.txt", old)))
    response = send(shared, ("geese.txt", new))
    (one,) = response.json()["documents"]
    assert (one["state"], one["id"], one["replaces"]) == ("waiting", "geese", True)
    build = live(shared, response)
    assert [(one["action"], one["id"]) for one in build["changes"]] == [("replace", "geese")]
    assert quoted(shared, "Where do brown geese fly?") == "Brown geese fly west in spring. [1]"
    assert documents(shared)["geese"]["file_sha256"] == sha256(new)
    # And back again: what was sent last counts, not what was live before.
    response = send(shared, ("geese.txt", old))
    assert response.json()["documents"][0]["state"] == "waiting"
    live(shared, response)
    assert documents(shared)["geese"]["file_sha256"] == sha256(old)


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ("larks.txt", "LARKS.txt"),
        ("finches.txt", "Finches.TXT"),
        ("rôles.txt", unicodedata.normalize("NFD", "Rôles.txt")),
    ],
)
def test_names_that_a_file_system_may_take_for_one_are_one(shared, first, other):
    live(shared, send(shared, (first, f"The first {first} sings.")))
    before = set(documents(shared))
    response = send(shared, (other, f"The other {first} sings."))
    (one,) = response.json()["documents"]
    assert (one["name"], one["replaces"]) == (first, True)
    live(shared, response)
    assert set(documents(shared)) == before


def test_two_files_of_one_name_in_a_request_are_not_guessed_between(shared):
    response = send(shared, ("owls.txt", "An owl hunts at dusk."), ("Owls.txt", "An owl sleeps."))
    first, second = response.json()["documents"]
    assert (first["state"], second["state"]) == ("waiting", "refused")
    assert second["reason"] == "has the name of another file of this request, and other content"
    live(shared, response)
    assert quoted(shared, "When does an owl hunt?") == "An owl hunts at dusk. [1]"


def test_two_uploads_of_one_name_at_once_leave_one_of_them_whole(shared):
    texts = [f"Swan number {n} swims south today.\n" * 2000 for n in range(6)]
    responses = []

    def upload(text: str) -> None:
        responses.append(send(shared, ("swans.txt", text)))

    threads = [threading.Thread(target=upload, args=[text]) for text in texts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.status_code for one in responses] == [202] * 6
    for one in responses:
        live(shared, one)
    assert shared.get("/v1/documents/swans/text").text in texts


def test_what_waits_is_taken_into_one_build(shared):
    data = shared.app.state.live.data
    with disk.build_lock(data, wait=True):
        first = send(shared, ("gull.txt", "One gull flies over the sea."))
        address = first.headers["location"]
        until(lambda: "another build" in shared.get(address).json()["detail"], SECONDS)
        assert shared.get(address).json()["state"] == "waiting"
        later = [send(shared, (f"gull-{n}.txt", f"Gull number {n} sings.")) for n in range(3)]
        assert len({one.json()["build"] for one in later} - {first.json()["build"]}) == 1
        assert files(shared)["gull-2.txt"]["state"] == "waiting"
        listed = [one["id"] for one in shared.get("/v1/builds").json()["builds"]]
        assert listed == sorted(listed, reverse=True)
        assert shared.get("/v1/collection").json()["building"] == first.json()["build"]
    live(shared, first)
    build = live(shared, later[0])
    assert [one["name"] for one in build["changes"]] == [f"gull-{n}.txt" for n in range(3)]
    assert {"gull", "gull-0", "gull-1", "gull-2"} < set(documents(shared))
    assert shared.get("/v1/collection").json()["building"] is None


# Not read


def test_a_file_that_cannot_be_read_is_told_with_the_reason(shared):
    response = send(shared, ("wren.txt", "A wren hides in the hedge."), ("bad.pdf", NO_PDF))
    build = live(shared, response)
    assert [one["name"] for one in build["failed"]] == ["bad.pdf"]
    assert build["failed"] == build["report"]["skipped"]
    listed = files(shared)
    assert (listed["wren.txt"]["state"], listed["wren.txt"]["id"]) == ("read", "wren")
    bad = listed["bad.pdf"]
    assert (bad["state"], bad["id"], bad["uploaded"]) == ("skipped", None, True)
    assert bad["reason"] == build["failed"][0]["reason"]
    assert bad["bytes"] == len(NO_PDF)
    # It can be taken away all the same.
    live(shared, shared.delete("/v1/uploads/bad.pdf"))
    assert "bad.pdf" not in files(shared)


def test_a_build_of_nothing_that_can_be_read_fails_and_says_so(tmp_path):
    with collecting(tmp_path / "var") as client:
        build = built(client, send(client, ("bad.pdf", NO_PDF)))
        assert build["state"] == "failed"
        assert "no document found" in build["detail"]
        assert [one["name"] for one in build["failed"]] == ["bad.pdf"]
        bad = files(client)["bad.pdf"]
        assert (bad["state"], bad["reason"]) == ("skipped", build["failed"][0]["reason"])
        assert_problem(client.get("/readyz"), 503, "no_index")
        # Sent again it is tried again, not called the same.
        assert send(client, ("bad.pdf", NO_PDF)).json()["documents"][0]["state"] == "waiting"


def test_a_folder_that_is_gone_fails_the_build_and_takes_nothing_away(settings, index_of, tmp_path):
    index_of({"boats.txt": BOATS})
    (tmp_path / "documents").rename(tmp_path / "elsewhere")
    with collecting(settings.data) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        build = built(client, send(client, ("fish.md", FISH)))
        assert build["state"] == "failed"
        assert "the folder documents is not there any more" in build["detail"]
        assert str(tmp_path) not in build["detail"]
        assert quoted(client, "Which boats sail south?").startswith("Red boats")
        assert files(client)["fish.md"]["state"] == "failed"
        (tmp_path / "elsewhere").rename(tmp_path / "documents")
        live(client, client.post("/v1/builds"))
        assert set(documents(client)) == {"boats", "fish"}
        assert files(client)["fish.md"]["state"] == "read"


# Refused


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../boats.txt", "boats.txt"),
        ("C:\\fakepath\\boats.txt", "boats.txt"),
        ("/etc/boats.txt", "boats.txt"),
        ("  boats.txt ", "boats.txt"),
        ("CON.txt", "CON.txt"),
        ("bo%2Fats.txt", "bo%2Fats.txt"),
        (unicodedata.normalize("NFD", "bôats.txt"), unicodedata.normalize("NFC", "bôats.txt")),
        ("лодки.txt", "лодки.txt"),
        ("-rf.txt", "-rf.txt"),
        ("\U0001f6a2.txt", "\U0001f6a2.txt"),
    ],
)
def test_a_name_is_kept_without_what_it_says_of_folders(name, kept):
    assert safe_name(name) == kept
    assert safe_name(kept) == kept


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "has no name"),
        ("..", "has no name"),
        ("../", "has no name"),
        (" ", "has no name"),
        (".boats.txt", "begins with a dot"),
        ("bo\x00ats.txt", "cannot be seen"),
        ("bo\nats.txt", "cannot be seen"),
        ("bo\x7fats.txt", "cannot be seen"),
        ("boats\u202etxt.exe.txt", "cannot be seen"),
        ("bo\ud800ats.txt", "cannot be seen"),
        ("x" * 300 + ".txt", "more than 240 bytes"),
        ("\U0001f6a2" * 100 + ".txt", "more than 240 bytes"),
    ],
    ids=repr,
)
def test_a_name_that_cannot_be_kept_is_refused(name, why):
    with pytest.raises(UnusableName, match=why):
        safe_name(name)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (".boats.txt", "begins with a dot"),
        ("x" * 300 + ".txt", "more than 240 bytes"),
        ("boats.exe", "not of a kind that can be read"),
        ("catalog.toml", "not of a kind that can be read"),
        ("boats", "not of a kind that can be read"),
    ],
)
def test_an_upload_of_nothing_that_can_be_taken_is_refused(shared, name, why):
    problem = assert_problem(send(shared, (name, BOATS)), 422, "invalid_request")
    (error,) = problem["errors"]
    assert error["field"] == "files.0"
    assert why in error["message"]


def test_a_file_that_is_refused_keeps_no_other_out(shared):
    response = send(shared, ("ducks.exe", b"MZ"), ("ducks.txt", "Ducks dive in the pond."))
    first, second = response.json()["documents"]
    assert (first["state"], first["file_sha256"]) == ("refused", None)
    assert second["state"] == "waiting"
    live(shared, response)


def test_a_file_over_the_limit_is_refused_and_not_kept(tmp_path):
    with collecting(tmp_path / "var", index={"max_file_mb": 0.25}) as client:
        response = send(client, ("large.txt", b"x" * 2**19), ("boats.txt", BOATS))
        first, second = response.json()["documents"]
        assert first["reason"] == "is larger than 0.25 MiB (setting ATTEST_MAX_FILE_MB)"
        assert second["state"] == "waiting"
        shown = client.get("/v1/collection").json()["uploads"]
        assert shown["max_file_bytes"] == 2**18
    assert uploads.names(tmp_path / "var") == ["boats.txt"]
    assert [*(tmp_path / "var" / "incoming").iterdir()] == []


def test_an_upload_over_the_limit_is_refused_announced_or_not(tmp_path):
    with collecting(tmp_path / "var", max_upload_mb=0.25) as client:
        large = ("large.txt", b"x" * 2**19)
        said = "the request is larger than 256 KiB"
        assert assert_problem(send(client, large), 413, "too_large")["detail"] == said
        body = client.build_request("POST", "/v1/documents", files=[("files", large)]).read()
        kind = client.build_request("POST", "/", files=[("files", large)]).headers["content-type"]
        pieces = (body[n : n + 10_000] for n in range(0, len(body), 10_000))
        response = client.post("/v1/documents", content=pieces, headers={"Content-Type": kind})
        assert assert_problem(response, 413, "too_large")["detail"] == said
        # Questions have their own limit, larger or smaller.
        assert_problem(client.post("/v1/ask", content=b" " * (511 * 1024)), 503, "no_index")
    with collecting(tmp_path / "var") as client:
        response = client.post("/v1/ask", content=b" " * (513 * 1024))
        assert_problem(response, 413, "too_large")
        assert send(client, ("large.txt", b"x" * 2**20)).status_code == 202
    assert uploads.names(tmp_path / "var") == ["large.txt"]


def test_more_files_than_an_upload_may_bring_are_refused(shared):
    response = send(shared, *((f"too-many-{n}.txt", BOATS) for n in range(5)))
    problem = assert_problem(response, 413, "too_many_files")
    assert "at most 4 files" in problem["detail"]
    assert not [name for name in files(shared) if name.startswith("too-many")]


FORM = "multipart/form-data; boundary=xxx"
PART = b'--xxx\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nText.\r\n'


@pytest.mark.parametrize(
    ("kind", "body", "status", "code"),
    [
        ("application/json", b"{}", 415, "not_a_form"),
        ("text/plain", b"Text.", 415, "not_a_form"),
        ("application/x-www-form-urlencoded", b"files=x", 415, "not_a_form"),
        ("", PART, 415, "not_a_form"),
        ("multipart/form-data", PART, 400, "malformed_upload"),
        ("multipart/form-data; boundary=" + "x" * 300, PART, 400, "malformed_upload"),
        (FORM, b"", 400, "malformed_upload"),
        (FORM, b"Text.", 400, "malformed_upload"),
        (FORM, b"--xxx--\r\n", 400, "malformed_upload"),
        (FORM, PART, 400, "malformed_upload"),
        (FORM, PART + b"--xxx", 400, "malformed_upload"),
        (FORM, PART[:40], 400, "malformed_upload"),
        (FORM, b"--xxx\r\n" + b"X: y\r\n" * 100_000, 400, "malformed_upload"),
        (FORM, PART.replace(b'; filename="a.txt"', b"") + b"--xxx--", 422, "invalid_request"),
        (FORM, PART.replace(b'"files"', b'"other"') + b"--xxx--", 422, "invalid_request"),
        (FORM, PART.replace(b"Content-Disposition", b"X") + b"--xxx--", 422, "invalid_request"),
        (FORM, PART.replace(b"a.txt", b"\xff\xfe\x00.txt") + b"--xxx--", 422, "invalid_request"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_body_that_is_no_whole_form_is_refused(shared, kind, body, status, code):
    before = files(shared)
    headers = {"Content-Type": kind} if kind else {}
    assert_problem(shared.post("/v1/documents", content=body, headers=headers), status, code)
    assert files(shared) == before


def test_a_file_whose_part_says_another_type_is_read_as_what_it_is(shared):
    part = ("heron.txt", b"The heron waits in the reeds.", "application/x-msdownload")
    live(shared, shared.post("/v1/documents", files=[("files", part)]))
    assert quoted(shared, "Where does the heron wait?") == "The heron waits in the reeds. [1]"


def test_an_unknown_build_and_an_unknown_file_are_said_to_be(shared):
    for id in ("build-000099", "..", "build-1", "%00", "build-000001.json"):
        assert_problem(
            shared.get(f"/v1/builds/{id}"), 404, {"..": "not_found"}.get(id, "unknown_build")
        )
    assert_problem(shared.delete("/v1/uploads/none.txt"), 404, "unknown_file")


# Who may


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Host": "attest.example.org"}, "uploads_not_local"),
        ({"Host": "192.168.1.5:8000"}, "uploads_not_local"),
        ({"Host": "127.0.0.1.example.org"}, "uploads_not_local"),
        ({"Host": "localhost.example.org:8000"}, "uploads_not_local"),
        ({"Host": "[::1"}, "uploads_not_local"),
        ({"X-Forwarded-For": "203.0.113.9"}, "uploads_not_local"),
        ({"Forwarded": "for=203.0.113.9"}, "uploads_not_local"),
        ({"Via": "1.1 proxy"}, "uploads_not_local"),
        ({"Origin": "https://evil.example"}, "cross_site"),
        ({"Origin": "null"}, "cross_site"),
        ({"Origin": "http://127.0.0.1:3000"}, "cross_site"),
        ({"Origin": "https://127.0.0.1:8000"}, ""),  # a proxy in front of it may speak TLS
        ({"Origin": "http://[::1"}, "cross_site"),
        ({"Sec-Fetch-Site": "cross-site"}, "cross_site"),
        ({"Sec-Fetch-Site": "same-site", "Origin": HERE}, "cross_site"),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"}, "cross_site"),
        ({"Sec-Fetch-Site": "same-origin", "Origin": HERE}, ""),
        ({"Sec-Fetch-Site": "none"}, ""),
        ({"Origin": HERE}, ""),
        ({"Host": "localhost:8000", "Origin": "http://localhost:8000"}, ""),
        ({"Host": "LOCALHOST."}, ""),
        ({"Host": "[::1]:8000"}, ""),
        ({"Host": "attest.localhost"}, ""),
        ({}, ""),
    ],
    ids=str,
)
def test_only_this_machine_and_no_other_page_may_change_the_collection(shared, headers, code):
    shown = shared.get("/v1/collection", headers=headers).json()["uploads"]
    assert (shown["allowed"], shown["code"]) == (not code, code or None)
    changes = [
        ("POST", "/v1/documents"),
        ("DELETE", "/v1/documents/none"),
        ("PATCH", "/v1/documents/none"),
        ("POST", "/v1/documents/none/restore"),
        ("DELETE", "/v1/uploads/none.txt"),
    ]
    for method, path in changes:
        body = {"json": {"title": "T"}} if method == "PATCH" else {}
        response = shared.request(method, path, headers=headers, **body)
        if code:
            assert assert_problem(response, 403, code)["detail"] == shown["reason"]
        else:
            assert response.status_code in {404, 415}
    if code:
        assert_problem(shared.post("/v1/builds", headers=headers), 403, code)
        assert_problem(send(shared, ("no.txt", BOATS), headers=headers), 403, code)
    assert "no.txt" not in files(shared)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])
def test_elsewhere_uploads_have_to_be_allowed(tmp_path, host):
    with collecting(tmp_path / "var", host=host) as client:
        problem = assert_problem(send(client, ("a.txt", BOATS)), 403, "uploads_not_local")
        assert "ATTEST_UPLOADS=on" in problem["detail"]
    allowed = {"Host": "attest.example.org", "X-Forwarded-For": "203.0.113.9"}
    with collecting(tmp_path / "var", host=host, uploads="on") as client:
        evil = {**allowed, "Origin": "https://evil.example"}
        assert_problem(send(client, ("a.txt", BOATS), headers=evil), 403, "cross_site")
        own = {**allowed, "Origin": "https://attest.example.org"}
        behind = {
            **{"Host": "10.0.0.3:8000", "X-Forwarded-For": "203.0.113.9"},
            **{"Origin": "https://attest.example.org", "Sec-Fetch-Site": "same-origin"},
        }
        for headers in (allowed, own, behind):
            assert send(client, ("a.txt", BOATS), headers=headers).status_code in {200, 202}


def test_uploads_can_be_forbidden(tmp_path):
    with collecting(tmp_path / "var", uploads="off") as client:
        problem = assert_problem(send(client, ("a.txt", BOATS)), 403, "uploads_off")
        assert "ATTEST_UPLOADS" in problem["detail"]
        assert client.get("/v1/collection").json()["uploads"]["code"] == "uploads_off"


def test_a_data_folder_that_cannot_be_written_is_said_to_be(tmp_path):
    (tmp_path / "var").write_text("a file, not a folder")
    with collecting(tmp_path / "var") as client:
        assert_problem(send(client, ("a.txt", BOATS)), 507, "no_room")
        assert_problem(client.post("/v1/builds"), 507, "no_room")
        assert client.get("/v1/collection").status_code == 200
