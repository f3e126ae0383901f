"""What stands over a United Nations document says which it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.domains import un_masthead
from index.records import Block, BlockKind

LEVELS = {"#": 1, "=": 3, "~": 6}


def document(lines: str) -> tuple[str, list[Block]]:
    """A text of lines: headings open with a mark of their level, rows have a bar, furniture a
    percent sign, numbered paragraphs their number."""
    text, blocks = "", []
    for line in lines.strip().split("\n"):
        kind, level, mark = BlockKind.PARAGRAPH, 1, ""
        words = line.strip()
        if words[0] in LEVELS:
            kind, level, words = BlockKind.HEADING, LEVELS[words[0]], words[2:]
        elif words[0] == "%":
            kind, words = BlockKind.CHROME, words[2:]
        elif " | " in words:
            kind = BlockKind.ROW
        elif words[0].isdigit() and words.split()[0].endswith("."):
            mark, words = words.split(" ", 1)
        blocks.append(Block(kind, len(text), len(text) + len(words), level, mark))
        text += f"{words}\n\n"
    return text, blocks


REPORT = """
United Nations | A/79/352
General Assembly | Distr.: General
15 October 2024
Original: English
~ Seventy-ninth session
Agenda item 139
~ Proposed programme budget for 2025
# Eleventh annual progress report on the heritage plan
= Report of the Secretary-General
~ Summary
The plan is late.
% 24-16783 (E)
"""
LETTER = """
United Nations | A/79/801-S/2025/121
General Assembly | Distr.: General
27 February 2025
# Security Council
Original: English
Agenda items 32 and 61
= Prevention of armed conflict
= The rule of law
# Letter dated 25 February 2025 from the Permanent Representative of Azerbaijan
I have the honour to write.
"""
RESOLUTION = """
% A/RES/78/323
# United Nations
General Assembly | Distr.: General
14 August 2024
Agenda item 69
= Elimination of racism
# Resolution adopted by the General Assembly on 13 August 2024
78/323. | International Day of Women and Girls of African Descent
= The General Assembly,
"""
COVER = """
E/2025/24-E/CN.3/2025/37
= United Nations
# Statistical Commission
= Report on the fifty-sixth session (4–7 March 2025)
= Economic and Social Council
= Official Records, 2025 Supplement No. 4
"""
PICTURE = """
# Thirty-seventh meeting of Chairs
1. Opening of the meeting.
% HRI/MC/2025/1
2. Election of officers.
% HRI/MC/2025/1
"""


@pytest.mark.parametrize(
    ("lines", "title", "symbol"),
    [
        (REPORT, "Eleventh annual progress report on the heritage plan", "A/79/352"),
        (
            LETTER,
            "Letter dated 25 February 2025 from the Permanent Representative of Azerbaijan",
            "A/79/801-S/2025/121",
        ),
        (
            RESOLUTION,
            "78/323. International Day of Women and Girls of African Descent",
            "A/RES/78/323",
        ),
        (
            COVER,
            "Statistical Commission — Report on the fifty-sixth session (4–7 March 2025)",
            "E/2025/24-E/CN.3/2025/37",
        ),
    ],
)
def test_title_and_symbol_are_read(lines, title, symbol):
    found = un_masthead.read(*document(lines), "a.pdf")
    assert (found.title, found.symbol) == (title, symbol)


def test_a_short_numbered_item_is_text_and_no_title():
    text, blocks = document("Distr.: General\n# Report of the Board on the pier\n1. It is new.")
    blocks[-1] = replace(blocks[-1], kind=BlockKind.ITEM)
    assert un_masthead.read(text, blocks, "a.txt").title == "Report of the Board on the pier"


def test_date_body_and_session_are_read():
    found = un_masthead.read(*document(REPORT), "a.pdf")
    assert found.date == "15 October 2024"
    assert found.body == "General Assembly"
    assert found.session == "Seventy-ninth session"


def test_a_symbol_that_the_masthead_only_shows_is_read_off_the_running_heads():
    assert un_masthead.read(*document(PICTURE), "a.pdf").symbol == "HRI/MC/2025/1"


def test_a_symbol_that_nothing_says_is_read_off_the_name_of_the_file():
    text, blocks = document("# A decision\n1. It is so decided.")
    assert un_masthead.read(text, blocks, "CCPR_C_121_D_2.en.pdf").symbol == "CCPR/C/121/D/2"
    assert un_masthead.read(text, blocks, "letter.pdf").symbol == ""


def test_a_text_without_a_masthead_says_nothing():
    found = un_masthead.read(*document("# Boats\nBoats sail south each spring."), "boats.txt")
    assert found == type(found)()
