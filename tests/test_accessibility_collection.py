"""Everyone can use the pages of the collection: in both themes, at any width, and by keyboard."""

from __future__ import annotations

import pytest
from page import FILES, choose, row
from playwright.sync_api import expect
from test_accessibility import OVERFLOW, violations

pytest_plugins = ["browser", "keeping"]
pytestmark = pytest.mark.browser

SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 740}}
TABLE = "kind,tonnes\napples,70\npears,30\n"


def listed(page, url):
    page.goto(f"{url}/collection")
    row(page, "The Orchard").wait_for()


def refused(page, url):
    listed(page, url)
    page.route("**/v1/documents", lambda route: route.abort())
    page.locator("details summary").click()
    choose(page, ("a.exe", "x"), ("birds.txt", "Grey birds fly at dusk."))
    page.get_by_role("button", name="Try again: birds.txt").wait_for()


def removing(page, url):
    listed(page, url)
    page.get_by_role("button", name="Remove: The Orchard").click()


def nothing_found(page, url):
    listed(page, url)
    page.get_by_label("Search").fill("nothing like it")


def record(page, url):
    page.goto(f"{url}/collection/orchard")
    page.locator("#text .heading").first.wait_for()
    for one in page.locator("#found summary").all():
        one.click()


def rows(page, url):
    page.goto(f"{url}/collection/fruit")
    page.locator("#text .cell").first.wait_for()


def wrong(page, url):
    page.goto(f"{url}/collection/orchard")
    page.get_by_label("Date", exact=True).fill("soon")
    page.get_by_role("button", name="Save").click()
    page.locator("#fault-date").wait_for()


VIEWS = [listed, refused, removing, nothing_found, record, rows, wrong]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_and_nothing_overflows(
    keeper_of, index_of, open_page, scheme, size
):
    index_of({**FILES, "fruit.csv": TABLE, "torn.pdf": b"%PDF-1.7\nThis is no PDF."})
    url = keeper_of().url
    for view in VIEWS:
        page = open_page(
            "about:blank", color_scheme=scheme, viewport=SIZES[size], reduced_motion="reduce"
        )
        view(page, url)
        assert violations(page) == [], view.__name__
        assert page.evaluate(OVERFLOW) <= 0, view.__name__


@pytest.mark.parametrize("uploads", ["auto", "off"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_an_empty_service(keeper_of, open_page, scheme, uploads):
    keeper = keeper_of(uploads=uploads)
    for path in ("/", "/collection"):
        page = open_page(f"{keeper.url}{path}", color_scheme=scheme)
        page.locator(".offer > *").first.wait_for()
        assert violations(page) == []


def test_the_collection_is_reached_and_used_by_keyboard(keeper_of, index_of, open_page):
    index_of(FILES)
    page = open_page(keeper_of().url)
    page.locator("#examples button").first.wait_for()
    page.get_by_role("link", name="Collection").press("Enter")
    row(page, "The Orchard").wait_for()
    names = []
    for _ in range(30):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent")
        )
    wanted = ["Choose files", "Title", "State", "The Orchard", "Remove: The Orchard"]
    places = [names.index(one) for one in wanted]
    assert places == sorted(places)
    page.go_back()
    page.get_by_role("button", name="Documents").press("Enter")
    page.get_by_role("link", name="Add or remove some").press("Enter")
    expect(page).to_have_url(f"{page.url.split('/collection')[0]}/collection")
