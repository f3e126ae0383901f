"""What the process that draws pages answers; how it fares within limits is in test_printed.py."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from printing import LEFT, TOP, Press

from qa.service import drawing


@pytest.fixture
def file(tmp_path: Path) -> Path:
    press = Press()
    for number in (1, 2):
        press.add_page()
        press.put(LEFT, TOP, f"This is page {number}.")
    press.add_page(format=(14_000, 14_000))
    press.add_page(format=(10, 14_000))
    path = tmp_path / "file"
    path.write_bytes(press.made())
    return path


def answer(path: Path, page: int, width: int = 300) -> bytes:
    return drawing.answer(json.dumps([str(path), page, width]).encode())


def size(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def test_a_page_is_as_wide_as_it_is_asked_for(file):
    assert size(answer(file, 1)) == (300, 425)
    assert size(answer(file, 2, 1000))[0] == 1000
    assert answer(file, 1) != answer(file, 2)


def test_a_page_of_huge_size_is_drawn_smaller(file):
    width, height = size(answer(file, 3, 3000))
    assert width == height
    assert 7_900_000 < width * height < 8_020_000
    assert size(answer(file, 4, 3000)) == (12, 16_000)


@pytest.mark.parametrize("page", [0, -1, 5])
def test_a_page_that_there_is_not_is_said(file, page):
    assert answer(file, page) == b"the file has no such page"


def test_a_file_that_is_damaged_or_gone_is_said_and_the_next_is_drawn(file, tmp_path):
    other = tmp_path / "other"
    other.write_bytes(file.read_bytes()[:200])
    for _ in range(2):
        assert answer(other, 1) == b"it is damaged"
        assert answer(tmp_path / "none", 1) == b"it is damaged"
        assert size(answer(file, 1)) == (300, 425)
