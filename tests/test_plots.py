"""Plots and the markup they are made of: lengths that can be computed by eye."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from eval import plots
from eval.abstention import Bin
from eval.markup import Markup, element, join
from eval.resampling import Interval

HOSTILE = '<script>window.ran = true</script> & "quotes" \' \x00\x1b'
FRAME = plots.Frame()


def parsed(markup):
    """The drawing, which has to be well formed."""
    return ElementTree.fromstring(markup)


def of(drawing, kind):
    return [one for one in drawing.iter() if one.get("class") == kind]


def number(one, name):
    return float(one.get(name))


def test_text_and_attributes_are_escaped_and_markup_is_not_escaped_twice():
    made = element("p", "<b>", element("i", "&"), title='"<')
    assert made == '<p title="&quot;&lt;">&lt;b&gt;<i>&amp;</i></p>'
    assert join(made, "<") == f"{made}&lt;"
    assert isinstance(made, Markup)


def test_a_control_character_is_shown_by_its_picture_and_lines_stay():
    assert join("a\x00b\x1b\x7f\n\tc") == "a␀b␛␡\n\tc"


def test_attributes_get_the_names_of_html_and_none_is_left_out():
    made = element("input", class_="a", aria_label="b", title=None, hidden="", x=1.25)
    assert made == '<input class="a" aria-label="b" hidden="" x="1.2">'


def test_a_bar_goes_as_far_as_its_value_and_whiskers_as_far_as_the_interval():
    drawing = parsed(plots.bars([("all (4)", Interval(0.5, 0.25, 0.75))]))
    span = plots.WIDTH - plots.NAME_WIDTH - plots.VALUE_WIDTH
    (bar,) = of(drawing, "bar-mark")
    assert number(bar, "width") == pytest.approx(span / 2, abs=0.1)
    line = of(drawing, "whisker")[0]
    assert number(line, "x1") == pytest.approx(plots.NAME_WIDTH + span / 4, abs=0.1)
    assert number(line, "x2") == pytest.approx(plots.NAME_WIDTH + span * 3 / 4, abs=0.1)


def test_a_drawing_is_an_image_that_says_its_figures():
    drawing = parsed(plots.bars([("fact (2)", Interval(0.5, 0.25, 0.75))]))
    assert drawing.get("role") == "img"
    assert "fact (2) 0.50, 95 % 0.25 to 0.75" in drawing.get("aria-label")


def test_names_that_are_markup_or_endless_are_text_and_cut_short():
    drawing = parsed(plots.bars([(HOSTILE, Interval(0, 0, 0)), ("k" * 300, Interval(1, 1, 1))]))
    first, second = of(drawing, "kind")
    assert first.text == f"{HOSTILE[: plots.NAME_LENGTH - 1]}…"
    assert len(second.text) == plots.NAME_LENGTH
    assert len(list(drawing.iter("script"))) == 0


def test_the_risk_curve_starts_with_the_surest_and_ends_with_all():
    confidence, right = np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, False, True, False])
    drawing = parsed(plots.risk_coverage_curve(confidence, right, (0.5, 0.5)))
    (line,) = of(drawing, "line")
    corners = [tuple(map(float, one.split())) for one in line.get("d")[1:].split("L")]
    assert corners[0] == pytest.approx((FRAME.across(0.25), FRAME.down(0)), abs=0.1)
    assert corners[-1] == pytest.approx((FRAME.across(1), FRAME.down(0.5)), abs=0.1)
    (point,) = of(drawing, "point")
    assert number(point, "cx") == pytest.approx(FRAME.across(0.5), abs=0.1)
    assert number(point, "cy") == pytest.approx(FRAME.down(0.5), abs=0.1)


def test_nothing_is_marked_on_the_curve_where_nothing_was_answered():
    drawing = parsed(plots.risk_coverage_curve(np.array([0.1]), np.array([False])))
    assert of(drawing, "point") == []


def test_a_curve_of_many_questions_keeps_no_more_corners_than_can_be_seen():
    confidence = np.linspace(1, 0, 6000)
    drawing = plots.risk_coverage_curve(confidence, confidence > 0.5)
    (line,) = of(parsed(drawing), "line")
    assert 200 < line.get("d").count("L") < plots.WIDTH
    assert line.get("d").endswith(f"{FRAME.across(1):.1f} {FRAME.down(0.5):.1f}")


def test_a_bin_that_keeps_its_promise_is_on_the_diagonal_and_area_goes_with_count():
    drawing = parsed(plots.reliability_diagram([Bin(4, 0.5, 0.5), Bin(1, 0.9, 0.2)]))
    kept, broken = of(drawing, "point")
    hung, fallen = of(drawing, "whisker")
    assert number(hung, "y1") == number(hung, "y2") == number(kept, "cy")
    assert number(fallen, "y1") == pytest.approx(FRAME.down(0.9), abs=0.1)
    assert number(broken, "cy") == pytest.approx(FRAME.down(0.2), abs=0.1)
    assert number(kept, "r") - 2.5 == pytest.approx(2 * (number(broken, "r") - 2.5))


def test_the_last_bar_of_times_holds_what_took_longer_still():
    times = np.array([10.0] * 8 + [90.0, 5000.0, 6000.0])
    drawing = parsed(plots.latency_histogram(times, 10.0, 90.0))
    heights = [number(one, "height") for one in of(drawing, "bar-mark")]
    most = max(heights)
    assert sum(round(8 * one / most) for one in heights) == len(times)
    assert round(8 * heights[-1] / most) == 2
    assert "2 took more than 200 ms" in drawing.get("aria-label")


@pytest.mark.parametrize("times", [[0.2], [5.0, 5.0], [1.0, 1e6]])
def test_any_times_can_be_drawn(times):
    drawing = parsed(plots.latency_histogram(np.array(times), times[0], times[-1]))
    assert {one.text for one in of(drawing, "note")} == {
        f"p50 {times[0]:.0f} ms",
        f"p95 {times[-1]:.0f} ms",
    }


def test_a_gauge_and_a_change_are_to_scale_and_stay_within_it():
    (tick,) = of(parsed(plots.gauge(Interval(0.5, 0.4, 0.6))), "tick")
    assert number(tick, "x") == pytest.approx(plots.GAUGE / 2 - 0.5)
    drawing = parsed(plots.change(Interval(-0.1, -0.4, 0.1), 0.2))
    (line,), (point,) = of(drawing, "whisker"), of(drawing, "point")
    assert [number(line, "x1"), number(point, "cx"), number(line, "x2")] == [0, 25, 75]


def test_a_strip_shares_its_length_by_count():
    first, second = parsed(plots.strip({"right": 3, "wrongly answered": 1}))
    assert (first.get("class"), second.get("class")) == ("part right", "part wrongly-answered")
    assert (number(first, "x"), number(second, "x")) == (0, 750)
