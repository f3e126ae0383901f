"""A run on the disk."""

from __future__ import annotations

from dataclasses import replace

import pytest
from evaluating import cited, passages, quote, recipe, recipe_at, result, whole

from eval import recipe as recipes
from eval import runs
from eval.errors import BadRun

FULL = result(
    *((quote(3, "abc"), whole("e")), (quote(9, "é\u2028", grade=2),)),
    id="full",
    accepted=(("abc", "b"),),
    citations=(cited(3, "abc\nd"),),
    considered=(cited(3, "abc\nd"),),
    passages=passages((0, 9), "e"),
    interpreted_as="so",
    milliseconds=1.25,
)
LOST = result(id="lost", answerable=False, answered=False, error="refused")


@pytest.fixture
def at(tmp_path):
    return tmp_path / "runs" / "first"


def write(at, *lines):
    runs.write_recipe(at, recipe())
    (at / runs.REPLIES).write_bytes(b"".join(lines))


def test_what_is_written_is_read_again(at):
    write(at, runs.to_line(FULL), runs.to_line(LOST))
    assert runs.read(at) == (recipe(started=recipe_at(at).started), [FULL, LOST])


def test_a_result_is_one_line():
    assert runs.to_line(FULL).count(b"\n") == 1


def test_a_recipe_is_replaced_as_a_whole(at):
    runs.write_recipe(at, recipe(name="before"))
    runs.write_recipe(at, recipe(name="after"))
    assert recipe_at(at).name == "after"
    assert [one.name for one in at.iterdir()] == ["recipe.json"]


def test_a_last_line_without_its_end_is_passed_over(at):
    write(at, runs.to_line(FULL), runs.to_line(LOST)[:-1])
    before = (at / runs.REPLIES).read_bytes()
    assert runs.read_results(at) == [FULL]
    assert (at / runs.REPLIES).read_bytes() == before


@pytest.mark.parametrize("half", [1, 20, -1])
def test_a_last_line_without_its_end_is_cut_off_where_the_run_goes_on(at, half):
    write(at, runs.to_line(FULL), runs.to_line(LOST)[:half])
    assert runs.read_results(at, mend=True) == [FULL]
    assert (at / runs.REPLIES).read_bytes() == runs.to_line(FULL)


def test_half_of_the_first_line_is_nothing(at):
    write(at, runs.to_line(FULL)[:30])
    assert runs.read_results(at, mend=True) == []
    assert (at / runs.REPLIES).read_bytes() == b""


@pytest.mark.parametrize("bad", [b"{}\n", b"\n", b"no json\n", b"\xff\n"])
def test_another_line_that_is_no_result_is_named(at, bad):
    write(at, runs.to_line(FULL), bad, runs.to_line(LOST))
    with pytest.raises(BadRun, match=r"run first: line 2 of replies.jsonl is no result; .*--fresh"):
        runs.read_results(at)


@pytest.mark.parametrize("bad", ["", "{}", "[]", "no json"])
def test_a_recipe_that_is_none_is_named(at, bad):
    write(at, runs.to_line(FULL))
    (at / runs.RECIPE).write_text(bad)
    with pytest.raises(BadRun, match=r"run first: recipe.json cannot be read; .*--fresh"):
        runs.read(at)


def test_where_there_is_no_run_the_command_that_makes_one_is_named(at):
    with pytest.raises(BadRun, match="there is no run first; make one with 'attest eval run"):
        runs.read(at)
    write(at)
    with pytest.raises(BadRun, match=r"run first has no replies yet"):
        runs.read(at)


@pytest.mark.parametrize("name", ["first", "2026-01-02", "a.b+c_d", "ünï", "x" * 100])
def test_a_name_is_a_folder(tmp_path, name):
    assert runs.folder(tmp_path, name) == tmp_path / name


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x", "a/b", "-x", ".x", "a b", "x\n", "x" * 101]
)
def test_what_no_folder_should_be_called_is_no_name(tmp_path, name):
    with pytest.raises(BadRun, match="cannot name a run"):
        runs.folder(tmp_path, name)


def test_a_run_is_found_by_name_before_a_folder_that_lies_here(at, tmp_path, monkeypatch):
    write(at)
    (tmp_path / "first").mkdir()
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path)
    assert runs.find(at.parent, "first") == at
    assert runs.find(at.parent, str(at)) == at
    assert str(runs.find(at.parent, "other")) == "other"
    assert runs.find(at.parent, "unknown") == at.parent / "unknown"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"questions_digest": "1"}, ["questions_digest"]),
        ({"half": "tune", "top_k": 50}, ["half", "top_k"]),
        ({"asked": "over HTTP"}, ["asked"]),
        ({"index": {"generation": "gen-000002"}}, ["index"]),
        ({"settings": {"threshold": 0.6}}, ["settings"]),
        ({"code": "d"}, ["code"]),
        # How fast, when, and what it is called make no other scores.
        ({"clients": 4, "started": "later", "seconds": 9.0, "commit": "x", "name": "y"}, []),
    ],
)
def test_what_makes_two_recipes_of_one_run_different(changed, told):
    assert recipe().differences(replace(recipe(), **changed)) == told


def test_a_recipe_knows_its_machine_and_its_libraries():
    assert "cores of" in recipes.machine()
    assert set(recipes.versions()) == set(recipes.LIBRARIES)
    assert all(recipes.versions().values())


def test_the_digest_of_the_code_is_of_every_module_and_its_data(tmp_path, monkeypatch):
    for name in ("index/a.py", "qa/b.py", "eval/c.py", "qa/data/d.onnx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")
    monkeypatch.setattr(recipes, "ROOT", tmp_path)
    digest = recipes.code_digest.__wrapped__
    before = digest()
    (tmp_path / "eval/c.py").write_text("two")  # measures, and makes no answers
    assert digest() == before
    (tmp_path / "qa/b.py").write_text("two")
    assert digest() != before
    before = digest()
    (tmp_path / "qa/data/d.onnx").write_text("two")
    assert digest() != before


def test_outside_a_checkout_there_is_no_commit(tmp_path, monkeypatch):
    monkeypatch.setattr(recipes, "ROOT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert recipes.commit() == ""
