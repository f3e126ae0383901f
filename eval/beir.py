"""Question sets in BEIR's layout: ``corpus.jsonl``, ``queries.jsonl``, ``qrels/*.tsv``.

BEIR (Thakur et al., NeurIPS Datasets 2021) judges whole documents, so the gold of a question
are documents without a quote.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.errors import BadQuestionSet
from eval.records import Case, Span
from index.identity import document_id


def is_one(path: Path) -> bool:
    """Whether ``path`` is a folder in this layout."""
    return (path / "corpus.jsonl").is_file() and (path / "queries.jsonl").is_file()


def cases(folder: Path) -> list[Case]:
    """The judged queries of the ``test`` split, or of the only split there is.

    Raises ``BadQuestionSet`` where the judgements are missing or name an unknown query.
    """
    queries = {one["_id"]: one["text"] for one in _lines(folder / "queries.jsonl")}
    same = _repeated(folder)
    relevant: dict[str, dict[str, int]] = {}
    for query, document, grade in _judgements(folder):
        if query not in queries:
            raise BadQuestionSet(f"{folder}: the judgements name query {query!r}, which is none")
        if grade > 0:
            stands = same.get(document, document)
            known = relevant.setdefault(query, {})
            known[stands] = max(grade, known.get(stands, 0))
    return [
        Case(
            id=f"{folder.name}-{query}",
            question=queries[query],
            answerable=True,
            kind="beir",
            gold=tuple((Span(file_stem(one), grade=grade),) for one, grade in found.items()),
        )
        for query, found in relevant.items()
    ]


def _repeated(folder: Path) -> dict[str, str]:
    """Ids of the documents that have the same text as one before them, each with that one's id:
    an index keeps the first alone."""
    first: dict[bytes, str] = {}
    found = {}
    for one in _lines(folder / "corpus.jsonl"):
        words = " ".join(f"{one['title']}\n{one['text']}".split())
        before = first.setdefault(hashlib.sha256(words.encode()).digest(), one["_id"])
        if before != one["_id"]:
            found[one["_id"]] = before
    return found


def documents(folder: Path) -> Iterator[tuple[str, str, str]]:
    """File stem, title and text of each document."""
    for one in _lines(folder / "corpus.jsonl"):
        yield file_stem(one["_id"]), one["title"], one["text"]


def file_stem(id: str) -> str:
    """The name under which a document is exported, which is its id in the index, too.

    An id that cannot be one there gets digits of its hash, so that no two become the same.
    """
    stem = document_id(f"{id}.txt", set())
    if stem == id:
        return stem
    digest = hashlib.sha256(id.encode("utf-8")).hexdigest()[:8]
    return f"{stem[:71].rstrip('-')}-{digest}"


def _judgements(folder: Path) -> Iterator[tuple[str, str, int]]:
    files = sorted((folder / "qrels").glob("*.tsv"))
    named = [one for one in files if one.stem == "test"] or files[:1]
    if not named:
        raise BadQuestionSet(f"{folder} has no judgements (qrels/test.tsv)")
    lines = named[0].read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        fields = line.split("\t")
        if number == 1 and not fields[-1].lstrip("-").isdigit():
            continue  # the line that names the columns
        try:
            yield fields[0], fields[1], int(fields[2])
        except (IndexError, ValueError) as error:
            raise BadQuestionSet(f"{named[0]}, line {number}: not a judgement") from error


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                one = json.loads(line.decode("utf-8"))
                yield {"_id": one["_id"], "text": one["text"], "title": one.get("title", "")}
            except (ValueError, KeyError, TypeError) as error:
                raise BadQuestionSet(
                    f"{path}, line {number}: not an object with _id and text"
                ) from error
