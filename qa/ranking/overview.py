"""Which sentences tell best what a document is about, where nothing but that is asked.

"What does resolution 1325 cover" shares no word with what that resolution says, so MaxSim has
nothing to go by. A document that is numbered says what it does in its numbered paragraphs, or in
items, the chief thing first; so the first that does more than acknowledge something is proposed,
then the next. Of any other document the central sentences are: those whose tokens, weighted by
rarity, point the way that those of the whole document do (centroid-based summarisation: Radev et
al., 2004).
"""

from __future__ import annotations

import numpy as np

from index import domains
from index.database import PassageEntry
from index.generation import Generation
from index.projection import Floats
from index.records import SentenceFlag
from qa.tuning import OverviewTuning


def worth(
    passages: list[PassageEntry], generation: Generation, tuning: OverviewTuning
) -> dict[tuple[int, int], float]:
    """How well each sentence of ``passages``, in their order, tells what its document is about,
    by row and number: 0 to 1 by centrality, up to 2 for the paragraphs that say what it does."""
    found = _centrality(passages, generation)
    item = tuning.first_item
    documents = {one.document.id for one in passages}
    numbered = {id: _numbered(id, generation) for id in documents}
    for passage in passages:
        starts = numbered[passage.document.id]
        for number, one in enumerate(generation.tokens.spans(passage.row)):
            text = passage.text[one.start - passage.start : one.end - passage.start]
            listed = one.flags & SentenceFlag.ITEM and one.flags & SentenceFlag.OPENS_BLOCK
            opens = one.start in starts if starts else listed
            if item > 1 and opens and not _acknowledges(passage, text):
                found[passage.row, number] = item
                item -= tuning.item_step
    return found


def _numbered(document: str, generation: Generation) -> set[int]:
    """Where the numbered paragraphs of a document begin, but for parts of others."""
    found: set[int] = set()
    end = 0
    for one in generation.database.paragraphs_of(document):
        if one.start >= end:
            found.add(one.start)
            end = one.end
    return found


def _acknowledges(passage: PassageEntry, item: str) -> bool:
    """Whether an item only takes note of something."""
    return domains.named(passage.document.domain).acknowledges.match(item) is not None


def _centrality(
    passages: list[PassageEntry], generation: Generation
) -> dict[tuple[int, int], float]:
    """How central each sentence of ``passages`` is to them all, by row and number: 1 for the most
    central, 0 for the least."""
    keys: list[tuple[int, int]] = []
    vectors: list[Floats] = []
    for passage in passages:
        tokens = generation.tokens.passage(passage.row)
        weights = generation.tokens.weights(tokens.ids) * tokens.scales
        weighed = tokens.codes * weights[:, None]
        for number, row in enumerate(tokens.sentences):
            keys.append((passage.row, number))
            vectors.append(weighed[int(row[3]) : int(row[4])].sum(axis=0))
    sums = np.array(vectors, dtype=np.float32)
    lengths = np.linalg.norm(sums, axis=1)
    directions = sums / np.maximum(lengths, 1e-9)[:, None]
    # A long sentence says more of its document than a short one, though not in proportion.
    centre = directions.T @ np.log1p(lengths / max(float(lengths.mean()), 1e-9))
    similar = directions @ (centre / max(float(np.linalg.norm(centre)), 1e-9))
    low, high = float(similar.min()), float(similar.max())
    scale = max(high - low, 1e-9)
    return {key: float(one - low) / scale for key, one in zip(keys, similar, strict=True)}
