"""A run on the disk: ``recipe.json`` beside ``replies.jsonl``, a line a question as it goes."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from eval.errors import BadRun
from eval.recipe import Recipe
from eval.records import Result
from index.files import replace_atomically

RECIPE, REPLIES = "recipe.json", "replies.jsonl"
_RECIPE = TypeAdapter(Recipe)
_RESULT = TypeAdapter(Result)
_NAME = re.compile(r"[\w][\w.+-]{0,99}")


def folder(runs: Path, name: str) -> Path:
    """Where the run ``name`` lies. Raises ``BadRun`` for a name that no folder should have."""
    if not _NAME.fullmatch(name):
        raise BadRun(f"{name!r} cannot name a run; use letters, digits, and . _ + -")
    return runs / name


def find(runs: Path, named: str) -> Path:
    """Where the run ``named`` lies: its name in ``runs``, or else the path of its folder.

    Raises ``BadRun`` for what is neither a folder nor the name of one.
    """
    is_name = _NAME.fullmatch(named) is not None
    if is_name and (runs / named).is_dir():
        return runs / named
    return Path(named) if Path(named).is_dir() else folder(runs, named)


def write_recipe(at: Path, recipe: Recipe) -> None:
    """Put ``recipe`` beside the replies."""
    at.mkdir(parents=True, exist_ok=True)
    replace_atomically(at / RECIPE, json.dumps(asdict(recipe), indent=1, ensure_ascii=False) + "\n")


def read_recipe(at: Path) -> Recipe | None:
    """The recipe of the run at ``at``; None where there is no run. Raises ``BadRun``."""
    try:
        return _RECIPE.validate_json((at / RECIPE).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise BadRun(
            f"run {at.name}: {RECIPE} cannot be read; make it anew with --fresh"
        ) from error


def to_line(result: Result) -> bytes:
    """One line of ``replies.jsonl``."""
    return _RESULT.dump_json(result) + b"\n"


def read_results(at: Path, mend: bool = False) -> list[Result]:
    """The results so far, in the order in which they came.

    A last line without its end is what a stopped run leaves; it is passed over, and with
    ``mend`` cut off, so that the next line can follow. Raises ``BadRun`` for any other line
    that is no result.
    """
    path = at / REPLIES
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BadRun(f"run {at.name}: {REPLIES} cannot be read") from error
    whole = content.rfind(b"\n") + 1
    if mend and whole < len(content):
        with path.open("r+b") as file:
            file.truncate(whole)
    results = []
    for number, line in enumerate(content[:whole].split(b"\n")[:-1], start=1):
        try:
            results.append(_RESULT.validate_json(line))
        except ValidationError as error:
            raise BadRun(
                f"run {at.name}: line {number} of {REPLIES} is no result; make it anew with --fresh"
            ) from error
    return results


def read(at: Path) -> tuple[Recipe, list[Result]]:
    """A run with its results. Raises ``BadRun`` where there is none."""
    recipe = read_recipe(at)
    if recipe is None:
        raise BadRun(f"there is no run {at.name}; make one with 'attest eval run SET --name NAME'")
    results = read_results(at)
    if not results:
        raise BadRun(f"run {at.name} has no replies yet")
    return recipe, results
