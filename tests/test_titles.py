"""A question names a document by its title, whole or in part."""

from __future__ import annotations

import pytest
from conftest import answerer_over
from known import ENGLISH

from qa.pipeline import Answerer
from qa.question import titles
from qa.records import Question
from qa.settings import ServiceSettings

FILES = {
    "first.md": "# Twentieth report of the harbour master on the northern ferries\n\n"
    "1. Ferries sail north twice a day.\n\n2. The old pier was closed for repair.\n",
    "second.md": "# Twenty-first report of the harbour master on the northern ferries\n\n"
    "1. Ferries sail north four times a day.\n\n2. The new pier was opened to all.\n",
    "third.md": "# Lighthouse Keeping Handbook\n\n"
    "1. Lamps are cleaned each morning.\n\n2. Oil is kept away from the pier.\n",
}
LAST = "the twenty-first report of the harbour master"


@pytest.fixture(scope="module")
def answerer(tmp_path_factory):
    return answerer_over(tmp_path_factory.mktemp("titles"), FILES)


@pytest.mark.parametrize(
    ("question", "words", "documents"),
    [
        (f"what does {LAST} on ferries say of piers", LAST[4:] + " on ferries", ["second"]),
        ("which oil does the Lighthouse Keeping Handbook name", None, ["third"]),
        ("Lighthouse Keeping Handbook", None, ["third"]),
    ],
)
def test_a_title_names_its_document(answerer, question, words, documents):
    found = titles.named(question, answerer.generation, ENGLISH)
    assert found is not None
    assert question[found.start : found.end] == (words or "Lighthouse Keeping Handbook")
    assert [*found.documents] == documents


@pytest.mark.parametrize(
    "question",
    [
        "what does the harbour master say of the northern ferries",  # of no kind, and of two
        "what does the report of the harbour master say",  # there are two
        "who keeps a lighthouse",
        "report",
        "?",
        "",
    ],
)
def test_words_of_titles_that_name_none_of_them(answerer, question):
    assert titles.named(question, answerer.generation, ENGLISH) is None


def test_a_title_brings_the_passages_of_its_document_first(answerer):
    ranked = answerer.search(Question(f"what of the pier, in {LAST} on ferries"))
    assert ranked[0].passage.document.id == "second"
    ranked = answerer.search(Question("what of the pier, in the twentieth report on ferries"))
    assert ranked[0].passage.document.id == "first"


def test_a_paragraph_is_looked_up_in_the_document_of_a_title(answerer):
    (citation,) = answerer.ask(Question(f"what does paragraph 2 of {LAST} say")).citations
    assert citation.text == "The new pier was opened to all."
    refusal = answerer.ask(Question(f"what does paragraph 9 of {LAST} say")).refusal
    assert refusal.reason == "unknown_paragraph"


def test_a_document_is_asked_for_whole_by_its_title(answerer):
    ((reading, _),) = answerer.quotable(Question("What is the Lighthouse Keeping Handbook about?"))
    assert reading.whole == {"third"}
    ((reading, _),) = answerer.quotable(Question("What oil is in the Lighthouse Keeping Handbook?"))
    assert reading.whole == frozenset()


def test_a_title_outside_of_the_chosen_documents_is_not_looked_up(answerer):
    question = Question(f"what does paragraph 2 of {LAST} say", documents=("third",))
    cited = Answerer(answerer.generation, answerer._encoder, ServiceSettings()).ask(question)
    assert all(one.passage.document.id == "third" for one in cited.citations)
