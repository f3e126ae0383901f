"""Citations seen on the printed page: in the reading panel and on a document's own page, with the
marks on the words, by button and by key, and what is shown where there is no picture."""

from __future__ import annotations

import hashlib
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from page import FILES as TEXTS
from page import QUESTION, ask
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from printing import LEFT, TOP, WIDTH, Press, cropped, turned
from test_accessibility import OVERFLOW, violations
from test_printed import AFTER, BEFORE, EVENING, FERRY, columns, over_pages

from index import originals

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

FERRIES = "When does the last of the ferries leave the largest of the islands?"
HERON = "A purple heron nests behind the old lighthouse."
HERONS = "Where does the purple heron nest?"
SEAL, SEALS = "Nine grey seals sleep on the northern sandbank.", "Which grey seals sleep there?"
CRAB, CRABS = "One orange crab guards the southern jetty.", "Which orange crab guards the jetty?"
OWL, OWLS = "A barn owl hunts over the salt marsh.", "What does the barn owl hunt over?"
FROG, FROGS = "A green frog sings in the mill pond.", "Which green frog sings?"
TITLE = "<b>Bold</b> & <img src=x onerror='window.ran=true'>"
HOSTILE = "<img src=x onerror='window.ran=true'>.pdf"
TINTS = np.array([(163, 221, 213), (217, 239, 236)])
"""Of what is cited, and of what else is, as `printed.css` has them."""


def sheet(*quotes: str, title: str = "", pages: int = 1) -> bytes:
    """Pages, the first with the quotes on it."""
    press = Press()
    press.set_title(title or f"The tale of {quotes[0]}")
    press.add_page()
    for place, quote in enumerate(quotes):
        press.put(LEFT, TOP + 90 * place, quote)
    for number in range(2, pages + 1):
        press.add_page()
        press.put(LEFT, TOP, f"This is what stands on sheet {number} of that tale.")
    return press.made()


FILES: dict[str, str | bytes] = {
    "ferries.pdf": over_pages((FERRY, EVENING)),
    "columns.pdf": columns(HERON),
    "seals.pdf": turned(sheet(SEAL, CRAB, title="Seals and crabs", pages=3), 90),
    "owls.pdf": cropped(sheet(OWL), 50, 500, 480, 820),
    HOSTILE: sheet(FROG, title=TITLE),
    **TEXTS,
}


@pytest.fixture(scope="module")
def coast(site_at, tmp_path_factory):
    """Serves PDFs, and the orchard and the harbour."""
    return site_at(tmp_path_factory.mktemp("coast"), FILES)


def open_cited(page: Page, question: str, words: str) -> None:
    """Asks, and opens the citation of ``words``."""
    turn = ask(page, question)
    turn.locator(".quote", has_text=words[:20]).first.locator("a.mark").first.click()
    expect(page.locator("#quoted")).to_contain_text(words[:20])
    expect(page.get_by_role("button", name="Show as printed")).to_be_visible()


def print_of(page: Page, question: str, words: str) -> None:
    """Opens the citation of ``words`` on its printed page."""
    open_cited(page, question, words)
    page.get_by_role("button", name="Show as printed").click()
    loaded(page)


def loaded(page: Page) -> None:
    """Waits until the page's picture is there."""
    has_come(picture(page))


def has_come(image: Locator) -> None:
    expect(image).to_have_js_property("complete", True)
    expect(image).not_to_have_js_property("naturalWidth", 0)


def picture(page: Page):
    return page.locator("#reader-page img")


def cited(page: Page):
    return page.locator("#reader-page rect.cited")


def place_of(page: Page, number: int, of: int) -> None:
    expect(page.locator("#page-place")).to_contain_text(re.compile(rf"^Page {number} of {of}\b"))


def shown(page: Page) -> np.ndarray:
    """The part of the page that is in view in the panel, as the reader sees it."""
    with Image.open(BytesIO(page.locator("#reader-page").screenshot())) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def tinted(pixels: np.ndarray, tint: int) -> np.ndarray:
    return (np.abs(pixels - TINTS[tint]) <= 3).all(axis=2)


# In the reading panel


@pytest.mark.parametrize(
    ("question", "words"),
    [(HERONS, HERON), (SEALS, SEAL), (OWLS, OWL), (FERRIES, FERRY)],
    ids=["columns", "turned", "cropped", "over pages"],
)
def test_the_marks_lie_on_the_words_of_the_printed_page(coast, open_page, question, words):
    page = open_page(coast.url, viewport={"width": 1280, "height": 800})
    print_of(page, question, words)
    expect(page.locator("#reader-text")).to_be_hidden()
    expect(cited(page).first).to_be_in_viewport(ratio=1)
    boxes, size = page.evaluate(
        """async (question) => {
          const body = JSON.stringify({ question });
          const headers = { "Content-Type": "application/json" };
          const asked = await fetch("/v1/ask", { method: "POST", headers, body });
          const { boxes, page, document_id } = (await asked.json()).citations[0];
          const { pages } = await (await fetch(`/v1/documents/${document_id}/pages`)).json();
          return [boxes.filter((one) => one.page === page), pages[page - 1]];
        }""",
        question,
    )
    whole = picture(page).bounding_box()
    assert whole is not None
    assert whole["height"] / whole["width"] == pytest.approx(size["height"] / size["width"], 0.01)
    scale = whole["width"] / size["width"]
    assert cited(page).count() == len(boxes)
    for number, box in enumerate(boxes):
        mark = cited(page).nth(number).bounding_box()
        assert mark is not None
        assert mark["x"] - whole["x"] == pytest.approx(box["x0"] * scale, abs=2)
        assert mark["y"] - whole["y"] == pytest.approx(box["y0"] * scale, abs=2)
        assert mark["width"] == pytest.approx((box["x1"] - box["x0"]) * scale, abs=4)
        assert mark["height"] == pytest.approx((box["y1"] - box["y0"]) * scale, abs=4)
    assert_ink_is_marked(shown(page))


def assert_ink_is_marked(pixels: np.ndarray) -> None:
    """The tint has the shape of lines of text, and their letters are dark upon it."""
    tint = tinted(pixels, 0)
    rows, places = np.nonzero(tint)
    assert len(rows) > 200
    inside = pixels[rows.min() : rows.max() + 1, places.min() : places.max() + 1].sum(axis=2)
    assert (inside < 300).sum() > 30


def test_one_key_goes_from_text_to_print_and_back(coast, open_page):
    page = open_page(coast.url)
    open_cited(page, HERONS, HERON)
    expect(page.locator("#reader-text")).to_be_focused()
    page.keyboard.press("p")
    loaded(page)
    expect(page.locator("#reader-page")).to_be_focused()
    expect(page.get_by_role("button", name="Show text")).to_be_visible()
    page.keyboard.press("p")
    expect(page.locator("#reader-page")).to_be_hidden()
    expect(page.locator("#reader-text")).to_be_focused()
    expect(page.locator("#quoted")).to_be_in_viewport()
    page.keyboard.press(".")  # turns no pages of a text
    expect(page.locator("#quoted")).to_be_in_viewport()


def test_a_quote_over_two_pages_is_marked_on_each_and_pages_turn_by_key(coast, open_page):
    page = open_page(coast.url)
    print_of(page, FERRIES, FERRY)
    place_of(page, 1, 2)
    expect(page.locator("#page-place")).to_contain_text("quote on 1, 2")
    expect(page.get_by_role("button", name="Previous page")).to_be_disabled()
    page.keyboard.press(",")
    place_of(page, 1, 2)
    page.keyboard.press(".")
    place_of(page, 2, 2)
    loaded(page)
    expect(cited(page)).to_have_count(1)
    expect(cited(page)).to_be_in_viewport()
    assert_ink_is_marked(shown(page))
    expect(page.get_by_role("button", name="Next page")).to_be_disabled()
    page.keyboard.press(",")
    place_of(page, 1, 2)
    page.get_by_role("button", name="Next page").click()
    place_of(page, 2, 2)


def test_a_page_without_the_quote_is_shown_and_says_so(coast, open_page):
    page = open_page(coast.url)
    print_of(page, SEALS, SEAL)
    place_of(page, 1, 3)
    page.get_by_role("button", name="Next page").click()
    place_of(page, 2, 3)
    expect(cited(page)).to_have_count(0)
    expect(page.locator("#reader-page")).to_contain_text("The quote is not on this page.")


def test_other_citations_of_the_document_are_marked_faintly(coast, open_page):
    page = open_page(coast.url)
    ask(page, CRABS)
    print_of(page, SEALS, SEAL)
    expect(cited(page)).to_have_count(1)
    expect(page.locator("#reader-page rect.also")).to_have_count(1)
    pixels = shown(page)
    assert tinted(pixels, 0).sum() > 200
    assert tinted(pixels, 1).sum() > 200
    first = page.locator(".turn").first.locator("a.mark").first
    first.click()
    loaded(page)
    expect(page.locator("#reader-page")).to_contain_text(CRAB)
    expect(cited(page)).to_have_count(1)


def test_a_passage_is_marked_on_the_printed_page_too(coast, open_page):
    page = open_page(coast.url)
    turn = ask(page, OWLS)
    turn.locator("summary").click()
    turn.locator(".passages li", has_text=OWL).locator("a").first.click()
    page.get_by_role("button", name="Show as printed").click()
    loaded(page)
    expect(cited(page).first).to_be_in_viewport()


def test_what_was_chosen_holds_for_the_next_citation_that_has_pages(coast, open_page):
    page = open_page(coast.url)
    print_of(page, HERONS, HERON)
    ask(page, QUESTION).locator("a.mark").first.click()
    expect(page.locator("#quoted")).to_contain_text("narrow canal")
    expect(page.get_by_role("button", name="Show")).to_have_count(0)
    page.keyboard.press("p")
    expect(page.locator("#quoted")).to_be_visible()
    ask(page, OWLS).locator("a.mark").first.click()
    loaded(page)
    expect(picture(page)).to_be_visible()
    expect(page.locator("#reader-page")).to_be_focused()
    page.reload()
    loaded(page)
    expect(picture(page)).to_be_visible()


def test_a_document_without_pages_offers_no_print(coast, open_page):
    page = open_page(coast.url)
    ask(page, QUESTION).locator("a.mark").first.click()
    expect(page.locator("#quoted")).to_be_visible()
    expect(page.locator("#as-printed")).to_have_count(0)


def test_a_page_is_made_larger_smaller_and_fitted(coast, open_page, watch):
    page = open_page(coast.url, viewport={"width": 1280, "height": 800})
    print_of(page, HERONS, HERON)
    width = "node => node.getBoundingClientRect().width"
    fitted = picture(page).evaluate(width)
    page.keyboard.press("+")
    page.keyboard.press("+")
    loaded(page)
    assert picture(page).evaluate(width) == pytest.approx(2 * fitted, 0.02)
    assert page.locator("#reader-page").evaluate("node => node.scrollWidth > node.clientWidth")
    asked = [one for one in watch.requested if ".png" in one]
    assert f"width={round(2 * fitted)}&" in asked[-1]
    page.get_by_role("button", name="Smaller").click()
    page.keyboard.press("0")
    assert picture(page).evaluate(width) == fitted
    page.keyboard.press("-")
    assert picture(page).evaluate(width) == pytest.approx(0.6 * fitted, 0.02)
    expect(page.get_by_role("button", name="Smaller")).to_be_disabled()
    page.get_by_role("button", name="Fit").click()
    assert picture(page).evaluate(width) == fitted
    for _ in range(3):
        page.get_by_role("button", name="Larger").click()
    expect(page.get_by_role("button", name="Larger")).to_be_disabled()
    loaded(page)
    expect(cited(page).first).to_be_in_viewport()


def test_letters_can_be_letters_only(coast, open_page):
    page = open_page(coast.url)
    open_cited(page, HERONS, HERON)
    page.locator("#shortcuts summary").click()
    expect(page.locator("#shortcuts")).to_contain_text("the page as printed, or its text")
    page.get_by_label("Single keys work").uncheck()
    page.locator("#reader-text").focus()
    page.keyboard.press("p")
    expect(page.locator("#reader-page")).to_be_hidden()


def test_whoever_does_not_see_the_picture_has_its_name_and_the_words(coast, open_page):
    page = open_page(coast.url)
    print_of(page, FERRIES, FERRY)
    region = page.get_by_role("region", name="Page 1 of 2 of")
    name = page.locator("#reader-title").inner_text()
    expect(region.get_by_role("img")).to_have_accessible_name(f"{name}, page 1 of 2, as printed")
    expect(region).to_contain_text(f"Marked on this page: “{FERRY}")
    assert region.locator("svg").get_attribute("aria-hidden") == "true"


def test_nothing_of_a_printed_page_is_loaded_before_it_is_wanted(coast, open_page, watch):
    page = open_page(coast.url)
    ask(page, QUESTION).locator("a.mark").first.click()
    expect(page.locator("#quoted")).to_be_visible()
    assert [one for one in watch.requested if "printed" in one] == []
    open_cited(page, HERONS, HERON)
    assert [one for one in watch.requested if "printed.js" in one] != []
    assert [one for one in watch.requested if ".png" in one] == []


def test_markup_in_names_and_titles_is_text(coast, open_page, watch):
    page = open_page(coast.url)
    print_of(page, FROGS, FROG)
    expect(page.locator("#reader-title")).to_have_text(TITLE)
    expect(picture(page)).to_have_attribute("alt", f"{TITLE}, page 1 of 1, as printed")
    page.get_by_role("link", name="Whole document").click()
    page.locator(".printed summary").click()
    expect(page.locator(".sheet img")).to_have_attribute("alt", re.compile(re.escape(TITLE)))
    expect(page.get_by_text(HOSTILE)).to_be_visible()
    assert page.evaluate("window.ran") is None
    assert page.locator("img").count() == 1
    with page.expect_download() as saved:
        page.get_by_role("link", name="Original file").click()
    assert saved.value.suggested_filename == "_img src=x onerror='window.ran=true'_.pdf"
    assert Path(saved.value.path()).read_bytes() == FILES[HOSTILE]
    assert watch.errors == []


# Where there is no picture


def test_a_page_that_cannot_be_drawn_is_said_and_the_text_is_shown(site_of, settings, open_page):
    data = sheet(OWL)
    site = site_of({"owls.pdf": data})
    file = originals.path_of(settings.data, hashlib.sha256(data).hexdigest())
    file.write_bytes(data[:300])
    page = open_page(site.url)
    open_cited(page, OWLS, OWL)
    page.keyboard.press("p")
    said = "The page cannot be shown as printed: it is damaged. Here is its text."
    expect(page.locator("#reader-state")).to_have_text(said)
    expect(page.locator("#quoted")).to_have_text(OWL)
    expect(page.locator("#reader-page")).to_be_hidden()
    expect(page.locator("#reader-text")).to_be_focused()


def test_a_service_that_is_busy_is_asked_again(coast, open_page):
    page = open_page(coast.url)
    open_cited(page, HERONS, HERON)
    answers: list[Any] = []

    def busy(route: Any) -> None:
        answers.append(route)
        if len(answers) > 2:
            route.continue_()
        else:
            route.fulfill(status=503, json={"detail": "too many pages", "code": "renderer_busy"})

    page.route("**/*.png?*", busy)
    page.keyboard.press("p")
    loaded(page)
    expect(page.locator("#reader-page")).to_be_visible()


def test_a_picture_that_does_not_come_can_be_asked_for_again(coast, open_page):
    page = open_page(coast.url)
    open_cited(page, HERONS, HERON)
    page.route("**/*.png?*", lambda route: route.abort())
    page.keyboard.press("p")
    expect(page.locator("#reader-state")).to_contain_text("cannot be shown as printed now")
    page.unroute("**/*.png?*")
    page.keyboard.press("p")
    loaded(page)
    expect(cited(page).first).to_be_in_viewport()


def test_a_document_whose_pages_are_not_told_is_read_as_text(coast, open_page):
    page = open_page(coast.url)
    page.route("**/pages", lambda route: route.abort())
    ask(page, HERONS).locator("a.mark").first.click()
    expect(page.locator("#quoted")).to_be_visible()
    expect(page.get_by_role("button", name="Show as printed")).to_have_count(0)
    page.keyboard.press("p")
    expect(page.locator("#quoted")).to_be_visible()


def test_a_citation_of_a_changed_document_is_marked_where_its_words_are_printed_now(
    site_of, answerer_of, open_page
):
    site = site_of({"owls.pdf": sheet(OWL)})
    page = open_page(site.url)
    ask(page, OWLS)
    site.change(answerer_of({"owls.pdf": sheet("A foreword comes first.", OWL)}))
    page.goto(page.url)
    page.locator("a.mark").first.click()
    expect(page.locator("#reader-state")).to_contain_text("the words now stand here")
    page.keyboard.press("p")
    loaded(page)
    expect(page.locator("#reader-state")).to_contain_text("the words now stand here")
    whole, mark = picture(page).bounding_box(), cited(page).first.bounding_box()
    assert whole is not None
    assert mark is not None
    assert (mark["y"] - whole["y"]) * WIDTH / whole["width"] == pytest.approx(TOP + 90 - 9, abs=4)


# On a document's own page


def whole_document(page: Page, question: str) -> None:
    ask(page, question).locator("a.mark").first.click()
    page.locator("#quoted").wait_for()
    page.get_by_role("link", name="Whole document").click()
    page.locator("mark#cited").wait_for()


def test_a_document_page_shows_the_cited_pages_without_a_script(coast, open_page, watch):
    page = open_page(coast.url)
    whole_document(page, FERRIES)
    address = page.url
    page = open_page(address, java_script_enabled=False)
    figures = page.locator(".printed figure")
    expect(figures).to_have_count(2)
    expect(figures.first).to_be_hidden()
    page.get_by_text("As printed: page 1 of 2, page 2 of 2").click()
    for number, figure in enumerate(figures.all(), start=1):
        figure.scroll_into_view_if_needed()
        alt = re.compile(f"page {number} of 2. Its text is below.$")
        expect(figure.get_by_role("img")).to_have_attribute("alt", alt)
        expect(figure.locator("rect.cited")).to_have_count(1)
        box, mark = (figure.locator(one).bounding_box() for one in (".sheet", "rect"))
        assert box is not None
        assert mark is not None
        assert mark["width"] / box["width"] == pytest.approx(451 / WIDTH, abs=0.02)
        with Image.open(BytesIO(figure.locator("rect").screenshot())) as image:
            assert_ink_is_marked(np.asarray(image.convert("RGB")).astype(int))
    assert watch.errors == []


def test_a_document_page_loads_no_picture_before_it_is_opened(coast, open_page, watch):
    page = open_page(coast.url)
    whole_document(page, HERONS)
    page.wait_for_load_state("networkidle")
    assert [one for one in watch.requested if ".png" in one] == []
    page.locator(".printed summary").click()
    has_come(page.locator(".sheet img").first)


def test_other_citations_are_marked_faintly_on_a_document_page(coast, open_page):
    page = open_page(coast.url)
    ask(page, CRABS)
    whole_document(page, SEALS)
    page.locator(".printed summary").click()
    expect(page.locator("rect.cited")).to_have_count(1)
    expect(page.locator("rect:not(.cited)")).to_have_count(1)


@pytest.mark.parametrize("path", ["orchard?start=0&end=11", "columns-pdf", "columns"])
def test_a_document_page_without_a_printed_quote_shows_none(coast, open_page, path):
    page = open_page(f"{coast.url}/documents/{path}")
    expect(page.locator(".printed")).to_have_count(0)


# For everyone


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_wrong_with_a_printed_page(coast, open_page, scheme, width):
    page = open_page(
        coast.url,
        color_scheme=scheme,
        reduced_motion="reduce",
        viewport={"width": width, "height": 800},
    )
    print_of(page, FERRIES, FERRY)
    assert violations(page) == []
    assert page.evaluate(OVERFLOW) <= 0
    page.get_by_role("link", name="Whole document").click()
    page.locator(".printed summary").click()
    has_come(page.locator(".sheet img").first)
    assert violations(page) == []
    assert page.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize(("width", "height"), [(320, 256), (320, 640), (1920, 1080)])
def test_a_printed_page_fits_any_window(coast, open_page, width, height):
    page = open_page(coast.url, viewport={"width": width, "height": height})
    print_of(page, FERRIES, FERRY)
    assert page.evaluate(OVERFLOW) <= 0
    expect(cited(page).first).to_be_in_viewport()
    small = """() => [...document.querySelectorAll("#views button")]
      .filter((node) => node.checkVisibility())
      .filter((node) => Math.min(node.clientHeight, node.clientWidth) < 24)
      .map((node) => node.textContent)"""
    assert page.evaluate(small) == []


def test_a_whole_journey_on_print_by_keyboard(coast, open_page):
    page = open_page(coast.url)
    press = page.keyboard.press
    page.keyboard.type(FERRIES)
    press("Enter")
    page.locator("blockquote").wait_for()
    press("Escape")
    press("j")
    page.get_by_role("button", name="Show as printed").wait_for()
    press("p")
    expect(page.locator("#reader-page")).to_be_focused()
    place_of(page, 1, 2)
    press(".")
    place_of(page, 2, 2)
    press("Escape")
    expect(page.locator("#reader")).to_be_hidden()
    expect(page.locator("a.mark").first).to_be_focused()


def test_what_the_tests_print_is_what_it_is_taken_for():
    assert len({FERRY, EVENING, *BEFORE, *AFTER}) == 6
