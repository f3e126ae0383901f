"""Numbered paragraphs are found as people cite them, looked up, and told where there are none."""

from __future__ import annotations

import pytest
from conftest import answerer_over
from known import ENGLISH, over

from index import paragraphs
from index.records import Block, BlockKind, Document
from qa.question.identifiers import find_identifiers
from qa.question.paragraphs import asked
from qa.records import Question

P, ITEM, H = BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.HEADING


def document(*blocks: tuple[BlockKind, str, str]) -> Document:
    """A document of blocks, each with its mark and its text."""
    text, made = "", []
    for kind, mark, words in blocks:
        start = len(text) + len(mark) + 1
        text += f"{mark} {words}\n\n"
        made.append(Block(kind, start, start + len(words), mark=mark))
    return Document("d", "T", "d.txt", text, "", tuple(made))


def found(*blocks: tuple[BlockKind, str, str]) -> dict[str, str]:
    one = document(*blocks)
    return {
        paragraph.label: " ".join(one.text[paragraph.start : paragraph.end].split())
        for paragraph in paragraphs.find(one, ENGLISH)
    }


def test_paragraphs_are_counted_with_their_parts():
    assert found(
        *((H, "", "The title"), (P, "1.", "One."), (P, "2.", "Two:")),
        *(
            (ITEM, "(a)", "aa"),
            (ITEM, "(b)", "bb:"),
            (ITEM, "(i)", "x"),
            (ITEM, "(ii)", "y"),
            (ITEM, "(c)", "c"),
        ),
        (P, "3.", "Three."),
    ) == {
        "1": "One.",
        "2": "Two: (a) aa (b) bb: (i) x (ii) y (c) c",
        "2 (a)": "aa",
        "2 (b)": "bb: (i) x (ii) y",
        "2 (b) (i)": "x",
        "2 (b) (ii)": "y",
        "2 (c)": "c",
        "3": "Three.",
    }


def test_a_letter_that_is_a_numeral_too_goes_on_from_the_letter_before():
    labels = found((P, "1.", "One:"), *((ITEM, f"({letter})", letter) for letter in "abcdefghij"))
    assert [*labels][-2:] == ["1 (i)", "1 (j)"]


def test_a_list_within_a_paragraph_is_no_paragraph():
    inner = [(ITEM, f"{number})", "an item") for number in range(1, 6)]
    labels = found((P, "1.", "One."), (P, "2.", "Two:"), *inner, (P, "3.", "Three."))
    assert [*labels] == ["1", "2", "3"]
    assert labels["2"].endswith("5) an item")


def test_a_count_goes_on_over_numbers_that_were_lost():
    assert [*found((P, "1.", "One."), (P, "4.", "Four."), (P, "5.", "Five."))] == ["1", "4", "5"]


def test_an_annex_counts_anew():
    labels = found((P, "1.", "One."), (H, "", "Annex II"), (P, "1.", "Uno."), (P, "2.", "Due."))
    assert labels == {"1": "One.", "Annex II, 1": "Uno.", "Annex II, 2": "Due."}


def test_an_addendum_is_a_document_and_counts_as_one():
    assert found((H, "", "Addendum"), (P, "1.", "One.")) == {"1": "One."}


def test_what_is_named_by_a_word_is_found_under_its_name():
    labels = found(
        *((H, "", "Rule 67"), (P, "", "No one shall."), (H, "", "Rule 68"), (P, "", "All shall.")),
        *((P, "", "Article 7 provides that none may."), (P, "", "Article 8. None may.")),
    )
    assert {*labels} == {"rule 67", "rule 68", "article 8"}
    assert labels["rule 67"] == "Rule 67 No one shall."


def test_furniture_and_footnotes_end_no_paragraph():
    one = found((P, "1.", "One:"), (BlockKind.CHROME, "", "3/14"), (ITEM, "(a)", "aa"))
    assert "1 (a)" in one


CODE = (
    "The harbour code\n\n"
    "1. Every skipper shall report to the harbour office before noon.\n\n"
    "2. The harbour master may close the basin:\n\n"
    "(a) In a storm that the mast signals;\n\n"
    "(b) After a collision within the basin.\n\n"
    "3. Fees are paid in cash at the quay of the town.\n"
)
OTHER = (
    "The canal code\n\n"
    "1. Boats pass the lock one by one, and wait for the bell.\n\n"
    "2. The lock closes at dusk for all but the mail.\n"
)
ACT = (
    "Resolution 2462 (2019)\n\n1. Decides that all States shall report each year.\n\n2. Ends it.\n"
)


@pytest.fixture(scope="module")
def answerer(tmp_path_factory):
    files = {"act.txt": ACT, "canal.txt": OTHER, "harbour.txt": CODE}
    return answerer_over(tmp_path_factory.mktemp("codes"), files)


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        ("what does paragraph 12 (a) of it say", ["12(a)"]),
        ("para. 5(a)(ii)", ["5(a)(ii)"]),
        ("OP 5 (a) of 2769", ["5(a)"]),
        ("op3", ["3"]),
        ("annex II, para. 3", ["annex ii 3"]),
        ("paragraph 2 of annex I to the report", ["annex i 2"]),
        ("rule 67 and Article 7", ["rule 67", "article 7"]),
        ("which paragraphs speak of 12 States", []),
        ("the opinion of 5 States", []),
    ],
)
def test_paragraphs_are_read_in_questions(answerer, question, keys):
    known = over(answerer.generation.database)
    assert [key for key, _ in asked(question, known)] == keys


@pytest.mark.parametrize(
    ("question", "documents", "quote", "label"),
    [
        ("what does paragraph 2 say", ("canal",), "The lock closes at dusk", "2"),
        ("what does para 2 (b) say", ("harbour",), "After a collision within", "2 (b)"),
        ("what does paragraph 1 of resolution 2462 say", None, "Decides that all States", "1"),
        ("OP1 of S/RES/2462 (2019)", None, "Decides that all States", "1"),
    ],
)
def test_a_paragraph_is_looked_up(answerer, question, documents, quote, label):
    answer = answerer.ask(Question(question, documents=documents))
    (citation,) = answer.citations
    assert citation.text.startswith(quote)
    assert citation.paragraph == label
    assert answer.confidence > 0.9
    text = answerer.generation.database.text(citation.passage.document.id)
    assert text[citation.start : citation.end] == citation.text


def test_a_paragraph_is_quoted_with_its_parts(answerer):
    (citation,) = answerer.ask(Question("paragraph 2", documents=("harbour",))).citations
    assert citation.text.endswith("(b) After a collision within the basin.")


def test_a_paragraph_that_is_not_there_is_said_not_to_be_there(answerer):
    refusal = answerer.ask(Question("what does paragraph 9 of resolution 2462 say")).refusal
    assert refusal.reason == "unknown_paragraph"
    assert refusal.message.startswith("“Resolution 2462 (2019)” has no paragraph 9.")
    assert "run from 1 to 2" in refusal.message


def test_of_no_document_in_particular_nothing_is_looked_up(answerer):
    refusal = answerer.ask(Question("what does paragraph 9 say")).refusal
    assert refusal is None or refusal.reason != "unknown_paragraph"


def test_each_citation_says_in_which_paragraph_it_stands(answerer):
    answer = answerer.ask(Question("where are fees paid in cash"))
    assert answer.citations[0].paragraph == "3"


def test_a_symbol_is_known_as_addresses_write_it(answerer):
    known = over(answerer.generation.database)
    for question in ("paragraph 1 of s-res-2462", "paragraph 1 of S_RES_2462"):
        assert [one.key for one in find_identifiers(question, known)] == ["S/RES/2462"]
    assert find_identifiers("the well-known e-mail of the co-op", known) == []
