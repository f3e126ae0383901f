"""The process that builds for a service: what it says, when it ends, and that it gives way."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from conftest import WordEncoder
from service import BUILDING, until

from index import build_process, collection, files, generation, remarks
from index.build import build
from index.config import IndexSettings
from index.encoder import Encoder
from index.errors import ModelUnavailable
from index.identity import Place
from index.remarks import Remark, Remarks

BOATS = "Red boats sail south today."


def load(_: IndexSettings) -> Encoder:
    return WordEncoder()


def told(settings: IndexSettings, load=load) -> list[dict[str, Any]]:
    """What is said of one build."""
    out = StringIO()
    build_process._build(settings, load, build_process._Lines(out))
    return [json.loads(line) for line in out.getvalue().splitlines()]


def added(settings: IndexSettings, name: str, content: str | bytes) -> Path:
    path = settings.data / "uploads" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_build_is_told_step_by_step(settings):
    added(settings, "boats.txt", BOATS)
    added(settings, "bad.pdf", b"%PDF-1.7 no more")
    *steps, last = told(settings)
    assert last["event"] == "done"
    assert (last["report"]["documents"], last["report"]["generation"]) == (1, "gen-000001")
    assert {one["step"] for one in steps if one["event"] == "step"} >= {"read", "encode", "switch"}
    read = {one["name"]: one["why_not"] for one in steps if one["event"] == "read"}
    assert read["boats.txt"] == ""
    assert read["bad.pdf"] == last["report"]["skipped"][0]["reason"]
    assert {one["name"] for one in steps if one["event"] == "reading"} == set(read)


def test_a_build_that_fails_says_why(settings):
    (last,) = told(settings)[-1:]
    assert last == {"event": "done", "report": None}  # nothing was added, and nothing is there
    added(settings, "bad.pdf", b"%PDF-1.7 no more")
    assert told(settings)[-1]["message"].startswith("no document found")
    added(settings, "boats.txt", BOATS)

    def unavailable(_: IndexSettings) -> Encoder:
        raise ModelUnavailable("cannot load the model")

    assert told(settings, unavailable)[-1] == {
        "event": "failed",
        "message": "cannot load the model",
    }

    def broken(_: IndexSettings) -> Encoder:
        raise RuntimeError("no words for people")

    said = told(settings, broken)[-1]["message"]
    assert said == "something went wrong; the log of the service says what"
    for number, words in [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "cannot be written")]:

        def full(_: IndexSettings, number=number) -> Encoder:
            raise OSError(number, os.strerror(number))

        assert words in told(settings, full)[-1]["message"]


def test_a_build_waits_for_another_and_says_so(settings):
    added(settings, "boats.txt", BOATS)
    said: list[dict[str, Any]] = []
    with files.build_lock(settings.data, wait=True):
        thread = threading.Thread(target=lambda: said.extend(told(settings)))
        thread.start()
        thread.join(1)
        assert thread.is_alive()
    thread.join()
    assert said[0] == {"event": "locked"}
    assert said[-1]["event"] == "done"


def test_a_collection_is_emptied_only_if_somebody_took_all_of_it_away(settings, documents):
    folder = documents({"fish.txt": "Green fish swim into nets."})
    boats = added(settings, "boats.txt", BOATS)
    build([folder], settings, load)
    boats.unlink()
    (folder / "fish.txt").unlink()  # which nobody said is to go
    assert told(settings)[-1]["message"].startswith("no document found")
    assert generation.current(settings.data) is not None
    documents({"fish.txt": "Green fish swim into nets."})
    said = Remarks.open(settings.data)
    said.saying(Place(str(folder), "fish.txt"), Remark(hidden=True)).write(settings.data)
    opened = generation.open_current(settings.data)
    assert collection.gone(settings.data, opened) == {"boats", "fish"}
    assert told(settings)[-1] == {"event": "done", "report": None}
    assert generation.current(settings.data) is None
    assert [*settings.data.glob("gen-*")] == []
    assert (settings.data / remarks.FILE).exists()


@contextmanager
def running(settings: IndexSettings) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*BUILDING],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={
            **os.environ,
            "ATTEST_DATA": str(settings.data),
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_it_builds_when_told_to_gives_way_and_ends_with_its_input(settings):
    added(settings, "boats.txt", BOATS)
    with running(settings) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert json.loads(process.stdout.readline()) == {"event": "ready"}
        stat = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        assert int(stat[16]) == min(os.nice(0) + 10, 19)
        for documents in (1, 2):
            process.stdin.write("build\n")
            process.stdin.flush()
            while (event := json.loads(process.stdout.readline()))["event"] != "done":
                pass
            assert event["report"]["documents"] == documents
            added(settings, "fish.txt", "Green fish swim into nets.")
        process.stdin.close()
        assert process.wait(timeout=60) == 0
        process.stdin = None


def test_it_ends_in_the_middle_of_a_build_too(settings):
    added(settings, "boats.txt", BOATS)
    with files.build_lock(settings.data, wait=True), running(settings) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("build\n")
        process.stdin.flush()
        until(lambda: "locked" in (process.stdout or StringIO()).readline(), 60)
        process.stdin.close()
        assert process.wait(timeout=60) == 0
        process.stdin = None
