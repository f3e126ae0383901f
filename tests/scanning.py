"""Scans for tests: text drawn into pictures, so that what is on them and where is known exactly."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFont
from printing import HEIGHT, LEFT, TOP, WIDTH, Press, known

from index.loading import tesseract
from index.loading.loader import Content
from index.loading.pdf import PdfLoader

SCALE = 300 / 72
"""Pixels a point."""
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"
BOLD = "/usr/share/fonts/truetype/dejavu/DejaVuSerif-Bold.ttf"
SANS = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
SIZE = 12.0
STEP = 18.0
LINES = [
    "The committee met in the spring and heard the first report on the",
    "harbour, which had been closed for repairs since the storms of",
    "January and was to be opened again before the end of the year.",
]
MORE = [
    "Members asked how the costs were to be met and who would carry",
    "them, since the budget had been spent on the northern pier.",
]
Box = tuple[float, float, float, float]


def installed_languages() -> set[str]:
    if shutil.which("tesseract") is None:
        return set()
    listed = subprocess.run(
        ["tesseract", "--list-langs"], capture_output=True, text=True, check=True
    )
    return set(listed.stdout.split("\n")[1:])


def needs(*languages: str) -> pytest.MarkDecorator:
    """Skips a test where ``tesseract`` does not read some languages."""
    lacking = [one for one in languages if one not in installed_languages()]
    packages = " ".join(f"tesseract-ocr-{one}" for one in lacking)
    return pytest.mark.skipif(bool(lacking), reason=f"OCR needs: apt install {packages}")


def _ink(font: ImageFont.FreeTypeFont, word: str, x: float, y: float) -> Box:
    """Where a word is black when it is drawn at a place in pixels."""
    mask, (across, down) = font.getmask2(word, mode="L", anchor="ls")
    left, top, right, bottom = mask.getbbox()
    sides = (x + across + left, y + down + top, x + across + right, y + down + bottom)
    x0, y0, x1, y1 = (float(one) / SCALE for one in sides)
    return x0, y0, x1, y1


@dataclass(frozen=True)
class Drawn:
    """A word, and where it is on its page, in points from the top left."""

    page: int
    text: str
    box: Box


class Scan:
    """Pages of pictures. Lines are put at a place in points from the top left; the baseline
    counts."""

    def __init__(self, font: str = FONT) -> None:
        self.pictures: list[Image.Image] = []
        self.words: list[Drawn] = []
        self._font = font

    def add_page(self) -> ImageDraw.ImageDraw:
        size = round(WIDTH * SCALE), round(HEIGHT * SCALE)
        self.pictures.append(Image.new("L", size, 255))
        return self.pen

    @property
    def pen(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.pictures[-1])

    def put(self, x: float, y: float, line: str, size: float = SIZE, font: str = "") -> float:
        """Draws words side by side; returns where they end."""
        pen = self.pen
        type_ = ImageFont.truetype(font or self._font, round(size * SCALE))
        at = x * SCALE
        for word in line.split(" "):
            pen.text((at, y * SCALE), word, font=type_, fill=0, anchor="ls")
            self.words.append(Drawn(len(self.pictures), word, _ink(type_, word, at, y * SCALE)))
            at += pen.textlength(f"{word} ", font=type_)
        return at / SCALE

    def column(self, x: float, y: float, lines: list[str], size: float = SIZE) -> float:
        for line in lines:
            self.put(x, y, line, size)
            y += STEP
        return y

    def rule(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.8) -> None:
        ends = [one * SCALE for one in (x0, y0, x1, y1)]
        self.pen.line(ends, fill=0, width=round(width * SCALE))

    def text(self, lines: list[str] | None = None) -> Scan:
        """A page with two paragraphs, or with some lines."""
        self.add_page()
        if lines is not None:
            self.column(LEFT, TOP, lines)
        else:
            self.column(LEFT, self.column(LEFT, TOP, LINES) + STEP, MORE)
        return self

    def made(self, rotate: int = 0) -> bytes:
        return pdf_of(self.pictures, rotate)


def pdf_of(pictures: list[Image.Image], rotate: int = 0) -> bytes:
    """A PDF whose pages are pictures, shown turned by ``rotate`` degrees clockwise."""
    pdf = FPDF(unit="pt")
    pdf.set_auto_page_break(auto=False)
    for one in pictures:
        size = one.width / SCALE, one.height / SCALE
        pdf.add_page(format=size)
        pdf.image(one, x=0, y=0, w=size[0], h=size[1])
    return turned(bytes(pdf.output()), rotate)


def turned(data: bytes, rotate: int) -> bytes:
    if not rotate:
        return data
    document, stream = pdfium.PdfDocument(data), BytesIO()
    for page in document:
        page.set_rotation(rotate)
    document.save(stream)
    document.close()
    return stream.getvalue()


def mixed() -> tuple[bytes, Scan]:
    """A page of text, a scanned one, and another of text; and the scan."""
    scan = Scan().text(MORE)
    press = Press()
    for number in range(3):
        press.add_page()
        if number == 1:
            press.image(scan.pictures[0], x=0, y=0, w=WIDTH, h=HEIGHT)
        else:
            press.column(LEFT, TOP, [f"This page of text speaks of word {'abc'[number] * 5}."])
    return press.made(), scan


def read(data: bytes, languages: str = "eng") -> Content:
    recogniser = tesseract.of(languages, 120)
    assert recogniser is not None
    return PdfLoader(recogniser).load(data, known)


def boxes_of(content: Content, start: int, end: int) -> list[Box]:
    """The boxes of the characters in a range that have one."""
    assert content.boxes is not None
    inside = content.boxes[start:end]
    return [tuple(one) for one in inside[~np.isnan(inside[:, 0])].tolist()]


def around(boxes: list[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def assert_on_words(content: Content, words: list[Drawn], near: float = 1.0) -> None:
    """Every word stands in the text, and its boxes there lie on what was drawn, each letter's in
    its part of the word."""
    place = 0
    for word in words:
        place = content.text.index(word.text, place)
        end = place + len(word.text)
        boxes = boxes_of(content, place, end)
        assert len(boxes) == len(word.text), word
        assert around(boxes) == pytest.approx(word.box, abs=near), word
        assert content.printed_on is not None
        assert set(content.printed_on[place:end].tolist()) == {word.page}, word
        place = end


class Program:
    """A program in place of ``tesseract``, which does as it is told: what goes wrong with the real
    one cannot be had at will. It notes each picture that it is given."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._log = folder / "log"
        folder.mkdir()
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    def does(self, commands: str, languages: str = "eng osd") -> None:
        """What it does when it is to read a picture, as commands of a shell."""
        listed = "\\n".join(languages.split())
        script = f"""#!/bin/sh
case "$1" in
--version) echo "tesseract 5.9.9"; exit 0 ;;
--list-langs) printf 'List:\\n{listed}\\n'; exit 0 ;;
esac
echo "$OMP_THREAD_LIMIT $*" >> {self._log}
{commands}
"""
        path = self.folder / "tesseract"
        path.write_text(script, encoding="utf-8")
        path.chmod(0o755)

    def says(self, hocr: str) -> None:
        """It reads this on every picture."""
        answer = self.folder / "answer"
        answer.write_text(hocr, encoding="utf-8")
        self.does(f"cat > /dev/null; cat {answer}")

    def calls(self) -> list[str]:
        """How it was called to read a picture."""
        return self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []


def hocr_of(lines: list[str], sure: int = 95) -> str:
    """hOCR of lines in the middle of a page, in letters of one width."""
    made = []
    for number, line in enumerate(lines):
        y, words, at = 1200 + 75 * number, "", 300
        for word in line.split():
            end = at + 25 * len(word)
            words += (
                f"<span class='ocrx_word' title='bbox {at} {y} {end} {y + 40}; x_wconf {sure}'>"
                f"{word}</span> "
            )
            at = end + 25
        made.append(
            f"<span class='ocr_line' title='bbox 300 {y} {at - 25} {y + 40}; baseline 0 -9; "
            f"x_size 50; x_descenders 10'>{words}</span>"
        )
    return f"<html><body><div class='ocr_page'>{''.join(made)}</div></body></html>"
