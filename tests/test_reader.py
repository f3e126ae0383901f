"""The model that reads a question and a sentence together: what it changes, and that it works."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from qa.config import ServiceSettings
from qa.pipeline import Answerer
from qa.reader import PackagedReader, Reader
from qa.records import Question
from qa.stages import Stages

MADE = "Golden violins were made in Cremona by hand."
SOLD = "Golden violins were sold in Vienna by hand."
OTHER = "Nothing of the kind is said of owls in Norway."
FILES = {"violins.txt": f"{MADE} {SOLD} {OTHER}"}


class Fond:
    """A reader that is fond of one word, and keeps what it was given."""

    def __init__(self, word, most=11.0, least=-11.0):
        self.word, self.most, self.least = word, most, least
        self.asked = []

    def read(self, question, texts):
        self.asked.append((question, [*texts]))
        return [self.most if self.word in text else self.least for text in texts]


@pytest.fixture
def with_reader(answerer_of, encoder):
    def make(reader, files=FILES, **options):
        generation = answerer_of(files).generation
        return Answerer(generation, encoder, ServiceSettings(threshold=0), reader=reader, **options)

    return make


def first(answerer, text):
    return answerer.ask(Question(text)).citations[0].text


def test_the_reader_changes_what_is_quoted(with_reader):
    # To words alone the two sentences are alike.
    question = "golden violins by hand"
    assert first(with_reader(Fond("Cremona")), question) == MADE
    assert first(with_reader(Fond("Vienna")), question) == SOLD


def test_a_reader_that_finds_all_alike_changes_nothing(with_reader):
    question = Question("golden violins by hand")
    alike = with_reader(Fond("nowhere")).ask(question)
    assert alike.citations == with_reader(None).ask(question).citations


def test_the_reader_reads_the_question_with_whole_sentences_as_they_stand(with_reader):
    reader = Fond("Vienna")
    with_reader(reader).ask(Question("which golden violins"))
    ((question, texts),) = reader.asked
    assert question == "which golden violins"
    assert {MADE, SOLD} <= set(texts)
    assert all(text in FILES["violins.txt"] for text in texts)


def test_a_sentence_that_leans_is_read_with_the_one_before(with_reader):
    hall, shows = "The museum opened a hall in Vienna.", "It displays golden violins daily."
    reader = Fond("golden")
    files = {"hall.txt": f"Owls were counted in Norway. {hall} {shows}"}
    with_reader(reader, files).ask(Question("who displays golden violins"))
    assert f"{hall} {shows}" in reader.asked[0][1]


def test_the_reader_has_no_say_in_what_it_has_not_read(with_reader):
    # Twenty sentences hold all the words asked for; the reader, who reads but a few of them,
    # thinks little of each, and still one that it has read is quoted first.
    files = {"many.txt": " ".join(f"Golden violins were shown in town{n}." for n in range(20))}
    reader = Fond("nowhere")
    quoted = first(with_reader(reader, files), "golden violins shown")
    ((_, texts),) = reader.asked
    assert len(texts) < 20
    assert quoted in texts


def test_the_confidence_rises_with_what_the_reader_makes_of_the_quote(with_reader):
    question = Question("golden violins made")
    low, high = (
        with_reader(Fond("Cremona", most=logit)).find(question)[0] for logit in (-9.0, 9.0)
    )
    assert (low.signals.logit, high.signals.logit) == (-9.0, 9.0)
    assert low.confidence < high.confidence


def test_without_a_reader_the_logit_is_nought(with_reader):
    (found,) = with_reader(None).find(Question("golden violins made"))
    assert found.signals.logit == 0


def test_without_its_stage_the_reader_is_not_asked(with_reader):
    reader = Fond("Vienna")
    answerer = with_reader(reader, stages=Stages(reader=False))
    answerer.ask(Question("golden violins"))
    assert reader.asked == []


def test_each_part_of_a_question_is_read_by_itself(with_reader):
    reader = Fond("Vienna")
    with_reader(reader).ask(Question("who made golden violins; where was the hall in Vienna built"))
    assert [question for question, _ in reader.asked] == [
        "who made golden violins",
        "where was the hall in Vienna built",
    ]


def test_where_nothing_can_be_quoted_the_reader_is_not_asked(with_reader):
    reader = Fond("x")
    answer = with_reader(reader, {"a.txt": "GOLDEN VIOLINS\n\nOh."}).ask(Question("golden violins"))
    assert reader.asked == []
    assert answer.refusal is not None


# What follows is the packaged model itself.

ASKED = "Who founded the Global Internet Forum to Counter Terrorism?"
ANSWERS = "The forum was founded in 2017 by Facebook, Microsoft, Twitter and YouTube."
NEAR = "The forum shares hashes of videos with its members."
FAR = "Penguins march over ice in winter."


@pytest.fixture(scope="module")
def packaged() -> Reader:
    return PackagedReader()


@pytest.mark.model
def test_the_packaged_reader_thinks_most_of_the_answer_and_least_of_another_matter(packaged):
    answers, near, far = packaged.read(ASKED, [ANSWERS, NEAR, FAR])
    assert answers > 0 > far
    assert answers > near > far


@pytest.mark.model
def test_a_text_gets_the_same_logit_alone_and_among_others_in_any_place(packaged):
    (alone,) = packaged.read(ASKED, [ANSWERS])
    for texts in ([ANSWERS, NEAR, FAR], [FAR, ANSWERS], [NEAR, FAR, ANSWERS * 40, ANSWERS]):
        assert packaged.read(ASKED, texts)[texts.index(ANSWERS)] == alone


@pytest.mark.model
def test_several_threads_get_what_one_gets(packaged):
    texts = [ANSWERS, NEAR, FAR, ANSWERS + NEAR]
    expected = packaged.read(ASKED, texts)
    with ThreadPoolExecutor(6) as pool:
        found = [*pool.map(lambda _: packaged.read(ASKED, texts), range(24))]
    assert found == [expected] * 24


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "texts"),
    [
        (ASKED, []),
        ("", [""]),
        ("\x00\u202e安全 \U0001f6a2", ["", "\ud7ff" * 10, "x" * 100_000]),
        ("word " * 5000, ["word " * 5000]),
    ],
)
def test_any_text_gets_a_finite_logit(packaged, question, texts):
    logits = packaged.read(question, texts)
    assert len(logits) == len(texts)
    assert all(-20 < one < 20 for one in logits)
