"""Cuts a document into passages: runs of whole sentences under one heading.

Pure: the same text and limits always give the same passages. Passages are in order, do not
overlap, and together hold every sentence outside headings and page furniture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from index import language_detection, layout, sentences
from index.records import PART_BREAK, Block, BlockKind, Document, Passage, Sentence, SentenceFlag

_CHARACTERS_A_WORD = 12
"""Longer runs of letters count as several words, so that scripts without blanks and
endless strings are cut at lengths that an encoder can read."""
_WORD = re.compile(rf"\w{{1,{_CHARACTERS_A_WORD}}}")


@dataclass(frozen=True, slots=True)
class Limits:
    """Lengths in words."""

    minimum: int
    maximum: int

    @property
    def sentence_characters(self) -> int:
        """Longer sentences are cut. Legal sentences run to 250 words, which one model input
        (512 tokens) still holds."""
        return 14 * self.maximum


def split(document: Document, limits: Limits) -> list[Passage]:
    """The passages of ``document``; ``passage.text == document.text[start:end]`` for each."""
    runs: list[_Run] = [_Run(())]
    blocks = list(layout.sections(document.text, document.blocks))
    for (block, section), following in zip_longest(blocks, blocks[1:]):
        if runs[-1].section != section:
            runs.append(_Run(section))
        elif runs[-1].words >= limits.minimum and _worth_closing(runs[-1], limits):
            runs.append(_close(runs[-1]))
        before_list = (
            following is not None
            and following[0].kind is BlockKind.ITEM
            and following[1] == section
        )
        after = following[0] if following else None
        for sentence in _sentences(document, block, limits, before_list, after):
            words = count_words(sentence.reading or document.text[sentence.start : sentence.end])
            if runs[-1].words + words > limits.maximum and _worth_closing(runs[-1], limits):
                runs.append(_close(runs[-1]))
            runs[-1].add(sentence, words)
    filled = _merge_stubs([run for run in runs if run.sentences], limits)
    return [_passage(document, run) for run in filled]


def count_words(text: str) -> int:
    """Words of a text, long strings of letters counted as several."""
    return len(_WORD.findall(text))


@dataclass(slots=True)
class _Run:
    """A passage being filled."""

    section: tuple[str, ...]
    sentences: list[Sentence] = field(default_factory=list)
    words: int = 0
    last: int = 0
    """Words of its last sentence."""

    def add(self, sentence: Sentence, words: int) -> None:
        self.sentences.append(sentence)
        self.words += words
        self.last = words

    @property
    def introduces(self) -> bool:
        return bool(self.sentences and self.sentences[-1].flags & SentenceFlag.INTRODUCES)


def _worth_closing(run: _Run, limits: Limits) -> bool:
    """Whether a run may end here: what leads to a long sentence means little without it."""
    stays = run.words - run.last if run.introduces else run.words
    return len(run.sentences) > run.introduces and stays >= limits.minimum // 3


def _close(run: _Run) -> _Run:
    """The run after ``run``. A line that introduces a list goes with the list."""
    after = _Run(run.section)
    if run.introduces:
        after.add(run.sentences.pop(), run.last)
        run.words -= run.last
    return after


def _merge_stubs(runs: list[_Run], limits: Limits) -> list[_Run]:
    """Gives a short rest at the end of a section back to the passage before it."""
    merged: list[_Run] = []
    for run in runs:
        before = merged[-1] if merged else None
        stub = run.words < limits.minimum // 3
        beside = stub and before is not None and before.section == run.section
        if before and beside and before.words + run.words <= 1.25 * limits.maximum:
            before.sentences += run.sentences
            before.words += run.words
        else:
            merged.append(run)
    return merged


def _passage(document: Document, run: _Run) -> Passage:
    start, end = run.sentences[0].start, run.sentences[-1].end
    text = document.text[start:end]
    return Passage(
        document_id=document.id,
        start=start,
        end=end,
        text=text,
        section=run.section,
        sentences=tuple(run.sentences),
        language=language_detection.of_passage(text, document.language),
    )


def _sentences(
    document: Document, block: Block, limits: Limits, before_list: bool, after: Block | None
) -> list[Sentence]:
    if block.kind is BlockKind.ROW:
        return _row(document, block, after)
    marked: list[Sentence] = []
    item = SentenceFlag.ITEM if block.kind is BlockKind.ITEM else SentenceFlag.NONE
    for span in _spans(document, block):
        parts = sentences.pieces(document.text, span, limits.sentence_characters)
        cut = SentenceFlag.CUT if len(parts) > 1 else SentenceFlag.NONE
        marked += [
            Sentence(start, end, item | cut, _reading(document, block, start, end))
            for start, end in parts
        ]
    if marked:
        marked[0] = replace(marked[0], flags=marked[0].flags | SentenceFlag.OPENS_BLOCK)
        last = marked[-1]
        if before_list and document.text[last.start : last.end].rstrip("*_")[-1:] == ":":
            marked[-1] = replace(last, flags=last.flags | SentenceFlag.INTRODUCES)
    return marked


def _spans(document: Document, block: Block) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of a block; what is none of its text ends none."""
    if not block.gaps:
        yield from sentences.split(document.text, block.start, block.end, document.language)
        return
    shadow, position = [], block.start
    for start, end in block.gaps:
        shadow += [document.text[position:start], " " * (end - start)]
        position = end
    shown = "".join([*shadow, document.text[position : block.end]])
    for start, end in sentences.split(shown, 0, len(shown), document.language):
        yield block.start + start, block.start + end


def _reading(document: Document, block: Block, start: int, end: int) -> str:
    """What a sentence that a page break tears is read as: its parts; "" for a whole one."""
    inside = [(left, right) for left, right in block.gaps if start < left and right < end]
    if not inside:
        return ""
    places = [start, *(place for gap in inside for place in gap), end]
    parts = zip(places[::2], places[1::2], strict=True)
    return PART_BREAK.join(document.text[left:right] for left, right in parts)


def _row(document: Document, block: Block, after: Block | None) -> list[Sentence]:
    """A row of a table is one sentence, whole, and is read with what its table says of its cells:
    "Netherlands: rank 2022: 5; rank 2024: 4"."""
    flags = SentenceFlag.ROW | SentenceFlag.OPENS_BLOCK
    shown = [" ".join(document.text[start:end].split()) for start, end in block.cells]
    if after is not None and not any(block.heads) and set(after.heads) & set(shown) - {""}:
        flags |= SentenceFlag.HEADS
    heads = [*block.heads, *[""] * (len(shown) - len(block.heads))]
    named = [
        f"{head}: {cell}" if head else cell
        for head, cell in zip(heads, shown, strict=False)
        if cell
    ]
    # The first cell says what the row is of; its head ("Country") says little.
    if shown and shown[0]:
        named[0] = shown[0]
    reading = "; ".join(named) if any(heads) else ""
    if reading and block.caption:
        reading = f"{block.caption}. {reading}"
    return [Sentence(block.start, block.end, flags, reading)]
