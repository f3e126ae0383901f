"""Whether documents hold a word or a phrase anywhere at all, by a second index of whole documents.

Passages leave out headings, titles and page furniture, and a phrase may run from one passage into
the next. So what is said of the whole collection ("the documents never use ...") is looked up here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import tantivy
from tantivy import Query

from index import folding, lexical, rendering

FOLDER = "presence"
_GLUED = re.compile(r"\b(?:[^\W\d_]+\d|\d+[^\W\d_])\w*")
_APART = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])|(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class WholeDocument:
    """A document as it is written: its number in the database, its title, all of its text."""

    number: int
    title: str
    text: str


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name=lexical.ANALYZER)
    builder.add_integer_field("number", fast=True)
    return builder.build()


def write(folder: Path, documents: Iterable[WholeDocument]) -> None:
    """Write the index into ``folder / "presence"``."""
    path = folder / FOLDER
    path.mkdir()
    entries = (tantivy.Document(number=one.number, text=_readings(one)) for one in documents)
    lexical.fill(path, _schema(), entries)


def _readings(one: WholeDocument) -> list[str]:
    """Title and text, in each way that it can be read: with words that lines' ends break whole or
    not, with its mark-up, and with letters apart from the digits that they are glued to."""
    texts = [lexical.readable(one.title), lexical.readable(one.text)]
    if folding.has_breaks(one.text):
        texts.append(lexical.readable(one.text, lambda _before, _after: True))
        texts.append(lexical.readable(one.text, lambda _before, _after: False))
    if rendering.rendered(one.text) != one.text:
        texts.append(folding.plain(one.text).text)
    glued = " \n ".join(_APART.sub(" ", word) for word in _GLUED.findall(one.text))
    return list(dict.fromkeys([*texts, glued]))


class PresenceIndex:
    """An opened index of whole documents. Thread-safe."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Of the documents that were written into ``folders``, at least one."""
        self._searcher, self._schema = lexical.opened([folder / FOLDER for folder in folders])
        self._gone: frozenset[int] = frozenset()
        """Numbers of documents that count no more."""

    def without(self, numbers: frozenset[int]) -> PresenceIndex:
        """The same index, in which some documents count no more."""
        other = copy(self)
        other._gone = numbers
        return other

    def frequency(self, stem: str) -> int:
        """In how many documents a term stands."""
        found = int(self._searcher.doc_freq("text", stem))
        return len(self.documents([stem], found)) if self._gone and found else found

    def documents(self, stems: Sequence[str], limit: int) -> list[int]:
        """Numbers of the documents, ``limit`` at most, that hold ``stems`` one after the other."""
        if not stems:
            return []
        query = (
            Query.term_query(self._schema, "text", stems[0], index_option="basic")
            if len(stems) == 1
            else Query.phrase_query(self._schema, "text", list(stems))
        )
        most = limit + len(self._gone)
        found = self._searcher.search(query, limit=most, count=False).hits
        numbers = self._searcher.fast_field_values("number", [address for _, address in found])
        counting = {int(number) for number in numbers if number is not None} - self._gone
        return sorted(counting)[:limit]
