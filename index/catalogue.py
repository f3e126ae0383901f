"""Writes what a generation knows in words: a new database, or the former one changed.

A document keeps its number while it is in the index, and its passages keep their rows: they follow
each other from its number on. ``numbering.py`` chooses numbers.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from index import boxes, vocabulary
from index.cutting import Cut
from index.database import FILE, DocumentEntry
from index.records import BlockKind, Document, Mention, Passage
from index.vocabulary import Counter

_SCHEMA = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
    source TEXT NOT NULL, sha256 TEXT NOT NULL, characters INTEGER NOT NULL,
    passages INTEGER NOT NULL, publisher TEXT NOT NULL, date TEXT NOT NULL, url TEXT NOT NULL,
    language TEXT NOT NULL, domain TEXT NOT NULL, symbol TEXT NOT NULL, body TEXT NOT NULL,
    session TEXT NOT NULL, file_sha256 TEXT NOT NULL, loader TEXT NOT NULL,
    pages INTEGER NOT NULL, ocr TEXT NOT NULL, ocr_pages INTEGER NOT NULL,
    unread INTEGER NOT NULL, named INTEGER NOT NULL, origin TEXT NOT NULL,
    notices TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents(number),
    start INTEGER NOT NULL, end INTEGER NOT NULL, section TEXT NOT NULL, text TEXT NOT NULL,
    language TEXT NOT NULL, reading TEXT NOT NULL, readings TEXT NOT NULL,
    sentences BLOB NOT NULL, digest BLOB NOT NULL);
CREATE TABLE pages (
    document INTEGER NOT NULL REFERENCES documents(number), number INTEGER NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, width REAL NOT NULL, height REAL NOT NULL,
    label TEXT NOT NULL, ocr INTEGER NOT NULL, PRIMARY KEY (document, number)) WITHOUT ROWID;
CREATE TABLE headings (
    document INTEGER NOT NULL REFERENCES documents(number), start INTEGER NOT NULL,
    end INTEGER NOT NULL, level INTEGER NOT NULL, PRIMARY KEY (document, start)) WITHOUT ROWID;
CREATE TABLE printed (
    document INTEGER NOT NULL REFERENCES documents(number), start INTEGER NOT NULL,
    page INTEGER NOT NULL, PRIMARY KEY (document, start)) WITHOUT ROWID;
CREATE TABLE boxes (
    document INTEGER NOT NULL REFERENCES documents(number), page INTEGER NOT NULL,
    first INTEGER NOT NULL, last INTEGER NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (document, page));
CREATE TABLE paragraphs (
    document INTEGER NOT NULL REFERENCES documents(number), key TEXT NOT NULL, label TEXT NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, PRIMARY KEY (document, key)) WITHOUT ROWID;
CREATE TABLE identifiers (
    key TEXT NOT NULL, year INTEGER, row INTEGER NOT NULL REFERENCES passages(row),
    start INTEGER NOT NULL, end INTEGER NOT NULL);
CREATE TABLE elsewhere (
    key TEXT NOT NULL, year INTEGER, document INTEGER NOT NULL REFERENCES documents(number));
CREATE TABLE owners (key TEXT NOT NULL, document INTEGER NOT NULL REFERENCES documents(number));
CREATE TABLE acronyms (
    short TEXT NOT NULL, long TEXT NOT NULL, document INTEGER NOT NULL REFERENCES documents(number),
    start INTEGER NOT NULL, end INTEGER NOT NULL);
CREATE TABLE words (word TEXT PRIMARY KEY, shown TEXT NOT NULL, passages INTEGER NOT NULL)
    WITHOUT ROWID;
CREATE TABLE forms (
    word TEXT NOT NULL, form TEXT NOT NULL, passages INTEGER NOT NULL, PRIMARY KEY (word, form))
    WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX passages_document ON passages(document);
CREATE INDEX passages_digest ON passages(digest);
CREATE INDEX identifiers_key ON identifiers(key);
CREATE INDEX identifiers_row ON identifiers(row);
CREATE INDEX paragraphs_key ON paragraphs(key);
CREATE INDEX elsewhere_key ON elsewhere(key);
CREATE INDEX owners_key ON owners(key);
CREATE INDEX acronyms_short ON acronyms(short COLLATE NOCASE);
"""
_OF_A_DOCUMENT = (
    *("passages", "pages", "headings", "printed", "boxes", "paragraphs", "elsewhere", "owners"),
    "acronyms",
)
_LARGEST_FREE = 0.25
"""Share of the file that may be free space, before it is written anew."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What ``words`` and ``forms`` hold of a word: in how many passages it stands, in any form and
    in each."""

    passages: int
    forms: dict[str, int]


class CatalogueWriter:
    """Fills a new database in ``folder``, or changes a copy of the one in the folder ``former``.

    A context manager: leaving it finishes the file, unless an error passes through.
    """

    def __init__(self, folder: Path, former: Path | None = None) -> None:
        self._new = former is None
        if former is not None:
            shutil.copyfile(former / FILE, folder / FILE)
        self._database = sqlite3.connect(folder / FILE)
        self._database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
        if self._new:
            self._database.executescript(_SCHEMA)
        self._came, self._went = Counter(), Counter()
        self.added: set[int] = set()
        """Numbers of the documents that were put in."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        with closing(self._database):
            if error is None:
                self._count_words()
                self._database.commit()
                if self._new:
                    self._database.executescript(_INDEXES)
                elif self._free() > _LARGEST_FREE:
                    self._database.execute("VACUUM")

    def _free(self) -> float:
        ((free,),) = self._database.execute("PRAGMA freelist_count").fetchall()
        ((pages,),) = self._database.execute("PRAGMA page_count").fetchall()
        return float(free / pages)

    def remove(self, number: int) -> None:
        """Take out a document with all that was found in it."""
        execute = self._database.execute
        ((title,),) = execute("SELECT title FROM documents WHERE number=?", (number,)).fetchall()
        passages = execute(
            "SELECT section, reading, text FROM passages WHERE document=?", (number,)
        ).fetchall()
        sections = [json.loads(section) for section, _, _ in passages]
        self._went.add(_named(title, sections))
        for _, reading, text in passages:
            self._went.add(reading or text)
        execute(
            "DELETE FROM identifiers WHERE row IN (SELECT row FROM passages WHERE document=?)",
            (number,),
        )
        for table in _OF_A_DOCUMENT:
            execute(f"DELETE FROM {table} WHERE document=?", (number,))
        execute("DELETE FROM documents WHERE number=?", (number,))
        self.added.discard(number)

    def add(self, number: int, document: Document, cut: Cut, origin: str) -> DocumentEntry:
        """Put in a ``document`` with its arrays, under a ``number`` that is free, as are those
        after it, one for each passage. ``origin`` says what it was made of."""
        self.added.add(number)
        entry = _entry(number, document, len(cut.passages), origin)
        values = {**asdict(entry), "text": document.text}
        values["notices"] = json.dumps(entry.notices, ensure_ascii=False)
        names = ", ".join(values)
        self._fill(f"documents ({names})", [tuple(values.values())])
        self._came.add(_named(document.title, (one.section for one in cut.passages)))
        found = zip(cut.passages, cut.digests, cut.places.of_passages, strict=True)
        for row, one in enumerate(found, start=number):
            self._add_passage(row, number, *one)
        self._fill("elsewhere", ((m.key, m.year, number) for m in cut.places.elsewhere))
        self._fill("owners", ((key, number) for key in sorted(cut.owned)))
        self._fill(
            "acronyms",
            ((one.short, one.long, number, one.start, one.end) for one in cut.definitions),
        )
        self._fill(
            "paragraphs",
            ((number, one.key, one.label, one.start, one.end) for one in cut.paragraphs),
        )
        self._fill(
            "headings",
            (
                (number, one.start, one.end, one.level)
                for one in document.blocks
                if one.kind is BlockKind.HEADING
            ),
        )
        self._add_pages(number, document)
        return entry

    def _add_passage(
        self, row: int, number: int, passage: Passage, digest: bytes, mentions: Sequence[Mention]
    ) -> None:
        reading, readings = _read(passage)
        self._came.add(reading or passage.text)
        spans = [(one.start, one.end, int(one.flags)) for one in passage.sentences]
        values = (
            *(row, number, passage.start, passage.end),
            json.dumps(passage.section, ensure_ascii=False),
            *(passage.text, passage.language, reading, readings),
            *(np.array(spans, dtype="<i4").tobytes(), digest),
        )
        self._fill("passages", [values])
        self._fill("identifiers", ((m.key, m.year, row, m.start, m.end) for m in mentions))

    def _add_pages(self, number: int, document: Document) -> None:
        """Store the pages, and where the words of a document are printed."""
        self._fill(
            "pages",
            (
                (number, place, one.start, one.end, one.width, one.height, one.label, one.ocr)
                for place, one in enumerate(document.pages, start=1)
            ),
        )
        if document.boxes is None or document.printed_on is None:
            starts = [(one.start, place) for place, one in enumerate(document.pages, start=1)]
        else:
            starts = [*boxes.runs(document.printed_on)]
            packed = boxes.pack(document.boxes, document.printed_on)
            self._fill(
                "boxes", ((number, one.page, one.first, one.last, one.data) for one in packed)
            )
        self._database.executemany(
            "INSERT OR IGNORE INTO printed VALUES (?,?,?)",
            [(number, start, page) for start, page in starts],
        )

    def _fill(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        for row in rows:
            self._database.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)

    def _count_words(self) -> None:
        """Bring ``words`` and ``forms`` up to what came and went."""
        words = sorted(self._came.words | self._went.words)
        for word in words:
            found = self._found(word)
            count = found.passages + self._came.passages(word) - self._went.passages(word)
            forms = dict(found.forms)
            for form, n in self._came.forms(word).items():
                forms[form] = forms.get(form, 0) + n
            for form, n in self._went.forms(word).items():
                forms[form] = forms.get(form, 0) - n
            self._store(word, count, {form: n for form, n in forms.items() if n > 0})

    def _found(self, word: str) -> _Found:
        if self._new:
            return _Found(0, {})
        query = "SELECT passages FROM words WHERE word=?"
        counts = self._database.execute(query, (word,)).fetchall()
        query = "SELECT form, passages FROM forms WHERE word=?"
        return _Found(
            counts[0][0] if counts else 0, dict(self._database.execute(query, (word,)).fetchall())
        )

    def _store(self, word: str, count: int, forms: dict[str, int]) -> None:
        if not self._new:
            self._database.execute("DELETE FROM words WHERE word=?", (word,))
            self._database.execute("DELETE FROM forms WHERE word=?", (word,))
        if forms:
            self._fill("words", [(word, vocabulary.shown(forms), count)])
            self._fill("forms", ((word, form, n) for form, n in forms.items()))


def _entry(number: int, document: Document, passages: int, origin: str) -> DocumentEntry:
    meta = document.metadata
    return DocumentEntry(
        id=document.id,
        title=document.title,
        source=document.source,
        sha256=document.sha256,
        characters=len(document.text),
        passages=passages,
        publisher=meta.publisher,
        date=meta.date,
        url=meta.url,
        language=document.language,
        domain=document.domain,
        symbol=meta.symbol,
        body=meta.body,
        session=meta.session,
        file_sha256=document.file_sha256,
        loader=document.loader,
        pages=len(document.pages),
        ocr=document.ocr,
        ocr_pages=document.ocr_pages,
        unread=document.unread,
        number=number,
        named=document.named,
        origin=origin,
        notices=document.notices,
    )


def _named(title: str, sections: Iterable[Sequence[str]]) -> str:
    """What a document is called, and its parts: their words count, too."""
    return "\n".join([title, *sorted({heading for section in sections for heading in section})])


def _read(passage: Passage) -> tuple[str, str]:
    """How a passage is read as a whole, and each of its sentences; "" for what is as it stands."""
    if not any(one.reading for one in passage.sentences):
        return "", "[]"
    readings = [one.reading for one in passage.sentences]
    return passage.read()[0], json.dumps(readings, ensure_ascii=False)
