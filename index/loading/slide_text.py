"""The paragraphs of a shape on a slide, with their marks."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree
from pptx.shapes.base import BaseShape

from index.loading.canonical import BULLET, Writer, raised
from index.loading.marks import numeral
from index.records import BlockKind

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SCHEME = re.compile(r"(arabic|alphaLc|alphaUc|romanLc|romanUc)(Period|ParenR|ParenBoth|Plain)$")
_NUMERALS = {
    "arabic": "decimal",
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
}
_AROUND = {"Period": "{}.", "ParenR": "{})", "ParenBoth": "({})", "Plain": "{}"}


def write(shape: BaseShape, writer: Writer, listed: bool) -> None:
    """Write the paragraphs of a shape. ``listed``: they are items, unless they say otherwise."""
    counts: dict[tuple[int, str], int] = {}
    for paragraph in _paragraphs(shape):
        text = text_of(paragraph)
        if not text.strip():
            continue
        mark = _mark(paragraph, counts, listed)
        writer.add(BlockKind.ITEM if mark else BlockKind.PARAGRAPH, text, mark=mark)


def line(shape: BaseShape) -> str:
    """All that a shape says."""
    return "\n".join(text_of(paragraph) for paragraph in _paragraphs(shape))


def text_of(paragraph: etree._Element) -> str:
    """What a paragraph says, its lines apart."""
    parts = []
    for one in paragraph:
        if one.tag == f"{A}br":
            parts.append("\n")
        elif one.tag in (f"{A}r", f"{A}fld"):
            text = one.findtext(f"{A}t") or ""
            properties = one.find(f"{A}rPr")
            baseline = "" if properties is None else properties.get("baseline", "")
            is_raised = baseline not in ("", "0") and not baseline.startswith("-")
            parts.append(raised(text) if is_raised else text)
    return "".join(parts)


def _paragraphs(shape: Any) -> list[etree._Element]:
    if not shape.has_text_frame:
        return []
    return [paragraph._p for paragraph in shape.text_frame.paragraphs]


def _mark(paragraph: etree._Element, counts: dict[tuple[int, str], int], listed: bool) -> str:
    """What stands before a paragraph, which is counted if it is numbered."""
    properties = paragraph.find(f"{A}pPr")
    said = "" if properties is None else properties.get("lvl", "0")
    level = int(said) if said.isdecimal() and len(said) < 3 else 0
    numbered = None if properties is None else properties.find(f"{A}buAutoNum")
    deeper = [one for one in counts if one[0] > level or (one[0] == level and numbered is None)]
    for one in deeper:
        del counts[one]
    if properties is not None and properties.find(f"{A}buNone") is not None:
        return ""
    if numbered is None:
        own = properties is not None and properties.find(f"{A}buChar") is not None
        return BULLET if own or listed else ""
    scheme, start = numbered.get("type", ""), numbered.get("startAt", "1")
    first = int(start) if start.isdecimal() and len(start) < 6 else 1
    counts[level, scheme] = counts.get((level, scheme), first - 1) + 1
    match = _SCHEME.match(scheme)
    if match is None:
        return BULLET
    return _AROUND[match[2]].format(numeral(counts[level, scheme], _NUMERALS[match[1]]))
