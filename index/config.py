"""Settings that shape an index, read once from the environment and passed down."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from index import readers
from index.errors import InvalidSetting

FORMAT = 7
"""Version of the files of a generation. Raise it when their layout or meaning changes."""


class IndexSettings(BaseSettings):
    """Each field can be set in the environment as ``ATTEST_`` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="ATTEST_", frozen=True)

    data: Path = Field(Path("var"), description="Folder for everything built.")
    seeds: Path = Field(
        Path("seeds"), description="Documents that `attest index` takes when no path is given."
    )
    dense_model: str = Field(
        "answerai-colbert-small-v1",
        description="Model of the vectors of whole passages: the token model, which gives them in "
        "the same pass; the packaged `bge-small-en-v1.5`, which takes a second; or the folder or "
        "name of any sentence-transformers model.",
    )
    token_model: str = Field(
        "answerai-colbert-small-v1",
        description="Model of the token vectors, likewise (a multi-vector model).",
    )
    domain: str = Field(
        "auto",
        description="How identifiers and page furniture of documents are read: `auto` recognises "
        "each document by its own marks; or one domain for all, `plain` or `un`.",
    )
    passage_min_words: int = Field(
        75, ge=1, le=400, description="A passage may end at a paragraph from this length on."
    )
    passage_max_words: int = Field(
        120, ge=10, le=400, description="A passage takes no further sentence past this length."
    )
    token_dimensions: int = Field(
        96, ge=8, le=128, description="Dimensions kept of each token vector, one byte each."
    )
    flat_limit: int = Field(
        30_000,
        ge=1,
        description="Up to this many passages the dense search is exact; past it, an HNSW graph.",
    )
    encode_threads: int = Field(
        2, ge=1, le=64, description="Texts encoded side by side, each on one core."
    )
    max_file_mb: float = Field(
        16.0, gt=0, description="Files above this size (in MiB) are skipped, by name."
    )
    parse_seconds: float = Field(
        120.0,
        gt=0,
        description="Files that take longer to read (in seconds) are skipped, by name.",
    )
    parse_memory_mb: int = Field(
        2048,
        ge=64,
        description="So are files that take more memory to read (in MiB). Plain text and Markdown "
        "are read without these two limits.",
    )
    ocr: bool = Field(
        False,
        description="Whether pages of PDFs that are pictures of text are read, by the program "
        "tesseract (about 3 s of one core a page). As `attest index --ocr`.",
    )
    ocr_languages: str = Field(
        "",
        pattern=r"^(?:[\w/]+(?:\+[\w/]+)*)?$",
        description="Languages of those pages by tesseract's names, such as `eng+fra`; none: all "
        "that are installed, if they are four or fewer.",
    )
    ocr_page_seconds: float = Field(
        60.0,
        gt=0,
        description="Pages that take longer to read so are left unread, by number. For each page "
        "its file has twice this beyond `ATTEST_PARSE_SECONDS`.",
    )
    keep_generations: int = Field(
        2, ge=1, description="Generations left on disk after a build, the live one included."
    )

    def shaping(self) -> dict[str, Any]:
        """The settings that change what a passage or its vectors are."""
        return {
            "format": FORMAT,
            "readers": readers.digest(),
            "dense_model": self.dense_model,
            "token_model": self.token_model,
            "domain": self.domain,
            "passage_min_words": self.passage_min_words,
            "passage_max_words": self.passage_max_words,
            "token_dimensions": self.token_dimensions,
        }


Settings = TypeVar("Settings", bound=BaseSettings)


def read(kind: type[Settings], **given: Any) -> Settings:
    """Settings of ``kind`` from the environment, those ``given`` before it.

    Raises ``InvalidSetting``, naming the variable.
    """
    try:
        return kind(**given)
    except ValidationError as error:
        first = error.errors()[0]
        if not first["loc"]:  # of several settings together
            raise InvalidSetting(first["msg"].removeprefix("Value error, ")) from error
        name = f"ATTEST_{'_'.join(map(str, first['loc'])).upper()}"
        raise InvalidSetting(f"{name} cannot be {first['input']!r}: {first['msg']}") from error
