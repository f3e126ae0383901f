"""Question sets in the JSON of SQuAD 1.1 and 2.0 (Rajpurkar et al., EMNLP 2016 and ACL 2018).

Every paragraph is a document of its own, under its article's title.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.errors import BadQuestionSet
from eval.records import Case, Span


def cases(path: Path, own_paragraph: bool = False) -> list[Case]:
    """The questions of a file, of kind ``answerable`` or ``impossible``.

    With ``own_paragraph`` each is asked of the paragraph that it was written for alone.
    Raises ``BadQuestionSet``.
    """
    found: dict[str, Case] = {}
    for stem, _, paragraph in _paragraphs(path):
        for one in paragraph["qas"]:
            try:
                case = _case(stem, paragraph["context"], one, own_paragraph)
            except (KeyError, TypeError) as error:
                raise BadQuestionSet(f"{path}, {stem}: a question lacks {error}") from error
            found.setdefault(case.id, case)
    return list(found.values())


def _case(stem: str, context: str, one: dict[str, Any], own_paragraph: bool) -> Case:
    impossible = bool(one.get("is_impossible", False))
    answers = [] if impossible else one["answers"]
    spans = {_span(stem, context, answer) for answer in answers}
    texts = tuple(dict.fromkeys(answer["text"] for answer in answers))
    return Case(
        id=one["id"],
        question=one["question"].strip(),
        answerable=not impossible,
        kind="impossible" if impossible else "answerable",
        gold=(tuple(sorted(spans, key=_order)),) if spans else (),
        accepted=(texts,) if texts else (),
        documents=(stem,) if own_paragraph else None,
    )


def documents(path: Path) -> Iterator[tuple[str, str, str]]:
    """File stem, title (the article's) and text of each paragraph."""
    for stem, title, paragraph in _paragraphs(path):
        yield stem, title.replace("_", " "), paragraph["context"]


def _paragraphs(path: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))["data"]
        number = 0
        for article in data:
            for paragraph in article["paragraphs"]:
                yield f"paragraph-{number:05d}", article["title"], paragraph
                number += 1
    except (ValueError, KeyError, TypeError) as error:
        raise BadQuestionSet(f"{path} is not in SQuAD's format ({error!r})") from error


def _span(stem: str, context: str, answer: dict[str, Any]) -> Span:
    text, start = answer["text"], answer["answer_start"]
    if start < 0 or context[start : start + len(text)] != text:
        raise BadQuestionSet(f"{stem}: the answer {text!r} does not stand at {start}")
    return Span(stem, text, start)


def _order(span: Span) -> tuple[int, str]:
    return span.start or 0, span.quote or ""
