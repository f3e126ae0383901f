"""Ids of documents: recorded once, kept for ever, never another's; and names that tell apart."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from index import generation
from index.build import build
from index.config import IndexSettings
from index.identity import FILE, Identities, Naming, Place
from index.records import Skipped

ALPHA = "The Alpha committee approved the budget of Alpha in Geneva."
BETA = "Nothing was spent by Beta, and the grant was returned."


@pytest.fixture
def indexed(tmp_path, settings, encoder):
    """Indexes some roots under the test's folder; gives the report."""
    return lambda *roots: build([tmp_path / one for one in roots], settings, lambda _: encoder)


@pytest.fixture
def ids(tmp_path, settings):
    """Ids of the live generation by the texts of their documents."""

    def read() -> dict[str, str]:
        database = generation.open_current(settings.data).database
        return {database.text(one.id) or "": one.id for one in database.documents()}

    return read


@pytest.fixture
def write(tmp_path):
    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_document_that_goes_does_not_hand_its_id_to_another(indexed, ids, write):
    alpha = write("docs/report 1.txt", ALPHA)
    write("docs/report-1.txt", BETA)
    indexed("docs")
    assert ids() == {ALPHA: "report-1", BETA: "report-1-1a0ed3d8"}
    alpha.unlink()
    assert indexed("docs").removed == ("report 1.txt",)
    assert ids() == {BETA: "report-1-1a0ed3d8"}
    write("docs/report_1.txt", "A third.")
    write("docs/report 1.txt", ALPHA)
    indexed("docs")
    third = ids().pop("A third.")
    assert ids() == {ALPHA: "report-1", BETA: "report-1-1a0ed3d8", "A third.": third}
    assert re.fullmatch(r"report-1-[0-9a-f]{8}", third)


def test_a_document_that_comes_does_not_take_the_id_of_another(indexed, ids, write):
    write("docs/report-1.txt", BETA)
    indexed("docs")
    write("docs/report 1.txt", ALPHA)
    indexed("docs")
    assert ids()[BETA] == "report-1"
    assert re.fullmatch(r"report-1-[0-9a-f]{8}", ids()[ALPHA])


def test_the_ending_counts(indexed, ids, write):
    write("docs/report.txt", ALPHA)
    indexed("docs")
    write("docs/report.md", BETA)
    indexed("docs")
    assert ids()[ALPHA] == "report" != ids()[BETA]
    second = ids()[BETA]
    write("docs/report.txt", ALPHA).unlink()
    indexed("docs")
    assert ids() == {BETA: second}


def test_files_of_one_name_keep_their_ids_in_any_order_and_company(indexed, ids, write):
    texts = {root: f"The invoice of {root} is due." for root in "abc"}
    for root, text in texts.items():
        write(f"{root}/invoice.txt", text)
    indexed("a", "b", "c")
    first = ids()
    assert len(set(first.values())) == 3
    assert first[texts["a"]] == "invoice"
    for roots in ("bac", "cb", "b", "ca", "abc"):
        indexed(*roots)
        assert ids() == {texts[root]: first[texts[root]] for root in roots}


def test_the_order_of_roots_does_not_matter_to_new_ids(tmp_path):
    places = [Place("/a", "x.txt"), Place("/b", "x.txt"), Place("/b", "X 1.txt")]
    chosen = []
    for order in (places, places[::-1]):
        register = Identities()
        register.propose(order)
        chosen.append([register.id_of(one) for one in places])
    assert chosen[0] == chosen[1]
    assert len(set(chosen[0])) == 3


def test_a_file_keeps_its_id_below_another_root(indexed, ids, write, tmp_path):
    write("docs/sub/a.txt", ALPHA)
    indexed("docs/sub")
    indexed("docs")
    indexed("docs/sub/a.txt")
    indexed("docs/../docs")
    assert ids() == {ALPHA: "a"}


def test_a_file_that_is_no_document_takes_no_id(indexed, ids, write):
    write("docs/report 1.txt", "")
    write("docs/report-1.txt", BETA)
    indexed("docs")
    first = ids()[BETA]
    write("docs/report 1.txt", ALPHA)
    indexed("docs")
    assert ids() == {ALPHA: "report-1", BETA: first}


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"roots": {"/": []}, "beside": "/"}'])
def test_a_lost_register_is_made_again_of_a_generation(indexed, ids, write, settings, content):
    gone = write("docs/report 1.txt", ALPHA)
    write("docs/report-1.txt", BETA)
    indexed("docs")
    register = (settings.data / FILE).read_text(encoding="utf-8")
    gone.unlink()
    indexed("docs")
    (settings.data / FILE).unlink()
    if content is not None:
        (settings.data / FILE).write_text(content, encoding="utf-8")
    assert not indexed("docs").changed
    assert (settings.data / FILE).read_text(encoding="utf-8") == register
    write("docs/report.1.txt", "A third.")
    indexed("docs")
    assert "report-1" not in ids().values()


def test_a_generation_carries_the_register(indexed, write, settings):
    write("docs/a.txt", ALPHA)
    report = indexed("docs")
    copy = settings.data / report.generation / FILE
    assert copy.read_bytes() == (settings.data / FILE).read_bytes()
    manifest = generation.open_current(settings.data).manifest
    assert manifest.files[FILE]["bytes"] == copy.stat().st_size


def test_ids_of_an_index_without_a_register_are_kept(indexed, ids, write, settings, tmp_path):
    gone = write("a/report 1.txt", ALPHA)
    write("b/report-1.txt", BETA)
    write("b/x.txt", "It is x.")
    indexed("a", "b/report-1.txt", "b/x.txt")
    first = ids()
    (settings.data / FILE).unlink()
    (settings.data / "gen-000001" / FILE).unlink()  # which makes it one of an earlier version
    gone.unlink()
    write("a/report.1.txt", "A third.")
    indexed("b", "a")
    second = ids()
    assert second.pop("A third.") not in first.values()
    assert second == {text: first[text] for text in (BETA, "It is x.")}


def test_of_one_name_each_root_keeps_its_id_without_a_register(tmp_path, write):
    a, b = (str(write(f"{root}/x.txt", root).parent) for root in "ab")
    register = Identities()
    register.adopt([a, b], [("x", "x.txt"), ("x-2", "x.txt"), ("x-3", "x.txt"), ("y", "y.txt")])
    register.propose([Place(b, "x.txt"), Place(a, "x.txt"), Place(a, "y.txt")])
    assert register.id_of(Place(a, "x.txt")) == "x"
    assert register.id_of(Place(b, "x.txt")) == "x-2"
    assert register.id_of(Place(a, "y.txt")) not in {"x", "x-2", "x-3", "y"}


def test_a_build_that_is_stopped_gives_no_id_away(indexed, ids, write, tmp_path, settings, encoder):
    write("docs/report 1.txt", ALPHA)
    write("docs/report-1.txt", BETA)

    def stop(step: str, _done: int, _total: int) -> None:
        if step == "switch":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build([tmp_path / "docs"], settings, lambda _: encoder, stop)
    (tmp_path / "docs/report 1.txt").unlink()
    indexed("docs")
    assert ids() == {BETA: "report-1-1a0ed3d8"}


def test_a_project_that_is_moved_with_its_data_keeps_its_ids(write, tmp_path, encoder):
    def index(home: Path) -> list[str]:
        data = IndexSettings(data=home / "var")
        build([home / "docs"], data, lambda _: encoder)
        return [one.id for one in generation.open_current(data.data).database.documents()]

    write("old/docs/a.txt", ALPHA)
    assert index(tmp_path / "old") == ["a"]
    shutil.copytree(tmp_path / "old", tmp_path / "copy")
    assert index(tmp_path / "copy") == ["a"]
    (tmp_path / "old").rename(tmp_path / "new")
    assert index(tmp_path / "new") == ["a"]


def test_data_moved_alone_still_know_the_documents(write, tmp_path, settings, indexed, encoder):
    write("docs/a.txt", ALPHA)
    indexed("docs")
    data = tmp_path / "deep" / "er" / "var"
    data.parent.mkdir(parents=True)
    settings.data.rename(data)
    moved = settings.model_copy(update={"data": data})
    build([tmp_path / "docs"], moved, lambda _: encoder)
    assert [one.id for one in generation.open_current(data).database.documents()] == ["a"]


def test_an_id_whose_place_is_taken_by_another_record_is_still_no_one_elses():
    register = Identities([(Place("/a", "x.txt"), "x"), (Place("/a", "x.txt"), "former")])
    register.propose([Place("/a", "former.txt")])
    assert register.id_of(Place("/a", "former.txt")) not in {"x", "former"}
    assert register.id_of(Place("/a", "x.txt")) == "x"


def test_names_that_are_not_utf8_are_recorded(tmp_path):
    places = [Place("/a", "caf\udce9.txt"), Place("/a", r"caf\udce9.txt")]
    register = Identities()
    register.propose(places)
    register.record(places)
    register.write(tmp_path)
    again = Identities.open(tmp_path)
    assert [again.id_of(one) for one in places] == [register.id_of(one) for one in places]
    assert len({again.id_of(one) for one in places}) == 2


def test_the_register_is_not_written_where_nothing_is_new(tmp_path):
    register = Identities([(Place("/a", "x.txt"), "x")])
    register.write(tmp_path)
    before = (tmp_path / FILE).stat().st_mtime_ns, (tmp_path / FILE).stat().st_ino
    Identities.open(tmp_path).write(tmp_path)
    assert ((tmp_path / FILE).stat().st_mtime_ns, (tmp_path / FILE).stat().st_ino) == before
    assert json.loads((tmp_path / FILE).read_text())["roots"] == {"/a": {"x.txt": "x"}}


# Reports


def test_files_of_one_name_are_named_with_their_roots_and_ids(indexed, write, tmp_path):
    write("a/invoice.txt", ALPHA)
    write("b/invoice.txt", BETA)
    write("b/empty.txt", "")
    write("a/other.txt", "It is other.")
    report = indexed("a", "b")
    a, b = tmp_path / "a" / "invoice.txt", tmp_path / "b" / "invoice.txt"
    first, second = report.notices
    assert (first.name, first.text) == (
        str(a),
        f"is document invoice; {b} has the same name",
    )
    assert second.name == str(b)
    assert report.skipped == (Skipped("empty.txt", "is empty"),)
    assert indexed("b").removed == (str(a), "other.txt")


def test_the_same_text_under_one_name_is_told_apart(indexed, write, tmp_path):
    a, b = write("a/invoice.txt", ALPHA), write("b/invoice.txt", ALPHA)
    assert indexed("a", "b").skipped == (Skipped(str(b), f"has the same text as {a}"),)
    # The address that is in use goes on.
    report = indexed("b", "a")
    assert report.skipped == (Skipped(str(b), f"has the same text as {a}"),)
    assert report.removed == ()


def test_skipped_files_of_one_name_are_told_apart(indexed, write, tmp_path):
    write("a/x.txt", ALPHA)
    empty = write("b/x.txt", "")
    assert indexed("a", "b").skipped == (Skipped(str(empty), "is empty"),)


def test_a_root_is_named_where_it_has_no_name_below_itself():
    assert Naming([]).name(Place("/a/b", ".")) == "/a/b"
