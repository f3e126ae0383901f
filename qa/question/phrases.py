"""What a question has between quotation marks: where it stands, and what has it.

Quoted words may stand in a title, in a heading, in page furniture, or run from one passage into the
next; so where no passage holds them, the whole documents are looked through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from index import folding, rendering
from index.database import PassageEntry
from index.generation import Generation
from index.language import Messages
from qa.question import absence

_WORDS = re.compile(r"[^\W_]+")
_MOST = 20
"""Documents that are looked into for one phrase."""
_FIRST = 3
"""Passages of a document that a phrase in its title leads to."""


def rows_near(
    phrases: tuple[str, ...],
    documents: tuple[str, ...] | None,
    generation: Generation,
    count: int,
    heading_boost: float,
) -> list[int]:
    """Rows of the passages that hold one of ``phrases`` or stand where it does, best first; none if
    one of them is nowhere in ``documents`` (None: in all)."""
    found: list[int] = []
    for phrase in phrases:
        stems = generation.lexical.stems(phrase)
        hits = generation.lexical.search(stems, count, [stems], documents, heading_boost)
        rows = [hit.row for hit in hits] or _around(phrase, documents, generation)
        if not rows:
            return []
        found += rows
    return [*dict.fromkeys(found)]


def _around(phrase: str, documents: tuple[str, ...] | None, generation: Generation) -> list[int]:
    ids = absence.holding(phrase, generation)
    chosen = sorted(ids if documents is None else ids.intersection(documents))[:_MOST]
    return [row for id in chosen for row in _rows_of(phrase, id, generation)]


def _rows_of(phrase: str, document: str, generation: Generation) -> list[int]:
    database = generation.database
    passages = database.passages(sorted(database.rows_of([document])))
    place = _place(phrase, database.text(document) or "")
    if place is None:
        return [one.row for one in passages[:_FIRST]]
    return [one.row for one in _at(passages, *place)]


def _place(phrase: str, text: str) -> tuple[int, int] | None:
    """Where ``text`` first has the words of ``phrase``, whatever stands between them."""
    words = _WORDS.findall(folding.plain(phrase).text)
    folded = folding.without_breaks(folding.plain(text))
    match = re.search(r"[\W_]+".join(map(re.escape, words)), folded.text, re.I) if words else None
    return folded.span(*match.span()) if match else None


def _at(passages: list[PassageEntry], start: int, end: int) -> list[PassageEntry]:
    """Those of ``passages``, in order, that a range touches; else the one after it, or the last."""
    touched = [one for one in passages if one.start < end and start < one.end]
    return touched or [one for one in passages if one.start >= end][:1] or passages[-1:]


def held_by(phrases: tuple[str, ...]) -> Callable[[str], bool]:
    """Says of a text whether it has all of ``phrases``, at least one, word for word."""
    wanted = [_spelled(one) for one in phrases]

    def holds(text: str) -> bool:
        spelled = _spelled(text) if wanted else ""
        return bool(wanted) and all(one in spelled for one in wanted)

    return holds


def _spelled(text: str) -> str:
    """The words of ``text`` one after the other, between blanks."""
    shown = rendering.rendered(text)
    folded = folding.without_breaks(folding.plain(shown)).text.casefold()
    return f" {' '.join(_WORDS.findall(folded))} "


def not_found(
    phrases: tuple[str, ...],
    documents: tuple[str, ...] | None,
    generation: Generation,
    say: Messages,
) -> str:
    """Says of quoted ``phrases``, which lead to no passage of ``documents`` (None: of all), where
    they are, if they are anywhere."""
    nowhere = [one for one in phrases if not absence.is_said(one, generation)]
    if nowhere:
        return say.words_nowhere.format(words=_listed(nowhere))
    outside = [
        one for one in phrases if absence.holding(one, generation).isdisjoint(documents or ())
    ]
    if documents is None or not outside:
        return say.words_unshown.format(words=_listed(phrases))
    elsewhere = _elsewhere(outside[0], generation, say)
    return say.words_not_there.format(words=_listed(outside), elsewhere=elsewhere)


def _elsewhere(phrase: str, generation: Generation, say: Messages) -> str:
    database = generation.database
    ids = sorted(absence.holding(phrase, generation))[:_MOST]
    exact = (id for id in ids if held_by((phrase,))(database.text(id) or ""))
    entry = database.document(next(exact, ""))
    if entry is None:
        return say.words_in_another_form.format(words=_listed([phrase]))
    return say.words_in_title.format(title=entry.title, words=_listed([phrase]))


def _listed(phrases: Sequence[str]) -> str:
    return ", ".join(f"“{phrase}”" for phrase in phrases)
