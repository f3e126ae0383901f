"""``attest eval fit``: what a collection's own questions make of the confidence."""

from __future__ import annotations

from typing import Annotated

import typer

from eval.console import Markdown, Set, console, guarded, print_table, progress_bar
from index.main import NOT_ALL


def fit(
    questions: Set,
    dry: Annotated[
        bool, typer.Option("--dry", help="Say what it would help, and write nothing.")
    ] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Keep it even where it does not help.")
    ] = False,
    markdown: Markdown = False,
) -> None:
    """Fit the confidence to the collection, from questions with known answers.

    The questions may be a set of your own, or what readers thought of answers: attest feedback >
    asked.jsonl. Each figure of "after" is of questions that the fit did not see. Without
    ATTEST_RISK the threshold lets through no larger a share of wrong answers than before. A running
    service takes the fit up with the next index, or when it starts. Exit code 3 where it does not
    help.
    """
    from eval import cases, fitting, tables
    from index.config import IndexSettings, read
    from qa.answer import confidence
    from qa.service.server import open_answerer
    from qa.settings import ServiceSettings

    with guarded(), progress_bar() as bar:
        asked = cases.load(questions)
        settings, index_settings = read(ServiceSettings), read(IndexSettings)
        answerer = open_answerer(index_settings, settings)
        task = bar.add_task("asking", total=len(asked))
        samples = [
            *fitting.gather(
                asked, answerer, lambda done, total: bar.update(task, completed=done, total=total)
            )
        ]
    with guarded():
        found = fitting.own(confidence.fitted(), samples, settings.risk)
    print_table(tables.fitted(found), markdown)
    out = console()
    if not found.helps and not anyway:
        out.print(
            "It does not help: the confidence that comes with Attest foretells these answers as "
            "well. Nothing was written (--anyway keeps it all the same)."
        )
        raise typer.Exit(NOT_ALL)
    if dry:
        return
    with guarded():
        confidence.write(
            index_settings.data / confidence.OWN, found.weights, beside=confidence.fitted().digest
        )
    allowed = "no larger a share than before" if settings.risk is None else f"{settings.risk:.0%}"
    out.print(
        f"Kept as {confidence.OWN} beside the index; delete that file to go back. The threshold "
        f"lets through {allowed} of wrong answers, as far as these questions tell (ATTEST_RISK)."
    )
