"""Figures as tables for a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from eval.ablate import SHOWN, Ablation
from eval.compare import Comparison, Difference, Flip
from eval.records import Scored
from eval.resampling import Interval
from eval.summary import ALL, BY_NAME, Measure, by_kind, interval, summarise

if TYPE_CHECKING:
    from eval.evidence import Found
    from eval.fitting import Own  # which loads what fits

BY_KIND = (
    *("Success@1", "R@5", "nDCG@10", "right", "citation precision"),
    *("wrongly answered", "wrongly declined"),
)
_ANSWER_SHOWN = 300


def figure(measure: Measure, value: float) -> str:
    """A value as people read it; "" where it cannot be told."""
    if math.isnan(value):
        return ""
    return f"{value:.1f} ms" if measure.shown_as == "ms" else f"{value:.3f}"


def with_interval(measure: Measure, found: Interval) -> str:
    """A value with its interval."""
    if math.isnan(found.value):
        return ""
    digits = 1 if measure.shown_as == "ms" else 3
    return f"{figure(measure, found.value)} [{found.low:.{digits}f}, {found.high:.{digits}f}]"


def summary(scored: Sequence[Scored]) -> list[Table]:
    """All measures of a run, then some of them by kind."""
    found = summarise(scored)
    whole = Table("measure", "value [95 %]", "what it says", title=f"{len(scored)} questions")
    for name, value in found[ALL].items():
        measure = BY_NAME[name]
        whole.add_row(name, with_interval(measure, value), measure.what)
    if len(found) == 1:
        return [whole]
    shown = [name for name in BY_KIND if name in found[ALL]]
    kinds = Table("kind", "questions", *shown, title="By kind")
    for kind, group in by_kind(scored).items():
        cells = [
            figure(BY_NAME[name], found[kind][name].value) if name in found[kind] else ""
            for name in shown
        ]
        kinds.add_row(kind, str(len(group)), *cells)
    return [whole, kinds]


def differences(comparison: Comparison, names: tuple[str, str]) -> Table:
    """Each measure of two runs, and whether they differ by more than chance."""
    table = Table(
        *("measure", "questions", *names, "change [95 %]", "p (Holm)", ""),
        title=f"{comparison.common} questions in common",
    )
    for one in comparison.differences:
        table.add_row(
            one.measure.name,
            str(one.count),
            figure(one.measure, one.first),
            figure(one.measure, one.second),
            _change(one),
            "" if math.isnan(one.p) else f"{one.p:.4f}",
            _verdict(one),
        )
    return table


def _change(one: Difference) -> str:
    digits = 1 if one.measure.shown_as == "ms" else 3
    low, high = one.change.low, one.change.high
    return f"{one.change.value:+.{digits}f} [{low:+.{digits}f}, {high:+.{digits}f}]"


def _verdict(one: Difference) -> str:
    if not one.significant:
        return ""
    return "better" if one.better else "worse"


def flips(comparison: Comparison, names: tuple[str, str]) -> Table:
    """The questions that one run handled well and the other did not."""
    gained = sum(one.gained for one in comparison.flips)
    lost = len(comparison.flips) - gained
    table = Table(
        *("question", *names),
        title=f"{gained} questions gained, {lost} lost",
        show_lines=True,
    )
    for one in sorted(comparison.flips, key=lambda one: one.gained):
        head = Text(one.first.id, style="dim") + Text(f"\n{one.first.question}", style="default")
        table.add_row(Text("gained " if one.gained else "lost ") + head, *_sides(one))
    return table


def _sides(flip: Flip) -> list[Text]:
    return [
        Text(f"{one.outcome} ({one.confidence:.2f})\n", style="bold") + Text(_brief(one.answer))
        for one in (flip.first, flip.second)
    ]


def _brief(answer: str) -> str:
    line = " ".join(answer.split())
    return line if len(line) <= _ANSWER_SHOWN else line[:_ANSWER_SHOWN] + " …"


def ablation(full: Sequence[Scored], found: Sequence[Ablation]) -> Table:
    """What each stage is worth: the change of each measure without it; * where it is more than
    chance."""
    names = [name for name in SHOWN if any(_of(one, name) for one in found)]
    table = Table("without", *names, title="Change without a stage [95 %]; * p < 0.05 (Holm)")
    whole = [with_interval(BY_NAME[name], interval(BY_NAME[name], full)) for name in names]
    table.add_row("(nothing)", *whole)
    for one in found:
        cells = []
        for name in names:
            change = _of(one, name)
            cells.append(f"{_change(change)}{'*' if change.significant else ''}" if change else "")
        table.add_row(one.stage.replace("_", " "), *cells)
    return table


def fitted(found: Own) -> Table:
    """What a fit of the confidence to a collection's own questions is worth."""
    before, after = found.before, found.after
    table = Table("figure", "what", "before", "after", title=f"{before.questions} questions")
    for name, what, old, new in (
        ("right", "of the answerable, answered rightly", before.right, after.right),
        ("declined", "of the answerable", before.declined, after.declined),
        ("wrongly answered", "of the others", before.wrongly_answered, after.wrongly_answered),
        ("wrong", "of the answers given", before.wrong, after.wrong),
        ("ECE", "distance of the confidence from the share right", before.ece, after.ece),
        ("surprise", "mean -log likelihood (nats)", found.surprise_before, found.surprise_after),
    ):
        table.add_row(name, what, *("" if math.isnan(one) else f"{one:.3f}" for one in (old, new)))
    return table


def evidence(found: Sequence[Found]) -> Table:
    """How complete and exact the evidence on each question is, and on all."""
    table = Table("question", "recall", "precision", "estimated recall", "sentences")

    def row(name: str, some: Sequence[Found], items: str) -> None:
        figures = [(one.recall, one.precision, one.estimated) for one in some]
        means = (sum(each) / len(some) for each in zip(*figures, strict=True))
        table.add_row(name, *(f"{one:.3f}" for one in means), items)

    for one in found:
        row(one.case.id, [one], str(one.items))
    table.add_section()
    row(f"{len(found)} questions", found, str(sum(one.items for one in found)))
    return table


def _of(ablation: Ablation, name: str) -> Difference | None:
    found = ablation.comparison.differences
    return next((one for one in found if one.measure.name == name), None)
