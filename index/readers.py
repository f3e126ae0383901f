"""The code that decides what is read of a document, by a digest of it.

A change of it outdates an index, with no version that someone must remember to raise. Comments,
docstrings and layout do not count.
"""

from __future__ import annotations

import ast
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

_READERS = (
    *(
        "acronyms",
        "conventions",
        "cutting",
        "folding",
        "front_matter",
        "language",
        "language_detection",
        "layout",
    ),
    *(
        "lexical",
        "loaders",
        "paragraphs",
        "passages",
        "places",
        "presence",
        "punkt",
        "rendering",
        "segments",
        "sentences",
    ),
    "vocabulary",
)
_PACKAGES = ("domains", "loading")
_known: dict[str, str] = {}
"""Digests of code by the hash of its files, as manifests tell them."""


@cache
def files_hash() -> str:
    """Hash of the files of the code and of its data, as they are to the last blank."""
    state = hashlib.sha256()
    for name, path in [*_code(), *_data()]:
        content = path.read_bytes()
        state.update(f"{name} {len(content)} ".encode() + content)
    return state.hexdigest()


def recall(files_hash: str, digest: str) -> None:
    """Note that code with this hash of its files has this ``digest``, which takes long to make."""
    _known[files_hash] = digest


def digest() -> str:
    """Hash of the code and the data that decide what a passage is and how its words are found."""
    hash = files_hash()
    if hash not in _known:
        code = {name: _meaning(path.read_text("utf-8")) for name, path in _code()}
        _known[hash] = fingerprint(code | {name: path.read_text("utf-8") for name, path in _data()})
    return _known[hash]


def fingerprint(parts: dict[str, Any]) -> str:
    """Short stable hash of a nested dictionary of plain values: 16 hexadecimal digits."""
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _code() -> list[tuple[str, Path]]:
    folder = Path(__file__).parent
    modules = [folder / f"{name}.py" for name in _READERS]
    packages = [path for name in _PACKAGES for path in sorted((folder / name).glob("*.py"))]
    return [(path.relative_to(folder).as_posix(), path) for path in [*modules, *packages]]


def _data() -> list[tuple[str, Path]]:
    folder = Path(__file__).parent / "data" / "languages"
    return [(path.name, path) for path in sorted(folder.glob("*.toml"))]


def _meaning(source: str) -> str:
    """``source`` without its comments, docstrings and layout."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = [one for one in body if not _is_docstring(one)]
            # Not every node has a body; this one has, as the line above has looked.
            node.body = kept or [ast.Pass()]  # type: ignore[attr-defined]
    return ast.unparse(tree)


def _is_docstring(node: ast.stmt) -> bool:
    """Whether a statement is a text alone: a docstring, or what explains the name before it."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
