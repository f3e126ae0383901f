"""A document's own page: its sections, the cited ranges in it, and addresses that are wrong."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

import pytest
from page import FILES, HOSTILE, QUOTE
from playwright.sync_api import expect

from index import statements

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

ORCHARD = FILES["orchard.txt"]
BEES = "Bees visit it in early spring."


def place(text):
    start = ORCHARD.index(text)
    return start, start + len(text)


def address(site, cited, *also):
    start, end = place(cited)
    rest = "".join(f"&also={first}-{last}" for first, last in also)
    return f"{site.url}/documents/orchard?start={start}&end={end}{rest}"


def test_a_citation_leads_to_the_document_with_the_words_marked(site, open_page):
    page = open_page(f"{address(site, QUOTE)}#cited")
    expect(page.locator("mark#cited")).to_have_text(QUOTE)
    expect(page.locator("mark#cited")).to_be_in_viewport()
    expect(page.get_by_role("heading", name="WATERING THE TREES")).to_be_visible()
    expect(page.get_by_role("navigation", name="Citations")).to_have_count(0)


def test_a_document_page_holds_the_text_character_for_character(site_of, open_page):
    text = "\r\n\r\nTHE ORCHARD\r\n\r\n  Seventy <b>trees</b> &amp; “bees” live here.\r\n"
    page = open_page(site_of({"a.txt": text.encode()}).url + "/documents/a?start=8&end=30")
    article = page.locator("article")
    assert article.evaluate("node => node.textContent") == text
    assert page.locator("mark").evaluate("node => node.textContent") == text[8:30]


def test_a_range_that_the_document_lacks_is_said_and_marks_nothing(site, open_page):
    page = open_page(site.url + "/documents/harbour?start=5&end=100000")
    expect(page.get_by_role("status")).to_contain_text("Nothing is marked")
    expect(page.locator("mark")).to_have_count(0)


def test_sections_are_listed_and_lead_to_their_headings(site_of, open_page):
    parts = [f"PART {name}\n\n{'The text of this part goes on. ' * 40}\n\n" for name in "ABC"]
    text = f"The Book\n\n{''.join(parts)}"
    address = site_of({"book.txt": text}).url + "/documents/book"
    page = open_page(address, viewport={"width": 800, "height": 600})
    page.get_by_text("Sections (4)").click()
    sections = page.get_by_role("navigation", name="Sections")
    expect(sections.get_by_role("link")).to_have_text(["The Book", "PART A", "PART B", "PART C"])
    sections.get_by_role("link", name="PART C").click()
    expect(page.get_by_role("heading", name="PART C")).to_be_in_viewport()


def test_there_is_a_way_to_the_next_citation_by_link_and_by_key(site, open_page):
    page = open_page(address(site, QUOTE, place(BEES), (0, 11)))
    citations = page.get_by_role("navigation", name="Citations")
    expect(citations).to_contain_text("Citation 3 of 3")
    expect(page.locator("mark.also")).to_have_text(["The Orchard", BEES])
    citations.get_by_role("link", name="Previous").click()
    expect(citations).to_contain_text("Citation 2 of 3")
    expect(page.locator("mark#cited")).to_have_text(BEES)
    page.wait_for_load_state()
    page.keyboard.press("k")
    expect(page.locator("mark#cited")).to_have_text("The Orchard")
    expect(citations.get_by_role("link", name="Previous")).to_have_count(0)
    page.wait_for_load_state()
    page.keyboard.press("j")
    expect(page.locator("mark#cited")).to_have_text(BEES)


@pytest.mark.parametrize(
    "also",
    ["0-11", "", "x", "5-", "11-3", "0-99999", "-1-4", "1-2-3", "٣-٤", "9999999999-99999999999"],
)
def test_further_citations_that_cannot_be_are_left_out(site, open_page, also):
    page = open_page(f"{address(site, 'The Orchard')}&also={also}")
    expect(page.locator("mark")).to_have_count(1)
    expect(page.locator("mark#cited")).to_have_text("The Orchard")


FOREWORD = "A Foreword\n\nNew words stand before all others.\n\n"


def lasting(cited, *others):
    """The address of a citation, and of others beside it, as the service gives it."""
    ranges = [(*place(one), statements.fingerprint(one)) for one in (cited, *others)]
    (start, end, words), *rest = ranges
    digest = hashlib.sha256(ORCHARD.encode()).hexdigest()[:12]
    beside = "".join(f"&also={first}-{last}.{name}" for first, last, name in rest)
    return f"/documents/orchard?start={start}&end={end}&sha256={digest}&words={words}{beside}#cited"


def test_an_old_address_leads_to_where_its_words_stand_now(site_of, open_page):
    page = open_page(site_of({"orchard.txt": FOREWORD + ORCHARD}).url + lasting(QUOTE, BEES))
    status = page.get_by_role("status")
    expect(status).to_contain_text("This document has changed since; the words now stand here.")
    expect(page.locator("mark#cited")).to_have_text(QUOTE.removesuffix("."))
    expect(page.locator("mark#cited")).to_be_in_viewport()
    expect(page.locator("mark.also")).to_have_text([BEES.removesuffix(".")])
    status.get_by_role("link", name="Go to the cited words").click()
    expect(page.locator("mark#cited")).to_be_in_viewport()
    page.keyboard.press("k")
    expect(page.locator("mark#cited")).to_have_text(BEES.removesuffix("."))
    expect(page.locator("mark.also")).to_have_text([QUOTE.removesuffix(".")])


def test_an_old_address_whose_words_are_gone_says_so(site_of, open_page):
    text = ORCHARD.replace("narrow canal waters", "narrow canal never waters")
    page = open_page(site_of({"orchard.txt": text}).url + lasting(QUOTE, BEES))
    expect(page.get_by_role("status")).to_have_text(
        "This document has changed since, and the cited words are gone. Nothing is marked."
    )
    expect(page.locator("mark")).to_have_count(0)
    expect(page.get_by_role("navigation", name="Citations")).to_have_count(0)


def test_an_address_of_today_says_nothing_of_changes(site, open_page):
    page = open_page(site.url + lasting(QUOTE, BEES))
    expect(page.locator("mark#cited")).to_have_text(QUOTE)
    expect(page.locator("mark.also")).to_have_text([BEES])
    expect(page.get_by_role("status")).to_have_count(0)


@pytest.mark.parametrize("name", ["sha256", "words", "also"])
def test_a_script_in_an_address_does_not_run(site, open_page, watch, name):
    page = open_page(f"{address(site, QUOTE)}&{name}={quote(HOSTILE)}")
    expect(page.locator("article")).to_contain_text(QUOTE)
    assert page.evaluate("window.ran") is None
    assert page.locator("img").count() == 0
    assert watch.errors == []
    if name != "also":
        expect(page.get_by_role("status")).to_contain_text("The address is damaged")
        expect(page.locator("mark")).to_have_count(0)


def test_an_unknown_document_is_a_page_with_status_404(site, open_page, watch):
    page = open_page(site.url)
    response = page.goto(site.url + "/documents/<b>nope")
    assert response.status == 404
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "trusted-types" in response.headers["content-security-policy"]
    expect(page.get_by_role("heading", level=1)).to_have_text("No such document")
    page.get_by_role("link", name="See the documents").click()
    expect(page.get_by_role("checkbox", name="The Orchard")).to_be_visible()


def test_other_wrong_addresses_are_pages_too(site, open_page):
    page = open_page(site.url)
    response = page.goto(site.url + "/nope")
    assert response.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing here")
    response = page.goto(site.url + "/documents/orchard?start=<i>&end=4")
    assert response.status == 422
    expect(page.locator("main")).to_contain_text("start")
    page.get_by_role("link", name="Show the whole document").click()
    expect(page.locator("article")).to_contain_text(QUOTE)


def test_a_page_of_a_document_needs_no_script(site, open_page):
    page = open_page(f"{address(site, QUOTE, place(BEES))}", java_script_enabled=False)
    expect(page.locator("mark#cited")).to_have_text(QUOTE)
    page.get_by_role("link", name="Previous").click()
    expect(page.locator("mark#cited")).to_have_text(BEES)
