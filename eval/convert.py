"""Writes the documents of a public set as files to index, and its questions as a set of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from eval import beir, cases, qed, squad
from eval.errors import BadQuestionSet
from eval.records import Case
from qa.question.words import normalise

DOCUMENTS, QUESTIONS = "documents", "questions.jsonl"


def convert(source: Path, target: Path, own_paragraph: bool = False) -> tuple[int, int]:
    """Write ``target/documents/*.txt`` (with their titles in ``catalog.toml``) and
    ``target/questions.jsonl``; returns how many of each.

    Raises ``BadQuestionSet`` for a source in no known format, or a target that holds files.
    """
    documents, asked = _read(source, own_paragraph)
    if target.exists() and any(target.iterdir()):
        raise BadQuestionSet(f"{target} is not empty; name a new folder")
    folder = target / DOCUMENTS
    folder.mkdir(parents=True)
    titles = ["# Titles, as the set has them.\n"]
    written = 0
    for stem, title, text in documents:
        try:
            with (folder / f"{stem}.txt").open("x", encoding="utf-8", newline="") as file:
                # An index passes over an empty file, and the title is all that such a
                # document says.
                file.write(text if text.strip() else title)
        except FileExistsError as error:
            raise BadQuestionSet(f"{source}: document {stem!r} comes twice") from error
        written += 1
        if plain := normalise(title):
            # A JSON string without control characters is a TOML string, too.
            quoted = json.dumps(plain, ensure_ascii=False)
            titles.append(f'[documents."{stem}.txt"]\ntitle = {quoted}\n')
    (folder / "catalog.toml").write_text("\n".join(titles), encoding="utf-8")
    lines = "".join(cases.to_line(one) + "\n" for one in asked)
    (target / QUESTIONS).write_text(lines, encoding="utf-8")
    return written, len(asked)


def _read(
    source: Path, own_paragraph: bool
) -> tuple[Iterator[tuple[str, str, str]], Sequence[Case]]:
    try:
        if beir.is_one(source):
            return beir.documents(source), beir.cases(source)
        if source.suffix == ".json":
            return squad.documents(source), squad.cases(source, own_paragraph)
        if source.suffix == ".jsonl":
            asked = qed.read(source)
            return qed.documents(asked), qed.cases(asked)
    except (OSError, UnicodeDecodeError) as error:
        raise BadQuestionSet(f"cannot read {source}: {error}") from error
    raise BadQuestionSet(
        f"{source} is neither a BEIR folder (corpus.jsonl, queries.jsonl, qrels/), nor a SQuAD "
        ".json, nor a QED .jsonl"
    )
