"""An index that came by many small changes is the index that is built at once."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from conftest import WordEncoder
from hypothesis import given
from hypothesis import strategies as st
from indexed import held, left, rows

from index import cutting, generation, numbering, seen, segments
from index.build import Report, build
from index.config import IndexSettings
from index.numbering import Crowded
from qa.pipeline import Answerer
from qa.records import Question
from qa.service.schemas import AskResponse
from qa.settings import ServiceSettings

WORDS = "boats sail south under red flags while fish swim north past the old stone bridge".split()
ORGANS = ("Blue Harbour Office (BHO)", "Red Lantern Board (RLB)", "Counter-Piracy Unit (CPU)")
QUESTIONS = (
    "Where do the boats sail?",
    "What does resolution 1267 say of fish?",
    "What does RLB stand for?",
    "What does paragraph 2 say?",
    'Who said "old stone bridge"?',
    "Do penguins swim?",
)


def text(choice: random.Random, number: int) -> str:
    """A document: headings, numbered paragraphs, lists, identifiers, abbreviations; some of its
    passages stand in others too."""
    parts = [
        f"Resolution {1260 + number % 9} (199{number % 10})\n"
        if number % 3
        else f"# Tale {number}\n"
    ]
    for n in range(1, choice.randint(2, 12)):
        said = " ".join(choice.choices(WORDS, k=choice.randint(5, 40)))
        kind = choice.randrange(6)
        if kind == 0:
            parts.append(f"## {choice.choice(WORDS).capitalize()} and {choice.choice(WORDS)}\n")
        elif kind == 1:
            parts.append(f"The {choice.choice(ORGANS)} recalls resolution 1267 (1999) on {said}.\n")
        elif kind == 2:
            parts.append(
                f"They took:\n\n- {said};\n- the {choice.choice(WORDS)};\n- mark{number}.\n"
            )
        else:
            parts.append(f"{n}. Decides that {said}, as Seen{number} in the {number}th year.\n")
    if number % 4 == 0:
        parts.append("It decides to remain seized of the matter of boats and flags.\n")
    return "\n".join(parts)


class Folder:
    """Documents that are changed at random, and the same files as they are."""

    def __init__(self, place: Path, seed: int) -> None:
        self.place, self.choice = place, random.Random(seed)
        self.numbers = 0
        place.mkdir()

    def names(self) -> list[str]:
        return sorted(p.relative_to(self.place).as_posix() for p in self.place.rglob("*.md"))

    def _write(self, name: str) -> None:
        self.numbers += 1
        path = self.place / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text(self.choice, self.numbers), encoding="utf-8")

    def add(self) -> None:
        letter = self.choice.choice("abcde")
        inside = self.choice.choice(["", "sub/"])
        self._write(f"{inside}{letter}{self.numbers}.md")

    def change(self) -> None:
        if names := self.names():
            self._write(self.choice.choice(names))

    def remove(self) -> None:
        if len(names := self.names()) > 1:
            (self.place / self.choice.choice(names)).unlink()

    def rename(self) -> None:
        if names := self.names():
            old = self.place / self.choice.choice(names)
            old.rename(old.with_name(f"{self.choice.choice('abcde')}r{self.numbers}.md"))
            self.numbers += 1

    def title(self) -> None:
        """Another title in the catalog for some document."""
        if names := self.names():
            name = self.choice.choice(names)
            said = f'[documents."{name}"]\ntitle = "Title {self.choice.randrange(100)}"\n'
            (self.place / "catalog.toml").write_text(said, encoding="utf-8")

    def step(self) -> None:
        """One to four changes."""
        kinds = [self.add, self.add, self.change, self.remove, self.rename, self.title]
        for kind in self.choice.choices(kinds, k=self.choice.randint(1, 4)):
            kind()


def replies(opened: generation.Generation) -> list[dict[str, object]]:
    """What is answered, but for what names this generation and the time."""
    answerer = Answerer(opened, WordEncoder(), ServiceSettings(threshold=0))
    found = []
    for one in QUESTIONS:
        reply = AskResponse.of(answerer.ask(Question(one))).model_dump()
        found.append({k: v for k, v in reply.items() if k not in {"index", "timings_ms"}})
    return found


def anew(folder: Path, place: Path, data: Path) -> generation.Generation:
    """The same documents, built at once, with the ids that they have."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    shutil.copy(data / "identities.json", place)
    build([folder], IndexSettings(data=place), lambda _: WordEncoder())
    return generation.open_current(place)


@pytest.mark.parametrize("seed", range(4))
def test_many_small_changes_make_what_is_built_at_once(tmp_path, monkeypatch, seed):
    monkeypatch.setattr(segments, "SIZE", 7)  # so that there are many
    if seed % 2:  # Files are known again by their times, though they are so new.
        monkeypatch.setattr(seen, "_SETTLED_NS", -(10**12))
    folder, settings = Folder(tmp_path / "documents", seed), IndexSettings(data=tmp_path / "var")
    for _ in range(8):
        folder.add()
    for _ in range(9):
        folder.step()
        report = build([folder.place], settings, lambda _: WordEncoder())
        opened = generation.open_current(settings.data)
        assert report.generation == opened.name
        other = anew(folder.place, tmp_path / "anew", settings.data)
        assert held(opened) == held(other)
        assert replies(opened) == replies(other)


Index = Callable[..., Report]


def files(count: int) -> dict[str, str]:
    choice = random.Random(5)
    return {f"{n:03d}.md": text(choice, n) for n in range(count)}


def shared(settings: IndexSettings) -> set[str]:
    return {one.name for one in generation.open_current(settings.data).segments}


def test_one_document_more_or_less_leaves_most_segments(index_of, settings, documents, monkeypatch):
    monkeypatch.setattr(segments, "SIZE", 4)
    index_of(files(40))
    before = shared(settings)
    assert len(before) > 10
    index_of({"900.md": "It says something new."})
    assert len(before - shared(settings)) <= 1
    before = shared(settings)
    (documents({}) / "020.md").unlink()
    index_of({})
    # Those that had its passages, and a small one that was written together with the rest.
    assert 1 <= len(before - shared(settings)) <= 4


def test_segments_do_not_grow_in_number_with_the_builds(index_of, settings, monkeypatch):
    monkeypatch.setattr(segments, "SIZE", 8)
    for n in range(30):
        index_of({f"{n}.txt": f"Number {n} says something of its own."})
        assert len(shared(settings)) <= 1 + -(-(n + 1) // 4)


def test_what_has_not_changed_is_neither_read_nor_cut_up_again(index_of, encoder, monkeypatch):
    index_of(files(10))
    encoder.encoded.clear()
    cut: list[str] = []
    original = cutting.cut

    def noting(document, limits):
        cut.append(document.source)
        return original(document, limits)

    monkeypatch.setattr("index.collecting.cut", noting)
    assert not index_of({}).changed
    index_of({"new.txt": "It says something new."})
    assert (cut, encoder.encoded) == (["new.txt"], ["It says something new."])


def test_documents_keep_the_order_of_their_files(index_of, settings, documents):
    index_of({"b.txt": "It says b.", "d.txt": "It says d."})
    for name in ("c", "a", "e", "ab", "f"):
        index_of({f"{name}.txt": f"It says {name}."})
    entries = generation.open_current(settings.data).database.documents()
    assert [one.id for one in entries] == ["a", "ab", "b", "c", "d", "e", "f"]


def test_where_there_is_no_room_between_documents_all_are_numbered_anew(
    index_of, settings, encoder, monkeypatch
):
    monkeypatch.setattr(numbering, "SPACING", 8 * numbering.ROOM)
    names = [f"{'a' * n}b" for n in range(6)]
    for name in names:  # each before the former one
        index_of({f"{name}.txt": f"It says {name}."})
    opened = generation.open_current(settings.data)
    assert [one.id for one in opened.database.documents()] == sorted(names)
    assert len(encoder.encoded) == len(names)  # none twice


def test_folders_in_another_order_are_numbered_anew(settings, encoder, tmp_path):
    roots = [tmp_path / name for name in ("one", "two")]
    for root in roots:
        root.mkdir()
        (root / f"{root.name}.txt").write_text(f"It says {root.name}.", encoding="utf-8")
    build(roots, settings, lambda _: encoder)
    report = build(roots[::-1], settings, lambda _: encoder)
    assert (report.changed, report.encoded) == (True, 0)
    entries = generation.open_current(settings.data).database.documents()
    assert [one.id for one in entries] == ["two", "one"]


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 50)), min_size=1, max_size=40), st.data())
def test_numbers_go_up_and_leave_room(wanted, data):
    """Each is (whether it has a number, how many passages)."""
    place, known = 0, []
    for has, passages in wanted:
        place += data.draw(st.integers(numbering.ROOM, 4 * numbering.SPACING))
        known.append((place, place + passages) if has else None)
        place += passages
    try:
        numbers = numbering.assign(known)
    except Crowded:
        return
    ends = [one[1] if one else n + numbering.ROOM for one, n in zip(known, numbers, strict=True)]
    assert all(end <= number for end, number in zip(ends, numbers[1:], strict=False))
    assert all(one is None or one[0] == n for one, n in zip(known, numbers, strict=True))
    assert all(0 < one < 2**63 for one in numbers)


def test_numbers_that_go_down_are_given_anew():
    with pytest.raises(Crowded):
        numbering.assign([(100, 101), (50, 51)])
    with pytest.raises(Crowded):
        numbering.assign([(100, 101), None, (102, 103)])
    with pytest.raises(Crowded):
        numbering.assign([(2**63 - 5, 2**63 - 4), None])


def test_a_graph_is_changed_with_its_passages(documents, encoder, tmp_path):
    settings = IndexSettings(data=tmp_path / "var", flat_limit=5)
    folder = documents(files(30))
    build([folder], settings, lambda _: encoder)
    former = generation.open_current(settings.data)
    assert not former.dense.exact
    (folder / "003.md").unlink()
    documents({"new.txt": "Penguins waddle."})
    build([folder], settings, lambda _: encoder)
    opened = generation.open_current(settings.data)
    own, vectors = opened.vectors()
    assert len(opened.dense.rows) > len(own)  # what went is passed over
    for row, vector in zip(own, vectors, strict=True):
        hits = opened.dense.search(vector, 3)
        assert row in {hit.row for hit in hits if hit.score > hits[0].score - 1e-6}
        assert {hit.row for hit in hits} <= set(own.tolist())
    query = encoder.encode_query("Penguins waddle")
    (best,) = opened.database.passages([opened.dense.search(query.dense, 1)[0].row])
    assert best.document.id == "new"
    # A limit above them all: no graph, and the same passages.
    flat = settings.model_copy(update={"flat_limit": 10_000})
    documents({"newer.txt": "Owls hoot."})
    build([folder], flat, lambda _: encoder)
    exact = generation.open_current(settings.data)
    assert exact.dense.exact
    assert np.isin(own, exact.vectors()[0]).all()


def test_segments_that_no_generation_needs_are_removed(documents, encoder, tmp_path):
    settings = IndexSettings(data=tmp_path / "var", keep_generations=1)
    for n in range(4):
        build([documents({"a.txt": f"Version {n} of it."})], settings, lambda _: encoder)
        opened = generation.open_current(settings.data)
        assert left(opened) == []
        assert [*settings.data.glob(".building-*")] == []
    assert rows(opened)


def test_an_index_that_is_copied_without_links_is_whole(index_of, settings, tmp_path):
    index_of(files(5))
    index_of({"new.txt": "It says something new."})
    shutil.copytree(settings.data, tmp_path / "copy")
    shutil.rmtree(settings.data)
    opened = generation.open_current(tmp_path / "copy")
    assert len(opened.database.documents()) == 6
