"""What is known of a language is data; a language without data meets no rule made for another."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from index import language, readers, sentences


def test_english_is_loaded_once_and_is_what_cannot_be_told():
    assert language.of("en") is language.of("en")
    assert language.of("").name == language.of("en").name == "English"
    assert {"the", "what"} <= language.of("en").words.stop
    assert language.of("en").patterns.asks_date.search("When was it?")


def test_every_word_and_pattern_of_english_is_there():
    english = language.of("en")
    assert all(getattr(english.words, name) for name in language.Words.model_fields)
    never = language.Patterns().date
    patterns = {name: getattr(english.patterns, name) for name in language.Patterns.model_fields}
    assert not [name for name, one in patterns.items() if one == never]


def test_a_language_without_a_file_is_neutral():
    other = language.of("xx")
    assert other is language.NEUTRAL
    assert other.words.stop == frozenset()
    assert not other.patterns.leaning.search("It is so. They are.")


def test_sentences_of_another_language_are_split_without_english_abbreviations():
    text = "Das kostet 5 Mt. Danach kommt mehr."
    assert len([*sentences.split(text, 0, len(text), "de")]) == 2
    assert len([*sentences.split(text, 0, len(text), "en")]) == 1  # "Mt." may be a mountain


def test_a_language_is_one_file(tmp_path, monkeypatch):
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    language.of.cache_clear()
    (tmp_path / "qq.toml").write_text(
        'name = "Q"\n[words]\nstop = "ba bo"\n[patterns]\nleaning = ["^(?:ba|", "bo)"]\n', "utf-8"
    )
    found = language.of("qq")
    assert found.words.stop == {"ba", "bo"}
    assert found.patterns.leaning.match("bo ki")
    (tmp_path / "rr.toml").write_text('name = "R"\n[words]\nnothing = "x"\n', "utf-8")
    with pytest.raises(ValidationError):
        language.of("rr")
    language.of.cache_clear()


def test_comments_and_docstrings_do_not_outdate_an_index_and_code_does():
    one = '"""A."""\n# b\nx = 1\n"""What x is."""\n\n\ndef f():\n    """C."""\n    return x\n'
    other = "x = 1\ndef f():\n    return   x  # d\n"
    assert readers._meaning(one) == readers._meaning(other)
    assert readers._meaning(one) != readers._meaning(other.replace("1", "2"))
