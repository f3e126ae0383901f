"""The figures of a report: markup made of the scores of a run, or of two held together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from eval import plots
from eval.abstention import reliability
from eval.compare import Comparison, Difference, Flip
from eval.markup import Markup, element, join
from eval.records import Scored
from eval.report_rows import OUTCOMES, outcome
from eval.resampling import Interval
from eval.summary import BY_NAME, MEASURES, Columns, Measure, by_kind, interval, values
from eval.tables import BY_KIND, figure, with_interval

HEADLINES = (
    *("right", "wrongly answered", "wrongly declined", "Success@1"),
    *("nDCG@10", "citation precision", "AUROC", "p95"),
)
Found = dict[str, Interval]


def found(scored: Sequence[Scored]) -> Found:
    """Every measure that applies, with its interval, over all of ``scored``."""
    each = {one.name: interval(one, scored) for one in MEASURES}
    return {name: value for name, value in each.items() if not math.isnan(value.value)}


def icon(name: str) -> Markup:
    """The shape of an outcome, from the symbols of the page."""
    use = element("use", href=f"#icon-{_kebab(name)}")
    return element("svg", use, class_=f"icon {_kebab(name)}", aria_hidden="true")


def _kebab(name: str) -> str:
    """An outcome as a name of classes and symbols."""
    return name.replace(" ", "-")


def outcomes(scored: Sequence[Scored]) -> Markup:
    """What became of the questions: a strip, and its legend with counts, which leads to
    them."""
    counted = Counter(map(outcome, scored))
    counts = {name: counted[name] for name in OUTCOMES if counted[name]}
    entries = [
        element(
            "li",
            element("a", icon(name), name, href="#questions", data_outcome=name),
            element("b", f"{count:,}"),
            element("span", f"{count / len(scored):.0%}", class_="share"),
            element("span", OUTCOMES[name], class_="what"),
            class_=_kebab(name),
        )
        for name, count in counts.items()
    ]
    return join(
        plots.strip({str(name): count for name, count in counts.items()}),
        element("ul", *entries, class_="legend", role="list"),
    )


def cards(measured: Found) -> Markup:
    """The headline figures, each with its interval and what it says."""
    shown = [BY_NAME[name] for name in HEADLINES if name in measured]
    return element(
        "ul", *(_card(one, measured[one.name]) for one in shown), class_="cards", role="list"
    )


def _card(measure: Measure, value: Interval) -> Markup:
    share = measure.shown_as == "share"
    low, high = figure(measure, value.low), figure(measure, value.high)
    return element(
        "li",
        element("h3", measure.name),
        element("p", figure(measure, value.value), class_="figure"),
        plots.gauge(value) if share else "",
        element("p", f"{low} to {high}", class_="interval"),
        element(
            "p", f"{measure.what[0].upper()}{measure.what[1:]}. {_better(measure)}.", class_="what"
        ),
    )


def _better(measure: Measure) -> str:
    return "Higher is better" if measure.higher_is_better else "Lower is better"


def measures(measured: Found) -> Markup:
    """Every measure as a table."""
    rows = [
        element(
            "tr",
            element("th", name, scope="row"),
            element("td", with_interval(BY_NAME[name], value), class_="number"),
            element("td", _better_of(BY_NAME[name])),
            element("td", BY_NAME[name].what, class_="what"),
        )
        for name, value in measured.items()
    ]
    return _table(["Measure", "Value [95 %]", "Better", "What it says"], rows)


def _better_of(measure: Measure) -> str:
    if not measure.judges:
        return ""
    return "higher" if measure.higher_is_better else "lower"


def _table(heads: Sequence[str], rows: Sequence[str], label: str = "All measures") -> Markup:
    """A table in a box of its own, which scrolls where the window is narrow."""
    head = element("thead", element("tr", *(element("th", one, scope="col") for one in heads)))
    table = element("table", head, element("tbody", *rows))
    return element("div", table, class_="scroll", tabindex="0", role="region", aria_label=label)


def kinds(scored: Sequence[Scored]) -> Markup:
    """A plot a measure, with a bar for each kind to which it applies."""
    groups = by_kind(scored)
    if len(groups) == 1:
        return element("p", "All questions are of one kind.", class_="what")
    drawn = []
    for measure in (BY_NAME[name] for name in BY_KIND):
        rows = [
            (f"{kind} ({count:,})", interval(measure, group))
            for kind, group in groups.items()
            if (count := len(values(measure, group)))
        ]
        if rows:
            drawn.append(_figure(measure.name, measure.what, plots.bars(rows)))
    return element("div", *drawn, class_="plots")


def curves(scored: Sequence[Scored], measured: Found) -> Markup:
    """How far confidence can be relied on, and how long questions took."""
    columns = Columns.of(scored)
    known = columns.checkable
    confidence, right = columns.confidence[known], columns.right[known]
    drawn = []
    if known.any():
        checked = [one for one, is_known in zip(scored, known, strict=True) if is_known]
        drawn += [
            _figure(
                f"Risk and coverage{_told(measured, 'AURC')}",
                "Were only the surest questions answered: how many, and how many of them wrongly?",
                plots.risk_coverage_curve(confidence, right, _as_answered(checked)),
            ),
            _figure(
                f"Reliability{_told(measured, 'ECE')}{_told(measured, 'ECE by chance', ', ')}",
                "On the dashed line, confidence is the share of right answers. A circle's area "
                "goes with its questions.",
                plots.reliability_diagram(reliability(confidence, right)),
            ),
        ]
    timed = columns.milliseconds[columns.milliseconds > 0]
    if len(timed):
        p50, p95 = measured["p50"].value, measured["p95"].value
        what = "How long questions took; the last bar also holds what took longer still."
        drawn.append(_figure("Time a question", what, plots.latency_histogram(timed, p50, p95)))
    return element("div", *drawn, class_="plots")


def _told(measured: Found, name: str, before: str = ": ") -> str:
    if name not in measured:
        return ""
    return f"{before}{name} {figure(BY_NAME[name], measured[name].value)}"


def _as_answered(checked: Sequence[Scored]) -> tuple[float, float] | None:
    """Coverage and risk of the answers that were given; None where there were none."""
    given = np.array([one.outcome in {"right", "wrong", "wrongly answered"} for one in checked])
    wrong = np.array([one.outcome in {"wrong", "wrongly answered"} for one in checked])
    return (float(given.mean()), float(wrong.sum() / given.sum())) if given.any() else None


def _figure(name: str, what: str, plot: str) -> Markup:
    caption = element("figcaption", element("h3", name), element("p", what, class_="what"))
    return element("figure", caption, plot)


def comparison(compared: Comparison, names: tuple[str, str], run: int) -> Markup:
    """Two runs side by side, and the questions that flipped. ``run`` is the number of the
    second, which the links to the questions lead to."""
    lines = [f"{compared.common:,} questions in common."]
    for name, ids in zip(names, (compared.only_first, compared.only_second), strict=True):
        if ids:
            lines.append(f"Only in {name}: {len(ids):,}.")
    lines.append("Figures are of what is in common; p is corrected for the number of measures.")
    heads = ["Measure", "Questions", *names, "Change [95 %]", "", "p (Holm)", "Verdict"]
    differences = compared.differences
    rows = [_difference(one, _limit(one, differences)) for one in differences]
    return join(
        element("p", " ".join(lines), class_="what"),
        _table(heads, rows, f"Change from {names[0]} to {names[1]}"),
        *_flips(compared.flips, names, run),
    )


def _limit(one: Difference, among: Sequence[Difference]) -> float:
    """How far the changes of this unit go, so that they are drawn at one scale."""
    unit = one.measure.shown_as
    changes = [each.change for each in among if each.measure.shown_as == unit]
    return max(max(abs(change.low), abs(change.high)) for change in changes) or 1.0


def _difference(one: Difference, limit: float) -> Markup:
    low, value, high = (
        _signed(one.measure, each) for each in (one.change.low, one.change.value, one.change.high)
    )
    verdict = ("▲ better" if one.better else "▼ worse") if one.significant else ""
    numbers = [
        f"{one.count:,}",
        figure(one.measure, one.first),
        figure(one.measure, one.second),
        f"{value} [{low}, {high}]",
    ]
    return element(
        "tr",
        element("th", one.measure.name, scope="row", title=one.measure.what),
        *(element("td", number, class_="number") for number in numbers),
        element("td", plots.change(one.change, limit)),
        element("td", "" if math.isnan(one.p) else f"{one.p:.4f}", class_="number"),
        element("td", verdict, class_="verdict"),
    )


def _signed(measure: Measure, value: float) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{figure(measure, abs(value))}"


def _flips(flips: Sequence[Flip], names: tuple[str, str], run: int) -> Iterator[Markup]:
    if not flips:
        yield element("p", "No question flipped.")
        return
    gained = sum(one.gained for one in flips)
    rows = [_flip(one, run) for one in sorted(flips, key=lambda one: one.gained)]
    yield element(
        "details",
        element("summary", f"Flipped questions: {gained} gained, {len(flips) - gained} lost"),
        _table(["Question", *names], rows, "Flipped questions"),
        class_="flips",
    )


def _flip(flip: Flip, run: int) -> Markup:
    first = flip.first
    link = element("a", first.id, href="#questions", data_find=first.id, data_to=str(run))
    way = element("b", "▲ gained" if flip.gained else "▼ lost")
    return element(
        "tr",
        element("td", element("p", way, " ", link), element("p", first.question, dir="auto")),
        *(_side(one) for one in (first, flip.second)),
    )


def _side(one: Scored) -> Markup:
    shown = outcome(one)
    head = element("p", icon(shown), shown, f" ({one.confidence:.2f})", class_="outcome")
    return element("td", head, element("p", one.answer, class_="answer", dir="auto"))
