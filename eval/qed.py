"""Question sets in the JSON lines of QED (Lamm et al., TACL 2021): questions that people typed into
a search engine, each with a paragraph of an encyclopedia and the sentence of it that answers.

Every paragraph is a document of its own, its tokenised text joined as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from eval.errors import BadQuestionSet
from eval.records import Case, Span

_JOINTS = [
    (re.compile(pattern), written)
    for pattern, written in (
        (r"``\s*|\s*''", '"'),
        (r"\s+([,.;:!?%)\]}])", r"\1"),
        (r"([(\[{$£€])\s+", r"\1"),
        (r"\s+('s|'S|n't|'re|'ve|'ll|'d|'m)\b", r"\1"),
        (r"(?<=s) '(?=\s)", "'"),
        (r"\s+--\s+", " – "),
    )
]


@dataclass(frozen=True)
class Asked:
    """A question with its paragraph, as a line holds them."""

    id: str
    title: str
    question: str
    paragraph: str
    sentences: list[Annotated[list[int], Field(min_length=2, max_length=2)]]
    """Where each begins and ends in ``paragraph``."""
    kind: Literal["single_sentence", "multi_sentence", "none"]
    """Whether one sentence answers, several do together, or none does."""
    answer_sentence: Annotated[list[int], Field(min_length=2, max_length=2)] | None
    answers: list[str]

    @cached_property
    def texts(self) -> list[str]:
        """The sentences, as they were written; blank ones are left out."""
        return [text for text, _ in self.labelled()]

    def labelled(self) -> list[tuple[str, bool | None]]:
        """Each sentence that is not blank, and whether it answers; None where that is unknown."""
        found: list[tuple[str, bool | None]] = []
        for start, end in self.sentences:
            if text := joined(self.paragraph[start:end]):
                if self.kind == "single_sentence" and [start, end] == self.answer_sentence:
                    found.append((text, True))
                else:
                    # What has the answer's words may answer as well, or a part of it.
                    found.append((text, None if self.holds(text) else False))
        return found

    def holds(self, text: str) -> bool:
        """Whether ``text`` has one of the short answers."""
        return any(joined(one).lower() in text.lower() for one in self.answers)


_ADAPTER = TypeAdapter(Asked)


def read(path: Path) -> list[Asked]:
    """The questions of a file. Raises ``BadQuestionSet``."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            if line.strip():
                found.append(_ADAPTER.validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            what = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
            raise BadQuestionSet(
                f"{path}, line {number} is not in QED's format ({what})"
            ) from error
    return found


def to_line(one: Asked) -> str:
    """A question as a line of a file."""
    return _ADAPTER.dump_json(one).decode()


def joined(text: str) -> str:
    """Tokenised text as it was written: ``year , a`` becomes ``year, a``."""
    for pattern, written in _JOINTS:
        text = pattern.sub(written, text)
    return " ".join(text.split())


def documents(asked: Sequence[Asked]) -> Iterator[tuple[str, str, str]]:
    """File stem, title and text of each paragraph, a sentence a line. Several questions may have
    one."""
    for (title, text), stem in _stems(asked).items():
        yield stem, title, text


def cases(asked: Sequence[Asked]) -> list[Case]:
    """The questions, of kind ``answerable`` or ``none``."""
    stems, found = _stems(asked), dict[str, Case]()
    for one in asked:
        stem = stems[one.title, _text(one)]
        gold = tuple(Span(stem, text) for text, answers in one.labelled() if answers)
        texts = tuple(dict.fromkeys(map(joined, one.answers)))
        answerable = one.kind != "none" and bool(gold or texts)
        case = Case(
            id=one.id,
            question=one.question.strip(),
            answerable=answerable,
            kind="answerable" if answerable else "none",
            gold=(gold,) if answerable and gold else (),
            accepted=(texts,) if answerable and texts else (),
        )
        found.setdefault(one.id, case)
    return [*found.values()]


def _stems(asked: Sequence[Asked]) -> dict[tuple[str, str], str]:
    """The file stem of each paragraph, by its title and text."""
    texts = dict.fromkeys((one.title, _text(one)) for one in asked)
    return {one: f"paragraph-{number:05d}" for number, one in enumerate(texts)}


def _text(one: Asked) -> str:
    return "\n".join(one.texts)
