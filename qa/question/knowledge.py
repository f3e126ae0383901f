"""What a question is read with: its language, and a collection with its domains."""

from __future__ import annotations

from dataclasses import dataclass

from index import language
from index.database import Database
from index.domains import Domains
from index.language import Language
from index.records import Mention


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known where a question is read."""

    language: Language
    database: Database

    @property
    def domains(self) -> Domains:
        """Those of the collection's documents."""
        return self.database.domains

    def identifiers(self, text: str) -> list[Mention]:
        """Every identifier that is spelled out in ``text``."""
        return self.domains.find(text)

    def label(self, key: str, year: int | None = None) -> str:
        """How the documents call an identifier."""
        return self.domains.label(key, year)


def of(code: str, database: Database) -> Knowledge:
    """What is known of a question in the language with an ISO 639 ``code`` over ``database``."""
    return Knowledge(language.of(code), database)
