"""Passages by their words: BM25 and quoted phrases, by tantivy.

Each segment of a generation holds the words of its passages as an index of its own, and a
generation is searched as one index of all these. tantivy adds up what BM25 counts over the parts of
an index, so scores are those of one that was written at once.
"""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

import tantivy
from tantivy import Filter, Occur, Query, TextAnalyzerBuilder, Tokenizer

from index import checks, folding, packaged, rendering
from index.records import Hit

FOLDER = "lexical"
_META = "meta.json"
"""tantivy's list of the parts of an index."""

ANALYZER = "english"
_MAX_WORD = 60
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u0f40-\u0fbc\u1000-\u109f\u1780-\u17d3\u3041-\u30ff\u31f0-\u31ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
"""A run of letters of a script that puts no blanks between words: Thai, Lao, Tibetan, Burmese,
Khmer, Japanese, Chinese."""
_POINTED = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}|(?<![^\W_])(?:[^\W\d_]\.)+[^\W\d_](?![^\W_])")
_SPARE = 16
"""Passages looked at beyond those asked for, to see which score the same."""
_KEPT = 4000
"""What a word in title or headings is worth, beside one in the passage itself."""


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """A passage as tantivy sees it."""

    row: int
    document_id: str
    headings: str
    text: str


def readable(text: str, keep: Callable[[str, str], bool] | None = None) -> str:
    """``text`` as it is analysed: rendered, what no eye sees gone, words whole that a line's end
    broke, "U.S.S.R." as "USSR", and scripts without blanks as letters and pairs of letters (so that
    a phrase stays one).

    ``keep`` is that of ``folding.without_breaks``; unless it is given, words of English count.
    """
    return (_kept if len(text) <= _KEPT else _readable)(text, keep)


_local = threading.local()


def _terms(text: str) -> tuple[str, ...]:
    # An analyzer keeps its token stream between calls and is not safe to share.
    if not hasattr(_local, "analyzer"):
        _local.analyzer = analyzer()
    return tuple(_local.analyzer.analyze(readable(text)))


_kept_terms = lru_cache(5000)(_terms)
"""The texts of passages are looked at by many questions, whole documents once."""


@lru_cache(5000)
def _kept(text: str, keep: Callable[[str, str], bool] | None) -> str:
    return _readable(text, keep)


def _readable(text: str, keep: Callable[[str, str], bool] | None) -> str:
    text = _POINTED.sub(_without_points, rendering.rendered(text))
    if text.isascii() and not folding.has_breaks(text):
        return text
    known = keep or folding.own_hyphen(packaged.common_words())
    text = folding.without_breaks(folding.plain(text), known).text
    return text if text.isascii() else _UNSPACED.sub(_pairs, text)


def _without_points(letters: re.Match[str]) -> str:
    return letters.group().replace(".", "")


def _pairs(run: re.Match[str]) -> str:
    letters = run.group()
    paired = [letters[n : n + 1 + size] for n in range(len(letters)) for size in (0, 1)]
    return f" {' '.join(paired[:-1])} "


def analyzer() -> tantivy.TextAnalyzer:
    """Words in lower case without accents, cut to their stems; the same for both sides."""
    return (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(_MAX_WORD))
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
        .filter(Filter.stemmer("english"))
        .build()
    )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name=ANALYZER)
    builder.add_text_field("headings", tokenizer_name=ANALYZER)
    builder.add_text_field("document", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("row", fast=True)
    return builder.build()


def write(folder: Path, entries: Iterable[LexicalEntry]) -> None:
    """Write the words of some passages into ``folder / "lexical"``."""
    path = folder / FOLDER
    path.mkdir()
    documents = (
        tantivy.Document(
            text=readable(entry.text),
            headings=readable(entry.headings),
            document=entry.document_id,
            row=entry.row,
        )
        for entry in entries
    )
    fill(path, _schema(), documents)


def fill(path: Path, schema: tantivy.Schema, documents: Iterable[tantivy.Document]) -> None:
    """Write a new index of ``documents`` into the folder ``path``. Raises ``OSError``."""
    try:
        index = tantivy.Index(schema, path=str(path), reuse=False)
        index.register_tokenizer(ANALYZER, analyzer())
        writer = index.writer(heap_size=256_000_000, num_threads=1)
        for document in documents:
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
    except ValueError as error:  # tantivy's own for a disk that is full, or fails
        raise OSError(f"the index of words: {error}") from error
    mode = path.stat().st_mode & 0o666
    for file in path.iterdir():
        # Locks, and a list of files for those who will write on.
        if file.suffix == checks.LOCK or file.name.startswith("."):
            file.unlink(missing_ok=True)
        else:
            file.chmod(mode)  # tantivy lets none but its owner read some of them


@contextmanager
def _joined(paths: Sequence[Path]) -> Iterator[Path]:
    """A folder of links to the files of the indexes in ``paths``, as one index, while it is
    needed."""
    place = Path(mkdtemp(prefix="attest-"))
    try:
        metas = []
        for path in paths:
            metas.append(json.loads((path / _META).read_text(encoding="utf-8")))
            for file in path.resolve().iterdir():
                if file.name != _META and file.suffix != checks.LOCK:
                    (place / file.name).symlink_to(file)
        parts = [part for meta in metas for part in meta["segments"]]
        whole = json.dumps({**metas[0], "segments": parts})
        (place / _META).write_text(whole, encoding="utf-8")
        yield place
    finally:
        # A thread of tantivy's looks at each new index once, and locks it: that may be now.
        for _ in range(10):
            shutil.rmtree(place, ignore_errors=True)
            if not place.exists():
                break


def opened(paths: Sequence[Path]) -> tuple[tantivy.Searcher, tantivy.Schema]:
    """A searcher over the indexes in the folders ``paths``, one or more of one schema, and their
    schema."""
    # A generation never changes, and may lie where nothing can be written, but tantivy
    # writes a lock beside the index that it opens. Once the searcher has mapped the files,
    # the links are needed no more.
    with _joined(paths) as joined:
        index = tantivy.Index.open(str(joined))
        index.register_tokenizer(ANALYZER, analyzer())
        index.config_reader("manual")
        return index.searcher(), index.schema


class LexicalIndex:
    """An opened lexical index."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Of the passages whose words were written into ``folders``, at least one."""
        self._searcher, self._schema = opened([folder / FOLDER for folder in folders])
        self._gone: frozenset[str] = frozenset()
        """Ids of documents that are never found."""

    def without(self, ids: frozenset[str]) -> LexicalIndex:
        """The same index, in which passages of some documents are never found."""
        other = copy(self)
        other._gone = ids
        return other

    def stems(self, text: str) -> list[str]:
        """The terms that ``text`` is indexed under, in order, with repetitions."""
        return list((_kept_terms if len(text) <= _KEPT else _terms)(text))

    def frequency(self, stem: str) -> int:
        """In how many passages a term stands: in texts or in headings, whichever are more."""
        return max(self._searcher.doc_freq("text", stem), self._searcher.doc_freq("headings", stem))

    def search(
        self,
        stems: Sequence[str],
        k: int,
        phrases: Sequence[Sequence[str]] = (),
        documents: Sequence[str] | None = None,
        heading_boost: float = 1.0,
    ) -> list[Hit]:
        """The ``k`` best passages by BM25 (k1 1.2, b 0.75), best first; of those that score the
        same, the first by their numbers come first.

        Each of ``phrases`` (terms in order) must occur; ``documents`` restricts the search; a term
        in title and headings counts ``heading_boost`` times.
        """
        clauses: list[tuple[Occur, Query]] = []
        for stem in dict.fromkeys(stems):
            heading = Query.boost_query(self._term("headings", stem), heading_boost)
            clauses += [
                (Occur.Should, self._term("text", stem)),
                (Occur.Should, heading),
            ]
        clauses += [(Occur.Must, self._phrase(phrase)) for phrase in phrases if phrase]
        if not clauses:
            return []
        query = Query.boolean_query(clauses)
        if documents is not None:
            allowed = Query.const_score_query(
                Query.term_set_query(self._schema, "document", list(documents)), 0.0
            )
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, allowed)])
        if self._gone:
            gone = Query.term_set_query(self._schema, "document", sorted(self._gone))
            query = Query.boolean_query([(Occur.Must, query), (Occur.MustNot, gone)])
        return self._best(query, k)

    def _best(self, query: Query, k: int) -> list[Hit]:
        limit = k + _SPARE
        while True:
            found = self._searcher.search(query, limit=limit, count=False).hits
            # Whether some that score the same as the last may have been cut off.
            if len(found) < limit or found[k - 1][0] > found[-1][0]:
                break
            limit *= 4
        rows = self._searcher.fast_field_values("row", [address for _, address in found])
        hits = [
            Hit(int(row), float(score))
            for (score, _), row in zip(found, rows, strict=True)
            if row is not None  # every passage has one
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.row))[:k]

    def _term(self, field: str, stem: str) -> Query:
        return Query.term_query(self._schema, field, stem, index_option="freq")

    def _phrase(self, stems: Sequence[str]) -> Query:
        if len(stems) == 1:
            return self._term("text", stems[0])
        return Query.phrase_query(self._schema, "text", list(stems))
