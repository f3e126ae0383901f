"""Archives (zip), which most formats of offices are: what is in one, within limits, and why one
cannot be opened.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from index.errors import UnreadableDocument
from index.loading.web import begins_as_html

MAX_ENTRIES = 20_000
MAX_BYTES = 300 * 2**20
"""Of all entries together, unpacked."""
MAX_RATIO = 250
"""Unpacked to packed: XML of offices comes to 100, a bomb to 1000."""
_SMALL = 16 * 2**20
"""What unpacks to less is no bomb, whatever the ratio."""
_ENTRY = b"PK\x01\x02"
_OPEN_XML = "[Content_Types].xml"
_FOLDERS = {"docx": "word/", "pptx": "ppt/", "xlsx": "xl/"}
_MAIN_TYPE = re.compile(rb"application/vnd\.[\w.-]+\.main\+xml")
_EPUB = b"application/epub+zip"
_STRICT = b"purl.oclc.org/ooxml"


def is_archive(data: bytes) -> bool:
    """Whether a file begins as an archive does."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def kind_of(data: bytes) -> str:
    """What a file holds by its content: docx, pptx, xlsx, epub; "" where it is none of these or
    cannot be opened."""
    if not is_archive(data) or data.count(_ENTRY) > MAX_ENTRIES:
        return ""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return ""
    if "META-INF/container.xml" in names or _EPUB in data[:200]:
        return "epub"
    if _OPEN_XML in names:
        for kind, folder in _FOLDERS.items():
            if any(name.startswith(folder) for name in names):
                return kind
    return ""


@contextmanager
def opened(data: bytes, what: str) -> Iterator[zipfile.ZipFile]:
    """The archive in ``data``, which should be ``what`` ("a Word document").

    Raises ``UnreadableDocument`` for what is not, is damaged, protected or too large unpacked, and
    where reading it within the block fails in any other way.
    """
    if not data:
        raise UnreadableDocument("is empty")
    if not is_archive(data):
        found = "a web page" if begins_as_html(data) else "something else"
        raise UnreadableDocument(f"is not {what}, as its name says, but {found}")
    if data.count(_ENTRY) > MAX_ENTRIES:
        raise UnreadableDocument(f"holds more than {MAX_ENTRIES:,} files")
    with sound(what), zipfile.ZipFile(BytesIO(data)) as archive:
        _check(archive, len(data))
        yield archive


@contextmanager
def sound(what: str) -> Iterator[None]:
    """Turns whatever a library raises over a file within the block into ``UnreadableDocument``."""
    try:
        yield
    except UnreadableDocument:
        raise
    except zipfile.BadZipFile as error:
        raise UnreadableDocument(f"is damaged or cut off: it cannot be opened as {what}") from error
    except Exception as error:  # what libraries raise over a damaged file is of every kind
        raise UnreadableDocument(f"is damaged: it cannot be read as {what}") from error


def _check(archive: zipfile.ZipFile, packed: int) -> None:
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableDocument("is protected by a password")
    if total > MAX_BYTES:
        raise UnreadableDocument(
            f"unpacks to {total / 2**20:,.0f} MiB, over the limit of {MAX_BYTES / 2**20:.0f} MiB"
        )
    # Entries may share their bytes, so that a packed size may be told many times over.
    told = min(packed, sum(entry.compress_size for entry in entries))
    if total > _SMALL and total > MAX_RATIO * max(told, 1):
        raise UnreadableDocument("unpacks to far more than it could hold (an archive bomb)")


def check_open_xml(archive: zipfile.ZipFile) -> None:
    """Raises ``UnreadableDocument`` for Open XML in the strict form, which no library reads."""
    if _STRICT in read(archive, "_rels/.rels"):
        raise UnreadableDocument("is in the strict form of Open XML; save it in the usual one")


def check_sizes(archive: zipfile.ZipFile) -> None:
    """Unpacks every entry: those that are not what they say are an error (see ``opened``). For
    libraries that trust what an archive says."""
    for entry in archive.infolist():
        with archive.open(entry) as file:
            while file.read(2**20):
                pass


def read(archive: zipfile.ZipFile, name: str) -> bytes:
    """An entry of an archive; empty where there is none."""
    try:
        return archive.read(name)
    except (KeyError, zlib.error, EOFError):
        return b""


def as_usual(data: bytes, archive: zipfile.ZipFile, usual: bytes) -> bytes:
    """``data`` with its main part declared as of the ``usual`` type: templates, shows and files
    with macros are documents too, and libraries refuse them by that word alone."""
    types = read(archive, _OPEN_XML)
    renamed = _MAIN_TYPE.sub(usual, types)
    if renamed == types:
        return data
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as written:
        for entry in archive.infolist():
            content = renamed if entry.filename == _OPEN_XML else archive.read(entry)
            written.writestr(entry.filename, content)
    return file.getvalue()
