"""Which stages of the pipeline work: all of them, save where evaluation asks what one is worth."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Stages:
    """Each can be switched off by itself; a question is answered still, only not as well."""

    identifiers: bool = True
    """Resolution numbers and document symbols are looked up."""
    lexical: bool = True
    """BM25 proposes passages."""
    dense: bool = True
    """Passage vectors propose passages."""
    late_interaction: bool = True
    """MaxSim ranks what was proposed; otherwise their fused scores do."""
    token_weights: bool = True
    """Tokens count by their rarity in MaxSim; otherwise equally."""
    reader: bool = True
    """A cross-encoder reads the best sentences."""
    acronyms: bool = True
    """Abbreviations are searched with their long forms, and defined where that is asked."""
    spelling: bool = True
    """Misspelled words are corrected against the collection's own."""
    parts: bool = True
    """A question that asks several things is taken apart."""
    history: bool = True
    """Follow-ups take what they lack from the question before."""

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The stages that can be switched off."""
        return tuple(one.name for one in fields(cls))

    def without(self, name: str) -> Stages:
        """The same with one stage off."""
        return replace(self, **{name: False})


EVERY_STAGE = Stages()
