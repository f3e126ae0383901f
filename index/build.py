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
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
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
    language,
    lexical,
    loaders,
    metadata,
    passages,
    places,
    presence,
    sources,
    tokens,
)
from index.config import IndexSettings
from index.database import DatabaseWriter, IndexedPassage
from index.encoder import Encoder
from index.errors import GenerationError, NoGeneration, NothingToIndex, UnreadableDocument
from index.generation import Generation, Manifest
from index.loading import SUFFIXES
from index.projection import Floats
from index.records import Definition, Document, Metadata, Passage, Skipped
from index.tokens import PassageTokens

BUILDING = ".building-"
_CONTEXT_CHARACTERS = 160
_AHEAD = 64
"""Passages encoded ahead of the writer: enough to keep every core busy, few to hold."""


class Progress(Protocol):
    """Told how a build goes on: a step's name, what is done of it, and how much there is."""

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
    """Names of documents that the former generation had and this one has not."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A document cut up, before anything is encoded."""

    document: Document
    passages: list[Passage]
    owned: set[str]
    """Identifiers that are the document's own: those in its title."""
    places: places.Places
    definitions: list[Definition]


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
    """Make a generation of the documents under ``paths`` and make it live.

    ``add`` keeps the paths of the live generation too; ``wait`` waits for a running build;
    ``rebuild`` takes nothing from the live generation. ``load_encoder`` is called only if a
    passage must be encoded. Raises ``NothingToIndex``, ``BuildInProgress``,
    ``ModelUnavailable`` and, where there is nothing sound to add to, ``GenerationError``.
    """
    started = time.perf_counter()
    with files.build_lock(settings.data, wait):
        _sweep(settings.data)
        live = _open_live(settings.data, add)
        roots = [path.absolute() for path in paths]  # not resolved: a link may be a loop
        if add and live is not None:
            roots = list(dict.fromkeys([*map(Path, live.manifest.roots), *roots]))
        prepared, skipped = _prepare(roots, settings, progress)
        whole, vectors = generation.fingerprints(settings)
        corpus = _corpus_hash(prepared)
        removed = _removed(live, prepared)
        if live is not None and not rebuild:
            same = (live.manifest.fingerprint, live.manifest.corpus) == (whole, corpus)
            if same and live.manifest.roots == [str(root) for root in roots]:
                return _report(live.manifest, False, 0, skipped, started, ())
        reusable = live is not None and live.manifest.vectors_fingerprint == vectors
        former = _former(live) if reusable and not rebuild else _Former()

        name = _next_name(settings.data)
        folder = settings.data / f"{BUILDING}{name}-{os.getpid()}"
        folder.mkdir()
        encoded, sentences = _write(folder, prepared, settings, former, load_encoder, progress)
        manifest = Manifest(
            generation=name,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            fingerprint=whole,
            vectors_fingerprint=vectors,
            configuration=settings.shaping(),
            models=encoder.identity(settings),
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
        return _report(manifest, True, encoded, skipped, started, removed)


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


def _prepare(
    roots: Sequence[Path], settings: IndexSettings, progress: Progress
) -> tuple[list[_Prepared], tuple[Skipped, ...]]:
    """Read and split every document under ``roots``. Raises ``NothingToIndex``."""
    prepared: list[_Prepared] = []
    skipped: list[Skipped] = []
    texts: dict[str, str] = {}
    taken: set[str] = set()
    catalogs: dict[Path, dict[str, Metadata]] = {}
    limits = passages.Limits(settings.passage_min_words, settings.passage_max_words)
    domain_of = domains.chooser(settings.domain)
    found = list(sources.find(roots))
    for number, source in enumerate(found):
        progress("read", number, len(found))
        if isinstance(source, Skipped):
            skipped.append(source)
            continue
        if source.folder not in catalogs:
            catalogs[source.folder] = metadata.read(source.folder)
        known = catalogs[source.folder].get(source.name, Metadata())
        try:
            document = loaders.load(
                source, known, taken, int(settings.max_file_mb * 2**20), domain_of
            )
            if document.sha256 in texts:
                raise UnreadableDocument(f"has the same text as {texts[document.sha256]}")
        except UnreadableDocument as error:
            skipped.append(Skipped(source.name, str(error)))
            continue
        texts[document.sha256] = source.name
        prepared.append(_cut_up(document, limits))
    progress("read", len(found), len(found))
    if not any(one.passages for one in prepared):
        raise NothingToIndex(_nothing(skipped))
    return prepared, tuple(skipped)


def _cut_up(document: Document, limits: passages.Limits) -> _Prepared:
    cut = passages.split(document, limits)
    owned = places.owned(document.title, domains.named(document.domain))
    found = places.place(document, cut, owned)
    defined = acronyms.find(document.text, language.of(document.language))
    return _Prepared(document, cut, owned, found, defined)


def _nothing(skipped: list[Skipped]) -> str:
    kinds = ", ".join(sorted(SUFFIXES))
    message = f"no document found; name files ({kinds}), or a folder that holds some"
    reasons = [f"{one.name} {one.reason}" for one in skipped[:5]]
    return f"{message} ({'; '.join(reasons)})" if reasons else message


def _corpus_hash(prepared: list[_Prepared]) -> str:
    state = hashlib.sha256()
    for one in prepared:
        document = one.document
        record = (document.id, document.sha256, document.title, document.source)
        meta = document.metadata
        state.update(json.dumps([*record, meta.publisher, meta.date, meta.url]).encode())
    return state.hexdigest()


def _removed(live: Generation | None, prepared: list[_Prepared]) -> tuple[str, ...]:
    if live is None:
        return ()
    kept = {one.document.id for one in prepared}
    return tuple(entry.source for entry in live.database.documents() if entry.id not in kept)


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
            database.add(one.document, rows, one.owned, one.places.elsewhere, one.definitions)
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
    spans = [(s.start - passage.start, s.end - passage.start) for s in passage.sentences]
    seen = json.dumps([_context(document, passage), passage.text, spans], ensure_ascii=False)
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
        found = model.encode_passage(passage.text, _context(document, passage))
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
            yield lexical.LexicalEntry(row, one.document.id, headings, passage.text)
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
    skipped: tuple[Skipped, ...],
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
        skipped=skipped,
        seconds=time.perf_counter() - started,
        bytes=sum(entry["bytes"] for entry in manifest.files.values()),
        removed=removed,
    )
