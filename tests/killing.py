"""Builds without end in a child process, and kills it: for ``test_kill.py`` and
``scripts/kill-builds``.

Every build is numbered and changes one document, all of it, so that what is live says by
itself which build made it, and a document that is not whole is seen.
"""

from __future__ import annotations

import hashlib
import itertools
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index import generation
from index.build import build
from index.config import IndexSettings
from index.encoder import Encoder
from index.generation import Generation

_MARK = re.compile(r"\s*kestrel(\d+) ")


class Broken(Exception):
    """What a killed build left cannot be used, or is neither the old nor the new index."""


def version(text: str, number: int) -> str:
    """``text`` as build ``number`` has it: another in every line that holds anything."""
    lines = text.splitlines(keepends=True)
    return "".join(f"{_mark(number)} {line}" if line.strip() else line for line in lines)


def _mark(number: int) -> str:
    return f"kestrel{number}"


def write(folder: Path, name: str, text: str) -> None:
    """Write a document so that a kill leaves the former one or all of this."""
    beside = folder / f".{name}"
    beside.write_text(text, encoding="utf-8")
    beside.replace(folder / name)


def build_without_end(
    folder: Path,
    texts: Mapping[str, str],
    settings: IndexSettings,
    load: Callable[[IndexSettings], Encoder],
    start: int,
) -> None:
    """What the child does: change a document and build, from number ``start`` on, and say
    which build it is at, and at which step of it."""
    names, said = sorted(texts), ""

    def say(line: str) -> None:
        nonlocal said
        if line != said:
            print(line, flush=True)
        said = line

    for number in itertools.count(start):
        name = names[number % len(names)]
        write(folder, name, version(texts[name], number))
        say(f"building {number}")
        build([folder], settings, load, lambda step, _done, _total: say(f"step {step}"))
        say(f"live {number}")


@dataclass(slots=True)
class Tally:
    """What was live after each kill, and what was wrong."""

    kills: int = 0
    old: int = 0
    new: int = 0
    broken: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"kills {self.kills}, old generation live {self.old}, "
            f"new generation live {self.new}, broken {len(self.broken)}"
        )


def texts_of(folder: Path) -> dict[str, str]:
    """The .txt documents of a folder by name."""
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.txt")}


def command(model: str, originals: Path, folder: Path, data: Path) -> Callable[[int], list[str]]:
    """What starts a child that builds ``originals``, changed, out of ``folder``.

    ``model`` is Python that sets ``model`` to an encoder; it runs before the first build.
    """
    source = """import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
import killing
from index import segments
from index.config import IndexSettings
segments.SIZE = 8  # so that a build writes some segments and keeps others
settings = IndexSettings(data=Path(sys.argv[4]))
{model}
texts = killing.texts_of(Path(sys.argv[2]))
start = int(sys.argv[5])
killing.build_without_end(Path(sys.argv[3]), texts, settings, lambda _: model, start)
"""
    here = Path(__file__).parent
    before = [sys.executable, "-c", source.format(model=model)]
    return lambda start: [*before, *map(str, (here, originals, folder, data, start))]


def kill(
    command: Callable[[int], list[str]],
    texts: Mapping[str, str],
    data: Path,
    times: int,
    seed: int,
    check: Callable[[Generation, str], None] = lambda _, __: None,
) -> Iterator[Tally]:
    """Kill ``times`` builders and yield the tally after each.

    ``command(n)`` starts one whose builds are numbered from ``n``. The first is let be for a
    build of every document; the others are killed at a random moment of a random step, as
    long after it has begun as it took then at most. Most steps are so short that moments of
    the build as a whole would hardly ever fall into them. ``check`` is given what is live
    after a kill, and a word that it alone has.
    """
    moments = random.Random(seed)
    tally = Tally()
    with _Builder(command(0)) as builder:
        steps = builder.seconds_by_step(len(texts))
    live, number = builder.live, builder.building + 1
    order: list[str] = []
    for _ in range(times):
        # Every step has its turn before one has another.
        order = order or moments.sample(sorted(steps), len(steps))
        step = order.pop()
        with _Builder(command(number)) as builder:
            builder.wait_for(f"step {step}")
            time.sleep(moments.uniform(0, steps[step]))
        tally.kills += 1
        old = live if builder.live is None else builder.live
        number = builder.building + 1
        try:
            opened = generation.open_current(data)
            live = _newest(opened, texts)
            check(opened, _mark(live))
            if live not in {old, builder.building}:
                raise Broken(f"build {live} is live, not {old} or {builder.building}")
        except Exception as error:
            tally.broken.append(f"{type(error).__name__}: {error}")
        else:
            tally.new += live == builder.building
            tally.old += live != builder.building
        yield tally


def _newest(opened: Generation, texts: Mapping[str, str]) -> int:
    """The number of the build that made ``opened``. Raises ``Broken`` if it is not whole."""
    numbers = []
    for entry in opened.database.documents():
        text = opened.database.text(entry.id) or ""
        found = _MARK.match(text)
        number = int(found[1]) if found else -1
        if text != version(texts[entry.source], number):
            raise Broken(f"{entry.source} is not as build {number} had it")
        if entry.sha256 != hashlib.sha256(text.encode()).hexdigest():
            raise Broken(f"{entry.source} has another hash")
        passages = opened.database.passages(opened.database.rows_of([entry.id]))
        for one in passages:
            sentences = opened.tokens.sentences(one.row)
            places = [sentences[0, 0], sentences[-1, 1]]
            if text[one.start : one.end] != one.text or places != [one.start, one.end]:
                raise Broken(f"a passage of {entry.source} is not where it says")
        hits = opened.lexical.search(opened.lexical.stems(_mark(number)), 1000)
        holding = {one.row for one in passages if _mark(number) in one.text}
        if not holding <= {hit.row for hit in hits} <= {one.row for one in passages}:
            raise Broken(f"a search does not find the passages of {entry.source}")
        numbers.append(number)
    if len(numbers) != len(texts):
        raise Broken(f"{len(numbers)} documents of {len(texts)}")
    return max(numbers)


class _Builder:
    """A child that builds, and is killed on leaving: what it said until then."""

    def __init__(self, command: list[str]) -> None:
        self.building = -1
        self.live: int | None = None
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> _Builder:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        said, _none = self._process.communicate()
        for line in said.splitlines(keepends=True):
            if line.endswith("\n"):
                self._note(line)

    def wait_for(self, what: str) -> None:
        """Until it says so."""
        while not self._line().startswith(what):
            pass

    def seconds_by_step(self, builds: int) -> dict[str, float]:
        """How long each step of some builds takes at most."""
        longest: dict[str, float] = {}
        for _ in range(builds):
            self.wait_for("building")
            line, began = self._line(), time.perf_counter()
            while line.startswith("step"):
                following, now = self._line(), time.perf_counter()
                step = line.split()[1]
                longest[step] = max(longest.get(step, 0), now - began)
                line, began = following, now
        return longest

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise Broken(f"a build ended by itself, with {self._process.wait()}")
        self._note(line)
        return line

    def _note(self, line: str) -> None:
        what, which = line.split()
        if what == "building":
            self.building = int(which)
        elif what == "live":
            self.live = int(which)
