"""E-books (EPUB): their parts in the order of reading, each read as HTML is."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from lxml import etree

from index.errors import UnreadableDocument
from index.language import Language
from index.loading import archives, markup, properties, web
from index.loading.canonical import Writer, fold_line
from index.loading.loader import Content, ConventionsOf
from index.loading.trees import of_xml, tag
from index.records import Metadata

_WHAT = "an e-book"
_TEXT = frozenset({"application/xhtml+xml", "text/html", "application/xml", "text/xml"})
_OF_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Ways of hiding fonts alone, which hide no text."""
_ADDRESS = re.compile(r"https?://\S+$", re.I)
_NOTICES = 20


class EpubLoader:
    """Reads e-books."""

    name = "epub"
    version = "1"
    suffixes = frozenset({".epub"})

    def recognises(self, data: bytes, suffix: str) -> bool:
        """By its parts; where they cannot be seen, by the ending."""
        return (archives.kind_of(data) or suffix) in ("epub", *self.suffixes)

    def load(self, data: bytes, conventions_of: ConventionsOf) -> Content:
        """Read a book. Raises ``UnreadableDocument``."""
        with archives.opened(data, _WHAT) as archive:
            _check_open(archive)
            name = _package_name(archive)
            package = of_xml(archive.read(name))
            writer = Writer()
            notices = []
            for part in _spine(package, name):
                try:
                    root = web.parse(archives.read(archive, part))
                except UnreadableDocument as error:
                    notices.append(f"the part {part} {error}")
                    continue
                if root is not None:
                    markup.walk(root, writer)

            def described(_content: Content, known: Language) -> Metadata:
                return _metadata(package, known)

            return writer.content(conventions_of, described, notices[:_NOTICES])


def _check_open(archive: zipfile.ZipFile) -> None:
    """Raises ``UnreadableDocument`` for a book whose text only its seller's software shows."""
    said = archives.read(archive, "META-INF/encryption.xml")
    root: etree._Element | None = of_xml(said) if said else None
    for one in [] if root is None else root.iter():
        if tag(one) == "encryptionmethod" and one.get("Algorithm") not in _OF_FONTS:
            raise UnreadableDocument("is protected against copying")


def _package_name(archive: zipfile.ZipFile) -> str:
    """The name of the part that lists all parts."""
    for one in of_xml(archive.read("META-INF/container.xml")).iter():
        if tag(one) == "rootfile":
            return one.get("full-path", "")
    raise UnreadableDocument(f"is damaged: it cannot be read as {_WHAT}")


@dataclass(frozen=True, slots=True)
class _Item:
    href: str
    kind: str


def _spine(package: etree._Element, name: str) -> Iterator[str]:
    """The names of the parts in the order of reading, each once."""
    items = {
        one.get("id", ""): _Item(one.get("href", ""), one.get("media-type", "").lower())
        for one in package.iter()
        if tag(one) == "item"
    }
    order = (one.get("idref", "") for one in package.iter() if tag(one) == "itemref")
    for identifier in dict.fromkeys(order):
        item = items.get(identifier)
        if item is not None and item.kind in _TEXT:
            path = unquote(urlsplit(item.href).path)
            yield posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def _metadata(package: etree._Element, known: Language) -> Metadata:
    said: dict[str, list[str]] = {}
    for one in package.iter():
        if "purl.org/dc/elements" in str(one.tag):
            text = fold_line("".join(map(str, one.itertext())))
            said.setdefault(tag(one), []).append(text)
    dates = (properties.iso_date(one) for one in said.get("date", ()))
    return Metadata(
        title=properties.title(next(iter(said.get("title", ())), ""), known),
        publisher=next(filter(None, said.get("publisher", ())), ""),
        date=next(filter(None, dates), ""),
        url=next((one for one in said.get("identifier", ()) if _ADDRESS.match(one)), ""),
    )
