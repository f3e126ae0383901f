"""Gives passages their vectors: those that the former generation has of an equal passage, or new
ones, which several threads encode ahead of need."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from index import tokens
from index.config import IndexSettings
from index.cutting import context
from index.database import Database, StoredPassage
from index.encoder import Encoder
from index.generation import Stored
from index.progress import Progress
from index.segments import Encoded

_AHEAD = 64
"""Passages encoded ahead of the writer: enough to keep every core busy, few to hold."""
_BLOCK = 256
"""Passages read from the database at once."""


class FormerVectors:
    """Vectors of the passages of a generation, found by what was encoded; of none if it is None."""

    def __init__(self, stored: Stored | None) -> None:
        self._stored = stored
        if stored is not None:
            parts = [one.rows for one in stored.segments]
            self._part = np.repeat(np.arange(len(parts)), [len(one) for one in parts])
            self._place = np.concatenate([np.arange(len(one)) for one in parts])
            rows = np.concatenate(parts)
            order = np.argsort(rows)
            self._rows, self._part = rows[order], self._part[order]
            self._place = self._place[order]

    @property
    def vocabulary(self) -> int:
        """Token ids are below this number."""
        assert self._stored is not None  # without it every passage is encoded by a model
        return self._stored.tokens.vocabulary

    def row_of(self, one: StoredPassage) -> int | None:
        """The passage that has the vectors of ``one``."""
        return None if self._stored is None else self._stored.database.row_of(one.digest)

    def find(self, row: int, one: StoredPassage) -> Encoded:
        """What there is of the passage ``row``, as that of its equal ``one``."""
        assert self._stored is not None  # there the row has come from
        at = int(np.searchsorted(self._rows, row))
        vectors = self._stored.segments[int(self._part[at])].vectors
        kept = self._stored.tokens.passage(row)
        return np.array(vectors[int(self._place[at])]), tokens.moved(kept, one.passage)


class Encoding:
    """Encodes the passages ``rows`` of a ``database``, in this order."""

    def __init__(self, database: Database, rows: Sequence[int], former: FormerVectors) -> None:
        self._database, self._rows, self._former = database, rows, former
        self._known: dict[int, int] = {}
        for one in self._passages():
            if (row := former.row_of(one)) is not None:
                self._known[one.row] = row
        self.missing = len(rows) - len(self._known)
        """Passages that have to be encoded."""

    def run(
        self, settings: IndexSettings, load: Callable[[IndexSettings], Encoder], progress: Progress
    ) -> tuple[int, Generator[tuple[StoredPassage, Encoded]]]:
        """A number that token ids are below, and each passage with its vectors. A model is loaded
        where there is need."""
        if self.missing:
            progress("encode", 0, self.missing)
            model = load(settings)
            return model.vocabulary, self._encoded(model, settings.encode_threads, progress)
        return self._former.vocabulary, self._encoded(None, 1, progress)

    def _passages(self) -> Iterator[StoredPassage]:
        for start in range(0, len(self._rows), _BLOCK):
            yield from self._database.stored(self._rows[start : start + _BLOCK])

    def _encoded(
        self, model: Encoder | None, threads: int, progress: Progress
    ) -> Generator[tuple[StoredPassage, Encoded]]:
        done = 0

        def settled(one: StoredPassage, future: Future[Encoded] | None) -> Encoded:
            nonlocal done
            if future is None:
                return self._former.find(self._known[one.row], one)
            found = future.result()
            done += 1
            progress("encode", done, self.missing)
            return found

        with ThreadPoolExecutor(threads, thread_name_prefix="encode") as pool:
            waiting: deque[tuple[StoredPassage, Future[Encoded] | None]] = deque()
            try:
                for one in self._passages():
                    future = None
                    if one.row not in self._known:
                        assert model is not None  # loaded whenever one is missing
                        future = pool.submit(_encode, model, one)
                    waiting.append((one, future))
                    if len(waiting) >= _AHEAD:
                        first = waiting.popleft()
                        yield first[0], settled(*first)
                while waiting:
                    first = waiting.popleft()
                    yield first[0], settled(*first)
            finally:
                pool.shutdown(cancel_futures=True)


def _encode(model: Encoder, one: StoredPassage) -> Encoded:
    passage = one.passage
    title = one.document.title if one.document.named else ""
    found = model.encode_passage(passage.read()[0], context(title, passage.section))
    return found.dense, tokens.compress(passage, found)
