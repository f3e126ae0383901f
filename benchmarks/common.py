"""What the benchmarks share: a service to measure, clients to load it, a floor to compare with."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import onnxruntime
from tokenizers import AddedToken, Tokenizer

from eval import recipe
from index.packaged import TOKENS, PackagedModel

HERE = Path(__file__).parent
READY_WITHIN = 120.0


def machine() -> str:
    """The machine and the libraries that decide the figures, in one line."""
    libraries = ", ".join(f"{name} {number}" for name, number in recipe.versions().items())
    return f"{recipe.machine()}, {libraries}"


def questions(name: str) -> list[str]:
    """The questions of a file beside this one, one a line."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@dataclass(frozen=True)
class Service:
    """A running service."""

    address: str
    process: subprocess.Popen[str]
    started_in: float
    """Seconds from the start of the process to its first ready answer."""

    def peak_mib(self) -> float:
        """The most memory that the process has held, in MiB."""
        return peak_mib(self.process.pid)


@contextmanager
def service(data: Path) -> Iterator[Service]:
    """The real service over the index in ``data``, on a free port."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "index.main", "serve", "--port", "0"],
        env={**os.environ, "ATTEST_DATA": str(data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        while not _ready(address):
            if time.perf_counter() - started > READY_WITHIN or process.poll() is not None:
                raise RuntimeError("the service did not become ready")
            time.sleep(0.02)
        yield Service(address, process, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=5) as response:
            return bool(response.status == 200)
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        if problem["code"] != "starting":
            raise RuntimeError(problem["detail"]) from error
        return False
    except (urllib.error.URLError, OSError):
        return False


def peak_mib(pid: int) -> float:
    """High-water mark of a process' resident memory, in MiB (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


@dataclass(frozen=True)
class Load:
    """What a number of clients saw."""

    clients: int
    requests: int
    seconds: float
    latencies: list[float]
    """Seconds, sorted."""

    def quantile(self, share: float) -> float:
        """Milliseconds that ``share`` of the requests did not exceed."""
        return self.latencies[min(len(self.latencies) - 1, int(share * len(self.latencies)))] * 1e3

    def row(self) -> str:
        """A line of a Markdown table."""
        figures = [self.quantile(share) for share in (0.5, 0.95, 0.99)]
        timed = " | ".join(f"{figure:.1f}" for figure in figures)
        return f"| {self.clients} | {timed} | {self.requests / self.seconds:.0f} |"


LOAD_HEAD = "| clients | p50 ms | p95 ms | p99 ms | requests/s |\n|---|---|---|---|---|"


def load(address: str, asked: Sequence[str], clients: int, seconds: float) -> Load:
    """``clients`` connections ask in turn for ``seconds``; each waits for its answer.

    A hand-written client: an HTTP library would take as much of the two cores as the service.
    """
    bodies = [json.dumps({"question": one}).encode() for one in asked]
    url = urlsplit(address)
    requests = [
        f"POST /v1/ask HTTP/1.1\r\nHost: {url.netloc}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n".encode()
        + body
        for body in bodies
    ]
    turns = itertools.cycle(requests)

    async def client(until: float, latencies: list[float]) -> None:
        reader, writer = await asyncio.open_connection(url.hostname, url.port)
        while (started := time.perf_counter()) < until:
            writer.write(next(turns))
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(head.decode())
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            latencies.append(time.perf_counter() - started)
        writer.close()

    async def run() -> tuple[float, list[float]]:
        latencies: list[float] = []
        started = time.perf_counter()
        await asyncio.gather(*(client(started + seconds, latencies) for _ in range(clients)))
        return time.perf_counter() - started, sorted(latencies)

    took, latencies = asyncio.run(run())
    return Load(clients, len(latencies), took, latencies)


class Bare:
    """A model as a bare ONNX Runtime session, fed with token ids."""

    def __init__(self, model: PackagedModel, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        self._session = onnxruntime.InferenceSession(
            str(model.path("model.onnx")), options, providers=["CPUExecutionProvider"]
        )
        self._output = self._session.get_outputs()[0].name
        self._tokenizer = Tokenizer.from_file(str(model.path("tokenizer.json")))
        self._tokenizer.add_special_tokens(
            [AddedToken(marker, special=True, normalized=False) for marker in model.markers]
        )
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(512)

    def feed(self, text: str) -> dict[str, Any]:
        """The inputs of the graph for one text."""
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        return {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }

    def batch(self, feeds: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Several texts as one input, padded to the longest."""
        longest = max(feed["input_ids"].shape[1] for feed in feeds)
        return {
            name: np.concatenate(
                [np.pad(feed[name], ((0, 0), (0, longest - feed[name].shape[1]))) for feed in feeds]
            )
            for name in feeds[0]
        }

    def run(self, feed: dict[str, Any]) -> Any:
        """One forward pass: token states, (texts, tokens, dimensions)."""
        return self._session.run([self._output], feed)[0]


def question_floor(asked: Sequence[str]) -> float:
    """Median milliseconds of the forward pass of a question through the encoder."""
    encoder = Bare(TOKENS)
    spent = []
    for feed in [encoder.feed(TOKENS.query_prompt + one) for one in asked] * 6:
        started = time.perf_counter()
        encoder.run(feed)
        spent.append(time.perf_counter() - started)
    return statistics.median(spent) * 1e3


def passage_floor(texts: Sequence[str]) -> float:
    """Passages a second that the encoder alone can do on two cores."""
    encoder = Bare(TOKENS)
    feeds = [encoder.feed(TOKENS.passage_prompt + one) for one in texts]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(encoder.run, feeds[:20]))
        started = time.perf_counter()
        list(pool.map(encoder.run, feeds))
        return len(feeds) / (time.perf_counter() - started)
