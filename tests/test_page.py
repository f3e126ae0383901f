"""The page at / in a real browser: asking, reading answers and refusals, what happens when the
service fails, and that neither markup nor addresses get through."""

from __future__ import annotations

import json
import re

import pytest
from page import (
    BOATS_QUESTION,
    HOSTILE,
    QUESTION,
    QUOTE,
    UNANSWERED,
    ask,
    box,
    hold,
    release,
    reread,
    sent_by,
)
from playwright.sync_api import expect

from qa.pipeline import Answerer
from qa.settings import ServiceSettings

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser


def test_the_box_has_the_focus_when_the_page_opens(site, open_page):
    expect(box(open_page(site.url))).to_be_focused()


def test_a_question_typed_and_entered_gets_a_verbatim_answer(site, open_page):
    page = open_page(site.url)
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()
    expect(page.locator("blockquote")).to_contain_text(f"{QUOTE} [1]")
    expect(box(page)).to_have_value("")
    expect(box(page)).to_be_focused()


def test_an_answer_names_its_source_its_section_and_its_confidence(site, open_page):
    turn = ask(open_page(site.url), QUESTION)
    reference = turn.get_by_role("list", name="References").get_by_role("listitem").first
    expect(reference).to_contain_text("The Orchard")
    expect(reference).to_contain_text("WATERING THE TREES")
    likely = r"(very likely|likely|more likely than not) right|more likely right than not|uncertain"
    expect(turn.locator(".confidence")).to_have_text(re.compile(rf"^Confidence \d+%: ({likely})"))


def test_the_ranked_passages_lie_behind_a_summary(site, open_page):
    turn = ask(open_page(site.url), QUESTION)
    passage = turn.locator("details li").first
    expect(passage).to_be_hidden()
    turn.locator("summary").focus()
    turn.locator("summary").press("Enter")
    expect(passage).to_contain_text(QUOTE)


def test_an_answer_is_announced(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION)
    expect(page.get_by_role("status")).to_contain_text(QUOTE)


def test_an_example_is_of_this_collection_and_is_answered_with_one_press(site, open_page):
    page = open_page(site.url)
    examples = page.get_by_role("region", name="For example").get_by_role("button")
    examples.first.wait_for()
    assert "What is said about The Orchard?" in examples.all_inner_texts()
    question = examples.first.inner_text()
    examples.first.press("Enter")
    expect(page.get_by_role("heading", name=question)).to_be_visible()
    expect(page.locator("blockquote")).to_be_visible()


def test_a_collection_without_examples_offers_none(site_of, open_page):
    page = open_page(site_of({"a.txt": "!"}).url)
    with page.expect_response("**/v1/examples") as response:
        page.reload()
    assert response.value.ok
    expect(page.locator("#examples")).to_be_hidden()


def test_shift_enter_starts_a_line_and_sends_nothing(site, open_page):
    page = open_page(site.url)
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    expect(box(page)).to_have_value("one\ntwo")
    expect(page.locator(".turn")).to_have_count(0)


def test_a_passage_has_its_title_section_score_and_the_words_that_matched(site, open_page):
    turn = ask(open_page(site.url), QUESTION)
    turn.locator("summary").click()
    first, second = turn.locator(".passages li").nth(0), turn.locator(".passages li").nth(1)
    expect(first.get_by_role("link")).to_have_text("The Orchard")
    expect(first).to_contain_text("WATERING THE TREES")
    expect(first).to_contain_text("Words of the question: narrow, canal, waters")
    expect(first.get_by_role("meter", name="100%")).to_have_count(1)
    assert "canal" in first.locator(".hit").all_inner_texts()
    value = "node => Number(node.ariaValueNow)"
    values = [one.get_by_role("meter").evaluate(value) for one in (first, second)]
    assert 0 <= values[1] < values[0] == 1


def test_a_refusal_says_why_and_shows_the_nearest_passages(site, open_page):
    turn = ask(open_page(site.url), UNANSWERED)
    expect(turn.locator(".refusal")).to_contain_text("do not mention resolution 9999")
    expect(turn.locator(".refusal").get_by_role("heading")).to_have_text(
        "Not found in these documents"
    )
    expect(turn.locator("blockquote")).to_have_count(0)
    expect(turn.locator("details li").first).to_be_visible()


CLOSE = {
    "violins.md": "# Music\n\nGolden violins were made in Cremona by hand. Golden violins were "
    "sold in Vienna every spring.\n\n## Later\n\nViolins of silver were made in Prague by the king."
}


class Unsure:
    """A reader that thinks little of everything."""

    def read(self, _, texts):
        return [-2.0] * len(texts)


def test_what_comes_closest_is_quoted_and_verified_and_the_passages_are_folded(
    site_of, answerer_of, open_page, encoder
):
    site, settings = site_of(CLOSE), ServiceSettings(threshold=1.0)
    site.change(Answerer(answerer_of(CLOSE).generation, encoder, settings, reader=Unsure()))
    page = open_page(site.url)
    turn = ask(page, "who made golden violins in Cremona for the king")
    expect(turn.get_by_role("heading", level=3)).to_have_text("No sure answer: this comes closest")
    expect(turn.locator("blockquote.unsure")).to_contain_text("Golden violins were made in Cremona")
    expect(turn.locator(".verdict").first).to_contain_text("Verified")
    expect(turn.get_by_role("meter")).to_have_count(0)
    expect(turn.locator("details[open] li")).to_have_count(1)
    turn.locator("a.mark").first.click()
    expect(page.locator("#reader-count")).to_contain_text("Closest quote 1 of")
    page.reload()
    expect(page.locator("blockquote.unsure")).to_contain_text("Cremona")


def test_marks_of_markdown_are_shown_as_what_they_mean_and_copied_as_they_stand(site_of, open_page):
    said = (
        "The **narrow canal** waters the [old orchard](https://a.example) 2*3*4 times \\(daily\\)."
    )
    site = site_of({"orchard.md": f"# The Orchard\n\n{said}"})
    page = open_page(site.url)
    turn = ask(page, "what waters the old orchard")
    shown = "The narrow canal waters the old orchard 2*3*4 times (daily)."
    expect(turn.locator("blockquote")).to_contain_text(shown)
    expect(turn.locator("blockquote strong")).to_have_text("narrow canal")
    kept = page.evaluate("Object.entries(localStorage).find(([key]) => key.includes('thread.'))[1]")
    assert json.loads(kept)["turns"][0]["reply"]["citations"][0]["cited_text"] == said


def test_the_first_screen_says_what_the_collection_is(site, open_page):
    expect(open_page(site.url).locator("#about")).to_have_text("2 documents.")


def test_back_after_a_new_conversation_brings_the_one_before(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".turn")).to_have_count(0)
    page.route("**/v1/ask", lambda route: route.abort())  # nothing is asked anew
    page.go_back()
    expect(page.locator(".turn blockquote")).to_contain_text(QUOTE)


def test_a_mark_tells_its_quote(site, open_page):
    assert ask(open_page(site.url), QUESTION).locator("a.mark").get_attribute("title") == QUOTE


def test_a_greeting_is_answered_with_a_line_and_no_more(site, open_page):
    page = open_page(site.url)
    turn = ask(page, "hello")
    expect(turn.locator(".refusal")).to_contain_text("Hello. This collection has")
    for none in ("h3", ".passages", ".tools", "blockquote", ".confidence"):
        expect(turn.locator(none)).to_have_count(0)


def test_a_question_is_asked_again_when_the_service_is_back(site, open_page):
    page = open_page(site.url)
    page.clock.install()
    page.reload()
    away = [page.route(f"**/{one}", lambda route: route.abort()) for one in ("v1/ask", "readyz")]
    assert len(away) == 2
    turn = ask(page, QUESTION, shows=".failure")
    page.unroute("**/v1/ask")
    page.clock.fast_forward(3_500)
    expect(turn.locator(".failure")).to_be_visible()  # it is not yet ready
    page.unroute("**/readyz")
    page.clock.fast_forward(3_500)
    expect(turn.locator("blockquote")).to_contain_text(QUOTE)


def test_what_to_know_before_quoting_stands_above_the_quotes_and_is_read_out(site, open_page):
    page = open_page(site.url)
    turn = ask(page, "How many narrow canals water the orchard every Tuesday morning?")
    expect(turn.locator("blockquote.unsure")).to_contain_text(QUOTE)
    lacks = "The question asks for a number, and the quotes give none."
    expect(turn.locator(".caveat").last).to_have_text(lacks)
    above, below = (turn.locator(one).last.bounding_box() for one in (".caveat", "blockquote"))
    assert above is not None
    assert below is not None
    assert above["y"] < below["y"]
    expect(page.get_by_role("status")).to_contain_text(f"{lacks} {QUOTE}")


def test_what_an_answer_leaves_out_is_told_and_copied(site, open_page):
    page = open_page(site.url)
    other = "what does resolution 9999 say of canals?"
    turn = ask(page, f"{QUESTION} {other}")
    expect(turn.locator("blockquote")).to_contain_text(QUOTE)
    expect(turn.locator(".left")).to_contain_text(other)
    expect(turn.locator(".left")).to_contain_text("do not mention resolution 9999")
    expect(page.get_by_role("status")).to_contain_text(f"Not answered: {other}")


def test_a_reading_that_differs_from_the_question_is_shown(site, open_page):
    page = open_page(site.url)
    expect(ask(page, QUESTION).locator(".reading")).to_have_count(0)
    expect(ask(page, "and why is it?").locator(".reading")).to_contain_text(QUESTION)


def test_a_corrected_question_can_be_asked_as_it_was_typed(site, open_page):
    page = open_page(site.url)
    reread(page, QUESTION)
    typed = QUESTION.replace("canal", "cannal")
    turn = ask(page, typed)
    expect(turn.locator(".reading")).to_contain_text(f"Read as: {QUESTION}")
    instead = turn.get_by_role("button", name="Search instead for")
    expect(instead).to_contain_text(typed)
    sent = sent_by(page, lambda: instead.press("Enter"))
    assert (sent["question"], sent["correct_spelling"]) == (typed, False)
    expect(turn.locator(".reading")).to_have_text("Searched as typed.")
    expect(turn.locator("blockquote")).to_contain_text(QUOTE)
    assert "exact=1" in page.url


def test_an_identifier_written_in_full_offers_nothing_to_undo(site, open_page):
    page = open_page(site.url)
    reread(page, "What does resolution 9999 (2020) say of the orchard?")
    turn = ask(page, UNANSWERED)
    expect(turn.locator(".reading")).to_contain_text("resolution 9999 (2020)")
    expect(turn.locator(".reading").get_by_role("button")).to_have_count(0)


def test_a_follow_up_can_be_asked_by_itself(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION)
    turn = ask(page, "and why is it?")
    instead = turn.get_by_role("button", name="Search instead for")
    assert sent_by(page, instead.click)["history"] == []


def test_markup_in_a_document_is_text_and_runs_nothing(site_of, open_page, watch):
    site = site_of({"<b>x.txt": f"<i>Title</i>\n\n{HOSTILE}\n"})
    page = open_page(site.url)
    turn = ask(page, "Which quoted markup stays <script>window.ran = true</script>?")
    expect(turn.locator("blockquote")).to_contain_text(HOSTILE)
    turn.locator("summary").click()
    turn.locator("a.mark").first.click()
    expect(page.locator("#quoted")).to_have_text(HOSTILE)
    page.get_by_role("button", name="Documents").click()
    page.get_by_role("checkbox", name="<i>Title</i>").check()
    expect(page.locator("#scope")).to_contain_text("<i>Title</i>")
    page.get_by_label("Search within them").fill("<img> markup")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("#listed .quote").first).to_contain_text("<script>")
    inside = "body :is(script, img, i, b:not(.confidence *, #scope > *))"
    assert page.locator(inside).count() == 0
    page.goto(page.locator("#reader-whole").evaluate("node => node.href"))
    expect(page.locator("mark#cited")).to_have_text(HOSTILE)
    assert page.locator(f"main {inside.removeprefix('body ')}").count() == 0
    assert page.evaluate("window.ran") is None
    assert watch.errors == []


def test_the_page_cannot_be_made_to_take_text_for_markup(site, open_page):
    page = open_page(site.url)
    attempt = """() => {
      try { document.body.innerHTML = "<img src=x>"; } catch (error) { return error.name; }
    }"""
    assert page.evaluate(attempt) == "TypeError"


def test_a_follow_up_sends_what_was_asked_and_answered(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION)
    body = sent_by(page, lambda: ask(page, "And the bees?"))
    (turn,) = body["history"]
    assert (body["question"], turn["question"]) == ("And the bees?", QUESTION)
    assert turn["answer"].startswith(f"{QUOTE} [1]")


def test_history_is_the_last_twenty_turns(site, open_page):
    page = open_page(site.url)
    for number in range(22):
        ask(page, f"Orchard {number}?")
    history = sent_by(page, lambda: ask(page, "And the bees?"))["history"]
    assert [turn["question"] for turn in history] == [f"Orchard {n}?" for n in range(2, 22)]


def test_a_new_conversation_sends_no_history(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".turn")).to_have_count(0)
    assert sent_by(page, lambda: ask(page, "And the bees?"))["history"] == []


def test_a_service_that_is_gone_loses_no_question_and_can_be_tried_again(site, open_page):
    page = open_page(site.url)
    site.stop()
    turn = ask(page, QUESTION, shows=".failure")
    expect(turn.locator(".failure")).to_contain_text("cannot be reached")
    expect(box(page)).to_have_value(QUESTION)
    site.start()
    turn.get_by_role("button", name="Try again").click()
    expect(turn.locator("blockquote")).to_contain_text(QUOTE)
    expect(box(page)).to_have_value("")
    expect(page.locator(".turn")).to_have_count(1)


def test_a_problem_is_shown_in_the_words_of_the_service(site, open_page):
    page = open_page(site.url)
    problem = {"detail": "the service is still loading <b>its</b> index", "code": "starting"}
    page.route("**/v1/ask", lambda route: route.fulfill(status=503, json=problem))
    turn = ask(page, QUESTION, shows=".failure")
    expect(turn.locator(".failure")).to_contain_text(problem["detail"])
    expect(box(page)).to_have_value(QUESTION)


def test_what_was_typed_while_waiting_is_not_overwritten(site, open_page):
    page = open_page(site.url)
    held = hold(page)
    ask(page, QUESTION, shows=".waiting")
    box(page).fill("The next question")
    release(page, held)
    page.locator(".failure").wait_for()
    expect(box(page)).to_have_value("The next question")
    expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()


@pytest.mark.parametrize("how", ["button", "key"])
def test_a_request_can_be_stopped_and_its_question_is_kept(site, open_page, how):
    page = open_page(site.url)
    hold(page)
    with page.expect_event("requestfailed"):
        turn = ask(page, QUESTION, shows=".waiting")
        if how == "button":
            page.get_by_role("button", name="Stop").click()
        else:
            page.keyboard.press("Escape")
    expect(turn.locator(".failure")).to_contain_text("Stopped")
    expect(box(page)).to_have_value(QUESTION)
    page.unroute("**/v1/ask")
    box(page).press("Enter")
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator("blockquote")).to_contain_text(QUOTE)


def test_a_question_over_the_limit_is_kept_whole_and_not_sent(site, open_page):
    page = open_page(site.url)
    text = "why? " * 401
    box(page).fill(text)
    box(page).press("Enter")
    expect(page.get_by_text("2004 of at most 2000 characters").first).to_be_visible()
    expect(box(page)).to_have_value(text)
    expect(page.locator(".turn")).to_have_count(0)


def test_nothing_is_complained_of_and_no_request_leaves_the_origin(site, open_page, watch):
    page = open_page(site.url)
    ask(page, QUESTION).locator("a.mark").first.click()
    page.locator("#quoted").wait_for()
    page.get_by_role("link", name="Whole document").click()
    page.locator("mark#cited").wait_for()
    page.goto(site.url + "/docs")
    page.get_by_text("/v1/ask").wait_for()
    assert watch.errors == []
    assert len(watch.requested) > 5
    assert [one for one in watch.requested if not one.startswith(site.url + "/")] == []


def test_the_reference_lists_operations_with_parameters_and_codes(site, open_page):
    page = open_page(site.url + "/docs")
    for path in ("/v1/ask", "/v1/search", "/v1/documents/{id}", "/v1/verify", "/readyz"):
        expect(page.get_by_role("heading", name=path, exact=False).first).to_be_visible()
    search = page.locator(".operation").filter(has=page.get_by_text("/v1/search", exact=True))
    for text in ("GET", "The ranked passages alone.", "top_k", "422", "503"):
        expect(search).to_contain_text(text)


def test_a_service_that_is_killed_in_mid_question_is_asked_again(mortal, open_page):
    page = open_page(mortal.start())
    turn = ask(page, f"hang {QUESTION}", shows=".waiting")
    mortal.await_question()
    mortal.kill()
    expect(turn.locator(".failure")).to_contain_text("cannot be reached")
    expect(box(page)).to_have_value(f"hang {QUESTION}")
    mortal.start(hanging=False)
    turn.get_by_role("button", name="Try again").press("Enter")
    expect(turn.locator("blockquote")).to_contain_text(QUOTE)


def test_a_slow_answer_is_said_to_be_slow_and_can_be_asked_for_again(site, open_page):
    page = open_page(site.url)
    page.clock.install()
    page.reload()
    held = hold(page)
    turn = ask(page, QUESTION, shows=".waiting")
    expect(turn.get_by_role("button", name="Try again")).to_have_count(0)
    page.clock.fast_forward(5_000)
    expect(turn.locator(".waiting")).to_contain_text("longer than usual")
    expect(page.get_by_role("status")).to_contain_text("longer than usual")
    page.route("**/v1/ask", lambda route: route.continue_())  # the first stays held
    turn.get_by_role("button", name="Try again").click()
    expect(turn.locator("blockquote")).to_contain_text(QUOTE)
    expect(page.locator(".failure")).to_have_count(0)
    assert len(held) == 1


def test_a_service_that_never_answers_is_given_up_on(site, open_page):
    page = open_page(site.url)
    page.clock.install()
    page.reload()
    hold(page)
    turn = ask(page, QUESTION, shows=".waiting")
    page.clock.fast_forward(61_000)
    expect(turn.locator(".failure")).to_contain_text("within a minute")
    expect(box(page)).to_have_value(QUESTION)


def test_the_page_is_small(site, open_page):
    bodies = {}
    page = open_page("about:blank")

    def note(response):
        bodies[response.url] = response

    page.on("response", note)
    page.goto(site.url)
    page.locator("#examples button").first.wait_for()
    static = {url: one for url, one in bodies.items() if "/v1/" not in url}
    assert len(static) > 10
    assert sum(len(one.body()) for one in static.values()) < 60_000
    assert sum(one.request.sizes()["responseBodySize"] for one in static.values()) < 30_000


def test_questions_can_be_kept_to_chosen_documents(site, open_page):
    page = open_page(site.url)
    page.get_by_role("button", name="Documents").click()
    panel = page.get_by_role("complementary", name="Documents")
    expect(panel).to_contain_text("2 documents, 3 passages")
    panel.get_by_label("Search within them").fill("harb")
    expect(panel.get_by_role("listitem")).to_have_count(1)
    panel.get_by_label("The Harbour", exact=True).check()
    panel.get_by_role("button", name="Close").click()
    expect(page.locator("#scope")).to_have_text("Asked of The Harbour only. Ask all")
    body = sent_by(page, lambda: ask(page, BOATS_QUESTION))
    assert body["documents"] == ["harbour"]
    assert "d=harbour" in page.url
    page.get_by_role("button", name="Ask all").click()
    assert "documents" not in sent_by(page, lambda: ask(page, QUESTION))


def test_a_search_is_not_written_over_by_a_list_that_comes_late(site, open_page):
    page = open_page(site.url)
    held = hold(page, "**/v1/documents")
    page.get_by_role("button", name="Documents").click()
    page.get_by_label("Search within them").fill("apple trees")
    page.keyboard.press("Enter")
    page.locator("#listed .passages li").first.wait_for()
    with page.expect_response("**/v1/documents"):
        held[0].continue_()
    page.wait_for_timeout(100)
    expect(page.locator("#listed .passages li").first).to_be_visible()
    page.unroute("**/v1/documents")
    page.get_by_role("button", name="Back to the list").click()
    expect(page.locator("#listed .documents li")).to_have_count(2)


def test_an_address_of_chosen_documents_shows_their_titles(site, open_page):
    page = open_page(f"{site.url}/?d=harbour&d=gone")
    expect(page.locator("#scope")).to_contain_text("Asked of The Harbour; gone only.")


def test_a_search_within_the_documents_opens_what_it_finds(site, open_page):
    page = open_page(site.url)
    page.get_by_role("button", name="Documents").click()
    page.get_by_label("Search within them").fill("apple trees")
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="Documents")
    found = panel.get_by_role("listitem").first
    expect(found).to_contain_text("seventy apple trees")
    found.get_by_role("link").click()
    expect(page.locator("#quoted")).to_contain_text("seventy apple trees")
    page.keyboard.press("Escape")
    expect(found.get_by_role("link")).to_be_focused()
    panel.get_by_role("button", name="Back to the list").click()
    expect(panel).to_contain_text("2 documents")


def test_a_list_of_documents_that_fails_can_be_tried_again(site, open_page):
    page = open_page(site.url)
    page.route("**/v1/documents", lambda route: route.abort())
    page.get_by_role("button", name="Documents").click()
    page.get_by_text("cannot be listed now").wait_for()
    page.unroute("**/v1/documents")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_label("The Orchard", exact=True)).to_be_visible()
