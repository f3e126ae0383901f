"""Where documents say something else in nearly the same words, a reader is told and sees both."""

from __future__ import annotations

import pytest

from qa.records import Question

LEAD = "In the long report of the river panel the members of the council"
PAIRS = {
    "name": ("{} heard Adeyemi of the delta", "{} heard Adebayo of the delta"),
    "number": ("{} counted fifteen boats on it", "{} counted fourteen boats on it"),
    "digits": ("{} counted 1,200 boats on it", "{} counted 1,300 boats on it"),
    "modal": ("{} shall report every theft of sand", "{} may report every theft of sand"),
    "negation": ("{} did report the theft of sand", "{} did not report the theft of sand"),
    "direction": ("{} saw exports of sand increased", "{} saw exports of sand decreased"),
    "quantifier": ("{} saw all exports of sand stop", "{} saw some exports of sand stop"),
    "verb": ("{} extends the mandate for sand", "{} refuses to extend the mandate for sand"),
}


@pytest.fixture(params=PAIRS, ids=str)
def pair(request):
    return [f"{one.format(LEAD)} in the dry season of that year." for one in PAIRS[request.param]]


def asked(answerer_of, texts, question):
    files = {f"{n}.txt": f"{text} Then came rain." for n, text in enumerate(texts)}
    return answerer_of(files).ask(Question(question))


def test_no_minimal_pair_is_merged_and_both_are_quoted(answerer_of, pair):
    answer = asked(answerer_of, pair, "what of the council of the river panel in the dry season")
    assert not any(one.repeats for one in answer.citations)
    assert {one.text for one in answer.citations} == set(pair)
    assert any(one.startswith("The quotes differ: where one has") for one in answer.caveats)


@pytest.mark.parametrize(
    ("kind", "word"),
    [("name", "Adeyemi"), ("number", "fifteen"), ("digits", "1,200"), ("direction", "increased")],
)
def test_what_the_question_tells_apart_is_quoted_alone(answerer_of, kind, word):
    texts = [f"{one.format(LEAD)} in the dry season of that year." for one in PAIRS[kind]]
    answer = asked(answerer_of, texts, f"what did the council of the panel: {word}")
    assert [one.text for one in answer.citations] == texts[:1]


def test_a_letter_that_the_question_names_tells_apart(answerer_of):
    texts = [f"The boats of group {one} carry sand of the river to the sea." for one in "BC"]
    answer = asked(answerer_of, texts, "what do the boats of group B carry")
    assert [one.text for one in answer.citations] == texts[:1]


def test_the_words_that_differ_are_named(answerer_of):
    one, other = (f"{LEAD} {verb} report every theft." for verb in ("shall", "may"))
    answer = asked(answerer_of, [one, other], "what of the council of the panel and theft")
    assert any("“shall”" in caveat and "“may”" in caveat for caveat in answer.caveats)


def test_a_word_that_one_has_more_is_named_alone(answerer_of):
    one, other = (f"{LEAD} did {word}report the theft of sand." for word in ("", "not "))
    answer = asked(answerer_of, [one, other], "what of the council of the panel and theft")
    assert "The quotes differ: where one has nothing, another has “not”." in answer.caveats


def test_more_than_can_be_quoted_are_counted_in(answerer_of):
    texts = [f"{LEAD} counted {number} boats on it." for number in ("ten", "six", "nine", "two")]
    answer = asked(answerer_of, texts, "how many boats did the council of the panel count")
    assert len(answer.citations) == 3
    assert any("Further passages differ" in caveat for caveat in answer.caveats)


def test_the_same_words_about_another_are_no_repeat(answerer_of):
    said = "The mandate of the mission ends on the last day of June in the dry season."
    files = {
        "mali.md": f"# Mission in Mali\n\n{said}\n",
        "chad.md": f"# Mission in Chad\n\n{said}\n",
        "copy.md": f"# Mission in Mali, again\n\n{said}\n",
    }
    answer = answerer_of(files).ask(Question("when does the mandate of the mission in Mali end"))
    cited = [(one.passage.document.id, one.repeats) for one in answer.citations]
    assert ("chad", True) not in cited
    assert {id for id, _ in cited} == {"mali", "copy"}


@pytest.mark.parametrize(
    ("one", "other", "question"),
    [
        ("Phase 2", "Phase 3", "Who appoints the coordinator of phase 2?"),
        ("Committee B", "Committee A", "Who appoints the coordinator of Committee B?"),
        ("The US programme", "The UK programme", "Who appoints the US coordinator?"),
        ("Mission in Sudan", "Mission in South Sudan", "Who appoints the coordinator in Sudan?"),
        ("Annex I", "Annex II", "Who appoints the coordinator of Annex I?"),
    ],
)
def test_headings_that_differ_in_a_number_or_a_letter_are_of_different_things(
    answerer_of, one, other, question
):
    said = "The coordinator is appointed by the board of trustees for two years."
    files = {"a.md": f"# {one}\n\n{said}\n", "b.md": f"# {other}\n\n{said}\n"}
    answer = answerer_of(files).ask(Question(question))
    assert not any(one.repeats for one in answer.citations)


@pytest.mark.parametrize(
    ("pair", "question"),
    [
        (("lifted", "extended"), "Was the embargo on the river {}?"),
        (("permitted", "prohibited"), "Is the embargo on the river {}?"),
        (("ended in 1901", "ended in 1911"), "Was the embargo on the river {}?"),
    ],
)
def test_a_question_of_yes_or_no_is_told_what_denies_it(answerer_of, pair, question):
    texts = [f"The embargo on the river was {one} by the council." for one in pair]
    answer = asked(answerer_of, texts, question.format(pair[0]))
    assert {one.text for one in answer.citations} == set(texts)


def test_short_sentences_that_differ_in_two_words_are_both_told(answerer_of):
    texts = ["The mission in Mali ended in March 2019.", "The mission in Mali ended in June 2018."]
    answer = asked(answerer_of, texts, "When did the mission in Mali end?")
    assert {one.text for one in answer.citations} == set(texts)


def test_items_of_one_list_do_not_contradict_each_other(answerer_of):
    text = "The members of the panel are:\n\n- Ms. Aho of the north\n- Ms. Bea of the south\n"
    answer = answerer_of({"a.md": text}).ask(Question("who are the members of the panel"))
    assert not any("differ" in one for one in answer.caveats)


def test_items_of_one_list_in_nearly_the_same_words_do_not_contradict_each_other(answerer_of):
    ends = ("is paid by the first fund of the panel", "is paid by the second fund of the panel")
    text = "# Funds\n\n" + "".join(f"- The keeper of boats {one}\n" for one in ends)
    answer = answerer_of({"a.md": text}).ask(Question("by which fund is the keeper of boats paid"))
    assert answer.citations[0].text.endswith(ends[0])
    assert not any("differ" in one for one in answer.caveats)


@pytest.mark.parametrize(
    ("titles", "question"),
    [
        (("Visas for the United States", "Visas for Germany"), "When may the US be applied to?"),
        (("Agency of France", "Agency of Germany"), "until when does the French agency accept"),
        (("Agency of France", "Agency of Germany"), "until when are applications accepted"),
    ],
)
def test_what_names_nothing_itself_is_repeated_only_in_the_same_context(
    answerer_of, titles, question
):
    said = "Applications are accepted until the first day of spring of each year."
    files = {f"{n}.md": f"# {one}\n\n{said}\n" for n, one in enumerate(titles)}
    answer = answerer_of(files).ask(Question(question))
    assert not any(one.repeats for one in answer.citations)
