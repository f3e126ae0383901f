"""Takes the files of a form off the network, onto the disk: never more of them in memory than a
piece, however large they are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool

from index import uploads
from index.errors import UnusableName
from index.loading import LOOKED_INTO
from index.uploads import Arrived, Arriving, Batch
from qa.errors import MalformedUpload, NotAForm, TooManyFiles

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

FIELD = "files"
"""Name of the parts that are files."""
_PIECE = 2**20
"""Bytes that are gathered before they are written."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may bring."""

    files: int
    file_bytes: int


@dataclass(slots=True)
class Received:
    """A file of a form."""

    number: int
    name: str = ""
    """Under which it can be kept; as it came, where it cannot."""
    why_not: str = ""
    """Why it is not taken; "" for one that is."""
    arrived: Arrived | None = None
    """Where it lies, if it is taken."""
    _bytes: int = 0
    _file: Arriving | None = None
    _headers: dict[bytes, bytes] = field(default_factory=dict)


async def receive(
    content_type: str, body: AsyncIterator[bytes], batch: Batch, limits: Limits
) -> list[Received]:
    """The files of a form, in order, those that are taken on the disk. Raises ``NotAForm``,
    ``MalformedUpload``, ``TooManyFiles`` and ``OSError``."""
    form = _Form(_boundary(content_type), batch, limits)
    try:
        async for chunk in body:
            form.read(chunk)
            if form.gathered >= _PIECE:
                await run_in_threadpool(form.write)
        await run_in_threadpool(form.write)
    finally:
        form.close()
    if not form.ended:
        raise MalformedUpload("the form ends before its last part does; send it again")
    if not form.files:
        raise MalformedUpload(f"the form brings no file; its parts are to be named '{FIELD}'")
    return form.files


def _boundary(content_type: str) -> bytes:
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data":
        raise NotAForm("files come as multipart/form-data, each a part named 'files'")
    boundary = options.get(b"boundary", b"")
    if not boundary:
        raise MalformedUpload("the Content-Type of the form names no boundary")
    return boundary


class _Form:
    """Reads a form piece by piece. ``read`` finds what is to be done, ``write`` does it, in a
    thread that may wait for the disk."""

    def __init__(self, boundary: bytes, batch: Batch, limits: Limits) -> None:
        self.files: list[Received] = []
        self.gathered = 0
        self.ended = False
        self._batch, self._limits = batch, limits
        self._todo: list[tuple[Received, bytes | None]] = []
        self._header = self._value = b""
        callbacks: MultipartCallbacks = {
            "on_part_begin": self._begin,
            "on_header_field": self._add_header,
            "on_header_value": self._add_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._name,
            "on_part_data": self._add,
            "on_part_end": self._end,
            "on_end": self._finish,
        }
        try:
            self._parser = MultipartParser(boundary, callbacks)
        except FormParserError as error:
            raise MalformedUpload("the boundary of the form cannot be one") from error

    def read(self, chunk: bytes) -> None:
        """Take the next bytes of the form."""
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise MalformedUpload("the form cannot be read as multipart/form-data") from error

    def write(self) -> None:
        """Write what was taken. Raises ``OSError``."""
        todo, self._todo, self.gathered = self._todo, [], 0
        for one, data in todo:
            if one.why_not:
                continue
            if one._file is None:
                one._file = self._batch.open(one.number)
            if data is None:
                one.arrived = one._file.finish()
            else:
                one._file.write(data)

    def close(self) -> None:
        """Let go of every file."""
        for one in self.files:
            if one._file is not None:
                one._file.close()

    def _begin(self) -> None:
        if len(self.files) >= self._limits.files:
            raise TooManyFiles(
                f"a request brings at most {self._limits.files} files (setting "
                "ATTEST_MAX_UPLOAD_FILES); send the others in another"
            )
        self.files.append(Received(len(self.files)))

    def _add_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        self.files[-1]._headers[self._header.lower()] = self._value
        self._header = self._value = b""

    def _name(self) -> None:
        one = self.files[-1]
        _, options = parse_options_header(one._headers.get(b"content-disposition"))
        one.name = _text(options.get(b"filename", b""))
        if options.get(b"name") != FIELD.encode():
            one.why_not = f"is in a part that is not named '{FIELD}'"
            return
        try:
            one.name = uploads.safe_name(one.name)
        except UnusableName as error:
            one.why_not = str(error)
        else:
            if PurePath(one.name).suffix.lower() not in LOOKED_INTO:
                one.why_not = "is not of a kind that can be read"

    def _add(self, data: bytes, start: int, end: int) -> None:
        one = self.files[-1]
        one._bytes += end - start
        if one._bytes > self._limits.file_bytes and not one.why_not:
            most = self._limits.file_bytes / 2**20
            one.why_not = f"is larger than {most:g} MiB (setting ATTEST_MAX_FILE_MB)"
        if not one.why_not:
            self._todo.append((one, data[start:end]))
            self.gathered += end - start

    def _end(self) -> None:
        self._todo.append((self.files[-1], None))

    def _finish(self) -> None:
        self.ended = True


def _text(name: bytes) -> str:
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode("latin-1")
