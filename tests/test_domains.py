"""Rules of a kind of documents hold for documents of that kind, and another kind can be added."""

from __future__ import annotations

import re

import pytest

from index import domains, generation
from index.build import build
from index.config import IndexSettings
from index.domains import PLAIN, UN, Domain, Domains
from index.errors import InvalidSetting
from index.records import Mention
from qa.question.identifiers import find_identifiers
from qa.question.knowledge import of as knowledge_of
from qa.records import Question

_PROVISION = re.compile(
    r"\bart(?:icle|\.)?\s?(?P<number>\d+)(?P<parts>(?:\s?\(\w+\))*)"
    r"\s(?:of the )?(?P<act>GDPR|ePrivacy Directive)\b",
    re.IGNORECASE,
)


def provisions(text: str) -> list[Mention]:
    """Provisions of a statute book: "Art. 6(1)(a) GDPR"."""
    return [
        Mention(
            " ".join((one["act"].upper(), one["number"] + "".join(one["parts"].split()))),
            *one.span(),
        )
        for one in _PROVISION.finditer(text)
    ]


def called(key: str, _year: int | None) -> str:
    act, _, place = key.rpartition(" ")
    return f"Art. {place} {act}" if act in {"GDPR", "EPRIVACY DIRECTIVE"} else ""


STATUTES = Domain(
    "statutes",
    marks=lambda text: len(provisions(text)),
    identifiers=provisions,
    label=called,
    kind="provision",
    asks_identifier=re.compile(r"\bwhich (?:article|provision)\b", re.IGNORECASE),
)
BOOK = (
    "Consent\n\nArt. 6(1)(a) GDPR makes consent a lawful ground of processing. It must be "
    "freely given.\n\nArt. 6(1)(b) GDPR makes a contract such a ground.\n"
)
ACT = "Resolution 2462 (2019)\n\nThe Security Council decides to end the financing of terrorism.\n"
NOTE = "Boats sail south each spring. The room 1373 (2008) is let to skippers.\n"


@pytest.fixture
def statutes(monkeypatch):
    monkeypatch.setitem(domains.REGISTERED, "statutes", STATUTES)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (ACT, "un"),
        ("Having regard to A/RES/60/288, the members met.", "un"),
        ("The General Assembly, in resolution 60/288, asks for it.", "un"),
        (NOTE, "plain"),
        ("The shareholders passed resolution 12 in the general assembly.", "plain"),
        ("HTTP/2 and H/264 are no documents; neither is ISO/IEC/27001.", "plain"),
        ("The United Nations has many members.", "plain"),
        (BOOK, "plain"),
        ("", "plain"),
    ],
)
def test_a_document_is_recognised_by_its_own_marks(text, name):
    assert domains.chooser("auto")(text).name == name


@pytest.mark.parametrize("name", ["un", "plain"])
def test_a_domain_can_be_set_for_all_documents(name):
    assert {domains.chooser(name)(text).name for text in (ACT, NOTE)} == {name}


def test_a_domain_that_there_is_not_is_told_with_those_that_there_are():
    with pytest.raises(InvalidSetting, match=r"ATTEST_DOMAIN cannot be 'law'.*plain, un"):
        domains.chooser("law")


def test_a_generation_records_the_domain_of_each_document(answerer_of):
    database = answerer_of({"act.txt": ACT, "note.txt": NOTE}).generation.database
    assert {one.id: one.domain for one in database.documents()} == {"act": "un", "note": "plain"}
    assert database.domains == Domains((UN, PLAIN))


def test_a_plain_collection_meets_no_rule_of_the_united_nations(answerer_of):
    recital = "1373 (2008)\n\nRecalling the boats.\n\n14-23546\n\nThe boats sail.\n"
    answerer = answerer_of({"note.txt": NOTE, "other.txt": recital})
    database = answerer.generation.database
    assert database.mentioning("S/RES/1373", 9) == []
    known = knowledge_of("en", database)
    assert find_identifiers("what does resolution 1373 cover", known) == []
    reading = answerer.ask(Question("what does resolution 1373 cover")).interpretation
    assert (reading.identifiers, reading.unknown_identifiers) == ((), ())
    assert "14-23546" in " ".join(
        one.text for one in database.passages(database.rows_of(["other"]))
    )


def test_the_setting_decides_and_outdates_the_index(documents, settings, encoder):
    folder = documents({"act.txt": ACT})
    plain = IndexSettings(data=settings.data, domain="plain")
    found = []
    for one in (settings, plain):
        assert build([folder], one, lambda _: encoder).changed
        found.append(generation.open_current(settings.data).database.documents()[0].domain)
    assert found == ["un", "plain"]


@pytest.mark.usefixtures("statutes")
def test_a_third_domain_is_one_record_and_one_registration(answerer_of):
    answerer = answerer_of({"act.txt": ACT, "book.txt": BOOK, "note.txt": NOTE})
    database = answerer.generation.database
    assert {one.id: one.domain for one in database.documents()} == {
        "act": "un",
        "book": "statutes",
        "note": "plain",
    }
    found = answerer.ask(Question("what does article 6 (1)(a) of the GDPR say"))
    assert found.interpretation.identifiers == ("GDPR 6(1)(a)",)
    assert found.interpretation.text == "what does Art. 6(1)(a) GDPR say"
    assert found.citations[0].text.startswith("Art. 6(1)(a) GDPR makes consent")
    absent = answerer.ask(Question("what does Art. 99 GDPR say")).refusal
    assert absent.unknown_identifiers == ("Art. 99 GDPR",)
    kind = answerer.ask(Question("which provision makes a contract a ground")).interpretation
    assert (kind.kind, kind.asked_kind) == ("identifier", "provision")
    # The other domains are read as before.
    both = answerer.ask(Question("what does resolution 2462 say")).interpretation
    assert both.identifiers == ("S/RES/2462",)


@pytest.mark.usefixtures("statutes")
def test_identifiers_of_several_domains_do_not_overlap():
    together = Domains((UN, STATUTES))
    text = "Art. 6 GDPR and resolution 2462 (2019), then what about 1373?"
    assert [text[one.start : one.end] for one in together.find(text)] == [
        "Art. 6 GDPR",
        "resolution 2462 (2019)",
    ]
    assert [text[one.start : one.end] for one in together.bare_numbers(text)] == ["1373"]
    assert [together.label(key) for key in ("S/RES/2462", "GDPR 6", "S/2017/716")] == [
        "resolution 2462",
        "Art. 6 GDPR",
        "S/2017/716",
    ]
