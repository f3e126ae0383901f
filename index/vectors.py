"""What an encoder makes of a question and of a passage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.projection import Floats

Ids = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False, slots=True)
class QueryVectors:
    """A question as the rankers need it."""

    dense: Floats
    """(dense dimensions,), length 1."""
    tokens: Floats
    """(query tokens, token dimensions), each row of length 1."""
    token_ids: Ids
    """(query tokens,): entries of the vocabulary, for their weights."""


@dataclass(frozen=True, eq=False, slots=True)
class PassageVectors:
    """A passage as the index keeps it."""

    dense: Floats
    tokens: Floats
    token_ids: Ids
    offsets: npt.NDArray[np.int32]
    """(tokens, 2): the characters of the passage that each token covers. Tokens of the
    context and of the model's own have start and end -1."""
