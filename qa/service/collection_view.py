"""How the files of a collection stand: those that were read, those that could not be, those that
wait, and those that are hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index import generation, listing, uploads
from index.errors import GenerationError, IndexingError
from index.identity import Identities, Place, printable
from index.listing import Listed
from index.remarks import Remarks
from qa.service.builder import Builder
from qa.service.builds import Build, Builds

State = Literal["read", "warnings", "skipped", "waiting", "reading", "hidden", "failed"]


@dataclass(frozen=True, slots=True)
class FileState:
    """A file of the collection."""

    name: str
    id: str
    """Of its document; "" where it is none yet."""
    state: State
    reasons: tuple[str, ...]
    bytes: int
    file_sha256: str
    uploaded: bool
    folder: str
    """Name of the folder that it comes from; "" for one that was uploaded."""
    tags: tuple[str, ...]


class CollectionView:
    """Looks at the collection of one data folder."""

    def __init__(self, data: Path, builds: Builds, builder: Builder) -> None:
        self._data, self._builds, self._builder = data, builds, builder
        self._named: tuple[tuple[str, str] | None, list[Path]] = None, []
        """The folders of the live index, by what names it."""

    def files(self) -> list[FileState]:
        """Every file, those of folders first, each in the order of its name."""
        register, said = Identities.open(self._data), self._remarks()
        root = str(uploads.root(self._data))
        there = uploads.names(self._data)
        lines = {one.place.path: one for one in listing.read(self._data)}
        ours = {str(Path(root, name)) for name in there}
        found = [one for path, one in lines.items() if not uploads.holds(self._data, one.place)]
        files = [self._listed(one, register, said) for one in found]
        last = self._last()
        for path in sorted(ours):
            where = Place(root, Path(path).name)
            line = lines.get(path) or Listed(*where, "skipped", register.recorded(where))
            files.append(self._uploaded(line, last.get(where.name), path in lines, said))
        return files

    def tags(self) -> dict[str, tuple[str, ...]]:
        """Tags of documents, by their ids."""
        said = self._remarks()
        tagged = {one: tags for one in said.places() if (tags := said.of(one).tags)}
        register = Identities.open(self._data) if tagged else Identities()
        return {id: tags for one, tags in tagged.items() if (id := register.recorded(one))}

    def uploaded(self) -> frozenset[str]:
        """Ids of the documents that were uploaded."""
        names, root = uploads.names(self._data), str(uploads.root(self._data))
        register = Identities.open(self._data) if names else Identities()
        ids = (register.recorded(Place(root, name)) for name in names)
        return frozenset(filter(None, ids))

    def folders(self) -> list[Path]:
        """The folders and files that the live index was built of, beside what was uploaded."""
        try:
            pointer = generation.current(self._data)
        except GenerationError:
            pointer = None
        if pointer != self._named[0]:
            roots = generation.roots_of(self._data / pointer[0]) if pointer else []
            self._named = pointer, [*map(Path, roots)]
        return self._named[1]

    def shown(self, text: str) -> str:
        """``text`` without where folders lie on this machine: their names alone."""
        for root in sorted(
            [*self.folders(), uploads.root(self._data)], key=lambda one: -len(str(one))
        ):
            text = text.replace(f"{root}/", f"{root.name}/")
        return text

    def _remarks(self) -> Remarks:
        try:
            return Remarks.open(self._data)
        except IndexingError:
            return Remarks()  # builds and answers say what is wrong with it

    def _listed(self, one: Listed, register: Identities, said: Remarks) -> FileState:
        hidden = said.of(one.place).hidden
        state: State = "hidden" if hidden else "waiting" if one.state == "hidden" else one.state
        id = one.id or register.recorded(one.place)
        return self._state(one, state, id, Path(one.root).name, said)

    def _uploaded(
        self, one: Listed, last: tuple[Build, State] | None, listed: bool, said: Remarks
    ) -> FileState:
        state: State = one.state if listed else "waiting"
        reasons = one.reasons
        if last is not None:
            state = last[1]
            why = [bad.reason for bad in last[0].unread if bad.name == one.name]
            if state == "failed":
                state, reasons = ("skipped", tuple(why)) if why else (state, (last[0].error,))
            elif state in {"waiting", "reading"}:
                reasons = ()
        return self._state(
            Listed(*one.place, one.state, one.id, reasons, one.bytes, one.file_sha256),
            *(state, one.id, "", said),
        )

    def _state(self, one: Listed, state: State, id: str, folder: str, said: Remarks) -> FileState:
        where = one.place
        uploaded = uploads.holds(self._data, where)
        return FileState(
            name=printable(where.name),
            id=id,
            state=state,
            reasons=tuple(map(self.shown, one.reasons)),
            bytes=_size(where) if uploaded else one.bytes,
            file_sha256=one.file_sha256,
            uploaded=uploaded,
            folder=folder,
            tags=said.of(where).tags,
        )

    def _last(self) -> dict[str, tuple[Build, State]]:
        """The last build that was to take in each uploaded file, and how the file stands by it;
        none where a build has gone well since, as each takes all files there are."""
        found: dict[str, tuple[Build, State]] = {}
        for build in self._builds.all():
            if build.state == "live":
                found.clear()
                continue
            for name in _taken_in(build):
                found[name] = build, self._by(build, name)
        return found

    def _by(self, build: Build, name: str) -> State:
        if build.state != "running":
            return "failed" if build.state == "failed" else "waiting"
        progress = self._builder.progress(build.id)
        return "reading" if progress and name in progress.reading else "waiting"


def _taken_in(build: Build) -> Iterator[str]:
    return (one.name for one in build.changes if one.action in {"add", "replace"})


def _size(where: Place) -> int:
    try:
        return Path(where.path).stat().st_size
    except OSError:
        return 0
