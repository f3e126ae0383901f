"""What a PDF's properties say of it, where that means something."""

from __future__ import annotations

import re
from collections.abc import Mapping

from index.language import Language
from index.loading import properties
from index.records import Metadata

_PROGRAM = re.compile(r"^(?:microsoft|libreoffice|openoffice|adobe|wordperfect)\b", re.I)
_FILE = re.compile(
    r"\.(?:docx?|dot|pdf|rtf|odt|xlsx?|pptx?|indd|qxd|tex|dvi|ps|p65|wpd|txt)\b", re.I
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_LONGEST = 300


def of(said: Mapping[str, str], known: Language) -> Metadata:
    """Title and date of a document by its properties, by pdfium's names of them."""
    title = properties.title(said.get("Title", ""), known)
    day = said.get("CreationDate", "").strip().removeprefix("D:")[:8]
    return Metadata(title=title if means_something(title) else "", date=properties.iso_date(day))


def means_something(title: str) -> bool:
    """Whether a title names a document: not a program, a file, a number or a mere symbol."""
    if not 3 < len(title) <= _LONGEST or _PROGRAM.match(title) or _FILE.search(title):
        return False
    if not title.isprintable() or "\ufffd" in title:
        return False
    words = _WORD.findall(title)
    return len(words) >= 2 and " " in title and sum(map(len, words)) >= 0.5 * len(title)
