"""Files of every kind: what is read, what is skipped by name, and in which words."""

from __future__ import annotations

import codecs
import errno
import hashlib
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from index import generation, identity, loaders, metadata, sources
from index.build import Report
from index.domains import PLAIN
from index.errors import IndexingError, NothingToIndex, UnreadableDocument
from index.records import Metadata, Skipped
from index.sources import SourceFile

TEXT = "The Council adopted a resolution."
GOOD = {"good.txt": TEXT}
Write = Callable[[Mapping[str, str | bytes]], Path]
Build = Callable[..., Report]


def names(folder: Path) -> list[str]:
    """Names of the files to read and, in brackets, of those skipped."""
    return [
        f"({one.name})" if isinstance(one, Skipped) else one.name for one in sources.find([folder])
    ]


def load(path: Path, max_bytes: int = 2**20, taken: set[str] | None = None):
    source = SourceFile(path, path.name, path.parent)
    return loaders.load(
        source, Metadata(), set() if taken is None else taken, max_bytes, lambda _: PLAIN
    )


# Finding files


def test_a_folder_is_read_through_in_the_order_of_names(documents):
    folder = documents({"b.txt": "B.", "a.md": "A.", "sub/c.markdown": "C.", "sub/D.TXT": "D."})
    assert names(folder) == ["a.md", "b.txt", "sub/D.TXT", "sub/c.markdown"]


def test_a_named_file_is_found_by_its_own_name(documents):
    folder = documents({"sub/a.txt": "A."})
    (found,) = sources.find([folder / "sub" / "a.txt"])
    assert found == SourceFile(folder / "sub" / "a.txt", "a.txt", folder / "sub")


def test_hidden_files_and_the_catalog_are_passed_over_in_silence(documents):
    folder = documents({".a.txt": "A.", ".git/b.txt": "B.", "catalog.toml": "", "c.txt": "C."})
    assert names(folder) == ["c.txt"]


def test_a_path_that_does_not_exist_stops_the_build(tmp_path):
    with pytest.raises(NothingToIndex, match=r"nowhere does not exist; name a file or a folder"):
        list(sources.find([tmp_path / "nowhere"]))


def test_names_may_have_blanks_and_letters_of_any_script(documents):
    folder = documents({"the council.txt": "A.", "совет/理事会 №1.txt": "B."})
    assert names(folder) == ["the council.txt", "совет/理事会 №1.txt"]


def test_a_name_that_is_not_utf8_is_shown_with_escapes(documents):
    folder = documents(GOOD)
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text("A.", encoding="utf-8")
    assert names(folder) == [r"caf\udce9.txt", "good.txt"]


# Files that are skipped

SKIPPED: dict[str, tuple[str, bytes, str]] = {
    "unsupported suffix": (
        "a.xyz",
        b"%XYZ-1.7",
        "is not a kind that can be read (see attest index --help)",
    ),
    "no suffix": ("README", b"Text.", "is not a kind that can be read (see attest index --help)"),
    "empty": ("a.txt", b"", "is empty"),
    "blanks": ("a.txt", b" \n\t\n", "holds no text"),
    "a byte order mark alone": ("a.txt", codecs.BOM_UTF8, "holds no text"),
    "furniture alone": ("a.txt", b"Click here to go on.\n", "holds no text"),
    "binary": ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is a binary file, not text"),
    "one zero byte": ("a.txt", b"Text.\0", "is a binary file, not text"),
    "Latin-1": (
        "a.txt",
        "café".encode("latin-1"),
        "is not valid UTF-8 (byte 3 is 0xe9); save it as UTF-8",
    ),
    "cut within a character": (
        "a.md",
        "né".encode()[:-1],
        "is not valid UTF-8 (byte 1 is 0xc3); save it as UTF-8",
    ),
    "UTF-16 with a mark": (
        "a.txt",
        TEXT.encode("utf-16"),
        "is in UTF-16 or UTF-32; save it as UTF-8",
    ),
    "UTF-16 with the other mark": (
        "a.txt",
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        "is in UTF-16 or UTF-32; save it as UTF-8",
    ),
    "UTF-16 without a mark": (
        "a.txt",
        TEXT.encode("utf-16-le"),
        "is in UTF-16 or UTF-32; save it as UTF-8",
    ),
    "big-endian UTF-16 without a mark": (
        "a.txt",
        TEXT.encode("utf-16-be"),
        "is in UTF-16 or UTF-32; save it as UTF-8",
    ),
    "UTF-32": ("a.txt", TEXT.encode("utf-32"), "is in UTF-16 or UTF-32; save it as UTF-8"),
}


@pytest.mark.parametrize(("name", "data", "reason"), SKIPPED.values(), ids=SKIPPED.keys())
def test_a_file_that_is_no_text_is_skipped_by_name_and_the_rest_is_indexed(
    index_of: Build, name: str, data: bytes, reason: str
):
    report = index_of({**GOOD, name: data})
    assert report.skipped == (Skipped(name, reason),)
    assert report.documents == 1


def test_a_line_of_fifty_megabytes_is_skipped_by_its_size(index_of: Build):
    report = index_of({**GOOD, "big.txt": b"a" * (50 * 2**20)})
    assert report.skipped == (
        Skipped("big.txt", "is 50.0 MiB, over the limit of 16 MiB (setting ATTEST_MAX_FILE_MB)"),
    )
    assert report.documents == 1


def test_a_file_of_just_the_largest_size_is_read(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"a" * 1000)
    assert len(load(path, max_bytes=1000).text) == 1000
    with pytest.raises(UnreadableDocument, match="over the limit"):
        load(path, max_bytes=999)


def test_every_skipped_file_is_reported_and_all_else_is_indexed(index_of: Build):
    files: dict[str, str | bytes] = {
        f"{number:02} {kind}{Path(name).suffix}": data
        for number, (kind, (name, data, _)) in enumerate(SKIPPED.items())
    }
    report = index_of({**files, **GOOD, "理事会 двa.md": "# Совет\n\nText."})
    assert [one.name for one in report.skipped] == sorted(files)
    assert [one.reason for one in report.skipped] == [reason for _, _, reason in SKIPPED.values()]
    assert report.documents == 2


def test_a_folder_where_nothing_can_be_read_is_an_error_that_says_why(index_of: Build):
    with pytest.raises(
        NothingToIndex, match=r"no document found.*\(a\.txt is empty; b\.xyz is not"
    ):
        index_of({"a.txt": b"", "b.xyz": b"x"})


def test_an_empty_folder_is_an_error(index_of: Build, documents: Write):
    documents({}).mkdir()
    with pytest.raises(NothingToIndex, match=r"name files \(.*\.md.*\), or a folder"):
        index_of({})


def test_the_same_text_twice_is_indexed_once(index_of: Build):
    report = index_of({"a.txt": TEXT, "b.md": TEXT})
    assert report.skipped == (Skipped("b.md", "has the same text as a.txt"),)
    assert report.documents == 1


# Links and special files


def test_a_loop_of_links_is_skipped(index_of: Build, documents: Write):
    folder = documents(GOOD)
    (folder / "one.txt").symlink_to("two.txt")
    (folder / "two.txt").symlink_to("one.txt")
    report = index_of({})
    reason = f"cannot be read ({os.strerror(errno.ELOOP).lower()})"
    assert report.skipped == (Skipped("one.txt", reason), Skipped("two.txt", reason))
    assert report.documents == 1


def test_a_link_back_to_a_folder_above_is_skipped(index_of: Build, documents: Write):
    folder = documents({**GOOD, "sub/a.txt": "A is in it."})
    (folder / "sub" / "up").symlink_to("..")
    report = index_of({})
    assert report.skipped == (Skipped("sub/up", "a link back to a folder that was already read"),)
    assert report.documents == 2


def test_a_link_to_a_file_already_read_is_skipped(index_of: Build, documents: Write):
    folder = documents(GOOD)
    (folder / "later.txt").symlink_to("good.txt")
    os.link(folder / "good.txt", folder / "other.txt")
    report = index_of({})
    reason = "a link to a file that was already read"
    assert report.skipped == (Skipped("later.txt", reason), Skipped("other.txt", reason))


def test_a_link_to_nothing_is_skipped(index_of: Build, documents: Write):
    (documents(GOOD) / "gone.txt").symlink_to("nowhere.txt")
    reason = f"cannot be read ({os.strerror(errno.ENOENT).lower()})"
    assert index_of({}).skipped == (Skipped("gone.txt", reason),)


def test_a_link_to_a_file_elsewhere_is_read(documents: Write, tmp_path: Path):
    folder = documents(GOOD)
    (tmp_path / "elsewhere.txt").write_text("It is elsewhere.", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "elsewhere.txt")
    assert names(folder) == ["good.txt", "link.txt"]


def test_a_pipe_is_skipped_without_waiting_for_it(index_of: Build, documents: Write):
    os.mkfifo(documents(GOOD) / "pipe.txt")
    assert index_of({}).skipped == (Skipped("pipe.txt", "is not a regular file"),)


# Permissions. The superuser may read everything, so that the system's answer is imitated.


def deny(monkeypatch: pytest.MonkeyPatch, owner: object, method: str, name: str) -> None:
    """Let ``owner.method`` refuse what is called ``name``."""
    allowed = getattr(owner, method)

    def refuse(path, *args, **kwargs):
        if not isinstance(path, int) and Path(path).name == name:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return allowed(path, *args, **kwargs)

    monkeypatch.setattr(owner, method, refuse)


def test_an_unreadable_file_is_skipped(monkeypatch, index_of: Build, documents: Write):
    documents({**GOOD, "secret.txt": "It is secret."})
    deny(monkeypatch, Path, "open", "secret.txt")
    report = index_of({})
    assert report.skipped == (Skipped("secret.txt", "cannot be read (permission denied)"),)
    assert report.documents == 1


def test_an_unreadable_folder_is_skipped(monkeypatch, index_of: Build):
    deny(monkeypatch, os, "scandir", "secrets")
    report = index_of({**GOOD, "secrets/a.txt": "It is secret."})
    assert report.skipped == (
        Skipped("secrets", "the folder cannot be opened (permission denied)"),
    )
    assert report.documents == 1


def test_a_file_that_may_not_even_be_looked_at_is_skipped(monkeypatch, documents: Write):
    # As in a folder that may be listed but not entered.
    folder = documents({**GOOD, "secret.txt": "It is secret."})
    deny(monkeypatch, Path, "stat", "secret.txt")
    assert names(folder) == ["good.txt", "(secret.txt)"]


# Text and its offsets


def test_a_byte_order_mark_is_the_first_character_and_offsets_hold(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(codecs.BOM_UTF8 + b"THE TITLE\r\n\r\nIt is short.\r\n")
    document = load(path)
    assert document.text == "\ufeffTHE TITLE\r\n\r\nIt is short.\r\n"
    assert document.title == "THE TITLE"
    # The mark is at 0, the title at 1 to 10, two line ends of two characters each to 14.
    assert [(block.start, block.end) for block in document.blocks] == [(1, 10), (14, 26)]


def test_the_text_is_the_file_and_its_hash_is_that_of_the_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("Ä\u0308 𝔘\x85\r\rB.\x0c".encode())
    document = load(path)
    assert document.text.encode() == path.read_bytes()
    assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("THE TITLE OF IT\n\nText.", "THE TITLE OF IT"),
        ("Page 1\n\nIt has no heading. It goes on.", "It has no heading. It goes on."),
        ("word " * 40, "word " * 24 + "…"),
    ],
)
def test_the_title_is_the_first_heading_or_the_first_line(tmp_path, text, title):
    path = tmp_path / "name.txt"
    path.write_text(text, encoding="utf-8")
    assert load(path).title == title


def test_the_title_of_the_catalog_comes_first(index_of: Build, settings):
    index_of(
        {
            "a.txt": "THE TITLE OF IT\n\nText.",
            "catalog.toml": '[documents."a.txt"]\ntitle = "Another Title"\ndate = "2015"\n',
        }
    )
    (entry,) = generation.open_current(settings.data).database.documents()
    assert (entry.title, entry.date, entry.source) == ("Another Title", "2015", "a.txt")


# Ids


def test_ids_are_unique_and_safe_in_an_address():
    found = [
        "the council.txt",
        "The Council.md",
        "the-council.txt",
        "sub/the council.txt",
        "совет.txt",
        "理事会.txt",
        "理事會.txt",
        "Ågren & Søn (2).txt",
        "???.txt",
        "...txt",
        "a" * 200 + ".txt",
        "a" * 199 + ".txt",
        "the council.txt",
        "the council.txt",
        "the council.txt",
    ]
    taken: set[str] = set()
    ids = [identity.document_id(name, taken) for name in found]
    assert len(set(ids)) == len(ids)
    assert taken == set(ids)
    assert all(re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", id) for id in ids)
    assert all(len(id) < 100 for id in ids)


def test_a_plain_name_is_its_own_id():
    assert identity.document_id("sub/The Council_2.txt", set()) == "sub-the-council-2"


# The catalog


def test_a_folder_without_a_catalog_says_nothing_of_its_documents(tmp_path):
    assert metadata.read(tmp_path) == {}


def test_a_catalog_may_start_with_a_byte_order_mark(tmp_path):
    (tmp_path / "catalog.toml").write_text(
        '\ufeff[documents."a.txt"]\nurl = "www.un.org"\n', encoding="utf-8"
    )
    assert metadata.read(tmp_path) == {"a.txt": Metadata(url="www.un.org")}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[documents\n", r"catalog\.toml cannot be read: .*line 1"),
        (b"title = 'caf\xe9'", r"catalog\.toml cannot be read: .*0xe9"),
        (
            b'[documents."a.txt"]\ntitel = "x"\n',
            r"catalog\.toml: documents\.a\.txt\.titel: Extra inputs are not permitted",
        ),
        (
            b'[documents."a.txt"]\ndate = 2015\n',
            r"catalog\.toml: documents\.a\.txt\.date: Input should be a valid string",
        ),
        (b'[document."a.txt"]\n', r"catalog\.toml: document: Extra inputs are not permitted"),
    ],
)
def test_a_catalog_with_a_mistake_stops_the_build_and_names_the_place(index_of, content, message):
    with pytest.raises(IndexingError, match=message):
        index_of({**GOOD, "catalog.toml": content})


def test_a_catalog_that_cannot_be_opened_stops_the_build(monkeypatch, index_of, documents):
    documents({**GOOD, "catalog.toml": ""})
    deny(monkeypatch, Path, "open", "catalog.toml")
    with pytest.raises(IndexingError, match=r"^catalog\.toml cannot be read: Permission denied$"):
        index_of({})
