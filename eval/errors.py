"""Everything that evaluation raises on purpose.

EvalError
├── BadQuestionSet     a set that cannot be read; names the line and what is wrong with it
├── GoldNotFound       gold that the collection does not hold; 'attest eval check' lists all
├── BadRun             a run or baseline that cannot be read, or is of something else
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


class ServiceFailed(EvalError):
    """A service that does not answer, or not as Attest does."""
