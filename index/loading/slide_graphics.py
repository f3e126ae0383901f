"""Tables, charts and diagrams on slides."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree
from pptx.shapes.graphfrm import GraphicFrame
from pptx.table import Table

from index.loading import slide_text
from index.loading.canonical import Writer
from index.loading.slide_text import A
from index.loading.tables import Cell, headed, is_number
from index.loading.trees import of_xml
from index.records import BlockKind

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_LARGEST = 1e15


def write_table(table: Table, writer: Writer) -> None:
    """Write the rows of a table. A cell that spans rows stands in each of them."""
    grid: list[list[Cell]] = []
    for row in table._tbl.tr_lst:
        cells: list[Cell] = []
        for place, element in enumerate(row.tc_lst):
            text = " ".join(slide_text.text_of(one) for one in element.iter(f"{A}p"))
            cell = Cell(text, is_number(text))
            if element.vMerge and grid and place < len(grid[-1]):
                cell = grid[-1][place]
            elif element.hMerge and cells:
                cell = replace(cells[-1], spread=True)
            cells.append(cell)
        grid.append(cells)
    for number, line in enumerate(headed(grid, int(table.first_row))):
        writer.row(line.cells, line.heads, first=number == 0)


def write_chart(frame: GraphicFrame, writer: Writer) -> None:
    """Write what a chart shows: its title, and the value of each series at each category."""
    root = _part(frame, f"{_CHART}chart", f"{_RELATION}id")
    if root is None:
        return
    heading = root.find(f"{_CHART}chart/{_CHART}title")
    paragraphs = [] if heading is None else heading.iter(f"{A}p")
    title = " ".join(slide_text.text_of(one) for one in paragraphs)
    writer.add(BlockKind.CAPTION, title)
    series = list(root.iter(f"{_CHART}ser"))
    names = [" ".join(_points(one, "tx").values()) for one in series]
    values = [{**_points(one, "val"), **_points(one, "yVal")} for one in series]
    categories: dict[int, str] = {}
    for one in series:
        categories = {**_points(one, "cat"), **_points(one, "xVal"), **categories}
    places = sorted({place for one in (categories, *values) for place in one})
    for number, place in enumerate(places):
        cells = [categories.get(place, ""), *(one.get(place, "") for one in values)]
        writer.row(cells, ["", *names], title, first=number == 0)


def _points(series: etree._Element, name: str) -> dict[int, str]:
    """The values that a chart keeps of its data, by their places. Places are read one by one: what
    a chart says of their number is not believed."""
    found = {}
    for one in series.iterfind(f"{_CHART}{name}//{_CHART}pt"):
        place, text = one.get("idx", ""), one.findtext(f"{_CHART}v") or ""
        if place.isdecimal() and len(place) < 9:
            found[int(place)] = _printed(text)
    return found


def _part(frame: GraphicFrame, name: str, attribute: str) -> etree._Element | None:
    """The root of the part that holds what a frame shows; None where it has none."""
    for one in frame._element.iter(name):
        return of_xml(frame.part.related_part(one.get(attribute, "")).blob)
    return None


def write_diagram(frame: GraphicFrame, writer: Writer) -> None:
    """Write the texts of a diagram, which lie in a part of their own."""
    root = _part(frame, f"{_DIAGRAM}relIds", f"{_RELATION}dm")
    for point in [] if root is None else root.iter(f"{_DIAGRAM}t"):
        for paragraph in point.iter(f"{A}p"):
            writer.add(BlockKind.PARAGRAPH, slide_text.text_of(paragraph))


def _printed(text: str) -> str:
    """A value as people write it: 5.0 is 5."""
    try:
        value = float(text)
    except ValueError:
        return text
    return f"{value:.15g}" if abs(value) < _LARGEST else text
