"""Word documents: what a reader sees, marks and pages as printed, hostile files by their reason."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping

import docx
import pytest
from contents import outline, read, said, table, words
from docx.document import Document
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from index.errors import UnreadableDocument
from index.loading import archives, loader_of
from index.records import BlockKind

NS = nsdecls("w")
Change = Callable[[bytes], bytes]


def saved(document: Document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def changed(data: bytes, parts: Mapping[str, Change | bytes]) -> bytes:
    """An archive with some of its parts changed, or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for name in [*old.namelist(), *(set(parts) - set(old.namelist()))]:
            change = parts.get(name)
            content = old.read(name) if name in old.namelist() else b""
            if change is not None:
                content = change if isinstance(change, bytes) else change(content)
            new.writestr(name, content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def of_body(xml: str, document: Document | None = None) -> bytes:
    """A document with this XML in its body."""
    document = document or docx.Document()
    body = document.element.body
    for one in parse_xml(f"<w:body {NS}>{xml}</w:body>"):
        body.insert(len(body) - 1, one)
    return saved(document)


def p(runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


# What is seen


def test_paragraphs_headings_and_items_are_what_their_styles_say():
    document = docx.Document()
    document.add_heading("The Plan", 0)
    document.add_heading("Aims", 1)
    document.add_paragraph("It has\u00a0 aims.")
    document.add_heading("Means", 2)
    document.add_paragraph("", style="Normal")
    document.add_paragraph("money", style="List Bullet")
    content = read(saved(document), ".docx")
    assert outline(content) == [(1, "The Plan"), (2, "Aims"), (3, "Means")]
    assert said(content) == ["The Plan", "Aims", "It has aims.", "Means", "• money"]
    assert content.pages == ()


@pytest.mark.parametrize(
    "unseen",
    [
        r("secret", "<w:vanish/>"),
        f"<w:del>{r('secret')}</w:del>",
        f"<w:moveFrom>{r('secret')}</w:moveFrom>",
        "<w:r><w:delText>secret</w:delText></w:r>",
        "<w:r><w:instrText>secret</w:instrText></w:r>",
    ],
)
def test_what_a_reader_does_not_see_is_not_read(unseen: str):
    assert read(of_body(p(r("one ") + unseen + r("two"))), ".docx").text == "one two"


def test_what_is_wrapped_is_read_once():
    link = f"<w:hyperlink>{r('link')}</w:hyperlink>"
    inserted = f"<w:ins>{r(' new')}</w:ins>"
    wrapped = f"<w:sdt><w:sdtContent>{p(r('inner'))}</w:sdtContent></w:sdt>"
    content = read(of_body(p(link + inserted) + wrapped), ".docx")
    assert said(content) == ["link new", "inner"]


def test_signs_in_runs_are_read_as_printed():
    runs = (
        "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>co</w:t><w:softHyphen/><w:t>op</w:t>"
        "<w:noBreakHyphen/><w:t>x</w:t></w:r>"
    )
    raised = r("3", '<w:vertAlign w:val="superscript"/>')
    assert read(of_body(p(runs + raised)), ".docx").text == "a b\ncoop-x³"


def test_text_boxes_are_read_after_the_paragraph_that_they_hang_on():
    box = f"<w:pict><w:txbxContent>{p(r('boxed'))}</w:txbxContent></w:pict>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    both = (
        f"<w:r><mc:AlternateContent {mc}><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert said(read(of_body(p(r("text") + both)), ".docx")) == ["text", "boxed"]


def test_running_heads_and_feet_and_contents_are_furniture():
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "Running head"
    section.footer.paragraphs[0].text = "Page 3"
    document.add_paragraph("Text.")
    styles = document.styles
    styles.add_style("toc 1", 1)
    document.add_paragraph("Aims\t3", style="toc 1")
    content = read(saved(document), ".docx")
    assert said(content) == ["Text."]
    assert said(content, BlockKind.CHROME) == ["Running head", "Aims 3", "Page 3"]


def test_bold_lines_are_headings_where_no_style_makes_any():
    lines = p(r("Annex", "<w:b/>"), '<w:jc w:val="center"/>') + p(r("Aims", "<w:b/>"))
    text = p(r("It has ") + r("bold", "<w:b/>") + r(" words")) + p(
        r("All of it is bold.", "<w:b/>")
    )
    assert outline(read(of_body(lines + text), ".docx")) == [(1, "Annex"), (2, "Aims")]
    styled = docx.Document()
    styled.add_heading("Real", 1)
    assert outline(read(of_body(lines, styled), ".docx")) == [(1, "Real")]


# Lists

NUMBERING = f"""<w:numbering {NS}>
<w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl>
<w:lvl w:ilvl="2"><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%1.%3"/></w:lvl>
<w:lvl w:ilvl="3"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl>
<w:lvl w:ilvl="4"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%5"/></w:lvl>
<w:lvl w:ilvl="5"><w:numFmt w:val="none"/><w:lvlText w:val=""/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="7"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="99"/></w:num>
</w:numbering>""".encode()


def item(list_id: int, level: int = 0, text: str = "x") -> str:
    return p(r(text), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def numbered(xml: str):
    return read(changed(of_body(xml), {"word/numbering.xml": NUMBERING}), ".docx")


def marks(content) -> list[str]:
    return [block.mark for block in content.blocks]


def test_items_have_the_marks_that_word_prints():
    levels = [0, 0, 1, 1, 2, 0, 1, 3, 4]
    content = numbered("".join(item(1, level) for level in levels))
    assert marks(content) == ["1.", "2.", "(a)", "(b)", "2.i", "3.", "(a)", "•", "•"]
    assert {block.kind for block in content.blocks} == {BlockKind.ITEM}


def test_a_list_goes_on_after_text_and_starts_where_it_says():
    content = numbered(item(1) + p(r("between")) + item(1) + item(2) + item(2) + item(1))
    assert marks(content) == ["1.", "", "2.", "5.", "6.", "7."]


def test_a_paragraph_taken_out_of_its_list_or_without_a_mark_is_a_paragraph():
    content = numbered(item(0) + item(1, 5) + item(3) + item(77))
    assert {block.kind for block in content.blocks} == {BlockKind.PARAGRAPH}


def test_numbers_of_headings_stand_before_them():
    xml = p(
        r("Aims"),
        '<w:pStyle w:val="Heading1"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>',
    )
    (heading,) = numbered(xml).blocks
    assert (heading.kind, heading.mark) == (BlockKind.HEADING, "1.")


# Notes

NOTES = f"""<w:footnotes {NS}><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>
<w:footnote w:id="5">{p("<w:r><w:footnoteRef/></w:r>" + r(" See A/80/1."))}</w:footnote>
<w:footnote w:id="2">{p(r("Ibid."))}</w:footnote></w:footnotes>""".encode()
RELATION = (
    b'<Relationship Id="rIdF" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships/footnotes" Target="footnotes.xml"/></Relationships>'
)
TYPE = (
    b'<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-'
    b'officedocument.wordprocessingml.footnotes+xml"/></Types>'
)


def with_notes(xml: str) -> bytes:
    return changed(
        of_body(xml),
        {
            "word/footnotes.xml": NOTES,
            "word/_rels/document.xml.rels": lambda old: old.replace(b"</Relationships>", RELATION),
            "[Content_Types].xml": lambda old: old.replace(b"</Types>", TYPE),
        },
    )


def test_notes_stand_after_their_paragraph_with_the_marks_that_lead_to_them():
    mark = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    xml = p(r("First") + mark.format(5) + r(" goes on.") + mark.format(2)) + p(r("Second."))
    content = read(with_notes(xml), ".docx")
    assert said(content) == ["First¹ goes on.²", "1 See A/80/1.", "2 Ibid.", "Second."]
    assert [one.mark for one in content.blocks if one.kind is BlockKind.FOOTNOTE] == ["1", "2"]


# Tables


def grid(document: Document, rows: list[list[str]]):
    made = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(made.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return made


def test_rows_have_their_heads_and_the_caption_above():
    document = docx.Document()
    document.add_paragraph("Table 1: ranks", style="Caption")
    grid(document, [["State", "2022", "2024"], ["Peru", "5", "4"], ["Chad", "", "7"]])
    content = read(saved(document), ".docx")
    assert table(content) == [
        {"State": "Peru", "2022": "5", "2024": "4"},
        {"State": "Chad", "2024": "7"},
    ]
    assert {one.caption for one in content.blocks if one.cells} == {"Table 1: ranks"}
    assert "\nPeru | 5 | 4\nChad | 7" in content.text


def test_merged_cells_stand_in_every_row_that_they_span():
    document = docx.Document()
    made = grid(document, [["Name", "Year", "Sum"], ["Peru", "2022", "1"], ["", "2024", "2"]])
    made.cell(1, 0).merge(made.cell(2, 0))
    assert table(read(saved(document), ".docx")) == [
        {"Name": "Peru", "Year": "2022", "Sum": "1"},
        {"Name": "Peru", "Year": "2024", "Sum": "2"},
    ]


def test_a_form_of_words_has_no_heads():
    document = docx.Document()
    grid(document, [["Name", "A. Person"], ["Place", "Lima"]])
    assert not table(read(saved(document), ".docx"))


def test_a_table_that_lays_out_a_page_is_none():
    document = docx.Document()
    made = grid(document, [["", "side"]])
    made.cell(0, 0).paragraphs[0].text = "First."
    made.cell(0, 0).add_paragraph("Part", style="Heading 1")
    content = read(saved(document), ".docx")
    assert said(content) == ["First.", "Part", "side"]


# Pages


def test_pages_are_those_that_breaks_record():
    broken = "<w:r><w:lastRenderedPageBreak/><w:t>{}</w:t></w:r>"
    xml = (
        p(r("One begins ") + broken.format("and ends on two."))
        + p(r("Two."))
        + p(broken.format("Three."))
    )
    content = read(of_body(xml), ".docx")
    shown = [content.text[page.start : page.end].split("\n\n") for page in content.pages]
    assert shown == [["One begins and ends on two."], ["Two."], ["Three."]]
    assert (content.pages[0].width, content.pages[0].height) == (612, 792)


def test_breaks_that_were_asked_for_part_pages_where_none_is_recorded():
    document = docx.Document()
    document.add_paragraph("One.").add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("Two.")
    document.add_paragraph("Three.").paragraph_format.page_break_before = True
    content = read(saved(document), ".docx")
    assert [content.text[one.start : one.end] for one in content.pages] == [
        "One.",
        "Two.",
        "Three.",
    ]


def test_no_pages_are_told_where_some_breaks_are_not_recorded():
    document = docx.Document()
    document.add_paragraph("One.").add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("Two or three.")
    pages = {"docProps/app.xml": lambda old: re.sub(rb"<Pages>\d+", b"<Pages>9", old)}
    assert read(changed(saved(document), pages), ".docx").pages == ()


def test_no_pages_are_told_where_more_stands_between_breaks_than_a_page_holds():
    document = docx.Document()
    document.add_paragraph("word " * 2000).add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("Last.")
    assert read(saved(document), ".docx").pages == ()


# What a document says of itself


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("The  Plan of Action", "The Plan of Action"),
        ("Microsoft Word - Document1", ""),
        ("a.docx", ""),
    ],
)
def test_the_title_is_told_where_it_means_something(title: str, shown: str):
    document = docx.Document()
    document.add_paragraph("Text.")
    document.core_properties.title = title
    assert read(saved(document), ".docx").metadata.title == shown


# What kind of file it is, and hostile ones


def test_a_document_is_known_by_its_content():
    data = of_body(p(r("Text.")))
    assert loader_of(data, ".txt").name == "docx"
    assert loader_of(data, ".pptx").name == "docx"
    assert loader_of(data, ".html").name == "docx"


def reason(data: bytes, suffix: str = ".docx") -> str:
    with pytest.raises(UnreadableDocument) as error:
        read(data, suffix)
    return str(error.value)


def test_files_that_are_no_document_say_what_is_wrong():
    whole = of_body(p(r("Text.")))
    assert reason(b"") == "is empty"
    assert reason(whole[: len(whole) // 2]).startswith("is damaged or cut off")
    assert "as its name says, but a web page" in reason(b"<!DOCTYPE html><p>404")
    assert "as its name says, but something else" in reason(b"plain text")
    assert "is damaged" in reason(changed(whole, {"word/document.xml": b"<w:document"}))
    assert "is damaged" in reason(changed(whole, {"[Content_Types].xml": b"<Types/>"}))


@pytest.mark.parametrize(
    ("stream", "told"),
    [
        ("EncryptedPackage", "is protected by a password"),
        ("WordDocument", "is of an old Office format; save it as .docx"),
        ("Workbook", "is of an old Office format; save it as .xlsx"),
        ("PowerPoint Document", "is of an old Office format; save it as .pptx"),
        ("__properties_version1.0", "is a message of Outlook; save it as .eml"),
        ("Other", "is of an old Office format; save it in a newer one"),
    ],
)
@pytest.mark.parametrize("suffix", [".docx", ".doc", ".txt"])
def test_files_in_the_old_container_say_what_they_are(stream: str, told: str, suffix: str):
    data = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + stream.encode("utf-16-le") + b"\0" * 99
    )
    assert reason(data, suffix) == told


def test_a_bomb_is_not_unpacked():
    bomb = {"word/media/image1.png": b"\0" * (archives._SMALL + 2**20)}
    assert "bomb" in reason(changed(of_body(p(r("x"))), bomb))


def test_an_archive_of_too_many_or_too_large_files_is_not_opened(monkeypatch):
    data = of_body(p(r("x")))
    monkeypatch.setattr(archives, "MAX_BYTES", 1000)
    assert "over the limit" in reason(data)
    monkeypatch.setattr(archives, "MAX_ENTRIES", 3)
    assert "holds more than 3 files" in reason(data)


def test_entities_are_not_expanded():
    bomb = b"<!DOCTYPE w [<!ENTITY a 'boom'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY f SYSTEM 'file:///etc/passwd'>]>"

    def plant(old: bytes) -> bytes:
        head, body = old.split(b"?>", 1)
        return head + b"?>" + bomb + body.replace(b"planted", b"x&b;&f;y")

    data = changed(of_body(p(r("planted"))), {"word/document.xml": plant})
    try:
        text = read(data, ".docx").text
    except UnreadableDocument:
        return
    assert "boom" not in text
    assert "root:" not in text


def test_xml_nested_without_end_is_said_to_be_damaged():
    deep = b"<w:sdt><w:sdtContent>" * 3000
    data = of_body(p(r("x")))
    data = changed(
        data, {"word/document.xml": lambda old: old.replace(b"<w:body>", b"<w:body>" + deep)}
    )
    assert "is damaged" in reason(data)


def test_styles_that_are_based_on_each_other_are_read():
    document = docx.Document()
    for name, base in (("One", "Two"), ("Two", "One")):
        style = parse_xml(
            f'<w:style {NS} w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/>'
            f'<w:basedOn w:val="{base}"/></w:style>'
        )
        document.styles.element.append(style)
    content = read(of_body(p(r("Text."), '<w:pStyle w:val="One"/>'), document), ".docx")
    assert words(content, content.blocks[0]) == "Text."
