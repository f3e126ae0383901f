"""E-books: their parts in the order of reading, read as HTML; hostile ones by their reason."""

from __future__ import annotations

import io
import zipfile

import pytest
from contents import outline, read, said

from index.errors import UnreadableDocument
from index.loading import loader_of
from index.records import BlockKind

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf"/></rootfiles></container>'
)
DATA = (
    "<dc:title>The  Book</dc:title><dc:publisher>A Press</dc:publisher><dc:date>2024-03</dc:date>"
    "<dc:identifier>urn:uuid:1</dc:identifier><dc:identifier>https://example.org/b</dc:identifier>"
)


def part(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/'
        'xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>x</title></head>'
        f"<body>{body}</body></html>"
    )


def book(parts: dict[str, str], order: list[str], more: dict[str, str] | None = None) -> bytes:
    """A book of parts, by name, in an order of their names."""
    items = "".join(
        f'<item id="{name}" href="{name.replace(" ", "%20")}" media-type="application/xhtml+xml"/>'
        for name in [*parts, "gone.xhtml"]
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in order)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{DATA}</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OPS/book.opf": package,
        **{f"OPS/{name}": text for name, text in parts.items()},
        **(more or {}),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return file.getvalue()


def reason(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as error:
        read(data, ".epub")
    return str(error.value)


def test_parts_are_read_in_the_order_of_reading():
    parts = {
        "b.xhtml": part("<h1>Two</h1><p>Text&#160;of&nbsp;two.</p>"),
        "a 1.xhtml": part("<h1>One</h1><p>Text of one.</p>"),
        "unused.xhtml": part("<p>secret</p>"),
    }
    content = read(book(parts, ["a 1.xhtml", "b.xhtml", "a 1.xhtml"]), ".epub")
    assert said(content) == ["One", "Text of one.", "Two", "Text of two."]
    assert outline(content) == [(1, "One"), (1, "Two")]
    assert content.pages == ()


def test_a_book_tells_its_title_publisher_date_and_address():
    content = read(book({"a": part("<p>Text.</p>")}, ["a"]), ".epub")
    told = content.metadata
    assert (told.title, told.publisher, told.date) == ("The Book", "A Press", "2024-03")
    assert told.url == "https://example.org/b"


def test_notes_are_apart_and_the_contents_are_furniture():
    body = (
        "<nav epub:type='toc'><ol><li>Part 1</li></ol></nav><p>Text.<sup>1</sup></p>"
        "<aside epub:type='footnote'><p>1. Note.</p></aside><p><a id='x'/>after</p>"
    )
    content = read(book({"a": part(body)}, ["a"]), ".epub")
    assert said(content) == ["Text.¹", "1 Note.", "after"]
    assert said(content, BlockKind.FOOTNOTE) == ["1 Note."]


def test_parts_that_are_no_valid_xml_are_read_all_the_same():
    content = read(book({"a": "<html><body><p>One<br>two<p>Three"}, ["a"]), ".epub")
    assert said(content) == ["One\ntwo", "Three"]


def test_parts_that_are_missing_or_damaged_are_named():
    parts = {"a": part("<p>Text.</p>"), "b": "\0" * 50}
    content = read(book(parts, ["a", "gone.xhtml", "unknown", "b"]), ".epub")
    assert said(content) == ["Text."]
    assert content.notices == (
        "the part OPS/gone.xhtml is empty",
        "the part OPS/b is a binary file, not text",
    )


def encrypted(method: str) -> dict[str, str]:
    xml = f'<EncryptedData><EncryptionMethod Algorithm="{method}"/></EncryptedData>'
    return {"META-INF/encryption.xml": f"<encryption>{xml}</encryption>"}


def test_a_book_that_is_protected_says_so_and_fonts_do_not_matter():
    parts = {"a": part("<p>Text.</p>")}
    locked = encrypted("http://www.w3.org/2001/04/xmlenc#aes128-cbc")
    assert reason(book(parts, ["a"], locked)) == "is protected against copying"
    fonts = encrypted("http://www.idpf.org/2008/embedding")
    assert said(read(book(parts, ["a"], fonts), ".epub")) == ["Text."]


def test_damaged_books_say_so():
    whole = book({"a": part("<p>Text.</p>")}, ["a"])
    assert loader_of(whole, ".zip").name == "epub"
    assert reason(whole[:-300]).startswith("is damaged or cut off")
    for bad in ({"META-INF/container.xml": "<x/>"}, {"OPS/book.opf": "<package"}):
        assert "is damaged" in reason(book({"a": "x"}, ["a"], bad))


def test_entities_in_a_book_are_not_expanded():
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "boomboom"><!ENTITY b "&a;&a;&a;">'
        '<!ENTITY f SYSTEM "file:///etc/passwd">]><html><body><p>x &b; &f; y</p></body></html>'
    )
    text = read(book({"a": bomb}, ["a"]), ".epub").text
    assert "root:" not in text
    assert "boomboomboom" not in text
