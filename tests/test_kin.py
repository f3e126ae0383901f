"""Documents of one symbol are told apart, and it is said which they are."""

from __future__ import annotations

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
