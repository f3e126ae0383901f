"""What tests of a collection that comes and goes share: a service that takes uploads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from conftest import WordEncoder
from fastapi.testclient import TestClient
from service import HERE, Response, serving, until

from index import collection
from qa.pipeline import Answerer
from qa.settings import ServiceSettings

SECONDS = 120
"""So long a build may take where other tests run: its process has to start."""


@contextmanager
def collecting(data: Path, **settings: Any) -> Iterator[TestClient]:
    """A service over whatever index ``data`` has, or none, with the fake encoder."""
    encoder = WordEncoder()

    def opened() -> Answerer:
        return Answerer(collection.open_current(data), encoder, ServiceSettings(threshold=0))

    with serving(data, opened, HERE, **settings) as client:
        yield client


def send(client: TestClient, *files: tuple[str, str | bytes], **more: Any) -> Response:
    """Upload files, each with its name."""
    parts = [
        ("files", (name, content.encode() if isinstance(content, str) else content))
        for name, content in files
    ]
    return client.post("/v1/documents", files=parts, **more)


def built(client: TestClient, response: Response) -> dict[str, Any]:
    """The build that a response names, when it is done."""
    assert response.status_code == 202, response.text
    address = response.headers["location"]
    assert address == f"/v1/builds/{response.json()['build']}"
    until(lambda: client.get(address).json()["state"] in {"live", "failed"}, SECONDS)
    return client.get(address).json()


def live(client: TestClient, response: Response) -> dict[str, Any]:
    """The same, which must have gone well."""
    build = built(client, response)
    assert build["state"] == "live", build
    return build


def quoted(client: TestClient, question: str) -> str:
    """What is answered to a question; "" where it is declined."""
    response = client.post("/v1/ask", json={"question": question})
    assert response.status_code == 200, response.text
    answer = response.json()
    texts = {}
    for one in answer["citations"]:
        id = one["document_id"]
        if id not in texts:
            texts[id] = client.get(f"/v1/documents/{id}/text").text
        place = slice(one["start_char_index"], one["end_char_index"])
        assert texts[id][place] == one["cited_text"]
    return str(answer["answer"])


def documents(client: TestClient) -> dict[str, dict[str, Any]]:
    """The documents by their ids."""
    return {one["id"]: one for one in client.get("/v1/documents").json()["documents"]}


def files(client: TestClient) -> dict[str, dict[str, Any]]:
    """The files by their names."""
    listed = client.get("/v1/collection/files").json()["files"]
    assert len({one["name"] for one in listed}) == len(listed)
    return {one["name"]: one for one in listed}
