"""A document on a page of its own: what is known of it, what was seen in it, and how it is set
right."""

from __future__ import annotations

import pytest
from page import FILES, SLOWLY
from playwright.sync_api import expect

pytest_plugins = ["browser", "keeping"]
pytestmark = pytest.mark.browser

REPORT = """<!doctype html><html lang="en"><head><title>The Harvest Report</title></head><body>
<nav><a href="/">Home</a> <a href="/more">More of it</a></nav>
<main><h1>The Harvest Report</h1>
<p>The harvest of the northern orchards was counted in the autumn \U0001f34e of the year.</p>
<h2>Fruit</h2>
<table><caption>Fruit by kind</caption>
<tr><th>Kind</th><th>Tonnes</th></tr>
<tr><td>Apples</td><td>70</td></tr><tr><td>Pears</td><td>30</td></tr></table>
<h2>Labour</h2><ul><li>Pickers came from the villages nearby.</li></ul></main></body></html>"""
LONG = "# Long\n\n" + "".join(
    f"## Chapter {n}\n\n" + f"Bees visit orchard number {n} in spring. " * 60 + "\n\n"
    for n in range(20)
)


@pytest.fixture
def keeper(keeper_of, index_of):
    index_of({**FILES, "harvest.html": REPORT, "long.md": LONG})
    return keeper_of()


def shown(page, id, keeper):
    page.goto(f"{keeper.url}/collection/{id}")
    page.locator("#text span:visible").first.wait_for()


def fact(page, name):
    return page.locator("#facts > div").filter(has=page.get_by_text(name, exact=True)).locator("dd")


# Seen


def test_a_document_shows_what_is_known_of_it(keeper, open_page, watch):
    page = open_page(f"{keeper.url}/collection")
    page.get_by_role("link", name="The Harvest Report", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The Harvest Report")
    entry = keeper.get("/v1/collection/documents/harvest")
    for name, value in {
        "File": "harvest.html",
        "Language": "English",
        "Read by": entry["loader"],
        "Identifiers read as": "plain",
        "Passages": str(entry["passages"]),
        "Comes from": "the folder documents",
        "SHA-256 of the file": entry["file_sha256"],
        "SHA-256 of the text": entry["sha256"],
    }.items():
        expect(fact(page, name)).to_have_text(value)
    page.locator("#text .heading").first.wait_for()
    assert watch.errors == []


def test_the_text_is_shown_whole_with_what_each_run_was_taken_for(keeper, open_page, watch):
    page = open_page("about:blank")
    shown(page, "harvest", keeper)
    with_text = page.locator("#text").evaluate("(node) => node.textContent")
    text = page.evaluate("() => fetch('/v1/documents/harvest/text').then((one) => one.text())")
    assert with_text == text
    expect(page.locator("#text .heading")).to_have_text(["The Harvest Report", "Fruit", "Labour"])
    expect(page.locator("#text .row").nth(1).locator(".cell")).to_have_text(["Apples", "70"])
    expect(page.locator("#text .row").nth(1).locator(".cell").last).to_have_attribute(
        "title", "under “Tonnes”"
    )
    expect(page.locator("#text .item")).to_contain_text("Pickers came")
    expect(page.locator("#text .chrome").first).to_contain_text("Home")
    expect(page.locator("#legend")).to_contain_text("page furniture, not searched")
    expect(page.locator("#seen-about")).to_contain_text("3 headings")
    page.get_by_text("Tables (").click()
    expect(page.locator("#found")).to_contain_text("Fruit by kind (3 rows)")
    assert watch.errors == []


def test_an_outline_leads_through_the_parts_of_a_long_text(keeper, open_page, watch):
    page = open_page("about:blank")
    shown(page, "long", keeper)
    choice = page.get_by_role("navigation", name="Parts of the text")
    expect(choice).to_contain_text("Part 1 of 3")
    expect(choice.get_by_role("button", name="Previous")).to_be_disabled()
    text = page.evaluate("() => fetch('/v1/documents/long/text').then((one) => one.text())")
    parts = []
    for _ in range(3):
        parts.append(page.locator("#text").evaluate("(node) => node.textContent"))
        button = choice.get_by_role("button", name="Next")
        if button.is_enabled():
            button.click()
    assert "".join(parts) == text
    expect(page.locator("#status")).to_have_text("Part 3 of 3.")
    page.get_by_text("Outline (21)").click()
    page.get_by_role("button", name="Chapter 2", exact=True).click()
    expect(choice).to_contain_text("Part 1 of 3")
    expect(page.locator("#text").get_by_text("Chapter 2", exact=True)).to_be_focused()
    assert watch.errors == []


def test_what_is_not_kept_of_a_reading_is_said(keeper, settings, open_page):
    for one in (settings.data / "parsed").glob("*/*"):
        one.unlink()
    page = open_page(f"{keeper.url}/collection/harvest")
    expect(page.locator("#seen-about")).to_contain_text("only headings are known")
    expect(page.locator("#text .heading")).to_have_text(["The Harvest Report", "Fruit", "Labour"])


def test_a_document_that_is_not_there_is_no_error(keeper, open_page):
    page = open_page(f"{keeper.url}/collection/nope")
    expect(page.get_by_role("heading", level=1)).to_have_text("No such document")
    page.goto(f"{keeper.url}/collection/orchard")
    page.locator("#facts dd").first.wait_for()
    page.evaluate("() => fetch('/v1/documents/orchard', { method: 'DELETE' })")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("It may be hidden")


# Set right


def test_what_is_set_right_is_kept_over_a_build_and_can_be_taken_back(keeper, open_page, watch):
    page = open_page(f"{keeper.url}/collection/harvest")
    back = page.get_by_role("button", name="Title: as the document says")
    expect(page.get_by_label("Title", exact=True)).to_have_value("The Harvest Report")
    expect(back).to_be_hidden()
    page.get_by_label("Title", exact=True).fill("<b>Harvest</b> of 2025")
    page.get_by_label("Date", exact=True).fill("2025-10")
    page.get_by_label("Tags", exact=True).fill("fruit, north , fruit")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_have_text(
        "Saved: Title, Date, and Tags. The index is being rebuilt with it."
    )
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "<b>Harvest</b> of 2025", timeout=SLOWLY
    )
    expect(page.locator("#status")).to_have_text("The index has it now.")
    expect(fact(page, "Date")).to_have_text("2025-10")
    expect(fact(page, "Tags")).to_have_text("fruit, north")
    # Another build, of everything anew.
    page.evaluate(
        """async () => {
          const { build } = await (await fetch("/v1/builds", { method: "POST" })).json();
          const { follow } = await import("/static/changing.js");
          await follow(build, () => {});
        }"""
    )
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("<b>Harvest</b> of 2025")
    back.click()
    expect(page.get_by_label("Title", exact=True)).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_have_text("The Harvest Report", timeout=SLOWLY)
    expect(page.get_by_label("Title", exact=True)).to_have_value("The Harvest Report")
    expect(page.get_by_label("Date", exact=True)).to_have_value("2025-10")
    assert watch.errors == []


def test_a_field_that_is_not_as_it_must_be_says_so_where_it_stands(keeper, open_page):
    page = open_page(f"{keeper.url}/collection/harvest")
    page.get_by_label("Date", exact=True).fill("in spring")
    page.get_by_label("Language", exact=True).fill("english")
    page.get_by_role("button", name="Save").click()
    date = page.get_by_label("Date", exact=True)
    expect(date).to_be_focused()
    expect(date).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#fault-date")).to_have_text(
        "It should be a year, a month or a day: 2025, 2025-03 or 2025-03-14."
    )
    expect(page.locator("#fault-language")).to_have_text("It should have at most 3 characters.")
    assert "fault-date" in date.get_attribute("aria-describedby")
    date.fill("")
    page.get_by_label("Language", exact=True).fill("en")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#status")).to_have_text("Nothing was changed, so nothing was saved.")
    expect(page.locator("#fault-date")).to_be_hidden()
    page.route("**/v1/documents/harvest", lambda route: route.abort())
    date.fill("2025")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("the service cannot be reached")


def test_where_nothing_can_be_changed_there_is_no_form(keeper_of, index_of, open_page):
    index_of(FILES)
    page = open_page(f"{keeper_of(uploads='off').url}/collection/orchard")
    expect(page.locator("#edit")).to_contain_text("its setting ATTEST_UPLOADS is off")
    expect(page.get_by_label("Title", exact=True)).to_have_count(0)
