"""Headings by number, in small letters, and how they nest; which of them is the title."""

from __future__ import annotations

import pytest
from known import LINES

from index import layout, loaders, sources
from index.domains import PLAIN, UN
from index.records import BlockKind, Metadata

TEXT = "Two barges sailed at night without lamps in March 2016, and their owner paid a fine."


def paths(text: str) -> list[tuple[str, ...]]:
    return [path for _, path in layout.sections(text, tuple(layout.text_blocks(text, LINES)))]


def outline(*lines: str) -> list[tuple[int, str]]:
    """Level and words of the headings of a text."""
    text = "\n\n".join(lines)
    return [
        (one.level, text[one.start : one.end])
        for one in layout.text_blocks(text, LINES)
        if one.kind is BlockKind.HEADING
    ]


def test_numbered_headings_nest_by_their_kinds_of_number():
    assert outline(
        "Report of the panel", "I. Introduction", "A. Mandate of the panel", f"1. {TEXT}",
        "B. Methods of work", f"2. {TEXT}", "II. Violations of the safety code",
        "A. Night sailing", f"3. {TEXT}", "III. Recommendations", f"4. {TEXT}",
    ) == [
        (1, "Report of the panel"), (2, "I. Introduction"), (3, "A. Mandate of the panel"),
        (3, "B. Methods of work"), (2, "II. Violations of the safety code"),
        (3, "A. Night sailing"), (2, "III. Recommendations"),
    ]  # fmt: skip


def test_a_paragraph_stands_under_the_headings_around_it():
    text = "\n\n".join(
        [
            "The panel",
            "I. Findings",
            "A. Night sailing",
            TEXT,
            "B. Lamps",
            TEXT,
            "II. The end",
            TEXT,
        ]
    )
    assert paths(text) == [
        ("The panel", "I. Findings", "A. Night sailing"),
        ("The panel", "I. Findings", "B. Lamps"),
        ("The panel", "II. The end"),
    ]


def test_arabic_numbers_nest_by_their_depth():
    assert outline(
        "1. Scope of the code", TEXT, "1.1 Boats on the lake", TEXT, "1.2 Boats on canals", TEXT,
        "2. Duties of skippers", TEXT,
    ) == [
        (2, "1. Scope of the code"), (3, "1.1 Boats on the lake"), (3, "1.2 Boats on canals"),
        (2, "2. Duties of skippers"),
    ]  # fmt: skip


def test_after_h_comes_the_letter_i_and_after_nothing_the_numeral():
    letters = [f"{letter}. Part of the lake" for letter in "ABCDEFGHIJ"]
    found = outline(*(line for letter in letters for line in (letter, TEXT)))
    assert {level for level, _ in found} == {2}
    assert len(found) == 10


def test_chapters_nest_and_an_annex_stands_beside_them():
    assert outline(
        "Part One: the lake", TEXT, "Chapter I: boats", TEXT, "Chapter II: canals", TEXT,
        "Part Two: the sea", TEXT, "Annex I", "A. Lamps and their use", TEXT,
    ) == [
        (2, "Part One: the lake"), (3, "Chapter I: boats"), (3, "Chapter II: canals"),
        (2, "Part Two: the sea"), (1, "Annex I"), (2, "A. Lamps and their use"),
    ]  # fmt: skip


def test_a_heading_without_a_number_among_numbered_ones_stands_below():
    assert outline("I. Findings", TEXT, "The Night Watch", TEXT, "II. The end", TEXT) == [
        (2, "I. Findings"),
        (3, "The Night Watch"),
        (2, "II. The end"),
    ]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_numbers_that_follow_one_another_are_those_of_a_list(gap):
    items = gap.join(["A. Lamps at night", "B. Flags by day", "C. Horns in fog"])
    text = f"{TEXT}\n\n{items}\n\n{TEXT}\n"
    blocks = layout.text_blocks(text, LINES)
    assert [(one.kind.value, one.mark) for one in blocks[1:4]] == [
        ("item", "A."),
        ("item", "B."),
        ("item", "C."),
    ]
    assert text[blocks[1].start : blocks[1].end] == "Lamps at night"


def test_lines_in_small_letters_that_stand_over_paragraphs_are_headings_if_there_are_some():
    assert outline("The lake", "Methods of work", TEXT, "Violations of the code", TEXT) == [
        (1, "The lake"),
        (1, "Methods of work"),
        (1, "Violations of the code"),
    ]
    assert outline(TEXT, "Methods of work", TEXT) == []


def test_a_first_line_that_is_a_sentence_is_no_title():
    assert outline("It all began in spring.", TEXT) == []
    assert outline("See https://example.org for it", TEXT) == []


def title(tmp_path, text: str, domain=UN, name: str = "a.txt") -> str:
    (tmp_path / name).write_text(text, encoding="utf-8")
    source = sources.SourceFile(tmp_path / name, name, tmp_path)
    return loaders.load(source, Metadata(), set(), 2**20, lambda _: domain).title


@pytest.mark.parametrize(
    "above",
    [
        ["Summary"],
        ["Original: English"],
        ["United Nations", "Security Council", "Original: English"],
        ["Report of the Secretary-General"],
        ["Sixty-ninth session", "Agenda item 12", "Note by the Secretariat"],
    ],
)
def test_what_stands_over_many_documents_is_the_title_of_none(tmp_path, above):
    lines = [*above, "Implementation of the Lake Transport Programme", TEXT]
    assert title(tmp_path, "\n\n".join(lines)) == "Implementation of the Lake Transport Programme"


def test_a_title_in_small_letters_is_one(tmp_path):
    lines = ["Implementation of the lake transport programme", "Report of the Secretary-General"]
    assert title(tmp_path, "\n\n".join([*lines, "Introduction", TEXT])) == lines[0]


def test_a_document_that_only_reports_is_called_by_that(tmp_path):
    text = f"Report of the Secretary-General\n\n{TEXT}\n"
    assert title(tmp_path, text) == "Report of the Secretary-General"
    assert title(tmp_path, f"Summary\n\nReport of the Secretary-General\n\n{TEXT}\n", PLAIN) == (
        "Report of the Secretary-General"
    )


def test_an_identifier_is_the_title_above_the_text_and_not_below(tmp_path):
    number = "Resolution 2170 (2014)"
    assert title(tmp_path, f"United Nations\n\n{number}\n\n{TEXT}\n") == number
    assert title(tmp_path, f"{TEXT}\n\n{number}\n\n{TEXT}\n\nThe Lake Code\n\n{TEXT}\n") == (
        "The Lake Code"
    )
