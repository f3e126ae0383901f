"""A loader that does what its file tells it to: for tests of the process that reads files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from index.loading import Content, ConventionsOf
from index.loading.loader import Tell
from index.loading.ocr import Recogniser
from index.records import Block, BlockKind, Metadata, Page


def _silent(_done: int, _total: int, _seconds: float, /) -> None:
    """Tells nobody."""


@dataclass(frozen=True)
class UnrulyLoader:
    """Reads files that begin with "unruly", which say what happens while they are read."""

    tell: Tell = _silent

    name = "unruly"
    version = "1"
    suffixes = frozenset({".txt"})

    def recognises(self, data: bytes, _suffix: str) -> bool:
        if data.startswith(b"unruly odd"):
            raise KeyError("recognises")
        return data.startswith(b"unruly")

    def equipped(self, _recogniser: Recogniser) -> UnrulyLoader:
        return self

    def watched(self, tell: Tell) -> UnrulyLoader:
        return replace(self, tell=tell)

    def load(self, data: bytes, _conventions_of: ConventionsOf) -> Content:
        _, action, *rest = data.decode().split(" ", 2)
        if action == "pages":
            for page in range(2):
                self.tell(page, 2, 2)
                time.sleep(2)
        elif action == "page":
            self.tell(0, 1, 0.2)
            action = "hang"
        _act(action, *rest)
        text = data.decode()
        if action == "surrogate":
            text = f"{text[:-1]}\ud800"
        end = len(text) + (1 if action == "outside" else 0)
        boxes = np.arange(4 * len(text), dtype=np.float32).reshape(-1, 4)
        boxes[0] = np.nan
        printed_on = np.ones(len(text), dtype=np.int32)
        printed_on[0] = 0
        return Content(
            text,
            (
                Block(BlockKind.HEADING, 0, 6, mark="1."),
                Block(BlockKind.ROW, 7, end, heads=("", "B"), cells=((7, 8), (9, 10))),
            ),
            (Page(0, np.int64(len(text)), 612.0, 792.0, "iv"),),  # type: ignore[arg-type]
            boxes,
            printed_on,
            Metadata(symbol="S/2025/496"),
            (f"was read by process {os.getpid()}",),
        )


def _act(action: str, argument: str = "") -> None:
    if action == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif action == "exit":
        os._exit(3)
    elif action == "leave":
        sys.exit(4)
    elif action == "hang":
        time.sleep(1000)
    elif action == "spawn":
        child = subprocess.Popen(["sleep", "1000"])
        Path(argument.strip()).write_text(str(child.pid), encoding="ascii")
        time.sleep(1000)
    elif action == "swell":
        _swell()
    elif action == "raise":
        raise LookupError("a library's own\nerror")
    elif action == "print":
        print("printed", flush=True)


def _swell() -> None:
    held = []
    while True:
        held.append(np.ones(2**20))
