"""What a loader gave, made sure of: a mistake of a loader, or of the library that it uses, is the
fault of one file and must not stop all that comes after."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

from index.loading.loader import Content
from index.records import Block

_SURROGATE = re.compile("[\ud800-\udfff]")
Value = TypeVar("Value")


def sound(content: Content) -> Content:
    """``content``, with U+FFFD for every half of a character, and plain numbers. Raises
    ``ValueError`` where it speaks of places that it does not have."""
    length = len(content.text)
    spans = [span for block in content.blocks for span in _spans(block)]
    spans += [(page.start, page.end) for page in content.pages]
    if not all(0 <= start <= end <= length for start, end in spans):
        raise ValueError("a span lies outside the text")
    _in_order([(block.start, block.end) for block in content.blocks])
    _printed(content)
    return _whole(content)


def _printed(content: Content) -> None:
    length, boxes, printed_on = len(content.text), content.boxes, content.printed_on
    for array, shape in ((boxes, (length, 4)), (printed_on, (length,))):
        if array is not None and array.shape != shape:
            raise ValueError(f"the places of characters are {array.shape} and not {shape}")
    if boxes is None or printed_on is None or not length:
        return
    if printed_on.min() < 0 or printed_on.max() > len(content.pages):
        raise ValueError("a character is printed on a page that is none")
    if not np.isfinite(boxes[printed_on > 0]).all():
        raise ValueError("a character that is printed has no place")


def _spans(block: Block) -> Iterable[tuple[int, int]]:
    return ((block.start, block.end), *block.cells)


def _in_order(spans: list[tuple[int, int]]) -> None:
    for (_, end), (start, _) in pairwise(spans):
        if start < end:
            raise ValueError("a block begins before the one before it ends")


def _whole(value: Value) -> Value:
    """``value`` without halves of characters in any of its texts, which cannot be written."""
    changed: Any = value
    if isinstance(value, str):
        changed = value if value.isascii() else _SURROGATE.sub("\ufffd", value)
    elif isinstance(value, np.generic):
        changed = value.item()
    elif isinstance(value, tuple):
        parts = [_whole(one) for one in value]
        if any(new is not old for new, old in zip(parts, value, strict=True)):
            changed = tuple(parts)
    elif is_dataclass(value) and not isinstance(value, type):
        found = {one.name: getattr(value, one.name) for one in fields(value)}
        mended = {name: _whole(one) for name, one in found.items()}
        different = {name: one for name, one in mended.items() if one is not found[name]}
        changed = replace(value, **different) if different else value
    return changed  # type: ignore[no-any-return]  # of the kind that came
