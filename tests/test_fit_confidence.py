"""The fit of the confidence: what is asked of it is marked as it is, and what it writes is used."""

from __future__ import annotations

import importlib.util
import json
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parent.parent / "scripts" / "fit-confidence"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    loader = SourceFileLoader("fit_confidence", str(SCRIPT))
    spec = importlib.util.spec_from_loader("fit_confidence", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fit_confidence"] = module  # dataclasses look their module up
    loader.exec_module(module)
    return module


FILES = {
    "boats.txt": "Red boats sail south in spring. Blue boats sail north in autumn.",
    "owls.txt": "Owls of the old town hunt at night. Herons fish by day in the river.",
}
CASES = [
    {"id": "a-1", "question": "where do red boats sail in spring", "answerable": True},
    {"id": "a-2", "question": "when do owls of the old town hunt", "answerable": True},
    {"id": "a-3", "question": "how much do red boats cost", "answerable": False},
    {"id": "a-4", "question": "who paints owls of the old town", "answerable": False},
]


@pytest.fixture
def asked_of(script, answerer_of, tmp_path, monkeypatch):
    answerer = answerer_of(FILES)
    monkeypatch.setattr(script, "open_answerer", lambda _data: answerer)
    gold = {
        "a-1": [[{"document": "boats", "quote": "Red boats sail south in spring."}]],
        "a-2": [[{"document": "owls", "quote": "Owls of the old town hunt at night."}]],
    }
    accepted = {"a-1": [["south"]], "a-2": [["at night"]]}
    path = tmp_path / "set.jsonl"
    lines = [
        {
            **one,
            "kind": "fact",
            "gold": gold.get(str(one["id"]), []),
            "accepted": accepted.get(str(one["id"]), []),
        }
        for one in CASES
    ]
    path.write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")

    def run(off_topic: bool):
        return script.ask(path, tmp_path, 1, off_topic, trained=False)

    return run


def test_the_questions_of_an_off_topic_set_are_off_topic_and_answered_by_nothing(asked_of):
    asked = asked_of(off_topic=True)
    assert len(asked) == len(CASES)
    assert all(one.off_topic and not one.right and not one.answerable for one in asked)


def test_the_questions_of_other_sets_are_on_topic(asked_of):
    asked = asked_of(off_topic=False)
    assert not any(one.off_topic for one in asked)
    assert [one.answerable for one in asked] == [True, True, False, False]
    assert [one.right for one in asked[:2]] == [True, True]


def test_a_fit_tells_what_is_right_from_what_is_not(script, asked_of):
    sets = [asked_of(off_topic=False) * 5, asked_of(off_topic=True)[2:] * 5]
    for one in sets[0]:
        object.__setattr__(one, "half", "tune")
    weights = script.weights_of(sets, decline=0.2)
    right = [weights.confidence(one.signals) for one in sets[0] if one.right]
    wrong = [weights.confidence(one.signals) for one in sets[1]]
    assert min(right) > sum(wrong) / len(wrong)
    assert 0 <= weights.threshold <= max(right)
