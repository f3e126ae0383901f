"""Token vectors of all passages in memory-mapped files, and exact MaxSim over some of them.

MaxSim is the late interaction of ColBERT (Khattab and Zaharia, SIGIR 2020): each token of
the question takes its best match among the tokens of a text, and the weighted sum of these
is the score. Weights here are inverse document frequencies, normalised to sum to 1, so that
a score lies in [-1, 1] and what is rare in the collection counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from index.encoder import Ids, PassageVectors
from index.projection import Codes, Floats, Scales, quantise
from index.records import Passage, SentenceFlag

ROWS, CODES, SCALES = "rows.npy", "tokens.npy", "token_scales.npy"
IDS, BOUNDS, FREQUENCIES = "token_ids.npy", "token_bounds.npy", "token_frequencies.npy"
SENTENCES, SENTENCE_BOUNDS = "sentences.npy", "sentence_bounds.npy"

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


def write(folder: Path, rows: Sequence[int], passages: Sequence[PassageTokens], most: int) -> None:
    """Write the tokens of some passages, numbered ``rows`` in ascending order, into ``folder``.
    Token ids are below ``most``."""
    frequencies = np.zeros(most, dtype=np.int32)
    for one in passages:
        frequencies[np.unique(one.ids)] += 1
    arrays = {
        ROWS: np.array(rows, dtype=np.int64),
        CODES: np.concatenate([one.codes for one in passages]),
        SCALES: np.concatenate([one.scales for one in passages]),
        IDS: np.concatenate([one.ids for one in passages]).astype(np.int32),
        BOUNDS: np.cumsum([0, *(len(one.codes) for one in passages)], dtype=np.int64),
        SENTENCES: np.concatenate([one.sentences for one in passages]),
        SENTENCE_BOUNDS: np.cumsum([0, *(len(one.sentences) for one in passages)], dtype=np.int64),
        FREQUENCIES: frequencies,
    }
    for name, array in arrays.items():
        np.save(folder / name, array)


@dataclass(frozen=True, eq=False, slots=True)
class _Part:
    """The tokens of the passages of one segment."""

    rows: Integers
    codes: Codes
    scales: Scales
    ids: Ids
    bounds: Integers
    sentences: SentenceTable
    sentence_bounds: Integers
    frequencies: npt.NDArray[np.int32]

    @classmethod
    def open(cls, folder: Path) -> Self:
        def mapped(name: str) -> Any:
            # A plain view of the map: slicing a memmap itself costs a Python call each time.
            return np.asarray(np.load(folder / name, mmap_mode="r"))

        return cls(
            *(np.load(folder / ROWS), mapped(CODES), mapped(SCALES), mapped(IDS)),
            *(np.load(folder / BOUNDS), np.load(folder / SENTENCES)),
            *(np.load(folder / SENTENCE_BOUNDS), np.load(folder / FREQUENCIES)),
        )


class TokenStore:
    """Opened token vectors of a generation. Thread-safe: it is only read."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Of the passages whose tokens were written into ``folders``, at least one."""
        self._parts = parts = [_Part.open(folder) for folder in folders]
        rows = np.concatenate([one.rows for one in parts])
        order = np.argsort(rows)
        self._rows: Integers = rows[order]
        sizes = [len(one.rows) for one in parts]
        self._part: Integers = np.repeat(np.arange(len(parts)), sizes)[order]
        self._first: Integers = np.concatenate([one.bounds[:-1] for one in parts])[order]
        self._last: Integers = np.concatenate([one.bounds[1:] for one in parts])[order]
        self._sentences: SentenceTable = np.concatenate([one.sentences for one in parts])
        shifts = np.cumsum([0, *(len(one.sentences) for one in parts[:-1])])
        shifted = [one.sentence_bounds + by for one, by in zip(parts, shifts, strict=True)]
        self._sentence_first: Integers = np.concatenate([one[:-1] for one in shifted])[order]
        self._sentence_last: Integers = np.concatenate([one[1:] for one in shifted])[order]
        frequencies = np.sum([one.frequencies for one in parts], axis=0)
        # ln((N + 1) / (df + 1/2)): 0 for what every passage has, such as the model's own marks.
        idf = np.log((len(rows) + 1) / (frequencies + 0.5))
        self._idf = np.maximum(idf, 0).astype(np.float32)

    def __contains__(self, row: int) -> bool:
        place = int(np.searchsorted(self._rows, row))
        return place < len(self._rows) and int(self._rows[place]) == row

    def _places(self, rows: Sequence[int]) -> Integers:
        """Where passages stand among all. Raises ``KeyError`` for one that is not there."""
        wanted = np.asarray(rows, dtype=np.int64)
        places = np.minimum(np.searchsorted(self._rows, wanted), len(self._rows) - 1)
        if (absent := wanted[self._rows[places] != wanted]).size:
            raise KeyError(int(absent[0]))
        return places

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
        return self._tables([row])[0]

    def _tables(self, rows: Sequence[int]) -> list[SentenceTable]:
        places = self._places(rows)
        firsts, lasts = self._sentence_first[places], self._sentence_last[places]
        return [
            self._sentences[first:last]
            for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True)
        ]

    def spans(self, row: int) -> list[SentenceSpan]:
        """The sentences of a passage, each with its place in the document."""
        table = self.sentences(row).tolist()
        return [
            SentenceSpan(start, end, SentenceFlag(flags), first, last)
            for start, end, flags, first, last in table
        ]

    def vectors(self, row: int) -> Floats:
        """The token vectors of a passage, (tokens, dimensions), as far as their bytes tell."""
        part, first, last = self._span(row)
        scales: Floats = part.scales[first:last].astype(np.float32)
        return part.codes[first:last] * scales[:, None]

    def ids(self, row: int) -> Ids:
        """The vocabulary entries of a passage's tokens."""
        part, first, last = self._span(row)
        return part.ids[first:last]

    def passage(self, row: int) -> PassageTokens:
        """A passage as it was added, for the next generation."""
        part, first, last = self._span(row)
        return PassageTokens(
            np.array(part.codes[first:last]),
            np.array(part.scales[first:last]),
            np.array(part.ids[first:last]),
            self.sentences(row),
        )

    def _span(self, row: int) -> tuple[_Part, int, int]:
        return self._spans([row])[0]

    def _spans(self, rows: Sequence[int]) -> list[tuple[_Part, int, int]]:
        """The part that holds each passage, and where its tokens begin and end there."""
        places = self._places(rows)
        parts = [self._parts[part] for part in self._part[places].tolist()]
        return [*zip(parts, self._first[places].tolist(), self._last[places].tolist(), strict=True)]

    def score(self, query: Floats, weights: Floats, rows: list[int]) -> TokenScores:
        """Exact MaxSim of ``query`` (tokens, dimensions) over the passages ``rows``."""
        similar, starts = self._similarities(query, rows)
        passages = np.maximum.reduceat(similar[:-1], starts, axis=0) @ weights
        tables = self._tables(rows)
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
        spans = self._spans(rows)
        starts = np.cumsum([0, *(last - first for _, first, last in spans)])
        codes = np.empty((starts[-1] + 1, query.shape[1]), dtype=np.float32)
        scales = np.zeros(starts[-1] + 1, dtype=np.float32)
        for (part, first, last), start in zip(spans, starts, strict=False):
            codes[start : start + last - first] = part.codes[first:last]
            scales[start : start + last - first] = part.scales[first:last]
        codes[-1] = 0
        similar = codes @ query.T
        similar *= scales[:, None]
        return similar, starts[:-1]
