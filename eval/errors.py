"""Everything that evaluation raises on purpose.

EvalError
├── BadQuestionSet     a set that cannot be read; names the line and what is wrong with it
├── GoldNotFound       gold that the collection does not hold; 'attest eval check' lists all
├── BadRun             a run or baseline that cannot be read, or is of something else
├── TooFewQuestions    a set too small to fit the confidence to
└── ServiceFailed      the service under --url cannot be asked at all
"""

from __future__ import annotations


class EvalError(Exception):
    """Base of the family. ``str()`` of each says what to do about it."""


class BadQuestionSet(EvalError):
    """A question set that cannot be read."""


class GoldNotFound(EvalError):
    """Gold that names a document or a quote that the collection does not hold."""


class BadRun(EvalError):
    """A run or a baseline that cannot be read, or does not belong to what is asked of it."""


FEWEST = 30
"""Questions that a collection's own fit needs, a third of them of either outcome."""


class TooFewQuestions(EvalError):
    """A set too small to fit the confidence to."""

    def __init__(self, right: int, others: int) -> None:
        super().__init__(
            f"a fit needs {FEWEST} questions whose quotes the models weigh, at least {FEWEST // 3} "
            f"with right quotes and {FEWEST // 3} without; here are {right} and {others}. Add "
            "questions, also some that the documents do not answer"
        )


class ServiceFailed(EvalError):
    """A service that does not answer, or not as Attest does."""
