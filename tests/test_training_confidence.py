"""The confidence over many collections: each is judged by weights that have not seen it."""

from __future__ import annotations

import argparse
import json

import numpy as np
import pytest

from eval import cases, fitting, qed
from eval.fitting import Sample
from qa.answer.confidence import NAMES, Signals
from training import confidence, sets
from training.confidence import Samples


def drawn(count: int, seed: int, shift: float = 0.0) -> list[Sample]:
    """Samples that are right with the probability that their logit less ``shift`` has."""
    order, found = np.random.default_rng(seed), []
    for logit in map(float, order.normal(0, 2, count)):
        right = bool(order.random() < 1 / (1 + np.exp(shift - logit)))
        signals = Signals(**{**dict.fromkeys(NAMES, 0.0), "logit": logit})
        found.append(Sample(right or logit > 0, right, signals))
    return found


EASY = Samples("easy", drawn(300, 1), drawn(200, 2))
HARD = Samples("hard", drawn(300, 3, shift=3.0), drawn(200, 4, shift=3.0))
MEASURED = Samples("measured", [], drawn(200, 5))


def test_a_collection_is_judged_by_weights_that_have_not_seen_it():
    rows = dict(confidence.left_out([EASY, HARD, MEASURED]))
    assert [*rows] == ["easy", "hard", "measured"]
    alone = confidence.fit([HARD])
    told = fitting.confidences(alone, EASY.measured)
    assert rows["easy"] == fitting.worth(EASY.measured, told, alone.threshold)
    # What is easy is taken for hard by who knows the hard alone, and the other way round.
    assert rows["easy"].declined > rows["hard"].declined
    assert rows["hard"].wrong > rows["easy"].wrong


def test_the_threshold_keeps_the_risk_over_collections_that_were_not_seen():
    weights = confidence.fit([EASY, HARD, MEASURED], risk=0.3)
    assert weights.threshold == weights.at_risk(0.3)
    wrong = []
    for one, other in ((EASY, HARD), (HARD, EASY)):
        told = fitting.confidences(fitting.fit([other.fitted]), one.fitted)
        wrong.append(fitting.worth(one.fitted, told, weights.threshold).wrong)
    assert np.mean(wrong) <= 0.3


def test_the_table_has_a_line_for_each():
    lines = confidence.table(confidence.left_out([EASY, HARD])).splitlines()
    assert len(lines) == 4
    assert lines[0].count("|") == lines[1].count("|") == lines[2].count("|")


@pytest.fixture
def kept(tmp_path):
    """Questions of QED's format, each with a paragraph of its own."""
    asked = [
        qed.Asked(
            id=str(number),
            title=f"Hall {number}",
            question=f"when was hall {number} opened",
            paragraph=f"Hall {number} was opened in 19{number} .",
            sentences=[[0, 27]],
            kind="single_sentence",
            answer_sentence=[0, 27],
            answers=[f"19{number}"],
        )
        for number in range(10, 90)
    ]
    for name in ("train.jsonl", "dev.jsonl"):
        (tmp_path / name).write_text("".join(qed.to_line(one) + "\n" for one in asked))
    return tmp_path


def test_of_what_is_kept_of_qed_every_other_question_lacks_its_paragraph(
    kept, tmp_path, monkeypatch
):
    monkeypatch.setattr(sets, "_indexed", lambda name, _documents, work: work / name)
    found = sets._qed(kept, tmp_path)
    assert found.fitted is not None
    asked = cases.load(found.fitted.questions)
    answerable = [one.answerable for one in asked]
    assert answerable == [bool(number % 2) for number in range(len(asked))]
    assert 0 < len(asked) < 30  # a quarter of a half


def test_collections_that_are_not_named_are_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(sets, "_indexed", lambda name, _documents, work: work / name)
    parser = argparse.ArgumentParser()
    parser.add_argument("--work")
    sets.add_arguments(parser)
    given = parser.parse_args(["--work", str(tmp_path)])
    given.work = tmp_path
    assert [one.name for one in sets.prepared(given)] == ["seeds"]
    (tmp_path / "documents").mkdir()
    given.clapnq = given.un_pdf = tmp_path
    found = {one.name: one for one in sets.prepared(given)}
    assert [*found] == ["seeds", "un-pdf", "clapnq"]
    assert found["clapnq"].fitted is None  # it measures only
    seeds = found["seeds"]
    assert seeds.fitted is not None
    assert seeds.measured is not None
    asked = cases.load(seeds.fitted.questions)
    assert not [one for one in asked if seeds.fitted.takes(one) and seeds.measured.takes(one)]


def test_samples_are_written_and_read_as_they_were():
    text = confidence._SAMPLES.dump_json(EASY.fitted)
    assert confidence._SAMPLES.validate_json(text) == EASY.fitted
    assert json.loads(text)
