"""The masthead of a United Nations document: what stands over its text on the first page, and says
what the document is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from pathlib import PurePosixPath

from index.domains import un_identifiers
from index.records import Block, BlockKind, Metadata

_FIRST_CHARACTERS = 4000
_SYMBOL = re.compile(r"(?<![\w/])[A-Z]{1,5}[A-Za-z.]*[\d.]*/\S*\d\S*(?: ?\((?:19|20)\d\d\))?")
_DATE = re.compile(
    r"\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|"
    r"December) (?:19|20)\d\d"
)
_DISTRIBUTION = re.compile(r"Distr?\.?: ?\w*|Dist\.\s*\w*", re.I)
_SESSION = re.compile(
    r"(?:(?:Annual|First|Second|Third|Substantive|[\w-]+)(?: regular)?(?: emergency)?(?: special)? "
    r"session(?: (?:of )?(?:19|20)\d\d)?)(?: [\w-]+ year)?",
    re.I,
)
_BODIES = (
    *("General Assembly", "Security Council", "Economic and Social Council", "Secretariat"),
    *("Human Rights Council", "Human Rights Committee", "Trade and Development Board"),
    *("Joint Inspection Unit", "Trusteeship Council", "Disarmament Commission"),
)
_BOARD = re.compile(r"Executive Board of the [\w\s,]+?(?=\s*(?:Distr|$))")
_FURNITURE = re.compile(
    r"""(?xi)^(?:
      united\ nations | unitednations | (?:dist\w*\.?:?) .* | original:? .* | english(?:\ only)?
    | for\ (?:decision|information|discussion)
    | agenda\ items? .* | (?:provisional\ )?item\ \d+ .* | [\w-]+\ year
    | (?:[\w\ ]+,\ )?\d{1,2}(?:\ \w+)?\s?(?:[-–]|to)\s?\d{1,2}\ \w+(?:\ (?:19|20)\d\d)?
      (?:,\ [\w\ ]+)?
    | official\ records .* | supplement\ no .* | advance\ .* | \(item\ .*\) | \*+ .* | addendum
    | (?!report\b|summary\b|letter\b).{0,40}\bsession\b .{0,60}
    )$"""
)
_AUTHOR = re.compile(
    r"(?:Report|Note|Progress report|Memorandum|Prepared) (?:of|by|prepared by|submitted by)\b|"
    r"(?:Rapporteur|Adopted by|Resolution adopted|\[)",
)
_JOB = re.compile(r"(?:\d\d-\d{5}|GE\.\d\d-\d+|\*\d+\*).*")
_OPENS_TEXT = re.compile(
    r"(?i:contents|table of contents)\b|"
    r"(?i:summary|executive summary|introduction|note|context)\b\W*$|"
    r"(?:The )?(?:Security Council|General Assembly|(?:Economic and Social|Human Rights) Council),$"
)
_NUMBERED = re.compile(
    r"\d{1,2}/\d{1,3}\. \w|(?:(?:Identical )?[Ll]etters?|Notes? verbales?) dated "
)
"""What is a title by its form."""
_SESSION_NUMBER = re.compile(r"\d{1,2}/\d{1,3}\.")
_UNFINISHED = re.compile(r"\b(?:of|and|the|for|to|in|on)$", re.I)
_BY = re.compile(r"(?<=\S)\s+(?:Report|Note) (?:of|by) the [A-Z].*")
_WHOLE = 3
"""A title of fewer words is not one without its author: "Annual Report of the Director"."""
_OF = re.compile(r"(?:Report|Note) (?:of|by) the [A-Z]")
_LONGEST = 300
_TITLE_BLOCKS = 24
_NO_HEADING = 9


def read(text: str, blocks: Sequence[Block], source: str) -> Metadata:
    """What the masthead of a document says, and of its symbol what its running heads or the name of
    its file ``source`` say where the masthead is a picture. Nothing where there is no masthead."""
    head = text[:_FIRST_CHARACTERS]
    symbol = _symbol(text, blocks, source)
    distributed = _DISTRIBUTION.search(head) is not None
    if not symbol and not distributed:
        return Metadata()
    date = _DATE.search(head, (found.end() if (found := _DISTRIBUTION.search(head)) else 0))
    session = next((one for one in _lines(text, blocks) if _SESSION.fullmatch(one)), "")
    return Metadata(
        title=_title(text, blocks),
        symbol=symbol,
        date=date.group() if date else "",
        body=_body(head),
        session=session,
    )


def _lines(text: str, blocks: Sequence[Block]) -> Iterator[str]:
    """The blocks at the top of a document, each on one line."""
    for block in blocks:
        if block.start > _FIRST_CHARACTERS:
            return
        yield " ".join(text[block.start : block.end].split())


def _symbol(text: str, blocks: Sequence[Block], source: str) -> str:
    """In the masthead, else the commonest in the furniture of the pages, else in the name of the
    file, where publishers write "S_2025_107"."""
    issued = _DISTRIBUTION.search(text[:_FIRST_CHARACTERS]) is not None
    for line in islice(_lines(text, blocks), _TITLE_BLOCKS):
        within = _is_masthead(line.replace(" | ", " "))
        if not (within or issued):
            break  # a text that begins with its own words has no masthead
        found = _SYMBOL.search(line) if within else None
        if found and un_identifiers.find(found.group()):
            return found.group()
    running = Counter(
        match.group()
        for block in blocks
        if block.kind is BlockKind.CHROME
        for match in _SYMBOL.finditer(text, block.start, block.end)
        if un_identifiers.find(match.group())
    )
    if running:
        return running.most_common(1)[0][0]
    named = re.sub(r"\.[a-z]{2}$", "", PurePosixPath(source).stem).replace("_", "/")
    return named if _SYMBOL.fullmatch(named) and un_identifiers.find(named) else ""


def _body(head: str) -> str:
    board = _BOARD.search(head)
    if board:
        return " ".join(board.group().split())
    found = [
        (head.find(written), one)
        for one in _BODIES
        for written in (one, one.upper())
        if written in head
    ]
    return min(found)[1] if found else ""


def _title(text: str, blocks: Sequence[Block]) -> str:
    """What stands after the masthead, right over the author, or else last in the foremost headings;
    on a cover, what stands between the parts of the masthead."""
    top = [*_top(text, blocks)]
    marks = [number for number, (line, _) in enumerate(top) if _is_masthead(line)]
    if _DISTRIBUTION.search(text[:_FIRST_CHARACTERS]) is None:
        return _on_cover([line for line, _ in top], marks)
    after = _joined(top[marks[-1] + 1 :] if marks else top)
    numbered = next((line for line, _ in after if _NUMBERED.match(line)), "")
    authors = [number for number, (line, _) in enumerate(after) if _OF.match(line)]
    named = [one for one in after if not _AUTHOR.match(one[0])]
    if numbered or not named:
        return _tidy(numbered or "".join(line for line, _ in after[:1]))
    if authors and authors[0] > 0:
        return _tidy(after[authors[0] - 1][0])
    run = [*takewhile(lambda one: one[1] < _NO_HEADING, named)] or named
    foremost = min(level for _, level in run)
    return _tidy([line for line, level in run if level == foremost][-1])


def _on_cover(lines: Sequence[str], marks: Sequence[int]) -> str:
    """What a document is of, and what it is."""
    first = next((n for n in range(len(lines)) if n not in marks), len(lines))
    last = next((n for n in range(first, len(lines)) if n in marks), len(lines))
    parts = lines[first:last][:2]
    return " — ".join(_tidy(one) for n, one in enumerate(parts) if not n or not _OF.match(one))


def _joined(lines: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Lines with those that they go on in: "78/323." and what it is about, a title of two lines."""
    found: list[tuple[str, int]] = []
    for line, level in lines:
        if found and (_SESSION_NUMBER.fullmatch(found[-1][0]) or _UNFINISHED.search(found[-1][0])):
            found[-1] = f"{found[-1][0]} {line}", min(level, found[-1][1])
        else:
            found.append((line, level))
    return found


def _top(text: str, blocks: Sequence[Block]) -> Iterator[tuple[str, int]]:
    """The lines over a document's text, each with its level (those of no heading last)."""
    read = 0
    for block in blocks:
        line = " ".join(text[block.start : block.end].replace(" | ", " ").split())
        if block.kind in {BlockKind.CHROME, BlockKind.FOOTNOTE}:
            if _OPENS_TEXT.match(line):
                return
            continue
        read += 1
        if read > _TITLE_BLOCKS:
            return
        counted = block.kind in {BlockKind.PARAGRAPH, BlockKind.ITEM} and block.mark
        if counted or _OPENS_TEXT.match(line) or len(line) > _LONGEST:
            return
        if any(map(str.isalnum, line)) and not _JOB.match(line):
            heads = block.kind in {BlockKind.HEADING, BlockKind.CAPTION}
            yield line, block.level if heads else _NO_HEADING


def _tidy(line: str) -> str:
    """A title without the marks of notes, and without its author."""
    short = _BY.sub("", line)
    return (
        (short if len(short.split()) >= _WHOLE else line)[:_LONGEST].rstrip(" ,*¹²³⁰⁴⁵⁶⁷⁸⁹").strip()
    )


def _is_masthead(line: str) -> bool:
    plain = line.strip(" *")
    if _FURNITURE.match(plain) or _DATE.fullmatch(plain) or _SYMBOL.fullmatch(plain):
        return True
    left = plain
    for one in ("United Nations", *_BODIES):
        left = left.replace(one, "")
    left = _SYMBOL.sub("", _DATE.sub("", _DISTRIBUTION.sub("", left)))
    return not left.strip(" ,;-–:") or _BOARD.fullmatch(plain) is not None
