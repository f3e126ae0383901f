"""What the service counts and times, for Prometheus."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from qa.records import Answer

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56)
_BUILD_SECONDS = (0.5, 1, 2, 5, 10, 30, 60, 300, 1800)


class Metrics:
    """The instruments of one application, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "attest_requests", "HTTP requests.", ["route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "attest_request_seconds",
            "Time from request to response.",
            ["route"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._stages = Histogram(
            "attest_stage_seconds",
            "Time of each stage of a question.",
            ["stage"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._answers = Counter(
            "attest_questions",
            "Questions by outcome: answered, or the reason of the refusal.",
            ["outcome"],
            registry=self._registry,
        )
        self._passages = Gauge(
            "attest_index_passages",
            "Passages of the live index.",
            ["generation"],
            registry=self._registry,
        )

        self._uploads = Counter(
            "attest_uploads",
            "Files that were sent: waiting for a build, the same as one that is here, refused.",
            ["state"],
            registry=self._registry,
        )
        self._uploaded = Counter(
            "attest_upload_bytes", "Bytes of the files that were taken.", registry=self._registry
        )
        self._builds = Counter(
            "attest_builds",
            "Builds of the service that are done: live or failed.",
            ["state"],
            registry=self._registry,
        )
        self._building = Histogram(
            "attest_build_seconds",
            "Time from the begin of a build until it is answered from.",
            buckets=_BUILD_SECONDS,
            registry=self._registry,
        )

    def uploaded(self, files: Iterable[tuple[str, int]]) -> None:
        """Note what became of the files of a request: state and bytes of each."""
        for state, size in files:
            self._uploads.labels(state).inc()
            self._uploaded.inc(size if state == "waiting" else 0)

    def built(self, state: str, seconds: float) -> None:
        """Note a build that is done."""
        self._builds.labels(state).inc()
        self._building.observe(seconds)

    def observe(self, route: str, status: int, seconds: float) -> None:
        """Note a request. ``route`` is the pattern, not the address: few values, no content."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def count(self, answer: Answer) -> None:
        """Note how a question went."""
        self._answers.labels(answer.refusal.reason if answer.refusal else "answered").inc()
        for stage, milliseconds in answer.timings_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1000)

    def exposition(self, generation: str | None, passages: int) -> bytes:
        """Everything in Prometheus' text format."""
        self._passages.clear()
        if generation is not None:
            self._passages.labels(generation).set(passages)
        return generate_latest(self._registry)
