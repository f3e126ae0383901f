"""Fixtures for tests of the pages of a collection: a service that takes uploads and builds them in
a process of its own, as it does in earnest; its encoder alone is the fake one."""

from __future__ import annotations

import json
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from conftest import SureReader, WordEncoder
from page import SLOWLY
from service import BUILDING

from index import collection
from index.config import IndexSettings
from qa.pipeline import Answerer
from qa.service.api import create_app
from qa.service.live import Live
from qa.settings import ServiceSettings


class Keeper:
    """A service over ``data``, which may be empty."""

    def __init__(self, data: Path, **settings: Any) -> None:
        self._index = IndexSettings(data=data, **settings.pop("index", {}))
        self._settings = ServiceSettings(**settings)
        self._port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Serve, always at the same address."""
        data, encoder = self._index.data, WordEncoder()

        def opened() -> Answerer:
            found = collection.open_current(data)
            answerer = Answerer(found, encoder, ServiceSettings(threshold=0))
            answerer.reader = SureReader()
            return answerer

        live = Live(data, opened, every_seconds=0.01)
        app = create_app(self._settings, live, self._index, BUILDING)
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        config = uvicorn.Config(
            app, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listener],))
        self._thread.start()
        until = time.monotonic() + SLOWLY / 1000
        while not self._server.started or self._is_loading(data):
            assert time.monotonic() < until, "the service did not start"
            time.sleep(0.01)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()

    def get(self, path: str) -> Any:
        """The JSON at an address."""
        with urllib.request.urlopen(f"{self.url}{path}", timeout=20) as reply:
            return json.load(reply)

    def names(self) -> dict[str, str]:
        """The state of each file."""
        listed = self.get("/v1/collection/files")["files"]
        return {one["name"]: one["state"] for one in listed}

    def _is_loading(self, data: Path) -> bool:
        return (data / "CURRENT").exists() and not self.get("/v1/collection")["generation"]


@pytest.fixture
def keeper_of(settings: IndexSettings) -> Iterator[Callable[..., Keeper]]:
    """Serves whatever index is there, or none, with the given settings."""
    keepers: list[Keeper] = []

    def run(**given: Any) -> Keeper:
        keepers.append(Keeper(settings.data, **given))
        return keepers[-1]

    yield run
    for one in keepers:
        one.stop()
