"""The promises that small inputs have broken, with the real models: repeats, absences, years,
languages."""

from __future__ import annotations

import pytest

from index import encoder, generation
from index.build import build
from index.config import IndexSettings
from qa.pipeline import Answerer
from qa.ranking.cross_encoder import TrainedReader
from qa.records import Answer, Question, Turn
from qa.service import examples
from qa.settings import ServiceSettings

pytestmark = pytest.mark.model

FILES = {
    "first.txt": "Court diary\n\nMr. Okafor was tried for the theft of river sand in 2017 and "
    "was convicted by the court. The panel may inspect every barge on the lower river.",
    "second.txt": "Court diary, part two\n\nMr. Okoro was tried for the theft of river sand in "
    "2017 and was acquitted by the court. The panel shall inspect every barge on the lower river.",
    "digest.md": "# Digest of texts\n\n## Resolution 2199 (2015)\n\nThe text bans the trade in "
    "river antiquities and orders members to report seizures within ninety days.\n\n"
    "## Resolution 2227 (2015)\n\nThe text raises the number of soldiers in the river mission "
    "to 12,680.\n",
    "herons.md": "---\ntitle: Handbook of Herons\n---\n\nThe re\u00adsettle\u00adment of herons "
    "began in Lome\u0301 in 2014 under the parlia-\nmentary commission.\n",
    "arabic.txt": "يعاقب القانون على تهريب الرمال من النهر بالسجن لمدة خمس سنوات. "
    "وتشكل لجنة من اثني عشر عضوا لمراقبة الموانئ. "
    "قرار مجلس الأمن رقم 2462 يتعلق بتمويل الإرهاب. "
    "وتقدم اللجنة تقريرها السنوي إلى البرلمان في شهر مارس من كل عام.",
    "chinese.txt": "河流委员会每年检查所有驳船。"
    "盗采河沙的人将被判处五年监禁。"
    "委员会由十二名成员组成。",
}


@pytest.fixture(scope="module")
def answerer(tmp_path_factory) -> Answerer:
    place = tmp_path_factory.mktemp("promises")
    folder, settings = place / "documents", IndexSettings(data=place / "var")
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    models = encoder.load(settings)
    build([folder], settings, lambda _: models)
    opened = generation.open_current(settings.data)
    return Answerer(opened, models, ServiceSettings(), reader=TrainedReader())


@pytest.fixture(scope="module")
def ask(answerer):
    def run(text: str, history: tuple[Turn, ...] = ()) -> Answer:
        return answerer.ask(Question(text, history))

    return run


def sources(answer: Answer) -> list[str]:
    return [one.passage.document.id for one in answer.citations]


def test_a_man_who_was_acquitted_is_not_cited_for_one_who_was_convicted(ask):
    assert sources(ask("Was Mr. Okafor convicted of the theft of sand?")) == ["first"]
    both = ask("Which men were tried for the theft of river sand in 2017?")
    assert set(sources(both)) == {"first", "second"}
    assert not any(one.repeats for one in both.citations)


def test_what_may_and_what_shall_be_done_are_told_apart(ask):
    answer = ask("Does the panel inspect barges on the lower river?")
    assert set(sources(answer)) == {"first", "second"}
    assert any("“may”" in one and "“shall”" in one for one in answer.caveats)


def test_a_resolution_that_only_a_heading_names_is_answered(ask):
    answer = ask("What does resolution 2199 ban?")
    assert answer.confidence > 0.7
    assert answer.citations[0].text.startswith("The text bans the trade")


@pytest.mark.parametrize("asked", ["resolution 2227 (2016)", "the 2016 resolution 2227"])
def test_a_wrong_year_is_told(ask, asked):
    answer = ask(f"What does {asked} raise?")
    assert "12,680" in answer.citations[0].text
    told = "The documents have resolution 2227 of 2015; the question says 2016."
    assert told in answer.caveats
    assert not ask("What does resolution 2227 (2015) raise?").caveats


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who paid for the resettlement of herons?", ["resettlement", "herons"]),
        ("Which members sit in the parliamentary commission of Lomé?", ["parliamentary", "Lomé"]),
        ("What does the Handbook of Herons say of penguins?", ["Handbook", "Herons"]),
    ],
)
def test_words_that_are_there_are_never_said_to_be_lacking(ask, question, words):
    refusal = ask(question).refusal
    assert refusal is not None
    assert not set(refusal.missing_terms) & set(words)
    assert not any(f"“{word}”" in refusal.message for word in words)


@pytest.mark.parametrize(
    ("question", "history"),
    [
        ("sand NOT barges of penguins", ()),
        ("How many penguins has it?", ("What is The Handbook?", "Who Is Mr. Okoro?")),
        ('Where does it say "river sand. The penguin"?', ()),
    ],
)
def test_refusals_name_no_words_of_questions_as_names(ask, question, history):
    answer = ask(question, tuple(Turn(one, "") for one in history))
    message = answer.refusal.message if answer.refusal else ""
    spoken = message.partition("speak of ")[2].partition(", but")[0].split(" and ")
    assert not set(spoken) & {"NOT", "What", "How", "The", "Who", "Is", "Where"}


@pytest.mark.parametrize(
    "question",
    [
        "What is the penalty for murder in Canada?",
        "ما هي عقوبة القتل في كندا؟",
        "加拿大谋杀罪的刑罚是什么?",
        "Quelle est la peine pour meurtre au Canada ?",
        "How long is the prison term for stealing sand, in years?",
    ],
)
def test_nothing_is_surely_answered_from_what_the_models_cannot_read(ask, question):
    answer = ask(question)
    assert not set(sources(answer)) & {"arabic", "chinese"}
    assert answer.refusal is not None


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("تهريب الرمال", "arabic"),
        ("تَهريبُ الرِّمال", "arabic"),
        ("لجنة البرلمان", "arabic"),
        ("驳船", "chinese"),
        ("盗采河沙", "chinese"),
    ],
)
def test_exact_words_of_any_language_find_their_passage(ask, question, document):
    answer = ask(question)
    assert answer.passages[0].passage.document.id == document
    assert answer.confidence <= 0.3
    assert answer.refusal.reason == "unread_language"


def test_the_language_of_each_document_is_kept(answerer):
    found = {one.id: one.language for one in answerer.generation.database.documents()}
    assert (found["arabic"], found["chinese"], found["digest"]) == ("ar", "zh", "en")


def test_examples_are_such_as_the_service_stands_by(answerer):
    found = examples.find(answerer)
    assert len(found) >= 2
    for one in found:
        answer = answerer.ask(Question(one))
        assert answer.confidence >= 0.7
        assert not answer.caveats


def test_the_tokens_of_a_question_are_known_without_encoding_it(answerer):
    encoder = answerer._encoder
    for text in ("What does resolution 2199 ban?", "Lomé, CTED & GIFCT", "a" * 3000):
        assert (encoder.query_ids(text) == encoder.encode_query(text).token_ids).all()
