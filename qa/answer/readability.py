"""Whether the models can judge at all: they read some languages, and nothing of others."""

from __future__ import annotations

from index import language, language_detection, packaged
from index.database import PassageEntry
from qa.records import Interpretation


def unread(interpretation: Interpretation, passage: PassageEntry | None, quoted: str = "") -> str:
    """Why the models cannot judge: the question, or the ``passage`` that ranks first, or what is
    ``quoted`` of it, is in a language that they do not read; "" where they can."""
    readable = packaged.READABLE
    say = language.of(interpretation.language).messages
    known = say.either.join(map(language_detection.name, sorted(readable)))
    own = say.models_read.format(languages=known)
    if interpretation.language and interpretation.language not in readable:
        asked_in = language_detection.name(interpretation.language)
        return f"{say.asked_in.format(language=asked_in)} {own}"
    if passage is not None:
        found = language_detection.of_quote(quoted, passage.language)
        if found and found not in readable:
            where = say.nearest_in.format(
                title=passage.document.title, language=language_detection.name(found)
            )
            return f"{where} {own}"
    return ""
