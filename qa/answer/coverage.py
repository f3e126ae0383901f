"""What of a question a quote has: in its own words, and by the title and headings over it.

It tells whether a second source says the same of the same thing, and whether a question tells two
statements apart that differ in little.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from index.generation import Generation
from qa.answer.quotes import Quote
from qa.question import entities, knowledge
from qa.records import Interpretation

_TOKEN = re.compile(r"[^\W_]+")
_OPENING = ' *_`#>"“‘(['
_MARKED = 3
"""Words in capitals as short as this ("B", "II", "WHO") tell things apart, as numbers do, though
they may be no words of content."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The words of a question that a quote has."""

    inside: frozenset[str]
    around: frozenset[str]
    """Those, and what its passage, title and headings have."""
    named: frozenset[str]
    """Names and identifiers among them all."""
    telling: frozenset[str]
    """Names, numbers and letters of the question, whether or not the quote has them."""
    own: bool
    """Whether the quote itself names something: what it says is of that."""
    context: frozenset[str]
    """What tells its passage, title and headings from others: words with a capital or a digit."""

    def repeated_by(self, other: Coverage) -> bool:
        """Whether a quote of the same words with ``other`` says it of the same thing: "The mandate
        ends in June" says it of Mali in one document and of Chad in another. A quote that names
        what it is about, and all that the question names, says so itself; of others the contexts
        decide."""
        if not self.around <= other.around:
            return False
        if self.own and self.telling <= self.inside:
            return True
        return self.context == other.context

    def rivalled_by(self, other: Coverage, whether: bool) -> bool:
        """Whether a question does not tell the two apart. One that asks ``whether`` something is so
        may be answered by a sentence without its words: "lifted" by "extended"."""
        if whether:
            return self.named <= other.named
        return self.inside <= other.inside and self.around <= other.around


def of(interpretation: Interpretation, generation: Generation) -> Callable[[Quote], Coverage]:
    """Gives the coverage of a quote."""
    stems, words = generation.lexical.stems, generation.database.words
    known = knowledge.of(interpretation.language, generation.database)
    content = {stem for term in interpretation.terms for stem in stems(term)}
    exact = {one for one in _TOKEN.findall(interpretation.text) if _marks(one)}
    names = {
        stem
        for term in interpretation.terms
        if term[0].isupper() or (term in words and words.shown(term)[0].isupper())
        for stem in stems(term)
    }

    def held(text: str) -> frozenset[str]:
        return frozenset(content.intersection(stems(text))) | exact.intersection(
            _TOKEN.findall(text)
        )

    @cache
    def coverage(quote: Quote) -> Coverage:
        passage = quote.sentence.passage
        around = held(passage.headed)
        over = _TOKEN.findall(passage.headed)
        return Coverage(
            inside=held(quote.text),
            around=around,
            named=(around & names) | quote.sentence.answers_for,
            telling=frozenset(names | exact),
            own=bool(entities.names(quote.text.lstrip(_OPENING), known)),
            context=frozenset(
                one for one in over if one[0].isupper() or any(map(str.isdigit, one))
            ),
        )

    return coverage


def _marks(token: str) -> bool:
    return any(map(str.isdigit, token)) or (token.isupper() and len(token) <= _MARKED)
