"""Messages (EML): subject, who wrote to whom and when, and what was written. What is attached is
named and not read.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime

from index import layout
from index.errors import UnreadableDocument
from index.language import Language
from index.loading import archives, markup
from index.loading.canonical import Writer, fold_line
from index.loading.loader import Content, ConventionsOf
from index.loading.trees import of_html
from index.records import BlockKind, Metadata

_WHAT = "a message"
_LONGEST_FIELD = 5_000
_ADDRESSED = ("From", "To", "Cc")
_QUOTED = re.compile(r"^(?:[ \t]?>)+[ \t]?", re.M)
_WRAPPED_WORD = re.compile(r"(?<=\w)-[ \t]*\n[ \t]*(?=\w)")
_SEALED = frozenset({"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
_NAMED = 20


class MailLoader:
    """Reads messages."""

    name = "eml"
    version = "1"
    suffixes = frozenset({".eml"})

    def recognises(self, _data: bytes, suffix: str) -> bool:
        """By the ending: any text may begin with what looks like headers."""
        return suffix in self.suffixes

    def load(self, data: bytes, conventions_of: ConventionsOf) -> Content:
        """Read a message. Raises ``UnreadableDocument``."""
        if not data:
            raise UnreadableDocument("is empty")
        with archives.sound(_WHAT):
            message = email.message_from_bytes(data, policy=email.policy.default)
            assert isinstance(message, EmailMessage)  # the policy makes it one
            if not message.keys():
                raise UnreadableDocument("is not a message: it has no headers")
            if message.get_content_type() in _SEALED:
                raise UnreadableDocument("is encrypted or sealed")
            return _content(message, conventions_of)


def _content(message: EmailMessage, conventions_of: ConventionsOf) -> Content:
    writer = Writer()
    subject, day, moment = _field(message, "Subject"), *_date(message)
    writer.add(BlockKind.HEADING, subject)
    fields = [(name, _field(message, name)) for name in _ADDRESSED]
    shown = [f"{name}: {said}" for name, said in (*fields, ("Date", moment)) if said]
    writer.add(BlockKind.PARAGRAPH, "; ".join(shown))
    body = message.get_body(("plain",))
    text = "" if body is None else _text(body)
    if text.strip():
        _write_plain(text, writer, conventions_of)
    elif (page := message.get_body(("html",))) is not None:
        root = of_html(_text(page))
        if root is not None:
            markup.walk(root, writer)
    attached = list(_attached(message))
    more = f" and {len(attached) - _NAMED} more" if len(attached) > _NAMED else ""
    notice = f"what is attached is not read: {', '.join(attached[:_NAMED])}{more}"

    def described(_content: Content, _known: Language) -> Metadata:
        return Metadata(title=subject, date=day)

    return writer.content(conventions_of, described, [notice] if attached else [])


def _write_plain(text: str, writer: Writer, conventions_of: ConventionsOf) -> None:
    """Write the paragraphs of a plain text, their lines joined."""
    text = _QUOTED.sub("", text.replace("\r\n", "\n"))
    for block in layout.text_blocks(text, conventions_of(text)):
        said = _WRAPPED_WORD.sub("-", text[block.start : block.end])
        mark = text[text.rfind("\n", 0, block.start) + 1 : block.start].strip()
        level = block.level + 1 if block.kind is BlockKind.HEADING else 1
        is_item = block.kind is BlockKind.ITEM
        writer.add(block.kind, fold_line(said), level, mark if is_item else "")


def _text(part: MIMEPart) -> str:
    """The text of a part, in what it says that its letters are, or in what they may be."""
    try:
        content = part.get_content()
    except (LookupError, UnicodeError, ValueError):
        content = part.get_payload(decode=True)
    if isinstance(content, bytes):
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            return content.decode("cp1252", "replace")
    return str(content)


def _field(message: EmailMessage, name: str) -> str:
    """A header on one line, decoded."""
    found = (value for key, value in message.raw_items() if key.lower() == name.lower())
    raw = str(next(found, ""))[:_LONGEST_FIELD]
    try:
        said = str(make_header(decode_header(raw)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        said = raw
    # Bytes beyond ASCII in a header are against the rules, and are mostly UTF-8.
    return fold_line(said.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def _date(message: EmailMessage) -> tuple[str, str]:
    """The day of a message, in ISO form, and its moment as it is shown."""
    said = _field(message, "Date")
    try:
        moment = parsedate_to_datetime(said)
    except (TypeError, ValueError, OverflowError):
        return "", said
    return moment.date().isoformat(), moment.isoformat(" ", "minutes")


def _attached(message: EmailMessage) -> Iterator[str]:
    """The names of what hangs on a message, pictures within its text left out."""
    for part in message.walk():
        shown_within = part.get("Content-ID") and part.get_content_disposition() != "attachment"
        name = part.get_filename()
        if part.get_content_type() == "message/rfc822" and not name:
            name = "a message"
        if name and not shown_within:
            yield fold_line(name)[:200]
