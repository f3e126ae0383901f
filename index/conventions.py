"""How a document's lines are read: by what is known of its language and of its domain."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.domains import Domain
from index.language import Language

_RULE = re.compile(r"^[-_=]{3,}$")
_NUMBER = re.compile(r"^[-–]?\s*\d{1,4}\s*[-–]?(?:\s*/\s*\d{1,4})?$")
_MAX_FURNITURE = 240
_MAX_MARK = 40


@dataclass(frozen=True, slots=True)
class Conventions:
    """What is known of the lines of one document."""

    language: Language
    domain: Domain

    def is_furniture(self, line: str) -> bool:
        """Whether a line that stands alone belongs to a page and not to what it says:
        navigation, a photo credit, a notice of rights."""
        found = self.language.patterns.furniture
        return len(line) <= _MAX_FURNITURE and found.match(line) is not None

    def is_page_mark(self, line: str) -> bool:
        """Whether a line is what a page repeats: its number, a rule, a mark of its publisher."""
        if len(line) > _MAX_MARK:
            return False
        plain = (_NUMBER, _RULE, self.language.patterns.page_number)
        return any(one.match(line) for one in plain) or self.is_mark(line)

    def is_mark(self, line: str) -> bool:
        """Whether a line is a mark of its publisher, such as the symbol of the document."""
        return self.domain.is_page_mark(line)

    def is_title(self, line: str) -> bool:
        """Whether a line is an identifier spelled out: "Resolution 1373 (2001)"."""
        return self.domain.is_title(line)

    def names_nothing(self, line: str) -> bool:
        """Whether a line stands over many documents, and names none: "Summary"."""
        found = (self.language.patterns.no_title, self.domain.no_title)
        return any(one.match(line) for one in found)

    def opens_paragraph(self, line: str) -> bool:
        """Whether a line opens a paragraph if the one before ends in a mark."""
        return self.domain.opens_paragraph.match(line) is not None

    def is_unfinished(self, line: str) -> bool:
        """Whether a line goes on in the next, however short it is."""
        return line.endswith(",") or self.language.patterns.unfinished.search(line) is not None

    def refers_back(self, text: str) -> bool:
        """Whether what stands behind a list mark makes a reference of it: "(b) above"."""
        return self.language.patterns.reference.match(text) is not None

    @property
    def item_number(self) -> re.Pattern[str]:
        """Finds the ``mark`` of a list item that is a word with a number: "Art. 3"."""
        return self.language.patterns.item_number

    def division(self, line: str) -> str:
        """The word for the part of a text that a heading opens with ("chapter"); "" for none."""
        match = self.language.patterns.division.match(line)
        return match["word"].lower() if match else ""

    def opens_annex(self, line: str) -> bool:
        """Whether a heading stands beside the parts of a text: "Annex I"."""
        return self.language.patterns.annex.match(line) is not None

    def is_figure(self, line: str) -> bool:
        """Whether a line is the title of a figure, or begins one: "Figure II"."""
        found = self.language.patterns.figure
        return self.is_caption(line) and found.match(line) is not None

    def names_contents(self, line: str) -> bool:
        """Whether a line heads a table of contents, or a list of tables or figures."""
        found = self.language.patterns.contents
        return len(line) <= _MAX_MARK and found.match(line) is not None

    def is_caption(self, line: str) -> bool:
        """Whether a line says what the table beside it is: "Table 2. Quotas"."""
        found = self.language.patterns.caption
        return len(line) <= _MAX_FURNITURE and found.match(line) is not None
