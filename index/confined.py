"""Runs what may crash, hang or swell in a process of its own, which answers one request at a time.

The process is started anew (nothing is forked), when the first request needs it, and answers many.
It is its own session, so that whatever it starts ends with it, and an interrupt from the keyboard
reaches its parent alone, which ends it.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from struct import Struct
from typing import Protocol

from index import priority
from index.errors import ProcessFailed

_START_SECONDS = 120
"""It must be ready in this time, on a busy machine too."""
_END_SECONDS = 5
"""One that has closed its end of the channel is let end by itself for so long."""
_GRACE_SECONDS = 10
"""So long past its time a process ends itself, should its parent be gone."""
_READY = b"ready"
_NO_MEMORY = b""
_ANSWER, _STEP = b"a", b"s"
"""What a message begins with."""
_STEP_PARTS = Struct("<qqd")
_COMMAND = (
    "import sys; from importlib import import_module; from index.confined import serve; "
    "serve(import_module(sys.argv[1]), *map(float, sys.argv[2:]))"
)
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


Watch = Callable[[int, int], None]
"""Told how many steps of a request that take long are done, and of how many."""


def unwatched(_done: int, _total: int) -> None:
    """For those who do not look."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What such a process may take."""

    seconds: float
    """For an answer."""
    memory_mb: int
    """Beyond what it has taken for its own code."""
    answers: int = 500
    """It is replaced after so many: what a library leaks is bounded."""
    idle_seconds: float = 0.0
    """It ends itself when nothing has been asked for so long; 0: never."""


class Served(Protocol):
    """A module that such a process serves."""

    def prepare(self) -> None:
        """Import and load what answers need."""

    def answer(self, request: bytes, /) -> bytes:
        """The reply to a request, not empty."""


class Confined:
    """One such process, replaced when it fails. ``module`` names a ``Served``. ``ask`` is for one
    thread at a time; ``kill`` may come from another."""

    def __init__(self, module: str, limits: Limits) -> None:
        self._module, self._limits = module, limits
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Connection | None = None
        self._answered = 0
        self._closed = False

    def ask(self, request: bytes, watch: Watch = unwatched) -> bytes:
        """What the module answers; ``watch`` is told of its steps (``tell``). Raises
        ``ProcessFailed``."""
        if self._channel is not None and self._has_ended():
            self._stop()
        try:
            return self._ask(request, watch)
        except ProcessFailed as failed:
            # It may have ended itself, idle, when the request was on its way.
            if failed.why != "ended" or failed.how or not self._limits.idle_seconds:
                raise
        return self._ask(request, watch)

    def kill(self) -> None:
        """End the process at once, whatever it is at, and start no other."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                _kill(self._process)

    def close(self) -> None:
        """End the process."""
        self.kill()
        self._stop()

    def _ask(self, request: bytes, watch: Watch) -> bytes:
        fresh = self._channel is None
        try:
            answer = self._exchange(request, watch)
        except (EOFError, OSError) as error:
            raise _failure(self._stop(ending=True), fresh) from error
        except BaseException:
            self._stop()
            raise
        self._answered += 1
        if answer == _NO_MEMORY or self._answered >= self._limits.answers:
            self._stop()
        if answer == _NO_MEMORY:
            raise ProcessFailed("large", fresh=fresh)
        return answer

    def _exchange(self, request: bytes, watch: Watch) -> bytes:
        channel = self._channel or self._start()
        channel.send_bytes(request)
        seconds, steps, began = self._limits.seconds, 0, time.monotonic()
        while channel.poll(max(0.0, began + seconds - time.monotonic())):
            message = channel.recv_bytes()
            if message[:1] != _STEP:
                return message[1:]
            done, total, more = _STEP_PARTS.unpack(message[1:])
            seconds, steps = seconds + more, done + 1
            watch(done, total)
        raise ProcessFailed("slow", seconds=seconds, steps=steps)

    def _start(self) -> Connection:
        here, there = Pipe()
        paths = os.pathsep.join(str(Path(one).absolute()) for one in sys.path)
        limits = self._limits
        numbers = (there.fileno(), limits.seconds, limits.memory_mb, limits.idle_seconds)
        with self._lock, there:
            if self._closed:
                here.close()
                raise ProcessFailed("closed")
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _COMMAND, self._module, *map(str, numbers)],
                pass_fds=[there.fileno()],
                env={**os.environ, **_ONE_THREAD, "PYTHONPATH": paths},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._channel, self._answered = here, 0
        if not here.poll(_START_SECONDS) or here.recv_bytes() != _READY:
            raise ProcessFailed("silent")
        return here

    def _has_ended(self) -> bool:
        with self._lock:
            return self._process is None or not _is_running(self._process)

    def _stop(self, ending: bool = False) -> int:
        """End the process; its exit code, negative for a signal. One that is ``ending`` may end by
        itself."""
        with self._lock:
            process, channel = self._process, self._channel
            self._process = self._channel = None
            if channel is not None:
                channel.close()
            if process is None:
                return 0
            if ending:
                _wait_a_moment(process)
            _kill(process)
            return process.wait()


def _failure(code: int, fresh: bool) -> ProcessFailed:
    if code == -signal.SIGALRM:
        return ProcessFailed("slow", fresh=fresh)
    how = signal.Signals(-code).name if code < 0 else f"exit code {code}" if code else ""
    return ProcessFailed("ended", how, fresh)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End it and all that it has started. It must not have been waited for: until then its number
    is no other process's."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _is_running(process: subprocess.Popen[bytes]) -> bool:
    flags = os.WEXITED | os.WNOWAIT | os.WNOHANG
    return os.waitid(os.P_PID, process.pid, flags) is None


def _wait_a_moment(process: subprocess.Popen[bytes]) -> None:
    """Let it end, so that its exit code is its own."""
    until = time.monotonic() + _END_SECONDS
    while time.monotonic() < until and _is_running(process):
        time.sleep(0.01)


def serve(
    module: Served,
    descriptor: float,
    seconds: float,
    memory_mb: float,
    idle: float,
) -> None:
    """What the process does: answer until the other end is closed, or nothing comes for long."""
    channel = Connection(int(descriptor))
    _serving.append(channel)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    priority.share()
    module.prepare()
    _limit_memory(int(memory_mb))
    channel.send_bytes(_READY)
    while channel.poll(idle or None):
        try:
            request = channel.recv_bytes()
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE_SECONDS)
        try:
            channel.send_bytes(_ANSWER + module.answer(request))
        except MemoryError:
            channel.send_bytes(_NO_MEMORY)
            return
        signal.setitimer(signal.ITIMER_REAL, 0)


_serving: list[Connection] = []
"""Within the process: its channel."""


def tell(done: int, total: int, seconds: float, /) -> None:
    """Within the process: tells the other end that ``done`` of ``total`` steps are behind it, and
    takes so many ``seconds`` more for the next."""
    left, _ = signal.getitimer(signal.ITIMER_REAL)
    signal.setitimer(signal.ITIMER_REAL, left + seconds)
    _serving[-1].send_bytes(_STEP + _STEP_PARTS.pack(done, total, seconds))


def _limit_memory(megabytes: int) -> None:
    """Let the process take so much more than it has taken for its own code."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return  # not Linux: there the limit of addresses does not work either
    most = pages * resource.getpagesize() + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
