"""Training of the reader: it learns, goes on where it stopped, and is written as it was learnt."""

from __future__ import annotations

import onnxruntime
import pytest
import torch

from qa.ranking.cross_encoder import ORIGIN, WEIGHTS, TrainedReader
from training import checkpoint, export, learn, model, origin
from training.excerpts import MAX_TOKENS, Excerpt, pair_encoder
from training.learn import Recipe
from training.reading import ExitingReader
from training.records import Example, Group

WHEN, WHO = "when was it opened", "who paid for it"
RIGHT = Example(Excerpt("", "", "", "It was opened in 1931."), True)
WRONG = Example(Excerpt("", "", "", "It was painted red."), False)
GIVEN = [Group("seeds", WHEN, (RIGHT, WRONG)), Group("seeds", WHO, (WRONG,))]


@pytest.fixture(scope="module")
def weights():
    return origin.load()


def silent(*_):
    pass


@pytest.mark.model
def test_the_weights_that_are_read_give_the_logits_of_the_graph(weights):
    session = onnxruntime.InferenceSession(str(ORIGIN.path("model.onnx")))
    whole = model.started(weights, range(1, 13), [12]).eval()
    ids, types = pair_encoder().encode(WHEN, RIGHT.excerpt)
    given = {"input_ids": [ids], "attention_mask": [[1] * len(ids)], "token_type_ids": [types]}
    (expected,) = session.run(None, given)
    found = learn.logits(whole, pair_encoder(), [(WHEN, RIGHT.excerpt)])
    assert found.tolist() == [[pytest.approx(float(expected[0][0]), abs=0.5)]]


@pytest.mark.model
def test_the_weights_of_the_shipped_reader_give_its_logits():
    """Of what it reads: the title before the quote, as it was taught."""
    whole = model.started(origin.shipped(), range(1, 13), [12]).eval()
    ids, types = pair_encoder().encode(WHEN, RIGHT.excerpt)
    tensors = [torch.tensor([one]) for one in (ids, types, [1] * len(ids))]
    with torch.inference_mode():
        (found,) = whole(*tensors)
    (expected,) = TrainedReader(WEIGHTS).read(WHEN, [RIGHT.excerpt.quote])
    assert found.tolist() == [pytest.approx(expected, abs=1.0)]  # its words are in 4 bits


@pytest.mark.model
def test_a_small_reader_learns_and_is_written_as_it_was_learnt(weights, tmp_path):
    small = model.started(weights, [1, 2], [1, 2])
    losses = []
    recipe = Recipe(3e-4, passes=1)
    learn.teach(small, GIVEN * 160, recipe, lambda *told: losses.append(told[2]))
    assert losses[-1] < losses[0] / 2
    export.export(small, tmp_path)
    written = ExitingReader(tmp_path)
    excerpts = [RIGHT.excerpt, WRONG.excerpt]
    glances = written.glance(WHEN, excerpts)
    read = written.read(glances)
    assert read[0] > 0 > read[1]
    assert glances[0].logit > 0 > glances[1].logit
    assert written.read(written.glance(WHO, [WRONG.excerpt]))[0] < 0
    with torch.inference_mode():
        exact = learn.logits(small.eval(), pair_encoder(), [(WHEN, one) for one in excerpts])
    checkpoint.write(small, tmp_path / "pupil.npz")
    again = checkpoint.read(tmp_path / "pupil.npz")
    assert again.exits == small.exits
    asked = [(WHEN, one) for one in excerpts]
    with torch.inference_mode():
        reread = learn.logits(again.eval(), pair_encoder(), asked)
    assert reread.numpy() == pytest.approx(exact.numpy(), abs=0.5)
    in_few_bits = [[one.logit for one in glances], read]
    for mine, other in zip(in_few_bits, exact.tolist(), strict=True):
        assert mine == pytest.approx(other, abs=1)


@pytest.mark.model
def test_what_was_interrupted_goes_on_where_it_was(weights, tmp_path, monkeypatch):
    monkeypatch.setattr(learn, "KEPT_EVERY", 2)
    torch.set_num_threads(1)  # sums of several threads differ in their last bits
    recipe, given = Recipe(1e-4, passes=2), GIVEN * 12
    whole = model.started(weights, [1], [1])
    learn.teach(whole, given, recipe, silent)

    def stop(done, _total, _loss):
        if done == 3:
            raise KeyboardInterrupt

    stopped, kept = model.started(weights, [1], [1]), tmp_path / "kept.pt"
    with pytest.raises(KeyboardInterrupt):
        learn.teach(stopped, given, recipe, stop, kept)
    steps = []
    again = model.started(weights, [1], [1])
    learn.teach(again, given, recipe, lambda done, *_: steps.append(done), kept)
    assert steps == [3, 4, 5, 6]
    for mine, other in zip(again.parameters(), whole.parameters(), strict=True):
        assert torch.allclose(mine, other, atol=1e-6)


@pytest.mark.model
def test_what_a_teacher_says_is_kept_with_each_example_and_learnt_from(weights):
    teacher = model.started(weights, [1], [1])
    (first, second) = learn.softened(teacher, GIVEN)
    assert all(one.taught is not None for one in (*first.examples, *second.examples))
    unknown = Group(
        "seeds", WHEN, (Example(RIGHT.excerpt, None, 6.0), Example(WRONG.excerpt, None, -6.0))
    )
    pupil = model.started(weights, [1], [1])
    learn.teach(pupil, [unknown] * 160, Recipe(3e-4), silent)
    asked = [(WHEN, RIGHT.excerpt), (WHEN, WRONG.excerpt)]
    with torch.inference_mode():
        right, wrong = learn.logits(pupil.eval(), pair_encoder(), asked)[-1].tolist()
    assert right > 0 > wrong


def test_a_larger_model_gives_its_layers_and_its_last_head():
    larger = model.CrossEncoder(4, [2, 4])
    small = model.started(larger.state_dict(), [1, 4], [1, 2])
    kept = small.state_dict()
    for name, value in larger.state_dict().items():
        if name.startswith("layers.3."):
            assert torch.equal(kept[name.replace("layers.3.", "layers.1.")], value)
        if name.startswith("heads.4."):
            assert torch.equal(kept[name.replace("heads.4.", "heads.1.")], value)


@pytest.mark.model
def test_question_quote_and_what_stands_around_it_have_their_places_and_bounds():
    pairs = pair_encoder()
    tokenizer = pairs._tokenizer

    def told(question, **parts):
        ids, types = pairs.encode(
            question, Excerpt(**{"title": "", "heading": "", "before": "", **parts})
        )
        assert len(ids) == len(types) <= MAX_TOKENS
        assert types == sorted(types)
        return tokenizer.decode(ids, skip_special_tokens=False)

    assert told("why", quote="so", title="A", heading="B", before="then") == (
        "[CLS] why [SEP] so [SEP] a : b. then [SEP]"
    )
    assert told("why", quote="so") == "[CLS] why [SEP] so [SEP]"
    long = " ".join(["word"] * 300)
    whole = told(long, quote=f"first {long}", title=long, before=f"{long} last")
    assert "[SEP] first word" in whole
    assert whole.endswith("word last [SEP]")
    assert told("[SEP] why", quote="[CLS] so").count("[SEP]") == 2
