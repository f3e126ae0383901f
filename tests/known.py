"""What tests read by: English, and the documents of the United Nations."""

from __future__ import annotations

from index import language
from index.conventions import Conventions
from index.database import Database
from index.domains import UN
from qa.question.knowledge import Knowledge

ENGLISH = language.of("en")
LINES = Conventions(ENGLISH, UN)


def over(database: Database) -> Knowledge:
    """What an English question over ``database`` is read with."""
    return Knowledge(ENGLISH, database)
