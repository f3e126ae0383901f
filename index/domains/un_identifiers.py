"""The identifiers of United Nations documents, in any form that people write them.

Security Council resolution 2462 of 2019 appears as "resolution 2462", "Resolution 2462
(2019)", "UNSCR 2462", "res. 2462", "S/RES/2462 (2019)", within "resolutions 2395 (2017) and
2396 (2017)", or as a bare "2462 (2019)". All have one key, ``S/RES/2462``. General Assembly
resolutions have keys such as ``A/RES/60/288``, ``A/RES/ES-11/1`` and ``A/RES/2625(XXV)``, those
of the Human Rights Council ``A/HRC/RES/28/16``; other documents keep their symbol:
``S/PRST/2016/6``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.records import Mention

_YEAR = r"\s?\(\s?(?P<{0}>(?:19|20)\d\d)\s?\)"
_SYMBOL = re.compile(
    r"(?<![\w/])(?P<symbol>(?:[A-Z]{1,5}(?:\.\d{1,2})?|[sa](?=/))(?:/[A-Za-z0-9.]+)*/(?:E?S-)?[A-Za-z]*\d"
    r"(?:[\w.]|-(?![A-Z]{1,5}/))*"
    r"(?:/(?:(?:Rev|Corr|Add)\. \d+|(?:[A-Za-z0-9.]|-(?![A-Z]{1,5}/))+))*(?:\([A-Z0-9/]+\))?)"
    r"(?:" + _YEAR.format("year") + r")?"
)
_SERIAL = re.compile(r"[AEST]/\d{3,}", re.IGNORECASE)
"""Old symbols have one slash ("S/25704"); all others two, unlike "HTTP/2" and "H/264"."""
_WORD = re.compile(
    r"(?<![\w/])(?:(?P<council>(?:unscr|scr)(?:s?\b-?|(?=\d))|unsc\s+res(?:olution)?s?\b|"
    r"security\s+council\s+res[a-z]*)|"
    r"(?P<assembly>unga\s+res(?:olution)?s?\b|ga\s?res(?:olution)?s?\b|"
    r"general\s+assembly\s+(?:in\s+its\s+)?res[a-z]*)|"
    r"(?P<rights>(?:hrc|human\s+rights\s+council)\s+res[a-z]*)|(?:resolutions?|res)\b)"
    r"\.?,?(?:\s*(?:no\.?s?|numbers?|nr\.?|\#))?\s*(?=\d|E?S-\d)",
    re.IGNORECASE,
)
_ASSEMBLY = r"(?P<session>(?:E?S-)?\d{1,2})/(?P<item>\d{1,3})(?!\d|/)"
_ROMAN = r"(?P<old>\d{1,4})\s?(?P<part>[A-Z]\s?)?\((?P<roman>[IVXL]+)\)"
_COUNCIL = (
    r"(?P<number>\d,\d{3}(?![\d,])|\d{1,4})"
    r"(?:/(?P<of>(?:19|20)\d\d)(?![\w/])|(?![\w/])(?:" + _YEAR.format("year") + r")?)"
)
_ITEM = re.compile(rf"{_ASSEMBLY}|{_ROMAN}|{_COUNCIL}")
_JOIN = re.compile(r"\s*(?:,(?:\s*(?:and|or))?|and|or|&|;|to)\s*(?=\d)", re.IGNORECASE)
_BARE = re.compile(
    r"(?<![\w/.,-])(?P<number>\d{3,4}|\d{1,2}(?=\s?\(\d{4}\)\.\s+Resolution\b))"
    + _YEAR.format("year")
)
"""With three digits at least, because "article 13 (2015)" is no resolution; with fewer in a
heading such as "84 (1950). Resolution of 7 July 1950"."""
_NAMED = re.compile(
    r"(?:\b(?!Resolutions?\b|Res\b|And\b|Or\b|The\b|In\b|By\b|Of\b|To\b|See\b|Also\b|Both\b|Under\b|Council\b|SC\b|UNSC)"
    r"[A-Z][\w-]*|\b[Nn]os?\.?|\b(?:room|article|regulation|directive|law|act|decree|section|page|"
    r"convention|recommendation|rule|order|flight|bus|line|unit|model|item|case|number))\s+$"
)
"""What a number with a year is of, if not of a resolution: "Room 1373 (2008)", "No. 189 (2011)"."""
_BARE_OLD = re.compile(
    r"(?<![\w/.,-])(?:A/RES/)?(?P<old>\d{3,4})\s?(?P<part>[A-Z]\s?)?\((?P<roman>[IVXL]+)\)"
)
_NUMBER = re.compile(r"(?<![\w/.,-])\d{1,4}(?![\w/-]|[.,]\d)")
_COUNTED = re.compile(
    r"\s*(?:january|february|march|april|may|june|july|august|september|october|november|"
    r"december|per\b|%|years?|days?|months?|states?|members?|meetings?|countries|nations|"
    r"governments|people|persons|participants|pages?)",
    re.IGNORECASE,
)
"""What follows a number that is a date or a count."""


def find(text: str) -> list[Mention]:
    """Every identifier in ``text``, in order, without overlaps."""
    found: list[Mention] = []
    taken_until = -1
    for mention in sorted(_candidates(text), key=lambda one: (one.start, -one.end)):
        if mention.start >= taken_until:
            found.append(mention)
            taken_until = mention.end
    return found


def bare_numbers(text: str) -> list[Mention]:
    """Numbers that may be resolutions if a collection says so ("what about 2129?").

    Those in identifiers that ``find`` sees are left out.
    """
    spans = [(mention.start, mention.end) for mention in find(text)]
    # "General Assembly resolution 2199" lacks a session, and is none of the Council's.
    spans += [
        (word.end(), item.end())
        for word in _WORD.finditer(text)
        if (word["assembly"] or word["rights"]) and (item := _ITEM.match(text, word.end()))
    ]
    return [
        Mention(council_key(match.group()), match.start(), match.end())
        for match in _NUMBER.finditer(text)
        if not any(start <= match.start() < end for start, end in spans)
    ]


def council_key(number: int | str) -> str:
    """Key of a Security Council resolution."""
    return f"S/RES/{int(number)}"


def label(key: str, year: int | None = None) -> str:
    """How a text would call the identifier: "resolution 2462 (2019)" for ``S/RES/2462``. What is
    no resolution is called by its symbol, which is its key."""
    suffix = f" ({year})" if year else ""
    if key.startswith("S/RES/"):
        return f"resolution {key.removeprefix('S/RES/')}{suffix}"
    if key.startswith("A/RES/"):
        return f"General Assembly resolution {key.removeprefix('A/RES/')}"
    return ""


def _candidates(text: str) -> Iterator[Mention]:
    yield from _symbols(text)
    for match in _WORD.finditer(text):
        yield from _list(text, match)
    for match in _BARE.finditer(text):
        if _NAMED.search(text, max(0, match.start() - 40), match.start()):
            continue
        yield Mention(council_key(match["number"]), match.start(), match.end(), int(match["year"]))
    for match in _BARE_OLD.finditer(text):
        yield Mention(_old_key(match), *match.span())


def _symbols(text: str) -> Iterator[Mention]:
    for match in _SYMBOL.finditer(text):
        symbol = match["symbol"].rstrip(".-")
        if symbol.count("/") == 1 and not _SERIAL.fullmatch(symbol):
            continue
        end = match.end() if match["year"] else match.start() + len(symbol)
        upper = symbol.replace(" ", "").upper()
        year = int(match["year"]) if match["year"] else None
        council = re.fullmatch(r"S/RES/(\d{1,4})(?:\(((?:19|20)\d\d)\))?", upper)
        if council:
            key = council_key(council[1])
            year = year or (int(council[2]) if council[2] else None)
        else:
            key = upper
        yield Mention(key, match.start(), end, year)


def _list(text: str, word: re.Match[str]) -> Iterator[Mention]:
    """The identifiers that share one "resolutions": "1373 (2001), 1624 (2005) and 2482"."""
    start, position = word.start(), word.end()
    first = True
    while (item := _ITEM.match(text, position)) is not None:
        mention = _item(item, start, word)
        if mention is None or (not first and not _continues(text, item)):
            return
        yield mention
        first = False
        join = _JOIN.match(text, item.end())
        if join is None:
            return
        start = position = join.end()


def _item(item: re.Match[str], start: int, word: re.Match[str]) -> Mention | None:
    if item["session"]:
        body = "A/HRC/RES" if word["rights"] else "A/RES"
        session = item["session"].upper()
        session = session if "S" in session else str(int(session))
        key = f"{body}/{session}/{int(item['item'])}"
    elif item["roman"]:
        key = _old_key(item)
    elif word["assembly"] or word["rights"]:
        return None  # a session is missing, so nothing is identified
    else:
        key = council_key(item["number"].replace(",", ""))
    year = int(item["year"] or item["of"]) if item["year"] or item["of"] else None
    return Mention(key, start, item.end(), year)


def _old_key(match: re.Match[str]) -> str:
    """Key of an Assembly resolution from before 1976, numbered through all sessions."""
    return f"A/RES/{int(match['old'])}{(match['part'] or '').strip()}({match['roman']})"


def _continues(text: str, item: re.Match[str]) -> bool:
    """Whether a later number of a list is still a resolution, not a date or a count."""
    if item["session"] or item["roman"] or item["year"] or item["of"]:
        return True
    number = item["number"]
    if len(number) < 3 or _COUNTED.match(text, item.end()):
        return False
    return not (len(number) == 4 and number.startswith(("19", "20")) and int(number) < 2040)
