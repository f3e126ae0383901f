"""Everyone can use the page: by keyboard alone, at any size, in both themes, and with a screen
reader. axe-core looks at each view for what a program can find."""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from page import BOATS_QUESTION, BOATS_QUOTE, FILES, QUESTION, QUOTE, UNANSWERED, ask, box, hold
from playwright.sync_api import expect

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

RUN = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""
CITED = "/documents/orchard?start=0&end=11&also=13-30#cited"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def violations(page):
    page.evaluate(AXE_SCRIPT)
    return page.evaluate(RUN)


def keys(page):
    page.locator("#shortcuts summary").click()


def answer(page):
    turn = ask(page, QUESTION)
    turn.locator("summary").click()
    turn.locator(".verified").first.wait_for()


def reading(page):
    ask(page, QUESTION).locator("a.mark").first.click()
    page.locator("#quoted").wait_for()


def refusal(page):
    ask(page, UNANSWERED)


def waiting(page):
    hold(page)
    page.clock.install()
    page.reload()
    ask(page, QUESTION, shows=".waiting")
    page.clock.fast_forward(5_000)
    page.get_by_text("longer than usual").first.wait_for()


def failure(page):
    page.route("**/v1/ask", lambda route: route.abort())
    ask(page, QUESTION, shows=".failure")


def documents(page):
    page.get_by_role("button", name="Documents").click()
    page.get_by_role("checkbox").last.check()


def search(page):
    page.get_by_role("button", name="Documents").click()
    page.get_by_label("Search within them").fill("apple trees")
    page.keyboard.press("Enter")
    page.locator("#listed .passages li").first.wait_for()


def opinion(page):
    ask(page, QUESTION).get_by_role("button", name="Not helpful").click()


def earlier(page):
    ask(page, QUESTION)
    page.get_by_role("button", name="New conversation").click()
    page.locator("#earlier button").first.wait_for()


VIEWS = [keys, answer, reading, refusal, waiting, failure, documents, search, opinion, earlier]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_axe_finds_nothing_wrong_with_the_page(site, open_page, scheme, view):
    page = open_page(site.url, color_scheme=scheme, reduced_motion="reduce")
    page.locator("#examples button").first.wait_for()
    view(page)
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", CITED, "/documents/nope", "/docs"])
def test_axe_finds_nothing_wrong_with_other_pages(site, open_page, scheme, path):
    page = open_page(site.url + path, color_scheme=scheme)
    shown = {"/": "#examples button", "/docs": ".operation"}.get(path, "h1")
    page.locator(shown).first.wait_for()
    assert violations(page) == []


def test_axe_would_find_what_is_wrong(site, open_page):
    page = open_page(site.url)
    page.evaluate("document.getElementById('box').labels[0].remove()")
    page.evaluate("document.getElementById('hint').style.color = '#ddd'")
    page.evaluate("document.getElementById('box').removeAttribute('placeholder')")
    assert {one.split(":")[0] for one in violations(page)} >= {"label", "color-contrast"}


# By keyboard alone


def test_a_whole_journey_by_keyboard(site, open_page):
    page = open_page(site.url)
    press = page.keyboard.press
    page.keyboard.type(QUESTION)
    press("Enter")
    expect(page.locator("blockquote")).to_contain_text(QUOTE)
    page.keyboard.type(BOATS_QUESTION)
    press("Enter")
    expect(page.locator("blockquote").nth(1)).to_contain_text(BOATS_QUOTE)
    press("Escape")  # out of the box, to the answer
    expect(page.get_by_role("heading", name=BOATS_QUESTION)).to_be_focused()
    press("j")
    expect(page.locator("#quoted")).to_have_text(BOATS_QUOTE)
    expect(page.locator("#quoted")).to_be_in_viewport()
    expect(page.locator("#reader-text")).to_be_focused()
    first = page.locator(".turn").first.locator("a.mark").count()
    for _ in range(first):
        press("ArrowLeft")
    expect(page.locator("#quoted")).to_have_text(QUOTE)
    press("k")
    expect(page.locator("#status")).to_have_text("That was the first citation.")
    press("Escape")  # back to the mark
    expect(page.locator("#reader")).to_be_hidden()
    expect(page.locator("a.mark").first).to_be_focused()
    press("Enter")
    expect(page.locator("#quoted")).to_have_text(QUOTE)
    press("/")
    expect(box(page)).to_be_focused()
    page.keyboard.type("j/k")  # in the box, letters are letters
    expect(box(page)).to_have_value("j/k")


def test_single_keys_can_be_switched_off_for_good(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION)
    page.locator("#shortcuts summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Single keys work")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts summary")).to_be_focused()
    page.reload()
    page.locator("h2").first.focus()
    page.keyboard.press("/")
    page.keyboard.press("j")
    expect(page.locator("h2").first).to_be_focused()
    expect(page.locator("#reader")).to_be_hidden()


def test_every_control_has_a_name_and_can_be_seen_to_have_the_focus(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION)
    page.get_by_role("link", name="Attest").focus()
    names = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() == 0:
            break
        names.add(focused.evaluate("n => n.ariaLabel || n.labels?.[0]?.innerText || n.innerText"))
        outlined = "n => getComputedStyle(n).outlineStyle !== 'none' || n.id === 'box'"
        assert focused.evaluate(outlined)
    wanted = {"New conversation", "Documents", "API", "[1] The Orchard", "Your question", "Ask"}
    assert wanted <= names
    assert {"Copy with references", "Helpful", "Print", "Keys"} <= names
    assert "" not in names


def test_no_focus_is_lost_beneath_a_panel_that_covers_the_page(site, open_page):
    page = open_page(site.url, viewport={"width": 600, "height": 800})
    ask(page, QUESTION).locator("a.mark").first.press("Enter")
    page.locator("#quoted").wait_for()
    for _ in range(12):
        page.keyboard.press("Tab")
        inside = "document.activeElement.closest('#reader, body') !== null && "
        inside += "!document.activeElement.closest('main, .top')"
        assert page.evaluate(inside)


# With a screen reader


def test_an_answer_is_announced_once_and_the_thread_is_not_repeated(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION)
    expect(page.get_by_role("status")).to_contain_text(QUOTE)
    ask(page, BOATS_QUESTION)
    expect(page.get_by_role("status")).to_contain_text(BOATS_QUOTE)
    expect(page.get_by_role("status")).not_to_contain_text(QUOTE)
    ask(page, UNANSWERED)
    expect(page.get_by_role("status")).to_contain_text("Not answered.")
    assert page.locator("#thread [aria-live], [aria-live] #thread").count() == 0


def test_after_a_reload_nothing_is_announced(site, open_page):
    page = open_page(site.url)
    ask(page, QUESTION)
    page.reload()
    page.locator("blockquote").wait_for()
    expect(page.locator("#status")).to_be_empty()


# At any size


@pytest.mark.parametrize(("width", "height"), [(320, 256), (320, 640), (1920, 1080)])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_nothing_is_wider_than_the_window(site_of, open_page, width, height, direction):
    """320 by 256 is what a window of 1280 by 1024 has left at 400 %."""
    site = site_of({"long.txt": f"Long words\n\nThe endless word is {'abcdefghij' * 30} here.\n"})
    page = open_page(site.url, viewport={"width": width, "height": height})
    page.evaluate("(direction) => { document.documentElement.dir = direction; }", direction)
    assert page.evaluate(OVERFLOW) <= 0
    turn = ask(page, "What is the endless word " + "x" * 300)
    turn.locator("summary").click()
    assert page.evaluate(OVERFLOW) <= 0
    turn.locator("a.mark").first.click()
    page.locator("#quoted").wait_for()
    assert page.evaluate(OVERFLOW) <= 0
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Documents").click()
    page.get_by_role("checkbox").first.wait_for()
    assert page.evaluate(OVERFLOW) <= 0
    for path in ("/documents/long?start=0&end=4&also=5-9", "/docs", "/nope"):
        page.goto(site.url + path)
        page.locator("h1").wait_for()
        assert page.evaluate(OVERFLOW) <= 0


def test_where_the_window_is_low_the_box_does_not_cover_the_thread(site, open_page):
    page = open_page(site.url, viewport={"width": 320, "height": 256})
    ask(page, QUESTION)
    assert page.locator("#form").evaluate("n => getComputedStyle(n).position") == "static"


def test_nothing_moves_for_those_who_asked_for_that(site, open_page):
    page = open_page(site.url, reduced_motion="reduce")
    hold(page)
    turn = ask(page, QUESTION, shows=".waiting")
    style = "n => [getComputedStyle(n).animationName, getComputedStyle(n).transitionDuration]"
    assert turn.locator(".waiting").evaluate(style) == ["none", "0s"]
    scrolling = "getComputedStyle(document.documentElement).scrollBehavior"
    assert page.evaluate(scrolling) == "auto"


def test_targets_are_large_enough_for_a_finger(site, open_page):
    page = open_page(site.url, viewport={"width": 390, "height": 800}, has_touch=True)
    ask(page, QUESTION)
    small = """() => [...document.querySelectorAll("button, .mark, summary, .top a")]
      .filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < 24)
      .map((node) => node.textContent)"""
    assert page.evaluate(small) == []


def test_the_collection_of_the_tests_is_what_it_is_taken_for():
    assert FILES["orchard.txt"][0:11] == "The Orchard"
