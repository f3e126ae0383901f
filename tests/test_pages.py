"""Templates of the service's own pages: what a document or an address holds stays text."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from jinja2 import UndefinedError

from index.database import DocumentEntry, Heading
from qa.service import pages
from qa.service.document_page import Asked, render

HOSTILE = """<script>ran()</script> "' {{ 7 * 7 }} {% block body %}"""
ESCAPED = "&lt;script&gt;ran()&lt;/script&gt; &#34;&#39; {{ 7 * 7 }} {% block body %}"


def test_every_field_of_a_document_is_escaped():
    names = [one.name for one in fields(DocumentEntry)]
    values: dict[str, Any] = {**dict.fromkeys(names, HOSTILE), "source": f"{HOSTILE}.md"}
    entry = DocumentEntry(**values)
    text = f"# {HOSTILE}\n\nBody.\n\n# Second\n\nBody.\n"
    second = text.index("Second")
    headings = [Heading(2, 2 + len(HOSTILE), 1), Heading(second, second + 6, 1)]
    page = render(entry, text, Asked(), headings)
    # Title in the head, the header and the heading; publisher, date and source; the name and the
    # code of the language; pages read by OCR; a section.
    assert page.count(ESCAPED) == 10
    assert "<script>" not in page
    assert "{{ 7 * 7 }}" in page.split("<article", 1)[1]
    assert "49" not in page


def test_every_part_of_an_error_is_escaped():
    page = pages.error(422, "invalid_request", HOSTILE, HOSTILE, HOSTILE)
    assert page.count(ESCAPED) == 4
    assert "<script" not in page


def test_a_template_that_is_not_given_what_it_shows_fails():
    with pytest.raises(UndefinedError):
        pages.render("error.html", title="Nothing here", detail="", whole="")


def test_an_error_page_has_no_way_to_a_document_where_none_was_meant():
    page = pages.error(404, "not_found", "Not Found", "")
    assert "Show the whole document" not in page
    assert "<h1>Nothing here</h1>" in page
    assert '<body class="error" id="top">' in page
