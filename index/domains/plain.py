"""Documents of which nothing particular is known: those that show marks of no other domain."""

from __future__ import annotations

from index.domains.domain import Domain

PLAIN = Domain("plain")
