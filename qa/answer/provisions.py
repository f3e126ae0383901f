"""Quotes the numbered paragraph that a question asks for, or tells that there is none.

What is asked for by its number is looked up, and neither ranked nor guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index import language
from index.database import Database
from index.paragraphs import Paragraph
from qa.records import Citation, Interpretation, Refusal

FIRST = 5.0
"""What its passage gains in the ranking: it comes first."""
_NEAREST = 3
"""A document is meant without its name if so many of the nearest passages are of it alone."""
_MOST_DOCUMENTS = 3
"""Of more documents that have a paragraph of the name, none is the one that is meant."""


@dataclass(frozen=True, slots=True)
class Provisions:
    """What a question for paragraphs leads to."""

    citations: tuple[Citation, ...]
    missing: tuple[tuple[str, str], ...]
    """Id of a document, and the label of a paragraph that it has not."""


def look_up(
    reading: Interpretation,
    documents: tuple[str, ...] | None,
    database: Database,
    most_characters: int,
    nearest: Sequence[str],
) -> Provisions | None:
    """The paragraphs that ``reading`` asks for, of the documents that it names or that are chosen,
    else of the one that all the ``nearest`` passages are of (ids of their documents, best first);
    None where it asks for none, or says of no document."""
    wanted = reading.paragraphs
    of = _documents(reading, documents, database) if wanted else []
    named = bool(of)
    if wanted and not of and len(nearest) >= _NEAREST and len(set(nearest[:_NEAREST])) == 1:
        of = [*nearest[:1]]
    if not of:
        return None
    cited: list[Citation] = []
    missing: list[tuple[str, str]] = []
    for key, label in wanted:
        found = [(id, database.paragraph(id, key)) for id in of]
        cited += [
            one
            for id, paragraph in found
            if paragraph and (one := _cite(id, paragraph, database, most_characters))
        ]
        counts = any(one.label[0].isdigit() for one in database.paragraphs_of(of[0]))
        if named and counts and not _is_named(key) and not any(paragraph for _, paragraph in found):
            missing.append((of[0], label))
    return Provisions(tuple(cited), tuple(missing)) if cited or missing else None


def _is_named(key: str) -> bool:
    """Whether a word names it ("rule 67"): a document may speak of that of another."""
    return key[0].isalpha() and not key.startswith("annex")


def _documents(
    reading: Interpretation, documents: tuple[str, ...] | None, database: Database
) -> list[str]:
    """The documents that are meant: those that the question names, else those that are chosen, else
    the few that have what is named by a word ("rule 67")."""
    named = [id for key in reading.identifiers for id in database.owning(key)]
    if reading.identifiers:
        return [id for id in dict.fromkeys(named) if documents is None or id in documents]
    if reading.titled:
        return [id for id in reading.titled if documents is None or id in documents]
    if documents is not None and len(documents) <= _MOST_DOCUMENTS:
        return [*documents]
    if len(database.documents()) == 1:
        return [database.documents()[0].id]
    keys = [key for key, _ in reading.paragraphs if _is_named(key)]
    having = [id for key in keys for id in database.having_paragraph(key, _MOST_DOCUMENTS + 1)]
    return [*dict.fromkeys(having)] if len(having) == 1 else []


def _cite(
    id: str, paragraph: Paragraph, database: Database, most_characters: int
) -> Citation | None:
    """The paragraph whole, or as much of it as ends within ``most_characters``."""
    end = paragraph.end
    if end - paragraph.start > most_characters:
        inner = [one.end for one in database.paragraphs_of(id) if paragraph.start <= one.start]
        inside = [one for one in inner if one - paragraph.start <= most_characters]
        passage = database.passage_around(id, paragraph.start)
        end = max([*inside, min(passage.end, end) if passage else paragraph.start])
    passage = database.passage_around(id, paragraph.start)
    text = (database.text(id) or "")[paragraph.start : end]
    return Citation(passage, paragraph.start, end, text) if passage else None


def not_there(reading: Interpretation, found: Provisions, database: Database) -> Refusal:
    """A refusal that names the paragraphs that a document has not, and those that it has."""
    say = language.of(reading.language).messages
    told = []
    for id, label in found.missing:
        entry = database.document(id)
        name = say.paragraph_called.format(label=label) if label[0].isdigit() else label
        told.append(say.paragraph_missing.format(title=entry.title if entry else id, label=name))
    counted = [one.label for one in database.paragraphs_of(found.missing[0][0])]
    numbers = [one for one in counted if one.isdecimal()]
    if numbers:
        told.append(say.paragraphs_run.format(first=numbers[0], last=numbers[-1]))
    told.append(say.passages_shown.format(more=""))
    return Refusal("unknown_paragraph", " ".join(told))
