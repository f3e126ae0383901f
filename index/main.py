"""The command ``attest``: gathers the sub-commands that the packages bring.

Each package registers a function under the entry-point group ``attest.commands``; it is
given the application and adds its commands. So no layer imports the one above it, and none
of them may import a model or a server before a command needs it.
"""

from __future__ import annotations

import sys
from importlib.metadata import entry_points

import typer

GROUP = "attest.commands"

FAILED = 1
"""Exit code: nothing was done, and standard error says why."""
NOT_ALL = 3
"""Exit code: done, but something was skipped, declined or not verified."""

EPILOG = (
    "Exit codes: 0 all is well; 1 failed, standard error says why; 2 wrong usage; "
    "3 done, but something was skipped (index), declined (ask), not found (search, feedback), "
    "not verified (verify), or wrong, failed or worse (eval)."
)


def create() -> typer.Typer:
    """The application with every installed sub-command."""
    app = typer.Typer(
        name="attest",
        epilog=EPILOG,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_attest)
    for entry in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        entry.load()(app)
    return app


def _attest() -> None:
    """Answers questions from documents; every word of an answer is quoted from a source."""


def fail(message: str) -> typer.Exit:
    """Says what went wrong, for a command to raise."""
    typer.echo(f"attest: {message}", err=True)
    return typer.Exit(FAILED)


def main() -> None:
    """Entry point of the command."""
    # A pipe that closes early (attest ... | head) is no reason for a traceback.
    try:
        create()()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(FAILED)


if __name__ == "__main__":
    main()
