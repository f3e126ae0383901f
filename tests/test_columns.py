"""Lines that are wrapped in a part of a text alone."""

from __future__ import annotations

import pytest
from known import LINES

from index import layout

LONG = (
    "The board met on Monday in the town hall of Utrecht and heard the report of the inspectors, "
    "which the secretary had sent to all members a week before the meeting, as the rules ask."
)


def plain(text: str) -> list[tuple[str, str]]:
    return [(one.kind.value, text[one.start : one.end]) for one in layout.text_blocks(text, LINES)]


@pytest.mark.parametrize(
    "letter",
    [
        "I ask the board to buy a second boat for the fifth lock,\nbecause the only boat was lent "
        "to the fire brigade after\nthe flood of last year.",
        "The canal sluice was\nrepaired in August by a crew from Utrecht.\nThe toll rose.",
        "The keeper asks for a second boat for the fifth lock of\nUtrecht, which Governor Maria "
        "van Houten of the company of\nSluices had promised to him in the spring of that year.",
        "The keeper of the lock was ac-\ncused of it.",
    ],
)
@pytest.mark.parametrize("gap", ["\n\n", "\r\n\r\n"])
def test_wrapped_lines_among_long_ones_are_joined(letter, gap):
    letter = letter.replace("\n", gap[: len(gap) // 2])
    text = gap.join([LONG, LONG, letter, LONG])
    assert ("paragraph", letter) in plain(text)


def test_wrapped_lines_right_under_a_long_one_are_joined():
    letter = "The boat was lent to the fire brigade after\nthe flood of last year."
    assert plain(f"{LONG}\n{letter}\n\n{LONG}\n") == [
        ("paragraph", LONG),
        ("paragraph", letter),
        ("paragraph", LONG),
    ]


def test_long_lines_in_a_wrapped_text_unwrap_nothing():
    wrapped = "The sluice was repaired in August by a crew of\nthree from Utrecht.\n"
    long = "Harbour office, " * 10 + "Utrecht."
    text = "\n".join([wrapped, long, wrapped, long, wrapped, long])
    assert plain(text) == [("paragraph", wrapped.strip()), ("paragraph", long)] * 3


@pytest.mark.parametrize(
    "lines",
    [
        ["Harbour office", "Long quay 5", "1211 Geneva"],
        ["report the draught;", "switch off sonar;", "keep the deck lit."],
        ["Members are Chad and Mali.", "Guests are Peru and Fiji."],
        ["salt", "pepper", "vinegar"],
    ],
)
def test_lines_that_stand_for_themselves_stay_apart(lines):
    text = "\n\n".join([LONG, "\n".join(lines), LONG])
    assert [content for _, content in plain(text)] == [LONG, *lines, LONG]
