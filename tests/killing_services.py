"""Kills a service, or the process that builds for it, while documents come and go: for
``test_collection_kill.py`` and ``benchmarks/kill_services.py``.

Every version of a document has a word that no other has, so that what is answered says which it is.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from index import uploads

FOLDER = ("kept.txt", "hidden.txt")
"""Documents of a folder: one that stays, and one that is hidden and shown again."""
PATIENCE = 180
"""Seconds that a service and its builds may take, on a busy machine."""


class Broken(Exception):
    """What was acknowledged is not so, or what was not is half so."""


def text_of(word: str) -> str:
    """A document that only ``word`` tells from others; long enough to be under way for a while."""
    lines = [f"The {word} number {n} sails south on a long voyage." for n in range(300)]
    return "\n".join(lines) + "\n"


def folder_text(name: str) -> str:
    return f"The {Path(name).stem} document of the folder stands here and stays.\n"


class Service:
    """A running service. ``command`` starts it; its last word on the first line is its port, or its
    address."""

    def __init__(self, command: Sequence[str], environment: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [*command], stdout=subprocess.PIPE, text=True, env=environment
        )
        assert self.process.stdout is not None
        said = self.process.stdout.readline().split()
        if not said:
            raise Broken(f"the service does not start: {self.process.wait()}")
        address = said[-1] if said[-1].startswith("http") else f"http://127.0.0.1:{said[-1]}"
        self.client = httpx.Client(base_url=address, timeout=60)

    def builders(self) -> list[int]:
        """The processes that it has started."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        with suppress(OSError):
            found = " ".join((one / "children").read_text() for one in tasks.iterdir())
            return [int(pid) for pid in found.split()]
        return []

    def settle(self) -> None:
        """Wait until it answers, and nothing is left to be built."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(httpx.TransportError):
                ready = self.client.get("/readyz")
                known = ready.status_code == 200 or ready.json()["code"] == "no_index"
                builds = self.client.get("/v1/builds").json()["builds"]
                if known and all(one["state"] in {"live", "failed"} for one in builds):
                    failed = [one for one in builds if one["state"] == "failed"]
                    if failed:
                        raise Broken(f"a build failed: {failed[0]}")
                    return
            time.sleep(0.05)
        raise Broken("the service does not come to rest")

    def kill(self) -> None:
        """End it, if it has not ended."""
        if not self.client.is_closed:
            self.process.kill()
            self.process.communicate()
            self.client.close()


@dataclass(slots=True)
class Tally:
    """What was killed, and what was wrong."""

    services: int = 0
    builders: int = 0
    acknowledged: int = 0
    """Changes that the service had answered before it was killed."""
    broken: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"services killed {self.services}, builders killed {self.builders}, changes "
            f"acknowledged before {self.acknowledged}, broken {len(self.broken)}"
        )


@dataclass(slots=True)
class _Book:
    """What must be so: words of the uploaded documents by their names, and what is hidden."""

    words: dict[str, str] = field(default_factory=dict)
    hidden: bool = False
    number: int = 0

    def word(self) -> str:
        self.number += 1
        return f"kestrel{self.number}"


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of the collection, and what must be so after it."""

    name: str
    word: str | None
    """None: it is taken away."""
    hidden: bool | None
    """Whether the document of the folder is hidden after it; None where that is not changed."""
    do: Callable[[httpx.Client], httpx.Response]


def _upload(name: str, word: str, slowly: float) -> Callable[[httpx.Client], httpx.Response]:
    head = (
        f'--xxx\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    ).encode()
    body = head + text_of(word).encode() + b"\r\n--xxx--\r\n"

    def pieces() -> Iterator[bytes]:
        step = len(body) // 10 + 1
        for start in range(0, len(body), step):
            time.sleep(slowly / 10)
            yield body[start : start + step]

    kind = {"Content-Type": "multipart/form-data; boundary=xxx"}
    return lambda client: client.post("/v1/documents", content=pieces(), headers=kind)


def _changes(book: _Book, moments: random.Random) -> _Change:
    kinds = ["add", "add", "hide"] + ["replace", "delete"] * bool(book.words)
    match moments.choice(kinds):
        case "hide" if not book.hidden:
            return _Change("", None, True, lambda client: client.delete("/v1/documents/hidden"))
        case "hide":
            path = "/v1/documents/hidden/restore"
            return _Change("", None, False, lambda client: client.post(path))
        case "delete":
            name = moments.choice(sorted(book.words))
            return _Change(name, None, None, lambda client: client.delete(f"/v1/uploads/{name}"))
        case kind:
            known = moments.choice(sorted(book.words)) if kind == "replace" else ""
            word = book.word()
            name = known or f"{word}.txt"
            return _Change(name, word, None, _upload(name, word, moments.choice([0, 0, 0.5])))


def kill(start: Callable[[], Service], data: Path, times: int, seed: int) -> Iterator[Tally]:
    """Kill ``times`` and yield the tally after each. Of three kills two are of the service, at a
    random moment of a change or of the build after it, and one is of the process that builds."""
    moments, tally, book = random.Random(seed), Tally(), _Book()
    service = start()
    try:
        service.settle()
        longest = 3.0
        for number in range(times):
            change = _changes(book, moments)
            spare = number % 3 == 2
            begun, answers = time.monotonic(), list[httpx.Response]()
            thread = threading.Thread(target=_do, args=[change, service.client, answers])
            thread.start()
            if spare:
                _kill_builder(service, moments.uniform(0, longest))
                tally.builders += 1
                thread.join()
            else:
                time.sleep(moments.uniform(0, longest))
                service.process.kill()
                thread.join()
                service.kill()
                tally.services += 1
                service = start()
            tally.acknowledged += bool(answers)
            try:
                service.settle()
                _check(service, data, book, change, bool(answers))
            except Exception as error:
                tally.broken.append(f"{number}: {type(error).__name__}: {error}")
            longest = min(10.0, max(1.0, time.monotonic() - begun)) if spare else longest
            yield tally
    finally:
        service.kill()


def _do(change: _Change, client: httpx.Client, answers: list[httpx.Response]) -> None:
    with suppress(httpx.HTTPError, RuntimeError):
        response = change.do(client)
        if response.status_code not in {200, 202}:
            raise Broken(f"{response.status_code}: {response.text}")
        answers.append(response)


def _kill_builder(service: Service, after: float) -> None:
    end = time.monotonic() + after
    time.sleep(after)
    while time.monotonic() < end + PATIENCE:
        if found := service.builders():
            with suppress(ProcessLookupError):
                os.kill(found[0], signal.SIGKILL)
            return
        time.sleep(0.01)


def _check(service: Service, data: Path, book: _Book, change: _Change, done: bool) -> None:
    """Compare the service with the book, in which the ``change`` may or must stand now."""
    listed: list[dict[str, Any]] = service.client.get("/v1/documents").json()["documents"]
    documents = {one["source"]: one for one in listed}
    if change.hidden is not None:
        now = "hidden.txt" not in documents
        if done and now != change.hidden:
            raise Broken(f"hidden.txt is not as acknowledged: hidden {now}")
        book.hidden = now
    elif change.name:
        _settle(book, change, _word_of(service, documents.get(change.name)), done)
    expected = {*book.words, "kept.txt"} | (set() if book.hidden else {"hidden.txt"})
    if set(documents) != expected:
        raise Broken(f"documents {sorted(documents)}, not {sorted(expected)}")
    if uploads.names(data) != sorted(book.words):
        raise Broken(f"files {uploads.names(data)}, not {sorted(book.words)}")
    for name, word in book.words.items():
        if (data / "uploads" / name).read_text() != text_of(word):
            raise Broken(f"{name} is not the file that was sent")
    for name, word in [*book.words.items()][-3:]:
        if _word_of(service, documents[name]) != word:
            raise Broken(f"{name} is not of {word}")
        _ask(service, documents[name]["id"], word)
    left = [path for path in (data / "incoming").glob("*/*") if path.is_dir()]
    if left:
        raise Broken(f"left of an upload: {left}")


def _settle(book: _Book, change: _Change, word: str | None, done: bool) -> None:
    """Write into the book what became of a change."""
    allowed = {change.word} if done else {change.word, book.words.get(change.name)}
    if word not in allowed:
        raise Broken(f"{change.name} is of {word}, not of {allowed}")
    if word is None:
        book.words.pop(change.name, None)
    else:
        book.words[change.name] = word


def _word_of(service: Service, document: dict[str, Any] | None) -> str | None:
    """The word that a document is of, if it is whole."""
    if document is None:
        return None
    text = service.client.get(f"/v1/documents/{document['id']}/text").text
    word = text.split()[1]
    if text != text_of(word):
        raise Broken(f"{document['source']} is not whole")
    return word


def _ask(service: Service, id: str, word: str) -> None:
    body = {"question": f'which "{word}" sails south', "documents": [id]}
    answer = service.client.post("/v1/ask", json=body).json()
    found = [one["text"] for one in answer["passages"]] + [
        one["cited_text"] for one in answer["citations"]
    ]
    if not any(word in one for one in found):
        raise Broken(f"{word} is not found")
