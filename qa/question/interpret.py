"""Makes a question self-contained and finds in it what can be looked up rather than guessed."""

from __future__ import annotations

import re
from dataclasses import replace

from index import identifiers, language_detection, packaged
from index.database import Database
from index.generation import Generation
from index.language import of as language_of
from index.records import Mention
from qa.question import absence, decomposition, followups, spelling
from qa.question.identifiers import find_identifiers, is_held, spans
from qa.question.words import WORD, content_words, normalise, possessive_off
from qa.records import Correction, Interpretation, Misdated, Question, Turn
from qa.stages import EVERY_STAGE, Stages

_ADOPTED = language_of("en").patterns.adopted
_YEAR = re.compile(r"(?<![\w/.,-])(?:19|20)\d\d(?![\w/-]|[.,]\d)")
_PHRASE = re.compile(r'"([^"]{2,200})"|“([^”]{2,200})”|«([^»]{2,200})»')


def interpret(
    question: Question, generation: Generation, stages: Stages = EVERY_STAGE
) -> Interpretation:
    """Read ``question`` against the collection that it is asked of."""
    database = generation.database
    own = normalise(question.text)
    history = question.history
    corrections: tuple[Correction, ...] = ()
    language = language_detection.of_text(_PHRASE.sub(" ", own))  # quoted words may be in another
    readable = not language or language in packaged.READABLE
    if stages.spelling and question.correct_spelling and readable:
        own, corrections = _corrected(own, generation)
        history = tuple(
            replace(turn, question=_corrected(normalise(turn.question), generation)[0])
            for turn in history[-followups.TURNS :]
        )
    context = ""
    if stages.history and readable:
        context = followups.leading_question(own, history, database)
        if context and (replaced := followups.other_identifier(own, context, database)):
            own, context = replaced, ""
    asked = f"{context} {own}" if context else own
    mentions = find_identifiers(asked, database) if stages.identifiers else []
    held = {one.key: one for one in mentions if is_held(one.key, database)}
    lacking = {
        identifiers.label(one.key, one.year): one.key for one in mentions if one.key not in held
    }
    text = _with_labels(asked, mentions, database)
    terms = content_words(asked, skip=spans(mentions))
    missing = tuple(word for word in terms if absence.is_absent(word, generation))
    expansions = _expansions(asked, database) if stages.acronyms else {}
    traced = tuple(label for label, key in lacking.items() if absence.is_traced(key, generation))
    notes = [f"{name} is not in the collection" for name in lacking if held and name not in traced]
    notes += [f"{short}: {long}" for short, long in expansions.items()]
    notes += [f"“{one.typed}” read as “{one.read}”" for one in corrections]
    inside = [one for one in mentions if one.end <= len(context)]
    return Interpretation(
        text=text,
        shown=f"{text} ({'; '.join(notes)})" if notes else text,
        context=_with_labels(context, inside, database),
        identifiers=tuple(held),
        unknown_identifiers=tuple(lacking),
        traced_identifiers=traced,
        misdated=_misdated(asked, len(context), mentions, database),
        phrases=tuple(next(filter(None, found)) for found in _PHRASE.findall(asked)),
        terms=terms,
        missing_terms=missing,
        expansions=(*expansions.values(), *absence.other_numbers(terms, generation)),
        corrections=corrections,
        strange=bool(missing) and spelling.is_strange(asked, generation),
        language=language,
    )


def _misdated(
    text: str, context: int, mentions: list[Mention], database: Database
) -> tuple[Misdated, ...]:
    """The identifiers that ``text`` gives another year than documents do: beside them or, of one
    without a year that alone is asked about, elsewhere ("and in 2014?", after ``context``
    characters that a follow-up leans on)."""
    found = []
    alone = len({one.key for one in mentions}) == 1 and not any(one.year for one in mentions)
    outside = text
    for one in reversed(mentions):
        outside = f"{outside[: one.start]} {outside[one.end :]}"
    # Of an event the year may be another; of the resolution itself it is asked by these words.
    own = content_words(_YEAR.sub(" ", text[context:]), skip=())
    dates = not own or _ADOPTED.search(outside) is not None
    loose = [int(year) for year in _YEAR.findall(outside)] if alone and dates else []
    for one in mentions:
        known = database.years_of(one.key)
        said = [one.year] if one.year else loose
        if known and said and not set(said) & set(known):
            found.append(Misdated(identifiers.label(one.key), said[0], known[0]))
    return tuple(dict.fromkeys(found))


def _corrected(text: str, generation: Generation) -> tuple[str, tuple[Correction, ...]]:
    kept = [match.span() for match in _PHRASE.finditer(text)]
    kept += spans(find_identifiers(text, generation.database))
    return spelling.correct(text, generation, kept)


def parts_of(
    reading: Interpretation, generation: Generation, stages: Stages = EVERY_STAGE
) -> list[Interpretation]:
    """The readings of the questions that ``reading`` asks; itself alone where it asks one."""
    unread = reading.language and reading.language not in packaged.READABLE
    if reading.context or reading.phrases or unread or not stages.parts:
        return [reading]
    if len(reading.identifiers) > 1 and not reading.terms:
        # "what about resolutions 2395 and 2396": each is asked about.
        pieces = decomposition.of_each_identifier(reading.text, reading.identifiers)
    else:
        pieces = decomposition.split(reading.text, generation.database)
    if len(pieces) == 1:
        return [reading]
    # A later piece may lean on the first: "who founded GIFCT, and what does it do now?"
    before: tuple[Turn, ...] = ()
    found = []
    for piece in pieces:
        part = Question(piece, history=before, correct_spelling=False)
        found.append(_as_part(interpret(part, generation, stages), reading))
        before = before or (Turn(piece, ""),)
    return found


def _as_part(part: Interpretation, whole: Interpretation) -> Interpretation:
    """``part`` with what was noted of the whole question: its language, and the years that it gave,
    which its text has no more."""
    asked = {f"{one} " for one in (identifiers.label(key) for key in part.identifiers)}
    noted = tuple(one for one in whole.misdated if f"{one.name} " in asked)
    return replace(part, language=whole.language, misdated=noted)


def _with_labels(text: str, mentions: list[Mention], database: Database) -> str:
    """Writes every identifier as documents do, so that all its forms are one question."""
    parts, position = [], 0
    for one in mentions:
        years = database.years_of(one.key)
        # Of a year that no document gives, the reader is told; the words searched for are theirs.
        year = one.year if one.year in years or not years else years[0]
        parts += [text[position : one.start], identifiers.label(one.key, year)]
        said_again = re.match(rf",? (?:of|from|in) {year}\b", text[one.end :])
        position = one.end + (said_again.end() if said_again else 0)
    return "".join([*parts, text[position:]])


def _expansions(text: str, database: Database) -> dict[str, str]:
    """Long forms of the abbreviations in ``text``. Capitals count: "IS" is not "is", and in
    a question that is all capitals nothing can be told."""
    if text.isupper():
        return {}
    found: dict[str, str] = {}
    for match in WORD.finditer(text):
        word = possessive_off(match.group())
        if sum(letter.isupper() for letter in word) < 2:
            continue
        long = database.expansions(word)
        if long and long[0].lower() not in text.lower():
            found[word] = long[0]
    return found
