"""Reads files in a process of its own (``confined.py``): a parser may crash, hang or swell there,
and that is the failure of one file."""

from __future__ import annotations

import pickle

from index import confined, domains, loaders, loading
from index.confined import Confined, Limits, Watch
from index.errors import ProcessFailed, UnreadableDocument, UnreadableNow
from index.loaders import Parsed
from index.loading import Loader
from index.loading.loader import PictureLoader

_SLOW = "took longer than {seconds:g} s to read (setting ATTEST_PARSE_SECONDS)"
_SLOW_PICTURES = (
    "took longer than {seconds:g} s to read, up to page {pages} of those that OCR reads "
    "(settings ATTEST_PARSE_SECONDS, ATTEST_OCR_PAGE_SECONDS)"
)
_WHY = {
    "slow": _SLOW,
    "large": "needs more than {memory_mb} MiB of memory to read (setting ATTEST_PARSE_MEMORY_MB)",
    "ended": "cannot be read; the process that read it ended ({how})",
    "closed": "was not read; reading was stopped",
    "silent": "was not read; the process that reads files does not start",
}


class Worker:
    """One such process. ``parse`` is for one thread at a time; ``kill`` may come from another."""

    def __init__(self, seconds: float, memory_mb: int) -> None:
        self._limits = Limits(seconds, memory_mb)
        self._process = Confined(__name__, self._limits)

    def parse(
        self, data: bytes, loader: Loader, domain: str, watch: Watch = confined.unwatched
    ) -> Parsed:
        """What ``loader`` makes of a file, by the setting of the ``domain``; ``watch`` is told of
        its pages that take long. Raises ``UnreadableDocument``."""
        try:
            read = pickle.loads(self._process.ask(pickle.dumps((data, loader, domain)), watch))
        except ProcessFailed as failed:
            why = _SLOW_PICTURES if failed.why == "slow" and failed.steps else _WHY[failed.why]
            told = why.format(
                seconds=failed.seconds or self._limits.seconds,
                pages=failed.steps,
                memory_mb=self._limits.memory_mb,
                how=failed.how or "exit code 0",
            )
            raise UnreadableNow(told) from failed
        if isinstance(read, Parsed):
            return read
        raise read

    def kill(self) -> None:
        """End the process at once, whatever it is at, and start no other."""
        self._process.kill()

    def close(self) -> None:
        """End the process."""
        self._process.close()


def prepare() -> None:
    """What the process does first: what it imports later would count as memory of a file."""
    loading.import_all()


def answer(request: bytes) -> bytes:
    """What the process does with a request: a document, or the error for want of one, pickled."""
    data, loader, domain = pickle.loads(request)
    if isinstance(loader, PictureLoader):
        loader = loader.watched(confined.tell)
    try:
        return pickle.dumps(loaders.parse(data, loader, domains.chooser(domain)))
    except UnreadableDocument as error:
        return pickle.dumps(error)
