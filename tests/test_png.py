"""Pictures of pages as PNG, read by another program: the same picture, in few bytes."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from qa.service import png

STEP = 17


def print_on(
    colour: tuple[int, int, int] = (0, 0, 0), height: int = 90, width: int = 71
) -> np.ndarray:
    """A white page, (height, width, 4), with lines whose edges are smoothed."""
    page = np.full((height, width, 4), 255, dtype=np.uint8)
    for row in range(5, height - 5, 9):
        for edge, share in ((0, 0.4), (1, 1.0), (2, 0.7)):
            ink = 255 - (255 - np.array(colour)) * share
            page[row + edge, 8:-8, :3] = ink[::-1]
    return page


def read(data: bytes) -> tuple[str, np.ndarray]:
    """How the pixels are kept, and red, green and blue of them."""
    with Image.open(BytesIO(data)) as picture:
        picture.verify()
    with Image.open(BytesIO(data)) as picture:
        return picture.mode, np.asarray(picture.convert("RGB"))


def differs(data: bytes, page: np.ndarray) -> int:
    return int(np.abs(read(data)[1].astype(int) - page[:, :, 2::-1].astype(int)).max())


@pytest.mark.parametrize("width", [70, 71])
def test_print_is_kept_in_shades_of_grey(width):
    page = print_on(width=width)
    data = png.encode(page)
    assert read(data)[1].shape == (90, width, 3)
    assert differs(data, page) <= STEP // 2 + 1
    assert data[24:26] == b"\x04\x00"  # four bits a pixel, grey
    assert len(data) < len(png.encode(noise(grey=True))) / 4


def test_print_with_a_little_colour_has_a_palette():
    page = print_on((180, 30, 60))
    data = png.encode(page)
    assert read(data)[0] == "P"
    assert differs(data, page) <= STEP // 2 + 1


def noise(grey: bool) -> np.ndarray:
    shape = (90, 71, 1 if grey else 3)
    values = np.random.default_rng(7).integers(0, 256, shape, dtype=np.uint8)
    return np.broadcast_to(values, (90, 71, 3))


@pytest.mark.parametrize(("grey", "mode"), [(True, "L"), (False, "RGB")])
def test_photographs_lose_nothing(grey, mode):
    page = noise(grey)
    data = png.encode(page)
    assert read(data)[0] == mode
    assert differs(data, page) == 0


def test_a_gradient_shows_no_bands():
    shades = np.linspace(0, 255, 256).astype(np.uint8)
    page = np.broadcast_to(shades[None, :, None], (40, 256, 3)).copy()
    assert differs(png.encode(page), page) == 0
    page[:, :, 1] //= 2
    assert differs(png.encode(page), page) == 0


def test_one_pixel_is_a_picture():
    assert read(png.encode(np.zeros((1, 1, 4), dtype=np.uint8)))[1].tolist() == [[[0, 0, 0]]]
