"""Turns a file's bytes into a ``Document``, or says why it cannot be one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path

from index import domains, language, language_detection
from index.conventions import Conventions
from index.domains import Domain
from index.errors import UnreadableDocument, UnreadableNow
from index.identity import document_id
from index.loading import Content, Loader, loader_of
from index.loading.soundness import sound
from index.records import Block, BlockKind, Document, Metadata
from index.sources import SourceFile

_TITLE_LENGTH = 120
_SHORT = 60
"""Characters that a line of a masthead has fewer of than a paragraph."""
_REASON_LENGTH = 200


@dataclass(frozen=True, eq=False, slots=True)
class Parsed:
    """A file as its loader read it: all that can be said of it without its name."""

    content: Content
    language: str
    domain: str
    loader: str
    file_sha256: str


def load(
    source: SourceFile,
    metadata: Metadata,
    taken: set[str],
    max_bytes: int,
    domain_of: Callable[[str], Domain],
) -> Document:
    """Read ``source`` here and now. Raises ``UnreadableDocument`` with the reason in words.

    The document's id is none of ``taken``, and is added to it; ``domain_of`` says of its text which
    domain it is read by.
    """
    data = read(source.path, max_bytes)
    parsed = parse(data, choose(data, source.path.suffix.lower()), domain_of)
    return compose(source, metadata, document_id(source.name, taken), parsed)


def choose(data: bytes, suffix: str) -> Loader:
    """The loader that reads a file with this content and this ending. Raises
    ``UnreadableDocument``."""
    with _its_own_failure():
        return loader_of(data, suffix)


@contextmanager
def _its_own_failure() -> Iterator[None]:
    """Whatever a loader stumbles over is a failure of the file that it reads."""
    try:
        yield
    except (UnreadableDocument, MemoryError):
        raise
    except OSError as error:  # of the machine, perhaps: a full disk
        raise UnreadableNow(_failure(error)) from error
    except Exception as error:  # a library's own error, of any kind
        raise UnreadableDocument(_failure(error)) from error


def _failure(error: Exception) -> str:
    words = " ".join(f"{type(error).__name__}: {error}".split())
    return f"cannot be read ({words[:_REASON_LENGTH]})"


def parse(data: bytes, loader: Loader, domain_of: Callable[[str], Domain]) -> Parsed:
    """What ``loader`` makes of a file. Raises ``UnreadableDocument``."""

    def conventions_of(text: str) -> Conventions:
        return Conventions(language.of(language_detection.of_text(text)), domain_of(text))

    with _its_own_failure():
        content = sound(loader.load(data, conventions_of))
    if not any(block.kind is not BlockKind.CHROME for block in content.blocks):
        raise UnreadableDocument("holds no text")
    return Parsed(
        content,
        language_detection.of_text(content.text),
        domain_of(content.text).name,
        loader.name,
        hashlib.sha256(data).hexdigest(),
    )


def compose(source: SourceFile, metadata: Metadata, id: str, parsed: Parsed) -> Document:
    """The document that a file is, under its ``id``, with what is known of it beforehand."""
    text, blocks = parsed.content.text, parsed.content.blocks
    domain = domains.named(parsed.domain)
    metadata = _completed(metadata, domain.masthead(text, blocks, source.name))
    metadata = _completed(metadata, parsed.content.metadata)
    known = Conventions(language.of(parsed.language), domain)
    heading = any(block.kind is BlockKind.HEADING for block in blocks)
    return Document(
        id=id,
        title=metadata.title or _title(text, blocks, known) or Path(source.name).stem,
        source=source.name,
        text=text,
        sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        blocks=blocks,
        metadata=metadata,
        named=bool(metadata.title) or heading,
        language=parsed.language,
        domain=parsed.domain,
        loader=parsed.loader,
        pages=parsed.content.pages,
        file_sha256=parsed.file_sha256,
        boxes=parsed.content.boxes,
        printed_on=parsed.content.printed_on,
        notices=parsed.content.notices,
        ocr=parsed.content.ocr,
        unread=parsed.content.unread,
    )


def _completed(known: Metadata, said: Metadata) -> Metadata:
    """``known`` with what is ``said`` where it is silent."""
    lacking = (one.name for one in fields(Metadata) if not getattr(known, one.name))
    return replace(known, **{name: getattr(said, name) for name in lacking})


def read(path: Path, max_bytes: int) -> bytes:
    """The bytes of a file. Raises ``UnreadableDocument``."""
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
