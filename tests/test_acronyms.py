"""Abbreviations with the long forms that a text gives for them."""

from __future__ import annotations

import pytest
from known import ENGLISH

from index import acronyms
from index.records import Definition

LONG_BEFORE_SHORT = [
    ("Counter-Terrorism Committee Executive Directorate", "CTED"),  # "Committee" is not spelled
    ("Counter-Terrorism Implementation Task Force", "CTITF"),
    ("United Nations Office on Drugs and Crime", "UNODC"),
    ("United Nations Office of Counter-Terrorism", "UNOCT"),
    ("United Nations Educational, Scientific and Cultural Organization", "UNESCO"),
    ("United Nations Interregional Crime and Justice Research Institute", "UNICRI"),
    ("Office of the High Commissioner for Human Rights", "OHCHR"),  # and not "of the High …"
    ("Overview of Implementation Assessment", "OIA"),
    ("International Criminal Police Organization", "INTERPOL"),
    ("Organization for Security and Co-operation in Europe", "OSCE"),
    ("information and communications technologies", "ICT"),
    ("foreign terrorist fighters", "FTFs"),
    ("Communication Service Providers", "CSPs"),
    ("countering the financing of terrorism", "CFT"),
    ("electronic Detailed Implementation Survey", "e-DIS"),
    ("Internet of Things", "IoT"),
    ("Islamic State", "IS"),
    ("artificial intelligence", "AI"),
    ("chemical, biological, radiological and nuclear", "CBRN"),
]


@pytest.mark.parametrize(("long", "short"), LONG_BEFORE_SHORT)
@pytest.mark.parametrize(
    "around",
    ["{}", "It met. In the {}, which", "** {}**", "by them;\n\n- {}\n- more", "𝔘 by {} too"],
)
def test_a_short_form_in_brackets_is_defined_by_the_words_before_it(long, short, around):
    pair = f"{long} ({short})"
    text = around.format(pair)
    start = text.index(pair)
    assert acronyms.find(text, ENGLISH) == [Definition(short, long, start, start + len(pair))]


@pytest.mark.parametrize(
    ("short", "brackets", "long"),
    [
        ("CTITF", "[]", "Counter-Terrorism Implementation Task Force"),
        ("CTED", "()", "Counter-Terrorism Committee Executive Directorate"),
        ("UN", "()", "United Nations"),
        ("FTFs", "()", "foreign terrorist fighters"),
        ("WMD", "()", "weapons of mass destruction"),
    ],
)
def test_a_long_form_in_brackets_defines_the_word_before_it(short, brackets, long):
    pair = f"{short} {brackets[0]}{long}{brackets[1]}"
    text = f"with the {pair} Office"
    assert acronyms.find(text, ENGLISH) == [Definition(short, long, 9, 9 + len(pair))]


def test_an_article_in_the_brackets_is_no_part_of_the_long_form():
    text = "FATF (the Financial Action Task Force)"
    assert acronyms.find(text, ENGLISH) == [
        Definition("FATF", "Financial Action Task Force", 0, len(text))
    ]


@pytest.mark.parametrize("short", ["“CTC”", '"CTC"', "hereinafter “CTC”", 'the "CTC"'])
def test_a_short_form_may_be_quoted(short):
    text = f"Counter-Terrorism Committee ({short})"
    assert acronyms.find(text, ENGLISH) == [
        Definition("CTC", "Counter-Terrorism Committee", 0, len(text))
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "in the Congo (MONUSCO), United Nations Multidimensional Integrated Stabilization "
            "Mission in the Central African Republic (MINUSCA)",
            [],
        ),
        (
            "disarmament (DDR) as well as disbanding, demobilization, retraining and rest (DDRR)",
            [("DDRR", "disbanding, demobilization, retraining and rest")],
        ),
    ],
)
def test_a_long_form_does_not_begin_within_the_brackets_before_it(text, found):
    assert [(one.short, one.long) for one in acronyms.find(text, ENGLISH)][-1:] == found


def test_brackets_within_brackets_hold_a_definition():
    text = "[now the United Nations Office of Counter-Terrorism (UNOCT)], and"
    # The long form starts after "[now the ", at 9.
    assert acronyms.find(text, ENGLISH) == [
        Definition("UNOCT", "United Nations Office of Counter-Terrorism", 9, 59)
    ]


def test_a_definition_may_run_over_the_lines_of_a_column():
    text = "the United Nations\nOffice on Drugs and\r\nCrime (UNODC) and CTITF [Counter-Terrorism\n"
    text += "Implementation Task Force]"
    start = text.index("CTITF")
    assert acronyms.find(text, ENGLISH) == [
        Definition(
            "UNODC", "United Nations Office on Drugs and Crime", 4, text.index(" and CTITF")
        ),
        Definition("CTITF", "Counter-Terrorism Implementation Task Force", start, len(text)),
    ]


def test_definitions_come_in_the_order_of_the_text():
    text = "World Health Organization (WHO) and IAP [International Association of Prosecutors]"
    assert [(one.short, text[one.start : one.end]) for one in acronyms.find(text, ENGLISH)] == [
        ("WHO", "World Health Organization (WHO)"),
        ("IAP", "IAP [International Association of Prosecutors]"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "adopted resolution 1373 (2001)",
        "Task Force Office (lead)",
        "Monitoring Team (1267 Monitoring Team) (lead)",
        "moderated by ICT4Peace (see post here).",
        "ISIL (Da'esh)",
        "intelligence (e.g., machine learning)",
        "in the guide (S/2017/716)",
        "Legal Frameworks (Data)",
        "It was large. A group met. (CTED)",
        "(CTED)",
        "the members (OSCE)",
        "under items very old (IV)",
        "the Counter-Terrorism Committee.\n\n(CTC)",
        "CTED (created in 2004, as the Council had decided in one of its many resolutions)",
    ],
)
def test_brackets_that_define_nothing(text):
    assert acronyms.find(text, ENGLISH) == []


@pytest.mark.parametrize("text", ["CTED", "e-DIS", "G7", "FTFs", "IoT", "U.S."])
def test_short_forms(text):
    assert acronyms.is_short_form(text)


@pytest.mark.parametrize("text", ["lead", "Data", "2017", "I", "", "IV", "XII", "AN ICT", "A" * 11])
def test_no_short_forms(text):
    assert not acronyms.is_short_form(text)


@pytest.mark.parametrize(
    ("short", "long", "start"),
    [
        ("CTC", "of the Counter-Terrorism Committee", 7),
        ("ICT", "the use of information and communications technologies", 11),
        ("NATO", "North Atlantic Treaty Organization", 0),
        ("XYZ", "Counter-Terrorism Committee", None),
        ("CTC", "the Committee", None),
    ],
)
def test_the_best_long_form_is_the_shortest_run_of_words(short, long, start):
    assert acronyms.best_long_form(short, long, ENGLISH) == start


def test_two_things_are_no_long_form():
    said = "the situation in Mali and the United Nations Stabilization Mission in Mali (MINUSMA)"
    assert [*acronyms.find(said, ENGLISH)] == []
