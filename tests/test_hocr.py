"""What a recogniser says of a picture, and the boxes of letters that it has wrong."""

from __future__ import annotations

import pytest

from index.errors import UnreadableDocument
from index.loading import hocr, ocr, pdf_faces, picture_sheets
from index.loading.ocr import Glyph, PrintLine, Word

Places = list[tuple[str, int, int]]
HEAD = "bbox 0 100 900 140; baseline 0 -10; x_size 50; x_descenders 10; x_ascenders 10"
USUAL: Places = [("a", 0, 20), ("b", 24, 44), ("c", 48, 68), ("d", 72, 92), ("e", 96, 116)]


def word(places: Places, box: tuple[int, int] | None = None, sure: int = 90) -> str:
    left, right = box or (places[0][1], max(end for _, _, end in places))
    letters = "".join(
        f"<span class='ocrx_cinfo' title='x_bboxes {start} 100 {end} 130; x_conf 99'>{one}</span>"
        for one, start, end in places
    )
    title = f"bbox {left} 100 {right} 140; x_wconf {sure}"
    return f"<span class='ocrx_word' title='{title}'>{letters}</span>"


def page(*lines: str, head: str = HEAD) -> bytes:
    spans = "".join(f"<span class='ocr_line' title=\"{head}\">{one}</span>" for one in lines)
    return f"<html><body>{spans}</body></html>".encode()


def sides(one: Word) -> list[tuple[int, int]]:
    return [(round(glyph.left), round(glyph.right)) for glyph in one.glyphs]


def test_letters_are_where_they_are_said_to_be():
    (line,) = hocr.lines(page(word(USUAL)))
    assert line.words[0].text == "abcde"
    assert sides(line.words[0]) == [one[1:] for one in USUAL]
    assert (line.middle, line.base, line.slope) == (450.0, 130.0, 0.0)
    assert line.words[0].sure == 0.9


def test_a_letter_that_spans_half_a_line_is_put_where_it_must_be():
    underlined = [*USUAL[:4], ("e", 60, 700)]
    lines = hocr.lines(page(*[word(USUAL)] * 3, word(underlined, (0, 116))))
    assert sides(lines[-1].words[0]) == [one[1:] for one in USUAL]


def test_a_word_that_reaches_over_the_next_is_cut():
    following = [(letter, start + 200, end + 200) for letter, start, end in USUAL]
    (line, *_) = hocr.lines(page(word(USUAL, (0, 900)) + word(following), *[word(USUAL)] * 3))
    first, second = line.words
    assert first.right <= second.left == 200


def test_letters_from_right_to_left_stand_so():
    arabic = [("ع", 96, 116), ("ا", 72, 92), ("م", 48, 68)]
    (line,) = hocr.lines(page(word(arabic, (48, 116))))
    assert sides(line.words[0]) == [one[1:] for one in arabic]
    astray = [("ع", 50, 60), ("ا", 72, 116), ("م", 100, 110)]
    lines = hocr.lines(page(*[word(arabic, (48, 116))] * 3, word(astray, (48, 116))))
    assert sides(lines[-1].words[0]) == [one[1:] for one in arabic]


def test_letters_that_are_not_told_share_their_word():
    plain = "<span class='ocrx_word' title='bbox 0 100 40 140; x_wconf 90'>abcd</span>"
    (line,) = hocr.lines(page(plain))
    assert sides(line.words[0]) == [(0, 10), (10, 20), (20, 30), (30, 40)]


@pytest.mark.parametrize(
    ("angle", "turn"), [("; textangle 90", 1), ("; textangle 180", 2), ("; textangle 270", 3)]
)
def test_a_line_that_is_turned_says_how(angle: str, turn: int):
    (line,) = hocr.lines(page(word(USUAL), head=HEAD + angle))
    assert line.turn == turn


@pytest.mark.parametrize(("tops", "turn"), [((100, 310), 3), ((310, 100), 1)])
def test_a_tall_line_runs_as_its_words_follow_one_another(tops: tuple[int, int], turn: int):
    words = "".join(
        f"<span class='ocrx_word' title='bbox 50 {top} 90 {top + 200}; x_wconf 95'>words</span>"
        for top in tops
    )
    head = "bbox 50 100 90 510; baseline -1672 16720; x_size 40"
    (line,) = hocr.lines(page(words, head=head))
    assert line.turn == turn
    first = line.words[0].glyphs
    assert (first[0].top < first[-1].top) is (turn == 3)
    assert all(50 <= one.left < one.right <= 90 for one in first)
    sheet = picture_sheets.of(1, (600, 800), 1.0, 0, ([line], []))
    (read,) = pdf_faces.face(sheet).pieces
    assert (read.text, read.turn) == ("words words", 4 - turn)


def test_what_is_no_line_is_passed_over():
    nothing = page(
        "", word([]) if False else "<span class='ocrx_word' title='bbox 0 0 9 9'> </span>"
    )
    assert hocr.lines(nothing) == []
    assert hocr.lines(page(word(USUAL), head="bbox 0 100 900 140")) == []
    assert hocr.lines(page(word(USUAL, (50, 50)))) == []
    with pytest.raises(UnreadableDocument):
        hocr.lines(b"not <html")


def _line(words: list[tuple[str, float, float]], size: float = 40.0) -> PrintLine:
    """Words with where they begin, and how surely they were read."""
    return PrintLine(
        tuple(
            Word(
                tuple(
                    Glyph(letter, left + 20 * place, 100, left + 20 * place + 18, 130)
                    for place, letter in enumerate(text)
                ),
                sure,
            )
            for text, left, sure in words
        ),
        *(300.0, 130.0, 0.0, size),
    )


def said(*lines: PrintLine) -> list[str]:
    return [" ".join(word.text for word in one.words) for one in ocr.text_alone(list(lines))]


def test_junk_is_left_out_and_a_line_of_text_never():
    assert said(_line([("~~", 0, 0.2), ("ee", 100, 0.3)])) == []
    assert said(_line([("Joes", 0, 0.54)])) == []
    assert said(_line([("A/45/696", 0, 0.52)])) == ["A/45/696"]
    # Two words of it were read well: without the line its sentence would say something else.
    bad = _line([("particularly", 0, 0.95), ("deveiv", 300, 0.0), ("countr:", 500, 0.0)])
    assert said(bad) == ["particularly deveiv countr:"]


def test_dirt_at_the_ends_of_a_line_is_left_out():
    far = _line([("text", 0, 0.95), ("goes", 120, 0.95), ("Lowe", 900, 0.5)])
    assert said(far) == ["text goes"]
    near = _line([("*", 0, 0.49), ("text", 120, 0.95), ("goes", 240, 0.95)])
    assert said(near) == ["* text goes"]
    assert said(_line([("|", 0, 0.1), ("text", 60, 0.95)])) == ["text"]
    assert said(_line([("Lowe", 0, 0.5), ("text", 900, 0.95)])) == ["text"]


def test_raised_digits_are_marks():
    line = _line([("report", 0, 0.95)])
    mark = Word((Glyph("1", 121, 95, 129, 110), Glyph("2", 131, 95, 139, 110)), 0.9)
    whole = PrintLine((*line.words, *_line([("is", 180, 0.95)]).words), 300, 130, 0.0, 40)
    words = (Word(line.words[0].glyphs + mark.glyphs, 0.9), *whole.words[1:])
    sheet = picture_sheets.of(1, (600, 800), 1.0, 0, ([PrintLine(words, 300, 130, 0.0, 40)], []))
    (read,) = pdf_faces.face(sheet).pieces
    assert read.text == "report¹² is"


def test_letters_printed_as_one_share_its_box():
    ligature = Word((Glyph("ﬁ", 0, 100, 20, 130), Glyph("t", 20, 100, 30, 130)), 0.9)
    line = PrintLine((ligature,), 15, 130, 0.0, 40)
    sheet = picture_sheets.of(1, (600, 800), 1.0, 0, ([line], []))
    assert [one.text for one in sheet.letters] == ["f", "i", "t"]
    several = Word((Glyph("ll", 0, 100, 20, 130),), 0.9)
    sheet = picture_sheets.of(1, (600, 800), 1.0, 0, ([PrintLine((several,), 10, 130, 0, 40)], []))
    assert [one.box[::2] for one in sheet.letters] == [(0, 10), (10, 20)]
