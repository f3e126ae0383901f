"""What a confined process answers in tests: it does what it is told to."""

from __future__ import annotations

import os
import signal
import time


def prepare() -> None:
    """Nothing is needed."""


def answer(request: bytes) -> bytes:
    """The request and the number of this process, unless it asks for something else."""
    if request == b"hang":
        time.sleep(1000)
    elif request == b"crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif request == b"swell":
        bytearray(2**31)
    return b"%b %d" % (request, os.getpid())
