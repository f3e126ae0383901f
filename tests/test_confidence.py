"""When a question is declined, and what is said."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from conftest import SureReader

from index.config import read
from index.errors import InvalidSetting
from qa.answer import confidence
from qa.answer.confidence import NAMES, Risk, Signals, Weights
from qa.errors import UnknownDocument
from qa.pipeline import Answerer
from qa.records import Question, Refusal, Turn
from qa.service import server
from qa.settings import ServiceSettings
from qa.tuning import shipped

FILES = {"a.txt": "Resolution 2462 (2019) notes crowdfunding by donors of every kind."}
COUNT = len(NAMES)


def weights(bias=0.0, **changed):
    """A model in which each signal counts 1, is centred and has the scale 1."""
    fields = {"mean": (0.0,) * COUNT, "scale": (1.0,) * COUNT, "weight": (1.0,) * COUNT}
    return Weights(bias=bias, threshold=0.5, **{**fields, **changed})


def refusal_of(answerer: Answerer, text: str, *history: Any, **options: Any) -> Refusal:
    """Why ``answerer`` declines the question, which it must."""
    refusal = answerer.ask(Question(text, *history, **options)).refusal
    assert refusal is not None
    return refusal


def alike(value):
    return Signals(*[value] * COUNT)


def test_confidence_is_the_logistic_of_the_standardised_and_weighted_signals():
    # Each signal gives weight (value - mean) / scale = 0.5 (3 - 1) / 4 = 1/4, beside a bias of -1.
    model = weights(-1.0, mean=(1.0,) * COUNT, scale=(4.0,) * COUNT, weight=(0.5,) * COUNT)
    expected = 1 / (1 + math.exp(1 - COUNT / 4))
    assert model.confidence(alike(3.0)) == pytest.approx(expected)


@pytest.mark.parametrize("place", range(COUNT), ids=NAMES)
def test_confidence_rises_and_falls_with_each_signal_as_its_weight_has_it(place):
    only = tuple(float(number == place) for number in range(COUNT))
    low, high = alike(0.0), Signals(*only)
    assert weights(weight=only).confidence(high) > weights(weight=only).confidence(low) == 0.5
    against = tuple(-one for one in only)
    assert weights(weight=against).confidence(high) < 0.5


@pytest.mark.parametrize("value", [-1e300, 1e300])
def test_signals_out_of_all_bounds_give_a_probability(value):
    confidence = weights().confidence(alike(value))
    assert 0 <= confidence <= 1
    assert (confidence > 0.5) == (value > 0)


def test_the_fitted_weights_are_those_of_the_signals_that_there_are():
    stored = json.loads(confidence.WEIGHTS.read_text(encoding="utf-8"))
    model = confidence.fitted()
    assert set(stored["signals"]) == set(NAMES)
    assert len(model.mean) == len(model.scale) == len(model.weight) == COUNT
    assert all(one > 0 for one in model.scale)
    assert 0 < model.threshold < 1
    average = Signals(*model.mean)  # nothing of it is unusual, so the bias alone speaks
    assert model.confidence(average) == pytest.approx(1 / (1 + math.exp(-model.bias)))


def test_the_fitted_threshold_holds_where_the_settings_name_none(answerer_of, encoder):
    generation = answerer_of(FILES).generation
    question = Question("zzz qqq xxx")
    (found,) = Answerer(generation, encoder, ServiceSettings(threshold=0)).find(question)
    fitted = Answerer(generation, encoder, ServiceSettings(threshold=None)).ask(question)
    assert (fitted.refusal is None) == (found.confidence >= confidence.fitted().threshold)
    just = ServiceSettings(threshold=found.confidence)  # as much as is needed is enough
    assert Answerer(generation, encoder, just).ask(question).refusal is None


CURVE = (Risk(0.1, 0.8, 0.05), Risk(0.2, 0.6, 0.1), Risk(0.4, 0.2, 0.3))


def test_a_threshold_is_chosen_by_the_share_of_wrong_answers_that_it_allows(answerer_of, encoder):
    model = weights(risks=CURVE)
    found = [model.at_risk(one) for one in (0.1, 0.15, 0.2, 0.9)]
    assert found == pytest.approx([0.8, 0.7, 0.6, 0.2])
    generation = answerer_of(FILES).generation
    answerer = Answerer(generation, encoder, ServiceSettings(risk=0.15), weights=model)
    assert answerer._threshold == pytest.approx(0.7)
    with pytest.raises(InvalidSetting, match=r"ATTEST_RISK: no confidence .* least .* is 0.1"):
        Answerer(generation, encoder, ServiceSettings(risk=0.05), weights=model)


def test_a_risk_that_cannot_be_kept_stops_the_service_at_its_start(monkeypatch, tmp_path):
    monkeypatch.setenv("ATTEST_DATA", str(tmp_path))
    with pytest.raises(InvalidSetting, match="the least that can be"):
        server.run(ServiceSettings(risk=0.001))


def test_threshold_and_risk_exclude_each_other():
    with pytest.raises(InvalidSetting, match="ATTEST_THRESHOLD and ATTEST_RISK exclude each other"):
        read(ServiceSettings, threshold=0.5, risk=0.1)


def test_a_collection_has_the_weights_that_were_fitted_to_it(tmp_path, caplog):
    assert confidence.of_collection(tmp_path) == confidence.fitted()
    own = weights(0.25, risks=CURVE)
    at = tmp_path / confidence.OWN
    confidence.write(at, own, beside=confidence.fitted().digest)
    assert confidence.of_collection(tmp_path) == own
    assert not caplog.records


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"beside": "another"}', "\x00"])
def test_weights_that_do_not_belong_here_are_told_and_passed_over(tmp_path, caplog, content):
    (tmp_path / confidence.OWN).write_text(content)
    assert confidence.of_collection(tmp_path) == confidence.fitted()
    assert "'attest eval fit'" in caplog.text


def test_weights_that_lack_something_are_passed_over(tmp_path, caplog):
    (tmp_path / confidence.OWN).write_text(json.dumps({"beside": confidence.fitted().digest}))
    assert confidence.of_collection(tmp_path) == confidence.fitted()
    assert "cannot be read" in caplog.text


@pytest.fixture
def signals(answerer_of):
    def run(question, text):
        (found,) = answerer_of({"text.txt": text}).find(Question(question))
        return found.signals

    return run


def test_what_lacks_the_date_asked_for_is_told(signals):
    assert signals("when were violins made", "Violins were made by hand in the town.").kind == 1
    assert signals("when were violins made", "Violins were made by hand in 1701.").kind == 0


def test_the_best_quote_need_not_lead_those_that_contradict_it(answerer_of):
    one = "The fee of the harbour is five marks a year for boats."
    answerer = answerer_of({"a.txt": one, "b.txt": one.replace("five", "six")})
    question = Question("what is the fee of the harbour for boats")
    ((_, pool),), (found,) = answerer.quotable(question), answerer.find(question)
    assert found.signals is not None
    assert found.signals.margin == pytest.approx(pool[0].score)  # there is nothing else


def test_names_that_the_whole_document_lacks_count_by_their_share(signals):
    text = "Chad was there.\n\n" + "Rivers run to the sea. " * 60 + "\n\nViolins came from Mali."
    assert signals("did violins come from Mali", text).names == 0
    assert signals("did violins come to Chad from Mali", text).names == 0  # far from the quote
    assert signals("did violins come from Mali to Peru", text).names == 1 / 2
    assert signals("did violins come from mali to peru", text).names == 0


def test_an_unknown_identifier_is_declined_by_name(answerer_of):
    answer = answerer_of(FILES).ask(Question("what does resolution 1540 cover"))
    assert answer.refusal is not None
    assert answer.refusal.reason == "unknown_identifier"
    assert answer.refusal.unknown_identifiers == ("resolution 1540",)
    assert "resolution 1540" in answer.refusal.message
    assert (answer.text, answer.citations, answer.confidence) == ("", (), 0.0)
    assert answer.passages  # the nearest are shown all the same


def test_under_the_threshold_missing_words_are_named(answerer_of, encoder):
    generation = answerer_of(FILES).generation
    strict = Answerer(generation, encoder, ServiceSettings(threshold=1))
    refusal = refusal_of(strict, "crowdfunding of bakeries")
    assert refusal is not None
    assert (refusal.reason, refusal.missing_terms) == ("missing_terms", ("bakeries",))
    # One word of two may be another's way to say it; a name that is nowhere is what was meant.
    assert "probably do not answer" not in refusal.message
    named = refusal_of(strict, "what crowdfunding of donors does Zorbla notice")
    assert "Zorbla" in named.missing_terms
    assert "probably do not answer" in named.message


def test_of_the_question_before_names_alone_are_told_as_missing(answerer_of, encoder):
    generation = answerer_of(FILES).generation
    strict = Answerer(generation, encoder, ServiceSettings(threshold=1))

    def missing(before):
        return refusal_of(strict, "and who else?", (Turn(before, ""),)).missing_terms

    assert missing("does crowdfunding of bakeries help donors") == ()
    assert missing("does crowdfunding of Zorbla help donors") == ("Zorbla",)


def test_a_name_that_the_question_explains_itself_is_not_all_that_it_is_about(answerer_of, encoder):
    generation = answerer_of(FILES).generation
    reader = SureReader(3.0)
    strict = Answerer(generation, encoder, ServiceSettings(threshold=1), reader=reader)

    def message(name):
        question = f"what crowdfunding of donors does {name} notice"
        return refusal_of(strict, question).message

    assert "probably do not answer" in message("Zorbla")
    assert "probably do not answer" not in message("Zorbla, the kind of donors,")
    assert "probably do not answer" not in message("Zorbla (kind of donors)")


def test_a_refusal_blames_no_word_of_the_question_before_nor_the_kind_asked_for(
    strict, monkeypatch
):
    before = (Turn("Does Microsoft lead the forum in Geneva?", ""),)
    message = strict.ask(
        Question("and which year was it founded?", before, top_k=1)
    ).refusal.message
    assert message.endswith("whether they answer it is for you to judge.")


def test_a_name_that_is_nowhere_leaves_little_confidence(answerer_of):
    answerer = answerer_of(FILES)
    answerer.weights = weights(5.0, weight=(0.0,) * COUNT)
    named = answerer.ask(Question("what crowdfunding of donors does Zorbla notice"))
    assert named.confidence == shipped().confidence.nameless
    unnamed = answerer.ask(Question("what crowdfunding of donors does bakery notice"))
    assert unnamed.confidence > 0.9


def test_under_the_threshold_without_missing_words_the_reason_is_low_confidence(
    answerer_of, encoder
):
    generation = answerer_of(FILES).generation
    strict = Answerer(generation, encoder, ServiceSettings(threshold=1))
    refusal = refusal_of(strict, "crowdfunding by donors")
    assert refusal is not None
    assert refusal.reason == "low_confidence"


@pytest.mark.parametrize(
    "question",
    ["¿qué dice la resolución del consejo?", "安全理事会决议说了什么", "что такое резолюция"],
)
def test_a_question_in_another_language_is_declined_for_that(answerer_of, encoder, question):
    answerer = Answerer(answerer_of(FILES).generation, encoder, ServiceSettings(threshold=0.4))
    refusal = refusal_of(answerer, question)
    assert refusal.reason == "unread_language"
    assert "the models read English alone" in refusal.message
    assert answerer.ask(Question(question)).confidence <= 0.3
    english = refusal_of(answerer, "what are the bakeries of kings for")
    assert english.reason == "missing_terms"


def test_what_stands_in_another_language_is_not_judged(answerer_of, encoder):
    arabic = (
        "يعاقب القانون على تهريب الرمال من النهر بالسجن لمدة خمس سنوات. "
        "قرار مجلس الأمن رقم 2462 يتعلق بتمويل الإرهاب. وتقدم اللجنة تقريرها السنوي إلى البرلمان."
    )
    generation = answerer_of({"sand.md": f"# Sand\n\n{arabic}"}).generation
    answerer = Answerer(generation, encoder, ServiceSettings(threshold=0.4))
    refusal = refusal_of(answerer, "what does the law say of the theft of 2462")
    assert refusal.reason == "unread_language"
    assert refusal.message.startswith("What comes nearest, in “Sand”, is in Arabic.")


def test_a_refusal_tells_of_a_wrong_year_as_an_answer_does(answerer_of, encoder):
    files = {"a.txt": "Resolution 2462 (2019) notes crowdfunding by donors of all kinds."}
    strict = Answerer(answerer_of(files).generation, encoder, ServiceSettings(threshold=1))
    told = "The documents have resolution 2462 of 2019; the question says 2018."
    assert told in refusal_of(strict, "what does resolution 2462 (2018) note").message
    right = refusal_of(strict, "what does resolution 2462 (2019) note")
    assert "the question says" not in right.message


def test_a_question_of_strange_words_is_told_to_try_english(answerer_of, encoder):
    strict = Answerer(answerer_of(FILES).generation, encoder, ServiceSettings(threshold=1))
    assert "try it in English" in refusal_of(strict, "mandato xqzt resumén CTED").message
    english = refusal_of(strict, "crowdfunding of bakeries by kings")
    assert "try it in English" not in english.message


TWO = {
    "forum.txt": "Microsoft founded the forum in Geneva.",
    "group.txt": "Ecuador leads the working group of States.",
    "other.txt": "Resolution 2462 (2019)\n\nThe Council calls for it.",
}


@pytest.fixture
def strict(answerer_of, encoder):
    generation = answerer_of(TWO).generation
    return Answerer(generation, encoder, ServiceSettings(threshold=1))


def test_of_two_parts_the_weakest_is_named(strict):
    # "forum" is all of the second that is there, but each of its words is somewhere.
    question = Question("who founded the forum in Geneva; what working Microsoft leads Ecuador")
    weakest = min(strict.find(question), key=lambda one: one.confidence)
    refusal = strict.ask(question).refusal
    assert refusal.reason == "low_confidence"
    assert f"“{weakest.reading.text}”" in refusal.message
    (other,) = (one for one in strict.find(question) if one.reading != weakest.reading)
    assert other.reading.text not in refusal.message


def test_of_one_question_no_part_is_named(strict):
    refusal = refusal_of(strict, "who founded the forum in Geneva")
    assert "answers the question." in refusal.message


def test_a_refusal_says_which_names_were_found_and_what_is_to_be_expected(strict):
    def message(question, faint):
        told = strict.retuned(shipped().replaced("confidence.faint", faint))
        return refusal_of(told, question, top_k=1).message

    spoken = "no sentence could be picked out that surely answers the question."
    assert message("does Microsoft working lead the forum in Geneva", 0.0) == (
        f"The documents speak of Microsoft and Geneva, but {spoken} "
        "The closest sentences are quoted, without “working”; whether they answer it is for you to "
        "judge."
    )
    assert message("does Ecuador lead the forum of Microsoft in Geneva", 0.0).endswith(
        "The closest sentences are quoted; none of them has “Ecuador”."
    )
    assert message("does Microsoft working lead the forum in Geneva", 1.0).endswith(
        "The closest sentences are quoted, but they probably do not hold the answer."
    )


def test_a_name_in_another_form_is_not_said_to_be_missing(answerer_of, encoder):
    files = {"forum.txt": "The Syrian forum was founded in Geneva.", "other.txt": "Ecuador leads."}
    generation = answerer_of(files).generation
    strict = Answerer(generation, encoder, ServiceSettings(threshold=1))
    message = refusal_of(strict, "was the forum of Ecuador founded", top_k=1).message
    assert "none of them has “Ecuador”" in message
    found = refusal_of(strict, "was the forum of Syria founded", top_k=1)
    assert "none of them has" not in found.message


def test_words_that_say_little_are_not_given_as_the_reason(strict):
    found = refusal_of(strict, "was the forum in Geneva ever far")
    assert "far" in found.missing_terms
    assert "“far”" not in found.message
    assert "without" not in found.message
    assert found.reason == "low_confidence"
    found = refusal_of(strict, "was the forum in Geneva overtaken far")
    assert "never use “overtaken”" in found.message
    assert found.reason == "missing_terms"


def test_the_missing_words_are_those_of_the_weakest_part(strict):
    question = Question("who founded the forum in Geneva; what do zebras and walruses eat")
    weakest = min(strict.find(question), key=lambda one: one.confidence)
    refusal = strict.ask(question).refusal
    assert refusal.missing_terms == weakest.reading.missing_terms


def test_a_part_about_an_unknown_identifier_alone_is_declined_by_name(strict):
    refusal = strict.ask(
        Question("who founded the forum and what does resolution 1540 say")
    ).refusal
    assert (refusal.reason, refusal.unknown_identifiers) == (
        *("unknown_identifier", ("resolution 1540",)),
    )


def test_a_quoted_phrase_that_is_nowhere_is_declined_as_such(answerer_of):
    refusal = answerer_of(FILES).ask(Question('"donors of crowdfunding"')).refusal
    assert refusal is not None
    assert refusal.reason == "phrase_not_found"


def test_a_filter_by_an_unknown_document_is_an_error(answerer_of):
    with pytest.raises(UnknownDocument, match="nowhere"):
        answerer_of(FILES).ask(Question("donors", documents=("nowhere",)))


def test_stages_are_timed(answerer_of):
    timings = answerer_of(FILES).ask(Question("donors")).timings_ms
    assert list(timings) == ["interpret", "encode", "rank", "quote", "choose", "passages", "total"]


BESIDE = shipped().confidence.beside


@pytest.fixture
def sure_of(answerer_of, encoder):
    """How sure a service with a sure reader is of a question over files, or over some of them."""

    def run(files):
        generation, settings = answerer_of(files).generation, ServiceSettings(threshold=0)
        answerer = Answerer(generation, encoder, settings, reader=SureReader(40.0))

        def confidence(question, *documents):
            asked = Question(question, documents=documents or None)
            return answerer.find(asked)[0].confidence

        return confidence

    return run


def test_a_fragment_without_a_word_of_the_question_says_neither_yes_nor_no(sure_of):
    text = "# Visits\n\nIssues include:\n\n- Laws against the misuse of networks\n- Fees"
    confidence = sure_of({"a.md": text})
    assert confidence("Do States block encrypted apps?") <= BESIDE
    assert confidence("Do States make laws against misuse?") > BESIDE
    assert confidence("which encrypted apps do States block") > BESIDE


def test_what_should_be_is_not_answered_by_how_things_are(sure_of):
    confidence = sure_of(
        {
            "a.txt": "Many States share personal data with other States by treaty.",
            "b.txt": "States should share lists of stolen passports with other States.",
        }
    )
    assert confidence("Should States share personal data?", "a") <= BESIDE
    assert confidence("what data should States share", "a") <= BESIDE
    assert confidence("Do States share personal data?", "a") > BESIDE
    assert confidence("Should States share lists of stolen passports?", "b") > BESIDE


def test_what_is_there_for_its_identifier_alone_says_neither_yes_nor_no(sure_of):
    text = "Resolution 1373 (2001), adopted after attacks, asks States to exchange facts."
    confidence = sure_of({"a.txt": text})
    assert confidence("Did resolution 1373 establish the directorate?") <= BESIDE
    assert confidence("Was resolution 1373 adopted after attacks?") > BESIDE
    assert confidence("what does resolution 1373 ask") > BESIDE
