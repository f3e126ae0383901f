"""Makes a question self-contained and finds in it what can be looked up rather than guessed."""

from __future__ import annotations

import re
from dataclasses import replace

from index import language as languages
from index import language_detection, packaged
from index.database import Database
from index.generation import Generation
from index.records import Mention
from qa.question import (
    absence,
    decomposition,
    designators,
    entities,
    followups,
    knowledge,
    paragraphs,
    spelling,
    titles,
)
from qa.question.identifiers import YEAR, find_identifiers, is_held, spans, years
from qa.question.knowledge import Knowledge
from qa.question.titles import Titled
from qa.question.words import WORD, content_words, normalise, possessive_off
from qa.records import Correction, Interpretation, Kind, Misdated, Question, Turn
from qa.stages import EVERY_STAGE, Stages
from qa.tuning import QuestionTuning, shipped

_TAG = 40
"""A question of yes or no may end with so many characters that ask whether it is so."""
_PHRASE = re.compile(r'"([^"]{2,200})"|“([^”]{2,200})”|«([^»]{2,200})»')


def interpret(
    question: Question,
    generation: Generation,
    stages: Stages = EVERY_STAGE,
    tuning: QuestionTuning | None = None,
) -> Interpretation:
    """Read ``question`` against the collection that it is asked of; by the ``tuning`` that comes
    with the project unless another is given."""
    tuning = tuning or shipped().question
    database = generation.database
    own = normalise(question.text)
    history = question.history
    corrections: tuple[Correction, ...] = ()
    language = language_detection.of_text(_PHRASE.sub(" ", own))  # quoted words may be in another
    known = knowledge.of(language, database)
    readable = not language or language in packaged.READABLE
    if stages.spelling and question.correct_spelling and readable:
        own, corrections = _corrected(question.text, generation, known, tuning)
        history = tuple(
            replace(turn, question=_corrected(turn.question, generation, known, tuning)[0])
            for turn in followups.asked_before(history, known)[-followups.TURNS :]
        )
    context, leans = "", followups.leaning(own, known, tuning.few_words)
    framing = known.language.patterns.framing.match(own)
    if stages.history and readable:
        context = followups.leading_question(own, history, known, tuning.few_words)
    replaced = followups.asked_of_another(own, context, known)
    own, context = (replaced, "") if replaced else (followups.as_asked(own, known), context)
    perhaps = bool(context) and leans == "perhaps"
    asked = f"{context} {own}" if context else own
    mentions = find_identifiers(asked, known) if stages.identifiers else []
    held = {one.key: one for one in mentions if is_held(one.key, database)}
    lacking = {known.label(one.key, one.year): one.key for one in mentions if one.key not in held}
    titled = None if held else titles.named(asked, generation, known.language)
    text = _with_labels(asked, mentions, known)
    terms = content_words(asked, known.language, spans(mentions))
    missing = tuple(word for word in terms if absence.is_absent(word, generation, known.language))
    expansions = _expansions(asked, database) if stages.acronyms else {}
    traced = tuple(label for label, key in lacking.items() if absence.is_traced(key, generation))
    say = known.language.messages
    unheld = [name for name in lacking if held and name not in traced]
    notes = [say.in_collection_not.format(name=name) for name in unheld]
    notes += [f"{short}: {long}" for short, long in expansions.items()]
    notes += [say.read_as.format(typed=one.typed, read=one.read) for one in corrections]
    if known.language.patterns.operators.search(own) and not own.isupper():
        notes.append(say.operators)
    inside = [one for one in mentions if one.end <= len(context)]
    lead = _with_labels(context, inside, known)
    asks = text[len(lead) :].strip()
    return Interpretation(
        text=text,
        shown=f"{text} ({'; '.join(notes)})" if notes else text,
        context=lead,
        identifiers=tuple(held),
        unknown_identifiers=tuple(lacking),
        traced_identifiers=traced,
        kin=_kin(tuple(lacking.values()), database),
        misdated=_misdated(asked, len(context), mentions, known),
        phrases=tuple(next(filter(None, found)) for found in _PHRASE.findall(asked)),
        names=tuple(entities.names(text, known)),
        lost_names=tuple(entities.nowhere(text, missing, known)),
        numbered=tuple(designators.numbered(text, known)),
        slashed=tuple(designators.slashed(text, known)),
        paragraphs=tuple(paragraphs.asked(asked, known)),
        parts=tuple(known.domains.parts(text)),
        terms=terms,
        own_terms=content_words(own, known.language),
        missing_terms=missing,
        expansions=(*expansions.values(), *absence.other_numbers(terms, generation)),
        kind=_kind(asks, known),
        in_passing=known.language.patterns.in_passing.search(asks) is not None,
        asked_kind=known.domains.asked_kind(asks),
        years=tuple(years(text, known, bounds=False)),
        asks_should=known.language.patterns.asks_should.match(asks) is not None,
        asks_about=known.language.patterns.asks_about.match(normalise(question.text)) is not None,
        asks_whether=_asks_whether(asks, framing, known),
        titled=titled.documents if titled else (),
        whole=_whole(asked, tuple(held), titled, terms, known),
        corrections=corrections,
        may_stand=perhaps,
        strange=bool(missing) and spelling.is_strange(asked, generation, known.language),
        language=language,
    )


def _asks_whether(asks: str, framing: re.Match[str] | None, known: Knowledge) -> bool:
    """Whether ``asks``, which stood behind ``framing``, is a question of yes or no."""
    framed = framing is not None and framing["whether"] is not None
    patterns = known.language.patterns
    return framed or any((patterns.asks_whether.match(asks), patterns.tag.search(asks[-_TAG:])))


def topic_of(text: str) -> str:
    """What ``text``, which asks for all there is, is about."""
    known = languages.of("")
    topic = " ".join(known.patterns.collecting.sub(" ", normalise(text)).split())
    return topic if content_words(topic, known) else text


def _kin(keys: tuple[str, ...], database: Database) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for key in keys for name in database.kin_of(key)))


def _kind(asks: str, known: Knowledge) -> Kind | None:
    """What kind of thing a question asks for."""
    patterns = known.language.patterns
    kinds: tuple[tuple[Kind, re.Pattern[str]], ...] = (
        ("date", patterns.asks_date),
        ("number", patterns.asks_number),
        ("name", patterns.asks_name),
    )
    found = (kind for kind, pattern in kinds if pattern.search(asks))
    return next(found, "identifier" if known.domains.asked_kind(asks) else None)


def _whole(
    asked: str,
    held: tuple[str, ...],
    titled: Titled | None,
    terms: tuple[str, ...],
    known: Knowledge,
) -> frozenset[str]:
    """The documents that the one identifier of a question, or a title in it, names, if it asks for
    nothing else."""
    if titled:
        terms = content_words(asked, known.language, [(titled.start, titled.end)])
    others = {term.lower() for term in terms} - known.language.words.of_the_whole
    if others:
        return frozenset()
    if titled:
        return frozenset(titled.documents)
    if len(held) != 1:
        return frozenset()
    return frozenset(known.database.owning(held[0]))


def _misdated(
    text: str, context: int, mentions: list[Mention], known: Knowledge
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
    own = content_words(YEAR.sub(" ", text[context:]), known.language)
    dates = not own or known.language.patterns.adopted.search(outside) is not None
    loose = [int(year) for year in YEAR.findall(outside)] if alone and dates else []
    for one in mentions:
        held = known.database.years_of(one.key)
        said = [one.year] if one.year else loose
        if held and said and not set(said) & set(held):
            found.append(Misdated(known.label(one.key), said[0], held[0]))
    return tuple(dict.fromkeys(found))


def _corrected(
    text: str, generation: Generation, known: Knowledge, tuning: QuestionTuning
) -> tuple[str, tuple[Correction, ...]]:
    text = normalise(text)
    kept = [match.span() for match in _PHRASE.finditer(text)]
    kept += spans(find_identifiers(text, known))
    return spelling.correct(text, generation, kept, known.language, tuning)


def parts_of(
    reading: Interpretation,
    generation: Generation,
    stages: Stages = EVERY_STAGE,
    tuning: QuestionTuning | None = None,
) -> list[Interpretation]:
    """The readings of the questions that ``reading`` asks; itself alone where it asks one."""
    unread = reading.language and reading.language not in packaged.READABLE
    if reading.context or reading.phrases or unread or not stages.parts:
        return [reading]
    known = knowledge.of(reading.language, generation.database)
    if len(reading.identifiers) > 1 and not reading.terms:
        # "what about resolutions 2395 and 2396": each is asked about.
        pieces = decomposition.of_each_identifier(reading.text, reading.identifiers, known)
    else:
        pieces = decomposition.split(reading.text, known)
    if len(pieces) == 1:
        return [reading]
    # A later piece may lean on the first: "who founded GIFCT, and what does it do now?"
    before: tuple[Turn, ...] = ()
    found = []
    for piece in pieces:
        part = Question(piece, history=before, correct_spelling=False)
        found.append(_as_part(interpret(part, generation, stages, tuning), reading, known))
        before = before or (Turn(piece, ""),)
    return found


def _as_part(part: Interpretation, whole: Interpretation, known: Knowledge) -> Interpretation:
    """``part`` with what was noted of the whole question: its language, and the years that it gave,
    which its text has no more."""
    asked = {f"{one} " for one in (known.label(key) for key in part.identifiers)}
    noted = tuple(one for one in whole.misdated if f"{one.name} " in asked)
    return replace(part, language=whole.language, misdated=noted)


def _with_labels(text: str, mentions: list[Mention], known: Knowledge) -> str:
    """Writes every identifier as documents do, so that all its forms are one question."""
    parts, position = [], 0
    for one in mentions:
        years = known.database.years_of(one.key)
        # Of a year that no document gives, the reader is told; the words searched for are theirs.
        year = one.year if one.year in years or not years else years[0]
        parts += [text[position : one.start], known.label(one.key, year)]
        said_again = _said_again(text[one.end :], year, known)
        position = one.end + said_again
    return "".join([*parts, text[position:]])


def _said_again(text: str, year: int | None, known: Knowledge) -> int:
    """Length of the words at the start of ``text`` that give ``year`` again: ", of 2014"."""
    found = known.language.patterns.year_again.match(text)
    return found.end() if found and found["year"] == str(year) else 0


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
