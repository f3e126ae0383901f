"""The collections that the confidence is fitted to and measured on, made ready to be asked."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval import cases, convert, qed
from eval.records import Case, half_of, is_held_out
from index import build
from index.config import IndexSettings

ROOT = Path(__file__).parent.parent
QUESTIONS = ROOT / "eval/questions"
_EVERY = 8
"""Of SQuAD's half ``test``, so many questions are passed over for one that is asked."""
_OTHERS = 12
"""Of the resolutions that no question names, likewise."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Questions over an index."""

    name: str
    questions: Path
    data: Path
    """Folder of the index."""
    takes: Callable[[Case], bool]
    off_topic: bool = False
    """Whether the index answers none of them."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A collection: what the confidence may be fitted to, and what it is measured on."""

    name: str
    fitted: Fitted | None
    measured: Fitted | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the collections lie; those that are not named are left out."""
    parser.add_argument("--resolutions", type=Path, help="folder of S_RES_*.txt")
    parser.add_argument("--un-pdf", type=Path, help="folder of UN documents in PDF")
    parser.add_argument("--squad", type=Path, help="SQuAD 2.0, its JSON")
    parser.add_argument("--qed", type=Path, help="QED's folder (train.jsonl and dev.jsonl)")
    parser.add_argument("--clapnq", type=Path, help="CLAPNQ's folder")


def prepared(given: argparse.Namespace) -> list[Measured]:
    """The collections that are named, indexed in ``given.work``."""
    work: Path = given.work
    found = [_halved("seeds", QUESTIONS / "seeds.jsonl", [ROOT / "seeds"], work)]
    if given.resolutions:
        asked = QUESTIONS / "resolutions.jsonl"
        found.append(_halved("resolutions", asked, _resolutions(given.resolutions, asked), work))
    if given.un_pdf:
        found.append(_halved("un-pdf", QUESTIONS / "un-pdf.jsonl", [given.un_pdf], work))
    if given.squad:
        found.append(_squad(given.squad, work))
        # What is asked of the documents of others: plain refusals belong to every collection.
        at = _indexed("squad", [], work)
        off = Fitted("off-topic", QUESTIONS / "resolutions.jsonl", at, _in_tune, off_topic=True)
        found.append(Measured("off-topic", off, None))
    if given.qed:
        found.append(_qed(given.qed, work))
    if given.clapnq:
        at = _indexed("clapnq", [given.clapnq / "documents"], work)
        asked = given.clapnq / "questions.jsonl"
        found.append(Measured("clapnq", None, Fitted("clapnq", asked, at, lambda _: True)))
    return found


def _halved(name: str, questions: Path, documents: Sequence[Path], work: Path) -> Measured:
    """A set of the project's own: fitted to the half ``tune``, measured on ``test``."""
    at = _indexed(name, documents, work)
    return Measured(
        name,
        Fitted(f"{name}-tune", questions, at, _in_tune),
        Fitted(f"{name}-test", questions, at, lambda one: one.half == "test"),
    )


def _in_tune(one: Case) -> bool:
    return one.half == "tune"


def _resolutions(folder: Path, questions: Path) -> list[Path]:
    """The resolutions that questions name, and some of the others."""
    paths = {one.stem.lower().replace("_", "-"): one for one in sorted(folder.glob("*.txt"))}
    named = {
        span.document for case in cases.load(questions) for group in case.gold for span in group
    }
    named.update(list(paths)[::_OTHERS])
    return [path for name, path in paths.items() if name in named]


def _squad(source: Path, work: Path) -> Measured:
    folder = _converted("squad", source, work)
    asked, at = folder / convert.QUESTIONS, _indexed("squad", [folder / convert.DOCUMENTS], work)
    shown = {one.id for one in cases.of_half(cases.load(asked), "test")[::_EVERY]}
    return Measured(
        "squad",
        Fitted("squad-tune", asked, at, lambda one: _in_tune(one) and is_held_out(one.id)),
        Fitted("squad-test", asked, at, lambda one: one.id in shown),
    )


def _qed(source: Path, work: Path) -> Measured:
    """Fitted to what the reader has not seen of the training part; of every other such question
    the collection lacks the paragraph, so that nothing answers it."""
    kept = [
        one
        for one in qed.read(source / "train.jsonl")
        if half_of(one.id) == "tune" and is_held_out(one.id) and one.answers
    ]
    part = work / "qed-kept.jsonl"
    if not part.exists():
        part.write_text("".join(_lines(kept)), encoding="utf-8")
    folder = _converted("qed-kept", part, work)
    dev = _converted("qed-dev", source / "dev.jsonl", work)
    at = _indexed("qed-kept", [folder / convert.DOCUMENTS], work)
    return Measured(
        "qed",
        Fitted("qed-tune", folder / convert.QUESTIONS, at, lambda _: True),
        Fitted(
            "qed-dev",
            dev / convert.QUESTIONS,
            _indexed("qed-dev", [dev / convert.DOCUMENTS], work),
            lambda _: True,
        ),
    )


def _lines(kept: Sequence[qed.Asked]) -> Iterator[str]:
    for number, one in enumerate(kept):
        lacking = replace(one, paragraph="", sentences=[], kind="none", answer_sentence=None)
        yield qed.to_line(one if number % 2 else lacking) + "\n"


def _converted(name: str, source: Path, work: Path) -> Path:
    folder = work / name
    if not (folder / convert.QUESTIONS).exists():
        convert.convert(source, folder)
    return folder


def _indexed(name: str, documents: Sequence[Path], work: Path) -> Path:
    """The folder of an index over ``documents``, made unless it is there."""
    data = work / f"index-{name}"
    if not (data / "CURRENT").exists():
        print(f"indexing {name}", file=sys.stderr, flush=True)
        build.build(list(documents), IndexSettings(data=data))
    return data
