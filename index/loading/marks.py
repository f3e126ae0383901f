"""Numbers as lists print them: "12", "b", "iv"."""

from __future__ import annotations

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LARGEST_ROMAN = 3999


def numeral(number: int, kind: str) -> str:
    """``number`` in numbers of a ``kind``, as Office Open XML calls it: lowerLetter, upperRoman
    and so on. Any other kind, and what a kind has no number for, is decimal."""
    shown = str(number)
    if kind == "decimalZero":
        shown = f"{number:02}"
    elif kind in ("lowerLetter", "upperLetter") and number > 0:
        # Word's way: after z comes aa, then bb.
        shown = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 4)
    elif kind in ("lowerRoman", "upperRoman") and 0 < number <= _LARGEST_ROMAN:
        shown = _roman(number)
    return shown.upper() if kind.startswith("upper") else shown


def _roman(number: int) -> str:
    parts = []
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        parts.append(sign * count)
    return "".join(parts)
