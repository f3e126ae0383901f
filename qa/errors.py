"""Everything that answering raises on purpose; ``problems.py`` alone maps it to HTTP.

QAError
├── NotReady             no index is loaded (yet); carries the reason
├── UnknownDocument      a document id that the collection does not have
├── UnknownVersion       a version of a document that is not kept
├── UnknownFile          a file that was not added, or is gone
├── UnknownBuild         a build that there was not, or that is no longer kept
├── TooLarge             a request body over the limit
├── FeedbackNotStored    feedback that found no place on the disk
├── NoRoom               a change of the collection that found none
├── NotAllowed           a change of the collection that this request may not make
├── NotAForm             files that do not come as multipart/form-data
├── MalformedUpload      files that do, and cannot be read
├── TooManyFiles         more of them than one request may bring
├── NotAsItMustBe        a request with fields that are not; it names them
├── UnknownPage          a page that a document does not have
├── NoPages              a document that has no pages to be shown as printed
├── FileNotKept          the file of a document, as it came, is gone
├── DocumentChanged      a document that is another than the one that was meant
├── PageNotDrawn         a page that no picture can be made of
└── RendererBusy         too many pages to draw at once
"""

from __future__ import annotations

from collections.abc import Sequence


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


class UnknownVersion(QAError):
    """A version of a document that it never had, or that is no longer kept."""

    code = "unknown_version"

    def __init__(self, id: str) -> None:
        super().__init__(
            f"document {id[:100]!r} has no such version, or its text is not kept; "
            f"GET /v1/documents/{{id}}/versions lists those there are"
        )


class UnknownFile(QAError):
    """A file that was not added, or is gone."""

    code = "unknown_file"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"no file {name[:100]!r} was added; GET /v1/collection/files lists those there are"
        )


class UnknownBuild(QAError):
    """A build that there was not, or that is no longer kept."""

    code = "unknown_build"

    def __init__(self, id: str) -> None:
        super().__init__(f"there is no build {id[:100]!r}; GET /v1/builds lists those there are")


class TooLarge(QAError):
    """A request body over the limit."""

    code = "too_large"


class FeedbackNotStored(QAError):
    """Feedback that could not be written, or for which no room is left."""

    code = "feedback_not_stored"


class NoRoom(QAError):
    """A change of the collection that cannot be written."""

    code = "no_room"


class NotAllowed(QAError):
    """A change of the collection that this request may not make. ``code`` says what is in its way:
    a setting, or where the request comes from."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class NotAForm(QAError):
    """Files that do not come as multipart/form-data."""

    code = "not_a_form"


class MalformedUpload(QAError):
    """A form that cannot be read, or ends too early."""

    code = "malformed_upload"


class TooManyFiles(QAError):
    """More files than one request may bring."""

    code = "too_many_files"


class NotAsItMustBe(QAError):
    """Fields of a request are not as they must be. ``fields`` has each with what is wrong."""

    code = "invalid_request"

    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        super().__init__(f"the request is not valid: {', '.join(name for name, _ in fields)}")
        self.fields = tuple(fields)


class UnknownPage(QAError):
    """A page that the document does not have."""

    code = "unknown_page"

    def __init__(self, page: int, of: int) -> None:
        super().__init__(f"the document has no page {page}; its pages are 1 to {of}")


class NoPages(QAError):
    """A document without pages that could be shown as printed."""

    code = "no_pages"

    def __init__(self) -> None:
        super().__init__(
            "the document has no printed pages: it is no PDF; its text can be read instead"
        )


class FileNotKept(QAError):
    """The file of a document, as it came, is no longer there."""

    code = "file_not_kept"

    def __init__(self) -> None:
        super().__init__(
            "the file of this document is not kept as it came; 'attest index' keeps it again"
        )


class DocumentChanged(QAError):
    """A document that is another than the one that was meant."""

    code = "document_changed"

    def __init__(self) -> None:
        super().__init__(
            "the file of this document is another now; leave file_sha256 out to get it as it is"
        )


class PageNotDrawn(QAError):
    """A page that no picture can be made of."""

    code = "page_not_drawn"

    def __init__(self, why: str) -> None:
        super().__init__(f"the page cannot be shown as printed: {why}")


class RendererBusy(QAError):
    """Too many pages to draw at once."""

    code = "renderer_busy"

    def __init__(self) -> None:
        super().__init__("too many pages are to be drawn now; try again in a moment")
