"""Styles and lists of a Word document: which paragraphs are headings, and what numbers them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from lxml import etree

from index.loading import marks
from index.loading.canonical import BULLET

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"heading ([1-9])$")
_PLACE = re.compile(r"%([1-9])")
_BODY = 9
"""The outline level of what is no heading."""
_NUMERALS = frozenset("decimal decimalZero lowerLetter upperLetter lowerRoman upperRoman".split())
_LEVELS = 9
_T = TypeVar("_T")


def value(element: etree._Element | None, path: str) -> str | None:
    """The value of what stands at a path of names below an element; None where nothing does."""
    found = (
        None if element is None else element.find("/".join(f"{W}{one}" for one in path.split("/")))
    )
    return None if found is None else found.get(f"{W}val", "")


def number(element: etree._Element | None, path: str) -> int | None:
    """``value`` where it is a whole number."""
    said = value(element, path)
    return int(said) if said is not None and re.fullmatch(r"-?\d{1,9}", said) else None


def is_on(element: etree._Element | None, path: str) -> bool | None:
    """Whether a switch is on; None where nothing is said."""
    said = value(element, path)
    return None if said is None else said not in ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class Style:
    """A style, with what it has from those that it is based on."""

    id: str = ""
    name: str = ""
    outline: int | None = None
    """Level of a heading, 0 outermost."""
    list_id: int | None = None
    list_level: int | None = None
    bold: bool = False


class Styles:
    """The styles of a document, by identifier."""

    def __init__(self, root: etree._Element | None) -> None:
        found = [] if root is None else root.findall(f"{W}style")
        self._elements = {one.get(f"{W}styleId", ""): one for one in found}
        self._default = next(
            (
                one.get(f"{W}styleId", "")
                for one in found
                if one.get(f"{W}type") == "paragraph" and one.get(f"{W}default") in ("1", "true")
            ),
            "",
        )
        self._known: dict[str, Style] = {}

    def of(self, paragraph: etree._Element) -> Style:
        """The style of a paragraph."""
        return self.named(value(paragraph, "pPr/pStyle") or self._default)

    def named(self, identifier: str) -> Style:
        """The style with an identifier."""
        if identifier not in self._known:
            self._known[identifier] = self._read(identifier)
        return self._known[identifier]

    def _read(self, identifier: str) -> Style:
        chain: list[etree._Element] = []
        above: str | None = identifier
        while above in self._elements and self._elements[above] not in chain:
            chain.append(self._elements[above])
            above = value(chain[-1], "basedOn")
        names = [(value(one, "name") or "").lower() for one in chain]
        outlines = [number(one, "pPr/outlineLvl") for one in chain]
        for place, name in enumerate(names):
            match = _HEADING.match(name)
            if match and outlines[place] is None:
                outlines[place] = int(match[1]) - 1
        return Style(
            identifier,
            names[0] if names else "",
            _first(outlines),
            _first(number(one, "pPr/numPr/numId") for one in chain),
            _first(number(one, "pPr/numPr/ilvl") for one in chain),
            bool(_first(is_on(one, "rPr/b") for one in chain)),
        )


def heading_level(paragraph: etree._Element, style: Style) -> int:
    """The level of a paragraph that is a heading, 1 outermost; 0 for all others."""
    own = number(paragraph, "pPr/outlineLvl")
    outline = style.outline if own is None else own
    return 0 if outline is None or not 0 <= outline < _BODY else outline + 1


@dataclass(slots=True)
class _Kind:
    """A kind of list that lists are of: its levels, and how far it has been counted."""

    levels: dict[int, etree._Element]
    counts: dict[int, int] = field(default_factory=dict)


class Lists:
    """The lists of a document, counted as its paragraphs come."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._kinds: dict[str, _Kind] = {}
        self._of: dict[int, str] = {}
        self._starts: dict[int, dict[int, int]] = {}
        links: dict[str, str] = {}
        for one in [] if root is None else root.findall(f"{W}abstractNum"):
            identifier = one.get(f"{W}abstractNumId", "")
            self._kinds[identifier] = _Kind(_by_level(one.findall(f"{W}lvl")))
            link = value(one, "numStyleLink")
            if link:
                links[identifier] = link
        for one in [] if root is None else root.findall(f"{W}num"):
            self._add(one)
        for identifier, link in links.items():
            target = self._of.get(styles.named(link).list_id or 0)
            if target in self._kinds:
                self._kinds[identifier] = self._kinds[target]

    def _add(self, one: etree._Element) -> None:
        said = one.get(f"{W}numId", "")
        kind = value(one, "abstractNumId")
        if kind is None or not re.fullmatch(r"\d{1,9}", said):
            return
        self._of[int(said)] = kind
        overrides = _by_level(one.findall(f"{W}lvlOverride"))
        starts = {level: number(each, "startOverride") for level, each in overrides.items()}
        self._starts[int(said)] = {
            level: start for level, start in starts.items() if start is not None
        }

    def mark(self, paragraph: etree._Element, style: Style) -> str | None:
        """What numbers a paragraph, and counts it; None for one that is in no list."""
        own = number(paragraph, "pPr/numPr/numId")
        list_id = style.list_id if own is None else own
        kind = self._kinds.get(self._of.get(list_id or 0, ""))
        if kind is None or list_id is None:
            return None
        level = number(paragraph, "pPr/numPr/ilvl")
        if level is None and own is None:
            level = _level_of_style(kind, style)
        level = min(max(level or 0, 0), _LEVELS - 1)
        self._count(kind, list_id, level)
        return _printed(kind, level)

    def _count(self, kind: _Kind, list_id: int, level: int) -> None:
        # A list that says where it starts does so once, at its first paragraph on the level.
        start = self._starts.get(list_id, {}).pop(level, None)
        if start is not None:
            kind.counts[level] = start
        elif level in kind.counts:
            kind.counts[level] += 1
        else:
            kind.counts[level] = _start(kind, level)
        for deeper in [one for one in kind.counts if one > level]:
            del kind.counts[deeper]


def _level_of_style(kind: _Kind, style: Style) -> int:
    linked = (at for at, one in kind.levels.items() if value(one, "pStyle") == style.id)
    return next(linked, style.list_level or 0)


def _printed(kind: _Kind, level: int) -> str:
    """What a list prints before a paragraph on a level."""
    definition = kind.levels.get(level)
    form = value(definition, "numFmt") or "decimal"
    if definition is None or form not in _NUMERALS | {"none"}:
        return BULLET
    legal = is_on(definition, "isLgl")

    def counted(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        own = value(kind.levels.get(at), "numFmt") or "decimal"
        if own == "none":
            return ""
        count = kind.counts.get(at, _start(kind, at))
        return marks.numeral(count, "decimal" if legal else own)

    return _PLACE.sub(counted, value(definition, "lvlText") or "")


def _start(kind: _Kind, level: int) -> int:
    start = number(kind.levels.get(level), "start")
    return 1 if start is None else start


def _by_level(elements: Iterable[etree._Element]) -> dict[int, etree._Element]:
    said = ((one.get(f"{W}ilvl", ""), one) for one in elements)
    return {int(level): one for level, one in said if re.fullmatch(r"\d", level)}


def _first(values: Iterable[_T | None]) -> _T | None:
    return next((one for one in values if one is not None), None)
