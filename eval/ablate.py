"""What each stage of the pipeline is worth: the same questions with one stage off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from eval import gold, metrics
from eval.clients import InProcess
from eval.compare import Comparison, compare
from eval.records import Case, Result, Scored
from eval.run import passages_for
from qa.pipeline import Answerer
from qa.stages import EVERY_STAGE, Stages

SHOWN = ("Success@1", "R@5", "nDCG@10", "right if given", "AUROC", "AURC")
"""The measures of an ablation. ``right if given`` and not ``right``: a threshold chosen for
the whole pipeline says little of a pipeline without one of its stages."""


@dataclass(frozen=True, slots=True)
class Ablation:
    """A stage, and what changes without it."""

    stage: str
    scored: list[Scored]
    comparison: Comparison
    """First: every stage; second: all but this one."""


def ablate(
    cases: Sequence[Case],
    answerer_with: Callable[[Stages], Answerer],
    names: Sequence[str],
    progress: Callable[[str, int, int], None],
) -> tuple[list[Scored], Iterator[Ablation]]:
    """Scores with every stage, and one ablation after another as it is done.

    ``progress`` is called with the stage that is off ("" at first), and questions done of all.
    """

    def asked(stages: Stages, off: str) -> list[Scored]:
        asker = InProcess(answerer_with(stages))
        known = gold.find_all(cases, asker)
        top_k = passages_for(cases)
        results = []
        for done, case in enumerate(cases, start=1):
            results.append(Result(case, known[case.id], asker.ask(case, top_k)))
            progress(off, done, len(cases))
        return metrics.score(results)

    full = asked(EVERY_STAGE, "")

    def each() -> Iterator[Ablation]:
        for name in names:
            scored = asked(EVERY_STAGE.without(name), name)
            yield Ablation(name, scored, compare(full, scored, SHOWN))

    return full, each()
