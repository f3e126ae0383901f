"""Checksums: what is compared in full, what is not compared again, and what must be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index import checks, files
from index.checks import Files
from index.errors import DamagedGeneration


@pytest.fixture(autouse=True)
def _settled(monkeypatch):
    """Files of tests are new; here they count as if they had lain there for long."""
    monkeypatch.setattr(checks, "_SETTLED_NS", -(10**12))
    monkeypatch.setattr(checks, "_compared", {})


@pytest.fixture
def hashed(monkeypatch) -> list[str]:
    """Names of the files that are read in full."""
    names: list[str] = []
    sha256 = files.sha256

    def noting(path: Path) -> str:
        names.append(path.name)
        return sha256(path)

    monkeypatch.setattr(files, "sha256", noting)
    return names


@pytest.fixture
def folder(tmp_path) -> Path:
    for name in ("a", "b", "sub/c"):
        path = tmp_path / "index" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode() * 100)
    (tmp_path / "index" / "x.lock").write_bytes(b"")
    return tmp_path / "index"


def group(folder: Path) -> Files:
    return Files(folder, "in/", checks.describe(folder))


def test_files_are_described_but_for_locks(folder):
    described = checks.describe(folder)
    sizes = {name: one["bytes"] for name, one in described.items()}
    assert sizes == {"a": 100, "b": 100, "sub/c": 500}


def test_a_file_is_compared_in_full_once(folder, hashed):
    own = group(folder)
    hashed.clear()
    for _ in range(3):
        checks.compare("gen-1", [own])
    assert sorted(hashed) == ["a", "b", "c"]


def test_a_new_file_alone_is_compared(folder, hashed):
    checks.compare("gen-1", [group(folder)])
    (folder / "new").write_bytes(b"new")
    own = group(folder)
    hashed.clear()
    checks.compare("gen-2", [own])
    assert hashed == ["new"]


@pytest.mark.parametrize("keep_time", [False, True])
def test_a_file_that_was_written_to_is_compared_again(folder, keep_time):
    own = group(folder)
    checks.compare("gen-1", [own])
    before = (folder / "b").stat()
    (folder / "b").write_bytes(b"B" * 100)
    if keep_time:
        os.utime(folder / "b", ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(DamagedGeneration) as caught:
        checks.compare("gen-1", [own])
    assert (caught.value.generation, caught.value.file) == ("gen-1", "in/b")


def test_another_file_in_its_place_is_compared(folder):
    own = group(folder)
    checks.compare("gen-1", [own])
    other = folder.parent / "other"
    other.write_bytes(b"B" * 100)
    other.replace(folder / "b")
    with pytest.raises(DamagedGeneration, match="is not what was written"):
        checks.compare("gen-1", [own])


def test_a_file_that_was_written_just_before_is_compared_again(folder, hashed, monkeypatch):
    monkeypatch.setattr(checks, "_SETTLED_NS", 10**12)
    own = group(folder)
    hashed.clear()
    for _ in range(2):
        checks.compare("gen-1", [own])
    assert len(hashed) == 6


def test_what_was_wrong_is_found_again(folder):
    own = group(folder)
    (folder / "b").write_bytes(b"B" * 100)
    for _ in range(2):
        with pytest.raises(DamagedGeneration):
            checks.compare("gen-1", [own])


def test_what_is_remembered_does_not_grow_for_ever(folder, monkeypatch):
    monkeypatch.setattr(checks, "_MOST_COMPARED", 2)
    checks.compare("gen-1", [group(folder)])
    assert len(checks._compared) <= 2
