"""What people see of a build that goes on."""

from __future__ import annotations

import io

import pytest

from index import cli_progress, progress
from index.cli_progress import Bars, Lines, state
from index.seen import Stamp
from index.sources import SourceFile


@pytest.mark.parametrize(
    ("step", "done", "total", "seconds", "told"),
    [
        ("read", 120, 779, 7.3, "120 of 779 pages, about 40 s left"),
        ("read", 0, 779, 7.3, "0 of 779 pages"),
        ("read", 779, 779, 50.0, "779 of 779 pages"),
        ("read", 300, 779, 1.0, "300 of 779 pages"),  # too soon to tell
        ("read", 3, 779, 4.0, "3 of 779 pages"),
        ("read", 0, 1, 9.0, ""),
        ("encode", 1200, 23_705, 90.0, "1,200 of 23,705, about 28 min left"),
        ("encode", 1200, 1_000_000, 300.0, "1,200 of 1,000,000, about 69 h 22 min left"),
        ("write", 998, 1000, 9.0, "998 of 1,000 parts, about 1 s left"),
        ("other", 2, 4, 120.0, "2 of 4, about 2 min left"),
        ("publish", 0, 1, 9.0, ""),
    ],
)
def test_what_is_done_and_what_is_left_is_told(step, done, total, seconds, told):
    assert state(step, done, total, seconds) == told


def test_a_line_comes_every_few_seconds_and_not_more_often():
    now = [100.0]
    stream = io.StringIO()
    with Lines(stream, lambda: now[0]) as told:
        for page in range(100):
            told("read", page, 100)
            now[0] += 0.3
        told("publish", 0, 1)
        now[0] += 10
        told("switch", 0, 1)
    lines = stream.getvalue().splitlines()
    assert lines[0] == "reading documents: 17 of 100 pages, about 25 s left"
    assert len(lines) == 6
    assert lines[-1] == "going live"


def test_a_short_build_says_nothing():
    stream = io.StringIO()
    with Lines(stream) as told:
        told("read", 0, 2)
        told("read", 2, 2)
    assert stream.getvalue() == ""


def test_a_terminal_shows_a_bar_for_each_step(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    now = [0.0]
    with Bars(lambda: now[0]) as told:
        told("read", 0, 40)
        now[0] = 10.0
        told("read", 10, 42)
        told("encode", 3, 7)
        told._bar.refresh()
    said = capsys.readouterr().err
    assert "10 of 42 pages, about 32 s left" in said
    assert "encoding passages" in said


def test_every_step_of_a_build_has_a_name(index_of):
    steps: set[str] = set()
    index_of({"a.txt": "It says one."}, progress=lambda step, _done, _total: steps.add(step))
    assert steps >= {"read", "encode", "write", "publish"}
    assert {one for one in steps if cli_progress.name(one) == one} == set()


def test_pages_are_counted_and_guessed_before(index_of, documents):
    calls: list[tuple[int, int]] = []

    def told(step: str, done: int, total: int, /) -> None:
        if step == "read":
            calls.append((done, total))

    pages = b"%PDF-1.7\n" + b"<< /Type /Page >> << /Type/Page >> << /Type /Pages >>"
    files = {"a.txt": "One. " * 2000, "b.md": "It says b.", "c.pdf": pages}
    index_of(files, progress=told)
    assert calls == [(0, 6), (3, 6), (4, 6), (6, 6)]  # 10,000 bytes of text fill three pages
    calls.clear()
    index_of({"d.txt": "It says d."}, progress=told)
    assert calls[0] == (0, 3)  # the one that could not be read is tried again, as it is so new


def test_pages_of_many_pdfs_are_told_from_those_of_some(tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "_MOST_COUNTED", 2)
    files = []
    for number in range(5):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(b"/Type /Page " * 50 + b"x" * 999_400)
        files.append(SourceFile(path, path.name, tmp_path, Stamp.of(path.stat())))
    missing = SourceFile(tmp_path / "6.pdf", "6.pdf", tmp_path)
    calls: list[tuple[int, int]] = []
    progress.Pages(lambda _, done, total: calls.append((done, total)), [*files, missing], 2**20)
    ((done, total),) = calls
    assert done == 0
    assert total == pytest.approx(5 * 50 + 1, abs=5)
