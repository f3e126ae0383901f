"""An identifier in a heading is what its passages are about; no mention of one is lost."""

from __future__ import annotations

import pytest

from index import places
from index.domains import UN
from qa.question.identifiers import is_held

DIGEST = """# Digest

## Resolution 2199 (2015)

The text bans the trade in antiquities from rivers and lakes of all kinds.

## S/PRST/2016/6

The President asks for a study of radio stations by October of the year.

### Background

It follows resolution 1373 (2001) in most of what it says of the stations.

## Other texts

Nothing is said of any others here, but for one remark.[^1]

[^1]: A/RES/66/12
[far]: https://example.org/ "S/RES/2253"
"""


def rows(database, key):
    return [one.text.split()[0:3] for one in database.passages(database.mentioning(key, 9))]


def test_the_passages_under_a_heading_have_the_identifiers_that_it_names(answerer_of):
    database = answerer_of({"digest.md": DIGEST}).generation.database
    assert rows(database, "S/RES/2199") == [["The", "text", "bans"]]
    # What stands deeper is under the heading above it, too.
    assert rows(database, "S/PRST/2016/6") == [
        ["The", "President", "asks"],
        ["It", "follows", "resolution"],
    ]
    assert rows(database, "S/RES/1373") == [["It", "follows", "resolution"]]


def test_a_footnote_that_is_only_an_identifier_is_read(answerer_of):
    database = answerer_of({"digest.md": DIGEST}).generation.database
    assert [one.text for one in database.passages(database.mentioning("A/RES/66/12", 9))] == [
        "Nothing is said of any others here, but for one remark.[^1]\n\n[^1]: A/RES/66/12"
    ]


def test_what_stands_in_no_passage_is_mentioned_all_the_same(answerer_of):
    database = answerer_of({"digest.md": DIGEST}).generation.database
    assert database.mentioning("S/RES/2253", 9) == []
    assert database.mentioned_elsewhere("S/RES/2253") == ["digest"]
    assert is_held("S/RES/2253", database)
    assert not is_held("S/RES/2254", database)


def test_a_mention_with_invisible_characters_is_one(answerer_of):
    text = "The reso\u00adlution 2462 (2019) and S/RES/\u200b2253 were read aloud by the clerk."
    database = answerer_of({"a.txt": text}).generation.database
    (row,) = database.mentioning("S/RES/2462", 9)
    ((_, first), (_, second)) = database.mentions([row])
    assert text[first.start : first.end] == "reso\u00adlution 2462 (2019)"
    assert text[second.start : second.end] == "S/RES/\u200b2253"


def test_a_documents_own_symbol_is_no_heading_of_others(answerer_of):
    text = "# Resolution 1441 (2002)\n\nIt recalls resolution 687 (1991) and decides on the rest."
    database = answerer_of({"a.md": text}).generation.database
    assert database.owning("S/RES/1441") == ["a"]
    ((_, only),) = database.mentions(database.rows_of(["a"]))
    assert only.key == "S/RES/687"


def test_years_are_those_of_text_and_headings(answerer_of):
    database = answerer_of({"digest.md": DIGEST}).generation.database
    assert database.years_of("S/RES/2199") == [2015]
    assert database.years_of("S/RES/9999") == []


def test_thousands_that_are_set_apart_are_one_number():
    (one,) = UN.identifiers("what does resolution 2,462 cover")
    assert (one.key, one.year) == ("S/RES/2462", None)
    (other,) = UN.identifiers("resolution 2227/2016")
    assert (other.key, other.year) == ("S/RES/2227", 2016)


@pytest.mark.parametrize("text", ["Resolution **2341** covers", "*Resolution* 2341 (2017) covers"])
def test_emphasis_within_an_identifier_does_not_hide_it(text):
    (only,) = places.mentions(text, UN)
    assert only.key == "S/RES/2341"
    assert "2341" in text[only.start : only.end]


@pytest.mark.parametrize(
    ("title", "own"),
    [
        ("Resolution 2199 (2015)", {"S/RES/2199"}),
        ("United Nations S/RES/2199 (2015)", {"S/RES/2199"}),
        ("Letter on resolution 2199 (2015)", set()),
        ("The work of the committee under resolution 2199", set()),
    ],
)
def test_a_document_is_what_its_title_is_not_what_it_is_about(title, own):
    assert places.owned(title, UN) == own
