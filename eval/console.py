"""What the commands of ``attest eval`` share: options, printing, progress, errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from index.main import fail

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table

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


def runs_folder() -> Path:
    """Where runs lie, as the settings say."""
    from eval.config import EvalSettings
    from index.config import read

    return read(EvalSettings).runs


def half_of(chosen: HalfChoice) -> Half | None:
    """The half that was chosen; None for all."""
    return None if chosen == "all" else chosen


def print_figures(scored: list[Scored], markdown: bool = False) -> None:
    """Print the figures of a run."""
    from eval import tables

    for table in tables.summary(scored):
        print_table(table, markdown)


def print_table(table: Table, markdown: bool = False) -> None:
    """Print a table for people, or as Markdown."""
    from rich import box
    from rich.console import Console

    if not markdown:
        console().print(table)
        return
    table.box = box.MARKDOWN
    table.title = None  # it would stand in the middle of a very wide line
    # As wide as it likes: a line that is broken is no line of a table any more.
    wide = Console(highlight=False, width=1000)
    wide.print(table)


def console() -> Console:
    """Standard output, without colouring numbers."""
    from rich.console import Console

    return Console(highlight=False)


def progress_bar() -> Progress:
    """A bar on standard error that goes away when it is done."""
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
def guarded() -> Iterator[None]:
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
