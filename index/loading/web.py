"""HTML: the canonical text is what a reader of the page sees."""

from __future__ import annotations

import codecs
import re

from lxml import etree

from index.errors import UnreadableDocument
from index.language import Language
from index.loading import markup, web_metadata
from index.loading.canonical import Writer, fold_line
from index.loading.loader import Content, ConventionsOf
from index.loading.trees import of_html, of_xhtml, tag
from index.records import BlockKind, Metadata

_BEGINNING = re.compile(
    r"\ufeff?\s*(?:<\?xml\b[^>]{0,200}\?>\s*|<!--.{0,2000}?-->\s*){0,5}"
    r"<(?:!doctype\s+html\b|html\b|head\b|body\b)",
    re.I | re.S,
)
_OTHER_FORMATS = frozenset({".pdf", ".docx", ".pptx", ".xlsx", ".epub"})
"""Endings of files that never are HTML: such a file is an error of the server it came from."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]*?\b(?:charset|encoding)\s*=\s*["']?([\w:.-]+)""", re.I
)
_LATIN = frozenset({"ascii", "iso8859-1"})
"""Names by which pages call the code page of Windows."""


class WebLoader:
    """Reads HTML."""

    name = "html"
    version = "1"
    suffixes = frozenset({".html", ".htm", ".xhtml"})

    def recognises(self, data: bytes, suffix: str) -> bool:
        """By its beginning; pieces of HTML by the ending."""
        if suffix in self.suffixes:
            return True
        return suffix not in _OTHER_FORMATS and begins_as_html(data)

    def load(self, data: bytes, conventions_of: ConventionsOf) -> Content:
        """Read a page. Raises ``UnreadableDocument``."""
        root = parse(data)
        writer = Writer()
        if root is None:
            return writer.content(conventions_of)
        markup.walk(root, writer)

        def described(content: Content, known: Language) -> Metadata:
            return web_metadata.read(root, _headings(content), known)

        return writer.content(conventions_of, described)


def begins_as_html(data: bytes) -> bool:
    """Whether a file begins as HTML does."""
    return _BEGINNING.match(_decoded(data[:4096], cut=True)) is not None


def parse(data: bytes) -> etree._Element | None:
    """The tree of a page; None where it has none. Raises ``UnreadableDocument``."""
    if not data:
        raise UnreadableDocument("is empty")
    if data.lstrip().startswith(b"<?xml") and (root := of_xhtml(data)) is not None:
        return root if tag(root) == "html" else of_html(decode(data))
    return of_html(decode(data))


def decode(data: bytes) -> str:
    """The text of a page, by its byte order mark, by what it declares, or as its bytes read.

    Raises ``UnreadableDocument`` for what is no text.
    """
    text = _decoded(data)
    if text.count("\0") > len(text) // 1000:
        raise UnreadableDocument("is a binary file, not text")
    return text


def _decoded(data: bytes, cut: bool = False) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace").removeprefix("\ufeff")
    declared = _DECLARED.search(data[:4096])
    # What is valid UTF-8 beyond ASCII is UTF-8, whatever it says: pages are moved, and not edited.
    names = ["utf-8"] if not data.isascii() or declared is None else []
    names += [_known(declared[1].decode("ascii", "replace"))] if declared else []
    for name in names:
        try:
            return data.decode(name, "ignore" if cut else "strict")
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")


def _known(name: str) -> str:
    """The codec that pages mean by a name."""
    try:
        found = codecs.lookup(name)
    except LookupError:
        return "cp1252"
    is_text = getattr(found, "_is_text_encoding", True)
    if found.name in _LATIN or found.name.startswith(("utf-16", "utf-32")) or not is_text:
        return "cp1252"
    return "gb18030" if found.name in ("gb2312", "gbk") else found.name


def _headings(content: Content) -> list[str]:
    """The headings: the only one of the first level before all others."""
    found = [one for one in content.blocks if one.kind is BlockKind.HEADING]
    top = [one for one in found if one.level == 1]
    ordered = [*top, *found] if len(top) == 1 else found
    return list(dict.fromkeys(fold_line(content.text[one.start : one.end]) for one in ordered))
