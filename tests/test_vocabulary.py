"""The words of a collection, counted."""

from __future__ import annotations

import shutil
import sqlite3

import pytest
from conftest import answerer_over
from hypothesis import given
from hypothesis import strategies as st

from index import database, folding
from index.database import Database
from index.rendering import rendered
from index.vocabulary import Counter, Vocabulary, shown, words_of


def counted(*passages):
    counter = Counter()
    for one in passages:
        counter.add(one)
    return [
        (one, shown(counter.forms(one)), counter.passages(one)) for one in sorted(counter.words)
    ]


def test_words_are_runs_of_three_letters_or_more():
    text = "An e-DIS of 2462, don't! Ελλάδα café 安全理事会 _under_score_ x1y"
    found = ["DIS", "don", "Ελλάδα", "café", "安全理事会", "under", "score"]
    assert [*words_of(text)] == found


def test_a_word_counts_once_for_each_passage_that_has_it_in_any_form():
    assert counted("penguin penguin Penguin", "penguin", "owl") == [
        ("owl", "owl", 1),
        ("penguin", "penguin", 2),
    ]


def test_a_word_is_shown_as_it_is_mostly_written():
    (row,) = counted("INTERPOL", "Interpol", "INTERPOL")
    assert row == ("interpol", "INTERPOL", 3)


def test_rows_come_in_order_whatever_the_order_of_the_passages():
    assert counted("zebra", "alpha Zebra") == counted("alpha Zebra", "zebra")
    assert [row[0] for row in counted("zebra owl", "alpha")] == ["alpha", "owl", "zebra"]


def test_a_vocabulary_is_asked_whatever_the_case():
    words = Vocabulary({"interpol": ("INTERPOL", 3), "owl": ("owl", 1)})
    assert "InterPol" in words
    assert "penguin" not in words
    assert (len(words), words.listed) == (2, ["interpol", "owl"])
    assert (words.passages("INTERPOL"), words.passages("penguin")) == (3, 0)
    assert words.shown("interpol") == "INTERPOL"


def test_a_collection_has_the_words_of_its_titles_and_passages(tmp_path):
    files = {"a.md": "# Museums\n\nGolden violins were made in Cremona."}
    words = answerer_over(tmp_path, files).generation.database.words
    assert words.listed == sorted(words.listed)
    assert {"museums", "golden", "violins", "cremona"} <= set(words.listed)
    assert words.shown("CREMONA") == "Cremona"


def test_an_index_without_words_has_none_and_can_be_asked(tmp_path):
    opened = answerer_over(tmp_path, {"a.txt": "Golden violins were made."}).generation
    copied = tmp_path / "former"
    copied.mkdir()
    (place,) = (tmp_path / "var").glob(f"*/{database.FILE}")
    shutil.copy(place, copied / database.FILE)
    connection = sqlite3.connect(copied / database.FILE)
    connection.execute("DROP TABLE words")
    connection.commit()
    connection.close()
    former = Database(copied)
    assert len(opened.database.words) > len(former.words) == 0
    former.close()


@given(st.lists(st.text(max_size=30), max_size=5))
def test_every_word_counted_stands_in_a_passage_and_is_shown_as_it_stands(passages):
    for word, form, count in counted(*passages):
        assert form.casefold() == word
        assert any(form in folding.visible(rendered(one)).text for one in passages)
        assert count >= 1


@pytest.mark.parametrize("text", ["a" * 100_000, "ab " * 50_000, "\u0300" * 50_000, "1a" * 50_000])
def test_a_passage_of_any_kind_is_counted(text):
    assert len(counted(text)) <= 2
