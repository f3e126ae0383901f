"""Gathers what the reader is taught with: a file of groups for each source, made once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eval import cases, convert
from eval import qed as qed_set
from eval.records import half_of, is_held_out
from index import build, encoder, generation
from index.config import IndexSettings
from qa.pipeline import Answerer
from qa.settings import ServiceSettings
from training import groups, qed, store, tables
from training.records import Group

ROOT = Path(__file__).parent.parent
PAIRS, DOCUMENTS = ROOT / "training/pairs", ROOT / "training/documents"


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the material lies; what is None is left out."""

    work: Path
    """Groups and indexes are kept here."""
    resolutions: Path | None = None
    """Folder of S_RES_*.txt."""
    squad: Path | None = None
    """SQuAD 2.0, its JSON."""
    qed: Path | None = None
    """QED's train.jsonl."""
    limit: int | None = None
    """Questions of each file, at most."""


def gather(sources: Sources) -> list[Group]:
    """The groups of all sources that are there, without those that have no examples."""
    work, limit = sources.work, sources.limit
    found = store.kept(work / "pairs.jsonl", lambda: _of_pairs(sources)) + tables.groups()[:limit]
    if squad := sources.squad:
        found += store.kept(work / "squad.jsonl", lambda: _of_squad(squad, work, limit))
    if of_qed := sources.qed:
        found += store.kept(work / "qed.jsonl", lambda: qed.groups(qed_seen(of_qed)[:limit]))
    return [one for one in found if one.examples]


def qed_seen(source: Path) -> list[qed_set.Asked]:
    """The questions that the reader may see: all but a quarter of the half ``tune``, which are kept
    for the confidence."""
    asked = qed_set.read(source)
    return [one for one in asked if half_of(one.id) == "test" or not is_held_out(one.id)]


def answerer_over(paths: list[Path], data: Path) -> Answerer:
    """An answerer over ``paths``, indexed in ``data``."""
    settings = IndexSettings(data=data)
    build.build(paths, settings)
    return Answerer(generation.open_current(data), encoder.load(settings), ServiceSettings())


def _of_pairs(sources: Sources) -> Iterator[Group]:
    """The groups of all pairs whose documents are there."""
    pairs = [
        pair
        for path in sorted(PAIRS.glob("*/*.jsonl"))
        for pair in groups.read_pairs(path)[: sources.limit]
    ]
    named = {one.document for one in pairs}
    paths = [DOCUMENTS, ROOT / "seeds"]
    for path in sorted(sources.resolutions.glob("*.txt")) if sources.resolutions else []:
        if path.stem.lower().replace("_", "-") in named:
            paths.append(path)
    invented = {one.stem for one in DOCUMENTS.glob("*.txt")}
    yield from groups.of_pairs(pairs, answerer_over(paths, sources.work / "pairs"), invented)


def _of_squad(source: Path, work: Path, limit: int | None) -> Iterator[Group]:
    """The groups of the questions that the reader may see: the half ``tune``, less a quarter for
    the confidence."""
    folder = work / "squad"
    if not folder.exists():
        convert.convert(source, folder)
    answerer = answerer_over([folder / convert.DOCUMENTS], work / "squad-index")
    asked = cases.of_half(cases.load(folder / convert.QUESTIONS), "tune")
    yield from groups.of_cases([one for one in asked if not is_held_out(one.id)][:limit], answerer)
