"""Scores of a run in a file that can be committed: a line a question, so that a diff shows
which answers changed. Times and whatever differs between machines are left out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from eval import metrics, runs
from eval.errors import BadRun
from eval.records import Half, Scored, half_of

_SCORED = TypeAdapter(Scored)
_DIGITS = 4


def write(path: Path, scored: Sequence[Scored]) -> None:
    """Write ``scored`` in the order of their ids."""
    lines = [_line(one) for one in sorted(scored, key=lambda one: one.id)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines), encoding="utf-8")


def _line(one: Scored) -> str:
    fields = _SCORED.dump_python(_rounded(one))
    del fields["milliseconds"], fields["half"]
    return json.dumps(fields, ensure_ascii=False) + "\n"


def _rounded(one: Scored) -> Scored:
    measures = {name: round(value, _DIGITS) for name, value in one.measures.items()}
    # Two digits: the last ones of a confidence differ between processors.
    return replace(one, measures=measures, confidence=round(one.confidence, 2))


def read(path: Path) -> list[Scored]:
    """The scores of a baseline. Raises ``BadRun``."""
    try:
        # Not splitlines: an answer may hold other characters that it takes for ends of lines.
        lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadRun(f"cannot read the baseline {path}: {error}") from error
    if lines == [""]:
        return []
    return [_of_line(line, f"{path}, line {number}") for number, line in enumerate(lines, start=1)]


def _of_line(line: str, where: str) -> Scored:
    try:
        fields = json.loads(line)
        return _SCORED.validate_python({**fields, "half": half_of(fields["id"])})
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        raise BadRun(f"{where}: not a line of a baseline") from error


def load(named: str, folder: Path, half: Half | None = None) -> list[Scored]:
    """Scores of ``named``: a baseline file (.jsonl), or a run in ``folder`` or at a path.

    Raises ``BadRun``.
    """
    path = Path(named)
    if path.suffix == ".jsonl":
        scored = read(path)
    else:
        scored = metrics.score(runs.read(runs.find(folder, named))[1])
    kept = [one for one in scored if half in (None, one.half)]
    if not kept:
        raise BadRun(f"{named} holds no questions{f' of the half {half}' if half else ''}")
    return kept


def pair(
    first: str, second: str, folder: Path, half: Half | None = None
) -> tuple[list[Scored], list[Scored]]:
    """Scores of two to compare, as ``load`` finds them.

    Where one is a baseline the other is rounded as well: of the same answers, rounded and not,
    all differences would have one direction, which no chance explains. Raises ``BadRun``.
    """
    before, after = (load(one, folder, half) for one in (first, second))
    if Path(first).suffix == ".jsonl" or Path(second).suffix == ".jsonl":
        before, after = ([_rounded(one) for one in each] for each in (before, after))
    return before, after
