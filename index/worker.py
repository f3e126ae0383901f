"""Reads files in a process of its own: a parser may crash, hang or swell there, and that is the
failure of one file.

The process is started anew (nothing is forked), when the first file needs it, and reads many files.
It is its own session, so that whatever it starts ends with it, and an interrupt from the keyboard
reaches its parent alone, which ends it.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from index import domains, loaders, loading
from index.errors import UnreadableDocument, UnreadableNow
from index.loaders import Parsed
from index.loading import Loader

_START_SECONDS = 120
"""It must be ready in this time, on a busy machine too."""
_END_SECONDS = 5
"""One that has closed its end of the channel is let end by itself for so long."""
_GRACE_SECONDS = 10
"""So long past its time a process ends itself, should its parent be gone."""
_MOST_FILES = 500
"""It is replaced after so many: what a library leaks is bounded."""
_READY = b"ready"
_COMMAND = "import sys; from index.worker import serve; serve(*map(float, sys.argv[1:]))"
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_SLOW = "took longer than {seconds:g} s to read (setting ATTEST_PARSE_SECONDS)"
_LARGE = "needs more than {memory} MiB of memory to read (setting ATTEST_PARSE_MEMORY_MB)"


class Worker:
    """One such process, replaced when it fails. ``parse`` is for one thread at a time; ``kill``
    may come from another."""

    def __init__(self, seconds: float, memory_mb: int) -> None:
        self._seconds, self._memory = seconds, memory_mb
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Connection | None = None
        self._read = 0
        self._closed = False

    def parse(self, data: bytes, loader: Loader, domain: str) -> Parsed:
        """What ``loader`` makes of a file, by the setting of the ``domain``. Raises
        ``UnreadableDocument``."""
        try:
            answer = self._ask(data, loader, domain)
        except (EOFError, OSError) as error:
            raise UnreadableNow(self._why(self._stop(ending=True))) from error
        except BaseException:
            self._stop()
            raise
        self._read += 1
        if answer is None or self._read >= _MOST_FILES:
            self._stop()
        if isinstance(answer, Parsed):
            return answer
        raise answer or UnreadableNow(_LARGE.format(memory=self._memory))

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

    def _ask(self, data: bytes, loader: Loader, domain: str) -> Parsed | UnreadableDocument | None:
        channel = self._channel or self._start()
        channel.send((data, loader, domain))
        if not channel.poll(self._seconds):
            raise UnreadableNow(_SLOW.format(seconds=self._seconds))
        answer: Parsed | UnreadableDocument | None = pickle.loads(channel.recv_bytes())
        return answer

    def _start(self) -> Connection:
        here, there = Pipe()
        paths = os.pathsep.join(str(Path(one).absolute()) for one in sys.path)
        numbers = (there.fileno(), self._seconds, self._memory)
        with self._lock, there:
            if self._closed:
                here.close()
                raise UnreadableNow("was not read; reading was stopped")
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _COMMAND, *map(str, numbers)],
                pass_fds=[there.fileno()],
                env={**os.environ, **_ONE_THREAD, "PYTHONPATH": paths},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._channel, self._read = here, 0
        if not here.poll(_START_SECONDS) or here.recv_bytes() != _READY:
            raise UnreadableNow("was not read; the process that reads files does not start")
        return here

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

    def _why(self, code: int) -> str:
        if code == -signal.SIGALRM:
            return _SLOW.format(seconds=self._seconds)
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return f"cannot be read; the process that read it ended ({how})"


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End it and all that it has started. It must not have been waited for: until then its number
    is no other process's."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _wait_a_moment(process: subprocess.Popen[bytes]) -> None:
    """Let it end, so that its exit code is its own."""
    flags = os.WEXITED | os.WNOWAIT | os.WNOHANG
    until = time.monotonic() + _END_SECONDS
    while time.monotonic() < until and os.waitid(os.P_PID, process.pid, flags) is None:
        time.sleep(0.01)


def serve(descriptor: float, seconds: float, memory_mb: float) -> None:
    """What the process does: answer until the other end is closed."""
    channel = Connection(int(descriptor))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    loading.import_all()
    _limit_memory(int(memory_mb))
    channel.send_bytes(_READY)
    while True:
        answer = _answer(channel, seconds + _GRACE_SECONDS)
        if answer is None:
            channel.send_bytes(pickle.dumps(None))
            return
        channel.send_bytes(answer)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(channel: Connection, seconds: float) -> bytes | None:
    """The pickled answer to the next request; None where memory does not suffice."""
    try:
        data, loader, domain = channel.recv()
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            return pickle.dumps(loaders.parse(data, loader, domains.chooser(domain)))
        except UnreadableDocument as error:
            return pickle.dumps(error)
    except MemoryError:
        return None
    except EOFError:
        sys.exit()


def _limit_memory(megabytes: int) -> None:
    """Let the process take so much more than it has taken for its own code."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return  # not Linux: there the limit of addresses does not work either
    most = pages * resource.getpagesize() + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
