"""What every loader gives: canonical text, with blocks, pages and boxes as places in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, Self, runtime_checkable

import numpy as np
import numpy.typing as npt

from index.conventions import Conventions
from index.loading.ocr import Recogniser
from index.records import Block, Metadata, Page

Boxes = npt.NDArray[np.float32]
"""(characters, 4): left, top, right, bottom of each character of a text, in points from the top
left of its page as it is shown (after rotation); NaN for one that is not printed."""
ConventionsOf = Callable[[str], Conventions]
"""Says of a text what is known of its language and of its domain."""


NOTHING = Metadata()


@dataclass(frozen=True, eq=False, slots=True)
class Content:
    """A file as it was read."""

    text: str
    """The canonical text: what every offset counts in."""
    blocks: tuple[Block, ...]
    """In the order of the text, disjoint."""
    pages: tuple[Page, ...] = ()
    """In order; empty for a format without pages."""
    boxes: Boxes | None = None
    """None for a format that is not laid out."""
    printed_on: npt.NDArray[np.int32] | None = None
    """With ``boxes``: the page, from 1, that each character's box is on; 0 for one without a box. A
    paragraph may go on over a page break."""
    metadata: Metadata = NOTHING
    """What the file says of itself, where that means something."""
    notices: tuple[str, ...] = ()
    """What could not be read of it, each in words for the person who ran the build."""
    unread: int = 0
    """Pages without a text that OCR was not asked to read."""
    ocr: str = ""
    """What read the pictures of its pages: the identity of a ``Recogniser``; "" where none was
    asked to."""


class Tell(Protocol):
    """Told before a page is read that takes long: how many were before it, of how many, and how
    many seconds it may take."""

    def __call__(self, done: int, total: int, seconds: float, /) -> None:
        """``done`` of ``total`` such pages of a file are behind us."""


class Loader(Protocol):
    """Reads files of one format."""

    @property
    def name(self) -> str:
        """Such as ``pdf``."""

    @property
    def version(self) -> str:
        """Changes when the same file gives another content: kept in the manifest."""

    @property
    def suffixes(self) -> frozenset[str]:
        """Endings of its files, in lower case with their dot."""

    def recognises(self, data: bytes, suffix: str) -> bool:
        """Whether a file with this content and this ending is one that it reads."""

    def load(self, data: bytes, conventions_of: ConventionsOf) -> Content:
        """Read a file. Raises ``UnreadableDocument`` with the reason in words."""


@runtime_checkable
class PictureLoader(Loader, Protocol):
    """A ``Loader`` that can read pages that are pictures of text."""

    def equipped(self, recogniser: Recogniser) -> Self:
        """The same, which has ``recogniser`` read them."""

    def watched(self, tell: Tell) -> Self:
        """The same, which tells of each such page."""
