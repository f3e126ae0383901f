"""The evidence on a question as a file: for a spreadsheet, a text or a page of notes.

Whatever a document says stays text: a spreadsheet takes no formula from it, Markdown no mark.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urljoin

from docx import Document

from qa.service.evidence_schemas import EvidenceResponse, ItemOut
from qa.service.schemas import QuotedOut

Format = Literal["csv", "docx", "md"]
TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
}
_COLUMNS = (
    "number relevance document_title symbol paragraph page section text document_id "
    "start_char_index end_char_index repeats url"
).split()
_FORMULA = re.compile(r"^[=+\-@\t\r]")
_MARK = re.compile(r"[\\`*_\[\]<>#|~&]")
_OPENS = re.compile(r"^(\d*)([-+=.)])")
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(found: EvidenceResponse, format: Format, base: str) -> bytes:
    """All of ``found``; the addresses in it begin with ``base``, the service's own."""
    match format:
        case "csv":
            return _csv(found, base)
        case "docx":
            return _docx(found, base)
        case "md":
            return _markdown(found, base)


def place_of(one: QuotedOut) -> str:
    """Where a quote stands, as people cite it: "S/2025/496, para. 12, p. 3"."""
    counted = one.paragraph and ("para. " if one.paragraph[0].isdigit() else "") + one.paragraph
    return ", ".join(filter(None, (one.symbol, counted, _page_of(one))))


def _page_of(one: QuotedOut) -> str:
    """The page as it is printed, and its place in the file where that is another."""
    printed = one.page_label.partition("/")[0] if one.page_label else ""
    if one.page is None or printed in {"", str(one.page)}:
        return f"p. {one.page}" if one.page else ""
    return f"p. {printed} (page {one.page} of the file)"


def _reference(one: QuotedOut, base: str) -> str:
    section = f", “{' › '.join(one.section)}”" if one.section else ""
    place = place_of(one)
    return f"{one.document_title}{section}{', ' if place else ''}{place}. {urljoin(base, one.url)}"


def _lead(found: EvidenceResponse) -> str:
    size = f"{found.total} sentence{'' if found.total == 1 else 's'}"
    documents = f"{len(found.groups)} document{'' if len(found.groups) == 1 else 's'}"
    share = f"about {found.estimated_recall:.0%} of what there is, as estimated"
    return f"{size} from {documents}; {share}. Collected on {datetime.now(UTC):%d %B %Y}."


def _csv(found: EvidenceResponse, base: str) -> bytes:
    """With a byte order mark, by which spreadsheets know UTF-8."""
    into = io.StringIO()
    rows = csv.writer(into)
    rows.writerow(_COLUMNS)
    for group in found.groups:
        for one in group.items:
            known = {**one.model_dump(), "text": " ".join(one.cited_text.split())}
            known |= {
                "section": " › ".join(one.section),
                "repeats": "; ".join(urljoin(base, two.url) for two in one.repeats),
                "url": urljoin(base, one.url),
            }
            rows.writerow([_cell(known[name]) for name in _COLUMNS])
    return b"\xef\xbb\xbf" + into.getvalue().encode()


def _cell(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula begins with an apostrophe (OWASP)."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def _markdown(found: EvidenceResponse, base: str) -> bytes:
    lines = [f"# {_plain(found.question)}", _lead(found)]
    for group in found.groups:
        lines.append(f"## {_plain(group.document_title)}")
        for one in group.items:
            lines.append(f"> {_plain(one.cited_text)}")
            lines.append(f"[{one.number}] {_linked(one, base)}{_also(one, base)}")
    return ("\n\n".join(lines) + "\n").encode()


def _plain(text: str) -> str:
    """``text`` without what Markdown takes for a mark, anywhere or at the start of a line."""
    escaped = _MARK.sub(lambda mark: f"\\{mark.group()}", _xml(text))
    return _OPENS.sub(lambda mark: f"{mark[1]}\\{mark[2]}", escaped)


def _linked(one: QuotedOut, base: str) -> str:
    reference, _, address = _reference(one, base).rpartition(" ")
    return f"{_plain(reference)} <{address}>"


def _also(one: ItemOut, base: str) -> str:
    return "".join(f" Also: {_linked(two, base)}." for two in one.repeats)


def _docx(found: EvidenceResponse, base: str) -> bytes:
    document = Document()
    document.add_heading(_xml(found.question), 1)
    document.add_paragraph(_lead(found))
    for group in found.groups:
        document.add_heading(_xml(group.document_title), 2)
        for one in group.items:
            document.add_paragraph(_xml(one.cited_text), style="Quote")
            repeats = "".join(f" Also: {_reference(two, base)}." for two in one.repeats)
            document.add_paragraph(_xml(f"[{one.number}] {_reference(one, base)}{repeats}"))
    into = io.BytesIO()
    document.save(into)
    return into.getvalue()


def _xml(text: str) -> str:
    """``text`` without the characters that XML cannot hold."""
    return _NOT_XML.sub("", " ".join(text.split()))
