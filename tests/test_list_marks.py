"""Marks of list items and of numbered paragraphs: which they are, and what only looks like one."""

from __future__ import annotations

import pytest
from known import LINES

from index import layout, list_marks
from index.records import BlockKind

DUTIES = [
    "report the draught of the vessel to the tower",
    "switch off sonar inside the breakwater",
    "keep the deck lit from dusk to dawn",
]


def items(text: str) -> list[tuple[str, str]]:
    """Mark and text of each item."""
    blocks = layout.text_blocks(text, LINES)
    return [(one.mark, text[one.start : one.end]) for one in blocks if one.kind is BlockKind.ITEM]


@pytest.mark.parametrize(
    "marks",
    [
        *(mark * 3 for mark in "●■□◆○►➢➤→✓✔★☐❖⁃∙⦁\uf0b7\uf0a7\uf0d8oØü§"),
        ["1.1", "1.2", "1.3"],
        ["2.9", "2.10", "3.1"],
        ["1.1.1", "1.1.2", "1.2"],
        ["§ 1", "§ 2", "§ 3"],
        ["§1.", "§2.", "§3."],
        ["Art. 1", "Art. 2", "Art. 3"],
        ["Article 9:", "Article 10:", "Article 11:"],
        ["[1]", "[2]", "[3]"],
        ["i.", "ii.", "iii."],
        ["xviii)", "xix)", "xx)"],
        ["5a.", "5b.", "5c."],
    ],
)
@pytest.mark.parametrize("gap", [" ", "\t"])
def test_a_list_is_known_by_its_marks(marks, gap):
    lines = [f"{mark}{gap}{duty}" for mark, duty in zip(marks, DUTIES, strict=True)]
    text = "\n".join(
        ["Every skipper who enters the basin shall:", "", *lines, "", "Fines are set."]
    )
    assert items(text) == list(zip(marks, DUTIES, strict=True))


def test_a_bullet_needs_no_blank_after_it():
    assert items("They shall:\n●report it\n●lower the sail\n") == [
        ("●", "report it"),
        ("●", "lower the sail"),
    ]


def test_a_bullet_opens_an_item_in_a_column_wherever_the_line_before_ends():
    text = (
        "The skippers of all boats that come into the basin shall in every season and\n"
        "➢ report the draught of the vessel to the tower before they pass the light and\n"
        "the buoys\n➢ pay the levy.\n"
    )
    assert [mark for mark, _ in items(text)] == ["➢", "➢"]


@pytest.mark.parametrize(
    ("line", "mark", "rest"),
    [
        ("12. The Council met.", "12.", "The Council met."),
        ("12. (a) The Council met.", "12. (a)", "The Council met."),
        ("(a) (ii) The Council met.", "(a) (ii)", "The Council met."),
    ],
)
def test_an_item_keeps_its_mark_as_it_is_printed(line, mark, rest):
    assert items(f"It says:\n{line}\nIt ends.\n") == [(mark, rest)]


@pytest.mark.parametrize(
    "lines",
    [
        ["1.5 million people came", "1.7 million left"],
        ["2.1 million people came to the fair.", "2.2 million left it again."],
        ["Art. 5 provides for it.", "Art. 6 provides for the rest."],
        ["§ 5 of the Act is long.", "It ends."],
        ["o mar é azul", "O céu também."],
        ["v Jones was heard", "and so on."],
        ["ill. They stayed", "at home."],
    ],
)
def test_words_that_look_like_marks_are_words(lines):
    found = items("\n\n".join(["It begins.", *lines, "It is over."]))
    assert [mark for mark, _ in found if not mark.startswith("§")] == []


def test_letters_and_numerals_follow_one_another():
    assert list_marks.successors("9") == {"10"}
    assert list_marks.successors("h") == {"i"}
    assert list_marks.successors("i") == {"j", "ii"}
    assert list_marks.successors("xxxix") == {"xl"}
    assert [list_marks.roman(number) for number in (4, 9, 49, 88)] == [
        "iv",
        "ix",
        "xlix",
        "lxxxviii",
    ]
    assert list_marks.value("XIV") == 14
    assert list_marks.value("iiii") is None
