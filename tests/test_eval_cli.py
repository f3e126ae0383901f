"""``attest eval``: what every sub-command prints and its exit codes; and that the gate shuts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from conftest import WordEncoder
from evaluating import draw_less, scored, served
from typer.testing import CliRunner, Result

from eval import baseline, cases, clients, runs
from eval.ablate import SHOWN
from eval.records import Case, Span
from index import generation
from index.build import build
from index.config import IndexSettings
from index.main import create
from qa.answer import confidence
from qa.pipeline import Answerer
from qa.ranking import retrieve
from qa.records import Turn
from qa.settings import ServiceSettings
from qa.stages import EVERY_STAGE, Stages
from qa.tuning import shipped

Run = Callable[..., Result]
COMMANDS = (
    "check",
    "convert",
    "run",
    "show",
    "compare",
    "gate",
    "baseline",
    "report",
    "ablate",
    "fit",
)

# A collection of 30 bays, a question about each, and one that follows up on each of twenty.
NAMES = [f"bay{n}" for n in range(30)]
FILES = {
    f"{name}.txt": f"The master of {name} is keeper{n}. Nothing else is told."
    for n, name in enumerate(NAMES)
}


def gold(name: str) -> dict[str, Any]:
    n = NAMES.index(name)
    span = Span(name, f"The master of {name} is keeper{n}.")
    return {"answerable": True, "gold": ((span,),), "accepted": ((f"keeper{n}",),)}


ASKED = [
    *(Case(f"who-{one}", f"the master of {one}", kind="who", **gold(one)) for one in NAMES),
    *(
        Case(f"then-{one}", "who is it?", kind="then", history=(Turn(f"master of {one}", ""),),
             **gold(one))
        for one in NAMES[:20]
    ),
    *(Case(f"none-{n}", f'is it "purple bay{n}"', False, kind="none") for n in range(4)),
]  # fmt: skip


@pytest.fixture(autouse=True)
def few_draws(monkeypatch):
    draw_less(monkeypatch)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """An index of ``FILES``, which no test changes."""
    folder = tmp_path_factory.mktemp("bays")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    build([folder], IndexSettings(data=folder / "var"), lambda _: WordEncoder())
    return folder / "var"


@pytest.fixture
def pipeline(data, encoder, monkeypatch):
    """Sets which pipeline over ``FILES`` the commands open from now on."""

    def use(stages=EVERY_STAGE, threshold=0.0, reader=None):
        def opened(index_settings, settings, load=None):
            current = generation.open_current(index_settings.data)
            return Answerer(current, encoder, ServiceSettings(threshold=threshold), stages, reader)

        monkeypatch.setattr("qa.service.server.open_answerer", opened)
        monkeypatch.setattr("index.encoder.load", lambda _: encoder)

    use()
    return use


@pytest.fixture
def attest(data, tmp_path, pipeline) -> Run:
    """Runs ``attest eval`` on the index and runs of this test."""
    environment = {
        "ATTEST_DATA": str(data),
        "ATTEST_RUNS": str(tmp_path / "runs"),
        "ATTEST_THRESHOLD": "0",  # for ablate, which makes its own answerers
        "COLUMNS": "300",  # so that no line is broken
        "NO_COLOR": "1",
    }

    def invoke(*arguments: object, **more: str) -> Result:
        texts = ["eval", *(str(argument) for argument in arguments)]
        return CliRunner().invoke(create(), texts, env={**environment, **more})

    return invoke


@pytest.fixture
def questions(tmp_path):
    """Writes a question set."""

    def write(asked=ASKED, name="set.jsonl"):
        path = tmp_path / name
        path.write_text("".join(cases.to_line(one) + "\n" for one in asked), encoding="utf-8")
        return path

    return write


def assert_ok(result: Result, code: int = 0) -> str:
    """The exit code, and nothing that a program broke; returns what was printed."""
    assert result.exit_code == code, (result.output, result.exception)
    assert isinstance(result.exception, (SystemExit, type(None)))
    return result.stdout


def assert_failed(result: Result, *said: str) -> None:
    """Exit code 1, nothing on standard output, one line on standard error that says why."""
    assert result.exit_code == 1, (result.output, result.exception)
    assert result.stdout == ""
    (line,) = result.stderr.strip().splitlines()
    assert line.startswith("attest: ")
    for words in said:
        assert words in line


def row(printed: str, name: str) -> list[str]:
    """The cells of a table's row that begins with ``name``."""
    lines = [line.strip("│┃║| ") for line in printed.splitlines()]
    (found,) = [line for line in lines if line.split("│")[0].strip() == name]
    return [cell.strip() for cell in found.split("│")]


# Help and usage


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches_every_command(command):
    shown = CliRunner().invoke(create(), ["eval", command, "--help"])
    assert shown.exit_code == 0
    assert len(shown.output.splitlines()) > 8


def test_help_names_every_command():
    shown = CliRunner().invoke(create(), ["eval", "--help"])
    assert shown.exit_code == 0
    assert [one for one in COMMANDS if one not in shown.output] == []


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing"],
        ["run"],
        ["run", "set.jsonl"],  # without a name
        ["run", "set.jsonl", "--name", "a", "--half", "third"],
        ["run", "set.jsonl", "--name", "a", "--clients", "0"],
        ["run", "set.jsonl", "--name", "a", "--top-k", "51"],
        ["gate", "first"],  # without a baseline
        ["gate", "first", "--baseline", "b.jsonl", "--allow", "speed"],
        ["gate", "first", "--baseline", "b.jsonl", "--allow", "right=much"],
        ["baseline", "first", "b.json"],
        ["ablate", "set.jsonl", "--stage", "everything"],
        ["report"],
    ],
)
def test_wrong_usage_exits_with_2(attest, arguments):
    result = attest(*arguments)
    assert result.exit_code == 2
    assert "Usage: " in result.output


# check


def test_check_counts_a_sound_set(attest, questions):
    # 30 + 20 answerable, a quote each, and 4 that are not answerable.
    printed = assert_ok(attest("check", questions()))
    assert printed.startswith("54 questions (50 answerable; ")
    assert printed.strip().endswith("50 gold quotes or documents: 0 wrong, 0 worth knowing.")


def test_check_names_what_is_wrong_and_exits_with_3(attest, questions):
    odd = [
        replace(ASKED[0], gold=((Span("bay0", "[nowhere]"),),), accepted=()),
        replace(ASKED[1], kind=""),
    ]
    first, second, last = assert_ok(attest("check", questions(odd)), 3).splitlines()
    assert first == "wrong who-bay0: not in bay0: “[nowhere]”"
    assert second == "note  who-bay1: it has no kind, so it is in no figure by kind"
    assert last.endswith("1 wrong, 1 worth knowing.")


def test_check_exits_with_0_for_what_is_only_worth_knowing(attest, questions):
    assert_ok(attest("check", questions([replace(ASKED[1], kind="")])))


def test_check_of_the_structure_alone_needs_no_index(attest, questions, tmp_path):
    path = questions([replace(ASKED[0], gold=((Span("gone", "x"),),), accepted=())])
    elsewhere = {"ATTEST_DATA": str(tmp_path / "nothing")}
    assert_ok(attest("check", "--structure", path, **elsewhere))
    assert_ok(attest("check", path), 3)


def test_check_fails_where_a_set_cannot_be_read(attest, tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": "a"}\n')
    assert_failed(attest("check", path), "bad.jsonl, line 1: question: ")
    assert_failed(attest("check", tmp_path / "gone.jsonl"), "cannot read", "gone.jsonl")


# convert


def test_convert_writes_documents_and_questions(attest, tmp_path):
    source = tmp_path / "mini.json"
    asked = {"id": "a", "question": "?", "answers": [{"text": "One", "answer_start": 0}]}
    article = {"title": "T", "paragraphs": [{"context": "One.", "qas": [asked]}]}
    source.write_text(json.dumps({"data": [article]}))
    target = tmp_path / "out"
    printed = assert_ok(attest("convert", source, target, "--own-paragraph"))
    assert printed == f"1 documents in {target}/documents, 1 in {target}/questions.jsonl\n"
    assert cases.load(target / "questions.jsonl")[0].documents == ("paragraph-00000",)
    assert_failed(attest("convert", source, target), "is not empty")


# run and show


def test_run_prints_the_figures_and_keeps_the_replies(attest, questions, tmp_path):
    printed = assert_ok(attest("run", questions(), "--name", "first"))
    assert "54 questions" in printed
    assert row(printed, "right")[1] == "1.000 [1.000, 1.000]"
    assert row(printed, "wrongly answered")[1] == "0.000 [0.000, 0.000]"
    assert row(printed, "then")[1] == "20"
    made, results = runs.read(tmp_path / "runs" / "first")
    assert (made.finished, made.count, made.asked, made.half) == (True, 54, "in process", "all")
    assert made.questions == "set.jsonl"
    assert made.index["generation"] == "gen-000001"
    assert set(made.settings) == {"candidates", "threshold", "risk", "tuning", "confidence"}
    assert made.settings["tuning"] == shipped().digest
    assert [one.case for one in results] == ASKED


def test_run_asks_one_half_alone(attest, questions, tmp_path):
    for half in ("tune", "test"):
        assert_ok(attest("run", questions(), "--name", half, "--half", half))
        _, results = runs.read(tmp_path / "runs" / half)
        assert [one.case for one in results] == [one for one in ASKED if one.half == half]


def test_run_refuses_a_name_that_is_taken_and_can_replace_it(attest, questions):
    path = questions(ASKED[:4])
    assert_ok(attest("run", path, "--name", "first"))
    assert_failed(attest("run", path, "--name", "first"), "first is there already", "--fresh")
    assert_ok(attest("run", path, "--name", "first", "--fresh"))
    assert_failed(attest("run", path, "--name", "../first"), "cannot name a run")


def test_run_goes_on_where_it_was_stopped(attest, questions, tmp_path, monkeypatch):
    path, asked = questions(ASKED[:6]), list[str]()
    ask = clients.InProcess.ask

    def counted(self, case, top_k):
        if len(asked) == 4:
            asked.append("stopped")
            raise KeyboardInterrupt
        asked.append(case.id)
        return ask(self, case, top_k)

    monkeypatch.setattr(clients.InProcess, "ask", counted)
    stopped = attest("run", path, "--name", "first")
    assert_failed(stopped, "stopped; the same command goes on from here")
    assert_ok(attest("run", path, "--name", "first"))
    # The first question of each part is asked twice, and none that has a reply again.
    ids = [one.id for one in ASKED[:6]]
    assert asked == [ids[0], *ids[:3], "stopped", ids[3], *ids[3:]]
    assert [one.case.id for one in runs.read(tmp_path / "runs" / "first")[1]] == ids


def test_run_exits_with_3_where_a_question_got_an_error(attest, questions):
    odd = replace(ASKED[0], id="odd", documents=("gone",))
    printed = assert_ok(attest("run", questions([*ASKED[:3], odd]), "--name", "first"), 3)
    assert printed.endswith("1 questions got an error, not a reply; they count as failures.\n")
    assert row(printed, "right")[1].startswith("0.750")


def test_run_fails_where_gold_is_not_there(attest, questions, tmp_path):
    odd = replace(ASKED[0], id="odd", gold=((Span("gone", "x"),),))
    result = attest("run", questions([*ASKED[:3], odd]), "--name", "first")
    assert_failed(result, "question odd", "document gone", "attest eval check")
    assert not (tmp_path / "runs" / "first").exists()


def test_run_fails_where_a_half_is_empty(attest, questions):
    alone = [one for one in ASKED if one.half == "tune"][:1]
    result = attest("run", questions(alone), "--name", "first", "--half", "test")
    assert_failed(result, "has no question of the half test")


def test_run_fails_where_there_is_no_index(attest, questions, tmp_path):
    result = attest("run", questions(), "--name", "a", ATTEST_DATA=str(tmp_path / "nothing"))
    assert_failed(result, "no index yet")


def test_run_asks_a_service_with_several_clients(attest, questions, data, tmp_path, encoder):
    opened = generation.open_current(data)
    with served(Answerer(opened, encoder, ServiceSettings(threshold=0)), data) as address:
        path = questions(ASKED[:20])
        assert_ok(attest("run", path, "--name", "first", "--url", address, "--clients", 3))
        assert_ok(attest("check", path, "--url", address))
    made, results = runs.read(tmp_path / "runs" / "first")
    assert (made.asked, made.clients, made.settings, made.code) == ("over HTTP", 3, {}, "")
    assert {one.case.id for one in results} == {one.id for one in ASKED[:20]}
    assert all(one.reply.answered for one in results)


def test_run_fails_where_no_service_is(attest, questions):
    result = attest("run", questions(), "--name", "a", "--url", "http://127.0.0.1:1")
    assert_failed(result, "127.0.0.1:1 does not answer")
    assert_failed(attest("check", questions(), "--url", "nowhere:x"), "is not the address")


def test_show_prints_the_figures_of_a_run_again(attest, questions):
    printed = assert_ok(attest("run", questions(), "--name", "first"))
    assert assert_ok(attest("show", "first")) == printed
    half = assert_ok(attest("show", "first", "--half", "tune"))
    assert f"{sum(one.half == 'tune' for one in ASKED)} questions" in half
    assert_failed(attest("show", "gone"), "there is no run gone")


# compare


def test_compare_shows_differences_and_flips(attest, questions, pipeline):
    path = questions()
    assert_ok(attest("run", path, "--name", "first"))
    pipeline(Stages(history=False))
    assert_ok(attest("run", path, "--name", "second"))
    printed = assert_ok(attest("compare", "first", "second"))
    assert "54 questions in common" in printed
    assert row(printed, "right")[-1] == "worse"
    assert "0 questions gained, " in printed
    assert "then-bay5" in printed
    assert "who-bay5" not in printed
    back = assert_ok(attest("compare", "second", "first"))
    assert row(back, "right")[-1] == "better"


def test_compare_says_what_is_in_one_run_alone(attest, questions):
    assert_ok(attest("run", questions(ASKED[:5]), "--name", "few"))
    assert_ok(attest("run", questions(ASKED[:8]), "--name", "more"))
    printed = assert_ok(attest("compare", "few", "more"))
    assert "5 questions in common" in printed
    assert "No question flipped." in printed
    assert "3 questions are only in more." in printed
    assert "only in few" not in printed


def test_compare_fails_where_nothing_is_in_common(attest, questions):
    assert_ok(attest("run", questions(ASKED[:2]), "--name", "one"))
    assert_ok(attest("run", questions(ASKED[2:4]), "--name", "other"))
    assert_failed(attest("compare", "one", "other"), "no question in common")


# gate


@pytest.fixture
def committed(attest, questions, tmp_path):
    """The baseline of the pipeline as it is."""
    assert_ok(attest("run", questions(), "--name", "before"))
    path = tmp_path / "baseline.jsonl"
    printed = assert_ok(attest("baseline", "before", path))
    assert printed == f"54 questions in {path}\n"
    return path


def backwards(ranked):
    """``retrieve.rank``, with the worst passage first."""

    def rank(*arguments):
        ranking = ranked(*arguments)
        return ranking and replace(ranking, rows=ranking.rows[::-1], scores=ranking.scores[::-1])

    return rank


def test_the_gate_is_open_for_an_unchanged_pipeline(attest, questions, committed):
    assert_ok(attest("run", questions(), "--name", "after"))
    for against in (committed, "before"):
        printed = assert_ok(attest("gate", "after", "--baseline", against))
        assert printed.endswith("The gate is open: nothing is significantly worse.\n")
        assert "worse: " not in printed


def test_the_gate_catches_a_ranking_turned_round(attest, questions, committed, monkeypatch):
    monkeypatch.setattr(retrieve, "rank", backwards(retrieve.rank))
    assert_ok(attest("run", questions(), "--name", "after"))
    printed = assert_ok(attest("gate", "after", "--baseline", committed), 3)
    for name in ("Success@1", "RR@10", "nDCG@10", "right"):
        assert f"worse: {name} went from 1.000 to 0." in printed
    assert "The gate stays shut." in printed
    assert f"attest eval baseline after {committed}" in printed
    assert "questions gained, " in printed


@pytest.mark.parametrize("against", ["file", "run"])
def test_the_gate_catches_a_stage_that_is_off(attest, questions, committed, pipeline, against):
    pipeline(Stages(history=False))
    assert_ok(attest("run", questions(), "--name", "after"))
    named = committed if against == "file" else "before"
    printed = assert_ok(attest("gate", "after", "--baseline", named), 3)
    assert "worse: right went from 1.000 to 0." in printed


def test_the_gate_catches_a_threshold_that_declines_everything(
    attest, questions, committed, pipeline
):
    pipeline(threshold=1.0)
    assert_ok(attest("run", questions(), "--name", "after"))
    printed = assert_ok(attest("gate", "after", "--baseline", committed), 3)
    assert "worse: wrongly declined went from 0.000 to 1.000" in printed
    assert "worse: right went from 1.000 to 0.000" in printed
    assert "worse: nDCG@10" not in printed  # the ranking is as it was


def test_the_gate_catches_questions_that_were_not_asked(attest, questions, committed):
    assert_ok(attest("run", questions(ASKED[2:]), "--name", "after"))
    printed = assert_ok(attest("gate", "after", "--baseline", committed), 3)
    assert "2 questions of the baseline were not asked: who-bay0, who-bay1" in printed


def test_the_gate_lets_through_what_is_better(attest, questions, pipeline):
    pipeline(Stages(history=False))
    assert_ok(attest("run", questions(), "--name", "before"))
    pipeline()
    assert_ok(attest("run", questions(), "--name", "after"))
    # With the fake encoder all confidence is near 0, so more right answers are more distance
    # from it: the expected calibration error is worse, and no reason to shut the gate.
    printed = assert_ok(attest("gate", "after", "--baseline", "before"))
    assert row(printed, "right")[-1] == "better"
    assert "ECE" not in printed


@pytest.fixture
def scores(tmp_path):
    """Writes two baselines of forty questions: in the second, half the answers are wrong."""
    paths = []
    for name, wrong in [("good", 0), ("bad", 20)]:
        each = [
            scored(f"q{n}", measures={"right": float(n >= wrong)}, right=n >= wrong)
            for n in range(40)
        ]
        paths.append(tmp_path / f"{name}.jsonl")
        baseline.write(paths[-1], each)
    return paths


@pytest.mark.parametrize(
    ("allow", "code"),
    [
        ([], 3),
        (["right"], 3),  # AURC fell as well
        (["right", "AURC"], 0),
        (["right=0.5", "AURC=0.9"], 0),
        (["right=0.49", "AURC"], 3),
    ],
)
def test_the_gate_lets_through_what_is_allowed(attest, scores, allow, code):
    good, bad = scores
    options = [part for one in allow for part in ("--allow", one)]
    printed = assert_ok(attest("gate", bad, "--baseline", good, *options), code)
    assert ("The gate is open" in printed) == (code == 0)
    if code == 0:
        assert "allowed: right went from 1.000 to 0.500" in printed


def test_the_gate_fails_where_a_baseline_cannot_be_read(attest, scores, tmp_path):
    good, _ = scores
    missing = attest("gate", good, "--baseline", tmp_path / "gone.jsonl")
    assert_failed(missing, "cannot read the baseline")
    good.write_text("no json\n")
    assert_failed(attest("gate", good, "--baseline", good), "line 1: not a line of a baseline")
    assert_failed(attest("gate", "gone", "--baseline", "gone"), "there is no run gone")


# report and ablate


def test_report_writes_one_file(attest, questions, tmp_path):
    path = questions(ASKED[::6])
    assert_ok(attest("run", path, "--name", "first"))
    printed = assert_ok(attest("report", "first"))
    written = tmp_path / "runs" / "first" / "report.html"
    assert printed == f"{written}\n"
    assert "who-bay0" in written.read_text(encoding="utf-8")
    assert_ok(attest("report", "first", "--out", tmp_path / "other.html"))
    assert (tmp_path / "other.html").is_file()
    assert_failed(attest("report", "gone"), "there is no run gone")


def test_ablate_prints_what_each_stage_is_worth(attest, questions):
    path = questions(ASKED[30:])  # the follow-ups
    printed = assert_ok(attest("ablate", path, "--stage", "history", "--stage", "acronyms"))
    head = row(printed.replace("┃", "│"), "without")
    right = head.index("right if given")
    assert row(printed, "(nothing)")[right].startswith("1.000")
    assert row(printed, "history")[right].startswith("-")
    assert row(printed, "history")[right].endswith("*")
    assert row(printed, "acronyms")[right].startswith("+0.000")
    assert "identifiers" not in printed


def test_ablate_tries_every_stage_where_none_is_named(attest, questions):
    printed = assert_ok(attest("ablate", questions(ASKED[:3])))
    for name in Stages.names():
        row(printed, name.replace("_", " "))


def test_ablate_fails_where_there_is_nothing_to_ask(attest, questions, tmp_path):
    alone = [one for one in ASKED if one.half == "tune"][:1]
    result = attest("ablate", questions(alone), "--half", "test")
    assert_failed(result, "has no question of the half test")
    nowhere = {"ATTEST_DATA": str(tmp_path / "nothing")}
    assert_failed(attest("ablate", questions(), **nowhere), "no index yet")


class Blind:
    """A reader that prefers the sentence that tells nothing: with it every answer is wrong."""

    def read(self, _: str, texts: list[str]) -> list[float]:
        return [100.0 if text.endswith("else is told.") else -100.0 for text in texts]


def test_ablate_asks_the_whole_pipeline_with_its_reader(attest, questions, pipeline):
    pipeline(reader=Blind())
    printed = assert_ok(attest("ablate", questions(ASKED[:12]), "--stage", "reader"))
    place = 1 + SHOWN.index("right if given")
    assert row(printed, "(nothing)")[place].startswith("0.000")
    assert row(printed, "reader")[place].startswith("+1.000")


UNANSWERED = [Case(f"cost-{one}", f"the cost of {one}", False, kind="cost") for one in NAMES[:20]]


class Knowing:
    """A reader that thinks more of what answers than of what does not, and little of both."""

    def read(self, _: str, texts: list[str]) -> list[float]:
        return [-1.0 if "master" in text else -3.0 for text in texts]


def test_fit_says_what_it_helps_and_keeps_it_beside_the_index(attest, questions, pipeline, data):
    pipeline(reader=Knowing())
    path = questions([*ASKED[:30], *UNANSWERED])
    before = confidence.of_collection(data)
    try:
        printed = assert_ok(attest("fit", path, "--dry", "--anyway"))
        assert row(printed, "ECE")
        assert not (data / confidence.OWN).exists()
        printed = assert_ok(attest("fit", path, "--anyway"))
        assert "delete that file to go back" in printed
        assert confidence.of_collection(data) != before
    finally:
        (data / confidence.OWN).unlink(missing_ok=True)


def test_fit_needs_enough_questions(attest, questions):
    assert_failed(attest("fit", questions(ASKED[:5])), "a fit needs 30 questions")
