"""What routes share: the answerer that is live, and the problems that they may give."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request

from index.database import DocumentEntry
from qa.errors import UnknownDocument
from qa.pipeline import Answerer
from qa.service.live import Live
from qa.service.schemas import Problem

Responses = dict[int | str, dict[str, Any]]


def problem(status: int, description: str) -> Responses:
    """What the OpenAPI document says of a problem with a status."""
    return {status: {"model": Problem, "description": description}}


NOT_READY = problem(503, "No index is loaded, or not yet.")
INVALID = problem(422, "A field is not as it must be; `errors` says which.")
UNKNOWN = problem(404, "The collection has no such document.")
BODY = {
    **problem(400, "The request body cannot be read as JSON in UTF-8."),
    **problem(413, "The request body is over the limit."),
}
NOT_STORED = problem(507, "There is no room for it.")


async def _answerer(request: Request) -> Answerer:
    live: Live = request.app.state.live
    return live.answerer()


Ready = Annotated[Answerer, Depends(_answerer)]
"""The answerer that is live when the request comes; ``NotReady`` where there is none."""


def entry_of(answerer: Answerer, id: str) -> DocumentEntry:
    """A document by its id. Raises ``UnknownDocument``."""
    entry = answerer.generation.database.document(id)
    if entry is None:
        raise UnknownDocument(id)
    return entry
