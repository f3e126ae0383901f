"""HTML: what a reader sees is read, as what it is, and nothing else."""

from __future__ import annotations

import codecs

import pytest
from contents import outline, read, said, table

from index.errors import UnreadableDocument
from index.loading import loader_of
from index.records import BlockKind


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def html(body: str, head: str = ""):
    return read(page(body, head), ".html")


# What is seen


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>secret</script>",
        "<style>secret</style>",
        "<template><p>secret</p></template>",
        "<!-- secret -->",
        "<p hidden>secret</p>",
        "<div style='color:red; display: none'><p>secret</p></div>",
        "<span style='visibility:hidden'>secret</span>",
        "<noscript>secret</noscript>",
        "<dialog>secret</dialog>",
        "<svg><title>secret</title></svg>",
        "<iframe>secret</iframe>",
        "<img alt='secret'>",
    ],
)
def test_what_a_reader_does_not_see_is_not_read(unseen: str):
    content = html(f"<p>One {unseen}</p>{unseen}<p>two</p>")
    assert "secret" not in content.text
    assert " ".join(said(content)) == "One two"


def test_text_goes_on_behind_what_is_not_seen():
    assert said(html("<p>un<!-- x -->fair<script>1</script> play</p>")) == ["unfair play"]


def test_text_in_no_element_is_a_paragraph():
    assert said(html("loose <b>words</b><div>in a box</div>tail")) == [
        "loose words",
        "in a box",
        "tail",
    ]


def test_what_shows_nothing_goes_and_accents_are_composed():
    content = html("<p>coun\u00adter\u200b-terror&shy;ism caf\u0065\u0301\u00a0 \t here</p>")
    assert content.text == "counter-terrorism café here"


def test_joiners_of_persian_stay():
    assert html("<p>می\u200cخواهم</p>").text == "می\u200cخواهم"


def test_a_raised_number_is_not_read_as_part_of_the_word_before_it():
    content = html("<p>the treasurer<sup>2</sup>, 10<sup>6</sup>, the 5<sup>th</sup></p>")
    assert content.text == "the treasurer², 10⁶, the 5th"


def test_a_line_break_is_one_and_two_part_paragraphs():
    assert said(html("Street 1<br>Town<br><br>County")) == ["Street 1\nTown", "County"]


def test_lines_of_preformatted_text_stay():
    assert said(html("<pre>a\nb</pre>")) == ["a\nb"]


# What it is


def test_headings_have_their_levels_and_no_signs_to_click():
    content = html("<h1>One</h1><h3>Two <a href='#t'>¶</a></h3><p role=heading aria-level=2>Three")
    assert outline(content) == [(1, "One"), (3, "Two"), (2, "Three")]


def test_items_have_the_marks_that_a_reader_sees():
    content = html(
        "<ol start=3><li>c<li value=7>g<ol type=a><li>x<li>y</ol></ol>"
        "<ol type=I reversed><li>two<li>one</ol><ul><li>dot<li>(b) typed</ul>"
    )
    assert said(content, BlockKind.ITEM) == [
        "3. c",
        "7. g",
        "a. x",
        "b. y",
        "II. two",
        "I. one",
        "• dot",
        "(b) typed",
    ]


def test_a_mark_that_was_typed_makes_an_item():
    content = html("<p>12. The Council decides</p><p>(a) First;</p><p>2024 was long.</p>")
    assert said(content, BlockKind.ITEM) == ["12. The Council decides", "(a) First;"]
    assert content.text[content.blocks[0].start :].startswith("The Council")


def test_navigation_and_what_surrounds_a_page_is_furniture():
    content = html(
        "<header><a>Home</a></header><nav><ul><li>Menu</ul></nav><main><header><h1>Title</h1>"
        "</header><p>Text.</p><footer>By me</footer></main><aside>Related</aside>"
        "<div role=contentinfo>Address</div><footer>Imprint</footer>"
    )
    assert said(content) == ["Title", "Text.", "By me"]
    assert said(content, BlockKind.CHROME) == ["Home", "Menu", "Related", "Address", "Imprint"]


def test_the_header_of_a_section_is_its_own_by_role_too():
    content = html("<div role=main><header><h2>Part</h2>By me</header><p>Text.</p></div>")
    assert said(content) == ["Part", "By me", "Text."]


def test_the_only_main_heading_is_one_in_the_header_of_the_page_too():
    content = html("<header><a>Home</a><h1>Title</h1></header><p>Text.</p>")
    assert outline(content) == [(1, "Title")]


def test_notes_are_apart_with_their_marks():
    content = html(
        "<p>Text.<sup>1</sup></p><section class='footnotes'><ol><li><p>Said so. <a>↩</a></p></ol>"
        "</section><p class=MsoFootnoteText><sup>2</sup> Or so.</p>"
    )
    notes = [block for block in content.blocks if block.kind is BlockKind.FOOTNOTE]
    assert said(content, BlockKind.FOOTNOTE) == ["1 Said so.", "2 Or so."]
    assert [note.mark for note in notes] == ["1", "2"]


def test_captions_of_figures_are_captions():
    assert said(html("<figure><img><figcaption>A map"), BlockKind.CAPTION) == ["A map"]


# Tables


def test_rows_have_their_heads_and_the_caption():
    content = html(
        "<table><caption>Table 1: ranks</caption><thead><tr><th rowspan=2>State<th colspan=2>Rank"
        "<tr><th>2022<th>2024</thead><tbody><tr><th>Netherlands<td>5<td>4"
        "<tr><td>Peru<td><td>9</table>"
    )
    assert table(content) == [
        {"State": "Netherlands", "Rank 2022": "5", "Rank 2024": "4"},
        {"State": "Peru", "Rank 2024": "9"},
    ]
    assert "Netherlands | 5 | 4\nPeru | 9" in content.text
    assert {block.caption for block in content.blocks if block.cells} == {"Table 1: ranks"}
    assert said(content, BlockKind.CAPTION) == ["Table 1: ranks"]


def test_a_cell_that_spans_rows_stands_in_each():
    content = html("<table><tr><th>A<th>B<tr><td rowspan=2>x<td>1<tr><td>2</table>")
    assert table(content) == [{"A": "x", "B": "1"}, {"A": "x", "B": "2"}]


def test_a_table_without_heads_has_none():
    content = html("<table><tr><td>x<td>1<tr><td>y<td>2</table>")
    assert said(content, BlockKind.ROW) == ["x | 1", "y | 2"]
    assert not table(content)


@pytest.mark.parametrize(
    "frame",
    [
        "<table role=presentation><tr><td>{}<td>side</table>",
        "<table><tr><td>{}</table>",
        "<table><tr><td><h2>Part</h2>{}<td>side</table>",
        "<table><tr><td><table><tr><td>{}</table><td>side</table>",
    ],
)
def test_a_table_that_lays_out_a_page_is_none(frame: str):
    content = html(frame.format("<p>First.</p><p>Second.</p>"))
    assert said(content, BlockKind.PARAGRAPH)[:2] == ["First.", "Second."]
    assert not said(content, BlockKind.ROW)


def test_hidden_cells_and_scripts_in_cells_are_not_read():
    content = html("<table><tr><td>x<script>s</script><td hidden>y<td>z</table>")
    assert "s" not in content.text
    assert said(content, BlockKind.ROW) == ["x | z"]


# What a page says of itself


def test_the_title_is_the_heading_where_the_site_has_added_its_name():
    head = "<title>A Plan | The Site</title>"
    assert html("<h1>A Plan</h1>", head).metadata.title == "A Plan"
    assert html("<h2>Menu</h2><h1>The Site</h1><h1>A Plan</h1>", head).metadata.title == "A Plan"
    assert html("<h1>A</h1>", "<title>A Plan</title>").metadata.title == "A Plan"


def test_a_page_tells_its_title_date_publisher_and_address():
    head = (
        "<title>x</title><meta property='og:title' content='The  Plan'>"
        "<meta name='DC.date' content='2024-03-01T10:00:00Z'><meta name=author content='A. Body'>"
        "<link rel=canonical href='https://example.org/plan'>"
    )
    said_of = html("<p>Text</p>", head).metadata
    assert (said_of.title, said_of.date) == ("The Plan", "2024-03-01")
    assert (said_of.publisher, said_of.url) == ("A. Body", "https://example.org/plan")


@pytest.mark.parametrize(
    "title",
    ["Untitled Document", "Microsoft Word - report.doc", "report_final_2.docx", "Document1", "123"],
)
def test_a_title_that_software_gave_is_none(title: str):
    assert html("<p>Text</p>", f"<title>{title}</title>").metadata.title == ""


def test_an_address_that_is_no_address_and_a_date_that_is_no_date_are_not_told():
    head = "<link rel=canonical href='javascript:alert(1)'><meta name=date content='2024-13-45'>"
    assert html("<p>Text</p>", head).metadata.url == ""
    assert html("<p>Text</p>", head).metadata.date == ""


# Encodings


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("utf-8", "utf-8"),
        ("iso-8859-1", "cp1252"),
        ("windows-1251", "cp1251"),
        ("shift_jis", "shift_jis"),
        ("gb2312", "gb18030"),
        ("", "utf-8"),
        ("", "cp1252"),
        ("iso-8859-1", "utf-8"),
        ("utf-16", "utf-8"),
        ("no-such-code", "cp1252"),
        ("rot13", "cp1252"),
    ],
)
def test_bytes_are_read_as_they_are_meant(declared: str, codec: str):
    word = {"cp1251": "Привет", "shift_jis": "日本語の文", "gb18030": "中文内容"}.get(
        codec, "naïve “café”"
    )
    meta = f"<meta charset='{declared}'>" if declared else ""
    data = f"<html><head>{meta}</head><body><p>{word}</p></body></html>".encode(codec)
    assert read(data, ".html").text == word


@pytest.mark.parametrize(
    "mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, b""]
)
def test_a_byte_order_mark_is_believed(mark: bytes):
    codec = {
        codecs.BOM_UTF8: "utf-8",
        codecs.BOM_UTF16_BE: "utf-16-be",
        codecs.BOM_UTF32_LE: "utf-32-le",
    }.get(mark, "utf-16-le")
    data = mark + "<html><meta charset=latin1><p>čeština</p></html>".encode(codec)
    assert read(data, ".txt").text == "čeština"


def test_xhtml_is_read_as_xml_with_the_names_of_html():
    data = (
        b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">'
        b"<head><title/><script src='x'/></head><body><p>caf&eacute;&nbsp;<i/>open</p>"
        b"</body></html>"
    )
    assert said(read(data, ".xhtml")) == ["café open"]


# What kind of file it is


@pytest.mark.parametrize(
    "beginning",
    [b"<!DOCTYPE html>", b"\n <HTML lang=en>", b"\xef\xbb\xbf<!-- a --><html>", b"<head></head>"],
)
def test_html_is_known_by_its_beginning(beginning: bytes):
    assert loader_of(beginning + b"<p>x", ".txt").name == "html"
    assert loader_of(b"Text with <html> in it", ".txt").name == "text"


def test_a_page_under_the_name_of_another_format_is_not_read_as_that_document():
    with pytest.raises(UnreadableDocument):
        read(page("<h1>404</h1>"), ".pdf")


# Hostile files


def test_tags_that_are_never_closed_lose_no_text():
    content = html("".join(f"<div><font><b>part {n} " for n in range(500)) + "end")
    assert said(content)[0] == "part 0"
    assert content.text.endswith("part 499 end")


def test_nesting_that_would_lose_text_is_said():
    with pytest.raises(UnreadableDocument, match="nests its elements too deeply"):
        html("<div>" * 5000 + "end")


def test_entities_are_not_expanded():
    bomb = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    data = (
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a0 "boom">{bomb}'
        '<!ENTITY file SYSTEM "file:///etc/passwd">]>'
        "<html><body><p>before &a9; &file; after</p></body></html>"
    ).encode()
    text = read(data, ".html").text
    assert len(text) < 2000
    assert "root:" not in text
    assert "boomboom" not in text


def test_a_table_of_immense_spans_is_read():
    cell = "<td rowspan=65534 colspan=1000>x"
    content = html("<table><tr><td>a" + cell * 5 + "<tr><td>b" * 2000 + "</table>")
    assert len(said(content, BlockKind.ROW)) == 2001


@pytest.mark.parametrize("data", [b"", b"\0\1\2\3" * 100, b"<html>" + b"\0" * 100])
def test_what_is_no_page_is_said_to_be_none(data: bytes):
    with pytest.raises(UnreadableDocument):
        read(data, ".html")


@pytest.mark.parametrize("data", [b"<html>", b"<", b"<!-- ", b"<p", b"&", b"   "])
def test_a_page_without_text_has_no_blocks(data: bytes):
    assert not [one for one in said(read(data, ".html")) if one not in "<&"]
