"""Writes pictures of pages as PNG, small and fast: most pages are black on white, with a little
colour or none, and need neither 24 bits a pixel nor a filter."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Colours = npt.NDArray[np.uint16]

_LEVEL = 3
"""Of zlib: 1 is hardly faster, 6 is three times as slow for a tenth of the bytes."""
_STEP = 17
"""Of 16 shades, 0 to 255: letters with smoothed edges look the same with them as with 256."""
_FLAT = 0.6
"""A page is flat if so much of it is of its four commonest colours: print on paper. On others,
photographs, 16 shades would be seen as bands."""
_GREY, _RGB, _INDEXED = 0, 2, 3


def encode(pixels: Pixels) -> bytes:
    """A PNG of ``pixels``, (height, width, 3 or more): blue, green and red come first."""
    blue, green, red = (pixels[:, :, channel] for channel in range(3))
    if np.array_equal(blue, green) and np.array_equal(blue, red):
        return _grey(np.ascontiguousarray(blue))
    shades = _shades(pixels[:, :, :3]).astype(np.uint16)
    colours: Colours = shades[:, :, 2] * 256 + shades[:, :, 1] * 16 + shades[:, :, 0]
    counts = np.bincount(colours.ravel(), minlength=4096)
    used = np.flatnonzero(counts)
    if len(used) <= 256 and _is_flat(counts):
        return _indexed(colours, used)
    return _png(pixels[:, :, 2::-1].reshape(len(pixels), -1), pixels.shape[1], 8, _RGB)


def _grey(pixels: Pixels) -> bytes:
    shades = _shades(pixels)
    if not _is_flat(np.bincount(shades.ravel(), minlength=16)):
        return _png(pixels, pixels.shape[1], 8, _GREY)
    if shades.shape[1] % 2:
        shades = np.pad(shades, ((0, 0), (0, 1)))
    pairs: Pixels = shades[:, ::2] * 16 + shades[:, 1::2]
    return _png(pairs, pixels.shape[1], 4, _GREY)


def _indexed(colours: Colours, used: npt.NDArray[np.intp]) -> bytes:
    places = np.zeros(4096, dtype=np.uint8)
    places[used] = np.arange(len(used))
    palette = np.stack([used >> 8, (used >> 4) & 15, used & 15], axis=1).astype(np.uint8) * _STEP
    return _png(places[colours], colours.shape[1], 8, _INDEXED, palette.tobytes())


def _shades(pixels: Pixels) -> Pixels:
    """The nearest of 16 shades of each pixel."""
    table = ((np.arange(256) + _STEP // 2) // _STEP).astype(np.uint8)
    return table[pixels]


def _is_flat(counts: npt.NDArray[np.intp]) -> bool:
    return bool(np.sort(counts)[-4:].sum() >= _FLAT * counts.sum())


def _png(rows: Pixels, width: int, depth: int, kind: int, palette: bytes = b"") -> bytes:
    """The file: ``rows`` as they lie in it, each to be led by the number of its filter, none."""
    filtered = np.pad(rows, ((0, 0), (1, 0))).tobytes()
    head = struct.pack(">IIBBBBB", width, len(rows), depth, kind, 0, 0, 0)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", head),
            _chunk(b"PLTE", palette) if palette else b"",
            _chunk(b"IDAT", zlib.compress(filtered, _LEVEL)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    check = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)
