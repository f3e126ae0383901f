"""Waits for folders to change and to come to rest.

What has changed is seen by looking; ``watchfiles``, where it is installed, only says when it is
worth a look. So a folder that gives no notice (on a network, in a container) is followed all the
same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from index import sources
from index.errors import IndexingError
from index.metadata import CATALOG_NAME
from index.sources import SourceFile

SETTLE_SECONDS = 1.0
"""Files that have not changed for so long are written to the end."""
POLL_SECONDS = 2.0
"""Between two looks, where nothing says when to look."""
_NOTICED_SECONDS = 30.0
"""Between two looks, where something does: it may miss a change."""

Snapshot = dict[str, object]
"""What is seen of files, by their paths: something else whenever one has changed."""


def look(roots: Sequence[Path]) -> Snapshot:
    """The files below ``roots`` as they are now, with the catalogs that speak of them."""
    seen: Snapshot = {}
    try:
        for one in sources.find(roots):
            path = Path(one.place.path)
            seen[str(path)] = _state(path)
            if isinstance(one, SourceFile):
                catalog = one.folder / CATALOG_NAME
                seen.setdefault(str(catalog), _state(catalog))
    except IndexingError as error:
        seen[""] = str(error)  # a folder that is gone: it may come back
    return seen


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def changes(
    roots: Sequence[Path],
    settle: float = SETTLE_SECONDS,
    poll: float = POLL_SECONDS,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[None]:
    """Yields at first, and whenever ``roots`` have changed and come to rest since it last did."""
    yielded: Snapshot | None = None
    waiting = _waiting(roots, poll, sleep)
    while True:
        now = look(roots)
        while now != yielded:
            sleep(settle)
            before, now = now, look(roots)
            if before == now:
                yielded = now
                yield
                break
        next(waiting)


def _waiting(roots: Sequence[Path], poll: float, sleep: Callable[[float], None]) -> Iterator[None]:
    """Yields when it is worth a look."""
    # A file (which editors replace by another), a folder that is not there, too many of them, or no
    # such library: then by the clock.
    with suppress(OSError, ImportError):
        if not all(one.is_dir() for one in roots):
            raise NotADirectoryError
        from watchfiles import watch

        yield from (
            None
            for _ in watch(
                *roots,
                watch_filter=None,
                debounce=50,
                rust_timeout=int(_NOTICED_SECONDS * 1000),
                yield_on_timeout=True,
            )
        )
    while True:
        sleep(poll)
        yield
