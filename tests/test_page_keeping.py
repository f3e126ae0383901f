"""What a reader takes away: the address, the history, quotes, files, paper, and feedback left."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from page import BOATS_QUESTION, QUESTION, QUOTE, UNANSWERED, ask, box, hold, sent_by
from playwright.sync_api import expect

from eval import cases
from qa.service import feedback

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

COPYING = {"permissions": ["clipboard-read", "clipboard-write"]}


def clipboard(page):
    return page.evaluate("navigator.clipboard.readText()")


def accessed():
    today = datetime.now().astimezone()
    return f"Accessed {today.day} {today:%B %Y}."


# The address and the history


def test_the_conversation_the_draft_and_the_open_citation_outlive_a_reload(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION).locator("a.mark").first.click()
    box(page).fill("And the bees")
    page.locator("#quoted").wait_for()
    asked = []
    page.on("request", lambda one: asked.append(one.url))
    page.reload()
    expect(page.locator("#quoted")).to_have_text(QUOTE)
    expect(page.locator("blockquote")).to_contain_text(QUOTE)
    expect(box(page)).to_have_value("And the bees")
    box(page).press("Enter")
    expect(page.locator(".turn")).to_have_count(2)
    assert len([url for url in asked if url.endswith("/v1/ask")]) == 1


def test_a_conversation_kept_before_replies_had_all_their_fields_is_still_shown(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION)
    page.evaluate("""() => {
      const key = Object.keys(localStorage).find((one) => one.startsWith("attest.thread."));
      const thread = JSON.parse(localStorage[key]);
      for (const name of ["caveats", "unanswered"]) delete thread.turns[0].reply[name];
      localStorage[key] = JSON.stringify(thread);
    }""")
    page.reload()
    expect(page.locator("blockquote")).to_contain_text(QUOTE)


def test_an_address_reopens_the_question_and_the_citation_elsewhere(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION).locator("a.mark").first.click()
    page.locator("#quoted").wait_for()
    another = open_page(page.url)
    expect(another.locator(".turn")).to_have_count(1)
    expect(another.get_by_role("heading", name=QUESTION)).to_be_visible()
    expect(another.locator("#quoted")).to_have_text(QUOTE)
    expect(another.locator("#quoted")).to_be_in_viewport()


def test_the_address_of_a_follow_up_asks_what_it_leans_on_first(site, open_page):
    page = open_page(site.url)
    ask(page, BOATS_QUESTION)
    ask(page, QUESTION)
    ask(page, "and why is it?")
    another = open_page(page.url)
    expect(another.locator(".turn")).to_have_count(2)
    expect(another.locator(".turn h2")).to_have_text([QUESTION, "and why is it?"])
    expect(another.locator(".turn").nth(1).locator(".reading")).to_contain_text(QUESTION)


def test_back_and_forward_go_through_citations(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION).locator("a.mark").first.click()
    page.locator("#quoted").wait_for()
    page.go_back()
    expect(page.locator("#reader")).to_be_hidden()
    page.go_forward()
    expect(page.locator("#quoted")).to_have_text(QUOTE)


def test_the_documents_that_were_asked_are_in_the_address(site, open_page):
    page = open_page(f"{site.url}/?q=Which+boats+stay%3F&d=harbour")
    expect(page.locator("blockquote")).to_contain_text("Fishing boats")
    expect(page.locator("#scope")).to_contain_text("The Harbour")
    body = sent_by(page, lambda: ask(page, QUESTION))
    assert body["documents"] == ["harbour"]


def test_earlier_conversations_are_offered_and_can_be_forgotten(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION)
    ask(page, UNANSWERED)
    page.get_by_role("button", name="New conversation").click()
    earlier = page.get_by_role("region", name="Earlier, in this browser")
    earlier.get_by_role("button", name=f"{QUESTION} and 1 more").click()
    expect(page.locator(".turn")).to_have_count(2)
    page.get_by_role("button", name="New conversation").click()
    earlier.get_by_role("button", name="Forget them").click()
    earlier.get_by_role("button", name="Really forget this conversation?").click()
    expect(earlier.locator("li")).to_have_count(0)
    page.reload()
    expect(page.locator(".turn")).to_have_count(0)
    expect(earlier).to_be_hidden()


def test_what_was_forgotten_can_be_taken_back(site, open_page):
    page = open_page(site.url)
    page.clock.install()
    page.reload()
    ask(page, QUESTION)
    page.get_by_role("button", name="New conversation").click()
    earlier = page.get_by_role("region", name="Earlier, in this browser")
    for name in ("Forget them", "Really forget this conversation?", "Undo"):
        earlier.get_by_role("button", name=name).click()
    expect(earlier.get_by_role("button", name=QUESTION)).to_be_visible()
    button = earlier.locator("#forget")
    button.click()
    expect(button).to_contain_text("Really")
    page.clock.fast_forward(16_000)
    expect(button).to_have_text("Forget them")
    button.click()
    expect(button).to_contain_text("Really")
    button.click()
    expect(button).to_have_text("Undo")
    page.clock.fast_forward(16_000)
    expect(earlier).to_be_hidden()


def test_a_browser_that_keeps_nothing_still_answers(site, open_page, watch):
    page = open_page(site.url)
    broken = "Storage.prototype.setItem = () => { throw new DOMException('full'); };"
    page.add_init_script(broken)
    page.reload()
    expect(ask(page, QUESTION).locator("blockquote")).to_contain_text(QUOTE)
    assert watch.errors == []


# Copies, files and paper


def test_a_quote_is_copied_with_its_reference(site, open_page):
    page = open_page(site.url, **COPYING)
    turn = ask(page, QUESTION)
    turn.get_by_role("button", name="Copy quote 1 with its reference").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    address = turn.locator("a.mark").first.evaluate("node => node.href").removesuffix("#cited")
    wanted = f"“{QUOTE}” (The Orchard, “WATERING THE TREES”. {address}. {accessed()})"
    assert clipboard(page) == wanted
    turn.locator("a.mark").first.click()
    page.evaluate("navigator.clipboard.writeText('')")
    page.locator("#reader").get_by_role("button", name="Copy quote").click()
    expect(page.locator("#reader-state")).to_have_text("Copied.")
    assert clipboard(page) == wanted


def test_a_quote_that_is_copied_while_its_document_opens_is_said_to_be(site, open_page):
    page = open_page(site.url, **COPYING)
    turn = ask(page, QUESTION)
    held = hold(page, "**/v1/documents/*/text")
    turn.locator("a.mark").first.click()
    page.locator("#reader").get_by_role("button", name="Copy quote").click()
    expect(page.locator("#status")).to_have_text("Copied.")
    assert QUOTE in clipboard(page)
    while not held:
        page.wait_for_timeout(10)
    held[0].continue_()
    expect(page.locator("#quoted")).to_have_text(QUOTE)
    expect(page.locator("#reader-state")).to_have_text("Copied.")


def test_an_answer_is_copied_as_markdown(site_of, open_page):
    quote = "The *bold* heron_nests [behind] the `old` lighthouse."
    page = open_page(site_of({"a_b.txt": f"On Herons_of_Old\n\n{quote}\n"}).url, **COPYING)
    turn = ask(page, "Which heron_nests behind the old lighthouse?")
    turn.get_by_role("button", name="Copy with references").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    caveats = turn.locator(".caveat").all_inner_texts()
    question, *told, quoted, reference, confidence = clipboard(page).strip().split("\n\n")
    assert told == caveats
    assert question == "**Which heron\\_nests behind the old lighthouse?**"
    assert quoted == "> The \\*bold\\* heron\\_nests \\[behind\\] the \\`old\\` lighthouse. [1]"
    place = re.escape(f"{page.url.split('?')[0]}documents/a-b?start=")
    place += r"\d+&end=\d+&sha256=[0-9a-f]{12}&words=\d+-[0-9a-f]{16}"
    assert re.fullmatch(
        rf"1\. On Herons\\_of\\_Old\. <{place}>\. {re.escape(accessed())}", reference
    )
    assert re.fullmatch(r"Confidence \d+%: .+\.", confidence)


def test_the_conversation_is_exported_whole(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION)
    ask(page, UNANSWERED)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export the conversation").click()
    assert download.value.suggested_filename == "attest-conversation.md"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert text.startswith("# Asked of the documents, ")
    for part in (QUESTION, f"> {QUOTE} [1]", "1. The Orchard", UNANSWERED, "Declined: "):
        assert part in text


def test_a_quote_is_copied_with_a_link_for_programs_that_take_one(site, open_page):
    page = open_page(site.url, **COPYING)
    ask(page, QUESTION).get_by_role("button", name="Copy quote 1").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    read = """async () => {
      const [item] = await navigator.clipboard.read();
      return (await item.getType("text/html")).text();
    }"""
    rich = page.evaluate(read)
    assert QUOTE in rich
    assert re.search(r'<a href="http://[^"]+/documents/orchard\?start=\d+', rich)
    assert clipboard(page).startswith(f"“{QUOTE}”")


@pytest.mark.parametrize(
    ("format", "name", "parts"),
    [
        (
            "ris",
            "attest-references.ris",
            ["TY  - RPRT", "TI  - The Orchard", "UR  - http", "ER  - "],
        ),
        ("bibtex", "attest-references.bib", ["@techreport{orchard,", "title = {{The Orchard}}"]),
        (
            "csl",
            "attest-references.json",
            ['"title": "The Orchard"', '"type": "report"', "accessed"],
        ),
    ],
)
def test_references_are_saved_for_programs_that_keep_them(site, open_page, format, name, parts):
    page = open_page(site.url)
    ask(page, QUESTION)
    with page.expect_download() as download:
        page.get_by_label("References as a file").select_option(format)
    assert download.value.suggested_filename == name
    text = Path(download.value.path()).read_text(encoding="utf-8")
    for part in parts:
        assert part in text


def test_paper_has_the_thread_and_references_spelled_out_and_no_controls(site, open_page):
    page = open_page(site.url, color_scheme="dark")
    turn = ask(page, QUESTION)
    ask(page, UNANSWERED)
    turn.locator("a.mark").first.click()
    page.locator("#quoted").wait_for()
    expect(turn.locator(".spelled").first).to_be_hidden()
    page.emulate_media(media="print")
    for shown in (QUESTION, UNANSWERED):
        expect(page.get_by_role("heading", name=shown)).to_be_visible()
    expect(turn.locator("blockquote")).to_contain_text(f"{QUOTE} [1]")
    reference = turn.locator(".spelled").first
    expect(reference).to_be_visible()
    expect(reference).to_contain_text("The Orchard, “WATERING THE TREES”. http://127.0.0.1")
    expect(reference).to_contain_text("/documents/orchard?start=")
    expect(reference).to_contain_text(accessed())
    for hidden in ("#form", "#reader", ".top nav", ".tools", ".passages", "#tools"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert page.get_by_role("button").count() == 0
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    assert page.pdf().startswith(b"%PDF")


# Feedback


def kept(settings):
    found, unreadable = feedback.read(settings.data / feedback.FILE)
    assert unreadable == 0
    return found


def test_a_helpful_answer_is_kept_with_its_citations(site, open_page, settings):
    page = open_page(site.url)
    turn = ask(page, QUESTION)
    turn.get_by_role("button", name="Helpful", exact=True).click()
    page.get_by_label("What was good?").fill("Just  so.")
    turn.get_by_role("button", name="Send").click()
    expect(turn.locator(".tools")).to_contain_text("You found this helpful.")
    expect(page.get_by_role("status")).to_contain_text("Thank you")
    (one,) = kept(settings)
    assert (one.question, one.rating, one.comment) == (QUESTION, "up", "Just  so.")
    assert one.citations[0].cited_text == QUOTE
    page.reload()
    expect(page.locator(".tools")).to_contain_text("You found this helpful.")
    lines = settings.data / "lines.jsonl"
    lines.write_text("\n".join(feedback.to_lines(kept(settings))), encoding="utf-8")
    (case,) = cases.read(lines)
    assert case.gold[0][0].quote == QUOTE


def test_an_opinion_that_cannot_be_sent_keeps_its_words(site, open_page, settings):
    page = open_page(site.url)
    turn = ask(page, UNANSWERED)
    turn.get_by_role("button", name="Not helpful").click()
    comment = page.get_by_label("What is wrong or missing?")
    expect(comment).to_be_focused()
    comment.fill("It is there.")
    problem = {"detail": "no room is left", "code": "feedback_not_stored"}
    page.route("**/v1/feedback", lambda route: route.fulfill(status=507, json=problem))
    turn.get_by_role("button", name="Send").click()
    expect(turn.locator(".opinion [role=status]")).to_contain_text("no room is left")
    expect(comment).to_have_value("It is there.")
    page.unroute("**/v1/feedback")
    turn.get_by_role("button", name="Send").click()
    expect(turn.locator(".tools")).to_contain_text("not helpful")
    (one,) = kept(settings)
    assert (one.rating, one.answered, one.comment) == ("down", False, "It is there.")


def test_an_opinion_can_be_withdrawn_before_it_is_sent(site, open_page, settings):
    page = open_page(site.url)
    turn = ask(page, QUESTION)
    turn.get_by_role("button", name="Helpful", exact=True).press("Enter")
    expect(turn.locator(".opinion textarea")).to_be_focused()  # its script comes on first use
    page.keyboard.press("Escape")
    expect(turn.locator(".opinion")).to_have_count(0)
    expect(turn.get_by_role("button", name="Helpful", exact=True)).to_be_focused()
    assert kept(settings) == []


def test_what_is_kept_says_when(site, open_page, settings):
    page = open_page(site.url)
    turn = ask(page, QUESTION)
    turn.get_by_role("button", name="Helpful", exact=True).click()
    turn.get_by_role("button", name="Send").click()
    expect(turn.locator(".tools")).to_contain_text("helpful.")
    line = json.loads((settings.data / feedback.FILE).read_text(encoding="utf-8"))
    age = datetime.now(UTC) - datetime.fromisoformat(line["at"])
    assert 0 <= age.total_seconds() < 60
