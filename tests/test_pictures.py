"""Pictures of pages on disk: bounded, whole or not there, whatever is killed."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from index import pictures
from index.pictures import Pictures

PICTURE = b"\x89PNG\r\n\x1a\n%b\x00\x00\x00\x00IEND\xaeB`\x82"
KIB = 1024
HASHES = [f"{number:02x}" * 32 for number in range(40)]


def picture(letter: str, size: int = KIB) -> bytes:
    return PICTURE % (letter.encode() * (size - len(PICTURE) + 2))


def held(data: Path) -> int:
    return sum(path.stat().st_size for path in (data / "pictures").glob("*/*"))


def test_what_is_put_is_got_whole_until_it_is_another_page(tmp_path):
    kept = Pictures(tmp_path, 10 * KIB)
    kept.put(HASHES[1], "1-900-v", picture("a"))
    assert kept.get(HASHES[1], "1-900-v") == picture("a")
    assert kept.get(HASHES[1], "2-900-v") is None
    assert kept.get(HASHES[2], "1-900-v") is None
    assert len(picture("a")) == KIB


def test_they_never_take_more_than_the_limit_and_those_unseen_longest_go_first(tmp_path):
    kept = Pictures(tmp_path, 10 * KIB)
    for number, sha256 in enumerate(HASHES[:10]):
        kept.put(sha256, "1", picture("a"))
        path = next((tmp_path / "pictures").glob(f"*/{sha256}-1.png"))
        os.utime(path, (1000 + number, 1000 + number))
    assert held(tmp_path) == 10 * KIB
    assert kept.get(HASHES[0], "1")  # seen just now
    kept.put(HASHES[10], "1", picture("b"))
    assert held(tmp_path) <= 10 * KIB
    left = {one for one in HASHES[:11] if kept.get(one, "1")}
    assert left >= {HASHES[0], HASHES[10], HASHES[9]}
    assert HASHES[1] not in left
    for sha256 in HASHES:
        kept.put(sha256, "2", picture("c"))
        assert held(tmp_path) <= 10 * KIB
    assert held(tmp_path) >= 8 * KIB


def test_the_limit_counts_what_an_earlier_service_left(tmp_path):
    for sha256 in HASHES[:10]:
        Pictures(tmp_path, 100 * KIB).put(sha256, "1", picture("a"))
    Pictures(tmp_path, 5 * KIB).put(HASHES[11], "1", picture("b"))
    assert held(tmp_path) <= 5 * KIB


@pytest.mark.parametrize("limit", [0, KIB - 1])
def test_what_is_larger_than_all_may_be_is_not_kept(tmp_path, limit):
    kept = Pictures(tmp_path, limit)
    kept.put(HASHES[0], "1", picture("a"))
    assert kept.get(HASHES[0], "1") is None
    assert not (tmp_path / "pictures").exists()


@pytest.mark.parametrize("content", [b"", picture("a")[:-3], b"x" + picture("a")[1:]])
def test_a_picture_that_is_not_whole_is_none(tmp_path, content):
    kept = Pictures(tmp_path, 10 * KIB)
    kept.put(HASHES[0], "1", picture("a"))
    (path,) = (tmp_path / "pictures").glob("*/*")
    path.write_bytes(content)
    assert kept.get(HASHES[0], "1") is None
    kept.put(HASHES[0], "1", picture("b"))
    assert kept.get(HASHES[0], "1") == picture("b")


def test_those_of_files_that_are_gone_are_removed(tmp_path):
    kept = Pictures(tmp_path, 10 * KIB)
    for sha256 in HASHES[:3]:
        kept.put(sha256, "1-900", picture("a"))
    pictures.prune(tmp_path, {HASHES[1]})
    assert [kept.get(one, "1-900") is not None for one in HASHES[:3]] == [False, True, False]


def test_a_build_removes_those_of_files_that_it_no_longer_has(index_of, documents, settings):
    data, texts = settings.data, {"a.txt": "A lone oak stands here.", "b.txt": "Two elms stand."}
    hashes = [hashlib.sha256(one.encode()).hexdigest() for one in texts.values()]
    index_of(texts)
    kept = Pictures(data, 10 * KIB)
    for sha256 in hashes:
        kept.put(sha256, "1-900", picture("a"))
    (documents({}) / "b.txt").unlink()
    for changed in ("Three oaks stand here.", "Four oaks stand here.", "Five oaks stand here."):
        index_of({"c.txt": changed})
    assert [kept.get(one, "1-900") is not None for one in hashes] == [True, False]


def test_threads_may_keep_and_look_side_by_side(tmp_path):
    kept = Pictures(tmp_path, 8 * KIB)
    wrong: list[object] = []

    def work(letter: str) -> None:
        for sha256 in HASHES:
            kept.put(sha256, "1", picture(letter))
            seen = kept.get(sha256, "1")
            if seen is not None and seen not in (picture("a"), picture("b")):
                wrong.append(seen)

    threads = [threading.Thread(target=work, args=(letter,)) for letter in "abab"]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []
    kept.put(HASHES[0], "2", picture("a"))
    assert held(tmp_path) <= 8 * KIB


WRITES = """
import itertools, sys
from pathlib import Path
from test_pictures import HASHES, picture
from index.pictures import Pictures
kept = Pictures(Path(sys.argv[1]), 20 * 2**20)
print("begun", flush=True)
for number in itertools.count():
    kept.put(HASHES[number % 40], "1", picture("ab"[number % 2], 2**20))
"""


def test_a_service_that_is_killed_leaves_whole_pictures_and_the_limit_holds(tmp_path):
    here = Path(__file__).parent
    places = os.pathsep.join([str(here.parent), str(here)])
    for number in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITES, str(tmp_path)],
            env={**os.environ, "PYTHONPATH": places},
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.readline()
        threading.Event().wait(0.05 + 0.07 * number)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    named = [*(tmp_path / "pictures").glob("*/[!.]*.png")]
    assert named
    for path in named:
        assert path.read_bytes() in (picture("a", 2**20), picture("b", 2**20))
    kept = Pictures(tmp_path, 3 * 2**20)
    kept.put(HASHES[0], "2", picture("a"))
    assert held(tmp_path) <= 3 * 2**20
