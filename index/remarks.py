"""What people have said of files: titles and the like that are right, tags, and which are hidden.

var/remarks.json holds it by root and name, for people to read and to change. It is said over
``catalog.toml``, a masthead and the file itself, and outlives every build.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from index import files, identity
from index.errors import DamagedRemarks
from index.identity import Place
from index.records import Document, Metadata

FILE = "remarks.json"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of one file; None and empty where nothing is."""

    hidden: bool = False
    """Whether it is left out of every index."""
    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    url: str | None = None
    symbol: str | None = None
    language: str | None = None
    """ISO 639 code."""
    tags: tuple[str, ...] = ()

    def over(self, known: Metadata) -> Metadata:
        """``known`` with what is said here in its place."""
        names = {one.name for one in fields(Metadata)}
        said = {name: value for name, value in self._said().items() if name in names}
        return replace(known, **said)

    def about(self, document: Document) -> Document:
        """``document`` as it is said to be, beyond its metadata."""
        return document if self.language is None else replace(document, language=self.language)

    def _said(self) -> dict[str, Any]:
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in values.items() if value}


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    hidden: bool = False
    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    url: str | None = None
    symbol: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remarks:
    """Those of one data folder."""

    _said: Mapping[Place, Remark] = field(default_factory=dict)
    _by_path: Mapping[str, Remark] = field(default_factory=dict)

    @classmethod
    def _of(cls, said: Mapping[Place, Remark]) -> Remarks:
        return cls(said, {where.path: one for where, one in said.items()})

    @classmethod
    def open(cls, data: Path) -> Remarks:
        """What is kept in ``data``. Raises ``DamagedRemarks``: a title that silently went missing,
        or a hidden document that came back, would be worse than a build that stops."""
        try:
            text = (data / FILE).read_text(encoding="utf-8-sig")
            return cls._of(_read(json.loads(text), data))
        except FileNotFoundError:
            return cls()
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise _damaged(": ".join(filter(None, [place, first["msg"]]))) from error
        except OSError as error:
            raise _damaged(error.strerror or type(error).__name__) from error
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise _damaged(str(error) or type(error).__name__) from error

    def of(self, where: Place) -> Remark:
        """What is said of the file there, below whatever root it is known."""
        return self._by_path.get(where.path) or Remark()

    def places(self) -> list[Place]:
        """The files of which anything is said, in order."""
        return sorted(self._said)

    def hidden(self) -> list[Place]:
        """The files that are hidden, in order."""
        return sorted(where for where, one in self._said.items() if one.hidden)

    def saying(self, where: Place, said: Remark) -> Remarks:
        """These, but for what is ``said`` of one file now."""
        others = {one: kept for one, kept in self._said.items() if one.path != where.path}
        return self._of({**others, where: said} if said != Remark() else others)

    def shown(self, wheres: Iterable[Place]) -> Remarks:
        """These, but that the files there are hidden no more."""
        now = self
        for where in wheres:
            now = now.saying(where, replace(now.of(where), hidden=False))
        return now

    def without(self, wheres: Iterable[Place]) -> Remarks:
        """These, but for all that is said of files that are gone for good."""
        now = self
        for where in wheres:
            now = now.saying(where, Remark())
        return now

    def write(self, data: Path) -> None:
        """Keep them, durably. The change lock of ``data`` must be held. Raises ``OSError``."""
        roots: dict[str, dict[str, dict[str, Any]]] = {}
        for where, one in sorted(self._said.items()):
            root = identity.written_root(where.root, data)
            roots.setdefault(root, {})[where.name] = one._said()
        beside = str(data.absolute().parent)
        content = {"version": _VERSION, "beside": beside, "roots": roots}
        # In ASCII where names are no text, as the register of ids is.
        text = json.dumps(content, indent=1, ensure_ascii=False)
        if not _is_text(text):
            text = json.dumps(content, indent=1)
        files.replace_atomically(data / FILE, text + "\n")


def _read(content: Any, data: Path) -> dict[Place, Remark]:
    beside = Path(content["beside"])
    return {
        Place(identity.read_root(root, beside, data), name): Remark(
            **_Entry.model_validate(entry).model_dump()
        )
        for root, names in content["roots"].items()
        for name, entry in names.items()
    }


def _damaged(why: str) -> DamagedRemarks:
    return DamagedRemarks(f"{FILE} in the data folder cannot be read ({why}); mend it or remove it")


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
