"""Everything that answering raises on purpose; ``problems.py`` alone maps it to HTTP.

QAError
├── NotReady             no index is loaded (yet); carries the reason
├── UnknownDocument      a document id that the collection does not have
├── TooLarge             a request body over the limit
└── FeedbackNotStored    feedback that found no place on the disk
"""

from __future__ import annotations


class QAError(Exception):
    """Base of the family. ``str()`` is for the person who asked; ``code`` is for programs."""

    code = "error"


class NotReady(QAError):
    """No question can be answered now. ``code`` says whether waiting or building helps."""

    def __init__(self, message: str, code: str = "not_ready") -> None:
        super().__init__(message)
        self.code = code


class UnknownDocument(QAError):
    """A document that the collection does not have."""

    code = "unknown_document"

    def __init__(self, id: str) -> None:
        super().__init__(
            f"the collection has no document {id[:100]!r}; GET /v1/documents lists those it has"
        )


class TooLarge(QAError):
    """A request body over the limit."""

    code = "too_large"


class FeedbackNotStored(QAError):
    """Feedback that could not be written, or for which no room is left."""

    code = "feedback_not_stored"
