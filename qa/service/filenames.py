"""Names under which files are saved, whatever the files were called (RFC 6266)."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

_MOST_LETTERS = 120
_MOST_OF_ENDING = 12
_UNSAFE = re.compile(r'[/\\:*?"<>|%;]')
"""What some system takes for more than a letter, or a browser would take apart."""
_DEVICES = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")


def attachment(source: str) -> str:
    """The header ``Content-Disposition`` of a file to be saved, called as the last part of
    ``source``: in ASCII for old programs, and whole."""
    name = safe(source)
    ending = _ending(name)
    parted = unicodedata.normalize("NFKD", name.removesuffix(ending))
    stem = parted.encode("ascii", "ignore").decode()
    plain = safe((stem if stem.strip("._- ") else "document") + ending)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def safe(source: str) -> str:
    """A name that is a name on every system: one part, no control or direction marks, no device."""
    name = source.replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = (one for one in name if unicodedata.category(one) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    name = " ".join(_UNSAFE.sub("_", "".join(shown)).split()).strip(" .")
    if _DEVICES.match(name):
        name = f"_{name}"
    if len(name) > _MOST_LETTERS:
        ending = _ending(name)
        name = name[: _MOST_LETTERS - len(ending)].rstrip(" .") + ending
    return name or "document"


def _ending(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    short = ending.isascii() and ending.isalnum() and len(ending) <= _MOST_OF_ENDING
    return dot + ending if stem and short else ""
