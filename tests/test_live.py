"""A running service and the indexes that are built beneath it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from fastapi.testclient import TestClient
from service import serving, until

from index import generation
from qa.errors import NotReady
from qa.pipeline import Answerer
from qa.service.live import Live
from qa.settings import ServiceSettings

QUESTION = {"question": "which version stands here"}


def version(n: int) -> dict[str, str]:
    """Documents that say which generation they are of."""
    return {"a.txt": f"The version that stands here is number{n}.", "b.txt": "Something else."}


@pytest.fixture
def open_answerer(settings, encoder) -> Callable[[], Answerer]:
    def opened() -> Answerer:
        current = generation.open_current(settings.data)
        return Answerer(current, encoder, ServiceSettings(threshold=0))

    return opened


@pytest.fixture
def client(index_of, settings, open_answerer) -> Iterator[TestClient]:
    """A service over the first version."""
    index_of(version(1))
    with serving(settings.data, open_answerer) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        yield client


def live_name(client: TestClient) -> str:
    return client.post("/v1/ask", json=QUESTION).json()["index"]["generation"]


def is_live(client: TestClient, n: int) -> bool:
    return live_name(client) == f"gen-{n:06d}"


def assert_whole(answer: dict[str, Any]) -> None:
    """The answer is of one generation: gen-00000N says numberN."""
    number = int(answer["index"]["generation"].removeprefix("gen-"))
    assert answer["answer"] == f"The version that stands here is number{number}. [1]"


def test_the_pointer_is_followed(client, index_of):
    assert live_name(client) == "gen-000001"
    for n in (2, 3):
        index_of(version(n))
        until(partial(is_live, client, n))
        assert_whole(client.post("/v1/ask", json=QUESTION).json())
    assert client.get("/readyz").json() == {"status": "ready"}
    assert 'attest_index_passages{generation="gen-000003"} 2.0' in client.get("/metrics").text


def test_a_new_index_goes_live_without_a_failed_request(client, index_of):
    done, answers = threading.Event(), []

    def keep_asking() -> None:
        while not done.is_set():
            response = client.post("/v1/ask", json=QUESTION)
            assert response.status_code == 200, response.text
            answers.append(response.json())

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(keep_asking) for _ in range(4)]
        try:
            for n in range(2, 8):
                index_of(version(n))
                until(partial(is_live, client, n))
        finally:
            done.set()
        for one in asking:
            one.result()
    for answer in answers:
        assert_whole(answer)
    named = {answer["index"]["generation"] for answer in answers}
    assert {"gen-000002", "gen-000007"} <= named


def test_a_request_under_way_ends_on_the_index_that_it_began_on(client, index_of, encoder):
    encode, reached, go_on = encoder.encode_query, threading.Event(), threading.Event()

    def slowly(text: str):
        reached.set()
        assert go_on.wait(10)
        return encode(text)

    encoder.encode_query = slowly
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(client.post, "/v1/ask", json=QUESTION)
        assert reached.wait(10)
        encoder.encode_query = encode
        for n in (2, 3, 4):  # of which two are kept: the first is no longer on the disk
            index_of(version(n))
        until(lambda: live_name(client) == "gen-000004")
        go_on.set()
        answer = asked.result().json()
    assert answer["index"]["generation"] == "gen-000001"
    assert_whole(answer)


def damage_before_the_switch(settings, name: str) -> Callable[[str, int, int], None]:
    """Progress that damages a build when it is written but not yet live."""

    def progress(step: str, _done: int, _total: int, /) -> None:
        if step == "switch":
            (settings.data / name / "catalogue.sqlite").write_bytes(b"damaged")

    return progress


def test_a_damaged_new_index_leaves_the_old_one_answering(client, index_of, settings):
    index_of(version(2), progress=damage_before_the_switch(settings, "gen-000002"))
    until(lambda: client.get("/readyz").json()["status"] != "ready")
    ready = client.get("/readyz")
    assert ready.status_code == 200
    said = "ready, with an older index: catalogue.sqlite of index gen-000002 has another size"
    assert ready.json()["status"].startswith(said)
    answer = client.post("/v1/ask", json=QUESTION).json()
    assert answer["index"]["generation"] == "gen-000001"
    assert_whole(answer)
    # Building again makes good for it, and the service goes on from there.
    assert index_of({}).generation == "gen-000003"
    until(lambda: live_name(client) == "gen-000003")
    assert client.get("/readyz").json() == {"status": "ready"}


def test_a_pointer_that_is_gone_leaves_the_old_one_answering(client, settings):
    (settings.data / "CURRENT").unlink()
    until(lambda: client.get("/readyz").json()["status"] != "ready")
    assert "no index yet" in client.get("/readyz").json()["status"]
    assert live_name(client) == "gen-000001"


def test_the_first_index_goes_live_in_a_service_that_had_none(index_of, settings, open_answerer):
    with serving(settings.data, open_answerer) as client:
        until(lambda: client.get("/readyz").json()["code"] == "no_index")
        index_of(version(1))
        until(lambda: client.get("/readyz").status_code == 200)
        assert live_name(client) == "gen-000001"


def test_an_index_that_a_library_cannot_load_does_not_end_the_following(
    index_of, settings, open_answerer
):
    def opened() -> Answerer:
        if (settings.data / "CURRENT").read_text(encoding="utf-8").startswith("gen-000001"):
            raise RuntimeError("of a library's own")
        return open_answerer()

    index_of(version(1))
    with serving(settings.data, opened) as client:
        until(lambda: client.get("/readyz").json().get("code") == "index_unavailable")
        index_of(version(2))
        until(lambda: client.get("/readyz").status_code == 200)
        assert live_name(client) == "gen-000002"


def test_a_failure_to_load_is_not_tried_again_before_the_pointer_changes(
    index_of, settings, monkeypatch
):
    tried, looks = [], []
    look = Live._pointer

    def pointer(live: Live) -> str | None:
        looks.append(True)
        return look(live)

    def opened() -> Answerer:
        tried.append(True)
        raise RuntimeError

    index_of(version(1))
    monkeypatch.setattr(Live, "_pointer", pointer)
    with serving(settings.data, opened):
        until(lambda: len(looks) > 20)
    assert len(tried) == 1


def depth(error: BaseException) -> int:
    count, place = 0, error.__traceback__
    while place is not None:
        count, place = count + 1, place.tb_next
    return count


def test_what_is_raised_while_not_ready_does_not_grow(settings):
    # One exception raised again and again keeps a traceback of every time.
    def opened() -> Answerer:
        raise RuntimeError

    live = Live(settings.data, opened, every_seconds=0.01)
    live.start()
    until(lambda: live.problem is not None)
    depths = []
    for _ in range(5):
        with pytest.raises(NotReady) as caught:
            live.answerer()
        depths.append(depth(caught.value))
    live.stop()
    assert depths == [2] * 5  # this function and ``answerer``


def test_the_follower_ends_with_the_service(settings, open_answerer):
    def followers() -> int:
        return sum(thread.name == "index-follower" for thread in threading.enumerate())

    with serving(settings.data, open_answerer):
        assert followers() == 1
    assert followers() == 0
