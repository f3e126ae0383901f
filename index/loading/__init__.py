"""The formats that Attest reads, one loader each.

To add one, write a module with a ``Loader`` and name it in ``LOADERS``.
"""

from __future__ import annotations

from index.errors import UnreadableDocument
from index.loading import legacy
from index.loading.delimited import DelimitedLoader
from index.loading.epub import EpubLoader
from index.loading.legacy import LegacyLoader
from index.loading.loader import Boxes, Content, ConventionsOf, Loader, PictureLoader
from index.loading.mail import MailLoader
from index.loading.ocr import Recogniser
from index.loading.pdf import PdfLoader
from index.loading.sheets import SheetsLoader
from index.loading.slides import SlidesLoader
from index.loading.text import MarkdownLoader, TextLoader, decode
from index.loading.web import WebLoader
from index.loading.word import WordLoader

__all__ = [
    "LOADERS",
    "Boxes",
    "Content",
    "ConventionsOf",
    "Loader",
    "decode",
    "equipped",
    "loader_of",
]

LOADERS: tuple[Loader, ...] = (
    LegacyLoader(),
    PdfLoader(),
    WordLoader(),
    SlidesLoader(),
    SheetsLoader(),
    EpubLoader(),
    WebLoader(),
    MailLoader(),
    DelimitedLoader(),
    MarkdownLoader(),
    TextLoader(),
)
"""In the order in which they are asked whether they recognise a file: those first that tell by its
content."""
SUFFIXES = frozenset().union(*(one.suffixes for one in LOADERS))
"""Endings of files that can be read."""
LOOKED_INTO = SUFFIXES | legacy.SUFFIXES
"""Endings of files that are opened: what is in some can be read, of others it is said why not."""


def loader_of(data: bytes, suffix: str) -> Loader:
    """The loader that reads a file with this content and this ending (lower case, with its dot).

    Raises ``UnreadableDocument`` where there is none.
    """
    for one in LOADERS:
        if one.recognises(data, suffix):
            return one
    raise UnreadableDocument("is not a kind that can be read")


def equipped(loader: Loader, recogniser: Recogniser | None) -> Loader:
    """``loader``, which has ``recogniser`` read pages that are pictures, if there is one and it
    can."""
    if recogniser is None or not isinstance(loader, PictureLoader):
        return loader
    return loader.equipped(recogniser)
