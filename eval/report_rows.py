"""The questions of a report as JSON: compact, for the page's script to show as text.

A text that occurs more than once (a passage, a title) is kept once, in ``texts``, and referred
to by its number. Keys whose value would be empty are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

from eval.metrics import answers, states
from eval.records import Gold, Outcome, Place, Result, Scored
from eval.summary import MEASURES

Shown = Outcome | Literal["answered"]
OUTCOMES: dict[Shown, str] = {
    "right": "answered, and the quotes hold an accepted answer",
    "rightly declined": "not answerable, and declined",
    "answered": "answered, but the set does not say what would be right",
    "declined": "answerable, but declined",
    "wrong": "answered, but the quotes lack what was sought",
    "wrongly answered": "not answerable, but answered",
    "error": "no reply at all",
}
"""What became of a question, and what the word means; the best first."""

OWN = tuple(one for one in MEASURES if one.of is None)
"""What a question has a figure of its own for."""


def outcome(one: Scored) -> Shown:
    """The outcome as readers see it: an answer that cannot be checked is not called wrong."""
    unchecked = one.answerable and "right" not in one.measures
    return "answered" if one.outcome == "wrong" and unchecked else one.outcome


def to_json(runs: Iterable[tuple[str, Sequence[Result], Sequence[Scored]]]) -> str:
    """Name, results and their scores of each run, as JSON that may stand in a script element:
    no "<" is in it, so neither "</script>" nor "<!--" can be."""
    texts = _Texts()
    data = {
        "measures": [one.name for one in OWN],
        "runs": [
            {
                "name": name,
                "titles": _titles(results, texts),
                "rows": [_row(*one, texts) for one in zip(results, scored, strict=True)],
            }
            for name, results, scored in runs
        ],
        "texts": texts.kept,
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


class _Texts:
    """Each text once, and its number."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        return self._places.setdefault(text, len(self._places))

    @property
    def kept(self) -> list[str]:
        return list(self._places)


def _titles(results: Sequence[Result], texts: _Texts) -> dict[int, int]:
    """Titles of documents, as far as replies name them."""
    return {
        texts(one.place.document): texts(one.title)
        for result in results
        for one in result.reply.passages
        if one.title
    }


def _row(result: Result, scored: Scored, texts: _Texts) -> dict[str, Any]:
    case, reply = result.case, result.reply
    read = reply.interpreted_as
    row = {
        "id": case.id,
        "question": case.question,
        "kind": case.kind,
        "half": scored.half,
        "outcome": outcome(scored),
        "confidence": round(scored.confidence, 4),
        "milliseconds": round(scored.milliseconds, 1),
        "answerable": case.answerable,
        "answered": reply.answered,
        "history": [[turn.question, turn.answer] for turn in case.history],
        "documents": list(case.documents or ()),
        "read": "" if read == case.question else read,
        "reason": reply.reason,
        "message": reply.message,
        "error": reply.error,
        "note": case.note,
        "quotes": [_place(one, texts) for one in reply.citations or reply.considered],
        "gold": [[_gold(one, texts) for one in group] for group in result.gold],
        "accepted": [[list(group), _given(result, group)] for group in case.accepted],
        "passages": [
            [*_place(one.place, texts), texts(one.title), _stated(one.place, result)]
            for one in reply.passages
        ],
        "figures": [
            round(scored.measures[one.name], 3) if one.name in scored.measures else None
            for one in OWN
        ],
    }
    return {
        name: value for name, value in row.items() if value not in ("", []) and value is not False
    }


def _place(one: Place, texts: _Texts) -> list[int]:
    return [texts(one.document), one.start, one.end, texts(one.text)]


def _gold(one: Gold, texts: _Texts) -> list[int]:
    return [*_place(one.place, texts), int(one.whole)]


def _given(result: Result, group: tuple[str, ...]) -> bool:
    """Whether the quotes hold this one of the short answers."""
    alone = replace(result, case=replace(result.case, accepted=(group,)))
    return answers(result.reply.considered or result.reply.citations, alone)


def _stated(passage: Place, result: Result) -> list[int]:
    """Which groups of gold a passage states."""
    return [
        number
        for number, group in enumerate(result.gold)
        if any(states(passage, gold) for gold in group)
    ]
