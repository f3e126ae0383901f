"""The command: what it prints for people and for programs, its exit codes, how fast it starts."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from conftest import WordEncoder
from scanning import Program, Scan, hocr_of
from typer.testing import CliRunner, Result

from index import build as builder
from index import files, versions
from index.generation import open_current
from index.identity import Place
from index.loading import SUFFIXES
from index.main import create
from index.remarks import Remark, Remarks
from qa.pipeline import Answerer
from qa.settings import ServiceSettings

Run = Callable[..., Result]

ACT = "Resolution 2462 (2019)\n\nThe Council decides to meet."
TEXT = "Red boats sail south today. Blue boats sail north."


@pytest.fixture
def run(settings, encoder, monkeypatch) -> Run:
    """Runs ``attest`` with the fake encoder, on the folder of ``settings``."""
    environment = {
        "ATTEST_DATA": str(settings.data),
        "COLUMNS": "300",  # so that no line is broken
        "NO_COLOR": "1",
    }
    faked = partial(builder.build, load_encoder=lambda _: encoder)
    monkeypatch.setattr(builder, "build", faked)

    def invoke(*arguments: object, stdin: str | None = None, **more: str) -> Result:
        texts = [str(argument) for argument in arguments]
        return CliRunner().invoke(create(), texts, input=stdin, env={**environment, **more})

    return invoke


@pytest.fixture
def asking(run, answerer_of, monkeypatch) -> Run:
    """``run`` with an index of a document and an answerer over it that declines nothing."""
    answerer = answerer_of({"boats.txt": TEXT})
    monkeypatch.setattr("qa.service.server.open_answerer", lambda *_: answerer)
    return run


# attest index


def test_index_reads_scans_where_it_is_told_to(run, documents, settings, monkeypatch, tmp_path):
    program = Program(tmp_path / "bin", monkeypatch)
    program.says(hocr_of(["Grey boats sail west at night."]))
    folder = documents({"scan.pdf": Scan().text().made(), "a.txt": TEXT})
    without = run("index", folder)
    assert without.exit_code == 3
    assert "skipped scan.pdf: 1 page without text; `--ocr` reads it with" in without.stdout
    result = run("index", "--ocr", folder)
    assert result.exit_code == 0
    assert "note: scan.pdf page 1 was read by OCR" in result.stdout
    answerer = Answerer(open_current(settings.data), WordEncoder(), ServiceSettings(threshold=0))
    monkeypatch.setattr("qa.service.server.open_answerer", lambda *_: answerer)
    said = run("ask", "which grey boats sail west at night").stdout
    assert "Grey boats sail west at night. [1]" in said
    assert ", p. 1, read by OCR (scan, characters 0-30)" in said
    assert "read by OCR" not in run("ask", "which blue boats sail north").stdout


def test_index_reports_what_it_did(run, documents):
    result = run("index", documents({"a.txt": "One here. Two here.", "b.md": "# B\n\nThree here."}))
    assert (result.exit_code, result.stderr.strip()) == (0, "")
    first, second = result.stdout.splitlines()
    assert first == "Index gen-000001 is live."
    assert second.startswith("2 documents, 2 passages (2 encoded), 3 sentences; 0 files skipped; ")


def test_index_says_that_nothing_has_changed(run, documents):
    folder = documents({"a.txt": "One here."})
    run("index", folder)
    result = run("index", folder)
    assert result.exit_code == 0
    assert result.stdout.startswith("Nothing has changed: index gen-000001 is up to date.\n")
    assert "1 passages (0 encoded)" in result.stdout


def test_index_names_what_it_skipped_and_exits_with_3(run, documents):
    result = run("index", documents({"a.txt": "One here.", "b.xyz": b"%PDF", "[c].txt": b"\xff"}))
    assert result.exit_code == 3
    skipped = [line for line in result.stdout.splitlines() if line.startswith("skipped ")]
    assert skipped == [
        "skipped [c].txt: is not valid UTF-8 (byte 0 is 0xff); save it as UTF-8",
        "skipped b.xyz: is not a kind that can be read (see attest index --help)",
    ]
    assert "2 files skipped" in result.stdout


def test_index_names_what_was_in_the_former_index(run, documents):
    folder = documents({"a.txt": "One here.", "b.txt": "Two here."})
    run("index", folder)
    (folder / "a.txt").unlink()
    result = run("index", folder)
    assert result.exit_code == 0
    assert "left out a.txt: in the former index, not in this one" in result.stdout


def test_index_prints_its_report_as_json(run, documents):
    result = run("index", "--json", documents({"a.txt": "One here.", "b.xyz": b"%PDF"}))
    assert result.exit_code == 3
    report = json.loads(result.stdout)
    seconds, size = report.pop("seconds"), report.pop("bytes")
    assert seconds > 0
    assert size > 1000
    assert report == {
        "generation": "gen-000001",
        "changed": True,
        "documents": 1,
        "passages": 1,
        "sentences": 1,
        "encoded": 1,
        "skipped": [
            {"name": "b.xyz", "reason": "is not a kind that can be read (see attest index --help)"}
        ],
        "removed": [],
        "notices": [],
        "hidden": [],
    }


def test_index_adds_to_what_is_indexed(run, documents, tmp_path):
    run("index", documents({"a.txt": "One here."}))
    other = tmp_path / "other.txt"
    other.write_text("Two here.", encoding="utf-8")
    added = json.loads(run("index", "--add", "--json", other).stdout)
    assert (added["documents"], added["encoded"], added["removed"]) == (2, 1, [])
    alone = json.loads(run("index", "--json", other).stdout)
    assert (alone["documents"], alone["removed"]) == (1, ["a.txt"])


def test_index_takes_the_folder_of_the_settings_where_none_is_named(run, documents):
    folder = documents({"a.txt": "One here."})
    assert json.loads(run("index", "--json", ATTEST_SEEDS=str(folder)).stdout)["documents"] == 1


def test_index_refreshes_what_is_indexed(run, documents, tmp_path):
    run("index", documents({"a.txt": "One here."}))
    documents({"b.txt": "Two here."})
    elsewhere = {"ATTEST_SEEDS": str(tmp_path / "elsewhere")}
    report = json.loads(run("index", "--refresh", "--json", **elsewhere).stdout)
    assert (report["documents"], report["encoded"]) == (2, 1)
    assert run("index", "--refresh", tmp_path).exit_code == 2


def test_index_tells_what_is_hidden_and_shows_it_again(run, documents, settings):
    folder = documents({"a.txt": "One here.", "b.txt": "Two here."})
    run("index", folder)
    said = Remarks.open(settings.data)
    said.saying(Place(str(folder), "b.txt"), Remark(hidden=True)).write(settings.data)
    hidden = run("index", folder)
    assert hidden.stdout.splitlines()[:2] == [
        "hidden, as somebody wanted: b.txt (--unhide)",
        "Index gen-000002 is live.",
    ]
    shown = run("index", "--unhide")
    assert shown.stderr.strip() == "shown again: b.txt"
    assert "2 documents" in shown.stdout
    assert json.loads(run("index", "--unhide", "--json").stdout)["documents"] == 2


def test_index_keeps_what_was_added_and_needs_nothing_else(run, documents, settings, tmp_path):
    added = settings.data / "uploads"
    added.mkdir(parents=True)
    (added / "mine.txt").write_text("Mine here.")
    elsewhere = {"ATTEST_SEEDS": str(tmp_path / "elsewhere")}
    builder.build([], settings)
    assert json.loads(run("index", "--refresh", "--json", **elsewhere).stdout)["documents"] == 1
    report = json.loads(run("index", "--json", documents({"a.txt": "One here."})).stdout)
    assert (report["documents"], report["removed"]) == (2, [])
    (added / "mine.txt").unlink()
    report = json.loads(run("index", "--refresh", "--json").stdout)
    assert (report["documents"], report["removed"]) == (1, [])


def test_index_forgets_earlier_versions(run, documents, settings):
    folder = documents({"a.txt": "One here."})
    run("index", folder)
    documents({"a.txt": "Two here."})
    run("index", folder)
    assert len(versions.of(settings.data, "a")) == 1
    result = run("index", "--forget-versions")
    assert result.stderr.strip() == "Texts of 1 earlier versions are forgotten."
    assert versions.of(settings.data, "a") == []


def test_index_refreshes_nothing_where_it_cannot_tell_what_was_indexed(run, documents, settings):
    run("index", documents({"a.txt": "One here."}))
    (settings.data / "gen-000001" / "manifest.json").write_text("{")
    result = run("index", "--refresh")
    assert result.exit_code == 1
    assert "manifest.json of index gen-000001 cannot be read" in result.stderr


def test_index_says_where_it_cannot_write(run, documents, settings):
    settings.data.parent.mkdir(exist_ok=True)
    settings.data.write_text("a file where the folder should be")
    result = run("index", documents({"a.txt": "One here."}))
    assert result.exit_code == 1
    assert "the index cannot be written" in result.stderr


def test_index_encodes_everything_anew_where_it_is_told_to(run, documents):
    folder = documents({"a.txt": "One here."})
    run("index", folder)
    report = json.loads(run("index", "--rebuild", "--json", folder).stdout)
    assert (report["changed"], report["encoded"]) == (True, 1)


def assert_failed(result: Result, *said: str) -> None:
    """Exit code 1, nothing on standard output, one line on standard error that says why."""
    assert result.exit_code == 1
    assert result.stdout == ""
    (line,) = result.stderr.strip().splitlines()  # a progress display may end in a blank line
    assert line.startswith("attest: ")
    for words in said:
        assert words in line


def test_index_fails_where_there_is_nothing_to_index(run, tmp_path):
    assert_failed(run("index", tmp_path), "no document found")
    assert_failed(run("index", tmp_path / "nowhere"), "nowhere does not exist")


def test_index_fails_where_another_build_runs(run, documents, settings):
    folder = documents({"a.txt": "One here."})
    with files.build_lock(settings.data, wait=False):
        assert_failed(run("index", folder), "another build is running", "--wait")


def test_index_fails_where_a_catalog_is_wrong(run, documents):
    folder = documents({"a.txt": "One here.", "catalog.toml": "[documents.'a.txt']\ntitel = 'A'\n"})
    assert_failed(run("index", folder), "catalog.toml", "titel")


def test_index_fails_where_a_setting_is_wrong(run, documents):
    result = run("index", documents({"a.txt": "One here."}), ATTEST_PASSAGE_MAX_WORDS="many")
    assert_failed(result, "ATTEST_PASSAGE_MAX_WORDS", "'many'")


@pytest.mark.parametrize(
    "arguments", [["nothing"], ["index", "--nothing"], ["verify"], ["ask", "-k", "0", "boats"]]
)
def test_wrong_usage_exits_with_2(run, arguments):
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage: " in result.stderr


# attest ask and search


def test_ask_prints_the_answer_and_where_it_stands(asking):
    result = asking("ask", "how many boats sail south")
    assert result.exit_code == 0
    *caveats, answer, confidence, citation = result.stdout.splitlines()
    assert caveats[-1] == "The question asks for a number, and the quotes give none."
    assert answer == "Red boats sail south today. [1]"
    assert confidence.startswith("Confidence 0.")
    assert citation.startswith("[1] ")
    assert citation.endswith("(boats, characters 0-27)")


def test_ask_says_what_an_answer_leaves_out(asking, answerer_of, monkeypatch):
    answerer = answerer_of({"boats.txt": TEXT, "act.txt": ACT})
    monkeypatch.setattr("qa.service.server.open_answerer", lambda *_: answerer)
    result = asking("ask", "which boats sail south; what does resolution 9999 say of boats")
    assert result.exit_code == 0
    assert "Red boats sail south today. [1]" in result.stdout
    told = " ".join(result.stdout.split())
    assert "Not answered: what does resolution 9999 say of boats The documents" in told


def test_ask_prints_what_the_service_would_answer(asking):
    answer = json.loads(asking("ask", "--json", "which boats sail south").stdout)
    assert answer["answer"] == "Red boats sail south today. [1]"
    assert answer["index"]["generation"] == "gen-000001"
    assert [one["rank"] for one in answer["passages"]] == [1]


def test_ask_corrects_a_slip_unless_it_is_to_stay_as_typed(asking):
    question = "which boats sial south today"
    mended, kept = (
        json.loads(asking("ask", "--json", *option, question).stdout)["interpreted_as"]
        for option in ([], ["--as-typed"])
    )
    assert mended == "which boats sail south today (“sial” read as “sail”)"
    assert kept == question


def test_ask_exits_with_3_where_it_declines(asking):
    result = asking("ask", 'which "purple boats" are there')
    assert result.exit_code == 3
    assert result.stdout.startswith("Not answered. ")
    assert "purple boats" in result.stdout


def test_ask_fails_for_a_document_that_is_not_there(asking):
    assert_failed(asking("ask", "-d", "nope", "which boats"), "no document 'nope'")


@pytest.mark.parametrize("question", ["", "  ", "x" * 2001])
def test_ask_fails_for_what_is_no_question(asking, question):
    assert_failed(asking("ask", question), "question: ")


def test_search_lists_passages(asking):
    result = asking("search", "boats north")
    assert result.exit_code == 0
    first, second = result.stdout.splitlines()
    assert first.startswith("1. ")
    assert "(boats, characters 0-50; score " in first
    assert second == f"   {TEXT}"
    assert json.loads(asking("search", "--json", "boats").stdout)[0]["text"] == TEXT


def test_search_exits_with_3_where_it_finds_nothing(asking):
    assert asking("search", '"purple boats"').exit_code == 3


def test_without_an_index_commands_say_how_to_build_one(run, tmp_path):
    claims = tmp_path / "claims.json"
    claims.write_text("[]", encoding="utf-8")
    for arguments in (["ask", "boats"], ["search", "boats"], ["verify", claims]):
        assert_failed(run(*arguments), "no index yet", "attest index")


# attest verify


def claim(start: int, end: int, text: str, id: str = "boats") -> dict[str, object]:
    return {
        "document_id": id,
        "start_char_index": start,
        "end_char_index": end,
        "cited_text": text,
    }


RIGHT = claim(0, 27, "Red boats sail south today.")
MOVED = claim(3, 30, "Red boats sail south today.")
CHANGED = claim(0, 27, "Red boats sail south again.")
GONE = claim(0, 27, "Red boats sail south today.", id="gone")


@pytest.fixture
def verify(index_of, run, tmp_path) -> Run:
    """Writes what it is given as JSON into a file and verifies that."""
    index_of({"boats.txt": TEXT})

    def invoke(content: object, *options: str) -> Result:
        (tmp_path / "claims.json").write_text(json.dumps(content), encoding="utf-8")
        return run("verify", *options, tmp_path / "claims.json")

    return invoke


def test_verify_finds_what_stands_where_it_says(verify):
    result = verify([RIGHT])
    assert result.exit_code == 0
    assert result.stdout == "1. verified  boats: Red boats sail south today.\n"


def test_verify_exits_with_3_where_anything_does_not(verify):
    result = verify([RIGHT, MOVED, CHANGED, GONE])
    assert result.exit_code == 3
    assert result.stdout.splitlines() == [
        "1. verified  boats: Red boats sail south today.",
        "2. moved to 0  boats: Red boats sail south today.",
        "3. changed  boats: Red boats sail south again.",
        "4. unknown_document  gone: Red boats sail south today.",
    ]
    for one in (MOVED, CHANGED, GONE):
        assert verify([one]).exit_code == 3


def test_verify_prints_json(verify):
    result = verify([RIGHT, CHANGED], "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout) == [
        {**RIGHT, "status": "verified", "version": None, "stood": None},
        {
            **{**CHANGED, "status": "changed", "start_char_index": None, "end_char_index": None},
            **{"version": None, "stood": None},
        },
    ]


def test_verify_takes_an_answer_as_ask_prints_it(asking, tmp_path):
    answer = tmp_path / "answer.json"
    answer.write_text(asking("ask", "--json", "which boats sail south").stdout, encoding="utf-8")
    assert asking("verify", answer).stdout.startswith("1. verified  boats: ")


def test_verify_reads_standard_input(verify, run):
    verify([RIGHT])
    result = run("verify", "-", stdin=json.dumps({"citations": [RIGHT]}))
    assert result.exit_code == 0
    assert result.stdout.startswith("1. verified")
    assert_failed(run("verify", "-", stdin="no json"), "- is not JSON")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Red boats", "is not JSON"),
        (b"", "is not JSON"),
        (b"\xff\xfe", "cannot read"),
        (b"[" * 100_000, "is not JSON"),
        (b"9" * 5000, "is not JSON"),
        (b"[]", "holds no citations"),
        (b"{}", "holds no citations"),
        (b'{"citations": []}', "holds no citations"),
        (b"7", "not a citation"),
        (b'{"citations": null}', "not a citation"),
        (b'[{"document_id": "boats"}]', "not a citation: 0.start_char_index"),
        (b'[{"document_id": "boats", "start_char_index": -1}]', "not a citation"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_verify_fails_for_what_holds_no_citations(verify, run, tmp_path, content, said):
    verify([RIGHT])
    (tmp_path / "claims.json").write_bytes(content)
    assert_failed(run("verify", tmp_path / "claims.json"), said)


def test_verify_fails_where_there_is_no_file(verify, run, tmp_path):
    verify([RIGHT])
    assert_failed(run("verify", tmp_path / "nowhere.json"), "cannot read", "No such file")


def test_verify_fails_where_the_index_is_damaged(verify, settings):
    verify([RIGHT])
    (damaged,) = settings.data.glob("segments/*/sentences.npy")
    damaged.write_bytes(b"damaged")
    assert_failed(verify([RIGHT]), "sentences.npy of index gen-000001")


# The command itself, in a process of its own


HEAVY = {
    *("torch", "faiss", "sentence_transformers", "transformers", "onnxruntime", "tantivy"),
    *("fastapi", "starlette", "uvicorn", "numpy", "nltk", "scipy", "sqlite3"),
}
STARTED = """
import json, sys, time
sys.argv = ["attest", *sys.argv[1:]]
from index.main import main
try:
    main()
finally:
    print(json.dumps([sorted(sys.modules), time.process_time()]), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["index", "--help"], ["ask", "--help"], []])
def test_help_comes_at_once(arguments):
    done = subprocess.run(
        [sys.executable, "-c", STARTED, *arguments], capture_output=True, text=True, check=False
    )
    assert "Usage: attest" in done.stdout
    modules, seconds = json.loads(done.stderr.splitlines()[-1])
    assert HEAVY.isdisjoint(modules)
    assert seconds < 1


def test_help_names_the_kinds_of_files_that_are_read(run):
    shown = run("index", "--help").output
    words = re.sub(r"[│\s]+", "", shown)
    assert f"({','.join(sorted(SUFFIXES))})" in words


def test_help_names_every_command_and_the_exit_codes(run):
    result = run("--help")
    assert result.exit_code == 0
    for word in ("index", "ask", "search", "serve", "verify", "Exit codes"):
        assert word in result.stdout


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["table", "json"])
def test_a_pipe_that_closes_early_is_no_reason_for_a_traceback(
    index_of, settings, tmp_path, monkeypatch, options
):
    index_of({"boats.txt": TEXT})
    claims = tmp_path / "claims.json"
    claims.write_text(json.dumps([RIGHT] * 5000), encoding="utf-8")
    monkeypatch.setenv("ATTEST_DATA", str(settings.data))
    command = [sys.executable, "-m", "index.main", "verify", *options, str(claims)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(10)
        process.stdout.close()  # as head does: 5000 lines do not fit into the pipe
        assert process.stderr.read() == b""
        assert process.wait() in {0, 1}  # all is well, or not all could be said


def test_the_command_is_installed():
    command = Path(sys.executable).with_name("attest")
    done = subprocess.run([command, "--help"], capture_output=True, text=True, check=True)
    assert "Usage: attest" in done.stdout
