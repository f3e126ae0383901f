"""The masthead of a United Nations document: what stands over its text on the first page, and says
what the document is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
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
    | \d\d-\d{5}\S* .* | \*\d+\* | GE\.\d\d-\d+ .* | for\ (?:decision|information|discussion)
    | agenda\ items? .* | (?:provisional\ )?item\ \d+ .* | [\w-]+\ year
    | (?:[\w\ ]+,\ )?\d{1,2}(?:\ \w+)?\s?(?:[-–]|to)\s?\d{1,2}\ \w+(?:\ (?:19|20)\d\d)?
      (?:,\ [\w\ ]+)?
    | official\ records .* | supplement\ no .* | advance\ .* | \(item\ .*\) | \*+ .* | addendum
    | .{0,40}\bsession\b .{0,60}
    )$"""
)
_AUTHOR = re.compile(
    r"(?:Report|Note|Progress report|Memorandum|Prepared) (?:of|by|prepared by|submitted by)\b|"
    r"(?:Rapporteur|Summary|Contents|Executive summary|Adopted by|Resolution adopted|"
    r"The (?:Security Council|General Assembly|Economic and Social Council),)",
)
_LONGEST = 300
_TITLE_BLOCKS = 12


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
    head = text[: _FIRST_CHARACTERS // 4]
    for match in _SYMBOL.finditer(head):
        if un_identifiers.find(match.group()):
            return match.group().rstrip(".,;:*)") if "(" not in match.group() else match.group()
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
    found = [(head.find(one), one) for one in _BODIES if one in head]
    return min(found)[1] if found else ""


def _title(text: str, blocks: Sequence[Block]) -> str:
    """The heading in the largest type that is not a part of the masthead itself, else the first
    line that is not."""
    candidates: list[Block] = []
    for block in [one for one in blocks if one.kind is not BlockKind.CHROME][:_TITLE_BLOCKS]:
        line = " ".join(text[block.start : block.end].split())
        if _is_masthead(line):
            continue
        if candidates and (_AUTHOR.match(line) or block.kind is not BlockKind.HEADING):
            break
        if not _AUTHOR.match(line) and len(line) <= _LONGEST:
            candidates.append(block)
    if not candidates:
        return ""
    level = (
        min(one.level for one in candidates if one.kind is BlockKind.HEADING)
        if any(one.kind is BlockKind.HEADING for one in candidates)
        else 1
    )
    chosen = [one for one in candidates if one.level == level]
    return " ".join(" ".join(text[one.start : one.end].split()) for one in chosen[-1:])


def _is_masthead(line: str) -> bool:
    plain = line.strip(" *")
    if _FURNITURE.match(plain) or _DATE.fullmatch(plain) or _SYMBOL.fullmatch(plain):
        return True
    left = plain
    for one in ("United Nations", *_BODIES):
        left = left.replace(one, "")
    left = _SYMBOL.sub("", _DATE.sub("", _DISTRIBUTION.sub("", left)))
    return not left.strip(" ,;-–:") or _BOARD.fullmatch(plain) is not None
