"""``attest index``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.main import NOT_ALL, fail

if TYPE_CHECKING:
    from index.build import Report

_SHOWN = 10
"""Notes, and names of documents left out, that are printed of many."""
_KINDS = ", ".join(
    ".csv .docm .docx .dotx .eml .epub .htm .html .markdown .md .pdf .ppsx .pptm .pptx .tsv .txt "
    ".xhtml .xlsm .xlsx".split()
)
"""index.loading.SUFFIXES, written out: help comes before any loader is imported."""


def register(app: typer.Typer) -> None:
    """Adds the command to ``app``."""
    app.command("index")(index)


def index(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help=f"Documents ({_KINDS}) or folders of them. Together they are the whole "
            "collection, unless --add is given. Default: the folder ATTEST_SEEDS (seeds/).",
            show_default=False,
        ),
    ] = None,
    add: Annotated[
        bool, typer.Option("--add", help="Keep the paths that are indexed now, too.")
    ] = False,
    refresh: Annotated[
        bool,
        typer.Option("--refresh", help="Take the paths that are indexed now, as they are today."),
    ] = False,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait for a build that is running, instead of failing.")
    ] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Encode everything anew, even what is unchanged.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the report as JSON, for programs.")
    ] = False,
) -> None:
    """Make documents searchable: builds a new index and makes it live at once.

    What has not changed is not encoded again. A build that is stopped, however, leaves the
    index that was live before it untouched.
    """
    from index import build as builder
    from index import generation
    from index.cli_progress import Bars, Lines
    from index.config import IndexSettings, read
    from index.errors import IndexingError

    try:
        settings = read(IndexSettings)
    except IndexingError as error:
        raise fail(str(error)) from error
    if refresh and paths:
        raise typer.BadParameter(
            "takes no paths; it uses those that are indexed now", param_hint="--refresh"
        )
    try:
        chosen = paths or (refresh and generation.indexed_paths(settings.data)) or [settings.seeds]
    except IndexingError as error:
        raise fail(str(error)) from error
    try:
        with Bars() if sys.stderr.isatty() else Lines(sys.stderr) as progress:
            report = builder.build(
                chosen,
                settings,
                progress=progress,
                add=add,
                wait=wait,
                rebuild=rebuild,
            )
    except IndexingError as error:
        raise fail(str(error)) from error
    except OSError as error:
        raise fail(f"the index cannot be written: {error.strerror or error}") from error
    except KeyboardInterrupt:
        raise fail("stopped; the index that was live before is untouched") from None
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False, indent=1))
    else:
        _print(report)
    if report.skipped:
        raise typer.Exit(NOT_ALL)


def _print(report: Report) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    for one in report.skipped:
        console.print(
            f"[yellow]skipped[/] {escape(one.name)}: {escape(one.reason)}", soft_wrap=True
        )
    for notice in report.notices[:_SHOWN]:
        console.print(f"note: {escape(notice.name)} {escape(notice.text)}", soft_wrap=True)
    if len(report.notices) > _SHOWN:
        console.print(f"note: {len(report.notices) - _SHOWN} more; --json gives them all")
    for name in report.removed[:_SHOWN]:
        why = "in the former index, not in this one"
        console.print(f"[yellow]left out[/] {escape(name)}: {why}", soft_wrap=True)
    if len(report.removed) > _SHOWN:
        console.print(f"[yellow]left out[/] {len(report.removed) - _SHOWN} more")
    if report.removed:
        console.print("To keep what was indexed before, name its paths again or use --add.")
    if not report.changed:
        console.print(f"Nothing has changed: index {report.generation} is up to date.")
    else:
        console.print(f"Index {report.generation} is live.")
    console.print(
        f"{report.documents} documents, {report.passages} passages ({report.encoded} encoded), "
        f"{report.sentences} sentences; {len(report.skipped)} files skipped; "
        f"{report.seconds:.1f} s; {report.bytes / 2**20:.1f} MiB"
    )
