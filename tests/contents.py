"""Files as loaders read them, for tests of loaders."""

from __future__ import annotations

from index import language
from index.conventions import Conventions
from index.domains import PLAIN
from index.loading import Content, loader_of
from index.records import Block, BlockKind


def read(data: bytes, suffix: str) -> Content:
    """The content of a file, of which all that holds for every content is asserted."""
    loader = loader_of(data, suffix)
    content = loader.load(data, conventions)
    check(content)
    return content


def conventions(_text: str) -> Conventions:
    """What is known of every text of these tests."""
    return Conventions(language.of("en"), PLAIN)


def check(content: Content) -> None:
    """Assert that blocks, cells and pages are places in the text, in order and disjoint."""
    end = 0
    for block in content.blocks:
        assert end <= block.start < block.end <= len(content.text)
        said = content.text[block.start : block.end]
        assert said == said.strip()
        if block.mark:
            assert content.text[: block.start].endswith(f"{block.mark} ")
        assert block.kind is BlockKind.ROW or not (block.cells or block.heads or block.caption)
        if block.heads:
            assert len(block.heads) == len(block.cells)
        place = block.start
        for first, last in block.cells:
            assert place <= first < last <= block.end
            place = last
        end = block.end
    end = 0
    for page in content.pages:
        assert end <= page.start <= page.end <= len(content.text)
        assert page.width > 0
        assert page.height > 0
        end = page.end


def said(content: Content, kind: BlockKind | None = None) -> list[str]:
    """Each block with its mark, of one kind or of all but furniture."""
    return [
        f"{block.mark} {words(content, block)}".strip()
        for block in content.blocks
        if (block.kind is kind if kind else block.kind is not BlockKind.CHROME)
    ]


def words(content: Content, block: Block) -> str:
    """What a block says."""
    return content.text[block.start : block.end]


def table(content: Content) -> list[dict[str, str]]:
    """The rows that have heads, as cells by head."""
    return [
        {
            head: content.text[slice(*cell)]
            for head, cell in zip(block.heads, block.cells, strict=True)
        }
        for block in content.blocks
        if block.heads
    ]


def outline(content: Content) -> list[tuple[int, str]]:
    """The headings with their levels."""
    return [
        (block.level, words(content, block))
        for block in content.blocks
        if block.kind is BlockKind.HEADING
    ]
