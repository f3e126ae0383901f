"""Turns a file's bytes into a ``Document``, or says why it cannot be one."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

from index import language, language_detection
from index.conventions import Conventions
from index.domains import Domain
from index.errors import UnreadableDocument
from index.loading import loader_of
from index.records import Block, BlockKind, Document, Metadata
from index.sources import SourceFile

_TITLE_LENGTH = 120
_SHORT = 60
"""Characters that a line of a masthead has fewer of than a paragraph."""


def load(
    source: SourceFile,
    metadata: Metadata,
    taken: set[str],
    max_bytes: int,
    domain_of: Callable[[str], Domain],
) -> Document:
    """Read ``source``. Raises ``UnreadableDocument`` with the reason in words.

    The document's id is none of ``taken``, and is added to it; ``domain_of`` says of its text which
    domain it is read by.
    """

    def conventions_of(text: str) -> Conventions:
        return Conventions(language.of(language_detection.of_text(text)), domain_of(text))

    data = _read(source.path, max_bytes)
    loader = loader_of(data, source.path.suffix.lower())
    content = loader.load(data, conventions_of)
    text, blocks = content.text, content.blocks
    if not any(block.kind is not BlockKind.CHROME for block in blocks):
        raise UnreadableDocument("holds no text")
    domain = domain_of(text)
    metadata = _completed(metadata, domain.masthead(text, blocks, source.name))
    metadata = _completed(metadata, content.metadata)
    heading = any(block.kind is BlockKind.HEADING for block in blocks)
    return Document(
        id=document_id(source.name, taken),
        title=metadata.title
        or _title(text, blocks, conventions_of(text))
        or Path(source.name).stem,
        source=source.name,
        text=text,
        sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        blocks=blocks,
        metadata=metadata,
        named=bool(metadata.title) or heading,
        language=language_detection.of_text(text),
        domain=domain.name,
        loader=loader.name,
        pages=content.pages,
        file_sha256=hashlib.sha256(data).hexdigest(),
        boxes=content.boxes,
        printed_on=content.printed_on,
        notices=content.notices,
    )


def _completed(known: Metadata, said: Metadata) -> Metadata:
    """``known`` with what is ``said`` where it is silent."""
    lacking = (one.name for one in fields(Metadata) if not getattr(known, one.name))
    return replace(known, **{name: getattr(said, name) for name in lacking})


def document_id(name: str, taken: set[str]) -> str:
    """An identifier that is safe in an address, made of ``name`` and, where that would be
    ambiguous or lose letters, of eight digits of its hash. Adds it to ``taken``.
    """
    stem = name.rsplit(".", 1)[0]
    folded = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:80]
    lossy = not stem.isascii()
    if lossy or not slug or slug in taken:
        digest = hashlib.sha256(name.encode("utf-8")).hexdigest()
        slug = f"{slug}-{digest[:8]}".strip("-")
        if slug in taken:
            slug = f"{slug}-{len(taken)}"
    taken.add(slug)
    return slug


def _read(path: Path, max_bytes: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
            size = path.stat().st_size
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise UnreadableDocument(f"cannot be read ({reason})") from error
    if len(data) > max_bytes:
        raise UnreadableDocument(
            f"is {size / 2**20:.1f} MiB, over the limit of {max_bytes / 2**20:g} MiB "
            "(setting ATTEST_MAX_FILE_MB)"
        )
    return data


def _title(text: str, blocks: tuple[Block, ...], known: Conventions) -> str:
    """The first heading that names something, else the first one, else the first line; on one
    line and not too long."""
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    others = [block for block in blocks if block.kind is not BlockKind.CHROME]
    naming = [block for block in headings if _names(text, block, others, known)]
    first = (naming[:1] or headings[:1] or others[:1])[0]
    line = " ".join(text[first.start : first.end].split()).strip("*_# ")
    if first.kind is not BlockKind.HEADING and len(line) > _TITLE_LENGTH:
        line = line[:_TITLE_LENGTH].rsplit(" ", 1)[0] + " …"
    return line[: 2 * _TITLE_LENGTH]


def _names(text: str, heading: Block, blocks: list[Block], known: Conventions) -> bool:
    """Whether a heading says which document this is. An identifier does so above the text alone:
    below, it may be that of another."""
    line = " ".join(text[heading.start : heading.end].split())
    if known.names_nothing(line):
        return False
    above = (one for one in blocks if one.start < heading.start)
    return not known.is_title(line) or all(
        one.kind is BlockKind.HEADING or one.end - one.start < _SHORT for one in above
    )
