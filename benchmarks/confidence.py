"""Fits the weights of the confidence on one half of public questions, reports on the other.

usage: python -m benchmarks.confidence SQUAD_JSON [--off-topic DIR] [--share N]

Indexes every paragraph of a SQuAD 2.0 file as a document of its own and asks every Nth of its
questions (by a hash of their ids). A question counts as right if a quote from its paragraph
holds one of its answers; half of the questions have none. Asked of the index in DIR (default:
var/, the seeds), the same questions are off the topic, and none can be right. The halves `tune`
and `test` are told apart by another hash of the id.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from index import build, encoder, generation
from index.config import IndexSettings
from index.encoder import Encoder
from index.generation import Generation
from qa import decide, interpret, quotes, retrieve
from qa.config import ServiceSettings
from qa.records import Question

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Case:
    """A question with what is known of it."""

    text: str
    paragraph: int
    answers: tuple[str, ...]
    tune: bool


@dataclass(frozen=True)
class Outcome:
    """What the pipeline did with a case."""

    signals: decide.Signals
    right: bool
    first: bool
    """Whether the first passage is of the right paragraph."""


def cases(path: Path, share: int) -> tuple[list[str], list[Case]]:
    """The paragraphs of a SQuAD file and every ``share``-th of its questions."""
    paragraphs, found = [], []
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for one in paragraph["qas"]:
                if _hash(one["id"]) % share == 0:
                    answers = tuple(answer["text"] for answer in one["answers"])
                    tune = _hash(f"half {one['id']}") % 2 == 0
                    found.append(Case(one["question"], len(paragraphs), answers, tune))
            paragraphs.append(paragraph["context"])
    return paragraphs, found


def _hash(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def ask(case: Case, index: Generation, model: Encoder) -> Outcome | None:
    """The pipeline's signals for a case; None where it finds no passage at all."""
    reading = interpret.interpret(Question(case.text), index)
    query = model.encode_query(reading.text)
    ranking = retrieve.rank(reading, query, index, ServiceSettings().candidates, None)
    if ranking is None:
        return None
    chosen = quotes.choose(reading, ranking, quotes.candidates(reading, ranking, index))
    own = f"{case.paragraph:05d}"
    right = any(
        one.passage.document.id == own and any(answer in one.text for answer in case.answers)
        for one in quotes.cite(chosen)
    )
    (first,) = index.catalogue.passages(ranking.rows[:1])
    found = decide.signals(reading, ranking, chosen, index)
    return Outcome(found, right, first.document.id == own)


def report(half: str, asked: list[Outcome], answerable: Flags, off: list[Outcome]) -> None:
    """Print the figures of one half."""
    confidence = np.array([decide.confidence(one.signals) for one in asked])
    stray = np.array([decide.confidence(one.signals) for one in off])
    threshold = ServiceSettings().threshold
    truth = np.concatenate([np.ones(int(answerable.sum())), np.zeros(len(stray))])
    against = roc_auc_score(truth, np.concatenate([confidence[answerable], stray]))
    first = np.mean([one.first for one, is_it in zip(asked, answerable, strict=True) if is_it])
    right = np.mean([one.right for one, is_it in zip(asked, answerable, strict=True) if is_it])
    print(
        f"| {half} | {answerable.sum()} / {(~answerable).sum()} / {len(off)} | {first:.3f} | "
        f"{right:.3f} | {roc_auc_score(answerable, confidence):.3f} | {against:.3f} | "
        f"{np.mean(confidence[answerable] < threshold):.3f} | "
        f"{np.mean(confidence[~answerable] >= threshold):.3f} | "
        f"{np.mean(stray >= threshold):.3f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("squad", type=Path)
    parser.add_argument("--off-topic", type=Path, default=Path("var"))
    parser.add_argument("--share", type=int, default=4)
    given = parser.parse_args()
    paragraphs, asked = cases(given.squad, given.share)
    settings = IndexSettings(data=Path(tempfile.mkdtemp()))
    folder = settings.data / "paragraphs"
    folder.mkdir()
    for number, text in enumerate(paragraphs):
        (folder / f"{number:05d}.txt").write_text(text, encoding="utf-8")
    model = encoder.load(settings)
    build.build([folder], settings, lambda _: model)
    own, other = generation.open_current(settings.data), generation.open_current(given.off_topic)
    print(
        "| half | answerable / impossible / off topic | R@1 | answer in the quotes | AUROC: "
        "impossible | off topic | answerable declined | impossible answered | off topic answered |"
        "\n|---|---|---|---|---|---|---|---|---|"
    )
    for half in ("tune", "test"):
        mine = [one for one in asked if one.tune == (half == "tune")]
        found = [(one, outcome) for one in mine if (outcome := ask(one, own, model))]
        stray = [outcome for one in mine if (outcome := ask(one, other, model))]
        outcomes = [outcome for _, outcome in found]
        report(half, outcomes, np.array([bool(one.answers) for one, _ in found]), stray)
        if half == "tune":
            rows = np.array([astuple(one.signals)[:3] for one in outcomes + stray])
            right = np.array([one.right for one in outcomes] + [False] * len(stray))
            fitted = LogisticRegression(C=10).fit(rows, right)
            known = [decide.confidence(o.signals) for one, o in found if one.answers]
            limit = float(np.quantile(known, 0.05))
            weights = ", ".join(f"{value:.1f}" for value in fitted.coef_[0])
    print(
        f"\nFitted on tune: bias {fitted.intercept_[0]:.1f}; sentence, passage, covered {weights}"
    )
    print(f"With the weights in use, 5 % of the answerable tune questions are under {limit:.3f}.")


if __name__ == "__main__":
    main()
