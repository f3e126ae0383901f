"""Resolutions and documents by number, in whatever form people write them."""

from __future__ import annotations

import pytest

from index.domains import Domains, un_identifiers
from index.domains.un import UN
from index.records import Mention

UN_ALONE = Domains((UN,))


def found(text: str) -> list[tuple[str, str]]:
    """Keys, each with the very words that stand for it."""
    return [(one.key, text[one.start : one.end]) for one in un_identifiers.find(text)]


@pytest.mark.parametrize(
    "form",
    [
        "resolution 2462",
        "Resolution 2462 (2019)",
        "RESOLUTION 2462 (2019)",
        "resolution 2462(2019)",
        "resolution 2462 ( 2019 )",
        "resolution\xa02462\xa0(2019)",
        "resolution\n2462 (2019)",
        "resolution No. 2462",
        "resolution number 2462",
        "resolution #2462",
        "UNSCR 2462",
        "UNSCR 2462 (2019)",
        "UNSCR2462",
        "UNSCR-2462",
        "UNSC resolution 2462",
        "UNSC Res. 2462",
        "SCR 2462",
        "res. 2462",
        "Res 2462",
        "Security Council resolution 2462",
        "security council Resolution No. 2462 (2019)",
        "S/RES/2462 (2019)",
        "S/RES/2462(2019)",
        "S/RES/2462",
        "s/res/2462",
        "2462 (2019)",
    ],
)
@pytest.mark.parametrize(
    "around", ["{}", "What does {} ask?", "**{}**, which", "(see {}).", "“{}”"]
)
def test_every_form_of_a_council_resolution_has_one_key(form, around):
    assert found(around.format(form)) == [("S/RES/2462", form)]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("resolution 2462 (2019)", 2019),
        ("S/RES/2462 (2019)", 2019),
        ("S/RES/2462(2019)", 2019),
        ("resolution 1 (1946)", 1946),
        ("resolution 2462", None),
        ("resolution 2462, adopted in 2019", None),
    ],
)
def test_the_year_comes_from_the_brackets(text, year):
    assert [one.year for one in un_identifiers.find(text)] == [year]


def test_spans_count_characters_of_the_whole_text():
    text = "𝔘𝔫: see UNSCR 1373 (2001), and 1624 (2005)."
    # "UNSCR 1373 (2001)" starts after eight characters, two of them beyond the first plane.
    assert un_identifiers.find(text) == [
        Mention("S/RES/1373", 8, 25, 2001),
        Mention("S/RES/1624", 31, 42, 2005),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "resolutions 2395 (2017) and 2396 (2017), the Council",
            [("S/RES/2395", "resolutions 2395 (2017)"), ("S/RES/2396", "2396 (2017)")],
        ),
        (
            "In its resolutions, 2322 (2016), 2331 (2016), 2341 (2017) and 2396 (2017)**, it",
            [
                ("S/RES/2322", "resolutions, 2322 (2016)"),
                ("S/RES/2331", "2331 (2016)"),
                ("S/RES/2341", "2341 (2017)"),
                ("S/RES/2396", "2396 (2017)"),
            ],
        ),
        (
            "Security Council resolutions 1373 (2001), 1624 (2005), 2462 (2019) and 2482 and other "
            "relevant Council resolutions",
            [
                ("S/RES/1373", "Security Council resolutions 1373 (2001)"),
                ("S/RES/1624", "1624 (2005)"),
                ("S/RES/2462", "2462 (2019)"),
                ("S/RES/2482", "2482"),
            ],
        ),
        (
            "resolutions 1373, 1624, and 2178",
            [("S/RES/1373", "resolutions 1373"), ("S/RES/1624", "1624"), ("S/RES/2178", "2178")],
        ),
        (
            "UNSCRs 1373 or 1624; 2178 & 2396?",
            [
                ("S/RES/1373", "UNSCRs 1373"),
                ("S/RES/1624", "1624"),
                ("S/RES/2178", "2178"),
                ("S/RES/2396", "2396"),
            ],
        ),
        (
            "resolution 60/288, 66/178 and 2396 (2017)",
            [
                ("A/RES/60/288", "resolution 60/288"),
                ("A/RES/66/178", "66/178"),
                ("S/RES/2396", "2396 (2017)"),
            ],
        ),
        (
            "S/RES/1373 (2001) and S/RES/1624 (2005)",
            [("S/RES/1373", "S/RES/1373 (2001)"), ("S/RES/1624", "S/RES/1624 (2005)")],
        ),
        (
            "in accordance with 1737 (2006) and the list (1267 (1999))",
            [("S/RES/1737", "1737 (2006)"), ("S/RES/1267", "1267 (1999)")],
        ),
    ],
)
def test_each_member_of_a_list_is_found_under_its_own_words(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("form", "key"),
    [
        ("resolution 66/178", "A/RES/66/178"),
        ("General Assembly resolution 66/178", "A/RES/66/178"),
        ("GA resolution 66/178", "A/RES/66/178"),
        ("UNGA Res. 66/178", "A/RES/66/178"),
        ("A/RES/60/288", "A/RES/60/288"),
        ("a/res/60/288", "A/RES/60/288"),
        ("General Assembly resolution 2625 (XXV)", "A/RES/2625(XXV)"),
        ("resolution 2625 (XXV)", "A/RES/2625(XXV)"),
        ("2625 (XXV)", "A/RES/2625(XXV)"),
        ("A/RES/2625(XXV)", "A/RES/2625(XXV)"),
        ("A/RES/2625 (XXV)", "A/RES/2625(XXV)"),
        ("resolution 217 A (III)", "A/RES/217A(III)"),
        ("217 A (III)", "A/RES/217A(III)"),
        ("A/RES/217 A (III)", "A/RES/217A(III)"),
        ("Human Rights Council resolution 28/16", "A/HRC/RES/28/16"),
        ("A/HRC/RES/28/16", "A/HRC/RES/28/16"),
    ],
)
@pytest.mark.parametrize(
    "around", ["{}", "the adoption of {}, the Office", "Strategy\xa0 ( {}) of"]
)
def test_resolutions_of_the_assembly_have_keys_of_their_own(form, key, around):
    assert found(around.format(form)) == [(key, form)]


@pytest.mark.parametrize(
    "symbol",
    [
        "S/PRST/2016/6",
        "S/2017/716",
        "S/2018/1177",
        "S/25704",
        "A/68/841",
        "A/60/825/Add.1",
        "A/HRC/28/28",
        "E/CN.4/2006/98",
        "S/AC.37/2017/2",
        "ST/SGB/2003/13",
    ],
)
@pytest.mark.parametrize("around", ["{}", "the statement ({}) and", "([{}](#)).", "See {}."])
def test_symbols_of_other_documents_are_their_own_keys(symbol, around):
    assert found(around.format(symbol)) == [(symbol.upper(), symbol)]


def test_two_symbols_of_one_document_are_two():
    assert found("A/68/841-S/2014/9") == [("A/68/841", "A/68/841"), ("S/2014/9", "S/2014/9")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "and/or",
        "24/7",
        "9/11",
        "TCP/IP",
        "HTTP/2 and H/264",
        "I/O, N/A, km/h, w/o",
        "UNCCT/UNOCT",
        "COVID-19",
        "11 September 2001",
        "on 12/2015 and 5/6/2015",
        "in 2015",
        "since 2016, GIFCT members",
        "in May (2015)",
        "article 13 (2015), page 12 (2001)",
        "the resolution of 2001",
        "the resolution in 2019",
        "a resolution adopted 15 years ago",
        "a resolution of 1920x1080",
        "resolution 1080p",
        "resolution 12345",
        "General Assembly resolution 288",
        "www.un.org/terrorism/2015",
        "www.un.org/terrorism/internet.shtml",
        "https://www.un.org/en/A/RES/60/288",
        "undocs.org/S/2017/716",
        "responsibilities 2395",
        "the 1267 Monitoring Team",
        "guiding principles 13, 14, 33, 43 and 44",
    ],
)
def test_what_only_looks_like_an_identifier_is_none(text):
    assert un_identifiers.find(text) == []


@pytest.mark.parametrize(
    "after",
    [
        ", 15 States",
        " and 28 January 2003",
        ", 2015 and later",
        " and 193 Member States",
        " and 193 countries",
        " and 100 meetings",
        " and 2016",
        ", adopted in 2001",
        " to 15 bodies",
        " of 28 September 2001",
    ],
)
def test_a_number_after_a_resolution_may_be_a_date_or_a_count(after):
    text = f"resolution 1373 (2001){after}"
    assert found(text) == [("S/RES/1373", "resolution 1373 (2001)")]


@pytest.mark.parametrize(
    "text", ["resolution" + " " * 100_000 + "x", "UNSCR 1373," + " " * 100_000]
)
def test_a_run_of_blanks_takes_no_time(text):
    assert len(un_identifiers.find(text)) <= 1


def test_bare_numbers_are_those_outside_identifiers():
    text = "What about 2129, 1373 (2001), S/2017/716 and 2178?"
    assert un_identifiers.bare_numbers(text) == [
        Mention("S/RES/2129", 11, 15),
        Mention("S/RES/2178", 45, 49),
    ]


@pytest.mark.parametrize("text", ["24/7", "2.5", "1,373", "2017-2018", "12345", "A4", "4th", "x/2"])
def test_parts_of_other_numbers_are_no_bare_numbers(text):
    assert un_identifiers.bare_numbers(text) == []


@pytest.mark.parametrize(
    ("key", "year", "expected"),
    [
        ("S/RES/2462", 2019, "resolution 2462 (2019)"),
        ("S/RES/2462", None, "resolution 2462"),
        ("A/RES/60/288", None, "General Assembly resolution 60/288"),
        ("A/RES/2625(XXV)", None, "General Assembly resolution 2625(XXV)"),
        ("S/PRST/2016/6", None, "S/PRST/2016/6"),
    ],
)
def test_a_label_is_how_a_text_calls_the_identifier(key, year, expected):
    assert UN_ALONE.label(key, year) == expected


@pytest.mark.parametrize("key", ["S/RES/2462", "A/RES/60/288", "A/RES/2625(XXV)", "S/PRST/2016/6"])
def test_a_label_leads_back_to_its_key(key):
    assert [one.key for one in un_identifiers.find(UN_ALONE.label(key))] == [key]


def test_leading_zeros_do_not_change_a_council_key():
    assert un_identifiers.council_key("0001") == un_identifiers.council_key(1) == "S/RES/1"


@pytest.mark.parametrize("number", ["4", "84", "384"])
def test_the_heading_of_an_early_resolution_names_it(number):
    (found,) = un_identifiers.find(f"{number} (1950). Resolution of 7 July 1950")
    assert (found.key, found.year) == (f"S/RES/{number}", 1950)


@pytest.mark.parametrize(
    "text",
    ["Room 1373 (2008) was painted", "Council Regulation 2580 (2001)", "Convention No. 189 (2011)"],
)
def test_a_number_and_a_year_of_something_else_are_no_resolution(text):
    assert un_identifiers.find(text) == []


@pytest.mark.parametrize(
    "text", ["pursuant to 1373 (2001)", "1373 (2001)", "by the Council 1373 (2001)"]
)
def test_a_bare_number_with_its_year_is_one(text):
    assert [one.key for one in un_identifiers.find(text)] == ["S/RES/1373"]


@pytest.mark.parametrize("form", ["S/2025/496/Rev.1", "S/2025/496/Rev. 1", "s/2025/496/REV.1"])
def test_a_revision_has_a_key_of_its_own_however_it_is_spaced(form):
    assert found(f"see {form}.") == [("S/2025/496/REV.1", form)]
    assert found("S/2025/496, Rev. 1") == [("S/2025/496", "S/2025/496")]
