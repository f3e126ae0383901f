"""Presentations: slides are pages, under their titles, with marks, tables and charts."""

from __future__ import annotations

import io
from collections.abc import Callable
from copy import deepcopy

import pptx
import pytest
from contents import outline, read, said, table
from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.constants import CONTENT_TYPE
from pptx.presentation import Presentation
from pptx.util import Inches
from test_loading_word import changed

from index.errors import UnreadableDocument
from index.loading import loader_of
from index.records import BlockKind

BOX = (Inches(1), Inches(1), Inches(4), Inches(2))
A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def saved(shown: Presentation) -> bytes:
    file = io.BytesIO()
    shown.save(file)
    return file.getvalue()


def slide(shown: Presentation, title: str, lines: list[str], layout: int = 1):
    made = shown.slides.add_slide(shown.slide_layouts[layout])
    made.shapes.title.text = title
    made.placeholders[1].text = "\n".join(lines)
    return made


def of(write: Callable[[Presentation], None]):
    shown = pptx.Presentation()
    write(shown)
    return read(saved(shown), ".pptx")


def test_a_slide_is_a_page_under_its_title():
    def write(shown):
        slide(shown, "The Plan", ["Peru, 2024"], layout=0)
        slide(shown, "Aims", ["money", "time"])

    content = of(write)
    assert outline(content) == [(1, "The Plan"), (2, "Aims")]
    assert said(content) == ["The Plan", "Peru, 2024", "Aims", "• money", "• time"]
    assert [page.label for page in content.pages] == ["1", "2"]
    assert (content.pages[0].width, content.pages[0].height) == (720, 540)
    second = content.pages[1]
    assert content.text[second.start : second.end] == "Aims\n\n• money\n\n• time"


def test_numbers_begin_where_the_presentation_says():
    def write(shown):
        shown.element.set("firstSlideNum", "7")
        slide(shown, "Aims", [])

    assert [page.label for page in of(write).pages] == ["7"]


def test_the_title_comes_first_wherever_it_lies():
    def write(shown):
        made = slide(shown, "Aims", ["money"])
        title = made.shapes.title._element
        title.getparent().append(title)

    assert said(of(write)) == ["Aims", "• money"]


def test_boxes_groups_and_lines_are_read_in_order():
    def write(shown):
        made = slide(shown, "Aims", [])
        made.shapes.add_textbox(*BOX).text_frame.text = "one\vline"
        group = made.shapes.add_group_shape()
        group.shapes.add_textbox(*BOX).text_frame.text = "two"
        group.shapes.add_group_shape().shapes.add_textbox(*BOX).text_frame.text = "three"

    content = of(write)
    assert said(content) == ["Aims", "one\nline", "two", "three"]
    assert said(content, BlockKind.PARAGRAPH) == ["one\nline", "two", "three"]


def test_items_have_the_marks_that_are_shown():
    def write(shown):
        made = slide(shown, "Aims", list("abcdef"))
        marks = ["alphaLcParenBoth", "alphaLcParenBoth", "", "alphaLcParenBoth", "none", "other"]
        for paragraph, mark in zip(made.placeholders[1].text_frame.paragraphs, marks, strict=True):
            properties = paragraph._p.get_or_add_pPr()
            if mark == "none":
                etree.SubElement(properties, f"{{{A}}}buNone")
            elif mark:
                etree.SubElement(properties, f"{{{A}}}buAutoNum", type=mark, startAt="3")

    assert said(of(write)) == ["Aims", "(c) a", "(d) b", "• c", "(c) d", "e", "• f"]


def test_raised_numbers_are_not_read_as_part_of_a_word():
    def write(shown):
        made = slide(shown, "Aims", ["treasurer"])
        run = made.placeholders[1].text_frame.paragraphs[0].add_run()
        run.text = "2"
        run._r.get_or_add_rPr().set("baseline", "30000")

    assert said(of(write))[1] == "• treasurer²"


def test_tables_have_their_heads():
    def write(shown):
        made = slide(shown, "Ranks", [])
        grid = made.shapes.add_table(3, 3, *BOX).table
        for row, texts in enumerate([["State", "Rank", ""], ["Peru", "1", "2"], ["", "3", "4"]]):
            for column, text in enumerate(texts):
                grid.cell(row, column).text = text
        grid.cell(0, 1).merge(grid.cell(0, 2))
        grid.cell(1, 0).merge(grid.cell(2, 0))

    content = of(write)
    rows = [block for block in content.blocks if block.heads]
    assert said(content, BlockKind.ROW) == ["State | Rank", "Peru | 1 | 2", "Peru | 3 | 4"]
    assert rows[1].heads == ("State", "Rank", "Rank")


def test_charts_are_read_as_tables():
    def write(shown):
        made = slide(shown, "Trade", [])
        data = CategoryChartData()
        data.categories = ["2022", "2024"]
        data.add_series("Exports", (1.5, 2))
        data.add_series("Imports", (3, None))
        frame = made.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *BOX, data)
        frame.chart.has_title = True
        frame.chart.chart_title.text_frame.text = "Trade of Peru"

    content = of(write)
    assert said(content, BlockKind.CAPTION) == ["Trade of Peru"]
    assert table(content) == [
        {"": "2022", "Exports": "1.5", "Imports": "3"},
        {"": "2024", "Exports": "2"},
    ]


def test_notes_stand_on_the_page_of_their_slide():
    def write(shown):
        made = slide(shown, "Aims", ["money"])
        made.notes_slide.notes_text_frame.text = "Say more."
        slide(shown, "Means", [])

    content = of(write)
    assert said(content) == ["Aims", "• money", "Say more.", "Means"]
    assert content.text[: content.pages[0].end].endswith("Say more.")


def test_furniture_of_slides_is_told_from_text():
    def write(shown):
        made = slide(shown, "Aims", [])
        for placeholder in shown.slide_layouts[1].placeholders:
            if placeholder.placeholder_format.idx in (10, 11, 12):
                element = deepcopy(placeholder._element)
                made.shapes._spTree.append(element)
        for shape in made.placeholders:
            if shape.placeholder_format.idx == 11:
                shape.text = "Confidential"

    content = of(write)
    assert said(content) == ["Aims"]
    assert "Confidential" in said(content, BlockKind.CHROME)


def test_hidden_slides_are_named_and_not_read_and_keep_their_number():
    def write(shown):
        slide(shown, "Shown", [])
        slide(shown, "secret", []).element.set("show", "0")
        made = slide(shown, "Last", [])
        box = made.shapes.add_textbox(*BOX)
        box.text_frame.text = "secret"
        box._element.nvSpPr.cNvPr.set("hidden", "1")

    content = of(write)
    assert said(content) == ["Shown", "Last"]
    assert content.notices == ("slide 2 is hidden and is not read",)
    assert [page.label for page in content.pages] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("title", "shown"), [("PowerPoint Presentation", ""), ("A Plan", "A Plan")]
)
def test_the_title_is_told_where_it_means_something(title: str, shown: str):
    def write(made):
        slide(made, "Aims", [])
        made.core_properties.title = title

    assert of(write).metadata.title == shown


def renamed(usual: str, other: str) -> Callable[[bytes], bytes]:
    return lambda old: old.replace(usual.encode(), other.encode())


def test_a_show_and_a_file_with_macros_are_presentations():
    shown = pptx.Presentation()
    slide(shown, "Aims", [])
    usual = CONTENT_TYPE.PML_PRESENTATION_MAIN
    for other in (CONTENT_TYPE.PML_SLIDESHOW_MAIN, CONTENT_TYPE.PML_PRES_MACRO_MAIN):
        types = renamed(usual, other)
        data = changed(saved(shown), {"[Content_Types].xml": types})
        assert said(read(data, ".ppsx")) == ["Aims"]


def test_damaged_presentations_say_so():
    shown = pptx.Presentation()
    slide(shown, "Aims", [])
    data = saved(shown)
    assert loader_of(data, ".docx").name == "pptx"
    for bad in (
        data[: len(data) // 2],
        changed(data, {"ppt/slides/slide1.xml": b"<p:sld"}),
        changed(data, {"ppt/presentation.xml": b"<x/>"}),
    ):
        with pytest.raises(UnreadableDocument, match="is damaged"):
            read(bad, ".pptx")


def test_a_chart_that_claims_endless_points_is_read():
    shown = pptx.Presentation()
    made = slide(shown, "Trade", [])
    data = CategoryChartData()
    data.categories = ["2022"]
    data.add_series("Exports", (1.5,))
    made.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *BOX, data)
    whole = saved(shown)
    name = "ppt/charts/" + next(
        str(part.partname).rsplit("/", 1)[1]
        for part in shown.part.package.iter_parts()
        if "/charts/" in str(part.partname)
    )
    claim = changed(
        whole,
        {name: lambda old: old.replace(b'ptCount val="1"', b'ptCount val="2000000000"')},
    )
    assert claim != changed(whole, {})
    assert said(read(claim, ".pptx"), BlockKind.ROW) == ["2022 | 1.5"]
