"""The model that reads a question and a sentence together: what it changes, and that it works."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from qa.answer import reranking
from qa.pipeline import Answerer
from qa.ranking.cross_encoder import Reader, TrainedReader
from qa.records import Question
from qa.settings import ServiceSettings
from qa.stages import Stages
from qa.tuning import shipped

MADE = "Golden violins were made in Cremona by hand."
SOLD = "Golden violins were sold in Vienna by hand."
OTHER = "Nothing of the kind is said of owls in Norway."
FILES = {"violins.md": f"# Music\n\n{MADE} {SOLD} {OTHER}"}


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


def test_the_reader_reads_the_question_with_whole_sentences_under_their_titles(with_reader):
    reader = Fond("Vienna")
    files = {"violins.md": f"# Music of the north\n\n## Of gold\n\n{MADE} {SOLD} {OTHER}"}
    with_reader(reader, files).ask(Question("which golden violins"))
    question, texts = reader.asked[0]
    assert question == "which golden violins"
    assert f"Music of the north: Of gold. {MADE}" in texts
    assert f"Music of the north: Of gold. {SOLD}" in texts


MANY = {"many.txt": " ".join(f"Golden violins were shown in town{n}." for n in range(20))}


def test_a_reader_that_is_sure_reads_no_further(with_reader):
    reader = Fond("Golden")
    with_reader(reader, MANY).ask(Question("golden violins shown"))
    assert [len(texts) for _, texts in reader.asked] == [shipped().reranking.at_once]


def test_a_reader_that_is_not_reads_on_up_to_a_limit_and_nothing_twice(with_reader):
    reader = Fond("nowhere")
    with_reader(reader, MANY).ask(Question("golden violins shown"))
    read = [text for _, texts in reader.asked for text in texts]
    assert len(read) == len(set(read)) == shipped().reranking.most


def test_a_question_for_all_that_is_telling_is_read_on_though_one_answers(with_reader):
    reader = Fond("Golden")
    with_reader(reader, MANY).ask(Question("tell me about golden violins shown"))
    read = [text for _, texts in reader.asked for text in texts]
    assert len(read) == shipped().reranking.most


def test_what_there_is_to_say_is_quoted_from_several_passages(with_reader):
    files = {
        "a.md": f"# Music\n\n## Of gold\n\n{MADE} {SOLD}\n\n## Of fairs\n\nGolden violins were "
        "shown at fairs by hand.",
        "b.md": "# Letters\n\nGolden violins were praised in letters by hand.",
    }
    asked, told = "who made golden violins", "tell me about golden violins by hand"
    answerer = with_reader(Fond("olden"), files)
    assert len({one.passage.section for one in answerer.ask(Question(asked)).citations}) == 1
    cited = answerer.ask(Question(told)).citations
    places = [(one.passage.document.id, one.passage.section) for one in cited]
    assert len({*places}) == len(places) == 3
    ids = [id for id, _ in places]
    assert ids in (["a", "a", "b"], ["b", "a", "a"])


def test_the_passage_that_the_reader_is_fond_of_comes_first(with_reader):
    files = {"a.txt": f"{MADE}", "b.txt": f"{SOLD}"}
    for city in ("Cremona", "Vienna"):
        answer = with_reader(Fond(city), files).ask(Question("golden violins by hand"))
        assert city in answer.passages[0].passage.text
        scores = [one.score for one in answer.passages]
        assert scores == sorted(scores, reverse=True)


def test_a_search_ranks_as_an_answer_does(with_reader):
    question = Question("golden violins by hand")
    answerer = with_reader(Fond("Vienna"), {"a.txt": MADE, "b.txt": SOLD})
    assert answerer.search(question) == answerer.ask(question).passages


def test_a_sentence_that_leans_is_read_with_the_one_before(with_reader):
    hall, shows = "The museum opened a hall in Vienna.", "It displays golden violins daily."
    reader = Fond("golden")
    files = {"hall.txt": f"Owls were counted in Norway. {hall} {shows}"}
    with_reader(reader, files).ask(Question("who displays golden violins"))
    assert any(text.endswith(f"{hall} {shows}") for _, texts in reader.asked for text in texts)


def test_the_reader_has_no_say_in_what_it_has_not_read(with_reader):
    # Twenty sentences hold all the words asked for; the reader, who reads but a few of them,
    # thinks little of each, and still one that it has read is quoted first.
    reader = Fond("nowhere")
    quoted = first(with_reader(reader, MANY), "golden violins shown")
    read = [text for _, texts in reader.asked for text in texts]
    assert len(read) < 20
    assert any(text.endswith(quoted) for text in read)


def test_what_it_has_not_read_counts_as_the_least_of_what_it_has(with_reader):
    answerer, tuning = with_reader(None, MANY), shipped().reranking
    ((reading, pool),) = answerer.quotable(Question("golden violins shown"))
    found = reranking.read(reading.text, pool, Fond("nowhere", least=-2.0), tuning)
    worth = -2.0 * tuning.logit_weight
    assert [one.logit for one in found] == [-2.0] * tuning.most + [None] * (20 - tuning.most)
    assert [one.score for one in found] == pytest.approx([one.score + worth for one in pool])


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
    assert [*dict.fromkeys(question for question, _ in reader.asked)] == [
        "who made golden violins",
        "where was the hall in Vienna built",
    ]


def test_where_nothing_can_be_quoted_the_reader_is_not_asked(with_reader):
    reader = Fond("x")
    answer = with_reader(reader, {"a.txt": "GOLDEN VIOLINS\n\nOh."}).ask(Question("golden violins"))
    assert reader.asked == []
    assert answer.refusal is not None


# What follows is the trained model itself.

ASKED = "Who founded the Global Internet Forum to Counter Terrorism?"
TITLE = "Global Internet Forum to Counter Terrorism."
ANSWERS = f"{TITLE} The forum was founded in 2017 by Facebook, Microsoft, Twitter and YouTube."
NEAR = f"{TITLE} The forum shares hashes of videos with its members."
FAR = "Penguins march over ice in winter."


@pytest.fixture(scope="module")
def trained() -> Reader:
    return TrainedReader()


@pytest.mark.model
def test_the_trained_reader_thinks_most_of_the_answer_and_least_of_another_matter(trained):
    answers, near, far = trained.read(ASKED, [ANSWERS, NEAR, FAR])
    assert answers > 0 > far
    assert answers > near > far


@pytest.mark.model
def test_a_text_gets_the_same_logit_alone_and_among_others_in_any_place(trained):
    (alone,) = trained.read(ASKED, [ANSWERS])
    for texts in ([ANSWERS, NEAR, FAR], [FAR, ANSWERS], [NEAR, FAR, ANSWERS * 40, ANSWERS]):
        assert trained.read(ASKED, texts)[texts.index(ANSWERS)] == alone


@pytest.mark.model
def test_several_threads_get_what_one_gets(trained):
    texts = [ANSWERS, NEAR, FAR, ANSWERS + NEAR]
    expected = trained.read(ASKED, texts)
    with ThreadPoolExecutor(6) as pool:
        found = [*pool.map(lambda _: trained.read(ASKED, texts), range(24))]
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
def test_any_text_gets_a_finite_logit(trained, question, texts):
    logits = trained.read(question, texts)
    assert len(logits) == len(texts)
    assert all(-20 < one < 20 for one in logits)
