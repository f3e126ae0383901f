"""Asks the questions of a set and writes each reply as it comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import replace
from itertools import islice
from pathlib import Path

from eval import gold, runs
from eval.clients import Asker
from eval.errors import BadRun
from eval.recipe import Recipe
from eval.records import Case, Result

Progress = Callable[[int, int], None]
"""Called with how many questions are done, of how many."""
TOP_K = 10
WHOLE_DOCUMENTS_TOP_K = 50
"""Where whole documents are sought, several passages of one are no use to the first ten."""


def silent(done: int, total: int) -> None:
    """A ``Progress`` that shows nothing."""


def passages_for(cases: Sequence[Case]) -> int:
    """How many passages to ask for, so that the measures can be computed."""
    whole = any(span.quote is None for one in cases for group in one.gold for span in group)
    return WHOLE_DOCUMENTS_TOP_K if whole else TOP_K


def run(
    cases: Sequence[Case],
    asker: Asker,
    at: Path,
    recipe: Recipe,
    progress: Progress = silent,
    fresh: bool = False,
) -> list[Result]:
    """Ask ``cases`` and write the run at ``at``; what an earlier, stopped run of the same
    recipe has asked is not asked again. Returns the results in the order of ``cases``.

    Raises ``BadRun`` where another run has that name, ``GoldNotFound`` before anything is
    asked, and ``ServiceFailed``; what was asked by then is kept.
    """
    known = gold.find_all(cases, asker)
    before, done = _begun(at, recipe, fresh)
    recipe = replace(recipe, seconds=before.seconds, started=before.started) if before else recipe
    runs.write_recipe(at, recipe)
    left = [one for one in cases if one.id not in done]
    progress(len(done), len(cases))
    if left:
        asker.ask(left[0], recipe.top_k)  # the first question pays for what is loaded late
    started = time.perf_counter()

    def ask(case: Case) -> Result:
        return Result(case, known[case.id], asker.ask(case, recipe.top_k))

    try:
        with (at / runs.REPLIES).open("ab") as file:
            for result in ask_all(left, ask, recipe.clients):
                file.write(runs.to_line(result))
                file.flush()
                done[result.case.id] = result
                progress(len(done), len(cases))
    finally:
        seconds = round(recipe.seconds + time.perf_counter() - started, 2)
        finished = len(done) == len(cases)
        runs.write_recipe(at, replace(recipe, seconds=seconds, finished=finished))
    return [done[one.id] for one in cases]


def _begun(at: Path, recipe: Recipe, fresh: bool) -> tuple[Recipe | None, dict[str, Result]]:
    before = None if fresh else runs.read_recipe(at)
    if before is None:
        (at / runs.REPLIES).unlink(missing_ok=True)
        return None, {}
    if before.finished:
        raise BadRun(
            f"run {at.name} is there already; look at it with 'attest eval show {at.name}', "
            "choose another --name, or replace it with --fresh"
        )
    changed = before.differences(recipe)
    if changed:
        raise BadRun(
            f"run {at.name} was stopped, and cannot go on: changed since are "
            f"{', '.join(changed)}; choose another --name, or begin anew with --fresh"
        )
    return before, {one.case.id: one for one in runs.read_results(at, mend=True)}


def ask_all(cases: Sequence[Case], ask: Callable[[Case], Result], clients: int) -> Iterator[Result]:
    """Results as they come, from ``clients`` at a time. An error ends it."""
    if clients == 1:
        yield from map(ask, cases)
        return
    coming = iter(cases)
    with ThreadPoolExecutor(clients) as pool:
        running = {pool.submit(ask, one) for one in islice(coming, clients)}
        while running:
            ready, running = wait(running, return_when=FIRST_COMPLETED)
            # No more than `clients` are ever submitted, so an error or Ctrl-C waits for few.
            running |= {pool.submit(ask, one) for one in islice(coming, len(ready))}
            yield from (one.result() for one in ready)
