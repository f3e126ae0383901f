"""Runs the builds that wait, one after the other, in a process of their own.

Of several services over one data folder, one builds. A build that is stopped with the service
begins anew when there is a service again.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

from index.config import IndexSettings
from qa.service.builds import Build, Builds, State, Unread
from qa.service.live import Live

log = logging.getLogger("attest")

COMMAND = (
    *(sys.executable, "-P", "-c"),
    "from index.build_process import serve; serve()",
)
_LOCK = "builder.lock"
_WARM_SECONDS = 300
"""So long its models stay loaded after the last build."""
_TRIES = 2
"""A process that dies by itself is given its build once more."""
_WINDOW = 50
"""Steps forward by which the time that is left is estimated."""
_LOCKED = "another build, such as 'attest index', is running; this one begins when it has ended"
Step = Literal["reading", "encoding", "writing"]
_STEPS: dict[str, Step] = {"read": "reading", "ocr": "reading", "encode": "encoding"}
_NAMED = 20
"""Files under way that are named at most."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How a build goes on."""

    state: Step = "reading"
    done: int = 0
    total: int = 0
    reading: tuple[str, ...] = ()
    """Names of the files that are being read."""
    unread: tuple[Unread, ...] = ()
    detail: str = ""
    """Why it does not go on, where it waits."""
    seconds_left: float | None = None
    """Of this step, estimated; None where that cannot be."""


class _Follower:
    """Makes ``Progress`` of what the process says."""

    def __init__(self) -> None:
        self.progress = Progress()
        self._name_of_step = ""
        self._steps: deque[tuple[float, int]] = deque(maxlen=_WINDOW)
        self._reading: dict[str, None] = {}

    def note(self, event: dict[str, Any]) -> None:
        now = self.progress
        match event["event"]:
            case "locked":
                self.progress = replace(now, detail=_LOCKED)
            case "step":
                self._step(event["step"], event["done"], event["total"])
            case "reading":
                self._reading[event["name"]] = None
                self._name()
            case "read":
                self._reading.pop(event["name"], None)
                if why := event["why_not"]:
                    unread = Unread(event["name"], why)
                    self.progress = replace(now, unread=(*now.unread, unread))
                self._name()

    def _name(self) -> None:
        self.progress = replace(self.progress, reading=tuple(self._reading)[:_NAMED])

    def _step(self, name: str, done: int, total: int) -> None:
        if name != self._name_of_step:
            self._name_of_step = name
            self._steps.clear()
        self._steps.append((time.monotonic(), done))
        self.progress = replace(
            self.progress,
            state=_STEPS.get(name, "writing"),
            done=done,
            total=total,
            detail="",
            seconds_left=self._seconds_left(total),
        )

    def _seconds_left(self, total: int) -> float | None:
        (first, before), (last, done) = self._steps[0], self._steps[-1]
        if done <= before or last <= first:
            return None
        return round((total - done) * (last - first) / (done - before), 1)


class _Process:
    """The process that builds; see ``index.build_process``."""

    def __init__(self, command: Sequence[str], settings: IndexSettings) -> None:
        # Half of the threads: the other cores are for questions.
        given = settings.model_dump(mode="json")
        given["encode_threads"] = max(1, settings.encode_threads // 2)
        given["data"] = str(settings.data.absolute())
        paths = os.pathsep.join(str(Path(one).absolute()) for one in sys.path)
        values = {f"ATTEST_{name.upper()}": str(value) for name, value in given.items()}
        self._process = subprocess.Popen(
            [*command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **values, "PYTHONPATH": paths},
            text=True,
            encoding="utf-8",
        )

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def ask(self) -> None:
        """Tell it to build. Raises ``OSError`` where it has ended."""
        assert self._process.stdin is not None
        self._process.stdin.write("build\n")
        self._process.stdin.flush()

    def event(self) -> dict[str, Any] | None:
        """The next thing that it says; None when it has ended."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with suppress(ValueError):
                event: Any = json.loads(line)
                if isinstance(event, dict) and "event" in event:
                    return event
        return None

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def close(self) -> str:
        """End it, and say how it ended."""
        self._process.kill()
        with suppress(OSError):
            self._process.communicate()
        code = self._process.wait()
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"


class Builder:
    """Runs builds in the background. ``finished`` is told of each with its state and seconds."""

    def __init__(
        self,
        settings: IndexSettings,
        builds: Builds,
        live: Live,
        finished: Callable[[State, float], None] = lambda _state, _seconds: None,
        command: Sequence[str] = COMMAND,
    ) -> None:
        self._settings, self._builds, self._live = settings, builds, live
        self._finished, self._command = finished, command
        self._process: _Process | None = None
        self._follower: tuple[str, _Follower] | None = None
        self._used = 0.0
        self._wanted = False
        self._starting = threading.Lock()
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="builder", daemon=True)

    def start(self) -> None:
        """Begin to look for builds."""
        self._thread.start()

    def stop(self) -> None:
        """Stop at once; a build under way goes on at the next start."""
        self._stop.set()
        self._wake.set()
        with self._starting:
            if self._process is not None:
                self._process.kill()
        self._thread.join(timeout=10)

    def wake(self) -> None:
        """Look for a build now."""
        self._wake.set()

    def expect(self) -> None:
        """Load the models now: a build will be wanted in a moment."""
        self._wanted = True
        self._wake.set()

    def progress(self, id: str) -> Progress | None:
        """How a build goes on that runs here; None for any other."""
        following = self._follower
        return following[1].progress if following and following[0] == id else None

    def _run(self) -> None:
        lock = FileLock(self._settings.data / _LOCK, blocking=False, fallback_to_soft=False)
        while not self._stop.is_set():
            try:
                with lock.acquire():
                    self._builds.requeue()
                    self._look()
            except Timeout:
                self._wake.wait(1)  # another service builds for this folder
            except Exception:
                # Such as a full disk. What waits is tried again, not forgotten.
                log.exception("builds could not be run")
                self._wake.wait(5)
            finally:
                self._wake.clear()

    def _look(self) -> None:
        """Run what waits until the service stops."""
        try:
            while not self._stop.is_set():
                self._wake.clear()
                build = self._builds.take()
                if build is not None:
                    self._finish(build)
                    continue
                if self._wanted:
                    self._wanted = False
                    self._start()
                if self._process and time.monotonic() - self._used > _WARM_SECONDS:
                    self._end()
                self._wake.wait(1)
        finally:
            self._end()

    def _finish(self, build: Build) -> None:
        began = time.monotonic()
        follower = _Follower()
        self._follower = build.id, follower
        try:
            last = self._build(follower)
            if last is None:
                return  # the service stops
            error = last.get("message") or self._bring_in(last.get("report") is not None)
            ended = replace(
                build,
                state="failed" if error else "live",
                error=error,
                report=last.get("report"),
                unread=follower.progress.unread,
            )
            self._builds.finish(ended)
        finally:
            self._follower = None
        self._used = time.monotonic()
        if error:
            log.error("%s failed: %s", build.id, error)
        self._finished(ended.state, time.monotonic() - began)

    def _build(self, follower: _Follower) -> dict[str, Any] | None:
        """The last thing that the process says of a build; None where the service stops."""
        for _ in range(_TRIES):
            process = self._start()
            with suppress(OSError):
                process.ask()
                while event := process.event():
                    if event["event"] in {"done", "failed"}:
                        return event
                    follower.note(event)
            ended = self._end()
            if self._stop.is_set():
                return None
            log.error("the process that builds ended (%s)", ended)
        return {"event": "failed", "message": f"the process that builds ended ({ended})"}

    def _bring_in(self, something: bool) -> str:
        """Wait until what was built is answered from; why it is not, if it is not. There is nothing
        to answer from where there is not ``something``."""
        self._live.refresh()
        self._live.settle()
        return (self._live.problem or "") if something else ""

    def _start(self) -> _Process:
        """The process, started anew where there is none."""
        self._used = time.monotonic()
        if self._process is None or not self._process.runs:
            self._end()
            with self._starting:
                self._process = _Process(self._command, self._settings)
                if self._stop.is_set():
                    self._process.kill()
        return self._process

    def _end(self) -> str:
        with self._starting:
            process, self._process = self._process, None
        return process.close() if process is not None else ""
