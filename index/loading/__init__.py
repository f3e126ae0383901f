"""The formats that Attest reads, one loader each.

To add one, write a module with a ``Loader`` and name it in ``LOADERS``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module

from index.errors import UnreadableDocument
from index.loading.loader import Boxes, Content, ConventionsOf, Loader, PictureLoader
from index.loading.ocr import Recogniser

__all__ = [
    "LOADERS",
    "Boxes",
    "Content",
    "ConventionsOf",
    "Loader",
    "equipped",
    "loader_of",
    "version_of",
]


@dataclass(frozen=True, slots=True)
class Named:
    """A loader that is imported when it is first needed: some bring large libraries."""

    name: str
    place: str
    """Its module in this package, and its class."""
    suffixes: frozenset[str]

    @property
    def version(self) -> str:
        """See ``Loader``."""
        return self.loader.version

    @property
    def loader(self) -> Loader:
        """The loader itself."""
        return _imported(self.place)

    def recognises(self, data: bytes, suffix: str) -> bool:
        """See ``Loader``."""
        return self.loader.recognises(data, suffix)

    def load(self, data: bytes, conventions_of: ConventionsOf) -> Content:
        """See ``Loader``."""
        return self.loader.load(data, conventions_of)


@cache
def _imported(place: str) -> Loader:
    module, _, kind = place.partition(":")
    found: Loader = getattr(import_module(f"index.loading.{module}"), kind)()
    return found


def _named(name: str, place: str, *suffixes: str) -> Named:
    return Named(name, place, frozenset(suffixes))


LOADERS: tuple[Loader, ...] = (
    _named("legacy", "legacy:LegacyLoader"),
    _named("pdf", "pdf:PdfLoader", ".pdf"),
    _named("docx", "word:WordLoader", ".docm", ".docx", ".dotx"),
    _named("pptx", "slides:SlidesLoader", ".ppsx", ".pptm", ".pptx"),
    _named("xlsx", "sheets:SheetsLoader", ".xlsm", ".xlsx"),
    _named("epub", "epub:EpubLoader", ".epub"),
    _named("html", "web:WebLoader", ".htm", ".html", ".xhtml"),
    _named("eml", "mail:MailLoader", ".eml"),
    _named("csv", "delimited:DelimitedLoader", ".csv", ".tsv"),
    _named("markdown", "text:MarkdownLoader", ".markdown", ".md"),
    _named("text", "text:TextLoader", ".txt"),
)
"""In the order in which they are asked whether they recognise a file: those first that tell by its
content."""
SUFFIXES = frozenset().union(*(one.suffixes for one in LOADERS))
"""Endings of files that can be read."""
LOOKED_INTO = SUFFIXES | {".doc", ".xls", ".ppt", ".msg"}
"""Endings of files that are opened: what is in some can be read, of others it is said why not."""


def loader_of(data: bytes, suffix: str) -> Loader:
    """The loader that reads a file with this content and this ending (lower case, with its dot).

    Raises ``UnreadableDocument`` where there is none.
    """
    for one in LOADERS:
        if one.recognises(data, suffix):
            return one.loader if isinstance(one, Named) else one
    raise UnreadableDocument("is not a kind that can be read")


def equipped(loader: Loader, recogniser: Recogniser | None) -> Loader:
    """``loader``, which has ``recogniser`` read pages that are pictures, if there is one and it
    can."""
    if recogniser is None or not isinstance(loader, PictureLoader):
        return loader
    return loader.equipped(recogniser)


def version_of(name: str) -> str:
    """Version of the loader with a name, which alone is imported; "" where there is none."""
    return next((one.version for one in LOADERS if one.name == name), "")


def import_all() -> None:
    """Import every loader, before one is needed."""
    for one in LOADERS:
        if isinstance(one, Named):
            _imported(one.place)
