"""The page at / in a real browser: asking, reading answers and refusals, following citations,
what happens when the service fails, and that neither markup nor addresses get through."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

import qa

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

FILES = {
    "orchard.txt": "The Orchard\n\n"
    "The old orchard holds seventy apple trees. Bees visit it in early spring.\n\n"
    "WATERING THE TREES\n\nA narrow canal waters the orchard every Tuesday morning.\n",
    "harbour.txt": "The Harbour\n\nFishing boats stay in harbour during storms.\n",
}
QUESTION = "Which narrow canal waters the orchard every Tuesday morning?"
QUOTE = "A narrow canal waters the orchard every Tuesday morning."
HOSTILE = (
    "Quoted <script>window.ran = true</script> markup <img src=x onerror='window.ran=true'> "
    "stays <b>text</b> &amp; nothing else."
)
CONTRAST = """() => {
  const parse = (colour) => (colour.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour[3] !== 0) return colour;
    }
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !holder.checkVisibility()) continue;
    const levels = [parse(getComputedStyle(holder).color), behind(holder)].map(luminance);
    const ratio = (Math.max(...levels) + 0.05) / (Math.min(...levels) + 0.05);
    if (ratio < 4.5) faint.push([walker.currentNode.data, ratio]);
  }
  return faint;
}"""


@pytest.fixture
def site(site_of):
    return site_of(FILES)


def box(page):
    return page.get_by_label("Your question")


def ask(page, question, shows="blockquote, .refusal"):
    """Asks by keyboard and waits for what comes of it; returns the turn."""
    turns = page.locator(".turn")
    place = turns.count()
    box(page).fill(question)
    box(page).press("Enter")
    turn = turns.nth(place)
    turn.locator(shows).first.wait_for()
    return turn


def sent_by(page, act):
    """The body of the question that ``act`` sends."""
    with page.expect_request("**/v1/ask") as sent:
        act()
    return sent.value.post_data_json


def hold(page):
    """Questions wait for an answer; returns the list that they are put in."""
    held = []

    def keep(route):
        held.append(route)

    page.route("**/v1/ask", keep)
    return held


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


def test_an_example_is_asked_with_one_press(site, open_page):
    page = open_page(site.url)
    examples = page.get_by_role("region", name="For example").get_by_role("button")
    expect(examples).to_have_count(3)
    question = examples.first.inner_text()
    examples.first.press("Enter")
    expect(page.get_by_role("heading", name=question)).to_be_visible()


def test_shift_enter_starts_a_line_and_sends_nothing(site, open_page):
    page = open_page(site.url)
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    expect(box(page)).to_have_value("one\ntwo")
    expect(page.locator(".turn")).to_have_count(0)


def test_a_citation_leads_to_the_document_with_the_words_marked(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION).locator("a.mark").first.click()
    page.wait_for_url("**/documents/orchard?start=*&end=*#cited")
    expect(page.locator("mark#cited")).to_have_text(QUOTE)
    expect(page.locator("mark#cited")).to_be_in_viewport()
    expect(page.get_by_role("heading", name="WATERING THE TREES")).to_be_visible()


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


def test_a_refusal_says_why_and_shows_the_nearest_passages(site, open_page):
    turn = ask(open_page(site.url), "What does resolution 9999 say of the orchard?")
    expect(turn.locator(".refusal")).to_contain_text("do not mention resolution 9999")
    expect(turn.locator("blockquote")).to_have_count(0)
    expect(turn.locator("details li").first).to_be_visible()


def test_a_reading_that_differs_from_the_question_is_shown(site, open_page):
    page = open_page(site.url)
    expect(ask(page, QUESTION).locator(".reading")).to_have_count(0)
    expect(ask(page, "and why is it?").locator(".reading")).to_contain_text(QUESTION)


def test_markup_in_a_document_is_text_and_runs_nothing(site_of, open_page):
    site = site_of({"<b>x.txt": f"<i>Title</i>\n\n{HOSTILE}\n"})
    page = open_page(site.url)
    turn = ask(page, "Which quoted markup stays <script>window.ran = true</script>?")
    expect(turn.locator("blockquote")).to_contain_text(HOSTILE)
    turn.locator("a.mark").first.click()
    expect(page.locator("mark#cited")).to_have_text(HOSTILE)
    for address in (site.url, page.url):
        page.goto(address)
        page.get_by_text("<script>").first.wait_for()
        assert page.locator("body :is(script, img, i, b:not(.confidence *))").count() == 0
        assert page.evaluate("window.ran") is None


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
    held[0].abort()
    page.locator(".failure").wait_for()
    expect(box(page)).to_have_value("The next question")
    expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()


@pytest.mark.parametrize("how", ["button", "key"])
def test_a_request_can_be_stopped_and_its_question_is_kept(site, open_page, how):
    page = open_page(site.url)
    held = hold(page)
    with page.expect_event("requestfailed"):
        turn = ask(page, QUESTION, shows=".waiting")
        if how == "button":
            page.get_by_role("button", name="Stop").click()
        else:
            page.keyboard.press("Escape")
    expect(turn.locator(".failure")).to_contain_text("Stopped")
    expect(box(page)).to_have_value(QUESTION)
    held[0].abort()
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


def test_the_conversation_and_the_draft_outlive_a_reload(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION)
    box(page).fill("And the bees")
    page.reload()
    expect(page.locator("blockquote")).to_contain_text(QUOTE)
    expect(box(page)).to_have_value("And the bees")
    box(page).press("Enter")
    expect(page.locator(".turn")).to_have_count(2)


def test_nothing_is_complained_of_and_no_request_leaves_the_origin(site, open_page, watch):
    page = open_page(site.url)
    ask(page, QUESTION).locator("a.mark").first.click()
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_the_contrast_of_wcag_aa(site, open_page, scheme):
    page = open_page(site.url, color_scheme=scheme)
    assert page.evaluate(CONTRAST) == []
    answered = ask(page, QUESTION)
    answered.locator("summary").click()
    ask(page, "What does resolution 9999 say?")
    assert page.evaluate(CONTRAST) == []
    answered.locator("a.mark").first.click()
    page.locator("mark#cited").wait_for()
    assert page.evaluate(CONTRAST) == []
    page.goto(site.url + "/docs")
    page.get_by_text("/v1/ask").wait_for()
    assert page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("width", [320, 1920])
def test_nothing_is_wider_than_the_window(site_of, open_page, width):
    site = site_of({"long.txt": f"Long words\n\nThe endless word is {'abcdefghij' * 30} here.\n"})
    page = open_page(site.url, viewport={"width": width, "height": 640})
    overflow = "document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(overflow) <= 0
    turn = ask(page, "What is the endless word " + "x" * 300)
    turn.locator("summary").click()
    assert page.evaluate(overflow) <= 0
    turn.locator("a.mark").first.click()
    page.locator("mark#cited").wait_for()
    assert page.evaluate(overflow) <= 0
    page.goto(site.url + "/docs")
    page.get_by_text("/v1/ask").wait_for()
    assert page.evaluate(overflow) <= 0


def test_every_control_has_a_name_and_can_be_seen_to_have_the_focus(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION)
    page.get_by_role("link", name="Attest").focus()
    names = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() == 0:
            break
        names.add(focused.evaluate("n => n.labels?.[0]?.innerText || n.ariaLabel || n.innerText"))
        outlined = "n => getComputedStyle(n).outlineStyle !== 'none' || n.id === 'box'"
        assert focused.evaluate(outlined)
    assert {"New conversation", "API", "[1] The Orchard", "Your question", "Ask"} <= names
    assert "" not in names


def test_all_files_of_the_page_together_are_small():
    static = Path(qa.__file__).parent / "static"
    assert sum(path.stat().st_size for path in static.iterdir()) < 40_000
