"""Presentations (PPTX): a slide is a page, under its title; notes of its speaker come last."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pptx
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import CONTENT_TYPE
from pptx.presentation import Presentation
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape
from pptx.slide import Slide

from index.loading import archives, properties, slide_text
from index.loading.canonical import Writer
from index.loading.loader import Content, ConventionsOf
from index.loading.slide_graphics import write_chart, write_diagram, write_table
from index.records import BlockKind

_WHAT = "a presentation"
_TYPE = CONTENT_TYPE.PML_PRESENTATION_MAIN.encode()
_EMU = 12_700
"""To a point."""
_WIDTH, _HEIGHT = 9_144_000, 6_858_000
_TITLES = frozenset(
    {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE}
)
_FURNITURE = frozenset(
    {
        PP_PLACEHOLDER.DATE,
        PP_PLACEHOLDER.FOOTER,
        PP_PLACEHOLDER.HEADER,
        PP_PLACEHOLDER.SLIDE_NUMBER,
    }
)
_LISTS = frozenset(
    {
        PP_PLACEHOLDER.BODY,
        PP_PLACEHOLDER.OBJECT,
        PP_PLACEHOLDER.VERTICAL_BODY,
        PP_PLACEHOLDER.VERTICAL_OBJECT,
    }
)
"""Places whose paragraphs are items, unless they say otherwise."""


class SlidesLoader:
    """Reads presentations."""

    name = "pptx"
    version = "1"
    suffixes = frozenset({".pptx", ".pptm", ".ppsx"})

    def recognises(self, data: bytes, suffix: str) -> bool:
        """By its parts; where they cannot be seen, by the ending."""
        return (archives.kind_of(data) or suffix) in ("pptx", *self.suffixes)

    def load(self, data: bytes, conventions_of: ConventionsOf) -> Content:
        """Read a presentation. Raises ``UnreadableDocument``."""
        with archives.opened(data, _WHAT) as archive:
            archives.check_open_xml(archive)
            shown = pptx.Presentation(BytesIO(archives.as_usual(data, archive, _TYPE)))
            writer = Writer()
            notices = _write(shown, writer)
            said = shown.core_properties.title
            return writer.content(conventions_of, properties.titled(said), notices)


def _write(shown: Presentation, writer: Writer) -> list[str]:
    """Write each slide; gives notices of what is not read."""
    first = shown.element.get("firstSlideNum", "1")
    number = int(first) if first.isdecimal() and len(first) < 6 else 1
    width = (shown.slide_width or _WIDTH) / _EMU
    height = (shown.slide_height or _HEIGHT) / _EMU
    slides = list(shown.slides)
    below = bool(slides) and any(
        _placeholder(shape) is PP_PLACEHOLDER.CENTER_TITLE for shape in slides[0].shapes
    )
    notices = []
    for place, slide in enumerate(slides):
        label = str(number + place)
        writer.open_page(width, height, label)
        if slide.element.get("show") in ("0", "false"):
            notices.append(f"slide {label} is hidden and is not read")
            continue
        _write_slide(slide, writer, 2 if below and place else 1)
    return notices


def _write_slide(slide: Slide, writer: Writer, level: int) -> None:
    shapes = [shape for shape in _shapes(slide) if not _is_hidden(shape)]
    shapes.sort(key=lambda shape: _placeholder(shape) not in _TITLES)
    for shape in shapes:
        kind = _placeholder(shape)
        if kind in _TITLES:
            writer.add(BlockKind.HEADING, slide_text.line(shape), level)
        elif kind in _FURNITURE:
            writer.add(BlockKind.CHROME, slide_text.line(shape))
        elif isinstance(shape, GraphicFrame):
            _write_graphic(shape, writer)
        else:
            slide_text.write(shape, writer, listed=kind in _LISTS)
    if slide.has_notes_slide:
        for shape in slide.notes_slide.shapes:
            if _placeholder(shape) is PP_PLACEHOLDER.BODY:
                slide_text.write(shape, writer, listed=False)


def _write_graphic(frame: GraphicFrame, writer: Writer) -> None:
    if frame.has_table:
        write_table(frame.table, writer)
    elif frame.has_chart:
        write_chart(frame, writer)
    else:
        write_diagram(frame, writer)


def _shapes(slide: Slide) -> Iterator[BaseShape]:
    """The shapes of a slide in the order in which they are read, those of groups too."""
    stack: list[BaseShape] = list(slide.shapes)[::-1]
    while stack:
        shape = stack.pop()
        if isinstance(shape, GroupShape):
            if not _is_hidden(shape):
                stack += list(shape.shapes)[::-1]
        else:
            yield shape


def _placeholder(shape: BaseShape) -> PP_PLACEHOLDER | None:
    return shape.placeholder_format.type if shape.is_placeholder else None


def _is_hidden(shape: BaseShape) -> bool:
    said = shape.element.xpath("./*[1]/p:cNvPr/@hidden")
    return bool(said) and said[0] in ("1", "true")
