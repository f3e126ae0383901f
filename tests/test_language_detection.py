"""Languages are recognised where they can be told, and not guessed where they cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from py3langid import langid

from index import language_detection

QUESTIONS = Path("eval/questions")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("What does resolution 2462 cover?", "en"),
        ("Quelle est la peine pour meurtre au Canada ?", "fr"),
        ("Was ist in der Resolution 2462 zu lesen?", "de"),
        ("ماذا يقول القرار 2462؟", "ar"),
        ("Какие меры государства должны принимать против финансирования терроризма?", "ru"),
        ("Что говорит резолюция 2462?", language_detection.OTHER),
        ("第2462号决议涵盖什么?", "zh"),
    ],
)
def test_the_language_of_a_question_is_recognised(text, code):
    assert language_detection.of_text(text) == code


@pytest.mark.parametrize("text", ["", "2462", "GIFCT", "?!", "Hello", "Toghun Temur", "S/2017/716"])
def test_what_cannot_be_told_is_not_told(text):
    assert language_detection.of_text(text) in {"", "en"}


@pytest.mark.parametrize("name", ["seeds", "resolutions"])
def test_no_english_question_is_taken_for_another_language(name):
    path = Path(__file__).parent.parent / QUESTIONS / f"{name}.jsonl"
    asked = [json.loads(line)["question"] for line in path.read_text("utf-8").splitlines()]
    taken = {one for one in asked if language_detection.of_text(one) not in {"", "en"}}
    assert not taken


def test_a_passage_is_in_its_documents_language_unless_it_is_surely_in_another():
    names = "Mr. José García (Spain), Mme Claire Dubois (France), Herr Jürgen Müller (Germany)"
    french = (
        "Le Conseil de sécurité demande aux États Membres de prendre toutes les mesures "
        "nécessaires pour prévenir le financement du terrorisme et de faire rapport au Comité "
        "chaque année."
    )
    assert language_detection.of_passage(names, "en") == "en"
    assert language_detection.of_passage(french, "en") == "fr"
    assert language_detection.of_passage("Non.", "en") == "en"


def test_every_language_that_can_be_told_has_a_name():
    model = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE)
    codes = {str(code) for code in model.labels} - {"zxx"}
    assert not {code for code in codes if language_detection.name(code) == code}
    assert language_detection.name("ar") == "Arabic"
    assert language_detection.name(language_detection.OTHER) == "another language"
    assert language_detection.name("xx") == "xx"


def test_a_list_of_names_is_in_no_language():
    names = "Ms. Nevenka Tromp (chair), Mr. Mārtiņš Paparinskis, Ms. Phoebe Okowa, Mr. Bimal Patel"
    assert language_detection.of_quote(names, "en") == "en"
    french = "Le port est fermé par la tempête, et les bateaux de pêche restent à quai."
    assert language_detection.of_quote(french, "en") == "fr"
