"""What the reader alone takes for a question: the quotes that it is given, read and no more."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from index import encoder, generation
from index.config import IndexSettings
from qa.pipeline import Answerer
from qa.ranking.cross_encoder import TrainedReader
from qa.records import Question
from qa.settings import ServiceSettings

REPEATS = 3


class Noting:
    """The reader, noting what it is given."""

    def __init__(self) -> None:
        self.reader, self.rounds = TrainedReader(), list[tuple[str, list[str]]]()

    def read(self, question: str, texts: Sequence[str]) -> list[float]:
        """A logit for each text."""
        self.rounds.append((question, [*texts]))
        return self.reader.read(question, texts)


def floor(data: Path, asked: Sequence[str]) -> float:
    """Median milliseconds that the reader takes for a question, over the index in ``data``: the
    quotes that it is given there, read again and nothing else."""
    settings, noting = IndexSettings(data=data), Noting()
    answerer = Answerer(
        generation.open_current(data), encoder.load(settings), ServiceSettings(), reader=noting
    )
    spent = []
    for question in asked:
        noting.rounds.clear()
        answerer.find(Question(question))
        for _ in range(REPEATS):
            started = time.perf_counter()
            for read, texts in noting.rounds:
                noting.reader.read(read, texts)
            spent.append(time.perf_counter() - started)
    return statistics.median(spent) * 1e3
