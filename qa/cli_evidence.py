"""``attest evidence``: everything that bears on a question."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.main import NOT_ALL, fail

if TYPE_CHECKING:
    from qa.service.evidence_schemas import EvidenceResponse

_HERE = "http://127.0.0.1:8000/"


def evidence(
    question: Annotated[str, typer.Argument(help="Such as: every mention of human rights")],
    document: Annotated[
        list[str] | None,
        typer.Option("--document", "-d", help="Only in this document (its id); may be repeated."),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option("--into", help="File to write; its name ends with .csv, .docx, .md or .json."),
    ] = None,
    base: Annotated[
        str, typer.Option(help="Address of the service, for the links in the file.")
    ] = _HERE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Collect every sentence that bears on a question, document by document.

    An answer is the fewest words that suffice; this is all there is, repeats folded, with an
    estimate of the share that is found. Exit code 3 if there is nothing.
    """
    from qa.console import answerer_of, guarded, valid
    from qa.service.evidence_schemas import ALL, EvidenceRequest, EvidenceResponse

    request = valid(EvidenceRequest, question=question, documents=document)
    found = guarded(lambda: answerer_of().evidence(request.to_question()))
    whole = EvidenceResponse.of(question, found, 0, ALL)
    if into is not None:
        _write(whole, into, base)
    elif as_json:
        typer.echo(whole.model_dump_json(indent=1))
    else:
        _print(whole)
    if not whole.total:
        raise typer.Exit(NOT_ALL)


def _write(found: EvidenceResponse, into: Path, base: str) -> None:
    from qa.service import evidence_files

    ending = into.suffix.lower().lstrip(".")
    format = next((one for one in evidence_files.TYPES if one == ending), None)
    if format is None and ending != "json":
        raise fail(f"{into.name}: the name must end with .csv, .docx, .md or .json")
    content = (
        evidence_files.write(found, format, base)
        if format
        else found.model_dump_json(indent=1).encode()
    )
    try:
        into.write_bytes(content)
    except OSError as error:
        raise fail(f"cannot write {into}: {error.strerror}") from error
    typer.echo(f"{into}: {found.total} sentences from {len(found.groups)} documents")


def _print(found: EvidenceResponse) -> None:
    from rich.console import Console
    from rich.text import Text

    from qa.service.evidence_files import place_of

    console = Console(highlight=False)
    for group in found.groups:
        console.print(Text(group.document_title, style="bold"))
        for one in group.items:
            place = f"characters {one.start_char_index}-{one.end_char_index}"
            where = ", ".join(filter(None, (place_of(one), place)))
            console.print(Text(f"[{one.number}] {where}; relevance {one.relevance:.2f}", "cyan"))
            console.print(Text("    " + " ".join(one.cited_text.split())))
            for two in one.repeats:
                also = f"{two.document_title}, characters {two.start_char_index}-"
                console.print(Text(f"    also in {also}{two.end_char_index}", "dim"))
    share = f"{found.estimated_recall:.0%}"
    console.print(
        Text(f"{found.total} sentences, about {share} of what there is, as estimated.", "dim")
    )
