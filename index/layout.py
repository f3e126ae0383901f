"""Marks the blocks of a text: headings, list items, paragraphs and page furniture.

Plain text has no markup, so its layout is read off the lines as a person would: whether
lines are wrapped, which stand alone, which open with a list mark. Markdown is read by
markdown-it, whose tokens carry line numbers. Either way a block is a span of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt

from index import identifiers
from index.records import Block, BlockKind

_LINE = re.compile(r"[^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]+")
_LIST_MARK = re.compile(
    r"(?:[-*•‣▪◦·–—]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})\)|\d{1,3}\.|[a-zA-Z]\.)[ \t\xa0]+(?=\S)"
)
_SENTENCE_END = re.compile(r"[.?!;:,…][\"'”’»)\]*_]*[⁰¹²³⁴-⁹\d]{0,4}$")
_CHROME = re.compile(
    r"""(?xi)^(?:
      please\ (?:view|rotate|enable|turn|log|sign)\b .{0,120}
    | (?:click|tap)\ here\b .{0,200}
    | welcome\ to\b .{0,120}
    | (?:photo|image|picture|photograph)s?\ ?(?:©|\(c\)|credit|by\b|courtesy|:) .{0,120}
    | (?:©|\(c\)\ (?=\d{4})|copyright\b) .{0,120}
    | all\ rights\ reserved\b .{0,120}
    | (?:skip|back|jump)\ to\b .{0,40}
    | (?:share|print|e?mail|tweet)\ (?:this|on|via|to)\b .{0,60}
    | (?:home|menu|search|next|previous|read\ more|see\ (?:more|all)|subscribe)[ .»>|]*
    | (?:we|this\ (?:web)?site)\ uses?\ cookies\b .{0,200}
    )$"""
)
_PAGE_NUMBER = re.compile(r"^(?:page\s+)?[-–]?\s*\d{1,4}\s*[-–]?(?:\s*(?:of|/)\s*\d{1,4})?$", re.I)
_OPENING_CLAUSE = re.compile(r"(?:[A-Z][a-z]+ly |[A-Z][a-z]+ )?[A-Z]?[a-z]+(?:ing|ed)\b")
"""How the clauses of a resolution begin ("Recalling", "Deeply concerned"), each a paragraph."""

_MAX_HEADING = 180
_MIN_CARRY = 60
"""A paragraph of at least this length that stops without a mark goes on after a blank line."""


def text_blocks(text: str) -> list[Block]:
    """Blocks of a plain text, in order and disjoint; blanks alone lie between them."""
    lines = _lines(text)
    wrapped = _is_wrapped(lines)
    groups = _join_wrapped(lines) if wrapped else [[line] for line in lines]
    blocks = [_classify(text, group, wrapped) for group in groups]
    return _settle_headings(text, _join_carried(text, blocks))


def markdown_blocks(text: str) -> list[Block]:
    """Blocks of a Markdown text. The spans leave out the marks of headings and lists."""
    starts = [0]
    for match in re.finditer(r"\r\n|\r|\n", text):
        starts.append(match.end())
    starts.append(len(text))
    # markdown-it reads \r\n and \r as \n and NUL as U+FFFD; neither moves a line number.
    blocks: list[Block] = []
    depth = 0
    for token in MarkdownIt("commonmark").parse(text):
        depth += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        if token.map is None or token.type not in _MARKDOWN_LEAVES:
            continue
        first, last = (min(number, len(starts) - 1) for number in token.map)
        start, end = starts[first], starts[last]
        kind, level = BlockKind.PARAGRAPH, 1
        if token.type == "heading_open":
            kind, level = BlockKind.HEADING, int(token.tag[1:])
        elif depth:
            kind = BlockKind.ITEM
        block = _trim_markdown(text, Block(kind, start, end, level))
        if block is not None:
            blocks.append(block)
    return _settle_headings(text, [_with_chrome(text, block) for block in blocks])


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
        raw = match.group()
        stripped = raw.strip(" \t\xa0\ufeff\u200b\u3000")
        stripped = stripped.strip()
        if stripped:
            start = match.start() + raw.index(stripped)
            spans.append((start, start + len(stripped), stripped))
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
    if len(followed) < 3:
        return False
    lengths = sorted(len(line.text) for line in lines)
    return lengths[int(0.95 * (len(lengths) - 1))] <= 120 and any(
        line.text[-1].isalnum() or line.text[-1] in ",-" for line in followed
    )


def _join_wrapped(lines: list[_TextLine]) -> list[list[_TextLine]]:
    """Groups the lines of a column into paragraphs."""
    widths = sorted(len(line.text) for line in lines)
    width = widths[int(0.9 * (len(widths) - 1))]
    groups: list[list[_TextLine]] = []
    for line in lines:
        if groups and not _opens_paragraph(groups[-1], line, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _opens_paragraph(group: list[_TextLine], line: _TextLine, width: int) -> bool:
    last = group[-1]
    if line.blank_before or _is_furniture(line.text) or _is_furniture(last.text):
        return True
    starts_upper = not line.text[0].islower()
    if _is_title_of_identifier(line.text) or (_is_title_of_identifier(last.text) and starts_upper):
        return True
    ended = _SENTENCE_END.search(last.text) is not None
    if ended and _LIST_MARK.match(line.text):
        return True
    if len(last.text) < 0.6 * width and starts_upper:
        return True
    return ended and last.text[-1] in ",;:" and _OPENING_CLAUSE.match(line.text) is not None


def _is_furniture(line: str) -> bool:
    """A page number or a document symbol alone on its line: what a page repeats."""
    if _PAGE_NUMBER.match(line) or _CHROME.match(line):
        return True
    found = identifiers.find(line)
    return len(found) == 1 and "/" in line and found[0].end - found[0].start == len(line)


def _is_title_of_identifier(line: str) -> bool:
    """Such as "Resolution 1373 (2001)": an identifier alone, spelled out."""
    if len(line) > 60 or not line[0].isupper() or "/" in line:
        return False
    found = identifiers.find(line)
    if len(found) != 1 or found[0].year is None:
        return False
    rest = line[: found[0].start] + line[found[0].end :]
    return rest.lower().strip(" .*") in {"", "resolution", "security council resolution"}


def _classify(text: str, group: list[_TextLine], wrapped: bool) -> Block:
    start, end = group[0].start, group[-1].end
    content = text[start:end]
    if _is_furniture(content):
        return Block(BlockKind.CHROME, start, end)
    mark = _LIST_MARK.match(content)
    if mark:
        return Block(BlockKind.ITEM, start + mark.end(), end)
    alone = group[0].blank_before and group[-1].blank_after
    markup = re.match(r"(#{1,6})\s+(?=\S)", content)
    if markup:
        return Block(BlockKind.HEADING, start + markup.end(), end, len(markup.group(1)))
    if _reads_as_heading(content, alone or not wrapped, lines=len(group)):
        return Block(BlockKind.HEADING, start, end)
    return Block(BlockKind.PARAGRAPH, start, end)


def _reads_as_heading(content: str, alone: bool, lines: int) -> bool:
    if len(content) > _MAX_HEADING or lines > 2 or not any(map(str.isalpha, content)):
        return False
    if _is_title_of_identifier(content.splitlines()[0]):
        return True
    label = content.endswith(":") and len(content.split()) <= 6
    if not label and _SENTENCE_END.search(content.rstrip("*_ ")):
        return False
    if not alone or content[0].islower() or "://" in content or " " not in content.rstrip(":"):
        return label and alone and content[0].isupper()
    words = re.findall(r"[^\W\d_]{4,}", content)
    capital = sum(word[0].isupper() for word in words)
    return label or not words or capital >= 0.6 * len(words)


def _join_carried(text: str, blocks: list[Block]) -> list[Block]:
    """Joins a paragraph that stops in mid-sentence with the one that carries it on.

    Page breaks and careless copies tear sentences: a long paragraph without a closing mark,
    followed by one that starts in lower case (or, after a letter, by any long paragraph).
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
    head, tail = text[body.start : body.end], text[following.start : following.end]
    if len(head) < _MIN_CARRY or not (head[-1] in ",-" or head[-1].isalnum()):
        return False
    torn = body.kind is BlockKind.PARAGRAPH and head[-1].islower() and len(tail) >= _MIN_CARRY
    return tail[0].islower() or torn


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


def _with_chrome(text: str, block: Block) -> Block:
    chrome = _CHROME.match(text[block.start : block.end])
    return replace(block, kind=BlockKind.CHROME) if chrome else block


def _trim_markdown(text: str, block: Block) -> Block | None:
    """Takes marks (``#``, ``-``, ``1.``, ``>``, underlines) and blanks off both ends."""
    content = text[block.start : block.end]
    lead = re.match(r"(?:[\s\ufeff>]|#{1,6}[ \t]|[-*+][ \t]|\d{1,9}[.)][ \t])*", content)
    start = block.start + (lead.end() if lead else 0)
    end = block.end
    if block.kind is BlockKind.HEADING:
        tail = re.search(r"(?:[ \t]+#+|[\r\n]+[ \t]*(?:=+|-+))?\s*$", text[start:end])
        end = start + tail.start() if tail else end
    while end > start and text[end - 1].isspace():
        end -= 1
    return replace(block, start=start, end=end) if end > start else None


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
