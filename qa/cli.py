"""``attest ask``, ``search``, ``serve``, ``verify`` and ``feedback``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.main import NOT_ALL, fail
from qa.cli_evidence import evidence
from qa.console import answerer_of, first, guarded, valid

if TYPE_CHECKING:
    from qa.service.schemas import AskResponse, CitationOut, PassageOut

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
TopK = Annotated[int, typer.Option("--top-k", "-k", min=1, max=50, help="Passages to show.")]
Documents = Annotated[
    list[str] | None,
    typer.Option("--document", "-d", help="Only in this document (its id); may be repeated."),
]


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    for command in (ask, search, evidence, serve, verify, feedback):
        app.command()(command)


def ask(
    question: Annotated[str, typer.Argument(help="Such as: what does resolution 2462 cover")],
    document: Documents = None,
    top_k: TopK = 3,
    as_typed: Annotated[
        bool, typer.Option("--as-typed", help="Do not correct misspelled words.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Answer one question with cited, verbatim sentences, or say why not (exit code 3)."""
    from qa.service.schemas import AskRequest, AskResponse

    request = valid(
        AskRequest,
        question=question,
        top_k=top_k,
        documents=document,
        correct_spelling=not as_typed,
    )
    response = AskResponse.of(guarded(lambda: answerer_of().ask(request.to_question())))
    if as_json:
        typer.echo(response.model_dump_json(indent=1))
    else:
        _print_answer(response)
    if not response.answered:
        raise typer.Exit(NOT_ALL)


def search(
    query: Annotated[str, typer.Argument(help="Words, a question, or a quoted phrase.")],
    document: Documents = None,
    top_k: TopK = 5,
    as_json: Json = False,
) -> None:
    """List the passages that answer best, best first."""
    from qa.service.schemas import AskRequest, PassageOut

    request = valid(AskRequest, question=query, top_k=top_k, documents=document)
    ranked = guarded(lambda: answerer_of().search(request.to_question()))
    passages = [PassageOut.of(number, one) for number, one in enumerate(ranked, start=1)]
    if as_json:
        typer.echo(json.dumps([one.model_dump() for one in passages], ensure_ascii=False, indent=1))
    else:
        _print_passages(passages)
    if not passages:
        raise typer.Exit(NOT_ALL)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 picks a free one.")] = None,
) -> None:
    """Answer over HTTP, with a page at the root. Stops cleanly on Ctrl-C or SIGTERM."""
    from index.config import read
    from qa.service.server import run
    from qa.settings import ServiceSettings

    given: dict[str, Any] = {"host": host, "port": port}
    given = {name: value for name, value in given.items() if value is not None}
    settings = guarded(lambda: read(ServiceSettings, **given))
    try:
        guarded(lambda: run(settings))
    except OSError as error:
        raise fail(
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror}); "
            "choose another with --port, or stop what listens there"
        ) from error


def verify(
    file: Annotated[
        Path,
        typer.Argument(
            help="JSON: an answer as `attest ask --json` prints it, or a list of citations. "
            "- reads standard input.",
            allow_dash=True,
        ),
    ],
    as_json: Json = False,
) -> None:
    """Check that citations stand word for word where they say (exit code 3 if one does not)."""
    from index.config import IndexSettings, read
    from index.database import Database
    from qa.answer.verify import Claim
    from qa.answer.verify import verify as check
    from qa.service.versions import Versions

    database: Database = guarded(_generation).database
    earlier = Versions(guarded(lambda: read(IndexSettings)).data).text
    results: list[dict[str, Any]] = []
    for one in _citations(file):
        claim = Claim(
            *(one.document_id, one.start_char_index, one.end_char_index, one.cited_text),
            document_sha256=one.document_sha256,
        )
        verdict = check(claim, database, earlier)
        results.append(
            {
                "document_id": one.document_id,
                "status": verdict.status,
                "start_char_index": verdict.start,
                "end_char_index": verdict.end,
                "version": verdict.version,
                "stood": verdict.stood,
                "cited_text": one.cited_text,
            }
        )
    if as_json:
        typer.echo(json.dumps(results, ensure_ascii=False, indent=1))
    else:
        _print_verdicts(results)
    if any(result["status"] != "verified" for result in results):
        raise typer.Exit(NOT_ALL)


def feedback(
    into: Annotated[
        Path | None, typer.Option("--into", help="File to write; standard output if left out.")
    ] = None,
) -> None:
    """Print what readers thought of answers, as lines of a question set for evaluation.

    A helpful answer gives gold from its citations. An unhelpful one gives a line for a person
    to complete. Exit code 3 if nothing is kept, or if something kept cannot be read.
    """
    from index.config import IndexSettings
    from index.config import read as settings_from
    from qa.service import feedback as kept

    data: Path = guarded(lambda: settings_from(IndexSettings)).data
    try:
        found, unreadable = kept.read(data / kept.FILE)
        lines = "".join(f"{line}\n" for line in kept.to_lines(found))
        if into is not None and found:
            into.write_text(lines, encoding="utf-8")
    except OSError as error:
        raise fail(f"{error.filename}: {error.strerror}") from error
    if into is None:
        typer.echo(lines, nl=False)
    if unreadable:
        typer.echo(f"attest: {unreadable} lines of {kept.FILE} cannot be read", err=True)
    if not found:
        typer.echo("attest: no feedback is kept here", err=True)
    if unreadable or not found:
        raise typer.Exit(NOT_ALL)


def _citations(file: Path) -> list[Any]:
    from pydantic import TypeAdapter, ValidationError

    from qa.service.schemas import CitationIn

    try:
        content = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        data = json.loads(content)
    except (OSError, UnicodeDecodeError) as error:
        raise fail(f"cannot read {file}: {getattr(error, 'strerror', None) or error}") from error
    except (ValueError, RecursionError) as error:
        raise fail(f"{file} is not JSON: {error}") from error
    listed = data.get("citations", []) if isinstance(data, dict) else data
    try:
        found = TypeAdapter(list[CitationIn]).validate_python(listed)
    except ValidationError as error:
        raise fail(f"{file} holds something that is not a citation: {first(error)}") from error
    if not found:
        raise fail(f"{file} holds no citations")
    return found


def _generation() -> Any:
    from index import collection
    from index.config import IndexSettings, read

    return collection.open_current(read(IndexSettings).data)


def _print_answer(response: AskResponse) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    if response.interpreted_as != response.question:
        console.print(Text(f"Read as: {response.interpreted_as}", style="dim"))
    if response.refusal is not None:
        talk = response.refusal.reason == "not_a_question"
        lead = Text("" if talk else "Not answered. ", style="bold")
        console.print(lead + Text(response.refusal.message))
        for one in response.closest:
            console.print(Text(f"“{' '.join(one.cited_text.split())}” [{one.number}]"))
        _print_references(response.closest)
        _print_passages(response.passages)
        return
    for caveat in response.caveats:
        console.print(Text(caveat, style="yellow"))
    console.print(Text(response.answer))
    for part in response.unanswered:
        left = f"Not answered: {part.question} "
        console.print(Text(left, style="bold") + Text(part.message))
    console.print(Text(f"Confidence {response.confidence:.2f}", style="dim"))
    _print_references(response.citations)


def _print_references(citations: list[CitationOut]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for one in citations:
        place = f"{one.document_id}, characters {one.start_char_index}-{one.end_char_index}"
        section = f" · {' > '.join(one.section)}" if one.section else ""
        cited = f"{one.document_title}{section}{cited_place(one)}"
        console.print(Text(f"[{one.number}] {cited} ({place})", style="cyan"))
        if one.reading:
            console.print(Text(f"    the row, with its heads: {one.reading}"))


def cited_place(one: CitationOut) -> str:
    """Where a quote stands, as people cite it, and what to know of its words: ", S/2025/496,
    para. 12, p. 3, read by OCR"."""
    from qa.service.evidence_files import place_of

    return "".join(f", {part}" for part in (place_of(one), "read by OCR" * one.ocr) if part)


def _print_passages(passages: list[PassageOut]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for one in passages:
        place = f"{one.document_id}, characters {one.start_char_index}-{one.end_char_index}"
        section = f" · {' > '.join(one.section)}" if one.section else ""
        head = f"{one.rank}. {one.document_title}{section} ({place}; score {one.score:.2f})"
        console.print(Text(head, style="cyan"))
        console.print(Text("   " + " ".join(one.text.split())))


def _print_verdicts(results: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for number, result in enumerate(results, start=1):
        good = result["status"] == "verified"
        now = f" to {result['start_char_index']}" if result["status"] == "moved" else ""
        if result["stood"] and result["version"] == "earlier":
            now += " (stood so in an earlier version)"
        line = Text(f"{number}. ") + Text(result["status"] + now, style="green" if good else "red")
        quote = " ".join(result["cited_text"].split())
        console.print(line + Text(f"  {result['document_id']}: {quote[:70]}"))
