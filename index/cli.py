"""``attest index``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.main import NOT_ALL, fail

if TYPE_CHECKING:
    from index.build import Report
    from index.config import IndexSettings

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
    ocr: Annotated[
        bool,
        typer.Option(
            "--ocr",
            help="Read scans too, with the program tesseract (about 3 s a page). Pages that are "
            "read so are left out again without it; ATTEST_OCR=on keeps it on.",
        ),
    ] = False,
    follow: Annotated[
        bool,
        typer.Option(
            "--watch", help="Go on: build again whenever a file has changed, until Ctrl-C."
        ),
    ] = False,
    unhide: Annotated[
        bool, typer.Option("--unhide", help="Show every document again that was hidden.")
    ] = False,
    forget_versions: Annotated[
        bool,
        typer.Option(
            "--forget-versions", help="Forget the texts that documents had before this build."
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the report as JSON, for programs.")
    ] = False,
) -> None:
    """Make documents searchable: builds a new index and makes it live at once.

    What has not changed is not encoded again. Files that were added to a service stay, whatever
    paths are named. A build that is stopped, however, leaves the index that was live before it
    untouched.
    """
    from index import versions, watch
    from index.config import IndexSettings, read
    from index.errors import IndexingError

    try:
        settings = read(IndexSettings, ocr=True) if ocr else read(IndexSettings)
        if refresh and paths:
            raise typer.BadParameter(
                "takes no paths; it uses those that are indexed now", param_hint="--refresh"
            )
        chosen = paths or _indexed(settings, refresh or unhide or forget_versions or follow)
        if unhide:
            _unhide(settings.data)
    except IndexingError as error:
        raise fail(str(error)) from error
    build = partial(_build, settings, add=add, wait=wait or follow, as_json=as_json)
    if follow:
        _follow(chosen, partial(build, chosen), watch.changes(chosen))
        return
    try:
        report = build(chosen, rebuild=rebuild)
    except KeyboardInterrupt:
        raise fail("stopped; the index that was live before is untouched") from None
    if forget_versions:
        count = versions.forget_all(settings.data)
        typer.echo(f"Texts of {count} earlier versions are forgotten.", err=True)
    if report.skipped:
        raise typer.Exit(NOT_ALL)


def _indexed(settings: IndexSettings, refresh: bool) -> list[Path]:
    """The paths to take where none is named."""
    from index import generation

    if refresh and (pointer := generation.current(settings.data)):
        if found := generation.indexed_paths(settings.data):
            return found
        if not generation.roots_of(settings.data / pointer[0]):
            return []  # it is made of files that were added, and of nothing else
    return [settings.seeds]


def _unhide(data: Path) -> None:
    """Let every document that is hidden be shown again."""
    from index import files
    from index.identity import printable
    from index.remarks import Remarks

    with files.change_lock(data):
        said = Remarks.open(data)
        hidden = said.hidden()
        if hidden:
            said.shown(hidden).write(data)
    for one in hidden:
        typer.echo(f"shown again: {printable(one.name)}", err=True)


def _follow(chosen: list[Path], build: Callable[[], Report], changes: Iterator[None]) -> None:
    """Build now, and whenever what is ``chosen`` has changed, until somebody ends it."""
    if missing := [one for one in chosen if not one.exists()]:
        raise fail(f"{missing[0]} does not exist; name a file or a folder of documents")
    names = ", ".join(map(str, chosen)) or "what was added"
    typer.echo(f"Following {names}; Ctrl-C ends it.", err=True)
    try:
        for _ in changes:
            try:
                build()
            except typer.Exit:
                continue  # it has said why; another change may mend it
    except KeyboardInterrupt:
        typer.echo("attest: no longer following; the index that is live stays", err=True)


def _build(
    settings: IndexSettings,
    paths: list[Path],
    *,
    add: bool,
    wait: bool,
    as_json: bool,
    rebuild: bool = False,
) -> Report:
    """Build once, and print what came of it. Raises ``typer.Exit`` after saying why it failed."""
    from index import build as builder
    from index.cli_progress import Bars, Lines
    from index.errors import IndexingError

    try:
        with Bars() if sys.stderr.isatty() else Lines(sys.stderr) as progress:
            report = builder.build(
                paths, settings, progress=progress, add=add, wait=wait, rebuild=rebuild
            )
    except IndexingError as error:
        raise fail(str(error)) from error
    except OSError as error:
        raise fail(f"the index cannot be written: {error.strerror or error}") from error
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False, indent=1))
    else:
        _print(report)
    return report


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
    if report.hidden:
        names = ", ".join(map(escape, report.hidden[:_SHOWN]))
        more = f" and {len(report.hidden) - _SHOWN} more" * (len(report.hidden) > _SHOWN)
        console.print(f"hidden, as somebody wanted: {names}{more} (--unhide)", soft_wrap=True)
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
