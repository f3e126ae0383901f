"""Marks that number or open what stands behind them: "12.", "(a)", "IV.", "•"."""

from __future__ import annotations

import re

_NUMBERED = r"\d{1,3}(?:\.\d{1,3}){1,4}\.?|\d{1,4}\."
_MARK = re.compile(
    rf"(?P<mark>[-*•‣▪◦·–—●○■□➢✓]|\(?(?:\d{{1,3}}|[a-zA-Z]{{1,2}}|[ivxlIVXL]{{1,5}})\)"
    rf"|{_NUMBERED}|[a-zA-Z]\.|[IVXL]{{1,6}}\.|[ivxl]{{1,6}}\.)\s+(?=\S)"
)
_ORDINAL = re.compile(rf"(?:{_NUMBERED})$")
_CLASSES = (
    ("roman", re.compile(r"[IVXL]+\.$")),
    ("capital", re.compile(r"[A-Z]\.$")),
    ("number", re.compile(r"\d+\.$")),
)
_NESTED = re.compile(r"\d+(?:\.\d+)+\.?$")


def split(text: str) -> tuple[str, int]:
    """The mark that opens ``text`` and where what it marks begins; "" and 0 where there is none."""
    match = _MARK.match(text)
    return (match["mark"], match.end()) if match else ("", 0)


def is_mark(text: str) -> bool:
    """Whether a piece of a line is a mark and nothing else."""
    return len(text) <= 12 and split(f"{text.strip()} x")[0] == text.strip()


def is_ordinal(mark: str) -> bool:
    """Whether a mark numbers a paragraph: "12."."""
    return _ORDINAL.match(mark) is not None


def class_of(mark: str) -> str:
    """What kind of number a mark has: marks of one kind number things of one rank."""
    if _NESTED.match(mark):
        return f"nested{mark.rstrip('.').count('.')}"
    return next((name for name, pattern in _CLASSES if pattern.match(mark)), "")
