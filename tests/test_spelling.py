"""Misspelled words are corrected against the collection's own, and nothing else is."""

from __future__ import annotations

import pytest
from conftest import answerer_over, at_most
from hypothesis import given, settings
from hypothesis import strategies as st
from known import ENGLISH
from service import serving, until

from qa.question.spelling import correct
from qa.records import Correction, Question
from qa.tuning import shipped

TUNING = shipped().question

FILES = {
    "forum.txt": "Microsoft founded the forum in Geneva. Funds are moved by crowdfunding. "
    "INTERPOL trains investigators. Resolution 2462 (2019) notes cryptocurrencies.",
    "more.txt": "All crowdfunding of terrorists is watched. The cave bears a bust of Einstein. "
    "Crowds gather. INTERPOL and Microsoft met.",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("spelling")


@pytest.fixture(scope="module")
def answerer(place):
    return answerer_over(place, FILES)


@pytest.fixture(scope="module")
def corrected(answerer):
    def run(text, kept=()):
        return correct(text, answerer.generation, list(kept), ENGLISH, TUNING)

    return run


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("forun", "forum"),  # a letter changed
        ("fourum", "forum"),  # one put in
        ("Genva", "Geneva"),  # one left out
        ("crowdfudning", "crowdfunding"),  # two swapped
        ("criptocurrancies", "cryptocurrencies"),  # two strokes in a long word
        ("rowdfunding", "crowdfunding"),  # one stroke, at the front
        ("microsfot", "Microsoft"),  # as the collection writes it
        ("interpl", "INTERPOL"),
        ("ubst", "bust"),  # of a short word, two letters that have changed places alone
        ("Crowdfundng", "Crowdfunding"),  # a capital that was typed stays
        ("Microsft's", "Microsoft's"),  # the ending is no part of the word
    ],
)
def test_a_slip_is_read_as_the_word_of_the_collection(corrected, typed, read):
    text, corrections = corrected(f"what of {typed} here?")
    assert text == f"what of {read} here?"
    assert corrections == (Correction(typed.removesuffix("'s"), read.removesuffix("'s")),)


@pytest.mark.parametrize(
    "word",
    [
        "crowdfunding",  # it is there
        "crowdfunded",  # its stem is
        "money",  # a common English word
        "wave",  # common, though "cave" is near
        "form",  # common, though "forum" is near
        "FORUN",  # capitals may be a name
        "fo",  # too short to tell
        "fro",
        "foxxm",  # two strokes are many in a short word
        "xyowdfunding",  # two strokes, and not its first letter
        "crwdfndin",  # more than two
        "zygomorphic",  # nothing is near
        "forun-like",  # part of a compound
        "forun.org",  # of an address
        "forun/x",
        "forun2",
        "sociétés",
        "安全理事会議",
    ],
)
def test_what_is_no_slip_stays(corrected, word):
    assert corrected(f"what of {word} here?") == (f"what of {word} here?", ())


def test_of_two_words_as_near_the_one_in_more_passages_is_meant(answerer_of):
    # "bluxter" is one stroke from either; two passages have "bluxler", one "bluxber".
    files = {"a.txt": "A bluxler and a bluxber stand.", "b.txt": "The bluxler stood here."}
    text, _ = correct("bluxter", answerer_of(files).generation, [], ENGLISH, TUNING)
    assert text == "bluxler"


def test_fewer_strokes_come_before_more_passages(answerer_of):
    # "quibbelton": one stroke from "quibbeltan" (1 passage), two from "quibbaltan" (2).
    files = {"a.txt": "One quibbeltan, one quibbaltan.", "b.txt": "The quibbaltan stood here."}
    text, _ = correct("quibbelton", answerer_of(files).generation, [], ENGLISH, TUNING)
    assert text == "quibbeltan"


def test_words_inside_the_kept_spans_stay(corrected):
    text = "forun and forun and forun"
    assert corrected(text, [(10, 15)])[0] == "forum and forun and forum"
    assert corrected(text, [(12, 13)])[0] == "forum and forun and forum"  # in part is enough


def test_corrections_come_in_order_each_as_often_as_it_was_made(corrected):
    _, corrections = corrected("what of the forun and of Genva; what does that forun want there")
    assert [one.typed for one in corrections] == ["forun", "Genva", "forun"]


@pytest.mark.parametrize(
    "text",
    [
        "quien fundo el forun y adonde estaban las oficinas",  # "forun" is one word in many
        "wer begrundete das forun damals uberhaupt",
        "qwzxk forun bvcxy mnbvq",
    ],
)
def test_where_most_words_are_unknown_the_text_is_in_another_language(corrected, text):
    assert corrected(text) == (text, ())


def test_two_slips_of_two_words_are_corrected_all_the_same(corrected):
    assert corrected("forun Genva")[0] == "forum Geneva"


def test_a_quoted_phrase_and_an_identifier_are_never_corrected(answerer):
    reading = answerer.ask(
        Question('forun of "forun cards" in resoluton S/RES/2462')
    ).interpretation
    assert reading.phrases == ("forun cards",)
    assert reading.identifiers == ("S/RES/2462",)
    assert reading.text.startswith('forum of "forun cards"')


def test_a_corrected_word_is_not_missing_and_one_that_is_left_is(answerer):
    reading = answerer.ask(Question("forun and zygomorphic")).interpretation
    assert reading.missing_terms == ("zygomorphic",)


def test_the_correction_is_shown_and_can_be_undone_over_http(answerer, place):
    with serving(place / "var", lambda: answerer) as client:
        until(lambda: client.get("/readyz").status_code == 200)

        def ask(**fields):
            response = client.post("/v1/ask", json={"question": "who founded the forun", **fields})
            assert response.status_code == 200
            return response.json()

        for reply in (ask(), ask(correct_spelling=True)):
            assert reply["question"] == "who founded the forun"
            assert reply["interpreted_as"] == "who founded the forum (“forun” read as “forum”)"
            assert reply["corrections"] == [{"typed": "forun", "read": "forum"}]
            assert reply["citations"][0]["cited_text"] == "Microsoft founded the forum in Geneva."
        undone = ask(correct_spelling=False)
        assert undone["interpreted_as"] == "who founded the forun"
        assert undone["corrections"] == []
        # A slip in an earlier question is read right too, and is no matter of this one.
        earlier = [{"question": "who founded the forun", "answer": ""}]
        follows = ask(question="and where was it founded?", history=earlier)
        assert follows["interpreted_as"] == "who founded the forum and where was it founded?"
        assert follows["corrections"] == []
        wrong = client.post("/v1/ask", json={"question": "forun", "correct_spelling": "perhaps"})
        assert wrong.status_code == 422


WORDS = st.one_of(
    st.sampled_from("forun Genva crowdfudning Microsft forum the FORUN fro 2462 x wave".split()),
    st.text(st.characters(categories=("L", "N")), min_size=1, max_size=12),
)


@given(words=st.lists(st.tuples(WORDS, st.booleans()), max_size=8))
@settings(max_examples=150, deadline=None, derandomize=True, database=None)
def test_only_what_is_not_kept_changes_and_only_into_words_of_the_collection(
    answerer, corrected, words
):
    text = " ".join(word for word, _ in words)
    kept, position = [], 0
    for word, keep in words:
        if keep:
            kept.append((position, position + len(word)))
        position += len(word) + 1
    found, corrections = corrected(text, kept)
    after = found.split(" ") if words else []
    assert len(after) == len(words)
    changed = [(was, now) for (was, _), now in zip(words, after, strict=True) if was != now]
    assert changed == [(one.typed, one.read) for one in corrections]
    assert all(now == was for (was, keep), now in zip(words, after, strict=True) if keep)
    vocabulary = answerer.generation.database.words
    assert all(now in vocabulary and was.lower() not in ENGLISH.words.stop for was, now in changed)
    assert all(corrected(now) == (now, ()) for _, now in changed)  # what was read is no slip


@pytest.mark.parametrize(
    "text",
    [
        "qwzxkv " * 285,
        "a" * 2000,
        "forun" * 400,
        "forun " * 333,
        "forun the fund " * 133,
        "".join(f"what does {chr(97 + n % 26)}{chr(97 + n // 26)}qzvkxyw " for n in range(90)),
        "é" * 2000,
        "x-" * 1000,
        "'" * 2000,
        "".join(chr(0x4E00 + n) + (" " if n % 5 == 4 else "") for n in range(1600)),
        "".join(f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}qzvk " for n in range(280)),
    ],
    ids=lambda text: text[:12],
)
def test_the_longest_question_is_corrected_at_once(corrected, text):
    with at_most(2):
        corrected(text)


def test_a_slip_in_a_word_without_content_is_left_alone(answerer_of):
    # "wich" is one stroke from "with", which the collection has, and from "which".
    generation = answerer_of({"a.txt": "Boats sail with care. Boats sail with sails."}).generation
    assert correct("wich boats sail", generation, [], ENGLISH, TUNING) == (
        "wich boats sail",
        (),
    )


def test_a_short_word_with_another_letter_is_another_word(corrected):
    assert corrected("a bxst of stone") == ("a bxst of stone", ())
