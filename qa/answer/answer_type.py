"""Whether quotes give a thing of the kind that a question asks for: a date, a number, a name, or a
document by its identifier."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index import language
from index.domains import Domains
from index.language import Patterns
from qa.answer.quotes import Quote
from qa.records import Interpretation, Kind

_NAME = re.compile(r"(?<=[a-z,;(] )[A-Z][A-Za-z]+|\b[A-Z]{2,}\b")


def lacking(
    interpretation: Interpretation, quotes: Sequence[Quote], domains: Domains
) -> Kind | None:
    """What kind of thing the question asks for and ``quotes`` do not give; None where they do,
    or where no such thing is asked for."""
    kind = interpretation.kind
    if kind is None:
        return None
    if kind == "identifier":
        lacks = lacks_identifier(interpretation.text, quotes, domains)
    else:
        known = language.of(interpretation.language).patterns
        text = " ".join(one.text for one in quotes)
        lacks = _lacks(kind, known, interpretation.text, text, domains)
    return kind if lacks else None


def none_at_all(kind: Kind, text: str, interpretation: Interpretation, domains: Domains) -> bool:
    """Whether ``text`` has nothing that anybody might take for one of ``kind``: what a reader is
    told to be lacking must be, whatever it means there. False for names: one that opens a sentence
    looks like any word."""
    known = language.of(interpretation.language).patterns
    if any(map(str.isdigit, text)):
        return False
    if kind == "identifier":
        return not domains.tells_kind(text)
    if kind == "number":
        return not (known.amount.search(text) or known.number.search(text))
    return kind == "date" and known.time.search(text) is None


def _lacks(kind: Kind, known: Patterns, question: str, text: str, domains: Domains) -> bool:
    """Whether ``text`` has nothing of ``kind`` that ``question`` has not. The year and the number
    of a document are its name, and no date."""
    for one in reversed(domains.find(text)):
        text = text[: one.start] + text[one.end :]
    if kind == "number":
        text = known.date.sub(" ", text)
    kinds = {"date": [known.date], "number": [known.number]}
    told = kinds.get(kind, [_NAME, known.addressed])
    asked = question.lower()
    return all(match.group().lower() in asked for one in told for match in one.finditer(text))


def lacks_identifier(question: str, quotes: Sequence[Quote], domains: Domains) -> bool:
    """Whether ``quotes`` neither name a document that ``question`` has not nor are what such a
    document says: its recitals, which end in a comma, speak of others."""
    known = {one.key for one in domains.find(question)}
    for one in quotes:
        passage = one.sentence.passage
        headings = "\n".join((passage.document.title, *passage.section))
        own_title = "" if one.text.endswith(",") else headings
        if {found.key for found in domains.find(f"{own_title}\n{one.text}")} - known:
            return False
    return True
