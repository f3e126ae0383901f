"""The page of all that bears on a question."""

from __future__ import annotations

from pathlib import Path

import pytest
from page import HOSTILE
from playwright.sync_api import expect

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

GUARD = "States shall guard their borders against the movement of terrorists."
FILES = {
    "act.md": f"# The Act\n\n{GUARD}\n\nEvery State shall also guard borders at sea.",
    "copy.txt": f"A Copy\n\n{GUARD}\n\n{HOSTILE} stands at the borders of the text.",
}
ASKED = "every mention of borders"


def collect(page, question=ASKED):
    page.get_by_role("searchbox").fill(question)
    page.keyboard.press("Enter")
    return page.locator("#groups section")


def test_sentences_are_shown_by_document_with_repeats_folded(site_of, open_page):
    page = open_page(f"{site_of(FILES).url}/evidence")
    groups = collect(page)
    expect(groups).to_have_count(2)
    expect(page.locator("#told")).to_contain_text("3 sentences, about")
    expect(page.locator("li").filter(has_text=GUARD)).to_have_count(1)
    expect(page.locator("li").filter(has_text=GUARD)).to_contain_text("Also in")
    expect(page.locator("#groups")).to_contain_text(HOSTILE)
    assert page.evaluate("window.ran") is None
    page.get_by_role("link", name="[1] Read it there").click()
    expect(page.locator("mark").first).to_be_visible()


def test_the_address_keeps_the_question(site_of, open_page):
    page = open_page(f"{site_of(FILES).url}/evidence")
    collect(page)
    expect(page.locator("li").first).to_be_visible()
    page.reload()
    expect(page.get_by_role("searchbox")).to_have_value(ASKED)
    expect(page.locator("#groups section")).to_have_count(2)


def test_nothing_is_told_as_nothing(site_of, open_page):
    page = open_page(f"{site_of(FILES).url}/evidence?q=xylophone")
    expect(page.locator("#told")).to_have_text("Nothing in these documents bears on it.")
    expect(page.locator("#files")).to_be_hidden()


def test_it_is_saved_as_files(site_of, open_page):
    page = open_page(f"{site_of(FILES).url}/evidence?q={ASKED}")
    for name, ending in (("CSV", "csv"), ("Word", "docx"), ("Markdown", "md")):
        with page.expect_download() as saved:
            page.get_by_role("button", name=name).click()
        assert saved.value.suggested_filename == f"evidence.{ending}"
        assert Path(saved.value.path()).stat().st_size > 200


def test_a_long_list_is_shown_a_page_at_a_time(site_of, open_page):
    many = "\n\n".join(f"Gate {one} of the borders is guarded by day." for one in range(70))
    page = open_page(f"{site_of({'many.txt': f'Gates{chr(10)}{chr(10)}{many}'}).url}/evidence")
    collect(page, "guarded borders")
    expect(page.locator("#groups li")).to_have_count(50)
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("#groups li")).to_have_count(70)
    expect(page.locator("#groups section")).to_have_count(1)
    expect(page.get_by_role("button", name="Show more")).to_be_hidden()


def test_it_fits_a_phone_and_a_failure_is_told(site_of, open_page, watch):
    page = open_page(f"{site_of(FILES).url}/evidence", viewport={"width": 360, "height": 700})
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    collect(page)
    expect(page.locator("li").first).to_be_visible()
    assert page.evaluate(wide)
    page.route("**/v1/evidence", lambda route: route.abort())
    collect(page, "owls")
    expect(page.locator("#told")).to_have_text("Not collected: the service cannot be reached.")
    assert page.evaluate(wide)
