"""Shows how a build goes on: a bar on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

_STEPS = {
    "read": ("reading documents", "pages"),
    "ocr": ("reading pages (OCR)", "pages"),
    "encode": ("encoding passages", ""),
    "write": ("writing the index", "parts"),
    "vectors": ("indexing vectors", ""),
    "publish": ("writing to disk", ""),
    "switch": ("going live", ""),
    "prune": ("removing old indexes", ""),
}
"""What people are told of a step, and what it counts."""
_EVERY_SECONDS = 5.0
_SURE_SECONDS, _SURE_SHARE, _LONG_SECONDS = 2.0, 0.02, 20.0
"""So long a step must have gone on, and so much of it be done unless it has gone on for long,
before it is said how long it will take: to start is slow."""


def state(step: str, done: int, total: int, seconds: float) -> str:
    """How far a step is that has taken so many ``seconds``: "120 of 779 pages, about 40 s left"."""
    unit = _STEPS.get(step, ("", ""))[1]
    told = f"{done:,} of {total:,} {unit}".strip() if total > 1 else ""
    early = seconds < _SURE_SECONDS or (done < _SURE_SHARE * total and seconds < _LONG_SECONDS)
    if not 0 < done < total or early:
        return told
    return f"{told}, about {_duration(seconds / done * (total - done))} left"


def name(step: str) -> str:
    """What people call a step."""
    return _STEPS.get(step, (step, ""))[0]


def _duration(seconds: float) -> str:
    whole = max(1, round(seconds))
    if whole < 90:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


class Lines:
    """Progress as lines of text, one every few seconds at most."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._began: dict[str, float] = {}
        self._told = clock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __call__(self, step: str, done: int, total: int, /) -> None:
        """See ``Progress``."""
        now = self._clock()
        began = self._began.setdefault(step, now)
        if now - self._told < _EVERY_SECONDS:
            return
        self._told = now
        told = state(step, done, total, now - began)
        print(f"{name(step)}: {told}" if told else name(step), file=self._stream, flush=True)


class Bars:
    """Progress as a bar a step, on a terminal."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskID, TextColumn

        self._clock = clock
        self._tasks: dict[str, tuple[TaskID, float]] = {}
        self._bar = Progress(
            TextColumn("{task.description:<20}"),
            BarColumn(),
            TextColumn("{task.fields[state]}"),
            console=Console(stderr=True),
            transient=True,
        )

    def __enter__(self) -> Self:
        self._bar.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.__exit__(kind, error, trace)

    def __call__(self, step: str, done: int, total: int, /) -> None:
        """See ``Progress``."""
        now = self._clock()
        if step not in self._tasks:
            self._tasks[step] = self._bar.add_task(name(step), total=total, state=""), now
        task, began = self._tasks[step]
        told = state(step, done, total, now - began)
        self._bar.update(task, completed=done, total=total, state=told)
