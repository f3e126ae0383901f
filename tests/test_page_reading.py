"""The reading panel: a citation lands on its exact words in the document's own text."""

from __future__ import annotations

import json

import pytest
from page import (
    BOATS_QUESTION,
    BOATS_QUOTE,
    FILES,
    QUESTION,
    QUOTE,
    UNANSWERED,
    ask,
    box,
    leave_document,
)
from playwright.sync_api import expect

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

LONG = "".join(f"Line {number} of this book is much like any other.\n" for number in range(4000))


def marked(page):
    return page.locator("#quoted")


def selected(page):
    """What stands between two places of the panel's text, as the reader sees it."""
    return marked(page).evaluate("node => node.textContent")


def change_kept(page, change, then=None):
    """Alters the citation that the browser keeps, as if it had been kept for long."""
    script = """(change) => {
      const key = Object.keys(localStorage).find((one) => one.startsWith("attest.thread."));
      const thread = JSON.parse(localStorage[key]);
      Object.assign(thread.turns[0].reply.citations[0], change);
      localStorage[key] = JSON.stringify(thread);
    }"""
    page.evaluate(script, change)
    page.goto(then or page.url)


def test_a_citation_opens_beside_the_thread_with_its_words_in_view(site, open_page):
    page = open_page(site.url)
    turn = ask(page, QUESTION)
    mark = turn.get_by_role("link", name="[1] The Orchard")
    mark.click()
    panel = page.get_by_role("complementary", name="The Orchard")
    expect(panel).to_contain_text("Citation 1 of")
    expect(panel.locator("#reader-section")).to_have_text("WATERING THE TREES")
    expect(marked(page)).to_have_text(QUOTE)
    expect(marked(page)).to_be_in_viewport(ratio=1)
    expect(turn.locator("blockquote")).to_be_in_viewport()
    expect(panel).to_contain_text("Bees visit it in early spring.")
    expect(panel.get_by_role("heading", name="WATERING THE TREES")).to_be_visible()
    expect(mark).to_have_attribute("aria-current", "true")


def test_the_panel_holds_the_document_character_for_character(site_of, open_page):
    # A byte order mark and characters beyond the first plane: bytes, UTF-16 and code points
    # all count differently.
    text = (
        "\ufeff\U0001f6a2\U0001f6a2 Ships\r\n\r\nShips \U0001f6a2 of 𝔬𝔩𝔡 wait here. "
        f"The \U0001f433 whale sings below & beyond.\r\n\r\n{'Waves roll on and on. ' * 30}\r\n"
    )
    page = open_page(site_of({"sea.txt": text.encode()}).url)
    turn = ask(page, "Which whale sings below beyond?")
    turn.locator("a.mark").first.click()
    expect(marked(page)).to_be_visible()
    assert selected(page) == "The \U0001f433 whale sings below & beyond."
    assert page.locator("#reader-text").evaluate("node => node.textContent") == text


def test_a_citation_deep_in_a_long_document_is_scrolled_to(site_of, open_page):
    wanted = "A purple heron nests behind the lighthouse."
    page = open_page(site_of({"book.txt": f"The Book\n\n{LONG}\n{wanted}\n\n{LONG}"}).url)
    ask(page, "Which purple heron nests behind the lighthouse?").locator("a.mark").first.click()
    expect(marked(page)).to_be_in_viewport()
    assert selected(page) == wanted
    expect(page.locator("#reader-state")).to_contain_text("Only the part around them")
    assert page.locator("#reader-text").evaluate("node => node.textContent.length") < 60_000


def test_a_ranked_passage_opens_in_its_document_too(site, open_page):
    page = open_page(site.url)
    turn = ask(page, UNANSWERED)
    turn.locator(".passages a").first.click()
    expect(marked(page)).to_contain_text("resolution", ignore_case=True)
    expect(page.locator("#reader-count")).to_have_text("Passage 1")


def test_previous_and_next_go_through_the_citations_of_the_thread(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION).locator("a.mark").first.click()
    expect(marked(page)).to_have_text(QUOTE)
    expect(page.get_by_role("button", name="Previous")).to_be_disabled()
    turn = ask(page, BOATS_QUESTION)
    expect(page.locator("#reader")).to_be_hidden()
    turn.locator("a.mark").first.click()
    expect(marked(page)).to_have_text(BOATS_QUOTE)
    for _ in range(page.locator(".turn").first.locator("a.mark").count()):
        page.get_by_role("button", name="Previous").click()
    expect(marked(page)).to_have_text(QUOTE)
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_role("button", name="Previous")).to_be_enabled()


def test_a_citation_is_verified_and_says_so_in_words(site, open_page):
    turn = ask(open_page(site.url), QUESTION)
    expect(turn.locator("[data-verdict='1']")).to_have_text(
        "✓ Verified: the words stand in the document exactly here"
    )


def test_a_citation_that_has_moved_opens_where_its_words_stand_now(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION)
    change_kept(page, {"start_char_index": 3, "end_char_index": 3 + len(QUOTE)})
    expect(page.locator("[data-verdict='1']")).to_contain_text("Moved")
    page.locator("a.mark").first.click()
    expect(marked(page)).to_have_text(QUOTE)
    expect(page.locator("#reader-state")).to_contain_text("have moved")


def test_words_that_no_longer_stand_anywhere_mark_nothing(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION)
    change_kept(page, {"cited_text": "A wide river waters the orchard."})
    expect(page.locator("[data-verdict='1']")).to_contain_text("Changed")
    page.locator("a.mark").first.click()
    expect(page.locator("#reader-state")).to_contain_text("Nothing is marked")
    expect(page.locator("#reader-text")).to_contain_text(QUOTE)
    expect(marked(page)).to_have_count(0)


MOVED = "This document has changed since; the words now stand here."
GONE = "This document has changed since, and the cited words are gone. Nothing is marked."
ORCHARD = FILES["orchard.txt"]


def change_document(site, page, answerer_of, text):
    """The orchard becomes ``text`` while the browser keeps what it was told of it before."""
    site.change(answerer_of({"orchard.txt": text}))
    page.goto(page.url)


@pytest.mark.parametrize(
    "text",
    [
        f"A Foreword\n\nNew words stand before all others.\n\n{ORCHARD}",
        ORCHARD.replace(" Bees visit it in early spring.", ""),
        ORCHARD.replace("seventy", "ninety-"),
        ORCHARD.replace("canal waters the", "canal\n  waters\tthe"),
    ],
    ids=["further on", "further back", "where they were", "on other lines"],
)
def test_a_citation_of_a_changed_document_opens_where_its_words_stand_now(
    site, answerer_of, open_page, text
):
    assert text != ORCHARD
    page = open_page(site.url)
    ask(page, QUESTION)
    change_document(site, page, answerer_of, text)
    page.locator("a.mark").first.click()
    expect(page.locator("#reader-state")).to_have_text(MOVED)
    assert selected(page).split() == QUOTE.split()


def test_a_moved_citation_may_hold_any_characters(site_of, answerer_of, open_page):
    quote = r"The *heron* [grey] pays $5 (a+b|c) {x}^2 for \d/\s nests, doesn't it?"
    site = site_of({"orchard.txt": f"Birds\n\n{quote}\n"})
    page = open_page(site.url)
    ask(page, "Which grey heron pays for nests?")
    change_document(site, page, answerer_of, f"Birds\n\nNew words come first.\n\n{quote}\n")
    page.locator("a.mark").first.click()
    expect(page.locator("#reader-state")).to_have_text(MOVED)
    assert selected(page) == quote


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (QUOTE, "Nothing is said of water any more."),
        ("canal waters", "canal never waters"),
        (QUOTE[:1], "USA"),
    ],
    ids=["gone", "one word more", "a longer word"],
)
def test_a_citation_whose_words_are_gone_marks_nothing(site, answerer_of, open_page, before, after):
    page = open_page(site.url)
    ask(page, QUESTION)
    start = ORCHARD.index(before, ORCHARD.index(QUOTE))
    text = ORCHARD[:start] + after + ORCHARD[start + len(before) :]
    change_document(site, page, answerer_of, text)
    page.locator("a.mark").first.click()
    expect(page.locator("#reader-state")).to_have_text(GONE)
    expect(page.locator("#reader-text")).to_contain_text("seventy apple trees")
    expect(marked(page)).to_have_count(0)


def test_nothing_is_said_of_a_document_that_is_the_same(site, open_page):
    page = open_page(site.url)
    turn = ask(page, QUESTION)
    turn.locator("a.mark").first.click()
    expect(marked(page)).to_have_text(QUOTE)
    expect(page.locator("#reader-state")).to_have_text("")
    turn.locator(".passages summary").click()
    turn.locator(".passages a").first.click()
    expect(page.locator("#reader-count")).to_have_text("Passage 1")
    expect(marked(page)).to_contain_text(QUOTE)
    expect(page.locator("#reader-state")).to_have_text("")


@pytest.mark.parametrize("version", ["?sha256=000000000000", "?"], ids=["known", "not known"])
def test_a_passage_of_a_changed_document_is_found_by_its_words(
    site, answerer_of, open_page, version
):
    page = open_page(site.url)
    ask(page, QUESTION)
    script = """(url) => {
      const key = Object.keys(localStorage).find((one) => one.startsWith("attest.thread."));
      const thread = JSON.parse(localStorage[key]);
      Object.assign(thread.turns[0].reply.passages[0], { url });
      localStorage[key] = JSON.stringify(thread);
    }"""
    page.evaluate(script, f"/documents/orchard{version}")
    change_document(site, page, answerer_of, f"A Foreword\n\nNew words.\n\n{ORCHARD}")
    page.locator(".passages summary").click()
    page.locator(".passages a").first.click()
    expect(page.locator("#reader-state")).to_have_text(MOVED)
    expect(marked(page)).to_contain_text(QUOTE)


def test_a_document_that_changes_while_the_page_is_open_is_read_anew(site, answerer_of, open_page):
    page = open_page(site.url)
    mark = ask(page, QUESTION).locator("a.mark").first
    mark.click()
    expect(marked(page)).to_have_text(QUOTE)
    page.get_by_role("button", name="Close").click()
    site.change(answerer_of({"orchard.txt": f"A Foreword\n\nNew words.\n\n{ORCHARD}"}))
    mark.click()
    expect(page.locator("#reader-state")).to_have_text(MOVED)
    expect(page.locator("#reader-text")).to_contain_text("A Foreword")


def test_the_whole_document_marks_moved_citations_and_leaves_gone_ones_out(
    site, answerer_of, open_page
):
    page = open_page(site.url)
    ask(page, "Which bees visit it in early spring?")
    ask(page, QUESTION)
    text = f"A Foreword\n\nNew words.\n\n{ORCHARD}"
    change_document(site, page, answerer_of, text)
    page.locator(".turn").nth(1).locator("a.mark").first.click()
    page.get_by_role("link", name="Whole document").click()
    expect(page.get_by_role("status")).to_contain_text(MOVED)
    expect(page.locator("mark#cited")).to_contain_text(QUOTE[:-1])
    expect(page.locator("mark.also")).to_contain_text(["Bees visit it in early spring"])
    leave_document(page)
    expect(page.locator("blockquote").first).to_be_visible()
    change_document(site, page, answerer_of, text.replace("Bees visit", "Wasps visit"))
    page.get_by_role("link", name="Whole document").click()
    expect(page.locator("mark#cited")).to_contain_text(QUOTE[:-1])
    expect(page.locator("mark")).to_have_count(1)


def test_the_whole_document_marks_no_other_words_for_a_citation_of_an_earlier_version(
    site, answerer_of, open_page
):
    page = open_page(site.url)
    ask(page, "Which bees visit it in early spring?")
    change_document(site, page, answerer_of, f"A Foreword\n\nNew words.\n\n{ORCHARD}")
    ask(page, QUESTION).locator("a.mark").first.click()
    expect(marked(page)).to_have_text(QUOTE)
    page.get_by_role("link", name="Whole document").click()
    expect(page.locator("mark#cited")).to_have_text(QUOTE)
    expect(page.locator("mark")).to_have_count(1)


def test_a_citation_kept_without_a_fingerprint_marks_no_other_words(site, answerer_of, open_page):
    page = open_page(site.url)
    ask(page, QUESTION)
    place = ORCHARD.index(QUOTE)
    change_kept(page, {"url": f"/documents/orchard?start={place}&end={place + len(QUOTE)}"})
    page.locator("a.mark").first.click()
    link = page.get_by_role("link", name="Whole document")
    link.click()
    expect(page.locator("mark#cited")).to_have_text(QUOTE)
    leave_document(page)
    expect(page.locator("blockquote").first).to_be_visible()
    change_document(site, page, answerer_of, f"A Foreword\n\nNew words.\n\n{ORCHARD}")
    link.click()
    expect(page.get_by_role("status")).to_contain_text("does not say which words it cites")
    expect(page.locator("mark")).to_have_count(0)


def test_a_document_that_cannot_be_read_is_said_and_can_be_chosen_again(site, open_page):
    page = open_page(site.url)
    mark = ask(page, QUESTION).locator("a.mark").first
    page.route("**/text", lambda route: route.abort())
    mark.click()
    expect(page.locator("#reader-state")).to_contain_text("cannot be read now")
    page.unroute("**/text")
    mark.click()
    expect(marked(page)).to_have_text(QUOTE)


def test_on_a_phone_the_panel_covers_the_thread_and_back_closes_it(site, open_page):
    page = open_page(site.url, viewport={"width": 390, "height": 800}, has_touch=True)
    turn = ask(page, QUESTION)
    turn.locator("a.mark").first.tap()
    expect(marked(page)).to_be_in_viewport()
    assert page.locator("#reader").evaluate("node => node.clientWidth") == 390
    assert page.locator("main").evaluate("node => node.inert")
    page.go_back()
    expect(page.locator("#reader")).to_be_hidden()
    assert not page.locator("main").evaluate("node => node.inert")
    expect(turn.locator("blockquote")).to_be_visible()


def test_the_whole_document_is_one_step_away_with_all_its_citations(site, open_page):
    page = open_page(site.url)
    ask(page, "Which bees visit it in early spring?")
    ask(page, QUESTION).locator("a.mark").first.click()
    page.get_by_role("link", name="Whole document").click()
    expect(page.locator("mark#cited")).to_have_text(QUOTE)
    expect(page.locator("mark.also")).to_contain_text(["Bees visit it in early spring."])
    page.get_by_role("link", name="Previous").click()
    expect(page.locator("mark#cited")).to_contain_text("Bees visit")
    leave_document(page)
    expect(page.locator(".turn")).to_have_count(2)
    assert "c=1" in page.url


def test_right_to_left_text_is_set_from_the_right(site_of, open_page):
    quote = "تروي القناة الضيقة البستان كل صباح."
    page = open_page(site_of({"a.txt": f"البستان\n\n{quote}\n"}).url)
    turn = ask(page, "متى تروي القناة الضيقة البستان؟")
    direction = "node => getComputedStyle(node).direction"
    assert turn.locator("h2").evaluate(direction) == "rtl"
    assert turn.locator(".quote").first.evaluate(direction) == "rtl"
    turn.locator("a.mark").first.click()
    expect(marked(page)).to_have_text(quote)
    right = """node => {
      const range = document.createRange();
      range.selectNodeContents(node);
      const line = range.getBoundingClientRect();
      const box = node.parentElement.getBoundingClientRect();
      return box.right - line.right < line.left - box.left;
    }"""
    assert marked(page).evaluate(right)


def test_a_thread_kept_by_another_version_is_let_go(site, open_page, watch):
    page = open_page(site.url)
    ask(page, QUESTION)
    change_kept(page, {"url": None, "section": None}, then=site.url)
    expect(page.locator(".turn")).to_have_count(0)
    expect(box(page)).to_be_focused()
    assert json.loads(page.evaluate("JSON.stringify(localStorage)")) == {}
    assert watch.errors == []
