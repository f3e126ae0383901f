"""What the pages of the service say of words that were read from a picture."""

from __future__ import annotations

import pytest
from page import FILES, QUESTION, ask
from playwright.sync_api import expect
from scanning import Program, Scan, hocr_of

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

SAID = "Grey herons nest behind the lighthouse."


@pytest.fixture
def reads_scans(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("ATTEST_OCR", "on")
    Program(tmp_path / "bin", monkeypatch).says(hocr_of([SAID]))


def test_the_panel_and_the_document_say_that_words_were_read_from_a_picture(
    reads_scans, site_of, open_page
):
    site = site_of({**FILES, "scan.pdf": Scan().text().text(["Another"]).made()})
    page = open_page(site.url)
    remark = page.locator("#reader-ocr")
    ask(page, "Which herons nest behind the lighthouse?").locator("a.mark").first.click()
    expect(page.locator("#quoted")).to_have_text(SAID)
    expect(remark).to_have_text("Read from a picture by OCR. Check it against the original.")
    expect(remark).to_be_visible()
    ask(page, QUESTION).locator("a.mark").first.click()
    expect(page.locator("#reader-section")).to_have_text("WATERING THE TREES")
    expect(remark).to_be_hidden()
    page.goto(f"{site.url}/documents/scan")
    expect(page.locator("main")).to_contain_text("Read from pictures by OCR: 2 pages.")
    page.goto(f"{site.url}/documents/orchard")
    expect(page.locator("main")).not_to_contain_text("OCR")
