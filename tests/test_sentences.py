"""Where sentences end: marks, abbreviations, quotes and scripts that mislead a splitter."""

from __future__ import annotations

import time

import pytest

from index import sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences.split(text, 0, len(text))]


# In each text "|" stands where a sentence ends and the next begins.
WHOLE = {
    "footnote after a closing quote": "the spread of terrorism.”²²⁸ | As such, it acts.²²⁹ | Then?",
    "footnote before the full stop": "It sets a policy²³. | The next.",
    "footnote in mid-sentence": "It sets a policy²³, as all know. | The next.",
    "footnote at the very end": "It sets a policy.²³",
    "footnote that opens a note": "¹ See the report. | ² See the annex.",
    "footnote after a year": "The Council met in 2017.² | It rose.",
    "lowered footnote number": "It binds all States.13 | The Council met (in May).2 | It rose.",
    "no footnote number": "It is version 2.13 The Hague saw. | See para.13 Then.",
    "bracketed note mark": "It was adopted.[12] | The text follows.",
    "square unit": "The site has 10 m². | The next has more.",
    "omission in mid-sentence": "to “develop knowledge […] and to provide” help. | It did.",
    "omission before a capital": "to develop knowledge […] The Council to decide. | It did.",
    "omission in dots": "to develop knowledge [...] and to provide help. | It did.",
    "omission before the full stop": "to develop knowledge […]. | It did.",
    "dots that trail off": "They waited... and left. | All did.",
    "year in brackets": "It recalled resolution 2396 (2017). | It met in New York (2017) again.",
    "year in brackets before a capital": "In resolution 2354 (2017) Member States are asked.",
    "document symbol": "It is in the guide (S/2017/716). | The text (S/2017/716) is long.",
    "document symbol before a stop": "See S/2017/716. | Then see S/PRST/2016/6.",
    "UN Doc.": "It is UN Doc. S/2017/716. | Read it.",
    "e.g. and i.e.": "Use tools, e.g. Bitcoin, i.e. Virtual assets. | Stop.",
    "e.g. in brackets": "Advances (e.g., machine learning) are made. | Stop.",
    "U.S. before its noun": "It sat in the U.S. Senate that year. | It rose.",
    "U.S. at the end": "It happened in the U.S. | The law changed.",
    "U.N. and U.K.": "The U.N. Security Council and the U.K. Government met.",
    "Dr. and others": "Dr. Smith, Prof. Jones and Mrs. Brown met. | They left.",
    "et al.": "It was shown by Gov. Smith et al. | In 2015 it was shown again.",
    "No. 5": "It stands in No. 5 of the list, para. 6, and in Art. 3. | Read Nos. 7 and 8.",
    "no at the end": "Their answer was no. | The vote was lost.",
    "chapter in Roman numerals": "They act under Ch. VII of the Charter. | They may.",
    "months": "It met on Jan. 5 and on Sept. 6. | It rose.",
    "pages": "It is on pp. 5-7, vol. 2, fig. 3. | See p. 9.",
    "initials": "J. R. Smith wrote it. | Then J.R. Smith left. | Mr. J. Smith stayed.",
    "a letter at the end": "They took plan B. | The plan failed.",
    "etc. at the end": "Bring pens, paper, etc. | The rest is there.",
    "etc. in brackets in mid-sentence": "ICT issues (evidence, etc.) have been included.",
    "etc. in brackets at the end": "Bring things (pens, etc.). | The rest is there.",
    "etc. before a comma": "Bring pens, etc., at noon. | The rest is there.",
    "para. and cl.": "The duty in para. (b) and cl. 9 ends. | See subpara. (ii) and Reg. 5 (a).",
    "approx. and est.": "There are approx. 340 boats, est. 2011. | Each is new.",
    "Supp. No.": "It is in Official Records, Supp. No. 4 of it. | See Add. 1, Corr. 2 and Rev. 3.",
    "firms": "Globex Corp. Holdings, Sony Inc. Japan and Hull & Co. Lines met. | The rest came.",
    "numerals and letters": "It is in No. XII, No. A of it, and Ch. B of it. | Read vol. II.",
    "No alone": "He said No. | A vote followed.",
    "titles before names": "Dep. Min. Jones came to Ft. Worth. | Dir. Smith did not. | Go.",
    "degrees and notes": "J. Smith, LL.M. Harvard, ibid. Volume 2, ed. Miller, wrote. | The end.",
    "art as a word": "The museum shows art. | Visitors come daily.",
    "a letter before another word": "It stands in Annex A. | Members met. | Mr. A. Smith left.",
    "curly closing quote": "It ends “in peace.” | The next begins.",
    "curly single quote": "It ends ‘in peace.’ | The next begins.",
    "straight closing quote": 'It ends "in peace." | The next begins.',
    "straight single quote": "It ends 'in peace.' | The next begins.",
    "stop after the quote": "the use for terrorist purposes”. | The next begins.",
    "question in quotes goes on": "He asked “Why?” and left. | ‘Stop!’ she cried.",
    "opening quote": 'It ended. | "The next," he said. | “So it was.”',
    "brackets around a sentence": "Is that it? | (It is.) | The next begins.",
    "emphasis": "*It ends.* | **The next.** | _And this._ | ***All.*** | Then.",
    "emphasis around a bracket": "*It ends (there.)* | The next begins.",
    "emphasis in mid-sentence": "called ***Tech Against Terrorism***. | This initiative grew.",
    "question and exclamation marks": "What? | No! | Is it so?! | Well.",
    "decimals and addresses": "Version 2.5 is at www.un.org/a.b today. | Read it.",
    "number at the end": "They were 193. | The next year they were more.",
    "numbers of items in a line": "1. Adopt it. | 2. Report on it.",
    "Chinese": "第一句。 | 第二句！ | 第三句？ | 「第四句。」 | 第五句",
    "Arabic": "هل هذا صحيح؟ | نعم هو كذلك.",
    "Hindi": "यह पहला वाक्य है। | यह दूसरा है।",
    "Urdu": "یہ پہلا جملہ ہے۔ | یہ دوسرا ہے۔",
    "Spanish": "¿Qué pasa? | ¡Nada! | Está bien.",
    "line ends in mid-sentence": "The Council\nmet in\r\nNew York. | It\nrose.",
    "no full stop": "Capacity to use special techniques",
}


@pytest.mark.parametrize("marked", WHOLE.values(), ids=WHOLE.keys())
def test_sentences_end_where_a_reader_ends_them(marked):
    # Scripts without blanks between sentences have none in the text either.
    blank = "" if "第" in marked else " "
    assert cut(marked.replace(" | ", blank)) == marked.split(" | ")


def test_spans_count_from_the_start_of_the_whole_text():
    text = "Before. It is here.  And there. After."
    # "It is here." starts after "Before. ", at 8; two blanks follow it.
    assert list(sentences.split(text, 8, 31)) == [(8, 19), (21, 31)]


def test_blanks_of_every_kind_are_no_part_of_a_sentence():
    text = "\ufeff\u200b \xa0One.\u3000\u2028\x0cTwo.\u200b Three.\x85"
    assert cut(text) == ["One.", "Two.", "Three."]


@pytest.mark.parametrize("text", ["", " ", "\ufeff", "\n\t\xa0\u200b"])
def test_blanks_alone_hold_no_sentence(text):
    assert cut(text) == []


def test_every_mark_falls_into_one_sentence():
    text = "²²⁸ *“Go.”*²²⁹ (Stop!)[3]  …  “”  ).²³⁰ ¹"
    joined = "".join(cut(text))
    assert "".join(joined.split()) == "".join(text.split())


def test_a_short_sentence_is_its_own_only_piece():
    assert sentences.pieces("It is short.", (0, 12), 12) == [(0, 12)]


def test_a_sentence_is_cut_after_the_last_semicolon_that_fits():
    text = "one; two, three; four five"
    # At most 20 characters: "one; two, three; " is 17 long and ends in its second half.
    assert [text[slice(*span)] for span in sentences.pieces(text, (0, len(text)), 20)] == [
        "one; two, three;",
        "four five",
    ]


def test_a_sentence_without_semicolons_is_cut_after_a_comma_then_after_a_blank():
    text = "alpha beta, gamma delta epsilon"
    # At most 16: the comma stands at 10, in the second half of the first 16. Of the rest,
    # "gamma delta epsilon" (19), the last blank within 16 is the one after "delta".
    assert [text[slice(*span)] for span in sentences.pieces(text, (0, len(text)), 16)] == [
        "alpha beta,",
        "gamma delta",
        "epsilon",
    ]


def test_a_semicolon_in_the_first_half_leaves_no_tiny_piece():
    text = "a; bbbbbbbb cccccccc dddd"
    # The semicolon at 1 is in the first half of 20, so the cut is at the blank after the c's
    # (at 20, past the limit), and so at the one after the b's.
    assert [text[slice(*span)] for span in sentences.pieces(text, (0, len(text)), 20)] == [
        "a; bbbbbbbb",
        "cccccccc dddd",
    ]


def test_a_giant_sentence_without_blanks_is_cut_at_the_limit_and_loses_nothing():
    text = "ab𝔘\u0301" * 250_000
    found = sentences.pieces(text, (0, len(text)), 1000)
    assert len(found) == 1000
    assert {end - start for start, end in found} == {1000}
    assert "".join(text[start:end] for start, end in found) == text


def test_a_giant_sentence_with_semicolons_loses_only_blanks():
    text = "the first clause; " * 50_000
    found = [text[start:end] for start, end in sentences.pieces(text, (0, len(text)), 1680)]
    # 93 clauses of 18 characters fit into 1680; 50 000 = 537 * 93 + 59.
    assert len(found) == 538
    assert all(piece.endswith(";") for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())


def test_a_text_may_take_longer_than_nltk_allows_a_pattern(monkeypatch):
    # NLTK stops a pattern once the process has worked five seconds since it was first applied
    # to a text, whatever the process worked on.
    monkeypatch.setattr("nltk.redos.DEFAULT_TIMEOUT", 0.5)
    found = sentences.split("The Council met. " * 1000, 0, 17_000)
    next(found)
    until = time.process_time() + 0.6
    while time.process_time() < until:
        pass
    assert len(list(found)) == 999


RECITALS = ", ".join(f"recalling report {number} of the panel on coasts" for number in range(20))


@pytest.mark.parametrize(
    "decides",
    [
        "decides that each State shall appoint a commissioner by June.",
        "and further requests the Secretary to report on it each year.",
        "Calls upon all States to plant mangroves.",
    ],
)
def test_a_clause_that_decides_is_a_piece_of_its_own(decides):
    text = f"The Conference, {RECITALS}, gravely concerned at the loss of mangroves, {decides}"
    found = [text[slice(*span)] for span in sentences.pieces(text, (0, len(text)), 500)]
    assert found[-1] == decides
    assert len(found) > 2


def test_long_clauses_between_semicolons_are_pieces_of_their_own():
    clauses = [
        f"the skipper of boat {number} shall report the draught of the vessel to the tower of the "
        "harbour before noon;"
        for number in range(9)
    ]
    text = " ".join(clauses)
    found = [text[slice(*span)] for span in sentences.pieces(text, (0, len(text)), 500)]
    assert found == clauses
