"""Keeps groups in files, so that what was asked of the pipeline once is not asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from pydantic import TypeAdapter

from training.records import Group

_GROUP = TypeAdapter(Group)


def read(path: Path) -> list[Group]:
    """The groups of a file. Raises ``pydantic.ValidationError`` for a line that is none."""
    with path.open(encoding="utf-8") as lines:
        return [_GROUP.validate_json(line) for line in lines]


def write(path: Path, groups: Iterable[Group]) -> None:
    """Write ``groups`` to ``path``, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        for one in groups:
            file.write(_GROUP.dump_json(one) + b"\n")
    part.replace(path)


def kept(path: Path, made: Callable[[], Iterable[Group]]) -> list[Group]:
    """The groups of ``path``; ``made``, and kept there, where it is not yet."""
    if not path.exists():
        write(path, made())
    return read(path)
