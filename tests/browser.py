"""Fixtures for tests that drive the page: a served collection, and Chromium looking at it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from conftest import SureReader, answerer_over
from page import FILES
from playwright.sync_api import Browser, Page, sync_playwright

from index.config import IndexSettings
from qa.errors import NotReady
from qa.pipeline import Answerer
from qa.service.api import create_app
from qa.service.live import Live
from qa.settings import ServiceSettings

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
PATIENCE = 10_000
"""Milliseconds that a step of a test may take."""


class Site:
    """A service under uvicorn on a port of its own, which it keeps when started again."""

    def __init__(self, answerer: Answerer, settings: IndexSettings) -> None:
        self._answerer = answerer
        self._settings = settings
        self._port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        live = Live(self._settings.data, lambda: self._answerer, every_seconds=0.01)
        config = uvicorn.Config(
            create_app(ServiceSettings(), live),
            log_config=None,
            access_log=False,
            ws="none",
            timeout_graceful_shutdown=1,
        )
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listener],))
        self._thread.start()
        _wait(lambda: self._server.started and _ready(live))

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()

    def change(self, answerer: Answerer) -> None:
        """Serve another collection at the same address."""
        self.stop()
        self._answerer = answerer
        self.start()


class Mortal:
    """A service in a process of its own, to be killed; see ``mortal.py``."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._port = "0"
        self._process: subprocess.Popen[str] | None = None

    def start(self, hanging: bool = True) -> str:
        """Serve, always at the same address; returns it."""
        here = Path(__file__).parent
        places = os.pathsep.join([str(here.parent), str(here)])
        command = [sys.executable, str(here / "mortal.py"), str(self._data), self._port]
        self._process = subprocess.Popen(
            [*command, *(["hanging"] if hanging else [])],
            env={**os.environ, "PYTHONPATH": places},
            stdout=subprocess.PIPE,
            text=True,
        )
        self._port = self._line().split()[-1]
        address = f"http://127.0.0.1:{self._port}"
        _wait(lambda: _answers(f"{address}/readyz"))
        return address

    def await_question(self) -> None:
        """Return when a question has come in that will never be answered."""
        assert self._line() == "asked\n"

    def kill(self) -> None:
        """End the process at once, as a power cut would."""
        assert self._process is not None
        assert self._process.stdout is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process.stdout.close()
        self._process = None

    def end(self) -> None:
        if self._process is not None:
            self.kill()

    def _line(self) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout.readline()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return False
    except OSError:
        return False


def _ready(live: Live) -> bool:
    try:
        live.answerer()
    except NotReady:
        return False
    return True


def _wait(done: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE / 1000
    while not done():
        assert time.monotonic() < until, "the service did not start"
        time.sleep(0.01)


@dataclass(slots=True)
class Watch:
    """What a page complained of, and every address that it asked for."""

    errors: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(f"{said.type}: {said.text}"))
        page.on("request", lambda request: self.requested.append(request.url))


# Playwright's loop runs in this thread until it is left, and with it asyncio cannot be used
# here by others: so a browser lives no longer than its module.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def site_of(
    answerer_of: Callable[[Mapping[str, str | bytes]], Answerer], settings: IndexSettings
) -> Iterator[Callable[[Mapping[str, str | bytes]], Site]]:
    """Serves the given files."""
    sites: list[Site] = []

    def run(files: Mapping[str, str | bytes]) -> Site:
        answerer = answerer_of(files)
        answerer.reader = SureReader()  # examples are shown if they are surely answered
        sites.append(Site(answerer, settings))
        return sites[-1]

    yield run
    for site in sites:
        site.stop()


@pytest.fixture(scope="module")
def site_at() -> Iterator[Callable[[Path, Mapping[str, str | bytes]], Site]]:
    """Serves the given files, built at a place, to all tests of a module."""
    sites: list[Site] = []

    def run(place: Path, files: Mapping[str, str | bytes]) -> Site:
        answerer = answerer_over(place, files)
        answerer.reader = SureReader()
        sites.append(Site(answerer, IndexSettings(data=place / "var")))
        return sites[-1]

    yield run
    for site in sites:
        site.stop()


@pytest.fixture
def site(site_of: Callable[[Mapping[str, str | bytes]], Site]) -> Site:
    """Serves the orchard and the harbour."""
    return site_of(FILES)


@pytest.fixture
def mortal(index_of: Callable[..., Any], settings: IndexSettings) -> Iterator[Mortal]:
    """Serves the orchard and the harbour until it is killed."""
    index_of(FILES)
    service = Mortal(settings.data)
    yield service
    service.end()


@pytest.fixture
def watch() -> Watch:
    """What the pages of a test complain of and ask for."""
    return Watch()


@pytest.fixture
def open_page(chromium: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Opens an address in a new context, which takes the given options."""
    contexts = []

    def run(url: str, **options: Any) -> Page:
        context = chromium.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        watch.over(page)
        page.goto(url)
        return page

    yield run
    for context in contexts:
        context.close()
