"""A reader for tests, which judges a quote by its text."""

from __future__ import annotations

from collections.abc import Sequence


class ReaderOfTexts:
    """Gives the logits that ``judge`` gives."""

    def judge(self, question: str, texts: Sequence[str]) -> list[float]:
        """A logit for each text, of the form ``title: heading. quote``."""
        raise NotImplementedError

    def read(self, question: str, texts: Sequence[str]) -> list[float]:
        """The same."""
        return self.judge(question, texts)
