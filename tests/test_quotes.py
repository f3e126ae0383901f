"""Which sentences are quoted. The fake encoder makes a score the share of words matched."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.answer import quotes as choosing
from qa.pipeline import Answerer
from qa.records import Citation, Question, Turn
from qa.service.schemas import AskResponse
from qa.settings import ServiceSettings
from qa.tuning import shipped


@pytest.fixture
def quotes(answerer_of):
    def run(text, question):
        answer = answerer_of({"text.txt": text}).ask(Question(question))
        return [one.text for one in answer.citations]

    return run


def test_one_sentence_suffices_for_a_fact(quotes):
    text = "Penguins live in Antarctica all year. Bears live near the other pole instead."
    assert quotes(text, "where do penguins live") == ["Penguins live in Antarctica all year."]


def test_so_much_is_quoted_as_may_be(answerer_of):
    made, owls = "Golden violins were made in Cremona.", "Grey owls were counted in Norway."
    answerer = answerer_of({"a.txt": f"{made} Then came war.", "b.txt": f"{owls} Then peace."})

    def quoted(most):
        tuned = answerer.retuned(shipped().replaced("selection.most_characters", most))
        answer = tuned.ask(Question("golden violins made, grey owls counted"))
        return {one.text for one in answer.citations}

    assert quoted(len(made) + len(owls)) == {made, owls}
    assert len(quoted(len(made) + len(owls) - 1)) == 1


def test_a_sentence_that_leans_brings_the_one_before(quotes):
    text = (
        "Owls were counted in Norway. The museum opened a hall in Vienna. "
        "It displays golden violins daily."
    )
    # "displays golden violins" matches the last sentence alone; "It" needs the museum.
    assert quotes(text, "who displays golden violins") == [
        "The museum opened a hall in Vienna. It displays golden violins daily."
    ]


def test_the_first_sentence_is_brought_by_the_second_that_leans_on_it(quotes):
    text = "The museum opened a hall in Vienna. It displays golden violins daily."
    assert quotes(text, "who displays golden violins") == [text]


def test_a_line_that_introduces_a_list_brings_its_items(quotes):
    lead = "The toolbox of every guild in the old town includes:"
    text = f"{lead}\n\n- hammers of brass\n- saws of iron\n\nThe end."
    (quote,) = quotes(text, "toolbox of the guild")
    assert quote == f"{lead}\n\n- hammers of brass\n- saws of iron"


def test_the_bullet_about_an_identifier_brings_what_goes_on_about_it(quotes):
    text = (
        "The Council is guided by resolutions, including:\n\n"
        "- Resolution 2354 (2017) sets out guidelines on stories.\n"
        "- Resolution 2462 (2019) notes crowdfunding by donors. It also calls for audits.\n\n"
        "Others follow resolution 2462 (2019), 2395 (2017) and 2396 (2017) in their work."
    )
    expected = ["Resolution 2462 (2019) notes crowdfunding by donors. It also calls for audits."]
    for form in ("resolution 2462", "UNSCR 2462", "S/RES/2462 (2019)", "res. 2462"):
        assert quotes(text, f"what does {form} cover") == expected


def test_headings_and_furniture_are_never_quoted(quotes):
    text = (
        "Photo © Golden Violins Archive\n\nGOLDEN VIOLINS\n\nA maker in Cremona built the "
        "violins of gold.\n\nClick here to see golden violins."
    )
    assert quotes(text, "golden violins") == ["A maker in Cremona built the violins of gold."]


SAME = "Golden violins were made in Cremona in the time of the plague."


@pytest.mark.parametrize("other", [SAME, SAME.replace("the plague", "the **Plague**")])
def test_what_two_documents_say_alike_is_quoted_once_and_cited_from_both(answerer_of, other):
    answerer = answerer_of({"a.txt": f"{SAME} Then came war.", "b.txt": f"{other} Then peace."})
    answer = answerer.ask(Question("where were golden violins made"))
    assert {one.passage.document.id for one in answer.citations} == {"a", "b"}
    assert [one.repeats for one in answer.citations] == [False, True]
    assert {one.text for one in answer.citations} == {SAME, other}
    assert answer.text == f"{answer.citations[0].text} [1][2]"


@pytest.mark.parametrize(("was", "other"), [("1630", "1631"), ("were made", "were not made")])
def test_what_differs_in_a_number_or_a_not_does_not_say_the_same(answerer_of, was, other):
    one = f"{SAME[:-1]} of 1630 in the old town by the many hands of its guild."
    two = one.replace(was, other)
    answerer = answerer_of({"a.txt": f"{one} Then came war.", "b.txt": f"{two} Then peace."})
    assert not any(one.repeats for one in answerer.ask(Question("golden violins")).citations)


def test_the_response_says_which_citation_repeats_which(answerer_of):
    answerer = answerer_of({"a.txt": f"{SAME} Then came war.", "b.txt": f"{SAME} Then peace."})
    response = AskResponse.of(answerer.ask(Question("where were golden violins made")))
    assert [(one.number, one.repeats) for one in response.citations] == [(1, None), (2, 1)]


def test_a_sentence_twice_in_one_document_is_cited_once(quotes):
    assert quotes(f"{SAME} Then came war. {SAME}", "where were golden violins made") == [SAME]


LABELLED = """The guild of the old town

Members of the guild:

- the makers of violins
- the painters
- the keepers of owls
"""


def test_a_list_under_a_label_is_quoted_whole(quotes):
    (quote, *_) = quotes(LABELLED, "who are the members of the guild: makers, painters, keepers")
    assert quote == "the makers of violins\n- the painters\n- the keepers of owls"


def test_prose_after_a_list_under_a_label_is_not_of_it(quotes):
    text = f"{LABELLED}\nThe guild was founded in the old town in the spring of 1630.\n"
    found = quotes(text, "members: makers of violins, painters, keepers of owls")
    assert "the makers of violins\n- the painters\n- the keepers of owls" in found


def test_a_line_under_a_label_can_be_quoted_however_short(quotes):
    text = (
        "The guild\n\nAddress:\n\nLane 7, Cremona\n\nPurpose:\n\nThe guild keeps owls in the old "
        "town and teaches all the young to paint violins of gold."
    )
    assert "Lane 7, Cremona" in quotes(text, "lane in Cremona")


def test_a_label_that_the_question_names_speaks_for_what_stands_under_it(answerer_of):
    text = (
        "The guild\n\nPostal address:\n\nLane 7, Cremona\n\nAddress:\n\nLane 8, Vienna\n\n"
        "Purpose:\n\nThe guild of the old town keeps owls. The guild has a town of its own."
    )
    answerer = answerer_of({"text.txt": text})

    def gain(weight):
        tuned = answerer.retuned(shipped().replaced("sentences.label_weight", weight))
        ((_, pool),) = tuned.quotable(Question("address of the guild"))
        return {one.text: one.score for one in pool}

    with_label, without = gain(0.1), gain(0.0)
    moved = {one for one, score in with_label.items() if score > without[one]}
    assert moved == {"Lane 8, Vienna"}


CREMONA, VIENNA = "Golden violins were made in Cremona.", "Golden violins were sold in Vienna."


def test_what_was_just_answered_comes_after_what_is_new(answerer_of):
    # To words alone the two are alike, and the first of such comes first.
    answerer = answerer_of({"text.txt": f"{CREMONA} {VIENNA}"})
    before = "what of golden violins"

    def quoted(said):
        history = (Turn(before, said),)
        return answerer.ask(Question("and what else of them?", history)).citations[0].text

    assert quoted("") == CREMONA
    assert quoted(f"{CREMONA} [1]") == VIENNA
    assert quoted(f"{VIENNA} [1]") == CREMONA
    assert quoted("Golden violins were  made\nin Cremona. [1]") == VIENNA  # blanks do not count


@pytest.mark.parametrize(
    ("said", "next_one"),
    [
        ("Golden violins were made by hand for the court of …", VIENNA),
        ("Golden violins were made by hand", "made"),  # too little to be that sentence
    ],
)
def test_an_answer_that_was_cut_short_was_the_answer(answerer_of, said, next_one):
    made = "Golden violins were made by hand for the court of Cremona."
    answerer = answerer_of({"text.txt": f"{made} {VIENNA}"})
    history = (Turn("what of golden violins", said),)
    quoted = answerer.ask(Question("and what else of them?", history)).citations[0].text
    assert next_one in quoted


def test_an_answer_that_is_whole_is_no_longer_sentence_cut_short(answerer_of):
    made = "Golden violins were made by hand for the court of Cremona"
    answerer = answerer_of({"text.txt": f"{made} that Anna kept. {VIENNA}"})
    history = (Turn("what of golden violins", f"{made}."),)
    quoted = answerer.ask(Question("and what else of them?", history)).citations[0].text
    assert quoted == f"{made} that Anna kept."


def test_what_was_answered_counts_for_follow_ups_alone(answerer_of):
    answerer = answerer_of({"text.txt": f"{CREMONA} {VIENNA}"})
    history = (Turn("what of golden violins", f"{CREMONA} [1]"),)
    question = Question("what of golden violins that were by many hands", history)
    assert answerer.ask(question).citations[0].text == CREMONA


def test_a_sentence_speaks_of_an_identifier_only_in_its_own_paragraph(answerer_of):
    text = (
        "# Birds\n\nResolution 2462 (2019) notes crowdfunding by donors of funds.\n\n"
        "Owls of the old town hunt for funds at night."
    )
    question = Question("what does resolution 2462 say of funds of owls")
    ((_, pool),) = answerer_of({"a.md": text}).quotable(question)
    notes, owls = sorted((one.sentence for one in pool), key=lambda one: one.start)
    assert notes.identifiers == notes.subjects == notes.answers_for
    assert len(notes.identifiers) == 1
    assert owls.text.startswith("Owls")
    assert owls.identifiers == owls.subjects == owls.answers_for == frozenset()


@pytest.mark.parametrize("name", ["resolution 2462", "UNSCR 2462", "S/RES/2462"])
def test_a_sentence_about_the_identifier_comes_before_one_that_names_it_in_passing(quotes, name):
    text = (
        # The first words are the title, and a document with the identifier there is what it names.
        "All about the birds of the old town.\n\n"
        "Staff of many offices follow resolution 2462 (2019) on funds in their daily work. "
        "Resolution 2462 (2019) notes crowdfunding of funds by all donors in the world."
    )
    (first, *_) = quotes(text, f"what does {name} say of funds")
    assert first == "Resolution 2462 (2019) notes crowdfunding of funds by all donors in the world."


class Level:
    """A reader that makes the same of every sentence."""

    def __init__(self, logit):
        self.logit = logit

    def read(self, _, texts):
        return [self.logit] * len(texts)


def test_what_the_reader_thinks_little_of_is_not_quoted_beside_another(answerer_of, encoder):
    files = {"a.txt": f"{CREMONA} Then came war.", "b.txt": "Grey owls were counted in Norway."}
    generation, free = answerer_of(files).generation, ServiceSettings(threshold=0)
    least = shipped().selection.least_logit

    def count(reader):
        answerer = Answerer(generation, encoder, free, reader=reader)
        return len(answerer.ask(Question("golden violins made, grey owls counted")).citations)

    assert count(None) == count(Level(least)) == 2
    assert count(Level(least - 0.1)) == 1


class Grim:
    """A reader that thinks little of every sentence."""

    def read(self, _, texts):
        return [-11.0] * len(texts)


def test_the_best_sentence_is_the_one_that_was_read_not_its_lead(answerer_of, encoder):
    text = (
        "Owls were counted in Norway. The museum opened a hall in Vienna. "
        "It displays golden violins daily."
    )
    generation = answerer_of({"text.txt": text}).generation
    answerer = Answerer(generation, encoder, ServiceSettings(threshold=0), reader=Grim())
    (found,) = answerer.find(Question("who displays golden violins"))
    assert found.citations[0].text.startswith("The museum")
    assert found.signals is not None
    assert found.signals.logit == -11  # and so little confidence


def test_citations_that_overlap_one_before_them_are_left_out(answerer_of):
    answerer = answerer_of({"a.txt": f"{CREMONA} {VIENNA}", "b.txt": f"{VIENNA} {CREMONA}"})
    database = answerer.generation.database
    a, b = (database.passages(database.rows_of([id]))[0] for id in ("a", "b"))

    def cited(passage, start, end):
        return Citation(passage, start, end, passage.text[start:end])

    first, touching, inside = cited(a, 0, 10), cited(a, 10, 20), cited(a, 5, 8)
    across, elsewhere = cited(a, 9, 12), cited(b, 0, 10)
    given = [first, touching, inside, across, elsewhere, first]
    assert choosing.without_overlaps(given) == (first, touching, elsewhere)
    # What repeats a citation goes where it goes.
    repeated = replace(cited(b, 20, 25), repeats=True)
    assert choosing.without_overlaps([first, repeated]) == (first, repeated)
    assert choosing.without_overlaps([first, inside, repeated]) == (first,)
    # And it gives way to what is a quote itself.
    assert choosing.without_overlaps([first, repeated, cited(b, 22, 30)]) == (
        first,
        cited(b, 22, 30),
    )


def test_a_script_without_capitals_is_quoted(quotes):
    quote = "تروي القناة الضيقة البستان كل صباح."
    assert quotes(f"{quote}", "متى تروي القناة الضيقة البستان") == [quote]


def test_the_head_of_a_page_is_not_quoted(quotes):
    # "United Nations S/RES/1956 (2010)*" matches the question best, and says nothing.
    text = "United Nations S/RES/1956 (2010)*\n\nThe Fund of the United Nations goes on to June."
    assert quotes(text, "United Nations 1956") == [
        "The Fund of the United Nations goes on to June."
    ]


class FondOfCremona:
    """A reader that is sure of one sentence, whatever is asked."""

    def read(self, _, texts):
        return [9.0 if text.endswith(CREMONA) else -9.0 for text in texts]


def test_what_was_just_answered_is_not_the_answer_where_something_else_is_asked_for(
    answerer_of, encoder
):
    generation = answerer_of({"text.md": f"# Music\n\n{CREMONA} {VIENNA}"}).generation
    answerer = Answerer(generation, encoder, ServiceSettings(threshold=0), reader=FondOfCremona())
    history = (Turn("what of golden violins", f"{CREMONA} [1]"),)

    def first(text):
        return answerer.ask(Question(text, history)).citations[0].text

    assert first("and when were they that?") == CREMONA
    assert first("and what else of them?") == VIENNA
