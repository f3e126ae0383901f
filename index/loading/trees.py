"""Trees of HTML and XML from strangers: no entity is expanded, nothing is fetched."""

from __future__ import annotations

import html.entities
import re

from lxml import etree

from index.errors import UnreadableDocument

_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_OF_XML = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})
_TOO_DEEP = "Excessive depth"


def tag(element: etree._Element) -> str:
    """The name of an element, in lower case and without a namespace; "" for what is none."""
    name = element.tag
    return name.rpartition("}")[2].lower() if isinstance(name, str) else ""


def of_html(text: str) -> etree._Element | None:
    """The tree of an HTML text, however careless; None where there is nothing in it.

    Raises ``UnreadableDocument`` for one that is nested so deeply that a part would be lost.
    """
    # huge_tree lifts limits that real pages meet (unclosed tags nest); the size of a file is
    # limited before.
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    data = text.replace("\0", "").encode("utf-8", "replace")
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        root = None
    if any(_TOO_DEEP in str(entry.message) for entry in parser.error_log):
        raise UnreadableDocument("nests its elements too deeply to be read")
    return root


def of_xml(data: bytes) -> etree._Element:
    """The tree of an XML file. Raises ``UnreadableDocument``."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableDocument("is damaged: a part of it is not valid XML") from error
    if any(isinstance(one, etree._Entity) for one in root.iter(etree.Entity)):
        raise UnreadableDocument("declares entities of XML, which are not read")
    return root


def of_xhtml(data: bytes) -> etree._Element | None:
    """The tree of an XHTML file if it is valid XML, else None. Names of characters that HTML knows
    ("&nbsp;") are known."""

    def character(match: re.Match[bytes]) -> bytes:
        known = html.entities.html5.get(match[1].decode() + ";")
        if match[1] in _OF_XML or known is None:
            return match[0]
        return "".join(f"&#{ord(letter)};" for letter in known).encode()

    try:
        return of_xml(_NAMED.sub(character, data))
    except UnreadableDocument:
        return None
