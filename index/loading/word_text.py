"""What a paragraph of Word says to its reader, and where pages break in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from index.loading.canonical import raised
from index.loading.marks import numeral
from index.loading.word_styles import Style, W, is_on, value

_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_UNSEEN = frozenset(
    f"{W}{one}"
    for one in "del moveFrom rPr pPr rt instrText delText sdtPr sdtEndPr tblPr tcPr trPr".split()
)
_SIGNS = {f"{W}tab": "\t", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": "\t"}
_DRAWINGS = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})
_NOTES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}


@dataclass(slots=True)
class Notes:
    """Numbers the notes of a document, as its text comes to them."""

    forms: dict[str, str] = field(
        default_factory=lambda: {"footnote": "decimal", "endnote": "lowerRoman"}
    )
    numbers: dict[tuple[str, str], str] = field(default_factory=dict)
    """The mark of each note, by its kind and identifier."""

    def mark(self, kind: str, identifier: str) -> str:
        """The mark that leads to a note."""
        if (kind, identifier) not in self.numbers:
            count = sum(one == kind for one, _ in self.numbers) + 1
            self.numbers[kind, identifier] = numeral(count, self.forms[kind])
        return self.numbers[kind, identifier]


@dataclass(slots=True)
class Said:
    """A paragraph as it is read."""

    text: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    """Kind and identifier of the notes that it leads to."""
    boxes: list[etree._Element] = field(default_factory=list)
    """Text boxes that hang on it."""
    breaks: list[tuple[bool, bool]] = field(default_factory=list)
    """For each page that breaks off: whether the software recorded it as it laid out the document
    (else its writer asked for it), and whether nothing of the paragraph stands before it."""
    strong: bool = False
    """Whether all of it is bold."""


def read(paragraph: etree._Element, style: Style, notes: Notes) -> Said:
    """What a paragraph says."""
    said = Said()
    parts: list[str] = []
    bold: list[bool] = []
    if is_on(paragraph, "pPr/pageBreakBefore"):
        said.breaks.append((False, True))
    for run, one in _seen(paragraph):
        text = _text(one, said, notes, bool("".join(parts).strip()))
        if text.strip():
            own = None if run is None else is_on(run, "rPr/b")
            bold.append(style.bold if own is None else own)
        if run is not None and value(run, "rPr/vertAlign") == "superscript":
            text = raised(text)
        parts.append(text)
    said.text = "".join(parts)
    said.strong = bool(bold) and all(bold)
    return said


def _text(one: etree._Element, said: Said, notes: Notes, begun: bool) -> str:
    """What an element shows, in text; what else it does is kept in ``said``."""
    name = one.tag
    if name in (f"{W}t", _MATHS):
        return one.text or ""
    if name in _DRAWINGS:
        said.boxes += _boxes(one)
    elif name == f"{W}lastRenderedPageBreak":
        said.breaks.append((True, not begun))
    elif name == f"{W}br":
        if one.get(f"{W}type") != "page":
            return "\n"
        said.breaks.append((False, not begun))
    elif name in _NOTES:
        return _reference(one, _NOTES[str(name)], said, notes)
    return _SIGNS.get(str(name), "")


def _reference(one: etree._Element, kind: str, said: Said, notes: Notes) -> str:
    identifier = one.get(f"{W}id", "")
    said.notes.append((kind, identifier))
    if one.get(f"{W}customMarkFollows") in ("1", "true", "on"):
        notes.numbers.setdefault((kind, identifier), "*")
        return ""
    return raised(notes.mark(kind, identifier))


def _seen(paragraph: etree._Element) -> Iterator[tuple[etree._Element | None, etree._Element]]:
    """The elements of a paragraph that a reader sees, each with its run, if it has one."""
    stack: list[tuple[etree._Element | None, etree._Element]] = [(None, paragraph)]
    while stack:
        run, element = stack.pop()
        if not isinstance(element.tag, str) or element.tag in _UNSEEN:
            continue
        if element.tag == f"{W}r":
            if is_on(element, "rPr/vanish"):
                continue
            run = element
        yield run, element
        if element.tag not in _DRAWINGS:
            stack += [(run, child) for child in reversed(shown(element))]


def shown(element: etree._Element) -> list[etree._Element]:
    """The children of an element; of alternatives, the first."""
    alternatives = element.tag == f"{_COMPATIBLE}AlternateContent"
    return list(element)[:1] if alternatives else list(element)


def is_choice(element: etree._Element) -> bool:
    """Whether an element holds alternatives, or is one."""
    return isinstance(element.tag, str) and element.tag.startswith(_COMPATIBLE)


def _boxes(drawing: etree._Element) -> list[etree._Element]:
    """The outermost text boxes in a drawing, each once."""
    found: list[etree._Element] = []
    stack = [drawing]
    while stack:
        element = stack.pop()
        if element.tag == f"{W}txbxContent":
            found.append(element)
        else:
            stack += reversed(shown(element))
    return found
