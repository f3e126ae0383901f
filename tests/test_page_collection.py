"""The collection on its page: listed, sorted, searched, added to, taken from."""

from __future__ import annotations

import json

import pytest
from page import FILES, HOSTILE, QUESTION, QUOTE, SLOWLY, added, ask, box, choose, drop, row
from playwright.sync_api import expect

pytest_plugins = ["browser", "keeping"]
pytestmark = pytest.mark.browser

BIRDS = "Grey Birds\n\nGrey birds fly over the water at dusk.\n"
NO_PDF = b"%PDF-1.7\nThis is no PDF at all."


@pytest.fixture
def keeper(keeper_of, index_of):
    index_of(FILES)
    return keeper_of()


@pytest.fixture
def opened(keeper, open_page):
    page = open_page(f"{keeper.url}/collection")
    row(page, "The Orchard").wait_for()
    return page


def titles(page):
    return page.locator("#files tbody .title > :first-child").all_inner_texts()


# Listed


def test_the_collection_is_a_table_of_its_documents(keeper_of, index_of, open_page, watch):
    index_of({**FILES, "torn.pdf": NO_PDF})
    page = open_page(f"{keeper_of().url}/collection")
    orchard = row(page, "The Orchard")
    expect(orchard.locator(".file")).to_have_text("orchard.txt")
    expect(orchard.locator(".language")).to_have_text("English")
    expect(orchard.locator(".passages")).to_have_text("2")
    expect(orchard.locator("td.state")).to_have_text("Read")
    expect(row(page, "torn.pdf").locator("td.state")).to_contain_text("Skipped")
    assert len(row(page, "torn.pdf").locator(".why").inner_text()) > 10
    expect(page.locator("#size")).to_have_text(
        "2 documents with 3 passages; 1 file that cannot be asked."
    )
    orchard.get_by_role("link", name="The Orchard", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The Orchard")
    assert watch.errors == []


def test_columns_sort_both_ways_and_say_so(opened):
    page = opened
    head = page.get_by_role("columnheader", name="Title")
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert titles(page) == ["The Harbour", "The Orchard"]
    head.get_by_role("button").press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert titles(page) == ["The Orchard", "The Harbour"]
    expect(page.locator("#status")).to_have_text("Sorted by title, descending.")
    page.get_by_role("button", name="Passages").click()
    assert titles(page) == ["The Harbour", "The Orchard"]
    assert head.get_attribute("aria-sort") is None
    page.reload()
    expect(page.get_by_role("columnheader", name="Passages")).to_have_attribute(
        "aria-sort", "ascending"
    )


def test_dates_sort_by_time_and_what_has_none_comes_last(opened):
    dates = ["14 March 2025", "2024-05-01", "", "2025-03-02", "1999"]
    listed = opened.evaluate(
        """async (dates) => {
          const { sorted } = await import("/static/rows.js");
          const rows = dates.map((date, n) => ({ date, name: String(n), tags: [] }));
          return [false, true].map((down) => sorted(rows, { by: "date", down }).map((r) => r.date));
        }""",
        dates,
    )
    inorder = ["1999", "2024-05-01", "2025-03-02", "14 March 2025"]
    assert listed == [[*inorder, ""], [*inorder[::-1], ""]]


def test_the_table_is_searched_and_filtered(opened, keeper):
    page = opened
    page.get_by_label("Search").fill("HARB")
    assert titles(page) == ["The Harbour"]
    expect(page.locator("#count")).to_have_text("1 of 2")
    page.get_by_label("Search").fill("orchard.txt")
    assert titles(page) == ["The Orchard"]
    page.get_by_label("Search").fill("nothing like it")
    expect(page.locator("#files")).to_be_hidden()
    expect(page.locator("#status")).to_have_text("0 files shown.")
    page.get_by_label("Search").fill("")
    page.evaluate(
        """() => fetch("/v1/documents/orchard", { method: "PATCH",
          headers: { "Content-Type": "application/json" }, body: '{"tags": ["fruit", "<b>"]}' })"""
    )
    page.reload()
    page.get_by_label("Tag", exact=True).select_option("fruit")
    assert titles(page) == ["The Orchard"]
    expect(row(page, "The Orchard").locator(".tag")).to_have_text(["fruit", "<b>"])
    page.get_by_label("Tag", exact=True).select_option("")
    page.get_by_label("State").select_option("Read")
    assert len(titles(page)) == 2


def test_thousands_of_rows_are_drawn_in_steps(keeper, open_page):
    page = open_page("about:blank")
    listed: list[dict[str, object]] = [
        {
            "name": f"report-{n}.txt",
            "id": f"report-{n}",
            "state": "read",
            "reason": "",
            "bytes": n,
            "file_sha256": None,
            "uploaded": False,
            "folder": "many",
            "tags": [],
        }
        for n in range(3000)
    ]
    page.route("**/v1/collection/files", lambda route: route.fulfill(json={"files": listed}))
    page.goto(f"{keeper.url}/collection")
    row(page, "report-0.txt").wait_for()
    assert page.locator("#files tbody tr").count() <= 200
    expect(page.locator("#files")).to_have_attribute("aria-rowcount", "3003")
    before = page.locator("#files tbody tr").count()
    page.get_by_role("button", name="Show more").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelectorAll('#files tbody tr').length > {before}")
    page.get_by_label("Search").fill("report-2999")
    assert titles(page) == ["report-2999.txt"]


def test_a_service_that_is_gone_is_said_and_the_list_tried_again(keeper, open_page):
    page = open_page("about:blank")
    page.route("**/v1/collection/files", lambda route: route.abort())
    page.goto(f"{keeper.url}/collection")
    expect(page.get_by_role("alert")).to_contain_text("cannot be listed now")
    page.unroute("**/v1/collection/files")
    page.get_by_role("button", name="Try again").click()
    row(page, "The Orchard").wait_for()
    expect(page.get_by_role("alert")).to_have_count(0)


# Added


def test_a_chosen_file_is_followed_until_it_can_be_asked(opened, keeper, watch):
    page = opened
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").press("Enter")
    assert chooser.value.is_multiple()
    choose(page, ("birds.txt", BIRDS))
    line = added(page, "birds.txt")
    expect(line.locator(".state")).to_have_text("Askable now", timeout=SLOWLY)
    expect(page.locator("#status")).to_have_text("1 file: 1 done.")
    expect(row(page, "Grey Birds").locator("td.state")).to_have_text("Read")
    expect(page.locator("#size")).to_contain_text("3 documents")
    line.get_by_role("link", name="Ask about it").click()
    expect(page.locator("#scope")).to_contain_text("birds.txt")
    turn = ask(page, "When do grey birds fly over the water?")
    expect(turn.locator("blockquote")).to_contain_text("at dusk")
    assert "d=birds" in page.url
    assert watch.errors == []


def test_files_that_are_dropped_are_added(opened):
    page = opened
    drop(page, ("birds.txt", BIRDS), ("orchard-again.txt", FILES["orchard.txt"]), ("a.exe", "x"))
    expect(added(page, "a.exe")).to_contain_text("Not added")
    expect(added(page, "a.exe")).to_contain_text("This kind of file is not read. Read are .csv")
    expect(added(page, "orchard-again.txt")).to_contain_text("Is here already, as orchard.txt.")
    expect(added(page, "birds.txt")).to_contain_text("Askable now", timeout=SLOWLY)
    expect(page.locator(".adding > .small")).to_have_text("3 files: 2 done, 1 not added.")
    page.get_by_role("button", name="Clear the list").click()
    expect(page.locator(".added li")).to_have_count(0)
    expect(page.get_by_role("heading", name="Add documents")).to_be_focused()


def test_files_can_be_dropped_on_the_page_to_ask_on(keeper, open_page, watch):
    page = open_page(keeper.url)
    page.locator("#examples button").first.wait_for()
    assert not [url for url in watch.requested if "adding" in url]
    drop(page, ("birds.txt", BIRDS))
    expect(added(page, "birds.txt")).to_contain_text("Askable now", timeout=SLOWLY)
    turn = ask(page, "When do grey birds fly over the water?")
    expect(turn.locator("blockquote")).to_contain_text("at dusk")
    assert watch.errors == []


def test_a_file_that_cannot_be_read_says_why_in_both_places(opened, keeper):
    page = opened
    choose(page, ("torn.pdf", NO_PDF), ("birds.txt", BIRDS))
    expect(added(page, "birds.txt")).to_contain_text("Askable now", timeout=SLOWLY)
    expect(added(page, "torn.pdf").locator(".state")).to_have_text("Not added")
    assert len(added(page, "torn.pdf").locator(".why").inner_text()) > 10
    expect(row(page, "torn.pdf").locator("td.state")).to_contain_text("Skipped")
    # What is no document can be taken away all the same.
    page.get_by_role("button", name="Remove: torn.pdf").click()
    page.get_by_role("button", name="Delete it").click()
    expect(row(page, "torn.pdf")).to_have_count(0)
    assert "torn.pdf" not in keeper.names()


def test_large_uploads_go_in_several_requests_within_the_limits(keeper_of, index_of, open_page):
    index_of(FILES)
    keeper = keeper_of(max_upload_files=2, max_upload_mb=0.05, index={"max_file_mb": 0.04})
    page = open_page(f"{keeper.url}/collection")
    page.get_by_role("button", name="Choose files").wait_for()
    sent = []
    page.on("request", lambda one: sent.append(one) if one.method == "POST" else None)
    large = "Large birds sing. " * 1800
    files = [(f"bird-{n}.txt", f"Bird number {n} sings.") for n in range(3)]
    files += [(f"large-{n}.txt", f"{n} {large}") for n in range(2)]
    choose(page, *files, ("vast.txt", "x" * 45_000))
    expect(added(page, "vast.txt")).to_contain_text("raise ATTEST_MAX_FILE_MB")
    for name, _ in files:
        expect(added(page, name)).to_contain_text("Askable now", timeout=SLOWLY)
    assert len(sent) == 3
    assert set(keeper.names()) == {*FILES, *(name for name, _ in files)}


def test_two_files_of_one_name_in_two_folders_are_both_kept(opened):
    names = opened.evaluate(
        """async () => {
          const { keyOf, nameFor } = await import("/static/sending.js");
          const taken = new Set();
          return ["a/report.pdf", "a/b/Report.pdf", "c/b/report.pdf", "report.pdf"].map((path) => {
            const name = nameFor(path.split("/").pop(), path, taken);
            taken.add(keyOf(name));
            return name;
          });
        }"""
    )
    assert names == ["report.pdf", "b - Report.pdf", "c - b - report.pdf", "report.pdf"]


def test_what_could_not_be_sent_stays_and_can_be_tried_again(opened, keeper):
    page = opened
    page.route("**/v1/documents", lambda route: route.abort())
    choose(page, ("birds.txt", BIRDS), ("fish.txt", "Green fish swim into nets at night."))
    expect(added(page, "birds.txt")).to_contain_text("The service cannot be reached")
    page.unroute("**/v1/documents")
    page.get_by_role("button", name="Try again: birds.txt").click()
    expect(page.get_by_role("heading", name="Add documents")).to_be_focused()
    for name in ("birds.txt", "fish.txt"):
        expect(added(page, name)).to_contain_text("Askable now", timeout=SLOWLY)


def test_a_full_disk_is_said_with_what_to_do(opened):
    page = opened
    problem = {
        "type": "urn:attest:problem:no_room",
        "title": "Insufficient Storage",
        "status": 507,
        "code": "no_room",
        "detail": "the disk is full; nothing was changed",
        "errors": [],
    }
    page.route(
        "**/v1/documents",
        lambda route: route.fulfill(
            status=507, content_type="application/problem+json", body=json.dumps(problem)
        ),
    )
    choose(page, ("birds.txt", BIRDS))
    expect(added(page, "birds.txt")).to_contain_text("The disk is full; nothing was changed.")
    expect(added(page, "birds.txt")).to_contain_text("Make room on the disk")
    expect(page.get_by_role("button", name="Try again: birds.txt")).to_be_visible()


def test_a_build_under_way_is_shown_to_who_comes_back(keeper, open_page):
    build = {
        "id": "7",
        "state": "encoding",
        "detail": "",
        "created": "2026-01-01T00:00:00Z",
        "started": "2026-01-01T00:00:00Z",
        "ended": None,
        "changes": [{"action": "add", "name": "birds.txt", "id": None, "file_sha256": None}],
        "progress": {"done": 30, "total": 120, "reading": [], "seconds_left": 130.0},
        "failed": [],
        "report": None,
    }
    page = open_page("about:blank")
    page.route("**/v1/builds", lambda route: route.fulfill(json={"builds": [build]}))
    page.route("**/v1/builds/7", lambda route: route.fulfill(json=build))
    page.goto(f"{keeper.url}/collection")
    words = "Making passages searchable: 30 of 120 · about 2 minutes left"
    expect(page.locator(".stage .words").last).to_have_text(words)
    bar = page.get_by_role("progressbar", name="Building")
    assert bar.evaluate("(one) => one.position") == 0.25
    expect(added(page, "birds.txt")).to_contain_text("Being made searchable")
    build.update(state="failed", detail="the folder orchards is not there any more", progress=None)
    expect(page.locator(".adding > .failure")).to_contain_text(
        "Nothing was changed: the folder orchards is not there any more."
    )
    page.unroute("**/v1/builds")
    with page.expect_request(lambda one: one.method == "POST") as sent:
        page.get_by_role("button", name="Build again").click()
    assert sent.value.url.endswith("/v1/builds")


@pytest.mark.parametrize("path", ["/collection", "/"])
def test_where_nothing_can_be_added_the_page_says_why(keeper_of, index_of, open_page, path):
    if path != "/":
        index_of(FILES)
    page = open_page(f"{keeper_of(uploads='off').url}{path}")
    expect(page.locator(".adding .notice")).to_contain_text("its setting ATTEST_UPLOADS is off")
    expect(page.get_by_role("button", name="Choose files")).to_have_count(0)
    expect(page.get_by_role("button", name="Remove")).to_have_count(0)
    drop(page, ("birds.txt", BIRDS))
    expect(page.locator("#status")).to_contain_text("Not added. This service takes no files")


# Taken away


def test_a_document_of_a_folder_is_hidden_and_shown_again(opened, keeper):
    page = opened
    remove = page.get_by_role("button", name="Remove: The Orchard")
    remove.press("Enter")
    dialog = page.get_by_role("dialog", name="Hide “The Orchard”?")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(remove).to_be_focused()
    assert keeper.names()["orchard.txt"] == "read"
    remove.press("Enter")
    dialog.get_by_role("button", name="Hide it").press("Enter")
    restore = page.get_by_role("button", name="Show again")
    expect(restore).to_be_focused()
    expect(page.locator("#status")).to_have_text("“The Orchard” was hidden.")
    assert keeper.names()["orchard.txt"] == "hidden"
    hidden = page.locator("#files tbody tr.hidden")
    expect(hidden.locator("td.state")).to_have_text("Hidden")
    expect(hidden.get_by_role("link")).to_have_count(0)
    expect(page.locator("#size")).to_contain_text("1 document ")
    expect(page.locator(".stage").last).to_be_hidden(timeout=SLOWLY)
    restore.press("Enter")
    expect(row(page, "The Orchard").locator("td.state")).to_have_text("Read", timeout=SLOWLY)
    assert keeper.names()["orchard.txt"] == "read"


def test_an_uploaded_document_is_deleted_at_once(opened, keeper):
    page = opened
    choose(page, ("birds.txt", BIRDS))
    expect(added(page, "birds.txt")).to_contain_text("Askable now", timeout=SLOWLY)
    page.get_by_role("button", name="Remove: Grey Birds").click()
    page.get_by_role("dialog", name="Delete “Grey Birds”?").get_by_text("Delete it").click()
    expect(row(page, "Grey Birds")).to_have_count(0)
    expect(page.locator("#status")).to_have_text("“Grey Birds” was deleted.")
    assert "birds.txt" not in keeper.names()
    focused = page.evaluate("document.activeElement.closest('tr, h1') !== null")
    assert focused


def test_a_removal_that_fails_says_so_and_leaves_the_document(opened, keeper):
    page = opened
    page.route("**/v1/documents/orchard", lambda route: route.abort())
    page.get_by_role("button", name="Remove: The Orchard").click()
    page.get_by_role("button", name="Hide it").click()
    expect(page.get_by_role("alert")).to_have_text(
        "The service cannot be reached. Nothing was changed; try again."
    )
    page.get_by_role("button", name="Cancel").click()
    assert keeper.names()["orchard.txt"] == "read"


# A service without documents


def test_an_empty_service_asks_for_documents_and_turns_into_the_asking_page(keeper_of, open_page):
    page = open_page(keeper_of().url)
    expect(page.locator("#empty")).to_contain_text("attest index FOLDER")
    expect(box(page)).to_be_hidden()
    choose(page, ("orchard.txt", FILES["orchard.txt"]))
    expect(box(page)).to_be_visible(timeout=SLOWLY)
    expect(page.locator("#empty")).to_have_count(0)
    expect(added(page, "orchard.txt")).to_contain_text("Askable now")
    expect(ask(page, QUESTION).locator("blockquote")).to_contain_text(QUOTE)


# Hostile names


def test_names_and_titles_are_text_and_nothing_runs(keeper, open_page, watch):
    page = open_page(f"{keeper.url}/collection")
    row(page, "The Orchard").wait_for()
    name = "<img src=x onerror='window.ran=true'>.md"
    choose(page, (name, f"# {HOSTILE}\n\nBees visit the hostile trees.\n"))
    expect(added(page, name)).to_contain_text("Askable now", timeout=SLOWLY)
    expect(page.locator("#files .file", has_text="<img src=x")).to_have_text(name)
    page.get_by_role("button", name=f"Remove: {HOSTILE[:20]}").click()
    expect(page.get_by_role("dialog").get_by_role("heading")).to_contain_text("<script>")
    page.get_by_role("button", name="Cancel").click()
    page.locator("#files tbody a", has_text="<script>").click()
    page.locator("#text .heading").wait_for()
    expect(page.get_by_role("heading", level=1)).to_contain_text("<script>")
    expect(page.locator("#facts")).to_contain_text(name)
    assert page.locator("main img:not(#printed img), main script").count() == 0
    assert page.evaluate("window.ran") is None
    assert watch.errors == []
