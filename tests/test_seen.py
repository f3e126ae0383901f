"""Files that are known again without being read, and those that must not be."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from index import files, loading, seen
from index.config import IndexSettings
from index.loading.text import TextLoader
from index.records import Skipped
from index.seen import Seen, SeenFiles, Stamp

PDF_WITHOUT_TEXT = b"%PDF-1.7 that is none"


@pytest.fixture
def settled(monkeypatch):
    """Files of tests are new; here they count as if they had lain there for long."""
    monkeypatch.setattr(seen, "_SETTLED_NS", -(10**12))


@pytest.fixture
def read(monkeypatch) -> list[str]:
    """Names of the files whose bytes are read."""
    names: list[str] = []
    sha256, opened = files.sha256, Path.open

    def noting(path: Path) -> str:
        names.append(path.name)
        return sha256(path)

    def opening(path: Path, *arguments, **options):
        names.append(path.name)
        return opened(path, *arguments, **options)

    monkeypatch.setattr(files, "sha256", noting)
    monkeypatch.setattr(Path, "open", opening)
    return names


def documents_of(names: list[str]) -> list[str]:
    return [name for name in names if name.endswith((".txt", ".pdf"))]


@pytest.mark.usefixtures("settled")
def test_a_file_that_was_not_written_to_is_not_read(index_of, read):
    index_of({"a.txt": "It says one.", "b.txt": "It says two.", "bad.pdf": PDF_WITHOUT_TEXT})
    read.clear()
    report = index_of_same(index_of)
    assert documents_of(read) == []
    assert [one.name for one in report.skipped] == ["bad.pdf"]


def index_of_same(index_of):
    report = index_of({})
    assert not report.changed
    return report


def test_a_file_that_was_written_just_before_is_read(index_of, read):
    index_of({"a.txt": "It says one."})
    read.clear()
    index_of_same(index_of)
    assert documents_of(read) == ["a.txt", "a.txt"]  # to open it and to hash it


@pytest.mark.usefixtures("settled")
def test_a_file_that_was_written_to_is_read_whatever_its_size_and_time(
    index_of, documents, settings, read
):
    index_of({"a.txt": "It says one."})
    path = documents({}) / "a.txt"
    before = path.stat()
    path.write_bytes(b"It says two.")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (12, before.st_mtime_ns)
    assert index_of({}).changed
    assert "a.txt" in read


@pytest.mark.usefixtures("settled")
def test_a_file_that_was_only_touched_makes_no_generation(index_of, documents, read):
    index_of({"a.txt": "It says one."})
    os.utime(documents({}) / "a.txt")
    index_of_same(index_of)
    read.clear()
    index_of_same(index_of)
    assert documents_of(read) == []


@pytest.mark.usefixtures("settled")
def test_a_file_with_a_text_that_another_has_is_not_read_again(index_of, read, documents):
    first = index_of({"a.txt": "It says one.", "b.txt": "It says one.", "c.txt": "It says two."})
    assert first.skipped == (Skipped("b.txt", "has the same text as a.txt"),)
    read.clear()
    assert index_of_same(index_of).skipped == first.skipped
    assert documents_of(read) == []
    (documents({}) / "a.txt").unlink()
    report = index_of({})
    assert (report.changed, report.documents, report.skipped) == (True, 2, ())
    assert "b.txt" in read


@pytest.mark.usefixtures("settled")
def test_the_reason_of_a_failure_is_remembered_until_the_file_or_the_loader_changes(
    index_of, read, monkeypatch
):
    reason = index_of({"a.txt": "It says one.", "bad.pdf": PDF_WITHOUT_TEXT}).skipped
    read.clear()
    assert index_of_same(index_of).skipped == reason
    assert documents_of(read) == []
    versions = {"pdf": "another"}
    known = loading.version_of
    monkeypatch.setattr(loading, "version_of", lambda name: versions.get(name) or known(name))
    assert index_of_same(index_of).skipped == reason
    assert "bad.pdf" in read
    read.clear()
    index_of({"bad.pdf": PDF_WITHOUT_TEXT + b" either"})
    assert "bad.pdf" in read


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b'{"version": 1}', b'{"version": 99, "readers": "", "files": {}}', b"\xff"],
)
def test_a_memory_that_cannot_be_read_is_none(index_of, settings: IndexSettings, content):
    index_of({"a.txt": "It says one."})
    (settings.data / seen.FILE).write_bytes(content)
    index_of_same(index_of)
    assert json.loads((settings.data / seen.FILE).read_bytes())["files"]


def test_what_other_code_has_read_is_forgotten(tmp_path):
    stamp = Stamp(1, 2, 3, 4, 5)
    memory = SeenFiles("readers", str)
    memory.put(tmp_path / "a.txt", stamp, Seen("ab", "text"))
    memory.write(tmp_path)
    for readers, version_of, known in (
        ("readers", str, True),
        ("others", str, False),
        ("readers", lambda _: "newer", False),
    ):
        again = SeenFiles(readers, version_of)
        again.open(tmp_path)
        assert (again.get(tmp_path / "a.txt", stamp) is not None) == known
        assert again.get(tmp_path / "a.txt", Stamp(1, 2, 3, 4, 6)) is None
        assert again.get(tmp_path / "b.txt", stamp) is None


def test_files_that_are_gone_are_forgotten(tmp_path):
    stamp = Stamp(1, 2, 3, 4, 5)
    memory = SeenFiles("readers", str)
    for name in "ab":
        memory.put(tmp_path / name, stamp, Seen(name, "text"))
    memory.write(tmp_path)
    again = SeenFiles("readers", str)
    again.open(tmp_path)
    assert again.get(tmp_path / "a", stamp) == Seen("a", "text")
    again.write(tmp_path)
    assert [*json.loads((tmp_path / seen.FILE).read_bytes())["files"]] == [str(tmp_path / "a")]


@pytest.mark.usefixtures("settled")
def test_a_failure_of_the_machine_is_not_remembered(index_of, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(TextLoader, "load", full)
        report = index_of({"a.txt": "It says one.", "b.md": "# Two\n\nIt says two."})
        (skipped,) = report.skipped
        assert skipped.reason == "cannot be read (OSError: [Errno 28] No space left on device)"
    report = index_of({})
    assert (report.changed, report.documents, report.skipped) == (True, 2, ())
