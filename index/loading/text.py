"""Plain text and Markdown: the canonical text is the file decoded as UTF-8 and nothing else, so
that a citation's offsets hold in the file itself. A byte order mark stays as its first character.
"""

from __future__ import annotations

import codecs

from index import front_matter, layout
from index.errors import UnreadableDocument
from index.loading.loader import Content, ConventionsOf
from index.records import Metadata

_UTF16_OR_32 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


class TextLoader:
    """Reads plain text."""

    name = "text"
    version = "1"
    suffixes = frozenset({".txt"})

    def recognises(self, _data: bytes, suffix: str) -> bool:
        """By the ending: any bytes may be text."""
        return suffix in self.suffixes

    def load(self, data: bytes, conventions_of: ConventionsOf) -> Content:
        """Read a text. Raises ``UnreadableDocument``."""
        text = decode(data)
        return Content(text, tuple(layout.text_blocks(text, conventions_of(text))))


class MarkdownLoader:
    """Reads Markdown, with YAML front matter."""

    name = "markdown"
    version = "1"
    suffixes = frozenset({".md", ".markdown"})

    def recognises(self, _data: bytes, suffix: str) -> bool:
        """By the ending: any text may be Markdown."""
        return suffix in self.suffixes

    def load(self, data: bytes, conventions_of: ConventionsOf) -> Content:
        """Read a text. Raises ``UnreadableDocument``."""
        text = decode(data)
        blocks = tuple(layout.markdown_blocks(text, conventions_of(text)))
        return Content(text, blocks, metadata=front_matter.complete(Metadata(), text))


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


def _looks_like_utf16(head: bytes) -> bool:
    """UTF-16 without a mark: Latin text shows a zero in every other byte."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    return half >= 8 and (max(even, odd) > 0.6 * half and min(even, odd) < 0.1 * half)
