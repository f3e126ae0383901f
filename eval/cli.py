"""``attest eval``: check, convert, run, show, compare, gate, baseline, report and ablate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from index.main import NOT_ALL, fail

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table

    from eval.askers import Asker
    from eval.gold import Collection
    from eval.recipe import Recipe
    from eval.records import Half, Scored

HalfChoice = Literal["tune", "test", "all"]
Set = Annotated[
    Path,
    typer.Argument(
        metavar="SET",
        help="A question set (.jsonl, see docs/question-sets.md), a BEIR folder, or a SQuAD .json.",
    ),
]
Run = Annotated[str, typer.Argument(metavar="RUN", help="Name or folder of a run.")]
OfHalf = Annotated[
    HalfChoice,
    typer.Option(help="Only this half. What is chosen or fitted may look at 'tune' alone."),
]
Url = Annotated[
    str | None,
    typer.Option(help="Ask a running service at this address, not the pipeline in this process."),
]
Candidate = Annotated[
    str, typer.Argument(metavar="RUN", help="Name or folder of a run, or a baseline file (.jsonl).")
]

Markdown = Annotated[bool, typer.Option("--markdown", help="Print tables as Markdown.")]

app = typer.Typer(
    name="eval",
    no_args_is_help=True,
    help="Measure how well questions with known answers are answered.",
    epilog="A first run: attest eval run eval/questions/seeds.jsonl --name first; "
    "then: attest eval report first.",
)


def register(root: typer.Typer) -> None:
    """Adds the group of commands to ``root``."""
    root.add_typer(app)


@app.command()
def check(
    questions: Set,
    url: Url = None,
    structure: Annotated[
        bool, typer.Option("--structure", help="Do not look the gold up in a collection.")
    ] = False,
) -> None:
    """Prove that every gold quote stands in its document, and report what is doubtful.

    Exit code 3 where something is wrong; what is only worth knowing does not count.
    """
    from rich.text import Text

    from eval import cases, gold

    with _guarded():
        asked = cases.load(questions)
        found = gold.check(asked, None if structure else _collection(url))
    console = _console()
    for one in sorted(found, key=lambda one: not one.wrong):
        mark = Text("wrong", style="red") if one.wrong else Text("note ", style="yellow")
        console.print(mark + Text(f" {one.id}: {one.what}"), soft_wrap=True)
    quotes = sum(len(group) for one in asked for group in one.gold)
    wrong = sum(one.wrong for one in found)
    answerable = sum(one.answerable for one in asked)
    test = sum(one.half == "test" for one in asked)
    console.print(
        f"{len(asked)} questions ({answerable} answerable; {len(asked) - test} tune, {test} test), "
        f"{quotes} gold quotes or documents: {wrong} wrong, {len(found) - wrong} worth knowing."
    )
    if wrong:
        raise typer.Exit(NOT_ALL)


@app.command()
def convert(
    source: Annotated[Path, typer.Argument(help="A BEIR folder or a SQuAD .json.")],
    target: Annotated[
        Path, typer.Argument(help="A new folder for documents/ and questions.jsonl.")
    ],
    own_paragraph: Annotated[
        bool,
        typer.Option("--own-paragraph", help="SQuAD: ask of a question's own paragraph alone."),
    ] = False,
) -> None:
    """Turn a public set into documents to index and a question set.

    Then, say: ATTEST_DATA=var/scifact attest index TARGET/documents
    """
    from eval.convert import DOCUMENTS, QUESTIONS
    from eval.convert import convert as write

    with _guarded():
        documents, asked = write(source, target, own_paragraph)
    typer.echo(f"{documents} documents in {target / DOCUMENTS}, {asked} in {target / QUESTIONS}")


@app.command()
def run(
    questions: Set,
    name: Annotated[str, typer.Option(help="Name of the run, for the other commands.")],
    half: OfHalf = "all",
    url: Url = None,
    clients: Annotated[int, typer.Option(min=1, max=64, help="Questions asked at a time.")] = 1,
    top_k: Annotated[
        int | None, typer.Option(min=1, max=50, help="Passages to ask for; default: as needed.")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Replace a run of that name, finished or not.")
    ] = False,
) -> None:
    """Ask every question, write each reply as it comes, and print the figures.

    A run that was stopped goes on where it stopped when it is started again.
    """
    from eval import cases, metrics, runs
    from eval.run import passages_for
    from eval.run import run as ask

    with _guarded():
        asked = cases.of_half(cases.load(questions), _half(half))
        if not asked:
            raise fail(f"{questions} has no question of the half {half}")
        at = runs.folder(_runs(), name)
        asker = _asker(url)
        recipe = _recipe(name, questions, asked, asker)(
            half=half,
            top_k=top_k or passages_for(asked),
            clients=clients,
            over_http=url is not None,
        )
        with _bar() as bar:
            task = bar.add_task("asking", total=len(asked))
            try:
                results = ask(
                    *(asked, asker, at, recipe),
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                    fresh=fresh,
                )
            except KeyboardInterrupt:
                raise fail("stopped; the same command goes on from here") from None
    _print(metrics.score(results))
    failed = sum(1 for one in results if one.reply.error)
    if failed:
        typer.echo(f"{failed} questions got an error, not a reply; they count as failures.")
        raise typer.Exit(NOT_ALL)


@app.command()
def show(run: Candidate, half: OfHalf = "all", markdown: Markdown = False) -> None:
    """Print the figures of a run, with 95 % intervals, and by kind of question."""
    from eval import baseline

    with _guarded():
        scored = baseline.load(run, _runs(), _half(half))
    _print(scored, markdown)


@app.command()
def compare(first: Candidate, second: Candidate, half: OfHalf = "all") -> None:
    """Compare two runs: paired differences, and the questions that flipped, with their answers.

    p is of a randomisation test, corrected for the number of measures (Holm).
    """
    from eval import baseline, tables
    from eval.compare import compare as difference

    with _guarded():
        before, after = baseline.pair(first, second, _runs(), _half(half))
        comparison = difference(before, after)
    names = _names(first, second)
    console = _console()
    console.print(tables.differences(comparison, names))
    if comparison.flips:
        console.print(tables.flips(comparison, names))
    else:
        console.print("No question flipped.")
    for name, ids in zip(names, (comparison.only_first, comparison.only_second), strict=True):
        if ids:
            console.print(f"{len(ids)} questions are only in {name}.")


@app.command()
def gate(
    run: Candidate,
    baseline: Annotated[str, typer.Option(help="What it must not fall below: a file or a run.")],
    allow: Annotated[
        list[str] | None,
        typer.Option(
            help="A measure that may fall, such as 'AURC', or by how much, such as 'right=0.02'. "
            "May be repeated."
        ),
    ] = None,
    half: OfHalf = "all",
) -> None:
    """Exit with 3 where a run is significantly worse than a baseline; the gate of CI.

    Worse: a measure fell by more than chance explains (p < 0.05 after Holm's correction), or
    questions of the baseline were not asked.
    """
    from eval import baseline as baselines
    from eval import tables
    from eval.compare import GATED
    from eval.compare import compare as difference
    from eval.compare import gate as judge

    allowed = _allowed(allow or [])
    with _guarded():
        before, after = baselines.pair(baseline, run, _runs(), _half(half))
        comparison = difference(before, after, GATED)
    verdict = judge(comparison, allowed)
    console = _console()
    names = _names(baseline, run)
    console.print(tables.differences(comparison, names))
    for line in verdict.allowed:
        console.print(f"allowed: {line}")
    for line in verdict.failed:
        console.print(f"worse: {line}", style="red")
    if verdict.failed:
        if comparison.flips:
            console.print(tables.flips(comparison, names))
        console.print(
            "The gate stays shut. If the fall is meant, say --allow, or commit a new baseline: "
            f"attest eval baseline {run} {baseline}",
            soft_wrap=True,
        )
        raise typer.Exit(NOT_ALL)
    console.print("The gate is open: nothing is significantly worse.")


@app.command()
def baseline(
    run: Run,
    file: Annotated[Path, typer.Argument(help="Where to write it (.jsonl).")],
) -> None:
    """Write the scores of a run into a file to commit, for later runs to be held against."""
    from eval import baseline as baselines

    if file.suffix != ".jsonl":
        raise typer.BadParameter("must end in .jsonl", param_hint="FILE")
    with _guarded():
        scored = baselines.load(run, _runs())
        baselines.write(file, scored)
    typer.echo(f"{len(scored)} questions in {file}")


@app.command()
def report(
    run: Annotated[list[str], typer.Argument(metavar="RUN...", help="Names or folders of runs.")],
    out: Annotated[
        Path | None, typer.Option(help="File to write; default: report.html in the run's folder.")
    ] = None,
) -> None:
    """Write one self-contained HTML file: figures, plots, and every question with its answer.

    It opens offline, prints well, and can be sent on as it is.
    """
    from eval import runs
    from eval.report import write

    with _guarded():
        folders = [runs.find(_runs(), one) for one in run]
        read = [runs.read(one) for one in folders]
        path = out or folders[0] / "report.html"
        write(path, read)
    typer.echo(f"{path}")


@app.command()
def ablate(
    questions: Set,
    stage: Annotated[
        list[str] | None, typer.Option(help="Only this stage; may be repeated. Default: each.")
    ] = None,
    half: OfHalf = "all",
    markdown: Markdown = False,
) -> None:
    """Switch each stage of the pipeline off in turn, and print what it is worth."""
    from eval import cases, tables
    from eval.ablate import ablate as run_without
    from index import encoder
    from index.config import IndexSettings, read
    from qa.config import ServiceSettings
    from qa.pipeline import Answerer
    from qa.server import open_answerer
    from qa.stages import Stages

    known = Stages.names()
    unknown = [one for one in stage or [] if one not in known]
    if unknown:
        raise typer.BadParameter(
            f"is none of {', '.join(known)}", param_hint=f"--stage {unknown[0]}"
        )
    with _guarded(), _bar() as bar:
        asked = cases.of_half(cases.load(questions), _half(half))
        if not asked:
            raise fail(f"{questions} has no question of the half {half}")
        settings, index_settings = read(ServiceSettings), read(IndexSettings)
        model = encoder.load(index_settings)
        whole = open_answerer(index_settings, settings, lambda _: model)
        tasks: dict[str, Any] = {}

        def progress(off: str, done: int, total: int) -> None:
            if off not in tasks:
                named = f"without {off.replace('_', ' ')}" if off else "every stage"
                tasks[off] = bar.add_task(named, total=total)
            bar.update(tasks[off], completed=done)

        full, each = run_without(
            asked,
            lambda stages: Answerer(whole.generation, model, settings, stages),
            stage or known,
            progress,
        )
        found = list(each)
    _print_table(tables.ablation(full, found), markdown)


def _collection(url: str | None) -> Collection:
    from eval.gold import Indexed
    from index import generation
    from index.config import IndexSettings, read

    if url is not None:
        return _asker(url)
    return Indexed(generation.open_current(read(IndexSettings).data).catalogue)


def _asker(url: str | None) -> Asker:
    from eval.askers import InProcess, OverHttp
    from index.config import IndexSettings, read
    from qa.config import ServiceSettings
    from qa.server import open_answerer

    if url is not None:
        service = OverHttp(url)
        service.identity()  # so that a wrong address is told before anything else
        return service
    return InProcess(open_answerer(read(IndexSettings), read(ServiceSettings)))


def _recipe(name: str, questions: Path, asked: Any, asker: Asker) -> Callable[..., Recipe]:
    """What makes the recipe once it is known how the questions are asked."""
    from eval import cases, recipe
    from index.config import read
    from qa.config import ServiceSettings

    def of(half: str, top_k: int, clients: int, over_http: bool) -> Recipe:
        settings = (
            {}
            if over_http
            else read(ServiceSettings).model_dump(include={"candidates", "threshold"})
        )
        return recipe.Recipe(
            name=name,
            questions=questions.name,
            questions_digest=cases.digest(asked),
            count=len(asked),
            half=half,
            top_k=top_k,
            asked="over HTTP" if over_http else "in process",
            clients=clients,
            index=asker.identity(),
            settings=settings,
            code="" if over_http else recipe.code_digest(),
            commit=recipe.commit(),
        )

    return of


def _runs() -> Path:
    from eval.config import EvalSettings
    from index.config import read

    return read(EvalSettings).runs


def _half(chosen: HalfChoice) -> Half | None:
    return None if chosen == "all" else chosen


def _names(first: str, second: str) -> tuple[str, str]:
    """Short names of two runs for the heads of columns, told apart."""
    names = Path(first).name, Path(second).name
    return names if names[0] != names[1] else (f"{names[0]} (first)", f"{names[1]} (second)")


def _allowed(options: list[str]) -> dict[str, float]:
    from eval.compare import GATED

    allowed: dict[str, float] = {}
    for option in options:
        name, given, limit = option.partition("=")
        if name not in GATED:
            raise typer.BadParameter(
                f"{name!r} is not gated; these are: {', '.join(GATED)}", param_hint="--allow"
            )
        try:
            allowed[name] = float(limit) if given else float("inf")
        except ValueError:
            raise typer.BadParameter(f"{limit!r} is not a number", param_hint="--allow") from None
    return allowed


def _print(scored: list[Scored], markdown: bool = False) -> None:
    from eval import tables

    for table in tables.summary(scored):
        _print_table(table, markdown)


def _print_table(table: Table, markdown: bool = False) -> None:
    from rich import box
    from rich.console import Console

    if not markdown:
        _console().print(table)
        return
    table.box = box.MARKDOWN
    table.title = None  # it would stand in the middle of a very wide line
    # As wide as it likes: a line that is broken is no line of a table any more.
    wide = Console(highlight=False, width=1000)
    wide.print(table)


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description:<24}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


@contextmanager
def _guarded() -> Iterator[None]:
    """What the packages raise on purpose becomes a message and exit code 1."""
    from eval.errors import EvalError
    from index.errors import IndexingError
    from qa.errors import QAError

    try:
        yield
    except (EvalError, IndexingError, QAError) as error:
        raise fail(str(error)) from error
    except OSError as error:
        raise fail(f"{error.filename or 'a file'}: {error.strerror or error}") from error
