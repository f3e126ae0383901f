"""What a database can be asked: definitions both ways, and places."""

from __future__ import annotations

import pytest
from conftest import answerer_over

OFFICE = "United Nations Office on Drugs and Crime (UNODC)"
FILES = {
    "office.txt": f"The {OFFICE} trains judges.",
    "other.txt": f"Work of the {OFFICE} goes on. The UN Office on Drugs and Crime (UNODC) too.",
    "resolution.txt": "RESOLUTION 1373 (2001)\n\nForeign terrorist fighters (FTFs) shall not pass.",
}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return answerer_over(tmp_path_factory.mktemp("catalogue"), FILES).generation.database


def test_definitions_come_the_commonest_first_with_their_places(database):
    found = database.definitions_of("unodc")
    assert [(one.document, one.long.split()[0]) for one in found] == [
        *(("office", "United"), ("other", "United"), ("other", "UN")),
    ]
    assert {FILES[f"{one.document}.txt"][one.start : one.end] for one in found} == {
        *(OFFICE, "UN Office on Drugs and Crime (UNODC)"),
    }


def test_an_abbreviation_is_found_in_singular_and_plural(database):
    assert [one.short for one in database.definitions_of("FTF")] == ["FTFs"]
    assert [one.short for one in database.definitions_of("FTFs")] == ["FTFs"]
    assert [one.short for one in database.definitions_of("UNODCs")] == ["UNODC"] * 3
    assert database.definitions_of("NATO") == database.definitions_of("") == []


def test_a_name_is_found_whatever_its_case_spacing_and_article(database):
    name = "the  united nations Office on\nDrugs and crime"
    assert [one.document for one in database.abbreviations_of(name)] == ["office", "other"]
    assert database.abbreviations_of("Office on Drugs") == []


def test_the_passage_at_a_range_is_the_one_that_holds_all_of_it(database):
    length = len(FILES["office.txt"])
    passage = database.passage_at("office", 4, length)
    assert passage is not None
    assert (passage.document.id, passage.start, passage.end) == ("office", 0, length)
    assert database.passage_at("office", 4, length + 1) is None
    assert database.passage_at("resolution", 0, 30) is None  # a heading is in no passage
