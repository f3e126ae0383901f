"""A real service, killed while documents come and go; and one that has no room, or much to take."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import killing_services
import pytest
from conftest import WordEncoder
from killing_services import FOLDER, Service, folder_text
from service import until

from index import uploads
from index.build import build
from index.config import IndexSettings

SCRIPT = Path(__file__).parent / "collecting_process.py"
KILLS = 6


def command(data: Path, *more: object) -> list[str]:
    return [sys.executable, str(SCRIPT), str(data), "0", *map(str, more)]


@pytest.fixture
def starting(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Starts services over one data folder, which end with the test."""
    started: list[Service] = []

    def start(*more: object, **settings: object) -> Service:
        named = {f"ATTEST_{name.upper()}": str(value) for name, value in settings.items()}
        service = Service(command(tmp_path / "var", *more), {**os.environ, **named})
        started.append(service)
        return service

    yield start
    for one in started:
        one.kill()


def test_a_service_that_is_killed_keeps_what_it_acknowledged(tmp_path, starting):
    folder = tmp_path / "documents"
    folder.mkdir()
    for name in FOLDER:
        (folder / name).write_text(folder_text(name))
    build([folder], IndexSettings(data=tmp_path / "var"), lambda _: WordEncoder())
    tally = killing_services.Tally()
    for tally in killing_services.kill(starting, tmp_path / "var", KILLS, seed=5):
        assert tally.broken == []
    assert tally.services + tally.builders == KILLS


def test_the_process_that_builds_ends_with_a_service_that_is_killed(starting, tmp_path):
    service = starting()
    service.client.post("/v1/documents", files=[("files", ("a.txt", b"A boat sails south."))])
    until(lambda: service.builders() != [], 60)
    (builder,) = service.builders()
    service.kill()
    until(lambda: not Path(f"/proc/{builder}").exists(), 60)


def test_a_disk_without_room_is_said_and_keeps_nothing_of_an_upload(starting, tmp_path):
    service = starting(100_000)
    small = ("files", ("small.txt", b"A boat sails south."))
    large = ("files", ("large.txt", b"A boat sails south.\n" * 10_000))
    response = service.client.post("/v1/documents", files=[small, large])
    assert response.status_code == 507
    problem = response.json()
    assert (problem["code"], problem["status"]) == ("no_room", 507)
    assert uploads.names(tmp_path / "var") == []
    assert [path for path in (tmp_path / "var" / "incoming").glob("*/*") if path.is_dir()] == []
    assert service.client.get("/v1/builds").json() == {"builds": []}
    # What there is room for is taken.
    assert service.client.post("/v1/documents", files=[small]).status_code == 202


def test_an_upload_is_not_held_in_memory(starting, tmp_path):
    service = starting(max_upload_mb=400, max_file_mb=400)
    service.client.get("/healthz")
    before = peak(service)
    size = 200 * 2**20
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n'

    def pieces() -> Iterator[bytes]:
        yield head
        for _ in range(size // 2**16):
            yield bytes(2**16)
        yield b"\r\n--x--\r\n"

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    response = service.client.post("/v1/documents", content=pieces(), headers=kind)
    assert response.status_code == 202, response.text
    assert (tmp_path / "var" / "uploads" / "a.pdf").stat().st_size == size
    assert peak(service) - before < 40 * 2**20
    service.client.delete("/v1/uploads/a.pdf")


def peak(service: Service) -> int:
    """The most memory that a process has had, in bytes."""
    status = Path(f"/proc/{service.process.pid}/status").read_text()
    return 1024 * int(status.split("VmHWM:")[1].split()[0])


def test_a_sender_that_goes_away_leaves_nothing(starting, tmp_path):
    service = starting()
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'

    def pieces() -> Iterator[bytes]:
        yield head + b"A boat sails " * 100_000
        raise ConnectionAbortedError

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    with pytest.raises(ConnectionAbortedError):
        service.client.post("/v1/documents", content=pieces(), headers=kind)
    batches = (tmp_path / "var" / "incoming").glob
    until(lambda: not [path for path in batches("*/*") if path.is_dir()])
    assert uploads.names(tmp_path / "var") == []
    assert service.client.get("/healthz").status_code == 200


def test_of_two_services_over_one_folder_one_builds_and_both_answer(starting):
    first, second = starting(), starting()
    for number, service in enumerate([first, second, first, second]):
        file = ("files", (f"{number}.txt", f"Boat number {number} sails south.".encode()))
        assert service.client.post("/v1/documents", files=[file]).status_code == 202

    def count(service: Service) -> int:
        with httpx.Client(base_url=service.client.base_url) as client:
            return len(client.get("/v1/documents").json().get("documents", []))

    until(lambda: [count(first), count(second)] == [4, 4], 120)
    assert sorted([len(first.builders()), len(second.builders())]) == [0, 1]
