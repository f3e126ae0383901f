"""Cuts a document up: into passages, with all that is found in them before anything is encoded."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from index import acronyms, domains, language, paragraphs, passages, places
from index.paragraphs import Paragraph
from index.passages import Limits
from index.places import Places
from index.records import Definition, Document, Passage

_CONTEXT_CHARACTERS = 160


@dataclass(frozen=True, slots=True)
class Cut:
    """What was made of a document."""

    passages: list[Passage]
    digests: list[bytes]
    """Of each passage, the hash of all that the encoder sees of it and of where its sentences lie
    in that."""
    owned: set[str]
    """Identifiers that are the document's own: those in its title."""
    places: Places
    definitions: list[Definition]
    paragraphs: list[Paragraph]


def cut(document: Document, limits: Limits) -> Cut:
    """Cut up ``document``, into passages of lengths within ``limits``."""
    found = passages.split(document, limits)
    domain, known = domains.named(document.domain), language.of(document.language)
    owned = places.owned(document.title, domain)
    owned |= {one.key for one in domain.identifiers(document.metadata.symbol)}
    return Cut(
        passages=found,
        digests=[_digest(document, one) for one in found],
        owned=owned,
        places=places.place(document, found, owned),
        definitions=acronyms.find(document.text, known),
        paragraphs=paragraphs.find(document, known),
    )


def _digest(document: Document, passage: Passage) -> bytes:
    title = document.title if document.named else ""
    seen = json.dumps([context(title, passage.section), *passage.read()], ensure_ascii=False)
    return hashlib.sha256(seen.encode()).digest()


def context(title: str, section: tuple[str, ...]) -> str:
    """What a passage is read under: the title of its document, "" for one without a name, and its
    nearest heading.

    Passages often leave unsaid what they are about because the heading has said it.
    """
    parts = [*([title] if title else []), *section[-1:]]
    unique = [part for number, part in enumerate(parts) if part not in parts[:number]]
    return " — ".join(part[:_CONTEXT_CHARACTERS] for part in unique)
