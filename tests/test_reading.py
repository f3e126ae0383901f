"""What is kept of files: their bytes as they came, and what was read of them."""

from __future__ import annotations

import hashlib
import json
import threading
from pathlib import Path

import numpy as np
import pytest
from known import LINES
from unruly import UnrulyLoader

from index import generation, loaders, loading, originals, parse_cache
from index.build import build
from index.config import IndexSettings
from index.domains import PLAIN
from index.loading import soundness
from index.records import Notice, Skipped

CALM = "unruly calm text"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*/*"))


@pytest.fixture
def unruly(monkeypatch):
    """Lets files that begin with "unruly" be read by the loader of that name."""
    monkeypatch.setattr(loading, "LOADERS", (UnrulyLoader(), *loading.LOADERS))


@pytest.fixture
def loaded(monkeypatch):
    """The loaders that read a file here, one name a file."""
    names: list[str] = []
    parse = loaders.parse

    def noting(data, loader, domain_of):
        names.append(loader.name)
        return parse(data, loader, domain_of)

    monkeypatch.setattr(loaders, "parse", noting)
    return names


def live(settings: IndexSettings) -> generation.Generation:
    return generation.open_current(settings.data)


# Files that go wrong


@pytest.mark.usefixtures("unruly")
def test_a_file_that_goes_wrong_is_skipped_and_the_rest_is_indexed(documents, encoder, tmp_path):
    settings = IndexSettings(data=tmp_path / "var", parse_seconds=4.0, parse_memory_mb=200)
    actions = ("crash", "hang", "odd", "swell", "raise")
    files = {f"{one}.txt": f"unruly {one} text" for one in actions}
    folder = documents({**files, "calm.txt": CALM, "z.txt": "It is plain."})
    report = build([folder], settings, lambda _: encoder)
    assert {one.name: one.reason for one in report.skipped} == {
        "crash.txt": "cannot be read; the process that read it ended (SIGSEGV)",
        "hang.txt": "took longer than 4 s to read (setting ATTEST_PARSE_SECONDS)",
        "odd.txt": "cannot be read (KeyError: 'recognises')",
        "raise.txt": "cannot be read (LookupError: a library's own error)",
        "swell.txt": "needs more than 200 MiB of memory to read (setting ATTEST_PARSE_MEMORY_MB)",
    }
    assert report.documents == 2
    (notice,) = report.notices
    assert notice == Notice("calm.txt", notice.text)
    assert notice.text.startswith("was read by process ")


@pytest.mark.usefixtures("unruly")
def test_an_interrupt_stops_a_build_at_once(documents, encoder, settings):
    folder = documents({"a.txt": "It is plain.", "b.txt": "unruly hang text"})

    def stop(_step: str, done: int, _total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build([folder], settings, lambda _: encoder, stop)
    assert not [one for one in threading.enumerate() if one.name.startswith("read")]


def test_plain_text_needs_no_process(index_of, monkeypatch):
    monkeypatch.setattr("index.confined.Confined._start", None)  # to start one would be an error
    assert index_of({"a.txt": "It says one.", "b.md": "# Two\n\nIt says two."}).documents == 2


# What was read


def test_what_has_not_changed_is_not_read_again(index_of, loaded):
    index_of({"a.txt": "It says one.", "b.md": "# Two\n\nIt says two."})
    assert sorted(loaded) == ["markdown", "text"]
    index_of({"c.txt": "It says three."})
    assert sorted(loaded) == ["markdown", "text", "text"]
    index_of({}, rebuild=True)
    assert len(loaded) == 6


@pytest.mark.usefixtures("unruly")
def test_what_was_read_apart_is_not_read_again(index_of, settings):
    first = index_of({"a.txt": CALM})
    assert index_of({"b.txt": "It is new."}).notices == first.notices  # from the same process
    assert index_of({}, rebuild=True).notices != first.notices


def test_another_version_of_the_loader_reads_again(index_of, settings, monkeypatch, loaded):
    index_of({"a.txt": "It says one."})
    text = loading.loader_of(b"", ".txt")
    monkeypatch.setattr(type(text), "version", "next")
    report = index_of({})
    assert (report.changed, report.encoded, loaded) == (True, 0, ["text", "text"])
    assert live(settings).manifest.loaders == {"text": "next"}


def test_an_entry_is_named_for_all_that_decides_what_it_holds():
    named = {"file_sha256": "a", "loader": "b", "version": "c", "readers": "d", "domain": "e"}
    keys = {parse_cache.key(**{**named, one: "other"}) for one in named}
    assert len({*keys, parse_cache.key(**named)}) == 6


def test_an_entry_comes_back_as_it_went(tmp_path):
    parsed = loaders.parse(CALM.encode(), UnrulyLoader(), lambda _: PLAIN)
    parse_cache.put(tmp_path, "abc", parsed)
    again = parse_cache.get(tmp_path, "abc")
    assert again is not None
    for name in ("text", "blocks", "pages", "metadata", "notices"):
        assert getattr(again.content, name) == getattr(parsed.content, name), name
    np.testing.assert_array_equal(again.content.boxes, parsed.content.boxes)
    assert again.content.boxes is not None
    assert again.content.boxes.dtype == np.float32
    for name in ("language", "domain", "loader", "file_sha256"):
        assert getattr(again, name) == getattr(parsed, name), name


def test_a_damaged_entry_is_read_anew(index_of, settings, loaded):
    index_of({"a.txt": "It says one."})
    (entry,) = settings.data.glob("parsed/*/*")
    whole = entry.read_bytes()
    damages = (b"", whole[:-9], whole[:60] + b"\0\1\2" + whole[63:], b"PK", b"\x80\x04N.")
    for number, damaged in enumerate(damages):
        entry.write_bytes(damaged)
        loaded.clear()
        index_of({"catalog.toml": f'[documents."a.txt"]\ntitle = "{number}"\n'})
        assert loaded == ["text"], damaged
        assert len(entry.read_bytes()) == len(whole)


def test_nothing_is_unpickled(tmp_path):
    with parse_cache_entry(tmp_path, "abc").open("wb") as file:
        np.savez(file, json=np.array([{"evil": 1}], dtype=object))
    assert parse_cache.get(tmp_path, "abc") is None


def parse_cache_entry(data: Path, key: str) -> Path:
    folder = data / parse_cache.FOLDER / key[:2]
    folder.mkdir(parents=True)
    return folder / f"{key}.npz"


# Bytes as they came


def test_files_are_kept_as_they_came(index_of, settings):
    texts = {"a.txt": "\ufeffIt says one.\r\n", "b.md": "---\ntitle: B\n---\nIt says two."}
    index_of({**texts, "empty.txt": ""})
    entries = live(settings).database.documents()
    assert {one.source: (one.file_sha256, one.loader) for one in entries} == {
        "a.txt": (sha256(texts["a.txt"]), "text"),
        "b.md": (sha256(texts["b.md"]), "markdown"),
    }
    for text in texts.values():
        path = originals.path_of(settings.data, sha256(text))
        assert path.read_bytes() == text.encode()
        assert path.parent.name == path.name[:2]
    assert len(kept(settings.data / originals.FOLDER)) == 2
    assert live(settings).manifest.loaders == {
        one: loading.loader_of(b"", ending).version
        for one, ending in {"text": ".txt", "markdown": ".md"}.items()
    }


def test_what_no_generation_uses_is_removed(documents, encoder, tmp_path):
    settings = IndexSettings(data=tmp_path / "var", keep_generations=2)
    versions = [f"Version {n} of it." for n in range(4)]
    for text in versions:
        build([documents({"a.txt": text, "b.txt": "It stays."})], settings, lambda _: encoder)
        assert sha256(text) in kept(settings.data / originals.FOLDER)
    expected = sorted(sha256(one) for one in (*versions[-2:], "It stays."))
    assert kept(settings.data / originals.FOLDER) == expected
    assert len(kept(settings.data / parse_cache.FOLDER)) == 3


def test_leftovers_are_removed(index_of, settings):
    index_of({"a.txt": "It says one."})
    folder = settings.data / originals.FOLDER / "ab"
    folder.mkdir()
    (folder / ".abc.123-4").write_bytes(b"half")
    index_of({"a.txt": "It says two."})
    assert not folder.exists()


def test_a_kept_file_that_is_lost_is_kept_again(index_of, settings):
    index_of({"a.txt": "It says one."})
    path = originals.path_of(settings.data, sha256("It says one."))
    path.unlink()
    assert not index_of({}).changed
    assert path.read_bytes() == b"It says one."


def test_a_kept_file_is_written_once(tmp_path):
    originals.put(tmp_path, "abc", b"It says one.")
    before = originals.path_of(tmp_path, "abc").stat()
    originals.put(tmp_path, "abc", b"It says one.")
    after = originals.path_of(tmp_path, "abc").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


@pytest.mark.usefixtures("unruly")
def test_where_characters_are_printed_comes_from_what_is_kept(index_of, settings):
    for _ in range(2):
        index_of({"a.txt": CALM}, rebuild=True)
        (box,) = live(settings).database.boxes_of("a", 1, 2)
        assert (box.page, box.x0, box.y1) == (1, 4.0, 7.0)


@pytest.mark.usefixtures("unruly")
def test_the_same_text_in_other_bytes_makes_a_generation(index_of, settings):
    index_of({"a.txt": CALM})
    first = json.loads(live(settings).manifest.to_json())
    assert not index_of({}).changed
    report = index_of({"b.txt": CALM})
    assert report.skipped == (Skipped("b.txt", "has the same text as a.txt"),)
    assert not report.changed
    assert first["loaders"] == {"unruly": "1"}


# What loaders give


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": "short"}, "outside the text"),
        ({"printed_on": np.full(16, 2)}, "on a page that is none"),
        ({"printed_on": np.ones(16)}, "has no place"),
        ({"boxes": np.zeros((3, 4), dtype=np.float32)}, r"are \(3, 4\) and not \(16, 4\)"),
    ],
)
def test_what_a_loader_gives_must_hold_together(change, message):
    content = UnrulyLoader().load(CALM.encode(), lambda _: LINES)
    with pytest.raises(ValueError, match=message):
        soundness.sound(type(content)(**{**as_fields(content), **change}))


def test_blocks_must_be_in_order():
    content = UnrulyLoader().load(CALM.encode(), lambda _: LINES)
    turned = {**as_fields(content), "blocks": content.blocks[::-1]}
    with pytest.raises(ValueError, match="begins before"):
        soundness.sound(type(content)(**turned))


def as_fields(content):
    return {name: getattr(content, name) for name in type(content).__slots__}
