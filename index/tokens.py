"""Token vectors of all passages in memory-mapped files, and exact MaxSim over some of them.

MaxSim is the late interaction of ColBERT (Khattab and Zaharia, SIGIR 2020): each token of
the question takes its best match among the tokens of a text, and the weighted sum of these
is the score. Weights here are inverse document frequencies, normalised to sum to 1, so that
a score lies in [-1, 1] and what is rare in the collection counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from index.encoder import Ids, PassageVectors
from index.projection import Codes, Floats, Scales, quantise
from index.records import Passage, SentenceFlag

CODES, SCALES, BOUNDS = "tokens.npy", "token_scales.npy", "token_bounds.npy"
SENTENCES, SENTENCE_BOUNDS, FREQUENCIES = (
    "sentences.npy",
    "sentence_bounds.npy",
    "token_frequencies.npy",
)

Integers = npt.NDArray[np.int64]
SentenceTable = npt.NDArray[np.int32]
"""(sentences, 5): start and end in the document, flags, first and last token (end exclusive)
counted from the passage's first token."""


class SentenceSpan(NamedTuple):
    """A sentence as the store has it."""

    start: int
    end: int
    flags: SentenceFlag
    first: int
    """Its first token, and the one after its last, counted from the passage's first."""
    last: int


@dataclass(frozen=True, eq=False, slots=True)
class PassageTokens:
    """What the store keeps of one passage."""

    codes: Codes
    scales: Scales
    ids: Ids
    sentences: SentenceTable


@dataclass(frozen=True, eq=False, slots=True)
class TokenScores:
    """MaxSim of one question over some passages.

    ``per_token`` is (sentences, query tokens): the best match of each query token in each
    sentence, before weighting; ``bounds`` says which of its rows belong to which passage.
    """

    passages: Floats
    sentences: Floats
    per_token: Floats
    bounds: Integers


def compress(passage: Passage, vectors: PassageVectors) -> PassageTokens:
    """Quantise the tokens of ``passage`` and find which of them each sentence has."""
    codes, scales = quantise(vectors.tokens)
    rows = np.empty((len(passage.sentences), 5), dtype=np.int32)
    starts, ends = vectors.offsets[:, 0], vectors.offsets[:, 1]
    _, spans = passage.read()
    for number, (sentence, span) in enumerate(zip(passage.sentences, spans, strict=True)):
        first, last = span
        inside = np.flatnonzero((starts >= first) & (ends <= last) & (starts < ends))
        # A sentence beyond what the model reads (512 tokens) has no tokens: an empty range.
        left, right = (int(inside[0]), int(inside[-1]) + 1) if len(inside) else (0, 0)
        rows[number] = (sentence.start, sentence.end, int(sentence.flags), left, right)
    return PassageTokens(codes, scales, vectors.token_ids, rows)


def moved(kept: PassageTokens, passage: Passage) -> PassageTokens:
    """What was kept of an equal passage, for ``passage``: the same tokens, its own place."""
    rows = kept.sentences.copy()
    rows[:, :3] = [(one.start, one.end, int(one.flags)) for one in passage.sentences]
    return replace(kept, sentences=rows)


class TokenWriter:
    """Writes the store passage by passage, without holding it in memory.

    A context manager: leaving it finishes the files, unless an error passes through.
    """

    def __init__(self, folder: Path, dimensions: int, vocabulary: int) -> None:
        self._folder = folder
        self._dimensions = dimensions
        self._codes = (folder / CODES).open("wb")
        self._scales = (folder / SCALES).open("wb")
        self._write_headers(0)
        self._bounds, self._sentence_bounds = [0], [0]
        self._sentences: list[SentenceTable] = []
        self._frequencies = np.zeros(vocabulary, dtype=np.int32)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        with self._codes, self._scales:
            if error is None:
                self._finish()

    def add(self, tokens: PassageTokens) -> None:
        """Append one passage."""
        self._codes.write(tokens.codes.tobytes())
        self._scales.write(tokens.scales.tobytes())
        self._bounds.append(self._bounds[-1] + len(tokens.codes))
        self._sentences.append(tokens.sentences)
        self._sentence_bounds.append(self._sentence_bounds[-1] + len(tokens.sentences))
        self._frequencies[np.unique(tokens.ids)] += 1

    def _finish(self) -> None:
        """Write what is known only at the end."""
        self._write_headers(self._bounds[-1])
        np.save(self._folder / BOUNDS, np.array(self._bounds, dtype=np.int64))
        np.save(self._folder / SENTENCE_BOUNDS, np.array(self._sentence_bounds, dtype=np.int64))
        np.save(self._folder / SENTENCES, np.concatenate(self._sentences))
        np.save(self._folder / FREQUENCIES, self._frequencies)

    def _write_headers(self, tokens: int) -> None:
        """NumPy leaves room in a header for the first axis to grow, so that it can be written
        again in place once the number of tokens is known."""
        for file, shape, descr in (
            (self._codes, (tokens, self._dimensions), "|i1"),
            (self._scales, (tokens,), "<f2"),
        ):
            file.seek(0)
            header = {"descr": descr, "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(file, header)


class TokenStore:
    """Opened token vectors of a generation. Thread-safe: it is only read."""

    def __init__(self, folder: Path) -> None:
        # Plain views of the maps: slicing a memmap itself costs a Python call each time.
        self._codes: Codes = np.asarray(np.load(folder / CODES, mmap_mode="r"))
        self._scales: Scales = np.asarray(np.load(folder / SCALES, mmap_mode="r"))
        self._bounds: Integers = np.load(folder / BOUNDS)
        self._sentences: SentenceTable = np.load(folder / SENTENCES)
        self._sentence_bounds: Integers = np.load(folder / SENTENCE_BOUNDS)
        frequencies = np.load(folder / FREQUENCIES)
        passages = len(self._bounds) - 1
        # ln((N + 1) / (df + 1/2)): 0 for what every passage has, such as the model's own marks.
        self._idf = np.maximum(np.log((passages + 1) / (frequencies + 0.5)), 0).astype(np.float32)

    @property
    def vocabulary(self) -> int:
        """Token ids are below this number."""
        return len(self._idf)

    def weights(self, token_ids: Ids) -> Floats:
        """Weight of each query token, (tokens,), summing to 1."""
        weights: Floats = self._idf[token_ids]
        total = float(weights.sum())
        if total <= 0:
            return np.full(len(token_ids), 1 / max(1, len(token_ids)), dtype=np.float32)
        weights /= total
        return weights

    def sentences(self, row: int) -> SentenceTable:
        """The sentences of a passage."""
        return self._sentences[self._sentence_bounds[row] : self._sentence_bounds[row + 1]]

    def spans(self, row: int) -> list[SentenceSpan]:
        """The sentences of a passage, each with its place in the document."""
        table = self.sentences(row).tolist()
        return [
            SentenceSpan(start, end, SentenceFlag(flags), first, last)
            for start, end, flags, first, last in table
        ]

    def vectors(self, row: int) -> Floats:
        """The token vectors of a passage, (tokens, dimensions), as far as their bytes tell."""
        first, last = self._bounds[row], self._bounds[row + 1]
        scales: Floats = self._scales[first:last].astype(np.float32)
        return self._codes[first:last] * scales[:, None]

    def passage(self, row: int, ids: Ids) -> PassageTokens:
        """A passage as it was added, for the next generation."""
        first, last = self._bounds[row], self._bounds[row + 1]
        return PassageTokens(
            np.array(self._codes[first:last]),
            np.array(self._scales[first:last]),
            ids,
            self.sentences(row),
        )

    def score(self, query: Floats, weights: Floats, rows: list[int]) -> TokenScores:
        """Exact MaxSim of ``query`` (tokens, dimensions) over the passages ``rows``."""
        similar, starts = self._similarities(query, rows)
        passages = np.maximum.reduceat(similar[:-1], starts, axis=0) @ weights
        tables = [self.sentences(row) for row in rows]
        bounds = np.cumsum([0, *map(len, tables)])
        lefts = np.concatenate([t[:, 3] + s for t, s in zip(tables, starts, strict=True)])
        rights = np.concatenate([t[:, 4] + s for t, s in zip(tables, starts, strict=True)])
        pairs = np.stack([lefts, rights], axis=1).ravel()
        per_token = np.maximum.reduceat(similar, pairs, axis=0)[::2]
        per_token[lefts == rights] = 0
        return TokenScores(passages, per_token @ weights, per_token, bounds)

    def _similarities(self, query: Floats, rows: list[int]) -> tuple[Floats, Integers]:
        """(tokens of all rows + 1, query tokens) cosines, and where each row starts.

        The last line is a sentinel: ``reduceat`` takes no index past the end.
        """
        spans = [(self._bounds[row], self._bounds[row + 1]) for row in rows]
        starts = np.cumsum([0, *(last - first for first, last in spans)])
        codes = np.empty((starts[-1] + 1, query.shape[1]), dtype=np.float32)
        scales = np.zeros(starts[-1] + 1, dtype=np.float32)
        for (first, last), start in zip(spans, starts, strict=False):
            codes[start : start + last - first] = self._codes[first:last]
            scales[start : start + last - first] = self._scales[first:last]
        codes[-1] = 0
        similar = codes @ query.T
        similar *= scales[:, None]
        return similar, starts[:-1]
