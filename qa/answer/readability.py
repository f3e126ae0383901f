"""Whether the models can judge at all: they read some languages, and nothing of others."""

from __future__ import annotations

from index import language_detection, packaged
from index.database import PassageEntry
from qa.records import Interpretation


def unread(interpretation: Interpretation, passage: PassageEntry | None, quoted: str = "") -> str:
    """Why the models cannot judge: the question, or the ``passage`` that ranks first, or what is
    ``quoted`` of it, is in a language that they do not read; "" where they can."""
    readable = packaged.READABLE
    known = " or ".join(map(language_detection.name, sorted(readable)))
    own = (
        "Only exact words, names, numbers and identifiers could be looked for: the models read "
        f"{known} alone"
    )
    if interpretation.language and interpretation.language not in readable:
        asked_in = language_detection.name(interpretation.language)
        return f"The question seems to be in {asked_in}. {own}."
    if passage is not None:
        found = language_detection.of_quote(quoted, passage.language)
        if found and found not in readable:
            language = language_detection.name(found)
            return f"What comes nearest, in “{passage.document.title}”, is in {language}. {own}."
    return ""
