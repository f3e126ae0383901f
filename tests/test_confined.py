"""A process that answers requests within limits; how parsers fare in it is in test_worker.py."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.confined import Confined, Limits
from index.errors import ProcessFailed

PATIENT = 60.0


@pytest.fixture
def confined() -> Iterator[Callable[..., Confined]]:
    made: list[Confined] = []

    def make(seconds: float = PATIENT, **limits: float) -> Confined:
        made.append(Confined("answering", Limits(seconds, 256, **limits)))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.close()


def process_of(confined: Confined, request: bytes = b"calm") -> int:
    said, number = confined.ask(request).split()
    assert said == request
    return int(number)


def ends(process: int) -> None:
    """Waits until it has ended."""
    for _ in range(1000):
        try:
            if Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(") ")[1][0] == "Z":
                return
        except OSError:
            return
        time.sleep(0.01)
    pytest.fail("it goes on")


def test_it_answers_many_requests_and_is_replaced_after_so_many(confined):
    one = confined(answers=3)
    processes = [process_of(one, name) for name in (b"a", b"b", b"c", b"d")]
    assert len(set(processes[:3])) == 1
    assert processes[3] != processes[0]
    ends(processes[0])


def test_it_ends_by_itself_when_nothing_is_asked_and_starts_again(confined):
    one = confined(idle_seconds=0.2)
    former = process_of(one)
    ends(former)
    assert process_of(one) != former


def test_one_that_ends_while_a_request_is_on_its_way_is_replaced(confined, monkeypatch):
    one = confined(idle_seconds=0.2)
    former = process_of(one)
    ends(former)
    # As if it had ended a moment later.
    monkeypatch.setattr(one, "_has_ended", lambda: False)
    assert process_of(one) != former


def test_one_that_was_killed_between_requests_is_replaced(confined):
    one = confined()
    former = process_of(one)
    os.kill(former, signal.SIGKILL)
    ends(former)
    assert process_of(one) != former


@pytest.mark.parametrize(
    ("request_", "why", "how"),
    [(b"crash", "ended", "SIGSEGV"), (b"swell", "large", ""), (b"hang", "slow", "")],
)
def test_a_failure_says_why_and_whether_something_was_answered_before(confined, request_, why, how):
    one = confined(seconds=2.0)
    with pytest.raises(ProcessFailed) as first:
        one.ask(request_)
    assert (first.value.why, first.value.how, first.value.fresh) == (why, how, True)
    process_of(one)
    with pytest.raises(ProcessFailed) as second:
        one.ask(request_)
    assert (second.value.why, second.value.how) == (why, how)
    assert second.value.fresh is (why == "slow")
    process_of(one)


def test_a_closed_one_starts_no_more(confined):
    one = confined()
    former = process_of(one)
    one.close()
    ends(former)
    with pytest.raises(ProcessFailed) as closed:
        one.ask(b"calm")
    assert closed.value.why == "closed"
