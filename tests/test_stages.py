"""Each stage of the pipeline switched off changes what it is for, and nothing breaks."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from index.records import Hit
from qa.pipeline import Answerer
from qa.question.interpret import interpret
from qa.ranking.retrieve import Scope, fuse, rank
from qa.records import Question, Turn
from qa.settings import ServiceSettings
from qa.stages import EVERY_STAGE, Stages
from qa.tuning import shipped

FUSION_WEIGHT = shipped().retrieval.fusion_weight

FILES = {
    "penguins.txt": "Resolution 1373 (2001) is mentioned beside penguins that march.",
    "resolution.txt": "RESOLUTION 1373 (2001)\n\nAll States shall prevent the financing of harm.",
    "cted.txt": "The Counter-Terrorism Committee Executive Directorate (CTED) is named here.",
    "long.txt": "An executive of no directorate walks among other words.",
    "ice.txt": "Ice.",
}


@pytest.fixture
def with_stages(answerer_of, encoder):
    """Makes an answerer over the given files, some of whose stages are off."""

    def make(stages, files=FILES):
        generation = answerer_of(files).generation
        return Answerer(generation, encoder, ServiceSettings(threshold=0), stages)

    return make


def ids(answerer, text, **options):
    return [one.passage.document.id for one in answerer.search(Question(text, **options))]


def test_every_stage_works_if_nothing_is_said(with_stages, answerer_of):
    question = Question("what does resolution 1373 say of CTED and penguins")
    default, every = answerer_of(FILES), with_stages(EVERY_STAGE)
    first, second = default.ask(question), every.ask(question)
    assert first.citations
    assert first.citations == second.citations
    assert first.passages == second.passages
    assert [name for name in Stages.names() if not getattr(EVERY_STAGE, name)] == []


def test_stages_are_known_by_their_names():
    assert Stages.names() == (
        *("identifiers", "lexical", "dense", "late_interaction", "token_weights", "reader"),
        *("acronyms", "spelling", "parts", "history"),
    )


@pytest.mark.parametrize("name", Stages.names())
def test_without_turns_one_stage_off_alone(name):
    off = EVERY_STAGE.without(name)
    assert [one for one in Stages.names() if not getattr(off, one)] == [name]
    assert getattr(EVERY_STAGE, name)


def test_what_is_no_stage_cannot_be_switched_off():
    with pytest.raises(TypeError):
        EVERY_STAGE.without("everything")
    with pytest.raises(FrozenInstanceError):
        EVERY_STAGE.dense = False  # type: ignore[misc]  # this is what must fail


@pytest.mark.parametrize("name", Stages.names())
def test_without_any_one_stage_a_question_is_still_answered(with_stages, name):
    turns = (Turn("what of penguins", "They march."),)
    answer = with_stages(EVERY_STAGE.without(name)).ask(Question("who march", turns))
    assert answer.text == f"{FILES['penguins.txt']} [1]"


NAMED = {
    "a.txt": "Penguins march over ice in winter.",
    "mention.txt": "Resolution 1373 (2001) is mentioned beside penguins.",
    "resolution.txt": "RESOLUTION 1373 (2001)\n\nAll States shall prevent the financing of harm.",
}


def test_identifiers(with_stages):
    text = "what does resolution 1373 say of penguins"
    # Looked up, the resolution itself comes first, and by more than MaxSim and fusion can give.
    every = with_stages(EVERY_STAGE, NAMED)
    off = with_stages(Stages(identifiers=False), NAMED)
    assert ids(every, text)[:2] == ["resolution", "mention"]
    best, second = (one.search(Question(text))[0] for one in (every, off))
    assert second.score <= 1 + FUSION_WEIGHT < best.score
    unknown = Question("what does resolution 1540 cover")
    assert every.ask(unknown).refusal.reason == "unknown_identifier"
    reading = off.ask(unknown).interpretation
    assert (reading.identifiers, reading.unknown_identifiers) == ((), ())
    assert off.ask(unknown).refusal is None


def test_lexical(with_stages):
    # BM25 knows that "marching" is "march"; for the fake vectors it is another word, so that
    # they can only tell long passages from short ones.
    assert ids(with_stages(Stages(dense=False)), "marching") == ["penguins"]
    assert ids(with_stages(Stages(lexical=False)), "marching")[0] != "penguins"
    # The only passage that BM25 finds gains all that BM25 is worth, and no other gains by it.
    every, off = (
        {one.passage.document.id: one.score for one in with_stages(stages).search(Question(text))}
        for stages in (EVERY_STAGE, Stages(lexical=False))
        for text in ["marching"]
    )
    gains = {id: every[id] - off[id] for id in every}
    assert gains.pop("penguins") == pytest.approx(FUSION_WEIGHT * fuse([Hit(0, 1.0)], [])[0])
    assert list(gains.values()) == pytest.approx([0] * len(gains))


def test_lexical_is_still_asked_what_is_quoted(with_stages):
    assert ids(with_stages(Stages(lexical=False)), '"penguins that march"') == ["penguins"]


def test_dense(with_stages):
    # Vectors propose every passage of a small collection, BM25 those that hold a word.
    assert len(ids(with_stages(EVERY_STAGE), "penguins")) == len(FILES)
    assert ids(with_stages(Stages(dense=False)), "penguins") == ["penguins"]


def test_late_interaction(with_stages):
    # Stretched MaxSim is worth 1 and the fused score a quarter.
    question = Question("penguins that march")
    every = with_stages(EVERY_STAGE).search(question)
    off = with_stages(Stages(late_interaction=False)).search(question)
    assert every[0].score == pytest.approx(1 + FUSION_WEIGHT)
    assert off[0].score == pytest.approx(FUSION_WEIGHT)


COMMON = {
    # Every passage but one has both "alpha" and "beta", one has "gamma".
    **{f"{n}.txt": f"Here alpha beta stand beside word{n}." for n in range(12)},
    "rare.txt": "Here gamma stands alone beside nothing.",
}


def test_token_weights(with_stages, encoder):
    # Alike, two words of three outweigh one; by rarity, gamma (1 of 13) outweighs both.
    text = "alpha beta gamma"
    assert ids(with_stages(EVERY_STAGE, COMMON), text)[0] == "rare"
    off = with_stages(Stages(token_weights=False), COMMON)
    assert ids(off, text)[0] != "rare"
    # The model's own mark is a token, too: four in all.
    query = encoder.encode_query(text)
    reading = interpret(Question(text), off.generation)
    ranking = rank(
        *(reading, query, off.generation, Scope(10), shipped().retrieval),
        stages=Stages(token_weights=False),
    )
    assert ranking is not None
    assert ranking.weights == pytest.approx(np.full(4, 1 / 4))


def test_acronyms(with_stages):
    # With BM25 alone: the long form of CTED is also searched for, so "executive" is found.
    text = "what does CTED do"
    assert set(ids(with_stages(Stages(dense=False)), text)) == {"cted", "long"}
    off = with_stages(Stages(dense=False, acronyms=False))
    assert ids(off, text) == ["cted"]
    assert off.ask(Question(text)).interpretation.shown == text


def test_acronyms_are_not_defined_without_their_stage(with_stages):
    question = Question("what does CTED stand for")
    (defined,) = with_stages(EVERY_STAGE).ask(question).citations
    assert defined.text == "Counter-Terrorism Committee Executive Directorate (CTED)"
    off = with_stages(Stages(acronyms=False)).ask(question)
    assert defined.text not in [one.text for one in off.citations]


def test_spelling(with_stages):
    question = Question("which pengiuns are there")
    every, off = with_stages(EVERY_STAGE), with_stages(Stages(spelling=False))
    assert every.ask(question).interpretation.text == "which penguins are there"
    assert off.ask(question).interpretation.text == "which pengiuns are there"


def test_parts(with_stages):
    # Either half alone has a sentence; a sentence for both there is none.
    question = Question("which penguins march, and who walks among other words?")
    every, off = with_stages(EVERY_STAGE), with_stages(Stages(parts=False))
    texts = [one.reading.text for one in every.find(question)]
    assert texts == ["which penguins march", "who walks among other words?"]
    assert [one.reading.text for one in off.find(question)] == [question.text]


class Backwards:
    """A reader that thinks best of the sentence that the ranking thinks least of."""

    def read(self, _, texts):
        return [1000.0 * place for place in range(len(texts))]


def test_reader(answerer_of, encoder):
    generation = answerer_of(FILES).generation
    free, question = ServiceSettings(threshold=0), Question("penguins that march")
    every = Answerer(generation, encoder, free, EVERY_STAGE, Backwards())
    off = Answerer(generation, encoder, free, Stages(reader=False), Backwards())
    none = Answerer(generation, encoder, free)
    assert off.ask(question).citations == none.ask(question).citations
    assert [one.text for one in off.ask(question).citations] == [FILES["penguins.txt"]]
    assert [one.text for one in every.ask(question).citations] == [FILES["cted.txt"]]


def test_history(with_stages):
    question = Question("and who are they?", (Turn("which penguins march", ""),))
    every, off = with_stages(EVERY_STAGE), with_stages(Stages(history=False))
    assert every.ask(question).interpretation.text == "which penguins march and who are they?"
    assert off.ask(question).interpretation.text == "and who are they?"
