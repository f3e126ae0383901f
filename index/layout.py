"""Marks the blocks of a text: headings, list items, paragraphs and page furniture.

Plain text has no markup, so its layout is read off the lines as a person would: whether
lines are wrapped, which stand alone, which open with a list mark. Markdown is read by
markdown-it, whose tokens carry line numbers. Either way a block is a span of the text.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index import front_matter, sentences
from index.conventions import Conventions
from index.records import Block, BlockKind

_LINE = re.compile(r"[^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]+")
_LIST_MARK = re.compile(
    r"(?P<mark>[-*•‣▪◦·–—]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})\)|\d{1,3}\.|[a-zA-Z]\.)"
    r"[ \t\xa0]+(?=\S)"
)
_MARKUP = re.compile(r"(?P<marks>#{1,6})[ \t]+(?=\S)")
_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split()
_SENTENCE_END = re.compile(r"[.?!;:,…][\"'”’»)\]*_]*[⁰¹²³⁴-⁹\d]{0,4}$")
_INNER_END = re.compile(r"[.?!][\"'”’)\]]*\s")
_MAX_HEADING = 180
_MIN_CARRY = 60
"""A paragraph of at least this length that stops without a mark goes on after a blank line."""


def text_blocks(text: str, known: Conventions) -> list[Block]:
    """Blocks of a plain text, in order and disjoint; blanks and list marks alone lie between."""
    lines = _lines(text)
    wrapped = _is_wrapped(lines)
    groups = _join_wrapped(lines, known) if wrapped else [[line] for line in lines]
    counts = Counter(line.text for line in lines)
    blocks = [
        _classify(text, group, known, wrapped, repeated=counts[group[0].text] > 1)
        for group in groups
    ]
    return _settle_headings(text, _settle_words(text, _join_carried(text, blocks)))


def markdown_blocks(text: str, known: Conventions) -> list[Block]:
    """Blocks of a Markdown text. The spans leave out the marks of headings, lists and code."""
    starts = [0]
    for match in re.finditer(r"\r\n|\r|\n", text):
        starts.append(match.end())
    starts.append(len(text))
    # markdown-it reads \r\n and \r as \n and NUL as U+FFFD; neither moves a line number.
    front = front_matter.span(text)
    blocks = [Block(BlockKind.CHROME, *front)] if front else []
    items = quotes = marks = 0
    for token in MarkdownIt("commonmark").parse(text.removeprefix("\ufeff")):
        opened = token.nesting if token.type.startswith("list_item") else 0
        items += opened
        marks = max(0, marks + opened)
        quotes += token.nesting if token.type.startswith("blockquote") else 0
        if token.map is None or token.type not in _MARKDOWN_LEAVES:
            continue
        first, last = (min(number, len(starts) - 1) for number in token.map)
        if front and starts[first] < front[1]:
            continue
        span = _trim_markdown(text, token, starts[first : last + 1], marks, quotes > 0)
        marks = 0
        if span is not None:
            kind, level = BlockKind.ITEM if items else BlockKind.PARAGRAPH, 1
            if token.type == "heading_open":
                kind, level = BlockKind.HEADING, int(token.tag[1:])
            elif known.is_furniture(text[slice(*span)]) or _is_markup(token):
                kind = BlockKind.CHROME
            blocks.append(Block(kind, *span, level))
    return _settle_headings(text, _with_notes(text, blocks))


def _with_notes(text: str, blocks: list[Block]) -> list[Block]:
    """``blocks`` with the footnotes that CommonMark takes for the targets of links, and drops."""
    taken = [0, *(place for one in blocks for place in (one.start, one.end))]
    notes = [
        Block(BlockKind.PARAGRAPH, *match.span("note"))
        for match in _FOOTNOTE.finditer(text)
        # Outside of every block: an even number of block edges lie before it.
        if bisect(taken, match.start("note")) % 2
    ]
    return sorted([*blocks, *notes], key=lambda one: one.start) if notes else blocks


_FOOTNOTE = re.compile(
    r"^ {0,3}\[\^[^\]\s]{1,40}\]:[ \t]*(?P<note>\S[^\r\n]*?)[ \t]*$", re.MULTILINE
)
_MARKDOWN_LEAVES = frozenset(
    {"heading_open", "paragraph_open", "fence", "code_block", "html_block"}
)


@dataclass(frozen=True, slots=True)
class _TextLine:
    start: int
    end: int
    text: str
    """Without the blanks around it."""
    blank_before: bool
    blank_after: bool


def _lines(text: str) -> list[_TextLine]:
    """The lines that hold something, stripped; a byte order mark counts as a blank."""
    spans: list[tuple[int, int, str]] = []
    for match in _LINE.finditer(text):
        span = sentences.strip(text, match.start(), match.end())
        if span is not None:
            spans.append((*span, text[slice(*span)]))
    lines = []
    for number, (start, end, content) in enumerate(spans):
        before = text[spans[number - 1][1] if number else 0 : start]
        after = text[end : spans[number + 1][0] if number + 1 < len(spans) else len(text)]
        lines.append(
            _TextLine(
                start,
                end,
                content,
                blank_before=number == 0 or _breaks(before) > 1,
                blank_after=number + 1 == len(spans) or _breaks(after) > 1,
            )
        )
    return lines


def _breaks(gap: str) -> int:
    return len(re.findall(r"\r\n|[\n\r\f\v\x1c-\x1e\x85\u2028\u2029]", gap))


def _is_wrapped(lines: list[_TextLine]) -> bool:
    """Whether line ends are those of a column and not of paragraphs."""
    followed = [line for line in lines if not line.blank_after]
    broken = any(_breaks_word(one, two) for one, two in pairwise(lines))
    if len(followed) < 3 and not broken:
        return False
    lengths = sorted(len(line.text) for line in lines)
    return lengths[int(0.95 * (len(lengths) - 1))] <= 120 and any(
        line.text[-1].isalnum() or line.text[-1] in ",-" for line in followed
    )


def _join_wrapped(lines: list[_TextLine], known: Conventions) -> list[list[_TextLine]]:
    """Groups the lines of a column into paragraphs."""
    widths = sorted(len(line.text) for line in lines)
    width = widths[int(0.9 * (len(widths) - 1))]
    groups: list[list[_TextLine]] = []
    for line in lines:
        broken = bool(groups) and _breaks_word(groups[-1][-1], line)
        if broken or (groups and not _opens_paragraph(groups[-1], line, width, known)):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _breaks_word(line: _TextLine, following: _TextLine) -> bool:
    """Whether a word goes on from one line to the next, after a hyphen."""
    ends = len(line.text) > 1 and line.text[-1] in "-\u2010" and line.text[-2].isalpha()
    return ends and not following.blank_before and following.text[0].islower()


def _opens_paragraph(
    group: list[_TextLine], line: _TextLine, width: int, known: Conventions
) -> bool:
    last = group[-1]
    if line.blank_before or any(
        _is_furniture(one, known) or _MARKUP.match(one.text) for one in (last, line)
    ):
        return True
    starts_upper = not line.text[0].islower()
    if known.is_title(line.text) or (known.is_title(last.text) and starts_upper):
        return True
    ended = _SENTENCE_END.search(last.text) is not None
    if _LIST_MARK.match(line.text) and (
        ended or _had_room(last, line, width) or _next_item(group[0].text, line.text, known)
    ):
        return True
    heading, shouted = all(_is_shouted(one.text) for one in group), _is_shouted(line.text)
    if (shouted and ended and not heading) or (
        heading and not shouted and group[0].blank_before and starts_upper
    ):
        return True
    if len(last.text) < 0.6 * width and starts_upper and not known.is_unfinished(last.text):
        return True
    clause = known.opens_paragraph(line.text) and last.text.count("(") <= last.text.count(")")
    return ended and last.text[-1] in ",;:" and clause


def _had_room(last: _TextLine, line: _TextLine, width: int) -> bool:
    """Whether the first two words of ``line`` would have fitted on the line before."""
    return len(last.text) + 1 + len(" ".join(line.text.split()[:2])) <= width


def _next_item(item: str, line: str, known: Conventions) -> bool:
    """Whether ``line`` opens the list item after ``item``: the same bullet, or the next number."""
    above, here = _LIST_MARK.match(item), _LIST_MARK.match(line)
    if above is None or here is None:
        return False
    if re.sub(r"\w+", "", above["mark"]) != re.sub(r"\w+", "", here["mark"]):
        return False
    # A line may also break before a mark: "as in subparagraph / (b) above".
    reference = known.refers_back(line[here.end() :])
    former, latter = (match["mark"].strip("().").lower() for match in (above, here))
    return former == latter or (latter in _successors(former) and not reference)


def _successors(number: str) -> set[str]:
    """What may follow "3", "b" or "iv" in a list; "h" and "i" may be letters or numerals."""
    if number.isdecimal():
        return {str(int(number) + 1)}
    letter = {chr(ord(number) + 1)} if len(number) == 1 else set()
    return letter | {after for one, after in pairwise(_ROMAN) if one == number}


def _is_shouted(line: str) -> bool:
    """Whether a line is all in capitals, and more than a few abbreviations."""
    return line.isupper() and len(re.findall(r"[^\W\d_]{4,}", line)) > 1 and line[-1] != ","


def _is_furniture(line: _TextLine, known: Conventions) -> bool:
    """Whether a line of a column is what a page repeats: its number, or a document symbol.

    Navigation must stand alone: a line in mid-paragraph may well start with "Welcome to".
    """
    alone = line.blank_before and line.blank_after
    return known.is_page_mark(line.text) or (alone and known.is_furniture(line.text))


def _classify(
    text: str, group: list[_TextLine], known: Conventions, wrapped: bool, repeated: bool
) -> Block:
    start, end = group[0].start, group[-1].end
    content = text[start:end]
    alone = not wrapped or (group[0].blank_before and group[-1].blank_after)
    # A symbol on a line of its own may be what the text says, unless pages repeat it.
    page_mark = known.is_page_mark(content) and (wrapped or repeated or not known.is_mark(content))
    if page_mark or (alone and known.is_furniture(content)):
        return Block(BlockKind.CHROME, start, end)
    mark = _LIST_MARK.match(content)
    if mark:
        return Block(BlockKind.ITEM, start + mark.end(), end, mark=mark["mark"])
    markup = _MARKUP.match(content)
    if markup:
        return Block(BlockKind.HEADING, start + markup.end(), end, len(markup["marks"]))
    if _reads_as_heading(content, known, alone or _is_shouted(content), lines=len(group)):
        return Block(BlockKind.HEADING, start, end)
    return Block(BlockKind.PARAGRAPH, start, end)


def _reads_as_heading(content: str, known: Conventions, alone: bool, lines: int) -> bool:
    if len(content) > _MAX_HEADING or lines > 2 or not any(map(str.isalpha, content)):
        return False
    if known.is_title(content.splitlines()[0]):
        return True
    label = content.endswith(":") and len(content.split()) <= 6
    if not label and _SENTENCE_END.search(content.rstrip("*_ ")):
        return False
    if not alone or content[0].islower() or "://" in content:
        return False
    if len(content.split()) == 1:
        return content[0].isupper() and (label or (content.isalpha() and len(content) > 3))
    words = re.findall(r"[^\W\d_]{4,}", content)
    capital = sum(word[0].isupper() for word in words)
    return label or (capital >= 0.6 * len(words) if words else content[0].isupper())


def _join_carried(text: str, blocks: list[Block]) -> list[Block]:
    """Joins a paragraph that stops in mid-sentence with the one that carries it on.

    Page breaks and careless copies tear sentences: a long paragraph without a closing mark,
    followed by one that starts in lower case, or by a whole paragraph where the first one
    holds sentences already and so is no heading.
    """
    joined: list[Block] = []
    pending: list[Block] = []  # furniture between the two halves
    for block in blocks:
        if block.kind is BlockKind.CHROME:
            pending.append(block)
        elif joined and _carries_on(text, joined[-1], block):
            joined[-1] = replace(joined[-1], end=block.end)
            pending.clear()
        else:
            joined += pending
            pending.clear()
            joined.append(block)
    return joined + pending


def _carries_on(text: str, body: Block, following: Block) -> bool:
    if body.kind is BlockKind.HEADING or following.kind is not BlockKind.PARAGRAPH:
        return False
    last = text[body.end - 1]
    if body.end - body.start < _MIN_CARRY or not (last in ",-" or last.isalnum()):
        return False
    if text[following.start].islower():
        return True
    whole = _SENTENCE_END.search(text, max(following.start, following.end - 40), following.end)
    long = following.end - following.start >= _MIN_CARRY
    if body.kind is BlockKind.ITEM or not last.islower() or not (whole and long):
        return False
    return _INNER_END.search(text, max(body.start, body.end - 2000), body.end) is not None


def _settle_words(text: str, blocks: list[Block]) -> list[Block]:
    """Makes lines of the text of single words that head nothing: a list of names, or what
    follows a label ("Partners:")."""

    def word(number: int) -> bool:
        if not 0 <= number < len(blocks) or blocks[number].kind is not BlockKind.HEADING:
            return False
        start, end = blocks[number].start, blocks[number].end
        return text[start:end].isalpha() and "#" not in text[max(0, start - 2) : start]

    def label(number: int) -> bool:
        return (
            number >= 0
            and blocks[number].kind is BlockKind.HEADING
            and text[blocks[number].end - 1] == ":"
        )

    return [
        replace(block, kind=BlockKind.PARAGRAPH)
        if word(number) and (word(number - 1) or word(number + 1) or label(number - 1))
        else block
        for number, block in enumerate(blocks)
    ]


def _settle_headings(text: str, blocks: list[Block]) -> list[Block]:
    """Makes lines of the text of what reads as a heading but heads nothing.

    That is every heading at the end of a text, and a line under a label ("Partners:") that
    another heading follows. A label at the end is page furniture.
    """
    settled = list(blocks)
    for number in range(1, len(settled) - 1):
        above, here, below = settled[number - 1 : number + 2]
        labelled = above.kind is BlockKind.HEADING and text[above.end - 1] == ":"
        if labelled and text[here.end - 1] != ":" and here.kind is below.kind is BlockKind.HEADING:
            settled[number] = replace(here, kind=BlockKind.PARAGRAPH, level=1)
    for number in range(len(settled) - 1, -1, -1):
        kind = settled[number].kind
        if kind is BlockKind.CHROME:
            continue
        if kind is not BlockKind.HEADING:
            break
        label = text[settled[number].end - 1] == ":"
        kind = BlockKind.CHROME if label and number else BlockKind.PARAGRAPH
        settled[number] = replace(settled[number], kind=kind, level=1)
    return settled


def _trim_markdown(
    text: str, token: Token, lines: list[int], marks: int, quoted: bool
) -> tuple[int, int] | None:
    """The span of a leaf without its marks and the blanks around it; None if nothing is left.

    ``lines`` are the starts of its lines and the end of the last; ``marks`` list marks, at
    most, may stand before it on its first line, and ``>`` if it is ``quoted``.
    """
    lines = list(lines)
    if token.type == "fence":
        marks = 0
        del lines[0]
        if len(lines) > 1 and not text[lines[-2] : lines[-1]].strip(" \t\r\n>" + token.markup[0]):
            del lines[-1]
    elif token.type == "heading_open" and token.markup[0] in "=-":
        del lines[-1]
    start, end = lines[0], lines[-1]
    blank = r"[\s\ufeff\u200b>]*" if quoted else r"[\s\ufeff\u200b]*"
    hashes = r"(?:#{1,6}(?=\s|$))?" if token.markup.startswith("#") else ""
    lead = re.compile(rf"{blank}(?:(?:[-*+]|\d{{1,9}}[.)])(?=\s){blank}){{0,{marks}}}{hashes}")
    if match := lead.match(text, start, end):
        start = match.end()
    if hashes and (span := sentences.strip(text, start, end)):
        closing = re.search(r"(?:^|[ \t])#+$", text[slice(*span)])
        end = span[0] + closing.start() if closing else end
    return sentences.strip(text, start, end)


def _is_markup(token: Token) -> bool:
    """Whether HTML holds tags and comments alone."""
    if token.type != "html_block":
        return False
    content = token.content.strip()
    comment = content.startswith("<!--") and content.find("-->") == len(content) - 3
    return comment or not re.sub(r"<[^<>]*>", "", content).strip()


def sections(text: str, blocks: tuple[Block, ...]) -> Iterator[tuple[Block, tuple[str, ...]]]:
    """Each block that is text, with the headings above it, outermost first.

    Headings that follow one another directly are read as one above the other, which is how
    plain text shows a title over a subtitle.
    """
    stack: list[tuple[int, str]] = []
    after_heading = False
    for block in blocks:
        if block.kind is BlockKind.CHROME:
            continue
        if block.kind is BlockKind.HEADING:
            if not after_heading or block.level > 1:
                stack = [entry for entry in stack if entry[0] < block.level]
            stack.append((block.level, " ".join(text[block.start : block.end].split())))
            after_heading = True
        else:
            after_heading = False
            yield block, tuple(title for _, title in stack)
