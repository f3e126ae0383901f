"""What is said to the service and asks nothing of the documents: a greeting, thanks, a call for
help. The reply is a line about the collection and how to ask; nothing is searched."""

from __future__ import annotations

from collections.abc import Sequence

from index import language
from index.database import DocumentEntry
from index.language import Language, Messages
from qa.question.words import normalise

_TITLES = 5
"""So many documents are named."""
_LONGEST = 120
"""A remark has so many characters at most."""


def reply_to(text: str, documents: Sequence[DocumentEntry]) -> str | None:
    """What to say to ``text`` where it asks nothing of ``documents``; None where it asks."""
    known, said = language.of(""), normalise(text)
    patterns, say = known.patterns, known.messages
    if not is_remark(said, known):
        return None
    if patterns.doubts.match(said):
        return say.to_be_checked
    if patterns.thanks.match(said):
        return say.welcome
    if patterns.greets.match(said):
        return " ".join((say.greeting, _holds(documents, say), say.how_to_ask))
    return " ".join((_holds(documents, say), say.how_to_ask))


def is_remark(text: str, known: Language) -> bool:
    """Whether ``text`` asks nothing of the documents."""
    patterns, said = known.patterns, normalise(text)
    remarks = (
        *(patterns.doubts, patterns.thanks, patterns.greets),
        *(patterns.asks_help, patterns.asks_documents),
    )
    return len(said) <= _LONGEST and any(one.match(said) for one in remarks)


def _holds(documents: Sequence[DocumentEntry], say: Messages) -> str:
    titles = ", ".join(f"“{one.title}”" for one in documents[:_TITLES])
    if len(documents) == 1:
        return say.holds_one.format(titles=titles)
    form = say.holds_many if len(documents) <= _TITLES else say.holds_more
    return form.format(count=len(documents), titles=titles)
