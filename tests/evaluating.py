"""What tests of evaluation share: records in few words, and an asker that counts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from service import until

from eval import resampling, runs
from eval.recipe import Recipe
from eval.records import Case, Gold, Place, Ranked, Reply, Result, Scored, Span, half_of
from qa.errors import NotReady
from qa.pipeline import Answerer
from qa.service.api import create_app
from qa.service.live import Live
from qa.settings import ServiceSettings

DATA = Path(__file__).parent.parent.parent / "shared" / "data"


def public(name: str) -> Path:
    """A public data set beside the checkout; the test is skipped where it is not there."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"the public data {name} is not at {path}")
    return path


def quote(start: int, text: str, document: str = "d", grade: int = 1) -> Gold:
    """Gold: ``text`` at ``start``."""
    return Gold(Place(document, start, start + len(text), text), grade=grade)


def whole(document: str, grade: int = 1) -> Gold:
    """Gold: any part of a document."""
    return Gold(Place(document, 0, 1000), whole=True, grade=grade)


def cited(start: int, text: str, document: str = "d") -> Place:
    return Place(document, start, start + len(text), text)


def passages(*spans: tuple[int, int] | str) -> tuple[Ranked, ...]:
    """Passages in their order: spans of document d, or the first 100 characters of others."""
    places = [Place("d", *one) if isinstance(one, tuple) else Place(one, 0, 100) for one in spans]
    return tuple(Ranked(place, float(-rank)) for rank, place in enumerate(places))


def result(
    *gold: tuple[Gold, ...],
    id: str = "q",
    answerable: bool = True,
    accepted: tuple[tuple[str, ...], ...] = (),
    answered: bool = True,
    **reply: Any,
) -> Result:
    """A question whose gold is already found, with its reply."""
    spans = tuple(tuple(Span(one.place.document) for one in group) for group in gold)
    case = Case(id, f"question {id}?", answerable, gold=spans, accepted=accepted)
    return Result(case, gold, Reply(answered, reply.pop("confidence", 0.5), **reply))


def scored(id: str, **fields: Any) -> Scored:
    """A scored question: answerable, rightly answered, with half the confidence, if not said."""
    answerable = fields.get("answerable", True)
    return Scored(
        id=id,
        question=f"question {id}?",
        kind=fields.get("kind", ""),
        half=half_of(id),
        answerable=answerable,
        outcome=fields.get("outcome", "right" if answerable else "rightly declined"),
        confidence=fields.get("confidence", 0.5),
        right=fields.get("right", answerable),
        measures=fields.get("measures", {}),
        milliseconds=fields.get("milliseconds", 0.0),
    )


def recipe(**changed: Any) -> Recipe:
    """What a run was made of, in so far as tests look at it."""
    fields: dict[str, Any] = {
        **{"name": "first", "questions": "set.jsonl", "questions_digest": "0", "count": 4},
        **{"half": "all", "top_k": 10, "asked": "in process", "clients": 1},
        **{"index": {"generation": "gen-000001"}, "settings": {"threshold": 0.5}},
        **{"code": "c", "commit": "", "machine": "m", "versions": {}},
    }
    return Recipe(**{**fields, **changed})


def recipe_at(at: Path) -> Recipe:
    """The recipe of the run that is kept there."""
    found = runs.read_recipe(at)
    assert found is not None
    return found


def draw_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer resamples and swaps: enough to tell clear differences, and much faster."""
    monkeypatch.setattr(resampling, "RESAMPLES", 50)
    monkeypatch.setattr(resampling, "SWAPS", 500)


class Counting:
    """An asker over ``texts`` that answers everything and keeps the ids of what it was asked."""

    def __init__(
        self, texts: dict[str, str] | None = None, at: Callable[[str], object] = str
    ) -> None:
        self.texts = texts or {}
        self.asked: list[str] = []
        self.top_k: set[int] = set()
        self._at = at
        self._lock = threading.Lock()

    def identity(self) -> dict[str, str]:
        return {"generation": "gen-000001"}

    def text(self, document: str) -> tuple[str, str] | None:
        return (document, self.texts[document]) if document in self.texts else None

    def ask(self, case: Case, top_k: int) -> Reply:
        self._at(case.id)
        with self._lock:
            self.asked.append(case.id)
            self.top_k.add(top_k)
        return Reply(True, 0.5, interpreted_as=f"reply to {case.id}")


@contextmanager
def served(answerer: Answerer, data: Path) -> Iterator[str]:
    """The address of a service over ``answerer``, under uvicorn on a port of its own."""
    live = Live(data, lambda: answerer, every_seconds=0.01)
    config = uvicorn.Config(
        create_app(ServiceSettings(), live),
        log_config=None,
        access_log=False,
        ws="none",
        timeout_graceful_shutdown=1,
    )
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        until(lambda: server.started and _is_ready(live))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def _is_ready(live: Live) -> bool:
    try:
        live.answerer()
    except NotReady:
        return False
    return True
