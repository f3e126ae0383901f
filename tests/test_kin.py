"""Documents of one symbol are told apart, and it is said which they are."""

from __future__ import annotations

from qa.records import Question

MASTHEAD = (
    "United Nations {symbol}\n\nSecurity Council\n\nDistr.: General\n\n1 August 2025\n\n"
    "Report of the Board on the pier\n\n{words}\n"
)


def test_revisions_and_copies_issued_again_are_said(index_of):
    report = index_of(
        {
            f"{name}.txt": MASTHEAD.format(symbol=symbol, words=f"The pier has {name} steps.")
            for name, symbol in [
                ("four", "S/2025/496"),
                ("five", "S/2025/496/Rev.1"),
                ("six", "S/2025/496*"),
                ("seven", "S/2025/497"),
                ("eight", "S/2025/497/Add.1"),
            ]
        }
    )
    told = {one.name: one.text for one in report.notices if "symbol" in one.text}
    assert {*told} == {"four.txt", "five.txt", "six.txt"}
    assert told["five.txt"] == (
        "is S/2025/496/Rev.1; of one symbol with S/2025/496 (four.txt), S/2025/496* (six.txt)"
    )


def test_texts_without_a_symbol_are_no_kin(index_of):
    report = index_of({"a.txt": "Boats\n\nBoats sail.\n", "b.txt": "Birds\n\nBirds sing.\n"})
    assert report.notices == ()


def test_who_asks_for_a_document_is_told_of_its_revision(answerer_of):
    words = "1. The pier has four steps.\n\n2. Its lamp is green.\n\n3. It is closed."
    revised = MASTHEAD.format(symbol="S/2025/496/Rev.1", words=words)
    answerer = answerer_of({"pier.txt": revised, "owls.txt": "Owls sleep by day."})

    def message(question):
        refusal = answerer.ask(Question(question)).refusal
        return refusal.message if refusal else ""

    held = "The collection holds S/2025/496/Rev.1."
    assert held in message("what does paragraph 2 of S/2025/496 say")
    assert held in message("what does S/2025/496 cover")
    assert "holds" not in message("what does S/2025/499 cover")
    (quote,) = answerer.ask(Question("what does paragraph 2 of S/2025/496/Rev.1 say")).citations
    assert quote.text == "Its lamp is green."
    without = answerer.generation.without(frozenset(["pier"]))
    assert without.database.kin_of("S/2025/496") == []
