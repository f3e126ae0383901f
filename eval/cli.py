"""``attest eval`` and its sub-commands."""

from __future__ import annotations

import typer

from eval import cli_asking, cli_evidence, cli_fitting, cli_reading

COMMANDS = (
    *(cli_asking.check, cli_asking.convert, cli_asking.run),
    *(cli_reading.show, cli_reading.compare, cli_reading.gate, cli_reading.baseline),
    *(cli_reading.report, cli_asking.ablate, cli_fitting.fit, cli_evidence.evidence),
)
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


for _command in COMMANDS:
    app.command()(_command)
