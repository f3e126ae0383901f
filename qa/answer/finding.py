"""What was found for one thing that a question asks, before anything is decided of it."""

from __future__ import annotations

from dataclasses import dataclass

from qa.answer.confidence import Signals
from qa.answer.provisions import Provisions
from qa.ranking.retrieve import Ranking
from qa.records import Citation, Interpretation


@dataclass(frozen=True, eq=False, slots=True)
class Finding:
    """A reading of the question with what was found for it."""

    reading: Interpretation
    ranking: Ranking | None
    citations: tuple[Citation, ...]
    """What would be quoted as the answer."""
    confidence: float
    signals: Signals | None = None
    """What the confidence was computed from; None where it was not."""
    caveats: tuple[str, ...] = ()
    closest: tuple[Citation, ...] = ()
    """What would be quoted where the citations are no answer."""
    unread: str = ""
    """Why the models cannot judge it, where they cannot."""
    missing: Provisions | None = None
    """The paragraphs that it asks for, where documents have none of them."""
