"""Splits a block of text into sentences with exact offsets, by NLTK's Punkt.

Punkt (Kiss and Strunk, 2006) decides from a list of abbreviations whether a full stop ends
a sentence. NLTK's trained lists are data that must be downloaded, so the project carries
its own, for the English of official documents. Punkt reads a shadow of the text, equal to
it in length, in which marks that would mislead it (footnote digits, curly quotes, the full
stop of "No. 5") are replaced one for one; its spans therefore hold in the text itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from index import language

Span = tuple[int, int]

_SHADOW = {ord(mark): '"' for mark in "“”„‟«»‹›"} | {ord(mark): "'" for mark in "‘’‚‛"}
_SHADOW |= {ord(mark): " " for mark in "\xa0\ufeff\u200b\u3000\v\f\x1c\x1d\x1e\x85\u2028\u2029"}
_TAIL = re.compile(
    r"(?<=[.?!])(?:[\"')\]*_⁰¹²³⁴-⁹†‡]|\[\d{1,3}\]|[ \t]?\[\^[^\]\s]{1,40}\]|\^\w{1,3}\^|"
    r"<sup>[^<>]{1,40}</sup>|<sup><a\b[^<>]{0,200}>[^<>]{1,9}</a></sup>|"
    r"</?(?:b|em|i|span|strong|u)>)+(?=\s|$)"
)
"""What may stand between a full stop and the blank after it: quotes, emphasis, note marks."""
_NOTE_DIGITS = re.compile(
    r"(?:(?<=[^\W\d_]{5}[.?!])|(?<=[)\]\"'][.?!])|(?<=[^\W_][.?!][\"')]))\d{1,3}(?=\s+[\"'(]*[A-Z])"
)
"""The number of a footnote that a copy has lowered: "of all States.13 The Council"."""
_GOES_ON = re.compile(r"(?:(?<=\w)\.(?=\)*\s+(\w))|[?!](?=\)+\s+(\w)))")
"""A mark that ends no sentence if the letter after it is a small one."""
_ITEM_NUMBER = re.compile(r"(?:^|(?<=[.;]\s))\d{1,2}\.(?=\s+\S)")
"""The number of an item within a line."""
_WIDE_STOP = re.compile(r"[。！？｡]+[”’」』）\"')⁰¹²³⁴-⁹]*|[؟।॥۔።]+[”’»)\"'⁰¹²³⁴-⁹]*(?=\s|$)")
_SEMICOLON = re.compile(r";\s+")
_PAUSE = re.compile(r"[,;:]\s+")
_SHORTEST_CLAUSE = 80
_CUT_BEFORE = (_SEMICOLON, re.compile(r",\s+"), re.compile(r"\s+"))


def split(text: str, start: int, end: int, code: str = "") -> Iterator[Span]:
    """Spans of the sentences of ``text[start:end]``, in order, without blanks around them, by what
    is known of the language with the ISO 639 ``code``.

    Every character that is not blank falls into exactly one span.
    """
    from index import punkt  # which imports NLTK: only where a text is split

    block = text[start:end]
    for first, last in punkt.tokenizer(code).span_tokenize(_shadow(block, code)):
        for left, right in _wide_split(block, first, last):
            span = strip(text, start + left, start + right)
            if span is not None:
                yield span


def pieces(text: str, span: Span, limit: int) -> list[Span]:
    """``span`` itself, or its pieces of at most ``limit`` characters where it is longer.

    Cuts where clauses end that can be read alone; what is still too long, after a semicolon, else
    a comma, else a blank, in the second half of the limit; where there is none, at the limit
    itself. Linear in the length of the span.
    """
    start, end = span
    if end - start <= limit:
        return [span]
    bounds = [start, *_clauses(text, start, end), end]
    return [one for part in pairwise(bounds) for one in _pieces(text, *part, limit)]


def _clauses(text: str, start: int, end: int) -> list[int]:
    """Where clauses begin, within a sentence: those that decide something, and those between
    semicolons that are long enough to say something."""
    decides = language.of("").patterns.decides
    found = [
        match.end()
        for match in _PAUSE.finditer(text, start, end)
        if decides.match(text, match.end(), end)
    ]
    stops = [start, *(match.end() for match in _SEMICOLON.finditer(text, start, end)), end]
    long = [right - left >= _SHORTEST_CLAUSE for left, right in pairwise(stops)]
    found += [stop for stop, both in zip(stops[1:-1], pairwise(long), strict=True) if all(both)]
    return sorted(set(found))


def _pieces(text: str, start: int, end: int, limit: int) -> list[Span]:
    found: list[Span] = []
    while end - start > limit:
        cut = _cut(text, start, start + limit)
        piece = strip(text, start, cut)
        if piece is not None:
            found.append(piece)
        start = cut
    rest = strip(text, start, end)
    return [*found, rest] if rest is not None else found


def strip(text: str, start: int, end: int) -> Span | None:
    """``start`` and ``end`` without the blanks inside them; None where there is nothing else.

    A byte order mark and a zero-width space count as blanks.
    """
    while start < end and _blank(text[start]):
        start += 1
    while end > start and _blank(text[end - 1]):
        end -= 1
    return (start, end) if start < end else None


def _shadow(block: str, code: str) -> str:
    shadow = block.translate(_SHADOW)
    for tail in (_NOTE_DIGITS, _TAIL):
        shadow = tail.sub(lambda match: ")" * len(match.group()), shadow)
    # As one word: a letter alone would be an initial to Punkt.
    joined = language.of(code).patterns.ends_with_letter
    shadow = joined.sub(lambda match: f"{match.group()[:-2]}_{match.group()[-1]}", shadow)
    for pattern in _not_last(code):
        shadow = pattern.sub(lambda match: match.group()[:-1] + " ", shadow)
    return _GOES_ON.sub(_unless_upper, shadow)


@cache
def _not_last(code: str) -> tuple[re.Pattern[str], ...]:
    """Full stops that end no sentence: "e.g.", "No. 5", "Ch. VII", "UN Doc. S/2017/716", the
    number of an item within a line, "J.R. Smith"."""
    known = language.of(code)
    starters = "|".join(word.capitalize() for word in sorted(known.words.starters))
    unless = rf"(?!(?:{starters})\b)" if starters else ""
    initials = re.compile(rf"(?<![\w.])(?:[A-Z]\.){{2,}}(?=\s+{unless}[A-Z])")
    return (*known.patterns.not_last, _ITEM_NUMBER, initials)


def _unless_upper(match: re.Match[str]) -> str:
    return " " if match[match.lastindex or 0].islower() else match.group()


def _wide_split(block: str, first: int, last: int) -> Iterator[Span]:
    """Ends sentences at the full stops of other scripts, which Punkt does not know."""
    start = first
    for match in _WIDE_STOP.finditer(block, first, last):
        yield start, match.end()
        start = match.end()
    if start < last:
        yield start, last


def _cut(text: str, start: int, limit: int) -> int:
    middle = start + (limit - start) // 2
    for pattern in _CUT_BEFORE:
        ends = [match.end() for match in pattern.finditer(text, middle, limit)]
        if ends:
            return ends[-1]
    return limit


def _blank(character: str) -> bool:
    return character.isspace() or character in "\ufeff\u200b"
