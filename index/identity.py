"""Ids of documents, which last: recorded by root and path when a document first comes, and never
given to another.

``identities.json`` in the data folder is the register. Every generation carries a copy of it, so
that one that is lost is made again from these. A document that goes away keeps its id, for the day
it comes back.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import ChainMap
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, count
from pathlib import Path, PurePath
from typing import NamedTuple

from index import files

FILE = "identities.json"
_VERSION = 1
_MAX_SLUG = 80
_DIGITS = 8


class Place(NamedTuple):
    """Where a document lies."""

    root: str
    """The folder that was indexed, or the one of a file that was named."""
    name: str
    """Its path below the root, with forward slashes."""

    @property
    def path(self) -> str:
        """The file itself: what is known by its path below one root is known below another."""
        return _path(self.root, self.name)


@lru_cache(100_000)
def _path(root: str, name: str) -> str:
    return str(Path(root, name))


def place(folder: Path, path: Path) -> Place:
    """That of the file ``path`` below ``folder``."""
    return Place(root_of(folder), path.relative_to(folder).as_posix())


def root_of(folder: Path) -> str:
    """How a folder that is indexed is called in a ``Place``."""
    # A link is not followed, as what it leads to may be another tomorrow. ".." cannot be taken
    # away without following.
    return str(folder.resolve() if ".." in folder.parts else folder.absolute())


def written_root(root: str, data: Path) -> str:
    """``root`` as files of the folder ``data`` have it. What lies in that folder moves with it,
    whatever it is called then, so it is written as it is seen from there."""
    base = Path(root_of(data))
    inside = bool(root) and Path(root).is_relative_to(base)
    return Path(root).relative_to(base).as_posix() if inside else root


def read_root(root: str, beside: Path, data: Path) -> str:
    """What ``written_root`` wrote when ``data`` lay in the folder ``beside``, as it is called
    now."""
    if root and not Path(root).is_absolute():
        return str(Path(root_of(data), root))
    return _moved(root, beside, data.absolute().parent)


class Identities:
    """The register of one data folder. Not thread-safe; the build's lock guards the file."""

    def __init__(self, recorded: Iterable[tuple[Place, str]] = ()) -> None:
        self._ids: dict[str, str] = {}
        self._places: dict[str, Place] = {}
        self._proposed: dict[str, str] = {}
        for where, id in recorded:
            self._record(where, id)

    @classmethod
    def open(cls, data: Path, copies: Iterable[Path] = ()) -> Identities:
        """What ``data`` has recorded, completed from the ``copies`` in generations."""
        register = cls()
        for path in (data / FILE, *copies):
            for where, id in _read(path, data):
                register._record(where, id)
        return register

    def adopt(self, roots: Sequence[str], documents: Iterable[tuple[str, str]]) -> None:
        """Record the ids and sources of an index that was built of ``roots`` before there was a
        register. What lies nowhere now is of no file, unless there is but one root."""
        free: dict[str, list[Place]] = {}
        for id, source in documents:
            if source not in free:
                free[source] = [one for root in roots if (one := _below(root, source))]
            if free[source]:
                self._record(free[source].pop(0), id)
            elif len(roots) == 1 and Path(roots[0]).name != source:
                self._record(Place(roots[0], source), id)
            else:
                self._record(Place("", id), id)

    def propose(self, places: Iterable[Place]) -> None:
        """Choose an id for each of ``places`` that has none, whatever their order. Nothing is
        recorded: not every file turns out to be a document."""
        new = {one.path: one for one in places if one.path not in self._ids}
        chosen: ChainMap[str, Place] = ChainMap({}, self._places)
        for one in sorted(new.values(), key=lambda one: (PurePath(one.name).parts, one.root)):
            chosen[_choose(one, chosen)] = one
        self._proposed = {one.path: id for id, one in chosen.maps[0].items()}

    def id_of(self, where: Place) -> str:
        """The id of a document: the recorded one, or the one that was proposed."""
        return self._ids.get(where.path) or self._proposed[where.path]

    def record(self, wheres: Iterable[Place]) -> None:
        """Record documents that have come, each with the id that was proposed for it."""
        for one in wheres:
            self._record(one, self.id_of(one))

    def place_of(self, id: str) -> Place | None:
        """Where the document of an id lies, or lay."""
        return self._places.get(id)

    def recorded(self, where: Place) -> str:
        """The id of a document that has come from there; "" where none has."""
        return self._ids.get(where.path, "")

    def is_recorded(self, where: Place) -> bool:
        """Whether a document has come from there before."""
        return where.path in self._ids

    def write(self, data: Path) -> None:
        """Write the register, unless that is how it stands there."""
        content = self.to_json(data)
        try:
            if (data / FILE).read_text(encoding="utf-8") == content:
                return
        except (OSError, UnicodeDecodeError):
            pass  # there is none that could be kept
        files.replace_atomically(data / FILE, content)

    def to_json(self, data: Path) -> str:
        """The register as it is written."""
        roots: dict[str, dict[str, str]] = {}
        for id, where in self._places.items():
            roots.setdefault(written_root(where.root, data), {})[where.name] = id
        content = {"version": _VERSION, "beside": str(data.absolute().parent), "roots": roots}
        # In ASCII: names of files that are not UTF-8 come as surrogates, which UTF-8 has not.
        return json.dumps(content, indent=1) + "\n"

    def _record(self, where: Place, id: str) -> None:
        if id in self._places:
            return
        if where.path in self._ids:
            where = Place("", id)  # of no file, and yet no other's
        self._ids[where.path] = id
        self._places[id] = where


def _choose(where: Place, taken: Mapping[str, Place]) -> str:
    name = printable(where.name)
    holder = taken.get(_slug(name))
    if holder is not None and holder.name == where.name:
        return _suffixed(_slug(name), where.path, taken)
    return _id(name, taken, where.path)


def document_id(name: str, taken: set[str]) -> str:
    """An identifier that is safe in an address, made of ``name`` and, where that is ``taken`` or
    would lose letters, of eight digits of its hash. Adds it to ``taken``."""
    id = _id(name, taken, name)
    taken.add(id)
    return id


def _id(name: str, taken: Container[str], path: str) -> str:
    """An identifier of ``name``, and of ``path`` where that alone can tell."""
    stem, slug = name.rsplit(".", 1)[0], _slug(name)
    if stem.isascii() and slug and slug not in taken:
        return slug
    id = f"{slug}-{_digest(name)[:_DIGITS]}".strip("-")
    return _suffixed(slug, path, taken) if id in taken else id


def _slug(name: str) -> str:
    stem = name.rsplit(".", 1)[0]
    folded = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:_MAX_SLUG]


def _suffixed(slug: str, text: str, taken: Container[str]) -> str:
    """``slug`` with as many digits of the hash of ``text`` as make it none of ``taken``; where the
    whole hash does not, with a number."""
    digest = _digest(text)
    digits = (digest[:length] for length in range(_DIGITS, 2 * _DIGITS))
    numbered = (f"{digest[:_DIGITS]}-{number}" for number in count(2))
    ids = (f"{slug}-{one}".strip("-") for one in chain(digits, numbered))
    return next(id for id in ids if id not in taken)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _read(path: Path, data: Path) -> list[tuple[Place, str]]:
    """What a register holds; nothing where there is none or it is damaged."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        beside, roots = Path(content["beside"]), content["roots"]
        return [
            (Place(read_root(root, beside, data), name), id)
            for root, names in roots.items()
            for name, id in names.items()
            if isinstance(id, str)
        ]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return []


def _below(root: str, source: str) -> Place | None:
    """Where a source lies, if it is below ``root`` or is it."""
    path = Path(root)
    if (path / source).is_file():
        return Place(root, source)
    return Place(str(path.parent), source) if path.name == source else None


def _moved(root: str, beside: Path, now: Path) -> str:
    """``root`` as it is called since the folder ``beside`` the data was moved, or copied, with
    all that is in it."""
    if beside == now or not Path(root).is_relative_to(beside):
        return root
    moved = now / Path(root).relative_to(beside)
    return str(moved) if moved.exists() else root


class Naming:
    """Names files for people: by their names alone, or by root and name where names meet."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._paths: dict[str, set[str]] = {}
        for one in places:
            self._paths.setdefault(one.name, set()).add(one.path)

    def name(self, where: Place) -> str:
        """How a report calls the file there."""
        met = self.meets(where) or where.name in {"", "."}
        return printable(where.path if met else where.name)

    def meets(self, where: Place) -> Sequence[str]:
        """Paths of the other files that have its name."""
        return sorted(map(printable, self._paths.get(where.name, set()) - {where.path}))


def printable(name: str) -> str:
    """File names are bytes: those that are not UTF-8 are shown with escapes."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
