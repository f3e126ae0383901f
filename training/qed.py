"""Makes groups of QED: a question with the sentences of its paragraph, and with the nearest of
others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from eval.qed import Asked
from training.excerpts import Excerpt
from training.records import Example, Group

_NEAR = 3
"""Sentences of other paragraphs that are shown with a question."""
_SIZE = 6
"""Sentences of its own, at most."""
_PARAGRAPHS = 8
"""Nearest paragraphs that they are taken from."""


def groups(asked: Sequence[Asked]) -> Iterator[Group]:
    """Two groups for each question: its paragraph's sentences, and those of the nearest other
    paragraphs, which lack its answers and so do not answer. Ranked by tf-idf."""
    counted = TfidfVectorizer(sublinear_tf=True, stop_words="english")
    whole = [f"{one.title} {' '.join(one.texts)}" for one in asked]
    paragraphs = counted.fit_transform(whole)
    questions = counted.transform([one.question for one in asked])
    for number, one in enumerate(asked):
        likeness = np.asarray((questions[number] @ paragraphs.T).todense()).ravel()
        near: list[Example] = []
        for other in map(int, np.argsort(-likeness)[: _PARAGRAPHS + 1]):
            if asked[other].question == one.question or one.holds(whole[other]):
                continue
            near += [Example(each.excerpt, False) for each in examples(asked[other])]
        yield _of(one, examples(one)[:_SIZE])
        if one.answers:  # without them nothing tells that another paragraph does not answer
            yield _of(one, _closest(one.question, near, counted)[:_NEAR])


def examples(one: Asked) -> list[Example]:
    """The sentences of a paragraph, in its order."""
    labelled = one.labelled()
    before = ["", *(text for text, _ in labelled)]
    return [
        Example(Excerpt(one.title, "", said, text), label)
        for said, (text, label) in zip(before, labelled, strict=False)
    ]


def _of(one: Asked, found: Sequence[Example]) -> Group:
    """Those that answer first, then those that do not, then what may answer or not."""
    order = {True: 0, False: 1, None: 2}
    return Group("qed", one.question, tuple(sorted(found, key=lambda each: order[each.answers])))


def _closest(question: str, found: list[Example], counted: TfidfVectorizer) -> list[Example]:
    if not found:
        return []
    rows = counted.transform([f"{one.excerpt.title} {one.excerpt.quote}" for one in found])
    likeness = np.asarray((counted.transform([question]) @ rows.T).todense()).ravel()
    return [found[int(one)] for one in np.argsort(-likeness, kind="stable")]
