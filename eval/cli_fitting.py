"""``attest eval fit``: what a collection's own questions make of the confidence."""

from __future__ import annotations

from typing import Annotated

import typer

from eval.console import Markdown, Set, console, guarded, print_table, progress_bar
from index.main import NOT_ALL

RISK = 0.2
"""Where the settings name none."""


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
    asked.jsonl. Each figure of "after" is of questions that the fit did not see. A running
    service takes it up with the next index, or when it starts. Exit code 3 where it does not help.
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
    risk = RISK if settings.risk is None else settings.risk
    with guarded():
        found = fitting.own(confidence.fitted(), samples, risk)
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
    out.print(
        f"Kept as {confidence.OWN} beside the index; delete that file to go back. Of the answers "
        f"given, at most {risk:.0%} may be wrong (ATTEST_RISK)."
    )
