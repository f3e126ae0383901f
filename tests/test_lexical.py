"""The lexical search: BM25 worked out by hand, phrases, and one form for a word's many."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from math import log
from pathlib import Path
from typing import Any

import pytest

from index import checks, lexical
from index.lexical import LexicalEntry, LexicalIndex

K1, B = 1.2, 0.75


@pytest.fixture
def lexical_of(tmp_path: Path) -> Callable[..., LexicalIndex]:
    """An index of texts, each a document of its own called d0, d1 and so on."""

    def make(*texts: str, headings: dict[int, str] | None = None) -> LexicalIndex:
        lexical.write(
            tmp_path,
            [
                LexicalEntry(row, f"d{row}", (headings or {}).get(row, ""), text)
                for row, text in enumerate(texts)
            ],
        )
        return LexicalIndex([tmp_path])

    return make


def found(index: LexicalIndex, query: str, **options: Any) -> dict[int, float]:
    hits = index.search(index.stems(query), 10, **options)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    return {hit.row: hit.score for hit in hits}


def rows(index: LexicalIndex, query: str, **options: object) -> set[int]:
    return set(found(index, query, **options))


def idf(count: int, holding: int) -> float:
    return log(1 + (count - holding + 0.5) / (holding + 0.5))


def bm25(count: int, holding: int, times: int, length: int, average: float) -> float:
    """What a word adds: ``times`` in this text, in ``holding`` of ``count`` texts."""
    return idf(count, holding) * times * (K1 + 1) / (times + K1 * (1 - B + B * length / average))


def test_scores_are_bm25(lexical_of):
    # Lengths 2, 4 and 6, on average 4. "fish" stands in two of the three, once and twice;
    # "boat" in one. Lengths up to 40 are kept exactly, so nothing is rounded.
    index = lexical_of("red boat", "one fish swam south", "big fish ate small fish today")
    assert found(index, "fish") == pytest.approx(
        # ln(1 + 1.5 / 2.5) = .470; .470 * 2.2 / 2.2 = .470 and .470 * 4.4 / 3.65 = .567
        {1: 0.47000, 2: 0.56658},
        abs=1e-4,
    )
    assert found(index, "fish") == pytest.approx(
        {1: bm25(3, 2, 1, 4, 4), 2: bm25(3, 2, 2, 6, 4)}, rel=1e-5
    )
    # ln(1 + 2.5 / 1.5) = .981; .981 * 2.2 / (1 + 1.2 * (.25 + .75 * 2 / 4)) = 1.233
    assert found(index, "boat") == pytest.approx({0: 1.23305}, abs=1e-4)


def test_scores_of_several_words_add_up(lexical_of):
    index = lexical_of("red boat", "one fish swam south", "big fish ate small fish today")
    both = found(index, "fish south")
    assert both == pytest.approx(
        {1: bm25(3, 2, 1, 4, 4) + bm25(3, 1, 1, 4, 4), 2: bm25(3, 2, 2, 6, 4)}, rel=1e-5
    )


def test_a_word_asked_twice_counts_once(lexical_of):
    index = lexical_of("red boat", "one fish swam south")
    assert found(index, "fish fish fish") == found(index, "fish")


def test_a_word_in_a_heading_counts_a_share_of_one_in_the_text(lexical_of):
    index = lexical_of("one", "two", "three four", headings={0: "boats", 1: "fish"})
    # In headings alone: one of three, length 1, average (1 + 1 + 0) / 3.
    expected = 0.25 * bm25(3, 1, 1, 1, 2 / 3)
    (hit,) = index.search(index.stems("fish"), 5, heading_boost=0.25)
    assert (hit.row, hit.score) == (1, pytest.approx(expected, rel=1e-5))


def test_the_best_come_first_and_no_more_than_asked(lexical_of):
    index = lexical_of("fish", "fish and boats", "fish fish", "nothing")
    hits = index.search(index.stems("fish"), 2)
    # The shorter text of two that hold it once; twice is better still.
    assert [hit.row for hit in hits] == [2, 0]


def test_case_accents_and_endings_do_not_matter(lexical_of):
    index = lexical_of("The délégation RESOLVED it", "A delegation's resolution", "Other words")
    assert rows(index, "Delegations") == {0, 1}
    assert rows(index, "DÉLÉGATION") == {0, 1}
    assert rows(index, "resolving") == {0}
    assert index.stems("Resolving résolutions") == ["resolv", "resolut"]


def test_words_of_other_scripts_are_found(lexical_of):
    index = lexical_of("Совет Безопасности принял", "مجلس الأمن", "安全 理事会")
    assert rows(index, "безопасности") == {0}
    assert rows(index, "الأمن") == {1}
    assert rows(index, "理事会") == {2}


def test_a_word_that_stands_nowhere_finds_nothing(lexical_of):
    assert rows(lexical_of("red boat"), "submarine") == set()


@pytest.mark.parametrize("query", ["", "   ", "?!…", "x" * 61])
def test_a_query_without_words_finds_nothing(lexical_of, query):
    assert rows(lexical_of("red boat"), query) == set()


@pytest.mark.parametrize(
    "query", ['"', "AND OR NOT", "text:boat", "a* b~2 [c TO d]", "boat^9", "(((", "\0", "\\"]
)
def test_marks_of_a_query_language_are_nothing_but_text(lexical_of, query):
    index = lexical_of("red boat", "not or")
    assert rows(index, query) <= {0, 1}


def test_a_quoted_phrase_must_occur_in_its_order(lexical_of):
    index = lexical_of(
        "the cyber attacks of states", "attacks on cyber space", "an attack", "Cyber-attack!"
    )
    phrase = index.stems("cyber attack")
    assert rows(index, "cyber attack") == {0, 1, 2, 3}
    assert rows(index, "cyber attack", phrases=[phrase]) == {0, 3}
    assert rows(index, "space", phrases=[phrase]) == {0, 3}


def test_every_one_of_several_phrases_must_occur(lexical_of):
    index = lexical_of("red boat on blue sea", "red boat", "blue sea")
    phrases = [index.stems("red boat"), index.stems("blue sea")]
    assert rows(index, "boat", phrases=phrases) == {0}


def test_a_phrase_of_one_word_must_occur(lexical_of):
    index = lexical_of("red boat", "red sea")
    assert rows(index, "red", phrases=[index.stems("seas")]) == {1}


def test_a_phrase_in_a_heading_does_not_stand_in_the_passage(lexical_of):
    index = lexical_of("nothing here", "a red boat", headings={0: "red boat"})
    assert rows(index, "red", phrases=[index.stems("red boat")]) == {1}


def test_a_phrase_alone_is_a_query(lexical_of):
    index = lexical_of("red boat", "boat red")
    assert rows(index, "", phrases=[index.stems("red boat")]) == {0}


def test_a_filter_leaves_the_scores_of_its_documents_as_they_are(lexical_of):
    index = lexical_of("fish", "fish and boats", "fish fish", "nothing")
    everywhere = found(index, "fish")
    assert set(everywhere) == {0, 1, 2}
    chosen = found(index, "fish", documents=["d1", "d2", "d3"])
    assert chosen == pytest.approx({row: everywhere[row] for row in (1, 2)})


def test_a_filter_with_a_phrase_keeps_to_both(lexical_of):
    index = lexical_of("red boat", "red boat", "boat")
    found_rows = rows(index, "boat", phrases=[index.stems("red boat")], documents=["d1", "d2"])
    assert found_rows == {1}


@pytest.mark.parametrize("documents", [[], ["d9"], ["D1"], ["d1 d2"]])
def test_a_filter_by_no_document_that_is_there_finds_nothing(lexical_of, documents):
    index = lexical_of("fish", "fish and boats")
    assert rows(index, "fish", documents=documents) == set()


def test_frequency_counts_texts_or_headings_whichever_are_more(lexical_of):
    index = lexical_of("fish fish", "a fish", "boat", headings={0: "sea", 1: "boat", 2: "boat"})
    counts = {stem: index.frequency(stem) for stem in ("fish", "sea", "boat", "x")}
    assert counts == {"fish": 2, "sea": 1, "boat": 2, "x": 0}


def test_opening_an_index_writes_nothing_into_its_folder(lexical_of, tmp_path):
    lexical_of("red boat")
    copy = tmp_path / "copy"
    shutil.copytree(tmp_path / lexical.FOLDER, copy / lexical.FOLDER)
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*")}
    assert found(LexicalIndex([copy]), "boat")
    assert {path: path.stat().st_mtime_ns for path in copy.rglob("*")} == before


def test_who_may_read_the_folder_may_read_its_files(lexical_of, tmp_path):
    lexical_of("red boat")
    folder = tmp_path / lexical.FOLDER
    files = [path for path in folder.iterdir() if path.suffix != checks.LOCK]
    assert {path.stat().st_mode & 0o777 for path in files} == {folder.stat().st_mode & 0o666}


def test_opening_an_index_leaves_nothing_elsewhere(lexical_of, tmp_path, monkeypatch):
    lexical_of("red boat")
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    for _ in range(200):
        assert found(LexicalIndex([tmp_path]), "boat")
        assert list(place.iterdir()) == []


def test_an_index_of_several_parts_scores_as_one_of_all(tmp_path):
    texts = [f"the red boat {'sails ' * (n % 5)}past island{n % 3} {n}" for n in range(60)]
    entries = [LexicalEntry(7 * n, f"d{n}", "Boats", text) for n, text in enumerate(texts)]
    parts = [tmp_path / name for name in ("whole", "first", "second", "third")]
    for part, own in zip(parts, (entries, entries[::2], entries[1::4], entries[3::4]), strict=True):
        part.mkdir()
        lexical.write(part, own)
    whole, joined = LexicalIndex(parts[:1]), LexicalIndex(parts[3:0:-1])
    for query in ("boat", "sails past", "island2 17", "red sails 3 boats"):
        stems = whole.stems(query)
        assert joined.search(stems, 10) == whole.search(stems, 10)
        assert [joined.frequency(one) for one in stems] == [whole.frequency(one) for one in stems]


def test_of_passages_that_score_the_same_the_first_come_first(tmp_path):
    entries = [LexicalEntry(row, "d", "", "red boat") for row in (*range(90, 45, -1), *range(46))]
    lexical.write(tmp_path, entries)
    assert [hit.row for hit in LexicalIndex([tmp_path]).search(["boat"], 12)] == [*range(12)]
