"""Composes the steps from files to a live generation.

Read, split, encode what is new, write beside the live generation, check, publish. The live
one is untouched until the last step, which is one atomic replacement of a small file; a
build stopped at any point leaves nothing but a folder that the next build removes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections import defaultdict, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np

from index import (
    acronyms,
    dense,
    domains,
    encoder,
    files,
    generation,
    identity,
    kin,
    language,
    lexical,
    listing,
    loaders,
    loading,
    metadata,
    paragraphs,
    passages,
    places,
    presence,
    reading,
    sources,
    tokens,
    uploads,
    versions,
)
from index.config import IndexSettings
from index.database import DatabaseWriter, IndexedPassage, sources_of
from index.encoder import Encoder
from index.errors import GenerationError, NoGeneration, NothingToIndex, UnreadableDocument
from index.generation import Generation, Manifest
from index.identity import Identities, Naming, Place
from index.listing import Listed
from index.loading import SUFFIXES
from index.paragraphs import Paragraph
from index.projection import Floats
from index.reading import Reader, Watch
from index.records import Definition, Document, Metadata, Notice, Passage, Skipped
from index.remarks import Remarks
from index.sources import SourceFile
from index.tokens import PassageTokens

BUILDING = ".building-"
_CONTEXT_CHARACTERS = 160
_AHEAD = 64
"""Passages encoded ahead of the writer: enough to keep every core busy, few to hold."""


class Progress(Protocol):
    """Told how a build goes on: a step's name, what is done of it, and how much there is. Of the
    step "ocr" it is told while others go on, and its total grows."""

    def __call__(self, step: str, done: int, total: int, /) -> None:
        """``done`` of ``total`` parts of ``step`` are behind us."""


def _silent(_step: str, _done: int, _total: int, /) -> None:
    """Progress for those who do not look."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did."""

    generation: str
    changed: bool
    """False where the live generation already held exactly this."""
    documents: int
    passages: int
    sentences: int
    encoded: int
    """Passages whose vectors had to be computed."""
    skipped: tuple[Skipped, ...]
    seconds: float
    bytes: int
    removed: tuple[str, ...] = ()
    """Names of documents that the former generation had and this one has not, but for those that
    somebody hid or, where they had been added, took away."""
    notices: tuple[Notice, ...] = ()
    """What should be known of files that were indexed."""
    hidden: tuple[str, ...] = ()
    """Names of files that are left out because somebody hid them."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A document cut up, before anything is encoded."""

    place: Place
    arrays: str
    """Names what ``document`` is written with, and is not held for all of them at once."""
    document: Document
    passages: list[Passage]
    owned: set[str]
    """Identifiers that are the document's own: those in its title."""
    places: places.Places
    definitions: list[Definition]
    paragraphs: list[Paragraph]


@dataclass(frozen=True, slots=True)
class _Collected:
    """What was found under the roots of a build."""

    prepared: list[_Prepared]
    skipped: tuple[Skipped, ...]
    notices: tuple[Notice, ...]
    naming: Naming
    """Names the files of this build and of the former one."""
    files: tuple[Place, ...]
    """All that were found, in order."""
    hidden: tuple[Place, ...]
    """Those of them that are hidden."""
    keys: frozenset[str]
    """Of what is kept of the files that were read."""


@dataclass(slots=True)
class _Former:
    """The live generation, as a source of vectors for what has not changed."""

    live: Generation | None = None
    rows: dict[bytes, int] = field(default_factory=dict)
    vectors: Floats | None = None

    def find(self, digest: bytes, passage: Passage) -> tuple[Floats, PassageTokens] | None:
        """Vectors of the passage that had ``digest``, as those of ``passage``."""
        row = self.rows.get(digest)
        if row is None or self.live is None or self.vectors is None:
            return None
        kept = self.live.tokens.passage(row, self.live.database.token_ids(row))
        return self.vectors[row], tokens.moved(kept, passage)


def build(
    paths: Sequence[Path],
    settings: IndexSettings,
    load_encoder: Callable[[IndexSettings], Encoder] = encoder.load,
    progress: Progress = _silent,
    *,
    add: bool = False,
    wait: bool = False,
    rebuild: bool = False,
) -> Report:
    """Make a generation of the documents under ``paths``, with the files that were added, and make
    it live.

    ``add`` keeps the paths of the live generation too; ``wait`` waits for a running build;
    ``rebuild`` takes nothing from the live generation. ``load_encoder`` is called only if a
    passage must be encoded. A ``progress`` that is a ``Watch`` is told of each file, too. Raises
    ``NothingToIndex``, ``BuildInProgress``, ``ModelUnavailable`` and, where there is nothing sound
    to add to, ``GenerationError``.
    """
    started = time.perf_counter()
    with files.build_lock(settings.data, wait):
        _sweep(settings.data)
        live = _open_live(settings.data, add)
        roots = [path.absolute() for path in paths]  # not resolved: a link may be a loop
        if add and live is not None:
            roots = list(dict.fromkeys([*map(Path, live.manifest.roots), *roots]))
        register, said = _identities(settings.data, live), Remarks.open(settings.data)
        watch = progress if isinstance(progress, Watch) else None
        with Reader(settings, rebuild, watch, partial(progress, "ocr")) as reader:
            everything = [*dict.fromkeys([*roots, *uploads.roots(settings.data)])]
            collected = _prepare(everything, settings, progress, register, live, reader, said)
        prepared = collected.prepared
        register.record(one.place for one in prepared)
        register.write(settings.data)
        whole, vectors = generation.fingerprints(settings)
        corpus = _corpus_hash(prepared)
        removed = _removed(live, collected, register, settings.data)
        listing.write(settings.data, _listed(collected, register))
        if live is not None and not rebuild:
            same = (live.manifest.fingerprint, live.manifest.corpus) == (whole, corpus)
            if same and live.manifest.roots == [str(root) for root in roots]:
                return _report(live.manifest, False, 0, collected, started, ())
        if live is not None:
            _keep_versions(live, prepared, register, settings.data)
        reusable = live is not None and live.manifest.vectors_fingerprint == vectors
        former = _former(live) if reusable and not rebuild else _Former()

        name = _next_name(settings.data)
        folder = settings.data / f"{BUILDING}{name}-{os.getpid()}"
        folder.mkdir()
        encoded, sentences = _write(folder, prepared, settings, former, load_encoder, progress)
        (folder / identity.FILE).write_text(register.to_json(settings.data), encoding="utf-8")
        manifest = Manifest(
            generation=name,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            fingerprint=whole,
            vectors_fingerprint=vectors,
            configuration=settings.shaping(),
            models=encoder.identity(settings),
            loaders=_loaders(prepared),
            corpus=corpus,
            roots=[str(root) for root in roots],
            counts={
                "documents": len(prepared),
                "passages": sum(len(one.passages) for one in prepared),
                "sentences": sentences,
            },
            files=generation.describe_files(folder, _file_names(folder)),
        )
        _publish(folder, manifest, settings, progress)
        reading.prune(settings.data, _generations(settings.data), collected.keys)
        return _report(manifest, True, encoded, collected, started, removed)


def _sweep(data: Path) -> None:
    """Remove what a stopped build left. The lock is held, so none of it is in use."""
    for leftover in data.glob(f"{BUILDING}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    for leftover in data.glob(f".{generation.CURRENT}.*"):
        leftover.unlink(missing_ok=True)


def _open_live(data: Path, needed: bool) -> Generation | None:
    """The live generation, or None where there is none that can be trusted: then everything
    is built anew, which is what a damaged one asks for. Not so where it is ``needed``, for
    what it held: then its error is raised."""
    try:
        return generation.open_current(data)
    except NoGeneration:
        return None
    except GenerationError:
        if needed:
            raise
        return None


def _former(live: Generation | None) -> _Former:
    if live is None:
        return _Former()
    return _Former(live, live.database.digests(), live.dense.vectors())


def _identities(data: Path, live: Generation | None) -> Identities:
    """The register, completed from the generations, the live one first."""
    folders = _generations(data)
    if live is not None:
        folders.sort(key=lambda folder: folder.name != live.name)
    register = Identities.open(data, [folder / identity.FILE for folder in folders])
    for folder in folders:
        if not (folder / identity.FILE).exists():
            register.adopt(generation.roots_of(folder), sources_of(folder))
    return register


def _former_places(live: Generation | None, register: Identities) -> dict[str, Place]:
    """Where the documents of the live generation lay, by their ids."""
    entries = live.database.documents() if live is not None else []
    return {one.id: register.place_of(one.id) or Place("", one.source) for one in entries}


def _prepare(
    roots: Sequence[Path],
    settings: IndexSettings,
    progress: Progress,
    register: Identities,
    live: Generation | None,
    reader: Reader,
    said: Remarks,
) -> _Collected:
    """Read and split every document under ``roots``, as it is ``said`` to be. Raises
    ``NothingToIndex``."""
    prepared: list[_Prepared] = []
    skipped: list[Skipped] = []
    notices: list[Notice] = []
    numbers: dict[str, int] = {}
    catalogs: dict[Path, dict[str, Metadata]] = {}
    limits = passages.Limits(settings.passage_min_words, settings.passage_max_words)
    everything = list(sources.find(roots))
    found = [one for one in everything if not said.of(one.place).hidden]
    former = _former_places(live, register)
    naming = Naming([*(one.place for one in everything), *former.values()])
    readable = [one for one in found if isinstance(one, SourceFile)]
    register.propose(one.place for one in readable)
    contents = reader.read(readable)

    def standing(one: _Prepared) -> tuple[bool, bool]:
        """Of two documents with one text, the one whose address is in use is kept."""
        return one.document.id in former, register.is_recorded(one.place)

    def same(one: _Prepared, other: _Prepared) -> Skipped:
        reason = f"has the same text as {naming.name(other.place)}"
        return Skipped(naming.name(one.place), reason)

    for number, source in enumerate(found):
        progress("read", number, len(found))
        name = naming.name(source.place)
        if isinstance(source, Skipped):
            skipped.append(Skipped(name, source.reason))
            continue
        if source.folder not in catalogs:
            catalogs[source.folder] = metadata.read(source.folder)
        known = catalogs[source.folder].get(source.name, Metadata())
        try:
            read = next(contents).result()
        except UnreadableDocument as error:
            skipped.append(Skipped(name, str(error)))
            continue
        mine = said.of(source.place)
        document = loaders.compose(
            source, mine.over(known), register.id_of(source.place), read.parsed
        )
        one = _cut_up(source.place, read.arrays, mine.about(document), limits)
        notices += [Notice(name, one) for one in document.notices]
        row = numbers.setdefault(document.sha256, len(prepared))
        if row == len(prepared):
            prepared.append(one)
        elif standing(one) > standing(prepared[row]):
            skipped.append(same(prepared[row], one))
            prepared[row] = one
        else:
            skipped.append(same(one, prepared[row]))
    progress("read", len(found), len(found))
    if not any(one.passages for one in prepared):
        raise NothingToIndex(_nothing(skipped))
    notices += _namesakes(prepared, naming)
    places = {one.document.id: one.place for one in prepared}
    revisions = kin.told([one.document for one in prepared])
    notices += [Notice(naming.name(places[one.id]), text) for one, text in revisions]
    return _Collected(
        *(prepared, tuple(skipped), tuple(notices), naming),
        files=tuple(one.place for one in everything),
        hidden=tuple(one.place for one in everything if said.of(one.place).hidden),
        keys=frozenset(reader.keys),
    )


def _listed(collected: _Collected, register: Identities) -> list[Listed]:
    """A line for each file that was found."""
    name, told = collected.naming.name, defaultdict(list)
    for one in collected.notices:
        told[one.name].append(one.text)
    reasons = {one.name: one.reason for one in collected.skipped}
    return listing.of(
        collected.files,
        {where: register.recorded(where) for where in collected.hidden},
        {one.place: one.document for one in collected.prepared},
        lambda where: reasons.get(name(where), ""),
        lambda where: told.get(name(where), []),
    )


def _namesakes(prepared: list[_Prepared], naming: Naming) -> Iterator[Notice]:
    """Tells the ids of documents whose files have one name."""
    together = Naming(one.place for one in prepared)
    for one in prepared:
        if others := together.meets(one.place):
            text = f"is document {one.document.id}; {', '.join(others)} has the same name"
            yield Notice(naming.name(one.place), text)


def _cut_up(place: Place, arrays: str, document: Document, limits: passages.Limits) -> _Prepared:
    cut = passages.split(document, limits)
    domain = domains.named(document.domain)
    owned = places.owned(document.title, domain)
    owned |= {one.key for one in domain.identifiers(document.metadata.symbol)}
    found = places.place(document, cut, owned)
    known = language.of(document.language)
    defined, counted = acronyms.find(document.text, known), paragraphs.find(document, known)
    return _Prepared(place, arrays, document, cut, owned, found, defined, counted)


def _nothing(skipped: list[Skipped]) -> str:
    kinds = ", ".join(sorted(SUFFIXES))
    message = f"no document found; name files ({kinds}), or a folder that holds some"
    reasons = [f"{one.name} {one.reason}" for one in skipped[:5]]
    return f"{message} ({'; '.join(reasons)})" if reasons else message


def _loaders(prepared: list[_Prepared]) -> dict[str, str]:
    """Versions of the loaders that read some documents, by name."""
    used = {one.document.loader for one in prepared}
    return {one.name: one.version for one in loading.LOADERS if one.name in used}


def _corpus_hash(prepared: list[_Prepared]) -> str:
    state, versions = hashlib.sha256(), _loaders(prepared)
    for one in prepared:
        document = one.document
        record = (document.id, document.sha256, document.title, document.source)
        file = (document.file_sha256, document.loader, versions[document.loader], document.ocr)
        meta = document.metadata
        known = (meta.publisher, meta.date, meta.url, meta.symbol, document.language)
        state.update(json.dumps([*record, *file, *known]).encode())
    return state.hexdigest()


def _removed(
    live: Generation | None, collected: _Collected, register: Identities, data: Path
) -> tuple[str, ...]:
    kept = {one.document.id for one in collected.prepared}
    hidden = {where.path for where in collected.hidden}
    return tuple(
        collected.naming.name(where)
        for id, where in _former_places(live, register).items()
        if id not in kept and where.path not in hidden and not uploads.holds(data, where)
    )


def _keep_versions(
    live: Generation, prepared: list[_Prepared], register: Identities, data: Path
) -> None:
    """Keep the texts that the live generation has and the next one will not have; but none of a
    file that was added and taken away."""
    places = _former_places(live, register)
    deleted = {id for id, where in places.items() if uploads.is_gone(data, where)}
    moment = versions.Moment(live.manifest.generation, live.manifest.created)
    database = live.database
    standing = (
        versions.Standing(
            one.id,
            versions.Version(one.sha256, one.file_sha256, one.title, moment),
            partial(database.text, one.id),
        )
        for one in database.documents()
        if one.id not in deleted
    )
    versions.keep(
        data, moment, standing, {one.document.id: one.document.sha256 for one in prepared}
    )
    versions.forget(data, deleted)


def _next_name(data: Path) -> str:
    numbers = [int(path.name.removeprefix(generation.PREFIX)) for path in _generations(data)]
    return f"{generation.PREFIX}{max(numbers, default=0) + 1:06d}"


def _generations(data: Path) -> list[Path]:
    return sorted(
        path
        for path in data.glob(f"{generation.PREFIX}*")
        if path.name.removeprefix(generation.PREFIX).isdigit()
    )


def _write(
    folder: Path,
    prepared: list[_Prepared],
    settings: IndexSettings,
    former: _Former,
    load_encoder: Callable[[IndexSettings], Encoder],
    progress: Progress,
) -> tuple[int, int]:
    """Write every file but the manifest; return the passages encoded and the sentences."""
    digests = [_digest(one.document, passage) for one in prepared for passage in one.passages]
    missing = sum(digest not in former.rows for digest in digests)
    model = load_encoder(settings) if missing else None
    vectors: list[Floats] = []
    sentences = done = 0
    with ExitStack() as stack:
        database = stack.enter_context(DatabaseWriter(folder))
        encoded = stack.enter_context(
            closing(_encode(prepared, digests, former, model, settings.encode_threads))
        )
        writer: tokens.TokenWriter | None = None
        for one in prepared:
            rows: list[IndexedPassage] = []
            for passage, mentions in zip(one.passages, one.places.of_passages, strict=True):
                vector, kept = next(encoded)
                if writer is None:
                    size = model.vocabulary if model else _vocabulary(former)
                    writer = tokens.TokenWriter(folder, kept.codes.shape[1], size)
                    stack.enter_context(writer)
                writer.add(kept)
                vectors.append(vector)
                rows.append(IndexedPassage(passage, digests[done], kept.ids, mentions))
                sentences += len(passage.sentences)
                done += 1
                progress("encode", done, len(digests))
            found = one.places.elsewhere, one.definitions, one.paragraphs
            document = reading.whole(settings.data, one.document, one.arrays)
            database.add(document, rows, one.owned, *found)
    progress("words", 0, 1)
    lexical.write(folder, _lexical_entries(prepared))
    wholes = (
        presence.WholeDocument(number, one.document.title, one.document.text)
        for number, one in enumerate(prepared)
    )
    presence.write(folder, wholes)
    progress("vectors", 0, 1)
    dense.DenseIndex(dense.build(np.stack(vectors), settings.flat_limit)).write(folder)
    return missing, sentences


def _vocabulary(former: _Former) -> int:
    assert former.live is not None  # without it every passage is missing, and a model loaded
    return former.live.tokens.vocabulary


def _digest(document: Document, passage: Passage) -> bytes:
    """Hash of all that the encoder sees of a passage and of where its sentences lie in it."""
    seen = json.dumps([_context(document, passage), *passage.read()], ensure_ascii=False)
    return hashlib.sha256(seen.encode()).digest()


def _context(document: Document, passage: Passage) -> str:
    return context(document.title if document.named else "", passage.section)


def context(title: str, section: tuple[str, ...]) -> str:
    """What a passage is read under: the title of its document and its nearest heading.

    Passages often leave unsaid what they are about because the heading has said it.
    """
    parts = [*([title] if title else []), *section[-1:]]
    unique = [part for number, part in enumerate(parts) if part not in parts[:number]]
    return " — ".join(part[:_CONTEXT_CHARACTERS] for part in unique)


def _encode(
    prepared: list[_Prepared],
    digests: list[bytes],
    former: _Former,
    model: Encoder | None,
    threads: int,
) -> Generator[tuple[Floats, PassageTokens]]:
    """Vectors of every passage in order: the former generation's, or newly encoded."""

    def compute(document: Document, passage: Passage) -> tuple[Floats, PassageTokens]:
        assert model is not None  # loaded whenever a digest is missing
        found = model.encode_passage(passage.read()[0], _context(document, passage))
        return found.dense, tokens.compress(passage, found)

    with ThreadPoolExecutor(threads, thread_name_prefix="encode") as pool:
        waiting: deque[_Waiting] = deque()
        pairs = ((one.document, passage) for one in prepared for passage in one.passages)
        try:
            for (document, passage), digest in zip(pairs, digests, strict=True):
                if digest in former.rows:
                    waiting.append((digest, passage))
                else:
                    waiting.append(pool.submit(compute, document, passage))
                if len(waiting) >= _AHEAD:
                    yield _settle(waiting.popleft(), former)
            while waiting:
                yield _settle(waiting.popleft(), former)
        finally:
            pool.shutdown(cancel_futures=True)


_Waiting = Future[tuple[Floats, PassageTokens]] | tuple[bytes, Passage]


def _settle(waiting: _Waiting, former: _Former) -> tuple[Floats, PassageTokens]:
    if isinstance(waiting, Future):
        return waiting.result()
    found = former.find(*waiting)
    assert found is not None
    return found


def _lexical_entries(prepared: list[_Prepared]) -> Iterator[lexical.LexicalEntry]:
    row = 0
    for one in prepared:
        for passage in one.passages:
            title = [one.document.title] if one.document.named else []
            headings = " \n ".join([*title, *passage.section])
            yield lexical.LexicalEntry(row, one.document.id, headings, passage.read()[0])
            row += 1


def _file_names(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != lexical.LOCK)
    return sorted(path.relative_to(folder).as_posix() for path in found)


def _publish(folder: Path, manifest: Manifest, settings: IndexSettings, progress: Progress) -> None:
    progress("publish", 0, 1)
    content = manifest.to_json()
    (folder / generation.MANIFEST).write_text(content, encoding="utf-8")
    files.publish(folder, settings.data / manifest.generation)
    progress("switch", 0, 1)
    digest = hashlib.sha256(content.encode()).hexdigest()
    files.replace_atomically(
        settings.data / generation.CURRENT, f"{manifest.generation} {digest}\n"
    )
    progress("prune", 0, 1)
    for old in _generations(settings.data)[: -settings.keep_generations]:
        if old.name != manifest.generation:
            shutil.rmtree(old, ignore_errors=True)


def _report(
    manifest: Manifest,
    changed: bool,
    encoded: int,
    collected: _Collected,
    started: float,
    removed: tuple[str, ...],
) -> Report:
    return Report(
        generation=manifest.generation,
        changed=changed,
        documents=manifest.counts["documents"],
        passages=manifest.counts["passages"],
        sentences=manifest.counts["sentences"],
        encoded=encoded,
        skipped=collected.skipped,
        seconds=time.perf_counter() - started,
        bytes=sum(entry["bytes"] for entry in manifest.files.values()),
        removed=removed,
        notices=collected.notices,
        hidden=tuple(map(collected.naming.name, collected.hidden)),
    )
