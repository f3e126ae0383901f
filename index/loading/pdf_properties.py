"""What a PDF's properties say of it, where that means something."""

from __future__ import annotations

import re

import pypdfium2 as pdfium

from index.records import Metadata

_PROGRAM = re.compile(r"^(?:microsoft|libreoffice|openoffice|adobe|wordperfect|untitled)\b", re.I)
_FILE = re.compile(
    r"\.(?:docx?|dot|pdf|rtf|odt|xlsx?|pptx?|indd|qxd|tex|dvi|ps|p65|wpd|txt)\b", re.I
)
_DATE = re.compile(r"^(?:D:)?((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LONGEST = 300


def of(document: pdfium.PdfDocument) -> Metadata:
    """Title and date of a document by its properties."""
    said = {key: " ".join(value.split()) for key, value in document.get_metadata_dict().items()}
    title = said.get("Title", "")
    date = _DATE.match(said.get("CreationDate", ""))
    return Metadata(
        title=title if means_something(title) else "",
        date="-".join(date.groups()) if date else "",
    )


def means_something(title: str) -> bool:
    """Whether a title names a document: not a program, a file, a number or a mere symbol."""
    if not 3 < len(title) <= _LONGEST or _PROGRAM.match(title) or _FILE.search(title):
        return False
    if not title.isprintable() or "\ufffd" in title:
        return False
    words = _WORD.findall(title)
    return len(words) >= 2 and " " in title and sum(map(len, words)) >= 0.5 * len(title)
