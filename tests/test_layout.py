"""What each line of a text is to its reader: heading, list item, paragraph or page furniture."""

from __future__ import annotations

import pytest
from known import LINES

from index import layout
from index.records import Block, BlockKind

LONG = (
    "This paragraph stands on one line of the file however long it is, as those that come from "
    "web pages do, and so shows that the line ends of the text are those of its paragraphs."
)
"""Over 120 characters: a text that holds some such lines is not wrapped."""


def shown(text: str, blocks: list[Block]) -> list[tuple[str, str]]:
    return [(block.kind.value, text[block.start : block.end]) for block in blocks]


def plain(text: str) -> list[tuple[str, str]]:
    return shown(text, layout.text_blocks(text, LINES))


def markdown(text: str) -> list[tuple[str, str]]:
    return shown(text, layout.markdown_blocks(text, LINES))


def paths(text: str, blocks: list[Block]) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (text[block.start : block.end], section)
        for block, section in layout.sections(text, tuple(blocks))
    ]


# Headings of plain text


@pytest.mark.parametrize(
    "line",
    [
        "COUNTER-TERRORISM IN CYBERSPACE",
        "Work with the Private Sector",
        "Additional Partners:",
        "Purpose:",
        "INTRODUCTION",
        "Introduction",
        "Resolution 1373 (2001)",
        "**Security Council Resolutions**",
    ],
)
def test_a_line_that_reads_as_a_heading_is_one(line):
    text = f"{LONG}\n\n{line}\n\n{LONG}\n"
    assert plain(text) == [("paragraph", LONG), ("heading", line), ("paragraph", LONG)]


@pytest.mark.parametrize(
    "line",
    [
        "The Committee met in New York.",
        "Contact us at once",
        "www.un.org/terrorism/internet.shtml",
        "See https://www.un.org:",
        "starting in lower case Like This",
        "S/2017/716",
        "第一章 总则",
        "15 20 25",
        "What is CTED?",
        "Title Case Line After Title Case Line " * 6,
    ],
)
def test_a_line_that_does_not_read_as_a_heading_stays_text(line):
    line = line.strip()
    text = f"{LONG}\n\n{line}\n\n{LONG}\n"
    assert plain(text) == [("paragraph", LONG), ("paragraph", line), ("paragraph", LONG)]


def test_hashes_make_a_heading_of_plain_text_too():
    text = f"# Title\n\n{LONG}\n\n### Smaller\n\n{LONG}\n"
    blocks = layout.text_blocks(text, LINES)
    assert [(text[b.start : b.end], b.level) for b in blocks if b.kind is BlockKind.HEADING] == [
        ("Title", 1),
        ("Smaller", 3),
    ]


def test_headings_that_head_nothing_are_lines_of_the_text():
    text = f"{LONG}\n\nReport of the Group 2009\n\nRiyadh Conference\n"
    assert plain(text)[1:] == [
        ("paragraph", "Report of the Group 2009"),
        ("paragraph", "Riyadh Conference"),
    ]


def test_a_label_at_the_end_belongs_to_the_page():
    assert plain(f"{LONG}\n\nRelated Entities:\n")[1:] == [("chrome", "Related Entities:")]


def test_a_name_under_a_label_is_text_and_not_a_further_heading():
    text = f"Additional Partners:\n\nInternational Union (ITU)\n\nPurpose:\n\n{LONG}\n"
    assert plain(text) == [
        ("heading", "Additional Partners:"),
        ("paragraph", "International Union (ITU)"),
        ("heading", "Purpose:"),
        ("paragraph", LONG),
    ]


def test_single_words_one_under_the_other_are_a_list_of_names():
    text = f"{LONG}\n\nINTERPOL\n\nUNESCO\n\nMicrosoft\n\n{LONG}\n"
    assert [kind for kind, _ in plain(text)] == ["paragraph"] * 5


def test_a_single_word_under_a_label_is_what_the_label_names():
    text = f"Partners:\n\nINTERPOL\n\n{LONG}\n"
    assert plain(text)[:2] == [("heading", "Partners:"), ("paragraph", "INTERPOL")]


# Lists of plain text


@pytest.mark.parametrize(
    "mark",
    [*"-*•‣▪◦·–—", *"1. 12. 1) (1) a. (a) b) (iv) ii) (XII)".split(), "-\t", "•\xa0"],
)
def test_a_list_mark_makes_an_item_and_is_no_part_of_it(mark):
    text = f"{LONG}\n{mark} Prevent and suppress it\n{LONG}\n"
    assert plain(text)[1] == ("item", "Prevent and suppress it")


@pytest.mark.parametrize(
    "line", ["-5 degrees fell", "1.5 million came", "(and so on)", "a.m. it is"]
)
def test_what_only_looks_like_a_list_mark_is_none(line):
    assert plain(f"{LONG}\n{line}\n{LONG}\n")[1] == ("paragraph", line)


@pytest.mark.parametrize(
    ("first", "second"),
    [("•", "•"), ("-", "-"), ("1.", "2."), ("(a)", "(b)"), ("(i)", "(ii)"), ("h)", "i)")],
)
def test_items_without_closing_marks_stay_apart_in_a_column_too(first, second):
    # Nothing is longer than a line of print, so that the text looks wrapped, and the items are
    # too long for their ends to tell.
    text = (
        "The members of the group, all of which\nhave sent experts to its meetings, are\nthese:\n"
        f"{first} Department of Public Information\n{second} Office of the Commissioner (OHCHR)\n"
    )
    assert plain(text)[1:] == [
        ("item", "Department of Public Information"),
        ("item", "Office of the Commissioner (OHCHR)"),
    ]


# Columns

RESOLUTION = """\
Resolution 1373 (2001)
Adopted by the Security Council at its 4385th meeting, on
28 September 2001

The Security Council,
Reaffirming its resolutions 1269 (1999) of 19 October 1999 and 1368 (2001) of
12 September 2001,
Deeply concerned by the increase, in various regions of the world, of acts of
terrorism motivated by intolerance or extremism,
1. Decides that all States shall:
(a) Prevent and suppress the financing of terrorist acts, as in subparagraph
(b) above and in paragraph 2;
(b) Criminalize the wilful provision or collection, by any means, directly or
indirectly, of funds by their nationals.
"""


def test_the_lines_of_a_column_are_joined_into_its_clauses_and_items():
    assert plain(RESOLUTION) == [
        ("heading", "Resolution 1373 (2001)"),
        (
            "paragraph",
            "Adopted by the Security Council at its 4385th meeting, on\n28 September 2001",
        ),
        ("paragraph", "The Security Council,"),
        (
            "paragraph",
            "Reaffirming its resolutions 1269 (1999) of 19 October 1999 and 1368 (2001) of\n"
            "12 September 2001,",
        ),
        (
            "paragraph",
            "Deeply concerned by the increase, in various regions of the world, of acts of\n"
            "terrorism motivated by intolerance or extremism,",
        ),
        ("item", "Decides that all States shall:"),
        (
            "item",
            "Prevent and suppress the financing of terrorist acts, as in subparagraph\n"
            "(b) above and in paragraph 2;",
        ),
        (
            "item",
            "Criminalize the wilful provision or collection, by any means, directly or\n"
            "indirectly, of funds by their nationals.",
        ),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        "with 3 abstentions (China, France,\nUnited Kingdom of Great Britain\nand Malta).",
        "with 3 abstentions (China,\nRecovered Guinea and Malta).",
        "in favour were China,\nUnited Arab Emirates, France.",
    ],
)
def test_names_in_a_column_open_no_clause(lines):
    text = RESOLUTION + f"\nAdopted at the 873rd meeting\n{lines}\n"
    assert plain(text)[-1] == ("paragraph", f"Adopted at the 873rd meeting\n{lines}")


WIDE = "in it are many staff and they have more than enough to do the whole year by"


@pytest.mark.parametrize("end", [" of", " by the", " and", " with", ","])
def test_a_short_line_that_is_not_finished_goes_on_before_a_capital(end):
    text = f"It is so that\n{WIDE}\n{WIDE}\nsaid that it is the work{end}\nVienna and {WIDE}"
    assert plain(text) == [("paragraph", text)]


@pytest.mark.parametrize("end", ["", " thereof", " therein.", " band"])
def test_a_short_line_that_is_finished_ends_its_paragraph(end):
    first = f"It is so that\n{WIDE}\n{WIDE}\nsaid that it is the work{end}"
    second = f"Vienna and {WIDE}"
    assert plain(f"{first}\n{second}") == [("paragraph", first), ("paragraph", second)]


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_of_other_systems_make_no_difference(newline):
    expected = [(kind, content.replace("\n", newline)) for kind, content in plain(RESOLUTION)]
    assert plain(RESOLUTION.replace("\n", newline)) == expected


PAGE = """\
Calls upon all States to cooperate, particularly through bilateral and multilateral
arrangements and agreements, to prevent and suppress terrorist attacks and take
action against the perpetrators of such acts in accordance with the relevant and
"""
NEXT_PAGE = """\
applicable provisions of international law and of this resolution, and to report to
the Committee on the steps that they have taken to that end within ninety days.
"""


@pytest.mark.parametrize(
    "furniture",
    [
        "S/RES/1267 (1999)\nPage 3\n",
        "\nS/RES/1267 (1999)\n\nPage 3\n\n",
        "\f",
        "3\n\f",
        "\n- 3 -\n\f\nS/RES/1267 (1999)\n\n",
        "3/12\n",
        "Page 3 of 12\n",
        "14-235462/6\n",
        "3/613-47969\n",
        "95-38059 (E) /...\n/...\n\nS/RES/1027 (1995)\nPage 2\n",
        "99-00643 (E)\n*9900643*\n",
        "_____\n",
    ],
)
def test_a_sentence_goes_on_over_a_page_break(furniture):
    text = PAGE + furniture + NEXT_PAGE
    assert plain(text) == [("paragraph", text.strip())]


def test_what_a_page_repeats_is_no_text_of_the_document():
    text = PAGE.replace("relevant and", "law.") + "S/RES/1267 (1999)\nPage 3\n" + NEXT_PAGE.title()
    assert [kind for kind, _ in plain(text)] == ["paragraph", "chrome", "chrome", "paragraph"]


def test_document_symbols_that_a_text_lists_are_text():
    assert plain(f"{LONG}\n\nS/2015/939\n\nS/2018/1177\n\n{LONG}\n")[1:3] == [
        ("paragraph", "S/2015/939"),
        ("paragraph", "S/2018/1177"),
    ]


@pytest.mark.parametrize("line", ["555-12345 67890", "20-21 May", "12-34567 apples", "1-800-55555"])
def test_numbers_that_no_printer_makes_are_text(line):
    text = f"{PAGE.replace('relevant and', 'law.')}{line}\n{NEXT_PAGE}"
    assert "chrome" not in {kind for kind, _ in plain(text)}


def test_what_looks_like_a_printers_number_in_a_text_without_columns_is_text():
    assert plain(f"{LONG}\n\n12-34567\n\n{LONG}\n")[1] == ("paragraph", "12-34567")


def test_a_document_symbol_that_pages_repeat_is_furniture():
    text = f"{LONG}\nS/2015/939\n{LONG}\nS/2015/939\n{LONG}\n"
    assert [kind for kind, _ in plain(text)] == [
        "paragraph",
        "chrome",
        "paragraph",
        "chrome",
        "paragraph",
    ]


def test_a_line_of_a_column_may_start_as_navigation_does():
    text = (
        "The delegations of all Member States that had come to New York were bidden a warm\n"
        "welcome to the meeting by the Chair of the Committee, who then gave the floor to\n"
        "copyright holders and others who had asked for it.\n"
    )
    assert plain(text) == [("paragraph", text.strip())]


def test_a_heading_in_capitals_stands_out_from_the_column_under_it():
    text = "COUNTERING THE USE OF THE INTERNET FOR TERRORIST PURPOSES\n" + PAGE + NEXT_PAGE
    assert plain(text) == [
        ("heading", "COUNTERING THE USE OF THE INTERNET FOR TERRORIST PURPOSES"),
        ("paragraph", (PAGE + NEXT_PAGE).strip()),
    ]


def test_a_hash_heading_stands_out_from_the_column_under_it():
    heading = "Countering the Use of the Internet for Terrorist Purposes in All Its Forms"
    assert plain(f"# {heading}\n{PAGE}{NEXT_PAGE}") == [
        ("heading", heading),
        ("paragraph", (PAGE + NEXT_PAGE).strip()),
    ]


# Torn paragraphs


def test_a_paragraph_torn_before_a_small_letter_is_one():
    text = f"{LONG} It goes on to recruitment,\n\ntraining, planning, and fundraising. {LONG}\n"
    assert plain(text) == [("paragraph", text.strip())]


def test_a_paragraph_torn_before_a_capital_is_one():
    text = f"{LONG} It directs the Counter-Terrorism\n\nCommittee to act on it. {LONG}\n"
    assert plain(text) == [("paragraph", text.strip())]


def test_a_long_heading_in_small_letters_is_not_torn_from_the_paragraph_under_it():
    heading = "How all States can cooperate with the private sector to counter terrorism"
    assert plain(f"{heading}\n\n{LONG}\n") == [("heading", heading), ("paragraph", LONG)]


def test_long_lines_without_full_stops_stay_lines():
    lines = [
        "Regulatory and policy frameworks relating to information and communications tools",
        "Legislation to counter the misuse of such tools for terrorist purposes by anyone",
        "Capacity to use special investigative techniques to monitor the use of such tools",
    ]
    assert plain("\n\n".join([LONG, *lines])) == [("paragraph", line) for line in [LONG, *lines]]


# The page around a text


@pytest.mark.parametrize(
    "line",
    [
        "Please view this site in landscape mode.",
        "Click here to consult The Use of the Internet for Terrorist Purposes.",
        "Welcome to the United Nations. It's your world.",
        "Photo © Shutterstock Images",
        "Photo: UN/Mark Garten",
        "© 2015 United Nations",
        "Copyright 2015 United Nations",
        "All rights reserved.",
        "Skip to main content",
        "Share this page",
        "Print this",
        "Share on Facebook",
        "Read more »",
        "We use cookies to improve your experience.",
        "Page 3 of 12",
        "12",
    ],
)
def test_lines_of_the_page_are_furniture(line):
    assert plain(f"{LONG}\n\n{line}\n\n{LONG}\n")[1] == ("chrome", line)


@pytest.mark.parametrize(
    "line",
    [
        "Copyright law protects the author of a work.",
        "Share this duty with all States.",
        "Photographs were taken in Vienna.",
        "Previous meetings were held in Vienna.",
    ],
)
def test_sentences_that_start_like_furniture_are_text(line):
    assert plain(f"{LONG}\n\n{line}\n\n{LONG}\n")[1] == ("paragraph", line)


# Blanks of plain text


def test_a_byte_order_mark_and_hard_blanks_are_no_part_of_a_block():
    text = f"\ufeffTHE TITLE OF IT\n\n\xa0\u3000{LONG}\xa0\u200b\n"
    blocks = layout.text_blocks(text, LINES)
    assert [(block.kind, block.start, block.end) for block in blocks] == [
        (BlockKind.HEADING, 1, 16),  # 15 letters after the mark
        (BlockKind.PARAGRAPH, 20, 20 + len(LONG)),
    ]


@pytest.mark.parametrize("text", ["", "\ufeff", " \n\t\r\n", "\u2003\u200b\u2003\n\x0c\xa0"])
def test_blanks_hold_no_blocks(text):
    assert layout.text_blocks(text, LINES) == []
    assert layout.markdown_blocks(text, LINES) == []


# Sections


def test_a_title_and_a_subtitle_stand_above_the_text_until_the_next_heading():
    text = f"THE WHOLE TITLE\n\nThe Subtitle of It\n\n{LONG}\n\nTHE NEXT PART\n\nIt ends.\n"
    assert paths(text, layout.text_blocks(text, LINES)) == [
        (LONG, ("THE WHOLE TITLE", "The Subtitle of It")),
        ("It ends.", ("THE NEXT PART",)),
    ]


def test_furniture_between_headings_does_not_part_them():
    text = f"THE WHOLE TITLE\n\nPhoto © UN\n\nThe Subtitle of It\n\n{LONG}\n"
    assert paths(text, layout.text_blocks(text, LINES)) == [
        (LONG, ("THE WHOLE TITLE", "The Subtitle of It"))
    ]


def test_text_before_the_first_heading_is_under_none():
    assert paths(LONG, layout.text_blocks(LONG, LINES)) == [(LONG, ())]


def test_a_heading_on_two_lines_is_shown_on_one():
    text = "COUNTERING THE USE OF\nTHE INTERNET BY ALL\n\nIt starts,\nand goes\non, and ends.\n"
    assert paths(text, layout.text_blocks(text, LINES)) == [
        ("It starts,\nand goes\non, and ends.", ("COUNTERING THE USE OF THE INTERNET BY ALL",))
    ]


def test_markdown_headings_nest_by_their_levels():
    text = "# A\n\na.\n\n## B\n\nb.\n\n### C\n\nc.\n\n## D\n\nd.\n\n# E\n\ne.\n"
    assert paths(text, layout.markdown_blocks(text, LINES)) == [
        ("a.", ("A",)),
        ("b.", ("A", "B")),
        ("c.", ("A", "B", "C")),
        ("d.", ("A", "D")),
        ("e.", ("E",)),
    ]


# Markdown


@pytest.mark.parametrize(
    ("source", "level"),
    [
        ("# Title", 1),
        ("###### Title", 6),
        ("## Title ##", 2),
        ("   ### Title   #", 3),
        ("Title\n===", 1),
        ("Title\n  ---  ", 2),
        ("> # Title", 1),
        ("> Title\n> ---", 2),
        ("- # Title", 1),
        ("\ufeff# Title", 1),
    ],
)
def test_markdown_headings_leave_their_marks_behind(source, level):
    text = f"{source}\n\nText.\n"
    block = layout.markdown_blocks(text, LINES)[0]
    assert (block.kind, text[block.start : block.end], block.level) == (
        BlockKind.HEADING,
        "Title",
        level,
    )


@pytest.mark.parametrize(("heading", "title"), [("# C#", "C#"), ("## 2. Scope", "2. Scope")])
def test_a_markdown_heading_keeps_what_is_no_mark(heading, title):
    assert markdown(f"{heading}\n\nText.\n")[0] == ("heading", title)


def test_an_empty_markdown_heading_is_nothing():
    assert markdown("#\n\nText.\n") == [("paragraph", "Text.")]


def test_a_markdown_heading_may_read_as_navigation():
    assert markdown("# Search\n\nText.\n")[0] == ("heading", "Search")


def test_markdown_items_leave_their_marks_behind_at_every_depth():
    text = "- a\n- b\n  more\n\n  second\n\n1. one\n2) two\n\n- - deep\n   * [x] 3. done\n"
    assert markdown(text) == [
        ("item", "a"),
        ("item", "b\n  more"),
        ("item", "second"),
        ("item", "one"),
        ("item", "two"),
        ("item", "deep"),
        ("item", "[x] 3. done"),
    ]


def test_markdown_quotes_leave_the_first_mark_behind():
    assert markdown("> It said\n> so.\n") == [("paragraph", "It said\n> so.")]


def test_markdown_code_is_text_without_its_fence():
    text = "```py\n# code\nx > 1\n```\n\n    - indented\n    # x\n\n> ~~~\n> y\n> ~~~\n\n```\n```\n"
    assert markdown(text) == [
        ("paragraph", "# code\nx > 1"),
        ("paragraph", "- indented\n    # x"),
        ("paragraph", "y"),
    ]


def test_markdown_paragraphs_keep_what_only_looks_like_a_mark():
    text = "12345678901. It is no list.\n\n\\- Nor this.\n\n2015.It is.\n"
    assert [kind for kind, _ in markdown(text)] == ["paragraph"] * 3
    assert markdown(text)[0][1] == "12345678901. It is no list."


def test_html_without_words_is_furniture():
    text = "<!-- lint > off -->\n\n<img src='a.png'>\n\n<p>It has words.</p>\n\nText.\n"
    assert [kind for kind, _ in markdown(text)] == ["chrome", "chrome", "paragraph", "paragraph"]


def test_furniture_is_known_in_markdown_too():
    assert markdown("Click here to go on.\n\nText.\n")[0] == ("chrome", "Click here to go on.")


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_markdown_lines_may_end_as_on_other_systems(newline):
    text = "# Title\n\nOne line\nand more.\n\n- item\n".replace("\n", newline)
    assert markdown(text) == [
        ("heading", "Title"),
        ("paragraph", f"One line{newline}and more."),
        ("item", "item"),
    ]


def test_markdown_headings_at_the_end_are_lines_of_the_text():
    assert markdown("Text.\n\n# Annex\n") == [("paragraph", "Text."), ("paragraph", "Annex")]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_keys_at_the_top_of_a_markdown_file_are_for_programs(newline):
    front = "---\ntitle: A Text\ntags:\n  - one\n- two\nempty:\n---".replace("\n", newline)
    assert markdown(f"{front}{newline}# Title{newline}{newline}Text.{newline}") == [
        ("chrome", front),
        ("heading", "Title"),
        ("paragraph", "Text."),
    ]


def test_text_between_two_rules_is_text():
    assert markdown("---\nIt says: so.\n\nAnd goes on.\n\n---\n\nText.\n") == [
        ("paragraph", "It says: so."),
        ("paragraph", "And goes on."),
        ("paragraph", "Text."),
    ]
