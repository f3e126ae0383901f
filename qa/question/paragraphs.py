"""Which numbered paragraphs a question asks for: "paragraph 12 (a)", "OP 5", "rule 67"."""

from __future__ import annotations

from index.paragraphs import key_of
from qa.question.knowledge import Knowledge


def asked(question: str, known: Knowledge) -> list[tuple[str, str]]:
    """Key and label of each numbered paragraph that ``question`` names, in order. What is part of
    an identifier is none of them."""
    patterns = known.language.patterns
    taken = [(one.start, one.end) for one in known.identifiers(question)]
    found: dict[str, str] = {}
    for match in patterns.paragraph.finditer(question):
        label = f"{match['number']}{match['parts']}"
        if annex := match["annex"] or match["after"]:
            label = f"{annex}, {label}"
        found[key_of(label)] = label
    for match in patterns.provision.finditer(question):
        if not any(start <= match.start() < end for start, end in taken):
            label = f"{match['word']} {match['number']}"
            found[key_of(label)] = label
    return [*found.items()]
