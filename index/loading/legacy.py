"""Files in the container that Office had before Open XML, and has for files with a password: they
are not read, and this says why.
"""

from __future__ import annotations

from index.errors import UnreadableDocument
from index.loading.loader import Content, ConventionsOf

SUFFIXES = frozenset({".doc", ".xls", ".ppt", ".msg"})
"""Endings of files that are looked into all the same: many hold another format."""
_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = (
    ("EncryptedPackage", "is protected by a password"),
    ("EncryptionInfo", "is protected by a password"),
    ("__properties_version1.0", "is a message of Outlook; save it as .eml"),
    ("WordDocument", "is of an old Office format; save it as .docx"),
    ("PowerPoint Document", "is of an old Office format; save it as .pptx"),
    ("Workbook", "is of an old Office format; save it as .xlsx"),
    ("Book", "is of an old Office format; save it as .xlsx"),
)
"""Names of streams, with what a file is that has one."""


class LegacyLoader:
    """Says why an old file of Office is not read."""

    name = "legacy"
    version = "1"
    suffixes: frozenset[str] = frozenset()

    def recognises(self, data: bytes, _suffix: str) -> bool:
        """By its first bytes."""
        return data.startswith(_MAGIC)

    def load(self, data: bytes, _conventions_of: ConventionsOf) -> Content:
        """Raises ``UnreadableDocument``."""
        for stream, reason in _STREAMS:
            if stream.encode("utf-16-le") in data:
                raise UnreadableDocument(reason)
        raise UnreadableDocument("is of an old Office format; save it in a newer one")
