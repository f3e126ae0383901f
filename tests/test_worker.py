"""The process that reads files: what goes wrong there is the failure of one file."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from unruly import UnrulyLoader

from index.errors import UnreadableDocument
from index.loaders import Parsed
from index.records import BlockKind
from index.worker import Worker

Reads = Callable[[str], Parsed]
PATIENT = 60.0


@pytest.fixture(scope="module")
def shared() -> Iterator[Worker]:
    worker = Worker(PATIENT, 256)
    yield worker
    worker.close()


@pytest.fixture
def reads(shared: Worker) -> Reads:
    return lambda text: shared.parse(text.encode(), UnrulyLoader(), "plain")


def process_of(parsed: Parsed) -> int:
    return int(parsed.content.notices[0].split()[-1])


def is_gone(process: int) -> bool:
    """Whether it ends within some seconds."""
    for _ in range(500):
        try:
            state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(") ")[1][0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False


def test_a_file_is_read_in_another_process_whole(reads):
    parsed = reads("unruly calm text")
    content = parsed.content
    assert process_of(parsed) != os.getpid()
    assert (content.text, content.metadata.symbol) == ("unruly calm text", "S/2025/496")
    assert (parsed.loader, parsed.domain) == ("unruly", "plain")
    heading, row = content.blocks
    assert (heading.kind, heading.mark) == (BlockKind.HEADING, "1.")
    assert row.cells == ((7, 8), (9, 10))
    assert type(content.pages[0].end) is int
    assert content.boxes is not None
    assert content.boxes.shape == (16, 4)
    assert np.isnan(content.boxes[0]).all()


def test_one_process_reads_many_files(reads):
    assert process_of(reads("unruly calm one")) == process_of(reads("unruly calm two"))


def test_what_a_library_prints_does_no_harm(reads):
    assert reads("unruly print text").content.text == "unruly print text"


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("crash", r"cannot be read; the process that read it ended \(SIGSEGV\)"),
        ("exit", r"cannot be read; the process that read it ended \(exit code 3\)"),
        ("leave", r"cannot be read; the process that read it ended \(exit code 4\)"),
        ("swell", r"needs more than 256 MiB of memory .*ATTEST_PARSE_MEMORY_MB"),
    ],
)
def test_a_process_that_fails_is_replaced(reads, action, reason):
    former = process_of(reads("unruly calm text"))
    with pytest.raises(UnreadableDocument, match=f"^{reason}"):
        reads(f"unruly {action} text")
    assert process_of(reads("unruly calm text")) != former
    assert is_gone(former)


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("raise", r"cannot be read \(LookupError: a library's own error\)"),
        ("outside", r"cannot be read \(ValueError: a span lies outside the text\)"),
    ],
)
def test_an_error_is_told_and_the_process_goes_on(reads, action, reason):
    former = process_of(reads("unruly calm text"))
    with pytest.raises(UnreadableDocument, match=f"^{reason}$"):
        reads(f"unruly {action} text")
    assert process_of(reads("unruly calm text")) == former


def test_halves_of_characters_are_replaced(reads):
    assert reads("unruly surrogate text").content.text == "unruly surrogate tex\ufffd"


def test_a_file_that_takes_too_long_ends_with_all_that_it_started(tmp_path):
    worker = Worker(1.0, 256)
    note = tmp_path / "child"
    try:
        with pytest.raises(
            UnreadableDocument, match=r"^took longer than 1 s to read \(setting ATTEST_PARSE_SEC"
        ):
            worker.parse(f"unruly spawn {note}".encode(), UnrulyLoader(), "plain")
        assert is_gone(int(note.read_text(encoding="ascii")))
    finally:
        worker.close()


def test_pages_that_take_long_have_time_of_their_own_and_are_told_of():
    worker = Worker(3.0, 256)
    told: list[tuple[int, int]] = []
    try:
        data = b"unruly pages text"
        worker.parse(data, UnrulyLoader(), "plain", lambda *step: told.append(step))
        assert told == [(0, 2), (1, 2)]
        slow = r"^took longer than 3.2 s to read, up to page 1 of those that OCR reads \(settings "
        with pytest.raises(UnreadableDocument, match=slow):
            worker.parse(b"unruly page text", UnrulyLoader(), "plain")
    finally:
        worker.close()


def test_one_that_is_killed_stops_at_once_and_starts_no_more():
    worker = Worker(PATIENT, 256)
    caught: list[UnreadableDocument] = []

    def hang() -> None:
        try:
            worker.parse(b"unruly hang text", UnrulyLoader(), "plain")
        except UnreadableDocument as error:
            caught.append(error)

    former = process_of(worker.parse(b"unruly calm text", UnrulyLoader(), "plain"))
    thread = threading.Thread(target=hang)
    thread.start()
    time.sleep(0.2)
    worker.kill()
    thread.join(10)
    assert not thread.is_alive()
    assert len(caught) == 1
    assert is_gone(former)
    with pytest.raises(UnreadableDocument, match="reading was stopped"):
        worker.parse(b"unruly calm text", UnrulyLoader(), "plain")
    worker.close()


def test_it_ends_by_itself_when_its_other_end_is_closed():
    worker = Worker(PATIENT, 256)
    process = process_of(worker.parse(b"unruly calm text", UnrulyLoader(), "plain"))
    channel = worker._process._channel
    assert channel is not None
    channel.close()
    assert is_gone(process)
    worker.close()
