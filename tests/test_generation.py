"""Opening a generation: whatever is wrong with its files is found, and named."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from indexed import rows

from index import checks, generation
from index.config import IndexSettings
from index.errors import DamagedGeneration, NoGeneration, OutdatedGeneration

DOCUMENTS = {"a.txt": "Red boats sail south. They are fast.", "b.md": "# Fish\n\nBlue fish swim."}


@pytest.fixture
def built(index_of, settings) -> Path:
    """The folder of data with one generation in it."""
    index_of(DOCUMENTS)
    return settings.data


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def delete(path: Path) -> None:
    path.unlink()


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = [flip, truncate, lengthen, empty, delete, replace_by_folder]


def files_of(folder: Path) -> list[str]:
    """Its own files, and those that it shares, by their names from its folder and from the data."""
    shared = folder.parent / "segments"
    found = [
        path.relative_to(folder if path.is_relative_to(folder) else folder.parent)
        for path in (*folder.rglob("*"), *shared.rglob("*"))
        if path.is_file() and path.suffix != checks.LOCK
    ]
    return sorted(path.as_posix() for path in found)


def test_a_generation_has_these_files(built):
    names = files_of(built / "gen-000001")
    own = [name for name in names if not name.startswith("segments/")]
    assert own == ["catalogue.sqlite", "identities.json", "manifest.json"]
    shared = [name.split("/", maxsplit=2)[2] for name in names if name.startswith("segments/")]
    kinds = [name for name in shared if not name.startswith(("lexical/", "presence/"))]
    assert kinds == [
        "documents.npy",
        "rows.npy",
        "segment.json",
        "sentence_bounds.npy",
        "sentences.npy",
        "token_bounds.npy",
        "token_frequencies.npy",
        "token_ids.npy",
        "token_scales.npy",
        "tokens.npy",
        "vectors.npy",
    ]
    assert len(shared) > len(kinds)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda one: one.__name__)
def test_damage_to_any_file_is_found_and_named(built, tmp_path, damage: Callable[[Path], None]):
    folder = built / "gen-000001"
    named = {}
    for name in files_of(folder):
        shutil.copytree(built, tmp_path / "copy")
        within = "" if name.startswith("segments/") else "gen-000001"
        damage(tmp_path / "copy" / within / name)
        with pytest.raises(DamagedGeneration) as caught:
            generation.open_current(tmp_path / "copy")
        named[name] = (caught.value.generation, caught.value.file)
        assert str(caught.value).startswith(f"{name} of index gen-000001 ")
        assert str(tmp_path) not in str(caught.value)
        shutil.rmtree(tmp_path / "copy")
    assert named == {name: ("gen-000001", name) for name in files_of(folder)}


@pytest.mark.parametrize(
    "damage", [d for d in DAMAGES if d is not delete], ids=lambda d: d.__name__
)
def test_damage_to_the_pointer_is_found_and_named(built, damage):
    damage(built / "CURRENT")
    with pytest.raises(DamagedGeneration) as caught:
        generation.open_current(built)
    assert caught.value.file == "CURRENT"


def test_any_changed_character_of_the_pointer_is_found(built):
    whole = (built / "CURRENT").read_text(encoding="utf-8")
    generation.open_current(built)
    named = []
    for place, character in enumerate(whole):
        changed = "1" if character != "1" else "2"
        (built / "CURRENT").write_text(whole[:place] + changed + whole[place + 1 :])
        with pytest.raises(DamagedGeneration) as caught:
            generation.open_current(built)
        named.append(caught.value.file)
    # One digit more or less of a digest cannot be told from a changed manifest: they disagree,
    # and the manifest is named. All else is the pointer's: "gen-000001 ", and the line's end.
    digest = len("gen-000001 "), len("gen-000001 ") + 64
    expected = ["manifest.json" if digest[0] <= n < digest[1] else "CURRENT" for n in range(76)]
    assert named == expected


@pytest.mark.parametrize(
    "content",
    ["", "\n", "gen-000001", "gen-000001 abc\n", "../gen-000001 {}\n", "gen-1/../x {}\n", "x {}\n"],
)
def test_a_pointer_that_names_no_generation_is_damaged(built, content):
    (built / "CURRENT").write_text(content.format("0" * 64), encoding="utf-8")
    with pytest.raises(DamagedGeneration) as caught:
        generation.current(built)
    assert caught.value.file == "CURRENT"


def test_a_pointer_to_a_generation_that_is_gone_is_damaged(built):
    shutil.rmtree(built / "gen-000001")
    with pytest.raises(DamagedGeneration, match="gen-000001") as caught:
        generation.open_current(built)
    assert caught.value.file == "CURRENT"


def test_a_deleted_pointer_means_that_nothing_is_live(built):
    # A first build that was stopped before its last step leaves just this.
    (built / "CURRENT").unlink()
    with pytest.raises(NoGeneration, match="attest index"):
        generation.open_current(built)


@pytest.mark.parametrize("name", ["var", "var/deeper"])
def test_where_nothing_was_built_there_is_no_generation(tmp_path, name):
    assert generation.current(tmp_path / name) is None
    with pytest.raises(NoGeneration, match="attest index"):
        generation.open_current(tmp_path / name)


def test_files_beside_those_of_the_manifest_do_no_harm(built):
    (built / "gen-000001" / "note.txt").write_text("added", encoding="utf-8")
    assert generation.open_current(built).name == "gen-000001"


@pytest.mark.parametrize(
    "change",
    [{"token_dimensions": 64}, {"dense_model": "another/model"}, {"token_model": "another/model"}],
    ids=lambda change: next(iter(change)),
)
def test_vectors_of_other_models_make_it_outdated(built, settings, change):
    opened = generation.open_current(built)
    with pytest.raises(OutdatedGeneration, match="gen-000001 was built with other models"):
        opened.check_fingerprint(settings.model_copy(update=change))


@pytest.mark.parametrize("change", [{"passage_max_words": 100}, {"passage_min_words": 30}])
def test_passages_of_other_lengths_can_be_searched_but_are_not_the_same(built, settings, change):
    opened = generation.open_current(built)
    assert opened.check_fingerprint(settings)
    assert not opened.check_fingerprint(settings.model_copy(update=change))


def test_settings_that_shape_nothing_leave_it_the_same(built, settings):
    other = {"flat_limit": 1, "encode_threads": 9, "max_file_mb": 1.0, "keep_generations": 9}
    opened = generation.open_current(built)
    assert opened.check_fingerprint(settings.model_copy(update=other))


def test_the_paths_that_are_indexed_are_known(built, tmp_path):
    assert generation.indexed_paths(built) == [tmp_path / "documents"]
    shutil.rmtree(tmp_path / "documents")
    assert generation.indexed_paths(built) == []
    assert generation.indexed_paths(tmp_path / "nowhere") == []


def rewrite_manifest(data: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Changes the manifest as another version might have written it: its digest is right."""
    path = data / "gen-000001" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (data / "CURRENT").write_text(f"gen-000001 {digest}\n", encoding="utf-8")


def test_a_manifest_of_another_version_is_outdated(built):
    rewrite_manifest(built, lambda manifest: manifest.pop("roots"))
    with pytest.raises(OutdatedGeneration, match="another version"):
        generation.open_current(built)


def test_a_file_that_a_library_cannot_open_is_outdated(built):
    (built / "gen-000001" / "catalogue.sqlite").write_bytes(b"of another version")

    def change(manifest: dict[str, Any]) -> None:
        digest = hashlib.sha256(b"of another version").hexdigest()
        manifest["files"]["catalogue.sqlite"] = {"bytes": 18, "sha256": digest}

    rewrite_manifest(built, change)
    with pytest.raises(OutdatedGeneration, match="installed libraries"):
        generation.open_current(built)


def test_an_opened_generation_goes_on_when_its_files_are_pruned(index_of, settings, encoder):
    index_of(DOCUMENTS)
    opened = generation.open_current(settings.data)
    first, second = rows(opened)
    shutil.rmtree(settings.data / opened.name)
    shutil.rmtree(settings.data / "segments")
    query = encoder.encode_query("boats")
    assert [hit.row for hit in opened.lexical.search(opened.lexical.stems("boats"), 5)] == [first]
    assert len(opened.dense.search(query.dense, 5)) == 2
    weights = np.full(2, 0.5, dtype=np.float32)
    assert opened.tokens.score(query.tokens, weights, [first, second]).passages.shape == (2,)
    assert opened.database.text("a") == DOCUMENTS["a.txt"]


def test_opening_while_the_next_goes_live_and_the_former_is_pruned(index_of, settings, monkeypatch):
    # The reader has read CURRENT; before it reads the manifest, the builder is two further.
    index_of(DOCUMENTS)
    read, raced = generation._read_manifest, list[bool]()

    def late(*arguments):
        if not raced:
            raced.append(True)
            for n in range(2):
                index_of({"c.txt": f"Version {n} of it."})
        return read(*arguments)

    monkeypatch.setattr(generation, "_read_manifest", late)
    assert generation.open_current(settings.data).name == "gen-000003"


def test_the_manifest_says_what_it_was_built_with(built, settings: IndexSettings):
    manifest = generation.open_current(built).manifest
    assert manifest.configuration == settings.shaping()
    assert manifest.counts == {"documents": 2, "passages": 2, "sentences": 3}
    assert (manifest.fingerprint, manifest.vectors_fingerprint) == generation.fingerprints(settings)
    assert manifest.roots == [str(built.parent / "documents")]
