"""The marks before list items and numbered paragraphs: "•", "(a)", "12.", "1.1", "§ 5", "Art. 3".

Most tell themselves. Some may as well be words of a sentence ("o", "1.1 million", "Art. 3 says"):
these count only where the lines around them go on in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_ROMAN_DIGITS = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_SYMBOLS = (
    "•‣▪◦⁃∙⦁\u2190-\u21ff\u25a0-\u25ff\u2600-\u27bf\u2b00-\u2bff\uf000-\uf0ff\U0001f300-\U0001faff"
)
"""Bullets that are nothing else: dots, arrows, shapes, ticks, and those of Word's symbol fonts."""
_PART = r"(?:\d{1,3}[a-z]?|[a-zA-Z]|[ivxlIVXL]{1,6})"
_BLANKS = r"[ \t\xa0]"
_PLAIN = re.compile(
    rf"(?P<mark>"
    rf"[{_SYMBOLS}]\ufe0f?(?=[ \t\xa0]|[\w(\"“'‘])"
    rf"|[-*·–—](?={_BLANKS})"
    rf"|§(?={_BLANKS}+[^\W\d])"
    rf"|§{{1,2}}{_BLANKS}?\d{{1,4}}[a-z]?(?:\.\d{{1,3}})*\.?(?={_BLANKS})"
    rf"|\[(?:\d{{1,3}}|[a-z])\](?={_BLANKS})"
    rf"|(?:\({_PART}\)|{_PART}[.)])(?:{_BLANKS}{{0,4}}\({_PART}\)){{0,3}}(?={_BLANKS})"
    rf"){_BLANKS}*(?=\S)"
)
_LETTER = re.compile(rf"(?P<mark>[oØüvqnà]){_BLANKS}+(?=\S)")
"""What becomes of the bullets of Word's symbol fonts in a copy."""
_OUTLINE = re.compile(
    rf"(?P<mark>\d{{1,3}}(?:\.\d{{1,3}}){{1,4}}\.?(?:{_BLANKS}?\({_PART}\))?){_BLANKS}+(?=\S)"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A list mark at the beginning of a line."""

    text: str
    """As it is printed."""
    end: int
    """Where in the line what it marks begins."""

    @property
    def is_symbol(self) -> bool:
        """Whether it is a bullet that begins nothing else."""
        return _SYMBOL.match(self.text) is not None

    @property
    def last(self) -> str:
        """The last part of its number, without brackets and full stops: "a" for "12. (a)"."""
        parts = re.findall(r"\w+", self.text)
        return parts[-1] if parts else ""

    @property
    def shape(self) -> str:
        """What stands around the last part of its number: "()" for "(a)" and for "12. (b)"."""
        last = re.search(r"[(\[]?\w+[.)\]]?$", self.text)
        return re.sub(r"\w+", "", last.group() if last else self.text)


_SYMBOL = re.compile(rf"[{_SYMBOLS}]")


def plain(line: str) -> Mark | None:
    """The mark that ``line`` opens with, if it can be nothing else."""
    match = _PLAIN.match(line)
    if match is None:
        return None
    number = match["mark"].strip("().")
    if len(number) > 1 and number.isalpha() and value(number) is None:
        return None  # "ill.", "mild)"
    return Mark(match["mark"], match.end())


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one text."""

    doubtful: dict[int, Mark]
    """Those that others around them make certain, by the number of the line."""

    @classmethod
    def of(cls, lines: Sequence[str], numbered: re.Pattern[str]) -> Marks:
        """Those of a text with these ``lines``; ``numbered`` finds a number that is led by a word
        of the language ("Art. 3")."""
        found: dict[int, Mark] = {}
        for pattern in (_LETTER, _OUTLINE, numbered):
            for chain in _chains(lines, pattern):
                if len(chain) > 1 and _is_list(lines, chain, pattern is _LETTER):
                    found |= chain
        return cls(found)

    def match(self, line: str, place: int) -> Mark | None:
        """The mark that ``line``, the one at ``place``, opens with."""
        return self.doubtful.get(place) or plain(line)


def _chains(lines: Sequence[str], pattern: re.Pattern[str]) -> Iterator[dict[int, Mark]]:
    """Lines whose marks go on from one to the next."""
    chain: dict[int, Mark] = {}
    last = 0
    for place, line in enumerate(lines):
        match = pattern.match(line)
        if match is None:
            continue
        mark = Mark(match["mark"], match.end())
        if chain and not _follows(chain[last], mark, place - last):
            yield chain
            chain = {}
        chain[place] = mark
        last = place
    if chain:
        yield chain


def _follows(one: Mark, other: Mark, lines: int) -> bool:
    first, second = (list(map(int, re.findall(r"\d+", mark.text))) for mark in (one, other))
    if not first or not second:
        return one.text == other.text and lines <= _LONGEST_ITEM
    if first == second[:-1]:
        return second[-1] == 1
    pairs = zip(first, second, strict=False)
    same = next((at for at, pair in enumerate(pairs) if pair[0] != pair[1]), None)
    if same is None:
        return False
    return second[same] == first[same] + 1 and set(second[same + 1 :]) <= {1}


def _is_list(lines: Sequence[str], chain: dict[int, Mark], letters: bool) -> bool:
    """Whether the lines of a chain are items: they begin with capitals, or something leads to
    them."""
    start = min(chain)
    before = lines[start - 1][-1:] if start else ""
    if before == ":":
        return True
    if letters:
        return before in _ENDS
    return not any(lines[place][mark.end].islower() for place, mark in chain.items())


_ENDS = frozenset(".;!?")
_LONGEST_ITEM = 8
"""Lines of an item, at most, before the next one with the same mark."""


def successors(number: str) -> set[str]:
    """What may follow "3", "b" or "iv" in a list; "h" and "i" may be letters or numerals."""
    if number.isdecimal():
        return {str(int(number) + 1)}
    after = {chr(ord(number) + 1)} if len(number) == 1 else set()
    numeral = value(number)
    return after if numeral is None else after | {roman(numeral + 1)}


def value(number: str) -> int | None:
    """What a numeral says, under 90; None for what is none."""
    return _VALUES.get(number.lower())


def roman(number: int) -> str:
    """``number``, under 90, as a numeral in lower case."""
    shown = ""
    for worth, sign in _ROMAN_DIGITS:
        while number >= worth:
            shown += sign
            number -= worth
    return shown


_VALUES = {roman(number): number for number in range(1, 90)}
