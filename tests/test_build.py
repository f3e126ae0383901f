"""From files to a live generation: what is encoded, kept, named, reported and survived."""

from __future__ import annotations

import hashlib
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from indexed import held, rows

from index import checks, files, generation, segments
from index.build import build
from index.config import IndexSettings
from index.errors import BuildInProgress, DamagedGeneration, NothingToIndex
from index.records import Skipped

TITLED = '[documents."a.txt"]\ntitle = "{}"\n'


def words(count: int, name: str) -> str:
    """A paragraph of one sentence of ``count`` words, all of them ``name`` but the first."""
    return " ".join(["Here", *[name] * (count - 1)]) + "."


def three_passages(first: str, second: str, third: str) -> str:
    """Paragraphs of 80 words: past the least that a passage needs (75), so each is one."""
    return "\n\n".join(words(80, name) for name in (first, second, third))


def live(settings: IndexSettings) -> generation.Generation:
    return generation.open_current(settings.data)


def generations(settings: IndexSettings) -> list[str]:
    return sorted(path.name for path in settings.data.glob("gen-*"))


def holding(settings: IndexSettings, word: str) -> int:
    """How many passages of the live generation hold ``word``."""
    opened = live(settings)
    return len(opened.lexical.search(opened.lexical.stems(word), 50))


def part(settings: IndexSettings, name: str) -> Path:
    """A file of the one segment there is."""
    (found,) = (settings.data / segments.FOLDER).glob(f"*/{name}")
    return found


def test_a_second_build_of_the_same_files_encodes_nothing(index_of, encoder):
    index_of({"a.txt": "One sentence stands here.", "b.txt": "Another one stands there."})
    encoder.encoded.clear()
    report = index_of({})
    assert (report.changed, report.encoded, encoder.encoded) == (False, 0, [])


def test_one_new_document_is_the_only_one_encoded(index_of, encoder):
    index_of({f"{n}.txt": f"Document number {n} says word{n}." for n in range(20)})
    encoder.encoded.clear()
    report = index_of({"new.txt": "Something new."})
    assert (report.documents, report.encoded, encoder.encoded) == (21, 1, ["Something new."])


def test_generations_are_numbered(index_of, settings):
    names = [index_of({"a.txt": f"Version {n} of it."}).generation for n in range(3)]
    assert names == ["gen-000001", "gen-000002", "gen-000003"]
    assert live(settings).name == "gen-000003"


def test_an_unchanged_collection_makes_no_generation(index_of, settings):
    first = index_of({"a.txt": "One sentence stands here."})
    second = index_of({})
    assert (second.generation, second.changed) == (first.generation, False)
    assert generations(settings) == ["gen-000001"]


def test_the_report_counts_what_is_there(index_of, settings):
    report = index_of({"a.txt": "One here. Two here.", "b.txt": "Three here.", "c.xyz": b"%PDF"})
    assert (report.documents, report.passages, report.sentences, report.encoded) == (2, 2, 3, 2)
    assert report.skipped == (
        Skipped("c.xyz", "is not a kind that can be read (see attest index --help)"),
    )
    folders = settings.data / report.generation, settings.data / segments.FOLDER
    written = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert report.bytes == sum(
        path.stat().st_size for path in written if path.name != "manifest.json"
    )


def test_of_a_changed_document_only_the_changed_passages_are_encoded(index_of, encoder, settings):
    named = TITLED.format("A")
    index_of({"a.txt": three_passages("one", "two", "three"), "catalog.toml": named})
    assert len(encoder.encoded) == 3
    encoder.encoded.clear()
    report = index_of({"a.txt": three_passages("one", "second", "three")})
    assert (report.passages, report.encoded) == (3, 1)
    assert encoder.encoded == [words(80, "second")]
    assert (holding(settings, "two"), holding(settings, "second")) == (0, 1)


def test_passages_that_move_keep_their_vectors_but_not_their_places(index_of, encoder, settings):
    named = TITLED.format("A")
    index_of({"a.txt": three_passages("one", "two", "three"), "catalog.toml": named})
    encoder.encoded.clear()
    text = words(80, "zero") + "\n\n\n\n" + three_passages("one", "two", "three")
    report = index_of({"a.txt": text})
    assert (report.encoded, encoder.encoded) == (1, [words(80, "zero")])
    opened = live(settings)
    for row in rows(opened):
        (passage,) = opened.database.passages([row])
        assert text[passage.start : passage.end] == passage.text
        # One sentence a passage: its place is the passage's.
        places = opened.tokens.sentences(row)[:, :2].tolist()
        assert places == [[passage.start, passage.end]], row


def test_the_same_passage_of_two_documents_stands_in_each_at_its_own_place(
    index_of, encoder, settings
):
    catalog = "".join(f'[documents."{name}.txt"]\ntitle = "T"\n' for name in "ab")
    texts = {"a.txt": three_passages("one", "two", "three"), "b.txt": words(80, "two")}
    index_of({**texts, "catalog.toml": catalog})
    encoder.encoded.clear()
    index_of({"c.txt": "Something new."})
    assert encoder.encoded == ["Something new."]
    opened = live(settings)
    places = [opened.tokens.sentences(row)[0, :2].tolist() for row in rows(opened)]
    assert places == [[p.start, p.end] for p in opened.database.passages(rows(opened))]
    assert places[1] != places[3]


def test_a_rebuild_from_kept_vectors_equals_one_from_nothing(index_of, encoder, settings):
    index_of({"a.txt": three_passages("one", "two", "three"), "catalog.toml": TITLED.format("A")})
    index_of({"a.txt": words(80, "zero") + "\n\n" + three_passages("one", "new", "three")})
    kept = live(settings)
    index_of({}, rebuild=True)
    anew = live(settings)
    assert (kept.name, anew.name) == ("gen-000002", "gen-000003")
    assert held(kept) == held(anew)
    assert kept.manifest.corpus == anew.manifest.corpus


def test_rebuild_encodes_everything(index_of, encoder):
    index_of({"a.txt": "One sentence stands here.", "b.txt": "Another one stands there."})
    report = index_of({}, rebuild=True)
    assert (report.changed, report.encoded) == (True, 2)


def test_a_new_title_makes_a_new_generation(index_of, settings):
    first = index_of({"a.txt": "It says one.", "catalog.toml": TITLED.format("Former")})
    second = index_of({"catalog.toml": TITLED.format("Present")})
    assert (second.changed, second.generation) == (True, "gen-000002")
    assert second.encoded == first.encoded == 1  # its passage is read under the title
    assert [entry.title for entry in live(settings).database.documents()] == ["Present"]


def test_a_new_address_makes_a_new_generation_but_encodes_nothing(index_of, settings):
    catalog = TITLED.format("A")
    index_of({"a.txt": "It says one.", "catalog.toml": catalog})
    report = index_of({"catalog.toml": catalog + 'url = "https://example.org/a"\n'})
    assert (report.changed, report.encoded) == (True, 0)
    assert live(settings).database.documents()[0].url == "https://example.org/a"


def test_removed_documents_are_named(index_of, documents, settings):
    index_of({"a.txt": "It says one.", "b.txt": "It says two.", "sub/c.txt": "It says three."})
    folder = documents({})
    (folder / "a.txt").unlink()
    (folder / "sub/c.txt").unlink()
    report = index_of({})
    assert report.removed == ("a.txt", "sub/c.txt")
    assert (holding(settings, "one"), holding(settings, "two")) == (0, 1)


def test_nothing_is_removed_from_nothing(index_of):
    assert index_of({"a.txt": "It says one."}).removed == ()


def test_add_keeps_the_paths_that_are_indexed(index_of, settings, encoder, tmp_path):
    index_of({"a.txt": "It says one."})
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.txt").write_text("It says two.", encoding="utf-8")
    report = build([other], settings, lambda _: encoder, add=True)
    assert (report.documents, report.encoded, report.removed) == (2, 1, ())
    assert [entry.id for entry in live(settings).database.documents()] == ["a", "b"]
    again = build([other], settings, lambda _: encoder, add=True)
    assert not again.changed
    without = build([other], settings, lambda _: encoder)
    assert (without.documents, without.removed) == (1, ("a.txt",))


def test_add_to_nothing_is_a_first_build(index_of):
    assert index_of({"a.txt": "It says one."}, add=True).documents == 1


def test_add_to_a_damaged_index_says_so_instead_of_forgetting_what_it_held(
    index_of, settings, encoder, tmp_path
):
    index_of({"a.txt": "It says one."})
    part(settings, "vectors.npy").unlink()
    other = tmp_path / "b.txt"
    other.write_text("It says two.", encoding="utf-8")
    with pytest.raises(DamagedGeneration, match=r"vectors\.npy"):
        build([other], settings, lambda _: encoder, add=True)
    assert generations(settings) == ["gen-000001"]


def test_a_damaged_index_is_built_anew_from_nothing(index_of, settings):
    index_of({"a.txt": "It says one.", "b.txt": "It says two."})
    part(settings, "tokens.npy").write_bytes(b"damaged")
    report = index_of({})
    assert (report.generation, report.changed, report.encoded) == ("gen-000002", True, 2)
    assert holding(settings, "two") == 1


@pytest.mark.parametrize("keep", [1, 2, 4])
def test_older_generations_are_pruned(documents, encoder, tmp_path, keep):
    settings = IndexSettings(data=tmp_path / "var", keep_generations=keep)
    for n in range(5):
        build([documents({"a.txt": f"Version {n} of it."})], settings, lambda _: encoder)
    assert generations(settings) == [f"gen-{n:06d}" for n in range(6 - keep, 6)]
    assert live(settings).name == "gen-000005"


def test_changed_limits_encode_only_the_passages_that_change(documents, encoder, settings):
    # Under the limit of 120 words, 60 + 50 words of two sentences are one passage; under one
    # of 100 they are two. The 80 words of the other document are one passage under both.
    folder = documents(
        {"a.txt": f"{words(60, 'one')} {words(50, 'two')}", "b.txt": words(80, "three")}
    )
    assert build([folder], settings, lambda _: encoder).passages == 2
    encoder.encoded.clear()
    tighter = settings.model_copy(update={"passage_max_words": 100})
    report = build([folder], tighter, lambda _: encoder)
    assert (report.changed, report.passages, report.encoded) == (True, 3, 2)
    assert encoder.encoded == [words(60, "one"), words(50, "two")]


def test_changed_dimensions_encode_everything(documents, encoder, settings):
    folder = documents({"a.txt": "It says one.", "b.txt": "It says two."})
    build([folder], settings, lambda _: encoder)
    wider = settings.model_copy(update={"token_dimensions": 128})
    assert build([folder], wider, lambda _: encoder).encoded == 2


def test_settings_that_shape_nothing_make_no_generation(documents, encoder, settings):
    folder = documents({"a.txt": "It says one."})
    build([folder], settings, lambda _: encoder)
    other = settings.model_copy(update={"encode_threads": 7, "keep_generations": 5})
    assert not build([folder], other, lambda _: encoder).changed


def test_a_model_is_loaded_only_where_something_must_be_encoded(documents, encoder, settings):
    loaded: list[int] = []

    def load(_: IndexSettings):
        loaded.append(1)
        return encoder

    folder = documents({"a.txt": "It says one.", "b.txt": "It says two."})
    build([folder], settings, load)
    build([folder], settings, load)
    (folder / "a.txt").unlink()
    build([folder], settings, load)
    assert len(loaded) == 1


def digests(settings: IndexSettings) -> list[bytes]:
    opened = live(settings)
    return [one.digest for one in opened.database.stored(rows(opened))]


def test_a_passage_is_known_by_a_digest_of_what_is_encoded(index_of, settings):
    texts = {"a.txt": three_passages("one", "two", "three"), "catalog.toml": TITLED.format("A")}
    index_of(texts)
    first = digests(settings)
    assert {len(digest) for digest in first} == {32}  # SHA-256
    # Other words before it move a passage and leave its digest; another title changes all.
    index_of({"a.txt": words(80, "zero") + "\n\n" + texts["a.txt"]})
    assert digests(settings)[1:] == first
    index_of({"catalog.toml": TITLED.format("B")})
    assert not set(first) & set(digests(settings))


def test_the_manifest_has_the_digest_of_every_file(index_of, settings):
    report = index_of({"a.txt": "It says one."})
    folder = settings.data / report.generation
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["files"] == described(folder, "manifest.json")
    (shared,) = manifest["segments"]
    segment = settings.data / segments.FOLDER / shared["name"]
    said = (segment / segments.MANIFEST).read_bytes()
    assert json.loads(said) == described(segment, segments.MANIFEST)
    assert shared["sha256"] == hashlib.sha256(said).hexdigest()
    pointer = (settings.data / "CURRENT").read_text(encoding="utf-8").split()
    digest = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    assert pointer == [report.generation, digest]


def described(folder: Path, but: str) -> dict[str, dict[str, Any]]:
    """Bytes and SHA-256 of the files of a folder, but for one."""
    return {
        path.relative_to(folder).as_posix(): {
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in folder.rglob("*")
        if path.is_file() and path.name != but and path.suffix != checks.LOCK
    }


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "is empty"), (b"\xff\xfe\x00", "UTF-16"), (b"\n \n", "holds no text")],
)
def test_where_no_document_can_be_read_the_reason_is_given(index_of, settings, content, reason):
    with pytest.raises(NothingToIndex, match=rf"a\.txt .*{reason}"):
        index_of({"a.txt": content})
    assert not generations(settings)


def test_a_build_that_finds_nothing_leaves_the_index(index_of, documents, settings):
    index_of({"a.txt": "It says one."})
    (documents({}) / "a.txt").unlink()
    with pytest.raises(NothingToIndex):
        index_of({})
    assert holding(settings, "one") == 1


class Stopped(Exception):
    """Raised where a test stops a build."""


class StopAt:
    """Progress that stops the build at its call number ``at``, and notes every call."""

    def __init__(self, at: int | None = None) -> None:
        self.at, self.calls = at, list[tuple[str, int]]()

    def __call__(self, step: str, done: int, _total: int, /) -> None:
        self.calls.append((step, done))
        if len(self.calls) - 1 == self.at:
            raise Stopped


FORMER = {"a.txt": "The former one.", "b.txt": "It stays.", "sub/c.md": "# Head\n\nIt goes on."}
LATER = {"a.txt": "The latter one.", "d.txt": "It is new.", "e.txt": "It is new as well."}


def steps_of_a_build() -> list[tuple[str, int]]:
    """The calls of ``progress`` when LATER is built over FORMER: three documents of a passage
    each are read and encoded, then the rest is done."""
    reading, encoding = ([(step, n) for n in range(4)] for step in ("read", "encode"))
    return [*reading, *encoding, ("write", 1), ("publish", 0), ("switch", 0)]


def test_a_build_goes_through_these_steps(index_of):
    index_of(FORMER)
    progress = StopAt()
    index_of(LATER, progress=progress)
    assert progress.calls == [*steps_of_a_build(), ("prune", 0)]


@pytest.mark.parametrize(
    "at", range(len(steps_of_a_build())), ids=lambda n: str(steps_of_a_build()[n])
)
def test_a_build_stopped_before_the_switch_leaves_the_former_index(index_of, settings, at):
    index_of(FORMER)
    progress = StopAt(at)
    with pytest.raises(Stopped):
        index_of(LATER, progress=progress)
    assert progress.calls[-1] == steps_of_a_build()[at]
    assert live(settings).name == "gen-000001"
    assert (holding(settings, "former"), holding(settings, "latter")) == (1, 0)

    report = index_of({})
    assert report.changed
    assert live(settings).name == report.generation != "gen-000001"
    assert (holding(settings, "former"), holding(settings, "latter")) == (0, 1)
    assert report.removed == ()
    assert not [*settings.data.glob(".building-*"), *settings.data.glob(".CURRENT*")]


def test_a_build_stopped_after_the_switch_is_live(index_of, settings):
    index_of(FORMER)
    with pytest.raises(Stopped):
        index_of(LATER, progress=StopAt(len(steps_of_a_build())))
    assert (live(settings).name, holding(settings, "latter")) == ("gen-000002", 1)
    assert not index_of({}).changed


def test_a_build_stopped_time_and_again_is_ended_by_the_next(index_of, settings):
    index_of(FORMER)
    for at in range(len(steps_of_a_build())):
        with pytest.raises(Stopped):
            index_of(LATER, progress=StopAt(at))
    assert live(settings).name == "gen-000001"
    report = index_of({})
    assert (holding(settings, "former"), holding(settings, "latter")) == (0, 1)
    # Two are kept: the live one, and the one that was written in full but never switched to.
    assert len(generations(settings)) == 2
    assert generations(settings)[-1] == report.generation
    assert not [*settings.data.glob(".building-*")]


def test_an_encoder_that_fails_leaves_the_former_index(index_of, documents, encoder, settings):
    index_of(FORMER)
    encode = encoder.encode_passage

    def failing(text: str, context: str):
        if text == "It is new.":
            raise Stopped
        return encode(text, context)

    encoder.encode_passage = failing
    with pytest.raises(Stopped):
        index_of(LATER)
    assert (live(settings).name, holding(settings, "former")) == ("gen-000001", 1)


def test_a_build_lets_its_lock_go_when_it_fails(index_of, settings):
    with pytest.raises(Stopped):
        index_of(FORMER, progress=StopAt(3))
    with files.build_lock(settings.data, wait=False):
        pass


def test_a_stopped_build_leaves_no_thread(index_of):
    with pytest.raises(Stopped) as caught:
        index_of({f"{n}.txt": f"Number {n} here." for n in range(100)}, progress=StopAt(150))
    assert caught.value  # and with it every frame of the build
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith("encode")]


class Paused:
    """Progress that stops at its first call until it is told to go on."""

    def __init__(self) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()

    def __call__(self, *_: object) -> None:
        self.reached.set()
        assert self.go_on.wait(10)


@pytest.fixture
def running(documents, settings, encoder):
    """A build of FORMER in another thread, held at its first step: its thread and its brake."""
    paused, reports = Paused(), []
    folder = documents(FORMER)

    def run() -> None:
        reports.append(build([folder], settings, lambda _: encoder, paused))

    thread = threading.Thread(target=run)
    thread.start()
    assert paused.reached.wait(10)
    yield thread, paused, reports
    paused.go_on.set()
    thread.join(10)


def test_a_second_build_is_refused_while_one_runs(running, documents, settings, encoder):
    thread, paused, reports = running
    with pytest.raises(BuildInProgress):
        build([documents({})], settings, lambda _: encoder)
    paused.go_on.set()
    thread.join(10)
    assert [report.generation for report in reports] == ["gen-000001"]
    assert not build([documents({})], settings, lambda _: encoder).changed


def test_a_second_build_waits_where_it_is_told_to(running, documents, settings, encoder):
    thread, paused, reports = running
    second = []
    other = threading.Thread(
        target=lambda: second.append(build([documents({})], settings, lambda _: encoder, wait=True))
    )
    other.start()
    other.join(0.3)
    assert other.is_alive()
    assert not second
    paused.go_on.set()
    thread.join(10)
    other.join(10)
    assert [report.changed for report in reports + second] == [True, False]


def test_a_build_in_another_folder_does_not_wait(running, documents, encoder, tmp_path):
    elsewhere = IndexSettings(data=tmp_path / "elsewhere")
    assert build([documents({})], elsewhere, lambda _: encoder).changed


def test_folders_that_are_no_generations_are_left_alone(index_of, settings):
    names = ["gen-abc", "gen-000001.old", "notes"]
    for name in names:
        (settings.data / name).mkdir(parents=True)
    for n in range(4):
        index_of({"a.txt": f"Version {n} of it."})
    assert all((settings.data / name).is_dir() for name in names)


def test_paths_may_be_files_and_relative(encoder, settings, tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("It says one.", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    report = build([Path("a.txt")], settings, lambda _: encoder)
    assert live(settings).manifest.roots == [str((tmp_path / "a.txt").resolve())]
    monkeypatch.chdir("/")
    assert not build([tmp_path / "a.txt"], settings, lambda _: encoder).changed
    assert report.documents == 1
