"""Reads and writes question sets: JSON lines, one question a line (docs/question-sets.md).

``load`` also takes the public formats of ``beir.py`` and ``squad.py`` as they come.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from eval import beir, squad
from eval.errors import BadQuestionSet
from eval.records import Case, Half

_CASE = TypeAdapter(Case)
_REQUIRED = frozenset({"id", "question", "answerable"})


def load(path: Path) -> list[Case]:
    """The questions of ``path``: a ``.jsonl`` of our own, a BEIR folder, or a SQuAD ``.json``.

    Raises ``BadQuestionSet`` naming the line.
    """
    try:
        if beir.is_one(path):
            return beir.cases(path)
        if path.suffix == ".json":
            return squad.cases(path)
        return read(path)
    except OSError as error:
        raise BadQuestionSet(f"cannot read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise BadQuestionSet(f"{path} is not UTF-8") from error


def read(path: Path) -> list[Case]:
    """The questions of a JSONL file. Empty lines are passed over.

    Raises ``BadQuestionSet`` for a line that is none, or an id that comes twice.
    """
    found: dict[str, Case] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            case = _CASE.validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"]))
            raise BadQuestionSet(
                f"{path}, line {number}: {field + ': ' if field else ''}{first['msg']}"
            ) from error
        if case.id in found:
            raise BadQuestionSet(f"{path}, line {number}: the id {case.id!r} is there already")
        found[case.id] = case
    if not found:
        raise BadQuestionSet(f"{path} holds no questions")
    return list(found.values())


def to_line(case: Case) -> str:
    """A question as a line of a set, without the fields that say nothing."""
    fields = asdict(case)
    fields["gold"] = [[_brief(asdict(span)) for span in group] for group in case.gold]
    if case.documents is None:
        del fields["documents"]
    said = _REQUIRED | {"documents"}  # no documents at all is not the same as all of them
    kept = {name: value for name, value in fields.items() if value or name in said}
    return json.dumps(kept, ensure_ascii=False)


def _brief(span: dict[str, object]) -> dict[str, object]:
    left_out = {"quote": None, "start": None, "grade": 1, "page": None, "paragraph": None}
    return {k: v for k, v in span.items() if k not in left_out or v != left_out[k]}


def of_half(cases: Iterable[Case], half: Half | None) -> list[Case]:
    """Those of one half; all where ``half`` is None."""
    return [one for one in cases if half in (None, one.half)]


def digest(cases: Sequence[Case]) -> str:
    """Hash of a set, by which a run knows whether it is still of the same questions."""
    lines = "\n".join(to_line(one) for one in cases)
    return hashlib.sha256(lines.encode()).hexdigest()
