"""What a Markdown file says of itself, in YAML between two rules at its top."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import yaml

from index.records import Metadata

_BLOCK = re.compile(
    r"\ufeff?(?P<all>---[ \t]*(?:\r\n?|\n)(?P<yaml>[\w-]+:"
    r"(?:[^\r\n]*(?:\r\n?|\n)(?=[\w.-]+:|[ \t]*-[ \t]|[ \t]+\S|\#|---))+?)---)[ \t]*(?![^\r\n])"
)
_ADDRESS = re.compile(r"https?://\S+$", re.I)
_LONGEST = 100_000
_MAX_VALUE = 500


def span(text: str) -> tuple[int, int] | None:
    """Where the front matter of ``text`` stands, its rules included; None where it has none."""
    match = _BLOCK.match(text)
    return None if match is None else match.span("all")


def complete(known: Metadata, text: str) -> Metadata:
    """``known`` with the title, publisher, date and address of the front matter of ``text``, where
    ``known`` is silent. What cannot be read as YAML says nothing."""
    match = _BLOCK.match(text)
    if match is None or len(match["yaml"]) > _LONGEST:
        return known
    try:
        content = yaml.safe_load(match["yaml"])
    except (yaml.YAMLError, ValueError, RecursionError):
        return known
    if not isinstance(content, dict):
        return known
    said = {str(key).lower(): value for key, value in content.items()}
    found = {
        one.name: _line(said.get(one.name))
        for one in fields(Metadata)
        if not getattr(known, one.name)
    }
    if not _ADDRESS.match(found.get("url", "")):
        found.pop("url", None)
    return replace(known, **found)


def _line(value: object) -> str:
    """A plain value on one line; "" for a list, a mapping or nothing."""
    if value is None or isinstance(value, (list, dict, set, tuple, bool)):
        return ""
    return " ".join(str(value).split())[:_MAX_VALUE]
