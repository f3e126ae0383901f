"""Walks through a tree of HTML and writes what its reader sees: all of it, and nothing of scripts,
styles, templates, comments and what is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from index.loading import marks
from index.loading.canonical import BULLET, Writer, raised
from index.loading.markup_tables import is_data, rows
from index.loading.trees import tag
from index.records import BlockKind

UNSEEN = frozenset(
    "head script style template noscript iframe object embed applet audio video canvas svg map "
    "datalist param source track frameset".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main "
    "menu nav ol optgroup option p pre search section summary table tbody td tfoot th thead tr "
    "ul button select textarea".split()
)
_CHROME = frozenset("nav aside search button select textarea".split())
_CHROME_ROLES = frozenset("navigation banner contentinfo complementary search menu menubar".split())
_SECTIONS = frozenset("article section main".split())
_SECTION_ROLES = frozenset("article region main".split())
_NOTE = re.compile(
    r"(?i)(?:^|\s)(?:(?:doc-)?(?:foot|end|rear)notes?|mso(?:foot|end)notetext|references)(?:\s|$)"
)
_SAYS_WHAT_IT_IS = ("role", "class", "epub:type", "{http://www.idpf.org/2007/ops}type")
_HIDDEN_STYLE = re.compile(r"(?i)(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b")
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_HEADING = re.compile(r"h([1-6])$")


def is_hidden(element: etree._Element) -> bool:
    """Whether a reader sees nothing of an element."""
    name = tag(element)
    if name in UNSEEN or name == "" or element.get("hidden") is not None:
        return True
    if name == "dialog" and element.get("open") is None:
        return True
    return _HIDDEN_STYLE.search(element.get("style", "")) is not None


@dataclass(slots=True)
class _List:
    """A list that is being read."""

    kind: str
    """That of its numbers, as HTML has it; "" for bullets."""
    number: int
    step: int = 1


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the tree the walk is."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 1
    fixed: bool = False
    """Nothing within changes the kind: navigation, footnotes."""
    sectioned: bool = False
    """Within a section, whose header is its own and not that of the page."""
    preformatted: bool = False
    listed: _List | None = None


@dataclass(slots=True)
class _Walk:
    writer: Writer
    only_heading: etree._Element | None
    """The one main heading of the page, which is one in its header too."""
    places: list[_Place] = field(default_factory=lambda: [_Place()])
    parts: list[str] = field(default_factory=list)
    raised: list[int] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    mark: str = ""

    def enter(self, element: etree._Element) -> None:
        name, place = tag(element), self.places[-1]
        if name in _BLOCKS:
            self.flush()
            place = self._placed(element, name, place)
        elif name == "sup":
            self.raised.append(len(self.parts))
        elif name == "a":
            self.links.append(len(self.parts))
        self.places.append(place)
        if name == "br":
            self._break_line()
        elif name == "q":
            self.parts.append("“")
        self.say(element.text)

    def leave(self, element: etree._Element) -> None:
        name = tag(element)
        if name in _BLOCKS:
            self.flush()
            self.mark = "" if name == "li" else self.mark
        elif name == "sup":
            self._replace(self.raised.pop(), raised)
        elif name == "a":
            first = self.links.pop()
            if self.places[-1].kind in (BlockKind.HEADING, BlockKind.FOOTNOTE):
                self._replace(first, _said_of_link)
        elif name == "q":
            self.parts.append("”")
        self.places.pop()
        self.say(element.tail)

    def say(self, text: str | None) -> None:
        if text:
            self.parts.append(text if self.places[-1].preformatted else _BLANKS.sub(" ", text))

    def flush(self) -> None:
        """Write what has been said since the last block."""
        text = "".join(self.parts)
        self.parts.clear()
        self.raised, self.links = [0] * len(self.raised), [0] * len(self.links)
        if text.strip():
            place = self.places[-1]
            self.writer.add(place.kind, text, place.level, self.mark)
            self.mark = ""

    def _placed(self, element: etree._Element, name: str, place: _Place) -> _Place:
        place = self._furnished(element, name, place)
        if name in _SECTIONS or element.get("role", "").lower() in _SECTION_ROLES:
            place = replace(place, sectioned=True)
        if name == "pre":
            place = replace(place, preformatted=True)
        if name in ("ol", "ul", "menu", "dir"):
            return replace(place, listed=_list_of(element, name))
        if name == "li":
            self.mark = self._item_mark(element, place)
            place = replace(place, kind=place.kind if place.fixed else BlockKind.ITEM)
        heading = _heading_level(element, name)
        if heading and (not place.fixed or element is self.only_heading):
            return replace(place, kind=BlockKind.HEADING, level=heading)
        if name in ("caption", "figcaption") and not place.fixed:
            return replace(place, kind=BlockKind.CAPTION)
        return place

    def _furnished(self, element: etree._Element, name: str, place: _Place) -> _Place:
        """``place`` where ``element`` holds notes, or what is around the text of the page."""
        said = " ".join(element.get(one, "") for one in _SAYS_WHAT_IT_IS)
        if _NOTE.search(said):
            return replace(place, kind=BlockKind.FOOTNOTE, fixed=True)
        of_page = name in ("header", "footer") and not place.sectioned
        if name in _CHROME or of_page or element.get("role", "").lower() in _CHROME_ROLES:
            return replace(place, kind=BlockKind.CHROME, fixed=True)
        return place

    def _item_mark(self, element: etree._Element, place: _Place) -> str:
        listed = place.listed
        if listed is None or not listed.kind:
            return "" if place.fixed else BULLET
        value = element.get("value", "")
        if re.fullmatch(r"-?\d{1,6}", value):
            listed.number = int(value)
        number = listed.number
        listed.number += listed.step
        shown = marks.numeral(number, _NUMBERS.get(listed.kind, "decimal"))
        return shown if place.kind is BlockKind.FOOTNOTE else f"{shown}."

    def _break_line(self) -> None:
        said = "".join(self.parts[-3:]).rstrip(" \xa0")
        if said.endswith("\n"):
            self.flush()
        else:
            self.parts.append("\n")

    def _replace(self, first: int, change: Callable[[str], str]) -> None:
        said = "".join(self.parts[first:])
        self.parts[first:] = [change(said)]


_NUMBERS = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
}


def walk(root: etree._Element, writer: Writer) -> None:
    """Write what a reader sees of ``root`` into ``writer``."""
    headings = [one for one in root.iter() if tag(one) == "h1" and not is_hidden(one)]
    state = _Walk(writer, headings[0] if len(headings) == 1 else None)
    for event, element, walker in _events(root):
        if event == "end":
            if is_hidden(element):
                state.say(element.tail)
            else:
                state.leave(element)
        elif is_hidden(element):
            walker.skip_subtree()
        elif tag(element) == "table" and is_data(element) and not state.places[-1].fixed:
            state.enter(element)
            state.flush()
            _write_table(element, writer)
            walker.skip_subtree()
        else:
            state.enter(element)
    state.flush()


def _events(root: etree._Element) -> Iterator[tuple[str, etree._Element, etree.iterwalk]]:
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        yield event, element, walker


def _write_table(table: etree._Element, writer: Writer) -> None:
    caption = next((one for one in table if tag(one) == "caption"), None)
    said = "" if caption is None or is_hidden(caption) else text_of(caption)
    if said:
        writer.add(BlockKind.CAPTION, said)
    first = True
    for row in rows(table, text_of):
        writer.row(row.cells, row.heads, said, first)
        first = False


def text_of(element: etree._Element) -> str:
    """What a reader sees of an element, as one text."""
    writer = Writer()
    state = _Walk(writer, None)
    for event, one, walker in _events(element):
        if event == "start" and is_hidden(one):
            walker.skip_subtree()
        elif event == "start":
            state.enter(one)
        elif is_hidden(one):
            state.say(one.tail)
        elif one is not element:
            state.leave(one)
    state.flush()
    return writer.line()


def _said_of_link(text: str) -> str:
    """What a link says; nothing where it is only a sign to click on, as headings have ("¶")."""
    return text if any(map(str.isalnum, text)) else ""


def _list_of(element: etree._Element, name: str) -> _List:
    if name != "ol":
        return _List("", 0)
    start = element.get("start", "")
    backwards = element.get("reversed") is not None
    items = sum(tag(one) == "li" for one in element)
    first = int(start) if re.fullmatch(r"-?\d{1,6}", start) else items if backwards else 1
    return _List(element.get("type", "1") or "1", first, -1 if backwards else 1)


def _heading_level(element: etree._Element, name: str) -> int:
    match = _HEADING.match(name)
    if match:
        return int(match[1])
    if element.get("role", "").lower() != "heading":
        return 0
    level = element.get("aria-level", "2")
    return int(level) if re.fullmatch(r"[1-9]", level) else 2
