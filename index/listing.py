"""The files of a collection as the last build found them: read or not, and why not.

var/listing.json is written anew at the end of every build, beside the generations: a file that
could not be read changes no generation.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from index import files, identity
from index.identity import Place

FILE = "listing.json"
State = Literal["read", "warnings", "skipped", "hidden"]


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of the collection."""

    root: str
    name: str
    state: State
    """``warnings``: it is read, and something should be known of it."""
    id: str = ""
    """Of its document; "" for a file that never was one."""
    reasons: tuple[str, ...] = ()
    """Why it was skipped, or what should be known of it."""
    bytes: int = 0
    file_sha256: str = ""

    @property
    def place(self) -> Place:
        """Where it lies."""
        return Place(self.root, self.name)


def of(
    found: Iterable[Place],
    hidden: Mapping[Place, str],
    read: Mapping[Place, tuple[str, str]],
    reason: Callable[[Place], str],
    told: Callable[[Place], Sequence[str]],
) -> list[Listed]:
    """A line for each file that was ``found``: ``hidden`` has the ids of those left out, ``read``
    the ids of documents with the hashes of their files, ``reason`` says why another was skipped,
    ``told`` what to know of a document."""
    lines = []
    for where in found:
        size = _size(where)
        if where in hidden:
            lines.append(Listed(*where, "hidden", hidden[where], bytes=size))
        elif one := read.get(where):
            notices = tuple(told(where))
            state: State = "warnings" if notices else "read"
            id, file_sha256 = one
            lines.append(Listed(*where, state, id, notices, size, file_sha256))
        else:
            reasons = tuple(filter(None, [reason(where)]))
            lines.append(Listed(*where, "skipped", "", reasons, size))
    return lines


def _size(where: Place) -> int:
    try:
        return Path(where.path).stat().st_size
    except OSError:
        return 0


def write(data: Path, lines: Iterable[Listed]) -> None:
    """Keep the list, unless that is how it stands there. Raises ``OSError``."""
    written = [{**asdict(one), "root": identity.written_root(one.root, data)} for one in lines]
    content = {"beside": str(data.absolute().parent), "files": written}
    # In ASCII, as the register of ids is: not every name is a text.
    text = json.dumps(content, indent=0) + "\n"
    try:
        if (data / FILE).read_text(encoding="utf-8") == text:
            return
    except (OSError, UnicodeDecodeError):
        pass  # there is none that could be kept
    files.replace_atomically(data / FILE, text)


def read(data: Path) -> list[Listed]:
    """The list of the last build; empty where there is none, or it is damaged."""
    try:
        content: Any = json.loads((data / FILE).read_text(encoding="utf-8"))
        beside = Path(content["beside"])
        return [
            Listed(
                **{
                    **one,
                    "root": identity.read_root(one["root"], beside, data),
                    "reasons": tuple(one["reasons"]),
                }
            )
            for one in content["files"]
        ]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return []
