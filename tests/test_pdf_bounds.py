"""PDFs that are drawn to take long: what grows with the square of a page would take minutes."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from printing import HEIGHT, LEFT, WIDTH, Press, altered, load, turned

from index.errors import UnreadableDocument

_TIMES = 30
"""What a page may take beside a plain one of 2,500 words, which takes half a second of a core: each
takes 1 to 10 times as long where it grows as it should, and 40 to 240 otherwise. So the machine's
speed, and what runs beside, tell nothing."""


class _Plotter(Press):
    """Draws many small things on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.add_page()

    def level(self, left: float, right: float, y: float) -> None:
        self._out(f"{left:.2f} {HEIGHT - y:.2f} m {right:.2f} {HEIGHT - y:.2f} l S")

    def upright(self, x: float, top: float, bottom: float) -> None:
        self._out(f"{x:.2f} {HEIGHT - top:.2f} m {x:.2f} {HEIGHT - bottom:.2f} l S")

    def bar(self, x: float, y: float, width: float, height: float) -> None:
        self._out(f"{x:.2f} {HEIGHT - y:.2f} {width:.2f} {height:.2f} re f")

    def words(self, count: int, across: int, size: float, word: str = "") -> None:
        """Words in a grid that fills the page; numbers where no ``word`` is given."""
        self.set_font("Times", size=size)
        wide, high = (WIDTH - 40) / across, (HEIGHT - 50) / (count / across)
        for number in range(count):
            x, y = 20 + number % across * wide, 30 + number // across * high
            self.text(x, y, word or str(number % 97))


def _plain(page: _Plotter) -> None:
    page.words(2_500, 25, 4, "word")


def _cost(draw: Callable[[_Plotter], None]) -> float:
    """Seconds of a core that reading takes."""
    page = _Plotter()
    draw(page)
    made = page.made()
    began = time.thread_time()
    assert load(made).text
    return time.thread_time() - began


def _tiny_runs(page: _Plotter) -> None:
    page.words(10_000, 50, 2)


def _tiny_runs_at_many_heights(page: _Plotter) -> None:
    page.set_font("Times", size=1)
    for number in range(10_000):
        page.text(20 + number % 3 * 200, 20 + number * 0.08, f"w{number} x")


def _many_heads_over_many_rows(page: _Plotter) -> None:
    page.words(8_000, 200, 0.5, "ab")
    page.words(12_000, 60, 1)


def _underlined_letters(page: _Plotter) -> None:
    for number in range(10_000):
        x, y = 50 + number % 100 * 5, 30 + number // 100 * 8
        page.level(x, x + 4, y + 1)
        page.put(x, y, "a", 3)


def _cells_of_one_letter(page: _Plotter) -> None:
    for row in range(200):
        page.level(20, 570, 20 + row * 4)
    for row in range(199):
        for x in range(60):
            page.upright(20 + x * 9, 20 + row * 4, 24 + row * 4)
        for x in range(59):
            page.put(21 + x * 9, 23 + row * 4, str(row % 10) if x else "n", 3)


def _dashes_among_uprights(page: _Plotter) -> None:
    for row in range(250):
        for x in range(30):
            page.level(20 + x * 18, 31 + x * 18, 20 + row * 3.2)
    for number in range(10_000):
        top = 20 + number // 1000 * 80
        page.upright(20 + number % 1000 * 0.55, top, top + 70)
    page.words(50, 1, 6, "row 12 13 14")


def _bars_with_keys(page: _Plotter) -> None:
    for number in range(8_000):
        page.bar(20 + number % 100 * 5.5, 30 + number // 100 * 10, 4, 4 + number % 7)
    page.words(8_000, 100, 3)


@pytest.mark.parametrize(
    "draw",
    [
        _tiny_runs,
        _tiny_runs_at_many_heights,
        _many_heads_over_many_rows,
        _underlined_letters,
        _cells_of_one_letter,
        _dashes_among_uprights,
        _bars_with_keys,
    ],
)
def test_a_page_of_ten_thousand_things_is_read_soon(draw: Callable[[_Plotter], None]):
    before, spent, after = _cost(_plain), _cost(draw), _cost(_plain)
    assert spent < _TIMES * (before + after) / 2


def test_rules_around_nothing_are_no_text():
    page = _Plotter()
    for number in range(5_000):
        page.level(50, 550, 20 + number * 0.16)
        page.upright(50 + number * 0.1, 20, 800)
    with pytest.raises(UnreadableDocument, match="without text"):
        load(page.made())


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_page_of_rules_reads_as_it_does_upright(degrees: int):
    press = Press()
    press.add_page()
    press.ruled([["Country", "Rank", "Votes"], ["Norway", "5", "4"], ["Peru", "1", "7"]], 100)
    made = press.made()
    shown = load(turned(made, degrees))
    assert shown.text == load(made).text
    assert "Peru | 1 | 7" in shown.text


def test_a_page_without_extent_among_others_is_no_crash():
    press = Press()
    press.add_page()
    press.put(LEFT, 100, "The harbour was closed.")
    press.add_page()
    press.ruled([["Country", "Rank"], ["Norway", "5"], ["Peru", "1"]], 100)
    cut = altered(press.made(), lambda page: page.set_cropbox(300, 300, 300, 300), 1)
    assert "The harbour was closed." in load(cut).text
