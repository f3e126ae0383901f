"""The JSON of what changes the collection, and of builds."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from index import language_detection
from qa.service.builder import Progress
from qa.service.builds import Build, Unread
from qa.service.changes import Changed, Outcome
from qa.service.collection_view import CollectionView, FileState

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
MAX_TAGS = 20
_ODD = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
"""Controls and breaks of lines."""
_ONE_LINE = rf"^[^{_ODD}]*[^{_ODD}\s][^{_ODD}]*$"
_ADDRESS = r"^(https?://)?[^\s/:]+\.[^\s]+$"


def _matching(pattern: str, message: str) -> tuple[Any, Any]:
    """Texts that match, with an error that people understand."""

    def check(text: str) -> str:
        if not re.search(pattern, text):
            raise PydanticCustomError("pattern", message)
        return text

    return AfterValidator(check), Field(json_schema_extra={"pattern": pattern})


def _day(text: str) -> str:
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        raise PydanticCustomError(
            "date", "String should be a year, a month or a day: 2025, 2025-03 or 2025-03-14"
        ) from None
    return text


def _language(text: str) -> str:
    if language_detection.name(text) == text:
        raise PydanticCustomError("language", "String should be the ISO 639 code of a language")
    return text


def _line(longest: int) -> tuple[Any, ...]:
    limits = StringConstraints(strip_whitespace=True, max_length=longest)
    return limits, *_matching(_ONE_LINE, "String should be one line of text")


Line = Annotated[str, *_line(300)]
Symbol = Annotated[str, *_line(100)]
Day = Annotated[str, StringConstraints(max_length=10), AfterValidator(_day)]
Address = Annotated[
    str,
    StringConstraints(max_length=2000),
    *_matching(_ADDRESS, "String should be the address of a web page"),
]
Code = Annotated[str, StringConstraints(max_length=3), AfterValidator(_language)]
Tag = Annotated[str, *_line(40)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Response(BaseModel):
    model_config = ConfigDict(frozen=True)


class DescribeRequest(_Request):
    """What is to be said of a document: a field that is left out stays, null takes back what was
    said before, so that the catalog or the document itself speaks again."""

    title: Line | None = None
    publisher: Line | None = None
    date: Day | None = None
    url: Address | None = None
    symbol: Symbol | None = None
    language: Code | None = Field(default=None, description="ISO 639 code.")
    tags: Annotated[list[Tag], Field(max_length=MAX_TAGS)] | None = None

    def fields_given(self) -> dict[str, Any]:
        """The fields that the request names."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        if given.get("tags") is not None:
            given["tags"] = tuple(dict.fromkeys(given["tags"]))
        return given


class UploadedOut(_Response):
    """What became of a file that was sent."""

    name: str = Field(description="Under which it is kept.")
    state: Literal["waiting", "same", "refused"] = Field(
        description="`waiting` for the build; the `same` as one that is here already; `refused`."
    )
    file_sha256: str | None
    id: str | None = Field(description="Of its document, where that is known by now.")
    replaces: bool = Field(description="Whether it is a new version of a document.")
    reason: str = Field(description="Why it is the same, or refused.")

    @classmethod
    def of(cls, outcome: Outcome) -> UploadedOut:
        """The outcome as JSON has it."""
        return cls(
            name=outcome.name,
            state=outcome.state,
            file_sha256=outcome.file_sha256 or None,
            id=outcome.id or None,
            replaces=outcome.replaces,
            reason=outcome.reason,
        )


class UploadResponse(_Response):
    """The files are on the disk; the build makes them askable."""

    build: str | None = Field(description="Null where nothing has to be built.")
    documents: list[UploadedOut]


class ChangedOut(_Response):
    """A document that was changed."""

    id: str | None
    name: str
    state: Literal["deleted", "hidden", "shown", "described"]


class ChangeResponse(_Response):
    """The change is on the disk. Nothing is answered any more from a document that is deleted or
    hidden; all else the build brings about."""

    build: str | None = Field(description="Null where nothing has to be built.")
    document: ChangedOut

    @classmethod
    def of(cls, changed: Changed) -> ChangeResponse:
        """What became of a document, as JSON has it."""
        document = ChangedOut(id=changed.id or None, name=changed.name, state=changed.state)
        return cls(build=changed.build, document=document)


class BuildAsked(_Response):
    """A build that was asked for."""

    build: str


class ChangeOut(_Response):
    """Something that a build brings about."""

    action: Literal["add", "replace", "delete", "hide", "restore", "describe", "rebuild"]
    name: str
    id: str | None
    file_sha256: str | None


class NamedOut(_Response):
    """A file, and what is to be known of it."""

    name: str
    reason: str

    @classmethod
    def all_of(cls, unread: tuple[Unread, ...], view: CollectionView) -> list[NamedOut]:
        """Files that could not be read."""
        return [cls(name=one.name, reason=view.shown(one.reason)) for one in unread]


class ProgressOut(_Response):
    """How the step of a build goes on."""

    done: int
    total: int
    reading: list[str] = Field(description="Names of the files that are being read.")
    seconds_left: float | None = Field(description="Of this step, estimated.")


class ReportOut(_Response):
    """What a build did."""

    generation: str
    changed: bool = Field(description="False where the index was as it should be already.")
    documents: int
    passages: int
    sentences: int
    encoded: int = Field(description="Passages that were not known before.")
    seconds: float
    bytes: int
    skipped: list[NamedOut]
    notices: list[NamedOut] = Field(description="What should be known of files that were read.")
    removed: list[str] = Field(description="Documents of folders that are not there any more.")
    hidden: list[str]

    @classmethod
    def of(cls, report: dict[str, Any], view: CollectionView) -> ReportOut:
        """The report of the command line, without where folders lie."""

        def named(field: str, what: str) -> list[NamedOut]:
            return [
                NamedOut(name=view.shown(one["name"]), reason=view.shown(one[what]))
                for one in report[field]
            ]

        plain = ("generation", "changed", "documents", "passages", "sentences", "encoded")
        return cls(
            **{name: report[name] for name in (*plain, "seconds", "bytes")},
            skipped=named("skipped", "reason"),
            notices=named("notices", "text"),
            removed=[*map(view.shown, report["removed"])],
            hidden=[*map(view.shown, report["hidden"])],
        )


_State = Literal["waiting", "reading", "encoding", "writing", "live", "failed"]


class BuildOut(_Response):
    """A build, and how it stands."""

    id: str
    state: _State
    detail: str = Field(description="Why it waits, or why it failed; else empty.")
    created: str = Field(description="In UTC, as ISO 8601 has it; so are the others.")
    started: str | None
    ended: str | None
    changes: list[ChangeOut]
    progress: ProgressOut | None = Field(description="Null unless it is under way.")
    failed: list[NamedOut] = Field(description="Files that could not be read, and why.")
    report: ReportOut | None = Field(
        description="Null before the build is done; and of one that left the collection empty."
    )

    @classmethod
    def of(cls, build: Build, progress: Progress | None, view: CollectionView) -> BuildOut:
        """A build as JSON has it."""
        state: _State = build.state if build.state != "running" else "reading"
        unread, detail, shown = build.unread, build.error, None
        if progress is not None:
            state, unread, detail = progress.state, progress.unread, progress.detail
            state = "waiting" if detail else state
            shown = ProgressOut(
                done=progress.done,
                total=progress.total,
                reading=list(progress.reading),
                seconds_left=progress.seconds_left,
            )
        return cls(
            id=build.id,
            state=state,
            detail=view.shown(detail),
            created=build.created,
            started=build.started or None,
            ended=build.ended or None,
            changes=[
                ChangeOut(
                    action=one.action,
                    name=one.name,
                    id=one.id or None,
                    file_sha256=one.file_sha256 or None,
                )
                for one in build.changes
            ],
            progress=shown,
            failed=NamedOut.all_of(unread, view),
            report=ReportOut.of(build.report, view) if build.report else None,
        )


class BuildsResponse(_Response):
    """The builds that were asked for, newest first."""

    builds: list[BuildOut]


class FileOut(_Response):
    """A file of the collection."""

    name: str
    id: str | None = Field(description="Of its document; null for one that never was one.")
    state: Literal["read", "warnings", "skipped", "waiting", "reading", "hidden", "failed"]
    reason: str = Field(description="Why it was skipped, or what should be known of it.")
    bytes: int
    file_sha256: str | None
    uploaded: bool
    folder: str | None = Field(description="Name of its folder; null for one that was uploaded.")
    tags: list[str]

    @classmethod
    def of(cls, file: FileState) -> FileOut:
        """A file as JSON has it."""
        return cls(
            name=file.name,
            id=file.id or None,
            state=file.state,
            reason="; ".join(file.reasons),
            bytes=file.bytes,
            file_sha256=file.file_sha256 or None,
            uploaded=file.uploaded,
            folder=None if file.uploaded else file.folder,
            tags=list(file.tags),
        )


class FilesResponse(_Response):
    """Every file of the collection, those that could not be read too."""

    files: list[FileOut]


class UploadsOut(_Response):
    """Whether files can be added, and which."""

    allowed: bool
    code: str | None = Field(description="Of the problem that an upload would meet.")
    reason: str
    max_request_bytes: int
    max_file_bytes: int
    max_files: int = Field(description="In one request.")
    kinds: list[str] = Field(description="Endings of the files that can be read, such as `.pdf`.")


class CollectionResponse(_Response):
    """The collection as a whole."""

    generation: str | None = Field(description="The live index; null where there is none.")
    documents: int
    passages: int
    folders: list[str] = Field(description="Names of the folders that it is built of.")
    uploads: UploadsOut
    building: str | None = Field(description="The build that is under way or waits.")
