"""What the properties of a file say of the document, and what only of the software that made it."""

from __future__ import annotations

import re
from datetime import date

from index.language import Language
from index.loading.canonical import Describe, fold_line
from index.loading.loader import Content
from index.records import Metadata

_LONGEST = 300
_BY_SOFTWARE = re.compile(
    r"(?i)microsoft (?:office )?(?:word|excel|powerpoint)\b|(?:\S+[ -])?powerpoint(?:[ -]\S+)?$"
    r"|\S*\.(?:docx?|docm|dotx?|rtf|odt|pptx?|xlsx?|xls[mb]|csv|pdf|html?|xhtml|indd|pmd|qxd|tex"
    r"|txt|tmp|wpd|eps|ai|epub)$"
)
_NUMBERED = re.compile(r"[^\W\d_]+\d{1,3}$")
"""A word and a number in one, as software names what nobody has: "Document1"."""
_FILE_NAME = re.compile(r"(?=\S*\d)\S*[_\\/]\S*$")
"""Or an identifier, which is no title either: "S/2025/496"."""
_ISO_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?!\d)|(\d{4})(?:-(\d{2}))?$")


def title(said: str, known: Language) -> str:
    """``said`` as a title on one line; "" where it is what software puts there, or the name of a
    file."""
    line = fold_line(said)[:_LONGEST]
    empty = not any(map(str.isalpha, line))
    if empty or _BY_SOFTWARE.match(line) or _FILE_NAME.match(line) or _NUMBERED.match(line):
        return ""
    return "" if known.patterns.untitled.match(line) else line


def titled(said: str) -> Describe:
    """Describes a file that only ``said`` its title."""

    def describe(_content: Content, known: Language) -> Metadata:
        return Metadata(title=title(said, known))

    return describe


def iso_date(said: str) -> str:
    """The date that ``said``, a date as standards write it, begins with: year, month and day as far
    as they are told; "" for all else."""
    match = _ISO_DATE.match(said.strip())
    if match is None:
        return ""
    year, month, day = match[1] or match[4], match[2] or match[5], match[3]
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return ""
    return "-".join(part for part in (year, month, day) if part)
