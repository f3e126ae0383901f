"""Builds killed by SIGKILL at random moments: what was live stays live, or the new one is."""

from __future__ import annotations

import killing
from conftest import WordEncoder

from index.generation import Generation
from qa.pipeline import Answerer
from qa.records import Question
from qa.settings import ServiceSettings

KILLS = 8


def test_a_killed_build_leaves_an_index_that_answers(tmp_path):
    originals, folder, data = (tmp_path / name for name in ("originals", "documents", "var"))
    originals.mkdir()
    folder.mkdir()
    for n in range(5):
        sentences = [f"Boat{n}x{m} sails south on a long voyage." for m in range(40 * n + 1)]
        (originals / f"{n}.txt").write_text("\n".join(sentences), encoding="utf-8")
    texts = killing.texts_of(originals)

    def check(opened: Generation, word: str) -> None:
        answerer = Answerer(opened, WordEncoder(), ServiceSettings(threshold=0))
        answer = answerer.ask(Question(f'which "{word}" sails south'))
        assert any(word in one.text for one in answer.citations)
        for one in answer.citations:
            text = opened.database.text(one.passage.document.id)
            assert text is not None
            assert text[one.start : one.end] == one.text

    command = killing.command(
        "from conftest import WordEncoder; model = WordEncoder()", originals, folder, data
    )
    for tally in killing.kill(command, texts, data, KILLS, seed=3, check=check):
        assert tally.broken == []
    assert tally.kills == tally.old + tally.new == KILLS
