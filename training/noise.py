"""What people and files do to words: questions typed in a hurry, titles that are wrong or missing,
words that a line's end or a page's number breaks. A reader that has seen it is not misled by it."""

from __future__ import annotations

import random
from dataclasses import replace

from training.excerpts import Excerpt
from training.records import Group

_SLIPS, _SMALL = 0.1, 0.05
"""Shares of questions: with slips of typing, and without capitals."""
_NO_TITLE, _WRONG_TITLE = 0.06, 0.06
"""Shares of groups: whose title is missing, and whose title is none."""
_NO_HEADING, _NO_BEFORE, _BROKEN, _NUMBERED = 0.1, 0.15, 0.05, 0.03
"""Shares of quotes: whose heading, or the sentence before, is missing; that a line's end breaks;
in which the number of a page stands."""
_NO_TITLES = (
    "Untitled",
    "Microsoft Word - {}.doc",
    "untitled document",
    "{}.pdf",
    "page 1 of {}",
    "{}",
)


def noisy(group: Group, order: random.Random) -> Group:
    """``group`` as it might have come."""
    chance = order.random()
    if chance < _SLIPS:
        group = sloppy(group, order)
    elif chance < _SLIPS + _SMALL:
        group = replace(group, question=group.question.lower().rstrip("?."))
    chance, title = order.random(), None
    if chance < _NO_TITLE:
        title = ""
    elif chance < _NO_TITLE + _WRONG_TITLE:
        title = order.choice(_NO_TITLES).format(order.randrange(10, 99999))
    examples = []
    for one in group.examples:
        excerpt = one.excerpt if title is None else replace(one.excerpt, title=title)
        examples.append(replace(one, excerpt=_as_printed(excerpt, order)))
    return replace(group, examples=tuple(examples))


def _as_printed(one: Excerpt, order: random.Random) -> Excerpt:
    if order.random() < _NO_HEADING:
        one = replace(one, heading="")
    if order.random() < _NO_BEFORE:
        one = replace(one, before="")
    words = one.quote.split()
    if len(words) > 6:
        at = order.randrange(2, len(words) - 2)
        if order.random() < _BROKEN and len(words[at]) > 5 and words[at].isalpha():
            cut = order.randrange(2, len(words[at]) - 2)
            words[at] = f"{words[at][:cut]}- {words[at][cut:]}"
        if order.random() < _NUMBERED:
            words.insert(at, f"{order.randrange(1, 40)}/{order.randrange(40, 80)}")
        one = replace(one, quote=" ".join(words))
    return one


def sloppy(group: Group, order: random.Random) -> Group:
    """The question as somebody in a hurry types it: one or two slips in its longer words."""
    words = group.question.split()
    long = [place for place, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    for place in order.sample(long, min(len(long), order.choice((1, 1, 2)))):
        words[place] = _slip(words[place], order)
    return replace(group, question=" ".join(words))


def _slip(word: str, order: random.Random) -> str:
    at = order.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    return order.choice(
        (
            before + after,
            before + letter + letter + after,
            before[:-1] + letter + before[-1] + after,
            before + order.choice("aeioustnr") + after,
        )
    )
