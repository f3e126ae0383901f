"""Kills a service, and the process that builds for it, while documents come and go.

usage: python -m benchmarks.kill_services [--times N] [--seed S] [--models]

Documents are added, replaced, deleted, hidden and shown again. At a random moment of a change or of
the build after it, the service (or, each third time, the process that builds) is killed (SIGKILL).
Then the service is started again, and what it acknowledged is compared with what it has: files,
documents, their texts, what a question finds. The tally is printed after each kill. With --models
the service is `attest serve` with its real models; else the encoder of the tests, which starts
sooner. Exit code 1 if anything was broken.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import killing_services  # noqa: E402
from conftest import WordEncoder  # noqa: E402
from killing_services import FOLDER, Service, Tally, folder_text  # noqa: E402

from index import encoder  # noqa: E402
from index.build import build  # noqa: E402
from index.config import IndexSettings  # noqa: E402

_WORDS = (sys.executable, str(ROOT / "tests" / "collecting_process.py"))
_MODELS = (sys.executable, "-m", "index.main", "serve", "--port", "0")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=200, metavar="N", help="kills (200)")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of the moments (0)")
    parser.add_argument("--models", action="store_true", help="with the real models")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="attest-kills-") as place:
        folder, data = Path(place) / "documents", Path(place) / "var"
        folder.mkdir()
        for name in FOLDER:
            (folder / name).write_text(folder_text(name), encoding="utf-8")
        load = encoder.load if given.models else lambda _: WordEncoder()
        build([folder], IndexSettings(data=data), load)
        command = _MODELS if given.models else (*_WORDS, str(data), "0")
        environment = {**os.environ, "ATTEST_DATA": str(data)}
        tally = Tally()
        for tally in killing_services.kill(
            lambda: Service(command, environment), data, given.times, given.seed
        ):
            print(tally, flush=True)
    for reason in tally.broken:
        print(reason, file=sys.stderr)
    sys.exit(1 if tally.broken else 0)


if __name__ == "__main__":
    main()
