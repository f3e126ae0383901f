"""Finds abbreviations that a text defines, by the method of Schwartz and Hearst.

A. S. Schwartz, M. A. Hearst: A simple algorithm for identifying abbreviation definitions in
biomedical text. Pacific Symposium on Biocomputing 8 (2003), 451-462. The candidates are
"long form (SHORT)" and "SHORT (long form)", in round or square brackets; a long form must
hold the letters of the short one in order, the first of them at the start of a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.language import Language
from index.records import Definition

_INSIDE = r"(?:[^()\[\]\n]|\n(?!\s*\n)){2,120}"
_BRACKETS = re.compile(rf"\({_INSIDE}\)|\[{_INSIDE}\]")
_SHORT = re.compile(r"[A-Za-z][A-Za-z0-9&/.'’-]{1,9}")
_ROMAN = re.compile(r"[IVX]+")
_QUOTED = re.compile(r"[\"“‘']?(?P<short>[\w&/.-]+)[\"”’']?")
_SENTENCE_BREAK = re.compile(r"[.;:!?]\s|\n\s*\n|[\n\r]\s*[-•*]\s")


def find(text: str, known: Language) -> list[Definition]:
    """Every definition in ``text``, in order of their places, by what is ``known`` of its
    language."""
    return list(_find(text, known))


def _find(text: str, known: Language) -> Iterator[Definition]:
    for match in _BRACKETS.finditer(text):
        inside = text[match.start() + 1 : match.end() - 1].strip()
        quoted = known.patterns.quoted_short.fullmatch(inside) or _QUOTED.fullmatch(inside)
        if quoted and is_short_form(quoted["short"]):
            yield from _before(text, match, quoted["short"], known)
        else:
            yield from _after(text, match, known.patterns.article.sub("", inside, count=1), known)


def is_short_form(text: str) -> bool:
    """Two to ten characters, one word, at least two capitals (or one and a digit), no numeral."""
    if not _SHORT.fullmatch(text) or _ROMAN.fullmatch(text):
        return False
    capitals = sum(letter.isupper() for letter in text)
    return capitals >= 2 or (capitals == 1 and any(map(str.isdigit, text)))


def _before(text: str, match: re.Match[str], short: str, known: Language) -> Iterator[Definition]:
    """ "Counter-Terrorism Committee Executive Directorate (CTED)"."""
    words = min(len(short) + 5, 2 * len(short))
    lead = text[max(0, match.start() - 200) : match.start()].rstrip(" *_\t")
    breaks = list(_SENTENCE_BREAK.finditer(lead))
    lead = lead[breaks[-1].end() :] if breaks else lead
    starts = [one.start() for one in re.finditer(r"\S+", lead)]
    lead = lead[starts[-words] :] if len(starts) > words else lead
    long_start = best_long_form(short, lead, known)
    if long_start is not None and (closing := _unopened(lead, long_start)):
        # The end of another definition: "the Council (ABC), Association of Boat Crews (ABC)".
        lead = lead[closing:]
        long_start = best_long_form(short, lead, known)
    if long_start is None:
        return
    end = text.rindex(lead, 0, match.start()) + len(lead)
    long = " ".join(lead[long_start:].split())
    yield Definition(short, long, end - len(lead) + long_start, match.end())


def _unopened(text: str, start: int) -> int:
    """The place after the last bracket that is closed, but not opened, from ``start`` on; 0 where
    there is none."""
    depth = last = 0
    for place in range(start, len(text)):
        depth += (text[place] in "([") - (text[place] in ")]")
        if depth < 0:
            depth, last = 0, place + 1
    return last


def _after(text: str, match: re.Match[str], inside: str, known: Language) -> Iterator[Definition]:
    """ "CTITF [Counter-Terrorism Implementation Task Force]"."""
    lead = re.search(r"(\S+)\s+$", text[max(0, match.start() - 20) : match.start()])
    if lead is None or not is_short_form(lead[1]):
        return
    short, words = lead[1], inside.split()
    if not 2 <= len(words) <= min(len(short) + 5, 2 * len(short)):
        return
    if best_long_form(short, inside, known) == 0:
        start = match.start() - (len(lead[0]) - lead[0].index(short))
        yield Definition(short, " ".join(words), start, match.end())


def best_long_form(short: str, long: str, known: Language) -> int | None:
    """Where in ``long`` the long form of ``short`` starts, or None.

    First the shortest run of words whose initials spell it, words between allowed: the
    paper's own search, which takes letters from within words too, would read "CTED" as
    "CommitTee Executive Directorate" and lose "Counter-Terrorism". It starts with no word such
    as "of", so that OHCHR is the Office and not "of the High Commissioner".
    """
    start = _by_initials(short, long, known.words.small)
    if start is not None:
        return start
    start = _by_letters(short, long)
    # Two things are no one's name: "Mali and the United Nations ... Mission in Mali (MINUSMA)".
    several = start is not None and known.patterns.two_things.search(long, start)
    return None if several else start


def _by_initials(short: str, long: str, small: frozenset[str]) -> int | None:
    wanted = [letter.lower() for letter in short if letter.isalnum()]
    for match in reversed(list(re.finditer(r"[^\W_]+", long))):
        first_of_small = len(wanted) == 1 and match.group() in small
        if match.group()[0].lower() == wanted[-1] and not first_of_small:
            wanted.pop()
            if not wanted:
                return match.start()
    return None


def _by_letters(short: str, long: str) -> int | None:
    """The paper's search: backwards through both, the first letter at the start of a word."""
    position = len(long)
    for number in range(len(short) - 1, -1, -1):
        wanted = short[number].lower()
        if not wanted.isalnum():
            continue
        position -= 1
        while position >= 0 and (
            long[position].lower() != wanted
            or (number == 0 and position > 0 and long[position - 1].isalnum())
        ):
            position -= 1
        if position < 0:
            return None
    start = long.rfind(" ", 0, position) + 1
    hyphen = max(long.rfind(mark, start, position) for mark in '-/“"*') + 1
    start = max(start, hyphen if start != 0 or hyphen else start)
    while start < len(long) and not long[start].isalnum():
        start += 1
    return start if len(long) - start > len(short) and short not in long[start:].split() else None
