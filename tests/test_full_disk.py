"""A disk that is full, at any file of a build: the error says so, and what was live stays live."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from index import generation

BUILD = """
import resource, signal, sys
from pathlib import Path
from conftest import WordEncoder
from index import language_detection
from index.build import build
from index.config import IndexSettings
from index.errors import IndexingError

folder, data, most = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
settings, encoder = IndexSettings(data=data), WordEncoder()
language_detection.of_text("Il charge ce dont il a besoin avant que le disque ne soit plein.")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
try:
    print(build([folder], settings, lambda _: encoder).generation)
except (OSError, IndexingError) as error:
    print(type(error).__name__, error)
"""


def built(folder: Path, data: Path, most: int) -> str:
    """What a build says that may write files of so many bytes ``most``."""
    done = subprocess.run(
        [sys.executable, "-c", BUILD, folder, data, str(most)],
        cwd=Path(__file__).parent,
        env={"PYTHONPATH": f"{Path(__file__).parent.parent}:{Path(__file__).parent}"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def lines(name: str, count: int) -> str:
    return "\n\n".join(
        f"Paragraph {n} of {name} says what boats do in {1900 + n}." for n in range(count)
    )


@pytest.mark.parametrize("most", [1_000, 40_000, 120_000, 170_000, 400_000])
def test_a_full_disk_leaves_what_was_live(tmp_path, most):
    folder, data = tmp_path / "documents", tmp_path / "var"
    folder.mkdir()
    (folder / "a.txt").write_text(lines("a", 20), encoding="utf-8")
    assert built(folder, data, 2**30) == "gen-000001"
    (folder / "b.txt").write_text(lines("b", 800), encoding="utf-8")
    said = built(folder, data, most)
    assert said.startswith(("OSError ", "NothingToIndex ")), said
    opened = generation.open_current(data)
    assert opened.name == "gen-000001"
    assert [one.id for one in opened.database.documents()] == ["a"]
    assert built(folder, data, 2**30) == "gen-000002"
    assert len(generation.open_current(data).database.documents()) == 2
