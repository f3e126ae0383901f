"""Files of every kind in one folder: each is read by its loader, or named with the reason."""

from __future__ import annotations

import docx
import pptx
import pytest
from contents import conventions, read
from test_loading_epub import book, part
from test_loading_mail import message
from test_loading_sheets import workbook
from test_loading_slides import saved as saved_slides
from test_loading_slides import slide
from test_loading_word import saved

from index import language, loading
from index.loading import LOADERS, LOOKED_INTO, SUFFIXES, canonical, legacy, properties
from index.records import BlockKind

SENTENCE = "The Council meets in the town number {} today."


def word(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    return saved(document)


def slides(text: str) -> bytes:
    shown = pptx.Presentation()
    slide(shown, "Aims", [text])
    return saved_slides(shown)


FILES = {
    "a.docx": word(SENTENCE.format(1)),
    "b.pptx": slides(SENTENCE.format(2)),
    "c.xlsx": workbook(Towns=[[SENTENCE.format(3)]]),
    "d.csv": f"town,text\n1,{SENTENCE.format(4)}\n".encode(),
    "e.html": f"<p>{SENTENCE.format(5)}".encode(),
    "f.epub": book({"a": part(f"<p>{SENTENCE.format(6)}</p>")}, ["a"]),
    "g.eml": message(SENTENCE.format(7)).as_bytes(),
    "h.txt": SENTENCE.format(8).encode(),
    "i.md": f"# Town\n\n{SENTENCE.format(9)}".encode(),
}


def test_a_folder_of_every_kind_is_indexed_at_once(index_of):
    broken = {"j.docx": b"PK\x03\x04", "k.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512}
    misnamed = {"l.doc": f"<html><p>{SENTENCE.format(10)}".encode()}
    report = index_of({**FILES, **broken, **misnamed})
    assert [(one.name, one.reason) for one in report.skipped] == [
        ("j.docx", "is damaged or cut off: it cannot be opened as a Word document"),
        ("k.doc", "is of an old Office format; save it in a newer one"),
    ]
    assert report.documents == len(FILES) + 1


@pytest.mark.parametrize("name", sorted(FILES))
def test_each_kind_gives_the_same_text_each_time(name: str):
    first, again = (read(FILES[name], f".{name.rpartition('.')[2]}") for _ in range(2))
    assert first.text == again.text
    assert first.blocks == again.blocks
    assert "The Council meets" in first.text


def test_loaders_are_told_apart_by_name():
    assert len({one.name for one in LOADERS}) == len(LOADERS)
    assert SUFFIXES < LOOKED_INTO


def test_loaders_are_listed_as_they_are():
    for one in LOADERS:
        assert isinstance(one, loading.Named)
        assert (one.name, one.version) == (one.loader.name, one.loader.version)
        assert loading.version_of(one.name) == one.version
        if one.name != "legacy":
            assert one.suffixes == one.loader.suffixes
    assert LOOKED_INTO == SUFFIXES | legacy.SUFFIXES
    assert loading.version_of("none") == ""


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  a\t b \n\n c ", "a b\nc"),
        ("co\u00adop\u200b\ufeff", "coop"),
        ("e\u0301\u00a0x\u2003y", "é x y"),
        ("a\x00b\x07c", "a b c"),
        ("\ud800", "\ufffd"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("Lat\u200cin", "Latin"),
        ("\u200e\u202bשלום\u202c", "שלום"),
    ],
)
def test_text_has_one_form(text: str, folded: str):
    assert canonical.fold(text) == folded


def test_marks_cells_and_pages_are_places_in_the_text():
    writer = canonical.Writer()
    writer.open_page(100, 200, "i")
    writer.add(BlockKind.ITEM, "one", mark="(a)")
    writer.open_page(100, 200)
    writer.open_page(100, 200)
    writer.row(["x", "", "y"], ["X", "Y", "Z"], "T")
    writer.row(["z"], first=False)
    writer.add(BlockKind.PARAGRAPH, " \u200b ")
    content = writer.content(conventions)
    assert content.text == "(a) one\n\nx | y\nz"
    assert [(page.start, page.end, page.label) for page in content.pages] == [
        (0, 7, "i"),
        (7, 7, ""),
        (9, 16, ""),
    ]
    item, first, second = content.blocks
    assert (item.start, item.mark) == (4, "(a)")
    assert (first.heads, first.cells, first.caption) == (("X", "Z"), ((9, 10), (13, 14)), "T")
    assert second.heads == ()


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Untitled",
        "Untitled 1",
        "Document3",
        "Presentation1",
        "PowerPoint Presentation",
        "Présentation PowerPoint",
        "Microsoft Word - A plan.doc",
        "plan_v2_final.docx",
        "S/2025/496",
        "C:\\plans\\2",
        "12",
        "New Page 1",
        "---",
    ],
)
def test_titles_by_software_are_none(said: str):
    assert properties.title(said, language.of("en")) == ""


@pytest.mark.parametrize(
    "said",
    [
        "Resolution 84",
        "Rule 67",
        "The untitled works",
        "Using PowerPoint in schools",
        "Constitution",
        "План действий",
        "Documents of 2024",
        "Word 2024 at a glance",
    ],
)
def test_titles_of_documents_are_kept(said: str):
    assert properties.title(said, language.of("en")) == said


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2024-03-01T10:00:00Z", "2024-03-01"),
        ("20240301", "2024-03-01"),
        ("2024-03", "2024-03"),
        ("2024", "2024"),
        ("2024-13-01", ""),
        ("March 2024", ""),
        ("0000", ""),
        ("2024-02-30", ""),
    ],
)
def test_dates_are_those_of_standards(said: str, day: str):
    assert properties.iso_date(said) == day
