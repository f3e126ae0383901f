"""What tests of the HTTP API share: the application in process, and the shape of its errors."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from index.config import IndexSettings
from qa.pipeline import Answerer
from qa.service.api import create_app
from qa.service.live import Live
from qa.settings import ServiceSettings

Response = Any
"""Of the test client, which takes httpx2 where that is installed, and httpx where it is not."""
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
}
INSIDE = [tempfile.gettempdir(), sys.prefix, str(Path(__file__).parent.parent), "Traceback", ".py"]
"""What no error may show: where things lie here, or how they run."""


HERE = "http://127.0.0.1:8000"
"""How a service is called on its own machine."""
BUILDING = (
    *(sys.executable, "-P", "-c"),
    f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
    "from conftest import WordEncoder; from index.build_process import serve\n"
    "serve(lambda _: WordEncoder())",
)
"""Starts the process that builds, with the fake encoder."""


@contextmanager
def serving(
    data: Path,
    open_answerer: Callable[[], Answerer],
    at: str = "http://testserver",
    **settings: Any,
) -> Iterator[TestClient]:
    """The application over ``data``, followed closely; every response must have the headers."""
    live = Live(data, open_answerer, every_seconds=0.01)
    index = IndexSettings(data=data, **settings.pop("index", {}))
    app = create_app(ServiceSettings(**settings), live, index, BUILDING)
    with TestClient(app, at, raise_server_exceptions=False) as client:
        client.event_hooks["response"].append(assert_headers)
        yield client


def assert_headers(response: Response) -> None:
    wanted = HEADERS
    if response.status_code in (200, 206, 304) and response.url.path.endswith("/file"):
        # A file as it came may do even less than a page of the service.
        wanted = {**HEADERS, "content-security-policy": "default-src 'none'; sandbox"}
    assert {name: response.headers.get(name) for name in HEADERS} == wanted


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for ``condition``, and fail where it does not come."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


def assert_problem(response: Response, status: int, code: str) -> dict[str, Any]:
    """``response`` is a problem as RFC 9457 has it, under the stable ``code``; returns it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert set(problem) == {"type", "title", "status", "detail", "code", "errors"}
    assert problem["type"] == f"urn:attest:problem:{code}"
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["title"]
    assert problem["detail"]
    assert (problem["errors"] != []) == (code == "invalid_request")
    for error in problem["errors"]:
        assert set(error) == {"field", "message"}
        assert error["field"]
        assert error["message"]
    assert not [inside for inside in INSIDE if inside in response.text], response.text
    return problem
