"""What each question adds to the figures.

Ranking is measured by ir-measures over *needs*: each group of gold is an item to be found, and
a passage finds those that it states. A question without a reply counts 0 (the default of
ir-measures), and a measure that does not apply to a question is absent, not 0.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import ir_measures
from ir_measures import RR, Qrel, R, ScoredDoc, Success, nDCG

from eval.records import Gold, Outcome, Place, Result, Scored

ANSWER_CHARACTERS = 700
"""An answer counts as right if what is sought stands within this many cited characters."""
_ENOUGH = 0.5
"""Share of a gold quote that quotes must hold, to give it."""
HIT_PASSAGES = 5
RANKING = (Success @ 1, R @ 1, R @ 3, R @ 5, R @ 10, RR @ 10, nDCG @ 10)


def score(results: Sequence[Result]) -> list[Scored]:
    """The figures of each question, in the order given."""
    ranked = _ranking(results)
    return [_scored(one, ranked.get(one.case.id, {})) for one in results]


def _scored(result: Result, ranking: dict[str, float]) -> Scored:
    case, reply = result.case, result.reply
    right = case.answerable and answers(reply.considered or reply.citations, result)
    return Scored(
        id=case.id,
        question=case.question,
        kind=case.kind,
        half=case.half,
        answerable=case.answerable,
        outcome=_outcome(result, right),
        confidence=reply.confidence,
        right=right,
        measures={**ranking, **_quoting(result, right)},
        answer=" […] ".join(one.text for one in reply.citations),
        milliseconds=reply.milliseconds,
    )


def _outcome(result: Result, right: bool) -> Outcome:
    if result.reply.error:
        return "error"
    if not result.case.answerable:
        return "wrongly answered" if result.reply.answered else "rightly declined"
    if not result.reply.answered:
        return "declined"
    return "right" if right else "wrong"


def _ranking(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    """Ranking measures of every question that has gold, by its id."""
    qrels: list[Qrel] = []
    run: list[ScoredDoc] = []
    for one in results:
        if one.gold:
            items = list(_found(one))
            qrels += _needs(one, items)
            run += [ScoredDoc(one.case.id, item, -float(place)) for place, item in enumerate(items)]
    figures: dict[str, dict[str, float]] = {}
    if qrels:
        for metric in ir_measures.iter_calc(list(RANKING), qrels, run):
            figures.setdefault(metric.query_id, {})[str(metric.measure)] = float(metric.value)
    return figures


def _found(result: Result) -> Iterator[str]:
    """What each passage finds, best first: the needs that it is the first to state, as one
    item (``0+2``), or nothing. Where whole documents are sought, a document is met once."""
    whole = all(gold.whole for group in result.gold for gold in group)
    met: set[str] = set()
    found: set[int] = set()
    for place, one in enumerate(result.reply.passages):
        if whole and one.place.document in met:
            continue
        met.add(one.place.document)
        new = [
            number
            for number, group in enumerate(result.gold)
            if number not in found and any(states(one.place, gold) for gold in group)
        ]
        found.update(new)
        yield "+".join(map(str, new)) or f"passage {place}"


def _needs(result: Result, items: Iterable[str]) -> Iterator[Qrel]:
    """What was to be found; needs that one passage meets together are one item."""
    together = [item for item in items if not item.startswith("passage ")]
    met = {number for item in together for number in item.split("+")}
    for item in [*together, *(str(n) for n in range(len(result.gold)) if str(n) not in met)]:
        groups = [result.gold[int(number)] for number in item.split("+")]
        yield Qrel(result.case.id, item, max(gold.grade for group in groups for gold in group))


def states(passage: Place, gold: Gold) -> bool:
    """Whether a passage states the gold: it has at least half of the quote, or, of a quote
    longer than a passage, lies in it by at least half."""
    if gold.absent or passage.document != gold.place.document:
        return False
    if gold.whole:
        return True
    shared = _shared(passage, gold.place)
    return shared > 0 and (
        2 * shared >= gold.place.end - gold.place.start or 2 * shared >= passage.end - passage.start
    )


def _shared(one: Place, other: Place) -> int:
    if one.document != other.document:
        return 0
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _quoting(result: Result, right: bool) -> dict[str, float]:
    """Measures of the quotes and of the decision to give them, which an error is not."""
    case, reply = result.case, result.reply
    figures: dict[str, float] = {}
    if not reply.error:
        name = "wrongly declined" if case.answerable else "wrongly answered"
        figures[name] = float(reply.answered != case.answerable)
    if not case.answerable:
        figures["EM"] = figures["F1"] = float(not reply.answered and not reply.error)
        return figures
    if _checkable(result):
        figures["right"] = float(right and reply.answered)
        shown = right if reply.answered else bool(reply.closest) and answers(reply.closest, result)
        figures["shown"] = float(shown)
        figures["right if given"] = float(right)
    if result.gold and not any(gold.whole for group in result.gold for gold in group):
        top = [one.place for one in reply.passages[:HIT_PASSAGES]]
        figures[f"hit@{HIT_PASSAGES}"] = _mean(
            float(any(_covered(gold.place, top) for gold in group)) for group in result.gold
        )
        figures["citation recall"] = _mean(
            max(_share(gold.place, reply.citations) for gold in group) for group in result.gold
        )
        figures |= _placing(result)
        if reply.answered:
            places = [gold.place for group in result.gold for gold in group]
            figures["citation precision"] = _precision(reply.citations, places)
    if len(case.accepted) == 1:
        text = " ".join(one.text for one in reply.citations)
        figures["EM"] = max(exact(text, one) for one in case.accepted[0])
        figures["F1"] = max(overlap_f1(text, one) for one in case.accepted[0])
    return figures


def _placing(result: Result) -> dict[str, float]:
    """Whether citations that hold gold say its page and its paragraph; one may begin on a page
    before that of the gold, or name a part of its paragraph."""
    pages, paragraphs = [], []
    for gold in (gold.place for group in result.gold for gold in group):
        for one in result.reply.citations:
            if not _shared(one, gold):
                continue
            if gold.page is not None:
                early = one.start < gold.start and one.page is not None and one.page <= gold.page
                pages.append(float(one.page == gold.page or early))
            if gold.paragraph is not None:
                said, known = (
                    "".join((name or "").split()) for name in (one.paragraph, gold.paragraph)
                )
                paragraphs.append(
                    float(bool(said) and (said.startswith(known) or known.startswith(said)))
                )
    named = {"page": pages, "paragraph": paragraphs}
    return {name: _mean(values) for name, values in named.items() if values}


def _checkable(result: Result) -> bool:
    whole = any(gold.whole for group in result.gold for gold in group)
    return bool(result.case.accepted) or (bool(result.gold) and not whole)


def answers(quotes: Sequence[Place], result: Result) -> bool:
    """Whether accepted short answers, one of each group, stand within the first
    ``ANSWER_CHARACTERS`` of the quotes, in quotes from documents that the gold names: the same
    words elsewhere say something else. Where a set has no accepted answers, the quotes must hold
    half of a gold quote of each group."""
    accepted = result.case.accepted
    if not accepted:
        return bool(result.gold) and all(
            any(not gold.whole and _share(gold.place, quotes) >= _ENOUGH for gold in group)
            for group in result.gold
        )
    sources = {gold.place.document for group in result.gold for gold in group}
    text, left = "", ANSWER_CHARACTERS
    for quote in quotes:
        plain = _within(_plain(quote.text), left)
        left -= len(plain) + 1
        if not sources or quote.document in sources:
            text += f"\n{plain}"
    return bool(accepted) and all(holds(text, one) for one in accepted)


def _within(text: str, characters: int) -> str:
    """``text`` cut to whole words of so many characters in all."""
    if len(text) <= characters:
        return text
    return text[: max(0, text.rfind(" ", 0, max(0, characters) + 1))]


def holds(text: str, alternatives: Iterable[str]) -> bool:
    """Whether one of ``alternatives`` stands in ``text`` as whole words, whatever the case
    and the white space."""
    plain = _plain(text)
    return any(
        re.search(rf"(?<!\w){re.escape(_plain(one))}(?!\w)", plain) is not None
        for one in alternatives
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _covered(place: Place, passages: Sequence[Place]) -> bool:
    """Whether every character of ``place`` lies in one of ``passages``; passages are cut at
    white space, so a gap of it does not count."""
    return _share(place, passages) == 1


def _share(place: Place, over: Sequence[Place]) -> float:
    """Share of the characters of ``place``, white space aside, that ``over`` covers."""
    own = _characters([place])
    return len(own & _characters(over, within=place)) / len(own) if own else 0.0


def _precision(citations: Sequence[Place], gold: Sequence[Place]) -> float:
    cited = _characters(citations)
    inside = {
        (document, at)
        for document, at in cited
        if any(one.document == document and one.start <= at < one.end for one in gold)
    }
    return len(inside) / len(cited) if cited else 0.0


def _characters(places: Sequence[Place], within: Place | None = None) -> set[tuple[str, int]]:
    """Document and offset of every character that is not white space.

    ``within`` gives the text, for places that carry none, and bounds what is looked at.
    """
    found: set[tuple[str, int]] = set()
    for one in places:
        source = within or one
        if one.document != source.document:
            continue
        first, last = max(one.start, source.start), min(one.end, source.end)
        text = source.text[first - source.start : max(0, last - source.start)]
        found.update((one.document, first + at) for at, c in enumerate(text) if not c.isspace())
    return found


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)


def exact(text: str, answer: str) -> float:
    """Exact match as SQuAD's own script has it: 1 or 0, after normalising both."""
    return float(_normalised(text) == _normalised(answer))


def overlap_f1(text: str, answer: str) -> float:
    """F1 over words as SQuAD's own script has it (Rajpurkar et al., 2016)."""
    said, sought = _normalised(text).split(), _normalised(answer).split()
    common = sum((Counter(said) & Counter(sought)).values())
    if not said or not sought or not common:
        return float(said == sought)
    precision, recall = common / len(said), common / len(sought)
    return 2 * precision * recall / (precision + recall)


def _normalised(text: str) -> str:
    """Lower case, without punctuation (ASCII), articles and superfluous white space."""
    bare = "".join(letter for letter in text.lower() if letter not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", bare).split())
