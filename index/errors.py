"""Everything that indexing and searching raise on purpose.

IndexingError
├── NothingToIndex          no document could be read
├── UnreadableDocument      one file cannot be a document (it is skipped by name)
│   └── UnreadableNow       for want of time or memory, say: the next time may be another
├── UnusableName            the name of a file that is added
├── DamagedRemarks            what people said of documents cannot be read
├── PictureUnread           the picture of a page cannot be read by OCR
├── InvalidSetting          a setting in the environment that cannot be
├── BuildInProgress         another build holds the lock
├── ModelUnavailable        the weights of an encoder cannot be found or loaded
├── ProcessFailed           a process that was to answer a request did not
└── GenerationError
    ├── NoGeneration        nothing was ever indexed here
    ├── DamagedGeneration   a file is missing or fails its checksum
    └── OutdatedGeneration  built with another format, configuration or model
"""

from __future__ import annotations

from typing import Literal


class IndexingError(Exception):
    """Base of the family. ``str()`` of each says what to do about it and names no folder."""


class NothingToIndex(IndexingError):
    """The given paths hold no document that could be read."""


class UnreadableDocument(IndexingError):
    """A file that cannot become a document; the message is the reason alone."""


class UnreadableNow(UnreadableDocument):
    """A file that could not be read this time, for a reason that is not in the file alone."""


class UnusableName(IndexingError):
    """A file that is added has a name that it cannot be kept under; the message is the reason."""


class DamagedRemarks(IndexingError):
    """The file of what people said of documents cannot be read."""


class PictureUnread(IndexingError):
    """The picture of a page that OCR cannot read; the message is the reason alone."""


class InvalidSetting(IndexingError):
    """A setting has a value that it cannot have; the message names both."""


class BuildInProgress(IndexingError):
    """A second build was started before the first had ended."""


class ModelUnavailable(IndexingError):
    """An encoder's files are missing or cannot be loaded."""


class ProcessFailed(IndexingError):
    """A process of its own that was to answer a request did not."""

    def __init__(
        self,
        why: Literal["slow", "large", "ended", "closed", "silent"],
        how: str = "",
        fresh: bool = True,
        seconds: float = 0.0,
        steps: int = 0,
    ) -> None:
        super().__init__(f"the process did not answer: {why} {how}".strip())
        self.why = why
        """It took too long or too much memory, ended, was closed, or did not start."""
        self.how = how
        """The signal or the exit code that it ended with; "" where it ended well."""
        self.fresh = fresh
        """Whether it had answered nothing before: what it failed at is what it was asked."""
        self.seconds = seconds
        """How long it was waited for, where that is known; else 0."""
        self.steps = steps
        """How many of the steps that take long it had begun."""


class GenerationError(IndexingError):
    """A generation cannot be opened."""


class NoGeneration(GenerationError):
    """There is no index yet."""


class DamagedGeneration(GenerationError):
    """A file of the generation is missing or changed. ``file`` is its name alone."""

    def __init__(self, generation: str, file: str, why: str) -> None:
        super().__init__(
            f"{file} of index {generation} {why}; build the index again with 'attest index'"
        )
        self.generation = generation
        self.file = file


class OutdatedGeneration(GenerationError):
    """The generation was built with another format, configuration or model."""
