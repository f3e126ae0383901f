"""Turns a file's bytes into a ``Document`` with canonical text, or says why it cannot be one.

The canonical text of a .txt or .md file is the file decoded as UTF-8 and nothing else, so
that a citation's offsets hold in the file itself. A byte order mark stays as its first
character.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

from index import front_matter, language, language_detection, layout
from index.conventions import Conventions
from index.domains import Domain
from index.errors import UnreadableDocument
from index.records import Block, BlockKind, Document, Metadata
from index.sources import SourceFile

_UTF16_OR_32 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_TITLE_LENGTH = 120


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
    text = decode(_read(source.path, max_bytes))
    markdown = source.path.suffix.lower() in {".md", ".markdown"}
    if markdown:
        metadata = front_matter.complete(metadata, text)
    code, domain = language_detection.of_text(text), domain_of(text)
    read = layout.markdown_blocks if markdown else layout.text_blocks
    blocks = tuple(read(text, Conventions(language.of(code), domain)))
    if not any(block.kind is not BlockKind.CHROME for block in blocks):
        raise UnreadableDocument("holds no text")
    heading = any(block.kind is BlockKind.HEADING for block in blocks)
    return Document(
        id=document_id(source.name, taken),
        title=metadata.title or _title(text, blocks) or Path(source.name).stem,
        source=source.name,
        text=text,
        sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        blocks=blocks,
        metadata=metadata,
        named=bool(metadata.title) or heading,
        language=code,
        domain=domain.name,
    )


def decode(data: bytes) -> str:
    """Decode ``data`` as UTF-8, strictly. Raises ``UnreadableDocument`` for all else."""
    if not data:
        raise UnreadableDocument("is empty")
    if data.startswith(_UTF16_OR_32) or _looks_like_utf16(data[:4096]):
        raise UnreadableDocument("is in UTF-16 or UTF-32; save it as UTF-8")
    if b"\0" in data:
        raise UnreadableDocument("is a binary file, not text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableDocument(
            f"is not valid UTF-8 (byte {error.start} is 0x{data[error.start]:02x}); "
            "save it as UTF-8"
        ) from error


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


def _looks_like_utf16(head: bytes) -> bool:
    """UTF-16 without a mark: Latin text shows a zero in every other byte."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    return half >= 8 and (max(even, odd) > 0.6 * half and min(even, odd) < 0.1 * half)


def _title(text: str, blocks: tuple[Block, ...]) -> str:
    """The first heading, else the first line, on one line and not too long."""
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    others = [block for block in blocks if block.kind is not BlockKind.CHROME]
    first = (headings[:1] or others[:1])[0]
    line = " ".join(text[first.start : first.end].split()).strip("*_# ")
    if first.kind is not BlockKind.HEADING and len(line) > _TITLE_LENGTH:
        line = line[:_TITLE_LENGTH].rsplit(" ", 1)[0] + " …"
    return line[: 2 * _TITLE_LENGTH]
