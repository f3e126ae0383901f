"""The report of one run or several: one HTML file that needs nothing else.

Figures and plots are written here; the questions go in as JSON (``report_rows``) and are shown
by ``static/report.js``. The policy in the file lets nothing but that script and the style sheet
act, each named by its hash, and nothing at all be fetched.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from string import Template

from eval import metrics, report_rows
from eval.compare import compare
from eval.markup import Markup, element, join
from eval.recipe import Recipe
from eval.records import Result, Scored
from eval.report_figures import (
    Found,
    cards,
    comparison,
    curves,
    found,
    kinds,
    measures,
    outcomes,
)
from eval.summary import ALL
from index.files import replace_atomically

STATIC = Path(__file__).parent / "static"
HALVES = {
    ALL: "All questions",
    "test": "The half “test”, reported on",
    "tune": "The half “tune”, which choices may look at",
}


@dataclass(frozen=True, slots=True)
class _Run:
    name: str
    recipe: Recipe
    results: list[Result]
    scored: list[Scored]

    def half(self, half: str) -> list[Scored]:
        return [one for one in self.scored if half in (ALL, one.half)]


@dataclass(frozen=True, slots=True)
class _Part:
    """One half of one run, or all of it, with its figures."""

    number: int
    run: _Run
    half: str
    scored: list[Scored]
    measured: Found

    @classmethod
    def of(cls, number: int, run: _Run, half: str) -> _Part:
        scored = run.half(half)
        return cls(number, run, half, scored, found(scored))


def write(path: Path, read: Sequence[tuple[Recipe, list[Result]]]) -> None:
    """Write the report of the runs ``read``, at least one, to ``path``; the first is what the
    others are held against.

    Raises ``BadRun`` where one of them has no question in common with the first, and
    ``OSError``.
    """
    content = page(read)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Half of a surrogate pair is in no encoding; as \udc00 it can be read, in JSON too.
    replace_atomically(path, content.encode("utf-8", "backslashreplace").decode("utf-8"))


def page(read: Sequence[tuple[Recipe, list[Result]]]) -> str:
    """The report as HTML. Raises ``BadRun`` as ``write`` does."""
    runs = [
        _Run(name, recipe, results, metrics.score(results))
        for name, (recipe, results) in zip(_names(read), read, strict=True)
    ]
    style, script, template = (
        (STATIC / f"report.{kind}").read_text(encoding="utf-8") for kind in ("css", "js", "html")
    )
    halves = _halves(runs)
    parts = [_Part.of(number, one, half) for number, one in enumerate(runs) for half in halves]
    return Template(template).substitute(
        policy=f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'",
        title=join(", ".join(one.name for one in runs)),
        about=_about(runs),
        recipes=join(*(_recipe(one, runs[0]) for one in runs)),
        controls=_controls(runs, halves),
        figures=_panels(parts, lambda one: join(outcomes(one.scored), cards(one.measured))),
        comparisons=_comparisons(runs, halves),
        kinds=_panels(parts, lambda one: kinds(one.scored)),
        curves=_panels(parts, lambda one: curves(one.scored, one.measured)),
        measures=_panels(parts, lambda one: measures(one.measured)),
        style=style,
        script=script,
        data=report_rows.to_json((one.name, one.results, one.scored) for one in runs),
    )


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _names(read: Sequence[tuple[Recipe, list[Result]]]) -> list[str]:
    """Names of the runs, told apart."""
    names = [recipe.name for recipe, _ in read]
    return [
        name if names.count(name) == 1 else f"{name} ({place})"
        for place, name in enumerate(names, start=1)
    ]


def _halves(runs: Sequence[_Run]) -> list[str]:
    """What figures are shown of: all questions, and each half where both were asked."""
    asked = {one.half for run in runs for one in run.scored}
    return list(HALVES) if len(asked) > 1 else [ALL]


# The head


def _about(runs: Sequence[_Run]) -> Markup:
    """What was asked, where and when, a line a run."""
    lines = []
    for run in runs:
        recipe = run.recipe
        named = f"{run.name}: " if len(runs) > 1 else ""
        count = len(run.results)
        asked = f"{count:,} questions" if count != 1 else "1 question"
        index = recipe.index.get("generation")
        facts = [
            f"{asked} of {recipe.questions}, asked {recipe.asked}",
            _day(recipe.started),
            f"index {index}" if index else "",
            f"commit {recipe.commit}" if recipe.commit else "",
            recipe.machine if len(runs) == 1 else "",
        ]
        lines.append(element("p", f"{named}{' · '.join(filter(None, facts))}", class_="about"))
    return join(*lines)


def _day(written: str) -> str:
    """Date and time as people write them; what is not in ISO 8601, as it stands."""
    try:
        when = datetime.fromisoformat(written).astimezone(UTC)
    except ValueError:
        return written
    return f"{when.day} {when:%B %Y at %H:%M} UTC"


def _recipe(run: _Run, first: _Run) -> Markup:
    """What the run was made of, and where that is not what the first was made of."""
    recipe = run.recipe
    facts: dict[str, str] = {
        "Started": f"{_day(recipe.started)}, {recipe.seconds:.0f} seconds of asking",
        "Questions": f"{recipe.questions}, half “{recipe.half}”, {recipe.count:,} in all",
        "Asked": f"{recipe.asked}, {recipe.clients} at a time, {recipe.top_k} passages each",
        "Machine": recipe.machine,
        "Commit": recipe.commit or "not known",
        "Code": recipe.code or "not known",
        "Set": recipe.questions_digest[:16],
        **{f"Index {name}": value[:16] for name, value in recipe.index.items()},
        "Settings": _pairs(recipe.settings) or "those of the service",
        "Versions": _pairs(recipe.versions),
    }
    notes = []
    if not recipe.finished or len(run.results) < recipe.count:
        notes.append(f"Not finished: {len(run.results):,} of {recipe.count:,} questions asked.")
    if differing := recipe.differences(first.recipe):
        named = ", ".join(name.replace("_", " ") for name in differing)
        notes.append(f"Made otherwise than {first.name}: {named}.")
    return element(
        "section",
        element("h3", run.name),
        *(element("p", note, class_="notice") for note in notes),
        element(
            "dl",
            *(element("div", element("dt", k), element("dd", v)) for k, v in facts.items()),
        ),
        class_="recipe",
    )


def _pairs(values: dict[str, object] | dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _controls(runs: Sequence[_Run], halves: Sequence[str]) -> Markup:
    """The switches between runs and halves, where there is something to switch."""
    parts = []
    if len(runs) > 1:
        options = [element("option", one.name, value=str(at)) for at, one in enumerate(runs)]
        parts.append(
            element("label", "Run ", element("select", *options, id="run"), class_="choice")
        )
    if len(halves) > 1:
        choices = [
            element(
                "label",
                element("input", type="radio", name="half", value=half, checked=_if(half == ALL)),
                element("span", half),
                title=HALVES[half],
            )
            for half in halves
        ]
        legend = element("legend", "Questions")
        parts.append(element("fieldset", legend, *choices, class_="switch"))
    return join(*parts)


# Panels: one for each run and half, of which one is shown


def _panels(parts: Sequence[_Part], content: Callable[[_Part], Markup]) -> Markup:
    return join(
        *(
            _panel(
                *(one.half, one.number),
                content(one)
                if one.scored
                else element("p", f"{one.run.name} has no such question.", class_="notice"),
            )
            for one in parts
        )
    )


def _panel(half: str, run: int | None, *content: str) -> Markup:
    """What is shown while ``half`` and ``run`` (None: any) are chosen."""
    return element(
        "div",
        *content,
        class_="panel",
        data_half=half,
        data_run=None if run is None else str(run),
        hidden=_if(half != ALL or bool(run)),
    )


def _if(present: bool) -> str | None:
    """An attribute that is there or not."""
    return "" if present else None


def _comparisons(runs: Sequence[_Run], halves: Sequence[str]) -> Markup:
    """Each later run held against the first; "" where there is none."""
    if len(runs) == 1:
        return Markup()
    head = element("h2", f"Held against {runs[0].name}")
    panels = [_panel(half, None, *_against_first(runs, half)) for half in halves]
    return element("section", head, *panels, id="comparison")


def _against_first(runs: Sequence[_Run], half: str) -> Iterator[Markup]:
    first = runs[0]
    for number, run in enumerate(runs[1:], start=1):
        before, after = first.half(half), run.half(half)
        yield element("h3", run.name)
        if half == ALL or {one.id for one in before} & {one.id for one in after}:
            yield comparison(compare(before, after), (first.name, run.name), number)
        else:
            yield element("p", "They have no such question in common.", class_="notice")
