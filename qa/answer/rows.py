"""Rows of tables as answers: what a row says, it says of what it names alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from index import language, lexical
from index.database import Database
from index.generation import Generation
from index.records import SentenceFlag
from qa.answer import answer_type
from qa.answer.quotes import Quote
from qa.question import entities
from qa.records import Interpretation

FIRST = 5.0
"""What its passage gains in the ranking: it comes first."""


def is_other(interpretation: Interpretation, best: Quote, database: Database) -> bool:
    """Whether ``best`` is a row of a table, and what the question names stands in other rows of its
    passage alone."""
    if not best.sentence.flags & SentenceFlag.ROW:
        return False
    passage = best.sentence.passage
    own = "\n".join((passage.document.title, *passage.section, best.reading))
    absent = entities.unmentioned(interpretation.names, lexical.readable(own), database)
    around = lexical.readable(passage.headed)
    return len(entities.unmentioned(absent, around, database)) < len(absent)


def look_up(
    interpretation: Interpretation, pool: Iterable[Quote], generation: Generation
) -> Quote | None:
    """The first row of ``pool`` (best first) that alone in its passage has all that the question
    asks for: some of it in its cells, the rest in the heads of its columns, in the caption, in
    headings or in the title. None where there is none."""
    known = language.of(interpretation.language).words
    words = [one for one in interpretation.terms if one.lower() not in known.kinds]
    found = [one for one in pool if _holds(one, words, generation)]
    holding = Counter(one.sentence.passage.row for one in found)
    alone = (one for one in found if holding[one.sentence.passage.row] == 1)
    best = next(alone, None)
    if best is None:
        return None
    lacks = answer_type.lacking(interpretation, [best], generation.database.domains)
    # That a cell is a name, its head says: it looks like any other cell.
    return best if lacks in {None, "name"} else None


def _holds(quote: Quote, words: Sequence[str], generation: Generation) -> bool:
    if not quote.sentence.flags & SentenceFlag.ROW:
        return False

    def terms(*texts: str) -> set[str]:
        return {stem for text in texts for stem in generation.lexical.stems(text)}

    passage = quote.sentence.passage
    wanted = terms(*words) - terms(passage.document.title, *passage.section)
    return bool(wanted & terms(quote.text)) and wanted <= terms(quote.reading)
