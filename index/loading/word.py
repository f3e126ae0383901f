"""Word documents (DOCX): the canonical text is what their reader sees, in order, with notes after
the paragraph or table that leads to them. Pages are told where the file records each break.
"""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import docx
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from lxml import etree

from index.loading import archives, properties
from index.loading.canonical import Writer
from index.loading.loader import Content, ConventionsOf
from index.loading.trees import of_xml
from index.loading.word_body import Body, Sheet
from index.loading.word_styles import Lists, Styles, W, heading_level, value
from index.loading.word_text import Notes
from index.records import BlockKind

_WHAT = "a Word document"
_TYPE = CONTENT_TYPE.WML_DOCUMENT_MAIN.encode()
_PAGES = re.compile(rb"<(?:\w+:)?Pages>\s*(\d{1,6})\s*<")
_TWIPS = 20
"""To a point."""
_LEAST_AREA = 60
"""Square points that a character takes on a page, margins and all, at the least."""
_LETTER = (612.0, 792.0)


class WordLoader:
    """Reads Word documents."""

    name = "docx"
    version = "1"
    suffixes = frozenset({".docx", ".docm", ".dotx"})

    def recognises(self, data: bytes, suffix: str) -> bool:
        """By its parts; where they cannot be seen, by the ending."""
        return (archives.kind_of(data) or suffix) in ("docx", *self.suffixes)

    def load(self, data: bytes, conventions_of: ConventionsOf) -> Content:
        """Read a document. Raises ``UnreadableDocument``."""
        with archives.opened(data, _WHAT) as archive:
            archives.check_open_xml(archive)
            pages = _PAGES.search(archives.read(archive, "docProps/app.xml"))
            document = docx.Document(BytesIO(archives.as_usual(data, archive, _TYPE)))
            said = document.core_properties.title
            content = _written(document).content(conventions_of, properties.titled(said))
            known = pages is None or int(pages[1]) <= len(content.pages)
            if known and _fits(document, content):
                return content
            return replace(content, pages=())  # some breaks are not recorded: all numbers are wrong


def _fits(document: Document, content: Content) -> bool:
    """Whether the pages may be those of the printed document: not where software recorded none, and
    more stands between two breaks that were asked for than a page can hold."""
    if _recorded(document.element.body):
        return True
    return all(
        (page.end - page.start) * _LEAST_AREA <= page.width * page.height for page in content.pages
    )


def _written(document: Document) -> Writer:
    writer = Writer()
    root = document.element.body
    styles = Styles(document.styles.element)
    paragraphs = list(root.iter(f"{W}p"))
    titled = any(styles.of(one).name == "title" for one in paragraphs)
    body = Body(
        writer,
        styles,
        Lists(_root(document, RELATION.NUMBERING), styles),
        Notes(_note_forms(document)),
        {**_notes(document, "footnote"), **_notes(document, "endnote")},
        _sheets(root),
        _recorded(root),
        titled,
        titled or any(heading_level(one, styles.of(one)) for one in paragraphs),
    )
    body.begin()
    for story in _stories(document, RELATION.HEADER):
        body.write_story(story, BlockKind.CHROME)
    body.write(root)
    for story in _stories(document, RELATION.FOOTER):
        body.write_story(story, BlockKind.CHROME)
    return writer


def _root(document: Document, relation: str) -> etree._Element | None:
    """The root of the part that a document has by a relation."""
    for one in document.part.rels.values():
        if one.reltype == relation and not one.is_external:
            return of_xml(one.target_part.blob)
    return None


def _stories(document: Document, relation: str) -> list[etree._Element]:
    """The running heads or feet, those that say the same once."""
    parts = (
        one.target_part
        for one in document.part.rels.values()
        if one.reltype == relation and not one.is_external
    )
    found = {"".join(map(str, (root := of_xml(part.blob)).itertext())): root for part in parts}
    return list(found.values())


def _notes(document: Document, kind: str) -> dict[tuple[str, str], etree._Element]:
    root = _root(document, RELATION.FOOTNOTES if kind == "footnote" else RELATION.ENDNOTES)
    found = [] if root is None else root.findall(f"{W}{kind}")
    return {(kind, one.get(f"{W}id", "")): one for one in found}


def _note_forms(document: Document) -> dict[str, str]:
    """The numerals of notes, by their kind."""
    settings = document.settings.element
    roots = (settings, *document.element.body.iter(f"{W}sectPr"))
    forms = {"footnote": "decimal", "endnote": "lowerRoman"}
    return {
        kind: next(filter(None, (value(root, f"{kind}Pr/numFmt") for root in roots)), usual)
        for kind, usual in forms.items()
    }


def _sheets(root: etree._Element) -> list[Sheet]:
    """The paper of each section."""
    found = []
    for one in root.iter(f"{W}sectPr"):
        size = one.find(f"{W}pgSz")
        said = ("", "") if size is None else (size.get(f"{W}w", ""), size.get(f"{W}h", ""))
        width, height = (
            int(twips) / _TWIPS
            if twips.isascii() and twips.isdigit() and 0 < int(twips) < 10**6
            else usual
            for twips, usual in zip(said, _LETTER, strict=True)
        )
        found.append(Sheet(width, height, value(one, "type") == "continuous"))
    return found or [Sheet(*_LETTER)]


def _recorded(root: etree._Element) -> bool | None:
    """Whether the software recorded where pages break; else whether breaks were asked for (False),
    or neither (None)."""
    if next(root.iter(f"{W}lastRenderedPageBreak"), None) is not None:
        return True
    breaks = any(one.get(f"{W}type") == "page" for one in root.iter(f"{W}br"))
    asked = any(True for _ in root.iter(f"{W}pageBreakBefore"))
    return False if breaks or asked else None
