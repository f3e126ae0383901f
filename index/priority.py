"""Work that gives way: what runs beside a service must not make its answers wait."""

from __future__ import annotations

import os
from pathlib import Path

_NICE = 10
"""Of two threads that want one core, this one gets a tenth of it."""
_AUTOGROUP = Path("/proc/self/autogroup")


def lower() -> None:
    """Let this process, and all that it starts from now on, give way to others."""
    os.nice(_NICE)
    share()


def share() -> None:
    """Let the session of this process give way as the process itself does: Linux may weigh
    sessions against each other first, and a new one begins with full weight."""
    if given_way := os.nice(0):
        try:
            _AUTOGROUP.write_text(str(given_way), encoding="ascii")
        except OSError:
            return  # a system that weighs processes alone
