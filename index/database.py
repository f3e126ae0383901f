"""What a generation knows in words: documents, passages, identifiers, acronyms, in SQLite."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from index import boxes
from index.boxes import Box, PageBoxes
from index.domains import Domains
from index.paragraphs import Paragraph
from index.records import Mention, Passage, Sentence, SentenceFlag
from index.vocabulary import Vocabulary

FILE = "catalogue.sqlite"


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document of the collection without its text."""

    id: str
    title: str
    source: str
    sha256: str
    characters: int
    passages: int
    publisher: str
    date: str
    url: str
    language: str
    """ISO 639 code; "" where it is not known."""
    domain: str
    """Name of the domain that it was read by."""
    symbol: str
    """What its publisher calls it: "S/2025/496"; "" where it has none."""
    body: str
    session: str
    file_sha256: str
    """Of the bytes of its file as they came."""
    loader: str
    """Name of the loader that read it."""
    pages: int
    """How many it has; 0 for one without pages."""
    ocr: str
    """What read the pictures of its pages; "" where nothing did."""
    ocr_pages: int
    """How many of its pages were read so."""
    unread: int
    """How many of its pages are pictures that were not read."""
    number: int
    """In the order of the files; those between are free."""
    named: bool
    """False where the title is only the first words of its text."""
    origin: str
    """Hash of its file and of what was known of it beforehand."""
    notices: tuple[str, ...]
    """What could not be read of its file."""


@dataclass(frozen=True, slots=True)
class PassageEntry:
    """A passage with the document that it stands in."""

    row: int
    document: DocumentEntry
    start: int
    end: int
    section: tuple[str, ...]
    text: str
    language: str
    reading: str = ""
    """How it is searched and read, where that is not as it stands."""
    readings: tuple[str, ...] = ()
    """Of each sentence, how it is read; "" for one that is read as it stands. Empty if all are."""

    @property
    def headed(self) -> str:
        """What it says, under the title and the headings that say what it is about."""
        return "\n".join((self.document.title, *self.section, self.reading or self.text))


@dataclass(frozen=True, slots=True)
class DefinitionEntry:
    """An abbreviation with its long form, and where a document gives the two together."""

    short: str
    long: str
    document: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as the other stores are made of it."""

    row: int
    document: DocumentEntry
    passage: Passage
    digest: bytes
    """Hash of all that the encoder sees of it."""


class Heading(NamedTuple):
    """A heading of a document."""

    start: int
    end: int
    level: int
    """Depth, 1 outermost."""


class PrintedPage(NamedTuple):
    """A page of a document."""

    number: int
    """From 1."""
    label: str
    """Its number as it is printed on it; "" where there is none."""
    width: float
    height: float
    """In points, as it is shown; 0 where that is not known."""


def files_of(folder: Path) -> list[tuple[str, str, str]]:
    """Hash and loader of every file that a generation holds, and what read its pictures; none where
    it cannot be read."""
    return _rows(folder, "SELECT file_sha256, loader, ocr FROM documents")


def sources_of(folder: Path) -> list[tuple[str, str]]:
    """Id and source of every document of a generation, be it of an earlier version."""
    return _rows(folder, "SELECT id, source FROM documents ORDER BY number")


def _rows(folder: Path, query: str) -> list[Any]:
    try:
        with closing(sqlite3.connect(_address(folder), uri=True)) as database:
            return database.execute(query).fetchall()
    except sqlite3.Error:
        return []


def _address(folder: Path) -> str:
    return f"{(folder / FILE).resolve().as_uri()}?mode=ro&immutable=1"


class Database:
    """An opened database. Thread-safe: one connection, one short query at a time."""

    def __init__(self, folder: Path) -> None:
        self._database = sqlite3.connect(_address(folder), uri=True, check_same_thread=False)
        self._lock = threading.Lock()
        rows = self._query(
            "SELECT id, title, source, sha256, characters, passages, publisher, date, url, "
            "language, domain, symbol, body, session, file_sha256, loader, pages, ocr, ocr_pages, "
            "unread, number, named, origin, notices FROM documents ORDER BY number"
        )
        every = [
            DocumentEntry(*(*rest, bool(named), origin, tuple(json.loads(notices))))
            for *rest, named, origin, notices in rows
        ]
        self._documents = {one.number: one for one in every}
        self._by_id = {one.id: one.number for one in every}
        self._shown = every
        self._gone: frozenset[int] = frozenset()

    def without(self, ids: frozenset[str]) -> Database:
        """The same database as if it had no documents with these ids. What is counted or listed of
        all documents (words, headings) may still count them."""
        other = copy(self)
        other._by_id = {id: number for id, number in self._by_id.items() if id not in ids}
        other._gone = self.numbers_of(ids)
        other._shown = [one for one in self._shown if one.id not in ids]
        for cached in (
            *("domains", "_spelled", "_families", "_definitions", "_by_short", "_by_long"),
        ):
            other.__dict__.pop(cached, None)
        return other

    def numbers_of(self, ids: Iterable[str]) -> frozenset[int]:
        """Numbers of the documents with these ids, as ``numbered`` takes them."""
        return frozenset(self._by_id[id] for id in ids if id in self._by_id)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    def documents(self) -> list[DocumentEntry]:
        """Every document, in the order of their files."""
        return self._shown

    @cached_property
    def domains(self) -> Domains:
        """Those of the documents."""
        return Domains.of(one.domain for one in self._shown)

    def document(self, id: str) -> DocumentEntry | None:
        """One document, or None where the collection has none of this id."""
        number = self._by_id.get(id)
        return None if number is None else self._documents[number]

    def id_of(self, named: str) -> str | None:
        """Id of the document that has ``named`` as its id, as the hash of its text, or as the name
        of its file."""
        found = self._query(
            "SELECT id FROM documents WHERE ?1 IN (id, sha256, source) ORDER BY id<>?1", (named,)
        )
        return next((id for (id,) in found if id in self._by_id), None)

    def text(self, id: str) -> str | None:
        """The canonical text of a document."""
        number = self._by_id.get(id)
        if number is None:
            return None
        return str(self._query("SELECT text FROM documents WHERE number=?", (number,))[0][0])

    def passages(self, rows: Sequence[int]) -> list[PassageEntry]:
        """The passages ``rows``, in the order given."""
        found = {
            row: PassageEntry(
                *(row, self._documents[number], start, end, tuple(json.loads(section)), text),
                *(language, reading, tuple(json.loads(readings))),
            )
            for row, number, start, end, section, text, language, reading, readings in self._query(
                "SELECT row, document, start, end, section, text, language, reading, readings "
                "FROM passages "
                f"WHERE row IN ({_marks(rows)})",
                rows,
            )
        }
        return [found[row] for row in rows]

    def rows_of(self, ids: Sequence[str]) -> list[int]:
        """The rows of all passages of some documents."""
        numbers = [self._by_id[id] for id in ids if id in self._by_id]
        query = f"SELECT row FROM passages WHERE document IN ({_marks(numbers)})"
        return [row for (row,) in self._query(query, numbers)]

    def mentioning(self, key: str, limit: int) -> list[int]:
        """Rows of the passages that mention an identifier, or stand under a heading that does."""
        left_out = f"SELECT row FROM passages WHERE document IN ({_marks(self._gone)})"
        query = (
            "SELECT DISTINCT row FROM identifiers WHERE key=? "
            f"{f'AND row NOT IN ({left_out})' if self._gone else ''} ORDER BY row LIMIT ?"
        )
        return [row for (row,) in self._query(query, (key, *self._gone, limit))]

    def owning(self, key: str) -> list[str]:
        """Ids of the documents that an identifier names."""
        query = "SELECT document FROM owners WHERE key=? ORDER BY document"
        return self._ids(self._query(query, (key,)))

    @cached_property
    def _spelled(self) -> dict[str, str]:
        keys = self._query("SELECT DISTINCT key FROM owners")
        return {_letters(key): key for (key,) in keys}

    def key_spelled(self, name: str) -> str | None:
        """The identifier of a document that is ``name`` but for what stands between its letters and
        digits: "s-2025-107" for S/2025/107; None where there is none."""
        return self._spelled.get(_letters(name))

    @cached_property
    def _families(self) -> dict[str, list[tuple[str, int]]]:
        families: dict[str, list[tuple[str, int]]] = {}
        for key, number in self._query("SELECT key, document FROM owners ORDER BY document"):
            if number not in self._gone:
                families.setdefault(self.domains.family(key), []).append((key, number))
        return families

    def kin_of(self, key: str) -> list[str]:
        """What documents are called that go by one symbol with ``key``, but for the mark of a
        revision or a correction."""
        found = self._families.get(self.domains.family(key), ())
        named = (self._documents[number].symbol or self.label(one) for one, number in found)
        return [*dict.fromkeys(named)]

    def mentioned_elsewhere(self, key: str) -> list[str]:
        """Ids of the documents that mention an identifier outside of all passages and their
        headings: in page furniture, or in what is said of the file itself."""
        query = "SELECT DISTINCT document FROM elsewhere WHERE key=? ORDER BY document"
        return self._ids(self._query(query, (key,)))

    def years_of(self, key: str) -> list[int]:
        """The years that the collection gives for an identifier, the commonest first."""
        query = (
            "SELECT year FROM (SELECT year FROM identifiers WHERE key=?1 "
            "UNION ALL SELECT year FROM elsewhere WHERE key=?1) WHERE year IS NOT NULL "
            "GROUP BY year ORDER BY count(*) DESC, year"
        )
        return [int(year) for (year,) in self._query(query, (key,))]

    def year_of(self, key: str) -> int | None:
        """The year that the collection gives most often for an identifier."""
        return next(iter(self.years_of(key)), None)

    def label(self, key: str, year: int | None = None) -> str:
        """How documents call an identifier: with ``year``, or with the one that they give."""
        return self.domains.label(key, year or self.year_of(key))

    def numbered(self, number: int) -> DocumentEntry:
        """The document with a number."""
        return self._documents[number]

    def mentions(self, rows: Sequence[int]) -> list[tuple[int, Mention]]:
        """Every identifier in some passages, and in the headings that they stand under, with the
        row, in the order of their places."""
        query = (
            "SELECT row, key, start, end, year FROM identifiers "
            f"WHERE row IN ({_marks(rows)}) ORDER BY row, start"
        )
        return [(row, Mention(*rest)) for row, *rest in self._query(query, rows)]

    def expansions(self, short: str) -> list[str]:
        """The long forms that documents define for an abbreviation, commonest first."""
        query = (
            "SELECT long FROM acronyms WHERE short=? COLLATE NOCASE "
            "GROUP BY long ORDER BY count(*) DESC, length(long), long"
        )
        return [long for (long,) in self._query(query, (short,))]

    def defined(self, limit: int) -> list[tuple[str, str]]:
        """Abbreviations with their long forms, those first that most documents define."""
        query = (
            "SELECT short, long FROM acronyms GROUP BY short, long "
            "ORDER BY count(DISTINCT document) DESC, min(document), min(start) LIMIT ?"
        )
        return [(short, long) for short, long in self._query(query, (limit,))]

    def named(self, limit: int) -> list[str]:
        """Keys of identifiers, those first that most passages mention."""
        query = (
            "SELECT key FROM identifiers JOIN passages USING (row) "
            "GROUP BY key ORDER BY count(CASE WHEN identifiers.start >= passages.start THEN 1 END) "
            "DESC, key LIMIT ?"
        )
        return [key for (key,) in self._query(query, (limit,))]

    def headings(self, limit: int) -> list[tuple[str, str]]:
        """Ids of documents, each with a heading that passages of it stand under most closely,
        those first that most passages stand under."""
        query = (
            "SELECT document, json_extract(section, '$[#-1]') AS heading FROM passages "
            "WHERE section <> '[]' GROUP BY document, heading "
            "ORDER BY count(*) DESC, min(row) LIMIT ?"
        )
        found = self._query(query, (limit,))
        return [(self._documents[number].id, heading) for number, heading in found]

    def definitions_of(self, short: str) -> list[DefinitionEntry]:
        """Where documents define an abbreviation, whatever its case; one in the singular also
        finds its plural, and the reverse. The commonest long form comes first."""
        folded = short.casefold()
        forms = dict.fromkeys([folded, f"{folded}s", folded.removesuffix("s")])
        return next((found for one in forms if (found := self._by_short.get(one))), [])

    def abbreviations_of(self, long: str) -> list[DefinitionEntry]:
        """Where documents give an abbreviation for a name, whatever its case and spacing."""
        return self._by_long.get(_folded(long), [])

    def page_of(self, document: str, place: int) -> int | None:
        """The physical page, from 1, on which the character at ``place`` of a document stands; None
        for a document without pages."""
        found = self._query(
            "SELECT page FROM printed WHERE document=? AND start<=? ORDER BY start DESC LIMIT 1",
            (self._by_id[document], place),
        )
        return int(found[0][0]) if found else None

    def page_label(self, document: str, page: int) -> str:
        """The number that is printed on a physical page; "" where there is none."""
        query = "SELECT label FROM pages WHERE document=? AND number=?"
        found = self._query(query, (self._by_id[document], page))
        return str(found[0][0]) if found else ""

    def pages_of(self, document: str) -> list[PrintedPage]:
        """The pages of a document in order; none for one without pages."""
        query = "SELECT number, label, width, height FROM pages WHERE document=? ORDER BY number"
        return [PrintedPage(*one) for one in self._query(query, (self._by_id[document],))]

    def is_ocr(self, document: str, start: int, end: int) -> bool:
        """Whether words of a range of a document were read by OCR."""
        number = self._by_id[document]
        found = self._query(
            "SELECT 1 FROM printed JOIN pages ON pages.document=printed.document "
            "AND pages.number=printed.page WHERE printed.document=?1 AND pages.ocr "
            "AND printed.start<?3 AND printed.start>=(SELECT coalesce(max(start), 0) FROM printed "
            "WHERE document=?1 AND start<=?2) LIMIT 1",
            (number, start, end),
        )
        return bool(found)

    def ocr_pages(self, document: str) -> list[int]:
        """The pages of a document, from 1, that OCR has read from their pictures."""
        query = "SELECT number FROM pages WHERE document=? AND ocr ORDER BY number"
        return [number for (number,) in self._query(query, (self._by_id[document],))]

    def headings_of(self, document: str) -> list[Heading]:
        """The headings of a document in order."""
        query = "SELECT start, end, level FROM headings WHERE document=? ORDER BY start"
        return [Heading(*one) for one in self._query(query, (self._by_id[document],))]

    def boxes_of(self, document: str, start: int, end: int) -> list[Box]:
        """Where a range of a document is printed, line by line; empty where that is not known."""
        found = self._query(
            "SELECT page, first, last, data FROM boxes WHERE document=? AND first<? AND last>? "
            "ORDER BY page",
            (self._by_id[document], end, start),
        )
        stored = (PageBoxes(*one) for one in found)
        return [box for one in stored for box in boxes.lines(one, start, end)]

    def paragraph(self, document: str, key: str) -> Paragraph | None:
        """The numbered paragraph of a document with a ``key``. A number alone is also that of the
        one annex that counts so far: the report in an annex is what people cite."""
        query = "SELECT key, label, start, end FROM paragraphs WHERE document=? AND key "
        number = self._by_id[document]
        found = self._query(query + "=?", (number, key))
        if not found and key[:1].isdigit():
            found = self._query(query + "LIKE ? LIMIT 2", (number, f"% {key}"))
        return Paragraph(*found[0]) if len(found) == 1 else None

    def paragraph_around(self, document: str, start: int, end: int) -> Paragraph | None:
        """The innermost numbered paragraph that holds a range of a document, or else where it
        begins."""
        query = (
            "SELECT key, label, start, end FROM paragraphs WHERE document=?1 AND start<=?2 "
            "AND end>?2 ORDER BY end>=?3 DESC, end-start LIMIT 1"
        )
        found = self._query(query, (self._by_id[document], start, end))
        return Paragraph(*found[0]) if found else None

    def paragraphs_of(self, document: str) -> list[Paragraph]:
        """The numbered paragraphs of a document in order."""
        query = (
            "SELECT key, label, start, end FROM paragraphs WHERE document=? "
            "ORDER BY start, end DESC"
        )
        return [Paragraph(*one) for one in self._query(query, (self._by_id[document],))]

    def having_paragraph(self, key: str, limit: int) -> list[str]:
        """Ids of documents, ``limit`` at most, that have a numbered paragraph with a ``key``."""
        query = "SELECT document FROM paragraphs WHERE key=? ORDER BY document LIMIT ?"
        most = limit + len(self._gone)
        return self._ids(self._query(query, (key, most)))[:limit]

    def passage_around(self, document: str, place: int) -> PassageEntry | None:
        """The passage in which a place of a document lies, or the next one."""
        found = self._query(
            "SELECT row FROM passages WHERE document=? AND end>? ORDER BY row LIMIT 1",
            (self._by_id[document], place),
        )
        return self.passages(found[0])[0] if found else None

    def passage_at(self, document: str, start: int, end: int) -> PassageEntry | None:
        """The passage that holds a range of a document; None where no single one does."""
        found = self._query(
            "SELECT row FROM passages WHERE document=? AND start<=? AND end>=? LIMIT 1",
            (self._by_id[document], start, end),
        )
        return self.passages(found[0])[0] if found else None

    @cached_property
    def _definitions(self) -> list[DefinitionEntry]:
        rows = self._query(
            "SELECT short, long, document, start, end, count(*) OVER (PARTITION BY short, long) "
            "AS times FROM acronyms ORDER BY times DESC, document, start"
        )
        return [
            DefinitionEntry(short, long, self._documents[number].id, start, end)
            for short, long, number, start, end, _ in rows
            if number not in self._gone
        ]

    @cached_property
    def _by_short(self) -> dict[str, list[DefinitionEntry]]:
        return _grouped(self._definitions, lambda one: one.short.casefold())

    @cached_property
    def _by_long(self) -> dict[str, list[DefinitionEntry]]:
        return _grouped(self._definitions, lambda one: _folded(one.long))

    @cached_property
    def words(self) -> Vocabulary:
        """The words of the collection."""
        try:
            rows = self._query("SELECT word, shown, passages FROM words ORDER BY word")
        except sqlite3.OperationalError:
            rows = []  # an index of an earlier version: nothing is corrected until it is renewed
        return Vocabulary({word: (shown, count) for word, shown, count in rows})

    def row_of(self, digest: bytes) -> int | None:
        """A passage of which the encoder saw what has this ``digest``."""
        found = self._query("SELECT row FROM passages WHERE digest=? LIMIT 1", (digest,))
        return int(found[0][0]) if found else None

    def stored(self, rows: Sequence[int]) -> list[StoredPassage]:
        """The passages ``rows``, in the order given, as they were cut."""
        query = (
            "SELECT row, document, start, end, section, text, language, readings, sentences, "
            f"digest FROM passages WHERE row IN ({_marks(rows)})"
        )
        found = {row: self._stored(row, *rest) for row, *rest in self._query(query, rows)}
        return [found[row] for row in rows]

    def _stored(self, row: int, number: int, start: int, end: int, *rest: Any) -> StoredPassage:
        section, text, language, readings, table, digest = rest
        document, read = self._documents[number], json.loads(readings)
        spans = np.frombuffer(table, dtype="<i4").reshape(-1, 3).tolist()
        sentences = [
            Sentence(first, last, SentenceFlag(flags), read[place] if read else "")
            for place, (first, last, flags) in enumerate(spans)
        ]
        passage = Passage(
            *(document.id, start, end, text, tuple(json.loads(section)), tuple(sentences)),
            language=language,
        )
        return StoredPassage(row, document, passage, bytes(digest))

    def _ids(self, numbers: Iterable[tuple[int]]) -> list[str]:
        return [self._documents[number].id for (number,) in numbers if number not in self._gone]

    def _query(self, query: str, values: Iterable[Any] = ()) -> list[Any]:
        with self._lock:
            return self._database.execute(query, tuple(values)).fetchall()


def _letters(name: str) -> str:
    return "".join(one for one in name.casefold() if one.isalnum())


def _folded(name: str) -> str:
    return " ".join(name.casefold().split()).removeprefix("the ")


def _grouped(
    entries: Iterable[DefinitionEntry], key: Callable[[DefinitionEntry], str]
) -> dict[str, list[DefinitionEntry]]:
    groups: dict[str, list[DefinitionEntry]] = {}
    for one in entries:
        groups.setdefault(key(one), []).append(one)
    return groups


def _marks(values: Collection[Any]) -> str:
    return ",".join("?" * len(values))
