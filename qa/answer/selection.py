"""Chooses the fewest quotes that answer: one where one suffices, more only where they match of
the question what the first does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from index.projection import Floats
from qa.answer.coverage import Coverage
from qa.answer.quotes import Quote
from qa.ranking.retrieve import Ranking
from qa.ranking.sentences import Candidate
from qa.tuning import SelectionTuning


@dataclass(frozen=True, eq=False, slots=True)
class Choice:
    """What is quoted, and what could have been."""

    quotes: list[Quote]
    """Best first, one at least."""
    pool: list[Quote]
    """Everything that could be quoted, best first, as the reader left it."""

    @property
    def quoted(self) -> list[Candidate]:
        """The sentences of all quotes."""
        return [one for quote in self.quotes for one in quote.run]

    @property
    def best(self) -> Quote:
        """The first quote."""
        return self.pool[0]

    @property
    def others(self) -> list[Quote]:
        """Those of the pool whose sentence is in no quote."""
        inside = {one.key for one in self.quoted}
        return [one for one in self.pool if one.sentence.key not in inside]


@dataclass(frozen=True, slots=True)
class Rival:
    """A quote that says something else than another in nearly the same words."""

    quote: Quote
    of: Quote


def rivals(
    choice: Choice,
    coverage: Callable[[Quote], Coverage],
    whether: bool,
    tuning: SelectionTuning,
) -> list[Rival]:
    """The rivals of what ``choice`` quotes, best first, that the question does not tell from it:
    where documents differ, each is an answer. ``whether``: it asks for a yes or a no."""
    found: list[Rival] = []
    known = [*choice.quotes]
    for one in choice.pool:
        of = next((two for two in choice.quotes if one.rivals(two, tuning)), None)
        if of is None or any(one.overlaps(two) or one.echoes(two) for two in known):
            continue
        if coverage(of).rivalled_by(coverage(one), whether):
            found.append(Rival(one, of))
            known.append(one)
    return found


def settle(choice: Choice, rivals: list[Rival], tuning: SelectionTuning) -> list[Quote]:
    """What is quoted in the end: of ``choice`` what speaks of the identifiers asked for, if the
    best quote does, and as many of ``rivals`` after it as may be quoted."""
    about = choice.best.sentence.answers_for
    kept = [one for one in choice.quotes if one.sentence.answers_for or not about]
    room = max(0, tuning.most_quotes - len(kept))
    return [*kept, *(one.quote for one in rivals if one.of in kept)][: len(kept) + room]


def choose(
    ranking: Ranking, pool: list[Quote], tuning: SelectionTuning, about: bool = False
) -> Choice:
    """Choose what to quote of ``pool``, at least one quote, the best first. ``about``: what is
    asked for is all that is telling of a thing, from several passages and documents."""
    if about:
        return Choice(_telling(pool, tuning), pool)
    best = pool[0]
    chosen, covered = [best], _matched(best)
    for one in pool[1:]:
        if len(chosen) == tuning.most_quotes or one.score < tuning.least_share * best.score:
            break
        if best.logit is not None and (one.logit is None or one.logit < tuning.least_logit):
            continue
        gain = float(ranking.weights @ np.maximum(one.sentence.per_token - covered, 0))
        if gain < tuning.least_gain or any(
            one.overlaps(other) or one.echoes(other) for other in chosen
        ):
            continue
        if sum(quote.end - quote.start for quote in [*chosen, one]) > tuning.most_characters:
            continue
        chosen.append(one)
        covered = np.maximum(covered, _matched(one))
    return Choice(chosen, pool)


def _telling(pool: list[Quote], tuning: SelectionTuning) -> list[Quote]:
    """The best of ``pool``, one of each passage, those of a document together."""
    best = pool[0]
    chosen = [best]
    for one in pool[1:]:
        if len(chosen) == tuning.most_about or one.score < tuning.least_share * best.score:
            break
        if best.logit is not None and (one.logit is None or one.logit < tuning.about_logit):
            continue
        if any(one.sentence.passage.row == two.sentence.passage.row for two in chosen):
            continue
        if any(one.overlaps(two) or one.echoes(two) for two in chosen):
            continue
        if sum(two.end - two.start for two in [*chosen, one]) <= tuning.most_about_characters:
            chosen.append(one)
    order = [*dict.fromkeys(one.document for one in chosen)]
    return sorted(chosen, key=lambda one: order.index(one.document))


def _matched(quote: Quote) -> Floats:
    """How well each token of the question is matched in ``quote``, (query tokens,)."""
    matched: Floats = np.maximum.reduce([one.per_token for one in quote.run])
    return matched
