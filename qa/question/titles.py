"""Which documents a question names by their titles, whole or in part: "the twenty-first report of
the Secretary-General on ISIL"."""

from __future__ import annotations

from dataclasses import dataclass

from index.generation import Generation
from index.language import Language
from index.titles import Titles
from qa.question.words import WORD, possessive_off

_LEAST_WORDS = 2
_LEAST_SHARE = 0.75
"""So much of a title's words of content names it, whatever they are."""
_PART_WORDS = 3
"""So many name it where they say of what kind it is ("report") and no other title has them all."""
_MOST = 3
"""Words that more titles have in common name none of their documents."""
_LONGEST = 40
"""Words of content of a run, at most."""


@dataclass(frozen=True, slots=True)
class Titled:
    """Words of a question, and the documents that they name by their titles."""

    documents: tuple[str, ...]
    start: int
    end: int


def named(text: str, generation: Generation, known: Language) -> Titled | None:
    """The longest run of words of ``text`` that names documents by their titles; None where none
    does. Words without content may stand between them."""
    content = []
    for match in WORD.finditer(text):
        word = possessive_off(match.group().lower())
        if word not in known.words.stop:
            terms = frozenset(generation.lexical.stems(word))
            content.append((match.span(), word in known.words.documents, terms))
    best: Titled | None = None
    longest = _LEAST_WORDS - 1
    for first, ((start, _), _, opening) in enumerate(content):
        said: frozenset[str] = frozenset()
        kind, having = False, generation.titles.having(opening)
        for (_, end), is_kind, terms in content[first : first + _LONGEST]:
            said, kind = said | terms, kind or is_kind
            having &= generation.titles.having(terms)
            if not having:
                break
            meant = _meant(said, having, kind, generation.titles)
            if meant and len(said) > longest:
                best, longest = Titled(meant, start, end), len(said)
    return best


def _meant(
    said: frozenset[str], having: frozenset[str], kind: bool, titles: Titles
) -> tuple[str, ...]:
    """Those of the documents ``having`` all terms ``said`` in their titles that these name; they
    may say the ``kind`` of a document."""
    whole = sorted(id for id in having if len(said) >= _LEAST_SHARE * len(titles.terms(id)))
    if 0 < len(whole) <= _MOST:
        return tuple(whole)
    part = kind and len(said) >= _PART_WORDS and len(having) == 1
    return tuple(having) if part else ()
