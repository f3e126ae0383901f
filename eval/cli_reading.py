"""``attest eval show``, ``compare``, ``gate``, ``baseline`` and ``report``: what reads runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.console import (
    Candidate,
    Markdown,
    OfHalf,
    Run,
    console,
    guarded,
    half_of,
    print_figures,
    runs_folder,
)
from index.main import NOT_ALL


def show(run: Candidate, half: OfHalf = "all", markdown: Markdown = False) -> None:
    """Print the figures of a run, with 95 % intervals, and by kind of question."""
    from eval import baseline

    with guarded():
        scored = baseline.load(run, runs_folder(), half_of(half))
    print_figures(scored, markdown)


def compare(first: Candidate, second: Candidate, half: OfHalf = "all") -> None:
    """Compare two runs: paired differences, and the questions that flipped, with their answers.

    p is of a randomisation test, corrected for the number of measures (Holm).
    """
    from eval import baseline, tables
    from eval.compare import compare as difference

    with guarded():
        before, after = baseline.pair(first, second, runs_folder(), half_of(half))
        comparison = difference(before, after)
    names = _names(first, second)
    out = console()
    out.print(tables.differences(comparison, names))
    if comparison.flips:
        out.print(tables.flips(comparison, names))
    else:
        out.print("No question flipped.")
    for name, ids in zip(names, (comparison.only_first, comparison.only_second), strict=True):
        if ids:
            out.print(f"{len(ids)} questions are only in {name}.")


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
    with guarded():
        before, after = baselines.pair(baseline, run, runs_folder(), half_of(half))
        comparison = difference(before, after, GATED)
    verdict = judge(comparison, allowed)
    out = console()
    names = _names(baseline, run)
    out.print(tables.differences(comparison, names))
    for line in verdict.allowed:
        out.print(f"allowed: {line}")
    for line in verdict.failed:
        out.print(f"worse: {line}", style="red")
    if verdict.failed:
        if comparison.flips:
            out.print(tables.flips(comparison, names))
        out.print(
            "The gate stays shut. If the fall is meant, say --allow, or commit a new baseline: "
            f"attest eval baseline {run} {baseline}",
            soft_wrap=True,
        )
        raise typer.Exit(NOT_ALL)
    out.print("The gate is open: nothing is significantly worse.")


def baseline(
    run: Run,
    file: Annotated[Path, typer.Argument(help="Where to write it (.jsonl).")],
) -> None:
    """Write the scores of a run into a file to commit, for later runs to be held against."""
    from eval import baseline as baselines

    if file.suffix != ".jsonl":
        raise typer.BadParameter("must end in .jsonl", param_hint="FILE")
    with guarded():
        scored = baselines.load(run, runs_folder())
        baselines.write(file, scored)
    typer.echo(f"{len(scored)} questions in {file}")


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

    with guarded():
        folders = [runs.find(runs_folder(), one) for one in run]
        read = [runs.read(one) for one in folders]
        path = out or folders[0] / "report.html"
        write(path, read)
    typer.echo(f"{path}")


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
