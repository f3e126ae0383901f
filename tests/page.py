"""What tests of the page share: a small collection, and how a question is asked by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import FilePayload, Locator, Page, Route, expect

FILES = {
    "orchard.txt": "The Orchard\n\n"
    "The old orchard holds seventy apple trees. Bees visit it in early spring.\n\n"
    "WATERING THE TREES\n\nA narrow canal waters the orchard every Tuesday morning.\n",
    "harbour.txt": "The Harbour\n\nFishing boats stay in harbour during storms.\n\n"
    "Resolution 2462 (2019) hangs on its wall.\n",
}
QUESTION = "Which narrow canal waters the orchard every Tuesday morning?"
QUOTE = "A narrow canal waters the orchard every Tuesday morning."
BOATS_QUESTION = "Which fishing boats stay in harbour during storms?"
BOATS_QUOTE = "Fishing boats stay in harbour during storms."
SLOWLY = 120_000
"""Milliseconds that a build may take: its process has to start."""
UNANSWERED = "What does resolution 9999 say of the orchard?"
HOSTILE = (
    "Quoted <script>window.ran = true</script> markup <img src=x onerror='window.ran=true'> "
    "stays <b>text</b> &amp; nothing else."
)


def box(page: Page) -> Locator:
    return page.get_by_label("Your question")


def ask(page: Page, question: str, shows: str = "blockquote, .refusal") -> Locator:
    """Asks by keyboard and waits for what comes of it; returns the turn."""
    turns = page.locator(".turn")
    place = turns.count()
    box(page).fill(question)
    box(page).press("Enter")
    turn = turns.nth(place)
    turn.locator(shows).first.wait_for()
    return turn


def leave_document(page: Page) -> None:
    """Go back from a whole document to the conversation, by key."""
    # The marks show before the page's script listens to keys; it then names the way back.
    expect(page.locator("#back")).to_have_attribute("title", "Back to the conversation")
    page.keyboard.press("Escape")


def sent_by(page: Page, act: Callable[[], Any]) -> dict[str, Any]:
    """The body of the question that ``act`` sends."""
    with page.expect_request("**/v1/ask") as sent:
        act()
    body = sent.value.post_data_json
    assert isinstance(body, dict)
    return body


def hold(page: Page, what: str = "**/v1/ask") -> list[Route]:
    """Questions wait for an answer; returns the list that they are put in."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(what, keep)
    return held


def release(page: Page, held: list[Route]) -> None:
    """Abort the question that waits. It may show on the page before its request is held."""
    while not held:
        page.wait_for_timeout(10)
    held[0].abort()


def reread(page: Page, reading: str) -> None:
    """The service reads every question as ``reading``, unless it is to be taken as typed."""

    def change(route: Route) -> None:
        response = route.fetch()
        reply = response.json()
        asked = route.request.post_data_json or {}
        if asked.get("correct_spelling", True):
            reply["interpreted_as"] = reading
        route.fulfill(response=response, json=reply)

    page.route("**/v1/ask", change)


def choose(page: Page, *files: tuple[str, str | bytes]) -> None:
    """Choose files with the button."""
    payloads: list[FilePayload] = [
        {
            "name": name,
            "mimeType": "",
            "buffer": text.encode() if isinstance(text, str) else text,
        }
        for name, text in files
    ]
    page.locator(".choosers input[type=file]").first.set_input_files(payloads)


def drop(page: Page, *files: tuple[str, str]) -> None:
    """Drop files on the page, as a browser has it come."""
    page.evaluate(
        """(files) => {
          const dataTransfer = new DataTransfer();
          for (const [name, text] of files) dataTransfer.items.add(new File([text], name));
          for (const type of ["dragover", "drop"]) {
            const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
            document.body.dispatchEvent(event);
          }
        }""",
        [list(one) for one in files],
    )


def added(page: Page, name: str) -> Locator:
    """The line that says what becomes of a file."""
    return page.locator(".added li").filter(has=page.get_by_text(name, exact=True))


def row(page: Page, title: str) -> Locator:
    """The row of the table with a title."""
    return page.locator("#files tbody tr").filter(has=page.get_by_text(title, exact=True))
