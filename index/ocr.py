"""Whether pages that are pictures are read, by what, and what to say of those that are not."""

from __future__ import annotations

from index.config import IndexSettings
from index.loading import tesseract
from index.loading.ocr import Recogniser


class Ocr:
    """What there is to read pages that are pictures. Raises ``InvalidSetting`` for a language that
    there is not."""

    def __init__(self, settings: IndexSettings) -> None:
        self.recogniser: Recogniser | None = None
        if settings.ocr:
            seconds = settings.ocr_page_seconds
            self.recogniser = tesseract.of(settings.ocr_languages, seconds)

    @property
    def identities(self) -> tuple[str, ...]:
        """What may have read the pictures of a file that is as it would be read now; "" for
        nothing, where there are none."""
        return ("",) if self.recogniser is None else ("", self.recogniser.identity)

    def would_read(self, ocr: str, unread: int) -> bool:
        """Whether a file would be read now as it was: then ``ocr`` read its pictures, and so many
        pages were left ``unread``."""
        return ocr in self.identities and (self.recogniser is None or not unread)

    def advice(self, unread: int, pages: int) -> str:
        """What to say of a file that has so many pages ``unread``. It is not kept: it depends on
        what is installed."""
        verb = "has" if unread == 1 else "have"
        lacking = f"{verb} no text that can be read, or hardly any over a picture"
        return f"{unread} of {pages} pages {lacking}; {tesseract.advice(unread)}"

    @property
    def state(self) -> str:
        """Changes with what is said of a file that cannot be read for want of OCR."""
        return tesseract.advice(1) if self.recogniser is None else self.recogniser.identity
