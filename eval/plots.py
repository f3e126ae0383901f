"""Plots as SVG text: pure functions of figures. Colours and fonts are the style sheet's, by
class, so that a plot is light, dark or printed as the page around it is.

Each is an image with a description in words, which says what a reader could take from it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.abstention import Bin, Flags, Floats, risk_coverage
from eval.markup import Markup, element, join
from eval.resampling import Interval

WIDTH, HEIGHT = 340, 236
LEFT, RIGHT, TOP, BOTTOM = 50, 12, 14, 40
"""Margins for the axes, in units of the drawing, as all lengths here."""
ROW = 20
NAME_WIDTH, VALUE_WIDTH = 118, 34
NAME_LENGTH = 20
NOTE = 70
"""Room for the name of a quantile."""
GAUGE = 100
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Frame:
    """The area of a plot: [0, x] by [0, y] in figures."""

    x: float = 1.0
    y: float = 1.0

    def across(self, value: float) -> float:
        """Where ``value`` lies from the left."""
        return LEFT + (WIDTH - LEFT - RIGHT) * min(1.0, max(0.0, value / self.x))

    def down(self, value: float) -> float:
        """Where ``value`` lies from the top."""
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(1.0, max(0.0, value / self.y))

    def axes(
        self,
        names: tuple[str, str],
        ticks_x: Sequence[float] = QUARTERS,
        ticks_y: Sequence[float] = QUARTERS,
    ) -> Markup:
        """Lines, numbers and names of both axes."""
        parts = []
        for value in ticks_y:
            y = self.down(value)
            parts.append(_line("grid", LEFT, y, WIDTH - RIGHT, y))
            parts.append(_label(LEFT - 6, y + 4, f"{value:g}", "end"))
        for value in ticks_x:
            parts.append(_label(self.across(value), HEIGHT - BOTTOM + 16, f"{value:g}", "middle"))
        parts.append(_line("axis", LEFT, self.down(0), WIDTH - RIGHT, self.down(0)))
        middle = (LEFT + WIDTH - RIGHT) / 2
        parts.append(_label(middle, HEIGHT - 6, names[0], "middle", "name"))
        turned = f"rotate(-90 11 {(TOP + HEIGHT - BOTTOM) / 2:g})"
        parts.append(
            _label(11, (TOP + HEIGHT - BOTTOM) / 2, names[1], "middle", "name", transform=turned)
        )
        return join(*parts)


def bars(rows: Sequence[tuple[str, Interval]]) -> Markup:
    """A horizontal bar from 0 to 1 for each name, with its interval as whiskers."""
    span = WIDTH - NAME_WIDTH - VALUE_WIDTH
    parts = [
        _line("grid", NAME_WIDTH + span * tick, 0, NAME_WIDTH + span * tick, ROW * len(rows))
        for tick in (0.0, 0.5, 1.0)
    ]
    for number, (name, found) in enumerate(rows):
        middle = ROW * number + ROW / 2
        low, value, high = (NAME_WIDTH + span * x for x in (found.low, found.value, found.high))
        parts += [
            element(
                "rect",
                class_="bar-mark",
                x=NAME_WIDTH,
                y=middle - 5,
                width=value - NAME_WIDTH,
                height=10,
            ),
            _line("whisker", low, middle, high, middle),
            _line("whisker", low, middle - 3, low, middle + 3),
            _line("whisker", high, middle - 3, high, middle + 3),
            _label(NAME_WIDTH - 8, middle + 4, _brief(name), "end", "kind"),
            _label(WIDTH, middle + 4, f"{found.value:.2f}", "end", "number"),
        ]
    said = "; ".join(
        f"{name} {found.value:.2f}, 95 % {found.low:.2f} to {found.high:.2f}"
        for name, found in rows
    )
    return _image(f"Bars: {said}", *parts, height=ROW * len(rows))


def risk_coverage_curve(
    confidence: Floats, right: Flags, point: tuple[float, float] | None = None
) -> Markup:
    """Share of wrong answers by share answered, were only the surest questions answered.

    ``confidence`` and ``right`` have an entry a question, at least one; ``point`` is the
    coverage and the risk of what was in fact answered.
    """
    frame = Frame()
    coverage, risk = risk_coverage(confidence, right)
    corners = [(frame.across(x), frame.down(y)) for x, y in zip(coverage, risk, strict=True)]
    parts = [
        frame.axes(("coverage: share answered", "risk: share wrong")),
        element("path", class_="line", d=_path(corners)),
    ]
    said = f"Risk-coverage curve: answering everything, {risk[-1]:.2f} of the answers are wrong"
    if point is not None:
        x, y = frame.across(point[0]), frame.down(point[1])
        parts.append(element("circle", class_="point", cx=x, cy=y, r=5))
        right_half = point[0] > 0.5
        parts.append(
            _label(
                x + (-9 if right_half else 9),
                y - 9,
                "as answered",
                "end" if right_half else "start",
                "note",
            )
        )
        said += f"; as it answered, {point[0]:.2f}, {point[1]:.2f} are wrong"
    return _image(f"{said}.", *parts)


def reliability_diagram(bins: Sequence[Bin]) -> Markup:
    """Share of right answers by confidence: on the diagonal, confidence is to be believed.

    A bin is a circle whose area goes with its questions, hung on its distance from the
    diagonal.
    """
    frame = Frame()
    most = max((one.count for one in bins), default=1)
    parts = [
        frame.axes(("confidence", "share right")),
        _line("ideal", frame.across(0), frame.down(0), frame.across(1), frame.down(1)),
    ]
    for one in bins:
        x = frame.across(one.confidence)
        parts += [
            _line("whisker", x, frame.down(one.confidence), x, frame.down(one.right)),
            element(
                "circle",
                class_="point",
                cx=x,
                cy=frame.down(one.right),
                r=2.5 + 8 * math.sqrt(one.count / most),
            ),
        ]
    said = "; ".join(
        f"{one.count} questions of confidence {one.confidence:.2f}, {one.right:.2f} right"
        for one in bins
    )
    return _image(f"Reliability diagram: {said}.", *parts)


def latency_histogram(milliseconds: Floats, p50: float, p95: float) -> Markup:
    """How many questions took how long, in ms, at least one; what took more than about twice
    ``p95`` is counted in the last bar."""
    step = _nice(min(float(milliseconds.max()), 2 * p95) / 4)
    top = step * max(1, math.ceil(min(float(milliseconds.max()), 2 * p95) / step))
    counts, edges = np.histogram(np.minimum(milliseconds, top), bins=24, range=(0.0, top))
    most = int(counts.max())
    high = _nice(most / 4)
    frame = Frame(top, high * math.ceil(most / high))
    parts = [
        frame.axes(
            ("milliseconds a question", "questions"),
            [step * number for number in range(round(top / step) + 1)],
            [high * number for number in range(round(frame.y / high) + 1)],
        )
    ]
    for count, start, end in zip(counts, edges[:-1], edges[1:], strict=True):
        x, y = frame.across(float(start)), frame.down(int(count))
        parts.append(
            element(
                "rect",
                class_="bar-mark",
                x=x + 0.5,
                y=y,
                height=frame.down(0) - y,
                width=frame.across(float(end)) - x - 1,
            )
        )
    over = int((milliseconds > top).sum())
    for name, value, side in (("p50", p50, "end"), ("p95", p95, "start")):
        x = frame.across(value)
        anchor = side if x - LEFT > NOTE else "start"
        parts.append(_line("quantile", x, TOP, x, frame.down(0)))
        at = x + (5 if anchor == "start" else -5)
        # Where both have to stand on the right, the first stands lower.
        y = TOP + 8 if anchor == side else TOP + 24
        parts.append(_label(at, y, f"{name} {value:.0f} ms", anchor, "note"))
    said = f"Times: half took no more than {p50:.0f} ms, 95 % no more than {p95:.0f} ms"
    more = f"; {over} took more than {top:g} ms and stand in the last bar" if over else ""
    return _image(f"{said}{more}.", *parts)


def gauge(found: Interval) -> Markup:
    """A share on a line from 0 to 1 with its interval, for beside a figure that says it."""
    low, value, high = (GAUGE * x for x in (found.low, found.value, found.high))
    return element(
        "svg",
        element("rect", class_="track", x=0, y=3, width=GAUGE, height=2),
        element("rect", class_="range", x=low, y=1, width=max(high - low, 0.5), height=6),
        element(
            "rect", class_="tick", x=min(max(value - 0.5, 0), GAUGE - 1), y=0, width=1, height=8
        ),
        class_="gauge",
        viewBox=f"0 0 {GAUGE} 8",
        preserveAspectRatio="none",
        aria_hidden="true",
    )


def change(found: Interval, limit: float) -> Markup:
    """A change with its interval, on a line from -``limit`` to ``limit`` with 0 in its middle,
    for beside a figure that says it. ``limit`` is over 0."""

    def across(value: float) -> float:
        return GAUGE / 2 * (1 + min(1.0, max(-1.0, value / limit)))

    low, value, high = map(across, (found.low, found.value, found.high))
    return element(
        "svg",
        _line("axis", GAUGE / 2, 0, GAUGE / 2, 16),
        _line("whisker", low, 8, high, 8),
        element("circle", class_="point", cx=value, cy=8, r=3.5),
        class_="change",
        viewBox=f"-4 0 {GAUGE + 8} 16",
        aria_hidden="true",
    )


def strip(counts: Mapping[str, int]) -> Markup:
    """Counts by name as one bar, each with a class of its name, for above a legend."""
    total = sum(counts.values())
    parts, start = [], 0.0
    for name, count in counts.items():
        width = 1000 * count / total
        parts.append(
            element(
                "rect",
                class_=f"part {name.replace(' ', '-')}",
                x=start,
                y=0,
                height=20,
                width=max(width - 2, 1),
            )
        )
        start += width
    return element(
        "svg",
        *parts,
        class_="strip",
        viewBox="0 0 1000 20",
        preserveAspectRatio="none",
        aria_hidden="true",
    )


def _image(said: str, *parts: str, height: float = HEIGHT) -> Markup:
    return element(
        "svg", *parts, class_="plot", role="img", aria_label=said, viewBox=f"0 0 {WIDTH} {height:g}"
    )


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    return element("line", class_=kind, x1=x1, y1=y1, x2=x2, y2=y2)


def _label(
    x: float, y: float, text: str, anchor: str, kind: str = "tick", transform: str | None = None
) -> Markup:
    return element("text", text, class_=kind, x=x, y=y, text_anchor=anchor, transform=transform)


def _path(corners: Sequence[tuple[float, float]]) -> str:
    """A line through ``corners``, of which one a unit across is kept: more cannot be seen."""
    kept = [
        corner
        for number, corner in enumerate(corners)
        if number in (0, len(corners) - 1) or int(corner[0]) != int(corners[number - 1][0])
    ]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept)


def _brief(name: str) -> str:
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1] + "…"


def _nice(step: float) -> float:
    """The next of 1, 2, 5, 10, 20 ... from ``step`` up."""
    ten = 10.0 ** math.floor(math.log10(max(step, 1.0)))
    return next(ten * factor for factor in (1, 2, 5, 10) if ten * factor >= step)
