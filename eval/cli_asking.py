"""``attest eval check``, ``convert``, ``run`` and ``ablate``: what asks, or prepares to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eval.console import (
    Markdown,
    OfHalf,
    Set,
    Url,
    console,
    guarded,
    half_of,
    print_figures,
    print_table,
    progress_bar,
    runs_folder,
)
from index.main import NOT_ALL, fail

if TYPE_CHECKING:
    from eval.clients import Asker
    from eval.gold import Collection
    from eval.recipe import Recipe


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

    with guarded():
        asked = cases.load(questions)
        found = gold.check(asked, None if structure else _collection(url))
    out = console()
    for one in sorted(found, key=lambda one: not one.wrong):
        mark = Text("wrong", style="red") if one.wrong else Text("note ", style="yellow")
        out.print(mark + Text(f" {one.id}: {one.what}"), soft_wrap=True)
    quotes = sum(len(group) for one in asked for group in one.gold)
    wrong = sum(one.wrong for one in found)
    answerable = sum(one.answerable for one in asked)
    test = sum(one.half == "test" for one in asked)
    out.print(
        f"{len(asked)} questions ({answerable} answerable; {len(asked) - test} tune, {test} test), "
        f"{quotes} gold quotes or documents: {wrong} wrong, {len(found) - wrong} worth knowing."
    )
    if wrong:
        raise typer.Exit(NOT_ALL)


def convert(
    source: Annotated[Path, typer.Argument(help="A BEIR folder, a SQuAD .json, or a QED .jsonl.")],
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

    with guarded():
        documents, asked = write(source, target, own_paragraph)
    typer.echo(f"{documents} documents in {target / DOCUMENTS}, {asked} in {target / QUESTIONS}")


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
    from eval import cases, gold, metrics, runs
    from eval.run import passages_for
    from eval.run import run as ask

    with guarded():
        asked = cases.of_half(cases.load(questions), half_of(half))
        if not asked:
            raise fail(f"{questions} has no question of the half {half}")
        at = runs.folder(runs_folder(), name)
        asker = _asker(url)
        recipe = _recipe(name, questions, asked, asker)(
            half=half,
            top_k=top_k or passages_for(asked),
            clients=clients,
            over_http=url is not None,
        )
        with progress_bar() as bar:
            task = bar.add_task("asking", total=len(asked))
            try:
                results = ask(
                    *(asked, asker, at, recipe),
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                    fresh=fresh,
                )
            except KeyboardInterrupt:
                raise fail("stopped; the same command goes on from here") from None
    print_figures(metrics.score(results))
    if lacking := gold.absent(one.gold for one in results):
        typer.echo(f"{lacking} documents that are sought are not there; they count as not found.")
    failed = sum(1 for one in results if one.reply.error)
    if failed:
        typer.echo(f"{failed} questions got an error, not a reply; they count as failures.")
        raise typer.Exit(NOT_ALL)


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
    from qa.pipeline import Answerer
    from qa.service.server import open_answerer
    from qa.settings import ServiceSettings
    from qa.stages import Stages

    known = Stages.names()
    unknown = [one for one in stage or [] if one not in known]
    if unknown:
        raise typer.BadParameter(
            f"is none of {', '.join(known)}", param_hint=f"--stage {unknown[0]}"
        )
    with guarded(), progress_bar() as bar:
        asked = cases.of_half(cases.load(questions), half_of(half))
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
            lambda stages: Answerer(whole.generation, model, settings, stages, whole.reader),
            stage or known,
            progress,
        )
        found = list(each)
    print_table(tables.ablation(full, found), markdown)


def _collection(url: str | None) -> Collection:
    from eval.gold import Indexed
    from index import generation
    from index.config import IndexSettings, read

    if url is not None:
        return _asker(url)
    return Indexed(generation.open_current(read(IndexSettings).data).database)


def _asker(url: str | None) -> Asker:
    from eval.clients import InProcess, OverHttp
    from index.config import IndexSettings, read
    from qa.service.server import open_answerer
    from qa.settings import ServiceSettings

    if url is not None:
        service = OverHttp(url)
        service.identity()  # so that a wrong address is told before anything else
        return service
    return InProcess(open_answerer(read(IndexSettings), read(ServiceSettings)))


def _recipe(name: str, questions: Path, asked: Any, asker: Asker) -> Callable[..., Recipe]:
    """What makes the recipe once it is known how the questions are asked."""
    from eval import cases, recipe
    from index.config import IndexSettings, read
    from qa import tuning
    from qa.answer import confidence
    from qa.settings import ServiceSettings

    def of(half: str, top_k: int, clients: int, over_http: bool) -> Recipe:
        settings: dict[str, Any] = {}
        if not over_http:
            settings = read(ServiceSettings).model_dump(include={"candidates", "threshold", "risk"})
            settings["tuning"] = tuning.shipped().digest
            settings["confidence"] = confidence.of_collection(read(IndexSettings).data).digest
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
