"""Documents as they came, over HTTP: pages as pictures with the cited words where the boxes say,
files byte for byte, and what hostile or missing files come to."""

from __future__ import annotations

import hashlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pytest
from conftest import answerer_over
from fastapi.testclient import TestClient
from PIL import Image
from printing import HEIGHT, LEADING, LEFT, RIGHT, TOP, WIDTH, Press, cropped, turned
from service import assert_problem, serving, until

from index import originals

HERON = "A purple heron nests behind the old lighthouse."
FERRY = "The last of the ferries leaves the largest of the islands at half past nine in the"
EVENING = "evening, whatever the weather may be on the sea and whoever is still on the pier."
FILLING = "Nothing else of note has happened on this coast in many years."
HTML = "<!doctype html><title>Page</title><p>Ducks <script>window.ran = 1</script> swim here.</p>"


def plain_page(quote: str, name: str) -> bytes:
    """A paragraph that has the quote in its middle, and the name of the page below."""
    press = Press()
    press.add_page()
    press.set_title("The coast")
    press.column(LEFT, TOP, [FILLING, quote, FILLING])
    press.put(LEFT, TOP + 200, f"This page is called {name}.")
    return press.made()


def columns(quote: str) -> bytes:
    """Two columns; what is cited stands in the right one, beside other lines."""
    press = Press()
    press.add_page()
    left = ["The winter was long and cold and few", "ships came into the harbour before the"]
    first, second = quote[:20], quote[21:]
    right = ["In the spring the birds came back.", first, second, "Others followed them."]
    press.column(LEFT, TOP, left * 6)
    press.column(310, TOP, [*right, *["The summer was short, as it is here."] * 8])
    return press.made()


def over_pages(quote: tuple[str, str]) -> bytes:
    """What is cited begins at the foot of a page and ends at the head of the next."""
    press = Press()
    press.add_page()
    wide = RIGHT - LEFT
    press.column(LEFT, TOP, ["The coast is described in this report from its north to its south."])
    press.column(LEFT, HEIGHT - TOP - 2 * LEADING, [*BEFORE, quote[0], ""], wide)
    press.add_page()
    press.column(LEFT, TOP, [quote[1], *AFTER], wide)
    return press.made()


BEFORE = [
    "The islands lie far out and only boats go there, as no bridge was ever built over",
    "the sound, and people who live on them know the hours of all boats by heart now.",
]
AFTER = [
    "Those who miss it sleep in the small inn at the pier, which has nine beds and one",
    "stove, and go on in the morning.",
]
PART = (50, 500, 480, 820)
"""What a cropped page shows, from its left, bottom, right and top."""
MADE: dict[str, tuple[Callable[[bool], bytes], str]] = {
    "plain": (lambda quoted: plain_page(HERON * quoted, "plain"), HERON),
    "turned": (lambda quoted: turned(plain_page(HERON * quoted, "turned"), 90), HERON),
    "upside": (lambda quoted: turned(plain_page(HERON * quoted, "upside"), 180), HERON),
    "sideways": (lambda quoted: turned(plain_page(HERON * quoted, "sideways"), 270), HERON),
    "cropped": (lambda quoted: cropped(plain_page(HERON * quoted, "cropped"), *PART), HERON),
    "both": (lambda quoted: turned(cropped(plain_page(HERON * quoted, "both"), *PART), 90), HERON),
    "columns": (lambda quoted: columns(HERON if quoted else " " * len(HERON)), HERON),
    "pages": (
        lambda quoted: over_pages((FERRY, EVENING) if quoted else ("", "")),
        f"{FERRY} {EVENING}",
    ),
}
"""PDFs with a quote and without it, and the quote."""


def coloured() -> bytes:
    press = Press()
    press.add_page()
    press.set_text_color(0, 60, 160)
    press.column(LEFT, TOP, ["The blue line of the report names a seal.", FILLING])
    press.set_fill_color(230, 200, 40)
    press.rect(LEFT, 300, 200, 100, style="F")
    return press.made()


def slow() -> bytes:
    """A page that is read at once and drawn for minutes: see-through layers over all of it."""
    press = Press()
    press.add_page()
    press.column(LEFT, TOP, ["The slow page tells of a snail.", FILLING])
    with press.local_context(fill_opacity=0.01, blend_mode="SoftLight"):
        for _ in range(100):
            press.rect(0, 0, WIDTH, HEIGHT, style="F")
    return press.made()


def huge() -> bytes:
    press = Press()
    press.add_page(format=(14_000, 14_000))
    press.column(LEFT, TOP, ["The huge page tells of a whale.", FILLING])
    press.add_page(format=(20, 14_000))
    press.put(2, TOP, "It is narrow.", 3)
    return press.made()


def scripted() -> bytes:
    """A file that asks to run a script when it is opened, and has a field of a form."""
    press = Press()
    press.add_page()
    press.column(LEFT, TOP, ["The scripted page tells of a fox.", FILLING])
    data = press.made()
    script = b"/OpenAction << /S /JavaScript /JS (while(true){app.alert\\(1\\)}) >> /Pages"
    assert b"/Pages" in data
    return data.replace(b"/Pages", script, 1)


FILES: dict[str, str | bytes] = {
    **{f"{name}.pdf": made(True) for name, (made, _) in MADE.items()},
    "coloured.pdf": coloured(),
    "huge.pdf": huge(),
    "scripted.pdf": scripted(),
    "text.txt": "A Text\n\nIt has no pages, and no picture.\n",
    "web.html": HTML,
    '<b>bold</b> & "quoted" été.txt'.replace("/", "_"): "Odd\n\nIts name holds markup.\n",
}


@contextmanager
def served_at(place: Path, files: dict[str, str | bytes], **settings: Any) -> Iterator[TestClient]:
    """The service over ``files``, with settings of its own."""
    answerer = answerer_over(place, files)
    with serving(place / "var", lambda: answerer, **settings) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        yield client


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with served_at(tmp_path_factory.mktemp("printed"), FILES) as client:
        yield client


def data_of(client: TestClient) -> Path:
    data: Path = client.app.state.live.data  # type: ignore[attr-defined]
    return data


def hash_of(client: TestClient, id: str) -> str:
    return str(client.get(f"/v1/documents/{id}").json()["file_sha256"])


def ids(client: TestClient) -> dict[str, str]:
    """The id of each document by the name of its file."""
    documents = client.get("/v1/documents").json()["documents"]
    return {one["source"]: one["id"] for one in documents}


def picture_of(client: TestClient, id: str, page: int = 1, **query: Any) -> np.ndarray:
    """A page in grey, (height, width)."""
    response = client.get(f"/v1/documents/{id}/pages/{page}.png", params=query)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "image/png"
    with Image.open(BytesIO(response.content)) as picture:
        return np.asarray(picture.convert("L")).astype(int)


def drawn(data: bytes, page: int, width: int) -> np.ndarray:
    """A page in grey, as pdfium draws it here."""
    document = pdfium.PdfDocument(data)
    sheet = document[page - 1]
    picture = sheet.render(scale=width / sheet.get_width(), prefer_bgrx=True).to_pil()
    document.close()
    return np.asarray(picture.convert("L")).astype(int)


def boxes_of(client: TestClient, id: str, quote: str) -> list[dict[str, Any]]:
    text = client.get(f"/v1/documents/{id}/text").text
    start = text.index(quote)
    place = {"start": start, "end": start + len(quote)}
    reply = client.get(f"/v1/documents/{id}/boxes", params=place).json()
    boxes: list[dict[str, Any]] = reply["boxes"]
    return boxes


def within(
    boxes: list[dict[str, Any]], page: int, shape: tuple[int, ...], points: float
) -> np.ndarray:
    """Which pixels of a picture lie in the boxes of its page, with an edge of a point."""
    scale = shape[1] / points
    inside = np.zeros(shape, dtype=bool)
    for one in boxes:
        if one["page"] == page:
            x0, y0, x1, y1 = (one[side] * scale for side in ("x0", "y0", "x1", "y1"))
            edge = scale
            inside[
                max(0, int(y0 - edge)) : int(y1 + edge) + 1,
                max(0, int(x0 - edge)) : int(x1 + edge) + 1,
            ] = True
    return inside


# Pictures, and where the words are on them


@pytest.mark.parametrize("name", MADE)
def test_the_boxes_of_a_quote_hold_its_ink_and_no_other(client, name):
    made, quote = MADE[name]
    boxes = boxes_of(client, name, quote)
    pages = client.get(f"/v1/documents/{name}/pages").json()["pages"]
    for page in {one["page"] for one in boxes}:
        size = pages[page - 1]
        picture = picture_of(client, name, page, width=1200)
        assert picture.shape[0] == pytest.approx(1200 * size["height"] / size["width"], abs=1.5)
        without = drawn(made(False), page, 1200)
        ink = np.abs(picture - without) > 60
        inside = within(boxes, page, picture.shape, size["width"])
        assert ink.sum() > 1000
        assert not (ink & ~inside).any()
        others = (without < 128) & inside
        assert others.sum() < 0.02 * ink.sum()


@pytest.mark.parametrize("name", MADE)
def test_pdfium_finds_the_words_of_a_quote_in_its_boxes(client, name):
    """By its own search and its own way from a page to a picture."""
    made, quote = MADE[name]
    boxes = boxes_of(client, name, quote)
    document = pdfium.PdfDocument(made(True))
    for number in {int(one["page"]) for one in boxes}:
        page = document[number - 1]
        bitmap = page.render(scale=2)
        conversion = bitmap.get_posconv(page)
        text = page.get_textpage()
        here = [one for one in boxes if one["page"] == number]
        words = (PARTED[number] if name == "pages" else quote).split()
        for word in {one.strip(".,") for one in words if len(one) > 4}:
            finder, places = text.search(word, match_whole_word=True), []
            while (found := finder.get_next()) is not None:
                places.append([middle(text, conversion, found[0] + n) for n in range(found[1])])
            assert any(all(lies_in(here, *one) for one in place) for place in places), word
    document.close()


PARTED = {1: FERRY, 2: EVENING}


def middle(
    text: pdfium.PdfTextPage, conversion: pdfium.PdfPosConv, index: int
) -> tuple[float, float]:
    """Where a character is shown, in points from the top left."""
    left, low, right, high = text.get_charbox(index)
    x, y = conversion.to_bitmap((left + right) / 2, (low + high) / 2)
    return x / 2, y / 2


def lies_in(boxes: list[dict[str, Any]], x: float, y: float) -> bool:
    return any(one["x0"] <= x <= one["x1"] and one["y0"] <= y <= one["y1"] for one in boxes)


def test_a_quote_over_two_pages_has_boxes_on_each(client):
    boxes = boxes_of(client, "pages", MADE["pages"][1])
    assert [one["page"] for one in boxes] == [1, 2]


def test_a_citation_has_the_boxes_of_its_range(client):
    reply = client.post("/v1/ask", json={"question": "Which purple heron nests?"}).json()
    for one in reply["citations"]:
        if one["boxes"]:
            place = {"start": one["start_char_index"], "end": one["end_char_index"]}
            found = client.get(f"/v1/documents/{one['document_id']}/boxes", params=place).json()
            assert found == {"sha256": one["document_sha256"], "boxes": one["boxes"]}
            break
    else:
        pytest.fail("nothing was cited of a PDF")


def test_pages_are_told_with_their_sizes(client):
    document = client.get("/v1/documents/sideways").json()
    assert client.get("/v1/documents/sideways/pages").json() == {
        "sha256": document["sha256"],
        "file_sha256": document["file_sha256"],
        "pictures": True,
        "pages": [{"page": 1, "label": "", "width": HEIGHT, "height": WIDTH}],
    }
    text = client.get("/v1/documents/text/pages").json()
    assert (text["pictures"], text["pages"]) == (False, [])
    assert client.get("/v1/documents/text/boxes?start=0&end=9").json()["boxes"] == []


@pytest.mark.parametrize("query", ["", "?start=0", "?start=-1&end=3", "?start=x&end=3"])
def test_a_range_must_be_one(client, query):
    assert_problem(client.get(f"/v1/documents/plain/boxes{query}"), 422, "invalid_request")


def test_a_picture_is_as_wide_as_was_asked_or_a_screen_and_a_half(client):
    assert picture_of(client, "plain").shape == (round(HEIGHT * 1.5), round(WIDTH * 1.5))
    assert picture_of(client, "plain", width=250).shape[1] == 250
    for wrong in (0, 99, 3001, -5, "x"):
        address = f"/v1/documents/plain/pages/1.png?width={wrong}"
        assert_problem(client.get(address), 422, "invalid_request")


def test_a_page_of_huge_size_is_drawn_smaller(client):
    wide = picture_of(client, "huge", width=3000)
    assert 7_500_000 < wide.size <= 8_010_000
    high = picture_of(client, "huge", 2, width=3000)
    assert max(high.shape) <= 16_000


def test_colours_are_kept(client):
    response = client.get("/v1/documents/coloured/pages/1.png")
    with Image.open(BytesIO(response.content)) as picture:
        at = picture.convert("RGB").getpixel((round(100 * 1.5), round(350 * 1.5)))
    assert at == pytest.approx((230, 200, 40), abs=9)


def test_no_script_of_a_file_runs(client):
    assert pdfium.PDFIUM_INFO.flags == ()  # neither V8 nor XFA is in it
    assert (picture_of(client, "scripted") < 128).any()


def test_a_picture_comes_from_the_disk_the_second_time_and_not_at_all_the_third(client):
    address = "/v1/documents/columns/pages/1.png?width=777"
    first = client.get(address)
    (path,) = data_of(client).glob("pictures/*/*-1-777-*.png")
    assert path.read_bytes() == first.content
    assert path.name.startswith(hash_of(client, "columns"))
    assert client.get(address).content == first.content
    assert first.headers["cache-control"] == "no-cache"
    tag = first.headers["etag"]
    for known in (tag, f'"x", W/{tag}', "*"):
        again = client.get(address, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(address, headers={"If-None-Match": '"x"'}).status_code == 200
    other = client.get("/v1/documents/columns/pages/1.png?width=778").headers["etag"]
    assert other != tag


def test_a_picture_of_a_named_file_is_kept_for_good(client):
    sha256 = hash_of(client, "plain")
    address = "/v1/documents/plain/pages/1.png?file_sha256="
    response = client.get(address + sha256[:16])
    assert response.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert_problem(client.get(address + "0" * 16), 404, "document_changed")
    assert_problem(client.get(address + "zz"), 422, "invalid_request")


@pytest.mark.parametrize(
    ("address", "status", "code", "says"),
    [
        ("nope/pages/1.png", 404, "unknown_document", "no document"),
        ("nope/pages", 404, "unknown_document", "no document"),
        ("nope/boxes?start=1&end=2", 404, "unknown_document", "no document"),
        ("nope/file", 404, "unknown_document", "no document"),
        ("plain/pages/2.png", 404, "unknown_page", "pages are 1 to 1"),
        ("plain/pages/99999999999.png", 422, "invalid_request", "page"),
        ("plain/pages/0.png", 422, "invalid_request", "page"),
        ("plain/pages/one.png", 422, "invalid_request", "page"),
        ("text/pages/1.png", 404, "no_pages", "has no printed pages"),
        ("web/pages/1.png", 404, "no_pages", "has no printed pages"),
    ],
)
def test_what_is_not_there_is_said(client, address, status, code, says):
    problem = assert_problem(client.get(f"/v1/documents/{address}"), status, code)
    assert says in problem["detail"]


# Files as they came


def test_a_file_is_given_byte_for_byte_to_be_saved(client):
    for source, id in ids(client).items():
        content = FILES[source]
        data = content.encode() if isinstance(content, str) else content
        response = client.get(f"/v1/documents/{id}/file")
        assert response.content == data
        assert response.headers["etag"] == f'"{hashlib.sha256(data).hexdigest()}"'
        assert response.headers["content-disposition"].startswith("attachment; filename=")
        assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert response.headers["x-content-type-options"] == "nosniff"
        kind = "application/pdf" if source.endswith(".pdf") else "application/octet-stream"
        assert response.headers["content-type"] == kind
        known = client.get(
            f"/v1/documents/{id}/file", headers={"If-None-Match": response.headers["etag"]}
        )
        assert (known.status_code, known.content) == (304, b"")


def test_a_name_with_markup_is_a_name(client):
    (id,) = (id for source, id in ids(client).items() if "bold" in source)
    header = client.get(f"/v1/documents/{id}/file").headers["content-disposition"]
    assert 'filename="_b_bold__b_ & _quoted_ ete.txt"' in header
    assert "%C3%A9t%C3%A9.txt" in header


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 10), ("bytes=10-", 10, None), ("bytes=-5", -5, None)],
)
def test_a_part_of_a_file_can_be_had(client, asked, first, last):
    data = FILES["plain.pdf"]
    response = client.get("/v1/documents/plain/file", headers={"Range": asked})
    assert response.status_code == 206
    assert response.content == data[first:last]


@pytest.mark.parametrize(
    "asked", ["bytes=9-3", "bytes=x-", "lines=1-2", "bytes=-", "bytes=0-1,5-6", "bytes=" + "9" * 99]
)
def test_a_range_that_cannot_be_read_counts_nothing(client, asked):
    response = client.get("/v1/documents/plain/file", headers={"Range": asked})
    assert (response.status_code, response.content) == (200, FILES["plain.pdf"])


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_range_beyond_the_file_is_a_problem(client, asked):
    response = client.get("/v1/documents/plain/file", headers={"Range": asked})
    assert_problem(response, 416, "range_not_satisfiable")
    assert response.headers["content-range"] == f"bytes */{len(FILES['plain.pdf'])}"


# What is hostile, missing or killed


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[..., TestClient]]:
    """Serves files with settings of their own."""
    with ExitStack() as stack:
        yield lambda files, **given: stack.enter_context(served_at(tmp_path, files, **given))


def kept_file(client: TestClient, id: str) -> Path:
    return originals.path_of(data_of(client), hash_of(client, id))


def renderer_process(client: TestClient) -> int:
    """The number of the process that draws."""
    process = client.app.state.renderer._process._process  # type: ignore[attr-defined]
    assert process is not None
    return int(process.pid)


def get(client: TestClient, id: str, page: int = 1, **query: Any):
    return client.get(f"/v1/documents/{id}/pages/{page}.png", params=query)


def test_a_file_that_is_no_longer_kept_is_said(served):
    client = served({"plain.pdf": FILES["plain.pdf"]})
    seen = get(client, "plain").content
    kept_file(client, "plain").unlink()
    assert_problem(client.get("/v1/documents/plain/file"), 404, "file_not_kept")
    problem = assert_problem(get(client, "plain", width=300), 404, "file_not_kept")
    assert "attest index" in problem["detail"]
    assert get(client, "plain").content == seen  # what is kept of it needs no file


@pytest.mark.parametrize("cut", [0, 20, 500])
def test_a_damaged_file_is_a_problem_of_its_pages_alone(served, cut):
    client = served({"plain.pdf": FILES["plain.pdf"], "columns.pdf": FILES["columns.pdf"]})
    file = kept_file(client, "plain")
    file.write_bytes(file.read_bytes()[:cut])
    problem = assert_problem(get(client, "plain"), 422, "page_not_drawn")
    assert problem["detail"] == "the page cannot be shown as printed: it is damaged"
    assert get(client, "columns").status_code == 200
    assert client.get("/v1/documents/plain/text").status_code == 200


def test_a_page_that_takes_too_long_is_given_up_and_not_tried_again_at_once(served):
    client = served({"slow.pdf": slow(), "plain.pdf": FILES["plain.pdf"]}, draw_seconds=2.0)
    assert get(client, "plain").status_code == 200
    former = renderer_process(client)
    problem = assert_problem(get(client, "slow", width=2000), 422, "page_not_drawn")
    assert problem["detail"] == "the page cannot be shown as printed: it took longer than 2 s"
    assert get(client, "plain", width=300).status_code == 200
    assert renderer_process(client) != former
    former = renderer_process(client)
    assert_problem(get(client, "slow", width=1900), 422, "page_not_drawn")
    assert renderer_process(client) == former  # which did not even try


def test_a_page_that_takes_too_much_memory_is_given_up(served):
    client = served(
        {"huge.pdf": FILES["huge.pdf"], "plain.pdf": plain_page(HERON, "plain")}, draw_memory_mb=64
    )
    problem = assert_problem(get(client, "huge", width=3000), 422, "page_not_drawn")
    assert "64 MiB" in problem["detail"]
    assert get(client, "plain").status_code == 200


def test_a_renderer_that_is_killed_costs_one_page_at_most(served):
    client = served({"slow.pdf": slow(), "plain.pdf": FILES["plain.pdf"]}, draw_seconds=60.0)
    assert get(client, "plain").status_code == 200
    os.kill(renderer_process(client), signal.SIGKILL)
    assert get(client, "plain", width=300).status_code == 200
    got = []
    client.app.state.renderer._process._stop()  # so that the next page is the first it is asked
    thread = threading.Thread(target=lambda: got.append(get(client, "slow", width=2000)))
    thread.start()
    until(lambda: client.app.state.renderer._process._process is not None)
    time.sleep(0.5)
    os.kill(renderer_process(client), signal.SIGKILL)
    thread.join(30)
    problem = assert_problem(got[0], 422, "page_not_drawn")
    assert "made the program that draws it end (SIGKILL)" in problem["detail"]
    assert get(client, "plain", width=301).status_code == 200
    assert client.get("/healthz").status_code == 200


def test_a_page_is_tried_once_more_if_others_were_drawn_before_it(served):
    """What made the process end may be of them."""
    client = served({"plain.pdf": FILES["plain.pdf"]})
    assert get(client, "plain").status_code == 200
    former = renderer_process(client)
    os.kill(former, signal.SIGSTOP)
    got = []
    thread = threading.Thread(target=lambda: got.append(get(client, "plain", width=300)))
    thread.start()
    time.sleep(0.3)
    os.kill(former, signal.SIGKILL)
    thread.join(60)
    assert got[0].status_code == 200
    assert renderer_process(client) != former


def test_no_more_than_so_many_wait_and_the_rest_is_told_to_come_back(served):
    client = served({"slow.pdf": slow(), "plain.pdf": FILES["plain.pdf"]}, draw_seconds=3.0)
    got = []
    threads = [
        threading.Thread(target=lambda n=number: got.append(get(client, "slow", width=1900 + n)))
        for number in range(14)
    ]
    for one in threads:
        one.start()
    until(lambda: client.app.state.renderer._waiting == 8)
    busy = get(client, "plain")
    assert_problem(busy, 503, "renderer_busy")
    assert busy.headers["retry-after"] == "1"
    assert client.get("/v1/documents/plain/text").status_code == 200
    for one in threads:
        one.join()
    assert {one.json()["code"] for one in got} == {"page_not_drawn", "renderer_busy"}
    assert get(client, "plain").status_code == 200


def test_a_page_that_several_ask_for_is_drawn_once(served):
    client = served({"plain.pdf": FILES["plain.pdf"]})
    renderer = client.app.state.renderer
    got = []
    renderer._turn.acquire()
    threads = [threading.Thread(target=lambda: got.append(get(client, "plain"))) for _ in range(5)]
    for one in threads:
        one.start()
    until(lambda: renderer._waiting == 5)
    renderer._turn.release()
    for one in threads:
        one.join()
    assert len({one.content for one in got}) == 1
    assert renderer._process._answered == 1


def test_pictures_on_disk_stay_within_their_limit(served):
    client = served({"plain.pdf": FILES["plain.pdf"]}, pictures_max_mb=0.02)
    for width in range(300, 330):
        assert get(client, "plain", width=width).status_code == 200
    folder = data_of(client) / "pictures"
    sizes = [path.stat().st_size for path in folder.glob("*/*")]
    assert 0 < sum(sizes) <= 0.02 * 2**20
    assert len(sizes) < 30


def test_a_disk_that_takes_no_pictures_does_no_harm(served):
    client = served({"plain.pdf": FILES["plain.pdf"]})
    (data_of(client) / "pictures").write_text("a file stands in the way")
    assert get(client, "plain").status_code == 200
    assert get(client, "plain").status_code == 200


def test_the_renderer_ends_with_the_service(tmp_path):
    with served_at(tmp_path, {"plain.pdf": FILES["plain.pdf"]}) as client:
        assert get(client, "plain").status_code == 200
        process = renderer_process(client)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_document_that_changes_shows_its_new_page(answerer_of, settings):
    current = [answerer_of({"plain.pdf": FILES["plain.pdf"]})]
    with serving(settings.data, lambda: current[0]) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        before, named = get(client, "plain"), hash_of(client, "plain")
        current[0] = answerer_of({"plain.pdf": FILES["sideways.pdf"]})
        # It may have followed to the new index before it was to be had here.
        client.app.state.live._answerer = current[0]  # type: ignore[attr-defined]
        assert hash_of(client, "plain") != named
        known = {"If-None-Match": before.headers["etag"]}
        after = client.get("/v1/documents/plain/pages/1.png", headers=known)
        assert after.status_code == 200
        assert after.content != before.content
        assert_problem(get(client, "plain", file_sha256=named), 404, "document_changed")
