"""Teaches a cross-encoder to choose among quotes, and to choose none where none answers.

Of each group the model chooses one quote or nothing: a softmax over the logits of its quotes
and a 0 for nothing. Beside it, each quote is judged by itself (binary cross-entropy), so that
a logit means the same for all questions; what a teacher made of a quote counts there half
(Hinton, Vinyals and Dean, 2015). Each of the model's exits learns both.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch.nn.functional import binary_cross_entropy_with_logits, pad

from training import noise
from training.excerpts import Excerpt, PairEncoder, pair_encoder
from training.model import CrossEncoder
from training.records import Example, Group

WARM_UP = 0.05
DECAY = 0.01
BATCH = 8
"""Groups of a step."""
DRAWN = 4
"""Examples of a group that a step sees."""
TOGETHER = 8
"""Pairs of a forward pass: of much the same length, so that little is padding."""
ALONE = 0.5
"""What judging each quote by itself counts, beside choosing among them."""
SOFT = 0.5
"""What a teacher's judgement counts, beside the label."""
LOWER = 0.3
"""What an exit below the last counts."""
KEPT_EVERY = 200
"""Steps after which what has been learnt is kept."""

Progress = Callable[[int, int, float], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is taught."""

    rate: float
    """The learning rate at its highest."""
    until: float = 0.0
    """It falls to this."""
    passes: int = 1
    seed: int = 0


def teach(
    model: CrossEncoder,
    groups: Sequence[Group],
    recipe: Recipe,
    progress: Progress,
    kept: Path | None = None,
) -> None:
    """Train ``model`` in place on ``groups``; always the same way. What has been learnt is kept in
    the file ``kept`` from time to time, and a call with the same arguments goes on from there.

    ``progress`` is called with steps done, steps in all, and the smoothed loss.
    """
    pairs = pair_encoder()
    optimizer = _optimizer(model, recipe.rate)
    total = math.ceil(len(groups) / BATCH) * recipe.passes
    done, smoothed = _resume(model, optimizer, kept)
    model.train()
    for step, batch in enumerate(_batches(groups, recipe), start=1):
        if step <= done:
            continue
        loss = _loss(model, pairs, batch)
        for parameters in optimizer.param_groups:
            falling = recipe.rate + (recipe.until - recipe.rate) * (step - 1) / total
            parameters["lr"] = falling * min(1.0, step / (WARM_UP * total))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        smoothed += (float(loss.detach()) - smoothed) / min(step, 50)
        progress(step, total, smoothed)
        if kept is not None and (step % KEPT_EVERY == 0 or step == total):
            _keep(model, optimizer, kept, step, smoothed)


def logits(
    model: CrossEncoder, pairs: PairEncoder, asked: Sequence[tuple[str, Excerpt]]
) -> torch.Tensor:
    """Logits, (exits, pairs), with their gradients; computed in bfloat16."""
    encoded = [pairs.encode(*one) for one in asked]
    order = sorted(range(len(encoded)), key=lambda one: len(encoded[one][0]))
    found = []
    for start in range(0, len(order), TOGETHER):
        mine = [encoded[one] for one in order[start : start + TOGETHER]]
        longest = len(mine[-1][0])
        ids, types, mask = (
            torch.stack([pad(torch.tensor(row), (0, longest - len(row))) for row in rows])
            for rows in zip(*((ids, types, [1] * len(ids)) for ids, types in mine), strict=True)
        )
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found.append(torch.stack(model(ids, types, mask)).float())
    places = torch.empty(len(order), dtype=torch.long)
    places[torch.tensor(order)] = torch.arange(len(order))
    return torch.cat(found, dim=1)[:, places]


def softened(teacher: CrossEncoder, groups: Sequence[Group]) -> Iterator[Group]:
    """``groups`` with what ``teacher``'s last exit makes of each example."""
    pairs = pair_encoder()
    teacher.eval()
    for start in range(0, len(groups), BATCH):
        batch = groups[start : start + BATCH]
        asked = [(group.question, one.excerpt) for group in batch for one in group.examples]
        with torch.inference_mode():
            found = iter(logits(teacher, pairs, asked)[-1].tolist())
        for group in batch:
            examples = (replace(one, taught=round(next(found), 3)) for one in group.examples)
            yield replace(group, examples=tuple(examples))


def _resume(
    model: CrossEncoder, optimizer: torch.optim.Optimizer, kept: Path | None
) -> tuple[int, float]:
    """Steps done and the smoothed loss of what ``kept`` holds, after reading it."""
    if kept is None or not kept.exists():
        return 0, 0.0
    held = torch.load(kept, weights_only=True)
    model.load_state_dict(held["model"])
    optimizer.load_state_dict(held["optimizer"])
    return held["step"], held["loss"]


def _keep(
    model: CrossEncoder, optimizer: torch.optim.Optimizer, kept: Path, step: int, loss: float
) -> None:
    part = kept.with_suffix(".part")
    held = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
    torch.save({**held, "step": step, "loss": loss}, part)
    part.replace(kept)


def _optimizer(model: CrossEncoder, rate: float) -> torch.optim.Optimizer:
    learnt = [one for one in model.parameters() if one.requires_grad]
    return torch.optim.AdamW(
        [
            {"params": [one for one in learnt if one.ndim > 1], "weight_decay": DECAY},
            {"params": [one for one in learnt if one.ndim <= 1], "weight_decay": 0.0},
        ],
        lr=rate,
    )


def _batches(groups: Sequence[Group], recipe: Recipe) -> Iterator[list[Group]]:
    """All groups once a pass, in a random order, those of like length together; each with some of
    its examples, and as people and files write."""
    for number in range(recipe.passes):
        order = random.Random(recipe.seed * 1000 + number)
        shuffled = [
            noise.noisy(_drawn(one, number > 0, order), order)
            for one in order.sample(list(groups), len(groups))
        ]
        for start in range(0, len(shuffled), 8 * BATCH):
            near = sorted(shuffled[start : start + 8 * BATCH], key=_longest)
            batches = [near[at : at + BATCH] for at in range(0, len(near), BATCH)]
            yield from order.sample(batches, len(batches))


def _drawn(group: Group, others: bool, order: random.Random) -> Group:
    """``group`` with ``DRAWN`` of its examples: those that answer, and the nearest that do not; in
    a later pass, ``others``."""
    right = [one for one in group.examples if one.answers]
    rest = [one for one in group.examples if not one.answers]
    room = max(DRAWN - len(right), 1)
    return replace(
        group,
        examples=(*right, *(order.sample(rest, min(room, len(rest))) if others else rest[:room])),
    )


def _longest(group: Group) -> int:
    return max(len(one.excerpt.quote) for one in group.examples)


def _loss(model: CrossEncoder, pairs: PairEncoder, batch: list[Group]) -> torch.Tensor:
    asked = [(group.question, one.excerpt) for group in batch for one in group.examples]
    found = logits(model, pairs, asked)
    weights = [LOWER] * (len(found) - 1) + [1.0]
    loss = torch.zeros(())
    for weight, mine in zip(weights, found, strict=True):
        loss = loss + weight * _loss_of(mine, batch)
    return loss


def _loss_of(found: torch.Tensor, batch: list[Group]) -> torch.Tensor:
    """The loss of one exit's logits, (pairs,)."""
    examples = [one for group in batch for one in group.examples]
    choosing = torch.zeros(())
    sizes = [len(group.examples) for group in batch]
    for mine, group in zip(found.split(sizes), batch, strict=True):
        known = [place for place, one in enumerate(group.examples) if one.answers is not None]
        right = torch.tensor([bool(group.examples[place].answers) for place in known])
        if not known or (len(known) < len(group.examples) and not right.any()):
            continue  # what is not known may be what answers
        options = torch.cat([mine[torch.tensor(known)], torch.zeros(1)])
        wanted = torch.cat([right, ~right.any()[None]])
        choosing = choosing + options.logsumexp(0) - options[wanted].logsumexp(0)
    targets = [_target(one) for one in examples]
    judged = torch.tensor([place for place, one in enumerate(targets) if one is not None])
    wanted = torch.tensor([one for one in targets if one is not None])
    if not len(judged):
        return choosing / len(batch)
    alone = binary_cross_entropy_with_logits(found[judged], wanted)
    return choosing / len(batch) + ALONE * alone


def _target(one: Example) -> float | None:
    """The probability that ``one`` answers, as far as label and teacher tell it."""
    taught = None if one.taught is None else 1 / (1 + math.exp(-one.taught))
    if one.answers is None or taught is None:
        return taught if one.answers is None else float(one.answers)
    return (1 - SOFT) * float(one.answers) + SOFT * taught
