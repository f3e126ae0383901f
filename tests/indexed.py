"""All that a generation holds, without the numbers that it gives to documents and passages: for
tests that compare two."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from index import checks
from index.generation import Generation

_TABLES = {
    "pages": "number, start, end, width, height, label, ocr",
    "headings": "start, end, level",
    "printed": "start, page",
    "boxes": "page, first, last, data",
    "paragraphs": "key, label, start, end",
    "elsewhere": "key, year",
    "owners": "key",
    "acronyms": "short, long, start, end",
}


def rows(opened: Generation) -> list[int]:
    """Those of all passages, in the order of the files."""
    return [int(row) for row in opened.vectors()[0]]


def held(opened: Generation) -> dict[str, Any]:
    """What ``opened`` holds of each document and of all, in plain values that can be compared."""
    database = opened.database
    words = database._query("SELECT word, shown, passages FROM words ORDER BY word")
    forms = database._query("SELECT word, form, passages FROM forms ORDER BY word, form")
    return {
        "documents": [_document(opened, one.id) for one in database.documents()],
        "words": words,
        "forms": forms,
        "frequencies": {word: _frequencies(opened, word) for word, _, _ in words},
        "weights": opened.tokens._idf.tolist(),
    }


def _frequencies(opened: Generation, word: str) -> list[tuple[int, int]]:
    stems = opened.lexical.stems(word)
    return [(opened.lexical.frequency(one), opened.presence.frequency(one)) for one in stems]


def _document(opened: Generation, id: str) -> dict[str, Any]:
    database = opened.database
    entry = database.document(id)
    assert entry is not None
    own = sorted(database.rows_of([id]))
    assert own == list(range(entry.number, entry.number + entry.passages))
    said = {name: value for name, value in asdict(entry).items() if name != "number"}
    tables = {
        name: database._query(
            f"SELECT {columns} FROM {name} WHERE document=? ORDER BY {columns}", (entry.number,)
        )
        for name, columns in _TABLES.items()
    }
    passages = [_passage(opened, row, entry.number) for row in own]
    return {**said, **tables, "text": database.text(id), "passages": passages}


def _passage(opened: Generation, row: int, number: int) -> dict[str, Any]:
    database, tokens = opened.database, opened.tokens
    (entry,) = database.passages([row])
    (stored,) = database.stored([row])
    kept = tokens.passage(row)
    place = rows(opened).index(row)
    return {
        "entry": {name: value for name, value in asdict(entry).items() if name not in _NUMBERED},
        "cut": asdict(stored.passage),
        "digest": stored.digest,
        "mentions": [asdict(mention) for _, mention in database.mentions([row])],
        "codes": kept.codes.tolist(),
        "scales": kept.scales.tolist(),
        "ids": kept.ids.tolist(),
        "sentences": kept.sentences.tolist(),
        "vector": opened.vectors()[1][place].tolist(),
        "nearest": [
            (_named(opened, hit.row), hit.score)
            for hit in opened.dense.search(opened.vectors()[1][place], 5)
        ],
        "worded": [
            (_named(opened, hit.row), hit.score)
            for hit in opened.lexical.search(opened.lexical.stems(entry.text)[:20], 5)
        ],
        "place": row - number,
    }


_NUMBERED = {"row", "document"}


def _named(opened: Generation, row: int) -> tuple[str, int]:
    """A passage by its document and its place there."""
    (entry,) = opened.database.passages([row])
    return entry.document.id, row - entry.document.number


def left(opened: Generation) -> list[str]:
    """Files in the folders of segments that no manifest of ``opened`` names."""
    folder = opened.folder.parent
    named = {one.name for one in opened.segments}
    shared = {path.name for path in (folder / "segments").iterdir()}
    unnamed = [f"segments/{name}" for name in sorted(shared - named)]
    for one in opened.segments:
        found = {path.relative_to(folder).as_posix() for path in one.folder.rglob("*")}
        expected = {name for name in opened.files if name.startswith(f"segments/{one.name}/")}
        for path in sorted(found - expected):
            if (folder / path).is_file() and not path.endswith((checks.LOCK, "segment.json")):
                unnamed.append(path)
    return unnamed
