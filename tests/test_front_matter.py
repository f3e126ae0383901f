"""What a Markdown file says of itself is believed where the catalog is silent."""

from __future__ import annotations

import pytest

from index import front_matter
from index.records import Metadata

TEXT = """---
title: "Customs Union Handbook"
date: 2021-03-04
publisher: [a, b]
url: https://example.org/handbook
tags:
  - tariffs
---
The tariff is seven per cent.
"""


def test_title_date_and_address_are_read():
    assert front_matter.complete(Metadata(), TEXT) == Metadata(
        title="Customs Union Handbook", date="2021-03-04", url="https://example.org/handbook"
    )


def test_the_catalog_comes_first():
    known = Metadata(title="Handbook", publisher="The Union")
    found = front_matter.complete(known, TEXT)
    assert (found.title, found.publisher, found.date) == ("Handbook", "The Union", "2021-03-04")


@pytest.mark.parametrize(
    "text",
    [
        "No front matter.",
        "---\ntitle: [\n---\nText.",
        "---\ntitle: {a: b}\n---\nText.",
        "---\nurl: javascript:alert(1)\n---\nText.",
        "---\ntitle: !!python/object/apply:os.system ['true']\n---\nText.",
        "---\ntitle: " + "[" * 5000 + "\n---\nText.",
    ],
)
def test_what_cannot_be_read_says_nothing(text):
    assert front_matter.complete(Metadata(), text) == Metadata()


def test_a_document_is_called_by_its_title(answerer_of):
    answerer = answerer_of({"a.md": TEXT})
    (entry,) = answerer.generation.database.documents()
    assert (entry.title, entry.date) == ("Customs Union Handbook", "2021-03-04")
