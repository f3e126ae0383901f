"""``attest index --watch``: builds after changes, not in the middle of them, and goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from service import until

from index import generation, watch

FAKE = (
    "import signal, sys; sys.path.insert(0, sys.argv.pop(1))\n"
    # Who runs the tests in the background may have them ignore it, and all that they start.
    "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "from conftest import WordEncoder\n"
    "from index import build, encoder\n"
    "build.build.__defaults__ = (lambda _: WordEncoder(), *build.build.__defaults__[1:])\n"
    "from index.main import main; main()"
)
"""``attest`` with the fake encoder."""


class Following:
    """``attest index --watch`` over a folder, and what it says."""

    def __init__(self, folder: Path, data: Path, *more: str, **environment: str) -> None:
        self.data, self.lines = data, list[str]()
        command = [sys.executable, "-c", FAKE, str(Path(__file__).parent), "index", "--watch"]
        self.process = subprocess.Popen(
            [*command, *more, str(folder)],
            env={**os.environ, "ATTEST_DATA": str(data), "PYTHONUNBUFFERED": "1", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines += iter(self.process.stdout.readline, "")

    def says(self, words: str) -> None:
        until(lambda: any(words in line for line in self.lines), 120)

    def documents(self) -> dict[str, str]:
        database = generation.open_current(self.data).database
        return {one.source: database.text(one.id) or "" for one in database.documents()}

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        code = self.process.wait(timeout=60)
        self.reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.txt").write_text("One here.")
    return folder


@pytest.mark.parametrize("library", [True, False], ids=["told", "looking"])
def test_a_folder_is_followed_until_somebody_ends_it(folder, tmp_path, library):
    hidden = tmp_path / "none"
    hidden.mkdir()
    if not library:  # as if it were not installed
        (hidden / "watchfiles.py").write_text("raise ImportError")
    path = os.pathsep.join([str(hidden), os.environ.get("PYTHONPATH", "")])
    following = Following(folder, tmp_path / "var", PYTHONPATH=path)
    try:
        following.says("gen-000001 is live")
        (folder / "sub").mkdir()
        (folder / "sub" / "b.txt").write_text("Two here.")
        following.says("gen-000002 is live")
        assert set(following.documents()) == {"a.txt", "sub/b.txt"}
        # A build that fails ends nothing.
        (folder / "catalog.toml").write_text("[documents")
        following.says("catalog.toml cannot be read")
        (folder / "catalog.toml").write_text('[documents."a.txt"]\ntitle = "A"\n')
        following.says("gen-000003 is live")
        for path in (folder / "a.txt", folder / "sub" / "b.txt"):
            path.unlink()
        following.says("no document found")
        (folder / "c.txt").write_text("Three here.")
        following.says("gen-000004 is live")
        assert following.documents() == {"c.txt": "Three here."}
        folder.rename(tmp_path / "elsewhere")
        following.says("does not exist")
        (tmp_path / "elsewhere").rename(folder)
        following.says("Nothing has changed")
    finally:
        code = following.end(signal.SIGINT)
    assert code == 0
    assert "no longer following" in following.lines[-1]
    assert not [line for line in following.lines if "Traceback" in line]


def test_a_folder_that_is_not_there_is_not_followed(tmp_path):
    following = Following(tmp_path / "nowhere", tmp_path / "var")
    assert following.process.wait(timeout=120) == 1
    following.end(signal.SIGINT)
    assert "does not exist" in "".join(following.lines)


class Clock:
    """Sleeps at once, and lets something happen meanwhile."""

    def __init__(self, *happenings) -> None:
        self.happenings, self.slept = list(happenings), list[float]()

    def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        if self.happenings:
            self.happenings.pop(0)()


def nothing() -> None:
    """Nothing happens."""


def settled(folder: Path, clock: Clock) -> Iterator[None]:
    # A file as a root: so that the clock alone says when to look.
    return watch.changes([folder / "a.txt", folder], settle=1, poll=2, sleep=clock)


def test_a_file_that_is_being_written_is_waited_for(folder):
    growing = folder / "b.txt"

    def write() -> None:
        with growing.open("a") as file:
            file.write("More. ")

    clock = Clock(nothing, write, *[write] * 5)
    first, second = islice(settled(folder, clock), 2)
    assert (first, second) == (None, None)
    assert growing.read_text() == "More. " * 6
    # Settled at first; seen to have changed; five more times not at rest, then at rest.
    assert clock.slept == [1, 2, *[1] * 6]


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "a.txt").write_text("Other."),
        lambda folder: (folder / "b.txt").write_text("New."),
        lambda folder: (folder / "sub").mkdir() or (folder / "sub" / "c.md").write_text("# C"),
        lambda folder: (folder / "catalog.toml").write_text(""),
        lambda folder: (folder / "a.txt").rename(folder / "z.txt"),
        lambda folder: (folder / "x.xyz").write_text("what cannot be read is told, too"),
    ],
    ids=["written", "new", "below", "catalog", "renamed", "unknown"],
)
def test_every_change_is_seen(folder, change):
    before = watch.look([folder])
    assert watch.look([folder]) == before
    change(folder)
    assert watch.look([folder]) != before
