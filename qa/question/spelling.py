"""Corrects misspelled words against the words that the collection has.

A word is taken for a slip if the collection has neither it nor its stem, if it is no common
English word, and if the collection has a word at one or two strokes from it.
"""

from __future__ import annotations

import re
from itertools import takewhile

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index import packaged
from index.generation import Generation
from index.language import Language
from index.vocabulary import Vocabulary
from qa.question.words import WORD
from qa.records import Correction
from qa.tuning import QuestionTuning

_WORD = re.compile(r"(?<![\w/'’.-])[^\W\d_]{4,40}(?![\w/]|[.-]\w)")
_SHORT = 4
"""In words of this length only two letters that have changed places are a slip."""
_BASE = 3
"""A form of a word has so many letters of the word at least."""
_MOST_LOOKED_UP = 12
"""Of a question with more unknown words than this, none is corrected."""


def correct(
    text: str,
    generation: Generation,
    kept: list[tuple[int, int]],
    known: Language,
    tuning: QuestionTuning,
) -> tuple[str, tuple[Correction, ...]]:
    """``text`` with its slips corrected, and what was corrected. Words inside the spans ``kept``
    (identifiers, quoted phrases) stay as they are, and so do words in capitals."""
    words = [match for match in _WORD.finditer(text) if not _is_kept(match, kept)]
    unknown = [match for match in words if not _is_word(match.group(), generation, known)]
    if len(unknown) > _MOST_LOOKED_UP:
        return text, ()
    likely = {match: _meant(match.group(), generation, known, tuning) for match in unknown}
    lost = [
        match
        for match, meant in likely.items()
        if meant is None and not _has_stem(match.group(), generation)
    ]
    if len(lost) > tuning.most_unknown * len(words) and len(lost) > 2:
        return text, ()  # another language, or no words at all
    found: list[Correction] = []
    parts, position = [], 0
    for match, meant in likely.items():
        if meant is not None:
            read = _as_typed(match.group(), generation.database.words.shown(meant))
            found.append(Correction(match.group(), read))
            parts += [text[position : match.start()], read]
            position = match.end()
    return "".join([*parts, text[position:]]), tuple(found)


def is_strange(text: str, generation: Generation, known: Language) -> bool:
    """Whether a third of the words of ``text`` or more are neither English nor the collection's."""
    words = [word for word in WORD.findall(text) if not any(map(str.isdigit, word))]
    unknown = [
        word
        for word in words
        if not _is_word(word, generation, known) and not _has_stem(word, generation)
    ]
    several = len(unknown) > 1 or not "".join(unknown).isascii()
    return len(unknown) * 3 >= len(words) > 0 and several


def _is_kept(match: re.Match[str], kept: list[tuple[int, int]]) -> bool:
    inside = any(start < match.end() and match.start() < end for start, end in kept)
    return inside or match.group().isupper()


def _is_word(word: str, generation: Generation, known: Language) -> bool:
    folded = word.casefold()
    held = folded in known.words.stop or folded in generation.database.words
    return held or _is_common(folded, known)


def _is_common(folded: str, known: Language) -> bool:
    """Whether a word, or what it is a form of, is common in English: "harms" is no slip for
    "arms"."""
    common = packaged.common_words()
    if folded in common:
        return True
    for ending in known.words.inflections:
        base = folded.removesuffix(ending)
        if base != folded and len(base) >= _BASE and {base, f"{base}e"} & common:
            return True
    return False


def _has_stem(word: str, generation: Generation) -> bool:
    stems = generation.lexical.stems(word.casefold())
    return any(generation.lexical.frequency(stem) for stem in stems)


def _meant(
    word: str, generation: Generation, known: Language, tuning: QuestionTuning
) -> str | None:
    """The word of the collection that ``word``, which it does not have, is a slip for. Where it
    has the stem, "convenes" is another form of "convened", and "incitment" is a slip."""
    folded = word.casefold()
    nearest = _nearest(folded, generation.database.words, known, tuning)
    if nearest is None or not _has_stem(folded, generation):
        return nearest
    if generation.lexical.stems(folded) != generation.lexical.stems(nearest):
        return None
    shared = sum(
        1 for _ in takewhile(lambda two: two[0] == two[1], zip(folded, nearest, strict=False))
    )
    # The endings of names and of persons may be a slip as well.
    endings = (known.words.endings | {""}) - known.words.name_endings
    forms = folded[shared:] in endings and nearest[shared:] in endings
    return None if forms else nearest


def _nearest(
    word: str, vocabulary: Vocabulary, known: Language, tuning: QuestionTuning
) -> str | None:
    """The word of the collection that was probably meant: the fewest strokes away (optimal
    string alignment: a letter put in, left out, changed, or two swapped), then the commonest."""
    if process.extractOne(word, known.words.stop, scorer=OSA.distance, score_cutoff=1) is not None:
        return None  # "wich" is "which", not "with": no slip in a word of content
    strokes = 2 if len(word) >= tuning.two_strokes else 1
    near = process.extract(
        word, vocabulary.listed, scorer=OSA.distance, score_cutoff=strokes, limit=20
    )
    likely = [
        (distance, -vocabulary.passages(one), one)
        for one, distance, _ in near
        # The first letter is rarely the slip, and two strokes elsewhere are many.
        if (distance < 2 or one[0] == word[0])
        and len(one) >= 4
        # Among short words another letter makes another word: "yolk" is no York.
        and (len(word) > _SHORT or sorted(one) == sorted(word))
        and (
            vocabulary.passages(one) >= tuning.slip_passages
            or len(vocabulary) < 5000
            or one in packaged.common_words()
        )
    ]
    return min(likely)[2] if likely else None


def _as_typed(word: str, shown: str) -> str:
    """The collection's form, with a capital where one was typed."""
    return shown[0].upper() + shown[1:] if word[0].isupper() else shown
