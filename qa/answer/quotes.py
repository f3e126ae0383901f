"""A quote: a sentence with its neighbours that belong to it, and the citation it becomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from rapidfuzz.distance import Indel

from index import language, statements
from index.records import PART_BREAK, SentenceFlag
from qa.ranking.sentences import Candidate, has_label
from qa.records import Citation, Interpretation
from qa.tuning import SelectionTuning


@dataclass(frozen=True, eq=False, slots=True)
class Quote:
    """What is quoted for the sake of one sentence."""

    sentence: Candidate
    run: tuple[Candidate, ...]
    """Neighbouring sentences of one passage, ``sentence`` among them."""
    score: float
    logit: float | None = None
    """What the reader made of it; None where it did not read it."""

    @property
    def document(self) -> str:
        """Id of the document."""
        return self.sentence.passage.document.id

    @property
    def start(self) -> int:
        """Where it begins in the document."""
        return self.run[0].start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.run[-1].end

    @property
    def text(self) -> str:
        """Its words, verbatim, cut from the passage at the offsets of its parts."""
        return PART_BREAK.join(self.words(*part) for part in self.parts)

    @property
    def parts(self) -> list[tuple[int, int]]:
        """Where it stands: more than one span where a page break tears a sentence."""
        found, start = [], self.start
        for one in self.run:
            for (_, end), (following, _) in pairwise(_torn(one)):
                found.append((start, end))
                start = following
        return [*found, (start, self.end)]

    def words(self, start: int, end: int) -> str:
        """The words of the document at a place within the passage."""
        passage = self.sentence.passage
        return passage.text[start - passage.start : end - passage.start]

    @property
    def reading(self) -> str:
        """Its words as they are read: those of a row of a table with the heads of its cells."""
        if not self.sentence.passage.readings:
            return self.text
        return " ".join(one.reading for one in self.run)

    @property
    def listed(self) -> bool:
        """Whether it is an item of a list without what introduces it."""
        return bool(self.run[0].flags & SentenceFlag.ITEM)

    def overlaps(self, other: Quote) -> bool:
        """Whether the two have a part of a document in common."""
        same = self.document == other.document
        return same and self.start < other.end and other.start < self.end

    def echoes(self, other: Quote) -> bool:
        """Whether the two say the same: the same words, whatever the blanks, the punctuation, the
        mark-up and the case. What differs in one word is another statement."""
        return statements.said(self.text) == statements.said(other.text)

    def rivals(self, other: Quote, tuning: SelectionTuning) -> bool:
        """Whether the two say something else in nearly the same words."""
        short, long = sorted((self.end - self.start, other.end - other.start))
        if long > 3 * short + 20:
            return False  # too unlike in length: to compare their words would take its time
        hollow = language.of(self.sentence.passage.language).words.hollow
        words, others = (
            tuple(word for word in statements.said(one.text) if word not in hollow)
            for one in (self, other)
        )
        if words == others or self.lists(other):
            return False
        apart = Indel.distance(words, others)
        shared = (len(words) + len(others) - apart) // 2
        longest = max(len(words), len(others))
        few = longest - shared <= tuning.alike_words and 2 * shared >= longest
        return few or apart <= (1 - tuning.alike_share) * (len(words) + len(others))

    def lists(self, other: Quote) -> bool:
        """Whether the two are items of one passage, which a list sets beside each other."""
        both = self.sentence.flags & other.sentence.flags & SentenceFlag.ITEM
        return bool(both) and self.sentence.passage.row == other.sentence.passage.row


def quotable(
    interpretation: Interpretation, groups: list[list[Candidate]], tuning: SelectionTuning
) -> list[Quote]:
    """A quote for every sentence that can be quoted, and for every list that stands under a
    label, the best first. Of equals the first in its passage."""
    found = []
    for group in groups:
        if len(listed := _under_label(group, tuning)) > 1:
            best = max(listed, key=lambda one: one.score)
            found.append(Quote(best, listed, best.score))
        for one in group:
            if _is_quotable(one, tuning) or one in listed:
                found.append(
                    Quote(one, tuple(_complete(one, group, interpretation, tuning)), one.score)
                )
    places: dict[tuple[str, int, int], Quote] = {}
    for quote in sorted(found, key=lambda one: -one.score):
        # Two sentences that belong together are one quote for the sake of either.
        places.setdefault((quote.document, quote.start, quote.end), quote)
    return [*places.values()]


def cite(
    quotes: Iterable[Quote],
    pool: Sequence[Quote],
    most: int,
    same: Callable[[Quote, Quote], bool] = lambda _quote, _other: True,
) -> tuple[Citation, ...]:
    """A citation for each quote; after it one for each other document that says the same, if a
    quote of ``pool`` does, of the ``same`` thing: of ``most`` documents in all."""
    found = []
    for quote in quotes:
        found += _citations(quote)
        sources = {quote.document}
        for one in pool:
            if len(sources) == most:
                break
            if one.document in sources or not one.echoes(quote):
                continue
            if same(quote, one):
                sources.add(one.document)
                found += _citations(one, repeats=True)
    return tuple(found)


def _citations(quote: Quote, repeats: bool = False) -> list[Citation]:
    passage = quote.sentence.passage
    row = quote.sentence.flags & SentenceFlag.ROW and quote.reading != quote.text
    reading = quote.reading if row else ""
    return [
        Citation(passage, *part, quote.words(*part), repeats, reading=reading)
        for part in quote.parts
    ]


def _torn(one: Candidate) -> list[tuple[int, int]]:
    """The parts of a sentence that a page break tears; one for a whole sentence."""
    readings = one.passage.readings
    reading = readings[one.number] if readings else ""
    if one.flags & SentenceFlag.ROW or PART_BREAK not in reading:
        return [(one.start, one.end)]
    found: list[tuple[int, int]] = []
    position = 0
    for part in reading.split(PART_BREAK):
        first = one.text.find(part, position)
        if first < 0:
            return [(one.start, one.end)]
        position = first + len(part)
        found.append((one.start + first, one.start + position))
    return found


def without_overlaps(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """Those that overlap none before them. One that repeats another goes with it, and gives
    way to one that does not, before it or after."""
    kept: list[tuple[Citation, list[Citation]]] = []
    repeats: list[Citation] = []
    for one in citations:
        if one.repeats:
            repeats.append(one)
            continue
        repeats = []
        if not any(_overlap(one, other) for other, _ in kept):
            kept.append((one, repeats))
    found: list[Citation] = []
    for one, others in kept:
        found.append(one)
        taken = [*found, *(other for other, _ in kept)]
        found += [two for two in others if not any(_overlap(two, other) for other in taken)]
    return tuple(found)


def _overlap(one: Citation, other: Citation) -> bool:
    same = one.passage.document.id == other.passage.document.id
    return same and one.start < other.end and other.start < one.end


def _under_label(group: list[Candidate], tuning: SelectionTuning) -> tuple[Candidate, ...]:
    """What stands under a label ("Members:") from the beginning of the passage, which no
    sentence introduces: the items of a list, or a single line, such as an address."""
    if not group or not has_label(group[0].passage):
        return ()
    listed: list[Candidate] = []
    for one in group:
        item = one.flags & SentenceFlag.ITEM and not one.flags & SentenceFlag.CUT
        if not item or one.end - group[0].start > tuning.most_list_characters:
            break
        listed.append(one)
    alone = len(group) == 1 and not group[0].flags & SentenceFlag.CUT
    return tuple(listed or group[:alone])


def _is_quotable(one: Candidate, tuning: SelectionTuning) -> bool:
    words = one.text.split()
    if one.flags & SentenceFlag.HEADS:
        return False
    if one.flags & SentenceFlag.CUT and not _reads_whole(one, tuning):
        return False
    if one.flags & (SentenceFlag.ITEM | SentenceFlag.INTRODUCES | SentenceFlag.ROW):
        return len(words) >= 2
    # "United Nations S/RES/1956 (2010)*" heads a page: a sentence has words that do not begin
    # with a capital (nor do those of scripts that have none).
    small = (one for one in words if one[0].isalpha() and not one[0].isupper())
    return len(words) >= 4 and len([*islice(small, 2)]) == 2


def _reads_whole(one: Candidate, tuning: SelectionTuning) -> bool:
    """Whether a piece of a long sentence is a clause: short, so that it was not cut for its length,
    and begun where one begins."""
    if one.end - one.start > tuning.most_characters:
        return False
    before = one.passage.text[: one.start - one.passage.start].rstrip()
    opens = bool(one.flags & SentenceFlag.OPENS_BLOCK) or before.endswith((";", ".", "?", "!"))
    return opens or bool(language.of(one.passage.language).patterns.decides.match(one.text))


def _complete(
    one: Candidate,
    group: list[Candidate],
    interpretation: Interpretation,
    tuning: SelectionTuning,
) -> list[Candidate]:
    """``one`` with its neighbours that belong to it: what it leans on before it, and after it
    the list that it introduces or what goes on about the identifier that was asked for."""
    first, last = _leant_on(one, group), one.number
    limit = tuning.most_characters
    if one.flags & SentenceFlag.INTRODUCES:
        limit = tuning.most_list_characters
    while last + 1 < len(group):
        following = group[last + 1]
        listed = one.flags & SentenceFlag.INTRODUCES and following.flags & SentenceFlag.ITEM
        asked = one.identifiers & frozenset(interpretation.identifiers)
        goes_on = asked and following.leans() and following.identifiers == one.identifiers
        if not (listed or goes_on) or following.end - group[first].start > limit:
            break
        last += 1
    return group[first : last + 1]


def _leant_on(one: Candidate, group: list[Candidate]) -> int:
    """Number of the first sentence that ``one`` leans on; its own where it stands alone."""
    first = one.number
    while first > 0 and group[first].leans() and one.number - first < 2:
        first -= 1
    return first
