"""Addresses of citations after their document has changed: what is marked is what was cited."""

from __future__ import annotations

import hashlib
import re
from dataclasses import fields
from html import unescape
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as some
from service import serving, until

from index import statements
from index.database import DocumentEntry
from qa.service.document_page import Asked, address, render

OLD = (
    "The Orchard\n\nA narrow canal shall water the orchard. Bees visit it in early spring.\n\n"
    "The old wall keeps the wind out.\n"
)
CANAL = "A narrow canal shall water the orchard."
BEES = "Bees visit it in early spring."
WALL = "The old wall keeps the wind out."
FOREWORD = "A foreword stands before all that was here.\n\n"
MOVED = "This document has changed since; the words now stand here."
GONE = "This document has changed since, and the cited words are gone. Nothing is marked."
NO_WORDS = "This document has changed since, and the address does not say which words it cites."
DAMAGED = "The address is damaged"
OUTSIDE = "range that this document does not have"
WRONG_WORDS = "8-0123456789abcdef"


def entry_of(text):
    digest = hashlib.sha256(text.encode()).hexdigest()
    entry: dict[str, Any] = dict.fromkeys((one.name for one in fields(DocumentEntry)), "")
    known = {"id": "a", "title": "A", "source": "a.txt", "sha256": digest}
    return DocumentEntry(**{**entry, **known})


def asked(cited, of=OLD, also=(), **changes):
    """What the address of the words ``cited`` asks for."""
    start = of.index(cited)
    known = {"sha256": entry_of(of).sha256[:12], "words": statements.fingerprint(cited)}
    return Asked(start, start + len(cited), also, **{**known, **changes})


def also(cited, of=OLD, words=True):
    start = of.index(cited)
    place = f"{start}-{start + len(cited)}"
    return f"{place}.{statements.fingerprint(cited)}" if words else place


def shown(text, wanted):
    """What a page of ``text`` marks as cited, what beside it, and what it says of a change."""
    page = render(entry_of(text), text, wanted)
    cited = [plain(one) for one in re.findall(r'<mark id="cited">(.*?)</mark>', page, re.S)]
    beside = [plain(one) for one in re.findall(r'<mark class="also">(.*?)</mark>', page, re.S)]
    assert len(cited) + len(beside) == page.count("<mark")
    (said,) = re.findall(r'<p class="notice" role="status">(.*?)</p>', page) or [""]
    return cited, beside, said


def plain(html):
    return unescape(re.sub(r"</?strong[^>]*>", "", html))


def test_a_document_that_is_the_same_is_marked_as_ever():
    cited, beside, said = shown(OLD, asked(CANAL, also=[also(BEES), also(WALL, words=False)]))
    assert (cited, beside, said) == ([CANAL], [BEES, WALL], "")


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        (FOREWORD + OLD, CANAL[:-1]),
        (OLD.removeprefix("The Orchard\n\n"), CANAL[:-1]),
        (f"{CANAL}\n\n{FOREWORD * 9}{OLD.replace(CANAL, '')}", CANAL[:-1]),
        (OLD.replace("old wall", "new wall"), CANAL),
        (OLD.replace(CANAL, f"“{CANAL}”"), f"“{CANAL[:-1]}"),
        (OLD.replace("canal shall", "canal\n  shall"), "A narrow canal\n  shall water the orchard"),
        (OLD.replace("canal", "**canal**"), "A narrow **canal** shall water the orchard"),
        (OLD.replace("canal", "[canal](/c)"), "A narrow [canal](/c) shall water the orchard"),
        (OLD.replace("canal", "<b>canal</b>"), "A narrow <b>canal</b> shall water the orchard"),
    ],
    ids=["on", "back", "far", "in place", "quotation", "blanks", "emphasis", "a link", "HTML"],
)
def test_words_that_stand_elsewhere_are_marked_there(text, marks):
    cited, _, said = shown(text, asked(CANAL))
    assert cited == [marks]
    assert statements.said(marks) == statements.said(CANAL)
    assert said.startswith(f'{MOVED} <a href="#cited">Go to the cited words</a> (characters ')


@pytest.mark.parametrize(
    "text",
    [
        OLD.replace("shall", "may"),
        OLD.replace("shall", "shall not"),
        OLD.replace(CANAL, ""),
        OLD.replace("narrow canal shall", "canal, narrow, shall"),
        OLD.replace("A narrow", "USA narrow"),
        OLD.replace("the orchard. Bees", "the orchards. Bees"),
        "",
    ],
    ids=["another word", "not", "gone", "another order", "a longer word", "a plural", "empty"],
)
def test_words_that_are_gone_mark_nothing(text):
    wanted = asked(CANAL, also=[also(BEES)])
    assert shown(text, wanted) == ([], [], GONE)


def test_a_range_that_holds_the_letters_within_longer_words_is_not_the_words():
    old, new = "All of them are lawful acts.", "None of those is unlawful act."
    wanted = asked("lawful act", of=old.replace("acts", "act"))
    assert new[wanted.start + 3 : wanted.end + 3] == "lawful act"
    moved = wanted._replace(start=wanted.start + 3, end=wanted.end + 3)
    assert shown(new, moved) == ([], [], GONE)


def test_of_words_that_stand_twice_those_nearest_are_marked():
    text = f"{BEES}\n\n{FOREWORD}{OLD}"
    page = render(entry_of(text), text, asked(BEES, of=FOREWORD + OLD))
    assert page.count("<mark") == 1
    assert page.index('<mark id="cited">') > page.index("A narrow canal")


def test_a_changed_document_of_which_no_words_are_known_marks_nothing():
    cited, beside, said = shown(FOREWORD + OLD, asked(CANAL, words=None, also=[also(BEES)]))
    assert (cited, beside) == ([], [])
    assert said == f"{NO_WORDS} Nothing is marked."


def test_words_without_a_hash_are_checked_by_themselves():
    assert shown(OLD, asked(CANAL, sha256=None)) == ([CANAL], [], "")
    cited, _, said = shown(FOREWORD + OLD, asked(CANAL, sha256=None))
    assert (cited, said[: len(MOVED)]) == ([CANAL[:-1]], MOVED)
    assert shown(OLD.replace("shall", "may"), asked(CANAL, sha256=None)) == ([], [], GONE)


def test_an_old_address_marks_what_stands_at_its_offsets():
    plainly = asked(CANAL, sha256=None, words=None, also=[also(BEES, words=False)])
    text = OLD.replace("shall", "could")
    assert shown(text, plainly) == ([CANAL.replace("shall", "could")], [BEES], "")


def test_further_citations_are_marked_where_they_stand_now_or_left_out():
    wanted = asked(CANAL, also=[also(BEES), also(WALL), also("The Orchard", words=False)])
    text = FOREWORD + OLD.replace("old wall", "new wall")
    cited, beside, _ = shown(text, wanted)
    assert (cited, beside) == ([CANAL[:-1]], [BEES[:-1]])


def test_two_citations_that_have_become_one_place_are_marked_once():
    twice = f"{BEES} {WALL} {BEES}"
    second = f"{twice.rindex(BEES)}-{len(twice)}.{statements.fingerprint(BEES)}"
    cited, beside, _ = shown(f"{WALL} {BEES}", asked(BEES, of=twice, also=[second]))
    assert (cited, beside) == ([BEES[:-1]], [])


def test_many_further_citations_of_a_long_changed_document_do_not_hold_it_up(monkeypatch):
    sought: list[object] = []
    find = statements.find

    def counted(*of):
        sought.append(of)
        return find(*of)

    monkeypatch.setattr(statements, "find", counted)
    text = FOREWORD + OLD + "Nothing of note is said on this line.\n" * 10_000
    others = [f"{n}-{n + 9}.{WRONG_WORDS[:-2]}{n:02x}" for n in range(100)]
    wanted = asked(CANAL, also=[also(BEES), *others])
    assert shown(text, wanted)[:2] == ([CANAL[:-1]], [BEES[:-1]])
    assert len(sought) == 3


@pytest.mark.parametrize("text", [OLD, FOREWORD + OLD], ids=["the same", "changed"])
@pytest.mark.parametrize(
    "wrong",
    [
        *({"sha256": one} for one in ["", "1234567", "x" * 12, "0" * 65, "٣" * 12, "<b>", " " * 9]),
        {"sha256": entry_of(OLD).sha256[:7]},
        {"sha256": entry_of(OLD).sha256[:12] + "\n"},
        *(
            {"words": one}
            for one in ["", "7", "-", "x-y", WRONG_WORDS + "\n", "٣" + WRONG_WORDS[1:]]
        ),
        {"words": "9" * 100_000},
        {"words": f"1234567{WRONG_WORDS[1:]}"},
        {"words": "<script>alert(1)</script>"},
        {"words": "\x00"},
    ],
)
def test_what_cannot_be_read_marks_nothing(text, wrong):
    cited, beside, said = shown(text, asked(CANAL, also=[also(BEES)], **wrong))
    assert (cited, beside) == ([], [])
    assert said.startswith(DAMAGED)
    assert said.endswith("Nothing is marked.")


@pytest.mark.parametrize("digits", [8, 12, 64])
def test_so_many_digits_of_a_hash_are_enough(digits):
    digest = entry_of(OLD).sha256[:digits]
    assert shown(OLD, asked(CANAL, sha256=digest.upper())) == ([CANAL], [], "")
    assert shown(FOREWORD + OLD, asked(CANAL, sha256=digest))[0] == ([CANAL[:-1]])


@pytest.mark.parametrize("text", [OLD, FOREWORD + OLD], ids=["the same", "changed"])
@pytest.mark.parametrize(
    "changes",
    [
        {"start": -1},
        {"start": 99, "end": 3},
        {"start": None},
        {"end": None},
        {"start": 9, "end": 9},
    ],
)
def test_a_range_that_no_document_has_is_said_to_be_wrong(text, changes):
    cited, _, said = shown(text, asked(CANAL)._replace(**changes))
    assert cited == []
    assert OUTSIDE in said


def test_a_range_beyond_the_end_of_what_is_left_is_still_found():
    text = CANAL
    wanted = asked(CANAL, of=FOREWORD * 9 + OLD)
    assert wanted.start > len(text)
    assert shown(text, wanted)[0] == [CANAL[:-1]]
    assert OUTSIDE in shown(text, wanted._replace(sha256=entry_of(text).sha256))[2]


def test_a_document_whose_address_asks_for_nothing_says_nothing():
    assert shown(OLD, Asked(sha256="rubbish", words="rubbish")) == ([], [], "")


def test_steps_to_other_citations_know_their_words_by_the_text_of_today(answerer_of, settings):
    answerer = answerer_of({"a.txt": FOREWORD + OLD})
    text, entry = FOREWORD + OLD, answerer.generation.database.document("a")
    start = OLD.index(CANAL)
    known = f"sha256={'0' * 12}&words={statements.fingerprint(CANAL)}"
    query = f"start={start}&end={start + len(CANAL)}&{known}&also={also(BEES)}&also={also(WALL)}"
    with serving(settings.data, lambda: answerer) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        first = client.get(f"/documents/a?{query}").text
        second = client.get(step(first, "next")).text
        third = client.get(step(second, "next")).text
    place = text.index(BEES[:-1])
    assert step(first, "next").startswith(address(entry, place, place + 29, BEES))
    assert 'rel="prev"' not in first
    assert 'rel="next"' not in third
    assert f'<mark id="cited">{BEES[:-1]}</mark>' in second
    assert f'<mark id="cited">{WALL[:-1]}</mark>' in third
    for page in (first, second, third):
        assert page.count("<mark") == 3
    assert MOVED in first
    assert MOVED not in second + third


def step(page, relation):
    found = re.search(rf'<a rel="{relation}" href="([^"]*)#cited">', page)
    assert found
    return unescape(found[1])


def test_the_address_of_a_citation_outlives_its_version_of_the_document(answerer_of, settings):
    before = answerer_of({"a.txt": OLD})
    with serving(settings.data, lambda: before) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        body = {"question": "Which narrow canal shall water the orchard?"}
        (cited, *_) = client.post("/v1/ask", json=body).json()["citations"]
        found = client.get("/v1/search", params={"q": "narrow canal"}).json()["passages"][0]
        pages = [client.get(one["url"]).text for one in (cited, found)]
    assert cited["cited_text"] == CANAL
    assert [page.count('<mark id="cited">') for page in pages] == [1, 1]
    assert [page.count(MOVED) for page in pages] == [0, 0]
    after = answerer_of({"a.txt": FOREWORD + OLD})
    with serving(settings.data, lambda: after) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        for one, words in [(cited, cited["cited_text"]), (found, found["text"])]:
            page = client.get(one["url"]).text
            assert MOVED in page
            found = re.search(r'<mark id="cited">(.*?)</mark>', page, re.S)
            assert found
            marked = plain(found[1])
            assert statements.said(marked) == statements.said(words)


HOSTILE = '"><script>window.ran=1</script><img src=x onerror=alert(1)>'


@pytest.mark.parametrize("name", ["sha256", "words", "also"])
@pytest.mark.parametrize(
    "value", [HOSTILE, f"120-180.{HOSTILE}", "\x00", "%", "\ud800", "'" * 9999]
)
def test_no_value_of_an_address_gets_into_the_page_or_breaks_it(answerer_of, settings, name, value):
    answerer = answerer_of({"a.txt": OLD})
    with serving(settings.data, lambda: answerer) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        start = OLD.index(CANAL)
        query = {"start": start, "end": start + len(CANAL), name: value.encode("utf-8", "replace")}
        response = client.get("/documents/a", params=query)
        assert response.status_code == 200
        assert "window.ran" not in response.text
        assert "onerror" not in response.text
        assert response.text.count("<script") == 1
        assert (DAMAGED in response.text) == (name != "also")
        assert ("<mark" in response.text) == (name == "also")
        assert client.get(
            "/documents/a", params={"start": 0, "end": 9, name: ["a", "b"]}
        ).is_success


WORDS = some.sampled_from(
    ["shall", "may", "not", "a", "State", "-5", "5", "5,000", "un", "lawful", "unlawful", "é", "§"]
)
GLUE = some.sampled_from(
    [" ", "\n", "  ", ". ", ", ", " **", "** ", " <b>", "</b> ", "\n> ", "\n\n", " “"]
)
PIECES = some.lists(some.tuples(WORDS, GLUE), min_size=1, max_size=12)


def joined(pieces):
    return "".join(word + glue for word, glue in pieces)


@hypothesis.settings(max_examples=300, deadline=None)
@hypothesis.given(data=some.data())
def test_what_is_marked_always_states_what_was_cited(data):
    before, cited, after = (joined(data.draw(PIECES)) for _ in range(3))
    old = f"{before} {cited} {after}"
    rest = some.sampled_from([before, after, cited, joined(data.draw(PIECES)), "un", "not ", ""])
    new = " ".join(data.draw(some.lists(rest, max_size=6)))
    start = len(before) + 1
    words = statements.fingerprint(cited)
    nearby = data.draw(some.integers(0, len(old)))
    others = [f"{nearby}-{nearby + len(cited)}.{words}", f"{nearby}-{nearby + 3}"]
    known = {"sha256": entry_of(old).sha256[:12], "words": words}
    marks, beside, said = shown(new, Asked(start, start + len(cited), others, **known))
    wanted = statements.said(cited)
    if new == old:
        assert marks == [cited]
        return
    for one in [*marks, *beside]:
        assert statements.said(one) == wanted
    stated = statements.said(new)
    holds = any(stated[n : n + len(wanted)] == wanted for n in range(len(stated)))
    assert bool(marks) == holds
    assert (MOVED in said, said == GONE) == (holds, not holds)
