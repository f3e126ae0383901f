"""Teaches a cross-encoder to choose among quotes, and to choose none where none answers.

Of each group the model chooses one quote or nothing: a softmax over the logits of its quotes
and a 0 for nothing. Beside it, each quote is judged by itself (binary cross-entropy), so that
a logit means the same for all questions.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence

import torch
from tokenizers import Tokenizer
from torch.nn.functional import binary_cross_entropy_with_logits
from transformers import BertForSequenceClassification

from qa.ranking.cross_encoder import MAX_TOKENS, ORIGIN
from training.records import Group

WARM_UP = 0.05
DECAY = 0.01
BATCH = 8
"""Groups of a step."""
TOGETHER = 8
"""Pairs of a forward pass: of much the same length, so that little is padding."""
ALONE = 0.5
"""What judging each quote by itself counts, beside choosing among them."""

Progress = Callable[[int, int, float], None]


def teach(
    model: BertForSequenceClassification,
    groups: Sequence[Group],
    progress: Progress,
    rate: float,
    until: float = 0.0,
) -> None:
    """Train ``model`` in place, once through ``groups``; always the same way (the seed is fixed).

    The rate falls from ``rate`` to ``until``; ``progress`` is called with steps done, steps in
    all, and the smoothed loss.
    """
    order = random.Random(0)
    tokenizer = pair_tokenizer()
    optimizer = _optimizer(model, rate)
    total, smoothed = math.ceil(len(groups) / BATCH), 0.0
    model.train()
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            # What is seen once cannot be learnt by heart, and a third of the time goes into it.
            module.p = 0.0
    for step, batch in enumerate(_batches(groups, order), start=1):
        loss = _loss(model, tokenizer, batch)
        for parameters in optimizer.param_groups:
            falling = rate + (until - rate) * (step - 1) / total
            parameters["lr"] = falling * min(1.0, step / (WARM_UP * total))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        smoothed += (float(loss.detach()) - smoothed) / min(step, 50)
        progress(step, total, smoothed)


def pair_tokenizer() -> Tokenizer:
    """Cuts a question and a quote into what the model takes."""
    tokenizer = Tokenizer.from_file(str(ORIGIN.path("tokenizer.json")))
    tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
    tokenizer.enable_padding(pad_id=0, pad_token="[PAD]")
    return tokenizer


def _optimizer(model: BertForSequenceClassification, rate: float) -> torch.optim.Optimizer:
    learnt = [one for one in model.parameters() if one.requires_grad]
    return torch.optim.AdamW(
        [
            {"params": [one for one in learnt if one.ndim > 1], "weight_decay": DECAY},
            {"params": [one for one in learnt if one.ndim <= 1], "weight_decay": 0.0},
        ],
        lr=rate,
    )


def _batches(groups: Sequence[Group], order: random.Random) -> Iterator[list[Group]]:
    """All groups once, in a random order, those of like length together."""
    shuffled = order.sample(list(groups), len(groups))
    for start in range(0, len(shuffled), 8 * BATCH):
        near = sorted(shuffled[start : start + 8 * BATCH], key=_longest)
        batches = [near[at : at + BATCH] for at in range(0, len(near), BATCH)]
        yield from order.sample(batches, len(batches))


def _longest(group: Group) -> int:
    return max(len(one.text) for one in group.examples)


def _loss(
    model: BertForSequenceClassification, tokenizer: Tokenizer, batch: list[Group]
) -> torch.Tensor:
    examples = [(group.question, one) for group in batch for one in group.examples]
    found = logits(model, tokenizer, [(question, one.text) for question, one in examples])
    answers = torch.tensor([float(one.answers) for _, one in examples])
    choosing = torch.zeros(())
    sizes = [len(group.examples) for group in batch]
    for mine, right in zip(found.split(sizes), answers.split(sizes), strict=True):
        options = torch.cat([mine, torch.zeros(1)])
        wanted = torch.cat([right, torch.tensor([float(not right.any())])]).bool()
        choosing = choosing + options.logsumexp(0) - options[wanted].logsumexp(0)
    alone = binary_cross_entropy_with_logits(found, answers)
    return choosing / len(batch) + ALONE * alone


def logits(
    model: BertForSequenceClassification, tokenizer: Tokenizer, pairs: list[tuple[str, str]]
) -> torch.Tensor:
    """Logits of ``pairs``, (pairs,), with their gradients; computed in bfloat16."""
    order = sorted(range(len(pairs)), key=lambda one: sum(map(len, pairs[one])))
    found = []
    for start in range(0, len(order), TOGETHER):
        encoded = tokenizer.encode_batch([pairs[one] for one in order[start : start + TOGETHER]])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            output = model(
                input_ids=torch.tensor([one.ids for one in encoded]),
                attention_mask=torch.tensor([one.attention_mask for one in encoded]),
                token_type_ids=torch.tensor([one.type_ids for one in encoded]),
            )
        found.append(output.logits[:, 0].float())
    places = torch.empty(len(order), dtype=torch.long)
    places[torch.tensor(order)] = torch.arange(len(order))
    return torch.cat(found)[places]
