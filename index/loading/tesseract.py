"""Reads pictures of text with the program ``tesseract``, where it is installed.

It is started anew for each picture, with a list of arguments and a limit of time, on one core, and
within the limits of memory of the process that starts it.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass

from index.errors import InvalidSetting, PictureUnread, UnreadableDocument
from index.loading import hocr
from index.loading.ocr import Picture, PrintLine

PROGRAM = "tesseract"
PACKAGE = "tesseract-ocr"
"""Of Debian. Those of languages are named for it."""
_NO_LANGUAGE = frozenset({"osd", "equ", "snum"})
_UPRIGHT = "osd"
"""What tells how a picture is turned."""
_FIRST = "eng"
_MOST_LANGUAGES = 4
"""Each makes reading slower, and one may read a word of another as its own."""
_ASK_SECONDS = 20
_POINTS_AN_INCH = 72
_CODE = re.compile(r"[a-z]{3}(?:_\w+)?")
_TURN = re.compile(r"^Rotate: (0|90|180|270)$", re.M)
_CONFIDENCE = re.compile(r"^Orientation confidence: (\d+(?:\.\d+)?)$", re.M)
_LEAST_CONFIDENCE = 1.0


@dataclass(frozen=True, slots=True)
class Tesseract:
    """A ``Recogniser``."""

    version: str
    languages: tuple[str, ...]
    seconds: float
    upright: bool
    """Whether it can tell how a picture is turned."""

    @property
    def identity(self) -> str:
        """What decides what it reads."""
        return f"{PROGRAM} {self.version} {'+'.join(self.languages)} {self.seconds:g}"

    def read(self, picture: Picture) -> list[PrintLine]:
        """The lines of a picture. Raises ``PictureUnread``."""
        languages = ("-l", "+".join(self.languages))
        said = self._run(picture, *languages, "-c", "hocr_char_boxes=1", "hocr")
        try:
            return hocr.lines(said)
        except UnreadableDocument as error:
            raise PictureUnread(f"what {PROGRAM} says of it cannot be read") from error

    def turn(self, picture: Picture) -> int:
        """Quarters by which a picture must be turned, clockwise; 0 where that cannot be told."""
        if not self.upright:
            return 0
        try:
            said = self._run(picture, "-l", _UPRIGHT, "--psm", "0").decode("utf-8", "replace")
        except PictureUnread:
            return 0  # too little text to tell
        turn, sure = _TURN.search(said), _CONFIDENCE.search(said)
        known = turn is not None and sure is not None and float(sure[1]) >= _LEAST_CONFIDENCE
        return int(turn[1]) // 90 if turn is not None and known else 0

    def _run(self, picture: Picture, *options: str) -> bytes:
        """What the program says of a picture."""
        resolution = str(round(picture.scale * _POINTS_AN_INCH))
        process = _started("stdin", "stdout", "--dpi", resolution, *options)
        # Should this process end first, that one ends by itself.
        most = round(self.seconds) + 1
        with suppress(OSError, ValueError, AttributeError):  # where the system has no such call
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (most, most))
        said = _said(process, _portable(picture), self.seconds)
        if process.returncode:
            raise PictureUnread(f"{PROGRAM} failed ({_how(process.returncode)})")
        return said


def of(languages: str, seconds: float) -> Tesseract | None:
    """The program as it is installed, reading some ``languages`` ("eng+fra"; "" for those that are
    installed); None where it is not. Raises ``InvalidSetting`` for a language that it lacks."""
    if shutil.which(PROGRAM) is None:
        return None
    try:
        version, listed = _answer("--version"), _answer("--list-langs")
    except PictureUnread as error:
        raise InvalidSetting(f"ATTEST_OCR cannot be on: {error}") from error
    installed = [one for one in listed.splitlines()[1:] if one.strip()]
    chosen = _named(languages, installed) if languages else _usual(installed)
    words = version.split()
    return Tesseract(words[1] if len(words) > 1 else "", chosen, seconds, _UPRIGHT in installed)


def advice(pages: int) -> str:
    """Says that the program would read some pages that are pictures."""
    lacking = f", which is not installed (Debian: apt install {PACKAGE})"
    them = "it" if pages == 1 else "them"
    return f"`--ocr` reads {them} with {PROGRAM}{'' if shutil.which(PROGRAM) else lacking}"


def _named(languages: str, installed: list[str]) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(languages.split("+")))
    for one in chosen:
        if one not in installed:
            package = f"{PACKAGE}-{one.lower().replace('_', '-')}"
            hint = f" (Debian: apt install {package})" if _CODE.fullmatch(one) else ""
            raise InvalidSetting(
                f"ATTEST_OCR_LANGUAGES names {one!r}, which {PROGRAM} does not have; "
                f"install it{hint}, or name others; it has {', '.join(installed) or 'none'}"
            )
    return chosen


def _usual(installed: list[str]) -> tuple[str, ...]:
    """All that are installed, English first: whoever installed one has documents in it."""
    found = [one for one in installed if one not in _NO_LANGUAGE and "/" not in one]
    if not found:
        raise InvalidSetting(
            f"{PROGRAM} has no language; install one (Debian: apt install {PACKAGE}-{_FIRST})"
        )
    if len(found) > _MOST_LANGUAGES:
        raise InvalidSetting(
            f"{PROGRAM} has {len(found)} languages, too many to try all; name those of your "
            "documents in ATTEST_OCR_LANGUAGES, such as eng+fra"
        )
    return tuple(sorted(found, key=lambda one: (one != _FIRST, one)))


def _answer(option: str) -> str:
    process = _started(option)
    said = _said(process, b"", _ASK_SECONDS)
    if process.returncode:
        raise PictureUnread(f"{PROGRAM} failed ({_how(process.returncode)})")
    return said.decode("utf-8", "replace")


def _started(*arguments: str) -> subprocess.Popen[bytes]:
    program = shutil.which(PROGRAM)
    if program is None:
        raise PictureUnread(f"{PROGRAM} is not installed any more")
    try:
        return subprocess.Popen(
            [program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except OSError as error:
        raise PictureUnread(f"{PROGRAM} cannot be started ({error.strerror})") from error


def _said(process: subprocess.Popen[bytes], given: bytes, seconds: float) -> bytes:
    """What a process says when it is ``given`` something; it has ended then."""
    with process:
        try:
            said, _ = process.communicate(given, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise PictureUnread(
                f"{PROGRAM} took longer than {seconds:g} s (setting ATTEST_OCR_PAGE_SECONDS)"
            ) from error
        finally:
            process.kill()
    return said


def _portable(picture: Picture) -> bytes:
    """A picture as a portable greymap, which needs no compression."""
    height, width = picture.pixels.shape
    return b"P5 %d %d 255\n" % (width, height) + picture.pixels.tobytes()


def _how(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"
